use std::sync::Arc;

use policy::{Context, Document, Kind, Policies, Policy, explain, explain_alone};

use super::*;

const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/app/s";

fn policy(name: &str, text: &str) -> Arc<Policy> {
    let (document, findings) = Document::read_json(text, Kind::Identity);
    Arc::new(Policy::new(name, Kind::Identity, &document.unwrap_or_else(|| panic!("{findings:?}"))))
}

/// A session with a tag asks for an object.
fn asked(keys: &[(&str, &str)]) -> Request {
    let mut context = Context::new();
    keys.iter().for_each(|(key, value)| context.set(*key, *value));
    Request {
        principal: Principal::RoleSession { role: None, session: SESSION.to_owned() },
        action: "s3:GetObject".to_owned(),
        resource: "arn:aws:s3:::b/k".to_owned(),
        resource_account: None,
        context,
    }
}

const TAGGED: &str = r#"{"Statement": [
    {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"},
    {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Condition": {
        "StringEquals": {"aws:PrincipalTag/Team": "a", "aws:PrincipalTag/Stage": "prod"},
        "Null": {"aws:TokenIssueTime": "false"}}},
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::other/*",
        "Condition": {"Bool": {"aws:SecureTransport": "true"}}}]}"#;
const DENYING: &str = r#"{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"},
    {"Sid": "No", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}"#;

#[test]
fn a_request_tells_its_keys_and_which_are_absent() {
    let asked = asked(&[("aws:TokenIssueTime", "2026-01-01T00:00:00Z"), ("aws:PrincipalTag/Team", "a")]);
    let said = [explain_alone(&policy("old.json", TAGGED), &asked, &catalog::Catalog)];
    let expected = r#"Caller    the role arn:aws:iam::111122223333:role/app, in a session `s`
Action    s3:GetObject
Resource  arn:aws:s3:::b/k
With      aws:PrincipalTag/Team = "a"
          aws:TokenIssueTime = "2026-01-01T00:00:00Z"
Without   aws:PrincipalTag/Stage"#;
    assert_eq!(request(&asked, &said).join("\n"), expected);
}

#[test]
fn documents_say_which_statement_decides() {
    let asked = asked(&[("aws:PrincipalTag/Team", "b")]);
    for (text, expected) in [
        (
            TAGGED,
            "Refused   no statement of p.json allows it\n          \
             p.json, statement 2 (Read): StringEquals aws:PrincipalTag/Team: expected a, request has \"b\"; \
             StringEquals aws:PrincipalTag/Stage: expected prod, request has none (fails because the key is missing); \
             Null aws:TokenIssueTime: expected false, request has none",
        ),
        (DENYING, "Denied    by p.json, statement 2 (No)"),
        (
            r#"{"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}"#,
            "Allowed   by p.json, statement 1",
        ),
    ] {
        let said = [explain_alone(&policy("p.json", text), &asked, &catalog::Catalog)];
        assert_eq!(alone(&said).join("\n"), expected, "{text}");
    }
}

#[test]
fn a_decision_says_who_allows_it_or_why_nobody_does() {
    let asked = asked(&[("aws:PrincipalTag/Team", "a")]);
    let allowing = r#"{"Statement": {"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
    for (text, expected) in [(allowing, "Allowed   by p.json, statement 1 (All)"), (DENYING, "Denied    ")] {
        let policies = Policies { identity: vec![policy("p.json", text)], ..Policies::default() };
        let decision = explain(&policies, &asked, &catalog::Catalog);
        let lines = decided(&asked, &decision).join("\n");
        assert!(lines.starts_with(expected) && lines.contains("statement"), "{lines}");
    }
}

#[test]
fn a_proof_says_what_it_assumes() {
    assert_eq!(proved(&[], Notes::default()), ["Holds     for any request"]);
    let law = &prove::LAWS[0];
    assert_eq!(proved(&[law], Notes::default()), [format!("Assumes   {} ({})", law.says, law.id)]);
}

#[test]
fn what_is_hidden_is_told() {
    let mut asked = asked(&[("aws:PrincipalTag/Team", "a\u{202e}\n")]);
    asked.resource.push('\u{1b}');
    let lines = request(&asked, &[]).join("\n");
    assert!(lines.contains(r"b/k\u001b") && lines.contains(r"a\u202e\n"), "{lines}");
    assert_eq!(command(&asked, &[]), None);
}

#[test]
fn a_request_is_a_command_to_paste() {
    let mut asked = asked(&[("aws:PrincipalTag/Team", "it's"), ("s3:prefix", "")]);
    asked.context.set_many("aws:TagKeys", ["a", "b"]);
    let options = ["--identity".to_owned(), "new policy.json".to_owned()];
    let expected = format!(
        "tagproof simulate --principal {SESSION} --action s3:GetObject --resource arn:aws:s3:::b/k --context \
         'aws:PrincipalTag/Team=it'\\''s' --context aws:TagKeys=a,b --context s3:prefix= --identity 'new policy.json'"
    );
    assert_eq!(command(&asked, &options), Some(expected));
    asked.context.set_many("aws:TagKeys", ["a,b"]);
    assert_eq!(command(&asked, &options), None, "a comma parts values");
}

#[test]
fn a_caller_and_a_request_are_pasted_into_a_scenario() {
    let asked = asked(&[("aws:PrincipalTag/Team", "a"), ("s3:ExistingObjectTag/x", "y")]);
    let expected = r#"{"callers":{"found":{"assume":"arn:aws:iam::111122223333:role/app","by":"USER","session-tags":{"Team":"a"}}},"requests":{"found":{"action":"s3:GetObject","resource":"arn:aws:s3:::b/k","context":{"s3:ExistingObjectTag/x":"y"}}}}"#;
    assert_eq!(to_paste(&asked).map(|pasted| pasted.to_string()).as_deref(), Some(expected));
    let anonymous = Request { principal: Principal::Anonymous, ..asked };
    assert_eq!(to_paste(&anonymous), None);
}

#[test]
fn programs_get_the_statements_by_their_index() {
    let said = [explain_alone(&policy("p.json", DENYING), &asked(&[]), &catalog::Catalog)];
    let expected = r#"[{"policy":"p.json","statementIndex":0,"effect":"Allow"},{"policy":"p.json","statementIndex":1,"effect":"Deny","statementId":"No"}]"#;
    assert_eq!(statements(&said).to_string(), expected);
}
