//! The context keys that policies ask for.

use serde_json::Value;

use super::super::document::statements_mut;

/// Adds the keys of a document's conditions and variables, each once, in the spelling met first.
pub(super) fn of_document(text: &str, found: &mut Vec<String>) {
    let Ok(mut document) = serde_json::from_str(text) else { return };
    for statement in statements_mut(&mut document) {
        of_statement(statement, found);
    }
}

/// The keys of one statement of a document, counted from 1.
pub(super) fn of_nth_statement(text: &str, index: usize, found: &mut Vec<String>) {
    let Ok(mut document) = serde_json::from_str(text) else { return };
    if let Some(statement) = statements_mut(&mut document).nth(index.saturating_sub(1)) {
        of_statement(statement, found);
    }
}

fn of_statement(statement: &Value, found: &mut Vec<String>) {
    let conditions = statement.get("Condition").and_then(Value::as_object);
    for (key, values) in conditions.into_iter().flat_map(|all| all.values()).filter_map(Value::as_object).flatten() {
        add(key, found);
        variables(values, found);
    }
    for element in ["Resource", "NotResource"] {
        if let Some(values) = statement.get(element) {
            variables(values, found);
        }
    }
}

/// `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`; not `${*}`.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
fn variables(values: &Value, found: &mut Vec<String>) {
    match values {
        Value::Array(values) => values.iter().for_each(|value| variables(value, found)),
        Value::String(text) => {
            for rest in text.split("${").skip(1) {
                let name = rest.split('}').next().unwrap_or_default();
                let key = name.split(',').next().unwrap_or_default().trim();
                if key.contains(':') {
                    add(key, found);
                }
            }
        }
        _ => {}
    }
}

fn add(key: &str, found: &mut Vec<String>) {
    if !found.iter().any(|known| known.eq_ignore_ascii_case(key)) {
        found.push(key.to_owned());
    }
}
