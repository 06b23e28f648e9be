//! `who-can --batch`: questions as JSON Lines, each answered with a line, in order.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufRead, BufReader, Write};
use std::num::NonZero;
use std::path::Path;
use std::thread::{self, ScopedJoinHandle};

use access::{Answer, Asker, Fault, Index, Unanswered, WhoCan};
use prove::Options;
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::output;

/// Members of a line.
const MEMBERS: [&str; 5] = ["id", "action", "resource", "resourceAccount", "principal"];
/// Lines that are read before they are answered.
const BLOCK: usize = 4096;

pub(super) fn batch(path: &Path, index: &Index<'_>, options: &Options) -> anyhow::Result<Exit> {
    let input: Box<dyn BufRead> = match path.to_str() {
        Some("-") => Box::new(io::stdin().lock()),
        _ => Box::new(BufReader::new(matrix::read::open(path, path)?)),
    };
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let mut askers: Vec<Asker<'_, '_>> = (0..workers).map(|_| Asker::new(index, options)).collect();
    let mut out = io::stdout().lock();
    let (mut all, mut bad) = (0, 0);
    let mut lines = (1..).zip(input.lines()).peekable();
    while lines.peek().is_some() {
        let mut block = Vec::new();
        for (number, text) in lines.by_ref().take(BLOCK) {
            block.push(Line { number, text: text? });
        }
        block.retain(|line| !line.text.trim().is_empty());
        all += block.len();
        for (answer, is_bad) in answered(&block, &mut askers)? {
            bad += usize::from(is_bad);
            writeln!(out, "{}", source::escaped_lines(&answer))?;
        }
        out.flush()?;
    }
    if bad == 0 {
        return Ok(Exit::AsExpected);
    }
    output::note(&format!("{bad} of {all} lines could not be answered"));
    Ok(Exit::NotRun)
}

struct Line {
    number: u64,
    text: String,
}

/// What a line asks.
struct AskedLine {
    id: Option<Value>,
    question: WhoCan,
    principal: Option<String>,
}

/// Answers lines on every core, in order; second, whether one could not be answered. The same question always goes to the
/// same core, which remembers what it has proved.
fn answered(lines: &[Line], askers: &mut [Asker<'_, '_>]) -> anyhow::Result<Vec<(String, bool)>> {
    let read: Vec<_> = lines.iter().map(|line| read(&line.text)).collect();
    let workers = askers.len() as u64;
    let work = |at: u64, asker: &mut Asker<'_, '_>| {
        let mut done = Vec::new();
        for (place, read) in read.iter().enumerate() {
            let Ok(AskedLine { id, question, principal }) = read else { continue };
            if core(question, workers) == at {
                let answers = asker.answers(question, principal.as_deref());
                done.push((place, answers.map(|answers| told(id.as_ref(), &answers))));
            }
        }
        done
    };
    let done: Vec<_> = thread::scope(|scope| {
        let work = &work;
        let started: Vec<_> =
            (0..).zip(askers.iter_mut()).map(|(at, asker)| scope.spawn(move || work(at, asker))).collect();
        let join = |one: ScopedJoinHandle<'_, _>| one.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        started.into_iter().flat_map(join).collect()
    });
    let faulty = |place: usize, faults: &[Fault]| (error(&lines[place], faults).to_string(), true);
    let mut answers = vec![(String::new(), false); lines.len()];
    for (place, read) in read.iter().enumerate() {
        if let Err(faults) = read {
            answers[place] = faulty(place, faults);
        }
    }
    for (place, told) in done {
        answers[place] = match told {
            Ok(told) => (told, false),
            Err(Unanswered::Faults(faults)) => faulty(place, &faults),
            Err(Unanswered::Disagreement(disagreement)) => return Err(disagreement.into()),
        };
    }
    Ok(answers)
}

fn core(question: &WhoCan, workers: u64) -> u64 {
    let mut hasher = DefaultHasher::new();
    question.hash(&mut hasher);
    hasher.finish() % workers
}

fn read(line: &str) -> Result<AskedLine, Vec<Fault>> {
    let faulty = |message: String| vec![Fault::new(message)];
    let read: Value = serde_json::from_str(line).map_err(|error| faulty(format!("the line is not JSON: {error}")))?;
    let Some(members) = read.as_object() else { return Err(faulty("the line is not an object".to_owned())) };
    let mut faults: Vec<Fault> = members.keys().filter_map(|name| unknown(name)).collect();
    let mut text = |name: &str, is_required: bool| {
        match members.get(name) {
            Some(Value::String(text)) => return Some(text.clone()),
            Some(_) => faults.push(Fault::new(format!("`{name}` should be text"))),
            None if is_required => faults.push(Fault::new(format!("the line has no `{name}`"))),
            None => {}
        }
        None
    };
    let (action, resource) = (text("action", true), text("resource", true));
    let (account, principal) = (text("resourceAccount", false), text("principal", false));
    match (action, resource) {
        (Some(action), Some(resource)) if faults.is_empty() => {
            let question = WhoCan { action, resource, account };
            Ok(AskedLine { id: members.get("id").cloned(), question, principal })
        }
        _ => Err(faults),
    }
}

fn unknown(name: &str) -> Option<Fault> {
    if MEMBERS.contains(&name) {
        return None;
    }
    let fault = Fault::new(format!("`{}` is not a key of a line", policy::plain(name)));
    Some(match source::suggest(name, MEMBERS) {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None => fault.help(format!("there are {}", MEMBERS.join(", "))),
    })
}

/// `{"id": 1, "answers": […]}`
fn told(id: Option<&Value>, answers: &[Answer]) -> String {
    let answers: Vec<Value> = answers.iter().map(Answer::json).collect();
    json!({"id": id, "answers": answers}).to_string()
}

fn error(line: &Line, faults: &[Fault]) -> Value {
    let id = serde_json::from_str::<Value>(&line.text).ok().and_then(|line| line.get("id").cloned());
    let one = |fault: &Fault| match &fault.help {
        Some(help) => json!({"message": fault.message, "help": help}),
        None => json!({"message": fault.message}),
    };
    json!({"id": id, "line": line.number, "error": faults.iter().map(one).collect::<Vec<_>>()})
}
