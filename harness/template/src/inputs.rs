//! What a template is resolved with.

use source::{Entry, FileId, Node, Span, Value};

use crate::names;

/// Everything that comes from outside the template.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// Values of parameters: text, or a list for the list types. Spans point to where they were given.
    pub parameters: Vec<Entry>,
    /// Exports of other stacks, for `Fn::ImportValue`.
    pub imports: Vec<Entry>,
    /// `AWS::AccountId`.
    pub account: String,
    /// `AWS::Region`.
    pub region: String,
    /// `AWS::Partition`.
    pub partition: String,
    /// `AWS::URLSuffix`.
    pub url_suffix: String,
    /// `AWS::StackName`.
    pub stack_name: String,
    /// `AWS::StackId`.
    pub stack_id: String,
}

impl Inputs {
    /// A stack in an account and a region, without parameters and imports.
    #[must_use]
    pub fn new(account: &str, region: &str, stack_name: &str) -> Self {
        let (partition, url_suffix) = match region {
            _ if region.starts_with("cn-") => ("aws-cn", "amazonaws.com.cn"),
            _ if region.starts_with("us-gov-") => ("aws-us-gov", "amazonaws.com"),
            _ => ("aws", "amazonaws.com"),
        };
        let id = names::uuid(stack_name);
        Self {
            parameters: Vec::new(),
            imports: Vec::new(),
            account: account.to_owned(),
            region: region.to_owned(),
            partition: partition.to_owned(),
            url_suffix: url_suffix.to_owned(),
            stack_name: stack_name.to_owned(),
            stack_id: format!("arn:{partition}:cloudformation:{region}:{account}:stack/{stack_name}/{id}"),
        }
    }

    /// The same with one more parameter, given outside any text.
    #[must_use]
    pub fn parameter(mut self, name: &str, value: &str) -> Self {
        self.parameters.push(entry(name, value));
        self
    }

    /// The same with one more export of another stack, given outside any text.
    #[must_use]
    pub fn import(mut self, name: &str, value: &str) -> Self {
        self.imports.push(entry(name, value));
        self
    }
}

fn entry(key: &str, value: &str) -> Entry {
    let span = Span::new(FileId::default(), 0, 0);
    Entry { key: key.to_owned(), key_span: span, value: Node::new(Value::String(value.to_owned()), span) }
}
