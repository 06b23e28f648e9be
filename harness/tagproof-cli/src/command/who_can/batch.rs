//! `who-can --batch`: questions as JSON Lines, each answered with a line, in order.

use std::io;
use std::num::NonZero;
use std::ops::AddAssign;
use std::path::Path;
use std::thread;

use access::{Answer, Asker, Fault, Index, Unanswered, WhoCan};
use prove::Options;
use serde_json::json;
use simulate::{Shares, answer_line, members, stream};
use source::Entry;

use super::is_open;
use crate::command::{proving, text};
use crate::exit::Exit;

/// Members of a line.
const MEMBERS: [&str; 5] = ["id", "action", "resource", "resourceAccount", "principal"];
/// What a worker gets at a time: a few questions, each of which may be about thousands of callers.
const CHUNK: usize = 4 << 10;

pub(super) fn batch(path: &Path, index: &Index<'_>, options: &Options) -> anyhow::Result<Exit> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let shares = Shares { workers, chunk: CHUNK };
    let answers = || {
        let mut asker = Asker::new(index, options);
        move |line: &[u8], number: u64, out: &mut Vec<u8>| {
            let mut undecided = 0;
            let was_answered = answer_line(line, number, out, |text, is_readable| {
                let (id, answers) = answer(text, is_readable, &mut asker);
                undecided = u64::from(answers.iter().flatten().any(is_open));
                (id, answers.map(|answers| json!({"answers": answers.iter().map(Answer::json).collect::<Vec<_>>()})))
            });
            Became { lines: 1, undecided, bad: u64::from(!was_answered) }
        }
    };
    let Became { lines, undecided, bad } = stream(text::lines(path)?, io::stdout(), shares, answers)?;
    proving::note_lines(lines, bad, undecided);
    Ok(if bad + undecided == 0 { Exit::AsExpected } else { Exit::NotRun })
}

/// What became of some lines.
#[derive(Default)]
struct Became {
    lines: u64,
    /// Those of which something was not settled.
    undecided: u64,
    /// Those that could not be answered.
    bad: u64,
}

impl AddAssign for Became {
    fn add_assign(&mut self, other: Self) {
        self.lines += other.lines;
        self.undecided += other.undecided;
        self.bad += other.bad;
    }
}

/// What a line asks.
struct AskedLine {
    question: WhoCan,
    principal: Option<String>,
}

/// The id of a line as JSON, and who can.
fn answer<'l>(
    text: &'l str,
    is_readable: Result<(), Vec<Fault>>,
    asker: &mut Asker<'_, '_>,
) -> (&'l str, Result<Vec<Answer>, Vec<Fault>>) {
    let line = match is_readable.and_then(|()| members(text)) {
        Ok(line) => line,
        Err(faults) => return ("null", Err(faults)),
    };
    let written = |entry: &Entry| text.get(entry.value.span.start as usize..entry.value.span.end as usize);
    let id = line.entries().iter().find(|entry| entry.key == "id").and_then(written);
    let answers = read(line.entries()).and_then(|AskedLine { question, principal }| {
        asker.answers(&question, principal.as_deref()).map_err(|why| match why {
            Unanswered::Faults(faults) => faults,
            Unanswered::Disagreement(disagreement) => vec![Fault::new(disagreement.to_string())],
        })
    });
    (id.unwrap_or("null"), answers)
}

fn read(members: &[Entry]) -> Result<AskedLine, Vec<Fault>> {
    let mut faults: Vec<Fault> = members.iter().filter_map(unknown).collect();
    let mut text = |name: &str, is_required: bool| {
        match members.iter().find(|entry| entry.key == name).map(|entry| &entry.value) {
            Some(node) => match &node.value {
                source::Value::String(text) => return Some(text.clone()),
                _ => faults.push(Fault { at: Some(node.span.start as usize), ..wrong(name) }),
            },
            None if is_required => faults.push(Fault::new(format!("the line has no `{name}`"))),
            None => {}
        }
        None
    };
    let (action, resource) = (text("action", true), text("resource", true));
    let (account, principal) = (text("resourceAccount", false), text("principal", false));
    match (action, resource) {
        (Some(action), Some(resource)) if faults.is_empty() => {
            Ok(AskedLine { question: WhoCan { action, resource, account }, principal })
        }
        _ => Err(faults),
    }
}

fn wrong(name: &str) -> Fault {
    Fault::new(format!("`{name}` should be text"))
}

fn unknown(entry: &Entry) -> Option<Fault> {
    let name = &*entry.key;
    if MEMBERS.contains(&name) {
        return None;
    }
    let fault = Fault::new(format!("`{}` is not a key of a line", policy::plain(name)));
    let fault = match source::suggest(name, MEMBERS) {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None => fault.help(format!("there are {}", MEMBERS.join(", "))),
    };
    Some(Fault { at: Some(entry.key_span.start as usize), ..fault })
}
