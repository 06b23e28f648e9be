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
        ("kms:CreateKey", "*", "kms:TagResource", "arn:aws:kms:*:*:key/*"),
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
    // No page says it of these.
    check(Identity, &launch("glue:CreateJob", "*"), 0);
    // A call that tags something that is there already.
    check(Identity, &launch("ec2:CreateTags", "*"), 0);
}
