use serde_json::json;
use testkit::{Kit, allow, document};

#[test]
fn an_inline_policy_comes_and_goes() {
    let mut kit = Kit::new(crate::SERVICES);
    let ann = kit.user("ann", json!([allow(&["s3:GetObject"])]));
    let text = "{ \"Statement\": { \"Effect\": \"Allow\", \"Action\": \"iam:ListUsers\", \"Resource\": \"*\" } }";
    kit.setup("iam:PutUserPolicy", json!({ "UserName": "ann", "PolicyName": "a", "PolicyDocument": text }));
    kit.call(&ann, "iam:ListUsers", json!({})).unwrap();
    let got = kit.setup("iam:GetUserPolicy", json!({ "UserName": "ann", "PolicyName": "a" }));
    assert_eq!((&got["UserName"], &got["PolicyName"]), (&json!("ann"), &json!("a")));
    // As it was written, white space included.
    assert_eq!(
        got["PolicyDocument"],
        "%7B%20%22Statement%22%3A%20%7B%20%22Effect%22%3A%20%22Allow%22%2C%20%22Action%22%3A%20%22iam%3AListUsers%22%2C%20%22Resource%22%3A%20%22%2A%22%20%7D%20%7D"
    );
    let list = kit.setup("iam:ListUserPolicies", json!({ "UserName": "ann" }));
    assert_eq!(list, json!({ "PolicyNames": ["a", "p"], "IsTruncated": false }));
    kit.setup("iam:DeleteUserPolicy", json!({ "UserName": "ann", "PolicyName": "a" }));
    assert!(kit.call(&ann, "iam:ListUsers", json!({})).is_err());
    let gone = kit.as_root("iam:DeleteUserPolicy", json!({ "UserName": "ann", "PolicyName": "a" })).unwrap_err();
    assert_eq!(gone.message, "The user policy with name a cannot be found.");
}

#[test]
fn the_policies_of_one_are_measured_together() {
    let cases = [("User", "user", 2_048), ("Group", "group", 5_120), ("Role", "role", 10_240)];
    for (kind, word, most) in cases {
        let mut kit = Kit::new(crate::SERVICES);
        let trust = document(json!([
            { "Effect": "Allow", "Principal": { "Service": "ec2.amazonaws.com" }, "Action": "sts:AssumeRole" },
        ]));
        let name = format!("{kind}Name");
        kit.setup(&format!("iam:Create{kind}"), json!({ name.as_str(): "x", "AssumeRolePolicyDocument": trust }));
        let frame = document(json!([allow(&["s3:"])])).len();
        let sized = |size: usize| document(json!([allow(&[&format!("s3:{}", "a".repeat(size - frame))])]));
        let put = format!("iam:Put{kind}Policy");
        kit.setup(&put, json!({ name.as_str(): "x", "PolicyName": "a", "PolicyDocument": sized(most - 500) }));
        kit.setup(&put, json!({ name.as_str(): "x", "PolicyName": "b", "PolicyDocument": sized(500) }));
        // White space is free, and a policy does not count twice against itself.
        let spaced = format!("{}\n    ", sized(500));
        kit.setup(&put, json!({ name.as_str(): "x", "PolicyName": "b", "PolicyDocument": spaced }));
        let over = json!({ name.as_str(): "x", "PolicyName": "b", "PolicyDocument": sized(501) });
        let fault = kit.as_root(&put, over).unwrap_err();
        let text = format!("Maximum policy size of {most} bytes exceeded for {word} x");
        assert_eq!((&*fault.code, &*fault.message), ("LimitExceeded", &*text));
    }
}

#[test]
fn an_unknown_operator_is_refused_and_the_old_policy_stays() {
    let mut kit = Kit::new(crate::SERVICES);
    let ann = kit.user("ann", json!([allow(&["iam:ListUsers"])]));
    let text = document(json!([{ "Effect": "Allow", "Action": "s3:*", "Resource": "*",
        "Condition": { "StringEqauls": { "aws:PrincipalTag/a": "b" } } }]));
    let fault =
        kit.as_root("iam:PutUserPolicy", json!({ "UserName": "ann", "PolicyName": "p", "PolicyDocument": text }));
    assert_eq!(&*fault.unwrap_err().code, "MalformedPolicyDocument");
    kit.call(&ann, "iam:ListUsers", json!({})).unwrap();
}
