//! What GetAccountAuthorizationDetails tells saves the policies on the line.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use serde_json::{Value, json};
use simulate::{Details, Simulator};

fn allow(actions: Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]})
}

/// As the AWS CLI prints it, but for one document that is as the API sends it.
fn dump() -> Value {
    let own = json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::home/${aws:username}/*",
        "Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}}}});
    let trust = json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ann"}, "Action": "sts:AssumeRole"}});
    json!({
        "UserDetailList": [
            {"UserName": "ann", "Path": "/", "Arn": "arn:aws:iam::111122223333:user/ann", "GroupList": ["readers"],
             "UserPolicyList": [{"PolicyName": "own", "PolicyDocument": own}],
             "AttachedManagedPolicies": [], "Tags": [{"Key": "team", "Value": "red"}]},
            {"UserName": "bob", "Path": "/", "Arn": "arn:aws:iam::111122223333:user/bob", "GroupList": [],
             "AttachedManagedPolicies": [{"PolicyName": "AdministratorAccess", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}],
             "PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/limit"}},
            {"UserName": "eve", "Path": "/", "Arn": "arn:aws:iam::111122223333:user/eve", "GroupList": ["gone"],
             "UserPolicyList": [{"PolicyName": "bad", "PolicyDocument": {"Statement": {"Effect": "Alow"}}}],
             "AttachedManagedPolicies": [{"PolicyName": "lost", "PolicyArn": "arn:aws:iam::111122223333:policy/lost"}]},
        ],
        "GroupDetailList": [
            {"GroupName": "readers", "Arn": "arn:aws:iam::111122223333:group/readers",
             "GroupPolicyList": [{"PolicyName": "read", "PolicyDocument": "%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3AGet%2A%22%2C%22Resource%22%3A%22%2A%22%7D%7D"}],
             "AttachedManagedPolicies": []},
        ],
        "RoleDetailList": [
            {"RoleName": "app", "Path": "/service/", "Arn": "arn:aws:iam::111122223333:role/service/app",
             "AssumeRolePolicyDocument": trust, "RolePolicyList": [],
             "AttachedManagedPolicies": [{"PolicyName": "limit", "PolicyArn": "arn:aws:iam::111122223333:policy/limit"}],
             "Tags": [{"Key": "team", "Value": "blue"}]},
        ],
        "Policies": [
            {"PolicyName": "limit", "Arn": "arn:aws:iam::111122223333:policy/limit", "DefaultVersionId": "v2",
             "PolicyVersionList": [
                {"Document": allow(json!("s3:Get*")), "VersionId": "v2", "IsDefaultVersion": true},
                {"Document": allow(json!("*")), "VersionId": "v1", "IsDefaultVersion": false}]},
        ],
    })
}

fn ask(details: &Details, principal: &str, action: &str, resource: &str, more: &str) -> Value {
    let line = format!(r#"{{"principal":"{principal}","action":"{action}","resource":"{resource}"{more}}}"#);
    let mut out = Vec::new();
    Simulator::new(Some(details)).answer(line.as_bytes(), 1, true, &mut out);
    serde_json::from_slice(&out).unwrap()
}

const ANN: &str = "arn:aws:iam::111122223333:user/ann";
const BOB: &str = "arn:aws:iam::111122223333:user/bob";
const APP: &str = "arn:aws:sts::111122223333:assumed-role/app/task-1";

#[test]
fn policies_boundary_and_tags_are_taken_from_it() {
    let details = Details::read(&dump().to_string()).unwrap();
    let own = "arn:aws:s3:::home/ann/x";
    for (principal, action, resource, more, decision, by) in [
        (ANN, "s3:PutObject", own, "", "Allowed", json!(["identity"])),
        (ANN, "s3:PutObject", "arn:aws:s3:::home/bob/x", "", "ImplicitlyDenied", json!(["identity"])),
        (
            ANN,
            "s3:PutObject",
            own,
            r#","context":{"aws:PrincipalTag/Team":"x"}"#,
            "ImplicitlyDenied",
            json!(["identity"]),
        ),
        (ANN, "s3:GetObject", own, "", "Allowed", json!(["identity"])),
        (BOB, "s3:GetObject", own, "", "Allowed", json!(["identity"])),
        (BOB, "s3:PutObject", own, "", "ImplicitlyDenied", json!(["boundary"])),
        (BOB, "s3:PutObject", own, r#","policies":{"boundary":[]}"#, "Allowed", json!(["identity"])),
        (APP, "s3:GetObject", own, "", "Allowed", json!(["identity"])),
        (
            "arn:aws:iam::111122223333:role/service/app",
            "s3:PutObject",
            own,
            "",
            "ImplicitlyDenied",
            json!(["identity"]),
        ),
        (APP, "s3:GetObject", own, r#","policies":{"identity":[]}"#, "ImplicitlyDenied", json!(["identity"])),
    ] {
        let found = ask(&details, principal, action, resource, more);
        assert_eq!(
            (&found["decision"], &found["by"]),
            (&json!(decision), &by),
            "{principal} {action} {resource}{more}: {found}"
        );
    }
    let names = ask(&details, ANN, "s3:GetObject", own, "");
    let names: Vec<_> = names["trace"]["policies"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["user/ann/own", "group/readers/read"]);
    let denied = ask(&details, APP, "s3:PutObject", own, "");
    assert_eq!(denied["trace"]["policies"][0]["arn"], "arn:aws:iam::111122223333:policy/limit");
}

/// The session's ARN lacks the path of the role, which conditions on the role's ARN see.
#[test]
fn a_session_has_its_role_with_path_and_tags() {
    let details = Details::read(&dump().to_string()).unwrap();
    let policy = r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:DeleteObject","Resource":"*","Condition":{
        "ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/service/app"},"StringEquals":{"aws:PrincipalTag/team":"blue"}}}}"#;
    let policies = format!(r#","policies":{{"resource":{}}}"#, policy.replace('\n', ""));
    assert_eq!(ask(&details, APP, "s3:DeleteObject", "arn:aws:s3:::b/k", &policies)["decision"], "Allowed");
}

#[test]
fn a_role_to_assume_has_its_trust_policy() {
    let details = Details::read(&dump().to_string()).unwrap();
    let role = "arn:aws:iam::111122223333:role/service/app";
    assert_eq!(ask(&details, ANN, "sts:AssumeRole", role, "")["decision"], "Allowed");
    // Bob may do everything, but within his boundary, and the role does not trust him.
    let bob = ask(&details, BOB, "sts:AssumeRole", role, r#","policies":{"boundary":[]}"#);
    assert_eq!((&bob["decision"], &bob["by"]), (&json!("ImplicitlyDenied"), &json!(["trust"])), "{bob}");
}

#[test]
fn what_it_lacks_is_told_and_not_guessed() {
    let details = Details::read(&dump().to_string()).unwrap();
    let nobody = ask(&details, "arn:aws:iam::111122223333:user/amn", "s3:GetObject", "*", "");
    assert_eq!(nobody["error"]["message"], "`arn:aws:iam::111122223333:user/amn` is not in the account details");
    assert_eq!(nobody["error"]["help"], format!("did you mean `{ANN}`?"));
    let given = r#","policies":{"identity":[]}"#;
    assert_eq!(
        ask(&details, "arn:aws:iam::444455556666:user/x", "s3:GetObject", "*", given)["decision"],
        "ImplicitlyDenied"
    );
    let eve = ask(&details, "arn:aws:iam::111122223333:user/eve", "s3:GetObject", "*", "");
    let also =
        [&eve["error"], &eve["error"]["also"][0], &eve["error"]["also"][1]].map(|one| one["message"].as_str().unwrap());
    assert!(also[0].starts_with("the policy `user/eve/bad` cannot be read: "), "{eve}");
    assert_eq!(also[1], "the policy `arn:aws:iam::111122223333:policy/lost` is not in the account details");
    assert_eq!(also[2], "the group `gone` of `arn:aws:iam::111122223333:user/eve` is not in the account details");
    assert_eq!(ask(&details, "anonymous", "s3:GetObject", "*", "")["decision"], "ImplicitlyDenied");
}

#[test]
fn a_dump_of_another_form_is_refused() {
    for (text, messages) in [
        ("{", &["expected `}`, but the text ends"][..]),
        ("[]", &["no account details: none of UserDetailList, GroupDetailList, RoleDetailList, Policies is here"]),
        (r#"{"UserDetailList": {}}"#, &["UserDetailList is a mapping, and should be a list"]),
        (
            r#"{"UserDetailList": [{"Arn": "a"}], "RoleDetailList": [{"RoleName": "r"}]}"#,
            &["UserName is missing", "Arn is missing"],
        ),
        (
            r#"{"UserDetailList": [{"Arn": "a", "UserName": "u", "UserPolicyList": [{"PolicyName": "p", "PolicyDocument": 1}, {"PolicyName": "q"}]}]}"#,
            &["a policy document is a number, and should be an object or text", "PolicyDocument is missing"],
        ),
        (
            r#"{"Policies": [{"Arn": "a", "PolicyVersionList": []}]}"#,
            &["a default version with its Document is missing"],
        ),
    ] {
        let told: Vec<_> = Details::read(text).unwrap_err().into_iter().map(|finding| finding.message).collect();
        assert_eq!(told, messages, "{text}");
    }
}
