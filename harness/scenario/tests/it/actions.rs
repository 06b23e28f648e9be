//! Requests that name an action: decided by the engine with the caller's own policies, and refused where AWS never asks.

use crate::kit::{disagreements, loaded, said};

const TEMPLATE: &str = "\
Resources:
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}
  Images: {Type: AWS::ECR::Repository, Properties: {RepositoryName: i, RepositoryPolicyText: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: '*', Action: 'ecr:BatchGetImage'}]}}}
  Network: {Type: AWS::EC2::VPC}
  Box: {Type: AWS::S3::Bucket, Properties: {BucketName: box}}
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
    assert!(results.cells.iter().all(|cell| !cell.reason.contains("engine decides")));
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
        (
            "action: sqs:ReceiveMessage",
            "",
            "request `ask` needs the key `resource` (add `resource: …`: a logical id of the template, or an ARN)",
        ),
        (
            "action: sqs:ReceiveMessage, resource: Queue, context: {team: x}",
            "",
            "AWS has no condition key `team` (a tag that the request passes is `aws:RequestTag/team`; one of the caller",
        ),
        (
            "action: sqs:ReceiveMessage, resource: Queue, context: {sourceip: x}",
            "",
            "AWS has no condition key `sourceip` (did you mean `aws:SourceIp`?)",
        ),
        (
            "action: s3:GetObject, resource: Bok/a/b",
            "",
            "the template has no resource `Bok/a/b` (did you mean `Box/a/b`?)",
        ),
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
    assert_eq!(faults("action: s3:GetObject, resource: Box/a/b", ""), Vec::<String>::new());
}

/// What AWS asks in the same call is told once for the call, and not where the scenario asks it itself.
#[test]
fn what_the_scenario_asks_itself_is_not_told_as_asked_besides() {
    let also = |requests: &str| -> Vec<String> {
        let text = format!(
            "title: Also\ntemplate: {{file: template.yaml}}\ngiven: {{users: {{ann: {{}}}}}}\noptions:\n  none: {{}}\n\
             callers:\n  ann: {{user: ann}}\nrequests: {{{requests}}}\nexpect:\n  none: {{deny: all}}\n"
        );
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("scenario.yaml"), text).unwrap();
        std::fs::write(folder.path().join("template.yaml"), TEMPLATE).unwrap();
        let prepared = scenario::load(folder.path()).unwrap();
        prepared.warnings.into_iter().filter(|one| one.code == "ALSO_ASKED").map(|one| one.message).collect()
    };
    let make = "{action: iam:PassRole, resource: 'arn:aws:iam::123456789012:role/r'}";
    let start = "{action: ecs:RunTask, resource: 'arn:aws:ecs:us-east-1:123456789012:task-definition/t:1'}";
    let said = also(&format!("start: {start}"));
    assert!(said.len() == 1 && said[0].contains("iam:PassRole"), "{said:?}");
    let said = also(&format!("start: {start}, again: {start}"));
    assert_eq!(said.len(), 1, "{said:?}");
    let said = also(&format!("start: {start}, pass: {make}"));
    assert!(said.iter().all(|one| !one.contains("iam:PassRole")), "{said:?}");
}
