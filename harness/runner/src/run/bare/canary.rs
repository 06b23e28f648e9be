//! Questions with known answers, asked before any other.

use matrix::call::{ApiCall, CallError};
use matrix::flow::Broken;
use matrix::{Canary, Expected, FinishedCell};
use serde_json::{Value, json};

use super::session::{BackendSession, Keys};

const NAME: &str = "tagproof-canary";

/// What each canary's user may do, beside nothing.
fn questions() -> [(&'static str, Expected, Value); 3] {
    let allow = json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": format!("arn:aws:s3:::{NAME}/*")});
    let (mut deny, mut made_up) = (allow.clone(), allow.clone());
    deny["Effect"] = json!("Deny");
    made_up["Condition"] = json!({"StringEquals": {"tagproof:MadeUp": "value"}});
    [
        ("an Allow without conditions", Expected::Allow, json!([allow])),
        ("a Deny without conditions, beside that Allow", Expected::Deny, json!([allow, deny])),
        ("an Allow under a condition on a made-up key", Expected::Deny, json!([made_up])),
    ]
}

/// Asks them, and deletes what they needed.
///
/// # Errors
/// The emulator gives no answer.
pub(super) async fn canaries(session: &BackendSession<'_>, account: &str) -> Result<Vec<Canary>, Broken> {
    let asked = ask_all(session, &session.root(account)).await;
    session.clear().await;
    asked
}

async fn ask_all(session: &BackendSession<'_>, root: &Keys) -> Result<Vec<Canary>, Broken> {
    let mut all = Vec::new();
    let ready = ready(session, root).await;
    for (what, expected, statements) in questions() {
        let asked = match &ready {
            Ok(keys) => ask(session, root, keys, &statements).await,
            Err(refused) => Err(refused.clone()),
        };
        let outcome = match asked {
            Ok(finished) => finished.outcome,
            Err((call, error @ (CallError::Refused(_) | CallError::Obstacle(_)))) => {
                FinishedCell::not_set_up(&call.name(), &error).outcome
            }
            Err((call, error)) => return Err(Broken { call: call.name(), error }),
        };
        all.push(Canary { what, expected, outcome });
    }
    Ok(all)
}

type Refused = (ApiCall, CallError);

async fn sent(session: &BackendSession<'_>, keys: &Keys, call: ApiCall) -> Result<Value, Refused> {
    session.send(keys, &call).await.map_err(|refusal| (call, refusal))
}

/// A bucket with an object, and a user.
async fn ready(session: &BackendSession<'_>, root: &Keys) -> Result<Keys, Refused> {
    sent(session, root, ApiCall::new("s3", "CreateBucket", json!({"Bucket": NAME}))).await?;
    sent(session, root, ApiCall::new("s3", "PutObject", json!({"Bucket": NAME, "Key": NAME})).body(NAME)).await?;
    sent(session, root, ApiCall::new("iam", "CreateUser", json!({"UserName": NAME}))).await?;
    let made = sent(session, root, ApiCall::new("iam", "CreateAccessKey", json!({"UserName": NAME}))).await?;
    let text = |member: &str| made["AccessKey"][member].as_str().unwrap_or_default();
    Ok(session.keys(text("AccessKeyId"), text("SecretAccessKey"), None))
}

async fn ask(
    session: &BackendSession<'_>,
    root: &Keys,
    keys: &Keys,
    statements: &Value,
) -> Result<FinishedCell, Refused> {
    let document = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
    let input = json!({"UserName": NAME, "PolicyName": NAME, "PolicyDocument": document});
    let put = ApiCall::new("iam", "PutUserPolicy", input);
    sent(session, root, put.clone()).await?;
    session.settle(std::slice::from_ref(keys)).await.map_err(|refusal| (put, refusal))?;
    let get = ApiCall::new("s3", "GetObject", json!({"Bucket": NAME, "Key": NAME}));
    match session.send(keys, &get).await {
        Ok(answer) => Ok(FinishedCell::of(&session.emulator.label, &get, Ok(answer), Vec::new())),
        Err(CallError::Refused(refusal)) => {
            Ok(FinishedCell::of(&session.emulator.label, &get, Err(refusal), Vec::new()))
        }
        Err(error) => Err((get, error)),
    }
}
