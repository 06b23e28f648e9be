//! What AWS's pages say of single keys, as formulas.

mod caller;
mod carried;
mod pair;

use policy::Principal;

use super::LAWS;
use crate::formula::Formula;
use crate::lang::{Pattern, literal};
use crate::space::{Binding, Fact, KeyId, Piece, Shape, Space, Text};

type Sentence = fn(&mut Space<'_>) -> Formula;

/// By the id of the law.
const SENTENCES: [(&str, Sentence); 20] = [
    ("user-name", caller::user_name),
    ("principal-arn", caller::principal_arn),
    ("principal-tag", caller::principal_tag),
    ("principal-service-name", caller::service_name),
    ("principal-is-aws-service", caller::is_aws_service),
    ("principal-type-and-id", caller::type_and_id),
    ("principal-account", caller::principal_account),
    ("source-of-a-service", caller::source),
    ("temporary-credentials", caller::temporary_credentials),
    ("address-or-endpoint", pair::endpoint),
    ("organization-id-and-paths", pair::organization),
    ("resource-organization", pair::resource_organization),
    ("tag-keys-of-request-tags", pair::tag_keys),
    ("resource-account", pair::resource_account),
    ("resource-account-of-s3", pair::resource_account_of_s3),
    ("resource-tags-of-ecs", pair::resource_tags_of_ecs),
    ("called-via", pair::called_via),
    ("via-aws-service", pair::via_aws_service),
    ("keys-of-every-request", pair::of_every_request),
    ("one-instant", pair::one_instant),
];

/// The laws, each by its number.
pub(super) fn formulas(space: &mut Space<'_>) -> Vec<(u32, Formula)> {
    let number = |id: &str| (0..).zip(LAWS).find(|(_, law)| law.id == id).map(|(number, _)| number);
    SENTENCES.iter().filter_map(|(id, sentence)| Some((number(id)?, sentence(space)))).collect()
}

/// That a key is there; `None` if nobody asks for it.
fn present(space: &mut Space<'_>, key: &str) -> Option<Formula> {
    let key = space.asked_key(key)?;
    Some(space.fact(Fact::Present(key)))
}

/// That each of some keys is there, as far as somebody asks for it.
fn each_present(space: &mut Space<'_>, keys: &[&str]) -> Vec<Formula> {
    keys.iter().filter_map(|key| present(space, key)).collect()
}

/// A key that somebody asks for, and that has a single value.
fn single(space: &Space<'_>, key: &str) -> Option<KeyId> {
    space.asked_key(key).filter(|&key| space.keys[key.0 as usize].shape == Shape::One)
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

/// That a single-valued key has one of some values.
fn has_value(space: &mut Space<'_>, key: KeyId, patterns: Vec<Pattern>) -> Formula {
    let text = space.text(Text::Value(key));
    space.is_in(text, patterns)
}

/// That a single-valued key is there with this value.
fn is(space: &mut Space<'_>, key: KeyId, value: &str) -> Formula {
    let present = space.fact(Fact::Present(key));
    let is_it = has_value(space, key, vec![literal(value)]);
    space.formulas.all([present, is_it])
}

/// That a text is the value of a single-valued key.
fn equals(space: &mut Space<'_>, text: Text, key: KeyId) -> Formula {
    let text = space.text(text);
    let pieces = vec![Piece::Variable(key, policy::view::Reach::Anything)];
    space.bound(text, Binding { pieces, ignores_case: false })
}

fn implies(space: &mut Space<'_>, condition: Formula, then: Formula) -> Formula {
    let not = space.formulas.not(condition);
    space.formulas.any([not, then])
}

fn same(space: &mut Space<'_>, one: Formula, other: Formula) -> Formula {
    let not_other = space.formulas.not(other);
    space.formulas.either(one, other, not_other)
}
