//! `options`: the ways to write the policy.

use policy::{Document, Kind};
use source::{Entry, Finding, Node, Value as Tree};

use super::fields::Reader;
use super::{broker, given};
use crate::scenario::{Given, UnderTest, Variant};

const OPTION: &[&str] = &["condition", "patch", "under-test", "given", "launcher", "broker"];

/// What the scenario says for all its options.
pub(super) struct Common<'n> {
    pub(super) under_test: Option<UnderTest>,
    pub(super) given: Option<&'n Node>,
}

/// Reads the options.
pub(super) fn read(reader: &mut Reader, node: &Node, common: &Common<'_>) -> Vec<Variant> {
    reader.map(node, "`options`").iter().map(|entry| variant(reader, entry, common)).collect()
}

fn variant(reader: &mut Reader, Entry { key, value, .. }: &Entry, common: &Common<'_>) -> Variant {
    let what = format!("option `{key}`");
    let fields = reader.fields(value, &what, OPTION);
    let own = fields.get("under-test").and_then(|node| under_test(reader, node));
    let mut changes = Vec::new();
    changes.extend(own.as_ref().map(|own| format!("under test: {}", own.text)));
    let under_test = own.or_else(|| common.under_test.clone());
    let condition = fields.get("condition").filter(|node| condition(reader, node, under_test.is_some()));
    let patch = fields.get("patch").filter(|node| {
        changes.extend(patch(reader, node));
        matches!(node.value, Tree::List(_))
    });
    let launcher = fields.get("launcher").and_then(|node| {
        let fields = reader.fields(node, "`launcher`", &["user"]);
        let user = reader.required(&fields, "user", "`launcher`")?;
        reader.name(user, "`user`")
    });
    changes.extend(launcher.as_ref().map(|user| format!("tasks are started by user {user}")));
    let broker = fields.get("broker").and_then(|node| broker::read(reader, node));
    changes.extend(broker.as_ref().map(ToString::to_string));
    Variant {
        name: key.clone(),
        under_test,
        condition: condition.cloned(),
        patch: patch.cloned(),
        given: given_of(reader, fields.get("given"), common.given, &mut changes),
        launcher,
        broker,
        changes,
    }
}

/// `LogicalId/Policy/Statement`, or `LogicalId/Statement` for a resource that is itself a policy.
pub(super) fn under_test(reader: &mut Reader, node: &Node) -> Option<UnderTest> {
    let text = reader.text(node, "`under-test`")?;
    let parts = text.split('/').count();
    if !(2..=3).contains(&parts) || text.split('/').any(str::is_empty) {
        let message = format!("`{text}` does not name a statement");
        reader.say(
            Finding::error("BAD_UNDER_TEST", node.span, message)
                .help("write `LogicalId/PolicyName/SidOrIndex`; indexes count from 1"),
        );
        return None;
    }
    Some(UnderTest { text, span: node.span })
}

/// A Condition is read as part of a statement: operators, keys and values as AWS takes them.
fn condition(reader: &mut Reader, node: &Node, has_statement: bool) -> bool {
    if !has_statement {
        let message = "`condition` needs a statement to stand in";
        reader.say(
            Finding::error("NO_UNDER_TEST", node.span, message)
                .help("name it: `under-test: LogicalId/PolicyName/SidOrIndex`"),
        );
    }
    if reader.map(node, "`condition`").is_empty() {
        return matches!(node.value, Tree::Map(_));
    }
    let text = |text: &str| Node::new(Tree::String(text.to_owned()), node.span);
    let entry = |key: &str, value| Entry { key: key.to_owned(), key_span: node.span, value };
    let statement = vec![
        entry("Effect", text("Allow")),
        entry("Action", text("*")),
        entry("Resource", text("*")),
        entry("Condition", node.clone()),
    ];
    let document =
        vec![entry("Version", text("2012-10-17")), entry("Statement", Node::new(Tree::Map(statement), node.span))];
    let (_, findings) = Document::read(&Node::new(Tree::Map(document), node.span), Kind::Identity);
    // What is not an error is said of the whole policy once the condition stands in it.
    reader.findings.extend(findings.into_iter().filter(Finding::is_error));
    true
}

/// A JSON Patch is applied, and its faults found, when the template is at hand; here only what it touches is noted.
pub(super) fn patch(reader: &mut Reader, node: &Node) -> Vec<String> {
    let line = |operation: &Node| {
        let member = |key| operation.get(key).and_then(Node::text).unwrap_or("?");
        format!("patch: {} {}", member("op"), member("path"))
    };
    reader.list(node, "`patch`").iter().map(line).collect()
}

fn given_of(reader: &mut Reader, own: Option<&Node>, base: Option<&Node>, changes: &mut Vec<String>) -> Given {
    let Some(own) = own else {
        // The scenario's own `given` has been read, and its faults said, before any option.
        return base.map(|base| given::read(&mut Reader::default(), base)).unwrap_or_default();
    };
    for path in leaves(own, 3) {
        changes.push(format!("given: {path}"));
    }
    let Some(base) = base else { return given::read(reader, own) };
    let seen = reader.findings.clone();
    let mut merged = Reader::default();
    let given = given::read(&mut merged, &given::merge(base, own));
    reader.findings.extend(merged.findings.into_iter().filter(|finding| !seen.contains(finding)));
    given
}

/// `buckets.esolang-worker.abac = true`: what an option's `given` sets, a few levels down.
fn leaves(node: &Node, depth: usize) -> Vec<String> {
    let mut found = Vec::new();
    for Entry { key, value, .. } in node.entries() {
        match value.text() {
            Some(text) => found.push(format!("{key} = {text}")),
            None if depth == 0 || value.entries().is_empty() => found.push(key.clone()),
            None => found.extend(leaves(value, depth - 1).into_iter().map(|rest| format!("{key}.{rest}"))),
        }
    }
    found
}
