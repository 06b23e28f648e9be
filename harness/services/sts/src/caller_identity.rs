//! Who am I, and whose key is this?

use account::{Call, CallerIdentity, Check, Fault, World, input};
use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::validation;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct KeyInput {
    access_key_id: String,
}

/// Needs no permission: the answer stands in every access-denied message anyway.
/// docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
pub(super) fn get_caller_identity(world: &mut World, call: &mut Call<'_>, _: Value) -> Result<Value, Fault> {
    let account = call.identity.account().ok_or_else(Fault::unsigned)?.to_owned();
    world.authorize(call, Check::new("sts:GetCallerIdentity", "*"))?;
    let CallerIdentity { user_id, arn } = world.caller_identity(&call.identity)?;
    Ok(json!({ "UserId": user_id, "Account": account, "Arn": arn }))
}

pub(super) fn get_access_key_info(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let input: KeyInput = input::read(input, "ValidationError")?;
    world.authorize(call, Check::new("sts:GetAccessKeyInfo", "*"))?;
    let account = world.credentials().get(&input.access_key_id).and_then(|credential| credential.identity.account());
    let account = account.ok_or_else(|| validation("The specified access key id does not exist"))?;
    Ok(json!({ "Account": account }))
}

/// Only services that return an encoded message have any to decode; none here does.
/// docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
pub(super) fn decode_authorization_message(world: &mut World, call: &mut Call<'_>, _: Value) -> Result<Value, Fault> {
    world.authorize(call, Check::new("sts:DecodeAuthorizationMessage", "*"))?;
    Err(Fault::new(400, "InvalidAuthorizationMessageException", "Message is not valid"))
}
