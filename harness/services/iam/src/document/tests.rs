use serde_json::json;
use testkit::Kit;

use super::{encode, place, size};

#[test]
fn encoding_keeps_what_rfc_3986_does_not_reserve() {
    assert_eq!(
        encode("{\"a-Z_0.~\": [\"s3:*\", \"é\"]}\n"),
        "%7B%22a-Z_0.~%22%3A%20%5B%22s3%3A%2A%22%2C%20%22%C3%A9%22%5D%7D%0A"
    );
}

#[test]
fn places_count_from_one() {
    let text = "{\n  \"é\": 1\n}";
    assert_eq!((place(text, 0), place(text, 4), place(text, 10)), ((1, 1), (2, 3), (2, 8)));
    assert_eq!(place(text, 1_000), (3, 2));
    assert_eq!(size(" a\n\tb "), 2);
}

/// What AWS answers to CreatePolicy.
#[test]
fn the_words_for_a_bad_permissions_policy() {
    let with = |statement: &str| format!(r#"{{"Version":"2012-10-17","Statement":{statement}}}"#);
    let cases = [
        ("{\"Version\":".to_owned(), "Syntax errors in policy."),
        (
            r#"{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#.to_owned(),
            "Policy document must be version 2012-10-17 or greater.",
        ),
        (
            r#"{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#.to_owned(),
            "Policy document must be version 2012-10-17 or greater.",
        ),
        (with(r#"{"Effect":"Allow","Action":"s3:*"}"#), "Policy statement must contain resources."),
        (with(r#"{"Effect":"Allow","Resource":"*"}"#), "Policy statement must contain actions."),
        (
            with(r#"{"Effect":"Allow","Action":"invalid","Resource":"*"}"#),
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        ),
        (
            with(r#"{"Effect":"Allow","Action":"s3:*","Resource":"invalid resource"}"#),
            "Resource invalid resource must be in ARN format or \"*\".",
        ),
        (
            with(r#"{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}"#),
            "Policy document should not specify a principal.",
        ),
        (
            with(r#"{"Sid":"a b","Effect":"Allow","Action":"s3:*","Resource":"*"}"#),
            "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
        ),
    ];
    for (text, words) in cases {
        let fault =
            Kit::new(crate::SERVICES).as_root("iam:CreatePolicy", json!({ "PolicyName": "p", "PolicyDocument": text }));
        let fault = fault.unwrap_err();
        assert_eq!((&*fault.code, fault.status), ("MalformedPolicyDocument", 400), "{text}");
        assert!(fault.message.starts_with(words), "{text}: {fault}");
    }
}

#[test]
fn every_error_is_told_with_its_place() {
    let text = "{\n\"Version\":\"2012-10-17\",\n\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\",\n\
        \"Condition\":{\"StringEqauls\":{\"aws:PrincipalTag/team\":\"a\"}}},\n{\"Effect\":\"Allwo\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}";
    let fault = Kit::new(crate::SERVICES)
        .as_root("iam:CreatePolicy", json!({ "PolicyName": "p", "PolicyDocument": text }))
        .unwrap_err();
    assert!(fault.message.starts_with("Syntax errors in policy. (4:14 "), "{fault}");
    assert!(fault.message.contains("`StringEquals`") && fault.message.contains("; 5:"), "{fault}");
    assert!(fault.message.contains("Allwo"), "{fault}");
}
