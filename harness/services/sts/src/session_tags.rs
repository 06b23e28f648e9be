//! Session tags: what a request passes, and what a chain of roles hands on.
//! docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html

use account::{Fault, Reserved, Session, TagProblem, TagRules, Tags, is_tag_character};
use serde::Deserialize;

use super::fault::invalid_parameter;

/// A tag as requests carry it.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Tag {
    key: String,
    value: String,
}

/// The tags of a session to be, by where they come from.
#[derive(Debug, Default)]
pub(super) struct SessionTags {
    /// Passed in this request: these, and only these, are its request tags.
    pub(super) passed: Tags,
    /// Keys of `passed` to be handed on.
    pub(super) transitive: Vec<String>,
    /// Handed on by the calling session.
    pub(super) inherited: Tags,
}

/// How long keys and values are and what they consist of, the model says.
/// docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_know
const TAG_RULES: TagRules = TagRules {
    most: 50,
    reserved: Reserved::KeysInAnyCase,
    ignores_case: true,
    characters: is_tag_character,
    passes: &[&[TagProblem::Duplicate, TagProblem::Reserved]],
    words: |problem, _, _| {
        invalid_parameter(match problem {
            TagProblem::Duplicate => "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
            _ => "Tag keys and values must not be prefixed with \"aws:\".",
        })
    },
};

impl SessionTags {
    /// Sorts the tags of a request made by `caller`, if that is a session.
    pub(super) fn new(tags: &[Tag], transitive: Vec<String>, caller: Option<&Session>) -> Result<Self, Fault> {
        let mut sorted = Self { inherited: caller.map(inherited).unwrap_or_default(), ..Self::default() };
        sorted.passed = TAG_RULES.read(tags.iter().map(|tag| (tag.key.as_str(), tag.value.as_str())))?;
        for key in transitive {
            let Some((spelt, _)) = sorted.passed.find(&key) else {
                return Err(invalid_parameter(
                    "The specified transitive tag key must be included in the requested tags.",
                ));
            };
            sorted.transitive.push(spelt.to_owned());
        }
        // "If you pass a session tag with the same key as an inherited tag, the operation fails."
        // docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html#API_AssumeRole_RequestParameters
        if sorted.passed.keys().any(|key| sorted.inherited.find(key).is_some()) {
            return Err(invalid_parameter(
                "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key \
                 from the calling session.",
            ));
        }
        Ok(sorted)
    }

    /// Whether `sts:TagSession` is asked for: also where a session hands tags on without passing any.
    pub(super) fn any(&self) -> bool {
        !self.passed.is_empty() || !self.inherited.is_empty()
    }

    /// `aws:ResourceTag` of the role: an inherited transitive tag stands in for the role's tag of the same
    /// key. Whether a trust policy sees that: [`Case::InheritedTagsOfRole`](policy::undocumented::Case::InheritedTagsOfRole).
    pub(super) fn over(&self, role: &Tags) -> Tags {
        let value = |key: &str, own: &str| self.inherited.find(key).map_or(own, |(_, value)| value).to_owned();
        role.iter().map(|(key, own)| (key, value(key, own))).collect()
    }

    /// Whether an inherited tag stands in for one of the role's that has another value.
    pub(super) fn replace(&self, role: &Tags) -> bool {
        role.iter().any(|(key, own)| self.inherited.find(key).is_some_and(|(_, value)| value != own))
    }

    /// The tags of the new session, and the keys of those that it hands on itself: what is transitive stays so.
    pub(super) fn into_session(self) -> (Tags, Vec<String>) {
        let mut transitive: Vec<String> = self.inherited.keys().map(str::to_owned).collect();
        transitive.extend(self.transitive);
        let mut tags = self.inherited;
        for (key, value) in self.passed.iter() {
            tags.set(key, value);
        }
        (tags, transitive)
    }
}

/// Only session tags marked transitive are handed on; a role's own tags never are.
fn inherited(session: &Session) -> Tags {
    let handed_on = |key: &str| session.transitive.iter().any(|transitive| transitive.eq_ignore_ascii_case(key));
    session.tags.iter().filter(|(key, _)| handed_on(key)).collect()
}
