//! What a scenario teaches against AWS's catalogue of actions and keys: a contradiction is told with both named.

use std::collections::BTreeMap;

use matrix::{Cell, Results};
use policy::trace::Flag;

/// How a `because` tells that a key is not there without naming it.
const TELLS_ABSENCE: [&str; 6] = ["absent", "never", "carr", "passes no", "lists no", "not available"];

/// What is wrong with the pages that expectations cite: each has one of AWS's documentation.
pub(crate) fn pages(results: &Results) -> Vec<String> {
    let mut faults = Vec::new();
    for cell in &results.cells {
        let because = cell.expectation.because.as_deref().unwrap_or("no `because`");
        let fault = match cell.expectation.see.as_deref() {
            None => format!("`{because}` has no `see:`; name the page of AWS's that says so"),
            Some(see) if !see.starts_with("https://docs.aws.amazon.com/") => {
                format!("`{because}` cites {see}; cite a page under https://docs.aws.amazon.com/")
            }
            Some(_) => continue,
        };
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }
    faults
}

/// The sentences of a text that the catalogue contradicts: `s3:GetObject never carries aws:TagKeys`, `ACTION carries no KEY`,
/// `ACTION carries KEY`.
pub(crate) fn sentences(text: &str) -> Vec<String> {
    let trim = |word| str::trim_matches(word, |c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = text.split_whitespace().map(trim).collect();
    let mut faults = Vec::new();
    for (at, _) in words.iter().enumerate().filter(|(_, word)| **word == "carries") {
        let before = |steps: usize| at.checked_sub(steps).map(|at| words[at]);
        let never = before(1) == Some("never");
        let no = words.get(at + 1) == Some(&"no");
        let action = before(if never { 2 } else { 1 }).and_then(catalog::action);
        let key = words.get(at + if no { 2 } else { 1 }).and_then(|word| catalog::key(word).or_else(|| family(word)));
        let (Some(action), Some(key)) = (action, key) else { continue };
        if action.never_carries(key) != (never || no) {
            let (says, has) = if never || no { ("carries no", "lists it") } else { ("carries", "does not list it") };
            let (name, pattern) = (action.name(), key.pattern());
            faults.push(format!("it says that {name} {says} {pattern}; {} {has}", reference(name)));
        }
    }
    faults
}

/// Where AWS says which keys the requests for an action carry.
fn reference(action: &str) -> String {
    let service = catalog::action(action).map_or("its service", |action| action.service().name());
    format!("the page of {service} under docs.aws.amazon.com/service-authorization/latest/reference/")
}

fn because(cell: &Cell) -> Option<&str> {
    cell.expectation.because.as_deref()
}

/// A key of tags without its part after the slash: `aws:RequestTag`.
fn family(word: &str) -> Option<catalog::Key> {
    catalog::key(&format!("{word}/any"))
}

/// The keys that an option's conditions ask for and no request of its cells ever carries, where no expectation of the scenario
/// names them, and none of the option tells that something is absent: its readers are not told why nothing comes of it.
pub(crate) fn unnamed(results: &Results) -> Vec<String> {
    let mut faults = Vec::new();
    for (at, option) in results.options.iter().enumerate() {
        let cells: Vec<_> = results.cells.iter().filter(|cell| cell.option == at).collect();
        let mut never: BTreeMap<String, (bool, &str)> = BTreeMap::new();
        for recorded in cells.iter().filter_map(|cell| cell.recorded.as_ref()) {
            let policies = recorded.decision.trace.iter().flat_map(|trace| &trace.policies);
            for condition in policies.flat_map(|policy| &policy.statements).flat_map(|statement| &statement.conditions)
            {
                let name = condition.key.split('/').next().unwrap_or_default().to_owned();
                let seen = never.entry(name).or_insert((true, &recorded.request.action));
                seen.0 &= condition.has(Flag::NeverCarried);
            }
        }
        let tells = |text: &str| TELLS_ABSENCE.iter().any(|words| text.contains(words));
        if cells.iter().filter_map(|cell| because(cell)).any(tells) {
            continue;
        }
        let names = |key: &str| results.cells.iter().any(|cell| because(cell).is_some_and(|text| text.contains(key)));
        for (key, (_, action)) in never.iter().filter(|(_, (is_never, _))| *is_never) {
            if !names(key) {
                faults.push(format!(
                    "option `{}`: {action} never carries {key} ({}), and no `because` tells; say there that the request never \
                     carries it, or use a key that it carries",
                    option.name,
                    reference(action)
                ));
            }
        }
    }
    faults
}
