//! What AWS answers when it does not do what was asked.

use std::borrow::Cow;

/// An AWS error. Its shape on the wire depends on the service's protocol and is not decided here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// `AccessDenied`, `NoSuchEntity`, `ClientException` …
    pub code: Cow<'static, str>,
    /// The text for people.
    pub message: String,
    /// The status that the service's model gives this error.
    pub status: u16,
    /// Whose fault it is.
    pub sender: Sender,
    /// Further members of the error's body, such as S3's `Key` or `BucketName`.
    pub fields: Vec<(&'static str, String)>,
    /// Members that S3 sends beside the body: `DeleteMarker`, `VersionId`, `LastModified`, `ETag`, `Allow`.
    pub beside: Vec<(&'static str, String)>,
}

/// Whose fault a [`Fault`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// The caller's.
    Client,
    /// The service's.
    Service,
}

impl Fault {
    /// The caller's fault.
    pub fn new(status: u16, code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            status,
            sender: Sender::Client,
            fields: Vec::new(),
            beside: Vec::new(),
        }
    }

    /// The service's own fault: status 500.
    pub fn of_service(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { sender: Sender::Service, ..Self::new(500, code, message) }
    }

    /// The same with a further member in its body.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.fields.push((name, value.into()));
        self
    }

    /// The same with a member beside the body.
    #[must_use]
    pub fn with_beside(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.beside.push((name, value.into()));
        self
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Fault {}

impl Fault {
    /// Credentials that name nobody: none at all, or of a user or role that is gone.
    #[must_use]
    pub fn unsigned() -> Self {
        Self::new(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
    }
}
