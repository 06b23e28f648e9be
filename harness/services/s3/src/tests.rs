//! S3 from the outside: requests in, answers and errors out. What is expected is written by hand from AWS's pages.

mod access;
mod buckets;
mod constraints;
mod copies;
mod keys;
mod lists;
mod members;
mod objects;
mod policies;
mod proxied;
mod tagging;
mod uploads;
mod versions;

use std::sync::Arc;

use account::{Fault, Identity};
use bytes::Bytes;
use serde_json::{Value, json};
use testkit::{ACCOUNT, Kit, root};

use super::{Reply, Request};

/// Calls to S3.
trait S3Calls {
    fn s3(
        &mut self,
        who: &Arc<Identity>,
        operation: &str,
        input: Value,
        body: impl Into<Bytes>,
    ) -> Result<Reply, Fault>;
}

impl S3Calls for Kit {
    fn s3(
        &mut self,
        who: &Arc<Identity>,
        operation: &str,
        input: Value,
        body: impl Into<Bytes>,
    ) -> Result<Reply, Fault> {
        let request = Request::from_input(operation, input.clone(), body.into())?;
        self.held(who, &format!("s3:{operation}"), &input, |world, call| crate::call(world, call, &request))
    }
}

/// A kit with the bucket `b` in it.
fn kit() -> Kit {
    let mut kit = Kit::with_other(crate::SERVICES);
    ok(&mut kit, "CreateBucket", json!({ "Bucket": "b-1" }));
    kit
}

/// A call of the root user that must succeed, with its answer in AWS's JSON.
fn ok(kit: &mut Kit, operation: &str, input: Value) -> Value {
    told(kit.s3(&root(ACCOUNT), operation, input, "").unwrap_or_else(|fault| panic!("{operation}: {fault}")))
}

/// A call of the root user that must fail.
fn fails(kit: &mut Kit, operation: &str, input: Value) -> Fault {
    match kit.s3(&root(ACCOUNT), operation, input, "") {
        Ok(reply) => panic!("{operation}: {reply:?}"),
        Err(fault) => fault,
    }
}

fn put(kit: &mut Kit, key: &str, body: &'static str) -> Value {
    put_with(kit, key, body, json!({}))
}

fn put_with(kit: &mut Kit, key: &str, body: &'static str, more: Value) -> Value {
    let input = merged(json!({ "Bucket": "b-1", "Key": key }), more);
    told(kit.s3(&root(ACCOUNT), "PutObject", input, body).unwrap_or_else(|fault| panic!("{fault}")))
}

/// The input with the document that PutObjectTagging cannot be without.
fn with_tagging(operation: &str, mut input: Value) -> Value {
    if operation == "PutObjectTagging" {
        input["Tagging"] = json!({ "TagSet": [] });
    }
    input
}

/// What became of a call: `ok`, or the status and the code.
fn outcome(kit: &mut Kit, who: &Arc<Identity>, operation: &str, input: Value) -> String {
    match kit.s3(who, operation, input, "new") {
        Ok(_) => "ok".to_owned(),
        Err(fault) => format!("{} {}", fault.status, fault.code),
    }
}

fn body(reply: Reply) -> String {
    String::from_utf8(reply.body.to_vec()).expect("text")
}

fn told(reply: Reply) -> Value {
    Value::Object(reply.members)
}

fn merged(mut input: Value, more: Value) -> Value {
    for (key, value) in more.as_object().into_iter().flatten() {
        input[key] = value.clone();
    }
    input
}

fn beside<'a>(fault: &'a Fault, name: &str) -> Option<&'a str> {
    fault.beside.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
}

fn field<'a>(fault: &'a Fault, name: &str) -> Option<&'a str> {
    fault.fields.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
}
