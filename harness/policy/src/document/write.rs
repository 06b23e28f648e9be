//! A policy, and a statement that can be pasted into one, as JSON.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::principal::{Name, Principals};
use super::{Condition, Document, Effect, Items, Statement, Text};

impl Statement {
    /// Indented as in AWS's examples, with its elements in AWS's order.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
    pub(crate) fn json(&self) -> String {
        let mut out = Vec::new();
        let indent = serde_json::ser::PrettyFormatter::with_indent(b"    ");
        let mut to = serde_json::Serializer::with_formatter(&mut out, indent);
        // Texts and lists of them: nothing that JSON cannot hold, and a vector takes it all.
        let _ = self.serialize(&mut to);
        String::from_utf8_lossy(&out).into_owned()
    }

    /// Whether JSON can say it. An id that stands for nobody is not kept, and a key stands once under an operator.
    pub(crate) fn can_be_written(&self) -> bool {
        let has_id = self.principals.iter().flat_map(|principals| &principals.names).any(|name| *name == Name::Id);
        let repeats = |at: usize, one: &Condition| {
            self.conditions
                .iter()
                .take(at)
                .any(|other| other.operator == one.operator && other.key.text == one.key.text)
        };
        !has_id && !self.conditions.iter().enumerate().any(|(at, one)| repeats(at, one))
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(version) = self.version() {
            map.serialize_entry("Version", version)?;
        }
        map.serialize_entry("Statement", &self.statements)?;
        map.end()
    }
}

impl Serialize for Statement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(sid) = &self.sid {
            map.serialize_entry("Sid", &sid.text)?;
        }
        map.serialize_entry("Effect", if self.effect == Effect::Allow { "Allow" } else { "Deny" })?;
        if let Some(principals) = &self.principals {
            map.serialize_entry(if principals.not { "NotPrincipal" } else { "Principal" }, principals)?;
        }
        map.serialize_entry(if self.actions.not { "NotAction" } else { "Action" }, &self.actions)?;
        if let Some(resources) = &self.resources {
            map.serialize_entry(if resources.not { "NotResource" } else { "Resource" }, resources)?;
        }
        if !self.conditions.is_empty() {
            map.serialize_entry("Condition", &ByOperator(&self.conditions))?;
        }
        map.end()
    }
}

impl Serialize for Principals {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.names == [Name::Everyone] {
            return serializer.serialize_str("*");
        }
        let mut map = serializer.serialize_map(None)?;
        for kind in super::principal::TYPES {
            let names: Vec<_> =
                self.names.iter().filter(|name| name.kind() == *kind).map(ToString::to_string).collect();
            if !names.is_empty() {
                map.serialize_entry(kind, &OneOrMany(&names))?;
            }
        }
        map.end()
    }
}

impl Serialize for Items {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        texts(&self.texts, serializer)
    }
}

/// One text stands without a list, as in AWS's examples.
struct OneOrMany<'a>(&'a [String]);

impl Serialize for OneOrMany<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            [one] => serializer.serialize_str(one),
            many => serializer.collect_seq(many),
        }
    }
}

fn texts<S: Serializer>(texts: &[Text], serializer: S) -> Result<S::Ok, S::Error> {
    OneOrMany(&texts.iter().map(|text| text.text.clone()).collect::<Vec<_>>()).serialize(serializer)
}

/// Conditions under their operators, each operator once.
struct ByOperator<'a>(&'a [Condition]);

impl Serialize for ByOperator<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (at, first) in self.0.iter().enumerate() {
            if self.0.iter().take(at).all(|before| before.operator != first.operator) {
                map.serialize_entry(&first.operator.to_string(), &OfOperator(&self.0[at..], first))?;
            }
        }
        map.end()
    }
}

struct OfOperator<'a>(&'a [Condition], &'a Condition);

impl Serialize for OfOperator<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let of_operator = self.0.iter().filter(|one| one.operator == self.1.operator);
        serializer.collect_map(of_operator.map(|one| (one.key.text.as_str(), Values(one))))
    }
}

struct Values<'a>(&'a Condition);

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        texts(&self.0.values, serializer)
    }
}
