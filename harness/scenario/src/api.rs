//! One AWS API call, as data: the unit that is planned, sent by the SDKs, and made in this process.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::outcome::normal;
use crate::scenario::Tags;

/// A call to an AWS API.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ApiCall {
    /// `iam`, `sts`, `s3`, `s3control`, `ecs` or `logs`.
    pub(crate) service: &'static str,
    /// The operation: `CreateRole`.
    pub(crate) operation: &'static str,
    /// Its input in AWS's member names, a body apart.
    pub(crate) input: Value,
    /// What is sent as the body: an object's content.
    pub(crate) body: Bytes,
}

/// What AWS answers instead of doing what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The HTTP status; 0 when there was no request or no answer.
    pub(crate) status: u16,
    /// AWS's error code.
    pub(crate) code: String,
    /// AWS's text.
    pub(crate) message: String,
}

impl ApiCall {
    /// A call without a body.
    #[must_use]
    pub(crate) fn new(service: &'static str, operation: &'static str, input: Value) -> Self {
        Self { service, operation, input, body: Bytes::new() }
    }

    /// The same with a body.
    #[must_use]
    pub(crate) fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// `iam:CreateRole`
    #[must_use]
    pub(crate) fn name(&self) -> String {
        format!("{}:{}", self.service, self.operation)
    }
}

impl Refusal {
    /// Nobody answered: the connection broke, or it took too long.
    pub(crate) fn no_answer(message: impl Into<String>) -> Self {
        Self { status: 0, code: "NoAnswer".to_owned(), message: message.into() }
    }

    /// The request could not be made.
    pub(crate) fn not_sent(message: impl Into<String>) -> Self {
        Self { status: 0, code: "NotSent".to_owned(), message: message.into() }
    }

    /// The run was asked to end.
    pub(crate) fn interrupted() -> Self {
        Self { status: 0, code: "Interrupted".to_owned(), message: "the run was interrupted".to_owned() }
    }

    /// Whether the run was asked to end.
    pub(crate) fn is_interruption(&self) -> bool {
        self.code == "Interrupted" && self.status == 0
    }

    /// Whether nobody answered.
    pub(crate) fn is_silence(&self) -> bool {
        self.code == "NoAnswer" && self.status == 0
    }

    /// In one line, without ids. A code is AWS's: without an answer there is none.
    pub(crate) fn told(&self) -> String {
        match self.status {
            0 => normal(&self.message),
            _ => normal(&format!("{}: {}", self.code, self.message)),
        }
    }
}

/// A document as the text that AWS's APIs take.
pub(crate) fn text(document: &Value) -> Value {
    Value::String(document.to_string())
}

/// Tags as IAM, STS and S3 write them.
pub(crate) fn tag_list(tags: &Tags) -> Value {
    tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect()
}

/// Tags as ECS writes them.
pub(crate) fn lower_tag_list(tags: &Tags) -> Value {
    tags.iter().map(|(key, value)| json!({"key": key, "value": value})).collect()
}
