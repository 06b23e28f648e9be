//! Whether something is so of a request that is there: the other side of every atom.

use policy::{ContextValue, Request};

use crate::space::{Binding, Fact, KeyId, Piece, Space, Text, TextId};
use crate::{encode, lang, law};

pub(crate) fn is_so(space: &Space<'_>, fact: Fact, request: &Request, caller: usize) -> bool {
    let value = |key: KeyId| request.context.get(&space.keys[key.0 as usize].name);
    let text = |id: TextId| text(space, request, space.texts[id.0 as usize]);
    match fact {
        Fact::Present(key) => value(key).is_some(),
        Fact::Several(key) => matches!(value(key), Some(ContextValue::Many(_))),
        Fact::Slot(key, slot) => {
            matches!(value(key), Some(ContextValue::Many(values)) if values.len() > slot as usize)
        }
        Fact::In(id, language) => text(id).is_some_and(|text| space.languages[language.0 as usize].has(text)),
        Fact::Matches(id, test) => text(id).is_some_and(|text| space.tests[test.0 as usize].compare(text).matches),
        Fact::Unreadable(id, test) => {
            text(id).is_some_and(|text| space.tests[test.0 as usize].compare(text).is_unreadable)
        }
        Fact::Bound(id, binding) => {
            let binding = &space.bindings[binding.0 as usize];
            text(id).is_some_and(|text| {
                pattern(binding, &|key| single(request, &space.keys[key.0 as usize].name))
                    .is_some_and(|pattern| lang::Language::new(&[pattern]).has(text))
            })
        }
        Fact::Action(list) => {
            let patterns = &space.actions[list.0 as usize];
            patterns.iter().any(|pattern| policy::wildcard::matches_action(pattern, &request.action))
        }
        Fact::Caller(at) => at as usize == caller,
        Fact::AsDecided(_) | Fact::Law(law::SHAPES) => true,
        Fact::Opaque(_) | Fact::Law(_) | Fact::Free(_) => false,
    }
}

fn text<'r>(space: &Space<'_>, request: &'r Request, text: Text) -> Option<&'r str> {
    match text {
        Text::Resource => Some(&request.resource),
        Text::Value(key) => single(request, &space.keys[key.0 as usize].name),
        Text::Slot(key, slot) => match request.context.get(&space.keys[key.0 as usize].name) {
            Some(ContextValue::Many(values)) => values.get(slot as usize).map(String::as_str),
            _ => None,
        },
    }
}

fn single<'r>(request: &'r Request, key: &str) -> Option<&'r str> {
    match request.context.get(key) {
        Some(ContextValue::One(value)) => Some(value),
        _ => None,
    }
}

/// A pattern with values in the places of its variables; `None` if one has no value, or its value cannot stand there.
pub(crate) fn pattern<'v>(binding: &Binding, value: &dyn Fn(KeyId) -> Option<&'v str>) -> Option<lang::Pattern> {
    let mut steps = Vec::new();
    for piece in &binding.pieces {
        match piece {
            Piece::Fixed(pattern) => steps.extend_from_slice(pattern),
            Piece::Variable(key, reach) => {
                let value = value(*key)?;
                if !may_stand(value, *reach) {
                    return None;
                }
                steps.extend(encode::value(value, binding.ignores_case)?);
            }
        }
    }
    Some(steps)
}

pub(crate) fn may_stand(value: &str, reach: policy::view::Reach) -> bool {
    match reach {
        policy::view::Reach::Anything => true,
        policy::view::Reach::NoColon => !value.contains(':'),
        policy::view::Reach::NoSlash => !value.contains('/'),
    }
}
