//! S3 and S3 Control, as a world knows them.

use account::operation::OperationRow;
use account::{Breach, Call, Check, Fault, Identity, RecordedDecision, Service, State, World};
use bytes::Bytes;
use policy::{Context, Quoting, Request as PolicyRequest};
use serde_json::Value;

use crate::bucket::Buckets;
use crate::operations::OPERATIONS;
use crate::request::Request;
use crate::{access, control, fault, policy as bucket_policy};

/// Amazon S3.
#[derive(Debug)]
pub struct S3;

/// Amazon S3 Control, whose actions and resources are S3's own.
#[derive(Debug)]
pub struct S3Control;

impl Service for S3 {
    fn name(&self) -> &'static str {
        "s3"
    }

    fn operations(&self) -> Box<dyn Iterator<Item = &'static OperationRow>> {
        Box::new(OPERATIONS.iter().map(|row| &row.operation))
    }

    fn state(&self) -> Option<Box<dyn State>> {
        Some(Box::new(Buckets::default()))
    }

    /// Making a [`Request`] holds its input to the model: S3 has an error of its own for each constraint, and tells some of
    /// them only once the request is authorised.
    fn validation_error(&self) -> Option<fn(&[Breach]) -> Fault> {
        None
    }

    /// The content of an object is the text under `Body`. Of what a read gives the answer has all but the content:
    /// [`crate::call`] has that too.
    fn call(&self, world: &mut World, call: &mut Call<'_>, operation: &str, input: Value) -> Result<Value, Fault> {
        let body = input["Body"].as_str().map(|text| Bytes::copy_from_slice(text.as_bytes())).unwrap_or_default();
        let reply = crate::call(world, call, &Request::from_input(operation, input, body)?)?;
        Ok(Value::Object(reply.members))
    }

    fn held(&self, world: &World, call: &Call<'_>, check: Check) -> Check {
        access::held(world, call, check)
    }

    fn keys(&self, call: &Call<'_>, owner: &str) -> Context {
        keys(call, owner)
    }

    /// Since August 2024 the long text goes to callers of the owner's account or organisation; others get two words.
    /// docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html
    fn denial(&self, world: &World, RecordedDecision { request, decision }: &RecordedDecision) -> Fault {
        match is_together(world, request) {
            true => Fault::new(403, "AccessDenied", decision.denial(request, Quoting::Double)),
            false => fault::access_denied(),
        }
    }

    fn rename_principals(&self, world: &mut World, renamed: &dyn Fn(&str) -> Option<String>) {
        bucket_policy::rename_principals(world, renamed);
    }
}

impl Service for S3Control {
    fn name(&self) -> &'static str {
        "s3control"
    }

    fn operations(&self) -> Box<dyn Iterator<Item = &'static OperationRow>> {
        Box::new(control::OPERATIONS.iter().map(|row| &row.operation))
    }

    /// As S3's own.
    fn validation_error(&self) -> Option<fn(&[Breach]) -> Fault> {
        None
    }

    fn call(&self, world: &mut World, call: &mut Call<'_>, operation: &str, input: Value) -> Result<Value, Fault> {
        control::dispatch(world, call, operation, input)
    }
}

/// The keys that S3 has for every request. What nobody signed has none about the signature.
/// docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
fn keys(call: &Call<'_>, owner: &str) -> Context {
    let mut keys = Context::new();
    // Its own name for aws:ResourceAccount.
    // docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
    if !owner.is_empty() {
        keys.set("s3:ResourceAccount", owner);
    }
    // The newest version that S3 speaks, since the transport counts as encrypted.
    // docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html#example-object-tls-version
    if call.surroundings.secure {
        keys.set("s3:TlsVersion", "1.3");
    }
    let signed = !matches!(*call.identity, Identity::Anonymous);
    if let Some(signing) = call.surroundings.signing.as_ref().filter(|_| signed) {
        keys.set("s3:authType", signing.auth_type);
        keys.set("s3:signatureversion", signing.version);
        if let Some(age) = signing.age_ms {
            keys.set("s3:signatureAge", age.to_string());
        }
        if let Some(hash) = &signing.content_sha256 {
            keys.set("s3:x-amz-content-sha256", hash);
        }
    }
    keys
}

/// Whether the caller is of the owner's account or organisation.
fn is_together(world: &World, request: &PolicyRequest) -> bool {
    let (Some(caller), Some(owner)) = (request.principal.account(), request.resource_account.as_deref()) else {
        return false;
    };
    caller == owner || world.organization().is_some_and(|all| all.has(caller) && all.has(owner))
}
