//! What is decided on is what the account reads of a request; what is sent on is all of it. So every member that AWS's model
//! has is read by the account, refused as a feature that is not here, or without effect.

use std::collections::BTreeSet;

use account::Fault;
use account::operation::Row;
use bytes::Bytes;
use model::{S3, ShapeId, ShapeKind};
use serde_json::{Map, Value, json};
use testkit::{ACCOUNT, Kit, root};

use crate::operations::OPERATIONS;
use crate::request::{Functions, Request};
use crate::unsupported::UNSUPPORTED;

/// Members on which no decision rests, and nothing that the account keeps. Sums and lengths of a body are checked before.
const WITHOUT_EFFECT: &[&str] = &[
    "BucketKeyEnabled",
    "ConfirmRemoveSelfBucketAccess",
    "ContentLength",
    "ContentMD5",
    "MFA",
    "MaxParts",
    "MpuObjectSize",
    "OptionalObjectAttributes",
    "PartNumberMarker",
    "RequestPayer",
];

/// The paths to the members of a shape, by names: `Delete.Objects.Key`.
fn paths(shape: ShapeId, around: &[String], found: &mut Vec<Vec<String>>) {
    match &S3.shape(shape).kind {
        ShapeKind::Structure(structure) => {
            for (name, member) in &structure.members {
                let path = [around, std::slice::from_ref(name)].concat();
                let before = found.len();
                paths(member.shape, &path, found);
                // A structure is what its members are.
                if found.len() == before {
                    found.push(path);
                }
            }
        }
        ShapeKind::List(list) => paths(list.item.shape, around, found),
        _ => {}
    }
}

/// An input in which the member at this path has a value that no member can have.
fn absurd(shape: ShapeId, path: &[String]) -> Value {
    match &S3.shape(shape).kind {
        ShapeKind::Structure(structure) => {
            let Some((name, rest)) = path.split_first() else { return json!(7) };
            let inner = absurd(structure.member(name).unwrap().shape, rest);
            Value::Object(Map::from_iter([(name.clone(), inner)]))
        }
        ShapeKind::List(list) if !path.is_empty() => json!([absurd(list.item.shape, path)]),
        ShapeKind::Map(_) | ShapeKind::List(_) => json!(7),
        _ => json!({ "absurd": [] }),
    }
}

/// What an operation says to an input that nobody has held to the model.
fn call(row: &'static Row<Functions>, input: Value) -> Option<Fault> {
    let request = Request::of(row, input, Bytes::new(), None);
    let mut kit = Kit::new(crate::SERVICES);
    request.and_then(|request| kit.made(&root(ACCOUNT), |world, call| crate::call(world, call, &request))).err()
}

#[test]
fn every_member_is_read_or_refused_or_without_effect() {
    let mut unread = BTreeSet::new();
    for row in OPERATIONS {
        let name = row.operation.operation();
        let operation = S3.operation(name).expect(name);
        let Some(input) = &operation.input else { continue };
        let mut found = Vec::new();
        paths(input.shape, &[], &mut found);
        for path in found {
            let is_payload = S3.input(operation).unwrap().payload.as_ref() == path.first();
            let is_bytes = is_payload && path.len() == 1 && path[0] == "Body";
            let is_told = |member: &String| {
                [UNSUPPORTED, WITHOUT_EFFECT].concat().contains(&member.as_str()) || member.starts_with("Checksum")
            };
            let is_read = call(row, absurd(input.shape, &path))
                .is_some_and(|fault| fault.code == "InvalidRequest" && fault.message.starts_with(name));
            if !is_bytes && !path.iter().any(is_told) && !is_read {
                unread.insert(format!("{name} {}", path.join(".")));
            }
        }
    }
    assert_eq!(unread, BTreeSet::new());
}
