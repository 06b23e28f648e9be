//! Policies that are broken, odd or huge: each is answered by findings with their places, of which there are only so
//! many, or is a policy like others.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::sync::Arc;

use policy::{Context, Document, Kind, NoVocabulary, Policies, Policy, Principal, Request, Verdict, decide, explain};
use source::Findings;

/// The first so many, one error behind warnings alone, and that there are more.
const MOST: usize = Findings::MOST + 2;
const ALLOW: &str = r#""Effect": "Allow", "Action": "*", "Resource": "*""#;

/// Reads the text, and gives the codes of the findings with what stands at their places, each once.
#[track_caller]
fn told(text: &str) -> (Option<Document>, Vec<String>) {
    let (document, findings) = Document::read_json(text, Kind::Identity);
    assert!(findings.len() <= MOST, "{} findings", findings.len());
    let mut told = Vec::new();
    for finding in findings {
        let place = &text[finding.span.start as usize..finding.span.end as usize];
        let shown: String = place.chars().take(20).collect();
        let line = format!("{} | {shown}", finding.code);
        assert!(finding.message.len() < 1000, "{line}: {} bytes of message", finding.message.len());
        if told.last() != Some(&line) {
            told.push(line);
        }
    }
    (document, told)
}

#[track_caller]
fn refuse(text: &str, expected: &[&str]) {
    let (document, told) = told(text);
    let start: String = text.chars().take(100).collect();
    assert_eq!(told, expected, "{start}");
    assert!(document.is_none(), "{start}");
}

/// Reads the text, and decides on it with and without a trace.
#[track_caller]
fn verdict(text: &str, value: &str) -> (Verdict, String) {
    let (document, told) = told(text);
    let policy = Policy::new("p", Kind::Identity, &document.unwrap_or_else(|| panic!("{told:?}")));
    let policies = Policies { identity: vec![Arc::new(policy)], ..Policies::default() };
    let mut context = Context::new();
    context.set("aws:x", value);
    context.set_many("aws:many", value.split(','));
    let request = Request {
        principal: Principal::User { arn: "arn:aws:iam::111122223333:user/ann".to_owned() },
        action: "s3:GetObject".to_owned(),
        resource: "arn:aws:s3:::b/k".to_owned(),
        resource_account: None,
        context,
    };
    let explained = explain(&policies, &request, &NoVocabulary);
    assert_eq!(decide(&policies, &request).verdict, explained.verdict);
    let mends = explained.mends(&request, &NoVocabulary);
    let sentences = explained.reason(&request) + &mends.into_iter().map(|mend| mend.says).collect::<String>();
    assert!(sentences.len() < 5000, "{} bytes of reason", sentences.len());
    (explained.verdict, serde_json::to_string(&explained.trace).unwrap())
}

fn one(more: &str) -> String {
    format!(r#"{{"Version": "2012-10-17", "Statement": {{{ALLOW}{more}}}}}"#)
}

fn under(operator: &str, key: &str, value: &str) -> String {
    one(&format!(r#", "Condition": {{"{operator}": {{"{key}": "{value}"}}}}"#))
}

#[test]
fn what_is_no_json_is_told_with_its_place() {
    refuse("", &["JSON_SYNTAX | "]);
    refuse("\u{feff}{}", &["JSON_SYNTAX | \u{feff}", "MISSING_STATEMENT | {}"]);
    refuse(r#"{"Statement": "#, &["JSON_SYNTAX | "]);
    refuse(r#"{"Statement"#, &["JSON_SYNTAX | \"Statement"]);
    refuse(r#"{"Statement": [{"Effect": "Al"#, &["JSON_SYNTAX | \"Al"]);
    refuse(&one(r#", "Effect": "Deny""#), &["DUPLICATE_KEY | \"Effect\""]);
    refuse(&one(r#", "\u0045ffect": "Deny""#), &[r#"DUPLICATE_KEY | "\u0045ffect""#]);
    refuse(&under("StringEquals", "aws:x", r"\u0000"), &[r"JSON_NUL | \u0000"]);
    refuse(&under("StringEquals", "aws:x", "\0"), &["JSON_SYNTAX | \0"]);
    refuse(&under("StringEquals", "aws:x", r"a\ud800b"), &[r"JSON_SYNTAX | \ud800"]);
    refuse(&under("StringEquals", "aws:x", r"\udc00\ud800"), &[r"JSON_SYNTAX | \udc00", r"JSON_SYNTAX | \ud800"]);
    refuse(&under("StringEquals", "aws:x", r"\ud83d"), &[r"JSON_SYNTAX | \ud83d"]);
    refuse(&one(r#", "Sid": 1e"#), &["JSON_SYNTAX | 1e"]);
    refuse(&"[".repeat(10_000_000), &["JSON_TOO_DEEP | ["]);
    refuse(&"{\"Statement\":".repeat(1_000_000), &["JSON_TOO_DEEP | {"]);
    refuse(&format!("1{}", "2.".repeat(5_000_000)), &["JSON_SYNTAX | 12.2.2.2.2.2.2.2.2.2"]);
}

#[test]
fn what_is_of_the_wrong_form_is_told_with_its_place() {
    refuse("null", &["WRONG_TYPE | null"]);
    refuse(
        r#"{"Statement": [null, 1, [], "a"]}"#,
        &["WRONG_TYPE | null", "WRONG_TYPE | 1", "WRONG_TYPE | []", "WRONG_TYPE | \"a\""],
    );
    refuse(&one(r#", "Condition": {"StringEquals": {"aws:x": [[]]}}"#), &["WRONG_TYPE | []"]);
    refuse(&one(r#", "Condition": []"#), &["WRONG_TYPE | []"]);
    refuse(
        r#"{"Version": {}, "Statement": {"Effect": [], "Action": {}, "Resource": null}}"#,
        &["WRONG_TYPE | {}", "WRONG_TYPE | []", "WRONG_TYPE | {}", "WRONG_TYPE | null"],
    );
    for resource in ["arn", "arn-aws:s3:::b", "ARN:aws:s3:::b", " arn:aws:s3:::b", ""] {
        let text = one("").replace(r#""Resource": "*""#, &format!(r#""Resource": "{resource}""#));
        refuse(&text, &[&format!("INVALID_RESOURCE | \"{resource}\"")]);
    }
}

#[test]
fn of_a_heap_of_errors_the_first_are_told() {
    let last = |code: &str, place: &str| [format!("{code} | {place}"), format!("{} | {place}", Findings::TOO_MANY)];
    for (text, code, place) in [
        (format!(r#"{{"Statement": [{}1]}}"#, "1,".repeat(500_000)), "WRONG_TYPE", "1"),
        (format!("{{{}\"a\": 1}}", "\"a\": 1,".repeat(100_000)), "DUPLICATE_KEY", "\"a\""),
        (format!(r#"["{}"]"#, r"\x".repeat(500_000)), "JSON_SYNTAX", r"\x"),
        (format!("[\"{}\"]", "\u{1}".repeat(500_000)), "JSON_SYNTAX", "\u{1}"),
        (format!(r#"["{}"]"#, r"\ud800".repeat(100_000)), "JSON_SYNTAX", r"\ud800"),
    ] {
        let (document, told) = told(&text);
        assert!(document.is_none(), "{code}");
        let expected = last(code, place);
        assert!(expected.iter().all(|line| told.contains(line)), "{told:?}");
    }
}

/// However many warnings stand before it, an error is an error.
#[test]
fn an_error_behind_a_heap_of_warnings_counts() {
    let empty: Vec<_> = (0..10_000).map(|at| format!(r#""a:{at}": []"#)).collect();
    let text =
        |operator: &str| one(&format!(r#", "Condition": {{"Bool": {{{}}}, "{operator}": {{}}}}"#, empty.join(",")));
    assert!(told(&text("Null")).0.is_some());
    let (document, told) = told(&text("Nil"));
    assert!(document.is_none());
    assert!(told.contains(&"UNKNOWN_OPERATOR | \"Nil\"".to_owned()));
}

#[test]
fn huge_policies_are_decided_on() {
    let statement = |at: usize| {
        format!(
            r#"{{"Sid": "S{at}", {ALLOW}, "Condition": {{"StringLike": {{"aws:x": "{at}*"}}, "Null": {{"aws:x": "false"}}}}}}"#
        )
    };
    let many: Vec<_> = (0..100_000).map(statement).collect();
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, many.join(","));
    assert!(text.len() > 10_000_000);
    assert_eq!(verdict(&text, "99999").0, Verdict::Allowed);
    let values = |value: &str| format!("\"{value}\",").repeat(2_000_000 / value.len());
    let text = one(&format!(r#", "Condition": {{"StringEquals": {{"aws:x": [{}"yes"]}}}}"#, values("no no no no")));
    assert_eq!(verdict(&text, "yes").0, Verdict::Allowed);
    // As many services with a wildcard as without.
    let actions: String = (0..50_000).map(|at| format!(r#""a{at}:*","b{at}:c","#)).collect();
    let text = one("").replace(r#""Action": "*""#, &format!(r#""Action": [{actions} "s3:GetObject"]"#));
    assert_eq!(verdict(&text, "").0, Verdict::Allowed);
}

/// Numbers are text to a policy, and as exact as they are written.
#[test]
fn huge_numbers_are_numbers() {
    let digits = "9".repeat(100_000);
    let text = one(&format!(r#", "Condition": {{"NumericEquals": {{"aws:x": {digits}}}}}"#));
    assert_eq!(verdict(&text, &digits).0, Verdict::Allowed);
    assert_eq!(verdict(&text, &digits.replacen('9', "8", 1)).0, Verdict::ImplicitlyDenied);
    let text = one(r#", "Condition": {"NumericEquals": {"aws:x": 1e999999999}}"#);
    assert_eq!(verdict(&text, "1").0, Verdict::ImplicitlyDenied);
}

#[test]
fn variables_that_never_end_are_text_in_no_time() {
    for part in ["${", "${'", "'${", "$"] {
        let written = part.repeat(1_000_000);
        assert_eq!(verdict(&under("StringEquals", "aws:x", &written), &written).0, Verdict::Allowed, "{part}");
    }
    // Until one does: what stands before it belongs to its name, of a key that no request has.
    let written = "${".repeat(1_000_000) + "}";
    assert_eq!(verdict(&under("StringEquals", "aws:x", &written), &written).0, Verdict::ImplicitlyDenied);
}

/// A long value in place of each of many variables would be more than any machine holds.
#[test]
fn many_variables_of_long_values_are_not_put_together() {
    let many = "${aws:x}".repeat(100_000);
    let value = "v:".repeat(100_000);
    for operator in ["StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnLike", "ArnEquals", "Bool"] {
        let (verdict, trace) = verdict(&under(operator, "aws:x", &many), &value);
        assert_eq!(verdict, Verdict::ImplicitlyDenied, "{operator}");
        assert!(trace.len() < 1_000_000, "{operator}: {} bytes of trace", trace.len());
    }
    let text = one("").replace(r#""Resource": "*""#, &format!(r#""Resource": "arn:aws:s3:::{many}""#));
    assert_eq!(verdict(&text, &value).0, Verdict::ImplicitlyDenied);
}

/// It would stand in the trace as often as there are conditions on its key.
#[test]
fn of_a_long_value_a_trace_has_the_start() {
    let many: Vec<_> = (0..1_000)
        .map(|at| format!(r#"{{{ALLOW}, "Condition": {{"StringEquals": {{"aws:x": "{at}"}}, "ForAllValues:StringLike": {{"aws:many": "{at}"}}}}}}"#))
        .collect();
    let text = format!(r#"{{"Statement": [{}]}}"#, many.join(","));
    let (verdict, trace) = verdict(&text, &"é,".repeat(300_000));
    assert_eq!(verdict, Verdict::ImplicitlyDenied);
    assert!(trace.len() < 50_000_000, "{} bytes of trace", trace.len());
    assert!(trace.contains("é…\"") && trace.contains("\"é\",\"…\"]"));
}
