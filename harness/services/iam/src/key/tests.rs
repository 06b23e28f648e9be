use serde_json::json;
use testkit::{Kit, allow};

#[test]
fn a_key_signs_as_its_user() {
    let mut kit = Kit::new(crate::SERVICES);
    kit.user("ann", json!([allow(&["iam:GetUser", "iam:CreateAccessKey"])]));
    let key = kit.setup("iam:CreateAccessKey", json!({ "UserName": "ann" }))["AccessKey"].clone();
    assert_eq!((&key["UserName"], &key["Status"]), (&json!("ann"), &json!("Active")));
    let id = key["AccessKeyId"].as_str().unwrap();
    assert!(id.starts_with("AKIA") && id.len() == 20, "{id}");
    let credential = kit.world.credentials().get(id).unwrap();
    assert_eq!((&json!(credential.secret), credential.active), (&key["SecretAccessKey"], true));
    assert_eq!((&credential.token, credential.expires), (&None, None));
    let identity = credential.identity.clone();
    assert_eq!(kit.call(&identity, "iam:GetUser", json!({})).unwrap()["User"]["UserName"], "ann");

    kit.call(&identity, "iam:CreateAccessKey", json!({})).unwrap();
    let third = kit.call(&identity, "iam:CreateAccessKey", json!({})).unwrap_err();
    assert_eq!((&*third.code, &*third.message), ("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2"));
}

#[test]
fn a_key_is_put_aside_and_taken_away() {
    let mut kit = Kit::new(crate::SERVICES);
    kit.setup("iam:CreateUser", json!({ "UserName": "ann" }));
    let id = kit.setup("iam:CreateAccessKey", json!({ "UserName": "ann" }))["AccessKey"]["AccessKeyId"].clone();
    let name = id.as_str().unwrap();
    kit.setup("iam:UpdateAccessKey", json!({ "UserName": "ann", "AccessKeyId": id, "Status": "Inactive" }));
    assert!(!kit.world.credentials().get(name).unwrap().active);
    let list = kit.setup("iam:ListAccessKeys", json!({ "UserName": "ann" }));
    assert_eq!(
        list["AccessKeyMetadata"],
        json!([{
            "UserName": "ann", "AccessKeyId": id, "Status": "Inactive", "CreateDate": "2026-11-24T08:00:00Z",
        }])
    );
    let used = kit.setup("iam:GetAccessKeyLastUsed", json!({ "AccessKeyId": id }));
    assert_eq!(used, json!({ "UserName": "ann", "AccessKeyLastUsed": { "ServiceName": "N/A", "Region": "N/A" } }));
    kit.setup("iam:DeleteAccessKey", json!({ "UserName": "ann", "AccessKeyId": id }));
    assert!(kit.world.credentials().get(name).is_none());
    let gone = kit.as_root("iam:DeleteAccessKey", json!({ "UserName": "ann", "AccessKeyId": id })).unwrap_err();
    assert_eq!(gone.message, format!("The Access Key with id {name} cannot be found."));
}

#[test]
fn another_users_key_is_not_to_be_had_under_ones_own_name() {
    let mut kit = Kit::new(crate::SERVICES);
    kit.setup("iam:CreateUser", json!({ "UserName": "bob" }));
    let id = kit.setup("iam:CreateAccessKey", json!({ "UserName": "bob" }))["AccessKey"]["AccessKeyId"].clone();
    let own = json!([{ "Effect": "Allow", "Action": "iam:*AccessKey*", "Resource": "arn:aws:iam::*:user/ann" }]);
    let ann = kit.user("ann", own);
    let fault = kit.call(&ann, "iam:DeleteAccessKey", json!({ "AccessKeyId": id })).unwrap_err();
    assert_eq!(&*fault.code, "NoSuchEntity");
    assert!(kit.world.credentials().get(id.as_str().unwrap()).is_some());
}
