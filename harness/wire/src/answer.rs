//! How a request is refused before an operation sees it: AWS's status, code and words.

use account::{Fault, Sender};
use http::StatusCode;

/// The protocol family of a service. It decides the error codes, their statuses and some of the signature's rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// REST-XML: S3 and S3 Control.
    S3,
    /// The query protocol: IAM and STS.
    Query,
    /// JSON 1.1: ECS and CloudWatch Logs.
    Json,
}

/// An AWS error that the wire itself gives, ready to be put into the protocol's error shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// AWS's error code.
    pub code: &'static str,
    /// AWS's words.
    pub message: String,
    /// Further elements of S3's `<Error>`, in order.
    pub details: Vec<(&'static str, String)>,
}

impl Answer {
    /// An error without further elements.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Answer {
        Answer { status, code, message: message.into(), details: Vec::new() }
    }

    /// Adds an element to S3's `<Error>`.
    #[must_use]
    pub fn with(mut self, element: &'static str, text: impl Into<String>) -> Answer {
        self.details.push((element, text.into()));
        self
    }
}

impl From<Answer> for Fault {
    fn from(Answer { status, code, message, details }: Answer) -> Fault {
        let sender = if status.is_server_error() { Sender::Service } else { Sender::Client };
        Fault { sender, fields: details, ..Fault::new(status.as_u16(), code, message) }
    }
}
