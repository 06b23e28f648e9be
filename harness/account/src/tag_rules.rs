//! What a service takes for tags: rules as data, in the service's own words.

use crate::fault::Fault;
use crate::tags::Tags;

/// What a service takes for tags. A key has 1 to 128 characters, a value up to 256.
/// docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
#[derive(Clone, Copy, Debug)]
pub struct TagRules {
    /// The most tags of one resource.
    pub most: usize,
    /// What the prefix `aws:` is reserved in.
    pub reserved: Reserved,
    /// Whether keys that differ in letter case alone are the same key.
    pub ignores_case: bool,
    /// What a key and a value may consist of.
    pub characters: fn(char) -> bool,
    /// What is looked for, one pass over all tags after the other: the first that is found is the answer.
    pub passes: &'static [&'static [TagProblem]],
    /// What the service says to a problem with a key and its value.
    pub words: fn(TagProblem, &str, &str) -> Fault,
}

/// What the prefix `aws:` is reserved in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reserved {
    /// In keys, as it is written here.
    Keys,
    /// In keys, in any letter case.
    KeysInAnyCase,
    /// In keys and values, in any letter case.
    KeysAndValuesInAnyCase,
}

/// What can be wrong with a tag, or with all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagProblem {
    /// There are more than the resource can have.
    TooMany,
    /// The prefix is AWS's.
    Reserved,
    /// An earlier tag has the same key.
    Duplicate,
    /// The key or the value is too long, or the key is empty.
    Length,
    /// The key or the value has a character that it cannot have.
    Characters,
    /// The length or a character of the key.
    Key,
    /// The length or a character of the value.
    Value,
}

/// Letters, numbers and spaces of any script, and some punctuation: `[\p{L}\p{Z}\p{N}_.:/=+\-@]`.
#[must_use]
pub fn is_tag_character(c: char) -> bool {
    c.is_alphanumeric() || (c.is_whitespace() && !c.is_control()) || "_.:/=+-@".contains(c)
}

const LONGEST_KEY: usize = 128;
const LONGEST_VALUE: usize = 256;

impl TagRules {
    /// The tags of a request, if the service takes them.
    ///
    /// # Errors
    /// The service's words for the first problem.
    pub fn read<'a>(&self, tags: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Tags, Fault> {
        let tags: Vec<_> = tags.into_iter().collect();
        for pass in self.passes {
            for (at, &(key, value)) in tags.iter().enumerate() {
                let earlier = tags.iter().take(at).map(|(key, _)| *key);
                let found = pass.iter().find(|problem| self.has(**problem, earlier.clone(), key, value));
                if let Some(problem) = found {
                    return Err((self.words)(*problem, key, value));
                }
            }
            if pass.contains(&TagProblem::TooMany) && tags.len() > self.most {
                return Err((self.words)(TagProblem::TooMany, "", ""));
            }
        }
        Ok(tags.into_iter().collect())
    }

    /// Whether a key or a value begins as only AWS's do.
    #[must_use]
    pub fn is_reserved(&self, text: &str) -> bool {
        let start = text.get(..4).unwrap_or_default();
        match self.reserved {
            Reserved::Keys => start == "aws:",
            Reserved::KeysInAnyCase | Reserved::KeysAndValuesInAnyCase => start.eq_ignore_ascii_case("aws:"),
        }
    }

    /// Whether two keys are the same.
    #[must_use]
    pub fn is_same(&self, one: &str, other: &str) -> bool {
        if self.ignores_case { one.eq_ignore_ascii_case(other) } else { one == other }
    }

    fn has<'a>(&self, problem: TagProblem, mut earlier: impl Iterator<Item = &'a str>, key: &str, value: &str) -> bool {
        let is_long = |text: &str, most| text.chars().count() > most;
        let is_odd = |text: &str| !text.chars().all(self.characters);
        let (long_key, long_value) = (key.is_empty() || is_long(key, LONGEST_KEY), is_long(value, LONGEST_VALUE));
        match problem {
            TagProblem::TooMany => false,
            TagProblem::Reserved => {
                let values = self.reserved == Reserved::KeysAndValuesInAnyCase;
                self.is_reserved(key) || values && self.is_reserved(value)
            }
            TagProblem::Duplicate => earlier.any(|known| self.is_same(known, key)),
            TagProblem::Length => long_key || long_value,
            TagProblem::Characters => is_odd(key) || is_odd(value),
            TagProblem::Key => long_key || is_odd(key),
            TagProblem::Value => long_value || is_odd(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: TagRules = TagRules {
        most: 2,
        reserved: Reserved::Keys,
        ignores_case: false,
        characters: is_tag_character,
        passes: &[
            &[TagProblem::Duplicate],
            &[TagProblem::Reserved, TagProblem::Key, TagProblem::Value],
            &[TagProblem::TooMany],
        ],
        words: |problem, key, _| Fault::new(400, "Tag", format!("{problem:?} {key}")),
    };

    #[track_caller]
    fn check(rules: &TagRules, tags: &[(&str, &str)], expected: Result<(), &str>) {
        let read = rules.read(tags.iter().copied()).map(drop).map_err(|fault| fault.message);
        assert_eq!(read, expected.map_err(str::to_owned), "{tags:?}");
    }

    #[test]
    fn the_first_pass_that_finds_something_tells_it() {
        let long = "k".repeat(129);
        check(&RULES, &[("a", "1"), ("A", "")], Ok(()));
        check(&RULES, &[("a;", ""), ("b", ""), ("b", "")], Err("Duplicate b"));
        check(&RULES, &[("aws:a", ""), ("", "")], Err("Reserved aws:a"));
        check(&RULES, &[("AWS:a", ""), ("", "")], Err("Key "));
        check(&RULES, &[(long.as_str(), "")], Err(&format!("Key {long}")));
        check(&RULES, &[("a", "<"), ("b", ""), ("c", "")], Err("Value a"));
        check(&RULES, &[("a", ""), ("b", ""), ("c", "")], Err("TooMany "));
    }

    #[test]
    fn letter_case_counts_as_the_rules_say() {
        let rules = TagRules { ignores_case: true, reserved: Reserved::KeysInAnyCase, ..RULES };
        check(&rules, &[("a", ""), ("A", "")], Err("Duplicate A"));
        check(&rules, &[("AWS:a", "")], Err("Reserved AWS:a"));
        check(&rules, &[("a", "aws:b")], Ok(()));
        let rules = TagRules { reserved: Reserved::KeysAndValuesInAnyCase, ..RULES };
        check(&rules, &[("a", "Aws:b")], Err("Reserved a"));
    }
}
