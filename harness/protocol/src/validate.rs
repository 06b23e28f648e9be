//! What AWS's models say that values must satisfy, in AWS's words.

use std::fmt;

use model::{Kind, Limits, Model, Shape, ShapeId, Structure};
use serde_json::{Map, Value};

use crate::location::{AsInErrors, Location};
use crate::pattern;

/// More are of no use to anybody, and a list of a million items can have as many.
const MOST_BREACHES: usize = 100;
/// A text that is too long all the same is not held to its pattern if it is longer than this.
const LONGEST_MATCHED: usize = 10_000;

/// A constraint that a member does not satisfy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// The member as AWS's errors name it: `tags.1.member.key`.
    pub place: String,
    /// The constraint: `Member must not be null`.
    pub constraint: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Value at '{}' failed to satisfy constraint: {}", self.place, self.constraint)
    }
}

/// Every constraint of the model that members of a structure do not satisfy, in the order of the model; of very many the first.
///
/// A member that is missing is not too short as well, and a text that is too short or far too long is not held to its
/// pattern.
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
    fn breach(&mut self, place: &Location<'_>, constraint: impl Into<String>) {
        self.breaches.push(Breach { place: AsInErrors(place).to_string(), constraint: constraint.into() });
    }

    fn structure(&mut self, structure: &Structure, members: &Map<String, Value>, place: &Location<'_>) {
        for (name, member) in &structure.members {
            let inner = Location::Member(place, name);
            match members.get(name).filter(|value| !value.is_null()) {
                // What is streamed is there, be it empty.
                None if member.is_required && structure.payload.as_ref() != Some(name) => {
                    self.breach(&inner, "Member must not be null");
                }
                None => {}
                Some(value) => self.value(member.shape, value, &inner),
            }
        }
    }

    fn value(&mut self, shape: ShapeId, value: &Value, place: &Location<'_>) {
        if self.breaches.len() >= MOST_BREACHES {
            return;
        }
        let shape = self.model.shape(shape);
        match (&shape.kind, value) {
            (Kind::Structure(structure), Value::Object(members)) => self.structure(structure, members, place),
            (Kind::List(list), Value::Array(items)) => {
                self.length(&shape.limits, items.len(), place);
                for (at, item) in items.iter().enumerate() {
                    self.value(list.item.shape, item, &Location::Item(place, at));
                }
            }
            (Kind::Map(map), Value::Object(entries)) => {
                self.length(&shape.limits, entries.len(), place);
                for (key, value) in entries {
                    self.value(map.key.shape, &Value::String(key.clone()), place);
                    self.value(map.value.shape, value, &Location::Key(place, key));
                }
            }
            (Kind::String, Value::String(text)) => self.text(shape, text, place),
            (Kind::Integer | Kind::Float, Value::Number(number)) => {
                if let Some(number) = number.as_f64() {
                    self.number(&shape.limits, number, place);
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, shape: &Shape, text: &str, place: &Location<'_>) {
        let is_fitting = self.length(&shape.limits, text.chars().count(), place);
        let is_matched = is_fitting || !text.is_empty() && text.len() <= LONGEST_MATCHED;
        if !shape.limits.values.is_empty() {
            if !shape.limits.values.iter().any(|value| value == text) {
                let values = shape.limits.values.join(", ");
                self.breach(place, format!("Member must satisfy enum value set: [{values}]"));
            }
            return;
        }
        if let Some(pattern) = shape.limits.pattern.as_deref().filter(|_| is_matched)
            && pattern::matches(pattern, text) == Some(false)
        {
            self.breach(place, format!("Member must satisfy regular expression pattern: {pattern}"));
        }
    }

    fn length(&mut self, limits: &Limits, length: usize, place: &Location<'_>) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "no length comes near 2^53")]
        let length = length as f64;
        match (limits.min, limits.max) {
            (_, Some(max)) if length > max => {
                self.breach(place, format!("Member must have length less than or equal to {max}"));
                false
            }
            (Some(min), _) if length < min => {
                self.breach(place, format!("Member must have length greater than or equal to {min}"));
                false
            }
            _ => true,
        }
    }

    fn number(&mut self, limits: &Limits, number: f64, place: &Location<'_>) {
        match (limits.min, limits.max) {
            (Some(min), _) if number < min => {
                self.breach(place, format!("Member must have value greater than or equal to {min}"));
            }
            (_, Some(max)) if number > max => {
                self.breach(place, format!("Member must have value less than or equal to {max}"));
            }
            _ => {}
        }
    }
}
