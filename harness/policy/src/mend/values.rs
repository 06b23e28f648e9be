//! A value of a key with which conditions come out as wanted: found by trying those that policies speak of.

use super::change::set;
use super::keys::{About, MendInput, values};
use crate::address::is_private;
use crate::condition::Condition;
use crate::operator::Test;
use crate::{Context, ContextValue};

/// What stands for a value where any will do.
pub(super) const MADE_UP: &str = "example";

/// Values of policies that are tried for one key.
const MOST_TRIED: usize = 32;
/// The longest text that is tried, in bytes; an ARN has no more.
pub(super) const LONGEST_TRIED: usize = 2 << 10;
/// The most values of a key that are taken apart: the keys of fifty tags, and some.
const MOST_VALUES: usize = 64;

/// The first value, or the lack of one, with which `is_right` holds. `conditions` are those on the key that matter.
pub(super) fn fitting(
    input: &MendInput<'_>,
    context: &Context,
    key: &str,
    conditions: &[&Condition],
    is_right: impl Fn(&Context) -> bool,
) -> Option<Option<ContextValue>> {
    let mut tried = texts(conditions, context);
    tried.extend(elsewhere(input, key));
    let is_tag = input.about(key) != About::Other;
    tried.retain(|text| text.len() <= LONGEST_TRIED);
    // "The aws:SourceIp condition key can only be used for public IP address ranges."
    // docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip
    let is_source = key.eq_ignore_ascii_case("aws:SourceIp");
    tried.retain(|text| !(is_source && is_private(text)));
    let mut candidates = forms(context, key, conditions, &tried);
    if is_tag {
        if context.get(key).is_some() {
            candidates.push(None);
        }
        candidates.extend(forms(context, key, conditions, &[MADE_UP.to_owned()]));
    }
    let is_change = |value: &Option<ContextValue>| value.as_ref() != context.get(key);
    candidates.into_iter().filter(is_change).find(|value| is_right(&with(context, key, value.as_ref())))
}

/// A context with another value of a key.
pub(super) fn with(context: &Context, key: &str, value: Option<&ContextValue>) -> Context {
    let mut context = context.clone();
    set(&mut context, key, value);
    context
}

/// Texts as one value, or among several; of those that are there, some less.
fn forms(context: &Context, key: &str, conditions: &[&Condition], texts: &[String]) -> Vec<Option<ContextValue>> {
    let there = context.get(key);
    let is_many = matches!(there, Some(ContextValue::Many(_)))
        || key.eq_ignore_ascii_case("aws:TagKeys")
        || (there.is_none() && conditions.iter().any(|condition| condition.operator.set.is_some()));
    if !is_many {
        return texts.iter().map(|text| Some(ContextValue::One(text.clone()))).collect();
    }
    let there = there.map(values).unwrap_or_default();
    if there.len() > MOST_VALUES {
        return Vec::new();
    }
    let more = texts.iter().map(|text| there.iter().chain([text]).cloned().collect::<Vec<_>>());
    let alone = texts.iter().map(|text| vec![text.clone()]);
    let some: Vec<_> = there.iter().filter(|value| texts.contains(value)).cloned().collect();
    let others: Vec<_> = there.iter().filter(|value| !texts.contains(value)).cloned().collect();
    let fewer = [some, others].into_iter().filter(|left| !left.is_empty() && left.len() < there.len());
    more.chain(fewer).chain(alone).map(|values| Some(ContextValue::Many(values))).collect()
}

/// What conditions compare with, variables replaced and wildcards filled, and what lies beside that.
fn texts(conditions: &[&Condition], context: &Context) -> Vec<String> {
    let mut all = Vec::new();
    for condition in conditions {
        let resolved = condition.resolved(context).into_iter().flatten().take(MOST_TRIED);
        match condition.operator.base.test {
            Test::Null => {}
            Test::Bool => all.extend(["true", "false"].map(str::to_owned)),
            Test::Like | Test::Arn => {
                all.extend(
                    resolved.flat_map(|text| [text.replace('*', "").replace('?', "x"), text.replace(['*', '?'], "x")]),
                );
            }
            Test::Address => all.extend(resolved.filter_map(|text| Some(text.split('/').next()?.to_owned()))),
            Test::Number(_) => all.extend(resolved.flat_map(|text| {
                let near = |by: i64| text.parse::<i64>().ok()?.checked_add(by);
                let near = [near(1), near(-1)].into_iter().flatten().map(|number| number.to_string());
                std::iter::once(text.clone()).chain(near).collect::<Vec<_>>()
            })),
            Test::Equal | Test::EqualIgnoringCase | Test::Date(_) | Test::Binary => all.extend(resolved),
        }
    }
    all
}

/// What other statements want of the key: a Deny for want of a tag is best met by the value that an Allow asks for.
fn elsewhere(input: &MendInput<'_>, key: &str) -> Vec<String> {
    let statements = input.trace.policies.iter().flat_map(|policy| policy.policy.statements());
    let conditions = statements.flat_map(|statement| statement.conditions.iter());
    let same: Vec<_> =
        conditions.filter(|condition| condition.key.eq_ignore_ascii_case(key)).take(MOST_TRIED).collect();
    let mut found = texts(&same, &input.request.context);
    found.truncate(MOST_TRIED);
    found
}
