//! Values for every member of a structure, with text that bites.

use model::{MemberLocation, Model, ShapeId, ShapeKind, Structure};
use protocol::Message;
use serde_json::{Map, Value, json};

/// Needs escaping in forms, paths, query strings, XML and JSON alike.
const TEXT: &str = "é+&<%/ \"a\"";

/// The same for headers, which are ASCII.
const TEXT_IN_HEADERS: &str = "+&<%/ \"a\"";

/// A message with every member that the structure has. Events are left out: they are a stream of their own.
pub(crate) fn message(model: &Model, structure: Option<&Structure>) -> Message {
    let mut message = Message::default();
    let Some(structure) = structure else { return message };
    for (name, member) in &structure.members {
        let kind = &model.shape(member.shape).kind;
        let value = match (member.place, kind) {
            (_, ShapeKind::Blob) if structure.payload.as_ref() == Some(name) => {
                message.payload = bytes::Bytes::from_static(b"\x00payload\xff");
                continue;
            }
            (MemberLocation::Status, _) => json!(200),
            (MemberLocation::Header, ShapeKind::List(_)) => json!(["a", "b, \"c\""]),
            // A bucket with a slash can be read as an object.
            (MemberLocation::Path, _) if name == "Bucket" => json!(TEXT.replace('/', "")),
            (MemberLocation::Header, ShapeKind::String) => json!(TEXT_IN_HEADERS),
            (MemberLocation::Headers, _) => json!({"one": "1", "two": "2"}),
            (MemberLocation::Query, ShapeKind::Map(_)) => json!({"one": "1"}),
            _ => match value(model, member.shape, &mut Vec::new()) {
                Some(value) => value,
                None => continue,
            },
        };
        message.members.insert(name.clone(), value);
    }
    message
}

/// `None`: the shape is one of those around it, or a stream of events.
fn value(model: &Model, id: ShapeId, around: &mut Vec<ShapeId>) -> Option<Value> {
    if around.contains(&id) {
        return None;
    }
    around.push(id);
    let value = match &model.shape(id).kind {
        ShapeKind::Structure(structure) if structure.is_document => Some(json!({"any": ["thing", 1]})),
        // Nor can a form carry a structure in which there is nothing.
        ShapeKind::Structure(structure) if structure.is_event_stream || structure.members.is_empty() => None,
        ShapeKind::Structure(structure) => {
            let members = structure.members.iter();
            let members =
                members.filter_map(|(name, member)| Some((name.clone(), value(model, member.shape, around)?)));
            Some(Value::Object(members.collect::<Map<_, _>>()))
        }
        ShapeKind::List(list) => value(model, list.item.shape, around).map(|item| json!([item, item])),
        ShapeKind::Map(map) => value(model, map.value.shape, around).map(|value| json!({"k&1": value, "k2": value})),
        ShapeKind::String => Some(json!(TEXT)),
        ShapeKind::Blob => Some(json!("4pyTAA==")),
        ShapeKind::Boolean => Some(json!(true)),
        ShapeKind::Integer => Some(json!(-7)),
        ShapeKind::Float => Some(json!(1.5)),
        ShapeKind::Timestamp(_) => Some(json!("2026-11-30T12:00:00Z")),
    };
    around.pop();
    value
}
