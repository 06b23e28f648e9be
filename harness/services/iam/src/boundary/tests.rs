use serde_json::json;
use testkit::{Kit, allow, document};

const BOUNDARY: &str = "arn:aws:iam::123456789012:policy/boundary";

fn kit(actions: &[&str]) -> Kit {
    let mut kit = Kit::new(crate::SERVICES);
    let text = document(json!([allow(actions)]));
    kit.setup("iam:CreatePolicy", json!({ "PolicyName": "boundary", "PolicyDocument": text }));
    kit
}

#[test]
fn a_boundary_limits_and_does_not_grant() {
    let mut kit = kit(&["iam:ListUsers", "iam:ListGroups"]);
    let ann = kit.user("ann", json!([allow(&["iam:ListUsers", "iam:ListRoles"])]));
    let put = json!({ "UserName": "ann", "PermissionsBoundary": BOUNDARY });
    kit.setup("iam:PutUserPermissionsBoundary", put);
    kit.call(&ann, "iam:ListUsers", json!({})).unwrap();
    let over = kit.call(&ann, "iam:ListRoles", json!({})).unwrap_err();
    assert!(over.message.ends_with("because no permissions boundary allows the iam:ListRoles action"), "{over}");
    let under = kit.call(&ann, "iam:ListGroups", json!({})).unwrap_err();
    assert!(under.message.ends_with("because no identity-based policy allows the iam:ListGroups action"), "{under}");

    let user = kit.setup("iam:GetUser", json!({ "UserName": "ann" }));
    let shown = json!({ "PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": BOUNDARY });
    assert_eq!(user["User"]["PermissionsBoundary"], shown);
    let policy = kit.setup("iam:GetPolicy", json!({ "PolicyArn": BOUNDARY }));
    assert_eq!(policy["Policy"]["PermissionsBoundaryUsageCount"], 1);
    assert_eq!(&*kit.as_root("iam:DeletePolicy", json!({ "PolicyArn": BOUNDARY })).unwrap_err().code, "DeleteConflict");

    kit.setup("iam:DeleteUserPermissionsBoundary", json!({ "UserName": "ann" }));
    kit.call(&ann, "iam:ListRoles", json!({})).unwrap();
}

#[test]
fn a_policy_of_aws_can_be_the_boundary() {
    let mut kit = Kit::new(crate::SERVICES);
    let ann = kit.user("ann", json!([allow(&["iam:*"])]));
    let put = json!({ "UserName": "ann", "PermissionsBoundary": "arn:aws:iam::aws:policy/IAMReadOnlyAccess" });
    kit.setup("iam:PutUserPermissionsBoundary", put);
    kit.call(&ann, "iam:ListUsers", json!({})).unwrap();
    assert!(kit.call(&ann, "iam:CreateGroup", json!({ "GroupName": "g" })).is_err());
}

/// The delegation of docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html: users may be made and
/// given policies under the boundary only, and it cannot be taken off.
#[test]
fn an_administrator_may_be_held_to_a_boundary() {
    let mut kit = kit(&["s3:*"]);
    let under = json!({ "StringEquals": { "iam:PermissionsBoundary": BOUNDARY } });
    let admin = kit.user(
        "admin",
        json!([{ "Effect": "Allow", "Resource": "*", "Condition": under,
        "Action": ["iam:CreateUser", "iam:PutUserPolicy", "iam:PutUserPermissionsBoundary", "iam:AttachUserPolicy"] }]),
    );
    let mut may = |action: &str, input: serde_json::Value| kit.call(&admin, action, input).is_ok();
    assert!(!may("iam:CreateUser", json!({ "UserName": "bob" })));
    assert!(may("iam:CreateUser", json!({ "UserName": "bob", "PermissionsBoundary": BOUNDARY })));
    let text = document(json!([allow(&["s3:*"])]));
    let policy = |user: &str| json!({ "UserName": user, "PolicyName": "p", "PolicyDocument": text });
    assert!(may("iam:PutUserPolicy", policy("bob")));
    assert!(!may("iam:PutUserPolicy", policy("admin")), "who has no boundary");
    let other = json!({ "UserName": "bob", "PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess" });
    assert!(!may("iam:PutUserPermissionsBoundary", other));
    assert!(may("iam:PutUserPermissionsBoundary", json!({ "UserName": "admin", "PermissionsBoundary": BOUNDARY })));
}

#[test]
fn a_boundary_denies_as_what_it_is() {
    let mut kit = Kit::new(crate::SERVICES);
    let text = document(json!([allow(&["iam:*"]), { "Effect": "Deny", "Action": "iam:ListRoles", "Resource": "*" }]));
    kit.setup("iam:CreatePolicy", json!({ "PolicyName": "boundary", "PolicyDocument": text }));
    let ann = kit.user("ann", json!([allow(&["iam:*"])]));
    kit.setup("iam:PutUserPermissionsBoundary", json!({ "UserName": "ann", "PermissionsBoundary": BOUNDARY }));
    kit.call(&ann, "iam:ListUsers", json!({})).unwrap();
    let fault = kit.call(&ann, "iam:ListRoles", json!({})).unwrap_err();
    assert!(fault.message.contains("with an explicit deny in a permissions boundary"), "{fault}");
    let trace = kit.decisions[0].decision.trace.as_ref().unwrap();
    let kinds: Vec<_> =
        trace.policies.iter().filter(|policy| policy.name == BOUNDARY).map(|policy| policy.kind).collect();
    assert_eq!(kinds, [policy::Kind::Boundary]);
}
