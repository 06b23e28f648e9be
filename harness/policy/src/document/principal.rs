//! Principal and NotPrincipal.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html

use std::fmt;

use source::{Entry, Node, Value};

use super::{Element, Holder, Problem, Reader, Text};
use crate::arn::{Arn, is_account};
use crate::{Kind, arn};

pub(super) const TYPES: &[&str] = &["AWS", "Service", "Federated", "CanonicalUser"];

/// Who a statement is about, or who it leaves out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principals {
    /// Whether it leaves these out: NotPrincipal.
    pub not: bool,
    /// The principals.
    pub names: Vec<Name>,
}

/// One principal as a policy names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// `"*"` and `{"AWS": "*"}`: everyone, signed or not.
    Everyone,
    /// `arn:aws:iam::111122223333:root` or the bare id, which has no partition.
    Account {
        /// `aws`
        partition: Option<String>,
        /// Its 12 digits.
        id: String,
    },
    /// The ARN of a user, a role, a role session or a federated session.
    Arn(String),
    /// `ecs-tasks.amazonaws.com`
    Service(String),
    /// An identity provider.
    Federated(String),
    /// A canonical user id: of an account, or of a CloudFront origin access identity.
    Canonical(String),
    /// The unique id of a deleted user or role, which stands for nobody.
    Id,
}

impl Name {
    /// Under which of [`TYPES`] it stands.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Everyone | Self::Account { .. } | Self::Arn(_) | Self::Id => "AWS",
            Self::Service(_) => "Service",
            Self::Federated(_) => "Federated",
            Self::Canonical(_) => "CanonicalUser",
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Everyone => "*",
            Self::Account { partition: Some(partition), id } if partition != "aws" => {
                return write!(out, "arn:{partition}:iam::{id}:root");
            }
            Self::Account { id, .. } => id,
            Self::Arn(text) | Self::Service(text) | Self::Federated(text) | Self::Canonical(text) => text,
            Self::Id => "(an id that stands for nobody)",
        })
    }
}

impl Reader {
    pub(super) fn principals(&mut self, node: &Node, element: Element) -> Principals {
        let names = match &node.value {
            Value::String(text) if text == "*" => vec![Name::Everyone],
            Value::Map(entries) if !entries.is_empty() => {
                self.known(node, Holder::Principal(element));
                entries.iter().flat_map(|entry| self.names(entry)).collect()
            }
            _ => {
                self.say(node.span, Problem::PrincipalShape(element));
                Vec::new()
            }
        };
        // docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
        if self.kind == Kind::ResourceControl && names != [Name::Everyone] {
            self.say(node.span, Problem::PrincipalNotEveryone);
        }
        Principals { not: element == Element::NotPrincipal, names }
    }

    fn names(&mut self, entry: &Entry) -> Vec<Name> {
        let texts = self.texts(&entry.value, &entry.key);
        if texts.is_empty() && matches!(entry.value.value, Value::List(_)) {
            self.say(entry.value.span, Problem::EmptyPrincipals(entry.key.clone()));
        }
        texts.into_iter().filter_map(|text| self.name(&entry.key, text)).collect()
    }

    fn name(&mut self, kind: &str, name: Text) -> Option<Name> {
        match kind {
            "AWS" if name.text == "*" => Some(Name::Everyone),
            // "You can use * only to specify everyone. You cannot use it to specify part of a name or ARN."
            _ if name.text.contains(['*', '?']) => {
                self.say(name.span, Problem::PrincipalWildcard(name.text));
                None
            }
            "AWS" => self.aws(name),
            "Service" => Some(Name::Service(name.text)),
            "Federated" => Some(Name::Federated(name.text)),
            _ => Some(Name::Canonical(name.text)),
        }
    }

    fn aws(&mut self, name: Text) -> Option<Name> {
        if is_account(&name.text) {
            return Some(Name::Account { partition: None, id: name.text });
        }
        if let Some(arn) = Arn::parse(&name.text) {
            let known = ["user/", "role/", "assumed-role/", "federated-user/"];
            return match (arn.service, arn.resource) {
                ("iam", "root") if arn::is_account(arn.account) => {
                    Some(Name::Account { partition: Some(arn.partition.to_owned()), id: arn.account.to_owned() })
                }
                ("iam" | "sts", resource) if known.iter().any(|prefix| resource.starts_with(prefix)) => {
                    Some(Name::Arn(name.text))
                }
                _ => self.nobody(name),
            };
        }
        let is_id = ["AIDA", "AROA", "AKIA", "ASIA"].iter().any(|prefix| name.text.starts_with(prefix));
        if is_id { Some(Name::Id) } else { self.nobody(name) }
    }

    /// "Groups cannot be identified as a principal."
    fn nobody(&mut self, name: Text) -> Option<Name> {
        self.say(name.span, Problem::PrincipalFormat(name.text));
        None
    }
}
