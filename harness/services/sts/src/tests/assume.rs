//! Who may assume which role.

use testkit::{OTHER, root};

use super::*;

const ASSUME: &[&str] = &["sts:AssumeRole"];

/// "To allow a user to assume a role in the same account, you can do either of the following: attach a policy to the
/// user …, add the user as a principal directly in the role's trust policy."
/// docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
#[test]
fn in_one_account_a_named_principal_needs_no_policy_of_its_own() {
    let mut kit = Kit::new(crate::SERVICES);
    let ann = kit.user("ann", json!([]));
    let named = kit.role("named", json!([trusts(ASSUME, &user_arn("ann"))]), json!([]));
    assert!(assume(&mut kit, &ann, &named).is_ok());
    let delegated = kit.role("delegated", json!([trusts(ASSUME, ACCOUNT)]), json!([]));
    let denied =
        format!("User: {} is not authorized to perform: sts:AssumeRole on resource: {delegated}", user_arn("ann"));
    check_denied(assume(&mut kit, &ann, &delegated), &denied);
    let bob = kit.user("bob", json!([allow(ASSUME)]));
    assert!(assume(&mut kit, &bob, &delegated).is_ok());
    // A policy of one's own is not enough without the role's trust.
    check_denied(assume(&mut kit, &bob, &named), &format!("User: {} is not authorized", user_arn("bob")));
}

#[test]
fn across_accounts_both_sides_must_allow() {
    let mut kit = Kit::with_other(crate::SERVICES);
    let ann = kit.user("ann", json!([]));
    let bob = kit.user("bob", json!([allow(ASSUME)]));
    let role = kit.role_in(OTHER, "theirs", json!([trusts(ASSUME, ACCOUNT)]), json!([]));
    check_denied(assume(&mut kit, &ann, &role), "User: ");
    assert!(assume(&mut kit, &bob, &role).is_ok());
    let closed = kit.role_in(OTHER, "closed", json!([trusts(ASSUME, OTHER)]), json!([]));
    check_denied(assume(&mut kit, &bob, &closed), "User: ");
}

#[test]
fn a_role_that_is_not_there_is_refused_like_one_that_does_not_trust() {
    let mut kit = Kit::new(crate::SERVICES);
    let bob = kit.user("bob", json!([allow(ASSUME)]));
    let ann = kit.user("ann", json!([]));
    let theirs = format!("arn:aws:iam::{OTHER}:root");
    let there = [
        kit.role("closed", json!([trusts(ASSUME, &theirs)]), json!([])),
        kit.role("delegated", json!([trusts(ASSUME, ACCOUNT)]), json!([])),
    ];
    let long = json!({ "Tags": with_tags(&[("a", "1"), ("A", "2")]) });
    for (who, name, role, reason) in [
        (&bob, "bob", &there[0], "because no role trust policy allows the sts:AssumeRole action"),
        (&ann, "ann", &there[0], "because no identity-based policy allows the sts:AssumeRole action"),
        (&ann, "ann", &there[1], "because no identity-based policy allows the sts:AssumeRole action"),
    ] {
        let missing = format!("arn:aws:iam::{ACCOUNT}:role/nobody");
        for role in [role, &missing] {
            let text = format!(
                "User: {} is not authorized to perform: sts:AssumeRole on resource: {role} {reason}",
                user_arn(name)
            );
            check_fault(assume(&mut kit, who, role), 403, "AccessDenied", &text);
            // What is wrong with a request is told of both alike.
            let fault = assume_with(&mut kit, who, role, long.clone()).expect_err("an error");
            assert_eq!(&*fault.code, "InvalidParameterValue", "{role}");
        }
    }
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
#[test]
fn a_trust_policy_may_name_the_unique_id_of_a_user_or_role() {
    let mut kit = Kit::new(crate::SERVICES);
    let ann = kit.user("ann", json!([]));
    let id = kit.setup("iam:GetUser", json!({ "UserName": "ann" }))["User"]["UserId"].clone();
    let first = kit.role("first", json!([trusts(ASSUME, id.as_str().expect("an id"))]), json!([]));
    let of_first = session(&mut kit, &ann, &first, json!({}));
    let id = kit.setup("iam:GetRole", json!({ "RoleName": "first" }))["Role"]["RoleId"].clone();
    let second = kit.role("second", json!([trusts(ASSUME, id.as_str().expect("an id"))]), json!([]));
    assert!(assume(&mut kit, &of_first, &second).is_ok());
    check_denied(assume(&mut kit, &ann, &second), "User: ");
}

#[test]
fn the_path_is_part_of_a_role() {
    let mut kit = Kit::new(crate::SERVICES);
    let bob = kit.user("bob", json!([allow(ASSUME)]));
    let trust = testkit::document(json!([trusts(ASSUME, ACCOUNT)]));
    kit.setup("iam:CreateRole", json!({ "RoleName": "r", "Path": "/app/", "AssumeRolePolicyDocument": trust }));
    check_denied(assume(&mut kit, &bob, &format!("arn:aws:iam::{ACCOUNT}:role/r")), "User: ");
    let answer = assume(&mut kit, &bob, &format!("arn:aws:iam::{ACCOUNT}:role/app/r")).expect("a session");
    // The session's ARN leaves the path out.
    assert_eq!(answer["AssumedRoleUser"]["Arn"], format!("arn:aws:sts::{ACCOUNT}:assumed-role/r/sn"));
}

#[test]
fn the_root_user_assumes_nothing() {
    let mut kit = Kit::new(crate::SERVICES);
    let role = kit.role("r", json!([trusts(ASSUME, ACCOUNT)]), json!([]));
    let text = "Roles may not be assumed by root accounts.";
    check_fault(assume(&mut kit, &root(ACCOUNT), &role), 403, "AccessDenied", text);
    let answer = kit.as_root("sts:GetSessionToken", json!({})).expect("a session");
    let session = kit.identity(&answer);
    check_fault(assume(&mut kit, &session, &role), 403, "AccessDenied", text);
}

/// AWS ended the implicit trust of a role in itself.
/// aws.amazon.com/blogs/security/announcing-an-update-to-iam-role-trust-policy-behavior/
#[test]
fn a_role_does_not_trust_itself_unless_it_says_so() {
    let mut kit = Kit::new(crate::SERVICES);
    let ann = kit.user("ann", json!([]));
    let role = kit.role("r", json!([trusts(ASSUME, &user_arn("ann"))]), json!([allow(ASSUME)]));
    let once = session(&mut kit, &ann, &role, json!({}));
    check_denied(
        assume(&mut kit, &once, &role),
        &format!("User: arn:aws:sts::{ACCOUNT}:assumed-role/r/sn is not authorized to perform: sts:AssumeRole"),
    );
}

#[test]
fn an_answer_has_what_the_model_says() {
    let mut kit = Kit::new(crate::SERVICES);
    let ann = kit.user("ann", json!([]));
    let role = kit.role("r", json!([trusts(ASSUME, &user_arn("ann"))]), json!([]));
    let id = kit.setup("iam:GetRole", json!({ "RoleName": "r" }))["Role"]["RoleId"].as_str().expect("an id").to_owned();
    let answer = assume(&mut kit, &ann, &role).expect("a session");
    let members: Vec<_> = answer.as_object().expect("an object").keys().collect();
    // Neither PackedPolicySize nor SourceIdentity where nothing of the kind was passed.
    assert_eq!(members, ["Credentials", "AssumedRoleUser"]);
    assert_eq!(answer["AssumedRoleUser"]["AssumedRoleId"], format!("{id}:sn"));
    assert_eq!(answer["Credentials"]["Expiration"], "2026-11-24T09:00:00Z");
    assert!(answer["Credentials"]["AccessKeyId"].as_str().is_some_and(|key| key.starts_with("ASIA")));
    let who = kit.identity(&answer);
    let me = kit.call(&who, "sts:GetCallerIdentity", json!({})).expect("an answer");
    let arn = format!("arn:aws:sts::{ACCOUNT}:assumed-role/r/sn");
    assert_eq!(me, json!({ "UserId": format!("{id}:sn"), "Account": ACCOUNT, "Arn": arn }));
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
#[test]
fn trust_policies_see_the_request() {
    let ann = user_arn("ann");
    let cases = [
        (json!({ "StringEquals": { "sts:ExternalId": "Example987" } }), json!({}), false),
        (json!({ "StringEquals": { "sts:ExternalId": "Example987" } }), json!({ "ExternalId": "Example987" }), true),
        (json!({ "StringEquals": { "sts:ExternalId": "Example987" } }), json!({ "ExternalId": "example987" }), false),
        (json!({ "StringLike": { "sts:RoleSessionName": "${aws:username}" } }), json!({}), false),
        (
            json!({ "StringLike": { "sts:RoleSessionName": "${aws:username}" } }),
            json!({ "RoleSessionName": "ann" }),
            true,
        ),
        (json!({ "StringEquals": { "aws:ResourceTag/Team": "blue" } }), json!({}), true),
        (json!({ "StringEquals": { "aws:ResourceTag/Team": "red" } }), json!({}), false),
        (json!({ "StringEquals": { "aws:RequestTag/Status": "OK" } }), json!({}), false),
        (
            json!({ "StringEquals": { "aws:RequestTag/Status": "OK" } }),
            json!({ "Tags": with_tags(&[("Status", "OK")]) }),
            true,
        ),
        (json!({ "Bool": { "aws:MultiFactorAuthPresent": "true" } }), json!({}), false),
    ];
    for (condition, input, allowed) in cases {
        let mut kit = Kit::new(crate::SERVICES);
        let who = kit.user("ann", json!([]));
        let trust = json!([trusts_if(ASSUME, &ann, condition.clone()), trusts(&["sts:TagSession"], &ann)]);
        let role = kit.role("r", trust, json!([]));
        kit.tag_role("r", &[("Team", "blue")]);
        let answer = assume_with(&mut kit, &who, &role, input.clone());
        assert_eq!(answer.is_ok(), allowed, "{condition} {input}");
    }
}

#[test]
fn session_policies_only_take_away() {
    let mut kit = Kit::new(crate::SERVICES);
    let ann = kit.user("ann", json!([]));
    let role = kit.role("r", json!([trusts(ASSUME, &user_arn("ann"))]), json!([allow(&["sts:GetAccessKeyInfo"])]));
    let policy = |actions: &[&str]| testkit::document(json!([allow(actions)]));
    let open = session(&mut kit, &ann, &role, json!({}));
    assert!(sees(&mut kit, &open));
    let narrow = session(&mut kit, &ann, &role, json!({ "Policy": policy(&["s3:*"]) }));
    assert!(!sees(&mut kit, &narrow));
    let wide = session(&mut kit, &ann, &role, json!({ "Policy": policy(&["*"]) }));
    assert!(sees(&mut kit, &wide));
    assert!(kit.call(&wide, "iam:ListUsers", json!({})).is_err(), "a session policy grants nothing");
    let managed = json!({ "PolicyArns": [{ "arn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" }] });
    let managed = session(&mut kit, &ann, &role, managed);
    assert!(!sees(&mut kit, &managed));
    let both = json!({
        "Policy": policy(&["sts:*"]),
        "PolicyArns": [{ "arn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" }],
    });
    let both = session(&mut kit, &ann, &role, both);
    assert!(sees(&mut kit, &both), "session policies add up among themselves");
}

#[test]
fn a_session_of_a_deleted_role_is_nobody_even_if_the_name_comes_back() {
    let mut kit = Kit::new(crate::SERVICES);
    let ann = kit.user("ann", json!([]));
    let trust = json!([trusts(ASSUME, &user_arn("ann"))]);
    let role = kit.role("r", trust.clone(), json!([]));
    let who = session(&mut kit, &ann, &role, json!({}));
    kit.setup("iam:DeleteRole", json!({ "RoleName": "r" }));
    kit.role("r", trust, json!([]));
    let gone = kit.call(&who, "sts:GetCallerIdentity", json!({})).expect_err("an error");
    assert_eq!(gone.code, "InvalidClientTokenId");
}
