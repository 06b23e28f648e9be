use serde_json::{Value, json};
use testkit::{Kit, allow, document};

fn kit() -> Kit {
    let mut kit = Kit::new(crate::SERVICES);
    kit.user("ann", json!([allow(&["s3:GetObject"])]));
    kit.setup("iam:CreateGroup", json!({ "GroupName": "g" }));
    kit.setup("iam:AddUserToGroup", json!({ "GroupName": "g", "UserName": "ann" }));
    let read_only = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    kit.setup("iam:AttachGroupPolicy", json!({ "GroupName": "g", "PolicyArn": read_only }));
    let text = document(json!([allow(&["s3:*"])]));
    kit.setup("iam:CreatePolicy", json!({ "PolicyName": "p", "PolicyDocument": text }));
    let trust =
        json!([{ "Effect": "Allow", "Principal": { "Service": "ec2.amazonaws.com" }, "Action": "sts:AssumeRole" }]);
    kit.role("r", trust, json!([]));
    kit.setup("iam:CreateInstanceProfile", json!({ "InstanceProfileName": "i" }));
    kit.setup("iam:AddRoleToInstanceProfile", json!({ "InstanceProfileName": "i", "RoleName": "r" }));
    kit
}

fn names(list: &Value, member: &str) -> Vec<Value> {
    list.as_array().unwrap().iter().map(|item| item[member].clone()).collect()
}

#[test]
fn all_of_it() {
    let all = kit().setup("iam:GetAccountAuthorizationDetails", json!({}));
    let user = &all["UserDetailList"][0];
    assert_eq!((&user["UserName"], &user["GroupList"]), (&json!("ann"), &json!(["g"])));
    assert_eq!(user["UserPolicyList"][0]["PolicyName"], "p");
    assert_eq!(all["GroupDetailList"][0]["AttachedManagedPolicies"][0]["PolicyName"], "ReadOnlyAccess");
    let role = &all["RoleDetailList"][0];
    assert_eq!((&role["RoleName"], &role["InstanceProfileList"][0]["InstanceProfileName"]), (&json!("r"), &json!("i")));
    assert_eq!(names(&all["Policies"], "PolicyName"), ["p", "ReadOnlyAccess"]);
    assert!(all["Policies"][0]["PolicyVersionList"][0]["Document"].as_str().unwrap().starts_with("%7B"));
}

#[test]
fn part_of_it() {
    let mut kit = kit();
    let role = kit.setup("iam:GetAccountAuthorizationDetails", json!({ "Filter": ["Role", "AWSManagedPolicy"] }));
    assert_eq!((&role["UserDetailList"], names(&role["RoleDetailList"], "RoleName")), (&json!([]), vec![json!("r")]));
    assert_eq!(names(&role["Policies"], "PolicyName"), ["ReadOnlyAccess"]);
    let first = kit.setup("iam:GetAccountAuthorizationDetails", json!({ "MaxItems": 2 }));
    assert_eq!((&first["IsTruncated"], &first["RoleDetailList"]), (&json!(true), &json!([])));
    let rest = kit.setup("iam:GetAccountAuthorizationDetails", json!({ "Marker": first["Marker"] }));
    assert_eq!((&rest["IsTruncated"], &rest["GroupDetailList"]), (&json!(false), &json!([])));
    assert_eq!(names(&rest["RoleDetailList"], "RoleName"), ["r"]);
    let wrong = kit.as_root("iam:GetAccountAuthorizationDetails", json!({ "Filter": ["Rule"] })).unwrap_err();
    assert_eq!(&*wrong.code, "ValidationError");
}

#[test]
fn the_summary_counts() {
    let summary = kit().setup("iam:GetAccountSummary", json!({}))["SummaryMap"].clone();
    let counts =
        ["Users", "Groups", "Roles", "Policies", "PolicyVersionsInUse", "InstanceProfiles", "AccountAccessKeysPresent"];
    assert_eq!(counts.map(|name| summary[name].as_u64()), [Some(1); 7]);
    assert_eq!((&summary["UserPolicySizeQuota"], &summary["RolePolicySizeQuota"]), (&json!(2_048), &json!(10_240)));
    let aliases = kit().setup("iam:ListAccountAliases", json!({}));
    assert_eq!(aliases, json!({ "AccountAliases": [], "IsTruncated": false }));
}
