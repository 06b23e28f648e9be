//! One AWS API call, as data: the unit that is planned, sent by the SDKs, and made in this process.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::outcome::normal;
use crate::scenario::Tags;

/// A call to an AWS API.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiCall {
    /// `iam`, `sts`, `s3`, `s3control`, `ecs` or `logs`.
    pub service: &'static str,
    /// The operation: `CreateRole`.
    pub operation: &'static str,
    /// Its input in AWS's member names, a body apart.
    pub input: Value,
    /// What is sent as the body: an object's content.
    pub body: Bytes,
}

/// What AWS answers instead of doing what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status; 0 when there was no request or no answer.
    pub status: u16,
    /// AWS's error code.
    pub code: String,
    /// AWS's text.
    pub message: String,
}

impl ApiCall {
    /// A call without a body.
    #[must_use]
    pub fn new(service: &'static str, operation: &'static str, input: Value) -> Self {
        Self { service, operation, input, body: Bytes::new() }
    }

    /// The same with a body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// The policy that it sends as text, with the member that holds it.
    #[must_use]
    pub fn policy(&self) -> Option<(&'static str, Value)> {
        ["PolicyDocument", "AssumeRolePolicyDocument", "Policy"].into_iter().find_map(|member| {
            let text = self.input[member].as_str()?;
            Some((member, serde_json::from_str(text).ok().filter(Value::is_object)?))
        })
    }

    /// `iam:CreateRole`
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}:{}", self.service, self.operation)
    }
}

impl Refusal {
    /// Nobody answered: the connection broke, or it took too long.
    pub fn no_answer(message: impl Into<String>) -> Self {
        Self { status: 0, code: "NoAnswer".to_owned(), message: message.into() }
    }

    /// The request could not be made.
    pub fn not_sent(message: impl Into<String>) -> Self {
        Self { status: 0, code: "NotSent".to_owned(), message: message.into() }
    }

    /// The run was asked to end.
    pub fn interrupted() -> Self {
        Self { status: 0, code: "Interrupted".to_owned(), message: "the run was interrupted".to_owned() }
    }

    /// Whether the run was asked to end.
    pub fn is_interruption(&self) -> bool {
        self.code == "Interrupted" && self.status == 0
    }

    /// Whether nobody answered.
    pub fn is_silence(&self) -> bool {
        self.code == "NoAnswer" && self.status == 0
    }

    /// In one line, without ids. A code is AWS's: without an answer there is none.
    pub fn told(&self) -> String {
        match self.status {
            0 => normal(&self.message),
            _ => normal(&format!("{}: {}", self.code, self.message)),
        }
    }
}

/// A document as the text that AWS's APIs take.
pub fn text(document: &Value) -> Value {
    Value::String(document.to_string())
}

/// Tags as IAM, STS and S3 write them.
pub fn tag_list(tags: &Tags) -> Value {
    tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect()
}

/// Tags as ECS writes them.
pub fn lower_tag_list(tags: &Tags) -> Value {
    tags.iter().map(|(key, value)| json!({"key": key, "value": value})).collect()
}
