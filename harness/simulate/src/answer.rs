//! What becomes of a question, and how it is written.

use policy::{Decision, Kind, Mend, Request};
use serde::Serialize;

use crate::{Fault, Note};

/// The answer to a question.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What was asked, with the keys that were filled in.
    pub request: Request,
    /// What was decided.
    pub decision: Decision,
    /// What else there is to know: first the keys that are left out because AWS never sends them.
    pub notes: Vec<Note>,
}

impl Answer {
    /// What else there is to know, and the undocumented rows that the decision rests on.
    pub fn notes(&self) -> impl Iterator<Item = &str> {
        self.notes.iter().map(|note| note.text.as_str()).chain(self.decision.notes.iter().map(|row| row.id))
    }

    /// What would turn the decision, what keeps the guard first. Nothing without a trace; nothing for a request that AWS
    /// never sees, of an action that it does not have or on a resource that the action is never authorised on.
    #[must_use]
    pub fn mends(&self) -> Vec<Mend> {
        let (action, resource) = (&self.request.action, &self.request.resource);
        let is_never_on =
            |action: catalog::Action| action.rows_on(resource).is_empty() || action.misses_account(resource).is_some();
        if catalog::action(action).is_none_or(is_never_on) {
            return Vec::new();
        }
        self.decision.mends(&self.request, &catalog::Catalog)
    }

    /// `{"id":…,"decision":…,"by":[…],"fact":…,"notes":[…]}`, the fact only if it rests on one; with the trace if there is
    /// one. The id is JSON already.
    pub(crate) fn write(&self, id: &str, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"id\":");
        out.extend_from_slice(id.as_bytes());
        out.push(b',');
        self.members(out);
        if let Some(trace) = &self.decision.trace {
            out.extend_from_slice(b",\"trace\":");
            json(trace, out);
        }
        out.extend_from_slice(b"}\n");
    }

    /// The same for one question by hand: without an id, with reason and mends, and with the trace if it is wanted.
    #[must_use]
    pub fn json(&self, with_trace: bool) -> String {
        let mut out = b"{".to_vec();
        self.members(&mut out);
        out.extend_from_slice(b",\"reason\":");
        json(&self.decision.reason(&self.request), &mut out);
        out.extend_from_slice(b",\"mends\":");
        json(&self.mends(), &mut out);
        if let Some(trace) = self.decision.trace.as_ref().filter(|_| with_trace) {
            out.extend_from_slice(b",\"trace\":");
            json(trace, &mut out);
        }
        out.extend_from_slice(b"}\n");
        String::from_utf8_lossy(&out).into_owned()
    }

    /// `{"action":…,"resource":…,"decision":…,"by":[…],"notes":[…],"trace":…}`, as one of what a call asks; with the trace
    /// if it is wanted.
    pub(crate) fn write_asked(&self, with_trace: bool, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"action\":");
        json(&self.request.action, out);
        out.extend_from_slice(b",\"resource\":");
        json(&self.request.resource, out);
        out.push(b',');
        self.members(out);
        if let Some(trace) = self.decision.trace.as_ref().filter(|_| with_trace) {
            out.extend_from_slice(b",\"trace\":");
            json(trace, out);
        }
        out.push(b'}');
    }

    fn members(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"\"decision\":\"");
        out.extend_from_slice(self.decision.verdict.name().as_bytes());
        out.extend_from_slice(b"\",\"by\":[");
        separated(self.decision.by.iter(), out, |kind, out| {
            out.push(b'"');
            out.extend_from_slice(Kind::name(kind).as_bytes());
            out.push(b'"');
        });
        out.push(b']');
        if let Some(fact) = self.decision.fact {
            out.extend_from_slice(b",\"fact\":");
            json(fact.id, out);
        }
        out.extend_from_slice(b",\"notes\":[");
        separated(self.notes(), out, json);
        out.push(b']');
    }
}

/// `{"id":…,"error":{"line":…,"message":…}}`: the first of what is wrong; the rest follows under `also`.
pub(crate) fn write_error(id: &str, number: u64, line: &str, faults: &[Fault], out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"id\":");
    out.extend_from_slice(id.as_bytes());
    out.extend_from_slice(b",\"error\":");
    let told = |fault: &Fault| ErrorLine {
        line: None,
        column: fault.at.map(|at| line.get(..at).map_or(at, |before| before.chars().count()) + 1),
        message: fault.message.clone(),
        help: fault.help.clone(),
        also: Vec::new(),
    };
    let mut all = faults.iter().map(told);
    let mut first = all.next().unwrap_or_default();
    first.line = Some(number);
    first.also = all.collect();
    json(&first, out);
    out.extend_from_slice(b"}\n");
}

/// An error as a line tells it.
#[derive(Default, Serialize)]
struct ErrorLine {
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    /// Counted in characters, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also: Vec<ErrorLine>,
}

pub(crate) fn separated<T>(items: impl Iterator<Item = T>, out: &mut Vec<u8>, mut one: impl FnMut(T, &mut Vec<u8>)) {
    for (at, item) in items.enumerate() {
        if at > 0 {
            out.push(b',');
        }
        one(item, out);
    }
}

pub(crate) fn json<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) {
    // Texts, numbers and lists of them: nothing that JSON cannot hold, and a vector takes it all.
    let _ = serde_json::to_writer(out, value);
}
