//! Which elements a kind of policy must have, and which it must not.

use super::Element::{self, Action, Effect, NotAction, NotPrincipal, NotResource, Principal, Resource};
use crate::Kind;

pub(super) struct Rules {
    /// Of Principal, Action and Resource the negation will do.
    pub(super) required: &'static [Element],
    pub(super) prohibited: &'static [Element],
}

pub(super) const fn of(kind: Kind) -> Rules {
    match kind {
        Kind::Identity | Kind::Boundary | Kind::Session | Kind::ServiceControl => {
            Rules { required: &[Effect, Action, Resource], prohibited: &[Principal, NotPrincipal] }
        }
        // A statement without Resource is about the resource that the policy is attached to: an ECR repository, say.
        // docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html
        Kind::Resource => Rules { required: &[Effect, Principal, Action], prohibited: &[] },
        Kind::Endpoint => Rules { required: &[Effect, Principal, Action, Resource], prohibited: &[] },
        Kind::Trust => {
            Rules { required: &[Effect, Principal, Action], prohibited: &[Resource, NotResource, NotPrincipal] }
        }
        Kind::ResourceControl => {
            Rules { required: &[Effect, Principal, Action, Resource], prohibited: &[NotPrincipal, NotAction] }
        }
    }
}

impl Kind {
    /// Whether IAM or Organizations keeps it, with their stricter rules for Sids.
    pub(super) const fn is_of_iam(self) -> bool {
        !matches!(self, Self::Resource | Self::Endpoint)
    }
}
