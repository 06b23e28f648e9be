//! Calls with any body: signed with another one they are refused, and signed as they are they are read.
//!
//! An input is a number of the call, with its highest bit set when the body is signed as it is, and the body.

use http::{HeaderMap, Method};

use crate::client::{ClientRequest, raw, root, signature};
use crate::stage::{HOST, Stage, WHOLE};

pub struct Call<'a> {
    pub service: &'static str,
    /// What is called; empty: the body says it.
    pub operation: &'static str,
    /// With a body that can be read.
    pub request: ClientRequest<'a>,
}

const SIGNED_AS_IT_IS: u8 = 0x80;

pub fn check(stage: &Stage, calls: &[Call<'_>], input: &[u8]) {
    let Some((first, body)) = input.split_first() else { return };
    let call = &calls[usize::from(first & !SIGNED_AS_IT_IS) % calls.len()];
    let request = call.with(body);
    stage.reset();
    if first & SIGNED_AS_IT_IS == 0 {
        let of_another = signature(HOST, call.service, &root(), &call.request);
        let decided = stage.send(&raw(HOST, &request, &of_another), WHOLE).decided;
        assert!(body == call.request.body || decided.is_empty(), "{decided:#?} on {}", body.escape_ascii());
        return;
    }
    let allowed = call.actions(body);
    for one in stage.signed(call.service, &request).decided {
        assert!(allowed.contains(&one.action.as_str()), "{} on {}, not {allowed:?}", one.action, body.escape_ascii());
    }
}

/// The calls as they are signed, and each signed with another body.
pub fn inputs(calls: &[Call<'_>]) -> Vec<Vec<u8>> {
    let mut inputs = Vec::new();
    for (number, call) in calls.iter().enumerate() {
        for first in [number as u8, number as u8 | SIGNED_AS_IT_IS] {
            inputs.push([&[first], call.request.body].concat());
        }
    }
    inputs
}

impl<'a> Call<'a> {
    fn with(&self, body: &'a [u8]) -> ClientRequest<'a> {
        ClientRequest { headers: self.request.headers.clone(), body, ..self.request }
    }

    /// What the operation may be checked as.
    fn actions(&self, body: &[u8]) -> Vec<&'static str> {
        let operation = match self.operation {
            "" => named(body),
            operation => operation.to_owned(),
        };
        let Some(operation) = catalog::operation(&format!("{}:{operation}", self.service)) else { return Vec::new() };
        let of_version = operation.of_version().unwrap_or_else(|| operation.clone());
        let own = operation.actions().iter().chain(of_version.actions()).map(|action| action.name());
        let others = operation.needs().iter().flat_map(|one| [Some(one.action), one.or]).flatten();
        own.chain(others.map(|action| action.name())).collect()
    }
}

/// The operation that a form names.
fn named(body: &[u8]) -> String {
    let (query, body) = (String::new(), body.to_vec().into());
    let request =
        protocol::Request { method: Method::POST, path: "/".to_owned(), query, headers: HeaderMap::new(), body };
    protocol::Form::of(&request).map_or(String::new(), |form| form.action)
}
