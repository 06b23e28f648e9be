//! STS calls through aws-sdk-sts.

use aws_sdk_sts::Client;
use aws_sdk_sts::types::Tag;
use matrix::call::{ApiCall, CallError};
use serde_json::{Value, json};

use super::input::Input;
use super::reply::{Reply, reply};
use super::{Unsent, build};

pub(super) async fn send(client: &Client, call: &ApiCall) -> Result<Reply, Unsent> {
    let input = Input(&call.input);
    Ok(match call.operation {
        "GetCallerIdentity" => reply(
            client.get_caller_identity().send().await,
            |out| json!({"Arn": out.arn, "Account": out.account, "UserId": out.user_id}),
        ),
        "AssumeRole" => {
            let tags = input.parts("Tags").map(tag).collect::<Result<Vec<_>, _>>()?;
            let sent = client
                .assume_role()
                .set_role_arn(input.text("RoleArn"))
                .set_role_session_name(input.text("RoleSessionName"))
                .set_policy(input.text("Policy"))
                .set_tags((!tags.is_empty()).then_some(tags))
                .set_transitive_tag_keys(input.texts("TransitiveTagKeys"))
                .set_external_id(input.text("ExternalId"))
                .set_source_identity(input.text("SourceIdentity"))
                .set_duration_seconds(input.number("DurationSeconds"))
                .send()
                .await;
            reply(sent, |out| json!({"Credentials": out.credentials.map(credentials)}))
        }
        _ => return Err(Unsent::NoBuilder),
    })
}

fn tag(input: Input<'_>) -> Result<Tag, CallError> {
    build(Tag::builder().set_key(input.text("Key")).set_value(input.text("Value")).build())
}

fn credentials(keys: aws_sdk_sts::types::Credentials) -> Value {
    json!({
        "AccessKeyId": keys.access_key_id,
        "SecretAccessKey": keys.secret_access_key,
        "SessionToken": keys.session_token,
    })
}
