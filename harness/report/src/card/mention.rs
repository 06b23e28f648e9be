//! Whether a scenario is about a card.

use source::{Node, Value};

use super::Card;

impl Card {
    /// Whether the options or the requests of a scenario's file use the key, as a condition, in a request's context or as a
    /// variable, or name the action.
    #[must_use]
    pub fn is_used_by(self, scenario: &Node) -> bool {
        ["options", "requests"].iter().filter_map(|part| scenario.get(part)).any(|node| self.is_in(node))
    }

    fn is_in(self, node: &Node) -> bool {
        match &node.value {
            Value::List(items) => items.iter().any(|item| self.is_in(item)),
            Value::Map(entries) => entries.iter().any(|entry| self.is_named(&entry.key) || self.is_in(&entry.value)),
            _ => node.text().is_some_and(|text| self.is_named(text) || self.is_variable_in(text)),
        }
    }

    fn is_named(self, name: &str) -> bool {
        match self {
            Self::Key(key) => catalog::key(name) == Some(key),
            Self::Action(action) => catalog::operation(name).is_some_and(|one| one.actions().contains(&action)),
        }
    }

    fn is_variable_in(self, text: &str) -> bool {
        matches!(self, Self::Key(_)) && lint::variables(text).any(|name| self.is_named(name))
    }
}

#[cfg(test)]
mod tests {
    use source::FileId;

    use crate::card::cards;

    #[test]
    fn options_and_requests_are_looked_through() {
        let scenario = "
title: aws:SourceIp
options:
  one: {condition: {StringEquals: {aws:ResourceTag/team: '${aws:PrincipalTag/team}'}}}
requests:
  list: {call: s3:ListObjectsV2, bucket: box}
  get: {action: s3:GetObject, context: {aws:RequestTag/a: b}}
";
        let tree = source::yaml::read(FileId(0), scenario).0.unwrap();
        for (name, is_used) in [
            ("aws:ResourceTag", true),
            ("aws:PrincipalTag", true),
            ("aws:RequestTag/other", true),
            ("s3:ListBucket", true),
            ("s3:GetObject", true),
            ("aws:SourceIp", false),
            ("s3:PutObject", false),
        ] {
            assert_eq!(cards(name).unwrap()[0].is_used_by(&tree), is_used, "{name}");
        }
    }
}
