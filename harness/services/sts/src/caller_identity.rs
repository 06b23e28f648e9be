//! Who am I, and whose key is this?

use account::input::Breaches;
use account::{Call, CallerIdentity, Check, Fault, World, input};
use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::validation;

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
    let CallerIdentity { user_id, arn } = world.caller_identity(&call.identity)?;
    Ok(json!({ "UserId": user_id, "Account": account, "Arn": arn }))
}

pub(super) fn get_access_key_info(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let input: KeyInput = input::read(input, "ValidationError")?;
    let mut breaches = Breaches::showing_values();
    let key = breaches.required(input.access_key_id, "accessKeyId");
    breaches.length(&key, "accessKeyId", 16, 128);
    breaches.finish()?;
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
    let mut breaches = Breaches::showing_values();
    let message = breaches.required(input.encoded_message, "encodedMessage");
    breaches.length(&message, "encodedMessage", 1, 10_240);
    breaches.finish()?;
    world.authorize(call, Check::new("sts:DecodeAuthorizationMessage", "*"))?;
    Err(Fault::new(400, "InvalidAuthorizationMessageException", "Message is not valid"))
}
