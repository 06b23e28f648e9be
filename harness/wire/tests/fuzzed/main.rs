//! What the fuzz targets of the wire in `fuzz/` look for, on the inputs that they kept, and on requests as they were signed.
//! The targets include the same files.

#![expect(unreachable_pub, reason = "a test has no outside")]

#[cfg(test)]
mod call;
#[cfg(test)]
mod chunked;
#[cfg(test)]
#[expect(dead_code, reason = "other tests use all of it")]
#[path = "../served/client.rs"]
mod client;
#[cfg(test)]
mod headers;
#[cfg(test)]
mod json;
#[cfg(test)]
#[path = "../../../policy/tests/fuzzed/kept.rs"]
mod kept;
#[cfg(test)]
mod part;
#[cfg(test)]
mod query;
#[cfg(test)]
mod request_line;
#[cfg(test)]
#[path = "../served/signed.rs"]
mod signed;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod xml;

use part::{Part, Signed};

#[test]
fn request_lines() {
    part("request_line", Part::RequestLine, request_line::check);
}

#[test]
fn headers() {
    part("headers", Part::Headers, headers::check);
}

#[test]
fn bodies_in_chunks() {
    part("chunked", Part::Body, chunked::check);
}

#[test]
fn query() {
    replay("query", query::check, &call::inputs(&query::calls()));
}

#[test]
fn json() {
    replay("json", json::check, &call::inputs(&json::calls()));
}

#[test]
fn xml() {
    replay("xml", xml::check, &call::inputs(&xml::calls()));
}

/// The same of a part, of which each request is decided on as it was signed.
#[track_caller]
fn part(target: &str, part: Part, check: fn(&[u8])) {
    let mut signed = Signed::new(part);
    let [inputs, unsigned] = signed.inputs();
    for input in &inputs {
        assert!(signed.check(input), "{}", input.escape_ascii());
    }
    replay(target, check, &[inputs, unsigned].concat());
}

/// The target's corpus, and the inputs that it began with.
#[track_caller]
fn replay(target: &str, check: fn(&[u8]), first: &[Vec<u8>]) {
    first.iter().for_each(|input| check(input));
    kept::replay(target, check);
}
