//! GetFederationToken and GetSessionToken: temporary credentials of a user or of the root user.

use account::{Call, CallerIdentity, Check, Fault, Identity, Session, SessionKind, World, input};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Issued;
use super::fault::access_denied;
use super::policies::{self, PolicyDescriptor};
use super::session_tags::{SessionTags, Tag};

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct FederationInput {
    name: String,
    policy: Option<String>,
    policy_arns: Vec<PolicyDescriptor>,
    duration_seconds: Option<i64>,
    tags: Vec<Tag>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct SessionInput {
    duration_seconds: Option<i64>,
    serial_number: Option<String>,
    token_code: Option<String>,
}

/// docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
pub(super) fn get_federation_token(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let input: FederationInput = input::read(input, "ValidationError")?;
    policies::check(input.policy.as_deref(), &input.policy_arns)?;
    let name = input.name;
    let (account, user) = long_term(&call.identity)?;
    let tags = SessionTags::new(&input.tags, Vec::new(), None)?;
    let arn = format!("arn:{}:sts::{account}:federated-user/{name}", world.partition());
    let check = |action| Check::new(action, &arn).passing(&tags.passed);
    world.authorize(call, check("sts:GetFederationToken"))?;
    if tags.any() {
        world.authorize(call, check("sts:TagSession"))?;
    }
    let policies = policies::read(world, &account, input.policy.as_deref(), &input.policy_arns)?;
    let packed = policies::packed_size(input.policy.as_deref(), &input.policy_arns, &tags)?;
    let user_id = format!("{account}:{name}");
    let seconds = lasting(user.is_none(), input.duration_seconds);
    let session = Session {
        account,
        kind: SessionKind::Federated { user },
        arn: arn.clone(),
        user_id: user_id.clone(),
        policies: Some(policies.map_or_else(policies::nothing, Ok)?),
        tags: tags.into_session().0,
        transitive: Vec::new(),
        source_identity: None,
        issued: call.now,
        mfa: false,
    };
    let issued = Issued::make(world, call.ids, session, seconds);
    Ok(json!({
        "Credentials": issued.to_json(),
        "FederatedUser": { "FederatedUserId": user_id, "Arn": arn },
        "PackedPolicySize": packed,
    }))
}

/// Needs no permission and cannot be denied by a policy of the caller's.
/// docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getsessiontoken.html
pub(super) fn get_session_token(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let input: SessionInput = input::read(input, "ValidationError")?;
    if input.serial_number.is_some() || input.token_code.is_some() {
        return Err(access_denied("MultiFactorAuthentication failed with invalid MFA one time pass code. "));
    }
    let (account, user) = long_term(&call.identity)?;
    world.authorize(call, Check::new("sts:GetSessionToken", "*"))?;
    let CallerIdentity { user_id, arn } = world.caller_identity(&call.identity)?;
    let seconds = lasting(user.is_none(), input.duration_seconds);
    let session = Session {
        account,
        kind: user.map_or(SessionKind::Root, |id| SessionKind::User { id }),
        arn,
        user_id,
        policies: None,
        tags: account::Tags::default(),
        transitive: Vec::new(),
        source_identity: None,
        issued: call.now,
        mfa: false,
    };
    let issued = Issued::make(world, call.ids, session, seconds);
    Ok(json!({ "Credentials": issued.to_json() }))
}

/// The account and, unless it is the root user, the id of the user whose long-term credentials these are.
fn long_term(identity: &Identity) -> Result<(String, Option<String>), Fault> {
    match identity {
        Identity::User { account, id } => Ok((account.clone(), Some(id.clone()))),
        Identity::Root { account } => Ok((account.clone(), None)),
        Identity::Session(_) | Identity::Anonymous | Identity::Service { .. } => Err(Fault::unsigned()),
    }
}

/// Twelve hours, unless asked for otherwise. The root user's sessions end after an hour, however long was asked for.
fn lasting(root: bool, asked: Option<i64>) -> i64 {
    if root { asked.unwrap_or(3600).min(3600) } else { asked.unwrap_or(43_200) }
}
