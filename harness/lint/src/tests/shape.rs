//! Findings as JSON, and what a bare policy is taken for.

use policy::Kind;
use serde_json::json;
use source::{FileId, Source, Sources};

use crate::guess;

#[test]
fn a_finding_has_the_shape_of_validate_policy() {
    let text = "{\"Version\": \"2012-10-17\", \"Statement\": [\n  {\"Effect\": \"Allow\", \"Action\": [\"s3:*\", \"s3:HeadObjekt\"],\n   \"Resource\": \"*\", \"Condition\": {\"StringEquals\": {\"aws:PrincipalTag\": \"ä\"}}}]}";
    let mut sources = Sources::new();
    let file = sources.add(Source::new("p.json", text));
    let (node, _) = source::json::read(file, text);
    let node = node.unwrap();
    let findings: Vec<_> =
        crate::policy(&node, Kind::Identity).iter().map(|one| crate::json(one, &sources, Some(&node))).collect();
    let page = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-";
    assert_eq!(
        findings,
        [
            json!({
                "findingType": "ERROR",
                "issueCode": "INVALID_ACTION",
                "findingDetails": "AWS's service authorisation reference has no action `s3:HeadObjekt`",
                "learnMoreLink": format!("{page}invalid-action"),
                "locations": [{
                    "file": "p.json",
                    "path": [{"value": "Statement"}, {"index": 0}, {"value": "Action"}, {"index": 1}],
                    "span": {"start": {"line": 2, "column": 41, "offset": 82}, "end": {"line": 2, "column": 56, "offset": 97}},
                }],
                "help": "did you mean `s3:GetObject`?",
            }),
            json!({
                "findingType": "ERROR",
                "issueCode": "MISSING_TAG_KEY_IN_CONDITION",
                "findingDetails": "`aws:PrincipalTag` names no tag",
                "learnMoreLink": format!("{page}missing-tag-key-in-condition"),
                "locations": [{
                    "file": "p.json",
                    "path": [{"value": "Statement"}, {"index": 0}, {"value": "Condition"}, {"value": "StringEquals"}, {"value": "aws:PrincipalTag"}],
                    "span": {"start": {"line": 3, "column": 51, "offset": 151}, "end": {"line": 3, "column": 69, "offset": 169}},
                }],
                "help": "write the tag's key behind it: `aws:PrincipalTag/team`",
            }),
        ]
    );
}

#[test]
fn a_bare_policy_is_taken_for_what_it_looks_like() {
    for (text, expected) in [
        (r#"{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#, Kind::Identity),
        (r#"{"Statement": [{"Principal": "*", "Action": "s3:*", "Resource": "*"}]}"#, Kind::Resource),
        (r#"{"Statement": [{"Principal": "*", "Action": ["sts:AssumeRole", "STS:TagSession"]}]}"#, Kind::Trust),
        (r#"{"Statement": [{"Principal": "*", "Action": "sts:AssumeRole", "Resource": "*"}]}"#, Kind::Resource),
        (r#"{"Statement": [{"NotPrincipal": "*", "NotAction": "sts:AssumeRole"}]}"#, Kind::Resource),
        (r#"{}"#, Kind::Identity),
    ] {
        assert_eq!(guess(&source::json::read(FileId(0), text).0.unwrap()), expected, "{text}");
    }
}
