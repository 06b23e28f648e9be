//! Letter case: the names of condition keys ignore it, the part behind the slash too; values do not.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html

use std::collections::HashMap;

use policy::operator::Test;
use policy::plain;

use crate::code;
use crate::sink::Sink;
use crate::written::{Condition, Written};

pub(super) fn check(policy: &Written<'_>, sink: &mut Sink) {
    for statement in &policy.statements {
        under_one_operator(&statement.conditions, sink);
    }
    across(policy, sink);
}

fn under_one_operator(conditions: &[Condition<'_>], sink: &mut Sink) {
    let mut seen = HashMap::new();
    for condition in conditions {
        let first = seen.entry((condition.operator_span, condition.name.to_lowercase())).or_insert(condition.name);
        if *first != condition.name {
            let message = format!(
                "`{}` and `{}` are the same key: letter case does not count",
                plain(first),
                plain(condition.name)
            );
            let help = "put all values under one of them";
            sink.add(&code::DUPLICATE_KEYS_WITH_DIFFERENT_CASE, condition.name_span, message).help(help);
        }
    }
}

/// Tag keys of the whole policy. How the part before the slash is written is a matter of taste.
fn across(policy: &Written<'_>, sink: &mut Sink) {
    let mut seen: HashMap<String, &str> = HashMap::new();
    let conditions = policy.statements.iter().flat_map(|statement| &statement.conditions);
    for condition in conditions.clone() {
        let Some((_, tag)) = condition.name.split_once('/').filter(|_| condition.is_about_tags()) else { continue };
        let first = *seen.entry(condition.name.to_lowercase()).or_insert(tag);
        if first != tag {
            let (tag, first) = (plain(tag), plain(first));
            let message = format!(
                "the key `{}` is the same as with `{first}`: letter case does not tell `{tag}` from it",
                plain(condition.name)
            );
            sink.add(&code::KEYS_DIFFER_ONLY_IN_CASE, condition.name_span, message)
                .help("write it the same everywhere");
        }
    }
    for condition in conditions.filter(|condition| condition.head().ends_with("tagkeys")) {
        tag_keys(condition, &seen, sink);
    }
}

/// Values of aws:TagKeys are compared letter by letter, unlike the key of aws:RequestTag.
fn tag_keys(condition: &Condition<'_>, seen: &HashMap<String, &str>, sink: &mut Sink) {
    if condition.operator.base.test == Test::EqualIgnoringCase {
        return;
    }
    for value in &condition.values {
        let prefix = if condition.head().starts_with("s3:") { "s3:requestobjecttag/" } else { "aws:requesttag/" };
        let other = seen.get(&format!("{prefix}{}", value.text.to_lowercase()));
        if let Some(other) = other.filter(|other| **other != value.text) {
            let (value_text, other) = (plain(value.text), plain(other));
            let message = format!(
                "the tag key `{value_text}` is not `{other}`: letter case counts in a value of `{}`",
                plain(condition.name)
            );
            sink.add(&code::KEYS_DIFFER_ONLY_IN_CASE, value.span, message).help(format!("write `{other}`"));
        }
    }
}
