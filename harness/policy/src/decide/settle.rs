//! What the facts of a service make of a decision.

use super::{Decision, Verdict};
use crate::evaluate::PreparedRequest;
use crate::facts::{Bearing, Fact, Who};
use crate::undocumented::Case;
use crate::{Kind, Kinds, Policies, Principal};

impl Bearing {
    /// What the facts make of what the policies came to, none of which denies. `resource` is the kind of the resource's
    /// policy.
    pub(super) fn settle(
        &self,
        decision: Decision,
        policies: &Policies,
        prepared: &PreparedRequest<'_>,
        resource: Kind,
    ) -> Decision {
        if let Some(fact) = self.open {
            return self.noted(Decision { fact: Some(fact), ..decision }, policies);
        }
        if let Some(fact) = self.refused {
            return refused(decision, fact, &prepared.request.principal);
        }
        if let Some(fact) = self.unattached.filter(|_| policies.resource.is_none()) {
            return decision.by_default(fact);
        }
        let is_denied = decision.verdict == Verdict::ImplicitlyDenied && decision.by.contains(resource);
        let fact = self.needs.filter(|_| is_denied && prepared.account.is_some() && prepared.account == prepared.owner);
        let fact = fact.or_else(|| self.ignored(policies)).or_else(|| self.no_grant(policies)).or(self.of_aws);
        let decision = Decision { fact, ..decision };
        match fact.and_then(|fact| fact.case) {
            Some(case) => decision.resting_on(case),
            None => decision,
        }
    }

    /// An explicit denial, and what it is of facts that AWS leaves open there.
    pub(super) fn noted(&self, decision: Decision, policies: &Policies) -> Decision {
        let is_denied = decision.verdict != Verdict::Allowed;
        if self.open.is_some() && is_denied {
            return decision.resting_on(Case::OpenBehindEndpoint);
        }
        match self.unattached.and_then(|fact| fact.case) {
            Some(case) if is_denied && policies.resource.is_none() && decision.by != Kind::Endpoint.into() => {
                decision.resting_on(case)
            }
            _ => decision,
        }
    }

    /// The fact because of which a policy that is attached was not asked.
    fn ignored(&self, policies: &Policies) -> Option<&'static Fact> {
        let attached = [
            (Kind::Resource, policies.resource.is_some()),
            (Kind::ResourceControl, !policies.resource_control.is_empty()),
            (Kind::ServiceControl, !policies.service_control.is_empty()),
        ];
        attached.into_iter().filter(|&(_, attached)| attached).find_map(|(kind, _)| self.ignores(kind))
    }

    fn no_grant(&self, policies: &Policies) -> Option<&'static Fact> {
        self.no_resource_grant.filter(|_| policies.resource.is_some())
    }
}

/// What else does not allow it stays named.
fn refused(decision: Decision, fact: &'static Fact, caller: &Principal) -> Decision {
    let by = if decision.verdict == Verdict::Allowed { Kinds::default() } else { decision.by };
    let decision = Decision { verdict: Verdict::ImplicitlyDenied, by, fact: Some(fact), ..decision };
    let decision = match fact.case {
        Some(case) => decision.resting_on(case),
        None => decision,
    };
    let is_anonymous = fact.who == Who::Outside && matches!(caller, Principal::Anonymous);
    if is_anonymous { decision.resting_on(Case::OutsideAnonymous) } else { decision }
}
