//! What AWS documents about single services, as formulas.

use policy::Principal;
use policy::facts::{Fact, Rule, Who, rows};
use policy::view::{Part, Reach};

use crate::encode;
use crate::formula::Formula;
use crate::lang::{Pattern, Step};
use crate::space::{self, Space, Text};

/// The facts that may bear on what a caller asks for.
pub(super) struct Facts(Vec<(Rule, Formula)>);

impl Facts {
    pub(super) fn about(space: &mut Space<'_>, caller: &Principal, is_same_account: bool) -> Self {
        let mut facts = Vec::new();
        for fact in rows() {
            if matches!(fact.rule, Rule::Told | Rule::OfAws | Rule::NoResourceAccount) {
                continue;
            }
            let who = who(space, fact.who, caller, is_same_account);
            let [listed, except] = [fact.actions, fact.except].map(|names| actions(space, names));
            let not_except = space.formulas.not(except);
            let resource = resource(space, fact);
            facts.push((fact.rule, space.formulas.all([who, listed, not_except, resource])));
        }
        Self(facts)
    }

    /// That a fact with such a rule bears on the request.
    pub(super) fn of(&self, space: &mut Space<'_>, is_rule: impl Fn(Rule) -> bool) -> Formula {
        let bearing: Vec<_> = self.0.iter().filter(|(rule, _)| is_rule(*rule)).map(|&(_, formula)| formula).collect();
        space.formulas.any(bearing)
    }
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
