//! `callers`: who asks.

use policy::Kind;
use source::{Finding, Node};

use super::fields::{Fields, Reader};
use crate::scenario::{Assume, Caller, CallerKind, Task};

const TASK: &[&str] = &["task", "tags", "propagate-tags", "managed-tags", "definition-tags"];
const USER: &[&str] = &["user"];
const ASSUME: &[&str] =
    &["assume", "by", "session-tags", "transitive", "source-identity", "external-id", "session-policy"];

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
    let has = |key: &str| node.get(key).is_some();
    match (has("task"), has("user"), has("assume")) {
        (true, false, false) => {
            let fields = reader.fields(node, &what, TASK);
            task(reader, &fields, &what).map(CallerKind::Task)
        }
        (false, true, false) => {
            let fields = reader.fields(node, &what, USER);
            reader.text(fields.get("user")?, "`user`").map(CallerKind::User)
        }
        (false, false, true) => {
            let fields = reader.fields(node, &what, ASSUME);
            assume(reader, &fields, &what, names).map(CallerKind::Assume)
        }
        (false, false, false) => {
            reader.fields(node, &what, &["task", "user", "assume"]);
            let message = format!("{what} does not say who it is");
            reader.say(
                Finding::error("NO_CALLER_KIND", node.span, message)
                    .help("give it `task: LOGICAL_ID`, `user: NAME` or `assume: ROLE`"),
            );
            None
        }
        _ => {
            let message = format!("{what} is more than one of a task, a user and a role session");
            reader.say(Finding::error("TWO_CALLER_KINDS", node.span, message));
            None
        }
    }
}

fn task(reader: &mut Reader, fields: &Fields<'_>, what: &str) -> Option<Task> {
    let task = Task {
        definition: reader.text(fields.get("task")?, "`task`")?,
        tags: reader.tags(fields.get("tags"), &format!("`tags` of {what}")),
        propagate_tags: reader.flag(fields.get("propagate-tags"), "`propagate-tags`"),
        managed_tags: reader.flag(fields.get("managed-tags"), "`managed-tags`"),
        definition_tags: reader.tags(fields.get("definition-tags"), &format!("`definition-tags` of {what}")),
    };
    Some(task)
}

fn assume(reader: &mut Reader, fields: &Fields<'_>, what: &str, names: &[&str]) -> Option<Assume> {
    let role = reader.text(fields.get("assume")?, "`assume`");
    let by = reader.required(fields, "by", what).and_then(|node| {
        let name = reader.text(node, "`by`")?;
        let index = names.iter().position(|known| *known == name);
        if index.is_none() {
            let message = format!("there is no caller `{name}`");
            reader.say(Finding::error("UNKNOWN_CALLER", node.span, message).suggest(&name, names.iter().copied()));
        }
        index
    });
    let session_tags = reader.tags(fields.get("session-tags"), &format!("`session-tags` of {what}"));
    let transitive = reader.texts(fields.get("transitive"), "`transitive`");
    let mut optional = |key: &str| fields.get(key).and_then(|node| reader.text(node, &format!("`{key}`")));
    let (source_identity, external_id) = (optional("source-identity"), optional("external-id"));
    let session_policy = reader.policy(fields.get("session-policy"), Kind::Session);
    let (role, by) = (role?, by?);
    Some(Assume { role, by, session_tags, transitive, source_identity, external_id, session_policy })
}

/// A caller cannot assume its role as itself, through others neither.
fn refuse_rings(reader: &mut Reader, node: &Node, callers: &[Caller]) {
    for (at, caller) in callers.iter().enumerate() {
        let mut step = at;
        for _ in 0..callers.len() {
            match &callers[step].kind {
                CallerKind::Assume(assume) => step = assume.by,
                CallerKind::Task(_) | CallerKind::User(_) => break,
            }
            if step == at {
                let span = node.get(&caller.name).map_or(node.span, |node| node.span);
                let message = format!("caller `{}` would have to assume its role as itself", caller.name);
                reader.say(Finding::error("CALLER_RING", span, message).help("`by` must lead to a task or a user"));
                break;
            }
        }
    }
}
