//! What people write in place of a condition on a tag, as the scenarios show it.

use policy::TagsOf;
use serde_json::{Map, Value, json};

use crate::subject::{Subject, TagCondition};

/// A Condition in place of the one that is deployed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Form {
    /// `request-tag`
    pub(crate) name: &'static str,
    /// `aws:RequestTag/Status instead`
    pub(crate) says: String,
    pub(crate) condition: Map<String, Value>,
}

/// The name of the form without any condition on tags.
pub(crate) const WITHOUT: &str = "no-condition";

/// Every form, the one without conditions on tags first. Those that are deployed are left out, and each is there once.
pub(crate) fn forms(subject: &Subject) -> Vec<Form> {
    let mut bare = subject.condition.clone();
    subject.tags.iter().for_each(|one| take(&mut bare, one));
    let mut all = vec![Form { name: WITHOUT, says: "no condition on tags".to_owned(), condition: bare }];
    for one in &subject.tags {
        for (name, operator, key, values) in instead(subject, one) {
            let mut condition = subject.condition.clone();
            take(&mut condition, one);
            let says = format!("{operator} {key}");
            put(&mut condition, &operator, &key, values);
            all.push(Form { name, says, condition });
        }
    }
    let mut kept: Vec<Form> = Vec::new();
    for form in all {
        let is_new = form.condition != subject.condition && kept.iter().all(|known| known.condition != form.condition);
        if is_new {
            kept.push(form);
        }
    }
    kept
}

type Instead = (&'static str, String, String, Value);

/// Operators, keys and values that are tried for one condition.
fn instead(subject: &Subject, one: &TagCondition) -> Vec<Instead> {
    let values = if one.values.len() == 1 { json!(one.values[0]) } else { json!(one.values) };
    let keys = |tag: &str| json!([tag]);
    let mut all: Vec<Instead> = Vec::new();
    let single = if one.operator.set.is_some() { one.operator.base.name } else { one.written.as_str() };
    let Some(tag) = &one.tag else { return of_tag_keys(one, values) };
    // The tags of an object are S3's alone.
    let asks_s3 =
        subject.actions().iter().any(|action| action.to_ascii_lowercase().starts_with("s3:") || action == "*");
    let others = [
        ("request-tag", "aws:RequestTag", true),
        ("resource-tag", "aws:ResourceTag", true),
        ("principal-tag", "aws:PrincipalTag", true),
        ("existing-object-tag", "s3:ExistingObjectTag", asks_s3),
    ];
    for (name, head, is_tried) in others {
        let key = format!("{head}/{tag}");
        // A tag compared with itself.
        let is_same = one.values.iter().any(|value| value.contains(&format!("${{{key}")));
        if is_tried && !is_same && !key.eq_ignore_ascii_case(&one.key) {
            all.push((name, single.to_owned(), key, values.clone()));
        }
    }
    if one.is_null() {
        let other = if one.values.first().is_some_and(|value| value == "true") { "false" } else { "true" };
        all.push(("null-turned-round", "Null".to_owned(), one.key.clone(), json!(other)));
        return all;
    }
    match one.operator.if_exists {
        true => all.push(("without-if-exists", one.written.replace("IfExists", ""), one.key.clone(), values)),
        false => all.push(("if-exists", format!("{}IfExists", one.written), one.key.clone(), values)),
    }
    all.push(("null-check", "Null".to_owned(), one.key.clone(), json!("false")));
    if one.of != TagsOf::Request || one.tag.is_some() {
        all.push((
            "tag-keys-for-all-values",
            "ForAllValues:StringEquals".to_owned(),
            "aws:TagKeys".to_owned(),
            keys(tag),
        ));
        all.push((
            "tag-keys-for-any-value",
            "ForAnyValue:StringEquals".to_owned(),
            "aws:TagKeys".to_owned(),
            keys(tag),
        ));
    }
    all
}

/// Of `aws:TagKeys` and the like, whose values are the names of tags.
fn of_tag_keys(one: &TagCondition, values: Value) -> Vec<Instead> {
    let base = one.operator.base.name;
    let head = if one.key.eq_ignore_ascii_case("aws:TagKeys") { "aws:RequestTag" } else { "s3:RequestObjectTag" };
    let mut all: Vec<Instead> = vec![
        ("for-all-values", format!("ForAllValues:{base}"), one.key.clone(), values.clone()),
        ("for-any-value", format!("ForAnyValue:{base}"), one.key.clone(), values.clone()),
        ("without-a-set", base.to_owned(), one.key.clone(), values),
    ];
    let first = one.values.first().filter(|tag| !one.is_null() && !tag.contains(['*', '?', '$']));
    all.extend(first.map(|tag| ("null-check", "Null".to_owned(), format!("{head}/{tag}"), json!("false"))));
    if one.is_null() {
        all.clear();
    }
    all
}

fn take(condition: &mut Map<String, Value>, one: &TagCondition) {
    if let Some(Value::Object(keys)) = condition.get_mut(&one.written) {
        keys.shift_remove(&one.key);
        if keys.is_empty() {
            condition.shift_remove(&one.written);
        }
    }
}

fn put(condition: &mut Map<String, Value>, operator: &str, key: &str, values: Value) {
    let keys = condition.entry(operator.to_owned()).or_insert_with(|| json!({}));
    if let Value::Object(keys) = keys {
        keys.insert(key.to_owned(), values);
    }
}
