//! `tagproof learn`.

mod symptoms;

use std::path::{Path, PathBuf};

use matrix::{Prepared, Results};
use report::quiz;

use crate::args::Learn;
use crate::exit::Exit;
use crate::output;

use super::answers::Answers;
use super::{scenarios, text};

/// A guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Allowed,
    Denied,
}

pub(crate) fn learn(arguments: &Learn) -> anyhow::Result<Exit> {
    let mut answers = Answers::of_stdin();
    let Some(paths) = chosen(&arguments.what.join(" "), &mut answers)? else { return Ok(Exit::AsExpected) };
    let [path, others @ ..] = &paths[..] else { return Ok(Exit::AsExpected) };
    let Some(prepared) = scenarios::load_quietly(path)? else { return Ok(Exit::NotRun) };
    ask(&prepared, &mut answers)?;
    for other in others {
        let name = other.file_name().unwrap_or(other.as_os_str()).to_string_lossy();
        say(&format!("The same symptom: `tagproof learn {name}`"))?;
    }
    Ok(Exit::AsExpected)
}

/// The scenarios that some words name, or those of a symptom. None: nothing was chosen.
fn chosen(what: &str, answers: &mut Answers) -> anyhow::Result<Option<Vec<PathBuf>>> {
    if what.is_empty() {
        return symptoms::choose(symptoms::all()?, answers);
    }
    let error = match scenarios::find(Path::new(what)) {
        Ok(path) => return Ok(Some(vec![path])),
        Err(error) => error,
    };
    let mut all = symptoms::all().unwrap_or_default();
    if let Some(at) = what.parse::<usize>().ok().and_then(|number| number.checked_sub(1)).filter(|at| *at < all.len()) {
        return Ok(Some(symptoms::paths(&all.swap_remove(at))));
    }
    all.retain(|symptom| symptom.has(what));
    match &all[..] {
        [] => Err(error),
        [one] => Ok(Some(symptoms::paths(one))),
        _ => symptoms::choose(all, answers),
    }
}

fn ask(prepared: &Prepared, answers: &mut Answers) -> anyhow::Result<()> {
    let results = matrix::predict(prepared)?;
    let cells = quiz::questions(&results);
    anyhow::ensure!(
        !cells.is_empty(),
        "there is nothing to guess in {}: its cells are decided only when it is run\nhelp: `tagproof run {}`",
        prepared.name,
        prepared.name
    );
    let readme = prepared.folder.join("README.md");
    let text = text::of_file(&readme, text::LARGEST).unwrap_or_default();
    say(&begin(&results, &text))?;
    let (mut right, mut asked) = (0, 0);
    for (at, cell) in cells.iter().enumerate() {
        say(&format!("\nQuestion {} of {}\n\n{}", at + 1, cells.len(), quiz::question(&results, cell)))?;
        let Some(guess) = answers.ask("allowed or denied? (a/d, q quits)", answer)? else { break };
        let is_right = quiz::is_allowed(cell) == Some(guess == Answer::Allowed);
        (right, asked) = (right + usize::from(is_right), asked + 1);
        say(&format!("\n{}", quiz::told(cell, is_right)))?;
    }
    say(&end(&results, (right, asked, cells.len()), quiz::instead(&text).map(|heading| (readme, heading))))
}

/// What somebody saw; the title says what came of it, and waits.
fn begin(results: &Results, readme: &str) -> String {
    let story = quiz::story(readme);
    if story.is_empty() { results.title.clone() } else { story }
}

fn end(results: &Results, (right, asked, all): (usize, usize, usize), instead: Option<(PathBuf, &str)>) -> String {
    let score = if asked == 0 { "no answers".to_owned() } else { format!("{right} of {asked} right") };
    let left = if asked < all { format!("; {} not answered", all - asked) } else { String::new() };
    let mut text = format!("\n{score}{left}\n\nWhat it shows: {}\n", results.title);
    if let Some((path, heading)) = instead {
        text.push_str(&format!("{heading}: {}\n", matrix::lexical(&path).display()));
    }
    text
}

fn answer(line: &str) -> Option<Answer> {
    match line.to_ascii_lowercase().as_str() {
        "a" | "allow" | "allowed" => Some(Answer::Allowed),
        "d" | "deny" | "denied" => Some(Answer::Denied),
        _ => None,
    }
}

fn say(text: &str) -> anyhow::Result<()> {
    Ok(output::data(&report::laid_out(text, output::page()))?)
}
