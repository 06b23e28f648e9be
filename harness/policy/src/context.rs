//! The request context: condition keys and their values.

use serde::Serialize;

use crate::hash::hash_lower;
use crate::undocumented::{Case, Notes};

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
    /// In the order of the hashes of their names in lower case: names start alike, and to compare many of them took
    /// longer than all the rest of a decision. Names of the same hash stand side by side.
    entries: Vec<(u64, Entry)>,
    /// Names in lower case, or starts of names that end in a slash, with what AWS leaves open about them.
    open: Vec<(Box<str>, Case)>,
    /// The rows that are decided otherwise.
    otherwise: Notes,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// As it was spelt.
    key: Box<str>,
    pub(crate) value: ContextValue,
    /// Two keys that differ only in letter case were set; AWS calls the result unreliable.
    pub(crate) ambiguous: bool,
    /// The value is the ARN of a role whose path is not known.
    pub(crate) without_path: bool,
    /// The value has `*` or `?` in it. Values may be long, and variables of them many.
    pub(crate) has_wildcard: bool,
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

    /// Sets a single-valued key to the ARN of a role that is known by name alone: it may have a path, which the value lacks.
    pub fn set_role_without_path(&mut self, key: impl Into<String>, arn: impl Into<String>) {
        self.insert(key.into(), ContextValue::One(arn.into())).without_path = true;
    }

    /// Sets a multivalued key; it may be empty, which is not the same as missing.
    pub fn set_many<V: Into<String>>(&mut self, key: impl Into<String>, values: impl IntoIterator<Item = V>) {
        self.insert(key.into(), ContextValue::Many(values.into_iter().map(Into::into).collect()));
    }

    /// Takes a key away, letter case aside.
    pub fn remove(&mut self, key: &str) {
        let gone = hash_lower(key);
        let at = self.place(gone);
        let same = self.entries[at..].iter().take_while(|(hash, _)| *hash == gone);
        let found = same.map(|(_, entry)| entry).position(|entry| entry.is_spelt_like(key));
        found.map(|found| self.entries.remove(at + found));
    }

    /// Takes over those keys of another context that `is_taken` says, each as it is there.
    pub fn take_over(&mut self, other: Self, is_taken: impl Fn(&str) -> bool) {
        for (hash, entry) in other.entries.into_iter().filter(|(_, entry)| is_taken(&entry.key)) {
            self.put(hash, entry);
        }
    }

    /// Says that AWS's documentation leaves open whether this request has a key, or with which value. A decision that
    /// asks for the key then rests on that row. A name that ends in a slash, as `aws:RequestTag/`, is about the key with
    /// every tag.
    pub fn leaves_open(&mut self, key: &str, case: Case) {
        self.open.push((key.to_lowercase().into_boxed_str(), case));
    }

    /// Has these rows decided as AWS may do as well: see [`OTHERWISE`](crate::undocumented::OTHERWISE). A proof that holds
    /// whatever AWS does is tested so.
    pub const fn decide_otherwise(&mut self, rows: Notes) {
        self.otherwise = rows;
    }

    /// The rows that are decided otherwise.
    pub(crate) const fn otherwise(&self) -> Notes {
        self.otherwise
    }

    /// Notes that something rests on a row, and says whether it is decided as the row has it.
    pub(crate) const fn settles(&self, case: Case, notes: &mut Notes) -> bool {
        notes.add(case);
        !self.otherwise.contains(case)
    }

    /// The same without a key, letter case aside.
    pub(crate) fn without(&self, key: &str) -> Self {
        let mut left = self.clone();
        left.remove(key);
        left
    }

    /// How a key is spelt here, if it is here.
    pub(crate) fn spelling(&self, key: &str) -> Option<&str> {
        self.entry(&KeyName::new(key)).map(|entry| &*entry.key)
    }

    /// The value of a key, letter case aside.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&ContextValue> {
        self.entry(&KeyName::new(key)).map(|entry| &entry.value)
    }

    /// Every key, as it was spelt, with its value; in no order.
    pub fn unordered(&self) -> impl Iterator<Item = (&str, &ContextValue)> {
        self.entries.iter().map(|(_, entry)| (&*entry.key, &entry.value))
    }

    /// Every key, as it was spelt, with its value; in the order of the lower-case names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &ContextValue)> {
        let mut entries: Vec<_> = self.entries.iter().map(|(_, entry)| entry).collect();
        entries.sort_by_cached_key(|entry| entry.key.to_lowercase());
        entries.into_iter().map(|entry| (&*entry.key, &entry.value))
    }

    /// What stands under a name that a policy asks for; notes what that rests on.
    pub(crate) fn asked(&self, name: &KeyName, notes: &mut Notes) -> Option<&Entry> {
        let is_about = |open: &str| *open == *name.lower || open.ends_with('/') && name.lower.starts_with(open);
        for (_, case) in self.open.iter().filter(|(open, _)| is_about(open)) {
            notes.add(*case);
        }
        let entry = self.entry(name);
        if entry.is_some_and(|entry| entry.ambiguous) {
            notes.add(Case::KeyLetters);
        }
        entry
    }

    /// What stands under a name.
    pub(crate) fn entry(&self, name: &KeyName) -> Option<&Entry> {
        let at = self.place(name.hash);
        let same = self.entries[at..].iter().take_while(|(hash, _)| *hash == name.hash);
        same.map(|(_, entry)| entry).find(|entry| entry.is_called(&name.lower))
    }

    fn insert(&mut self, key: String, value: ContextValue) -> &mut Entry {
        let hash = hash_lower(&key);
        let has_wildcard = matches!(&value, ContextValue::One(value) if has_wildcard(value));
        self.put(hash, Entry { key: key.into(), value, ambiguous: false, without_path: false, has_wildcard })
    }

    fn put(&mut self, hash: u64, mut entry: Entry) -> &mut Entry {
        let mut at = self.place(hash);
        while let Some((_, before)) = self.entries.get(at).filter(|(other, _)| *other == hash) {
            if before.is_spelt_like(&entry.key) {
                entry.ambiguous |= before.ambiguous || before.key != entry.key;
                self.entries[at].1 = entry;
                return &mut self.entries[at].1;
            }
            at += 1;
        }
        self.entries.insert(at, (hash, entry));
        &mut self.entries[at].1
    }

    /// Where names of a hash stand, or would.
    fn place(&self, hash: u64) -> usize {
        self.entries.partition_point(|(other, _)| *other < hash)
    }
}

/// Whether a text has `*` or `?` in it.
pub(crate) fn has_wildcard(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'*' | b'?'))
}

impl Entry {
    /// Whether this is its name, letter case aside.
    fn is_spelt_like(&self, key: &str) -> bool {
        let is_ascii = self.key.is_ascii() && key.is_ascii();
        self.key.eq_ignore_ascii_case(key) || !is_ascii && self.key.to_lowercase() == key.to_lowercase()
    }

    /// Whether this is its name in lower case.
    fn is_called(&self, lower: &str) -> bool {
        self.key.eq_ignore_ascii_case(lower) || !self.key.is_ascii() && self.key.to_lowercase() == lower
    }
}

/// The name of a condition key, ready to be looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyName {
    hash: u64,
    pub(crate) lower: Box<str>,
}

impl KeyName {
    pub(crate) fn new(key: &str) -> Self {
        let lower = key.to_lowercase().into_boxed_str();
        Self { hash: hash_lower(&lower), lower }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_aws_leaves_open_is_noted_where_it_is_asked_for() {
        let mut context = Context::new();
        context.set("aws:UserId", "x");
        context.leaves_open("aws:userid", Case::ServiceKeys);
        context.leaves_open("aws:RequestTag/", Case::InheritedTags);
        for (name, expected) in [
            ("aws:USERID", &["keys-of-a-service"][..]),
            ("aws:requesttag/Team", &["inherited-tags-in-the-request"]),
            ("aws:RequestTag", &[]),
            ("aws:TagKeys", &[]),
        ] {
            let mut notes = Notes::default();
            context.asked(&KeyName::new(name), &mut notes);
            assert_eq!(notes.iter().map(|row| row.id).collect::<Vec<_>>(), expected, "{name}");
        }
    }

    #[test]
    fn names_ignore_case_and_keep_their_spelling() {
        let mut context = Context::new();
        context.set("aws:PrincipalTag/Team", "a");
        context.set_many("aws:TagKeys", ["x", "y"]);
        context.set("AWS:PrincipalTag/Status", "OK");
        context.set("aws:PrincipalTag/Team", "b");
        let one = |value: &str| ContextValue::One(value.to_owned());
        let many = ContextValue::Many(vec!["x".to_owned(), "y".to_owned()]);
        assert_eq!(context.get("aws:principaltag/TEAM"), Some(&one("b")));
        assert_eq!(context.get("aws:PrincipalTag/None"), None);
        assert_eq!(
            context.iter().collect::<Vec<_>>(),
            [("AWS:PrincipalTag/Status", &one("OK")), ("aws:PrincipalTag/Team", &one("b")), ("aws:TagKeys", &many),]
        );
        let is_ambiguous = |context: &Context| context.entry(&KeyName::new("aws:principaltag/team")).unwrap().ambiguous;
        assert!(!is_ambiguous(&context), "the same spelling twice");
        context.set("aws:PrincipalTag/team", "c");
        assert!(is_ambiguous(&context));
        context.set("aws:PrincipalTag/team", "d");
        assert!(is_ambiguous(&context), "another one was there");
        let left = context.without("AWS:TAGKEYS");
        assert_eq!((left.get("aws:TagKeys"), left.iter().count()), (None, 2));
        assert!(is_ambiguous(&left) && left.without("aws:PrincipalTag/Team").get("aws:PrincipalTag/team").is_none());
        assert_eq!(left.spelling("aws:principaltag/status"), Some("AWS:PrincipalTag/Status"));
    }
}
