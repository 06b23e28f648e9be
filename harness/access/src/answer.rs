//! What comes of a question.

use std::fmt;

use policy::{Kind, Request};

/// Who can do it, or cannot.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Who.
    pub who: Who,
    /// What they can.
    pub access: Access,
    /// The ways that there would be if the user or role had other tags than it has.
    pub with_tags: Vec<Way>,
}

/// Somebody who may ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// A user or a role of the inventory: its name there, and its ARN.
    Known {
        /// What its source calls it.
        name: String,
        /// Its ARN.
        arn: String,
    },
    /// A session of a role, which a policy names; by its ARN.
    Session(String),
    /// The root user of an account.
    Root(String),
    /// Somebody by an ARN that the inventory does not have.
    Elsewhere(String),
    /// The users and roles of an account that the inventory does not have.
    Account(String),
    /// The users and roles of any account at all.
    AnyAccount,
    /// An AWS service.
    Service(String),
    /// Users of an identity provider.
    Provider(String),
    /// Anybody, without signing the request.
    Anonymous,
}

/// What somebody can.
#[derive(Clone, Debug)]
pub enum Access {
    /// No request of theirs is allowed.
    Never,
    /// Some are.
    Can {
        /// In each of these ways.
        ways: Vec<Way>,
        /// Whether there may be other ways.
        more: bool,
    },
    /// It is not known.
    Undecided {
        /// Why.
        reason: String,
    },
}

/// One way in which requests are allowed.
#[derive(Clone, Debug)]
pub struct Way {
    /// What has to hold, by the statements that allow it. Nothing: it is always so.
    pub when: Vec<Condition>,
    /// Patterns of resources that it is limited to, where the question has wildcards.
    pub on: Vec<Limit>,
    /// What must not hold, by the statements that deny it.
    pub unless: Vec<Denial>,
    /// The statements that allow it.
    pub by: Vec<StatementName>,
    /// The tags that the session has to be given, and who may give them.
    pub session_tags: Option<SessionTags>,
    /// A request that the engine allows.
    pub request: Request,
}

/// A condition, in IAM's words.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Condition {
    /// `StringEquals`
    pub operator: String,
    /// `aws:PrincipalTag/Team`
    pub key: String,
    /// Any of them will do.
    pub values: Vec<String>,
}

/// Resource or NotResource of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Whether it is NotResource.
    pub not: bool,
    /// Its items.
    pub resources: Vec<String>,
}

/// A statement that denies it, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// Its conditions: it denies where all of them hold.
    pub when: Vec<Condition>,
    /// Patterns of resources that it is limited to, where the question has wildcards.
    pub on: Option<Limit>,
    /// Which statement.
    pub by: StatementName,
}

/// Where a statement stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementName {
    /// The name of its policy.
    pub policy: String,
    /// What kind of policy that is.
    pub kind: Kind,
    /// Its place in the policy, from 1.
    pub statement: usize,
    /// Its Sid.
    pub sid: Option<String>,
}

/// Tags that a session is given when the role is assumed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionTags {
    /// Tags of the request that was found.
    pub tags: Vec<(String, String)>,
    /// Who may pass them, by the role's trust policy and their own policies.
    pub by: Vec<Who>,
}

impl Way {
    /// Whether nothing more has to hold.
    #[must_use]
    pub fn is_always(&self) -> bool {
        self.when.is_empty() && self.on.is_empty() && self.unless.is_empty() && self.session_tags.is_none()
    }
}

impl Access {
    /// Whether some request is allowed.
    #[must_use]
    pub const fn is_can(&self) -> bool {
        matches!(self, Self::Can { .. })
    }

    /// Whether every request is allowed.
    #[must_use]
    pub fn is_always(&self) -> bool {
        matches!(self, Self::Can { ways, .. } if ways.iter().any(Way::is_always))
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known { name, arn } if name == arn => write!(f, "{}", policy::plain(arn)),
            Self::Known { name, arn } => write!(f, "{} ({})", policy::plain(name), policy::plain(arn)),
            Self::Session(arn) | Self::Elsewhere(arn) => write!(f, "{}", policy::plain(arn)),
            Self::Root(account) => write!(f, "the root user of account {}", policy::plain(account)),
            Self::Account(account) => write!(f, "users and roles of account {}", policy::plain(account)),
            Self::AnyAccount => f.write_str("users and roles of any account"),
            Self::Service(name) => write!(f, "the service {}", policy::plain(name)),
            Self::Provider(name) => write!(f, "users of the identity provider {}", policy::plain(name)),
            Self::Anonymous => f.write_str("anybody, without signing the request"),
        }
    }
}

impl Who {
    /// Whether their own policies are not known, and count as allowing everything.
    #[must_use]
    pub const fn is_elsewhere(&self) -> bool {
        matches!(self, Self::Elsewhere(_) | Self::Account(_) | Self::AnyAccount)
    }
}

impl fmt::Display for Condition {
    /// `StringEquals aws:PrincipalTag/Team: finance or hr`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values: Vec<_> = self.values.iter().map(|value| policy::plain(value)).collect();
        let values = match &values[..] {
            [] => "no value".to_owned(),
            _ => values.join(" or "),
        };
        write!(f, "{} {}: {values}", policy::plain(&self.operator), policy::plain(&self.key))
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let resources: Vec<_> = self.resources.iter().map(|one| policy::plain(one)).collect();
        write!(f, "{}: {}", if self.not { "NotResource" } else { "Resource" }, resources.join(" or "))
    }
}

impl fmt::Display for StatementName {
    /// `Reader/Read, statement 1 (ReadAll)`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, statement {}", policy::plain(&self.policy), self.statement)?;
        self.sid.as_ref().map_or(Ok(()), |sid| write!(f, " ({})", policy::plain(sid)))
    }
}
