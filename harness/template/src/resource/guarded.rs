//! Resources of which nothing is made here, and whose tags and policies say who may use them: queues, secrets, keys.
//!
//! Each row is the section "Properties" of the type's page under
//! docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/.

use source::{Entry, Node, Span, Value};

use super::Tag;
use super::fields::{Context, Fields};
use crate::shape::{Text, text_node};

/// A resource with its tags, and the policy that its own properties give it.
#[derive(Clone, Debug)]
pub struct Guarded {
    /// `Tags`
    pub tags: Vec<Tag>,
    /// The policy; `None` where the properties have none.
    pub policy: Option<Node>,
    /// The policy of a table's stream.
    pub stream_policy: Option<Node>,
}

/// A policy, or a statement of one, that is a resource of its own.
#[derive(Clone, Debug)]
pub struct ResourcePolicy {
    /// The type of what it is about: `AWS::SQS::Queue`.
    pub of_type: &'static str,
    /// What it is about, as the template names that: by `Ref`, ARN, URL or name.
    pub of: Vec<Text>,
    /// The document.
    pub policy: Node,
    /// Whether it is one statement of several; a whole policy is the only one.
    pub is_statement: bool,
}

/// A type: how its tags are written, and the path to its policy.
struct Type {
    name: &'static str,
    tags: Tags,
    policy: &'static [&'static str],
}

#[derive(Clone, Copy)]
enum Tags {
    /// A list of `Key` and `Value`.
    Listed,
    /// A mapping of keys to values.
    Mapped,
}

const TYPES: &[Type] = &[
    Type { name: "AWS::DynamoDB::Table", tags: Tags::Listed, policy: &["ResourcePolicy", "PolicyDocument"] },
    Type { name: "AWS::ECR::Repository", tags: Tags::Listed, policy: &["RepositoryPolicyText"] },
    Type { name: "AWS::Events::EventBus", tags: Tags::Listed, policy: &["Policy"] },
    Type { name: "AWS::KMS::Key", tags: Tags::Listed, policy: &["KeyPolicy"] },
    Type { name: "AWS::Kinesis::Stream", tags: Tags::Listed, policy: &[] },
    Type { name: "AWS::Lambda::Function", tags: Tags::Listed, policy: &[] },
    Type { name: "AWS::SNS::Topic", tags: Tags::Listed, policy: &[] },
    Type { name: "AWS::SQS::Queue", tags: Tags::Listed, policy: &[] },
    Type { name: "AWS::SSM::Parameter", tags: Tags::Mapped, policy: &[] },
    Type { name: "AWS::SecretsManager::Secret", tags: Tags::Listed, policy: &[] },
    Type { name: "AWS::StepFunctions::StateMachine", tags: Tags::Listed, policy: &[] },
];

/// Types that are a policy of another resource: its type, the property that names it, and the one that has the document.
const POLICIES: &[(&str, &str, &str, &str)] = &[
    ("AWS::Kinesis::ResourcePolicy", "AWS::Kinesis::Stream", "ResourceArn", "ResourcePolicy"),
    ("AWS::Lambda::ResourcePolicy", FUNCTION, "ResourceArn", "PolicyDocument"),
    ("AWS::SNS::TopicInlinePolicy", "AWS::SNS::Topic", "TopicArn", "PolicyDocument"),
    ("AWS::SNS::TopicPolicy", "AWS::SNS::Topic", "Topics", "PolicyDocument"),
    ("AWS::SQS::QueueInlinePolicy", "AWS::SQS::Queue", "Queue", "PolicyDocument"),
    ("AWS::SQS::QueuePolicy", "AWS::SQS::Queue", "Queues", "PolicyDocument"),
    ("AWS::SecretsManager::ResourcePolicy", "AWS::SecretsManager::Secret", "SecretId", "ResourcePolicy"),
    ("aws_cloudwatch_event_bus_policy", BUS, "EventBusName", "Policy"),
    ("aws_dynamodb_resource_policy", "AWS::DynamoDB::Table", "ResourceArn", "Policy"),
    ("aws_ecr_repository_policy", "AWS::ECR::Repository", "RepositoryName", "Policy"),
    ("aws_kms_key_policy", "AWS::KMS::Key", "KeyId", "Policy"),
];
const FUNCTION: &str = "AWS::Lambda::Function";
const BUS: &str = "AWS::Events::EventBus";

/// Conditions of the statement that a permission to use a function makes: property, operator, key.
/// docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html
const PERMISSION: &[(&str, &str, &str)] = &[
    ("EventSourceToken", "StringEquals", "lambda:EventSourceToken"),
    ("FunctionUrlAuthType", "StringEquals", "lambda:FunctionUrlAuthType"),
    ("InvokedViaFunctionUrl", "Bool", "lambda:InvokedViaFunctionUrl"),
    ("PrincipalOrgID", "StringEquals", "aws:PrincipalOrgID"),
    ("SourceAccount", "StringEquals", "AWS:SourceAccount"),
    ("SourceArn", "ArnLike", "AWS:SourceArn"),
];

/// What kind of resource a type is here; `None`: none of these.
pub(super) enum What {
    Guarded(Guarded),
    Policy(Option<ResourcePolicy>),
}

/// Reads a resource of one of these types.
pub(super) fn read(context: &mut Context<'_>, fields: &mut Fields<'_>) -> Option<What> {
    let name = &*context.declared.resource_type.value;
    if let Some(found) = TYPES.iter().find(|row| row.name == name) {
        return Some(What::Guarded(guarded(context, fields, found)));
    }
    if let Some((_, of_type, of, document)) = POLICIES.iter().find(|row| row.0 == name) {
        return Some(What::Policy(policy(context, fields, of_type, (of, document))));
    }
    match name {
        "AWS::Lambda::Permission" => Some(What::Policy(permission(context, fields))),
        "AWS::Events::EventBusPolicy" => Some(What::Policy(bus_policy(context, fields))),
        _ => None,
    }
}

fn guarded(context: &mut Context<'_>, fields: &mut Fields<'_>, of: &Type) -> Guarded {
    let tags = match of.tags {
        Tags::Listed => fields.tags(context),
        Tags::Mapped => fields.mapped_tags(context),
    };
    let policy = match of.policy {
        [document] => fields.optional_document(context, document),
        [part, document] => fields.part(context, part).and_then(|mut part| part.optional_document(context, document)),
        _ => None,
    };
    let stream_policy = match of.name {
        "AWS::DynamoDB::Table" => stream_policy(context, fields),
        _ => None,
    };
    Guarded { tags, policy, stream_policy }
}

/// `StreamSpecification.ResourcePolicy.PolicyDocument`
/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-dynamodb-table-streamspecification.html
fn stream_policy(context: &mut Context<'_>, fields: &mut Fields<'_>) -> Option<Node> {
    let mut stream = fields.part(context, "StreamSpecification")?;
    stream.part(context, "ResourcePolicy")?.optional_document(context, "PolicyDocument")
}

fn policy(
    context: &mut Context<'_>,
    fields: &mut Fields<'_>,
    of_type: &'static str,
    (of, document): (&'static str, &'static str),
) -> Option<ResourcePolicy> {
    let of = match of.ends_with('s') {
        true => fields.texts(context, of),
        false => fields.need_text(context, of).into_iter().collect(),
    };
    let policy = fields.document(context, document);
    Some(ResourcePolicy { of_type, of, policy: policy?, is_statement: false })
}

/// "This resource adds a statement to a resource-based permission policy for the function."
fn permission(context: &mut Context<'_>, fields: &mut Fields<'_>) -> Option<ResourcePolicy> {
    let function = fields.need_text(context, "FunctionName");
    let action = fields.need_text(context, "Action");
    let principal = fields.need_text(context, "Principal");
    let mut conditions = Vec::new();
    for (property, operator, key) in PERMISSION {
        if let Some(value) = fields.text(context, property) {
            let span = value.span;
            let test = map(vec![entry(key, text_node(value.value, span), span)], span);
            conditions.push(entry(operator, test, span));
        }
    }
    let (function, action, principal) = (function?, action?, principal?);
    let span = context.declared.logical_id.span;
    let mut statement = vec![
        entry("Sid", text_node(sid(&context.declared.logical_id.value), span), span),
        entry("Effect", text_node("Allow", span), span),
        entry("Principal", of_permission(&principal), principal.span),
        entry("Action", text_node(action.value, action.span), action.span),
        entry("Resource", text_node("*", function.span), function.span),
    ];
    if !conditions.is_empty() {
        statement.push(entry("Condition", map(merged(conditions), span), span));
    }
    let policy = of_statement(map(statement, span));
    Some(ResourcePolicy { of_type: FUNCTION, of: vec![function], policy, is_statement: true })
}

/// A logical id; of an address of Terraform's, the letters and digits.
fn sid(logical_id: &str) -> String {
    logical_id.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// A service, an account's id, or an ARN.
fn of_permission(principal: &Text) -> Node {
    let span = principal.span;
    let value = &*principal.value;
    let is_account = value.len() == 12 && value.bytes().all(|byte| byte.is_ascii_digit());
    match value {
        "*" => text_node("*", span),
        _ if is_account || value.starts_with("arn:") => map(vec![entry("AWS", text_node(value, span), span)], span),
        _ => map(vec![entry("Service", text_node(value, span), span)], span),
    }
}

/// Two tests of one operator stand together.
fn merged(conditions: Vec<Entry>) -> Vec<Entry> {
    let mut all: Vec<Entry> = Vec::new();
    for one in conditions {
        match (all.iter_mut().find(|other| other.key == one.key), one.value.value) {
            (Some(Entry { value: Node { value: Value::Map(tests), .. }, .. }), Value::Map(more)) => tests.extend(more),
            (_, value) => all.push(Entry { value: Node::new(value, one.value.span), ..one }),
        }
    }
    all
}

/// A statement of an event bus, written whole or in parts.
/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-eventbuspolicy.html
fn bus_policy(context: &mut Context<'_>, fields: &mut Fields<'_>) -> Option<ResourcePolicy> {
    let span = context.declared.logical_id.span;
    let bus = fields.text(context, "EventBusName").unwrap_or_else(|| Text::new("default", span));
    let whole = fields.get("Statement").cloned();
    let statement = match whole {
        Some(statement) => statement,
        None => {
            let (action, principal) = (fields.need_text(context, "Action"), fields.need_text(context, "Principal"));
            let (action, principal) = (action?, principal?);
            let mut statement = vec![
                entry("Effect", text_node("Allow", span), span),
                entry("Principal", of_permission(&principal), principal.span),
                entry("Action", text_node(action.value, action.span), action.span),
                entry("Resource", text_node("*", span), span),
            ];
            if let Some(condition) = fields.part(context, "Condition") {
                statement.extend(of_bus(context, condition));
            }
            map(statement, span)
        }
    };
    Some(ResourcePolicy { of_type: BUS, of: vec![bus], policy: of_statement(statement), is_statement: true })
}

/// `{Type: StringEquals, Key: aws:PrincipalOrgID, Value: o-…}`
fn of_bus(context: &mut Context<'_>, mut condition: Fields<'_>) -> Option<Entry> {
    let [operator, key, value] = ["Type", "Key", "Value"].map(|name| condition.need_text(context, name));
    let (operator, key, value) = (operator?, key?, value?);
    let span = value.span;
    let test = map(vec![entry(&key.value, text_node(value.value, span), key.span)], span);
    Some(entry("Condition", map(vec![entry(&operator.value, test, operator.span)], span), operator.span))
}

fn of_statement(statement: Node) -> Node {
    let span = statement.span;
    let list = Node::new(Value::List(vec![statement]), span);
    map(vec![entry("Version", text_node("2012-10-17", span), span), entry("Statement", list, span)], span)
}

fn map(entries: Vec<Entry>, span: Span) -> Node {
    Node::new(Value::Map(entries), span)
}

fn entry(key: &str, value: Node, key_span: Span) -> Entry {
    Entry { key: key.to_owned(), key_span, value }
}
