//! What AWS's models say that values must satisfy, in AWS's words.

use std::fmt;

use model::{Limits, List, Map as MapShape, Member, Model, Shape, ShapeId, ShapeKind, Structure};
use serde_json::{Map, Number, Value};

use crate::location::{AsInErrors, Location};
use crate::{pattern, text};

#[cfg(test)]
mod tests;

/// More are of no use to anybody, and a list of a million items can have as many.
const MOST_BREACHES: usize = 100;
/// A text that is too long all the same is not held to its pattern if it is longer than this.
const LONGEST_MATCHED: usize = 10_000;

/// A constraint that a member does not satisfy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// The member as AWS's errors name it: `tags.1.member.key`.
    pub place: String,
    /// Its value as AWS's errors show it: `'a b'`, `'[a, b]'`, `null`.
    pub value: String,
    /// The constraint: `Member must not be null`.
    pub constraint: String,
    /// What kind of a constraint it is.
    pub kind: BreachKind,
}

/// What is wrong with a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreachKind {
    /// It is not there.
    Missing,
    /// Its value is not of its type.
    Type,
    /// Its value is none of those that it can have: too long, not in an enum, not of a pattern.
    Value,
}

/// Without the value, which some services keep to themselves.
impl fmt::Display for Breach {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Value at '{}' failed to satisfy constraint: {}", self.place, self.constraint)
    }
}

impl Breach {
    /// The sentence of services that show the value.
    #[must_use]
    pub fn with_value(&self) -> String {
        format!("Value {} at '{}' failed to satisfy constraint: {}", self.value, self.place, self.constraint)
    }
}

/// Every constraint of the model that members of a structure do not satisfy, in the order of the model; of very many the first.
///
/// A member that is missing is not too short as well, and a text that is too short or far too long is not held to its
/// pattern. Members that the structure does not have are not looked at.
#[must_use]
pub fn breaches(model: &Model, structure: &Structure, members: &Map<String, Value>) -> Vec<Breach> {
    let mut checker = Checker { model, breaches: Vec::new() };
    checker.structure(structure, members, &Location::Message);
    checker.breaches
}

struct Checker<'m> {
    model: &'m Model,
    breaches: Vec<Breach>,
}

impl Checker<'_> {
    fn breach(&mut self, place: &Location<'_>, value: &Value, constraint: impl Into<String>) {
        self.breach_of(BreachKind::Value, place, value, constraint.into());
    }

    fn missing(&mut self, place: &Location<'_>) {
        self.breach_of(BreachKind::Missing, place, &Value::Null, NOT_NULL.to_owned());
    }

    fn breach_of(&mut self, kind: BreachKind, place: &Location<'_>, value: &Value, constraint: String) {
        let value = if value.is_null() { "null".to_owned() } else { format!("'{}'", shown(value)) };
        self.breaches.push(Breach { place: AsInErrors(place).to_string(), value, constraint, kind });
    }

    fn structure(&mut self, structure: &Structure, members: &Map<String, Value>, place: &Location<'_>) {
        for (name, member) in &structure.members {
            let inner = Location::Member(place, name);
            match given(members, name).filter(|value| !value.is_null()) {
                None if member.is_required && !self.is_content(structure, name, member) => self.missing(&inner),
                None => {}
                Some(value) => self.value(member.shape, value, &inner),
            }
        }
    }

    /// Whether a member is all of the body, as it comes: that is there, be it empty.
    fn is_content(&self, structure: &Structure, name: &String, member: &Member) -> bool {
        let is_document = matches!(self.model.shape(member.shape).kind, ShapeKind::Structure(_));
        structure.payload.as_ref() == Some(name) && !is_document
    }

    fn value(&mut self, shape: ShapeId, value: &Value, place: &Location<'_>) {
        if self.breaches.len() >= MOST_BREACHES {
            return;
        }
        let shape = self.model.shape(shape);
        match (&shape.kind, value) {
            (ShapeKind::Structure(structure), _) if structure.is_document => {}
            (ShapeKind::Structure(structure), Value::Object(members)) => {
                self.structure(structure, members, place);
                self.union(structure, value, place);
            }
            (ShapeKind::List(list), Value::Array(items)) => {
                self.length(shape, items.len(), value, place);
                self.items(list, value, items, place);
            }
            (ShapeKind::Map(map), Value::Object(entries)) => {
                self.length(shape, entries.len(), value, place);
                self.entries(map, value, entries, place);
            }
            (ShapeKind::String, Value::String(text)) => self.text(shape, text, value, place),
            (ShapeKind::Blob, Value::String(text)) if text::is_base64(text) => {
                self.length(shape, text::base64_length(text), value, place);
            }
            (ShapeKind::Integer | ShapeKind::Float, Value::Number(number)) if is_number(&shape.kind, number) => {
                self.number(&shape.limits, number.as_f64().unwrap_or(f64::NAN), value, place);
            }
            (ShapeKind::Float, Value::String(text)) if text::NO_NUMBERS.contains(&text.as_str()) => {}
            (ShapeKind::Boolean, Value::Bool(_)) | (ShapeKind::Timestamp(_), Value::String(_) | Value::Number(_)) => {}
            (_, Value::Null) => self.missing(place),
            (kind, _) => {
                self.breach_of(BreachKind::Type, place, value, format!("Member must be {}", text::what_is(kind)));
            }
        }
    }

    /// Of texts in a list AWS tells all constraints, at the list.
    fn items(&mut self, list: &List, value: &Value, items: &[Value], place: &Location<'_>) {
        let of_items = self.model.shape(list.item.shape);
        if matches!(of_items.kind, ShapeKind::String) && items.iter().all(Value::is_string) {
            if !items.iter().all(|item| self.fits(list.item.shape, item)) {
                self.breach(place, value, format!("Member must satisfy constraint: [{}]", all_of(&of_items.limits)));
            }
            return;
        }
        for (at, item) in items.iter().enumerate() {
            self.value(list.item.shape, item, &Location::Item(place, at));
        }
    }

    /// Of keys and of values that are texts AWS tells all constraints, at the map.
    fn entries(&mut self, map: &MapShape, value: &Value, entries: &Map<String, Value>, place: &Location<'_>) {
        let (of_keys, of_values) = (self.model.shape(map.key.shape), self.model.shape(map.value.shape));
        if !entries.keys().all(|key| self.fits_text(of_keys, key)) {
            self.breach(place, value, format!("Map keys must satisfy constraint: [{}]", all_of(&of_keys.limits)));
        }
        if matches!(of_values.kind, ShapeKind::String) && entries.values().all(Value::is_string) {
            if !entries.values().all(|one| self.fits(map.value.shape, one)) {
                self.breach(
                    place,
                    value,
                    format!("Map value must satisfy constraint: [{}]", all_of(&of_values.limits)),
                );
            }
            return;
        }
        for (key, one) in entries {
            self.value(map.value.shape, one, &Location::Key(place, key));
        }
    }

    fn fits(&self, shape: ShapeId, value: &Value) -> bool {
        value.as_str().is_none_or(|text| self.fits_text(self.model.shape(shape), text))
    }

    fn fits_text(&self, shape: &Shape, text: &str) -> bool {
        let mut checker = Checker { model: self.model, breaches: Vec::new() };
        checker.text(shape, text, &Value::Null, &Location::Message);
        checker.breaches.is_empty()
    }

    /// "A union … can be set to only one of its members."
    /// smithy.io/2.0/spec/aggregate-types.html#union
    fn union(&mut self, structure: &Structure, value: &Value, place: &Location<'_>) {
        let given = |name: &&String| value.get(name.as_str()).is_some_and(|value| !value.is_null());
        if structure.is_union && structure.members.keys().filter(given).count() != 1 {
            let names = structure.members.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            self.breach(place, value, format!("Member must have exactly one of [{names}]"));
        }
    }

    fn text(&mut self, shape: &Shape, text: &str, value: &Value, place: &Location<'_>) {
        let is_fitting = self.length(shape, text.chars().count(), value, place);
        let is_matched = is_fitting || !text.is_empty() && text.len() <= LONGEST_MATCHED;
        let limits = &shape.limits;
        if !limits.values.is_empty() {
            if !limits.values.iter().any(|value| value == text) {
                self.breach(place, value, one_of(limits));
            }
            return;
        }
        if let Some(pattern) = limits.pattern.as_deref().filter(|_| is_matched)
            && pattern::matches(pattern, text) == Some(false)
        {
            self.breach(place, value, matching(pattern));
        }
    }

    fn length(&mut self, shape: &Shape, length: usize, value: &Value, place: &Location<'_>) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "no length comes near 2^53")]
        let length = length as f64;
        match (shape.limits.min, shape.limits.max) {
            (_, Some(max)) if length > max => self.breach(place, value, at_most("length", max)),
            (Some(min), _) if length < min => self.breach(place, value, at_least("length", min)),
            _ => return true,
        }
        false
    }

    fn number(&mut self, limits: &Limits, number: f64, value: &Value, place: &Location<'_>) {
        match (limits.min, limits.max) {
            (Some(min), _) if number < min => self.breach(place, value, at_least("value", min)),
            (_, Some(max)) if number > max => self.breach(place, value, at_most("value", max)),
            _ => {}
        }
    }
}

/// A member of a few, most of which the model's many are not. To compare names is quicker than to hash each.
fn given<'m>(members: &'m Map<String, Value>, name: &str) -> Option<&'m Value> {
    const FEW: usize = 8;
    match members.len() {
        0..=FEW => members.iter().find(|(own, _)| *own == name).map(|(_, value)| value),
        _ => members.get(name),
    }
}

const NOT_NULL: &str = "Member must not be null";

fn at_least(what: &str, bound: f64) -> String {
    format!("Member must have {what} greater than or equal to {bound}")
}

fn at_most(what: &str, bound: f64) -> String {
    format!("Member must have {what} less than or equal to {bound}")
}

fn matching(pattern: &str) -> String {
    format!("Member must satisfy regular expression pattern: {pattern}")
}

fn one_of(limits: &Limits) -> String {
    format!("Member must satisfy enum value set: [{}]", limits.values.join(", "))
}

/// All that a text of this shape must satisfy.
fn all_of(limits: &Limits) -> String {
    if !limits.values.is_empty() {
        return one_of(limits);
    }
    let bounds = [limits.max.map(|max| at_most("length", max)), limits.min.map(|min| at_least("length", min))];
    let all = bounds.into_iter().chain([limits.pattern.as_deref().map(matching), Some(NOT_NULL.to_owned())]);
    all.flatten().collect::<Vec<_>>().join(", ")
}

fn is_number(kind: &ShapeKind, number: &Number) -> bool {
    matches!(kind, ShapeKind::Float) || !number.is_f64()
}

/// A value as AWS's errors show it.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("{name}={}", shown(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}
