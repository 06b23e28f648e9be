//! Values that stacks of the CDK pass each other across regions, by resources of their own: one writes them, one reads them.
//!
//! docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib-readme.html#accessing-resources-in-a-different-stack-and-region

use source::{Node, Span};

use crate::evaluate::Evaluator;
use crate::resolve::Output;
use crate::shape::text_node;
use crate::template::Declared;

const READER: &str = "Custom::CrossRegionExportReader";
const WRITER: &str = "Custom::CrossRegionExportWriter";

/// What a resource writes for other stacks: each value under the name that they read it by. `properties` are worked out.
pub(crate) fn written(declared: &Declared, properties: &Node) -> Vec<Output> {
    if declared.resource_type.value != WRITER {
        return Vec::new();
    }
    let exports = properties.get("WriterProps").and_then(|props| props.get("exports")).map(Node::entries);
    let output = |entry: &source::Entry| {
        let value = entry.value.text()?.to_owned();
        Some(Output { name: entry.key.clone(), value, export: None, span: entry.key_span })
    };
    exports.unwrap_or_default().iter().filter_map(output).collect()
}

impl Evaluator<'_> {
    /// The value that a resource reads under a name, if a stack before this one has written it.
    pub(crate) fn read_export(&self, at: usize, name: &str, span: Span) -> Option<Node> {
        if self.template.resources[at].resource_type.value != READER {
            return None;
        }
        let found = self.inputs.imports.iter().find(|entry| entry.key == name)?;
        Some(text_node(found.value.text()?, span))
    }
}
