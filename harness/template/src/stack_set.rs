//! StackSets: a template that is made into stacks of other accounts and regions, and of this one if it is named.
//!
//! docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stackset.html

use source::{Entry, FileId, Finding, Node, Severity};

use crate::evaluate::Evaluator;
use crate::nested::{Child, Inner};
use crate::shape::place;
use crate::template::Declared;

/// The type of a resource that is a StackSet.
pub(crate) const STACK_SET: &str = "AWS::CloudFormation::StackSet";

/// What a StackSet makes.
pub(crate) enum Instances {
    /// A stack in this account and region.
    Here(Child),
    /// Stacks in other accounts or regions, all from one template.
    Elsewhere(Child),
}

impl Evaluator<'_> {
    /// What a StackSet makes of its template, if that is here. `properties` are worked out.
    pub(crate) fn instances(&mut self, declared: &Declared, properties: &Node) -> Option<Instances> {
        let tree = self.body(declared, properties)?;
        let inputs = self.inputs;
        let groups = properties.get("StackInstancesGroup").map(Node::items).unwrap_or_default();
        let is_here = groups.iter().any(|group| {
            names(group.get("DeploymentTargets").and_then(|targets| targets.get("Accounts")), &inputs.account)
                && names(group.get("Regions"), &inputs.region)
                && is_of_accounts(group)
        });
        let name = properties.get("StackSetName").and_then(Node::text).unwrap_or(&declared.logical_id.value);
        // "StackSet-" and the StackSet's name come first in the names of its stacks.
        // docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-concepts.html
        let stack_name = format!("StackSet-{name}");
        let inner = Inner {
            tree: &tree,
            of: &declared.logical_id.value,
            parameters: parameters(properties),
            place: (&inputs.account, &inputs.region),
            stack_name: &stack_name,
        };
        let (child, findings) = self.inner(inner, declared.logical_id.span)?;
        for finding in findings {
            // What is wrong with stacks of other accounts stops nothing here.
            let severity = if is_here { finding.severity } else { finding.severity.max(Severity::Warning) };
            self.file(Finding { severity, ..finding });
        }
        Some(if is_here { Instances::Here(child) } else { Instances::Elsewhere(child) })
    }

    /// The tree of its template: text in the properties, or a file that is given.
    fn body(&mut self, declared: &Declared, properties: &Node) -> Option<Node> {
        let files = self.inputs.files.clone();
        if let Some(given) = files.given(&self.path(&declared.logical_id.value)) {
            return Some(given.clone());
        }
        if let Some(url) = properties.get("TemplateURL").and_then(Node::text) {
            return files.at(url).cloned();
        }
        let body = properties.get("TemplateBody")?;
        let (tree, findings) = crate::parse(FileId::default(), body.text()?);
        // Places in the text are places nowhere: all of it stands where the text does.
        if let Some(finding) = findings.into_iter().find(Finding::is_error) {
            let message = format!("`TemplateBody` cannot be read: {}", finding.message);
            self.file(Finding::new(Severity::Warning, "TEMPLATE_BODY", body.span, message));
            return None;
        }
        let mut tree = tree?;
        place(&mut tree, body.span);
        Some(tree)
    }
}

/// Whether a list has a text.
fn names(list: Option<&Node>, wanted: &str) -> bool {
    list.map(Node::items).unwrap_or_default().iter().any(|item| item.text() == Some(wanted))
}

/// Whether the accounts that are listed are those that stacks are made in: they may be what is left out of a unit.
fn is_of_accounts(group: &Node) -> bool {
    let filter = group.get("DeploymentTargets").and_then(|targets| targets.get("AccountFilterType"));
    filter.and_then(Node::text).is_none_or(|filter| ["NONE", "INTERSECTION", "UNION"].contains(&filter))
}

/// `Parameters: [{ParameterKey: …, ParameterValue: …}]`
fn parameters(properties: &Node) -> Vec<Entry> {
    let list = properties.get("Parameters").map(Node::items).unwrap_or_default();
    let one = |item: &Node| {
        let key = item.get("ParameterKey")?;
        let value = item.get("ParameterValue")?.clone();
        Some(Entry { key: key.text()?.to_owned(), key_span: key.span, value })
    };
    list.iter().filter_map(one).collect()
}
