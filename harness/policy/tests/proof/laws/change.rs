//! Changes to a case that laws speak of.

use serde_json::{Map, Value, json};

/// Every document with its kind.
pub fn documents(case: &mut Value, mut change: impl FnMut(&str, &mut Value)) {
    for (kind, attached) in case["policies"].as_object_mut().unwrap() {
        each(attached, &mut |document| change(kind, document));
    }
}

fn each(attached: &mut Value, change: &mut impl FnMut(&mut Value)) {
    match attached {
        Value::Array(items) => items.iter_mut().for_each(|item| each(item, change)),
        document => change(document),
    }
}

/// The statements of the documents of a kind, as lists.
pub fn statements(case: &mut Value, wanted: &str, mut change: impl FnMut(&mut Vec<Value>)) {
    documents(case, |kind, document| {
        if kind == wanted {
            change(listed(document));
        }
    });
}

fn listed(document: &mut Value) -> &mut Vec<Value> {
    let statement = &mut document["Statement"];
    if !statement.is_array() {
        *statement = json!([statement.take()]);
    }
    statement.as_array_mut().unwrap()
}

/// Leaves those for which `keep` says so; a document cannot be empty, so a statement about nothing takes their place.
pub fn keep_statements(document: &mut Value, keep: impl FnMut(&mut Value) -> bool) {
    let all = listed(document);
    let mut about_nothing = all[0].clone();
    about_nothing["Condition"] = json!({"StringEquals": {"x:Nothing": "x"}});
    all.retain_mut(keep);
    if all.is_empty() {
        all.push(about_nothing);
    }
}

pub fn double_statements(document: &mut Value) {
    let all = listed(document);
    all.extend(all.clone());
}

/// One statement for each item of an element's list.
pub fn split_statements(document: &mut Value, element: &str) {
    let all = listed(document);
    let split = |statement: &Value| match statement[element].as_array() {
        Some(items) => items
            .iter()
            .map(|item| {
                let mut one = statement.clone();
                one[element] = item.clone();
                one
            })
            .collect(),
        None => vec![statement.clone()],
    };
    *all = all.iter().flat_map(split).collect();
}

/// Every list, however deep; but for the levels of an organisation, whose order has a meaning of its own.
pub fn reverse_lists(value: &mut Value, but: &[&str]) {
    match value {
        Value::Array(items) => {
            items.reverse();
            items.iter_mut().for_each(|item| reverse_lists(item, &[]));
        }
        Value::Object(entries) => {
            let reversed: Map<_, _> = std::mem::take(entries).into_iter().rev().collect();
            *entries = reversed;
            for (name, value) in entries.iter_mut() {
                if !but.contains(&name.as_str()) {
                    reverse_lists(value, &[]);
                }
            }
        }
        _ => {}
    }
}

/// Upper-case letters as lower-case ones, and the other way round: what was different stays so.
pub fn flipped(name: &str) -> String {
    let flip = |letter: char| match letter {
        'a'..='z' => letter.to_ascii_uppercase(),
        other => other.to_ascii_lowercase(),
    };
    name.chars().map(flip).collect()
}

pub fn flip_names(entries: &Value) -> Value {
    entries
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (flipped(name), value.clone()))
        .collect::<Map<_, _>>()
        .into()
}

/// Actions, operators and condition keys.
pub fn flip_statement(statement: &mut Value) {
    for element in ["Action", "NotAction"] {
        match statement.get_mut(element) {
            Some(Value::String(action)) => *action = flipped(action),
            Some(Value::Array(actions)) => {
                actions.iter_mut().for_each(|action| *action = flipped(action.as_str().unwrap()).into());
            }
            _ => {}
        }
    }
    if let Some(condition) = statement.get_mut("Condition") {
        *condition = flip_names(condition);
        condition.as_object_mut().unwrap().values_mut().for_each(|keys| *keys = flip_names(keys));
    }
}

/// The operator that says the opposite of one in lower case; none for set operators and IfExists, of which both may hold.
pub fn negation(operator: &str) -> Option<String> {
    if operator.starts_with("for") || operator.ends_with("ifexists") {
        return None;
    }
    let negated = ["stringnot", "numericnot", "datenot", "notip", "arnnot"];
    let (positive, not) = match operator {
        _ if negated.iter().any(|start| operator.starts_with(start)) => return None,
        "ipaddress" => ("", "not"),
        _ if operator.starts_with("string") => ("string", "stringnot"),
        _ if operator.starts_with("arn") => ("arn", "arnnot"),
        "numericequals" => ("numeric", "numericnot"),
        "dateequals" => ("date", "datenot"),
        _ => return None,
    };
    Some(operator.replacen(positive, not, 1))
}
