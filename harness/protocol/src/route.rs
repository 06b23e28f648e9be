//! Which operation of a REST service a request is.

use model::{Member, MemberLocation, Model, Operation, Segment};

use crate::message::Request;
use crate::rest::{Query, fits, parse_query};

/// The operation of a REST service that a request is: by its method and path, by what its query string must have, and
/// by the parameters and headers without which an operation cannot be. `is_here`: which operations come into question.
///
/// `None`: the service has no such operation, or the query string is not UTF-8 or has more
/// parameters than any has.
#[must_use]
pub fn route<'m>(model: &'m Model, request: &Request, is_here: impl Fn(&Operation) -> bool) -> Option<&'m Operation> {
    let query = parse_query(&request.query).ok()?;
    let fits = |operation: &&Operation| {
        operation.http.method == request.method.as_str()
            && operation.http.query.iter().all(|literal| has(&query, literal))
            && fits(&operation.http.path, &request.path, |_| {})
            && is_here(operation)
    };
    let ranked = model.operations().filter(fits).map(|operation| (rank(model, operation, &query, request), operation));
    ranked.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, operation)| operation)
}

fn has(query: &Query<'_>, (name, value): &(String, Option<String>)) -> bool {
    query.iter().any(|(given, text)| given == name && value.as_deref().is_none_or(|value| value == text))
}

/// Of several operations it is the one that needs most of the request. The parameters that its query string must have count
/// first. Then comes whether all that it requires is there, then how much that is, then how much of its path is fixed. Of
/// equals the first by name counts, and nothing rests on it: what the others need is then unexplained.
fn rank(model: &Model, operation: &Operation, query: &Query<'_>, request: &Request) -> (usize, bool, usize, usize) {
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
fn is_given(own: &str, member: &Member, query: &Query<'_>, request: &Request) -> Option<bool> {
    let name = member.wire_name.as_deref().unwrap_or(own);
    match member.place {
        MemberLocation::Query => Some(query.iter().any(|(given, _)| given == name)),
        MemberLocation::Header => Some(request.headers.contains_key(name)),
        _ => None,
    }
}
