//! AssumeRole. docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html

use account::input::Breaches;
use account::{Call, Check, Fault, Session, SessionKind, World, input};
use policy::undocumented::Case;
use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::{self, access_denied, is_of_word_or, validation};
use super::policies::{self, PolicyDescriptor};
use super::session_tags::{self, SessionTags, Tag};
use super::{Issued, Role};

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Input {
    role_arn: Option<String>,
    role_session_name: Option<String>,
    policy_arns: Vec<PolicyDescriptor>,
    policy: Option<String>,
    #[serde(deserialize_with = "input::number")]
    duration_seconds: Option<i64>,
    tags: Vec<Tag>,
    transitive_tag_keys: Vec<String>,
    external_id: Option<String>,
    serial_number: Option<String>,
    token_code: Option<String>,
    source_identity: Option<String>,
}

/// One hour, unless asked for otherwise; also all that role chaining gives.
const HOUR: i64 = 3600;

pub(super) fn assume_role(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let mut input: Input = input::read(input, "ValidationError")?;
    let (role_arn, session_name) = check(&mut input)?;
    refuse_mfa(&input)?;
    let role = Role::find(world, &role_arn).ok_or_else(|| match world.caller_identity(&call.identity) {
        Ok(caller) => fault::no_such_role(&caller.arn, &role_arn),
        Err(fault) => fault,
    })?;
    let tags = std::mem::take(&mut input.tags);
    let transitive = std::mem::take(&mut input.transitive_tag_keys);
    let tags = SessionTags::new(&tags, transitive, call.identity.session())?;
    let source_identity = source_identity(world, call, &role, input.source_identity.take())?;
    let request =
        Request { role: &role, session_name: &session_name, tags: &tags, source_identity: source_identity.as_deref() };
    request.authorize(world, call, input.external_id.as_deref())?;
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

/// What the model tells of the parameters, then whether the ARN is one of a role.
fn check(input: &mut Input) -> Result<(String, String), Fault> {
    let mut breaches = Breaches::showing_values();
    let role_arn = breaches.required(input.role_arn.take(), "roleArn");
    let name = breaches.required(input.role_session_name.take(), "roleSessionName");
    breaches.length(&role_arn, "roleArn", 20, 2048);
    breaches.length(&name, "roleSessionName", 2, 64);
    breaches.pattern(&name, "roleSessionName", r"[\w+=,.@-]*", is_of_word_or(&name, "+=,.@-"));
    breaches.range(input.duration_seconds, "durationSeconds", 900, 43_200);
    if let Some(id) = &input.external_id {
        breaches.length(id, "externalId", 2, 1224);
        breaches.pattern(id, "externalId", r"[\w+=,.@:\/-]*", is_of_word_or(id, "+=,.@:/-"));
    }
    if let Some(source_identity) = &input.source_identity {
        breaches.length(source_identity, "sourceIdentity", 2, 64);
        breaches.pattern(source_identity, "sourceIdentity", r"[\w+=,.@-]*", is_of_word_or(source_identity, "+=,.@-"));
    }
    policies::check(&mut breaches, input.policy.as_deref(), &input.policy_arns);
    session_tags::check(&mut breaches, &input.tags, &input.transitive_tag_keys);
    breaches.finish()?;
    match policy::arn::Arn::parse(&role_arn) {
        Some(arn) if arn.partition.is_empty() || arn.service.is_empty() || arn.resource.is_empty() => {
            Err(validation(format!("{role_arn} is invalid")))
        }
        Some(arn) if arn.service == "iam" && arn.resource.starts_with("role/") => Ok((role_arn, name)),
        Some(_) => Err(validation("Request ARN is invalid")),
        None => Err(validation(format!("{role_arn} is invalid"))),
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
    session_name: &'a str,
    tags: &'a SessionTags,
    source_identity: Option<&'a str>,
}

impl Request<'_> {
    /// The role's trust policy has to allow the assumption itself, the tags, and the source identity, each for itself.
    ///
    /// A session with transitive tags or a source identity needs the latter two also when this request passes none:
    /// they become the new session's. (Seen on AWS with EKS Pod Identity's transitive tags, and documented for source
    /// identities under "Permissions required to set source identity".)
    fn authorize(&self, world: &World, call: &mut Call<'_>, external_id: Option<&str>) -> Result<(), Fault> {
        let mut assume = self.check("sts:AssumeRole").key("sts:RoleSessionName", self.session_name);
        if let Some(id) = external_id {
            assume = assume.key("sts:ExternalId", id);
        }
        world.authorize(call, assume)?;
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
