//! What a simulation's caller hands over beside the policies.

use std::net::IpAddr;

use account::Fault;
use jiff::Timestamp;
use jiff::civil::Date;
use policy::arn::Arn;
use policy::{Context, Principal};
use serde_json::Value;

use super::super::call::IamCall;
use super::super::fault;

/// The requests to simulate, and the surroundings.
pub(super) struct Given {
    pub(super) actions: Vec<String>,
    pub(super) resources: Vec<String>,
    pub(super) context: Context,
    pub(super) boundary: Option<String>,
    pub(super) resource_policy: Option<String>,
    /// The account of resources whose ARN names none.
    pub(super) owner: Option<String>,
    pub(super) caller: Principal,
}

impl Given {
    /// Reads the input.
    pub(super) fn read(op: &IamCall<'_, '_, '_>) -> Result<Self, Fault> {
        let actions = op.some_texts("ActionNames")?;
        let resources = op.texts("ResourceArns");
        let boundaries = op.texts("PermissionsBoundaryPolicyInputList");
        let resource_policy = op.optional("ResourcePolicy");
        let owner = op.optional("ResourceOwner");
        let caller = op.optional("CallerArn");
        let entries = op.list("ContextEntries");

        refuse(&actions, |action| !is_action(action), "Invalid action")?;
        refuse(&resources, |resource| resource != "*" && Arn::parse(resource).is_none(), "Invalid resource ARN")?;
        if boundaries.len() > 1 {
            return Err(fault::invalid_input("PermissionsBoundaryPolicyInputList can hold one policy only."));
        }
        let caller = match caller {
            Some(arn) if is_user(&arn) => Principal::User { arn },
            Some(arn) => {
                return Err(fault::invalid_input(format!("Invalid CallerArn: {arn} is not the ARN of a user.")));
            }
            None => Principal::Anonymous,
        };
        Ok(Self {
            actions,
            resources: if resources.is_empty() { vec!["*".to_owned()] } else { resources },
            context: context(entries)?,
            boundary: boundaries.into_iter().next(),
            resource_policy,
            owner: owner.map(|owner| account(&owner)).transpose()?,
            caller,
        })
    }

    /// The same with the caller that a simulation without CallerArn has. A resource's policy needs a caller to speak
    /// of, who is named, or is the user whose policies are simulated.
    pub(super) fn with_caller(mut self, default: Principal) -> Result<Self, Fault> {
        if self.caller == Principal::Anonymous {
            let named = matches!(&default, Principal::User { arn } if !arn.ends_with(":user/simulated"));
            if self.resource_policy.is_some() && !named {
                return Err(fault::invalid_input("CallerArn is required with a ResourcePolicy."));
            }
            self.caller = default;
        }
        Ok(self)
    }
}

fn refuse(texts: &[String], wrong: impl Fn(&str) -> bool, what: &str) -> Result<(), Fault> {
    let all: Vec<_> = texts.iter().map(String::as_str).filter(|text| wrong(text)).collect();
    if all.is_empty() { Ok(()) } else { Err(fault::invalid_input(format!("{what}: {}", all.join(", ")))) }
}

/// `service:Action`, without wildcards.
fn is_action(text: &str) -> bool {
    let plain = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    text.split_once(':').is_some_and(|(service, action)| plain(service) && plain(action))
}

fn is_user(arn: &str) -> bool {
    Arn::parse(arn).is_some_and(|arn| arn.service == "iam" && arn.resource.starts_with("user/"))
}

/// The account in `arn:aws:iam::111122223333:root`, or the bare number.
fn account(owner: &str) -> Result<String, Fault> {
    let number = Arn::parse(owner).map_or(owner, |arn| arn.account);
    if number.len() == 12 && number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(number.to_owned());
    }
    Err(fault::invalid_input(format!("Invalid ResourceOwner: {owner} names no account.")))
}

/// The context keys handed over, each with values of its declared type.
fn context(entries: &[Value]) -> Result<Context, Fault> {
    let mut context = Context::new();
    let mut wrong = Vec::new();
    for entry in entries {
        if let Err(text) = add(entry, &mut context) {
            wrong.push(text);
        }
    }
    if wrong.is_empty() { Ok(context) } else { Err(fault::invalid_input(wrong.join("; "))) }
}

fn add(entry: &Value, context: &mut Context) -> Result<(), String> {
    let text = |name: &str| entry.get(name).and_then(Value::as_str);
    let key = text("ContextKeyName").filter(|key| key.contains(':')).ok_or("A context entry has no ContextKeyName")?;
    let kind = text("ContextKeyType").unwrap_or("string");
    let values = entry.get("ContextKeyValues").and_then(Value::as_array).into_iter().flatten();
    let values: Vec<_> = values.filter_map(Value::as_str).collect();
    let (kind, many) = kind.strip_suffix("List").map_or((kind, false), |kind| (kind, true));
    if let Some(value) = values.iter().find(|value| !is_of(kind, value)) {
        return Err(format!("Value {value} of {key} is no {kind}"));
    }
    match (many, values.as_slice()) {
        (true, values) => context.set_many(key, values.iter().copied()),
        (false, [value]) => context.set(key, *value),
        (false, values) => return Err(format!("{key} is of type {kind} and has {} values, not one", values.len())),
    }
    Ok(())
}

fn is_of(kind: &str, value: &str) -> bool {
    match kind {
        "numeric" => value.parse::<f64>().is_ok_and(f64::is_finite),
        "boolean" => matches!(value, "true" | "false"),
        "ip" => {
            let (address, length) = value.split_once('/').unwrap_or((value, "0"));
            address.parse::<IpAddr>().is_ok() && length.parse::<u8>().is_ok_and(|length| length <= 128)
        }
        "date" => value.parse::<Timestamp>().is_ok() || value.parse::<Date>().is_ok() || value.parse::<i64>().is_ok(),
        _ => true,
    }
}
