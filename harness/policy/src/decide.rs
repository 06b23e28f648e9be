//! The decision: what all policies together say.

mod combine;
mod settle;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde::Serialize;

use crate::evaluate::{Evidence, PreparedRequest, Recorder, Silent};
use crate::facts::{Bearing, Fact, Rule};
use crate::trace::{PolicyTrace, Recording};
use crate::undocumented::{Case, Notes};
use crate::{Kind, Kinds, Policies, Policy, Principal, Request, Trace, Vocabulary};
use combine::Sides;

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Verdict {
    /// It may go ahead.
    Allowed,
    /// Nothing that had to allow it did.
    ImplicitlyDenied,
    /// A statement denies it.
    ExplicitlyDenied,
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.name())
    }
}

impl Verdict {
    /// As JSON has it: `ImplicitlyDenied`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allowed => "Allowed",
            Self::ImplicitlyDenied => "ImplicitlyDenied",
            Self::ExplicitlyDenied => "ExplicitlyDenied",
        }
    }
}

/// A verdict with its grounds.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The verdict.
    pub verdict: Verdict,
    /// The kinds of policy that decided: those that allowed it, the one that denies it, or those that had to allow it
    /// and did not. Empty if no policy decides: the root user acts in its own account, or a fact of the service allows or
    /// refuses the request. Where a fact refuses it, those that do not allow it either.
    pub by: Kinds,
    /// The fact of the service without which it would have come out in another way, or for other reasons.
    pub fact: Option<&'static Fact>,
    /// The rows of [`crate::undocumented::ROWS`] it rests on.
    pub notes: Notes,
    /// Every statement and condition, if it was asked for.
    pub trace: Option<Trace>,
    /// The policy whose statement denies it.
    pub(crate) denier: Option<Arc<Policy>>,
}

impl Decision {
    fn new(verdict: Verdict, by: Kinds, notes: Notes) -> Self {
        Self { verdict, by, fact: None, notes, trace: None, denier: None }
    }

    /// The same decision, resting on one more row: for what built the request, where AWS does not say what belongs
    /// in it.
    #[must_use]
    pub fn resting_on(mut self, case: Case) -> Self {
        self.notes.add(case);
        if let Some(trace) = &mut self.trace {
            trace.notes.add(case);
        }
        self
    }

    /// The same where the service itself lets the caller do it, as `fact` says: that no identity-based and no
    /// resource-based policy allows it does not count then.
    #[must_use]
    pub fn by_default(mut self, fact: &'static Fact) -> Self {
        if self.verdict != Verdict::ImplicitlyDenied {
            return self;
        }
        if self.by.iter().all(|kind| matches!(kind, Kind::Identity | Kind::Resource)) {
            (self.verdict, self.by, self.fact) = (Verdict::Allowed, Kinds::default(), Some(fact));
            if let Some(trace) = &mut self.trace {
                (trace.verdict, trace.by, trace.fact) = (self.verdict, self.by, Some(fact.id));
            }
            return self;
        }
        match fact.case {
            Some(case) if self.by != Kind::Endpoint.into() => self.resting_on(case),
            _ => self,
        }
    }
}

/// Decides, without a trace. It allocates only for an ARN pattern that has a variable before its resource part, and for a
/// condition on the ARN of a role whose path is not known.
#[must_use]
pub fn decide(policies: &Policies, request: &Request) -> Decision {
    judge(policies, request, &mut Silent)
}

/// What one policy says of a request by itself: whether a statement of it denies, or else one allows. Neither other policies
/// nor facts of the service count, and to be named by account is to be allowed. Two documents are compared so.
#[must_use]
pub fn decide_alone(policy: &Arc<Policy>, request: &Request) -> Decision {
    let mut evidence = Evidence::default();
    evidence.ask(policy, None, &PreparedRequest::new(request, false), &mut Silent);
    let of = |verdict, notes| Decision::new(verdict, policy.kind().into(), notes);
    match &evidence.denial {
        Some((_, notes)) => of(Verdict::ExplicitlyDenied, *notes),
        None if evidence.allows() => of(Verdict::Allowed, evidence.notes()),
        None => of(Verdict::ImplicitlyDenied, evidence.notes()),
    }
}

/// What one policy says of a request by itself, as [`decide_alone`] has it, statement by statement.
#[must_use]
pub fn explain_alone(policy: &Arc<Policy>, request: &Request, vocabulary: &dyn Vocabulary) -> PolicyTrace {
    let mut recording = Recording::new(vocabulary);
    Evidence::default().ask(policy, None, &PreparedRequest::new(request, false), &mut recording);
    recording.last(policy)
}

/// Decides by the same code, and tells how.
#[must_use]
pub fn explain(policies: &Policies, request: &Request, vocabulary: &dyn Vocabulary) -> Decision {
    let mut recording = Recording::new(vocabulary);
    let decision = judge(policies, request, &mut recording);
    let trace = recording.finish(&decision, request, policies);
    Decision { trace: Some(trace), ..decision }
}

fn judge<R: Recorder>(policies: &Policies, request: &Request, to: &mut R) -> Decision {
    let prepared = PreparedRequest::new(request, policies.boundary.is_some());
    let facts = Bearing::on(&prepared);
    let mut hearing = Hearing { prepared, facts, to, by: Kinds::default(), notes: Notes::default(), denial: None };
    let sides = hearing.hear(policies);
    let Hearing { by, mut notes, denial, .. } = hearing;
    if let Some((kind, policy, notes)) = denial {
        let mut decision = Decision::new(Verdict::ExplicitlyDenied, kind.into(), notes);
        decision.denier = Some(policy);
        return facts.noted(decision, policies, request, by.contains(Kind::Endpoint));
    }
    let decision = if facts.open.is_some() {
        Decision::new(verdict(by), by, notes)
    } else {
        let requirement = sides.need(&prepared, &facts);
        let missing = sides.missing(requirement, request, &mut notes);
        let missing = missing.iter().chain(by.iter()).collect();
        let by = if Kinds::is_empty(missing) { sides.granted(requirement) } else { missing };
        Decision::new(verdict(missing), by, notes)
    };
    facts.settle(decision, policies, &prepared, sides.resource_kind)
}

fn verdict(missing: Kinds) -> Verdict {
    if missing.is_empty() { Verdict::Allowed } else { Verdict::ImplicitlyDenied }
}

/// Asks every policy with a say, in the order of [`Kind::ALL`].
struct Hearing<'a, R> {
    prepared: PreparedRequest<'a>,
    facts: Bearing,
    to: &'a mut R,
    /// Guards that do not allow.
    by: Kinds,
    notes: Notes,
    denial: Option<(Kind, Arc<Policy>, Notes)>,
}

impl<R: Recorder> Hearing<'_, R> {
    fn hear(&mut self, policies: &Policies) -> Sides {
        let caller = &self.prepared.request.principal;
        let is_member = self.prepared.account.is_some();
        // "SCPs do not affect any service-linked role", nor do RCPs; services and the anonymous are in no account.
        // docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
        // docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
        let has_levels = !(policies.resource_control.is_empty() && policies.service_control.is_empty());
        let otherwise = self.prepared.request.context.otherwise();
        let is_linked = caller.is_service_linked().unwrap_or_else(|| otherwise.contains(Case::RolePath));
        if has_levels && !is_linked {
            if self.facts.ignores(Kind::ResourceControl).is_none() {
                self.levels(Kind::ResourceControl, &policies.resource_control);
            }
            if is_member && self.facts.ignores(Kind::ServiceControl).is_none() {
                self.levels(Kind::ServiceControl, &policies.service_control);
            }
            if caller.is_service_linked().is_none() {
                self.rest_on_path();
            }
        }
        // docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
        if let Some(policy) = &policies.endpoint {
            self.guard(Kind::Endpoint, std::slice::from_ref(policy), None);
        }
        let mut sides = self.resource(policies.resource.as_ref());
        if !self.prepared.has_own_policies() || self.facts.open.is_some() {
            return sides;
        }
        sides.identity = self.weigh(Kind::Identity, &policies.identity, None);
        sides.boundary = self.limit(Kind::Boundary, policies.boundary.as_slice());
        // docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session; and of GetFederationToken: "if
        // you do not pass a policy, then the resulting federated user session has no permissions."
        // docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
        let session = policies.session.as_deref().unwrap_or_default();
        sides.session = if matches!(caller, Principal::FederatedUser { .. }) {
            Some(self.weigh(Kind::Session, session, None))
        } else {
            self.limit(Kind::Session, session)
        };
        sides
    }

    /// Without the levels, what they refuse might be allowed.
    fn rest_on_path(&mut self) {
        if let Some((.., notes)) = &mut self.denial {
            notes.add(Case::RolePath);
        } else if !self.by.is_empty() {
            self.notes.add(Case::RolePath);
        }
    }

    fn resource(&mut self, policy: Option<&Arc<Policy>>) -> Sides {
        let mut sides = Sides::default();
        if let Some(Fact { rule: Rule::ResourceMust(kind), .. }) = self.facts.needs {
            sides.resource_kind = *kind;
        }
        let Some(policy) = policy else { return sides };
        sides.resource_kind = policy.kind();
        if self.facts.ignores(policy.kind()).is_none() {
            sides.resource = self.weigh(policy.kind(), std::slice::from_ref(policy), None);
        }
        if self.facts.no_resource_grant.is_some() {
            sides.resource.revoke();
        }
        sides
    }

    /// Each level, of root, organisational units and account, has to allow. One without SCPs cannot: where the default
    /// one "is removed and not replaced at any level of the organization, all OUs and accounts under that level
    /// would be blocked from taking any actions."
    /// docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
    fn levels(&mut self, kind: Kind, levels: &[Vec<Arc<Policy>>]) {
        for (level, policies) in levels.iter().enumerate() {
            self.guard(kind, policies, Some(level));
        }
    }

    /// Policies that only take away: without an Allow there, nothing goes.
    fn guard(&mut self, kind: Kind, policies: &[Arc<Policy>], level: Option<usize>) {
        let evidence = self.weigh(kind, policies, level);
        self.notes.merge(evidence.notes());
        if !evidence.allows() {
            self.by.insert(kind);
            if kind == Kind::ServiceControl {
                self.notes.add(Case::LevelWithoutAllow);
            }
        }
    }

    /// None attached means no such limit.
    fn limit(&mut self, kind: Kind, policies: &[Arc<Policy>]) -> Option<Evidence> {
        (!policies.is_empty()).then(|| self.weigh(kind, policies, None))
    }

    fn weigh(&mut self, kind: Kind, policies: &[Arc<Policy>], level: Option<usize>) -> Evidence {
        let is_resource_control = kind == Kind::ResourceControl;
        let mut evidence = if is_resource_control { Evidence::full_access() } else { Evidence::default() };
        for policy in policies {
            if self.denial.is_some() && !R::RECORDS {
                break;
            }
            evidence.ask(policy, level, &self.prepared, self.to);
            if let (None, Some((policy, notes))) = (&self.denial, &evidence.denial) {
                self.denial = Some((kind, Arc::clone(policy), *notes));
            }
        }
        evidence
    }
}
