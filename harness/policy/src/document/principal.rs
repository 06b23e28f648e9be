//! Principal and NotPrincipal.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html

use std::fmt;

use source::{Entry, Finding, Node, Value};

use super::{Reader, Text, shown};
use crate::arn::{Arn, is_account};
use crate::{Kind, arn};

const PAGE: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html";
pub(super) const TYPES: &[&str] = &["AWS", "Service", "Federated", "CanonicalUser"];

/// Who a statement is about, or who it leaves out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Principals {
    pub(crate) not: bool,
    pub(crate) names: Vec<Name>,
}

/// One principal as a policy names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    /// `"*"` and `{"AWS": "*"}`: everyone, signed or not.
    Everyone,
    /// `arn:aws:iam::111122223333:root` or the bare id.
    Account(String),
    /// The ARN of a user, a role, a role session or a federated session.
    Arn(String),
    /// `ecs-tasks.amazonaws.com`
    Service(String),
    /// An identity provider.
    Federated(String),
    /// An id that stands for nobody here: a canonical user, or the unique id of a deleted user or role.
    Id,
}

impl Name {
    /// Under which of [`TYPES`] it stands.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Everyone | Self::Account(_) | Self::Arn(_) | Self::Id => "AWS",
            Self::Service(_) => "Service",
            Self::Federated(_) => "Federated",
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Everyone => "*",
            Self::Account(text) | Self::Arn(text) | Self::Service(text) | Self::Federated(text) => text,
            Self::Id => "(an id that stands for nobody)",
        })
    }
}

impl Reader {
    pub(super) fn principals(&mut self, node: &Node, not: bool) -> Principals {
        let what = if not { "NotPrincipal" } else { "Principal" };
        let names = match &node.value {
            Value::String(text) if text == "*" => vec![Name::Everyone],
            Value::Map(entries) if !entries.is_empty() => {
                self.known(node, what, TYPES);
                entries.iter().flat_map(|entry| self.names(entry)).collect()
            }
            _ => {
                let message = format!("{what} is neither `*` nor a mapping from {}", TYPES.join(", "));
                self.findings.push(Finding::error("INVALID_PRINCIPAL", node.span, message).see(PAGE));
                Vec::new()
            }
        };
        // docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
        if self.kind == Kind::ResourceControl && names != [Name::Everyone] {
            let message = "the Principal of a resource control policy can only be `*`";
            self.findings.push(Finding::error("INVALID_PRINCIPAL", node.span, message).see(PAGE));
        }
        Principals { not, names }
    }

    fn names(&mut self, entry: &Entry) -> Vec<Name> {
        let texts = self.texts(&entry.value, &shown(&entry.key));
        if texts.is_empty() && matches!(entry.value.value, Value::List(_)) {
            self.error("EMPTY_ELEMENT", entry.value.span, format!("{} is an empty list", shown(&entry.key)));
        }
        texts.into_iter().filter_map(|text| self.name(&entry.key, text)).collect()
    }

    fn name(&mut self, kind: &str, name: Text) -> Option<Name> {
        match kind {
            "AWS" if name.text == "*" => Some(Name::Everyone),
            // "You can use * only to specify everyone. You cannot use it to specify part of a name or ARN."
            _ if name.text.contains(['*', '?']) => {
                let message = format!("the principal `{}` has a wildcard in a part of it", shown(&name.text));
                let finding = Finding::error("INVALID_PRINCIPAL", name.span, message);
                let help = "name everyone with `*`, and narrow it with a condition on aws:PrincipalArn";
                self.findings.push(finding.help(help).see(PAGE));
                None
            }
            "AWS" => self.aws(name),
            "Service" => Some(Name::Service(name.text)),
            "Federated" => Some(Name::Federated(name.text)),
            _ => Some(Name::Id),
        }
    }

    fn aws(&mut self, name: Text) -> Option<Name> {
        if is_account(&name.text) {
            return Some(Name::Account(name.text));
        }
        if let Some(arn) = Arn::parse(&name.text) {
            let known = ["user/", "role/", "assumed-role/", "federated-user/"];
            return match (arn.service, arn.resource) {
                ("iam", "root") if arn::is_account(arn.account) => Some(Name::Account(arn.account.to_owned())),
                ("iam" | "sts", resource) if known.iter().any(|prefix| resource.starts_with(prefix)) => {
                    Some(Name::Arn(name.text))
                }
                _ => self.nobody(&name),
            };
        }
        let is_id = ["AIDA", "AROA", "AKIA", "ASIA"].iter().any(|prefix| name.text.starts_with(prefix));
        if is_id { Some(Name::Id) } else { self.nobody(&name) }
    }

    /// "Groups cannot be identified as a principal."
    fn nobody(&mut self, name: &Text) -> Option<Name> {
        let message =
            format!("invalid principal in policy: `{}` names no user, role, session or account", shown(&name.text));
        self.findings.push(Finding::error("INVALID_PRINCIPAL", name.span, message).see(PAGE));
        None
    }
}
