//! Which principal tags a session has.
//! docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html

use super::*;

const ASSUME_AND_TAG: &[&str] = &["sts:AssumeRole", "sts:TagSession"];

/// A role with the tag `Status`, assumed by a user who passes `tags`; does the session carry `key` = `value`?
fn carries(role_tags: &[(&str, &str)], passed: &[(&str, &str)], (key, value): (&str, &str)) -> bool {
    let mut kit = Kit::new(crate::SERVICES);
    let ann = kit.user("ann", json!([]));
    let role = kit.role("r", json!([trusts(ASSUME_AND_TAG, &user_arn("ann"))]), if_principal_tag(key, value));
    if !role_tags.is_empty() {
        kit.tag_role("r", role_tags);
    }
    let who = session(&mut kit, &ann, &role, json!({ "Tags": with_tags(passed) }));
    sees(&mut kit, &who)
}

#[test]
fn a_session_has_its_roles_tags_and_its_own_which_win() {
    let ok = ("Status", "OK");
    type Pairs = &'static [(&'static str, &'static str)];
    let cases: &[(&str, Pairs, Pairs, bool)] = &[
        ("no tag anywhere", &[], &[], false),
        ("the role's", &[("Status", "OK")], &[], true),
        ("another value", &[("Status", "NG")], &[], false),
        ("another letter case of the value", &[("Status", "ok")], &[], false),
        ("another letter case of the key", &[("status", "OK")], &[], true),
        ("the session's", &[], &[("Status", "OK")], true),
        ("the session's over the role's", &[("Status", "NG")], &[("Status", "OK")], true),
        ("and the other way round", &[("Status", "OK")], &[("Status", "NG")], false),
        ("whatever the letter case", &[("Status", "OK")], &[("status", "NG")], false),
        ("and again", &[("status", "NG")], &[("STATUS", "OK")], true),
        ("others leave it alone", &[("Status", "OK")], &[("Team", "x")], true),
    ];
    for (name, role_tags, passed, expected) in cases {
        assert_eq!(carries(role_tags, passed, ok), *expected, "{name}");
    }
}

/// Role tag `plain`, trust allows TagSession: the caller's session tag decides. Without TagSession it cannot.
#[test]
fn without_tag_session_in_the_trust_policy_nobody_overrides_a_role_tag() {
    let mut kit = Kit::new(crate::SERVICES);
    let ann = kit.user("ann", json!([]));
    let trust = json!([trusts(&["sts:AssumeRole"], &user_arn("ann"))]);
    let role = kit.role("r", trust, if_principal_tag("Status", "OK"));
    kit.tag_role("r", &[("Status", "plain")]);
    let answer = assume_with(&mut kit, &ann, &role, json!({ "Tags": with_tags(&[("Status", "OK")]) }));
    let denied = format!("User: {} is not authorized to perform: sts:TagSession on resource: {role}", user_arn("ann"));
    check_denied(answer, &denied);
    let who = session(&mut kit, &ann, &role, json!({}));
    assert!(!sees(&mut kit, &who));
}

/// The documented example: both statements, external id, the maximum set of transitive keys.
/// docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required
#[test]
fn the_documented_trust_policy_for_session_tags() {
    let ann = user_arn("ann");
    let assume_role = json!({
        "StringLike": {
            "aws:RequestTag/Project": "*", "aws:RequestTag/CostCenter": "*", "aws:RequestTag/Department": "*",
        },
        "StringEquals": { "sts:ExternalId": "Example987" },
    });
    let tag_session = json!({
        "StringLike": { "aws:RequestTag/Project": "*", "aws:RequestTag/CostCenter": "*" },
        "StringEquals": { "aws:RequestTag/Department": ["Engineering", "Marketing"] },
        "ForAllValues:StringEquals": { "sts:TransitiveTagKeys": ["Project", "Department"] },
    });
    let trust =
        json!([trusts_if(&["sts:AssumeRole"], &ann, assume_role), trusts_if(&["sts:TagSession"], &ann, tag_session),]);
    let mut kit = Kit::new(crate::SERVICES);
    let who = kit.user("ann", json!([]));
    let role = kit.role("my-role-example", trust, json!([]));
    let input = |department: &str, transitive: &[&str]| {
        let tags = with_tags(&[("Project", "Automation"), ("CostCenter", "12345"), ("Department", department)]);
        json!({ "Tags": tags, "TransitiveTagKeys": transitive, "ExternalId": "Example987" })
    };
    let mut allowed = |input: Value| assume_with(&mut kit, &who, &role, input).is_ok();
    assert!(allowed(input("Engineering", &["Project", "Department"])));
    assert!(allowed(input("Marketing", &["Project"])));
    assert!(allowed(input("Marketing", &[])));
    assert!(!allowed(input("Marketing", &["CostCenter"])), "not in the maximum set");
    assert!(!allowed(input("Sales", &[])), "not a department that may be passed");
    assert!(!allowed(json!({ "ExternalId": "Example987" })), "the tags are required");
}

#[test]
fn a_federated_user_has_the_users_tags_and_the_passed_ones_over_them() {
    let mut kit = Kit::new(crate::SERVICES);
    let ann = kit.user("ann", json!([allow(&["sts:*"])]));
    let tags = with_tags(&[("Status", "OK"), ("Team", "blue")]);
    kit.setup("iam:TagUser", json!({ "UserName": "ann", "Tags": tags }));
    let policy = |key: &str, value: &str| {
        let statements = if_principal_tag(key, value);
        testkit::document(statements)
    };
    let mut federated = |policy: String, tags: &[(&str, &str)]| {
        let input = json!({ "Name": "fed", "Policy": policy, "Tags": with_tags(tags) });
        let answer = kit.call(&ann, "sts:GetFederationToken", input).expect("a session");
        let session = kit.identity(&answer);
        // Federated sessions may call nothing of STS but GetCallerIdentity; ask what a policy would say elsewhere.
        let tags = kit.principal_tags(&session);
        (tags, policy)
    };
    let (tags, _) = federated(policy("Status", "OK"), &[]);
    assert_eq!(tags, [("Status", "OK"), ("Team", "blue")].map(|(k, v)| (k.to_owned(), v.to_owned())));
    let (tags, _) = federated(policy("Status", "OK"), &[("status", "NG")]);
    assert_eq!(tags, [("Team", "blue"), ("status", "NG")].map(|(k, v)| (k.to_owned(), v.to_owned())));
}
