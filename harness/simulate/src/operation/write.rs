//! How the answer to a call is written.

use policy::Kind;

use super::{CallAnswer, once};
use crate::Answer;
use crate::answer::{json, separated};

impl CallAnswer {
    /// `{"id":…,"decision":…,"by":[…],"refusal":{…},"notes":[…]}`, with everything that was asked and its traces if they
    /// are wanted. The id is JSON already.
    pub(crate) fn write(&self, id: &str, with_trace: bool, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"id\":");
        out.extend_from_slice(id.as_bytes());
        out.push(b',');
        self.members(out);
        if with_trace {
            self.asked(with_trace, out);
        }
        out.extend_from_slice(b"}\n");
    }

    /// The same for one call by hand: without an id, with the reason of the refusal, the mends of the call, and everything
    /// that was asked.
    #[must_use]
    pub fn json(&self, with_trace: bool) -> String {
        let mut out = b"{".to_vec();
        self.members(&mut out);
        let refusal = self.refusal();
        out.extend_from_slice(b",\"reason\":");
        json(&refusal.map(|answer| answer.decision.reason(&answer.request)), &mut out);
        out.extend_from_slice(b",\"mends\":");
        json(&self.mends(), &mut out);
        self.asked(with_trace, &mut out);
        out.extend_from_slice(b"}\n");
        String::from_utf8_lossy(&out).into_owned()
    }

    fn members(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"\"decision\":\"");
        out.extend_from_slice(self.verdict().name().as_bytes());
        out.extend_from_slice(b"\",\"by\":[");
        separated(self.by().iter(), out, |kind, out| json(Kind::name(kind), out));
        out.push(b']');
        if let Some(Answer { request, .. }) = self.refusal() {
            out.extend_from_slice(b",\"refusal\":{\"action\":");
            json(&request.action, out);
            out.extend_from_slice(b",\"resource\":");
            json(&request.resource, out);
            out.push(b'}');
        }
        out.extend_from_slice(b",\"notes\":[");
        let rows = self.asked.iter().flat_map(|answer| answer.decision.notes.iter()).map(|row| row.id);
        separated(once(rows.chain(self.every_note())).into_iter(), out, json);
        out.push(b']');
    }

    fn asked(&self, with_trace: bool, out: &mut Vec<u8>) {
        out.extend_from_slice(b",\"asked\":[");
        separated(self.asked.iter(), out, |answer, out| answer.write_asked(with_trace, out));
        out.push(b']');
    }
}
