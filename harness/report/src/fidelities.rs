//! What several emulators make of the same condition keys: one table, from all that was observed.

use indexmap::{IndexMap, IndexSet};
use matrix::{Cell, Fidelity, Outcome, Results};
use policy::Kind;
use serde_json::{Value, json};
use source::{escaped, escaped_lines};

/// All scenarios on one emulator.
#[derive(Clone, Debug)]
pub struct Observed {
    /// The emulator and its version.
    pub backend: String,
    /// How it was run, where that matters: `was run without a token`.
    pub note: Option<&'static str>,
    /// Its bare runs, one for each scenario.
    pub runs: Vec<ObservedRun>,
}

/// One scenario on an emulator.
#[derive(Clone, Debug)]
pub struct ObservedRun {
    /// What came out.
    pub results: Results,
    /// The prediction of the same scenario: it says which conditions were asked.
    pub predicted: Results,
}

/// What `tagproof fidelity` has seen.
#[derive(Clone, Debug)]
pub struct Fidelities {
    /// The day: `2026-11-24`.
    pub date: String,
    /// Each emulator that could be reached.
    pub observed: Vec<Observed>,
    /// Those that could not, and why.
    pub unreachable: Vec<(String, String)>,
}

/// A condition as the table has it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct TestedCondition {
    key: String,
    operator: String,
    policy: &'static str,
}

/// How often each class was seen, in the order of [`Fidelity::ALL`].
type Counts = [usize; 5];

/// The version of the form of [`Fidelities::json`].
const VERSION: u32 = 1;
/// What stands for a condition where no statement that was looked at has one.
const NONE: &str = "(no condition)";

impl Fidelities {
    /// As `docs/fidelity.md` has it.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut out = format!(
            "# What emulators make of IAM conditions\n\n\
             Made by `tagproof fidelity` on {}. Each scenario was run on each emulator by itself (`run --bare`), and each \
             cell held against what AWS documents. A cell counts for every condition that its decision looks at.\n\n",
            self.date
        );
        out.push_str("| Emulator | By its canaries it | fail-open | fail-closed | error | unsupported | match |\n");
        out.push_str("|---|---|---|---|---|---|---|\n");
        for observed in &self.observed {
            let counts = counts(observed.cells());
            let verdict = observed.verdict().unwrap_or_default();
            out.push_str(&format!(
                "| {} | {verdict} | {} |\n",
                observed.backend,
                counts.map(|n| n.to_string()).join(" | ")
            ));
        }
        out.push('\n');
        for (backend, note) in self.observed.iter().filter_map(|one| Some((&one.backend, one.note?))) {
            out.push_str(&format!("{backend} {note}.\n\n"));
        }
        for (backend, why) in &self.unreachable {
            let why = why.split_whitespace().collect::<Vec<_>>().join(" ");
            out.push_str(&format!("{backend} could not be reached: {why}\n\n"));
        }
        out.push_str(
            "## By condition key\n\nfail-open: let through where AWS refuses. fail-closed: refused where AWS lets \
                      through. Of each class the number of cells; the worst rows first.\n\n",
        );
        out.push_str(&self.table());
        out.push_str("\n## What cannot be expressed\n\n");
        for (backend, why) in self.reasons() {
            out.push_str(&format!("* {backend}: {}\n", escaped(why)));
        }
        escaped_lines(&out).into_owned()
    }

    /// The same for machines, as `docs/fidelity.json` has it.
    #[must_use]
    pub fn json(&self) -> Value {
        let backend = |observed: &Observed| {
            let canaries = observed.runs.first().and_then(|run| run.results.bare.as_ref());
            json!({
                "backend": observed.backend,
                "evaluatesConditions": canaries.is_some_and(matrix::Bare::trusted),
                "verdict": observed.verdict(),
                "note": observed.note,
                "counts": named(counts(observed.cells())),
            })
        };
        let rows = self.rows().into_iter().flat_map(|(asked, seen)| {
            let row = move |(backend, counts): (String, Counts)| {
                json!({
                    "key": asked.key,
                    "operator": asked.operator,
                    "policy": asked.policy,
                    "backend": backend,
                    "class": class(counts).word(),
                    "counts": named(counts),
                })
            };
            seen.into_iter().map(row).collect::<Vec<_>>()
        });
        json!({
            "version": VERSION,
            "date": self.date,
            "backends": self.observed.iter().map(backend).collect::<Vec<_>>(),
            "unreachable": self.unreachable.iter().map(|(backend, why)| json!({"backend": backend, "why": why})).collect::<Vec<_>>(),
            "rows": rows.collect::<Vec<_>>(),
        })
    }

    fn table(&self) -> String {
        let backends: Vec<&str> = self.observed.iter().map(|observed| observed.backend.as_str()).collect();
        let mut out = format!("| Condition key | Operator | Policy | {} |\n", backends.join(" | "));
        out.push_str(&format!("|---|---|---|{}\n", "---|".repeat(backends.len())));
        for (TestedCondition { key, operator, policy }, seen) in self.rows() {
            let cells =
                backends.iter().map(|backend| seen.get(*backend).map(|counts| words(*counts)).unwrap_or_default());
            let cells = cells.collect::<Vec<_>>().join(" | ");
            out.push_str(&format!("| {key} | {operator} | {policy} | {cells} |\n"));
        }
        out
    }

    /// What was seen of each condition on each emulator; the worst first.
    fn rows(&self) -> Vec<(TestedCondition, IndexMap<String, Counts>)> {
        let mut rows: IndexMap<TestedCondition, IndexMap<String, Counts>> = IndexMap::new();
        for Observed { backend, runs, .. } in &self.observed {
            for ObservedRun { results, predicted } in runs {
                for (cell, known) in results.cells.iter().zip(&predicted.cells) {
                    for asked in asked(known) {
                        let counts = rows.entry(asked).or_default().entry(backend.clone()).or_default();
                        counts[place(cell.fidelity())] += 1;
                    }
                }
            }
        }
        let mut rows: Vec<_> = rows.into_iter().collect();
        rows.sort_by_cached_key(|(asked, seen)| {
            let worst = seen.values().map(|counts| place(class(*counts))).min();
            let how_often = seen.values().map(|counts| counts[0]).sum::<usize>();
            (worst, usize::MAX - how_often, asked.clone())
        });
        rows
    }

    /// Why cells were unsupported, each reason once for each emulator.
    fn reasons(&self) -> Vec<(&str, &str)> {
        let mut reasons = IndexSet::new();
        for observed in &self.observed {
            for cell in observed.cells() {
                if let Outcome::Unsupported { why } = &cell.outcome {
                    reasons.insert((observed.backend.as_str(), why.as_str()));
                }
            }
        }
        reasons.into_iter().collect()
    }
}

impl Observed {
    fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.runs.iter().flat_map(|run| &run.results.cells)
    }

    fn verdict(&self) -> Option<&'static str> {
        self.runs.first().and_then(|run| run.results.bare.as_ref()).map(matrix::Bare::verdict)
    }
}

/// The conditions that the decision of a cell looks at.
fn asked(cell: &Cell) -> IndexSet<TestedCondition> {
    let Some(trace) = cell.recorded.as_ref().and_then(|recorded| recorded.decision.trace.as_ref()) else {
        return IndexSet::new();
    };
    let mut all = IndexSet::new();
    let mut deciding = None;
    for policy in &trace.policies {
        for statement in &policy.statements {
            deciding = deciding.or(statement.matched.then_some(policy.kind));
            let one = |key: &str, operator: &str| TestedCondition {
                key: general(key),
                operator: operator.to_owned(),
                policy: policy.kind.words(),
            };
            all.extend(
                statement.conditions.iter().map(|condition| one(&condition.key, &condition.operator.to_string())),
            );
        }
    }
    if all.is_empty() {
        let policy = deciding.unwrap_or(Kind::Identity).words();
        all.insert(TestedCondition { key: NONE.to_owned(), operator: String::new(), policy });
    }
    all
}

/// `aws:RequestTag/Status` as AWS's pages write it.
fn general(key: &str) -> String {
    key.split_once('/').map_or_else(|| key.to_owned(), |(key, _)| format!("{key}/tag-key"))
}

fn place(fidelity: Fidelity) -> usize {
    Fidelity::ALL.iter().position(|one| *one == fidelity).unwrap_or(0)
}

fn counts<'a>(cells: impl Iterator<Item = &'a Cell>) -> Counts {
    let mut counts = Counts::default();
    cells.for_each(|cell| counts[place(cell.fidelity())] += 1);
    counts
}

/// The worst that was seen; what could not be expressed says nothing where anything else was seen.
fn class(counts: Counts) -> Fidelity {
    let seen = |fidelity: &Fidelity| counts[place(*fidelity)] > 0;
    let order = [Fidelity::FailOpen, Fidelity::FailClosed, Fidelity::Error, Fidelity::Match];
    order.into_iter().find(seen).unwrap_or(Fidelity::Unsupported)
}

fn words(counts: Counts) -> String {
    let some = Fidelity::ALL.into_iter().zip(counts).filter(|(_, count)| *count > 0);
    let one = |(fidelity, count): (Fidelity, usize)| match fidelity {
        Fidelity::FailOpen => format!("**fail-open {count}**"),
        other => format!("{} {count}", other.word()),
    };
    some.map(one).collect::<Vec<_>>().join(", ")
}

fn named(counts: Counts) -> Value {
    Fidelity::ALL.into_iter().zip(counts).map(|(fidelity, count)| (fidelity.word().to_owned(), json!(count))).collect()
}

#[cfg(test)]
mod tests {
    use super::{Fidelities, Observed};

    #[test]
    fn a_note_stands_below_the_table() {
        let note = Some("was run without a token");
        let observed = vec![Observed { backend: "LocalStack 4.14.0".to_owned(), note, runs: Vec::new() }];
        let seen = Fidelities { date: "2026-11-24".to_owned(), observed, unreachable: Vec::new() };
        let markdown = seen.markdown();
        assert!(markdown.contains(" | 0 |\n\nLocalStack 4.14.0 was run without a token.\n\n## By "), "{markdown}");
        assert_eq!(seen.json()["backends"][0]["note"], "was run without a token");
    }
}
