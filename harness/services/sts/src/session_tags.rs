//! Session tags: what a request passes, and what a chain of roles hands on.
//! docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html

use account::{Fault, Session, Tags};
use serde::Deserialize;

use super::fault::{Constraints, invalid_parameter};

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

/// What the model alone can tell of tags. It has no bound that AWS would not also report for each tag.
pub(super) fn check(constraints: &mut Constraints, tags: &[Tag], transitive: &[String]) {
    let most = "Member must have length less than or equal to 50";
    constraints.check(tags.len() <= 50, format_args!("[{} tags]", tags.len()), "tags", most);
    constraints.check(transitive.len() <= 50, format_args!("[{} keys]", transitive.len()), "transitiveTagKeys", most);
    for (at, Tag { key, value }) in tags.iter().enumerate() {
        let member = |name| format!("tags.{}.member.{name}", at + 1);
        constraints.length(key, &member("key"), 1, 128);
        characters(constraints, key, &member("key"), "+");
        constraints.length(value, &member("value"), 0, 256);
        characters(constraints, value, &member("value"), "*");
    }
    for (at, key) in transitive.iter().enumerate() {
        constraints.length(key, &format!("transitiveTagKeys.{}.member", at + 1), 1, 128);
    }
}

/// `[\p{L}\p{Z}\p{N}_.:/=+\-@]`: letters, separators, numbers and some punctuation.
fn characters(constraints: &mut Constraints, text: &str, member: &str, many: &str) {
    let fits =
        text.chars().all(|c| c.is_alphanumeric() || (c.is_whitespace() && !c.is_control()) || "_.:/=+-@".contains(c));
    let pattern = format!(r"Member must satisfy regular expression pattern: [\p{{L}}\p{{Z}}\p{{N}}_.:/=+\-@]{many}");
    constraints.check(fits, text, member, pattern);
}

impl SessionTags {
    /// Sorts the tags of a request made by `caller`, if that is a session.
    pub(super) fn new(tags: Vec<Tag>, transitive: Vec<String>, caller: Option<&Session>) -> Result<Self, Fault> {
        let mut sorted = Self { inherited: caller.map(inherited).unwrap_or_default(), ..Self::default() };
        for Tag { key, value } in tags {
            if sorted.passed.find(&key).is_some() {
                return Err(invalid_parameter(
                    "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
                ));
            }
            if key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:")) {
                return Err(invalid_parameter("Tag keys and values must not be prefixed with \"aws:\"."));
            }
            sorted.passed.set(key, value);
        }
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
