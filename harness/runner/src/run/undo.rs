//! What was made on an emulator, and what deletes it again.

use std::sync::{Mutex, PoisonError};

use account::operation::{Member, Origin, Unless};
use matrix::call::{ApiCall, CallError, Obstacle};
use serde_json::{Map, Value, json};

use super::patience;
use crate::client::Client;
use crate::error::Note;

/// What was made, the first first, each with the account that it was made in.
#[derive(Default)]
pub(super) struct Made(Mutex<Vec<(String, Undo)>>);

impl Made {
    /// Remembers what a call has made.
    pub(super) fn record(&self, account: &str, call: &ApiCall, answer: &Value) {
        let made = undo(call, answer).into_iter().map(|undo| (account.to_owned(), undo));
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(made);
    }

    /// Leaves what was made first where it is.
    pub(super) fn keep_first(&self) {
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !made.is_empty() {
            made.remove(0);
        }
    }

    /// Deletes all of it, the last first, and gives what could not be deleted. What was gone already is no matter.
    pub(super) async fn clear(&self, root: impl Fn(&str) -> Client) -> Vec<Note> {
        let mut left = Vec::new();
        loop {
            let last = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some((account, undo)) = last else { return left };
            let root = root(&account);
            let (what, undone) = match &undo {
                Undo::Call(call) => (call.name(), deleted(&root, call).await),
                Undo::Bucket(name) => (format!("bucket {name}"), emptied(&root, name).await),
            };
            if let Err(error) = undone {
                left.push(Note::NotDeleted { what, why: error.told() });
                if matches!(error, CallError::NoAnswer(_)) {
                    self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
                }
            }
        }
    }
}

/// Refuses a bucket that is there already: it is somebody's. To make it again would be no error in us-east-1, but to
/// delete it would.
pub(super) async fn is_free(root: &Client, call: &ApiCall) -> Result<(), CallError> {
    let Some(bucket) = call.input["Bucket"].as_str().filter(|_| call.operation == "CreateBucket") else {
        return Ok(());
    };
    let head = ApiCall::new("s3", "HeadBucket", json!({"Bucket": bucket}));
    match root.send(&head).await.result {
        Ok(_) => Err(Obstacle::BucketAlreadyExists { bucket: bucket.to_owned() }.into()),
        Err(error @ CallError::NoAnswer(_)) => Err(error),
        Err(_) => Ok(()),
    }
}

/// Makes a call that deletes something. What is gone already is no matter.
pub(crate) async fn deleted(root: &Client, call: &ApiCall) -> Result<(), CallError> {
    match patience::sent(root, call, patience::is_busy).await {
        Err(CallError::Refused(refusal)) if refusal.status == 404 || refusal.code.starts_with("NoSuch") => Ok(()),
        Err(error) => Err(error),
        Ok(_) => Ok(()),
    }
}

/// Deletes a bucket with all that is in it.
///
/// A bucket's own policy may keep even the root user out, but not from deleting the policy.
/// docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html
pub(crate) async fn emptied(root: &Client, bucket: &str) -> Result<(), CallError> {
    let of = |operation| ApiCall::new("s3", operation, json!({"Bucket": bucket}));
    deleted(root, &of("DeleteBucketPolicy")).await?;
    // One answer lists up to a thousand.
    loop {
        let listed = match root.send(&of("ListObjectVersions")).await.result {
            Ok(listed) => listed,
            Err(_) => root.send(&of("ListObjectsV2")).await.result?,
        };
        let objects = listed.as_array().map(Vec::as_slice).unwrap_or_default();
        if objects.is_empty() {
            return deleted(root, &of("DeleteBucket")).await;
        }
        for object in objects {
            let mut input = object.clone();
            input["Bucket"] = json!(bucket);
            // An object that is in no version has this for its id.
            if input["VersionId"] == "null" {
                input["VersionId"] = Value::Null;
            }
            root.send(&ApiCall::new("s3", "DeleteObject", input)).await.result?;
        }
    }
}

/// How something is deleted.
#[derive(Debug, PartialEq)]
enum Undo {
    /// By a call.
    Call(ApiCall),
    /// A bucket with all that is in it.
    Bucket(String),
}

/// What undoes a call, given its answer, as the row of its operation says. Undone in reverse order, each finds what it
/// needs gone already.
fn undo(call: &ApiCall, answer: &Value) -> Vec<Undo> {
    let Some(undo) = services::operation(call.service, call.operation).and_then(|operation| operation.undo) else {
        return Vec::new();
    };
    let kept = |unless: Unless| call.input.get(unless.member).is_none_or(|value| value == unless.is);
    if undo.unless.is_some_and(kept) {
        return Vec::new();
    }
    let made = match undo.each {
        Some(list) => answer[list].as_array().map(Vec::as_slice).unwrap_or_default(),
        None => std::slice::from_ref(answer),
    };
    let by = |made: &Value| {
        let value = |member: &Member| match member.from {
            Origin::Input(name) => call.input.get(name).cloned(),
            Origin::Answer(place) => made.pointer(place).cloned(),
        };
        let input: Map<_, _> =
            undo.members.iter().filter_map(|member| Some((member.name.to_owned(), value(member)?))).collect();
        match input.get("Bucket").and_then(Value::as_str) {
            Some(bucket) if undo.operation == "DeleteBucket" => Undo::Bucket(bucket.to_owned()),
            _ => Undo::Call(ApiCall::new(call.service, undo.operation, Value::Object(input))),
        }
    };
    made.iter().map(by).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_a_set_up_makes_is_deleted_by_what_names_it() {
        let check = |service: &'static str, operation, input: Value, answer: Value, undone: &str| {
            let told: Vec<String> = undo(&ApiCall::new(service, operation, input), &answer)
                .into_iter()
                .map(|undo| match undo {
                    Undo::Call(call) => format!("{} {}", call.name(), call.input),
                    Undo::Bucket(name) => format!("bucket {name}"),
                })
                .collect();
            assert_eq!(told.join("; "), undone);
        };
        let nothing = || Value::Null;
        check("s3", "CreateBucket", json!({"Bucket": "b"}), nothing(), "bucket b");
        check("s3", "PutObject", json!({"Bucket": "b", "Key": "k"}), nothing(), "");
        let role = json!({"RoleName": "r", "AssumeRolePolicyDocument": "{}"});
        check("iam", "CreateRole", role, nothing(), r#"iam:DeleteRole {"RoleName":"r"}"#);
        let policy = json!({"RoleName": "r", "PolicyName": "p", "PolicyDocument": "{}"});
        let expected = r#"iam:DeleteRolePolicy {"RoleName":"r","PolicyName":"p"}"#;
        check("iam", "PutRolePolicy", policy, nothing(), expected);
        let answer = json!({"AccessKey": {"AccessKeyId": "AKIA", "SecretAccessKey": "s"}});
        let expected = r#"iam:DeleteAccessKey {"UserName":"u","AccessKeyId":"AKIA"}"#;
        check("iam", "CreateAccessKey", json!({"UserName": "u"}), answer, expected);
        let answer = json!({"tasks": [{"taskArn": "t1"}, {"taskArn": "t2"}]});
        let expected = r#"ecs:StopTask {"task":"t1"}; ecs:StopTask {"task":"t2"}"#;
        check("ecs", "RunTask", json!({"taskDefinition": "d"}), answer.clone(), expected);
        check("ecs", "StartTask", json!({"taskDefinition": "d", "containerInstances": ["i"]}), answer, expected);
        check("ecs", "CreateCluster", json!({"clusterName": "default"}), nothing(), "");
        let expected = r#"ecs:DeleteCluster {"cluster":"c"}"#;
        check("ecs", "CreateCluster", json!({"clusterName": "c"}), nothing(), expected);
    }
}
