//! Tags that a call has to pass, and that nothing lets the caller set.

use policy::Kind::{self, Identity, ResourceControl, ServiceControl, Trust};

use super::Case;

const CODE: &str = "TAG_ON_CREATE_NOT_ALLOWED";
const ASKS: &str = r#""Condition": {"StringEquals": {"aws:RequestTag/team": "a"}}"#;

/// What is said of statements, message and help.
fn said(kind: Kind, statements: &str) -> Vec<(String, String)> {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
    let findings = Case(kind, text.leak(), &[]).findings();
    let found = findings.into_iter().filter(|finding| finding.code == CODE);
    found.map(|finding| (finding.message, finding.help.unwrap_or_default())).collect()
}

fn launch(action: &str, resource: &str) -> String {
    format!(r#"{{"Effect": "Allow", "Action": "{action}", "Resource": "{resource}", {ASKS}}}"#)
}

/// docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html and the pages beside each code.
#[test]
fn the_statement_to_add_ends_the_finding() {
    for (action, resource, asked, on) in [
        ("ec2:RunInstances", "*", "ec2:CreateTags", "arn:aws:ec2:*:*:instance/*"),
        ("ec2:Run*", "*", "ec2:CreateTags", "arn:aws:ec2:*:*:instance/*"),
        (
            "ec2:CreateVolume",
            "arn:aws:ec2:us-east-1:111122223333:volume/*",
            "ec2:CreateTags",
            "arn:aws:ec2:us-east-1:111122223333:volume/*",
        ),
        ("ecs:RunTask", "*", "ecs:TagResource", "arn:aws:ecs:*:*:task/*/*"),
        ("elasticloadbalancing:CreateTargetGroup", "*", "elasticloadbalancing:AddTags", ":targetgroup/*/*"),
        ("sqs:CreateQueue", "*", "sqs:TagQueue", "arn:aws:sqs:*:*:*"),
        ("sns:CreateTopic", "*", "sns:TagResource", "arn:aws:sns:*:*:*"),
        ("iam:CreateRole", "arn:aws:iam::*:role/team/*", "iam:TagRole", "arn:aws:iam::*:role/team/*"),
        ("iam:CreatePolicy", "*", "iam:TagPolicy", "arn:aws:iam::*:policy/*"),
        ("kms:CreateKey", "*", "kms:TagResource", "arn:aws:kms:*:*:key/*"),
        ("lambda:CreateFunction", "*", "lambda:TagResource", "arn:aws:lambda:*:*:function:*"),
        ("logs:CreateLogGroup", "*", "logs:TagResource", "arn:aws:logs:*:*:log-group:*"),
        ("s3:CreateBucket", "arn:aws:s3:::team-*", "s3:TagResource", "arn:aws:s3:::team-*"),
        ("secretsmanager:CreateSecret", "*", "secretsmanager:TagResource", "arn:aws:secretsmanager:*:*:secret:*"),
    ] {
        let statement = launch(action, resource);
        let found = said(Identity, &statement);
        let [(message, help)] = found.as_slice() else { panic!("{action}: {found:?}") };
        assert!(message.contains(asked), "{message}");
        let (_, added) = help.split_once(":\n").unwrap_or_else(|| panic!("{help}"));
        assert!(added.contains(on), "{action}: {added}");
        let mended = format!("{statement}, {added}");
        assert_eq!(said(Identity, &mended), [], "{mended}");
        let findings =
            Case(Identity, format!(r#"{{"Version": "2012-10-17", "Statement": [{added}]}}"#).leak(), &[]).findings();
        assert_eq!(findings, [], "what is to be added is fine by itself");
    }
}

#[test]
fn the_message_names_operation_and_tagging_action() {
    let found = said(Identity, &launch("ecs:RunTask", "*"));
    let help = "unless another policy of the caller allows it, add this statement:
{
  \"Effect\": \"Allow\",
  \"Action\": \"ecs:TagResource\",
  \"Resource\": \"arn:aws:ecs:*:*:task/*/*\",
  \"Condition\": {
    \"StringEquals\": {
      \"ecs:CreateAction\": \"RunTask\"
    }
  }
}";
    let message = "`aws:RequestTag/team` makes ecs:RunTask pass tags, and AWS then also asks for ecs:TagResource with \
                   `ecs:CreateAction` = `RunTask`, which no statement here allows";
    assert_eq!(found, [(message.to_owned(), help.to_owned())]);
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
#[test]
fn session_tags_are_allowed_beside_the_role() {
    let statement = |actions: &str| {
        format!(r#"{{"Effect": "Allow", "Principal": {{"AWS": "111122223333"}}, "Action": [{actions}], {ASKS}}}"#)
    };
    let found = said(Trust, &statement(r#""sts:AssumeRole""#));
    let help = "unless another policy of the caller allows it, add `sts:TagSession` to the Action of this statement";
    assert_eq!(found.iter().map(|(_, help)| help.as_str()).collect::<Vec<_>>(), [help]);
    assert_eq!(said(Trust, &statement(r#""sts:AssumeRole", "sts:TagSession""#)), []);
}

#[test]
fn nothing_is_said_where_the_tagging_may_be_allowed() {
    let run = launch("ec2:RunInstances", "*");
    let tags = |condition: &str| {
        format!(r#"{{"Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*", "Condition": {{{condition}}}}}"#)
    };
    let check = |kind, statements: &str, count: usize| {
        assert_eq!(said(kind, statements).len(), count, "{kind} {statements}");
    };
    check(ServiceControl, &run, 1);
    check(ResourceControl, &run, 0);
    check(Identity, &format!("{run}, {}", tags("")), 0);
    check(Identity, &format!("{run}, {}", tags(r#""StringLike": {"ec2:CreateAction": "Run*"}"#)), 0);
    check(Identity, &format!("{run}, {}", tags(r#""StringEquals": {"ec2:CreateAction": "${x}"}"#)), 0);
    // Of another operation.
    check(Identity, &format!("{run}, {}", tags(r#""StringEquals": {"ec2:CreateAction": "CreateVolume"}"#)), 1);
    check(Identity, &format!(r#"{run}, {{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}}"#), 0);
    check(Identity, &format!(r#"{run}, {{"Effect": "Deny", "Action": "ec2:CreateTags", "Resource": "*"}}"#), 1);
    // Without tags every launch is allowed as well.
    check(Identity, &format!(r#"{run}, {{"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*"}}"#), 0);
    // The other resources of the launch need no tags, those that it makes do.
    let others = r#"{"Effect": "Allow", "Action": "ec2:RunInstances", "NotResource": ["arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:*:*:volume/*"]}"#;
    check(Identity, &format!("{run}, {others}"), 1);
    check(Identity, &run.replace("StringEquals", "StringEqualsIfExists"), 0);
    check(Identity, &run.replace("\"Allow\"", "\"Deny\""), 0);
    // Either of two will do.
    let group = launch("logs:CreateLogGroup", "*");
    check(Identity, &format!(r#"{group}, {{"Effect": "Allow", "Action": "logs:TagLogGroup", "Resource": "*"}}"#), 0);
    // No page says it of these.
    check(Identity, &launch("glue:CreateJob", "*"), 0);
    // A call that tags something that is there already.
    check(Identity, &launch("ec2:CreateTags", "*"), 0);
}

/// docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html: s3:PutObjectTagging is "Conditionally
/// required" for PutObject.
#[test]
fn the_tags_of_an_object_are_allowed_beside_the_upload() {
    let upload = |actions: &str, condition: &str| {
        format!(r#"{{"Effect": "Allow", "Action": [{actions}], "Resource": "*", "Condition": {{{condition}}}}}"#)
    };
    let help =
        "unless another policy of the caller allows it, add `s3:PutObjectTagging` to the Action of this statement";
    for condition in [
        r#""StringEquals": {"s3:RequestObjectTag/team": "a"}"#,
        r#""ForAnyValue:StringEquals": {"s3:RequestObjectTagKeys": "team"}"#,
    ] {
        let found = said(Identity, &upload(r#""s3:PutObject""#, condition));
        assert_eq!(found.iter().map(|(_, help)| help.as_str()).collect::<Vec<_>>(), [help], "{condition}");
        assert_eq!(said(Identity, &upload(r#""s3:PutObject", "s3:PutObjectTagging""#, condition)), []);
    }
    // Every key of tags may be there or not.
    assert_eq!(
        said(Identity, &upload(r#""s3:PutObject""#, r#""StringEqualsIfExists": {"s3:RequestObjectTag/team": "a"}"#)),
        []
    );
}

/// A call without tags is denied, so that each one that is allowed passes some.
#[test]
fn a_deny_of_calls_without_tags_forces_them_as_well() {
    let deny = |action: &str, resource: &str, condition: &str| {
        format!(r#"{{"Effect": "Deny", "Action": "{action}", "Resource": "{resource}", "Condition": {{{condition}}}}}"#)
    };
    let allow = |actions: &str| format!(r#"{{"Effect": "Allow", "Action": {actions}, "Resource": "*"}}"#);
    let absent = r#""Null": {"aws:RequestTag/team": "true"}"#;
    let (run, instance) = (r#"["ec2:RunInstances"]"#, "arn:aws:ec2:*:*:instance/*");
    let check = |kind, statements: String, expected: &[&str]| {
        let helps: Vec<_> = said(kind, &statements).into_iter().map(|(_, help)| help).collect();
        let fits = helps.len() == expected.len() && helps.iter().zip(expected).all(|(help, part)| help.contains(part));
        assert!(fits, "{kind} {statements}: {helps:#?}");
    };
    let launch = deny("ec2:RunInstances", instance, absent);
    check(Identity, format!("{}, {launch}", allow(run)), &[r#""Action": "ec2:CreateTags""#]);
    check(ServiceControl, format!("{}, {launch}", allow(run)), &[r#""Action": "ec2:CreateTags""#]);
    let differs = deny("ec2:RunInstances", instance, r#""StringNotEquals": {"aws:RequestTag/team": "a"}"#);
    check(Identity, format!("{}, {differs}", allow(run)), &[r#""Action": "ec2:CreateTags""#]);
    let object = deny("s3:PutObject", "*", r#""Null": {"s3:RequestObjectTag/team": "true"}"#);
    let beside = "add `s3:PutObjectTagging` to the Action of the statement that allows s3:PutObject";
    check(Identity, format!("{}, {object}", allow(r#"["s3:PutObject"]"#)), &[beside]);
    let user = deny("iam:CreateUser", "*", absent);
    check(Identity, format!("{}, {user}", allow(r#"["iam:CreateUser"]"#)), &[r#""Action": "iam:TagUser""#]);
    // It is allowed.
    check(Identity, format!("{}, {launch}", allow(r#"["ec2:RunInstances", "ec2:CreateTags"]"#)), &[]);
    check(ServiceControl, format!("{}, {launch}", allow(r#""*""#)), &[]);
    // What allows the call stands elsewhere, and what allows the tags may too.
    check(ServiceControl, launch.clone(), &[]);
    check(Identity, format!("{}, {launch}", allow(r#"["s3:GetObject"]"#)), &[]);
    // Only some calls are denied without tags, or those with a tag.
    let others = format!(r#"{absent}, "Bool": {{"aws:MultiFactorAuthPresent": "false"}}"#);
    check(Identity, format!("{}, {}", allow(run), deny("ec2:RunInstances", instance, &others)), &[]);
    let present = r#""Null": {"aws:RequestTag/team": "false"}"#;
    check(Identity, format!("{}, {}", allow(run), deny("ec2:RunInstances", instance, present)), &[]);
    // Not every launch asks for Spot instances.
    let spot = deny("ec2:RunInstances", "arn:aws:ec2:*:*:spot-instances-request/*", absent);
    check(Identity, format!("{}, {spot}", allow(run)), &[]);
    // The Allow says it.
    let asks = format!(r#"{{"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*", {ASKS}}}"#);
    check(Identity, format!("{asks}, {launch}"), &[r#""Action": "ec2:CreateTags""#]);
}
