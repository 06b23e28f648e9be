use serde_json::json;
use testkit::{Kit, allow, document};

#[test]
fn a_groups_policies_are_its_members() {
    let mut kit = Kit::new(crate::SERVICES);
    let ann = kit.user("ann", json!([allow(&["s3:GetObject"])]));
    let made = kit.setup("iam:CreateGroup", json!({ "GroupName": "staff", "Path": "/x/" }));
    assert_eq!(made["Group"]["Arn"], "arn:aws:iam::123456789012:group/x/staff");
    let policy = document(json!([allow(&["iam:ListUsers"])]));
    kit.setup("iam:PutGroupPolicy", json!({ "GroupName": "staff", "PolicyName": "p", "PolicyDocument": policy }));
    assert!(kit.call(&ann, "iam:ListUsers", json!({})).is_err());

    for _ in 0..2 {
        kit.setup("iam:AddUserToGroup", json!({ "GroupName": "staff", "UserName": "ann" }));
    }
    kit.call(&ann, "iam:ListUsers", json!({})).unwrap();
    let group = kit.setup("iam:GetGroup", json!({ "GroupName": "staff" }));
    assert_eq!((&group["Group"]["GroupName"], &group["Users"][0]["UserName"]), (&json!("staff"), &json!("ann")));
    let groups = kit.setup("iam:ListGroupsForUser", json!({ "UserName": "ann" }));
    assert_eq!(groups["Groups"], json!([made["Group"]]));

    // A renamed group stays the group.
    kit.setup("iam:UpdateGroup", json!({ "GroupName": "staff", "NewGroupName": "crew" }));
    kit.call(&ann, "iam:ListUsers", json!({})).unwrap();
    let conflict = kit.as_root("iam:DeleteGroup", json!({ "GroupName": "crew" })).unwrap_err();
    assert_eq!(conflict.message, "Cannot delete entity, must remove users from group first.");

    kit.setup("iam:RemoveUserFromGroup", json!({ "GroupName": "crew", "UserName": "ann" }));
    assert!(kit.call(&ann, "iam:ListUsers", json!({})).is_err());
    let conflict = kit.as_root("iam:DeleteGroup", json!({ "GroupName": "crew" })).unwrap_err();
    assert_eq!(conflict.message, "Cannot delete entity, must delete policies first.");
    kit.setup("iam:DeleteGroupPolicy", json!({ "GroupName": "crew", "PolicyName": "p" }));
    kit.setup("iam:DeleteGroup", json!({ "GroupName": "crew" }));
}

#[test]
fn of_a_missing_user_and_group_the_user_is_named() {
    let mut kit = Kit::new(crate::SERVICES);
    let fault = kit.as_root("iam:RemoveUserFromGroup", json!({ "GroupName": "g", "UserName": "u" })).unwrap_err();
    assert_eq!(fault.message, "The user with name u cannot be found.");
    kit.setup("iam:CreateUser", json!({ "UserName": "u" }));
    let fault = kit.as_root("iam:AddUserToGroup", json!({ "GroupName": "g", "UserName": "u" })).unwrap_err();
    assert_eq!(fault.message, "The group with name g cannot be found.");
}
