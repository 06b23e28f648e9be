//! What is wrong with a policy by itself, before any request is made. Pure.
//!
//! [`policy`] says about one policy what reading it says, and what the language alone lets pass: actions and condition
//! keys that AWS does not have, keys that an action never carries on the statement's resources, conditions that hold
//! because a key is missing, or that one of the resources a call needs cannot meet, actions and resources that never
//! meet. Findings have the shape of IAM Access Analyzer's
//! [ValidatePolicy](https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidatePolicyFinding.html) and
//! its issue codes where it has the check; every code is a row of [`CODES`]. [`template`] does so for every policy of a
//! CloudFormation template, [`json`](json()) writes findings as ValidatePolicy does.

mod check;
mod code;
mod deep;
mod edits;
mod embedded;
mod glob;
mod guess;
mod json;
mod page;
mod printed;
mod reading;
mod selection;
mod sink;
mod suppression;
mod template;
mod uncovered;
mod uses;
mod written;

#[cfg(test)]
mod tests;

pub use check::meant_key;
pub use code::{CODES, Code, OF_YAML};
pub use deep::{Deep, deep};
pub use guess::guess;
pub use json::json;
pub use page::page;
pub use printed::printed;
pub use selection::Selection;
pub use suppression::{Suppressed, suppress};
pub use template::template;
pub use uncovered::{PARTLY, UNCOVERED};
pub use uses::{Use, uses, variables};

use std::collections::HashSet;

use policy::Kind;
use source::{FileId, Finding, Findings, Node, Value};

use sink::Sink;
use written::Written;

/// No policy of AWS's, managed ones included, is as long. Longer ones are only read, so that the time that the other
/// checks take has a bound.
const LONGEST: usize = 256 * 1024;

/// Everything there is to say about a policy, in the order of the text.
#[must_use]
pub fn policy(node: &Node, kind: Kind) -> Vec<Finding> {
    let mut sink = Sink::default();
    let size = check::size::check(node, kind, &mut sink);
    reading::check(node, kind, &mut sink);
    if size <= LONGEST {
        let written = Written::read(node, kind);
        check::all(&written, &mut sink);
    }
    sink.finish()
}

/// What is wrong with a policy so that AWS refuses it.
#[must_use]
pub fn faults(node: &Node, kind: Kind) -> Vec<Finding> {
    let mut sink = Sink::default();
    reading::check(node, kind, &mut sink);
    let mut found = sink.finish();
    found.retain(Finding::is_error);
    found
}

/// The actions, services and condition keys of a policy that AWS does not have. A policy with a mistyped name is valid, and
/// does not do what it seems to.
#[must_use]
pub fn unknown_names(node: &Node, kind: Kind) -> Vec<Finding> {
    let mut sink = Sink::default();
    check::names(&Written::read(node, kind), &mut sink);
    let mut found = sink.finish();
    found.retain(|finding| finding.code != code::WILDCARD_IN_SERVICE_NAME.name);
    found
}

/// Everything there is to say about several policies, each thing once: the same text may be part of many of them.
#[must_use]
pub fn policies<'a>(policies: impl IntoIterator<Item = (&'a Node, Kind)>) -> Vec<Finding> {
    let mut seen = HashSet::new();
    let mut all = Findings::default();
    for (node, kind) in policies {
        let new = policy(node, kind).into_iter();
        all.extend(new.filter(|finding| seen.insert((finding.span, finding.code, finding.message.clone()))));
    }
    let mut all = all.into_vec();
    all.sort_by_key(|finding| (finding.span.file, finding.span.start, finding.severity));
    all
}

/// Everything there is to say about a text: a policy in JSON, a template in JSON or YAML, or what the AWS CLI prints of
/// policies. A policy without a kind is taken for what it looks like.
#[must_use]
pub fn text(file: FileId, text: &str, kind: Option<Kind>) -> Vec<Finding> {
    look(file, text, kind).findings
}

/// What a text is, and what there is to say about it.
#[derive(Debug)]
pub struct Looked {
    /// Whether it is a policy, a template, or has policies inside. Nothing but syntax is said about anything else.
    pub has_policies: bool,
    /// How many statements its policies have.
    pub statements: usize,
    /// What there is to say. Where the syntax of JSON is broken, nothing but that.
    pub findings: Vec<Finding>,
}

/// How many statements policies have, each counted once: the same text may be part of many of them.
#[must_use]
pub fn statements<'a>(policies: impl IntoIterator<Item = &'a Node>) -> usize {
    let of = |policy: &'a Node| {
        policy.get("Statement").into_iter().flat_map(|node| match &node.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        })
    };
    policies.into_iter().flat_map(of).map(|statement| statement.span).collect::<HashSet<_>>().len()
}

/// As [`text`], with whether there was anything to look at.
#[must_use]
pub fn look(file: FileId, text: &str, kind: Option<Kind>) -> Looked {
    let (tree, said) = read(file, text);
    if let Some(findings) = reading::broken(&said) {
        return Looked { has_policies: false, statements: 0, findings };
    }
    let mut findings = Findings::default();
    findings.extend(said);
    let Some(node) = tree else {
        return Looked { has_policies: false, statements: 0, findings: findings.into_vec() };
    };
    let Some((found, said)) = inside(&node, text, kind) else {
        // A mapping that is no policy is one with faults: it is said what it lacks.
        findings.extend(policy(&node, kind.unwrap_or_else(|| guess(&node))));
        return Looked { has_policies: false, statements: 0, findings: findings.into_vec() };
    };
    let all = said_of(&found, said);
    findings.extend(if template::is_template(&node) {
        edits::outside_of_texts(&node, all)
    } else {
        outside_of_templates(all)
    });
    let statements = statements(found.iter().map(|(_, node)| node));
    Looked { has_policies: true, statements, findings: findings.into_vec() }
}

/// As [`look`], at the tree of a template that was made of another text. No rewrite fits that text.
#[must_use]
pub fn look_at(template: &Node) -> Looked {
    let (found, said) = template::find(template, None);
    let mut findings = said_of(&found, said);
    findings.iter_mut().for_each(|finding| finding.edit = None);
    Looked { has_policies: !found.is_empty(), statements: statements(found.iter().map(|(_, node)| node)), findings }
}

/// Everything there is to say about the policies of a text, in its order, with what is said of them already.
fn said_of(found: &[(Kind, Node)], said: Vec<Finding>) -> Vec<Finding> {
    let mut all = Findings::default();
    all.extend(said);
    all.extend(policies(found.iter().map(|(kind, node)| (node, *kind))));
    let mut all = all.into_vec();
    all.sort_by_key(|finding| (finding.span.file, finding.span.start, finding.severity));
    all
}

/// Policies, each with what it is attached to, and what is wrong with the syntax of the text that they stand in.
pub type Documents = (Vec<(Kind, Node)>, Vec<Finding>);

/// The policies of a text, as [`look`] looks at them, and what is wrong with its syntax. A policy without a kind is taken
/// for what it looks like.
#[must_use]
pub fn documents(file: FileId, text: &str, kind: Option<Kind>) -> Documents {
    let (tree, mut said) = read(file, text);
    let (found, more) = tree.and_then(|node| inside(&node, text, kind)).unwrap_or_default();
    said.extend(more);
    (found, said)
}

/// The policies of a text of which [`deep`] can tell what never decides: without those of which `Fn::If` leaves open what they
/// say.
#[must_use]
pub fn unconditional(file: FileId, text: &str, kind: Option<Kind>) -> Vec<(Kind, Node)> {
    deep::unconditional(documents(file, text, kind).0)
}

/// The same, of the tree of a template that was made of another text.
#[must_use]
pub fn unconditional_at(template: &Node) -> Vec<(Kind, Node)> {
    deep::unconditional(template::find(template, None).0)
}

/// The policies in a tree, and what is wrong with the JSON of those that are written as text. `None`: there are none.
fn inside(node: &Node, text: &str, kind: Option<Kind>) -> Option<Documents> {
    if template::is_template(node) {
        return Some(template::find(node, Some(text)));
    }
    if node.get("Statement").is_some() {
        return Some((vec![(kind.unwrap_or_else(|| guess(node)), node.clone())], Vec::new()));
    }
    Some(printed(node, text, kind)).filter(|(found, _)| !found.is_empty())
}

/// Only templates have functions.
fn outside_of_templates(mut findings: Vec<Finding>) -> Vec<Finding> {
    for finding in &mut findings {
        finding.edit = finding.edit.take().filter(|edit| !matches!(**edit, source::Edit::Substitute { .. }));
    }
    findings
}

/// The tree of a text in JSON or YAML, and what is wrong with its syntax.
#[must_use]
pub fn read(file: FileId, text: &str) -> (Option<Node>, Vec<Finding>) {
    let is_json = is_json(text);
    let read = if is_json { source::json::read } else { source::yaml::read };
    let (tree, findings) = read(file, text);
    let mut sink = Sink::default();
    findings.into_iter().for_each(|finding| reading::syntax(finding, is_json, &mut sink));
    (tree, sink.finish())
}

/// Whether a text is read as JSON.
pub(crate) fn is_json(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '['])
}
