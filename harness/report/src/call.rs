//! The answer to a whole call: everything that AWS asks about it.

use policy::trace::{PolicyTrace, Word};
use policy::{Decision, Kind, Mend, Request, Verdict};
use source::escaped;

use crate::explanation::{mended_below, request, trace, undocumented, verdict};

/// One of what is asked, and what was decided on it.
#[derive(Clone, Copy, Debug)]
pub struct RecordedDecision<'a> {
    /// What was asked.
    pub request: &'a Request,
    /// What was decided.
    pub decision: &'a Decision,
}

/// The verdict on a call; what is refused with its reason, and what is allowed, each with the policies that decide; what
/// would change the verdict; what else there is to know; and, if they are wanted, each request and what each statement said
/// to it.
#[must_use]
pub fn call(
    outcome: Verdict,
    asked: &[RecordedDecision<'_>],
    mends: &[Mend],
    notes: &[&str],
    with_trace: bool,
) -> String {
    let mut lines = vec![verdict(outcome).to_owned(), String::new()];
    let is_refused = |one: &&RecordedDecision<'_>| one.decision.verdict != Verdict::Allowed;
    for (why, questions) in refusals(asked.iter().filter(is_refused)) {
        lines.extend(questions);
        lines.extend(why);
    }
    lines.extend(asked.iter().filter(|one| !is_refused(one)).map(|one| question(one.request, one.decision)));
    lines.extend(mended_below(mends));
    let mut rows: Vec<_> = asked.iter().flat_map(|one| one.decision.notes.iter()).map(undocumented).collect();
    rows.sort();
    rows.dedup();
    let notes: Vec<_> = notes.iter().map(|note| (*note).to_owned()).chain(rows).collect();
    if !notes.is_empty() {
        lines.push(String::new());
        lines.extend(notes.iter().map(|note| format!("Note      {note}")));
    }
    if with_trace {
        for RecordedDecision { request: asked, decision } in asked {
            lines.extend(request(asked));
            lines.extend(decision.trace.iter().flat_map(|one| trace(one, &|_, _| None)));
        }
    }
    lines.iter().map(|line| format!("{}\n", escaped(line))).collect()
}

/// Why something is refused, and all that is refused for the same reason, in the order in which it is asked.
fn refusals<'a>(asked: impl Iterator<Item = &'a RecordedDecision<'a>>) -> Vec<(Vec<String>, Vec<String>)> {
    let mut groups: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    for RecordedDecision { request, decision } in asked {
        let mut why = vec![format!("    Reason    {}", decision.reason(request))];
        why.extend(decision.fact.map(|fact| format!("    Fact      {}: {}", fact.id, fact.page)));
        let question = question(request, decision);
        match groups.iter_mut().find(|(known, _)| *known == why) {
            Some((_, questions)) => questions.push(question),
            None => groups.push((why, vec![question])),
        }
    }
    groups
}

/// One question with its mark and who decided it.
fn question(request: &Request, decision: &Decision) -> String {
    let mark = match decision.verdict {
        Verdict::Allowed => "✓",
        Verdict::ImplicitlyDenied => "·",
        Verdict::ExplicitlyDenied => "✗",
    };
    let by = deciders(decision);
    let by = if by.is_empty() { String::new() } else { format!("  ({})", by.join(", ")) };
    format!("{mark} {} on {}{by}", request.action, request.resource)
}

/// The policies that allow or deny it by name; where none does, the kinds that had to.
fn deciders(decision: &Decision) -> Vec<String> {
    let word = match decision.verdict {
        Verdict::Allowed => Word::Allows,
        Verdict::ExplicitlyDenied => Word::Denies,
        Verdict::ImplicitlyDenied => {
            return decision.by.iter().map(|kind| format!("no {} allows it", Kind::words(kind))).collect();
        }
    };
    let policies = decision.trace.iter().flat_map(|trace| &trace.policies);
    let is_decider = |policy: &&PolicyTrace| policy.word == word && decision.by.contains(policy.kind);
    let mut names: Vec<_> = policies.filter(is_decider).map(|policy| policy.name.clone()).collect();
    names.dedup();
    names
}
