//! Tags as AWS keeps them on identities, buckets and tasks.

use indexmap::IndexMap;

/// Tag key → value, in the order given. Letter case of keys is kept; who must ignore it says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags(IndexMap<String, String>);

impl Tags {
    /// The value under exactly this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// The key and value under this key, letter case ignored.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<(&str, &str)> {
        self.iter().find(|(known, _)| known.eq_ignore_ascii_case(key))
    }

    /// Sets a tag; a key that differs in letter case alone is another tag.
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.0.insert(key.into(), value.into());
    }

    /// Sets a tag where keys are unique ignoring letter case, as on IAM users and roles: the newer spelling replaces
    /// the older. docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules_creating
    pub fn set_ignoring_case(&mut self, key: impl Into<String>, value: impl Into<String>) {
        let key = key.into();
        self.0.retain(|known, _| !known.eq_ignore_ascii_case(&key));
        self.set(key, value);
    }

    /// Takes a tag away; tells whether it was there.
    pub fn remove(&mut self, key: &str) -> bool {
        self.0.shift_remove(key).is_some()
    }

    /// Keeps the tags for which `keep` holds.
    pub fn retain(&mut self, mut keep: impl FnMut(&str) -> bool) {
        self.0.retain(|key, _| keep(key));
    }

    /// All tags, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// All keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Tags {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}
