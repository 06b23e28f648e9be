use serde_json::json;
use testkit::{Kit, allow, document};

#[test]
fn breaches_in_the_words_of_iam() {
    let long = "x".repeat(65);
    let cases = [
        (
            "iam:GetRole",
            json!({}),
            "1 validation error detected: Value at 'roleName' failed to satisfy constraint: \
          Member must not be null",
        ),
        (
            "iam:CreateUser",
            json!({ "UserName": "a b" }),
            "1 validation error detected: Value at 'userName' failed to \
          satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+",
        ),
        (
            "iam:CreateUser",
            json!({ "UserName": "" }),
            "1 validation error detected: Value at 'userName' failed to \
          satisfy constraint: Member must have length greater than or equal to 1",
        ),
        (
            "iam:CreateUser",
            json!({ "UserName": long }),
            "1 validation error detected: Value at 'userName' failed to \
          satisfy constraint: Member must have length less than or equal to 64",
        ),
        (
            "iam:CreateUser",
            json!({ "UserName": "u", "Path": "a/" }),
            "1 validation error detected: Value at 'path' \
          failed to satisfy constraint: Member must satisfy regular expression pattern: \
          (\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)",
        ),
        (
            "iam:ListUsers",
            json!({ "MaxItems": 1001 }),
            "1 validation error detected: Value at 'maxItems' failed to \
          satisfy constraint: Member must have value less than or equal to 1000",
        ),
        (
            "iam:GetPolicyVersion",
            json!({ "PolicyArn": "arn:aws:iam::aws:policy/X", "VersionId": "1" }),
            "1 validation \
          error detected: Value at 'versionId' failed to satisfy constraint: Member must satisfy regular expression \
          pattern: v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?",
        ),
        (
            "iam:AddUserToGroup",
            json!({}),
            "2 validation errors detected: Value at 'groupName' failed to satisfy \
          constraint: Member must not be null; Value at 'userName' failed to satisfy constraint: Member must not be \
          null",
        ),
    ];
    for (action, input, text) in cases {
        let fault = Kit::new(crate::SERVICES).as_root(action, input).unwrap_err();
        assert_eq!((&*fault.code, fault.status, &*fault.message), ("ValidationError", 400, text), "{action}");
    }
}

#[test]
fn paths() {
    let cases = [
        ("/", true, true),
        ("/a/", true, true),
        ("/a/b-c/", true, true),
        ("/a!/", true, false),
        ("/a", false, false),
        ("a/", false, false),
        ("//", false, false),
        ("/a//b/", true, false),
        ("/a b/", false, false),
        ("", false, false),
    ];
    let document = document(json!([allow(&["s3:*"])]));
    for (path, any, of_policy) in cases {
        let mut kit = Kit::new(crate::SERVICES);
        let user = kit.as_root("iam:CreateUser", json!({ "UserName": "u", "Path": path }));
        let policy = json!({ "PolicyName": "p", "Path": path, "PolicyDocument": document });
        let policy = kit.as_root("iam:CreatePolicy", policy);
        assert_eq!((user.is_ok(), policy.is_ok()), (any, of_policy), "{path}");
    }
}
