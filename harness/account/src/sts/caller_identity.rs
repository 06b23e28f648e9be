//! Who am I, and whose key is this?

use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::{Constraints, validation};
use crate::{Call, Check, Fault, Identity, SessionKind, World, input};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[derive(Default)]
struct KeyInput {
    access_key_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[derive(Default)]
struct MessageInput {
    encoded_message: Option<String>,
}

/// Needs no permission: the answer stands in every access-denied message anyway.
/// docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
pub(super) fn get_caller_identity(world: &mut World, call: &mut Call<'_>, _: Value) -> Result<Value, Fault> {
    let account = call.identity.account().ok_or_else(Fault::unsigned)?.to_owned();
    world.authorize(call, Check::new("sts:GetCallerIdentity", "*"))?;
    let (user_id, arn) = who(world, &call.identity)?;
    Ok(json!({ "UserId": user_id, "Account": account, "Arn": arn }))
}

/// The caller's unique id and ARN, as access-denied messages show it.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
pub(crate) fn who(world: &World, identity: &Identity) -> Result<(String, String), Fault> {
    match identity {
        Identity::Root { account } => Ok((account.clone(), format!("arn:aws:iam::{account}:root"))),
        Identity::User { account, name } => user(world, account, name),
        Identity::Session(session) => match &session.kind {
            SessionKind::User { name } => user(world, &session.account, name),
            SessionKind::Role { name, id, .. } => {
                let role = world.account(&session.account).and_then(|it| it.iam.attached_to_role(&it.id, name));
                role.filter(|role| role.id == id).ok_or_else(Fault::unsigned)?;
                Ok((session.user_id.clone(), session.arn.clone()))
            }
            SessionKind::Root | SessionKind::Federated { .. } => Ok((session.user_id.clone(), session.arn.clone())),
        },
        Identity::Anonymous | Identity::Service { .. } => Err(Fault::unsigned()),
    }
}

fn user(world: &World, account: &str, name: &str) -> Result<(String, String), Fault> {
    let user = world.account(account).and_then(|it| it.iam.attached_to_user(&it.id, name));
    user.map(|user| (user.id.to_owned(), user.arn)).ok_or_else(Fault::unsigned)
}

pub(super) fn get_access_key_info(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let input: KeyInput = input::read(input, "ValidationError")?;
    let mut constraints = Constraints::default();
    let key = constraints.required(input.access_key_id, "accessKeyId");
    constraints.length(&key, "accessKeyId", 16, 128);
    constraints.finish()?;
    world.authorize(call, Check::new("sts:GetAccessKeyInfo", "*"))?;
    let account = world.credential(&key).and_then(|credential| credential.identity.account());
    let account = account.ok_or_else(|| validation("The specified access key id does not exist"))?;
    Ok(json!({ "Account": account }))
}

/// Only services that return an encoded message have any to decode; none here does.
/// docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
pub(super) fn decode_authorization_message(
    world: &mut World,
    call: &mut Call<'_>,
    input: Value,
) -> Result<Value, Fault> {
    let input: MessageInput = input::read(input, "ValidationError")?;
    let mut constraints = Constraints::default();
    let message = constraints.required(input.encoded_message, "encodedMessage");
    constraints.length(&message, "encodedMessage", 1, 10_240);
    constraints.finish()?;
    world.authorize(call, Check::new("sts:DecodeAuthorizationMessage", "*"))?;
    Err(Fault::new(400, "InvalidAuthorizationMessageException", "Message is not valid"))
}
