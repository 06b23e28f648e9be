//! Condition keys that requests for a statement's actions never carry.
//!
//! docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html

use catalog::{Action, Key};
use policy::plain;

use super::listed;
use crate::code::{self, Code};
use crate::sink::Sink;
use crate::written::{ActionItem, Condition, Effect, Statement};

pub(super) fn check(statement: &Statement<'_>, sink: &mut Sink) {
    if statement.not_action {
        return;
    }
    for condition in &statement.conditions {
        let Some(key) = condition.key.filter(|key| !key.is_of_every_request() && is_placed(*key)) else { continue };
        let known: Vec<_> = statement.actions.iter().filter(|item| !item.actions.is_empty()).collect();
        let (lacking, carrying): (Vec<_>, Vec<_>) = known.into_iter().partition(|item| never_carries(item, key));
        // "If the key is there": written for actions of both sorts.
        let is_meant = condition.operator.if_exists && !carrying.is_empty();
        if !lacking.is_empty() && !is_meant {
            report(statement, condition, &lacking, !carrying.is_empty(), sink);
        }
        if let Some(effect) = statement.effect {
            reaches_others(statement, condition, effect, key, &carrying, sink);
        }
    }
}

/// Whether the reference says of any action that it carries the key. Of some keys of old services it does not.
fn is_placed(key: Key) -> bool {
    let prefix = key.pattern().split(':').next().unwrap_or_default();
    prefix == "aws" || catalog::actions_of(prefix).any(|action| !action.never_carries(key))
}

fn never_carries(item: &ActionItem<'_>, key: Key) -> bool {
    item.actions.iter().all(|action| action.never_carries(key))
}

fn report(
    statement: &Statement<'_>,
    condition: &Condition<'_>,
    lacking: &[&ActionItem<'_>],
    others_carry: bool,
    sink: &mut Sink,
) {
    let head = condition.head();
    let denies = statement.effect == Some(Effect::Deny) && !condition.holds_without();
    let code: &Code = match head.as_str() {
        "s3:existingobjecttag" if denies => &code::EXISTING_OBJECT_TAG_ON_WRITE,
        "aws:resourcetag" if denies => &code::DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE,
        "aws:resourcetag" if others_carry && !condition.holds_without() => {
            &code::ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE
        }
        _ => &code::UNSUPPORTED_ACTION_FOR_CONDITION_KEY,
    };
    let consequence = match (statement.effect, condition.holds_without()) {
        (Some(Effect::Deny), false) => "so the statement never denies",
        (_, false) => "so the statement never allows",
        (_, true) => "so the condition always holds for",
    };
    let (verb, them) = if lacking.len() == 1 { ("carries", "it") } else { ("carry", "them") };
    let names = listed(lacking.iter().map(|item| item.text));
    let message = format!("{names} never {verb} `{}`, {consequence} {them}", plain(condition.name));
    sink.add(code, condition.name_span, message).help(what_it_carries(condition, lacking));
}

/// The keys of the first action that lacks the one asked for; those about tags, if that is one.
fn what_it_carries(condition: &Condition<'_>, lacking: &[&ActionItem<'_>]) -> String {
    let Some((item, action)) = lacking.first().and_then(|item| Some((item, item.actions.first()?))) else {
        return String::new();
    };
    if item.actions.len() > 1 {
        return String::new();
    }
    let own = own_keys(*action, |key| !key.is_of_every_request());
    let (name, about_tags) = (action.name(), condition.is_about_tags());
    let of_tags: Vec<_> = own_keys(*action, |key| is_tag_key(key.pattern()));
    match about_tags {
        true => format!("of tag keys, {name} can carry {}", listed(of_tags)),
        false if own.is_empty() => format!("{name} has no keys beyond those of every request"),
        false => format!("beyond the keys of every request, {name} can carry {}", listed(own)),
    }
}

fn own_keys(action: Action, wanted: impl Fn(Key) -> bool) -> Vec<&'static str> {
    action.keys_on("*").into_iter().filter(|&key| wanted(key)).map(Key::pattern).collect()
}

fn is_tag_key(pattern: &str) -> bool {
    pattern.contains("Tag/") || pattern.ends_with("TagKeys")
}

/// A Deny that fires for a missing key, and whose patterns also stand for actions that never carry it: meant to ask
/// for a tag at launch, it denies every read as well.
fn reaches_others(
    statement: &Statement<'_>,
    condition: &Condition<'_>,
    effect: Effect,
    key: Key,
    carrying: &[&ActionItem<'_>],
    sink: &mut Sink,
) {
    let fires = effect == Effect::Deny && condition.holds_without() && !statement.requires(condition.name);
    if !fires {
        return;
    }
    let lacks = |item: &&&ActionItem<'_>| item.actions.iter().find(|action| action.never_carries(key)).copied();
    let Some((item, example)) = carrying.iter().find_map(|item| Some((item, lacks(&item)?))) else { return };
    let message = format!(
        "`{}` also stands for actions that never carry `{}`, such as {}: {}",
        plain(item.text),
        plain(condition.name),
        example.name(),
        // Beside other conditions this one alone denies nothing.
        if statement.conditions.len() == 1 { "it always denies them" } else { "for them this condition always holds" }
    );
    sink.add(&code::DENY_WITHOUT_KEY, item.span, message).help("name the actions that are meant");
}
