//! What errors tell: without a permission, a caller learns from no operation whether something is there.

use std::sync::Arc;

use account::{Fault, Identity};
use model::{Member, Model, ShapeId, ShapeKind};
use serde_json::{Map, Value, json};
use testkit::{ACCOUNT, Kit, REGION, document};

/// What is there is called so, and what is not there.
const NAMES: [&str; 2] = ["there", "lacks"];

/// The bucket that objects are in.
const BUCKET: &str = "bucket";

/// Operations that take no permission, or tell what AWS lets everybody know.
/// docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
/// docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getsessiontoken.html
const FOR_EVERYBODY: [&str; 2] = ["sts:GetCallerIdentity", "sts:GetSessionToken"];

/// A world with something of each kind, called as [`NAMES`] says, and a caller without any permission.
fn world() -> (Kit, Arc<Identity>, [String; 2], [String; 2]) {
    let mut kit = Kit::new(services::ALL);
    let name = NAMES[0];
    let trust = json!([{ "Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": { "Service": "ecs-tasks.amazonaws.com", "AWS": ACCOUNT } }]);
    kit.role(name, trust, json!([]));
    kit.user(name, json!([]));
    kit.setup("iam:CreateGroup", json!({ "GroupName": name }));
    kit.setup("iam:CreateInstanceProfile", json!({ "InstanceProfileName": name }));
    let policy = document(json!([testkit::allow(&["s3:*"])]));
    kit.setup("iam:CreatePolicy", json!({ "PolicyName": name, "PolicyDocument": policy }));
    let key = kit.setup("iam:CreateAccessKey", json!({ "UserName": name }))["AccessKey"]["AccessKeyId"].clone();
    kit.setup("logs:CreateLogGroup", json!({ "logGroupName": name }));
    kit.setup("logs:CreateLogStream", json!({ "logGroupName": name, "logStreamName": name }));
    kit.setup("ecs:CreateCluster", json!({ "clusterName": name }));
    let container = json!({ "name": name, "image": "busybox", "memory": 128 });
    kit.setup("ecs:RegisterTaskDefinition", json!({ "family": name, "containerDefinitions": [container] }));
    let started = kit.setup("ecs:RunTask", json!({ "cluster": name, "taskDefinition": name, "clientToken": name }));
    let last = |value: &Value| value.as_str().and_then(|text| text.rsplit('/').next()).unwrap_or_default().to_owned();
    let task = last(&started["tasks"][0]["taskArn"]);
    kit.setup("s3:CreateBucket", json!({ "Bucket": BUCKET }));
    kit.setup("s3:PutObject", json!({ "Bucket": BUCKET, "Key": name }));
    let nobody = kit.user("nobody", json!([]));
    (kit, nobody, [last(&key), "AKIAIOSFODNN7EXAMPLE".to_owned()], [task, "0".repeat(32)])
}

#[test]
fn whoever_has_no_permission_is_not_told_what_is_there() {
    let (mut kit, nobody, keys, tasks) = world();
    assert!(keys[0].starts_with("AKIA") && tasks[0].len() == 32, "{keys:?} {tasks:?}");
    let mut wrong = Vec::new();
    for row in services::operations() {
        let model = model::of(row.service()).unwrap();
        let operation = model.operation(row.operation()).unwrap();
        let Some(input) = operation.input.as_ref().map(|input| input.shape) else { continue };
        // That a bucket is not there, S3 tells everybody.
        let has_key = model.input(operation).is_some_and(|input| input.members.contains_key("Key"));
        if row.service().starts_with("s3") && !has_key {
            continue;
        }
        let mut told = [0, 1].map(|at| {
            let values = Values { model, name: NAMES[at], key: &keys[at], task: &tasks[at] };
            let answer = kit.call(&nobody, row.name, values.structure(input));
            answer.map(|_| Fault::new(200, "none", "")).unwrap_or_else(|fault| fault)
        });
        for ((fault, name), (key, task)) in told.iter_mut().zip(NAMES).zip(keys.iter().zip(&tasks)) {
            fault.message = fault.message.replace(name, "NAME").replace(key, "KEY").replace(task, "TASK");
        }
        let is_denied = told[0].code.starts_with("AccessDenied") != FOR_EVERYBODY.contains(&row.name);
        if told[0] != told[1] || !is_denied {
            wrong.push(format!("{}: {} / {}", row.name, told[0], told[1]));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The values of one request: of what is there, or of what is not.
struct Values<'a> {
    model: &'static Model,
    name: &'a str,
    key: &'a str,
    task: &'a str,
}

impl Values<'_> {
    /// A text for a member.
    fn text(&self, member: &str) -> String {
        let Self { name, key, task, .. } = self;
        match member {
            "PolicyArn" => format!("arn:aws:iam::{ACCOUNT}:policy/{name}"),
            "RoleArn" => format!("arn:aws:iam::{ACCOUNT}:role/{name}"),
            "PolicySourceArn" => format!("arn:aws:iam::{ACCOUNT}:user/{name}"),
            "resourceArn" => format!("arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/{name}"),
            "AccessKeyId" => (*key).to_owned(),
            "task" | "tasks" => (*task).to_owned(),
            "taskDefinition" => format!("{name}:1"),
            "DeletionTaskId" => format!("task/aws-service-role/ecs.amazonaws.com/{name}/1"),
            "Bucket" => BUCKET.to_owned(),
            "CopySource" => format!("{BUCKET}/{name}"),
            "AWSServiceName" => "ecs.amazonaws.com".to_owned(),
            "VersionId" => "v1".to_owned(),
            "PermissionsBoundary" => "arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned(),
            "PolicyDocument" | "PolicyInputList" => document(json!([testkit::allow(&["s3:*"])])),
            "AssumeRolePolicyDocument" => document(json!([{ "Effect": "Allow", "Action": "sts:AssumeRole",
                "Principal": { "AWS": ACCOUNT } }])),
            "ActionNames" => "s3:GetObject".to_owned(),
            "Status" => "Inactive".to_owned(),
            "Path" | "PathPrefix" | "NewPath" => "/".to_owned(),
            _ => (*name).to_owned(),
        }
    }

    /// A structure with the members that are required, and those that name something.
    fn structure(&self, id: ShapeId) -> Value {
        let ShapeKind::Structure(structure) = &self.model.shape(id).kind else { return Value::Null };
        let names = ["cluster", "UserName", "startedBy", "clientToken"];
        let wanted = |name: &str, member: &Member| member.is_required || names.contains(&name);
        let members = structure.members.iter().filter(|(name, member)| wanted(name, member));
        members.map(|(name, member)| (name.clone(), self.value(name, member.shape))).collect::<Map<_, _>>().into()
    }

    fn value(&self, name: &str, id: ShapeId) -> Value {
        match &self.model.shape(id).kind {
            ShapeKind::Structure(_) => self.structure(id),
            ShapeKind::List(list) => json!([self.value(name, list.item.shape)]),
            ShapeKind::Map(_) => json!({}),
            ShapeKind::Boolean => json!(true),
            ShapeKind::Integer => json!(1),
            _ => json!(self.text(name)),
        }
    }
}
