//! Reading parts of a tree and saying what is wrong with them, all at once.

use policy::{Document, Kind};
use serde_json::Value;
use source::{Entry, Finding, Node, Span, Value as Tree};

use crate::scenario::{Name, Tags};

/// Collects findings while parts are read.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) findings: Vec<Finding>,
}

/// A mapping whose keys are all known.
pub(super) struct Fields<'n> {
    node: &'n Node,
}

impl<'n> Fields<'n> {
    pub(super) fn get(&self, key: &str) -> Option<&'n Node> {
        self.node.get(key)
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
        self.say(Finding::error("WRONG_TYPE", node.span, message));
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

    /// A mapping of known keys; any other key is an error.
    pub(super) fn fields<'n>(&mut self, node: &'n Node, what: &str, known: &[&'static str]) -> Fields<'n> {
        for Entry { key, key_span, .. } in self.map(node, what) {
            if !known.contains(&key.as_str()) {
                let message = format!("{what} has no key `{key}`");
                let finding = near_key(Finding::error("UNKNOWN_KEY", *key_span, message), key, known.iter().copied());
                self.say(match finding.help {
                    Some(_) => finding,
                    None => finding.help(format!("it takes {}", list(known))),
                });
            }
        }
        Fields { node }
    }

    /// A mapping whose other keys are looked at elsewhere.
    pub(super) fn open<'n>(&self, node: &'n Node) -> Fields<'n> {
        Fields { node }
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

    /// A key that must be there.
    pub(super) fn required<'n>(&mut self, fields: &Fields<'n>, key: &str, what: &str) -> Option<&'n Node> {
        let found = fields.get(key);
        if found.is_none() && matches!(fields.node.value, Tree::Map(_)) {
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
/// begins with it (`bucketname`: `bucket`); else with all there are.
pub(super) fn near_key<'a>(finding: Finding, written: &str, known: impl IntoIterator<Item = &'a str>) -> Finding {
    let known: Vec<&str> = known.into_iter().collect();
    let begins = |one: &str, other: &str| one.len() >= 3 && other.starts_with(one);
    let lower = written.to_ascii_lowercase();
    let alike = known.iter().filter(|name| {
        let name = name.to_ascii_lowercase();
        begins(&name, &lower) || begins(&lower, &name)
    });
    match (source::suggest(written, known.iter().copied()), alike.max_by_key(|name| name.len())) {
        (None, Some(alike)) => finding.help(format!("did you mean `{alike}`?")),
        _ => finding.suggest_among(written, known),
    }
}

/// `a`, `b` and `c`.
fn list(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => "nothing".to_owned(),
    }
}
