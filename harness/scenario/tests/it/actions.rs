//! Requests that name an action: decided by the engine with the caller's own policies, and refused where AWS never asks.

use crate::kit::{disagreements, loaded, said};

const TEMPLATE: &str = "\
Resources:
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}
  Images: {Type: AWS::ECR::Repository, Properties: {RepositoryName: i, RepositoryPolicyText: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: '*', Action: 'ecr:BatchGetImage'}]}}}
  Network: {Type: AWS::EC2::VPC}
";

/// A scenario with one request, and what stands under `given`.
fn faults(request: &str, given: &str) -> Vec<String> {
    let text = format!(
        "title: Faults\ntemplate: {{file: template.yaml}}\ngiven: {{users: {{ann: {{}}}}{given}}}\noptions:\n  none: {{}}\n\
         callers:\n  ann: {{user: ann}}\nrequests:\n  ask: {{{request}}}\nexpect:\n  none: {{deny: all}}\n"
    );
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("scenario.yaml"), text).unwrap();
    std::fs::write(folder.path().join("template.yaml"), TEMPLATE).unwrap();
    scenario::load(folder.path()).map_or_else(|error| said(&error), |_| Vec::new())
}

#[test]
fn each_is_decided_as_documented() {
    let results = scenario::predict(&loaded("actions")).unwrap();
    assert_eq!(disagreements(&results), Vec::<String>::new());
    assert_eq!(results.requests[0].what, "sqs:ReceiveMessage on Jobs (decided by the engine)");
    assert_eq!(results.requests[7].what, "sqs:TagQueue on Jobs with aws:RequestTag/team=blue (decided by the engine)");
    assert!(results.cells.iter().all(|cell| cell.reason.starts_with("the engine decides: ")));
}

#[test]
fn what_aws_never_asks_is_an_error_with_its_place() {
    for (request, given, expected) in [
        (
            "action: sqs:RecieveMessage, resource: Queue",
            "",
            "AWS has no action `sqs:RecieveMessage` (did you mean `sqs:ReceiveMessage`?)",
        ),
        (
            "action: ReceiveMessage, resource: Queue",
            "",
            "AWS has no action `ReceiveMessage` (write it with its service before it: `sqs:ReceiveMessage`)",
        ),
        ("action: sqs:ReceiveMessage", "", "request `ask` needs the key `resource`"),
        (
            "action: sqs:ReceiveMessage, resource: Queu",
            "",
            "the template has no resource `Queu` (did you mean `Queue`?)",
        ),
        (
            "action: ec2:DeleteVpc, resource: Network",
            "",
            "the ARN of `Network` (AWS::EC2::VPC) is not known here (write the ARN, and give its tags and its policy under `given: {resources: {ARN: …}}`)",
        ),
        (
            "action: sqs:ReceiveMessage, resource: Images",
            "",
            "no request for sqs:ReceiveMessage is on `arn:aws:ecr:us-east-1:123456789012:repository/i`",
        ),
        ("action: sqs:ReceiveMessage, resource: '*'", "", "no request for sqs:ReceiveMessage is on `*`"),
        (
            "action: sqs:ReceiveMessage, resource: Queue, context: {'aws:RequestTag/team': x}",
            "",
            "no request for sqs:ReceiveMessage on `arn:aws:sqs:us-east-1:123456789012:q` carries `aws:RequestTag/team` (take it away: a condition on it sees no value in such a request)",
        ),
        (
            "action: sqs:ReceiveMessage, resource: Queue, context: {'aws:SourcIp': x}",
            "",
            "AWS has no condition key `aws:SourcIp` (did you mean `aws:SourceIp`?)",
        ),
        (
            "action: sqs:ReceiveMessage, resource: Queue, context: {'aws:PrincipalTag/team': x}",
            "",
            "`aws:PrincipalTag/team` cannot be given here (it follows from the caller: give the user, the role or the session its tags there)",
        ),
        (
            "action: sqs:ReceiveMessage, resource: Queue, context: {'aws:ResourceTag/team': x}",
            "",
            "`aws:ResourceTag/team` cannot be given here",
        ),
        ("action: sqs:TagQueue, resource: Queue, context: {'aws:RequestTag/a': x, 'aws:TagKeys': [b]}", "", "`b`"),
        (
            "action: sqs:ReceiveMessage, resource: Queue, context: {'aws:SourceIp': [a, b]}",
            "",
            "`aws:SourceIp` has one value in AWS's requests, and this is a list",
        ),
        ("action: sqs:ReceiveMessage, resource: Queue", ", resources: {q: {}}", "`q` is not an ARN"),
        (
            "action: sqs:ReceiveMessage, resource: Queue",
            ", resources: {'arn:aws:s3:::b': {}}",
            "resource `arn:aws:s3:::b` cannot be given here (buckets stand under `buckets`, with their objects)",
        ),
        (
            "action: sqs:ReceiveMessage, resource: Queue",
            ", resources: {'arn:aws:sqs:us-east-1:123456789012:q': {tags: {a: b}}}",
            "the template makes `arn:aws:sqs:us-east-1:123456789012:q` itself",
        ),
    ] {
        let faults = faults(request, given);
        assert!(!faults.is_empty() && faults[0].contains(expected), "{request}: {faults:#?}");
        assert!(faults[0].starts_with(char::is_numeric) || faults[0].contains(':'), "{faults:?}");
    }
    assert_eq!(faults("action: ecr:BatchGetImage, resource: Images", ""), Vec::<String>::new());
}
