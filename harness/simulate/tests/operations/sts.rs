//! Calls of AWS STS.

use serde_json::json;

use super::{answer, call, tags, told};

/// docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html: the trust policy has to allow sts:TagSession too.
#[test]
fn a_role_is_assumed_with_tags_if_its_trust_policy_says_so() {
    let anything = json!([{"Effect": "Allow", "Action": "*", "Resource": "*"}]);
    for (actions, context, expected) in [
        (&["sts:AssumeRole"][..], json!({}), "Allowed"),
        (&["sts:AssumeRole"], tags(&[("team", "x")]), "ImplicitlyDenied: sts:TagSession on role/r"),
        (&["sts:AssumeRole", "sts:TagSession"], tags(&[("team", "x")]), "Allowed"),
    ] {
        let trust = json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": actions}]});
        let role = json!({"resource": "arn:aws:iam::111122223333:role/r", "policies": {"trust": trust}});
        let answer = answer(&call("sts:AssumeRole", &anything, &[role], &context), false);
        assert_eq!(told(&answer), expected, "{actions:?}");
    }
}

/// "When you assume a role with another role, called role chaining, permissions for sts:SetSourceIdentity are required", and
/// "both the aws:SourceIdentity and sts:SourceIdentity keys are present".
/// docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
#[test]
fn a_source_identity_stays_in_the_next_session() {
    let anything = json!([{"Effect": "Allow", "Action": "*", "Resource": "*"}]);
    let both = &["sts:AssumeRole", "sts:SetSourceIdentity"][..];
    let ann = json!({"StringEquals": {"sts:SourceIdentity": "ann"}});
    for (actions, condition, context, expected) in [
        (&both[..1], json!({}), json!({}), "Allowed"),
        (
            &both[..1],
            json!({}),
            json!({"aws:SourceIdentity": "ann"}),
            "ImplicitlyDenied: sts:SetSourceIdentity on role/r",
        ),
        (both, json!({}), json!({"aws:SourceIdentity": "ann"}), "Allowed"),
        (both, ann.clone(), json!({"aws:SourceIdentity": "ann"}), "Allowed"),
        (both, ann, json!({"aws:SourceIdentity": "bob"}), "ImplicitlyDenied: sts:AssumeRole on role/r"),
    ] {
        let trust = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Principal": {"AWS": "111122223333"}, "Action": actions, "Condition": condition}]});
        let role = json!({"resource": "arn:aws:iam::111122223333:role/r", "policies": {"trust": trust}});
        let mut line = call("sts:AssumeRole", &anything, &[role], &context);
        line["principal"] = json!("arn:aws:sts::111122223333:assumed-role/first/session");
        let answer = answer(&line, false);
        assert_eq!(told(&answer), expected, "{actions:?} {context}: {answer}");
    }
}
