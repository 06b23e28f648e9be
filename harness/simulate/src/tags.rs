//! Tags that several condition keys tell of: each key follows from the others, and they cannot contradict each other.
//!
//! `aws:RequestTag/team`, `rds:req-tag/team` and `aws:TagKeys` are about the tags that are passed in a request,
//! `aws:ResourceTag/team` and `ec2:ResourceTag/team` about those of the resource.

use catalog::{Row, TagSet};
use policy::{ContextValue, Request};

use crate::Fault;
use crate::follows::MentionedKeys;
use crate::lookups::{About, Carries, OfTags};
use crate::question::is_same;

/// A key of tags that a question gives.
pub(crate) struct GivenTag {
    pub(crate) of: OfTags,
    /// As it is spelt.
    pub(crate) key: String,
    pub(crate) value: ContextValue,
    /// Whether the request has it.
    pub(crate) is_kept: bool,
    /// Where it stands in the line.
    pub(crate) at: Option<usize>,
}

/// Everything that contradicts itself; else what is asked for and follows is filled in.
pub(crate) fn complete(
    given: &[GivenTag],
    about: &mut About,
    mentioned: MentionedKeys,
    request: &mut Request,
) -> Vec<Fault> {
    let mut faults = contradictions(given);
    for set in TagSet::PASSED {
        faults.extend(against_keys(set, given, about, mentioned, request));
    }
    if faults.is_empty() {
        if mentioned.tags() {
            given.iter().for_each(|one| fill_values(one, about, request));
        }
        if mentioned.tag_keys() {
            TagSet::PASSED.into_iter().for_each(|set| fill_keys(set, given, about, request));
        }
    }
    leave_open(given, about, request);
    faults
}

/// Two keys with different values of the same tag.
fn contradictions(given: &[GivenTag]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, one) in given.iter().enumerate().filter(|(_, one)| one.is_kept) {
        let OfTags::Value(set, tag) = &one.of else { continue };
        let is_other = |before: &&GivenTag| value_of(*set, before).is_some_and(|name| is_same(name, tag));
        for before in given[..at].iter().filter(is_other).filter(|before| before.value != one.value) {
            let (key, other) = (policy::plain(&one.key), policy::plain(&before.key));
            let (value, other_value) = (shown(&one.value), shown(&before.value));
            let owner = if *set == TagSet::Resource { "the resource" } else { "the request" };
            let message = format!("{key} is {value}, but {other} is {other_value}: they are the same tag of {owner}");
            faults.push(Fault { at: one.at, ..Fault::new(message) });
        }
    }
    faults
}

/// The names of the tags that are passed, against their values. An operation that removes tags passes names alone.
fn against_keys(
    set: TagSet,
    given: &[GivenTag],
    about: &mut About,
    mentioned: MentionedKeys,
    request: &Request,
) -> Vec<Fault> {
    let Some(keys) = given.iter().find(|one| one.is_kept && one.of == OfTags::Keys(set)) else { return Vec::new() };
    let values: Vec<_> = given.iter().filter_map(|one| Some((value_of(set, one)?, one))).collect();
    let passes_values = !about.removes_tags() && kept(&[set.head(), "/x"].concat(), about, request) == Carries::Yes;
    // Without any value a question is about names alone, which is enough unless a policy asks for values.
    if !passes_values || values.is_empty() && !mentioned.passed_tags() {
        return Vec::new();
    }
    let names = match &keys.value {
        ContextValue::Many(names) => names.as_slice(),
        ContextValue::One(name) => std::slice::from_ref(name),
    };
    let key = policy::plain(&keys.key);
    let lacking = names.iter().filter(|name| !values.iter().any(|(tag, _)| is_same(tag, name)));
    let lacking = lacking.map(|name| {
        let (tag, head) = (policy::plain(name), set.head());
        let fault = Fault::new(format!("{key} names `{tag}`, but {head}/{tag} is not given"));
        Fault { at: keys.at, ..fault.help(format!("give {head}/{tag} its value: the request passes both")) }
    });
    let unnamed = values.iter().filter(|(tag, _)| !names.iter().any(|name| is_same(tag, name)));
    let unnamed = unnamed.map(|(tag, one)| {
        let message = format!("{} is given, but {key} does not name `{}`", policy::plain(&one.key), policy::plain(tag));
        let help = format!("add it to {key}, or leave {key} out: it follows from the tags");
        Fault { at: one.at, ..Fault::new(message).help(help) }
    });
    lacking.chain(unnamed).collect()
}

/// The other keys of a tag. Of one that is left out the value is known as well, so that its twin follows.
fn fill_values(given: &GivenTag, about: &mut About, request: &mut Request) {
    let OfTags::Value(set, tag) = &given.of else { return };
    let heads: Vec<_> = std::iter::once(set.head()).chain(twins(*set, about, &request.resource)).collect();
    let own_head = given.key.split_once('/').map_or("", |(head, _)| head);
    if !heads.iter().any(|head| head.eq_ignore_ascii_case(own_head)) {
        // The key of another service.
        return;
    }
    for head in heads {
        let key = [head, "/", tag].concat();
        if request.context.get(&key).is_some() || kept(&key, about, request) == Carries::No {
            continue;
        }
        match &given.value {
            ContextValue::One(value) => request.context.set(key, value),
            ContextValue::Many(values) => request.context.set_many(key, values.clone()),
        }
    }
}

/// The services' own keys on the rows of the resource; where no row knows it, those that all rows agree on.
fn twins(set: TagSet, about: &mut About, resource: &str) -> Vec<&'static str> {
    let is_known = !about.rows_on(resource).is_empty();
    let twin = |row: &Row| match set {
        TagSet::Request => row.request_tag_twin(),
        TagSet::Resource => row.resource_tag_twin(),
        TagSet::Object | TagSet::OutpostsObject => None,
    };
    let mut twins: Vec<_> = about.possible_rows(resource).iter().filter_map(twin).collect();
    twins.sort_unstable();
    twins.dedup();
    if is_known || twins.len() == 1 { twins } else { Vec::new() }
}

/// The names of the tags whose values are given.
fn fill_keys(set: TagSet, given: &[GivenTag], about: &mut About, request: &mut Request) {
    let Some(key) = set.keys() else { return };
    let mut names: Vec<&str> = Vec::new();
    for tag in given.iter().filter_map(|one| value_of(set, one)) {
        if !names.iter().any(|name| is_same(name, tag)) {
            names.push(tag);
        }
    }
    let is_there = names.is_empty() || request.context.get(key).is_some();
    if !is_there && kept(key, about, request) != Carries::No {
        request.context.set_many(key, names);
    }
}

/// What AWS's documentation leaves open about the tags that are given.
fn leave_open(given: &[GivenTag], about: &mut About, request: &mut Request) {
    let open: Vec<_> = about.possible_rows(&request.resource).iter().flat_map(|row| row.unsettled()).collect();
    for (key, case) in open {
        let listed = TagSet::PASSED.into_iter().find(|set| set.keys() == Some(key));
        let Some(set) = catalog::tag(key).map(|(set, _)| set).or(listed) else { continue };
        if given.iter().any(|one| matches!(&one.of, OfTags::Value(of, _) | OfTags::Keys(of) if *of == set)) {
            request.context.leaves_open(key, case);
        }
    }
}

/// The tag whose value a key holds that the request has.
fn value_of(set: TagSet, given: &GivenTag) -> Option<&str> {
    match &given.of {
        OfTags::Value(of, tag) if *of == set && given.is_kept => Some(tag),
        _ => None,
    }
}

fn kept(key: &str, about: &mut About, request: &Request) -> Carries {
    let place = about.place(key);
    about.kept(place, &request.resource)
}

fn shown(value: &ContextValue) -> String {
    match value {
        ContextValue::One(value) => format!("`{}`", policy::plain(value)),
        ContextValue::Many(values) => format!("`{}`", policy::plain(&values.join(", "))),
    }
}
