//! Which elements a kind of policy must have, and which it must not.

use crate::Kind;

pub(super) struct Rules {
    /// One of each group has to be there; messages name the first.
    pub(super) required: &'static [&'static [&'static str]],
    pub(super) prohibited: &'static [&'static str],
    pub(super) page: &'static str,
}

const EFFECT: &[&str] = &["Effect"];
const ACTION: &[&str] = &["Action", "NotAction"];
const RESOURCE: &[&str] = &["Resource", "NotResource"];
const PRINCIPAL: &[&str] = &["Principal", "NotPrincipal"];

pub(super) const fn of(kind: Kind) -> Rules {
    match kind {
        Kind::Identity | Kind::Boundary | Kind::Session | Kind::ServiceControl => Rules {
            required: &[EFFECT, ACTION, RESOURCE],
            prohibited: PRINCIPAL,
            page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
        },
        Kind::Resource | Kind::Endpoint => Rules {
            required: &[EFFECT, PRINCIPAL, ACTION, RESOURCE],
            prohibited: &[],
            page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
        },
        Kind::Trust => Rules {
            required: &[EFFECT, PRINCIPAL, ACTION],
            prohibited: &["Resource", "NotResource", "NotPrincipal"],
            page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html",
        },
        Kind::ResourceControl => Rules {
            required: &[EFFECT, PRINCIPAL, ACTION, RESOURCE],
            prohibited: &["NotPrincipal", "NotAction"],
            page: "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html",
        },
    }
}

impl Kind {
    /// Whether IAM or Organizations keeps it, with their stricter rules for Sids.
    pub(super) const fn is_of_iam(self) -> bool {
        !matches!(self, Self::Resource | Self::Endpoint)
    }
}
