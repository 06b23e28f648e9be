//! One AWS API call, as data: the unit that is planned, sent by the SDKs, and made in this process; and why one was not done.

use std::fmt::{Display, Formatter};

use bytes::Bytes;
use serde_json::{Value, json};

use crate::normal::normal;
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

/// Why a call was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallError {
    /// AWS refused it, or who stands in for AWS.
    Refused(Refusal),
    /// Something is not as it must be for the call or its answer to be of use. AWS did not say so.
    Obstacle(Obstacle),
    /// Nobody answered: the connection broke, or it took too long.
    NoAnswer(String),
    /// The request could not be made.
    NotSent(String),
    /// The run was asked to end.
    Interrupted,
}

/// What AWS answers instead of doing what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status; 200 where an answer of success lists a failure, as RunTask's does.
    pub status: u16,
    /// AWS's error code.
    pub code: String,
    /// AWS's text.
    pub message: String,
}

/// What stands in the way of a call, or makes its answer useless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// There is a bucket of that name already: it is somebody's.
    BucketAlreadyExists {
        /// The bucket.
        bucket: String,
    },
    /// The task has no role.
    NoRole,
    /// An emulator's enforcement could not be switched.
    NotSwitched {
        /// Where it is switched.
        path: &'static str,
        /// What was answered.
        answer: String,
    },
    /// The answer has no credentials in it.
    NoCredentials,
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

impl CallError {
    /// AWS's answer, if it gave one.
    #[must_use]
    pub const fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Nobody answered.
    pub fn no_answer(why: impl Into<String>) -> Self {
        Self::NoAnswer(why.into())
    }

    /// The request could not be made.
    pub fn not_sent(why: impl Into<String>) -> Self {
        Self::NotSent(why.into())
    }

    /// AWS's code, or the name of what else it was.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Refused(refusal) => &refusal.code,
            Self::Obstacle(obstacle) => obstacle.code(),
            Self::NoAnswer(_) => "NoAnswer",
            Self::NotSent(_) => "NotSent",
            Self::Interrupted => "Interrupted",
        }
    }

    /// The same in other words: its text, but for what is always the same.
    #[must_use]
    pub fn reworded(self, word: impl Fn(&str) -> String) -> Self {
        match self {
            Self::Refused(refusal) => Self::Refused(Refusal { message: word(&refusal.message), ..refusal }),
            Self::Obstacle(Obstacle::BucketAlreadyExists { bucket }) => {
                Obstacle::BucketAlreadyExists { bucket: word(&bucket) }.into()
            }
            Self::NoAnswer(why) => Self::NoAnswer(word(&why)),
            Self::NotSent(why) => Self::NotSent(word(&why)),
            Self::Obstacle(_) | Self::Interrupted => self,
        }
    }

    /// Whether nobody can be asked any more, or nothing more shall be: no cell has an outcome then.
    #[must_use]
    pub const fn ends_run(&self) -> bool {
        matches!(self, Self::NoAnswer(_) | Self::Interrupted)
    }

    /// In one line, without ids.
    #[must_use]
    pub fn told(&self) -> String {
        normal(&self.to_string())
    }
}

impl From<Refusal> for CallError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Obstacle> for CallError {
    fn from(obstacle: Obstacle) -> Self {
        Self::Obstacle(obstacle)
    }
}

impl Display for CallError {
    fn fmt(&self, out: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(Refusal { code, message, .. }) => write!(out, "{code}: {message}"),
            Self::Obstacle(obstacle) => write!(out, "{obstacle}"),
            Self::NoAnswer(why) | Self::NotSent(why) => out.write_str(why),
            Self::Interrupted => out.write_str("the run was interrupted"),
        }
    }
}

impl Obstacle {
    /// A short name that stays when the words change.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::BucketAlreadyExists { .. } => "BucketAlreadyExists",
            Self::NoRole => "NoRole",
            Self::NotSwitched { .. } => "NotSwitched",
            Self::NoCredentials => "NoCredentials",
        }
    }
}

impl Display for Obstacle {
    fn fmt(&self, out: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::BucketAlreadyExists { bucket } => {
                write!(out, "there is a bucket {bucket} already: it is not touched")
            }
            Self::NoRole => out.write_str(
                "the task definition has no TaskRoleArn: the task runs, and its containers have no credentials",
            ),
            Self::NotSwitched { path, answer } => write!(out, "{path} answers {answer}"),
            Self::NoCredentials => out.write_str("the answer has no credentials in it"),
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
