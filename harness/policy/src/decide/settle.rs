//! What the facts of a service make of a decision.

use super::{Decision, Verdict};
use crate::evaluate::PreparedRequest;
use crate::facts::{Bearing, Fact, Who};
use crate::undocumented::Case;
use crate::{Kind, Kinds, Policies, Principal, Request};

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
            return self.noted(Decision { fact: Some(fact), ..decision }, policies, prepared.request, false);
        }
        if let Some(fact) = self.refused {
            return refused(decision, fact, &prepared.request.principal);
        }
        if let Some(fact) = self.unattached.filter(|_| policies.resource.is_none()) {
            let is_denied = decision.verdict != Verdict::Allowed && !decision.by.contains(Kind::Endpoint);
            let is_otherwise = fact.case.is_some_and(|case| prepared.request.context.otherwise().contains(case));
            return if is_denied && is_otherwise { allowed(decision) } else { decision.by_default(fact) };
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
    /// `is_barred`: the policy of the endpoint does not allow it either.
    pub(super) fn noted(
        &self,
        decision: Decision,
        policies: &Policies,
        request: &Request,
        is_barred: bool,
    ) -> Decision {
        let is_denied = decision.verdict != Verdict::Allowed;
        let case = if self.open.is_some() {
            Some(Case::OpenBehindEndpoint)
        } else {
            let is_unattached = policies.resource.is_none() && decision.by != Kind::Endpoint.into();
            self.unattached.filter(|_| is_unattached).and_then(|fact| fact.case)
        };
        match case {
            Some(case) if is_denied && !is_barred && request.context.otherwise().contains(case) => {
                allowed(decision.resting_on(case))
            }
            Some(case) if is_denied => decision.resting_on(case),
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

/// What a row that is decided otherwise allows.
fn allowed(decision: Decision) -> Decision {
    Decision { verdict: Verdict::Allowed, by: Kinds::default(), denier: None, ..decision }
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
