//! Requests that clients could send, each with a few places changed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use model::{MemberLocation, Model, Operation, ShapeId, ShapeKind, Structure};
use proptest::prelude::*;
use protocol::{Message, Request, decode_request, encode_request};
use serde_json::{Map, Value, json};

use crate::codec::{self, SERVICES};

/// What readers take differently, if they do: between bars.
const TEXTS: &str = "|a|0|1|-1|3.0|1e3|true|null|NaN|é|\u{1}|\r\n| a |..|/|a/b|%2F|+|&a=b|<a/>|AAA=|1796040000.5\
    |2026-11-30T12:00:00.123456789Z|Mon, 30 Nov 2026 12:00:00 GMT";

/// What a place of a request is changed to: between bars.
const CHANGES: &str = "|&|=|.|,|;|/|//|/../|?|%|%00|%2F|%2e%2e|+| |\"|'|\\|\u{feff}|é|0|1|01|-|null|true|[|{|}|<|>|</|<!--x-->\
    |<![CDATA[x]]>|&amp;|&#x1;|xmlns='x'|member|1.5";

fn between_bars(texts: &'static str, at: impl Fn(usize) -> usize) -> &'static str {
    texts.split('|').nth(at(texts.split('|').count())).unwrap_or_default()
}

/// Where a request is changed, with what, and how much of it goes away there.
type Change = (u8, prop::sample::Index, prop::sample::Index, usize);

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_read_is_written_so_that_it_is_read_as_the_same(
        service in 0..SERVICES.len(),
        operation: prop::sample::Index,
        choices in prop::collection::vec(any::<u8>(), 1..60),
        changes in prop::collection::vec((any::<u8>(), any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..3_usize), 0..4),
    ) {
        let (model, protocol) = &SERVICES[service];
        let operations: Vec<&Operation> = model.operations().filter(|one| !one.is_deprecated).collect();
        let operation = operations[operation.index(operations.len())];
        let message = Choices(choices.iter().cycle()).message(model, model.input(operation));
        let Ok(mut request) = encode_request(model, *protocol, operation, &message) else { return Ok(()) };
        // Whatever is written can be read.
        let read = decode_request(model, *protocol, operation, &request);
        prop_assert!(read.is_ok(), "{} {}: {read:?} of {message:?} in {request:?}", model.name, operation.name);
        for change in changes {
            changed(&mut request, change);
        }
        if let Some(operation) = codec::operation(model, *protocol, &request) {
            codec::canonical(model, *protocol, operation, &request);
        }
        codec::check(&codec::text(u8::try_from(service).unwrap(), &request));
    }
}

fn changed(request: &mut Request, (part, at, to, length): Change) {
    let to = between_bars(CHANGES, |count| to.index(count));
    let changed = |text: &[u8]| {
        let at = at.index(text.len() + 1);
        let after = text.get(at + length..).unwrap_or_default();
        [&text[..at], to.as_bytes(), after].concat()
    };
    let changed_text = |text: &str| String::from_utf8_lossy(&changed(text.as_bytes())).into_owned();
    match part % 4 {
        0 => request.path = changed_text(&request.path),
        1 => request.query = changed_text(&request.query),
        2 => {
            let count = request.headers.len().max(1);
            if let Some(value) = request.headers.values_mut().nth(at.index(count))
                && let Ok(other) = http::HeaderValue::from_bytes(&changed(value.as_bytes()))
            {
                *value = other;
            }
        }
        _ => request.body = changed(&request.body).into(),
    }
}

/// Bytes that say which of the possible members there are, one after the other.
struct Choices<I>(I);

impl<'c, I: Iterator<Item = &'c u8>> Choices<I> {
    fn one_of(&mut self, count: usize) -> usize {
        self.0.next().map_or(0, |&byte| usize::from(byte) % count)
    }

    fn text(&mut self) -> String {
        let choice = self.0.next().map_or(0, |&byte| usize::from(byte));
        between_bars(TEXTS, |count| choice % count).to_owned()
    }

    fn message(&mut self, model: &Model, structure: Option<&Structure>) -> Message {
        let mut message = Message::default();
        let Some(structure) = structure else { return message };
        for (name, member) in &structure.members {
            let is_given = member.place == MemberLocation::Path || self.one_of(3) > 0;
            let is_blob = matches!(model.shape(member.shape).kind, ShapeKind::Blob);
            if is_blob && structure.payload.as_ref() == Some(name) {
                message.payload = Bytes::from(self.text());
            } else if is_given {
                message.members.insert(name.clone(), self.value(model, member.shape, 0));
            }
        }
        message
    }

    fn value(&mut self, model: &Model, shape: ShapeId, depth: usize) -> Value {
        match &model.shape(shape).kind {
            ShapeKind::Structure(structure) if structure.is_document => json!({"any": [self.text(), 1]}),
            ShapeKind::Structure(structure) => {
                let given = structure.members.iter().filter(|_| depth < 6 && self.one_of(3) == 0).collect::<Vec<_>>();
                let members =
                    given.into_iter().map(|(name, member)| (name.clone(), self.value(model, member.shape, depth + 1)));
                Value::Object(members.collect())
            }
            ShapeKind::List(list) => {
                let count = if depth < 6 { self.one_of(3) } else { 0 };
                (0..count).map(|_| self.value(model, list.item.shape, depth + 1)).collect()
            }
            ShapeKind::Map(map) => {
                let count = if depth < 6 { self.one_of(3) } else { 0 };
                let entries = (0..count).map(|_| (self.text(), self.value(model, map.value.shape, depth + 1)));
                Value::Object(entries.collect::<Map<_, _>>())
            }
            ShapeKind::String => json!(self.text()),
            ShapeKind::Blob => json!(STANDARD.encode(self.text())),
            ShapeKind::Boolean => json!(self.one_of(2) == 0),
            ShapeKind::Integer => json!([0, -7, i64::MAX, i64::MIN][self.one_of(4)]),
            ShapeKind::Float => {
                [json!(0), json!(-1.5), json!(1e300), json!("NaN"), json!("-Infinity")][self.one_of(5)].clone()
            }
            ShapeKind::Timestamp(_) => {
                [json!("2026-11-30T12:00:00Z"), json!("0001-01-01T00:00:00.001Z"), json!(1.5), json!(-1)]
                    [self.one_of(4)]
                .clone()
            }
        }
    }
}
