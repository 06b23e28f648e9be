//! What stands for a value that is known only after apply: `Ref` or `Fn::GetAtt` of the resource that has it, so that it is made
//! up and told as in any other template.

use source::{Node, Span};

use super::configuration::Target;
use super::tree::{attribute, list, one, reference};
use super::types::{self, Value};
use crate::shape::text_node;

impl Target<'_, '_> {
    /// The value; `None` if it cannot be told. An expression that names the whole resource means what `by_default` says.
    pub(super) fn value(&self, by_default: &str, span: Span) -> Option<Node> {
        let named = self.attribute.unwrap_or(by_default);
        if let Some(known) = self.instance.text(named) {
            return Some(text_node(known, span));
        }
        if self.instance.is_data {
            return None;
        }
        let (_, value) = types::find(self.instance.resource_type)?.values.iter().find(|(name, _)| *name == named)?;
        let address = &*self.instance.address;
        Some(match value {
            Value::Reference => reference(address, span),
            Value::Attribute(name) => attribute(address, name, span),
            Value::Arn(pattern) => self.filled(pattern, span)?,
        })
    }

    fn filled(&self, pattern: &str, span: Span) -> Option<Node> {
        let mut parts = Vec::new();
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once('{') {
            let (field, after) = after.split_once('}')?;
            parts.push(text_node(before, span));
            parts.push(match field {
                "partition" => reference("AWS::Partition", span),
                "region" => reference("AWS::Region", span),
                "account" => reference("AWS::AccountId", span),
                "ref" => reference(&self.instance.address, span),
                other => text_node(self.instance.text(other)?.trim_start_matches("https://"), span),
            });
            rest = after;
        }
        parts.push(text_node(rest, span));
        Some(one("Fn::Join", list(vec![text_node("", span), list(parts, span)], span)))
    }
}
