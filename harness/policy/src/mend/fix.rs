//! What makes a condition of an Allow hold.

use super::keys::{About, MendInput, TracedStatement};
use super::values::{LONGEST_TRIED, MADE_UP, fitting, with};
use crate::condition::Condition;
use crate::document;
use crate::operator::{Operator, Set, Test};
use crate::pattern::Variables;
use crate::reason::{condition, label};
use crate::trace::{ConditionTrace, Flag};
use crate::undocumented::Notes;
use crate::words::plain;
use crate::{Context, ContextValue};

/// Keys with their values; `None` takes a key out.
pub(super) type Keys = Vec<(String, Option<ContextValue>)>;

/// One way to make a condition hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Fix {
    pub(super) says: String,
    /// What takes the condition's place: another one, or none.
    pub(super) edit: Option<Option<document::Condition>>,
    pub(super) keys: Keys,
    /// Whether the policy needs the Version that knows variables.
    pub(super) version: bool,
    /// Whether it overrules no value that the request has.
    pub(super) only_adds: bool,
}

/// The ways for one condition that does not hold, the best first. `context` has what was changed before. `target` names the
/// statement that an edit comes to stand in: the one that was seen, or a new one.
pub(super) fn fixes(
    input: &MendInput<'_>,
    seen: &TracedStatement<'_>,
    at: usize,
    context: &Context,
    target: &str,
) -> Vec<Fix> {
    let Some(statement) = seen.compiled() else { return Vec::new() };
    let (Some(condition), Some(told)) = (statement.conditions.get(at), seen.statement.conditions.get(at)) else {
        return Vec::new();
    };
    if told.has(Flag::NeverCarried) {
        return other_keys(input, target, condition, told, context);
    }
    let label = label(seen.policy, seen.statement);
    // A value that fits what was written by mistake would be no help.
    if let Some(rewritten) = rewritten(seen, condition, told, context, target) {
        return vec![rewritten];
    }
    let mut fixes = Vec::new();
    let together: Vec<_> = statement.conditions.iter().filter(|other| other.name == condition.name).collect();
    let is_right = |context: &Context| together.iter().all(|condition| holds(condition, context));
    let needs = format!("{label} needs {}", condition::wanted(told));
    if told.has(Flag::VariableWithoutValue) {
        let target = input.values(&condition.key);
        let found = variable(input, &condition.texts, target.first().map_or("", String::as_str), &is_right);
        fixes.extend(found.map(|fix| Fix { says: format!("{}: {needs}", fix.says), ..fix }));
    }
    if input.can_set(&condition.key)
        && let Some(value) = fitting(input, context, &condition.key, &together, is_right)
    {
        let says = format!("{}: {needs}", input.way(&condition.key, value.as_ref()));
        let only_adds = context.get(&condition.key).is_none();
        let keys = input.with_what_follows(&condition.key, value);
        fixes.push(Fix { says, keys, only_adds, ..Fix::default() });
    }
    fixes
}

fn holds(condition: &Condition, context: &Context) -> bool {
    condition.evaluate(context, &mut Notes::default()).holds
}

/// "This action never carries the key": the condition on another key, that the action does carry.
fn other_keys(
    input: &MendInput<'_>,
    target: &str,
    condition: &Condition,
    told: &ConditionTrace,
    context: &Context,
) -> Vec<Fix> {
    let (action, key) = (condition::carrier(told, &input.request.action), plain(&condition.key));
    if told.alternatives.is_empty() {
        // Without its condition on a tag the statement would let in everybody.
        if input.about(&condition.key) != About::Other {
            return Vec::new();
        }
        let says = format!("leave the condition on {key} out of {target}: {action} never carries it");
        return vec![Fix { says, edit: Some(None), only_adds: true, ..Fix::default() }];
    }
    let mut others: Vec<_> = told.alternatives.iter().collect();
    let with_key = |key: &str| {
        Condition::new(condition.operator, key, condition.texts.clone(), condition.span, condition.variables())
    };
    others.sort_by_key(|key| (!holds(&with_key(key), context), input.about(key)));
    let fix = |other: &&String| {
        let moved = with_key(other);
        let mut keys = Keys::new();
        let mut says = format!("{action} never carries {key}: use {} in {target}", plain(other));
        if !holds(&moved, context) {
            let value =
                input.can_set(other).then(|| fitting(input, context, other, &[&moved], |now| holds(&moved, now)))??;
            says.push_str(&format!(" and {}", input.way(other, value.as_ref())));
            keys = input.with_what_follows(other, value);
        }
        let rest: Vec<_> = others.iter().filter(|key| key != &other).map(|key| plain(key)).collect();
        if !rest.is_empty() {
            says.push_str(&format!(" (it can carry {} as well)", rest.join(", ")));
        }
        let written = document::Condition {
            operator: condition.operator,
            key: other.as_str().into(),
            values: condition.texts.iter().map(|text| (&**text).into()).collect(),
        };
        Some(Fix { says, edit: Some(Some(written)), keys, version: false, only_adds: true })
    };
    others.iter().filter_map(fix).collect()
}

/// The condition written so that it says what it seems to mean.
fn rewritten(
    seen: &TracedStatement<'_>,
    condition: &Condition,
    told: &ConditionTrace,
    context: &Context,
    target: &str,
) -> Option<Fix> {
    if told.has(Flag::LiteralVariable) {
        let says = format!(
            "give the policy of {} the Version 2012-10-17, so that `${{…}}` is replaced",
            label(seen.policy, seen.statement)
        );
        let is_safe = !seen.policy.policy.denies_by_literal_variable();
        return is_safe.then_some(Fix { says, version: true, only_adds: true, ..Fix::default() });
    }
    let operator = other_operator(condition.operator, told)?;
    let changed =
        Condition::new(operator, &condition.key, condition.texts.clone(), condition.span, condition.variables());
    let values = condition.texts.iter().map(|text| (&**text).into()).collect();
    let written = document::Condition { operator, key: (&*condition.key).into(), values };
    let says = format!("write {operator} in {target}");
    holds(&changed, context).then_some(Fix { says, edit: Some(Some(written)), only_adds: true, ..Fix::default() })
}

/// The operator with the set operator, or the wildcards, that it lacks.
fn other_operator(operator: Operator, told: &ConditionTrace) -> Option<Operator> {
    if told.has(Flag::MultivaluedUnderPlainOperator) {
        // That one value differs would be little to ask: all of them have to.
        let set = if operator.base.negated { Set::All } else { Set::Any };
        return Some(Operator { set: Some(set), ..operator });
    }
    let is_text = matches!(operator.base.test, Test::Equal | Test::EqualIgnoringCase);
    let like = Operator::parse(if operator.base.negated { "StringNotLike" } else { "StringLike" })?;
    (is_text && told.has(Flag::LiteralWildcard)).then_some(Operator { base: like.base, ..operator })
}

/// A value for a variable that has none, with which `is_right` holds. `target` is what the text is compared with.
pub(super) fn variable(
    input: &MendInput<'_>,
    texts: &[Box<str>],
    target: &str,
    is_right: &dyn Fn(&Context) -> bool,
) -> Option<Fix> {
    let context = &input.request.context;
    for text in texts.iter().filter(|text| text.len() <= LONGEST_TRIED) {
        for (start, end) in places(text) {
            let key = text[start + "${".len()..end - 1].trim();
            if key.contains(',') || !key.contains(':') || context.get(key).is_some() || !input.can_set(key) {
                continue;
            }
            let tried = solved(text, (start, end), target).into_iter().chain([MADE_UP.to_owned()]);
            let values = tried.map(ContextValue::One);
            let Some(value) = values.into_iter().find(|value| is_right(&with(context, key, Some(value)))) else {
                continue;
            };
            let name = plain(key);
            let way = input.way(key, Some(&value));
            let says = format!("{name} has no value, so `${{{name}}}` matches nothing: {way}");
            let keys = input.with_what_follows(key, Some(value));
            return Some(Fix { says, keys, only_adds: true, ..Fix::default() });
        }
    }
    None
}

/// Where variables stand: from `$` to behind the brace.
fn places(text: &str) -> Vec<(usize, usize)> {
    let starts = text.match_indices("${").map(|(start, _)| start);
    starts.filter_map(|start| Some((start, start + text[start..].find('}')? + 1))).collect()
}

/// What the variable would have to be for the text to be the target, if nothing else in it is open before.
fn solved(text: &str, (start, end): (usize, usize), target: &str) -> Option<String> {
    let rest = target.strip_prefix(&text[..start])?;
    let after = &text[end..];
    let literal = &after[..after.find(['*', '?', '$']).unwrap_or(after.len())];
    let length = match literal {
        "" if after.is_empty() => rest.len(),
        "" => rest.find('/').unwrap_or(rest.len()),
        literal => rest.find(literal)?,
    };
    Some(rest[..length].to_owned()).filter(|value| !value.is_empty())
}

impl crate::Policy {
    /// Whether a Deny has a `${…}` in it that is literal text: it would come to mean something else.
    fn denies_by_literal_variable(&self) -> bool {
        let denies = self.statements().iter().filter(|statement| statement.effect == document::Effect::Deny);
        let in_resources = |statement: &crate::compile::Statement| {
            statement.resources.iter().flat_map(|resources| &resources.texts).any(|text| text.contains("${"))
        };
        self.takes_variables_literally()
            && denies
                .into_iter()
                .any(|deny| in_resources(deny) || deny.conditions.iter().any(Condition::has_literal_variable))
    }
}

impl Condition {
    const fn variables(&self) -> Variables {
        self.variables
    }
}
