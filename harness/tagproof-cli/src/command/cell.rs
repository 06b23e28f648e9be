//! Which cell three words name, in any order that leaves no doubt.

use matrix::{Cell, Results};

/// What a cell is named by, in the order that help and errors say.
const AXES: [&str; 3] = ["option", "caller", "request"];
/// Every order of three words.
const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

/// The cell that the words name: an option, a caller and a request, by their names or by a matrix's letters and numbers.
pub(super) fn find<'r>(results: &'r Results, words: &[&str]) -> anyhow::Result<&'r Cell> {
    let names = names(results);
    let &[_, _, _] = words else { return Err(unknown(&names, words)) };
    // `order[axis]` is the word that names it.
    let named = |order: &[usize; 3]| {
        let mut at = [0; 3];
        for axis in 0..3 {
            at[axis] = position(&names, axis, words[order[axis]])?;
        }
        Some(at)
    };
    let mut found: Vec<[usize; 3]> = ORDERS.iter().filter_map(named).collect();
    match named(&ORDERS[0]) {
        Some(_) => found.truncate(1),
        None => {
            found.sort_unstable();
            found.dedup();
        }
    }
    match found[..] {
        [[option, caller, request]] => {
            results.cell(option, caller, request).ok_or_else(|| anyhow::anyhow!("the scenario has no such cell"))
        }
        [] => Err(unknown(&names, words)),
        _ => anyhow::bail!(
            "`{}` can be read in several ways\nhelp: write OPTION CALLER REQUEST in this order",
            words.join(" ")
        ),
    }
}

fn names(results: &Results) -> [Vec<&str>; 3] {
    let options = results.options.iter().map(|option| option.name.as_str()).collect();
    let [callers, requests] =
        [&results.callers, &results.requests].map(|all| all.iter().map(|one| one.name.as_str()).collect());
    [options, callers, requests]
}

/// A name goes before a label.
fn position(names: &[Vec<&str>; 3], axis: usize, word: &str) -> Option<usize> {
    let label = || match axis {
        1 => report::caller_at(word),
        2 => report::request_at(word),
        _ => None,
    };
    let names = &names[axis];
    names.iter().position(|name| *name == word).or_else(|| label().filter(|&at| at < names.len()))
}

/// What is wrong with words that name no cell: those that name nothing, or what is missing.
fn unknown(names: &[Vec<&str>; 3], words: &[&str]) -> anyhow::Error {
    let axes = |word: &str| -> Vec<usize> { (0..3).filter(|&axis| position(names, axis, word).is_some()).collect() };
    let mut lines: Vec<String> =
        words.iter().filter(|word| axes(word).is_empty()).map(|word| near(names, word)).collect();
    if words.is_empty() {
        lines.push("a cell has an option, a caller and a request".to_owned());
    } else if lines.is_empty() {
        let is = |word: &&str| {
            format!("`{word}` is {}", axes(word).into_iter().map(article).collect::<Vec<_>>().join(" and "))
        };
        lines.push(words.iter().map(is).collect::<Vec<_>>().join(", "));
    }
    let missing = (0..3).filter(|&axis| !words.iter().any(|word| axes(word).contains(&axis)));
    let known = missing.map(|axis| format!("\n{}s: {}", AXES[axis], labelled(axis, &names[axis])));
    let help = "\nhelp: name an OPTION, a CALLER and a REQUEST; the letters and numbers of the matrix name them too";
    anyhow::anyhow!("{}{}{help}", lines.join("\n"), known.collect::<String>())
}

/// Names with their letters or numbers in the matrix: `a billing, b other`.
fn labelled(axis: usize, names: &[&str]) -> String {
    let label = |at| match axis {
        1 => report::caller_label(at) + " ",
        2 => report::request_label(at) + " ",
        _ => String::new(),
    };
    let labelled = names.iter().enumerate().map(|(at, name)| format!("{}{name}", label(at)));
    labelled.collect::<Vec<_>>().join(", ")
}

/// `` there is no option, caller or request `taged`; did you mean option `tagged`? ``
fn near(names: &[Vec<&str>; 3], word: &str) -> String {
    let all = names.iter().enumerate().flat_map(|(axis, names)| names.iter().map(move |name| (axis, *name)));
    let near = source::suggest(word, all.clone().map(|(_, name)| name));
    let near = near.and_then(|near| all.clone().find(|(_, name)| *name == near));
    let near = near.map(|(axis, name)| format!("; did you mean {} `{name}`?", AXES[axis])).unwrap_or_default();
    format!("there is no option, caller or request `{word}`{near}")
}

const fn article(axis: usize) -> &'static str {
    match axis {
        0 => "an option",
        1 => "a caller",
        _ => "a request",
    }
}
