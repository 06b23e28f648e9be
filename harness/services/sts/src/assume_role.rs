//! AssumeRole. docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html

use account::operation::{OperationRow, adds, always, depends, key};
use account::{Call, Check, Fault, Session, SessionKind, World, input};
use policy::Context;
use policy::arn::Arn;
use policy::undocumented::Case;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::fault::{self, access_denied, validation};
use super::policies::{self, PolicyDescriptor};
use super::session_tags::{SessionTags, Tag};
use super::{Issued, Role};

/// What it is. It is read here too.
#[rustfmt::skip]
pub(super) const OPERATION: OperationRow = adds("sts:AssumeRole")
    .checked_as(&[always("sts:AssumeRole"), depends("sts:TagSession"), depends("sts:SetSourceIdentity")])
    .on(&["role"], "RoleArn").passes("Tags").documents(&["Policy"])
    .keys(&[key("sts:RoleSessionName", "RoleSessionName"), key("sts:ExternalId", "ExternalId")])
    .in_scenarios(&[
        "RoleArn", "RoleSessionName", "Policy", "Tags", "TransitiveTagKeys", "ExternalId", "SourceIdentity",
        "DurationSeconds",
    ]);

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Input {
    role_arn: String,
    role_session_name: String,
    policy_arns: Vec<PolicyDescriptor>,
    policy: Option<String>,
    duration_seconds: Option<i64>,
    tags: Vec<Tag>,
    transitive_tag_keys: Vec<String>,
    serial_number: Option<String>,
    token_code: Option<String>,
    source_identity: Option<String>,
}

/// One hour, unless asked for otherwise; also all that role chaining gives.
const HOUR: i64 = 3600;

pub(super) fn assume_role(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let keys = OPERATION.keyed(Check::new("sts:AssumeRole", ""), input.as_object().unwrap_or(&Map::new())).keys;
    let input: Input = input::read(input, "ValidationError")?;
    policies::check(input.policy.as_deref(), &input.policy_arns)?;
    check_arn(&input.role_arn)?;
    refuse_mfa(&input)?;
    let found = Role::find(world, &input.role_arn);
    let is_there = found.is_some();
    let role = found.unwrap_or_else(|| Role::missing(&input.role_arn));
    let tags = SessionTags::new(&input.tags, input.transitive_tag_keys, call.identity.session())?;
    let source_identity = source_identity(world, call, &role, input.source_identity)?;
    Request { role: &role, keys, tags: &tags, source_identity: source_identity.as_deref() }.authorize(world, call)?;
    if !is_there {
        return Err(access_denied(format!("The role {} is not there.", role.arn)));
    }
    let session_name = input.role_session_name;
    let seconds = duration(call, &role, input.duration_seconds)?;
    let policies = policies::read(world, &role.account, input.policy.as_deref(), &input.policy_arns)?;
    let packed = policies::packed_size(input.policy.as_deref(), &input.policy_arns, &tags)?;
    let packs = policies.is_some() || tags.any();

    let (tags, transitive) = tags.into_session();
    let user_id = format!("{}:{session_name}", role.id);
    let arn = role.session_arn(&session_name);
    let session = Session {
        account: role.account,
        kind: SessionKind::Role { name: role.name, id: role.id, arn: role.arn },
        arn: arn.clone(),
        user_id: user_id.clone(),
        policies,
        tags,
        transitive,
        source_identity: source_identity.clone(),
        issued: call.now,
        mfa: false,
    };
    let issued = Issued::make(world, call.ids, session, seconds);
    let mut answer = json!({
        "Credentials": issued.to_json(),
        "AssumedRoleUser": { "AssumedRoleId": user_id, "Arn": arn },
    });
    if packs {
        answer["PackedPolicySize"] = json!(packed);
    }
    if let Some(source_identity) = source_identity {
        answer["SourceIdentity"] = json!(source_identity);
    }
    Ok(answer)
}

/// Whether an ARN is one of a role.
fn check_arn(arn: &str) -> Result<(), Fault> {
    match Arn::parse(arn) {
        Some(parts) if parts.partition.is_empty() || parts.service.is_empty() || parts.resource.is_empty() => {
            Err(validation(format!("{arn} is invalid")))
        }
        Some(parts) if parts.service == "iam" && parts.resource.starts_with("role/") => Ok(()),
        Some(_) => Err(validation("Request ARN is invalid")),
        None => Err(validation(format!("{arn} is invalid"))),
    }
}

/// Nobody here has an MFA device, so no code can be the right one.
fn refuse_mfa(input: &Input) -> Result<(), Fault> {
    match (&input.serial_number, &input.token_code) {
        (None, None) => Ok(()),
        (Some(_), Some(_)) => Err(access_denied(
            "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is \
             valid and associated with this user.",
        )),
        _ => Err(access_denied(
            "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.",
        )),
    }
}

/// The new session's source identity: the calling session's, which cannot be changed, else the one asked for.
/// docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
///
/// AWS documents that another value fails, not with which words.
fn source_identity(
    world: &World,
    call: &Call<'_>,
    role: &Role,
    asked: Option<String>,
) -> Result<Option<String>, Fault> {
    if asked.as_deref().is_some_and(|asked| asked.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:"))) {
        return Err(fault::invalid_parameter("The source identity must not begin with \"aws:\"."));
    }
    let Some(kept) = call.identity.session().and_then(|session| session.source_identity.clone()) else {
        return Ok(asked);
    };
    if asked.is_some_and(|asked| asked != kept) {
        let caller = world.caller_identity(&call.identity)?.arn;
        let denied =
            format!("User: {caller} is not authorized to perform: sts:SetSourceIdentity on resource: {}", role.arn);
        return Err(access_denied(denied));
    }
    Ok(Some(kept))
}

struct Request<'a> {
    role: &'a Role,
    /// Condition keys whose values stand in the input.
    keys: Context,
    tags: &'a SessionTags,
    source_identity: Option<&'a str>,
}

impl Request<'_> {
    /// The role's trust policy has to allow the assumption itself, the tags, and the source identity, each for itself.
    ///
    /// A session with transitive tags or a source identity needs the latter two also when this request passes none:
    /// they become the new session's. (Seen on AWS with EKS Pod Identity's transitive tags, and documented for source
    /// identities under "Permissions required to set source identity".)
    fn authorize(&self, world: &World, call: &mut Call<'_>) -> Result<(), Fault> {
        world.authorize(call, self.check("sts:AssumeRole"))?;
        if self.tags.any() {
            world.authorize(call, self.check("sts:TagSession"))?;
        }
        if self.source_identity.is_some() {
            world.authorize(call, self.check("sts:SetSourceIdentity"))?;
        }
        Ok(())
    }

    /// Inherited tags are not tags passed in the request: `aws:RequestTag` and `sts:TransitiveTagKeys` hold what this
    /// request passes. An inherited source identity is one that the request sets: "both the `aws:SourceIdentity` and
    /// `sts:SourceIdentity` keys are present".
    /// docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html#id_credentials_temp_control-access_monitor-chain
    fn check(&self, action: &'static str) -> Check {
        let mut check = Check::new(action, &self.role.arn)
            .owned_by(&self.role.account)
            .guarded_by(Some(self.role.trust.clone()))
            .tagged(&self.tags.over(&self.role.tags))
            .passing(&self.tags.passed);
        check.keys = self.keys.clone();
        if !self.tags.transitive.is_empty() {
            check.keys.set_many("sts:TransitiveTagKeys", self.tags.transitive.clone());
        }
        if self.tags.replace(&self.role.tags) {
            check = ["aws:ResourceTag/", "iam:ResourceTag/"]
                .into_iter()
                .fold(check, |check, key| check.leaving_open(key, Case::InheritedTagsOfRole));
        }
        match self.source_identity {
            Some(value) => check.key("sts:SourceIdentity", value),
            None => check,
        }
    }
}

/// How long the session lasts. Any temporary credentials count as a link of a chain, a user's own session included.
/// docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
fn duration(call: &Call<'_>, role: &Role, asked: Option<i64>) -> Result<i64, Fault> {
    let seconds = asked.unwrap_or(HOUR);
    if seconds > HOUR && call.identity.session().is_some() {
        let limit =
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.";
        return Err(validation(limit));
    }
    if seconds > role.max_session_duration {
        return Err(validation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role."));
    }
    Ok(seconds)
}
