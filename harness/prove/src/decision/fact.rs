//! What AWS documents about single services, as formulas.

use policy::Principal;
use policy::facts::{Fact, Rule, Who, rows};
use policy::undocumented::Case;
use policy::view::{Part, Reach};

use crate::encode;
use crate::formula::Formula;
use crate::lang::{Pattern, Step};
use crate::space::{self, Space, Text};

/// The facts that may bear on what a caller asks for.
pub(super) struct Facts {
    facts: Vec<(Rule, Formula)>,
    /// Of resources without a policy, where AWS leaves open what others deny.
    unattached: Vec<(Case, Formula)>,
}

impl Facts {
    pub(super) fn about(space: &mut Space<'_>, caller: &Principal, is_same_account: bool) -> Self {
        let (mut facts, mut unattached) = (Vec::new(), Vec::new());
        for fact in rows() {
            let is_none = matches!(fact.rule, Rule::Told | Rule::OfAws | Rule::NoResourceAccount);
            if is_none || !space.may_be_asked(fact.actions) {
                continue;
            }
            let who = who(space, fact.who, caller, is_same_account);
            let [listed, except] = [fact.actions, fact.except].map(|names| actions(space, names));
            let not_except = space.formulas.not(except);
            let resource = resource(space, fact);
            let bears = space.formulas.all([who, listed, not_except, resource]);
            if fact.rule == Rule::Unattached {
                unattached.extend(fact.case.map(|case| (case, bears)));
            }
            facts.push((fact.rule, as_far_as_open(space, fact, caller, bears)));
        }
        Self { facts, unattached }
    }

    /// What is allowed, or left open because a resource without policy gives access to all.
    pub(super) fn left_open(&self, space: &mut Space<'_>, allowed: Formula) -> Formula {
        self.unattached.iter().fold(allowed, |allowed, &(case, bears)| {
            let not_allowed = space.formulas.not(allowed);
            let situation = space.formulas.all([bears, not_allowed]);
            space.left_open(case, situation, allowed)
        })
    }

    /// That a fact with such a rule bears on the request.
    pub(super) fn of(&self, space: &mut Space<'_>, is_rule: impl Fn(Rule) -> bool) -> Formula {
        let bearing: Vec<_> =
            self.facts.iter().filter(|(rule, _)| is_rule(*rule)).map(|&(_, formula)| formula).collect();
        space.formulas.any(bearing)
    }
}

/// A fact that AWS leaves open counts or not. What a resource without policy allows, it allows either way.
fn as_far_as_open(space: &mut Space<'_>, fact: &Fact, caller: &Principal, mut bears: Formula) -> Formula {
    if let Some(case) = fact.case.filter(|_| fact.rule != Rule::Unattached) {
        bears = space.left_open(case, bears, bears);
    }
    if fact.rule == Rule::Refused && fact.who == Who::Outside && matches!(caller, Principal::Anonymous) {
        bears = space.left_open(Case::OutsideAnonymous, bears, bears);
    }
    bears
}

fn actions(space: &mut Space<'_>, names: &[&str]) -> Formula {
    if names.is_empty() {
        return space.formulas.constant(false);
    }
    let lower: Vec<String> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
    space.actions_of(lower.iter().map(String::as_str))
}

fn resource(space: &mut Space<'_>, fact: &Fact) -> Formula {
    if fact.resources.is_empty() {
        return space.formulas.constant(true);
    }
    let text = space.text(Text::Resource);
    space.is_in(text, fact.resources.iter().map(|form| form_of(form)).collect())
}

/// Part by part, so that no wildcard crosses a colon before the last.
fn form_of(form: &str) -> Pattern {
    let mut colons = 0;
    let part = |letter: char| match letter {
        '*' => Part::Any(if colons < 5 { Reach::NoColon } else { Reach::Anything }),
        letter => {
            colons += usize::from(letter == ':');
            Part::Letter(letter)
        }
    };
    form.chars().map(part).filter_map(|part| Step::of(&part)).collect()
}

/// Whether a fact is about a caller: as the engine has it.
fn who(space: &mut Space<'_>, who: Who, caller: &Principal, is_same_account: bool) -> Formula {
    let is_root = matches!(caller, Principal::Root { .. });
    let is_user = matches!(caller, Principal::User { .. });
    let is_own = is_root || is_user;
    let has_account = caller.account().is_some();
    let is = match who {
        Who::Anyone => true,
        Who::Signed => has_account,
        Who::Root => is_root,
        Who::RootOfOwner => is_root && is_same_account,
        Who::RoleSession => matches!(caller, Principal::RoleSession { .. }),
        Who::FederatedUser => matches!(caller, Principal::FederatedUser { .. }),
        Who::NoUser => has_account && !is_user,
        Who::LongTerm | Who::SessionToken | Who::SessionTokenWithoutMfa => is_own,
        Who::Outside => matches!(caller, Principal::Anonymous) || has_account && !is_same_account,
        Who::Customer => caller.is_service_linked() != Some(true) && !matches!(caller, Principal::Service { .. }),
    };
    let is = space.formulas.constant(is);
    let credentials = match who {
        Who::LongTerm => {
            let temporary = is_temporary(space);
            space.formulas.not(temporary)
        }
        Who::SessionToken => is_temporary(space),
        Who::SessionTokenWithoutMfa => {
            let (temporary, with_mfa) = (is_temporary(space), has_mfa(space));
            let without = space.formulas.not(with_mfa);
            space.formulas.all([temporary, without])
        }
        _ => space.formulas.constant(true),
    };
    space.formulas.all([is, credentials])
}

fn is_temporary(space: &mut Space<'_>) -> Formula {
    let key = space.key("aws:TokenIssueTime");
    space.fact(space::Fact::Present(key))
}

fn has_mfa(space: &mut Space<'_>) -> Formula {
    let key = space.key("aws:MultiFactorAuthPresent");
    let present = space.fact(space::Fact::Present(key));
    let text = space.text(Text::Value(key));
    let truth = space.is_in(text, encode::value("true", true).into_iter().collect());
    space.formulas.all([present, truth])
}
