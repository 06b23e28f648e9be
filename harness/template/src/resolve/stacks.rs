//! What stacks inside a stack make.

use source::Node;

use super::{GeneratedName, NotApplied, Resolver, Resource, Stack};
use crate::nested::STACK;
use crate::stack_set::{Instances, STACK_SET};
use crate::template::Declared;

impl Resolver<'_> {
    /// Takes in what a nested stack or a StackSet makes; `false` if a resource is neither, or its template is not here.
    pub(super) fn stacks(&mut self, at: usize, declared: &Declared, properties: Option<&Node>) -> bool {
        let logical_id = &declared.logical_id.value;
        match (&*declared.resource_type.value, properties) {
            (STACK, _) => match self.evaluator.nested(at) {
                Some(child) => {
                    self.take_in(logical_id, child.stack.clone());
                    self.tags(declared);
                }
                None => self.left_out(
                    declared,
                    "its template is not at hand, so that nothing of it is made and its outputs are made up",
                ),
            },
            (STACK_SET, Some(properties)) => match self.evaluator.instances(declared, properties) {
                Some(Instances::Here(child)) => self.take_in(logical_id, child.stack),
                Some(Instances::Elsewhere(child)) => {
                    self.stack.elsewhere.extend(child.stack.resources);
                    self.stack.elsewhere.extend(child.stack.elsewhere);
                    self.left_out(
                        declared,
                        "its stacks are made in other accounts or regions; only its policies are checked",
                    );
                }
                None => self.left_out(declared, "its template is not at hand, so that nothing of it is made"),
            },
            _ => return false,
        }
        true
    }

    /// "The propagation of stack-level tags to resources … varies by resource type": the page tells no more.
    /// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html
    fn tags(&mut self, declared: &Declared) {
        let tags = declared.properties.entries().iter().find(|entry| entry.key == "Tags");
        self.stack.not_applied.extend(tags.map(|tags| NotApplied {
            logical_id: declared.logical_id.value.clone(),
            resource_type: declared.resource_type.value.clone(),
            property: Some(tags.key.clone()),
            why: "AWS puts a stack's tags on resources in it, on which depends on their types".to_owned(),
            lacks_policy: true,
            span: tags.key_span,
        }));
    }

    /// Names a stack of which nothing is made.
    fn left_out(&mut self, declared: &Declared, why: &str) {
        let help = match &*declared.resource_type.value {
            STACK => format!(
                "; give it under `given: {{templates: {{{}: PATH}}}}`",
                self.evaluator.path(&declared.logical_id.value)
            ),
            _ => String::new(),
        };
        self.stack.not_applied.push(NotApplied {
            logical_id: declared.logical_id.value.clone(),
            resource_type: declared.resource_type.value.clone(),
            property: None,
            why: format!("{why}{help}"),
            lacks_policy: false,
            span: declared.resource_type.span,
        });
    }

    /// Makes what another stack makes part of this one, under names that begin with `outer`.
    fn take_in(&mut self, outer: &str, inner: Stack) {
        let named = |id: &str| format!("{outer}.{id}");
        self.stack.resources.extend(inner.resources.into_iter().map(|one| Resource {
            logical_id: named(&one.logical_id),
            depends_on: one.depends_on.iter().map(|id| named(id)).collect(),
            ..one
        }));
        let left = inner.not_applied.into_iter();
        self.stack.not_applied.extend(left.map(|one| NotApplied { logical_id: named(&one.logical_id), ..one }));
        self.stack.elsewhere.extend(inner.elsewhere);
        inner.made_up.into_iter().for_each(|one| self.evaluator.made_up(named(&one.what), &one.value));
        let names = inner.generated_names.into_iter();
        self.stack.generated_names.extend(names.map(|one| GeneratedName { logical_id: named(&one.logical_id), ..one }));
    }
}
