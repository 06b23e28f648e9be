//! Reads one mapping of properties, and sees that none of it is lost.

use source::{Entry, FileId, Finding, Node, Span, Value};

use super::fit::fit;
use super::{Given, Tag};
use crate::resolve::{MadeUp, NotApplied};
use crate::shape::{Text, must_be, place, shown, text};
use crate::template::Declared;

/// What reading one resource has, and what comes out of it beside the properties.
pub(super) struct Context<'a> {
    pub(super) declared: &'a Declared,
    /// The resource's own name, given or made up.
    pub(super) name: Text,
    pub(super) given: Given<'a>,
    pub(super) findings: Vec<Finding>,
    pub(super) not_applied: &'a mut Vec<NotApplied>,
    /// Properties of the resource that are kept and not applied.
    pub(super) other: Vec<Entry>,
    /// Principals in its policies that only AWS knows.
    pub(super) made_up: Vec<MadeUp>,
}

/// The properties of a resource or of a part of it.
///
/// A property that is null is one whose value could not be made: the reason is recorded, and it counts as being there.
pub(super) struct Fields<'n> {
    node: &'n Node,
    /// Where in the properties: empty, or `VersioningConfiguration.`
    path: String,
    taken: Vec<&'static str>,
}

impl<'n> Fields<'n> {
    pub(super) const fn new(node: &'n Node, path: String) -> Self {
        Self { node, path, taken: Vec::new() }
    }

    pub(super) fn get(&mut self, name: &'static str) -> Option<&'n Node> {
        self.taken.push(name);
        self.node.get(name)
    }

    /// `Type.Path.Name` in backticks, for messages.
    fn what(&self, name: &str) -> String {
        format!("`{}{name}`", self.path)
    }

    /// A property's node; a finding if it is not there.
    pub(super) fn need(&mut self, context: &mut Context<'_>, name: &'static str) -> Option<&'n Node> {
        let found = self.get(name);
        if found.is_none() {
            let Declared { logical_id, resource_type, .. } = context.declared;
            let message = format!(
                "`{}` ({}) needs the property {}",
                shown(&logical_id.value),
                resource_type.value,
                self.what(name)
            );
            let span = if self.path.is_empty() { logical_id.span } else { self.node.span };
            context.findings.push(Finding::error("MISSING_PROPERTY", span, message));
        }
        found
    }

    pub(super) fn text(&mut self, context: &mut Context<'_>, name: &'static str) -> Option<Text> {
        let node = self.get(name)?;
        text(node, &self.what(name), &mut context.findings)
    }

    pub(super) fn need_text(&mut self, context: &mut Context<'_>, name: &'static str) -> Option<Text> {
        let node = self.need(context, name)?;
        text(node, &self.what(name), &mut context.findings)
    }

    /// A text that is one of a few.
    pub(super) fn choice(
        &mut self,
        context: &mut Context<'_>,
        name: &'static str,
        known: &[&'static str],
    ) -> Option<Text> {
        let found = self.text(context, name)?;
        if known.contains(&&*found.value) {
            return Some(found);
        }
        let list = known.iter().map(|known| format!("`{known}`")).collect::<Vec<_>>().join(", ");
        let message = format!("{} cannot be `{}`: it is one of {list}", self.what(name), shown(&found.value));
        let finding = Finding::error("WRONG_VALUE", found.span, message);
        context.findings.push(finding.suggest(&found.value, known.iter().copied()));
        None
    }

    /// A whole number between bounds.
    pub(super) fn integer(
        &mut self,
        context: &mut Context<'_>,
        name: &'static str,
        bounds: std::ops::RangeInclusive<i64>,
    ) -> Option<i64> {
        let found = self.text(context, name)?;
        match found.value.parse::<i64>() {
            Ok(number) if bounds.contains(&number) => Some(number),
            _ => {
                let (least, most) = bounds.into_inner();
                let written = shown(&found.value);
                let message =
                    format!("{} cannot be `{written}`: it is a whole number from {least} to {most}", self.what(name));
                context.findings.push(Finding::error("WRONG_VALUE", found.span, message));
                None
            }
        }
    }

    pub(super) fn boolean(&mut self, context: &mut Context<'_>, name: &'static str) -> Option<bool> {
        let node = self.get(name)?;
        boolean(node, &self.what(name), &mut context.findings)
    }

    /// The items of a list; empty if it is not there.
    pub(super) fn items(&mut self, context: &mut Context<'_>, name: &'static str) -> &'n [Node] {
        let Some(node) = self.get(name) else { return &[] };
        // A list that only AWS knows is made up as one of its items.
        if node.text().is_some_and(|text| context.given.origin(text).is_some()) {
            return std::slice::from_ref(node);
        }
        if !matches!(node.value, Value::List(_) | Value::Null) {
            context.findings.push(must_be(&self.what(name), "a list", node));
        }
        node.items()
    }

    pub(super) fn texts(&mut self, context: &mut Context<'_>, name: &'static str) -> Vec<Text> {
        let what = format!("an item of {}", self.what(name));
        let items = self.items(context, name);
        items.iter().filter_map(|item| text(item, &what, &mut context.findings)).collect()
    }

    /// The mappings of a list.
    pub(super) fn parts(&mut self, context: &mut Context<'_>, name: &'static str) -> Vec<Fields<'n>> {
        let mut parts = Vec::new();
        for (at, item) in self.items(context, name).iter().enumerate() {
            let path = format!("{}{name}[{at}]", self.path);
            match item.value {
                Value::Map(_) => parts.push(Fields::new(item, format!("{path}."))),
                Value::Null => {}
                _ => context.findings.push(must_be(&format!("`{path}`"), "a mapping", item)),
            }
        }
        parts
    }

    /// A property that is a mapping.
    pub(super) fn part(&mut self, context: &mut Context<'_>, name: &'static str) -> Option<Fields<'n>> {
        let node = self.get(name)?;
        match node.value {
            Value::Map(_) => Some(Fields::new(node, format!("{}{name}.", self.path))),
            Value::Null => None,
            _ => {
                context.findings.push(must_be(&self.what(name), "a mapping", node));
                None
            }
        }
    }

    pub(super) fn tags(&mut self, context: &mut Context<'_>) -> Vec<Tag> {
        let mut tags = Vec::new();
        for mut part in self.parts(context, "Tags") {
            let (key, value) = (part.need_text(context, "Key"), part.need_text(context, "Value"));
            part.finish(context, &[]);
            if let (Some(key), Some(value)) = (key, value) {
                tags.push(Tag { key, value });
            }
        }
        tags
    }

    /// Tags that are a mapping of keys to values.
    pub(super) fn mapped_tags(&mut self, context: &mut Context<'_>) -> Vec<Tag> {
        let Some(part) = self.part(context, "Tags") else { return Vec::new() };
        let mut tags = Vec::new();
        for Entry { key, key_span, value } in part.node.entries() {
            if let Some(value) = text(value, &format!("the tag `{}`", shown(key)), &mut context.findings) {
                tags.push(Tag { key: Text::new(&**key, *key_span), value });
            }
        }
        tags
    }

    /// A policy document that need not be there.
    pub(super) fn optional_document(&mut self, context: &mut Context<'_>, name: &'static str) -> Option<Node> {
        self.node.get(name)?;
        self.document(context, name)
    }

    /// A policy document: a mapping, or its JSON as text.
    pub(super) fn document(&mut self, context: &mut Context<'_>, name: &'static str) -> Option<Node> {
        let node = self.need(context, name)?;
        let mut document = match &node.value {
            Value::Map(_) => node.clone(),
            Value::Null => return None,
            Value::String(text) => match from_json(text, node.span) {
                Ok(document) => document,
                Err(_) if context.given.origin(text).is_some() => {
                    return unknown_document(context, self.what(name), node.span);
                }
                Err(reason) => {
                    let message = format!("{} is text, and not JSON: {reason}", self.what(name));
                    context.findings.push(Finding::error("DOCUMENT_NOT_JSON", node.span, message));
                    return None;
                }
            },
            _ => {
                context.findings.push(must_be(&self.what(name), "a policy document", node));
                return None;
            }
        };
        context.made_up.extend(fit(&mut document, context.given));
        Some(document)
    }

    /// Tags in either form, where they can be read.
    pub(super) fn any_tags(&mut self, name: &'static str) -> Option<Vec<Tag>> {
        let Some(node) = self.get(name) else { return Some(Vec::new()) };
        let tag = |key: &str, key_span, value: &Node| {
            Some(Tag { key: Text::new(key, key_span), value: Text::new(value.text()?, value.span) })
        };
        match &node.value {
            Value::List(items) => {
                let of_item = |item: &Node| tag(item.get("Key")?.text()?, item.span, item.get("Value")?);
                items.iter().map(of_item).collect()
            }
            Value::Map(entries) => entries.iter().map(|entry| tag(&entry.key, entry.key_span, &entry.value)).collect(),
            _ => None,
        }
    }

    /// Accounts for every property that was not asked for: `known` ones are kept and named, others are suspicious.
    pub(super) fn finish(&self, context: &mut Context<'_>, known: &[&'static str]) {
        for entry in self.node.entries().iter().filter(|entry| !self.taken.contains(&&*entry.key)) {
            let near = || source::suggest(&entry.key, self.taken.iter().chain(known).copied());
            let known = known.contains(&&*entry.key);
            if let Some(near) = if known { None } else { near() } {
                let message = format!("{} has no property `{}`", self.owner(context), shown(&entry.key));
                let finding = Finding::error("UNKNOWN_PROPERTY", entry.key_span, message);
                context.findings.push(finding.help(format!("did you mean `{near}`?")));
                continue;
            }
            context.not_applied.push(NotApplied {
                logical_id: context.declared.logical_id.value.clone(),
                resource_type: context.declared.resource_type.value.clone(),
                property: Some(format!("{}{}", self.path, shown(&entry.key))),
                why: match known {
                    true => "this property is not modelled".to_owned(),
                    false => format!("{} has no such property that is known here", self.owner(context)),
                },
                lacks_policy: super::unread::holds_policy(&entry.value),
                span: entry.key_span,
            });
            if self.path.is_empty() {
                context.other.push(entry.clone());
            }
        }
    }

    fn owner(&self, context: &Context<'_>) -> String {
        match self.path.strip_suffix('.') {
            Some(path) => format!("`{path}` of {}", context.declared.resource_type.value),
            None => context.declared.resource_type.value.clone(),
        }
    }
}

/// A Boolean, or its text: CloudFormation takes `"true"` for `true`.
pub(super) fn boolean(node: &Node, what: &str, findings: &mut Vec<Finding>) -> Option<bool> {
    match node.text() {
        Some(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Some(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => {
            if node.value != Value::Null {
                findings.push(must_be(what, "`true` or `false`", node));
            }
            None
        }
    }
}

/// What stands for a policy that only AWS knows, which is told: of IAM's one that allows nothing; of others none.
fn unknown_document(context: &mut Context<'_>, what: String, span: Span) -> Option<Node> {
    let resource_type = context.declared.resource_type.value.clone();
    let allows_nothing = match &*what {
        "`AssumeRolePolicyDocument`" => r#"{"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}"#,
        _ => r#"{"Effect": "Allow", "NotAction": "*", "Resource": "*"}"#,
    };
    let document = format!(r#"{{"Version": "2012-10-17", "Statement": [{allows_nothing}]}}"#);
    let is_needed = resource_type.starts_with("AWS::IAM::");
    context.not_applied.push(NotApplied {
        logical_id: context.declared.logical_id.value.clone(),
        resource_type,
        property: Some(what.trim_matches('`').to_owned()),
        why: "only AWS knows this policy; it allows nothing here".to_owned(),
        lacks_policy: true,
        span,
    });
    from_json(&document, span).ok().filter(|_| is_needed)
}

/// The tree of a JSON text; all of it at the place of the text, since its parts stand nowhere.
fn from_json(text: &str, span: Span) -> Result<Node, String> {
    let (node, findings) = source::json::read(FileId::default(), text);
    if let Some(finding) = findings.iter().find(|finding| finding.is_error()) {
        return Err(finding.message.clone());
    }
    match node {
        Some(mut node) if matches!(node.value, Value::Map(_)) => {
            place(&mut node, span);
            Ok(node)
        }
        _ => Err("it is no mapping".to_owned()),
    }
}
