//! What reading a policy can find wrong.

use source::{Finding, Severity, Span};

use super::{TYPES, page};
use crate::words::plain;
use crate::{Kind, operator};

/// Something that reading has found wrong. Code, words, help and page follow from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A value is of another JSON type than its element takes.
    WrongType {
        /// The element: `Sid`.
        what: String,
        /// What it is: `a list`.
        found: &'static str,
        /// What it has to be: `text`.
        wanted: &'static str,
    },
    /// An element that its holder does not have.
    UnknownElement(Holder, String),
    /// A policy without Statement.
    MissingStatement,
    /// A policy whose Statement is an empty list.
    EmptyStatement,
    /// A Version that the policy language does not have.
    InvalidVersion(String),
    /// An element that this kind of policy cannot have.
    ProhibitedElement(Element),
    /// An element that this kind of policy must have. Its negation would do, where there is one.
    MissingElement(Element),
    /// An element and its negation in one statement.
    ElementAndNegation(Element, Element),
    /// An Effect other than Allow and Deny.
    InvalidEffect(String),
    /// An Allow in a resource control policy other than RCPFullAWSAccess.
    ResourceControlAllows,
    /// An action of a resource control policy that is of no service, or of one that such policies do not cover.
    ResourceControlAction(String),
    /// A Sid with characters that this kind of policy does not take.
    InvalidSid(String),
    /// A Sid that another statement of the policy has.
    DuplicateSid(String),
    /// An action that names no service.
    ActionWithoutPrefix(String),
    /// An action of another service in a trust policy.
    ActionNotOfSts(String),
    /// A resource that is not an ARN.
    InvalidResource(String),
    /// An ARN with fewer than six fields in a session policy.
    IncompleteResource(String),
    /// An empty list of actions or resources.
    EmptyList(Element),
    /// An empty list of principals of some type: `AWS`.
    EmptyPrincipals(String),
    /// A condition key without values.
    EmptyCondition(String),
    /// A condition operator that does not exist.
    UnknownOperator(String),
    /// `NullIfExists`
    NullWithIfExists(String),
    /// `ForAllValues:Null` and `ForAnyValue:Null`
    NullWithSet(String),
    /// A condition key without a service prefix.
    InvalidConditionKey(String),
    /// A Principal that is neither `*` nor a mapping.
    PrincipalShape(Element),
    /// A Principal of a resource control policy that is not `*`.
    PrincipalNotEveryone,
    /// A wildcard in a part of a principal's name.
    PrincipalWildcard(String),
    /// A principal that is not of any form that principals have.
    PrincipalFormat(String),
}

/// What has elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The document.
    Policy,
    /// A statement.
    Statement,
    /// Principal or NotPrincipal, whose elements are types of principals.
    Principal(Element),
}

/// An element of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are called what AWS calls them")]
pub enum Element {
    Effect,
    Principal,
    NotPrincipal,
    Action,
    NotAction,
    Resource,
    NotResource,
}

impl Problem {
    /// Only an empty list of condition values leaves a document that can be used.
    #[must_use]
    pub const fn is_error(&self) -> bool {
        !matches!(self, Self::EmptyCondition(_))
    }

    /// A stable name.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::WrongType { .. } => "WRONG_TYPE",
            Self::UnknownElement(..) => "UNKNOWN_ELEMENT",
            Self::MissingStatement | Self::EmptyStatement => "MISSING_STATEMENT",
            Self::InvalidVersion(_) => "INVALID_VERSION",
            Self::ProhibitedElement(_) => "PROHIBITED_ELEMENT",
            Self::MissingElement(_) => "MISSING_ELEMENT",
            Self::ElementAndNegation(..) => "MUTUALLY_EXCLUSIVE",
            Self::InvalidEffect(_) | Self::ResourceControlAllows => "INVALID_EFFECT",
            Self::InvalidSid(_) => "INVALID_SID",
            Self::DuplicateSid(_) => "DUPLICATE_SID",
            Self::ActionWithoutPrefix(_) | Self::ActionNotOfSts(_) | Self::ResourceControlAction(_) => "INVALID_ACTION",
            Self::InvalidResource(_) | Self::IncompleteResource(_) => "INVALID_RESOURCE",
            Self::EmptyList(_) | Self::EmptyPrincipals(_) => "EMPTY_ELEMENT",
            Self::EmptyCondition(_) => "EMPTY_CONDITION",
            Self::UnknownOperator(_) | Self::NullWithIfExists(_) | Self::NullWithSet(_) => "UNKNOWN_OPERATOR",
            Self::InvalidConditionKey(_) => "INVALID_CONDITION_KEY",
            Self::PrincipalShape(_)
            | Self::PrincipalNotEveryone
            | Self::PrincipalWildcard(_)
            | Self::PrincipalFormat(_) => "INVALID_PRINCIPAL",
        }
    }

    /// What is wrong, in a line.
    #[must_use]
    pub fn message(&self, kind: Kind) -> String {
        let policy = || format!("{} {}", kind.article(), kind.words());
        match self {
            Self::WrongType { what, found, wanted } => format!("{} must be {wanted}, not {found}", plain(what)),
            Self::UnknownElement(holder, name) => format!("`{}` is not an element of {}", plain(name), holder.words()),
            Self::MissingStatement => "the policy has no Statement".to_owned(),
            Self::EmptyStatement => "Statement is empty".to_owned(),
            Self::InvalidVersion(text) => format!("`{}` is not a version of the policy language", plain(text)),
            Self::ProhibitedElement(element) => format!("{} cannot have {}", policy(), element.name()),
            // "A key policy statement without an Action element doesn't apply to any KMS key."
            Self::MissingElement(Element::Action) if kind == Kind::Resource => {
                format!("each statement of {} needs Action; without it one of a key policy has no effect", policy())
            }
            Self::MissingElement(element) => format!("each statement of {} needs {}", policy(), element.name()),
            Self::ElementAndNegation(one, other) => {
                format!("a statement cannot have both {} and {}", one.name(), other.name())
            }
            Self::InvalidEffect(text) => format!("the Effect must be Allow or Deny, not `{}`", plain(text)),
            Self::ResourceControlAllows => "a resource control policy can only deny".to_owned(),
            Self::ResourceControlAction(text) => match text.split_once(':').map(|(service, _)| service) {
                Some(service) if !service.contains(['*', '?']) => {
                    format!("resource control policies do not apply to `{}`", plain(service))
                }
                _ => format!("`{}` names no service", plain(text)),
            },
            Self::InvalidSid(text) => format!("the Sid `{}` may only have letters and digits", plain(text)),
            Self::DuplicateSid(text) => {
                format!("duplicate Sid `{}`: each statement of a policy needs its own", plain(text))
            }
            Self::ActionWithoutPrefix(text) => format!("the action `{}` has no service prefix", plain(text)),
            Self::ActionNotOfSts(text) => format!("a trust policy can only have STS actions, not `{}`", plain(text)),
            Self::InvalidResource(text) => format!("the resource `{}` must be an ARN or `*`", plain(text)),
            Self::IncompleteResource(text) => {
                format!("the ARN `{}` has fewer than six fields, and a session policy must write them all", plain(text))
            }
            Self::EmptyList(element) => format!("{} is an empty list", element.name()),
            Self::EmptyPrincipals(of) => format!("{} is an empty list", plain(of)),
            Self::EmptyCondition(key) => format!("the condition on `{}` has no values", plain(key)),
            Self::UnknownOperator(text) => format!("`{}` is not a condition operator", plain(text)),
            Self::NullWithIfExists(text) => format!("Null does not take IfExists, as in `{}`", plain(text)),
            Self::NullWithSet(text) => format!("Null does not take a set operator, as in `{}`", plain(text)),
            Self::InvalidConditionKey(key) => format!("the condition key `{}` has no service prefix", plain(key)),
            Self::PrincipalShape(element) => {
                format!("{} must be `*` or a mapping from {}", element.name(), TYPES.join(", "))
            }
            Self::PrincipalNotEveryone => "the Principal of a resource control policy can only be `*`".to_owned(),
            Self::PrincipalWildcard(text) => {
                format!("the principal `{}` has a wildcard in part of its name", plain(text))
            }
            Self::PrincipalFormat(text) => format!("`{}` is not a valid principal", plain(text)),
        }
    }

    /// What to do about it. Looking for a near name takes long, so that it can be left out.
    #[must_use]
    pub fn help(&self, with_near_names: bool) -> Option<String> {
        let near = |written: &str, known: &mut dyn Iterator<Item = &'static str>| {
            let found = if with_near_names { source::suggest(written, known) } else { None };
            found.map(|name| format!("did you mean `{name}`?"))
        };
        let said = match self {
            Self::UnknownElement(holder, name) => return near(name, &mut holder.elements().iter().copied()),
            Self::InvalidEffect(text) => return near(text, &mut ["Allow", "Deny"].into_iter()),
            Self::UnknownOperator(text) => return near(text, &mut operator::names().iter().map(String::as_str)),
            Self::NullWithIfExists(_) | Self::NullWithSet(_) => "write `Null`",
            Self::InvalidVersion(_) => "use `2012-10-17`",
            // Only a trust policy cannot have it.
            Self::ProhibitedElement(Element::Resource | Element::NotResource) => {
                "leave it out: a trust policy is about the role that it belongs to"
            }
            Self::ResourceControlAllows => {
                "write `\"Effect\": \"Deny\"`; RCPFullAWSAccess, which is on every level, already allows everything"
            }
            Self::ResourceControlAction(_) => "name a service that resource control policies cover, such as `s3:*`",
            Self::ActionWithoutPrefix(_) => "write it as in `s3:GetObject`",
            Self::InvalidConditionKey(_) => "write it as in `aws:PrincipalTag/team`",
            Self::PrincipalWildcard(_) => "name everyone with `*`, and narrow it with a condition on aws:PrincipalArn",
            Self::PrincipalFormat(_) => "name an account by its id, or a user, role or session by its ARN",
            _ => return None,
        };
        Some(said.to_owned())
    }

    /// All of that.
    pub(super) fn finding(&self, span: Span, kind: Kind, with_near_names: bool) -> Finding {
        let severity = if self.is_error() { Severity::Error } else { Severity::Warning };
        let finding = Finding::new(severity, self.code(), span, self.message(kind)).see(page::of(self, kind));
        match self.help(with_near_names) {
            Some(help) => finding.help(help),
            None => finding,
        }
    }
}

impl Holder {
    /// The elements that it can have. Their names are case-sensitive.
    pub(super) const fn elements(self) -> &'static [&'static str] {
        match self {
            Self::Policy => &["Version", "Id", "Statement"],
            Self::Statement => &[
                "Sid",
                "Effect",
                "Principal",
                "NotPrincipal",
                "Action",
                "NotAction",
                "Resource",
                "NotResource",
                "Condition",
            ],
            Self::Principal(_) => TYPES,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Policy => "a policy",
            Self::Statement => "a statement",
            Self::Principal(element) => element.name(),
        }
    }
}

impl Element {
    /// Those that come in pairs, with their negations.
    pub(super) const PAIRS: [(Self, Self); 3] =
        [(Self::Principal, Self::NotPrincipal), (Self::Action, Self::NotAction), (Self::Resource, Self::NotResource)];

    /// As a policy writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Effect => "Effect",
            Self::Principal => "Principal",
            Self::NotPrincipal => "NotPrincipal",
            Self::Action => "Action",
            Self::NotAction => "NotAction",
            Self::Resource => "Resource",
            Self::NotResource => "NotResource",
        }
    }
}
