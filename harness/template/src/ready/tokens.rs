//! What the CDK leaves in a template that it could not finish.

use source::{Finding, Node, Value};

use crate::shape::{MAX_FINDINGS, shown};

/// Marks of values that have not been worked out.
const MARKS: [&str; 2] = ["${Token[", "<unresolved>"];

/// The finding of each text that holds such a mark.
pub(super) fn unresolved(root: &Node) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        if let Value::String(text) = &node.value
            && MARKS.iter().any(|mark| text.contains(mark))
            && findings.len() < MAX_FINDINGS
        {
            let message = format!("`{}` is a value that the CDK has not worked out", shown(text));
            let help = "synthesise the app again, and do not put the text of a token into other text";
            findings.push(Finding::error("UNRESOLVED_TOKEN", node.span, message).help(help));
        }
        open.extend(node.items());
        open.extend(node.entries().iter().map(|entry| &entry.value));
    }
    findings
}
