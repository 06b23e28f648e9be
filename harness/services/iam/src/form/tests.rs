use account::is_tag_character;
use serde_json::json;
use testkit::Kit;

use super::text::{is_path, is_policy_path};

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
            json!({ "MaxItems": "1001" }),
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
    let cases =
        [("/", true, true), ("/a/", true, true), ("/a/b-c/", true, true), ("/a", false, false), ("a/", false, false)];
    for (path, any, policy) in cases {
        assert_eq!((is_path(path), is_policy_path(path)), (any, policy), "{path}");
    }
    assert!(is_path("/a!/") && !is_policy_path("/a!/"));
    assert!(!is_path("//") && !is_policy_path("//") && !is_policy_path("/a//b/"));
    assert!(!is_path("/a b/") && !is_path(""));
}

#[test]
fn characters_of_tags() {
    assert!("Straße 7_.:/=+-@名".chars().all(is_tag_character));
    assert!(!"<>\"\t\n;".chars().any(is_tag_character));
}
