//! Claims about every request: that none of some is allowed, or that all of some are.

use std::sync::Arc;

use policy::{Policies, Policy, Principal, Request, Verdict as Decided, decide, decide_alone};

use crate::budget::Budget;
use crate::decision;
use crate::encode::Statements;
use crate::formula::Formula;
use crate::settle::{settle, settled};
use crate::space::Space;
use crate::{Disagreement, Verdict};
use policy::view::GrantView;

#[cfg(test)]
mod tests;

/// Who asks for what, under which policies.
#[derive(Debug)]
pub struct Question {
    /// Every policy with a say.
    pub policies: Policies,
    /// Those who may ask.
    pub callers: Vec<Principal>,
    /// The account that owns the resource.
    pub owner: String,
    /// What is asked for: a policy of the kind [`policy::Kind::Identity`] whose statements allow it, with their actions,
    /// resources and conditions.
    pub scope: Arc<Policy>,
    /// What the claim leaves out, written so as well: `unless` of a claim.
    pub except: Option<Arc<Policy>>,
}

/// What is claimed of all requests in scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// None is allowed.
    Never,
    /// All are allowed.
    Always,
}

/// Proves a claim, or finds a request that shows otherwise.
///
/// # Errors
///
/// If the engine contradicts a request that was found, or a proof.
pub fn prove(question: &Question, claim: Claim, budget: &Budget) -> Result<Verdict, Disagreement> {
    let is_so = |request: &Request| question.is_in_scope(request) && question.contradicts(claim, request);
    let mut budget = budget.clone();
    settled(|values| {
        let mut space = Space::of(every(&question.policies).chain(question.wishes()), values);
        space.callers.clone_from(&question.callers);
        space.owner = Some(question.owner.clone());
        let wanted = question.wanted(&mut space, claim);
        settle(&mut space, wanted, &is_so, &mut budget)
    })
}

impl Question {
    /// That a request in scope is not as claimed.
    fn wanted<'a>(&'a self, space: &mut Space<'a>, claim: Claim) -> Formula {
        let allowed = decision::allowed(space, &self.policies);
        let mut parts = vec![match claim {
            Claim::Never => allowed,
            Claim::Always => space.formulas.not(allowed),
        }];
        let scope = Statements::new(space, &self.scope).said(space);
        parts.push(scope.allows(GrantView::Delegated));
        parts.push(space.formulas.not(scope.denies));
        if let Some(except) = &self.except {
            let except = Statements::new(space, except).said(space).allows(GrantView::Delegated);
            parts.push(space.formulas.not(except));
        }
        space.formulas.all(parts)
    }

    fn wishes(&self) -> impl Iterator<Item = &Policy> + Clone {
        std::iter::once(&*self.scope).chain(self.except.as_deref())
    }

    fn is_in_scope(&self, request: &Request) -> bool {
        let says = |policy: &Arc<Policy>| decide_alone(policy, request) == Decided::Allowed;
        says(&self.scope) && !self.except.as_ref().is_some_and(says)
    }

    fn contradicts(&self, claim: Claim, request: &Request) -> bool {
        (decide(&self.policies, request).verdict == Decided::Allowed) == (claim == Claim::Never)
    }
}

/// Every policy.
pub(crate) fn every(policies: &Policies) -> impl Iterator<Item = &Policy> + Clone {
    let lists = policies.identity.iter().chain(policies.session.iter().flatten());
    let levels = policies.service_control.iter().chain(&policies.resource_control).flatten();
    let single = policies.resource.iter().chain(&policies.boundary).chain(&policies.endpoint);
    lists.chain(levels).chain(single).map(|policy| &**policy)
}
