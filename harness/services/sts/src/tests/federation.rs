//! GetFederationToken, GetSessionToken, and what their sessions may call.
//! docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html

use testkit::{document, root};

use super::*;

fn federate(kit: &mut Kit, who: &Arc<Identity>, more: Value) -> Answer {
    let mut input = json!({ "Name": "fed" });
    for (member, value) in more.as_object().expect("an object") {
        input[member] = value.clone();
    }
    kit.call(who, "sts:GetFederationToken", input)
}

#[test]
fn a_federated_session_may_do_what_the_user_and_the_session_policy_both_allow() {
    let mut kit = Kit::new(crate::SERVICES);
    let ann = kit.user("ann", json!([allow(&["sts:GetFederationToken", "ecs:ListClusters"])]));
    let policy = |actions: &[&str]| json!({ "Policy": document(json!([allow(actions)])) });
    let cases = [
        (json!({}), false),
        (policy(&["ecs:ListClusters"]), true),
        (policy(&["ecs:ListTasks"]), false),
        (json!({ "PolicyArns": [{ "arn": "arn:aws:iam::aws:policy/AdministratorAccess" }] }), true),
    ];
    for (input, allowed) in cases {
        let answer = federate(&mut kit, &ann, input.clone()).expect("a session");
        let session = kit.identity(&answer);
        assert_eq!(kit.call(&session, "ecs:ListClusters", json!({})).is_ok(), allowed, "{input}");
        assert!(kit.call(&session, "ecs:ListTasks", json!({})).is_err(), "{input}: the user may not either");
    }
}

#[test]
fn a_federated_answer_has_what_the_model_says() {
    let mut kit = Kit::new(crate::SERVICES);
    let ann = kit.user("ann", json!([allow(&["sts:*"])]));
    let answer = federate(&mut kit, &ann, json!({})).expect("a session");
    let arn = format!("arn:aws:sts::{ACCOUNT}:federated-user/fed");
    assert_eq!(answer["FederatedUser"], json!({ "FederatedUserId": format!("{ACCOUNT}:fed"), "Arn": arn }));
    assert_eq!(answer["PackedPolicySize"], 0);
    assert_eq!(answer["Credentials"]["Expiration"], "2026-11-24T20:00:00Z");
    let session = kit.identity(&answer);
    let me = kit.call(&session, "sts:GetCallerIdentity", json!({})).expect("an answer");
    assert_eq!(me, json!({ "UserId": format!("{ACCOUNT}:fed"), "Account": ACCOUNT, "Arn": arn }));
}

#[test]
fn federating_needs_the_permission_and_tags_need_tag_session() {
    let mut kit = Kit::new(crate::SERVICES);
    let nobody = kit.user("nobody", json!([]));
    let resource = format!("arn:aws:sts::{ACCOUNT}:federated-user/fed");
    let denied = |name: &str, action: &str| {
        format!("User: {} is not authorized to perform: {action} on resource: {resource}", user_arn(name))
    };
    check_denied(federate(&mut kit, &nobody, json!({})), &denied("nobody", "sts:GetFederationToken"));
    let ann = kit.user("ann", json!([allow(&["sts:GetFederationToken"])]));
    let tagged = json!({ "Tags": with_tags(&[("Status", "OK")]) });
    check_denied(federate(&mut kit, &ann, tagged), &denied("ann", "sts:TagSession"));
}

#[test]
fn temporary_credentials_make_no_more_of_them() {
    let mut kit = Kit::new(crate::SERVICES);
    let ann = kit.user("ann", json!([allow(&["*"])]));
    let role = kit.role("r", json!([trusts(&["sts:AssumeRole"], ACCOUNT)]), json!([allow(&["*"])]));
    let of_role = session(&mut kit, &ann, &role, json!({}));
    let answer = kit.call(&ann, "sts:GetSessionToken", json!({})).expect("a session");
    let of_user = kit.identity(&answer);
    let answer = federate(&mut kit, &ann, json!({ "Policy": document(json!([allow(&["*"])])) })).expect("a session");
    let federated = kit.identity(&answer);
    for who in [&of_role, &of_user, &federated] {
        for operation in ["GetSessionToken", "GetFederationToken"] {
            let answer = kit.call(who, &format!("sts:{operation}"), json!({ "Name": "fed" }));
            check_fault(answer, 403, "AccessDenied", &format!("Cannot call {operation} with session credentials"));
            assert!(decided_by(&kit).starts_with("sts-"), "{operation}");
        }
        assert!(kit.call(who, "sts:GetCallerIdentity", json!({})).is_ok());
    }
    assert!(assume(&mut kit, &of_user, &role).is_ok(), "AssumeRole is the exception for a user's own session");
    assert!(assume(&mut kit, &federated, &role).is_err());
}

/// "You cannot call any IAM API operations unless MFA authentication information is included in the request."
#[test]
fn iam_takes_a_roles_temporary_credentials_only() {
    let mut kit = Kit::new(crate::SERVICES);
    let ann = kit.user("ann", json!([allow(&["*"])]));
    let role = kit.role("r", json!([trusts(&["sts:AssumeRole"], ACCOUNT)]), json!([allow(&["*"])]));
    let of_role = session(&mut kit, &ann, &role, json!({}));
    assert!(kit.call(&of_role, "iam:ListUsers", json!({})).is_ok());
    let answer = kit.call(&ann, "sts:GetSessionToken", json!({})).expect("a session");
    let of_user = kit.identity(&answer);
    let text = "The security token included in the request is invalid.";
    check_fault(kit.call(&of_user, "iam:ListUsers", json!({})), 403, "InvalidClientTokenId", text);
    assert_eq!(decided_by(&kit), "iam-temporary-user");
    assert!(kit.call(&of_user, "ecs:ListClusters", json!({})).is_ok());
}

/// No permission is needed, and no policy of the caller's denies it; nor GetCallerIdentity. An endpoint's policy does.
#[test]
fn policies_say_nothing_about_get_session_token_and_get_caller_identity() {
    let mut kit = Kit::new(crate::SERVICES);
    let ann = kit.user("ann", json!([{ "Effect": "Deny", "Action": "sts:*", "Resource": "*" }]));
    let answer = kit.call(&ann, "sts:GetSessionToken", json!({})).expect("a session");
    assert_eq!(answer["Credentials"]["Expiration"], "2026-11-24T20:00:00Z");
    assert_eq!(decided_by(&kit), "sts-session-token");
    let session = kit.identity(&answer);
    for who in [&ann, &session] {
        let me = kit.call(who, "sts:GetCallerIdentity", json!({})).expect("an answer");
        assert_eq!(me["Arn"], user_arn("ann"));
        assert_eq!(decided_by(&kit), "sts-caller-identity");
    }
    let session_tokens =
        json!([{ "Effect": "Allow", "Principal": "*", "Action": "sts:GetSessionToken", "Resource": "*" }]);
    let policy = iam::read_policy(&document(session_tokens), policy::Kind::Endpoint).expect("a policy");
    let policy = Arc::new(policy::Policy::new("endpoint", policy::Kind::Endpoint, &policy));
    let (id, vpc, account) = ("vpce-1".to_owned(), "vpc-1".to_owned(), ACCOUNT.to_owned());
    kit.world.set_endpoint("sts", account::Endpoint { id, vpc, account, policy });
    assert!(kit.call(&ann, "sts:GetSessionToken", json!({})).is_ok());
    check_denied(kit.call(&ann, "sts:GetCallerIdentity", json!({})), "User: ");
}

/// The fact of the only decision.
fn decided_by(kit: &Kit) -> &'static str {
    match &*kit.decisions {
        [one] => one.decision.fact.map_or("none", |fact| fact.id),
        other => panic!("{} decisions", other.len()),
    }
}

#[test]
fn the_root_users_sessions_end_after_an_hour() {
    let mut kit = Kit::new(crate::SERVICES);
    for input in [json!({}), json!({ "DurationSeconds": 7200 })] {
        let answer = kit.as_root("sts:GetSessionToken", input).expect("a session");
        assert_eq!(answer["Credentials"]["Expiration"], "2026-11-24T09:00:00Z");
        let session = kit.identity(&answer);
        let me = kit.call(&session, "sts:GetCallerIdentity", json!({})).expect("an answer");
        assert_eq!(me["Arn"], format!("arn:aws:iam::{ACCOUNT}:root"));
    }
    let answer = federate(&mut kit, &root(ACCOUNT), json!({ "DurationSeconds": 900 })).expect("a session");
    assert_eq!(answer["Credentials"]["Expiration"], "2026-11-24T08:15:00Z");
}

/// "Even if you create a new IAM user that reuses a friendly name you deleted before … the old IAM user … and the new IAM
/// user … have different unique IDs."
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
#[test]
fn credentials_of_a_deleted_user_or_role_are_not_those_of_one_made_anew_under_the_name() {
    let mut kit = Kit::new(crate::SERVICES);
    let all = || json!([allow(&["*"])]);
    let trust = || json!([trusts(&["sts:AssumeRole"], ACCOUNT)]);
    let ann = kit.user("ann", all());
    let role = kit.role("r", trust(), all());
    let of_role = session(&mut kit, &ann, &role, json!({}));
    let answer = kit.call(&ann, "sts:GetSessionToken", json!({})).expect("a session");
    let of_user = kit.identity(&answer);
    let whole = json!({ "Policy": document(all()) });
    let answer = federate(&mut kit, &ann, whole).expect("a session");
    let federated = kit.identity(&answer);
    let old = [("long-term", ann), ("of the role", of_role), ("of the user", of_user), ("federated", federated)];
    for (what, who) in &old {
        kit.call(who, "ecs:ListClusters", json!({})).unwrap_or_else(|fault| panic!("{what}: {fault}"));
    }
    kit.setup("iam:DeleteUserPolicy", json!({ "UserName": "ann", "PolicyName": "p" }));
    kit.setup("iam:DeleteUser", json!({ "UserName": "ann" }));
    kit.setup("iam:DeleteRolePolicy", json!({ "RoleName": "r", "PolicyName": "p" }));
    kit.setup("iam:DeleteRole", json!({ "RoleName": "r" }));
    for _ in ["gone", "made anew"] {
        for (what, who) in &old {
            for operation in ["sts:GetCallerIdentity", "ecs:ListClusters"] {
                let fault = kit.call(who, operation, json!({})).expect_err(what);
                assert_eq!((fault.status, &*fault.code), (403, "InvalidClientTokenId"), "{what}: {operation}");
            }
        }
        if kit.as_root("iam:GetUser", json!({ "UserName": "ann" })).is_err() {
            kit.user("ann", all());
            kit.role("r", trust(), all());
        }
    }
}

/// docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateUser.html
#[test]
fn sessions_of_a_renamed_user_stay_its_own() {
    let mut kit = Kit::new(crate::SERVICES);
    let ann = kit.user("ann", json!([allow(&["*"])]));
    let answer = kit.call(&ann, "sts:GetSessionToken", json!({})).expect("a session");
    let of_user = kit.identity(&answer);
    let answer = federate(&mut kit, &ann, json!({ "Policy": document(json!([allow(&["*"])])) })).expect("a session");
    let federated = kit.identity(&answer);
    kit.setup("iam:UpdateUser", json!({ "UserName": "ann", "NewUserName": "eve" }));
    kit.setup("iam:CreateUser", json!({ "UserName": "ann" }));
    let me = kit.call(&of_user, "sts:GetCallerIdentity", json!({})).expect("an answer");
    assert_eq!(me["Arn"], user_arn("eve"));
    assert!(kit.call(&federated, "ecs:ListClusters", json!({})).is_ok(), "the new ann may do nothing");
}

/// Requests with a session that has ended are told so, as long as it is known: the last hour's are, and a thousand before.
#[test]
fn sessions_that_have_ended_are_known_as_such_and_no_more_than_a_thousand_for_long() {
    let mut kit = Kit::new(crate::SERVICES);
    let ann = kit.user("ann", json!([]));
    let session = |kit: &mut Kit| {
        let answer = kit.call(&ann, "sts:GetSessionToken", json!({ "DurationSeconds": 900 })).expect("a session");
        answer["Credentials"]["AccessKeyId"].as_str().expect("a key").to_owned()
    };
    let before = kit.world.credentials().iter().count();
    let first = session(&mut kit);
    // All of the last hour are there, however many.
    kit.wait(900);
    let many: Vec<_> = (0..1500).map(|_| session(&mut kit)).collect();
    kit.wait(900 + 3600);
    session(&mut kit);
    assert_eq!(kit.world.credentials().iter().count() - before, 1 + 1500 + 1);
    assert!(kit.world.credentials().get(&first).is_some(), "it has ended more than an hour ago");
    kit.wait(1);
    session(&mut kit);
    assert_eq!(kit.world.credentials().iter().count() - before, 1000 + 2);
    assert!(kit.world.credentials().get(&first).is_none(), "it ended first");
    let kept = many.iter().filter(|key| kit.world.credentials().get(key).is_some()).count();
    assert_eq!(kept, 1000);
}
