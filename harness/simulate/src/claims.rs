//! A stream of claims: of each line, whether it holds, or the request that shows otherwise.

use std::borrow::Cow;
use std::io::{self, Read, Write};
use std::ops::AddAssign;

use prove::{Claim, Options, Settled, Verdict};
use serde_json::Value;
use source::{FileId, Finding};

use crate::batch::answer_line;
use crate::cache::Cache;
use crate::claimed::{Claimed, condition};
use crate::line::{Reader, no_json};
use crate::scan::Scan;
use crate::stream::{Shares, stream};
use crate::{Fault, Question, Simulator};

const MEMBERS: &[&str] =
    &["id", "claim", "action", "resource", "principal", "resourceAccount", "when", "unless", "policies"];
/// What a worker gets at a time: a few claims, each of which takes milliseconds.
const CHUNK: usize = 4 << 10;

/// What became of a stream of claims.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proved {
    /// Lines, without blank ones.
    pub lines: u64,
    /// Those whose claim a request contradicts.
    pub failed: u64,
    /// Those that were not settled.
    pub undecided: u64,
    /// Those that could not be answered.
    pub bad: u64,
}

impl AddAssign for Proved {
    fn add_assign(&mut self, other: Self) {
        self.lines += other.lines;
        self.failed += other.failed;
        self.undecided += other.undecided;
        self.bad += other.bad;
    }
}

/// Settles the claim in each line of `input` with a line of `output`, in order, on so many cores.
///
/// A line is `{"id","claim","action","resource","principal","resourceAccount","when","unless","policies"}`: `claim` is `never` or
/// `always`, `action` and `resource` are a text or a list of texts, `when` and `unless` are conditions as they stand in a
/// policy, and the rest is as in the lines of [`batch`](crate::batch). Without `principal` the claim is about
/// everybody. `options` is called as a line begins, so that a time limit is of that line.
///
/// # Errors
/// The input cannot be read, or the output cannot be written.
pub fn prove_lines(
    input: impl Read,
    output: impl Write + Send,
    workers: usize,
    options: &(impl Fn() -> Options + Sync),
) -> io::Result<Proved> {
    stream(input, output, Shares { workers, chunk: CHUNK }, || {
        let mut simulator = Simulator::new(None);
        move |line: &[u8], number: u64, out: &mut Vec<u8>| answer(line, number, &mut simulator, &options(), out)
    })
}

fn answer(line: &[u8], number: u64, simulator: &mut Simulator<'_>, options: &Options, out: &mut Vec<u8>) -> Proved {
    let mut became = Proved { lines: 1, ..Proved::default() };
    let was_answered = answer_line(line, number, out, |text, is_readable| {
        let (id, read) = read(text, &mut simulator.cache);
        let verdict = is_readable.and(read).and_then(|claim| claim.settle(simulator, options));
        let json = verdict.map(|verdict| {
            became.failed = u64::from(matches!(verdict, Verdict::Found { .. }));
            became.undecided = u64::from(matches!(verdict, Verdict::Undecided { .. }));
            verdict.json()
        });
        (id, json)
    });
    became.bad = u64::from(!was_answered);
    became
}

/// What a line claims.
struct ClaimLine<'a> {
    claim: Claim,
    actions: Vec<String>,
    resources: Vec<String>,
    when: Option<Value>,
    unless: Option<Value>,
    /// Who asks, and the policies.
    question: Question<'a>,
    is_about_everybody: bool,
}

impl ClaimLine<'_> {
    fn settle(self, simulator: &mut Simulator<'_>, options: &Options) -> Result<Verdict, Vec<Fault>> {
        let Self { claim, actions, resources, when, unless, question, is_about_everybody } = self;
        let claimed = Claimed::new(prove::Asked { claim, actions, when, unless })?;
        let principal = if is_about_everybody { "anonymous" } else { &*question.principal };
        let mut questions = Vec::new();
        for resource in &resources {
            let on = claimed.on(resource, |action| {
                simulator.prepare(Question {
                    principal: principal.into(),
                    action: action.name().into(),
                    resource: resource.into(),
                    resource_account: question.resource_account.clone(),
                    context: Vec::new(),
                    attached: question.attached.clone(),
                })
            })?;
            match is_about_everybody {
                true => questions.extend(claimed.of_everybody(&on)?),
                false => questions.push(claimed.of_caller(on, Some(principal), |_| Settled::Open)?),
            }
        }
        let (verdict, _) = claimed.settle(&questions, options).map_err(|fault| vec![Fault::new(fault.to_string())])?;
        Ok(verdict)
    }
}

/// The id of a line as JSON, `null` without one, and what it claims.
fn read<'a>(text: &'a str, cache: &mut Cache) -> (&'a str, Result<ClaimLine<'a>, Vec<Fault>>) {
    let mut reader = ClaimReader::new(cache);
    let mut scan = Scan::new(text);
    let whole = scan.object(|scan, key, at| reader.member(scan, &key, at)).and_then(|()| scan.end());
    let id = reader.rest.id.unwrap_or("null");
    match whole {
        Some(()) => (id, reader.claim()),
        None => (id, Err(vec![no_json(text)])),
    }
}

struct ClaimReader<'a, 'c> {
    /// What a line has that every question has.
    rest: Reader<'a, 'c>,
    claim: Option<Claim>,
    actions: Vec<String>,
    resources: Vec<String>,
    when: Option<Value>,
    unless: Option<Value>,
    seen: Vec<&'static str>,
}

impl<'a, 'c> ClaimReader<'a, 'c> {
    fn new(cache: &'c mut Cache) -> Self {
        Self {
            rest: Reader::new(cache),
            claim: None,
            actions: Vec::new(),
            resources: Vec::new(),
            when: None,
            unless: None,
            seen: Vec::new(),
        }
    }

    fn member(&mut self, scan: &mut Scan<'a>, key: &str, at: usize) -> Option<()> {
        let Some(member) = MEMBERS.iter().find(|name| **name == key) else {
            return self.rest.unknown(scan, "a claim", key, at, MEMBERS);
        };
        if self.seen.contains(member) {
            return None;
        }
        self.seen.push(member);
        match *member {
            "claim" => self.claim = self.never_or_always(scan)?,
            "action" => self.actions = self.texts(scan, "action")?,
            "resource" => self.resources = self.texts(scan, "resource")?,
            "when" => self.when = self.condition(scan, "when")?,
            "unless" => self.unless = self.condition(scan, "unless")?,
            of_question => return self.rest.member(scan, of_question, at),
        }
        Some(())
    }

    fn never_or_always(&mut self, scan: &mut Scan<'a>) -> Option<Option<Claim>> {
        let at = scan.at();
        let raw = scan.raw()?;
        let claim = match raw {
            r#""never""# => Some(Claim::Never),
            r#""always""# => Some(Claim::Always),
            _ => None,
        };
        if claim.is_none() {
            self.rest.fault(Fault::new("`claim` should be `never` or `always`").at(at));
        }
        Some(claim)
    }

    /// A text, or a list of texts.
    fn texts(&mut self, scan: &mut Scan<'a>, name: &str) -> Option<Vec<String>> {
        let mut texts = Vec::new();
        match scan.peek()? {
            b'[' => scan.list(|scan| {
                texts.extend(self.rest.text(scan, name)?.map(Cow::into_owned));
                Some(())
            })?,
            _ => texts.extend(self.rest.text(scan, name)?.map(Cow::into_owned)),
        }
        Some(texts)
    }

    /// `None` inside: a fault says why there is none.
    fn condition(&mut self, scan: &mut Scan<'a>, name: &str) -> Option<Option<Value>> {
        let at = scan.at();
        let raw = scan.raw()?;
        let errors: Vec<_> = source::json::read(FileId(0), raw).1.into_iter().filter(Finding::is_error).collect();
        let is_json = errors.is_empty();
        errors.into_iter().for_each(|finding| self.rest.fault(Fault::found(finding, at)));
        let value = serde_json::from_str(raw).ok().filter(|_| is_json);
        match value.map(|value| condition(&format!("`{name}`"), value)) {
            Some(Ok(condition)) => return Some(Some(condition)),
            Some(Err(fault)) => self.rest.fault(fault.at(at)),
            None => {}
        }
        Some(None)
    }

    fn claim(self) -> Result<ClaimLine<'a>, Vec<Fault>> {
        let Self { mut rest, claim, actions, resources, when, unless, seen } = self;
        for name in ["claim", "action", "resource"].into_iter().filter(|name| !seen.contains(name)) {
            rest.fault(Fault::new(format!("the line has no `{name}`")));
        }
        for (name, texts) in [("action", &actions), ("resource", &resources)] {
            if texts.is_empty() && rest.faults.is_empty() {
                rest.fault(Fault::new(format!("`{name}` is empty")));
            }
        }
        let is_about_everybody = !seen.contains(&"principal");
        if is_about_everybody && !rest.question.attached.is_of_resource_alone() {
            let fault = Fault::new("the line has no `principal`");
            rest.fault(fault.help("only where the resource's policy is the only one can a claim be about everybody"));
        }
        let Reader { question, faults, .. } = rest;
        match claim {
            Some(claim) if faults.is_empty() => {
                Ok(ClaimLine { claim, actions, resources, when, unless, question, is_about_everybody })
            }
            _ => Err(faults),
        }
    }
}

#[cfg(test)]
mod tests;
