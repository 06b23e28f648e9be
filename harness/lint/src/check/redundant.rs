//! What stands twice, or is covered by something beside it.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html, Redundant …

use std::collections::{HashMap, HashSet};

use policy::plain;
use policy::wildcard::covers;
use source::{Node, Span, Value};

use crate::code::{self, Code};
use crate::edits;
use crate::glob::{UNKNOWN, literal};
use crate::sink::Sink;
use crate::written::{Statement, Text, Written};

/// Comparisons that one list is worth; AWS's own lists need fewer.
const MOST: usize = 500_000;

pub(super) fn check(policy: &Written<'_>, sink: &mut Sink) {
    for statement in &policy.statements {
        // What does not exist is reported as such.
        let exist = statement.actions.iter().filter(|item| !item.is_known || !item.actions.is_empty());
        let actions = exist.map(|item| Text { text: item.text, span: item.span }).collect();
        let actions = List { what: "action", code: &code::REDUNDANT_ACTION, items: actions };
        actions.check(statement.list("Action", "NotAction"), sink);
        let resources = List { what: "resource", code: &code::REDUNDANT_RESOURCE, items: statement.resources.clone() };
        resources.check(statement.list("Resource", "NotResource"), sink);
    }
    statements(policy, sink);
}

struct List<'a> {
    what: &'static str,
    code: &'static Code,
    items: Vec<Text<'a>>,
}

impl List<'_> {
    fn check(&self, node: Option<&Node>, sink: &mut Sink) {
        let found = self.redundant();
        let gone: Vec<_> = found.iter().map(|(at, _)| self.items[*at].span).collect();
        let edit = edits::removals(node, &gone);
        for (at, by) in found {
            let (item, by) = (&self.items[at], &self.items[by]);
            let message = match item.text == by.text {
                true => format!("the {} `{}` stands twice", self.what, plain(item.text)),
                false => format!("the {} `{}` is covered by `{}`", self.what, plain(item.text), plain(by.text)),
            };
            sink.add(self.code, item.span, message).help("leave it out").edit(edit(item.span));
        }
    }

    /// Each item that another one covers, with that other one. Of two that are the same, the first stays.
    fn redundant(&self) -> Vec<(usize, usize)> {
        let texts: Vec<_> = self.items.iter().map(|item| self.comparable(item.text)).collect();
        // Those with a wildcard, and what each begins with: nearly all pairs differ there.
        let heads = texts.iter().map(|text| &text.as_bytes()[..literal(text)]);
        let wide: Vec<_> = heads.enumerate().filter(|(at, head)| head.len() < texts[*at].len()).collect();
        if wide.len() * texts.len() > MOST {
            return Vec::new();
        }
        let mut first: HashMap<&str, usize> = HashMap::new();
        let mut found = Vec::new();
        for (at, text) in texts.iter().enumerate().filter(|(_, text)| !text.contains(UNKNOWN)) {
            let same = *first.entry(text).or_insert(at);
            let mut wider = wide.iter().filter(|(_, head)| text.as_bytes().starts_with(head)).map(|(by, _)| *by);
            let by = if same == at { wider.find(|by| self.covers(&texts[*by], text)) } else { Some(same) };
            found.extend(by.map(|by| (at, by)));
        }
        found
    }

    /// Letter case of an action does not count.
    fn comparable(&self, text: &str) -> String {
        if self.what == "action" { text.to_ascii_lowercase() } else { text.to_owned() }
    }

    /// Of ARNs part by part, so that a star is not taken for more than it may stand for.
    fn covers(&self, outer: &str, inner: &str) -> bool {
        // A variable of the outer one is unknown, its braces are not.
        if outer == inner || outer.contains([UNKNOWN, '$']) {
            return false;
        }
        if outer.bytes().all(|byte| byte == b'*') {
            return true;
        }
        let parts = if self.what == "action" { 2 } else { 6 };
        let (mut outer, mut inner) = (outer.splitn(parts, ':'), inner.splitn(parts, ':'));
        loop {
            match (outer.next(), inner.next()) {
                (Some(outer), Some(inner)) if covers(outer, inner) => {}
                (None, None) => return true,
                _ => return false,
            }
        }
    }
}

/// Statements that say the same, whatever their Sids.
fn statements(policy: &Written<'_>, sink: &mut Sink) {
    let mut seen = HashSet::new();
    let twice: Vec<_> = policy.statements.iter().filter(|statement| is_twice(statement, &mut seen)).collect();
    let gone: Vec<Span> = twice.iter().map(|statement| statement.node.span).collect();
    let edit = edits::removals(policy.node.get("Statement"), &gone);
    for statement in twice {
        let message = "another statement says the same";
        let (node, help) = (statement.node, "leave one of them out");
        let span = node.entries().first().map_or(node.span, |entry| entry.key_span);
        sink.add(&code::REDUNDANT_STATEMENT, span, message).help(help).edit(edit(node.span));
    }
}

fn is_twice(statement: &Statement<'_>, seen: &mut HashSet<String>) -> bool {
    let mut written = String::new();
    write(statement.node, true, &mut written);
    !written.contains(UNKNOWN) && !seen.insert(written)
}

/// A node so that two that mean the same are written the same.
fn write(node: &Node, is_statement: bool, out: &mut String) {
    match &node.value {
        Value::Map(entries) => {
            let mut entries: Vec<_> = entries.iter().filter(|entry| !is_statement || entry.key != "Sid").collect();
            entries.sort_by(|a, b| a.key.cmp(&b.key));
            out.push('{');
            for entry in entries {
                out.push_str(&format!("{:?}:", entry.key));
                write(&entry.value, false, out);
            }
            out.push('}');
        }
        Value::List(items) if items.len() == 1 => items.iter().for_each(|item| write(item, false, out)),
        Value::List(items) => {
            out.push('[');
            items.iter().for_each(|item| write(item, false, out));
            out.push(']');
        }
        _ => out.push_str(&format!("{:?},", node.text())),
    }
}
