//! A template's tree as it was written to the tree that CloudFormation makes a stack of.

mod include;
mod language;
mod tokens;

use source::{Finding, Node};

use crate::Inputs;
use crate::shape::{MAX_FINDINGS, out_of_bounds};

/// Does what the transforms of a template do, in AWS's order: what it includes is put in, loops are written out, and what AWS SAM
/// declares becomes what it makes. What was
/// repeated has the place of what it was made from. [`read`](crate::read) takes the tree that this gives.
///
/// Macros run from the most deeply nested outward, and those of the whole template in the order of its `Transform`, where
/// "the AWS::LanguageExtensions transform must come before the AWS::Serverless transform".
/// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros-author.html
/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html
#[must_use]
pub fn ready(node: &Node, inputs: &Inputs) -> (Node, Vec<Finding>) {
    if let Some(finding) = out_of_bounds(node) {
        return (node.clone(), vec![finding]);
    }
    let mut findings = tokens::unresolved(node);
    let included = include::include(node, &inputs.files);
    // What was included may lie too deep by now, and all that follows goes into it.
    if let Some(finding) = out_of_bounds(&included) {
        findings.push(finding);
        return (node.clone(), findings);
    }
    let (tree, more) = language::extend(included, inputs);
    findings.extend(more);
    let (tree, more) = crate::sam::transform(&tree, inputs);
    findings.extend(more);
    findings.truncate(MAX_FINDINGS);
    (tree, findings)
}
