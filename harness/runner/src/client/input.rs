//! From AWS's member names in JSON to what the SDKs' builders take.

use serde_json::Value;

/// The parts of an input, by member name.
#[derive(Clone, Copy)]
pub(super) struct Input<'a>(pub(super) &'a Value);

impl<'a> Input<'a> {
    pub(super) fn text(self, name: &str) -> Option<String> {
        match &self.0[name] {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            _ => None,
        }
    }

    pub(super) fn number(self, name: &str) -> Option<i32> {
        match &self.0[name] {
            Value::String(text) => text.parse().ok(),
            value => value.as_i64().and_then(|number| i32::try_from(number).ok()),
        }
    }

    pub(super) fn flag(self, name: &str) -> Option<bool> {
        match &self.0[name] {
            Value::String(text) => text.parse().ok(),
            value => value.as_bool(),
        }
    }

    pub(super) fn part(self, name: &str) -> Option<Input<'a>> {
        self.0.get(name).filter(|value| value.is_object()).map(Input)
    }

    pub(super) fn parts(self, name: &str) -> impl Iterator<Item = Input<'a>> {
        self.0[name].as_array().into_iter().flatten().map(Input)
    }

    /// A list of texts; `None` where there is no such member.
    pub(super) fn texts(self, name: &str) -> Option<Vec<String>> {
        let items = self.0[name].as_array()?;
        Some(items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect())
    }

    /// A mapping of texts.
    pub(super) fn pairs(self, name: &str) -> Option<std::collections::HashMap<String, String>> {
        let entries = self.0[name].as_object()?;
        Some(entries.keys().filter_map(|key| Some((key.clone(), Input(&self.0[name]).text(key)?))).collect())
    }

    /// A list of structures, each made by `make`; `None` where there is no such member.
    pub(super) fn list<T>(self, name: &str, make: impl Fn(Input<'a>) -> T) -> Option<Vec<T>> {
        self.0.get(name).filter(|value| value.is_array())?;
        Some(self.parts(name).map(make).collect())
    }
}
