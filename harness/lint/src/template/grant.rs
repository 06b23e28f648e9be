//! Resources that are one statement of a policy, written in properties of their own.
//!
//! docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html,
//! docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-eventbuspolicy.html

use source::{Entry, Node, Span, Value};

/// Conditions that a permission to use a function makes: property, operator, key.
/// docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html
const PERMISSION: &[(&str, &str, &str)] = &[
    ("FunctionUrlAuthType", "StringEquals", "lambda:FunctionUrlAuthType"),
    ("InvokedViaFunctionUrl", "Bool", "lambda:InvokedViaFunctionUrl"),
    ("PrincipalOrgID", "StringEquals", "aws:PrincipalOrgID"),
    ("SourceAccount", "StringEquals", "aws:SourceAccount"),
    ("SourceArn", "ArnLike", "aws:SourceArn"),
];

/// The statement that a resource is; `None`: it is none, or does not say enough of one.
pub(super) fn of(resource_type: &str, properties: &Node) -> Option<Node> {
    let conditions = match resource_type {
        // A token that only one skill knows stands for a source; its key is none of AWS's reference.
        "AWS::Lambda::Permission" if properties.get("EventSourceToken").is_none() => of_permission(properties),
        "AWS::Events::EventBusPolicy" if properties.get("Statement").is_none() => of_bus(properties),
        _ => return None,
    };
    let (action, principal) = (properties.get("Action")?, properties.get("Principal")?);
    let span = principal.span;
    let mut statement = vec![
        entry("Effect", text("Allow", span), span),
        entry("Principal", of_principal(principal), span),
        entry("Action", action.clone(), action.span),
        entry("Resource", text("*", span), span),
    ];
    if !conditions.is_empty() {
        statement.push(entry("Condition", map(conditions, span), span));
    }
    Some(map(statement, span))
}

fn of_permission(properties: &Node) -> Vec<Entry> {
    let mut conditions: Vec<Entry> = Vec::new();
    for (property, operator, key) in PERMISSION {
        let Some(value) = properties.get(property) else { continue };
        let test = entry(key, value.clone(), value.span);
        match conditions.iter_mut().find(|other| other.key == *operator).map(|other| &mut other.value.value) {
            Some(Value::Map(tests)) => tests.push(test),
            _ => conditions.push(entry(operator, map(vec![test], value.span), value.span)),
        }
    }
    conditions
}

/// `{Type: StringEquals, Key: aws:PrincipalOrgID, Value: o-…}`
fn of_bus(properties: &Node) -> Vec<Entry> {
    let condition = || {
        let condition = properties.get("Condition")?;
        let [operator, key, value] = ["Type", "Key", "Value"].map(|name| condition.get(name));
        let (operator, key, value) = (operator?, key?, value?);
        let test = entry(key.text()?, value.clone(), key.span);
        Some(entry(operator.text()?, map(vec![test], condition.span), operator.span))
    };
    condition().into_iter().collect()
}

/// A service by its name; everybody, an account's id, or an ARN.
fn of_principal(principal: &Node) -> Node {
    let name = principal.text().unwrap_or_default();
    let is_service = name.contains('.') && !name.starts_with("arn:");
    match name {
        "*" => principal.clone(),
        _ => map(
            vec![entry(if is_service { "Service" } else { "AWS" }, principal.clone(), principal.span)],
            principal.span,
        ),
    }
}

fn text(value: &str, span: Span) -> Node {
    Node::new(Value::String(value.to_owned()), span)
}

fn map(entries: Vec<Entry>, span: Span) -> Node {
    Node::new(Value::Map(entries), span)
}

fn entry(key: &str, value: Node, key_span: Span) -> Entry {
    Entry { key: key.to_owned(), key_span, value }
}
