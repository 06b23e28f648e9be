//! Why a broker gives no credentials.

use std::fmt::{Display, Formatter, Result};

/// Why a broker sends somebody away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NotAdmitted {
    /// The option has no broker.
    NoBroker,
    /// The signature covers what was given out for another conversation.
    OtherNonce,
    /// The signature covers nothing that was given out.
    NoNonce,
    /// The signature does not name the broker.
    NoAudience,
    /// The signer is not a role's session of the account.
    NoSession { arn: String },
    /// A session, but not of the role that tasks have.
    OtherRole { wanted: String, role: String },
    /// The cluster does not have the task.
    NoTask { cluster: String },
    /// The task's `lastStatus`.
    Status { status: String, wanted: String },
    /// One of the task's tags; `None`: it does not have it.
    Tag { key: String, tag: Option<String>, wanted: String },
}

impl NotAdmitted {
    /// A short name that stays when the words change.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::NoBroker => "NoBroker",
            Self::OtherNonce => "OtherNonce",
            Self::NoNonce => "NoNonce",
            Self::NoAudience => "NoAudience",
            Self::NoSession { .. } => "NoSession",
            Self::OtherRole { .. } => "OtherRole",
            Self::NoTask { .. } => "NoTask",
            Self::Status { .. } => "TaskStatus",
            Self::Tag { tag: Some(_), .. } => "TaskTag",
            Self::Tag { tag: None, .. } => "NoTaskTag",
        }
    }
}

impl Display for NotAdmitted {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        match self {
            Self::NoBroker => write!(out, "there is none in this option"),
            Self::OtherNonce => write!(out, "the nonce in the signed request is another conversation's"),
            Self::NoNonce => write!(out, "the signature covers no nonce"),
            Self::NoAudience => write!(out, "the signature does not cover the broker's name"),
            Self::NoSession { arn } => write!(out, "{arn} is no session of a role of this account"),
            Self::OtherRole { wanted, role } => {
                write!(out, "it takes sessions of {wanted}, and this is one of {role}")
            }
            Self::NoTask { cluster } => write!(out, "cluster {cluster} has no such task"),
            Self::Status { status, wanted } => write!(out, "the task is {status}, and must be {wanted}"),
            Self::Tag { key, tag: Some(tag), wanted } => {
                write!(out, "the task is tagged {key}={tag}, and must be tagged {key}={wanted}")
            }
            Self::Tag { key, tag: None, wanted } => {
                write!(out, "the task has no tag {key}, and must be tagged {key}={wanted}")
            }
        }
    }
}
