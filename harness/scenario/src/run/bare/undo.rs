//! What deletes again what a call has made.

use serde_json::{Value, json};

use crate::api::ApiCall;

/// How something is deleted.
#[derive(Debug, PartialEq)]
pub(super) enum Undo {
    /// By a call.
    Call(ApiCall),
    /// A bucket with all that is in it.
    Bucket(String),
}

/// What undoes a call, given its answer. Undone in reverse order, each finds what it needs gone already.
pub(super) fn undo(call: &ApiCall, answer: &Value) -> Vec<Undo> {
    let of = |members: &[&str]| {
        let kept = members.iter().map(|member| ((*member).to_owned(), call.input[*member].clone()));
        Value::Object(kept.collect())
    };
    let iam = |operation, members: &[&str]| vec![Undo::Call(ApiCall::new("iam", operation, of(members)))];
    let ecs = |operation, input| Undo::Call(ApiCall::new("ecs", operation, input));
    match call.operation {
        "CreateBucket" => call.input["Bucket"].as_str().map(|name| Undo::Bucket(name.to_owned())).into_iter().collect(),
        "CreateRole" => iam("DeleteRole", &["RoleName"]),
        "CreateUser" => iam("DeleteUser", &["UserName"]),
        "CreateGroup" => iam("DeleteGroup", &["GroupName"]),
        "CreateInstanceProfile" => iam("DeleteInstanceProfile", &["InstanceProfileName"]),
        "CreatePolicy" => {
            vec![Undo::Call(ApiCall::new("iam", "DeletePolicy", json!({"PolicyArn": answer["Policy"]["Arn"]})))]
        }
        "CreateAccessKey" => {
            let input = json!({"UserName": call.input["UserName"], "AccessKeyId": answer["AccessKey"]["AccessKeyId"]});
            vec![Undo::Call(ApiCall::new("iam", "DeleteAccessKey", input))]
        }
        "PutRolePolicy" => iam("DeleteRolePolicy", &["RoleName", "PolicyName"]),
        "PutUserPolicy" => iam("DeleteUserPolicy", &["UserName", "PolicyName"]),
        "PutGroupPolicy" => iam("DeleteGroupPolicy", &["GroupName", "PolicyName"]),
        "AttachRolePolicy" => iam("DetachRolePolicy", &["RoleName", "PolicyArn"]),
        "AttachUserPolicy" => iam("DetachUserPolicy", &["UserName", "PolicyArn"]),
        "AttachGroupPolicy" => iam("DetachGroupPolicy", &["GroupName", "PolicyArn"]),
        "AddUserToGroup" => iam("RemoveUserFromGroup", &["UserName", "GroupName"]),
        "AddRoleToInstanceProfile" => iam("RemoveRoleFromInstanceProfile", &["InstanceProfileName", "RoleName"]),
        "CreateLogGroup" => vec![Undo::Call(ApiCall::new("logs", "DeleteLogGroup", of(&["logGroupName"])))],
        // The default cluster is whoever's was there first: making it again is no error, so it may not be ours.
        "CreateCluster" if call.input["clusterName"] != "default" => {
            vec![ecs("DeleteCluster", json!({"cluster": call.input["clusterName"]}))]
        }
        "RegisterTaskDefinition" => {
            let arn = &answer["taskDefinition"]["taskDefinitionArn"];
            vec![ecs("DeregisterTaskDefinition", json!({"taskDefinition": arn}))]
        }
        "RunTask" => {
            let tasks = answer["tasks"].as_array().into_iter().flatten();
            let stop = |task: &Value| {
                let mut input = json!({"task": task["taskArn"]});
                if let Some(cluster) = call.input.get("cluster") {
                    input["cluster"] = cluster.clone();
                }
                ecs("StopTask", input)
            };
            tasks.map(stop).collect()
        }
        _ => Vec::new(),
    }
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
        check("ecs", "RunTask", json!({"taskDefinition": "d"}), answer, expected);
        check("ecs", "CreateCluster", json!({"clusterName": "default"}), nothing(), "");
        let expected = r#"ecs:DeleteCluster {"cluster":"c"}"#;
        check("ecs", "CreateCluster", json!({"clusterName": "c"}), nothing(), expected);
    }
}
