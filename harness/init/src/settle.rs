//! From what might be asked to what can be: parts that a scenario cannot have are left out, each with the reason.

use matrix::{LoadError, Outcome, Prepared, Results, SetUpError};
use source::{FileId, Finding};

use crate::expect::word;
use crate::scenario::{AS_DEPLOYED, Axis, Part, Scenario, Text};

/// Reads the text of a scenario with the template that it names: [`matrix::draft`] with the file that it is for.
pub type Reader<'a> = dyn Fn(&str) -> Result<Prepared, LoadError> + 'a;

/// Why a scenario cannot be had.
#[derive(Debug)]
pub(crate) enum Unsettled {
    /// The template has errors.
    Load(LoadError),
    /// AWS would refuse what the template makes.
    SetUp(SetUpError),
    /// Nothing is left of it.
    Nothing,
}

/// So many rounds of leaving out at most: each leaves out something.
const ROUNDS: usize = 60;
/// Every cell, whatever comes of it.
pub(crate) const ANYTHING: &str = "  every-option: {allow: all, predicted: true}\n";

/// What is predicted of the scenario as far as it can be had.
pub(crate) fn settle(scenario: &mut Scenario, read: &Reader<'_>) -> Result<Results, Unsettled> {
    for _ in 0..ROUNDS {
        if scenario.callers.is_empty() || scenario.requests.is_empty() {
            break;
        }
        let text = scenario.text("", ANYTHING);
        let prepared = match read(&text.text) {
            Ok(prepared) => prepared,
            Err(LoadError::Faulty { sources, findings }) => {
                if !leave_out_faulty(scenario, &text, &findings) {
                    return Err(Unsettled::Load(LoadError::Faulty { sources, findings }));
                }
                continue;
            }
            Err(error) => return Err(Unsettled::Load(error)),
        };
        let results = match matrix::predict(&prepared) {
            Ok(results) => results,
            Err(error) if error.option != AS_DEPLOYED => {
                let at = scenario.options.iter().position(|one| one.name == error.option);
                let Some(at) = at else { return Err(Unsettled::SetUp(error)) };
                leave_out(scenario, Part::Entry(Axis::Option, at), &format!("{}: {}", error.call, error.reason));
                continue;
            }
            Err(error) => return Err(Unsettled::SetUp(error)),
        };
        if !leave_out_unanswered(scenario, &results) {
            return Ok(results);
        }
    }
    Err(Unsettled::Nothing)
}

/// Leaves out the parts that errors are in; whether there are any.
fn leave_out_faulty(scenario: &mut Scenario, text: &Text, findings: &[Finding]) -> bool {
    let errors: Vec<&Finding> = findings.iter().filter(|finding| finding.is_error()).collect();
    let own = |finding: &&Finding| (finding.span.file == FileId(0)).then(|| text.part_at(finding.span.start)).flatten();
    let mut parts: Vec<(Part, String)> =
        errors.iter().filter_map(|finding| Some((own(finding)?, finding.message.clone()))).collect();
    // What is wrong with the template itself stays wrong.
    if parts.is_empty() {
        return false;
    }
    // From the last to the first, so that indexes stay.
    let order = |part: &Part| match part {
        Part::Entry(axis, at) => (*axis as usize, *at),
        Part::Patch(at) => (usize::MAX, *at),
        Part::Given(section, at) => (usize::MAX - 1 - section, *at),
    };
    parts.sort_by_key(|(part, _)| std::cmp::Reverse(order(part)));
    parts.dedup_by_key(|(part, _)| *part);
    let before = count(scenario);
    parts.iter().for_each(|(part, why)| leave_out(scenario, *part, why));
    // A section of which nothing is left is no mapping.
    scenario.given.retain(|_, section| section.as_object().is_none_or(|section| !section.is_empty()));
    count(scenario) < before
}

fn count(scenario: &Scenario) -> usize {
    let given =
        scenario.given.values().filter_map(serde_json::Value::as_object).map(serde_json::Map::len).sum::<usize>();
    scenario.options.len() + scenario.callers.len() + scenario.requests.len() + scenario.patch.len() + given
}

fn leave_out(scenario: &mut Scenario, part: Part, why: &str) {
    match part {
        Part::Entry(Axis::Option, 0) => {}
        Part::Entry(axis, at) if at < scenario.axis(axis).len() => {
            let gone = scenario.axis_mut(axis).remove(at);
            scenario.left_out.push(format!("{}: {why}", gone.says));
        }
        Part::Patch(at) if at < scenario.patch.len() => {
            let (_, what) = scenario.patch.remove(at);
            scenario.left_out.push(format!("{what} {why}"));
        }
        Part::Given(section, at) => {
            let Some((_, serde_json::Value::Object(section))) = scenario.given.iter_mut().nth(section) else { return };
            let Some(name) = section.keys().nth(at).cloned() else { return };
            section.shift_remove(&name);
            scenario.left_out.push(format!("{name}: {why}"));
        }
        Part::Entry(..) | Part::Patch(_) => {}
    }
}

/// Leaves out requests whose answers are no expectation; whether there are any.
fn leave_out_unanswered(scenario: &mut Scenario, results: &Results) -> bool {
    let is_answered = |outcome: &Outcome| word(outcome).is_some();
    let mut found = false;
    for at in (0..results.requests.len()).rev() {
        let odd = results.cells.iter().find(|cell| cell.request == at && !is_answered(&cell.outcome));
        if let Some(cell) = odd {
            leave_out(scenario, Part::Entry(Axis::Request, at), &cell.reason);
            found = true;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use source::Span;

    use super::*;

    #[test]
    fn a_section_of_which_nothing_is_left_is_left_out() {
        let mut scenario = Scenario::default();
        scenario.give(&["buckets", "example"], json!({}));
        let text = scenario.text("", ANYTHING);
        let at = text.text.find("example: {}").unwrap() as u32;
        let finding = Finding::error("X", Span::new(FileId(0), at, at + 7), "no such bucket");
        assert!(leave_out_faulty(&mut scenario, &text, &[finding]));
        assert!(!scenario.text("", ANYTHING).text.contains("buckets"));
    }
}
