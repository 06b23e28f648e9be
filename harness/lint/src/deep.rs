//! What in a policy never decides, proved for every request.

use policy::{Document, Effect, Kind, Policy};
use prove::{Dead, Disagreement, Looked, Options, Part, Tier, Verdict};
use source::{Entry, Node, Span, Value};

use crate::code::{CONDITION_NEVER_DECIDES, STATEMENT_NEVER_DECIDES, VALUE_NEVER_DECIDES};
use crate::glob::UNKNOWN;
use crate::sink::Sink;

/// What was proved of policies.
#[derive(Debug, Default)]
pub struct Deep {
    /// Statements, conditions and values that never decide.
    pub findings: Vec<source::Finding>,
    /// How many statements, conditions and values were not settled. Nothing is said about them.
    pub unsettled: usize,
}

/// Proves which statements, conditions and values of policies never decide: without each of them its policy says the same of
/// every request. Each policy is looked at by itself.
///
/// A policy with errors is passed over, for AWS refuses it. So is a statement with text that only a deployment can tell: what
/// never decides without it never decides beside it either. A Deny counts by what it denies, whatever else allows it. What
/// rests on the forms of ARNs that AWS's reference lists is a suggestion, since the reference may lack one.
///
/// ```
/// use policy::Kind;
/// use source::{FileId, json};
///
/// let text = r#"{"Version": "2012-10-17", "Statement": [
///     {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
///     {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}"#;
/// let node = json::read(FileId(0), text).0.unwrap();
/// let found = lint::deep([(&node, Kind::Identity)], &prove::Options::default()).unwrap();
/// assert_eq!(found.findings[0].code, "STATEMENT_NEVER_DECIDES");
/// ```
///
/// # Errors
///
/// If the engine contradicts a proof: a fault of ours.
pub fn deep<'a>(
    policies: impl IntoIterator<Item = (&'a Node, Kind)>,
    options: &Options,
) -> Result<Deep, Box<Disagreement>> {
    let (mut sink, mut unsettled) = (Sink::default(), 0);
    for (node, kind) in policies {
        let (Some(document), _) = Document::read(&known(node), kind) else { continue };
        let policy = Policy::new("p", kind, &document);
        for looked in prove::parts(kind, &document, options).map_err(Box::new)? {
            match looked.verdict {
                Verdict::Proved { .. } => say(&document, &policy, looked, &mut sink),
                Verdict::Undecided { .. } => unsettled += 1,
                Verdict::Found { .. } => {}
            }
        }
    }
    Ok(Deep { findings: sink.finish(), unsettled })
}

fn say(document: &Document, policy: &Policy, looked: Looked, sink: &mut Sink) {
    let Some(Dead { statement, part, is_never_met, laws, rows }) = Dead::of(looked) else { return };
    let Some(view) = policy.view().nth(statement) else { return };
    let (code, span, message) = match part {
        Part::Statement => (&STATEMENT_NEVER_DECIDES, Some(view.span()), of_statement(view.effect(), is_never_met)),
        Part::Condition(at) => {
            let span = view.conditions().nth(at).map(|condition| condition.span());
            (
                &CONDITION_NEVER_DECIDES,
                span,
                "this condition never decides: without it the policy says the same of every request",
            )
        }
        Part::Value(at, value) => {
            let span = document.value_span(statement, at, value);
            (
                &VALUE_NEVER_DECIDES,
                span,
                "this value never decides: without it the policy says the same of every request",
            )
        }
    };
    let mut help: Vec<String> = laws.iter().map(|law| format!("proved where {} ({})", law.says, law.id)).collect();
    help.extend(rows.iter().map(|row| format!("{row}")));
    // AWS may authorise on an ARN whose form its reference lacks.
    let rests_on_forms = laws.iter().any(|law| law.tier == Tier::Forms);
    let found = sink.add(code, span.unwrap_or_else(|| view.span()), message).help(help.join("\n"));
    if rests_on_forms {
        found.suggests_only();
    }
}

const fn of_statement(effect: Effect, is_never_met: bool) -> &'static str {
    match (effect, is_never_met) {
        (_, true) => "no request meets this statement: without it the policy says the same of every request",
        (Effect::Allow, false) => {
            "this statement allows nothing more: other statements allow or deny every request that meets it"
        }
        (Effect::Deny, false) => {
            "this statement denies nothing more: other statements deny every request that meets it"
        }
    }
}

/// A policy without the statements of which something is not known.
fn known(policy: &Node) -> Node {
    let Value::Map(entries) = &policy.value else { return policy.clone() };
    let entry = |entry: &Entry| {
        let mut entry = entry.clone();
        if let (true, Value::List(statements)) = (entry.key == "Statement", &mut entry.value.value) {
            statements.retain(|statement| !is_unknown(statement));
        }
        entry
    };
    Node::new(Value::Map(entries.iter().map(entry).collect()), policy.span)
}

fn is_unknown(node: &Node) -> bool {
    match &node.value {
        Value::List(items) => items.iter().any(is_unknown),
        Value::Map(entries) => entries.iter().any(|entry| entry.key.contains(UNKNOWN) || is_unknown(&entry.value)),
        _ => node.text().is_some_and(|text| text.contains(UNKNOWN)),
    }
}

/// Policies that are as they stand, whatever the conditions of their template are: `find` gives one with `Fn::If` twice.
pub(crate) fn unconditional(found: Vec<(Kind, Node)>) -> Vec<(Kind, Node)> {
    let many = |span: Span| found.iter().filter(|(_, node)| node.span == span).count();
    let is_once: Vec<bool> = found.iter().map(|(_, node)| many(node.span) == 1).collect();
    found.into_iter().zip(is_once).filter(|(_, is_once)| *is_once).map(|(one, _)| one).collect()
}
