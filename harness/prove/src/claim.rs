//! Claims about every request: that none of some is allowed, or that all of some are.

use std::sync::Arc;

use policy::undocumented::Notes;
use policy::{Decision, Policies, Policy, Principal, Request, Verdict as Decided, decide, decide_alone};

use crate::decision;
use crate::encode::Statements;
use crate::formula::Formula;
use crate::settle::{Heard, settle, settled};
use crate::space::Space;
use crate::{Disagreement, Options, Verdict};
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
    /// More policies written so, each of which has to allow it too: what conditions of several statements ask for together.
    pub within: Vec<Arc<Policy>>,
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
pub fn prove(question: &Question, claim: Claim, options: &Options) -> Result<Verdict, Disagreement> {
    let engine = |request: &Request| question.asked(claim, request);
    let mut budget = options.budget.clone();
    settled(|values| {
        let mut space = Space::of(question.every(), values);
        space.callers.clone_from(&question.callers);
        space.owner = Some(question.owner.clone());
        space.ask_for(&question.scope);
        let wanted = question.wanted(&mut space, claim);
        settle(&mut space, wanted, &engine, options.undocumented, &mut budget)
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
        for scope in std::iter::once(&self.scope).chain(&self.within) {
            let scope = Statements::new(space, scope).said(space);
            parts.push(scope.allows(GrantView::Delegated));
            parts.push(space.formulas.not(scope.denies));
        }
        if let Some(except) = &self.except {
            let except = Statements::new(space, except).said(space).allows(GrantView::Delegated);
            parts.push(space.formulas.not(except));
        }
        space.formulas.all(parts)
    }

    /// Every policy, and what is asked for written as such.
    fn every(&self) -> impl Iterator<Item = &Policy> + Clone {
        let wishes = std::iter::once(&*self.scope).chain(self.within.iter().map(|policy| &**policy));
        let wishes = wishes.chain(self.except.as_deref());
        self.policies.all().map(|policy| &**policy).chain(wishes)
    }

    /// Whether a request in scope is not as claimed, by the engine.
    fn asked(&self, claim: Claim, request: &Request) -> Heard {
        let allows = |decision: &Decision| decision.verdict == Decided::Allowed;
        let mut heard = Heard { is_so: false, rows: Notes::default() };
        let scopes = std::iter::once(&self.scope).chain(&self.within).map(|one| (one, true));
        // What is out of scope is quicker to see.
        for (policy, wanted) in scopes.chain(self.except.iter().map(|one| (one, false))) {
            let decision = decide_alone(policy, request);
            if allows(&decision) != wanted {
                return heard;
            }
            heard.rows.merge(decision.notes);
        }
        let decision = decide(&self.policies, request);
        heard.is_so = allows(&decision) == (claim == Claim::Never);
        heard.rows.merge(decision.notes);
        heard
    }
}
