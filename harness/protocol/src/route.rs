//! Which operation of a REST service a request is.

use model::{Member, MemberLocation, Model, Operation, Segment};

use crate::fault::Malformed;
use crate::message::{Message, Request};
use crate::rest::{self, Query, fits};

/// A request whose operation is known, with its query string read once for all that is asked of it.
#[derive(Clone, Debug)]
pub struct Routed<'m> {
    /// The operation.
    pub operation: &'m Operation,
    model: &'m Model,
    query: Query,
}

impl Routed<'_> {
    /// The parameters of the query string that the operation does not have.
    pub fn unexplained_parameters(&self) -> impl Iterator<Item = &str> {
        rest::unexplained_parameters(self.model, self.operation, &self.query)
    }

    /// Whether a parameter is missing that the operation cannot be without.
    #[must_use]
    pub fn lacks_parameter(&self) -> bool {
        rest::lacks_parameter(self.model, self.operation, &self.query)
    }

    /// The members of the operation's input, as [`decode_request`](crate::decode_request) gives them. `request` is the one
    /// that was routed, by now with its body.
    ///
    /// # Errors
    /// The request does not fit the operation, or says more than the operation has.
    pub fn decode(&self, request: &Request) -> Result<Message, Malformed> {
        rest::decode_request(self.model, self.model.protocol, self.operation, &self.query, request)
    }
}

/// The operation of a REST service that a request is: by its method and path, by what its query string must have, and
/// by the parameters and headers without which an operation cannot be. `is_here`: which operations come into question.
///
/// `None`: the service has no such operation, or the query string is not UTF-8 or has more
/// parameters than any has.
#[must_use]
pub fn route<'m>(model: &'m Model, request: &Request, is_here: impl Fn(&Operation) -> bool) -> Option<Routed<'m>> {
    let query = rest::parse_query(&request.query).ok()?;
    let fits = |operation: &&Operation| {
        operation.http.method == request.method.as_str()
            && operation.http.query.iter().all(|literal| has(&query, literal))
            && fits(&operation.http.path, &request.path, |_| {})
            && is_here(operation)
    };
    let ranked = model.operations().filter(fits).map(|operation| (rank(model, operation, &query, request), operation));
    let (_, operation) = ranked.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    Some(Routed { operation, model, query })
}

fn has(query: &Query, (name, value): &(String, Option<String>)) -> bool {
    query.iter().any(|(given, text)| given == name && value.as_deref().is_none_or(|value| value == text))
}

/// Of several operations it is the one that needs most of the request. The parameters that its query string must have count
/// first. Then comes whether all that it requires is there, then how much that is, then how much of its path is fixed. Of
/// equals the first by name counts, and nothing rests on it: what the others need is then unexplained.
fn rank(model: &Model, operation: &Operation, query: &Query, request: &Request) -> (usize, bool, usize, usize) {
    let required = model.input(operation).into_iter().flat_map(|input| input.required());
    let (mut is_whole, mut needed) = (true, 0);
    for is_given in required.filter_map(|(own, member)| is_given(own, member, query, request)) {
        is_whole &= is_given;
        needed += 1;
    }
    let literal = |segment: &Segment| match segment {
        Segment::Literal(text) => text.len(),
        Segment::Label(_) | Segment::Greedy(_) => 0,
    };
    (operation.http.query.len(), is_whole, needed, operation.http.path.iter().map(literal).sum())
}

/// Whether a member outside path and body is given.
fn is_given(own: &str, member: &Member, query: &Query, request: &Request) -> Option<bool> {
    let name = member.wire_name.as_deref().unwrap_or(own);
    match member.place {
        MemberLocation::Query => Some(query.iter().any(|(given, _)| given == name)),
        MemberLocation::Header => Some(request.headers.contains_key(name)),
        _ => None,
    }
}
