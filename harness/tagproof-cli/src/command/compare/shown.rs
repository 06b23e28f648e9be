//! What a comparison is shown as.

use policy::trace::PolicyTrace;
use policy::{Kind, Request};
use prove::{Comparison, Relation, Verdict};
use report::proof;
use serde_json::{Value, json};
use simulate::Simulator;

use super::documents::Documents;

/// Both sides, compared.
pub(super) struct Sides<'a> {
    pub(super) old: &'a Documents<'a>,
    pub(super) new: &'a Documents<'a>,
    pub(super) comparison: &'a Comparison,
}

impl Sides<'_> {
    pub(super) fn text(&self) -> String {
        let [old, new] = [self.old, self.new].map(|side| side.of.name.as_str());
        let relation = match self.comparison.relation() {
            Relation::Same => format!("same: {new} allows what {old} allows"),
            Relation::Narrower => format!("narrower: {new} allows less than {old}"),
            Relation::Wider => format!("wider: {new} allows more than {old}"),
            Relation::Incomparable => {
                format!("incomparable: {new} allows what {old} does not, and the other way round")
            }
            Relation::Undecided => format!("undecided: what {new} allows beside {old} is not settled"),
        };
        let mut lines = vec![relation];
        lines.extend(direction(&self.comparison.gained, self.new, self.old, "more"));
        lines.extend(direction(&self.comparison.lost, self.old, self.new, "less"));
        lines.join("\n") + "\n"
    }

    /// With the fields of CheckNoNewAccess, and the answer as `--batch` gives it.
    /// docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoNewAccess.html
    pub(super) fn json(&self) -> String {
        let message = match &self.comparison.gained {
            Verdict::Proved { .. } => "The new policy allows no new access.".to_owned(),
            Verdict::Found { .. } => "The new policy allows new access.".to_owned(),
            Verdict::Undecided { reason } => format!("It is undecided: {reason}."),
        };
        let mut json = checked(&self.comparison.gained, message, self.new, "New access");
        json["comparison"] = self.comparison.json();
        format!("{json}\n")
    }
}

/// A request that one side allows and the other does not, or what the proof that there is none rests on.
fn direction(verdict: &Verdict, by: &Documents<'_>, not_by: &Documents<'_>, what: &str) -> Vec<String> {
    match verdict {
        Verdict::Found { request, rows } => {
            let mut lines = vec![String::new(), format!("A request that only {} allows:", by.of.name)];
            lines.extend(indented(proof::difference(request, *rows, &by.policies, &not_by.policies)));
            lines.extend(command(by, request).map(|command| format!("  Explain   {command}")));
            lines.extend(proof::to_paste(request).map(|paste| format!("  Paste     {paste}")));
            lines
        }
        Verdict::Proved { laws, rows } => {
            let mut lines = vec![String::new(), format!("Not {what}, proved:")];
            lines.extend(indented(proof::proved(laws, *rows)));
            lines
        }
        Verdict::Undecided { reason } => {
            vec![String::new(), format!("Whether it is {what}: undecided, because {reason}")]
        }
    }
}

pub(super) fn indented(lines: Vec<String>) -> impl Iterator<Item = String> {
    lines.into_iter().map(|line| format!("  {line}"))
}

/// The answer to one question with the fields of Access Analyzer's checks. It fails what is not proved, as AWS does: "it errs on
/// the side of declaring a false positive by failing the custom policy check".
/// docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-checks-validating-policies.html
pub(super) fn checked(verdict: &Verdict, message: String, by: &Documents<'_>, what: &str) -> Value {
    let reasons = match verdict {
        Verdict::Found { request, .. } => reasons(&proof::said(&by.policies, request), what),
        _ => json!([]),
    };
    let result = if matches!(verdict, Verdict::Proved { .. }) { "PASS" } else { "FAIL" };
    json!({"result": result, "message": message, "reasons": reasons})
}

/// The statements that allow a request. "The statement index follows zero-based numbering".
fn reasons(said: &[PolicyTrace], what: &str) -> Value {
    let statements = proof::statements(said);
    let allowing = statements.as_array().into_iter().flatten().filter(|one| one["effect"] == "Allow");
    let reason = |one: &Value| {
        let index = &one["statementIndex"];
        let mut reason =
            json!({"description": format!("{what} in the statement with index: {index}."), "statementIndex": index});
        if let Some(id) = one.get("statementId") {
            reason["statementId"] = id.clone();
        }
        reason
    };
    allowing.map(reason).collect()
}

/// The command that explains it, if that comes to the same: a policy of a resource may need one of the caller's own beside it.
pub(super) fn command(by: &Documents<'_>, request: &Request) -> Option<String> {
    let (option, policies) = match (by.kind, proof::said(&by.policies, request).as_slice()) {
        (Kind::Identity, [one]) => ("--identity", json!({"identity": [one.document()?]})),
        (Kind::Resource, [one]) => ("--resource-policy", json!({"resource": one.document()?})),
        (Kind::Trust, [one]) => ("--trust", json!({"trust": one.document()?})),
        _ => return None,
    };
    let mut line = prove::line(request);
    line["policies"] = policies;
    let mut answer = Vec::new();
    Simulator::new(None).answer(line.to_string().as_bytes(), 1, false, &mut answer);
    let answer: Value = serde_json::from_slice(&answer).ok()?;
    let is_same = by.of.is_file() && answer["decision"] == "Allowed";
    is_same.then(|| proof::command(request, &[option.to_owned(), by.of.name.clone()]))?
}
