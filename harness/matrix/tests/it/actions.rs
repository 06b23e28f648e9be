//! Requests that name an action: decided by the engine with the caller's own policies, and refused where AWS never asks.

use matrix::{LoadError, Outcome, Prepared};

use crate::kit::{disagreements, loaded, said};

const TEMPLATE: &str = "\
Resources:
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}
  Images: {Type: AWS::ECR::Repository, Properties: {RepositoryName: i, RepositoryPolicyText: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: '*', Action: 'ecr:BatchGetImage'}]}}}
  Network: {Type: Custom::Network}
  Box: {Type: AWS::S3::Bucket, Properties: {BucketName: box}}
  Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: g}}
";

/// What is said of a scenario in which the user ann makes one request, and what stands under `given`.
fn faults(request: &str, given: &str) -> Vec<String> {
    let text = format!(
        "title: Faults\ntemplate: {{file: template.yaml}}\ngiven: {{users: {{ann: {{}}}}{given}}}\noptions:\n  none: {{}}\n\
         callers:\n  ann: {{user: ann}}\nrequests:\n  ask: {{{request}}}\nexpect:\n  none: {{deny: all}}\n"
    );
    read(&text).map_or_else(|error| said(&error), |_| Vec::new())
}

fn read(text: &str) -> Result<Prepared, LoadError> {
    read_with(TEMPLATE, text)
}

fn read_with(template: &str, text: &str) -> Result<Prepared, LoadError> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("scenario.yaml"), text).unwrap();
    std::fs::write(folder.path().join("template.yaml"), template).unwrap();
    matrix::load(folder.path())
}

/// What one request by the user ann, and by a session of a role, gives: both have `statements`. With its reason.
fn asked(statements: &str, request: &str, given: &str) -> [(Outcome, String); 2] {
    let policies = format!("policies: {{Own: {{Version: '2012-10-17', Statement: {statements}}}}}");
    let trust = "trust: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {AWS: '123456789012'}, Action: 'sts:AssumeRole'}]}";
    let assume = "policies: {Assume: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'sts:AssumeRole', Resource: '*'}]}}";
    let text = format!(
        "title: Asked\ntemplate: {{file: template.yaml}}\n\
         given: {{users: {{ann: {{{policies}}}, eve: {{{assume}}}}}, roles: {{r: {{{policies}, {trust}}}}}{given}}}\n\
         options:\n  none: {{}}\ncallers:\n  ann: {{user: ann}}\n  session: {{assume: r, by: eve}}\n\
         requests:\n  ask: {{{request}}}\nexpect:\n  none: {{deny: all}}\n"
    );
    let prepared = read(&text).unwrap_or_else(|error| panic!("{request}: {:#?}", said(&error)));
    let cells = matrix::predict(&prepared).unwrap().cells;
    [0, 1].map(|at: usize| (cells[at].outcome.clone(), cells[at].reason.clone()))
}

const BUCKET: &str = ", buckets: {bkt: {objects: {k: {body: x}}}}";
const ENDPOINT: &str = ", buckets: {bkt: {objects: {k: {body: x}}}}, endpoints: {s3: {vpce: vpce-0aaa}}";
const TABLE: &str = "arn:aws:dynamodb:us-east-1:123456789012:table/tab";

#[test]
fn keys_and_policies_count_for_each_caller_as_documented() {
    let (allowed, implicit, explicit) = (Outcome::Allowed, Outcome::ImplicitlyDenied, Outcome::ExplicitlyDenied);
    let when = |condition: &str| format!("[{{Effect: Allow, Action: '*', Resource: '*', Condition: {{{condition}}}}}]");
    let queue = |context: &str| format!("action: sqs:SendMessage, resource: Queue, context: {{{context}}}");
    let index = |index: &str| format!("action: dynamodb:Query, resource: '{TABLE}{index}'");
    let tags = format!(", resources: {{'{TABLE}': {{tags: {{team: blue}}}}}}");
    let denies = format!(
        ", resources: {{'{TABLE}': {{policy: {{Version: '2012-10-17', Statement: [{{Effect: Deny, Principal: '*', \
         Action: '*', Resource: '*'}}]}}}}}}"
    );
    let everything = "[{Effect: Allow, Action: '*', Resource: '*'}]".to_owned();
    // The user first, then the session.
    for (name, statements, request, given, expected) in [
        // "Only when the principal uses temporary credentials": condition-keys-multifactorauthpresent.
        (
            "multi-factor of temporary credentials",
            when("Bool: {'aws:MultiFactorAuthPresent': 'true'}"),
            queue("'aws:MultiFactorAuthPresent': 'true'"),
            "",
            [&implicit, &allowed],
        ),
        // "`true` when a service uses forward access sessions": condition-keys-viaawsservice.
        (
            "the first service of a chain",
            when("Bool: {'aws:ViaAWSService': 'true'}"),
            queue("'aws:CalledViaFirst': athena.amazonaws.com"),
            "",
            [&allowed, &allowed],
        ),
        // condition-keys-sourceip: not with a VPC endpoint.
        (
            "the organisation of an endpoint",
            when("'Null': {'aws:SourceIp': 'true'}"),
            "action: 's3:ListBucket', resource: 'arn:aws:s3:::bkt', context: {'aws:VpceOrgID': o-1}".to_owned(),
            BUCKET,
            [&allowed, &allowed],
        ),
        // docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutResourcePolicy.html
        ("an index behind its table's policy", everything.clone(), index("/index/i"), &denies, [&explicit, &explicit]),
        ("a table behind its own policy", everything.clone(), index(""), &denies, [&explicit, &explicit]),
        // "The indexes associated with a table inherit the tags": …/developerguide/attribute-based-access-control.html
        (
            "an index with its table's tags",
            when("StringEquals: {'aws:ResourceTag/team': blue}"),
            index("/index/i"),
            &tags,
            [&allowed, &allowed],
        ),
    ] {
        let found = asked(&statements, &request, given);
        assert_eq!(found.each_ref().map(|(outcome, _)| outcome), expected, "{name}: {found:#?}");
    }
    let condition = when("Bool: {'aws:MultiFactorAuthPresent': 'true'}");
    let [(_, user), (_, session)] = asked(&condition, &queue("'aws:MultiFactorAuthPresent': 'true'"), "");
    let said = "aws:MultiFactorAuthPresent is left out: no request signed with a user's long-term key carries it";
    assert!(user.ends_with(said) && !session.contains("left out"), "{user}\n{session}");
}

#[test]
fn a_stream_has_its_own_policy() {
    let everything = "[{Effect: Allow, Action: '*', Resource: '*'}]";
    let denies = format!(
        ", resources: {{'{TABLE}': {{policy: {{Version: '2012-10-17', Statement: [{{Effect: Deny, Principal: '*', \
         Action: '*', Resource: '*'}}]}}}}}}"
    );
    let request = format!("action: dynamodb:GetRecords, resource: '{TABLE}/stream/2026-01-01T00:00:00.000'");
    assert!(asked(everything, &request, &denies).iter().all(|(outcome, _)| *outcome == Outcome::Allowed));
}

#[test]
fn each_is_decided_as_documented() {
    let results = matrix::predict(&loaded("actions")).unwrap();
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
            "the ARN of `Network` (Custom::Network) is not known here (write the ARN, and give its tags and its policy under `given: {resources: {ARN: …}}`)",
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
        // docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html: source keys are there "only when
        // the call to your resource is being made directly by an AWS service principal".
        (
            "action: sqs:SendMessage, resource: Queue, context: {'aws:SourceAccount': '123456789012'}",
            "",
            "no caller of this scenario sends `aws:SourceAccount` (take it away: no request by an IAM user carries it)",
        ),
        (
            "action: sqs:SendMessage, resource: Queue, context: {'aws:SourceArn': 'arn:aws:sns:us-east-1:123456789012:t'}",
            "",
            "no caller of this scenario sends `aws:SourceArn`",
        ),
        (
            "action: sqs:SendMessage, resource: Queue, context: {'aws:MultiFactorAuthPresent': 'true'}",
            "",
            "no caller of this scenario sends `aws:MultiFactorAuthPresent` (take it away: no request signed with a user's long-term key carries it)",
        ),
        (
            "action: sqs:SendMessage, resource: Queue, context: {'aws:AssumedRoot': 'true'}",
            "",
            "no caller of this scenario sends `aws:AssumedRoot`",
        ),
        // Ibid., aws:SourceIp: included "except when the requester uses a VPC endpoint".
        (
            "action: sqs:SendMessage, resource: Queue, context: {'aws:SourceIp': 203.0.113.5, 'aws:SourceVpce': vpce-1}",
            "",
            "no request has both `aws:SourceIp` and `aws:SourceVpce`",
        ),
        (
            "action: 's3:GetObject', resource: 'arn:aws:s3:::bkt/k', context: {'aws:SourceVpce': vpce-0bbb}",
            ENDPOINT,
            "`aws:SourceVpce` cannot be given here: the request comes through the endpoint for `s3`",
        ),
        (
            "action: 's3:GetObject', resource: 'arn:aws:s3:::bkt/k', context: {'aws:SourceVpc': vpc-0bbb}",
            ENDPOINT,
            "`aws:SourceVpc` cannot be given here",
        ),
        (
            "action: 's3:GetObject', resource: 'arn:aws:s3:::bkt/k', context: {'aws:VpceAccount': '444455556666'}",
            ENDPOINT,
            "`aws:VpceAccount` cannot be given here",
        ),
        (
            "action: 's3:GetObject', resource: 'arn:aws:s3:::bkt/k', context: {'aws:SourceIp': 203.0.113.5}",
            ENDPOINT,
            "`aws:SourceIp` cannot be given here",
        ),
        // docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html: both policies must permit the request.
        (
            "action: 's3:GetObject', resource: 'arn:aws:s3:us-east-1:123456789012:accesspoint/ap/object/k'",
            BUCKET,
            "is behind an access point, whose policy is not known here",
        ),
        (
            "action: 's3:ListBucket', resource: 'arn:aws:s3:us-east-1:123456789012:accesspoint/ap'",
            BUCKET,
            "is behind an access point, whose policy is not known here",
        ),
        ("action: 's3:GetObject', resource: 'arn:aws:s3:::bkt*/k'", BUCKET, "there is no bucket `bkt*` here"),
        ("action: 's3:GetObject', resource: 'arn:aws:s3:::bkt/*'", BUCKET, "`arn:aws:s3:::bkt/*` is a pattern"),
        (
            "action: 's3:GetObject', resource: 'arn:aws:s3:::other/k'",
            BUCKET,
            "there is no bucket `other` here (give it under `given: {buckets: {other: {}}}`)",
        ),
        (
            "action: sqs:SendMessage, resource: 'arn:aws:sqs:us-east-1::q'",
            "",
            "no request for sqs:SendMessage is on `arn:aws:sqs:us-east-1::q`: it names no account; write it as in `arn:${Partition}:sqs:${Region}:${Account}:${QueueName}`",
        ),
        (
            "action: sqs:SendMessage, resource: 'arn:aws:sqs:us-east-1:12345678901:q'",
            "",
            "no request for sqs:SendMessage is on `arn:aws:sqs:us-east-1:12345678901:q`: it has `12345678901` for its account, which is not 12 digits; write it as in `arn:${Partition}:sqs:${Region}:${Account}:${QueueName}`",
        ),
        (
            "action: sqs:SendMessage, resource: Queue, context: {'aws:ViaAWSService': 'false', 'aws:CalledVia': [athena.amazonaws.com]}",
            "",
            "aws:ViaAWSService is `false`, but aws:CalledVia says that a service makes the call for the principal",
        ),
        (
            "action: sqs:SendMessage, resource: 'arn:aws:sqs:us-east-1:123456789012:q?'",
            "",
            "`arn:aws:sqs:us-east-1:123456789012:q?` is a pattern, and a request is on one resource",
        ),
        // docs.aws.amazon.com/AmazonS3/latest/userguide/tagging-and-policies.html: the tags that the object has.
        (
            "action: 's3:GetObject', resource: 'arn:aws:s3:::bkt/k', context: {'s3:ExistingObjectTag/team': blue}",
            BUCKET,
            "`s3:ExistingObjectTag/team` cannot be given here",
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
        let prepared = matrix::load(folder.path()).unwrap();
        prepared.warnings.into_iter().filter(|one| one.code == "ALSO_ASKED").map(|one| one.message).collect()
    };
    let make = "{action: iam:PassRole, resource: 'arn:aws:iam::123456789012:role/r'}";
    let start = "{action: ecs:RunTask, resource: 'arn:aws:ecs:us-east-1:123456789012:task-definition/t:1'}";
    let said = also(&format!("start: {start}"));
    assert!(said.len() == 1 && said[0].contains("iam:PassRole"), "{said:?}");
    let said = also(&format!("start: {start}, again: {start}"));
    assert_eq!(said.len(), 1, "{said:?}");
    let tagged = start.replace('}', ", context: {'aws:RequestTag/team': blue}}");
    let said = also(&format!("start: {start}, tagged: {tagged}, again: {tagged}"));
    assert!(said.len() == 2 && said[1].contains("ecs:TagResource") && !said[1].contains("PassRole"), "{said:?}");
    let said = also(&format!("start: {start}, pass: {make}"));
    assert!(said.iter().all(|one| !one.contains("iam:PassRole")), "{said:?}");
}

/// docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html: `:*` behind the ARN "when specifying
/// permissions for most API actions", but not for TagResource and its kind.
#[test]
fn a_log_group_is_matched_as_aws_asks_about_it_however_it_is_named() {
    let arn = "arn:aws:logs:us-east-1:123456789012:log-group:g";
    for (action, policy, expected) in [
        ("logs:FilterLogEvents", ":*", Outcome::Allowed),
        ("logs:FilterLogEvents", "", Outcome::ImplicitlyDenied),
        ("logs:TagLogGroup", ":*", Outcome::Allowed),
        ("logs:TagResource", "", Outcome::Allowed),
        ("logs:ListTagsForResource", "", Outcome::Allowed),
        ("logs:ListTagsForResource", ":*", Outcome::ImplicitlyDenied),
    ] {
        let statements = format!("[{{Effect: Allow, Action: 'logs:*', Resource: '{arn}{policy}'}}]");
        for resource in ["Group", arn, &format!("{arn}:*")] {
            let found = asked(&statements, &format!("action: '{action}', resource: '{resource}'"), "");
            assert!(found.iter().all(|(outcome, _)| *outcome == expected), "{action} on {resource}: {found:?}");
        }
    }
}

/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-usertogroupaddition.html: "Adds the specified
/// user to the specified group." The policy of the file system counts nowhere, and is told.
#[test]
fn a_template_puts_users_into_groups_and_policies_that_do_not_count_are_told() {
    let template = "\
Resources:
  Ann: {Type: AWS::IAM::User, Properties: {UserName: ann}}
  Bob: {Type: AWS::IAM::User, Properties: {UserName: bob}}
  Readers:
    Type: AWS::IAM::Group
    Properties:
      GroupName: readers
      Policies: [{PolicyName: Read, PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'sqs:*', Resource: '*'}]}}]
  In: {Type: AWS::IAM::UserToGroupAddition, Properties: {GroupName: !Ref Readers, Users: [!Ref Ann]}}
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}
  Files:
    Type: AWS::EFS::FileSystem
    Properties: {FileSystemPolicy: {Version: '2012-10-17', Statement: [{Effect: Deny, Principal: '*', Action: '*', Resource: '*'}]}}
";
    let text = "title: Groups\ntemplate: {file: template.yaml}\noptions:\n  none: {}\n\
                callers:\n  ann: {user: Ann}\n  bob: {user: Bob}\n\
                requests:\n  ask: {action: sqs:SendMessage, resource: Queue}\n\
                expect:\n  none: {allow: [ann], deny: [bob]}\n";
    let prepared = read_with(template, text).unwrap_or_else(|error| panic!("{:#?}", said(&error)));
    let outcomes: Vec<_> = matrix::predict(&prepared).unwrap().cells.into_iter().map(|cell| cell.outcome).collect();
    assert_eq!(outcomes, [Outcome::Allowed, Outcome::ImplicitlyDenied]);
    let warnings: Vec<_> = prepared.warnings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(warnings, ["not applied: AWS::EFS::FileSystem"]);
}
