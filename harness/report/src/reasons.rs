//! Why cells came out as they did: each distinct reason once, with the cells it holds for.

use indexmap::IndexMap;
use matrix::{Cell, Expectation, Outcome, Results, TaskRun};
use policy::undocumented::Notes;
use source::{escaped, escaped_lines};

use crate::label::{caller_label, request_label};
use crate::mark::mark;
use crate::page::Page;

/// The outcome in a few words.
pub(crate) fn outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Allowed => "allowed".to_owned(),
        Outcome::ImplicitlyDenied => "implicitly denied".to_owned(),
        Outcome::ExplicitlyDenied => "explicitly denied".to_owned(),
        Outcome::NotSetUp { code, message } => format!("not set up, {code}: {message}"),
        Outcome::CommandFailed { exit_code, message } => format!("{exit_code}: {message}"),
        Outcome::Error { status, code, message } => format!("{status} {code}: {message}"),
        Outcome::NotStarted { call, code, message } if call.starts_with("sts:") => {
            format!("no session, {call} gave {code}: {message}")
        }
        Outcome::NotStarted { call, code, message } => format!("not started, {call} gave {code}: {message}"),
        Outcome::NoCredentials { why } => format!("no credentials: {why}"),
        Outcome::NotAdmitted { code, message } => format!("not started, broker gave {code}: {message}"),
        Outcome::Unsupported { why } => format!("unsupported: {why}"),
        Outcome::NotRun { why } => format!("not run: {why}"),
    }
}

/// A README has so many lines of reasons.
const MOST: usize = 70;

/// Why each denial and each surprising allow came about, for a README: of very many reasons those that come first, and how many
/// are left out.
#[must_use]
pub fn reasons(results: &Results) -> String {
    let groups = groups(results, Page::FILE);
    let mut length = 0;
    let shown = groups.iter().take_while(|lines| {
        length += lines.len();
        length <= MOST
    });
    let shown: Vec<_> = shown.collect();
    let mut lines: Vec<String> = shown.iter().copied().flatten().cloned().collect();
    match groups.len() - shown.len() {
        0 => {}
        left => lines.push(format!("… {left} more; `tagproof run {} -v` prints all", results.scenario)),
    }
    lines.iter().map(|line| escaped(line)).collect::<Vec<_>>().join("\n")
}

/// Why each denial and each surprising allow came about, in the order in which the matrix first needs it.
pub(crate) fn lines(results: &Results, page: Page) -> Vec<String> {
    groups(results, page).concat()
}

/// The same, the lines of each reason by themselves.
fn groups(results: &Results, page: Page) -> Vec<Vec<String>> {
    let mut groups: IndexMap<_, Vec<&Cell>> = IndexMap::new();
    for cell in results.cells.iter().filter(|cell| needs_reason(cell)) {
        let notes = cell.recorded.as_ref().map(|recorded| recorded.decision.notes).unwrap_or_default();
        groups.entry((mark(&cell.outcome), cell.reason.as_str(), notes)).or_default().push(cell);
    }
    let shown = |((mark, reason, notes), cells): ((&str, &str, Notes), Vec<&Cell>)| {
        shown(results, page, mark, reason, notes, &cells)
    };
    groups.into_iter().map(shown).collect()
}

/// What became of the tasks whose own commands were run, each distinct end once.
pub(crate) fn tasks(results: &Results, page: Page) -> Vec<String> {
    let mut groups: IndexMap<&TaskRun, Vec<&Cell>> = IndexMap::new();
    for (cell, task) in results.cells.iter().filter_map(|cell| Some((cell, cell.task.as_ref()?))) {
        groups.entry(task).or_default().push(cell);
    }
    let mut lines = Vec::new();
    for (task, cells) in groups {
        lines.extend(places(results, &cells).iter().flat_map(|place| fold(page, place)));
        lines.extend(fold(page, &ended(task)).into_iter().map(|line| format!("    {line}")));
        lines.extend(printed(&task.output).into_iter().map(|line| format!("    | {line}")));
    }
    lines
}

/// `exit code 1, stopped: Essential container in task exited (EssentialContainerExited)`
pub(crate) fn ended(task: &TaskRun) -> String {
    let code = task.exit_code.map_or_else(|| "never started".to_owned(), |code| format!("exit code {code}"));
    format!("{code}, stopped: {} ({})", task.stopped_reason, task.stop_code)
}

/// Of what was printed, no more than a reader wants to see.
pub(crate) fn printed(output: &str) -> Vec<String> {
    const LINES: usize = 12;
    const LONGEST: usize = 300;
    let cut = |line: &str| match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    };
    let lines: Vec<String> = output.lines().map(cut).collect();
    if lines.len() <= LINES {
        return lines;
    }
    let (first, last) = (&lines[..LINES / 2], &lines[lines.len() - LINES / 2..]);
    let left_out = format!("… {} lines more …", lines.len() - LINES);
    first.iter().cloned().chain([left_out]).chain(last.iter().cloned()).collect()
}

/// What the scenario expects, with the pages that it cites, in the same order.
pub(crate) fn expectations(results: &Results, page: Page) -> Vec<String> {
    let mut groups: IndexMap<_, Vec<&Cell>> = IndexMap::new();
    for cell in &results.cells {
        let Expectation { expected, because, see, predicted, .. } = &cell.expectation;
        let because = because.as_deref().or_else(|| predicted.map(|_| "a prediction that nobody has confirmed"));
        groups.entry((expected.word(), because, see.as_deref())).or_default().push(cell);
    }
    let mut lines = Vec::new();
    for ((word, because, see), cells) in groups {
        lines.extend(places(results, &cells).iter().flat_map(|place| hang(page, &format!("{word} "), place)));
        lines.extend(
            because
                .map(|because| fold(page, because))
                .into_iter()
                .flatten()
                .chain(see.map(str::to_owned))
                .map(|line| format!("    {line}")),
        );
    }
    lines
}

/// Whether it is a denial, or a surprising allow.
pub(crate) fn needs_reason(cell: &Cell) -> bool {
    cell.outcome != Outcome::Allowed || is_surprising(cell)
}

/// An Allow that holds for another reason than its author may think: a condition is true because its key is missing,
/// and the like.
pub(crate) fn is_surprising(cell: &Cell) -> bool {
    let trace = cell.recorded.as_ref().and_then(|recorded| recorded.decision.trace.as_ref());
    let statements = trace.into_iter().flat_map(|trace| &trace.policies).flat_map(|policy| &policy.statements);
    let mut matched = statements.filter(|statement| statement.matched);
    matched.any(|statement| statement.conditions.iter().any(|condition| !condition.flags.is_empty()))
}

pub(crate) fn shown(
    results: &Results,
    page: Page,
    mark: &str,
    reason: &str,
    notes: Notes,
    cells: &[&Cell],
) -> Vec<String> {
    let mut lines: Vec<String> =
        places(results, cells).iter().flat_map(|place| hang(page, &format!("{mark} "), place)).collect();
    lines.extend(fold(page, reason).into_iter().map(|line| format!("    {line}")));
    for row in notes.iter() {
        let text = format!("AWS does not say: {}. Here {} ({})", row.situation, row.choice, row.id);
        lines.extend(fold(page, &text).into_iter().map(|line| format!("    {line}")));
    }
    lines
}

/// `every option: a-g 3`, or a line for each set of columns: `request-tag, resource-tag: a-g 1,2`.
pub(crate) fn places(results: &Results, cells: &[&Cell]) -> Vec<String> {
    let mut columns: IndexMap<usize, Vec<(usize, usize)>> = IndexMap::new();
    for cell in cells {
        columns.entry(cell.option).or_default().push((cell.caller, cell.request));
    }
    let mut options: IndexMap<String, Vec<usize>> = IndexMap::new();
    for (option, columns) in columns {
        options.entry(spell(&columns)).or_default().push(option);
    }
    let name = |option: usize| results.options[option].name.as_str();
    options
        .into_iter()
        .map(|(columns, options)| match options.len() {
            all if all == results.options.len() => format!("every option: {columns}"),
            _ => format!("{}: {columns}", options.into_iter().map(name).collect::<Vec<_>>().join(", ")),
        })
        .collect()
}

/// Callers with the same requests together: `a-c,e 1,2; d 1`.
fn spell(columns: &[(usize, usize)]) -> String {
    let mut requests: IndexMap<usize, Vec<usize>> = IndexMap::new();
    for &(caller, request) in columns {
        requests.entry(caller).or_default().push(request);
    }
    let mut callers: IndexMap<Vec<usize>, Vec<usize>> = IndexMap::new();
    for (caller, requests) in requests {
        callers.entry(requests).or_default().push(caller);
    }
    let part = |(requests, callers)| format!("{} {}", ranges(callers, caller_label), ranges(requests, request_label));
    callers.into_iter().map(part).collect::<Vec<_>>().join("; ")
}

/// Ascending numbers, runs of three and more as `first-last`.
fn ranges(numbers: Vec<usize>, label: impl Fn(usize) -> String) -> String {
    let mut parts = Vec::new();
    let mut rest = numbers.as_slice();
    while let Some(&first) = rest.first() {
        let run = rest.iter().enumerate().take_while(|&(at, &number)| number == first + at).count();
        match run {
            1 | 2 => parts.extend(rest[..run].iter().map(|&number| label(number))),
            _ => parts.push(format!("{}-{}", label(first), label(rest[run - 1]))),
        }
        rest = &rest[run..];
    }
    parts.join(",")
}

/// Folded under a head that stands once.
pub(crate) fn hang(page: Page, head: &str, text: &str) -> Vec<String> {
    hang_at(page.text(), head, text)
}

/// The same beside a head, where lines have so many columns.
pub(crate) fn hang_at(columns: usize, head: &str, text: &str) -> Vec<String> {
    let width = head.chars().count();
    let lines = fold_at(columns, text).into_iter().enumerate();
    lines.map(|(at, line)| format!("{:width$}{line}", if at == 0 { head } else { "" })).collect()
}

/// Breaks at spaces so that lines fit on the page where a word allows it.
pub(crate) fn fold(page: Page, text: &str) -> Vec<String> {
    fold_at(page.text(), text)
}

pub(crate) fn fold_at(columns: usize, text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    // A space that is not the usual one is no place to fold at, and must not get lost.
    for word in escaped_lines(text).split_whitespace() {
        let Some(line) = lines.last_mut() else { continue };
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > columns {
            lines.push(word.to_owned());
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_spelt_as_runs() {
        let check = |columns: &[(usize, usize)], expected: &str| assert_eq!(spell(columns), expected);
        check(&[(0, 0)], "a 1");
        check(&[(0, 0), (0, 1), (1, 0), (1, 1)], "a,b 1,2");
        check(&[(0, 0), (1, 0), (2, 0), (4, 0)], "a-c,e 1");
        check(&[(0, 0), (1, 1), (2, 0)], "a,c 1; b 2");
        check(&[(0, 0), (0, 1), (0, 2), (0, 3)], "a 1-4");
        check(&[(27, 0)], "ab 1");
    }

    #[test]
    fn a_long_reason_is_folded_at_spaces() {
        for page in [60, 80, 120].map(Page::new) {
            let long = "a".repeat(page.text());
            assert_eq!(fold(page, &format!("{long} b c")), [long, "b c".to_owned()]);
            assert_eq!(fold(page, ""), [""]);
        }
    }
}
