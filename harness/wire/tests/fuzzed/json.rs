//! Bodies of the protocol AWS JSON.

use crate::call::{self, Call};
use crate::client::ask;
use crate::stage::Stage;

thread_local! {
    static STAGE: Stage = Stage::new();
}

pub fn check(input: &[u8]) {
    STAGE.with(|stage| call::check(stage, &calls(), input));
}

/// A new one goes to the end: inputs in `fuzz/corpus/` have their numbers.
pub fn calls() -> Vec<Call<'static>> {
    let ecs = |operation: &'static str, target: &'static str, body: &'static [u8]| call("ecs", operation, target, body);
    let logs =
        |operation: &'static str, target: &'static str, body: &'static [u8]| call("logs", operation, target, body);
    vec![
        ecs(
            "CreateCluster",
            "AmazonEC2ContainerServiceV20141113.CreateCluster",
            br#"{"clusterName":"c","tags":[{"key":"team","value":"a"}]}"#,
        ),
        ecs(
            "RegisterTaskDefinition",
            "AmazonEC2ContainerServiceV20141113.RegisterTaskDefinition",
            br#"{"family":"f","cpu":"256","containerDefinitions":[{"name":"c","image":"i","command":["\u0061"],"memory":64}]}"#,
        ),
        ecs(
            "RunTask",
            "AmazonEC2ContainerServiceV20141113.RunTask",
            br#"{"taskDefinition":"f","count":2,"overrides":{"taskRoleArn":"arn:aws:iam::123456789012:role/r"},"clientToken":"t"}"#,
        ),
        ecs(
            "TagResource",
            "AmazonEC2ContainerServiceV20141113.TagResource",
            br#"{"resourceArn":"arn:aws:ecs:us-east-1:123456789012:cluster/c","tags":[{"key":"a"}]}"#,
        ),
        ecs("ListTasks", "AmazonEC2ContainerServiceV20141113.ListTasks", br#"{"cluster":null,"maxResults":1e1}"#),
        logs("CreateLogGroup", "Logs_20140328.CreateLogGroup", br#"{"logGroupName":"/a/b","tags":{"team":"a"}}"#),
        logs(
            "PutLogEvents",
            "Logs_20140328.PutLogEvents",
            br#"{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":1796083200000,"message":"m"}]}"#,
        ),
    ]
}

fn call(service: &'static str, operation: &'static str, target: &'static str, body: &'static [u8]) -> Call<'static> {
    let request = ask("POST", "/").header("content-type", "application/x-amz-json-1.1").header("x-amz-target", target);
    Call { service, operation, request: request.body(body) }
}
