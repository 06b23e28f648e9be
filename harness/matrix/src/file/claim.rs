//! `claims`: what must be so of every request, and in which options it is.

use policy::{Document, Kind};
use source::{Entry, Finding, Node, Span, Value as Tree};

use super::expect::ALL;
use super::fields::{Fields, Reader, list};
use crate::scenario::{Claim, ClaimExpectation, Name, SessionTags, Tags};

const CLAIM: &[&str] = &["never", "always", "when", "unless", "holds", "fails", "because", "see"];
const KINDS: [(&str, prove::Claim); 2] = [("never", prove::Claim::Never), ("always", prove::Claim::Always)];
const SCOPE: &[&str] = &["action", "resource", "by", "session-tags"];
/// How a claim begins, to start from.
const FORM: &str = "write `never: {action: s3:GetObject, resource: …, by: ROLE}`, or `always: {…}`";

/// Reads the claims; `options` are the names of all options, with their places.
pub(super) fn read(reader: &mut Reader, node: &Node, options: &[(&str, Span)]) -> Vec<Claim> {
    let mut claims = Vec::new();
    for entry in reader.map(node, "`claims`") {
        reader.plain_name(entry);
        claims.extend(claim(reader, entry, options));
    }
    claims
}

fn claim(reader: &mut Reader, Entry { key, key_span, value }: &Entry, options: &[(&str, Span)]) -> Option<Claim> {
    let what = format!("claim `{key}`");
    let fields = reader.fields(value, &what, CLAIM);
    let scope =
        kind(reader, &fields, value, &what).and_then(|(claim, node)| Some((claim, scope(reader, node, &what)?)));
    let [when, unless] = ["when", "unless"].map(|key| condition(reader, fields.get(key), key));
    let [because, see] =
        ["because", "see"].map(|key| fields.get(key).and_then(|node| reader.text(node, &format!("`{key}`"))));
    let expected = expected(reader, &fields, (&what, *key_span), options);
    let (claim, Scope { actions, resources, by, session_tags }) = scope?;
    let (when, unless, expected) = (when?, unless?, expected?);
    let name = key.clone();
    Some(Claim { name, claim, actions, resources, by, session_tags, when, unless, expected, because, see })
}

/// Whether it is `never` or `always`.
fn kind<'n>(reader: &mut Reader, fields: &Fields<'n>, node: &Node, what: &str) -> Option<(prove::Claim, &'n Node)> {
    let there = KINDS.into_iter().filter_map(|(word, claim)| Some((claim, fields.get(word)?)));
    match there.collect::<Vec<_>>()[..] {
        [one] => Some(one),
        [] => {
            if fields.lacks("never") && fields.lacks("always") {
                let message = format!("{what} does not say what is claimed");
                reader.say(Finding::error("NO_CLAIM_KIND", node.span, message).help(FORM));
            }
            None
        }
        _ => {
            let message = format!("{what} has both `never` and `always`");
            let finding = Finding::error("TWO_CLAIM_KINDS", fields.span_of("always"), message);
            reader.say(finding.help("write two claims"));
            None
        }
    }
}

/// Which requests a claim is about.
struct Scope {
    actions: Vec<Name>,
    resources: Vec<Name>,
    by: Vec<Name>,
    session_tags: SessionTags,
}

fn scope(reader: &mut Reader, node: &Node, what: &str) -> Option<Scope> {
    let fields = reader.fields(node, what, SCOPE);
    let [actions, resources, by] = ["action", "resource", "by"].map(|key| {
        let node = reader.required(&fields, key, what)?;
        one_or_more(reader, node, key)
    });
    let session_tags = match fields.get("session-tags") {
        None => Some(SessionTags::Any),
        Some(node) => session_tags(reader, node, what),
    };
    let actions = actions.filter(|actions| are_known(reader, actions));
    Some(Scope { actions: actions?, resources: resources?, by: by?, session_tags: session_tags? })
}

/// A name, or a list of them.
fn one_or_more(reader: &mut Reader, node: &Node, key: &str) -> Option<Vec<Name>> {
    let what = format!("`{key}`");
    let Tree::List(items) = &node.value else { return reader.name(node, &what).map(|name| vec![name]) };
    if items.is_empty() {
        reader.say(Finding::error("EMPTY_LIST", node.span, format!("{what} must not be empty")));
        return None;
    }
    let names = reader.names(Some(node), &what);
    (names.len() == items.len()).then_some(names)
}

/// Whether AWS has actions of each name, all of one service.
fn are_known(reader: &mut Reader, actions: &[Name]) -> bool {
    let before = reader.findings.len();
    let service = |name: &Name| name.text.split(':').next().unwrap_or_default().to_ascii_lowercase();
    for action in actions {
        if catalog::expand(&action.text).next().is_none() {
            super::action::unknown(reader, &action.text, action.span);
        } else if service(action).contains(['*', '?']) {
            let message = format!("`{}` is about more than one service", policy::plain(&action.text));
            reader.say(Finding::error("SEVERAL_SERVICES", action.span, message).help("write a claim for each service"));
        } else if let Some(first) = actions.first().filter(|first| service(first) != service(action)) {
            let message =
                format!("`{}` and `{}` are of two services", policy::plain(&first.text), policy::plain(&action.text));
            reader.say(Finding::error("SEVERAL_SERVICES", action.span, message).help("write a claim for each service"));
        }
    }
    reader.findings.len() == before
}

fn session_tags(reader: &mut Reader, node: &Node, what: &str) -> Option<SessionTags> {
    let tags = match (&node.value, node.text()) {
        (Tree::Map(_), _) => Some(reader.tags(Some(node), &format!("`session-tags` of {what}"))),
        (_, Some("none")) => Some(Tags::new()),
        (_, Some("any")) => None,
        _ => {
            let message = format!("`session-tags` of {what} must be `any`, `none` or a mapping of tags");
            reader.say(Finding::error("WRONG_TYPE", node.span, message));
            return None;
        }
    };
    Some(SessionTags::Given(tags, node.span))
}

/// A condition in IAM's own words, checked as one of a policy; `None` if it has errors.
#[expect(clippy::option_option, reason = "what is not there is no error")]
fn condition(reader: &mut Reader, node: Option<&Node>, key: &str) -> Option<Option<Node>> {
    let Some(node) = node else { return Some(None) };
    if !matches!(node.value, Tree::Map(_)) {
        let message = format!("`{key}` must be a condition of IAM, not {}", node.kind());
        let finding = Finding::error("WRONG_TYPE", node.span, message);
        reader.say(finding.help(format!("write `{key}: {{StringEquals: {{aws:PrincipalTag/Team: finance}}}}`")));
        return None;
    }
    let entry = |key: &str, value: Node| Entry { key: key.to_owned(), key_span: node.span, value };
    let text = |text: &str| Node::new(Tree::String(text.to_owned()), node.span);
    let statement = vec![
        entry("Effect", text("Allow")),
        entry("Action", text("*")),
        entry("Resource", text("*")),
        entry("Condition", node.clone()),
    ];
    let statement = Node::new(Tree::Map(statement), node.span);
    let document = vec![entry("Version", text("2012-10-17")), entry("Statement", statement)];
    let (read, findings) = Document::read(&Node::new(Tree::Map(document), node.span), Kind::Identity);
    let is_sound = read.is_some() && !findings.iter().any(Finding::is_error);
    findings.into_iter().for_each(|finding| reader.say(finding));
    is_sound.then(|| Some(node.clone()))
}

/// What is expected in each option; every option is covered once.
fn expected(
    reader: &mut Reader,
    fields: &Fields<'_>,
    (what, span): (&str, Span),
    options: &[(&str, Span)],
) -> Option<Vec<ClaimExpectation>> {
    let before = reader.findings.len();
    let mut found: Vec<Option<ClaimExpectation>> = vec![None; options.len()];
    for (key, holds) in [("holds", true), ("fails", false)] {
        let Some(node) = fields.get(key) else { continue };
        for (at, span) in named(reader, node, key, options) {
            match found[at] {
                Some(known) if known.holds != holds => {
                    let name = options[at].0;
                    let message = format!("{what} is expected both to hold and to fail in option `{name}`");
                    reader.say(Finding::error("COVERED_TWICE", span, message).help("keep one of the two"));
                }
                _ => found[at] = Some(ClaimExpectation { holds, span }),
            }
        }
    }
    let missing: Vec<&str> =
        options.iter().zip(&found).filter(|(_, one)| one.is_none()).map(|((name, _), _)| *name).collect();
    // Of what a misspelt key or name hides it is told already.
    if !missing.is_empty() && reader.findings.len() == before {
        let message = format!("{what} does not say whether it holds in {}", list(&missing));
        let help = format!("add `holds: [{all}]` or `fails: [{all}]`", all = missing.join(", "));
        reader.say(Finding::error("UNCOVERED_OPTION", span, message).help(help));
    }
    let all: Vec<_> = found.into_iter().flatten().collect();
    (all.len() == options.len()).then_some(all)
}

/// The options that are named: `all`, or a list.
fn named(reader: &mut Reader, node: &Node, key: &str, options: &[(&str, Span)]) -> Vec<(usize, Span)> {
    if node.text() == Some(ALL) {
        return (0..options.len()).map(|at| (at, node.span)).collect();
    }
    let mut found = Vec::new();
    for item in reader.list(node, &format!("`{key}`")) {
        let Some(name) = reader.text(item, "an option") else { continue };
        match options.iter().position(|(known, _)| *known == name) {
            Some(at) => found.push((at, item.span)),
            None => {
                let message = format!("there is no option `{name}`");
                let known = options.iter().map(|(name, _)| *name);
                reader.say(Finding::error("UNKNOWN_OPTION", item.span, message).suggest_among(&name, known));
            }
        }
    }
    found
}
