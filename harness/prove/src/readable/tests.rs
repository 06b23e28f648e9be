use policy::Kind;

use crate::testing::statements;
use crate::{Options, new_access};

use super::*;

/// The request that an Allow of an action under a condition newly allows.
#[track_caller]
fn found(action: &str, resource: &str, condition: &str) -> Request {
    let text = format!(
        r#"{{"Effect": "Allow", "Action": "{action}", "Resource": "{resource}", "Condition": {{{condition}}}}}"#
    );
    match new_access(&[], &[statements(Kind::Identity, &text)], &Options::default()).unwrap() {
        Verdict::Found { request, .. } => *request,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn a_caller_has_the_arn_and_the_account_that_the_keys_say() {
    for (condition, account, arn) in [
        (
            r#""ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::444455556666:role/team/app"}"#,
            "444455556666",
            ":role/team/app",
        ),
        (r#""ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/ann"}"#, "111122223333", ":user/ann"),
        (r#""StringEquals": {"aws:PrincipalAccount": "444455556666"}"#, "444455556666", ""),
        (r#""Bool": {"aws:SecureTransport": "true"}"#, "111122223333", ""),
    ] {
        let request = found("sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:q", condition);
        assert_eq!(request.principal.account(), Some(account), "{condition}: {request:?}");
        let own = request.principal.principal_arn().unwrap();
        assert!(own.ends_with(arn), "{condition}: {request:?}");
        let of_key = value(&request, PRINCIPAL_ARN).is_none_or(|of_key| of_key == own);
        assert!(of_key, "{condition}: {request:?}");
    }
}

#[test]
fn a_resource_is_owned_as_the_keys_say_or_is_a_star() {
    let condition = r#""StringEquals": {"aws:ResourceAccount": "444455556666"}"#;
    let request = found("s3:GetObject", "arn:aws:s3:::b/*", condition);
    assert_eq!(request.resource_account.as_deref(), Some("444455556666"), "{request:?}");
    let request = found("s3:ListAllMyBuckets", "*", r#""Bool": {"aws:SecureTransport": "true"}"#);
    assert_eq!(request.resource, "*", "{request:?}");
}
