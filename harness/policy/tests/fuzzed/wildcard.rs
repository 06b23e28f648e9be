//! Wildcards against regular expressions.
//!
//! An input is a pattern, a line's end, and a text.

use policy::Context;
use regex_lite::Regex;
use serde_json::json;

use crate::ask::{allow, allows, request, under};

pub fn check(input: &[u8]) {
    let input = String::from_utf8_lossy(input);
    let (pattern, text) = input.split_once('\n').unwrap_or((&input, ""));
    // JSON of a policy has no NUL.
    if input.len() > 400 || pattern.contains('\0') {
        return;
    }
    conditions(pattern, text);
    actions(pattern, text);
    resources(pattern, text);
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
fn conditions(pattern: &str, text: &str) {
    let mut context = Context::new();
    context.set("my:key", text);
    let request = request("s3:GetObject", "*", context);
    let holds = |operator: &str| allows(&under("2008-10-17", operator, "my:key", pattern).unwrap(), &request);
    let like = regex("(?s)", pattern, |_| ".").is_match(text);
    let arn = match (six_parts(pattern), six_parts(text)) {
        (Some(patterns), Some(parts)) => {
            Some(patterns.iter().zip(parts).all(|(pattern, part)| regex("(?s)", pattern, |_| ".").is_match(part)))
        }
        // Neither a match nor a mismatch.
        _ => None,
    };
    for (operator, expected) in [
        ("StringEquals", pattern == text),
        ("StringNotEquals", pattern != text),
        ("StringLike", like),
        ("StringNotLike", !like),
        ("ArnLike", arn == Some(true)),
        ("ArnEquals", arn == Some(true)),
        ("ArnNotLike", arn == Some(false)),
    ] {
        assert_eq!(holds(operator), expected, "{operator} {pattern:?} on {text:?}");
    }
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html: letter case aside.
fn actions(pattern: &str, text: &str) {
    // AWS's actions are in ASCII.
    let (pattern, text) = (format!("s{pattern}"), format!("s3:{text}"));
    let Some(policies) = allow("2012-10-17", json!({"Action": pattern, "Resource": "*"})) else { return };
    if text.is_ascii() {
        let expected = regex("(?si)", &pattern, |_| ".").is_match(&text);
        let request = request(&text, "*", Context::new());
        assert_eq!(allows(&policies, &request), expected, "Action {pattern:?} on {text:?}");
        let others = allow("2012-10-17", json!({"NotAction": pattern, "Resource": "*"})).unwrap();
        assert_eq!(allows(&others, &request), !expected, "NotAction {pattern:?} on {text:?}");
    }
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html: "If the `*` wildcard is the last
/// character of a resource ARN segment, it can expand to match beyond the colon boundaries." Where other wildcards in
/// the first five segments stop is a row of the undocumented, as is what an ARN of fewer than six means whose `*` could
/// stand for the others.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html: "AWS automatically completes the ARN by
/// adding wildcard characters (*) to all missing fields."
fn resources(pattern: &str, text: &str) {
    let (pattern, text) = (format!("arn:{pattern}"), format!("arn:{text}"));
    let missing = 5_usize.saturating_sub(pattern.matches(':').count());
    let completed = pattern.clone() + &":*".repeat(missing);
    let (written, completed) = (is_resource(&pattern, &text), is_resource(&completed, &text));
    let (surely, perhaps) = match pattern.contains("*:") {
        true => (written && completed, written || completed),
        // A star at the very end covers what is missing.
        false if pattern.ends_with('*') => (written, written),
        false => (completed, completed),
    };
    let request = request("s3:GetObject", &text, Context::new());
    let policies = |element: &str| allow("2008-10-17", json!({"Action": "*", element: pattern})).unwrap();
    assert_eq!(allows(&policies("Resource"), &request), surely, "Resource {pattern:?} on {text:?}");
    assert_eq!(allows(&policies("NotResource"), &request), !perhaps, "NotResource {pattern:?} on {text:?}");
}

fn is_resource(pattern: &str, text: &str) -> bool {
    let crosses = |at: usize| {
        let (before, after) = (&pattern[..at], &pattern[at + 1..]);
        let ends_segment = pattern[at..].starts_with('*') && (after.is_empty() || after.starts_with(':'));
        if before.matches(':').count() >= 5 || ends_segment { "." } else { "[^:]" }
    };
    regex("(?s)", pattern, crosses).is_match(text)
}

/// `one` says what the wildcard at a place of the pattern stands for one of.
fn regex(flags: &str, pattern: &str, one: impl Fn(usize) -> &'static str) -> Regex {
    let part = |(at, letter): (usize, char)| match letter {
        '*' => format!("{}*", one(at)),
        '?' => one(at).to_owned(),
        letter => regex_lite::escape(letter.encode_utf8(&mut [0; 4])),
    };
    let whole: String = pattern.char_indices().map(part).collect();
    Regex::new(&format!("{flags}^{whole}$")).unwrap()
}

fn six_parts(text: &str) -> Option<[&str; 6]> {
    text.splitn(6, ':').collect::<Vec<_>>().try_into().ok()
}
