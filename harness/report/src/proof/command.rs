//! A request that was found, to paste: as a command, and into a scenario.

use policy::{ContextValue, Principal, Request};
use prove::line;
use serde_json::{Map, Value, json};

/// `tagproof simulate …` for a request, with further options such as `--identity new.json`. None: a command line cannot say it,
/// and its line for `simulate --batch` has to do.
#[must_use]
pub fn command(request: &Request, options: &[String]) -> Option<String> {
    let line = line(request);
    let mut words = vec!["tagproof".to_owned(), "simulate".to_owned()];
    for (option, member) in [
        ("--principal", "principal"),
        ("--action", "action"),
        ("--resource", "resource"),
        ("--resource-account", "resourceAccount"),
    ] {
        if let Some(value) = line[member].as_str() {
            words.extend([option.to_owned(), quoted(value)?]);
        }
    }
    for (key, value) in line["context"].as_object().into_iter().flatten() {
        words.extend(["--context".to_owned(), quoted(&format!("{key}={}", on_command_line(key, value)?))?]);
    }
    words.extend(options.iter().map(|word| quoted(word)).collect::<Option<Vec<_>>>()?);
    Some(words.join(" "))
}

/// As `--context` takes it: the values of a multivalued key with commas between them.
fn on_command_line(key: &str, value: &Value) -> Option<String> {
    let Value::Array(values) = value else { return value.as_str().map(str::to_owned) };
    let values: Option<Vec<&str>> = values.iter().map(Value::as_str).collect();
    let is_multivalued = catalog::key(key).is_some_and(catalog::Key::is_multivalued);
    let values =
        values.filter(|values| is_multivalued && !values.iter().any(|one| one.is_empty() || one.contains(',')));
    values.map(|values| values.join(","))
}

/// A word as a POSIX shell reads it. None: what is hidden in it could not be pasted.
fn quoted(word: &str) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@+%".contains(c);
    match () {
        () if source::escaped(word) != word => None,
        () if !word.is_empty() && word.chars().all(is_plain) => Some(word.to_owned()),
        () => Some(format!("'{}'", word.replace('\'', r"'\''"))),
    }
}

/// A caller and a request of a scenario, as JSON, which is YAML too: `{"callers": {…}, "requests": {…}}`. Keys that follow from
/// the caller are not in the request. Of a session it is left open who assumes the role. None: no caller of a scenario is so.
#[must_use]
pub fn to_paste(request: &Request) -> Option<Value> {
    let name = |arn: &str| arn.rsplit('/').next().map(str::to_owned);
    let of_caller = |key: &str| {
        let key = key.to_ascii_lowercase();
        key.starts_with("aws:principal") || matches!(key.as_str(), "aws:username" | "aws:userid")
    };
    let caller = match &request.principal {
        Principal::User { arn } => json!({"user": name(arn)?}),
        Principal::RoleSession { .. } => {
            let mut caller = json!({"assume": request.principal.principal_arn()?, "by": "USER"});
            let tags = tags(request);
            if !tags.is_empty() {
                caller["session-tags"] = tags.into();
            }
            caller
        }
        _ => return None,
    };
    let mut asked = json!({"action": request.action, "resource": request.resource});
    let line = line(request);
    let context = line["context"].as_object().into_iter().flatten().filter(|(key, _)| !of_caller(key));
    let context: Map<String, Value> = context.map(|(key, value)| (key.clone(), value.clone())).collect();
    if !context.is_empty() {
        asked["context"] = context.into();
    }
    Some(json!({"callers": {"found": caller}, "requests": {"found": asked}}))
}

/// The tags of the caller.
fn tags(request: &Request) -> Map<String, Value> {
    let tag = |(key, value): (&str, &ContextValue)| {
        let (head, tag) = key.split_once('/')?;
        let ContextValue::One(value) = value else { return None };
        head.eq_ignore_ascii_case("aws:PrincipalTag").then(|| (tag.to_owned(), json!(value)))
    };
    request.context.iter().filter_map(tag).collect()
}
