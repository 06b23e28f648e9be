//! `tagproof review`.

use indexmap::IndexMap;
use matrix::{Cell, Prepared, Results};
use source::{FileId, Span};
use tagproof::write;

use super::answers::Answers;
use super::scenarios;
use crate::args::Review;
use crate::exit::Exit;
use crate::output;

/// Pages on which it stands how a request is decided.
const DENY_ALLOW: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Confirm,
    Leave,
}

pub(crate) fn review(arguments: &Review) -> anyhow::Result<Exit> {
    let Some(mut prepared) = scenarios::load_quietly(&arguments.scenario)? else { return Ok(Exit::NotRun) };
    let file = scenarios::one(&arguments.scenario)?;
    let mut results = matrix::predict(&prepared)?;
    let all = marks(&results).len();
    if all == 0 {
        say("No prediction is unconfirmed.")?;
        return Ok(Exit::AsExpected);
    }
    let mut answers = Answers::of_stdin();
    let (mut at, mut confirmed) = (0, 0);
    // A mark that is taken away moves those behind it: the file is read again each time.
    for number in 1..=all {
        let Some((mark, cells)) =
            marks(&results).get_index(at).map(|(mark, cells)| (*mark, shown(&prepared, &results, cells)))
        else {
            break;
        };
        say(&format!("\nPrediction {number} of {all}  ({})\n\n{}", prepared.sources.locate(mark), cells.text))?;
        let Some(because) = cells.because else {
            say("It is not what is predicted now: change the expectation, or the template.")?;
            at += 1;
            continue;
        };
        match answers.ask("confirm it? (y/n, q quits)", answer)? {
            None => break,
            Some(Answer::Leave) => at += 1,
            Some(Answer::Confirm) => {
                confirm(&prepared, &file, mark, &because, &cells.page)?;
                confirmed += 1;
                let Some(again) = scenarios::load_quietly(&file)? else { return Ok(Exit::NotRun) };
                prepared = again;
                results = matrix::predict(&prepared)?;
            }
        }
    }
    say(&format!("\n{confirmed} of {all} confirmed; {} left", marks(&results).len()))?;
    Ok(Exit::AsExpected)
}

/// The cells of each prediction, by where its mark stands.
fn marks(results: &Results) -> IndexMap<Span, Vec<&Cell>> {
    let mut all: IndexMap<Span, Vec<&Cell>> = IndexMap::new();
    for cell in &results.cells {
        if let Some(mark) = cell.expectation.predicted {
            all.entry(mark).or_default().push(cell);
        }
    }
    all.sort_by(|one, _, other, _| one.start.cmp(&other.start));
    all
}

/// A prediction for somebody to judge.
struct Shown {
    text: String,
    /// Why; None: it is no longer what comes out.
    because: Option<String>,
    page: String,
}

fn shown(prepared: &Prepared, results: &Results, cells: &[&Cell]) -> Shown {
    let odd = cells.iter().find(|cell| !cell.ok && cell.outcome.why_not_run().is_none());
    let first = odd.or(cells.first());
    let mut text = String::new();
    for cell in cells {
        let name = |of: &str| source::escaped(of).into_owned();
        text.push_str(&format!(
            "  {} / {} / {}\n",
            name(&results.options[cell.option].name),
            name(&results.callers[cell.caller].name),
            name(&results.requests[cell.request].name)
        ));
    }
    text.push('\n');
    text.extend(first.map(|cell| report::explanation(prepared, results, cell)));
    let page = first.map_or(DENY_ALLOW, |cell| page(cell)).to_owned();
    text.push_str(&format!("\nPage      {page}\n"));
    let mut reasons: Vec<&str> = cells.iter().map(|cell| cell.reason.as_str()).collect();
    reasons.dedup();
    Shown { text, because: odd.is_none().then(|| reasons.join("; ")), page }
}

/// The page that says how the cell is decided: that of the service's fact, else of the key whose condition decides.
fn page(cell: &Cell) -> &'static str {
    let Some(recorded) = &cell.recorded else { return DENY_ALLOW };
    if let Some(fact) = recorded.decision.fact {
        return fact.page;
    }
    let deciding = recorded.decision.deciding();
    let all = || deciding.iter().flat_map(|(_, statement)| &statement.conditions);
    let condition = all().find(|condition| !condition.holds).or_else(|| all().next());
    condition.and_then(|condition| catalog::key(&condition.key)).map_or(DENY_ALLOW, report::page_of_key)
}

fn confirm(prepared: &Prepared, file: &std::path::Path, mark: Span, because: &str, page: &str) -> anyhow::Result<()> {
    let text = prepared.sources.get(FileId(0)).map(source::Source::text).unwrap_or_default();
    let place = mark.start as usize..mark.end as usize;
    let changed = init::confirmed(text, place, because, page);
    let changed = changed.ok_or_else(|| anyhow::anyhow!("the mark at {} is gone", prepared.sources.locate(mark)))?;
    write::over(file, &changed)
}

fn answer(line: &str) -> Option<Answer> {
    match line.to_ascii_lowercase().as_str() {
        "y" | "yes" => Some(Answer::Confirm),
        "n" | "no" => Some(Answer::Leave),
        _ => None,
    }
}

fn say(text: &str) -> anyhow::Result<()> {
    Ok(output::data(&report::laid_out(text, output::page()))?)
}
