//! `callers`: who asks.

use policy::Kind;
use source::{Entry, Finding, Node, Value as Tree};

use super::fields::{Fields, Reader, nearest};
use super::step;
use crate::scenario::{Assume, By, Caller, CallerKind, Captured, SignedFor, Task};

const TASK: &[&str] =
    &["task", "cluster", "tags", "propagate-tags", "managed-tags", "definition-tags", "before", "through-broker"];
const USER: &[&str] = &["user"];
const ASSUME: &[&str] = &[
    "assume",
    "by",
    "session-name",
    "session-tags",
    "transitive",
    "source-identity",
    "external-id",
    "session-policy",
    "through-broker",
];
const CAPTURED: &[&str] = &["captured", "signed-for"];
const KINDS: &[&str] = &["task", "user", "assume", "captured"];

/// Reads the callers; `names` are all of theirs.
pub(super) fn read(reader: &mut Reader, node: &Node, names: &[&str]) -> Vec<Caller> {
    let mut callers = Vec::new();
    for entry in reader.map(node, "`callers`") {
        if let Some(kind) = kind(reader, &entry.value, &entry.key, names) {
            callers.push(Caller { name: entry.key.clone(), kind });
        }
    }
    if callers.len() == names.len() {
        refuse_rings(reader, node, &callers);
    }
    callers
}

fn kind(reader: &mut Reader, node: &Node, name: &str, names: &[&str]) -> Option<CallerKind> {
    let what = format!("caller `{name}`");
    let kinds: Vec<&str> = KINDS.iter().copied().filter(|kind| node.get(kind).is_some()).collect();
    match kinds[..] {
        ["task"] => {
            let fields = reader.fields(node, &what, TASK);
            task(reader, &fields, &what, names).map(CallerKind::Task)
        }
        ["user"] => {
            let fields = reader.fields(node, &what, USER);
            reader.name(fields.get("user")?, "`user`").map(CallerKind::User)
        }
        ["assume"] => {
            let fields = reader.fields(node, &what, ASSUME);
            assume(reader, &fields, &what, names).map(CallerKind::Assume)
        }
        ["captured"] => {
            let fields = reader.fields(node, &what, CAPTURED);
            captured(reader, &fields, &what, names).map(CallerKind::Captured)
        }
        [] if reader.map(node, &what).is_empty() && !matches!(node.value, Tree::Map(_)) => None,
        [] => {
            if let Some(finding) = misspelt(node, &what) {
                reader.say(finding);
                return None;
            }
            let message = format!("{what} does not say who it is");
            reader.say(
                Finding::error("NO_CALLER_KIND", node.span, message)
                    .help("give it `task: LOGICAL_ID`, `user: NAME`, `assume: ROLE` or `captured: CALLER`"),
            );
            None
        }
        _ => {
            let message = format!("{what} is more than one of a task, a user, a role session and a captured request");
            let help = format!("keep one of `{}`", kinds.join("`, `"));
            reader.say(Finding::error("TWO_CALLER_KINDS", node.span, message).help(help));
            None
        }
    }
}

/// The key that was to say who it is, with what was meant. What the others are depends on it.
fn misspelt(node: &Node, what: &str) -> Option<Finding> {
    node.entries().iter().find_map(|Entry { key, key_span, value }| {
        let meant = if key == "role" { Some("assume") } else { nearest(key, KINDS) }?;
        let message = format!("{what} has no key `{key}`");
        let help = format!("did you mean `{meant}: {}`?", value.text().unwrap_or("…"));
        Some(Finding::error("UNKNOWN_KEY", *key_span, message).help(help))
    })
}

fn task(reader: &mut Reader, fields: &Fields<'_>, what: &str, names: &[&str]) -> Option<Task> {
    let task = Task {
        definition: reader.name(fields.get("task")?, "`task`")?,
        tags: reader.tags(fields.get("tags"), &format!("`tags` of {what}")),
        propagate_tags: reader.flag(fields.get("propagate-tags"), "`propagate-tags`"),
        managed_tags: reader.flag(fields.get("managed-tags"), "`managed-tags`"),
        definition_tags: reader.tags(fields.get("definition-tags"), &format!("`definition-tags` of {what}")),
        cluster: fields.get("cluster").and_then(|node| reader.name(node, "`cluster`")),
        through_broker: match fields.get("through-broker") {
            None => true,
            given => reader.flag(given, "`through-broker`"),
        },
        before: step::read(reader, fields.get("before"), what, names),
    };
    Some(task)
}

fn assume(reader: &mut Reader, fields: &Fields<'_>, what: &str, names: &[&str]) -> Option<Assume> {
    let role = reader.name(fields.get("assume")?, "`assume`");
    let by = reader.required(fields, "by", what).and_then(|node| by(reader, node, names));
    let session_tags = reader.tags(fields.get("session-tags"), &format!("`session-tags` of {what}"));
    let transitive = reader.texts(fields.get("transitive"), "`transitive`");
    let mut optional = |key: &str| fields.get(key).and_then(|node| reader.text(node, &format!("`{key}`")));
    let (source_identity, external_id) = (optional("source-identity"), optional("external-id"));
    let session_name = optional("session-name");
    let session_policy = reader.policy(fields.get("session-policy"), Kind::Session);
    let through_broker = reader.flag(fields.get("through-broker"), "`through-broker`");
    let (role, by) = (role?, by?);
    Some(Assume {
        role,
        by,
        session_tags,
        transitive,
        source_identity,
        external_id,
        session_policy,
        session_name,
        through_broker,
    })
}

fn captured(reader: &mut Reader, fields: &Fields<'_>, what: &str, names: &[&str]) -> Option<Captured> {
    let of = named(reader, fields.get("captured")?, "`captured`", names);
    let words = [("broker", SignedFor::Broker), ("elsewhere", SignedFor::Elsewhere)];
    let signed_for = reader.required(fields, "signed-for", what);
    let signed_for = signed_for.and_then(|node| reader.one_of(node, "`signed-for`", &words));
    Some(Captured { of: of?, signed_for: signed_for? })
}

/// A caller; else a user, which is looked up where the template is known.
pub(super) fn by(reader: &mut Reader, node: &Node, names: &[&str]) -> Option<By> {
    let name = reader.name(node, "`by`")?;
    let caller = names.iter().position(|known| *known == name.text);
    Some(caller.map_or(By::User(name), By::Caller))
}

/// The index of the caller that is named.
fn named(reader: &mut Reader, node: &Node, what: &str, names: &[&str]) -> Option<usize> {
    let name = reader.text(node, what)?;
    let index = names.iter().position(|known| *known == name);
    if index.is_none() {
        let message = format!("there is no caller `{name}`");
        reader.say(Finding::error("UNKNOWN_CALLER", node.span, message).suggest_among(&name, names.iter().copied()));
    }
    index
}

/// Nobody can be there before himself, through others neither.
fn refuse_rings(reader: &mut Reader, node: &Node, callers: &[Caller]) {
    let needs: Vec<Vec<usize>> = callers.iter().map(|caller| caller.needs(callers)).collect();
    for (at, caller) in callers.iter().enumerate() {
        let mut reached = needs[at].clone();
        let mut next = 0;
        while let Some(&one) = reached.get(next) {
            let more: Vec<usize> = needs[one].iter().copied().filter(|further| !reached.contains(further)).collect();
            reached.extend(more);
            next += 1;
        }
        if !reached.contains(&at) {
            continue;
        }
        let span = node.get(&caller.name).map_or(node.span, |node| node.span);
        let name = &caller.name;
        let (message, help) = match caller.kind {
            CallerKind::Assume(_) => (
                format!("caller `{name}` would have to assume its role as itself"),
                "`by` must lead to a task or a user",
            ),
            _ => (
                format!("caller `{name}` would have to be there before itself"),
                "the callers that it names must not need it",
            ),
        };
        reader.say(Finding::error("CALLER_RING", span, message).help(help));
    }
}
