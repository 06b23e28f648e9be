//! Policy variables against a plain second reading of them.
//!
//! An input is lines: a policy's text, a request's text, then `key=value` of the request, where `[a,b]` is several
//! values.

use policy::{Context, ContextValue, Request};
use serde_json::json;

use crate::ask::{allow, allows, judged, request, under};

/// The key whose value is compared; no variable names it.
const KEY: &str = "my:compared";

pub fn check(input: &[u8]) {
    let input = String::from_utf8_lossy(input);
    let mut lines = input.split('\n');
    let (written, text) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    if input.len() > 1000 || written.contains('\0') || written.to_lowercase().contains(KEY) {
        return;
    }
    let pairs: Vec<(&str, ContextValue)> = lines.filter_map(pair).collect();
    let signs = expand(written, &pairs);
    match &signs {
        None => without_value(written, text, &pairs),
        Some(signs) => {
            let spelt: String = signs.iter().map(|sign| sign.letter).collect();
            for text in [text, &spelt, &format!("{spelt}x")] {
                replaced(written, signs, text, &pairs);
            }
        }
    }
    // docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html: in older documents, text.
    for text in [text, written] {
        let old = under("2008-10-17", "StringEquals", KEY, written).unwrap();
        assert_eq!(allows(&old, &asked(text, &pairs)), text == written, "2008-10-17: {written:?} on {text:?}");
    }
}

/// "Missing value": nothing equals it, and under a negated operator everything differs from it.
fn without_value(written: &str, text: &str, pairs: &[(&str, ContextValue)]) {
    for text in [text, "", written] {
        let request = asked(text, pairs);
        for (operator, expected) in [
            ("StringEquals", false),
            ("StringEqualsIgnoreCase", false),
            ("StringLike", false),
            ("StringNotEquals", true),
            ("StringNotLike", true),
        ] {
            let policies = under("2012-10-17", operator, KEY, written).unwrap();
            assert_eq!(allows(&policies, &request), expected, "{operator} {written:?} on {text:?}");
        }
        for element in ["Resource", "NotResource"] {
            assert!(!on_resource(element, written, text, pairs), "{element} {written:?} on {text:?}");
        }
    }
    let policies = under("2012-10-17", "StringEquals", KEY, written).unwrap();
    assert_eq!(shown(&policies, &asked(text, pairs)), None, "{written:?}");
}

fn replaced(written: &str, signs: &[Sign], text: &str, pairs: &[(&str, ContextValue)]) {
    let request = asked(text, pairs);
    let spelt: String = signs.iter().map(|sign| sign.letter).collect();
    let lower = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<String>();
    let like = covers(signs, text);
    for (operator, expected) in [
        ("StringEquals", spelt == text),
        ("StringNotEquals", spelt != text),
        ("StringEqualsIgnoreCase", lower(&spelt) == lower(text)),
        ("StringLike", like),
        ("StringNotLike", !like),
    ] {
        let policies = under("2012-10-17", operator, KEY, written).unwrap();
        assert_eq!(allows(&policies, &request), expected, "{operator} {written:?} on {text:?} with {pairs:?}");
    }
    for (element, expected) in [("Resource", like), ("NotResource", !like)] {
        let found = on_resource(element, written, text, pairs);
        assert_eq!(found, expected, "{element} {written:?} on {text:?} with {pairs:?}");
    }
    let policies = under("2012-10-17", "StringEquals", KEY, written).unwrap();
    assert_eq!(shown(&policies, &request), Some(spelt), "{written:?} with {pairs:?}");
}

fn on_resource(element: &str, written: &str, text: &str, pairs: &[(&str, ContextValue)]) -> bool {
    let policies = allow("2012-10-17", json!({"Action": "*", element: format!("arn:aws:s3:::{written}")})).unwrap();
    allows(&policies, &request("s3:GetObject", &format!("arn:aws:s3:::{text}"), context(pairs)))
}

fn asked(text: &str, pairs: &[(&str, ContextValue)]) -> Request {
    let mut context = context(pairs);
    context.set(KEY, text);
    request("s3:GetObject", "*", context)
}

fn context(pairs: &[(&str, ContextValue)]) -> Context {
    let mut context = Context::new();
    for (key, value) in pairs {
        match value {
            ContextValue::One(value) => context.set(*key, value),
            ContextValue::Many(values) => context.set_many(*key, values.clone()),
        }
    }
    context
}

/// What the trace says that the condition's value came to.
fn shown(policies: &policy::Policies, request: &Request) -> Option<String> {
    let trace = judged(policies, request).trace.unwrap();
    trace.policies[0].statements[0].conditions[0].resolved[0].clone()
}

fn pair(line: &str) -> Option<(&str, ContextValue)> {
    let (key, value) = line.split_once('=')?;
    Some((
        key,
        match value.strip_prefix('[').and_then(|value| value.strip_suffix(']')) {
            Some(values) => ContextValue::Many(values.split(',').map(str::to_owned).collect()),
            None => ContextValue::One(value.to_owned()),
        },
    ))
}

/// A letter, and whether it is a wildcard where those count.
#[derive(Clone, Copy)]
struct Sign {
    letter: char,
    is_wild: bool,
}

/// Replaces the variables, letter by letter; `None` if one has no value. A variable ends with the first brace that does
/// not stand in quotes; what does not end is plain text.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
fn expand(written: &str, pairs: &[(&str, ContextValue)]) -> Option<Vec<Sign>> {
    let letters: Vec<char> = written.chars().collect();
    let mut signs = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let Some(inner) = variable(&letters[at..]) else {
            signs.push(Sign { letter: letters[at], is_wild: matches!(letters[at], '*' | '?') });
            at += 1;
            continue;
        };
        at += inner.len() + "${}".len();
        let value = match inner {
            // "${*}, ${?}, ${$}": the characters themselves.
            [letter @ ('*' | '?' | '$')] => letter.to_string(),
            _ => value(inner, pairs)?,
        };
        signs.extend(value.chars().map(|letter| Sign { letter, is_wild: false }));
    }
    Some(signs)
}

/// What stands between the braces of the variable that begins here.
fn variable(letters: &[char]) -> Option<&[char]> {
    let ['$', '{', rest @ ..] = letters else { return None };
    let mut is_quoted = false;
    for (at, letter) in rest.iter().enumerate() {
        match letter {
            '\'' => is_quoted = !is_quoted,
            '}' if !is_quoted => return Some(&rest[..at]),
            _ => {}
        }
    }
    None
}

/// The value of `key` or of `key, 'default'`. A default is for a missing key; several values are none.
fn value(inner: &[char], pairs: &[(&str, ContextValue)]) -> Option<String> {
    let inner: String = inner.iter().collect();
    let mut parts = inner.splitn(2, ',');
    let key = parts.next().unwrap_or_default().trim().to_lowercase();
    let default = parts.next().map(|text| text.trim().trim_matches('\'').to_owned());
    match pairs.iter().rev().find(|(name, _)| name.to_lowercase() == key) {
        Some((_, ContextValue::One(value))) => Some(value.clone()),
        Some((_, ContextValue::Many(_))) => None,
        None => default,
    }
}

/// Every way is tried: `reached` says which starts of the text the signs so far cover.
fn covers(signs: &[Sign], text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for sign in signs {
        let mut next = vec![false; text.len() + 1];
        for end in 0..=text.len() {
            next[end] = match sign {
                Sign { letter: '*', is_wild: true } => reached[end] || (end > 0 && next[end - 1]),
                Sign { letter: '?', is_wild: true } => end > 0 && reached[end - 1],
                Sign { letter, .. } => end > 0 && reached[end - 1] && text[end - 1] == *letter,
            };
        }
        reached = next;
    }
    reached[text.len()]
}
