//! What AWS's pages say of single keys, as formulas.

use policy::Principal;
use policy::arn::Arn;

use super::{
    ENDPOINT, ORGANIZATION, PRINCIPAL_ACCOUNT, PRINCIPAL_ARN, PRINCIPAL_TAG, RESOURCE_ACCOUNT, SERVICE_NAME, TAG_KEYS,
    USER_NAME,
};
use crate::encode;
use crate::formula::Formula;
use crate::lang::{Pattern, glob, literal};
use crate::space::{Fact, KeyId, Shape, Space, Text};

type Sentence = fn(&mut Space<'_>) -> Formula;

pub(super) fn formulas(space: &mut Space<'_>) -> Vec<(u32, Formula)> {
    let laws: [(u32, Sentence); 9] = [
        (USER_NAME, user_name),
        (PRINCIPAL_ARN, principal_arn),
        (PRINCIPAL_TAG, principal_tag),
        (SERVICE_NAME, service_name),
        (ENDPOINT, endpoint),
        (ORGANIZATION, organization),
        (TAG_KEYS, tag_keys),
        (RESOURCE_ACCOUNT, resource_account),
        (PRINCIPAL_ACCOUNT, principal_account),
    ];
    laws.into_iter().map(|(law, formula)| (law, formula(space))).collect()
}

/// That a key is there; `None` if nobody asks for it.
fn present(space: &mut Space<'_>, key: &str) -> Option<Formula> {
    let key = space.asked_key(key)?;
    Some(space.fact(Fact::Present(key)))
}

/// What is so if a caller asks, of each of whom something is said.
fn by_caller(space: &mut Space<'_>, said: impl Fn(&mut Space<'_>, &Principal) -> Option<Formula>) -> Formula {
    let mut parts = Vec::new();
    for at in 0..space.callers.len() {
        let caller = space.callers[at].clone();
        let Some(said) = said(space, &caller) else { continue };
        let asks = space.fact(Fact::Caller(at as u32));
        let other = space.formulas.not(asks);
        parts.push(space.formulas.any([other, said]));
    }
    space.formulas.all(parts)
}

fn user_name(space: &mut Space<'_>) -> Formula {
    let Some(present) = present(space, "aws:username") else { return space.formulas.constant(true) };
    by_caller(space, |space, caller| match caller {
        Principal::User { .. } => Some(present),
        Principal::Anonymous | Principal::Root { .. } | Principal::RoleSession { .. } => {
            Some(space.formulas.not(present))
        }
        _ => None,
    })
}

fn principal_tag(space: &mut Space<'_>) -> Formula {
    let is_tag = |name: &str| name.get(..17).is_some_and(|head| head.eq_ignore_ascii_case("aws:PrincipalTag/"));
    let tags: Vec<KeyId> =
        (0..space.keys.len()).filter(|&at| is_tag(&space.keys[at].name)).map(|at| KeyId(at as u32)).collect();
    let present: Vec<_> = tags.into_iter().map(|key| space.fact(Fact::Present(key))).collect();
    let some = space.formulas.any(present);
    by_caller(space, |space, caller| matches!(caller, Principal::Anonymous).then(|| space.formulas.not(some)))
}

fn service_name(space: &mut Space<'_>) -> Formula {
    let names = ["aws:principalservicename", "aws:principalservicenameslist"];
    let present: Vec<_> = names.into_iter().filter_map(|name| present(space, name)).collect();
    let (all, some) = (space.formulas.all(present.clone()), space.formulas.any(present));
    by_caller(space, |space, caller| match caller {
        Principal::Service { .. } => Some(all),
        _ => Some(space.formulas.not(some)),
    })
}

fn endpoint(space: &mut Space<'_>) -> Formula {
    let Some(address) = present(space, "aws:sourceip") else { return space.formulas.constant(true) };
    let names = ["aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip"];
    let through: Vec<_> = names.into_iter().filter_map(|name| present(space, name)).collect();
    let through = space.formulas.any(through);
    let [no_address, not_through] = [address, through].map(|formula| space.formulas.not(formula));
    space.formulas.any([no_address, not_through])
}

fn organization(space: &mut Space<'_>) -> Formula {
    let both = ["aws:principalorgid", "aws:principalorgpaths"].map(|name| present(space, name));
    let [Some(id), Some(paths)] = both else { return space.formulas.constant(true) };
    let no_paths = space.formulas.not(paths);
    space.formulas.either(id, paths, no_paths)
}

fn tag_keys(space: &mut Space<'_>) -> Formula {
    let Some(list) = space.asked_key("aws:tagkeys") else { return space.formulas.constant(true) };
    let has_list = space.fact(Fact::Present(list));
    let no_list = space.formulas.not(has_list);
    let mut parts = Vec::new();
    for at in 0..space.keys.len() {
        let key = KeyId(at as u32);
        let Some(pattern) = space.tag_of(key).and_then(|tag| encode::value(tag, true)) else { continue };
        let passed = space.fact(Fact::Present(key));
        let not_passed = space.formulas.not(passed);
        let mut named = vec![no_list, not_passed];
        let (slots, more) = space.values_of(list);
        named.extend(more);
        for slot in 0..slots {
            let is_there = space.fact(Fact::Slot(list, slot));
            let text = space.text(Text::Slot(list, slot));
            let is_it = space.is_in(text, vec![pattern.clone()]);
            named.push(space.formulas.all([is_there, is_it]));
        }
        parts.push(space.formulas.any(named));
    }
    // A tag without a value set aside for its key would take that of another.
    space.is_limited |= parts.len() > space.tags_counted;
    space.formulas.all(parts)
}

/// That a single-valued key has one of some values.
fn has_value(space: &mut Space<'_>, key: KeyId, patterns: Vec<Pattern>) -> Formula {
    let text = space.text(Text::Value(key));
    space.is_in(text, patterns)
}

fn resource_account(space: &mut Space<'_>) -> Formula {
    let (Some(key), Some(owner)) = (space.asked_key("aws:resourceaccount"), space.owner.clone()) else {
        return space.formulas.constant(true);
    };
    let present = space.fact(Fact::Present(key));
    let absent = space.formulas.not(present);
    let is_owner = has_value(space, key, vec![literal(&owner)]);
    space.formulas.any([absent, is_owner])
}

/// Only where the callers are part of the question: else they stand for others of other accounts.
fn principal_account(space: &mut Space<'_>) -> Formula {
    let Some(key) = space.asked_key("aws:principalaccount").filter(|_| space.owner.is_some()) else {
        return space.formulas.constant(true);
    };
    let present = space.fact(Fact::Present(key));
    by_caller(space, |space, caller| {
        let account = match caller {
            Principal::Anonymous => "anonymous",
            caller => caller.account()?,
        };
        let is_account = has_value(space, key, vec![literal(account)]);
        Some(space.formulas.all([present, is_account]))
    })
}

/// Of a caller that stands for others, the ARN is of its kind, and of nobody whom a policy names.
fn principal_arn(space: &mut Space<'_>) -> Formula {
    let Some(key) = space.asked_key("aws:principalarn").filter(|&key| space.keys[key.0 as usize].shape == Shape::One)
    else {
        return space.formulas.constant(true);
    };
    let present = space.fact(Fact::Present(key));
    let is_exact = space.owner.is_some();
    let absent = space.formulas.not(present);
    by_caller(space, |space, caller| {
        let pattern = match caller {
            Principal::Anonymous => return Some(absent),
            Principal::Service { .. } | Principal::Federated { .. } => return None,
            caller => {
                let arn = caller.principal_arn()?;
                let stands_for_others = !is_exact && !space.named.iter().any(|named| **named == *arn);
                if stands_for_others { of_kind(&arn)? } else { literal(&arn) }
            }
        };
        let is_exactly = crate::lang::is_text(&pattern);
        let is_it = has_value(space, key, vec![pattern]);
        let named = space.named.iter().map(|arn| literal(arn)).collect();
        let is_named = has_value(space, key, named);
        let is_other = if is_exactly { is_it } else { space.formulas.not(is_named) };
        Some(space.formulas.all([present, is_it, is_other]))
    })
}

/// The ARNs of the same kind: of a role those of roles, of whatever account.
fn of_kind(arn: &str) -> Option<Pattern> {
    let Arn { service, resource, .. } = Arn::parse(arn)?;
    let kind = resource.split('/').next()?;
    let rest = if resource.contains('/') { "/*" } else { "" };
    Some(glob(&format!("arn:*:{service}::*:{kind}{rest}")))
}
