//! What S3 answers.

use bytes::Bytes;
use serde_json::{Map, Value};

/// One answer of S3: its members under AWS's names, times as RFC 3339 text; and the content of an object, which is no member.
/// Which of them become headers and which elements is the wire's business.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// The members that are there.
    pub members: Map<String, Value>,
    /// The content of an object.
    pub body: Bytes,
}

impl From<Value> for Reply {
    /// Members that are null, however deep, are none.
    fn from(mut value: Value) -> Self {
        drop_nulls(&mut value);
        let members = if let Value::Object(members) = value { members } else { Map::new() };
        Self { members, body: Bytes::new() }
    }
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, value| !value.is_null());
            members.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}
