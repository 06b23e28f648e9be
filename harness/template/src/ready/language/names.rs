//! Functions where only text may stand without the transform: what `Ref` and `Fn::GetAtt` name, and the attributes of resources.

use source::{Node, Value};

use super::Early;
use crate::shape::text_node;

/// Attributes of resources that may be a function.
/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach-example-resource.html
const ATTRIBUTES: [&str; 3] = ["Condition", "DeletionPolicy", "UpdateReplacePolicy"];

impl Early<'_> {
    /// Works out what a section names.
    pub(super) fn names(&mut self, section: &mut Node, name: &str) {
        if name != "Conditions"
            && let Value::Map(entries) = &mut section.value
        {
            entries.iter_mut().for_each(|entry| self.attributes(&mut entry.value));
        }
        self.walk(section);
    }

    fn attributes(&mut self, resource: &mut Node) {
        let Value::Map(entries) = &mut resource.value else { return };
        entries.retain_mut(|entry| {
            if !ATTRIBUTES.contains(&&*entry.key) || !matches!(entry.value.value, Value::Map(_)) {
                return true;
            }
            match self.value(&entry.value, &format!("`{}`", entry.key)) {
                Some(Some(value)) => {
                    entry.value = value;
                    true
                }
                // `AWS::NoValue` takes the attribute away; what is broken is told.
                Some(None) | None => false,
            }
        });
    }

    fn walk(&mut self, node: &mut Node) {
        match &mut node.value {
            Value::List(items) => items.iter_mut().for_each(|item| self.walk(item)),
            Value::Map(entries) => {
                entries.iter_mut().for_each(|entry| self.walk(&mut entry.value));
                if let [one] = &mut entries[..] {
                    match (&*one.key, &mut one.value.value) {
                        ("Ref", Value::Map(_)) => self.name(&mut one.value, "the name that `Ref` is given"),
                        ("Fn::GetAtt", Value::List(items)) if !items.is_empty() => {
                            self.name(&mut items[0], "the resource that `Fn::GetAtt` is given");
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn name(&mut self, node: &mut Node, what: &str) {
        if !matches!(node.value, Value::Map(_)) {
            return;
        }
        if let Some(Some(value)) = self.value(node, what)
            && let Some(text) = value.text()
        {
            *node = text_node(text, node.span);
        }
    }
}
