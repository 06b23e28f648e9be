//! Keys as calls give them out.

use serde_json::{Value, json};

use super::{Broken, Carrier, broken};
use crate::call::{ApiCall, CallError, Obstacle};
use crate::directory::User;
use crate::prepared::{Start, Trial};

/// One long-term key for each user that takes part, made by the root user. A user can have no more than two.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
pub(super) async fn users<C: Carrier>(
    carrier: &C,
    trial: &Trial,
    idle: &[Option<String>],
) -> Result<Vec<(User, C::Keys)>, Broken> {
    let callers = trial.starts.iter().zip(idle).filter_map(|(start, idle)| match (start, idle) {
        (Start::User(user), None) => Some(user),
        _ => None,
    });
    let mut made: Vec<(User, C::Keys)> = Vec::new();
    let broker = trial.broker.as_ref().map(|broker| &broker.user);
    for user in callers.chain(&trial.launcher).chain(broker).chain(trial.hands.values()) {
        if made.iter().any(|(known, _)| known == user) {
            continue;
        }
        let call = ApiCall::new("iam", "CreateAccessKey", json!({"UserName": user.name}));
        let root = carrier.root(&user.account).map_err(|refusal| broken(&call, refusal))?;
        let answer = carrier.send(&root, &call).await.result.map_err(|refusal| broken(&call, refusal))?;
        let keys = read_keys(carrier, &answer["AccessKey"]).map_err(|refusal| broken(&call, refusal))?;
        made.push((user.clone(), keys));
    }
    Ok(made)
}

/// Keys as CreateAccessKey and AssumeRole give them.
///
/// # Errors
/// There are none in the answer, or nobody made them.
pub fn read_keys<C: Carrier>(carrier: &C, keys: &Value) -> Result<C::Keys, CallError> {
    let text = |name: &str| keys[name].as_str();
    match (text("AccessKeyId"), text("SecretAccessKey")) {
        (Some(id), Some(secret)) => carrier.keys(id, secret, text("SessionToken")),
        _ => Err(Obstacle::NoCredentials.into()),
    }
}
