//! How the caller's side and the resource's side add up when nothing denies.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html (one account)
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html (two)

use crate::compile::Grant;
use crate::evaluate::{Evidence, PreparedRequest};
use crate::facts::{Bearing, Rule};
use crate::undocumented::{Case, Notes};
use crate::{Kind, Kinds, Principal, Request};

/// What each side said. `None`: no such policy, and so no limit.
pub(super) struct Sides {
    /// Whether the resource's policy is a trust policy.
    pub(super) resource_kind: Kind,
    pub(super) resource: Evidence,
    pub(super) identity: Evidence,
    pub(super) boundary: Option<Evidence>,
    pub(super) session: Option<Evidence>,
}

impl Default for Sides {
    fn default() -> Self {
        Self {
            resource_kind: Kind::Resource,
            resource: Evidence::default(),
            identity: Evidence::default(),
            boundary: None,
            session: None,
        }
    }
}

/// What a request needs besides the guards' leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Requirement {
    /// The resource's word is enough.
    Resource,
    /// The resource's word is enough within boundary and session policies.
    ResourceWithin,
    /// The caller's own policies must allow, within boundary and session policies.
    Identity,
    /// Both.
    Both,
}

impl Sides {
    /// The kinds that had to allow the request and did not; none means that it is allowed. Notes what that rests on.
    pub(super) fn missing(&self, requirement: Requirement, request: &Request, notes: &mut Notes) -> Kinds {
        let mut missing = Kinds::default();
        notes.merge(self.resource.notes());
        if requirement != Requirement::Identity && !self.resource.allows() {
            missing.insert(self.resource_kind);
        }
        if matches!(requirement, Requirement::Identity | Requirement::Both) && !is_root(request) {
            notes.merge(self.identity.notes());
            if !self.identity.allows() {
                missing.insert(Kind::Identity);
            }
        }
        if requirement == Requirement::Resource {
            self.note_no_limit(notes);
        } else {
            for (kind, evidence) in [(Kind::Boundary, &self.boundary), (Kind::Session, &self.session)] {
                let Some(evidence) = evidence else { continue };
                notes.merge(evidence.notes());
                if !evidence.allows() {
                    missing.insert(kind);
                    self.note_limit(request, requirement, notes);
                }
            }
        }
        missing
    }

    /// The kinds whose Allow counted.
    pub(super) fn granted(&self, requirement: Requirement) -> Kinds {
        let by_resource = self.resource.allows() && requirement != Requirement::Identity;
        let by_identity =
            self.identity.allows() && [&self.boundary, &self.session].into_iter().flatten().all(Evidence::allows);
        let kinds = [(self.resource_kind, by_resource), (Kind::Identity, by_identity)];
        kinds.into_iter().filter(|&(_, granted)| granted).map(|(kind, _)| kind).collect()
    }

    /// What the request needs, after who may give it and who is named.
    pub(super) fn need(&self, prepared: &PreparedRequest<'_>, facts: &Bearing) -> Requirement {
        let request = prepared.request;
        // Services, providers and the anonymous have nothing but what the resource gives them.
        let Some(account) = prepared.account else { return Requirement::Resource };
        // "Both the identity-based policy and the resource-based policy must allow."
        if prepared.owner != Some(account) {
            return Requirement::Both;
        }
        let needs = facts.needs.map(|fact| fact.rule);
        let is_settled = |case| !request.context.otherwise().contains(case);
        let is_limited_user = matches!(request.principal, Principal::User { .. }) && is_settled(Case::TrustUserLimited);
        if needs == Some(Rule::BothSides) {
            return Requirement::Both;
        }
        if self.resource_kind == Kind::Trust && is_chained_source_identity(request) {
            return Requirement::Both;
        }
        match self.resource.grant {
            // A trust policy that names a user: see `Case::TrustUserLimited`.
            Grant::Direct | Grant::Everyone if self.resource_kind == Kind::Trust && is_limited_user => {
                Requirement::ResourceWithin
            }
            // A federated user has what is "specifically" granted to its session.
            // docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
            Grant::Everyone if matches!(request.principal, Principal::FederatedUser { .. }) => {
                Requirement::ResourceWithin
            }
            Grant::Everyone if !is_settled(Case::EveryoneUnlimited) => Requirement::ResourceWithin,
            Grant::Direct | Grant::Everyone => Requirement::Resource,
            Grant::SessionIssuer => Requirement::ResourceWithin,
            // "IAM role trust policies and KMS key policies must explicitly allow"; by naming the account they leave
            // it to the policies there.
            Grant::Delegated | Grant::None if self.resource_kind == Kind::Trust || needs.is_some() => Requirement::Both,
            Grant::Delegated | Grant::None => Requirement::Identity,
        }
    }

    fn note_limit(&self, request: &Request, requirement: Requirement, notes: &mut Notes) {
        if requirement == Requirement::ResourceWithin && matches!(request.principal, Principal::User { .. }) {
            notes.add(Case::TrustUserLimited);
        }
    }

    fn note_no_limit(&self, notes: &mut Notes) {
        let limits = [&self.boundary, &self.session].into_iter().flatten().any(|evidence| !evidence.allows());
        if self.resource.grant == Grant::Everyone && limits {
            notes.add(Case::EveryoneUnlimited);
        }
    }
}

/// "When you assume a role with another role, called role chaining, permissions for sts:SetSourceIdentity are required in
/// both the permissions policy of the principal who is assuming the role and in the role trust policy of the target role."
/// docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
fn is_chained_source_identity(request: &Request) -> bool {
    request.action.eq_ignore_ascii_case("sts:SetSourceIdentity")
        && matches!(request.principal, Principal::RoleSession { .. })
}

/// "The AWS account root user … has full access" within its account.
fn is_root(request: &Request) -> bool {
    matches!(request.principal, Principal::Root { .. })
}
