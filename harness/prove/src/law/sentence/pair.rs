//! What is said of keys that go together.

use policy::facts::is_of_aws;

use super::{by_caller, carried, each_present, equals, has_value, implies, is, present, same, single};
use crate::encode;
use crate::formula::Formula;
use crate::lang::{Pattern, four_digits, literal};
use crate::space::{Fact, Family, KeyId, Shape, Space, Text};
use policy::Principal;

pub(super) fn endpoint(space: &mut Space<'_>) -> Formula {
    let Some(address) = present(space, "aws:sourceip") else { return space.formulas.constant(true) };
    let names = [
        "aws:sourcevpc",
        "aws:sourcevpcarn",
        "aws:sourcevpce",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "aws:vpceorgpaths",
        "aws:vpcsourceip",
    ];
    let through = each_present(space, &names);
    let through = space.formulas.any(through);
    let [no_address, not_through] = [address, through].map(|formula| space.formulas.not(formula));
    space.formulas.any([no_address, not_through])
}

pub(super) fn organization(space: &mut Space<'_>) -> Formula {
    let keys = each_present(space, &["aws:principalorgid", "aws:principalorgpaths"]);
    let some = space.formulas.any(keys.iter().copied());
    let none = space.formulas.not(some);
    let unsigned = by_caller(space, |_, caller| matches!(caller, Principal::Anonymous).then_some(none));
    let both = all_or_none(space, &keys);
    space.formulas.all([unsigned, both])
}

pub(super) fn resource_organization(space: &mut Space<'_>) -> Formula {
    let keys = each_present(space, &["aws:resourceorgid", "aws:resourceorgpaths"]);
    all_or_none(space, &keys)
}

fn all_or_none(space: &mut Space<'_>, keys: &[Formula]) -> Formula {
    let (all, some) = (space.formulas.all(keys.iter().copied()), space.formulas.any(keys.iter().copied()));
    let none = space.formulas.not(some);
    space.formulas.any([all, none])
}

/// One way only: what takes tags away passes their keys without values, as ec2:DeleteTags in
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html.
pub(super) fn tag_keys(space: &mut Space<'_>) -> Formula {
    let Some(list) = space.asked_key("aws:tagkeys") else { return space.formulas.constant(true) };
    let mut parts = Vec::new();
    let (mut tags, has_list) = (Vec::new(), space.fact(Fact::Present(list)));
    for at in 0..space.keys.len() {
        let key = KeyId(at as u32);
        let Some(pattern) = space.tag_of(key).and_then(|tag| encode::value(tag, true)) else { continue };
        let passed = space.fact(Fact::Present(key));
        tags.push(passed);
        let is_listed = holds(space, list, &pattern);
        let both = space.formulas.all([has_list, passed]);
        parts.push(implies(space, both, is_listed));
    }
    // A tag without a value set aside for its key would take that of another.
    space.is_limited |= parts.len() > space.tags_counted;
    let some = space.formulas.any(tags);
    if !parts.is_empty() {
        let carries_both = space.actions_of(carried::tag_keys());
        let passed = space.formulas.all([some, carries_both]);
        parts.push(implies(space, passed, has_list));
    }
    space.formulas.all(parts)
}

/// That a multivalued key has a value among some.
fn holds(space: &mut Space<'_>, list: KeyId, pattern: &Pattern) -> Formula {
    let (slots, more) = space.values_of(list);
    let mut holding: Vec<_> = more.into_iter().collect();
    for slot in 0..slots {
        let is_there = space.fact(Fact::Slot(list, slot));
        let text = space.text(Text::Slot(list, slot));
        let is_it = space.is_in(text, vec![pattern.clone()]);
        holding.push(space.formulas.all([is_there, is_it]));
    }
    space.formulas.any(holding)
}

/// What a resource of AWS has there, AWS does not say: [`policy::undocumented::Case::ManagedPolicyAccount`].
fn owner(space: &Space<'_>) -> Option<String> {
    space.owner.clone().filter(|owner| !is_of_aws(owner))
}

pub(super) fn resource_account(space: &mut Space<'_>) -> Formula {
    let (Some(key), Some(owner)) = (single(space, "aws:resourceaccount"), owner(space)) else {
        return space.formulas.constant(true);
    };
    let present = space.fact(Fact::Present(key));
    let is_owner = has_value(space, key, vec![literal(&owner)]);
    implies(space, present, is_owner)
}

pub(super) fn resource_account_of_s3(space: &mut Space<'_>) -> Formula {
    let Some(key) = single(space, "s3:resourceaccount") else { return space.formulas.constant(true) };
    let present = space.fact(Fact::Present(key));
    if let Some(owner) = owner(space) {
        let is_owner = has_value(space, key, vec![literal(&owner)]);
        return implies(space, present, is_owner);
    }
    let Some(global) = single(space, "aws:resourceaccount") else { return space.formulas.constant(true) };
    let has_global = space.fact(Fact::Present(global));
    let both = space.formulas.all([present, has_global]);
    let is_same = equals(space, Text::Value(key), global);
    implies(space, both, is_same)
}

pub(super) fn resource_tags_of_ecs(space: &mut Space<'_>) -> Formula {
    let mut parts = Vec::new();
    for at in 0..space.keys.len() {
        let own = KeyId(at as u32);
        let name = space.keys[at].name.to_lowercase();
        let Some(tag) = name.strip_prefix("ecs:resourcetag/") else { continue };
        let Some(global) = space.asked_key(&format!("aws:resourcetag/{tag}")) else { continue };
        let [has_own, has_global] = [own, global].map(|key| space.fact(Fact::Present(key)));
        let of_ecs = space.actions_of(["ecs:*"].into_iter());
        let both = space.formulas.all([of_ecs, has_own, has_global]);
        let is_same = equals(space, Text::Value(own), global);
        parts.push(implies(space, both, is_same));
        let carrying = carried::together("ecs", ["aws:ResourceTag/x", "ecs:ResourceTag/x"]);
        let carries_both = space.actions_of(carrying.iter().map(String::as_str));
        let is_there = same(space, has_own, has_global);
        parts.push(implies(space, carries_both, is_there));
    }
    space.formulas.all(parts)
}

pub(super) fn called_via(space: &mut Space<'_>) -> Formula {
    let list = space.asked_key("aws:calledvia").filter(|&key| space.keys[key.0 as usize].shape == Shape::Many);
    let ends = ["aws:calledviafirst", "aws:calledvialast"].map(|name| single(space, name));
    let has_ends: Vec<_> = ends.into_iter().flatten().map(|key| space.fact(Fact::Present(key))).collect();
    let mut parts = vec![all_or_none(space, &has_ends)];
    let Some(list) = list else { return space.formulas.all(parts) };
    let has_list = space.fact(Fact::Present(list));
    for end in ends.into_iter().flatten() {
        let has_end = space.fact(Fact::Present(end));
        let (slots, more) = space.values_of(list);
        let mut listed: Vec<_> = more.into_iter().collect();
        for slot in 0..slots {
            let is_there = space.fact(Fact::Slot(list, slot));
            let is_it = equals(space, Text::Slot(list, slot), end);
            listed.push(space.formulas.all([is_there, is_it]));
        }
        let is_listed = space.formulas.any(listed);
        let is_end = space.formulas.all([has_end, is_listed]);
        parts.push(implies(space, has_list, is_end));
    }
    space.formulas.all(parts)
}

pub(super) fn via_aws_service(space: &mut Space<'_>) -> Formula {
    let keys = each_present(space, &["aws:calledvia", "aws:calledviafirst", "aws:calledvialast"]);
    let called = space.formulas.any(keys);
    let not_called = space.formulas.not(called);
    let direct = by_caller(space, |_, caller| {
        matches!(caller, Principal::Anonymous | Principal::Service { .. } | Principal::Federated { .. })
            .then_some(not_called)
    });
    let Some(via) = single(space, "aws:viaawsservice") else { return direct };
    let is_via = is(space, via, "true");
    let is_so = implies(space, called, is_via);
    space.formulas.all([direct, is_so])
}

/// Of the policies of identities in SES, which know other keys, it is not said.
/// docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html
pub(super) fn of_every_request(space: &mut Space<'_>) -> Formula {
    let keys = [
        "aws:currenttime",
        "aws:epochtime",
        "aws:requestedregion",
        "aws:securetransport",
        "aws:useragent",
        "aws:viaawsservice",
    ];
    let present = each_present(space, &keys);
    let mut parts = vec![space.formulas.all(present)];
    for key in ["aws:securetransport", "aws:viaawsservice"] {
        let Some(key) = single(space, key) else { continue };
        parts.push(has_value(space, key, vec![literal("true"), literal("false")]));
    }
    let all = space.formulas.all(parts);
    let of_ses = space.actions_of(["ses:*"].into_iter());
    space.formulas.any([of_ses, all])
}

/// Both are compared as dates: with each date that is written the two compare alike. Where one is also compared as a number
/// or a text, nothing is said.
pub(super) fn one_instant(space: &mut Space<'_>) -> Formula {
    let truth = space.formulas.constant(true);
    let [Some(time), Some(epoch)] = ["aws:currenttime", "aws:epochtime"].map(|name| single(space, name)) else {
        return truth;
    };
    let texts = [time, epoch].map(|key| space.text(Text::Value(key)));
    let (mut dates, mut is_other) = (Vec::new(), false);
    for fact in &space.facts {
        match *fact {
            Fact::Matches(text, test) if texts.contains(&text) => {
                is_other |= space.tests[test.0 as usize].family != Family::Date;
                dates.push(test);
            }
            // What AWS leaves open asks whether there is a text at all, or whether it could be a year.
            Fact::In(text, language) if texts.contains(&text) => {
                is_other |=
                    !matches!(&*space.patterns[language.0 as usize], [one] if one.is_empty() || *one == four_digits());
            }
            Fact::Bound(text, _) => is_other |= texts.contains(&text),
            _ => {}
        }
    }
    if is_other {
        return truth;
    }
    dates.sort_unstable();
    dates.dedup();
    let mut parts = Vec::new();
    for test in dates {
        let [of_time, of_epoch] = texts.map(|text| space.fact(Fact::Matches(text, test)));
        parts.push(same(space, of_time, of_epoch));
        parts.extend(texts.map(|text| {
            let unreadable = space.fact(Fact::Unreadable(text, test));
            space.formulas.not(unreadable)
        }));
    }
    let alike = space.formulas.all(parts);
    let both = [time, epoch].map(|key| space.fact(Fact::Present(key)));
    let both = space.formulas.all(both);
    implies(space, both, alike)
}
