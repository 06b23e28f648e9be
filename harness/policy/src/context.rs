//! The request context: condition keys and their values.

use std::collections::BTreeMap;

use serde::Serialize;

/// The value of a condition key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum ContextValue {
    /// The value of a single-valued key.
    One(String),
    /// The values of a multivalued key, perhaps none.
    Many(Vec<String>),
}

/// The condition keys of one request.
///
/// Key names ignore case, the part after the slash of a tag key included
/// (docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html); the spelling is kept for
/// display.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    entries: BTreeMap<String, Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) value: ContextValue,
    /// Two keys that differ only in letter case were set; AWS calls the result unreliable.
    pub(crate) ambiguous: bool,
}

impl Context {
    /// No keys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a single-valued key. What was set before under the same name, letter case aside, is replaced.
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.insert(key.into(), ContextValue::One(value.into()));
    }

    /// Sets a multivalued key; it may be empty, which is not the same as missing.
    pub fn set_many<V: Into<String>>(&mut self, key: impl Into<String>, values: impl IntoIterator<Item = V>) {
        self.insert(key.into(), ContextValue::Many(values.into_iter().map(Into::into).collect()));
    }

    /// The value of a key, letter case aside.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&ContextValue> {
        self.entries.get(&key.to_lowercase()).map(|entry| &entry.value)
    }

    /// Every key, as it was spelt, with its value; in the order of the lower-case names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &ContextValue)> {
        self.entries.values().map(|entry| (entry.key.as_str(), &entry.value))
    }

    /// What stands under a name that is in lower case already.
    pub(crate) fn entry(&self, lower: &str) -> Option<&Entry> {
        self.entries.get(lower)
    }

    fn insert(&mut self, key: String, value: ContextValue) {
        let lower = key.to_lowercase();
        let ambiguous = self.entries.get(&lower).is_some_and(|entry| entry.ambiguous || entry.key != key);
        self.entries.insert(lower, Entry { key, value, ambiguous });
    }
}
