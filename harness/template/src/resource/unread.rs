//! Policies of types that are not modelled: they count nowhere, and that has to be told.

use policy::is_policy;
use source::{FileId, Node, Value};

use crate::shape::shown;

/// Types that grant something without writing a policy; each under its own name at
/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/.
const GRANTS: [&str; 6] = [
    "AWS::ACMPCA::Permission",
    "AWS::Lambda::LayerVersionPermission",
    "AWS::QBusiness::Permission",
    "AWS::RAM::ResourceShare",
    "AWS::Signer::ProfilePermission",
    "aws_kms_grant",
];

/// What in a resource of a type that is not modelled decides who may do what, in words. `None`: nothing.
pub(super) fn policy(resource_type: &str, properties: &Node) -> Option<String> {
    let holder = properties.entries().iter().find(|property| holds_policy(&property.value));
    match holder {
        Some(property) => Some(format!("the policy in its `{}`", shown(&property.key))),
        None => GRANTS.contains(&resource_type).then(|| "what it grants".to_owned()),
    }
}

/// Whether a policy stands somewhere in a tree, as a mapping or as JSON text.
pub(crate) fn holds_policy(node: &Node) -> bool {
    if is_policy(node) {
        return true;
    }
    match &node.value {
        Value::String(text) if text.contains("\"Statement\"") => {
            source::json::read(FileId::default(), text).0.as_ref().is_some_and(is_policy)
        }
        Value::List(items) => items.iter().any(holds_policy),
        Value::Map(entries) => entries.iter().any(|entry| holds_policy(&entry.value)),
        _ => false,
    }
}
