//! What an operation must be authorised for.

use std::sync::Arc;

use policy::facts::Fact;
use policy::undocumented::Case;
use policy::{Context, Policy};

use crate::tags::Tags;

/// One action on one resource, with what the request and the resource tell about it.
///
/// An operation fills in whatever it knows; keys that the action does not carry according to the service
/// authorization reference are dropped when the request context is built, so that an operation cannot leak one in.
#[derive(Clone, Debug)]
pub struct Check {
    /// `s3:GetObject`.
    pub action: &'static str,
    /// The service that was called, where it is not the action's own: ECS asks for `iam:PassRole`.
    pub called: Option<&'static str>,
    /// The ARN that policies are matched against; `*` where the action has no resource.
    pub resource: String,
    /// Whose resource it is. `None`: the account in its ARN, else the caller's.
    pub owner: Option<String>,
    /// The resource's own policy.
    pub resource_policy: Option<Arc<Policy>>,
    /// `aws:RequestTag/…` and `aws:TagKeys`: the tags passed in this request; `None` when the request passes none.
    pub request_tags: Option<Tags>,
    /// `aws:TagKeys` of an untagging request.
    pub tag_keys: Option<Vec<String>>,
    /// `aws:ResourceTag/…`: what the service shows of the resource's tags.
    pub resource_tags: Option<Tags>,
    /// The fact by which the service lets the caller do it, with no policy that allows it.
    pub default: Option<&'static Fact>,
    /// Keys of this request that AWS's documentation leaves open, each with its row: `aws:RequestTag/` is the key with
    /// every tag.
    pub open: Vec<(&'static str, Case)>,
    /// Further keys of the service's own: `ecs:cluster`, `iam:PassedToService`, `s3:ExistingObjectTag/…`.
    pub keys: Context,
}

impl Check {
    /// An action on a resource.
    pub fn new(action: &'static str, resource: impl Into<String>) -> Self {
        Self {
            action,
            called: None,
            resource: resource.into(),
            owner: None,
            resource_policy: None,
            request_tags: None,
            tag_keys: None,
            resource_tags: None,
            default: None,
            open: Vec::new(),
            keys: Context::new(),
        }
    }

    /// The same, asked for by another service in the course of a call to it.
    #[must_use]
    pub fn in_call_to(mut self, service: &'static str) -> Self {
        self.called = Some(service);
        self
    }

    /// The service that was called.
    #[must_use]
    pub fn called_service(&self) -> &'static str {
        self.called.unwrap_or_else(|| self.action.split_once(':').map_or("", |(service, _)| service))
    }

    /// The same on a resource of that account.
    #[must_use]
    pub fn owned_by(mut self, account: impl Into<String>) -> Self {
        self.owner = Some(account.into());
        self
    }

    /// The same on a resource with its own policy.
    #[must_use]
    pub fn guarded_by(mut self, policy: Option<Arc<Policy>>) -> Self {
        self.resource_policy = policy;
        self
    }

    /// The same on a tagged resource.
    #[must_use]
    pub fn tagged(mut self, tags: &Tags) -> Self {
        self.resource_tags = Some(tags.clone());
        self
    }

    /// The same, passing these tags; none passed means neither `aws:RequestTag` nor `aws:TagKeys` is there.
    #[must_use]
    pub fn passing(mut self, tags: &Tags) -> Self {
        self.request_tags = (!tags.is_empty()).then(|| tags.clone());
        self
    }

    /// The same, naming these tag keys to take away.
    #[must_use]
    pub fn untagging(mut self, keys: &[String]) -> Self {
        self.tag_keys = Some(keys.to_vec());
        self
    }

    /// The same where the service lets the caller do it by default, as a row of [`policy::facts`] says.
    #[must_use]
    pub fn by_default(mut self, fact: &'static Fact) -> Self {
        self.default = Some(fact);
        self
    }

    /// The same where AWS's documentation leaves open whether the request has a key, or with which value.
    #[must_use]
    pub fn leaving_open(mut self, key: &'static str, case: Case) -> Self {
        self.open.push((key, case));
        self
    }

    /// The same with a key of the service's own.
    #[must_use]
    pub fn key(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.keys.set(name, value);
        self
    }
}
