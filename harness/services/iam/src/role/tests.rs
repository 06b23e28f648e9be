use serde_json::{Value, json};
use testkit::{ACCOUNT, Kit, allow, document};

fn ecs() -> Value {
    json!([{ "Effect": "Allow", "Principal": { "Service": "ecs-tasks.amazonaws.com" }, "Action": "sts:AssumeRole" }])
}

fn trusting(name: &str) -> Value {
    json!([{ "Effect": "Allow", "Principal": { "AWS": name }, "Action": "sts:AssumeRole" }])
}

#[test]
fn a_role_as_its_operations_show_it() {
    let mut kit = Kit::new(crate::SERVICES);
    let made = kit.setup(
        "iam:CreateRole",
        json!({
            "RoleName": "app", "Path": "/svc/", "AssumeRolePolicyDocument": document(ecs()), "Description": "d",
            "MaxSessionDuration": 7200, "Tags": [{ "Key": "Status", "Value": "OK" }],
        }),
    );
    let role = &made["Role"];
    assert_eq!(role["Arn"], "arn:aws:iam::123456789012:role/svc/app");
    assert!(role["RoleId"].as_str().is_some_and(|id| id.starts_with("AROA") && id.len() == 21));
    assert_eq!(role["Tags"], json!([{ "Key": "Status", "Value": "OK" }]));
    let encoded = role["AssumeRolePolicyDocument"].as_str().unwrap();
    assert!(encoded.starts_with("%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B"), "{encoded}");
    assert!(encoded.contains("ecs-tasks.amazonaws.com"), "{encoded}");

    let got = kit.setup("iam:GetRole", json!({ "RoleName": "app" }));
    assert_eq!((&got["Role"]["MaxSessionDuration"], &got["Role"]["RoleLastUsed"]), (&json!(7200), &json!({})));
    let list = kit.setup("iam:ListRoles", json!({ "PathPrefix": "/svc" }));
    assert_eq!((list["Roles"][0].get("Tags"), &list["Roles"][0]["Description"]), (None, &json!("d")));

    let found = kit.world.role("arn:aws:iam::123456789012:role/svc/app").unwrap();
    assert_eq!((found.metadata.account(), found.metadata.name.as_str()), (ACCOUNT, "app"));
    assert_eq!((json!(found.metadata.id), found.max_session_duration), (role["RoleId"].clone(), 7_200));
    assert_eq!((found.metadata.tags.get("Status"), found.trust.policy.kind()), (Some("OK"), policy::Kind::Trust));
    assert!(kit.world.role("arn:aws:iam::123456789012:role/app").is_none(), "the path is part of it");
    assert!(kit.world.role("arn:aws:sts::123456789012:role/svc/app").is_none());
}

#[test]
fn what_cannot_be_a_role() {
    let boundary = |arn: &str| json!({ "PermissionsBoundary": arn });
    let cases = [
        (
            json!({ "MaxSessionDuration": 3599 }),
            "ValidationError",
            "1 validation error detected: Value at \
          'maxSessionDuration' failed to satisfy constraint: Member must have value greater than or equal to 3600",
        ),
        (
            json!({ "MaxSessionDuration": 43201 }),
            "ValidationError",
            "1 validation error detected: Value at \
          'maxSessionDuration' failed to satisfy constraint: Member must have value less than or equal to 43200",
        ),
        (
            boundary("arn:aws:iam::123456789012:not_a_policy/invalid"),
            "InvalidInput",
            "ARN arn:aws:iam::123456789012:not_a_policy/invalid is not valid.",
        ),
        (
            boundary("arn:aws:iam::123456789012:policy/none"),
            "NoSuchEntity",
            "Scope ARN: arn:aws:iam::123456789012:policy/none does not exist or is not attachable.",
        ),
        (json!({ "RoleName": "TAKEN" }), "EntityAlreadyExists", "Role with name TAKEN already exists."),
        (json!({ "AssumeRolePolicyDocument": "{" }), "MalformedPolicyDocument", "This policy contains invalid Json"),
    ];
    for (change, code, text) in cases {
        let mut kit = Kit::new(crate::SERVICES);
        kit.role("taken", ecs(), json!([]));
        let mut input = json!({ "RoleName": "app", "AssumeRolePolicyDocument": document(ecs()) });
        input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let fault = kit.as_root("iam:CreateRole", input).unwrap_err();
        assert_eq!(&*fault.code, code, "{fault}");
        assert!(fault.message.starts_with(text), "{fault}");
        assert_eq!(kit.setup("iam:ListRoles", json!({}))["Roles"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn a_trust_policy_names_who_is_there() {
    let mut kit = Kit::with_other(crate::SERVICES);
    kit.setup("iam:CreateUser", json!({ "UserName": "ann" }));
    let fine = [
        "arn:aws:iam::123456789012:user/ann",
        "arn:aws:iam::123456789012:root",
        "210987654321",
        "arn:aws:iam::999999999999:role/of-an-account-elsewhere",
        "*",
    ];
    for (at, name) in fine.into_iter().enumerate() {
        kit.role(&format!("r{at}"), trusting(name), json!([]));
    }
    let nobody = [
        "arn:aws:iam::123456789012:user/bob",
        "arn:aws:iam::123456789012:role/none",
        "arn:aws:iam::210987654321:user/ann",
        "arn:aws:iam::123456789012:user/x/ann",
        "arn:aws:iam::123456789012:role/*",
        "arn:aws:iam::123456789012:group/g",
    ];
    for name in nobody {
        let input = json!({ "RoleName": "r", "AssumeRolePolicyDocument": document(trusting(name)) });
        let fault = kit.as_root("iam:CreateRole", input).unwrap_err();
        let text = format!("Invalid principal in policy: \"AWS\":\"{name}\"");
        assert_eq!((&*fault.code, fault.status, &*fault.message), ("MalformedPolicyDocument", 400, &*text));
    }
}

#[test]
fn of_a_deleted_principal_the_id_remains() {
    let mut kit = Kit::with_other(crate::SERVICES);
    let arn = kit.role("caller", ecs(), json!([]));
    let id = kit.world.role(&arn).unwrap().metadata.id.clone();
    let trust =
        json!([{ "Effect": "Allow", "Principal": { "AWS": [arn, "210987654321"] }, "Action": "sts:AssumeRole" }]);
    // A slash may be written as an escape too.
    let text = document(trust).replace('/', "\\/");
    kit.setup_in("210987654321", "iam:CreateRole", json!({ "RoleName": "target", "AssumeRolePolicyDocument": text }));
    kit.setup("iam:DeleteRole", json!({ "RoleName": "caller" }));
    kit.role("caller", ecs(), json!([]));
    let target = kit.setup_in("210987654321", "iam:GetRole", json!({ "RoleName": "target" }));
    let trust = target["Role"]["AssumeRolePolicyDocument"].as_str().unwrap();
    assert!(trust.contains(&format!("%22{id}%22")) && !trust.contains("caller"), "{trust}");
}

#[test]
fn the_words_for_a_bad_trust_policy() {
    let mut kit = Kit::new(crate::SERVICES);
    kit.role("r", ecs(), json!([]));
    let mut check = |statement: Value, text: &str| {
        let input = json!({ "RoleName": "r", "PolicyDocument": document(json!([statement])) });
        let fault = kit.as_root("iam:UpdateAssumeRolePolicy", input).unwrap_err();
        assert_eq!((&*fault.code, &*fault.message), ("MalformedPolicyDocument", text));
    };
    let service = json!({ "Service": "ec2.amazonaws.com" });
    check(
        json!({ "Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole", "Resource": "*" }),
        "Has prohibited field Resource",
    );
    check(
        json!({ "Effect": "Allow", "Principal": service, "Action": "s3:GetObject" }),
        "AssumeRole policy may only specify STS AssumeRole actions.",
    );
    check(json!({ "Effect": "Allow", "Action": "sts:AssumeRole" }), "Missing required field Principal");
}

#[test]
fn trust_is_measured() {
    let mut kit = Kit::new(crate::SERVICES);
    let long: Vec<String> = (0..80).map(|at| format!("arn:aws:iam::9999999999{at:02}:root")).collect();
    let trust = json!([{ "Effect": "Allow", "Principal": { "AWS": long }, "Action": "sts:AssumeRole" }]);
    let fault = kit.as_root("iam:CreateRole", json!({ "RoleName": "r", "AssumeRolePolicyDocument": document(trust) }));
    let fault = fault.unwrap_err();
    assert_eq!((&*fault.code, &*fault.message), ("LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048"));
}

#[test]
fn a_role_is_changed_and_goes() {
    let mut kit = Kit::new(crate::SERVICES);
    kit.role("r", ecs(), json!([allow(&["s3:GetObject"])]));
    kit.setup("iam:UpdateRole", json!({ "RoleName": "r", "MaxSessionDuration": 7200 }));
    kit.setup("iam:UpdateRoleDescription", json!({ "RoleName": "r", "Description": "new" }));
    kit.setup("iam:UpdateRole", json!({ "RoleName": "r" }));
    let got = kit.setup("iam:GetRole", json!({ "RoleName": "r" }));
    assert_eq!((&got["Role"]["MaxSessionDuration"], &got["Role"]["Description"]), (&json!(7200), &json!("new")));
    let conflict = kit.as_root("iam:DeleteRole", json!({ "RoleName": "r" })).unwrap_err();
    assert_eq!(conflict.message, "Cannot delete entity, must delete policies first.");
    kit.setup("iam:DeleteRolePolicy", json!({ "RoleName": "r", "PolicyName": "p" }));
    kit.setup("iam:DeleteRole", json!({ "RoleName": "r" }));
    let gone = kit.as_root("iam:GetRole", json!({ "RoleName": "r" })).unwrap_err();
    assert_eq!(gone.message, "The role with name r cannot be found.");
}
