//! Claims about every request, settled in whole scenarios.

use matrix::{Claimed, HandsOut};
use prove::Options;

use crate::kit::said;
use crate::written::written;

/// A bucket with a policy and without, roles with a tag and without, a user; a condition that options replace.
const TEMPLATE: &str = "\
Resources:
  Reports: {Type: AWS::S3::Bucket, Properties: {BucketName: reports}}
  Guarded: {Type: AWS::S3::Bucket, Properties: {BucketName: guarded}}
  GuardedPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Guarded
      PolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {AWS: arn:aws:sts::123456789012:assumed-role/reader/night}, Action: 's3:GetObject', Resource: 'arn:aws:s3:::guarded/*'}
  Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs, Tags: [{Key: Team, Value: blue}]}}
  Open: {Type: AWS::SQS::Queue, Properties: {QueueName: open}}
  OpenPolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Open]
      PolicyDocument: {Statement: {Effect: Allow, Principal: '*', Action: 'sqs:SendMessage', Resource: '*'}}
  Reader:
    Type: AWS::IAM::Role
    Properties:
      RoleName: reader
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Principal: {AWS: arn:aws:iam::123456789012:user/ann}, Action: ['sts:AssumeRole', 'sts:TagSession']}
      Policies:
        - PolicyName: Read
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - {Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*'}
              - {Effect: Allow, Action: 'sqs:ReceiveMessage', Resource: '*', Condition: {StringEquals: {aws:ResourceTag/Team: blue}}}
  Tagged:
    Type: AWS::IAM::Role
    Properties:
      RoleName: tagged
      Tags: [{Key: Team, Value: finance}]
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: 'sts:AssumeRole'}
      Policies:
        - PolicyName: Read
          PolicyDocument:
            Statement: {Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*', Condition: {StringEquals: {aws:PrincipalTag/Team: finance}}}
";

const SCENARIO: &str = "\
title: Claims
template: {file: template.yaml}
given: {users: {ann: {tags: {Team: finance}, policies: {P: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'sts:*', Resource: '*'}]}}}}}
under-test: Reader/Read/1
options:
  open: {}
  tag: {condition: {StringEquals: {aws:PrincipalTag/Team: finance}}}
callers:
  ann: {user: ann}
  plain: {assume: Reader, by: ann}
  finance: {assume: Reader, by: ann, session-tags: {Team: finance}}
requests:
  who: {call: sts:GetCallerIdentity}
expect:
  every-option: {allow: all}
claims:
  claim:
";

/// What comes of a claim in the two options: `holds`, `fails`, or why it is undecided.
fn settled(claim: &str) -> [Claimed; 2] {
    let text = format!("{SCENARIO}{claim}    holds: all\n");
    let prepared = written(&text, TEMPLATE).unwrap_or_else(|error| panic!("{}", said(&error).join("\n")));
    let all = matrix::claims(&prepared, &Options::default()).unwrap();
    all.try_into().unwrap_or_else(|all| panic!("{all:?}"))
}

#[track_caller]
fn check(claim: &str, expected: [&str; 2]) {
    let word = |claimed: &Claimed| match claimed.holds() {
        Some(true) => "holds",
        Some(false) => "fails",
        None => "undecided",
    };
    let all = settled(claim);
    assert_eq!(all.each_ref().map(word), expected, "{claim}: {all:?}");
}

const READ: &str = "action: s3:GetObject, resource: Reports/*";
const FINANCE: &str = "{StringEquals: {aws:PrincipalTag/Team: finance}}";

/// docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html: "Session tags override … the tags of the role".
#[test]
fn a_session_has_the_tags_that_it_may_have() {
    let never = |by: &str| format!("    never: {{{READ}, by: {by}}}\n    unless: {FINANCE}\n");
    let plain_never = |by: &str| format!("    never: {{{READ}, by: {by}}}\n");
    check(&never("Reader"), ["fails", "holds"]);
    // By hand-over of the tag alone somebody reads; without tags nobody does.
    check(&plain_never("Reader"), ["fails", "fails"]);
    check(&plain_never("Reader, session-tags: none"), ["fails", "holds"]);
    check(&plain_never("Reader, session-tags: {Team: finance}"), ["fails", "fails"]);
    check(&plain_never("Reader, session-tags: {Team: hr}"), ["fails", "holds"]);
    check(&plain_never("plain"), ["fails", "holds"]);
    check(&plain_never("finance"), ["fails", "fails"]);
    check(&plain_never("[plain, finance]"), ["fails", "fails"]);
    // A user's own tag, and no statement for it.
    check(&plain_never("ann"), ["holds", "holds"]);
    // A role's tag is there unless a session tag replaces it.
    let always = |by: &str| format!("    always: {{{READ}, by: {by}}}\n");
    check(&always("Tagged, session-tags: none"), ["holds", "holds"]);
    check(&always("Tagged"), ["fails", "fails"]);
    check(&format!("{}    when: {FINANCE}\n", always("Tagged")), ["holds", "holds"]);
    check(
        &format!("    never: {{{READ}, by: Tagged}}\n    unless: {{\"Null\": {{aws:PrincipalTag/Team: \"false\"}}}}\n"),
        ["undecided", "undecided"],
    );
}

/// The bucket's policy names one session of the role by its ARN.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-role-session
#[test]
fn sessions_that_a_policy_names_are_asked_too() {
    let guarded = "action: s3:GetObject, resource: Guarded/*";
    check(&format!("    never: {{{guarded}, by: Reader}}\n"), ["fails", "fails"]);
    check(&format!("    never: {{{guarded}, by: Tagged}}\n"), ["holds", "holds"]);
    check(&format!("    never: {{{guarded}, by: plain}}\n"), ["holds", "holds"]);
}

#[test]
fn a_resource_has_the_tags_that_it_has() {
    check("    always: {action: sqs:ReceiveMessage, resource: Jobs, by: Reader}\n", ["holds", "holds"]);
    check(
        "    never: {action: sqs:ReceiveMessage, resource: 'arn:aws:sqs:us-east-1:123456789012:other', by: Reader}\n",
        ["fails", "fails"],
    );
    check(
        "    always: {action: sqs:ReceiveMessage, resource: 'arn:aws:sqs:us-east-1:123456789012:other', by: Reader}\n",
        ["fails", "fails"],
    );
    check("    never: {action: 'sqs:Send*', resource: Jobs, by: [Reader, Tagged]}\n", ["holds", "holds"]);
    check("    never: {action: 'sqs:Send*', resource: [Jobs, Open], by: [Reader, Tagged]}\n", ["fails", "fails"]);
    // Of the queues that a pattern covers each may have any tags.
    let queues = "action: sqs:ReceiveMessage, resource: 'arn:aws:sqs:us-east-1:123456789012:jo*', by: Reader";
    check(&format!("    always: {{{queues}}}\n"), ["fails", "fails"]);
    check(
        &format!("    always: {{{queues}}}\n    when: {{StringEquals: {{aws:ResourceTag/Team: blue}}}}\n"),
        ["holds", "holds"],
    );
}

/// Of nothing everything can be proved: such a claim is a slip.
#[test]
fn a_claim_about_nothing_is_not_proved() {
    // docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html: no aws:RequestTag for s3:GetObject.
    let claim =
        format!("    always: {{{READ}, by: Reader}}\n    when: {{StringEquals: {{aws:RequestTag/Team: finance}}}}\n");
    check(&claim, ["undecided", "undecided"]);
    let claim = format!("    never: {{{READ}, by: plain}}\n    when: {FINANCE}\n");
    check(&claim, ["undecided", "undecided"]);
    // One that is about something for one of its callers is.
    let claim = format!("    always: {{{READ}, by: [plain, finance]}}\n    when: {FINANCE}\n");
    check(&claim, ["holds", "holds"]);
}

#[test]
fn a_request_tells_who_hands_out_its_tags() {
    let [_, found] = settled(&format!("    never: {{{READ}, by: Reader}}\n"));
    let tags = vec![("aws:PrincipalTag/Team".to_owned(), "finance".to_owned())];
    let role = "arn:aws:iam::123456789012:role/reader".to_owned();
    let by = vec!["arn:aws:iam::123456789012:user/ann".to_owned()];
    assert_eq!(found.hands_out, Some(HandsOut { tags, role, by }));
    assert_eq!(found.found.map(|one| one.decision.verdict), Some(policy::Verdict::Allowed));
    // Its own tag nobody hands out.
    let [own, _] = settled(&format!("    never: {{{READ}, by: Tagged, session-tags: none}}\n"));
    assert_eq!((own.holds(), own.hands_out), (Some(false), None));
}

/// A claim has exactly these faults, each at its words.
#[track_caller]
fn check_faults(claim: &str, expected: &[(&str, &str)]) {
    let text = format!("{SCENARIO}    never: {{{claim}}}\n    holds: all\n");
    let line = text.lines().count() - 1;
    let column = |words| 1 + text.lines().nth(line - 1).and_then(|text| text.find(words)).unwrap();
    let expected = expected.iter().map(|(words, said)| format!("scenario.yaml:{line}:{} {said}", column(words)));
    let found = written(&text, TEMPLATE).map_or_else(|error| said(&error), |_| Vec::new());
    assert_eq!(found, expected.collect::<Vec<_>>(), "{claim}");
}

#[test]
fn names_that_are_not_there_are_errors() {
    check_faults(
        "action: s3:GetObject, resource: Report/*, by: Readr",
        &[
            ("Report/*", "UNKNOWN_RESOURCE the template has no resource `Report/*` (did you mean `Reports/*`?)"),
            (
                "Readr",
                "UNKNOWN_CALLER there is no caller, role or user `Readr`, in the template or under `given` (did you mean \
                 `Reader`?)",
            ),
        ],
    );
    check_faults(
        "action: s3:GetObject, resource: 'arn:aws:s3:::report/*', by: arn:aws:iam::123456789012:role/nobody",
        &[
            ("'arn", "UNKNOWN_RESOURCE there is no bucket `report` here (did you mean `reports`?)"),
            (
                "arn:aws:iam",
                "UNKNOWN_CALLER there is no caller, role or user `arn:aws:iam::123456789012:role/nobody`, in the template or \
                 under `given` (there are `ann`, `plain`, `finance`, `Reader`, `Tagged`)",
            ),
        ],
    );
}

#[test]
fn a_claim_is_about_what_its_actions_are_done_to() {
    check_faults(
        "action: s3:ListBucket, resource: Reports/*, by: Reader",
        &[(
            "Reports",
            "WRONG_RESOURCE no request for s3:ListBucket is on `arn:aws:s3:::reports/*` (it is authorised on `arn:${Partition}:s3:${Region}:${Account}:accesspoint/${AccessPointName}`, `arn:${Partition}:s3:::${BucketName}`)",
        )],
    );
    check_faults(
        "action: sqs:SendMessage, resource: 'arn:aws:sqs:us-east-1:123456789012:*', by: Reader",
        &[(
            "'arn",
            "WRONG_RESOURCE `arn:aws:sqs:us-east-1:123456789012:*` may cover `Open`, which has a policy of its own \
             (name each resource by itself: `resource: [Open, …]`)",
        )],
    );
    check_faults(
        "action: s3:GetObject, resource: Reports/*, by: plain, session-tags: none",
        &[(
            "none",
            "SESSION_TAGS_OF_CALLER `session-tags` are for roles, and `plain` is none (a caller has the session tags that \
             `callers` gives it: take `session-tags` away, or name the role)",
        )],
    );
}
