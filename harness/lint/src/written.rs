//! A policy as far as it can be read, errors or not.
//!
//! `policy::Document` is there only for a policy without errors. Findings are to be had all at once, so this takes from
//! the tree whatever makes sense, and passes over the rest, which reading reports.

use std::collections::HashMap;
use std::rc::Rc;

use catalog::{Action, Key};
use policy::Kind;
use policy::operator::{Operator, Set, Test};
use source::{Entry, Node, Span, Value};

use crate::glob::UNKNOWN;

/// A policy.
#[derive(Debug)]
pub(crate) struct Written<'a> {
    pub(crate) kind: Kind,
    pub(crate) node: &'a Node,
    pub(crate) version: Option<&'a str>,
    pub(crate) statements: Vec<Statement<'a>>,
}

/// A statement.
#[derive(Debug)]
pub(crate) struct Statement<'a> {
    pub(crate) node: &'a Node,
    pub(crate) effect: Option<Effect>,
    pub(crate) sid: Option<Text<'a>>,
    pub(crate) principal: Option<Principal<'a>>,
    /// The actions of Action; of NotAction, those left out.
    pub(crate) actions: Vec<ActionItem<'a>>,
    pub(crate) not_action: bool,
    /// The items of Resource; of NotResource, those left out.
    pub(crate) resources: Vec<Text<'a>>,
    pub(crate) not_resource: bool,
    pub(crate) resource_span: Option<Span>,
    pub(crate) conditions: Vec<Condition<'a>>,
    pub(crate) condition: Option<&'a Node>,
    pub(crate) span: Span,
    /// Whether neither Resource nor NotResource stands there.
    pub(crate) lacks_resource: bool,
}

/// Allow or Deny.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Allow,
    Deny,
}

/// Text and its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'a> {
    pub(crate) text: &'a str,
    pub(crate) span: Span,
}

/// Principal or NotPrincipal.
#[derive(Debug)]
pub(crate) struct Principal<'a> {
    pub(crate) not: bool,
    pub(crate) span: Span,
    /// By sort; `"*"` is of the sort `AWS`.
    pub(crate) names: Vec<(&'a str, Text<'a>)>,
}

/// An item of Action or NotAction.
#[derive(Debug)]
pub(crate) struct ActionItem<'a> {
    pub(crate) text: &'a str,
    pub(crate) span: Span,
    /// What it stands for.
    pub(crate) actions: Rc<[Action]>,
    /// Whether that was looked up.
    pub(crate) is_known: bool,
}

/// One key under one operator.
#[derive(Debug)]
pub(crate) struct Condition<'a> {
    pub(crate) operator: Operator,
    pub(crate) operator_span: Span,
    pub(crate) name: &'a str,
    pub(crate) name_span: Span,
    /// The key, if AWS has it.
    pub(crate) key: Option<Key>,
    pub(crate) values: Vec<Text<'a>>,
    pub(crate) values_span: Span,
}

impl<'a> Written<'a> {
    pub(crate) fn read(node: &'a Node, kind: Kind) -> Self {
        let statements = match node.get("Statement").map(|node| (node, &node.value)) {
            Some((_, Value::List(items))) => items.as_slice(),
            Some((node, Value::Map(_))) => std::slice::from_ref(node),
            _ => &[],
        };
        let mut expansions = Expansions::default();
        let statements = statements.iter().filter(|node| matches!(node.value, Value::Map(_)));
        let statements = statements.map(|node| Statement::read(node, &mut expansions)).collect();
        Self { kind, node, version: node.get("Version").and_then(Node::text), statements }
    }
}

impl<'a> Statement<'a> {
    fn read(node: &'a Node, expansions: &mut Expansions<'a>) -> Self {
        let effect = match node.get("Effect").and_then(Node::text) {
            Some("Allow") => Some(Effect::Allow),
            Some("Deny") => Some(Effect::Deny),
            _ => None,
        };
        let one_of = |name, not| match (node.get(name), node.get(not)) {
            (found, None) => (found, false),
            (None, found) => (found, true),
            _ => (None, false),
        };
        let (actions, not_action) = one_of("Action", "NotAction");
        let (resources, not_resource) = one_of("Resource", "NotResource");
        let principal = match one_of("Principal", "NotPrincipal") {
            (Some(node), not) => Some(Principal { not, span: node.span, names: principals(node) }),
            _ => None,
        };
        let item = |text: Text<'a>| {
            let found = expansions.of(text.text);
            let is_known = found.is_some();
            ActionItem { text: text.text, span: text.span, actions: found.unwrap_or_default(), is_known }
        };
        Self {
            node,
            effect,
            sid: node.get("Sid").and_then(Text::of),
            principal,
            actions: actions.map(texts).unwrap_or_default().into_iter().map(item).collect(),
            not_action,
            resources: resources.map(texts).unwrap_or_default(),
            not_resource,
            resource_span: resources.map(|node| node.span),
            conditions: node.get("Condition").map(conditions).unwrap_or_default(),
            condition: node.get("Condition"),
            span: node.span,
            lacks_resource: node.get("Resource").is_none() && node.get("NotResource").is_none(),
        }
    }

    /// Whether it surely is about an action: by its name, or by a pattern.
    pub(crate) fn names(&self, action: &str) -> bool {
        !self.not_action && self.actions.iter().any(|item| item.text.eq_ignore_ascii_case(action))
    }

    /// The list of Action or NotAction, Resource or NotResource: whichever is there.
    pub(crate) fn list(&self, name: &str, not: &str) -> Option<&'a Node> {
        self.node.get(name).or_else(|| self.node.get(not))
    }

    /// Whether it surely is an Allow.
    pub(crate) fn allows(&self) -> bool {
        self.effect == Some(Effect::Allow)
    }

    /// Whether it surely is a Deny.
    pub(crate) fn denies(&self) -> bool {
        self.effect == Some(Effect::Deny)
    }

    /// Its conditions on one of some keys, whose names are given in lower case and without what stands behind a slash.
    pub(crate) fn on<'s>(&'s self, heads: &'s [&'s str]) -> impl Iterator<Item = &'s Condition<'a>> {
        self.conditions.iter().filter(move |condition| heads.contains(&condition.head().as_str()))
    }

    /// Whether it is about an action.
    pub(crate) fn reaches(&self, action: &str) -> bool {
        let listed =
            self.actions.iter().any(|item| item.actions.iter().any(|known| known.name().eq_ignore_ascii_case(action)));
        listed != self.not_action
    }

    /// Whether one of its conditions asks that a key be there.
    pub(crate) fn requires(&self, name: &str) -> bool {
        self.conditions.iter().any(|condition| condition.name.eq_ignore_ascii_case(name) && !condition.holds_without())
    }
}

impl<'a> Condition<'a> {
    /// Whether it holds for a request without the key.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    pub(crate) fn holds_without(&self) -> bool {
        match (self.operator.base.test, self.operator.set) {
            (Test::Null, _) => self.values.iter().any(|value| value.text.eq_ignore_ascii_case("true")),
            _ if self.operator.if_exists => true,
            (_, Some(set)) => set == Set::All,
            (_, None) => self.operator.base.negated,
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        self.operator.base.test == Test::Null
    }

    /// Whether its key has one value at most.
    pub(crate) fn is_single(&self) -> bool {
        self.key.is_some_and(|key| !key.is_multivalued())
    }

    /// `aws:RequestTag` of `aws:RequestTag/Status`, in lower case.
    pub(crate) fn head(&self) -> String {
        self.name.split('/').next().unwrap_or_default().to_ascii_lowercase()
    }

    /// Whether it asks for a value: neither Null nor a negated operator.
    pub(crate) fn is_positive(&self) -> bool {
        !self.is_null() && !self.operator.base.negated
    }

    /// Whether it is about tags, or their keys.
    pub(crate) fn is_about_tags(&self) -> bool {
        let head = self.head();
        head.ends_with("tag") || head.ends_with("tagkeys")
    }

    /// Whether it is about the tags that a call passes.
    pub(crate) fn is_about_passed_tags(&self) -> bool {
        matches!(self.head().as_str(), "aws:requesttag" | "aws:tagkeys")
    }

    /// Key and values.
    pub(crate) fn span(&self) -> Span {
        self.name_span.to(self.values_span)
    }
}

impl<'a> Text<'a> {
    fn of(node: &'a Node) -> Option<Self> {
        node.text().map(|text| Self { text, span: node.span })
    }

    pub(crate) fn is_unknown(&self) -> bool {
        self.text.contains(UNKNOWN)
    }
}

/// What patterns of actions stand for, each looked up once.
#[derive(Default)]
struct Expansions<'a> {
    known: HashMap<&'a str, Rc<[Action]>>,
    /// How many patterns have been held against the actions of all services.
    wide: usize,
}

impl<'a> Expansions<'a> {
    /// No policy that somebody uses has as many patterns for services; looking them up takes long.
    const MOST_WIDE: usize = 50;

    fn of(&mut self, text: &'a str) -> Option<Rc<[Action]>> {
        if let Some(found) = self.known.get(text) {
            return Some(Rc::clone(found));
        }
        let prefix = text.split(':').next().unwrap_or_default();
        if prefix.contains(['*', '?']) {
            self.wide += 1;
        }
        if text.contains(UNKNOWN) || self.wide > Self::MOST_WIDE {
            return None;
        }
        let found: Rc<[Action]> = match text.contains(['*', '?']) {
            true => catalog::expand(text).collect(),
            false => catalog::action(text).into_iter().collect(),
        };
        Some(Rc::clone(self.known.entry(text).or_insert(found)))
    }
}

fn texts(node: &Node) -> Vec<Text<'_>> {
    match &node.value {
        Value::List(items) => items.iter().filter_map(Text::of).collect(),
        _ => Text::of(node).into_iter().collect(),
    }
}

fn principals(node: &Node) -> Vec<(&str, Text<'_>)> {
    match &node.value {
        Value::Map(entries) => {
            entries.iter().flat_map(|entry| texts(&entry.value).into_iter().map(|text| (&*entry.key, text))).collect()
        }
        _ => Text::of(node).into_iter().map(|text| ("AWS", text)).collect(),
    }
}

fn conditions(node: &Node) -> Vec<Condition<'_>> {
    node.entries().iter().flat_map(under_operator).collect()
}

fn under_operator(entry: &Entry) -> Vec<Condition<'_>> {
    let Some(operator) = Operator::parse(&entry.key) else { return Vec::new() };
    let keys = entry.value.entries().iter();
    keys.map(|key| Condition {
        operator,
        operator_span: entry.key_span,
        name: &key.key,
        name_span: key.key_span,
        key: catalog::key(&key.key),
        values: texts(&key.value),
        values_span: key.value.span,
    })
    .collect()
}
