use super::*;
use crate::testing::statements;

/// Whether a stranger may read an object, by a statement that allows everybody to, under a condition.
#[track_caller]
fn check(condition: &str, is_public: bool) {
    let text = format!(
        r#"{{"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Resource": "*", "Condition": {{{condition}}}}}"#
    );
    check_policy(&text, is_public);
}

#[track_caller]
fn check_policy(text: &str, is_public: bool) {
    let verdict = public(&[statements(Kind::Resource, text)], &Options::default()).unwrap();
    match verdict {
        Verdict::Found { .. } => assert!(is_public, "{text}: {verdict:?}"),
        Verdict::Proved { .. } => assert!(!is_public, "{text}"),
        Verdict::Undecided { reason } => panic!("{text}: {reason}"),
    }
}

/// docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
#[test]
fn a_policy_is_public_unless_it_grants_to_fixed_values_alone() {
    for (condition, is_public) in [
        ("", true),
        (r#""StringLike": {"aws:SourceVpc": "vpc-*"}"#, true),
        (r#""StringEquals": {"aws:SourceVpc": "vpc-91237329"}"#, false),
        (r#""StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}"#, false),
        (r#""StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}"#, false),
        (r#""StringLike": {"aws:PrincipalOrgID": "o-*"}"#, true),
        (r#""StringEquals": {"aws:PrincipalOrgID": "${aws:ResourceOrgID}"}"#, true),
        (r#""IpAddress": {"aws:SourceIp": "203.0.113.0/24"}"#, false),
        (r#""IpAddress": {"aws:SourceIp": "0.0.0.0/1"}"#, true),
        (r#""IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "::/0"]}"#, true),
        (r#""IpAddress": {"aws:SourceIp": "2001:db8::/32"}"#, false),
        (r#""StringEquals": {"aws:SourceAccount": "111122223333"}"#, false),
        (r#""ArnLike": {"s3:DataAccessPointArn": "arn:aws:s3:us-west-2:123456789012:accesspoint/*"}"#, false),
        (r#""StringEquals": {"s3:DataAccessPointAccount": "123456789012"}"#, false),
        (r#""StringLike": {"aws:userid": "AROAEXAMPLEID:*"}"#, false),
        (r#""StringLike": {"aws:userid": "*:i-0123"}"#, true),
    ] {
        check(condition, is_public);
    }
}

/// What anybody may have is open to strangers; what is in an account that the policy names is not.
#[test]
fn what_anybody_may_choose_keeps_nobody_out() {
    for (condition, is_public) in [
        (r#""StringEquals": {"aws:PrincipalTag/Team": "finance"}"#, true),
        (r#""StringEquals": {"aws:username": "admin"}"#, true),
        (r#""StringLike": {"aws:Referer": "https://example.com/*"}"#, true),
        (r#""Bool": {"aws:SecureTransport": "true"}"#, true),
        (r#""ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"}"#, false),
        (r#""ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}"#, true),
        (r#""StringEquals": {"aws:PrincipalAccount": "111122223333"}"#, false),
        (r#""StringLike": {"aws:PrincipalAccount": "1111*"}"#, true),
        (r#""StringNotEquals": {"aws:PrincipalAccount": "111122223333"}"#, true),
        (r#""ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/*"}"#, false),
        (r#""ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}"#, true),
        (r#""ArnLike": {"aws:SourceArn": "arn:aws:sns:*:111122223333:*"}"#, false),
        (r#""Null": {"aws:PrincipalOrgID": "false"}"#, true),
    ] {
        check(condition, is_public);
    }
}

#[test]
fn principals_by_name_are_no_strangers() {
    for (statement, is_public) in [
        (r#"{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:*", "Resource": "*"}"#, false),
        (r#"{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "s3:*", "Resource": "*"}"#, true),
        (
            r#"{"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:*", "Resource": "*"}"#,
            false,
        ),
        (
            r#"{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"},
               {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*",
                "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}"#,
            false,
        ),
        // The account in the resource's ARN is the owner's.
        (
            r#"{"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage",
                "Resource": "arn:aws:sqs:us-east-1:123456789012:q"}"#,
            true,
        ),
    ] {
        check_policy(statement, is_public);
    }
}

/// docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html#what-is-a-public-policy
#[test]
fn a_file_system_is_not_public_by_its_mount_targets() {
    let of = |condition: &str| {
        format!(
            r#"{{"Effect": "Allow", "Principal": {{"AWS": "*"}}, "Action": ["elasticfilesystem:ClientMount"],
                "Resource": "arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/*"{condition}}}"#
        )
    };
    check_policy(&of(""), true);
    check_policy(&of(r#", "Condition": {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}}"#), false);
}

/// The stranger that is shown is of no account that the policy mentions.
#[test]
fn the_stranger_is_of_another_account() {
    let text = r#"{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sqs:SendMessage",
        "Resource": "arn:aws:sqs:us-east-1:123456789012:q", "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}}}"#;
    let verdict = public(&[statements(Kind::Resource, text)], &Options::default()).unwrap();
    let Verdict::Found { request, .. } = verdict else { panic!("{verdict:?}") };
    assert_ne!(request.principal.account(), Some("123456789012"), "{request:?}");
    assert!(request.principal.principal_arn().is_some_and(|arn| arn.ends_with(":role/x")), "{request:?}");
}
