//! Condition keys that requests for a statement's actions never carry.
//!
//! docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html

use catalog::{Action, Key, Row};
use policy::plain;
use policy::undocumented::Case;

use super::listed;
use super::rows::{Reach, can_hold, is_placed};
use crate::code::{self, Code};
use crate::sink::Sink;
use crate::written::{ActionItem, Condition, Effect, Statement};

pub(super) fn check(statement: &Statement<'_>, reach: &Reach, sink: &mut Sink) {
    if statement.not_action {
        return;
    }
    for condition in &statement.conditions {
        let Some(key) = condition.key.filter(|key| !key.is_of_every_request() && is_placed(*key)) else { continue };
        let known: Vec<_> = statement.actions.iter().filter(|item| !item.actions.is_empty()).collect();
        let may_carry = |action: &Action| reach.carries(*action, key) || is_left_open(*action, key);
        let lacks = |item: &&ActionItem<'_>| !item.actions.iter().any(may_carry);
        let (lacking, carrying): (Vec<_>, Vec<_>) = known.into_iter().partition(lacks);
        // "If the key is there": written for actions of both sorts.
        let is_meant = condition.operator.if_exists && !carrying.is_empty();
        if !lacking.is_empty() && !is_meant {
            report(statement, reach, condition, key, &lacking, !carrying.is_empty(), sink);
        }
        if let Some(effect) = statement.effect {
            reaches_others(statement, reach, condition, effect, key, &carrying, sink);
        }
    }
}

/// Whether AWS's documentation does not say that requests for the action lack a key that one call may bring to it.
fn is_left_open(action: Action, key: Key) -> bool {
    action.rows().any(|row| row.left_open(key) == Some(Case::ExternalIdOfFurtherAction))
}

fn report(
    statement: &Statement<'_>,
    reach: &Reach,
    condition: &Condition<'_>,
    key: Key,
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
    let on = where_not(reach, key, lacking);
    let message = format!("{names} never {verb} `{}`{on}, {consequence} {them}", plain(condition.name));
    let help = what_it_carries(reach, condition, key, lacking);
    let open = single(lacking).and_then(|action| reach.rows(action).into_iter().find_map(|row| row.left_open(key)));
    sink.add(code, condition.name_span, message).help(help).rests_on(open);
}

/// Where the actions do not carry a key that they carry elsewhere; nothing if they never do.
fn where_not(reach: &Reach, key: Key, lacking: &[&ActionItem<'_>]) -> String {
    let mut actions = lacking.iter().flat_map(|item| item.actions.iter());
    if actions.all(|action| action.never_carries(key)) {
        return String::new();
    }
    match single(lacking) {
        Some(action) => format!(" on {}", super::rows::names(reach.rows(action))),
        None => " on these resources".to_owned(),
    }
}

/// The only action, if it is one.
fn single(items: &[&ActionItem<'_>]) -> Option<Action> {
    match items.first()?.actions[..] {
        [action] => Some(action),
        _ => None,
    }
}

/// What the first action that lacks the key carries; of tags, if the key is about them.
fn what_it_carries(reach: &Reach, condition: &Condition<'_>, key: Key, lacking: &[&ActionItem<'_>]) -> String {
    let Some(action) = single(lacking) else { return String::new() };
    let name = action.name();
    let carrying: Vec<_> = action.rows().filter(|row| row.carries(key)).collect();
    if !carrying.is_empty() {
        return format!("{name} carries it on {}", super::rows::names(carrying));
    }
    let rows = reach.rows(action);
    let can_carry = of_tags_or_all(condition, name, &rows);
    match rows.iter().find_map(|row| of_type_only(*row, key)) {
        Some(why) => format!("{why}; {can_carry}"),
        None => can_carry,
    }
}

fn of_tags_or_all(condition: &Condition<'_>, name: &str, rows: &[Row]) -> String {
    let own = own_keys(rows, false);
    match condition.is_about_tags() {
        true => format!("of tag keys, {name} can carry {}", listed(own_keys(rows, true))),
        false if own.is_empty() => format!("{name} has no keys beyond those of every request"),
        false => format!("beyond the keys of every request, {name} can carry {}", listed(own)),
    }
}

/// Why a row lacks a key that the reference lists for its resource type.
fn of_type_only(row: Row, key: Key) -> Option<String> {
    let of = row.resource_type().filter(|of| of.keys().any(|listed| listed == key.pattern()))?;
    let (of, name) = (of.name(), row.action().name());
    Some(match key.pattern() {
        "aws:RequestTag/${TagKey}" => {
            format!("the reference lists it for the type `{of}`, but requests for {name} pass no tags")
        }
        "aws:TagKeys" => format!("the reference lists it for the type `{of}`, but requests for {name} name no tags"),
        _ => format!("the reference lists it for the type `{of}`, but not for {name}"),
    })
}

/// The keys that rows carry: those about tags, or all beyond the keys of every request.
fn own_keys(rows: &[Row], of_tags: bool) -> Vec<&'static str> {
    let wanted = |key: &Key| match of_tags {
        true => key.pattern().contains("Tag/") || key.pattern().ends_with("TagKeys"),
        false => !key.is_of_every_request(),
    };
    let mut own: Vec<_> = rows.iter().flat_map(|row| row.keys()).collect();
    own.sort_by_key(|key| key.pattern().to_lowercase());
    own.dedup();
    own.extend(catalog::keys().filter(|key| key.is_of_every_request()));
    own.into_iter().filter(wanted).map(Key::pattern).collect()
}

/// A Deny that fires for a missing key, and whose patterns also stand for actions that never carry it: meant to ask
/// for a tag at launch, it denies every read as well.
fn reaches_others(
    statement: &Statement<'_>,
    reach: &Reach,
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
    let is_denied = |row: Row| statement.conditions.iter().all(|other| can_hold(other, row));
    let lacks = |action: &&Action| !reach.carries(**action, key) && reach.rows(**action).into_iter().any(is_denied);
    let example = |item: &ActionItem<'_>| item.actions.iter().find(lacks).copied();
    let Some((item, example)) = carrying.iter().find_map(|item| Some((item, example(item)?))) else { return };
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
