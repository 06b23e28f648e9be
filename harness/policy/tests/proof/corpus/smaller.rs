//! Cases made smaller.

use serde_json::Value;

/// What a case, a document and a statement cannot be without.
const NEEDED: &[&str] = &[
    "principal",
    "action",
    "resource",
    "context",
    "policies",
    "Version",
    "Statement",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
];

/// What is not taken apart.
const WHOLE: &[&str] = &["principal", "Principal", "NotPrincipal"];

/// The case without all that can go while `same` holds.
pub fn smallest(mut case: Value, same: impl Fn(&Value) -> bool) -> Value {
    while let Some(smaller) = smaller(&case).into_iter().find(&same) {
        case = smaller;
    }
    case
}

/// The value without one of its parts, in every way.
fn smaller(value: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    match value {
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                if items.len() > 1 {
                    let mut fewer = items.clone();
                    fewer.remove(at);
                    all.push(fewer.into());
                }
                all.extend(smaller(item).into_iter().map(|item| {
                    let mut items = items.clone();
                    items[at] = item;
                    items.into()
                }));
            }
        }
        Value::Object(entries) => {
            for (name, part) in entries.iter().filter(|(name, _)| !WHOLE.contains(&name.as_str())) {
                if !NEEDED.contains(&name.as_str()) {
                    let mut fewer = entries.clone();
                    fewer.shift_remove(name);
                    all.push(fewer.into());
                }
                all.extend(smaller(part).into_iter().map(|part| {
                    let mut entries = entries.clone();
                    entries[name] = part;
                    entries.into()
                }));
            }
        }
        _ => {}
    }
    all
}
