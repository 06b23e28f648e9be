//! Reading parts of a tree and saying what is wrong with them, all at once.

mod shape;

use policy::{Document, Kind};
use serde_json::Value;
use source::{Entry, Finding, Node, Span, Value as Tree};

use super::expect::{ALL, EVERY};
use crate::scenario::{Name, Tags};
pub(crate) use shape::scalar;

/// Collects findings while parts are read.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) findings: Vec<Finding>,
}

/// A mapping whose keys are all known.
pub(super) struct Fields<'n> {
    node: &'n Node,
    /// Known keys that are there, but misspelt.
    meant: Vec<&'static str>,
}

impl<'n> Fields<'n> {
    pub(super) fn get(&self, key: &str) -> Option<&'n Node> {
        self.node.get(key)
    }

    /// Whether a mapping has no such key, not even a misspelt one.
    pub(super) fn lacks(&self, key: &str) -> bool {
        matches!(self.node.value, Tree::Map(_)) && self.get(key).is_none() && !self.meant.contains(&key)
    }

    pub(super) fn span_of(&self, key: &str) -> Span {
        let entry = self.node.entries().iter().find(|entry| entry.key == key);
        entry.map_or(self.node.span, |entry| entry.key_span)
    }
}

impl Reader {
    pub(super) fn say(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    fn wrong_type(&mut self, node: &Node, what: &str, wanted: &str) {
        let message = format!("{what} must be {wanted}, not {}", node.kind());
        let mut finding = Finding::error("WRONG_TYPE", node.span, message);
        finding.help = shape::right(node, wanted).map(|shape| format!("write `{shape}`"));
        self.say(finding);
    }

    /// The entries of a mapping of names.
    pub(super) fn map<'n>(&mut self, node: &'n Node, what: &str) -> &'n [Entry] {
        match &node.value {
            Tree::Map(entries) => entries,
            _ => {
                self.wrong_type(node, what, "a mapping");
                &[]
            }
        }
    }

    /// The same, which somebody may have written as the text of one of its keys.
    pub(super) fn fields_or<'n>(
        &mut self,
        node: &'n Node,
        what: &str,
        known: &[&'static str],
        key: &str,
    ) -> Option<Fields<'n>> {
        let Some(text) = node.text().filter(|text| !text.is_empty()) else {
            return Some(self.fields(node, what, known));
        };
        let message = format!("{what} must be a mapping, not {}", node.kind());
        let help = format!("write `{{{key}: {}}}`", shape::scalar(text));
        self.say(Finding::error("WRONG_TYPE", node.span, message).help(help));
        None
    }

    /// A mapping of known keys; any other key is an error.
    pub(super) fn fields<'n>(&mut self, node: &'n Node, what: &str, known: &[&'static str]) -> Fields<'n> {
        let mut meant = Vec::new();
        for Entry { key, key_span, .. } in self.map(node, what) {
            if !known.contains(&key.as_str()) {
                let message = format!("{what} has no key `{key}`");
                meant.extend(nearest(key, known));
                let finding = near_key(Finding::error("UNKNOWN_KEY", *key_span, message), key, known.iter().copied());
                self.say(match finding.help {
                    Some(_) => finding,
                    None => finding.help(format!("it takes {}", list(known))),
                });
            }
        }
        Fields { node, meant }
    }

    /// A mapping whose other keys are looked at elsewhere.
    pub(super) fn open<'n>(&self, node: &'n Node) -> Fields<'n> {
        Fields { node, meant: Vec::new() }
    }

    /// One of a few words.
    pub(super) fn one_of<T: Copy>(&mut self, node: &Node, what: &str, words: &[(&'static str, T)]) -> Option<T> {
        let text = self.text(node, what)?;
        let found = words.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let message = format!("{what} must be one of {}, not `{text}`", list(&known));
            self.say(Finding::error("UNKNOWN_WORD", node.span, message).suggest(&text, known));
        }
        found.map(|(_, value)| *value)
    }

    /// A key that must be there. Of one that is misspelt it is told already.
    pub(super) fn required<'n>(&mut self, fields: &Fields<'n>, key: &str, what: &str) -> Option<&'n Node> {
        let found = fields.get(key);
        if fields.lacks(key) {
            self.say(Finding::error("MISSING_KEY", fields.node.span, format!("{what} needs the key `{key}`")));
        }
        found
    }

    /// Text with something in it.
    pub(super) fn text(&mut self, node: &Node, what: &str) -> Option<String> {
        let text = self.any_text(node, what)?;
        if text.is_empty() {
            self.say(Finding::error("EMPTY_TEXT", node.span, format!("{what} must not be empty")));
            return None;
        }
        Some(text)
    }

    /// Text, which may be empty.
    pub(super) fn any_text(&mut self, node: &Node, what: &str) -> Option<String> {
        if node.text().is_none() {
            self.wrong_type(node, what, "text");
        }
        node.text().map(str::to_owned)
    }

    /// A name of something in the account: its own, its logical id, or `!Ref` with a logical id.
    pub(super) fn name(&mut self, node: &Node, what: &str) -> Option<Name> {
        let text = match node.entries() {
            [Entry { key, value, .. }] if key == "Ref" => format!("!Ref {}", self.text(value, what)?),
            [Entry { key, .. }] if key.starts_with("Fn::") => {
                let message = format!("{what} must be a name or `!Ref LOGICAL_ID`, not `{key}`");
                self.say(Finding::error("WRONG_TYPE", node.span, message).help("write the logical id itself"));
                return None;
            }
            _ => self.text(node, what)?,
        };
        Some(Name { text, span: node.span })
    }

    /// A name that the scenario gives something of its own.
    pub(super) fn plain_name(&mut self, entry: &Entry) {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if [ALL, EVERY].contains(&entry.key.as_str()) {
            let message = format!("`{}` has a meaning under `expect` and cannot be a name", entry.key);
            self.say(Finding::error("RESERVED_NAME", entry.key_span, message).help("call it something else"));
        } else if !(1..=64).contains(&entry.key.len()) || !entry.key.chars().all(plain) {
            let message = format!("`{}` cannot be a name", entry.key);
            let help = "use up to 64 of the letters, digits, `-`, `_` and `.`";
            self.say(Finding::error("BAD_NAME", entry.key_span, message).help(help));
        }
    }

    /// A list of such names.
    pub(super) fn names(&mut self, node: Option<&Node>, what: &str) -> Vec<Name> {
        let Some(node) = node else { return Vec::new() };
        let item = format!("an item of {what}");
        self.list(node, what).iter().filter_map(|node| self.name(node, &item)).collect()
    }

    pub(super) fn flag(&mut self, node: Option<&Node>, what: &str) -> bool {
        match node.map(|node| (&node.value, node)) {
            None => false,
            Some((Tree::Bool(flag), _)) => *flag,
            Some((_, node)) => {
                self.wrong_type(node, what, "`true` or `false`");
                false
            }
        }
    }

    pub(super) fn list<'n>(&mut self, node: &'n Node, what: &str) -> &'n [Node] {
        match &node.value {
            Tree::List(items) => items,
            _ => {
                self.wrong_type(node, what, "a list");
                &[]
            }
        }
    }

    pub(super) fn texts(&mut self, node: Option<&Node>, what: &str) -> Vec<String> {
        let Some(node) = node else { return Vec::new() };
        let item = format!("an item of {what}");
        self.list(node, what).iter().filter_map(|node| self.text(node, &item)).collect()
    }

    /// Tags: a mapping of texts. An empty value is a tag too.
    pub(super) fn tags(&mut self, node: Option<&Node>, what: &str) -> Tags {
        let mut tags = Tags::new();
        let Some(node) = node else { return tags };
        if let ([first, ..], true) = (node.items(), node.items().iter().all(|item| item.text().is_some())) {
            let message = format!("{what} must be a mapping, not a list");
            let help = format!("write `{{{}: …}}`", shape::scalar(first.text().unwrap_or_default()));
            self.say(Finding::error("WRONG_TYPE", node.span, message).help(help));
            return tags;
        }
        for Entry { key, value, .. } in self.map(node, what) {
            if let Some(text) = self.any_text(value, &format!("the tag `{key}`")) {
                tags.insert(key.clone(), text);
            }
        }
        tags
    }

    /// A policy document, checked as AWS checks it when it is attached.
    pub(super) fn policy(&mut self, node: Option<&Node>, kind: Kind) -> Option<Value> {
        let node = node?;
        let (document, findings) = Document::read(node, kind);
        self.findings.extend(findings);
        document.map(|_| template::json(node))
    }
}

/// The finding of an unknown key with the known one that was meant: one that is near, or one that it begins with or that
/// begins with it (`bucketname`: `bucket`), or whose last word it is (`tags`: `session-tags`); else with all there are.
pub(super) fn near_key<'a>(finding: Finding, written: &str, known: impl IntoIterator<Item = &'a str>) -> Finding {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(written, &known) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.suggest_among(written, known),
    }
}

/// The key that was meant, if one is near.
pub(super) fn nearest<'a>(written: &str, known: &[&'a str]) -> Option<&'a str> {
    let begins = |one: &str, other: &str| one.len() >= 3 && other.starts_with(one);
    let ends = |name: &str, word: &str| name.strip_suffix(word).is_some_and(|start| start.ends_with('-'));
    let lower = written.to_ascii_lowercase();
    let alike = known.iter().copied().filter(|name| {
        let name = name.to_ascii_lowercase();
        begins(&name, &lower) || begins(&lower, &name) || ends(&name, &lower)
    });
    source::suggest(written, known.iter().copied()).or_else(|| alike.max_by_key(|name| name.len()))
}

/// `a`, `b` and `c`.
pub(super) fn list(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => "nothing".to_owned(),
    }
}
