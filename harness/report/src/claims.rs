//! Claims of scenarios, option by option: what was proved, or the request that shows otherwise.

use matrix::{Claimed, HandsOut, Prepared};
use policy::trace::PolicyTrace;
use policy::undocumented::Notes;
use policy::{Decision, Request};
use prove::{Claim, Law, Verdict};
use serde_json::{Value, json};
use source::escaped;

use crate::layout::laid_out;
use crate::page::Page;
use crate::proof;
use crate::summary::{count, thousands};

#[cfg(test)]
mod tests;

/// Every claim with each of its options in a line, and below it the request that shows otherwise; the laws that its proofs
/// assume stand at its end. What is shown for one option is not repeated for the next.
#[must_use]
pub fn claims(prepared: &Prepared, all: &[Claimed], page: Page) -> String {
    let mut lines = Vec::new();
    for of_one in all.chunk_by(|one, other| one.claim == other.claim) {
        let [first, ..] = of_one else { continue };
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push(format!("{}: {}", first.claim, first.what));
        lines.extend(options(prepared, of_one));
    }
    laid_out(&lines.iter().map(|line| format!("{}\n", escaped(line))).collect::<String>(), page)
}

/// Those that are not as expected, with what was expected and why; `None` if there are none.
#[must_use]
pub fn unexpected_claims(prepared: &Prepared, all: &[Claimed], page: Page) -> Option<String> {
    let wrong: Vec<Claimed> = all.iter().filter(|one| !one.ok()).cloned().collect();
    let (name, number) = (&prepared.name, all.len());
    let are = if wrong.len() == 1 { "is" } else { "are" };
    let head = laid_out(&format!("{name}: {} of {number} claims {are} not as expected\n\n", wrong.len()), page);
    (!wrong.is_empty()).then(|| head + &claims(prepared, &wrong, page))
}

/// What came of one claim: the proof with what it assumes, or the request that shows otherwise.
#[must_use]
pub fn verdict(claim: Claim, verdict: &Verdict, decision: Option<&Decision>, page: Page) -> String {
    let mut lines = vec![result(claim, verdict)];
    match (verdict, decision) {
        (Verdict::Found { request, .. }, Some(decision)) => {
            lines.extend(proof::request(request, said(decision)));
            lines.extend(proof::decided(request, decision));
            lines.push(format!("Line      {}", prove::line(request)));
            lines.extend(proof::to_paste(request).map(|paste| format!("Paste     {paste}")));
        }
        (Verdict::Proved { laws, rows }, _) if laws.is_empty() => lines.extend(proof::rows(*rows)),
        (Verdict::Proved { laws, rows }, _) => lines.extend(proof::proved(laws, *rows)),
        _ => {}
    }
    laid_out(&lines.iter().map(|line| format!("{}\n", escaped(line))).collect::<String>(), page)
}

/// The same for programs.
#[must_use]
pub fn verdict_json(verdict: &Verdict, decided: Option<(&Request, &Decision)>) -> Value {
    let mut json = verdict.json();
    if let Some((request, decision)) = decided {
        json["decision"] = json!(decision.reason(request));
        json["statements"] = proof::statements(said(decision));
    }
    json
}

/// How many there are, and how they came out.
#[must_use]
pub fn claims_total(all: &[&Claimed]) -> String {
    let ClaimCounts { all, otherwise, undecided } = ClaimCounts::of(all.iter().copied());
    let parts = [(otherwise, "not as expected"), (undecided, "undecided")];
    let parts: Vec<_> =
        parts.iter().filter(|(some, _)| *some > 0).map(|(some, what)| format!("{} {what}", thousands(*some))).collect();
    let how = if parts.is_empty() { "all as expected".to_owned() } else { parts.join(", ") };
    format!("{}: {how}", count(all, "claim"))
}

/// How many claims there are, and how they came out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ClaimCounts {
    pub(crate) all: usize,
    /// Those that did not come out as expected.
    pub(crate) otherwise: usize,
    /// Those that were not settled.
    pub(crate) undecided: usize,
}

impl ClaimCounts {
    pub(crate) fn of<'c>(all: impl IntoIterator<Item = &'c Claimed>) -> Self {
        let mut counts = Self::default();
        for claimed in all {
            counts.all += 1;
            counts.undecided += usize::from(claimed.holds().is_none());
            counts.otherwise += usize::from(claimed.holds().is_some() && !claimed.ok());
        }
        counts
    }

    /// Those that are not as expected: what was not settled is not, either.
    pub(crate) const fn unexpected(self) -> usize {
        self.otherwise + self.undecided
    }

    pub(crate) const fn add(&mut self, other: Self) {
        self.all += other.all;
        self.otherwise += other.otherwise;
        self.undecided += other.undecided;
    }
}

/// A claim in one option, for programs.
#[must_use]
pub fn claim_json(claimed: &Claimed) -> Value {
    let decided = claimed.found.as_ref().map(|found| (&found.request, &found.decision));
    let mut json = verdict_json(&claimed.verdict, decided);
    json["claim"] = json!(claimed.claim);
    json["says"] = json!(claimed.what);
    json["option"] = json!(claimed.option);
    json["expected"] = json!(if claimed.expected { "holds" } else { "fails" });
    json["ok"] = json!(claimed.ok());
    json["because"] = json!(claimed.because);
    json["see"] = json!(claimed.see);
    if let Some(HandsOut { tags, role, by }) = &claimed.hands_out {
        let tags: serde_json::Map<String, Value> =
            tags.iter().map(|(key, value)| (key.clone(), json!(value))).collect();
        json["sessionTags"] = json!({"role": role, "tags": tags, "mayBePassedBy": by});
    }
    json
}

/// The options of one claim.
fn options(prepared: &Prepared, all: &[Claimed]) -> Vec<String> {
    let width = all.iter().map(|one| one.option.chars().count()).max().unwrap_or_default();
    let (mut lines, mut shown): (Vec<String>, Vec<(Vec<String>, &str)>) = (Vec::new(), Vec::new());
    let mut assumed: Vec<&Law> = Vec::new();
    for one in all {
        let details = details(one);
        let before =
            shown.iter().find(|(known, _)| *known == details && !details.is_empty()).map(|(_, option)| *option);
        let same = before.map(|option| format!(", as in {option}")).unwrap_or_default();
        lines.push(format!("  {:width$}  {}{same}", one.option, result(one.kind, &one.verdict)));
        if !one.ok() {
            lines.extend(expectation(prepared, one));
        }
        if before.is_none() {
            lines.extend(details.iter().map(|line| format!("      {line}")));
            shown.push((details, &one.option));
        }
        if let Verdict::Proved { laws, .. } = &one.verdict {
            assumed.extend(laws);
        }
    }
    assumed.sort_by_key(|law| (law.tier, law.id));
    assumed.dedup();
    if !assumed.is_empty() {
        lines.extend(proof::proved(&assumed, Notes::default()).iter().map(|line| format!("  {line}")));
    }
    lines
}

/// `holds for any request`, `fails: this request is allowed`
fn result(claim: Claim, verdict: &Verdict) -> String {
    match (verdict, claim) {
        (Verdict::Proved { laws, .. }, _) if laws.is_empty() => "holds for any request".to_owned(),
        (Verdict::Proved { laws, .. }, _) => {
            let laws: Vec<_> = laws.iter().map(|law| law.id).collect();
            format!("holds, assuming {}", laws.join(", "))
        }
        (Verdict::Found { .. }, Claim::Never) => "fails: this request is allowed".to_owned(),
        (Verdict::Found { .. }, Claim::Always) => "fails: this request is denied".to_owned(),
        (Verdict::Undecided { reason }, _) => format!("undecided: {reason}"),
    }
}

fn said(decision: &Decision) -> &[PolicyTrace] {
    decision.trace.as_ref().map(|trace| trace.policies.as_slice()).unwrap_or_default()
}

fn expectation(prepared: &Prepared, claimed: &Claimed) -> Vec<String> {
    let word = if claimed.expected { "holds" } else { "fails" };
    let because = claimed.because.as_ref().map(|because| format!(": {because}")).unwrap_or_default();
    let mut lines = vec![format!("      Expected  {word}{because}")];
    lines.extend(claimed.see.iter().map(|see| format!("                {see}")));
    lines.push(format!("                {}", prepared.sources.locate(claimed.span)));
    lines
}

/// The request that was found, who allows it, and what else an answer rests on.
fn details(claimed: &Claimed) -> Vec<String> {
    let Some(found) = &claimed.found else {
        let Verdict::Proved { rows, .. } = &claimed.verdict else { return Vec::new() };
        return proof::rows(*rows);
    };
    let mut lines = proof::request(&found.request, said(&found.decision));
    lines.extend(proof::decided(&found.request, &found.decision));
    lines.extend(claimed.hands_out.iter().map(handed_out));
    if claimed.ok() {
        return lines;
    }
    lines.push(format!("Line      {}", prove::line(&found.request)));
    lines.extend(proof::to_paste(&found.request).map(|json| format!("Paste     {json}")));
    lines
}

/// Who has to give the session the tags that its role does not have.
fn handed_out(HandsOut { tags, role, by }: &HandsOut) -> String {
    let keys: Vec<_> = tags.iter().map(|(key, _)| key.as_str()).collect();
    let (keys, role) = (keys.join(", "), role.rsplit('/').next().unwrap_or_default());
    match by.is_empty() {
        true => {
            format!("Note      {keys} is a session tag, and the trust policy of {role} allows sts:TagSession to nobody")
        }
        false => format!(
            "Note      {keys} is a session tag: the trust policy of {role} allows sts:TagSession to {}",
            by.join(", ")
        ),
    }
}
