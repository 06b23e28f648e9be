//! Policies: as text, or as the data source `aws_iam_policy_document` will write them.
//!
//! registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document

use source::{Entry, Node, Span, Value};

use super::configuration::Target;
use super::estate::{Found, Instance, has_true};
use super::reader::Reader;
use super::tree::{entry, list, map};
use super::written;
use crate::shape::text_node;

/// How far policies are followed from one to the other.
const FARTHEST: usize = 5;

/// What is there of a policy.
pub(super) enum Document {
    Read(Node),
    None,
    /// Why it cannot be read, to follow "its `policy` ".
    Unreadable(String),
}

const UNKNOWN: &str = "is known only after apply";

impl<'a> Reader<'a, '_> {
    /// The policy in an attribute.
    pub(super) fn document(&mut self, instance: &Instance<'a>, attribute: &str) -> Document {
        self.document_at(instance, attribute, 0)
    }

    fn document_at(&mut self, instance: &Instance<'a>, attribute: &str, depth: usize) -> Document {
        match instance.get(attribute) {
            Found::Absent => Document::None,
            Found::Known(node) => self.written(instance, attribute, node),
            Found::Unknown => match instance.expression(attribute) {
                Some(expression) => self.referred(instance, expression, depth),
                None => Document::Unreadable(UNKNOWN.to_owned()),
            },
        }
    }

    /// A policy as text.
    pub(super) fn written(&mut self, instance: &Instance<'a>, attribute: &str, node: &Node) -> Document {
        let Some(text) = node.text() else { return Document::Unreadable(format!("is {}, not text", node.kind())) };
        if text.trim().is_empty() || text.trim() == "{}" {
            return Document::None;
        }
        let is_sensitive = instance.is_sensitive(attribute);
        let (read, findings) = written::read(text, node.span);
        let wrong = findings.iter().find(|finding| finding.is_error()).map(|finding| match is_sensitive {
            // What is marked is shown nowhere.
            true => "is not JSON".to_owned(),
            false => format!("is not JSON: {}", finding.message),
        });
        self.findings.extend(findings.into_iter().filter(|finding| !finding.is_error() && !is_sensitive));
        match (wrong, read) {
            (None, Some(mut document)) if matches!(document.value, Value::Map(_)) => {
                if is_sensitive {
                    written::placed(&mut document, &|_| instance.span);
                }
                self.revisions_as_here(&mut document);
                Document::Read(document)
            }
            (Some(wrong), _) => Document::Unreadable(wrong),
            _ => Document::Unreadable("is JSON, and not a policy".to_owned()),
        }
    }

    /// The policy that an expression names.
    pub(super) fn referred(&mut self, instance: &Instance<'a>, expression: &'a Node, depth: usize) -> Document {
        let estate = self.estate;
        let Some(Target { instance: from, attribute }) = estate.target(instance, expression) else {
            return Document::Unreadable(UNKNOWN.to_owned());
        };
        if depth == FARTHEST {
            return Document::Unreadable(UNKNOWN.to_owned());
        }
        let is_document = from.is_data && from.resource_type == "aws_iam_policy_document";
        match attribute {
            None | Some("json" | "minified_json") if is_document => {
                if from.known("json").is_some() {
                    return self.document_at(from, "json", depth + 1);
                }
                match self.rendered(from, depth + 1) {
                    Ok(document) => Document::Read(document),
                    Err(why) => Document::Unreadable(format!("{UNKNOWN}: in `{}` {why}", from.shown())),
                }
            }
            Some(attribute) => match self.document_at(from, attribute, depth + 1) {
                Document::None => Document::Unreadable(UNKNOWN.to_owned()),
                found => found,
            },
            None => Document::Unreadable(UNKNOWN.to_owned()),
        }
    }

    /// A document that will be written at apply, from its statements.
    fn rendered(&mut self, data: &Instance<'a>, depth: usize) -> Result<Node, String> {
        let mut merged = Merged { version: "2012-10-17".to_owned(), id: None, statements: Vec::new() };
        for attribute in ["source_json", "source_policy_documents"] {
            self.documents(data, attribute, depth)?.iter().for_each(|document| merged.add(document));
        }
        if let Some(version) = data.text("version") {
            merged.version = version.to_owned();
        }
        merged.id = data.known("policy_id").cloned().or(merged.id);
        if matches!(data.get("statement"), Found::Unknown) {
            return Err("`statement` is unknown".to_owned());
        }
        let statements = data.known("statement").map(Node::items).unwrap_or_default();
        let unknown = data.unknown("statement").map(Node::items).unwrap_or_default();
        if unknown.len() > statements.len() && unknown.iter().any(has_true) {
            return Err("`statement` is not all known".to_owned());
        }
        for (at, statement) in statements.iter().enumerate() {
            let unknown = unknown.get(at);
            let expression = data.expression("statement").and_then(|blocks| match blocks.items().len() {
                // With `dynamic` blocks they are not told one by one.
                count if count == statements.len() => blocks.items().get(at),
                _ => None,
            });
            let parts = Parts { statement, unknown, expression };
            merged.statement(self.statement(data, &parts).map_err(|why| format!("statement {}: {why}", at + 1))?);
        }
        for attribute in ["override_policy_documents", "override_json"] {
            self.documents(data, attribute, depth)?.iter().for_each(|document| merged.add(document));
        }
        let mut document = merged.document(data.span);
        if data.is_sensitive("statement") {
            written::placed(&mut document, &|_| data.span);
        }
        Ok(document)
    }

    /// The documents in a text or in a list of texts.
    fn documents(&mut self, data: &Instance<'a>, attribute: &str, depth: usize) -> Result<Vec<Node>, String> {
        let why = |why: String| format!("`{attribute}` {why}");
        let unknown = data.unknown(attribute).is_some_and(has_true);
        if unknown {
            // Of several, the order and what is known of each would have to be told apart.
            let expression = data.expression(attribute).ok_or_else(|| why(UNKNOWN.to_owned()))?;
            return match self.referred(data, expression, depth) {
                Document::Read(document) => Ok(vec![document]),
                Document::None => Ok(Vec::new()),
                Document::Unreadable(reason) => Err(why(reason)),
            };
        }
        let Some(node) = data.known(attribute) else { return Ok(Vec::new()) };
        let texts = if let Value::List(items) = &node.value { &items[..] } else { std::slice::from_ref(node) };
        let mut all = Vec::new();
        for text in texts.iter().filter(|text| text.value != Value::Null) {
            match self.written(data, attribute, text) {
                Document::Read(document) => all.push(document),
                Document::None => {}
                Document::Unreadable(reason) => return Err(why(reason)),
            }
        }
        Ok(all)
    }

    fn statement(&self, data: &Instance<'a>, parts: &Parts<'a>) -> Result<Node, String> {
        let span = parts.statement.span;
        let mut entries = Vec::new();
        let given = |key: &str| parts.statement.get(key).filter(|node| node.value != Value::Null);
        for (attribute, element) in [("sid", "Sid"), ("effect", "Effect")] {
            parts.must_be_known(attribute)?;
            let text = given(attribute).filter(|node| node.text() != Some(""));
            match (text, element) {
                (Some(text), _) => entries.push(entry(element, text.clone())),
                (None, "Effect") => entries.push(entry(element, text_node("Allow", span))),
                _ => {}
            }
        }
        for (attribute, element) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
            let blocks = given(attribute).map(Node::items).unwrap_or_default();
            let principals = self.principals(data, parts, attribute, blocks)?;
            entries.extend(principals.map(|principals| entry(element, principals)));
        }
        let lists = [
            ("actions", "Action", false),
            ("not_actions", "NotAction", false),
            ("resources", "Resource", true),
            ("not_resources", "NotResource", true),
        ];
        for (attribute, element, has_variables) in lists {
            parts.must_be_known(attribute)?;
            let items = given(attribute).map(Node::items).unwrap_or_default();
            let values: Vec<_> =
                items.iter().map(|item| if has_variables { replaced(item) } else { item.clone() }).collect();
            entries.extend((!values.is_empty()).then(|| entry(element, alone(values, span))));
        }
        parts.must_be_known("condition")?;
        let conditions = given("condition").map(Node::items).unwrap_or_default();
        entries.extend((!conditions.is_empty()).then(|| entry("Condition", condition(conditions, span))));
        Ok(map(entries, span))
    }

    fn principals(
        &self,
        data: &Instance<'a>,
        parts: &Parts<'a>,
        attribute: &str,
        blocks: &'a [Node],
    ) -> Result<Option<Node>, String> {
        let flags = parts.unknown.and_then(|unknown| unknown.get(attribute));
        if flags.is_some_and(|flags| {
            flags.value == Value::Bool(true) || has_true(flags) && flags.items().len() != blocks.len()
        }) {
            return Err(format!("`{attribute}` {UNKNOWN}"));
        }
        let mut all: Vec<Entry> = Vec::new();
        let mut only_star = blocks.len() == 1;
        for (at, block) in blocks.iter().enumerate() {
            let kind = block.get("type").and_then(Node::text).ok_or_else(|| format!("`{attribute}` {UNKNOWN}"))?;
            let unknown = flags.and_then(|flags| flags.items().get(at)?.get("identifiers"));
            let written = block.get("identifiers").map(Node::items).unwrap_or_default();
            let known = written.iter().filter(|item| item.value != Value::Null);
            let mut identifiers: Vec<_> = known.map(replaced).collect();
            if unknown.is_some_and(has_true) {
                let found = self.unknown_identifiers(data, parts, attribute, kind, unknown);
                identifiers.extend(found.ok_or_else(|| format!("`{attribute}` {UNKNOWN}"))?);
            }
            only_star &= kind == "*" && matches!(&identifiers[..], [one] if one.text() == Some("*"));
            match all.iter_mut().find(|one| one.key == kind) {
                Some(Entry { value: Node { value: Value::List(items), .. }, .. }) => items.extend(identifiers),
                _ => all.push(entry(kind, list(identifiers, block.span))),
            }
        }
        let span = parts.statement.span;
        if only_star {
            return Ok(Some(text_node("*", span)));
        }
        for one in &mut all {
            let items = one.value.items().to_vec();
            one.value = alone(items, one.value.span);
        }
        Ok((!all.is_empty()).then(|| map(all, span)))
    }

    /// Principals that are known only after apply. They are a set, and nothing is ever put behind the ARN of one: as many as are
    /// unknown are those that the expression names.
    fn unknown_identifiers(
        &self,
        data: &Instance<'a>,
        parts: &Parts<'a>,
        attribute: &str,
        kind: &str,
        unknown: Option<&Node>,
    ) -> Option<Vec<Node>> {
        let blocks = parts.expression?.get(attribute)?.items().iter();
        let is_kind = |block: &&Node| {
            block.get("type").and_then(|one| one.get("constant_value")).and_then(Node::text) == Some(kind)
        };
        let expressions: Vec<_> = blocks.filter(is_kind).filter_map(|block| block.get("identifiers")).collect();
        let [expression] = expressions[..] else { return None };
        let targets = self.estate.targets(data, expression)?;
        let flags = unknown.map(Node::items).unwrap_or_default();
        // A list that is unknown as a whole has as many as anybody likes; that of one expression has one.
        let count = match flags.len() {
            0 => 1,
            _ => flags.iter().filter(|flag| has_true(flag)).count(),
        };
        let names_arns = targets.iter().all(|target| matches!(target.attribute, None | Some("arn")));
        if targets.len() != count || !names_arns {
            return None;
        }
        targets.iter().map(|target| target.value("arn", parts.statement.span)).collect()
    }
}

/// A statement, what is unknown of it, and the expressions that it comes from.
struct Parts<'a> {
    statement: &'a Node,
    unknown: Option<&'a Node>,
    expression: Option<&'a Node>,
}

impl Parts<'_> {
    fn must_be_known(&self, attribute: &str) -> Result<(), String> {
        match self.unknown.and_then(|unknown| unknown.get(attribute)).is_some_and(has_true) {
            true => Err(format!("`{attribute}` {UNKNOWN}")),
            false => Ok(()),
        }
    }
}

/// Documents put into one.
struct Merged {
    version: String,
    id: Option<Node>,
    statements: Vec<Node>,
}

impl Merged {
    fn add(&mut self, document: &Node) {
        if let Some(version) = document.get("Version").and_then(Node::text)
            && *version > *self.version
        {
            version.clone_into(&mut self.version);
        }
        self.id = document.get("Id").cloned().or(self.id.take());
        let Some(statements) = document.get("Statement") else { return };
        let all =
            if let Value::List(items) = &statements.value { &items[..] } else { std::slice::from_ref(statements) };
        all.iter().for_each(|statement| self.statement(statement.clone()));
    }

    /// One that has the Sid of another takes its place.
    fn statement(&mut self, new: Node) {
        let sid = |statement: &Node| {
            statement.get("Sid").and_then(Node::text).filter(|sid| !sid.is_empty()).map(str::to_owned)
        };
        let same = sid(&new).and_then(|new| self.statements.iter().position(|old| sid(old).as_ref() == Some(&new)));
        match same {
            Some(at) => self.statements[at] = new,
            None => self.statements.push(new),
        }
    }

    fn document(self, span: Span) -> Node {
        let mut entries = vec![entry("Version", text_node(self.version, span))];
        entries.extend(self.id.map(|id| entry("Id", id)));
        entries.push(entry("Statement", list(self.statements, span)));
        map(entries, span)
    }
}

/// `&{aws:username}` stands for `${aws:username}`, which Terraform would take for its own.
fn replaced(node: &Node) -> Node {
    match node.text() {
        Some(text) => text_node(text.replace("&{", "${"), node.span),
        None => node.clone(),
    }
}

/// One value alone, several as a list.
fn alone(mut values: Vec<Node>, span: Span) -> Node {
    match (values.pop(), values.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            values.extend(last);
            list(values, span)
        }
    }
}

/// Values of one test and one variable stand together.
fn condition(blocks: &[Node], span: Span) -> Node {
    let mut tests = Vec::new();
    for block in blocks {
        let text = |key: &str| block.get(key).and_then(Node::text).unwrap_or_default();
        let values = block.get("values").map(Node::items).unwrap_or_default().iter().map(replaced);
        let Value::Map(variables) = &mut member(&mut tests, text("test"), map(Vec::new(), span)).value else {
            continue;
        };
        let all = member(variables, text("variable"), list(Vec::new(), span));
        if let Value::List(all) = &mut all.value {
            all.extend(values);
        }
    }
    for test in &mut tests {
        let Value::Map(variables) = &mut test.value.value else { continue };
        for variable in variables {
            variable.value = alone(variable.value.items().to_vec(), span);
        }
    }
    map(tests, span)
}

/// The value under a key, which is put there if there is none.
fn member<'e>(entries: &'e mut Vec<Entry>, key: &str, new: Node) -> &'e mut Node {
    let at = entries.iter().position(|known| known.key == key).unwrap_or_else(|| {
        entries.push(entry(key, new));
        entries.len() - 1
    });
    &mut entries[at].value
}
