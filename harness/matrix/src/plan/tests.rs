//! The calls that make the thread's stack, written down from AWS's API references.

use serde_json::{Value, json};
use source::FileId;

use super::{Environment, plan};
use crate::call::ApiCall;
use crate::file;
use crate::scenario::Given;

const TEMPLATE: &str = include_str!("../../tests/data/thread/template.yaml");

fn environment(region: &str) -> Environment {
    Environment { account: "123456789012".to_owned(), region: region.to_owned(), partition: "aws".to_owned() }
}

/// The calls of a template and a `given`, each as `account service:Operation` with its input.
fn planned(template: &str, given: &Given, region: &str) -> Vec<(String, ApiCall)> {
    let (node, findings) = source::yaml::read(FileId(0), template);
    assert_eq!(findings, []);
    let (template, findings) = template::read(&node.unwrap());
    assert_eq!(findings, []);
    let (stack, findings) = template::resolve(&template.unwrap(), &template::Inputs::new("123456789012", region, "s"));
    assert_eq!(findings, []);
    let (plan, _) = plan(&environment(region), &stack, given);
    plan.calls.into_iter().map(|step| (step.account, step.call)).collect()
}

/// `given` as a scenario file has it.
fn given(yaml: &str) -> Given {
    let text = format!(
        "title: t\ntemplate: {{file: t}}\ngiven: {yaml}\noptions: {{o: {{}}}}\ncallers: {{c: {{user: c}}}}\n\
         requests: {{r: {{call: s3:ListBuckets}}}}\nexpect: {{o: {{allow: all}}}}\n"
    );
    let file::Read { scenario, findings, .. } = file::read(FileId(0), &text);
    assert_eq!(findings, [], "{text}");
    scenario.unwrap().options[0].given.clone()
}

fn names(calls: &[(String, ApiCall)]) -> Vec<String> {
    calls.iter().map(|(_, call)| call.name()).collect()
}

const NOTHING: &str = "Resources: {Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /g}}}";

#[test]
fn the_threads_stack_is_made_in_order_with_aws_member_names() {
    let calls = planned(TEMPLATE, &Given::default(), "ap-northeast-1");
    assert_eq!(
        names(&calls),
        [
            "ecs:CreateCluster",
            "iam:CreateRole",
            "iam:PutRolePolicy",
            "iam:CreateRole",
            "iam:PutRolePolicy",
            "iam:AttachRolePolicy",
            "ecs:RegisterTaskDefinition",
        ]
    );
    assert!(calls.iter().all(|(account, _)| account == "123456789012"));
    let role = &calls[1].1.input;
    assert_eq!(role["RoleName"], "ecs-test-task-role");
    let trust: Value = serde_json::from_str(role["AssumeRolePolicyDocument"].as_str().unwrap()).unwrap();
    assert_eq!(
        trust,
        json!({"Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ]})
    );
    assert_eq!(
        calls[5].1.input,
        json!({
            "RoleName": "ecs-test-execution-role",
            "PolicyArn": "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
        })
    );
    let definition = &calls[6].1.input;
    assert_eq!(definition["taskRoleArn"], "arn:aws:iam::123456789012:role/ecs-test-task-role");
    assert_eq!(definition["containerDefinitions"][0]["command"][2], "s3://esolang-worker/0123456789/code");
    assert_eq!(
        definition["containerDefinitions"][0]["logConfiguration"]["options"]["awslogs-region"],
        "ap-northeast-1"
    );
}

#[test]
fn a_bucket_is_tagged_as_its_abac_status_wants_it() {
    let calls = |abac| {
        let given =
            format!("{{buckets: {{b: {{{abac}tags: {{k: v}}, objects: {{o: {{body: x, tags: {{a b: c&d}}}}}}}}}}}}");
        planned(NOTHING, &self::given(&given), "us-east-1")
    };
    let off = calls("");
    assert_eq!(
        names(&off),
        ["s3:CreateBucket", "ecs:CreateCluster", "logs:CreateLogGroup", "s3:PutObject", "s3:PutBucketTagging",]
    );
    assert_eq!(off[0].1.input, json!({"Bucket": "b"}), "us-east-1 is not named");
    assert_eq!(off[3].1.input, json!({"Bucket": "b", "Key": "o", "Tagging": "a%20b=c%26d"}));
    assert_eq!(off[3].1.body, "x");
    let on = calls("abac: true, ");
    assert_eq!(names(&on[3..]), ["s3:PutObject", "s3:PutBucketAbac", "s3control:TagResource"]);
    assert_eq!(
        on[5].1.input,
        json!({
            "AccountId": "123456789012",
            "ResourceArn": "arn:aws:s3:::b",
            "Tags": [{"Key": "k", "Value": "v"}]
        })
    );
}

#[test]
fn another_region_is_named_when_a_bucket_is_made() {
    let calls = planned(NOTHING, &given("{buckets: {b: {}}}"), "eu-west-1");
    let expected = json!({"Bucket": "b", "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}});
    assert_eq!(calls[0].1.input, expected);
}

#[test]
fn those_given_are_there_before_the_stack_and_get_policies_after_it() {
    let given = given(
        "{groups: {g: {managed-policies: [arn:aws:iam::aws:policy/ReadOnlyAccess]}}, \
          users: {u: {groups: [g], tags: {k: v}, policies: {P: {Version: '2012-10-17', Statement: {Effect: Deny, Action: '*', Resource: '*'}}}}}, \
          accounts: {'999988887777': {users: {x: {}}, buckets: {far: {}}}}}",
    );
    let calls = planned(NOTHING, &given, "us-east-1");
    let shown: Vec<_> = calls.iter().map(|(account, call)| format!("{account} {}", call.name())).collect();
    assert_eq!(
        shown,
        [
            "999988887777 iam:CreateUser",
            "999988887777 s3:CreateBucket",
            "123456789012 iam:CreateGroup",
            "123456789012 iam:CreateUser",
            "123456789012 ecs:CreateCluster",
            "123456789012 logs:CreateLogGroup",
            "123456789012 iam:AttachGroupPolicy",
            "123456789012 iam:PutUserPolicy",
            "123456789012 iam:AddUserToGroup",
        ]
    );
    assert_eq!(calls[3].1.input, json!({"UserName": "u", "Tags": [{"Key": "k", "Value": "v"}]}));
}

/// So that it can be the boundary of a user who is made before the rest of the stack.
#[test]
fn a_managed_policy_of_the_stack_comes_first() {
    let template = "Resources: {P: {Type: AWS::IAM::ManagedPolicy, Properties: {ManagedPolicyName: p, PolicyDocument: \
                    {Version: '2012-10-17', Statement: {Effect: Allow, Action: '*', Resource: '*'}}}}}";
    let given = given("{users: {u: {boundary: 'arn:aws:iam::123456789012:policy/p'}}}");
    let calls = planned(template, &given, "us-east-1");
    assert_eq!(names(&calls[..2]), ["iam:CreatePolicy", "iam:CreateUser"]);
    let expected = json!({"UserName": "u", "PermissionsBoundary": "arn:aws:iam::123456789012:policy/p"});
    assert_eq!(calls[1].1.input, expected);
}

#[test]
fn a_bucket_of_the_stack_is_not_made_twice() {
    let template = "Resources: {B: {Type: AWS::S3::Bucket, Properties: {BucketName: b}}}";
    let calls = planned(template, &given("{buckets: {b: {objects: {o: {}}}}}"), "us-east-1");
    assert_eq!(names(&calls), ["ecs:CreateCluster", "s3:CreateBucket", "s3:PutObject"]);
}
