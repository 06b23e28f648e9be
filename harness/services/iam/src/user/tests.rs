use std::sync::Arc;

use account::{Fault, Identity, Session, SessionKind, Tags};
use serde_json::{Value, json};
use testkit::{ACCOUNT, Kit, allow, document};

fn check(result: Result<Value, Fault>, status: u16, code: &str, message: &str) {
    let fault = result.unwrap_err();
    assert_eq!((fault.status, &*fault.code, &*fault.message), (status, code, message));
}

#[test]
fn a_user_comes_and_goes() {
    let mut kit = Kit::new(crate::SERVICES);
    let made = kit.setup("iam:CreateUser", json!({ "UserName": "ann", "Path": "/staff/" }));
    let user = &made["User"];
    assert_eq!(user["Arn"], "arn:aws:iam::123456789012:user/staff/ann");
    assert_eq!((&user["Path"], &user["CreateDate"]), (&json!("/staff/"), &json!("2026-11-24T08:00:00Z")));
    assert!(user["UserId"].as_str().is_some_and(|id| id.starts_with("AIDA") && id.len() == 21));
    assert_eq!(user.get("Tags"), None);
    assert_eq!(kit.setup("iam:GetUser", json!({ "UserName": "ann" })), made);
    kit.setup("iam:DeleteUser", json!({ "UserName": "ann" }));
    let gone = "The user with name ann cannot be found.";
    check(kit.as_root("iam:GetUser", json!({ "UserName": "ann" })), 404, "NoSuchEntity", gone);
    check(kit.as_root("iam:DeleteUser", json!({ "UserName": "ann" })), 404, "NoSuchEntity", gone);
}

#[test]
fn names_are_not_distinguished_by_case_or_path() {
    let mut kit = Kit::new(crate::SERVICES);
    kit.setup("iam:CreateUser", json!({ "UserName": "Ann" }));
    let again = kit.as_root("iam:CreateUser", json!({ "UserName": "ann", "Path": "/other/" }));
    check(again, 409, "EntityAlreadyExists", "User with name ann already exists.");
}

#[test]
fn without_a_name_it_is_the_caller() {
    let mut kit = Kit::new(crate::SERVICES);
    let ann = kit.user("ann", json!([allow(&["iam:GetUser"])]));
    assert_eq!(kit.call(&ann, "iam:GetUser", json!({})).unwrap()["User"]["UserName"], "ann");
    let root = kit.setup("iam:GetUser", json!({}));
    assert_eq!(root["User"]["Arn"], "arn:aws:iam::123456789012:root");
}

#[test]
fn a_user_may_be_let_see_only_itself() {
    let mut kit = Kit::new(crate::SERVICES);
    kit.setup("iam:CreateUser", json!({ "UserName": "bob" }));
    let own = json!([{ "Effect": "Allow", "Action": "iam:*", "Resource": "arn:aws:iam::*:user/${aws:username}" }]);
    let ann = kit.user("ann", own);
    kit.call(&ann, "iam:GetUser", json!({ "UserName": "ann" })).unwrap();
    let other = kit.call(&ann, "iam:GetUser", json!({ "UserName": "bob" })).unwrap_err();
    assert_eq!(
        other.message,
        "User: arn:aws:iam::123456789012:user/ann is not authorized to perform: iam:GetUser on \
        resource: arn:aws:iam::123456789012:user/bob because no identity-based policy allows the iam:GetUser action"
    );
    // Whether a name is there is not told to one who may not ask.
    let missing = kit.call(&ann, "iam:GetUser", json!({ "UserName": "eve" })).unwrap_err();
    assert_eq!(&*missing.code, "AccessDenied");
}

#[test]
fn what_hangs_on_a_user_goes_first() {
    let conflicts = [
        ("iam:CreateAccessKey", json!({ "UserName": "ann" }), "must delete access keys first."),
        ("iam:AddUserToGroup", json!({ "UserName": "ann", "GroupName": "g" }), "must remove users from group first."),
        (
            "iam:AttachUserPolicy",
            json!({ "UserName": "ann", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess" }),
            "must detach all policies first.",
        ),
        (
            "iam:PutUserPolicy",
            json!({ "UserName": "ann", "PolicyName": "p", "PolicyDocument": document(json!([allow(&["s3:*"])])) }),
            "must delete policies first.",
        ),
    ];
    for (action, input, text) in conflicts {
        let mut kit = Kit::new(crate::SERVICES);
        kit.setup("iam:CreateUser", json!({ "UserName": "ann" }));
        kit.setup("iam:CreateGroup", json!({ "GroupName": "g" }));
        kit.setup(action, input);
        let refused = kit.as_root("iam:DeleteUser", json!({ "UserName": "ann" }));
        check(refused, 409, "DeleteConflict", &format!("Cannot delete entity, {text}"));
    }
}

#[test]
fn lists_come_in_pages() {
    let mut kit = Kit::new(crate::SERVICES);
    for name in ["c", "a", "b"] {
        kit.setup("iam:CreateUser", json!({ "UserName": name, "Path": "/x/y/" }));
    }
    kit.setup("iam:CreateUser", json!({ "UserName": "d" }));
    let names = |list: &Value| -> Vec<String> {
        list["Users"].as_array().unwrap().iter().map(|user| user["UserName"].as_str().unwrap().to_owned()).collect()
    };
    let first = kit.setup("iam:ListUsers", json!({ "PathPrefix": "/x/", "MaxItems": 2 }));
    assert_eq!((names(&first), &first["IsTruncated"]), (vec!["a".to_owned(), "b".to_owned()], &json!(true)));
    // One that goes in between takes nothing else off the next page.
    kit.setup("iam:DeleteUser", json!({ "UserName": "a" }));
    let next = json!({ "PathPrefix": "/x/", "MaxItems": 2, "Marker": first["Marker"] });
    let second = kit.setup("iam:ListUsers", next);
    assert_eq!((names(&second), &second["IsTruncated"]), (vec!["c".to_owned()], &json!(false)));
    assert_eq!(second.get("Marker"), None);
    assert_eq!(names(&kit.setup("iam:ListUsers", json!({}))), ["b", "c", "d"]);
}

#[test]
fn a_renamed_user_keeps_keys_groups_and_trust() {
    let mut kit = Kit::new(crate::SERVICES);
    kit.setup("iam:CreateUser", json!({ "UserName": "ann" }));
    kit.setup("iam:CreateGroup", json!({ "GroupName": "g" }));
    kit.setup("iam:AddUserToGroup", json!({ "UserName": "ann", "GroupName": "g" }));
    let policy = document(json!([allow(&["iam:GetUser"])]));
    kit.setup("iam:PutGroupPolicy", json!({ "GroupName": "g", "PolicyName": "p", "PolicyDocument": policy }));
    let key = kit.setup("iam:CreateAccessKey", json!({ "UserName": "ann" }))["AccessKey"]["AccessKeyId"].clone();
    let trust = json!([{ "Effect": "Allow", "Principal": { "AWS": format!("arn:aws:iam::{ACCOUNT}:user/ann") },
        "Action": "sts:AssumeRole" }]);
    kit.role("r", trust, json!([]));
    kit.setup("iam:UpdateUser", json!({ "UserName": "ann", "NewUserName": "anne", "NewPath": "/n/" }));

    let identity = kit.world.credentials().get(key.as_str().unwrap()).unwrap().identity.clone();
    let own = kit.call(&identity, "iam:GetUser", json!({})).unwrap();
    assert_eq!(own["User"]["Arn"], "arn:aws:iam::123456789012:user/n/anne");
    let role = kit.setup("iam:GetRole", json!({ "RoleName": "r" }));
    let trust = role["Role"]["AssumeRolePolicyDocument"].as_str().unwrap();
    assert!(trust.contains("user%2Fn%2Fanne"), "{trust}");
}

#[test]
fn renaming_takes_the_permission_on_both_names() {
    let mut kit = Kit::new(crate::SERVICES);
    kit.setup("iam:CreateUser", json!({ "UserName": "bob" }));
    let only = json!([{ "Effect": "Allow", "Action": "iam:UpdateUser", "Resource": "arn:aws:iam::*:user/bob" }]);
    let ann = kit.user("ann", only);
    let fault = kit.call(&ann, "iam:UpdateUser", json!({ "UserName": "bob", "NewUserName": "rob" })).unwrap_err();
    assert!(fault.message.contains("on resource: arn:aws:iam::123456789012:user/rob "), "{fault}");
}

#[test]
fn a_roles_session_is_no_user() {
    let mut kit = Kit::new(crate::SERVICES);
    let trust =
        json!([{ "Effect": "Allow", "Principal": { "Service": "ec2.amazonaws.com" }, "Action": "sts:AssumeRole" }]);
    let arn = kit.role("r", trust, json!([allow(&["iam:*"])]));
    let id = kit.world.role(&arn).unwrap().metadata.id.clone();
    let session = Session {
        account: ACCOUNT.to_owned(),
        user_id: format!("{id}:s"),
        kind: SessionKind::Role { name: "r".to_owned(), id, arn },
        arn: format!("arn:aws:sts::{ACCOUNT}:assumed-role/r/s"),
        policies: None,
        tags: Tags::default(),
        transitive: Vec::new(),
        source_identity: None,
        issued: kit.now,
        mfa: false,
    };
    let who = Arc::new(Identity::Session(Arc::new(session)));
    let text = "Must specify userName when calling with non-User credentials";
    for action in ["iam:GetUser", "iam:CreateAccessKey", "iam:ListAccessKeys"] {
        check(kit.call(&who, action, json!({})), 400, "ValidationError", text);
    }
    kit.call(&who, "iam:ListUsers", json!({})).unwrap();
    kit.setup("iam:DeleteRolePolicy", json!({ "RoleName": "r", "PolicyName": "p" }));
    assert_eq!(&*kit.call(&who, "iam:ListUsers", json!({})).unwrap_err().code, "AccessDenied", "at once");
}

/// docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADevices.html
#[test]
fn mfa_devices_are_listed_of_users_with_the_right_tag() {
    let mut kit = Kit::new(crate::SERVICES);
    for (name, team) in [("bob", "blue"), ("eve", "red")] {
        let tags = json!([{ "Key": "team", "Value": team }]);
        kit.setup("iam:CreateUser", json!({ "UserName": name, "Tags": tags }));
    }
    let blue = json!({ "StringEquals": { "aws:ResourceTag/team": "blue" } });
    let ann = kit.user(
        "ann",
        json!([{ "Effect": "Allow", "Action": "iam:ListMFADevices", "Resource": "*", "Condition": blue }]),
    );
    let list = |kit: &mut Kit, input: Value| kit.call(&ann, "iam:ListMFADevices", input);
    let none = json!({ "MFADevices": [], "IsTruncated": false });
    assert_eq!(list(&mut kit, json!({ "UserName": "bob" })), Ok(none.clone()));
    for denied in [json!({ "UserName": "eve" }), json!({})] {
        assert_eq!(&*list(&mut kit, denied).unwrap_err().code, "AccessDenied");
    }
    assert_eq!(kit.setup("iam:ListMFADevices", json!({})), none, "the root user's own");
    let gone = kit.as_root("iam:ListMFADevices", json!({ "UserName": "none" }));
    check(gone, 404, "NoSuchEntity", "The user with name none cannot be found.");
}
