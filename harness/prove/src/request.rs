//! From facts and texts to a request.

use catalog::ValueType;
use policy::{Context, Request};

use crate::formula::Literal;
use crate::rows::Rows;
use crate::space::{Fact, Key, KeyId, Shape, Space, Text};
use crate::theory::Witness;

/// The request, and which of the callers asks.
pub(crate) fn build(space: &mut Space<'_>, rows: &Rows, literals: &[Literal], witness: &Witness) -> (Request, usize) {
    let is_so = |space: &Space<'_>, fact: Fact, wanted: bool| {
        literals.iter().any(|one| one.is_so == wanted && space.fact_of(one.atom) == fact)
    };
    let callers = 0..space.callers.len();
    let chosen = callers.clone().find(|&at| is_so(space, Fact::Caller(at as u32), true));
    let caller = chosen.or_else(|| callers.clone().find(|&at| !is_so(space, Fact::Caller(at as u32), false)));
    let caller = caller.unwrap_or_default();
    let mut context = Context::new();
    for at in 0..space.keys.len() {
        let key = KeyId(at as u32);
        if !is_so(space, Fact::Present(key), true) {
            continue;
        }
        let is_several = match space.keys[at].shape {
            Shape::One => false,
            Shape::Many => true,
            Shape::Either => is_so(space, Fact::Several(key), true),
        };
        let usual = usual(&space.keys[at]).to_owned();
        let name = space.keys[at].name.to_string();
        let mut value = |text: Text| {
            let id = space.text(text);
            witness.texts.get(&id).cloned().unwrap_or_else(|| usual.clone())
        };
        if is_several {
            let slots = (0..u32::MAX).take_while(|&slot| {
                literals.iter().any(|one| {
                    one.is_so
                        && matches!(space.fact_of(one.atom), Fact::Slot(own, other) if own == key && other >= slot)
                })
            });
            let slots: Vec<u32> = slots.collect();
            let values: Vec<String> = slots
                .into_iter()
                .map(|slot| {
                    let id = space.text(Text::Slot(key, slot));
                    witness.texts.get(&id).cloned().unwrap_or_else(|| usual.clone())
                })
                .collect();
            context.set_many(name, values);
        } else {
            let value = value(Text::Value(key));
            context.set(name, value);
        }
    }
    let resource = space.text(Text::Resource);
    let resource = witness.texts.get(&resource).cloned().unwrap_or_else(|| "*".to_owned());
    let listed = || witness.row.map_or_else(String::new, |at| rows.action(at).to_owned());
    let action = witness.unlisted.clone().unwrap_or_else(listed);
    let principal = space.callers[caller].clone();
    (Request { principal, action, resource, resource_account: space.owner.clone(), context }, caller)
}

/// A value of a key that nothing asks about.
fn usual(key: &Key) -> &'static str {
    match key.known.map(catalog::Key::value_type) {
        Some(ValueType::Arn) => "arn:aws:iam::123456789012:role/x",
        Some(ValueType::Bool) => "true",
        Some(ValueType::Numeric) => "1",
        Some(ValueType::Date) => "2026-01-01T00:00:00Z",
        Some(ValueType::IpAddress) => "203.0.113.1",
        Some(ValueType::Binary) => "eA==",
        Some(ValueType::String) | None => "x",
    }
}
