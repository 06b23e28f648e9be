//! What a template is resolved with.

use std::sync::Arc;

use source::{Entry, FileId, Node, Span, Value};

use crate::files::Files;
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
    /// Files that stand beside the template.
    pub files: Arc<Files>,
    /// The stacks that this one is nested in.
    pub(crate) within: Within,
}

/// Where a nested stack stands in the ones around it; all of them together have the bounds of one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Within {
    /// The places of the trees around it, outermost first.
    pub(crate) trees: Vec<Span>,
    /// How far in the value is that asks for it.
    pub(crate) depth: usize,
    /// How much has been made.
    pub(crate) spent: usize,
    /// Its logical id, with those around it: `Outer.Inner`.
    pub(crate) path: String,
}

impl Inputs {
    /// A stack in an account and a region, without parameters and imports.
    #[must_use]
    pub fn new(account: &str, region: &str, stack_name: &str) -> Self {
        let policy::partition::Partition { name: partition, suffix: url_suffix } = policy::partition::of_region(region);
        let id = names::uuid(stack_name);
        Self {
            parameters: Vec::new(),
            imports: Vec::new(),
            account: account.to_owned(),
            region: region.to_owned(),
            partition: (*partition).to_owned(),
            url_suffix: (*url_suffix).to_owned(),
            stack_name: stack_name.to_owned(),
            stack_id: format!("arn:{partition}:cloudformation:{region}:{account}:stack/{stack_name}/{id}"),
            files: Arc::default(),
            within: Within::default(),
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
