//! Macros in the properties of a resource.

use source::{Finding, Node, Span, Value};

use super::{NotApplied, Resolver};
use crate::resource::Properties;
use crate::template::{Declared, FN_TRANSFORM};

impl Resolver<'_> {
    /// A macro in what is read is an error; in anything else it is named, since it makes no difference here.
    pub(super) fn transforms(
        &mut self,
        declared: &Declared,
        evaluated: Option<&Node>,
        typed: Option<&Properties>,
        transforms: Vec<Finding>,
        known: usize,
    ) {
        for finding in transforms {
            let entries = evaluated.map(Node::entries).unwrap_or_default();
            let holder = entries.iter().find(|entry| has_null_at(&entry.value, finding.span));
            let left = &self.stack.not_applied[known..];
            let is_left_out = match (typed, holder) {
                // The resource itself is named as not applied.
                (None | Some(Properties::Listed(_)), _) => left.iter().any(|one| one.property.is_none()),
                (_, None) => false,
                (Some(_), Some(holder)) if holder.key == FN_TRANSFORM => false,
                (Some(typed), Some(holder)) => {
                    let is_named = |one: &NotApplied| one.property.as_deref() == Some(&*holder.key);
                    !is_read(typed, &holder.key) || left.iter().any(is_named)
                }
            };
            if !is_left_out {
                self.evaluator.report(finding);
                continue;
            }
            self.stack.not_applied.push(NotApplied {
                logical_id: declared.logical_id.value.clone(),
                resource_type: declared.resource_type.value.clone(),
                property: holder.map(|holder| holder.key.clone()),
                why: finding.message,
                lacks_policy: false,
                span: finding.span,
            });
        }
    }
}

/// Whether a property decides about anything here: of what is only guarded, tags and policies do.
fn is_read(typed: &Properties, property: &str) -> bool {
    match typed {
        Properties::Guarded(_) => ["Tags", "StreamSpecification"].contains(&property) || property.contains("Policy"),
        _ => true,
    }
}

/// Whether a tree has the null of something that stood at a place.
fn has_null_at(node: &Node, span: Span) -> bool {
    match &node.value {
        Value::Null => node.span == span,
        Value::List(items) => items.iter().any(|item| has_null_at(item, span)),
        Value::Map(entries) => entries.iter().any(|entry| has_null_at(&entry.value, span)),
        _ => false,
    }
}
