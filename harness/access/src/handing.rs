//! Who may give the sessions of roles some tags.
//!
//! "To pass session tags, you must have the sts:TagSession permission", which the role's trust policy gives.
//! docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html

use std::sync::{Mutex, PoisonError};

use policy::undocumented::Notes;
use policy::view::GrantView;
use policy::{ContextValue, Effect, Policy, Principal, PrincipalName};
use prove::{Disagreement, Options};
use rustc_hash::FxHashMap;

use crate::asked::Asked;
use crate::callers::Caller;
use crate::facts::Settled;
use crate::target::Target;
use crate::{Index, SessionTags, Who, callers};

/// The ways to assume a role, of which each takes session tags.
const ASSUMING: [&str; 3] = ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

/// Tags, by key.
type Tags = Vec<(String, String)>;

/// Finds out who may give the sessions of roles some tags.
pub(crate) struct Handing<'x, 'i> {
    index: &'x Index<'i>,
    options: &'x Options,
    known: Mutex<FxHashMap<(u32, String, Tags), Vec<Who>>>,
}

impl<'x, 'i> Handing<'x, 'i> {
    pub(crate) fn new(index: &'x Index<'i>, options: &'x Options) -> Self {
        Self { index, options, known: Mutex::default() }
    }

    /// Who may assume a role and pass these tags. `None`: nobody.
    pub(crate) fn handed(&self, role: usize, tags: &[(String, String)]) -> Result<Option<SessionTags>, Disagreement> {
        let principal = &self.index.inventory.principals[role];
        let Some(trust) = principal.trust.as_ref().filter(|_| !tags.is_empty()) else { return Ok(None) };
        let tags_sessions = |view: policy::view::StatementView<'_>| {
            let listed = view.actions().any(|pattern| policy::wildcard::matches_action(pattern, "sts:TagSession"));
            view.effect() == Effect::Allow && listed != view.leaves_actions_out()
        };
        if !trust.policy.view().any(tags_sessions) {
            return Ok(None);
        }
        // Whom nobody else's policies have to allow it, the trust policy lets in alike to each role of the account.
        let is_alike = lets_in_outsiders_alone(&trust.policy);
        let which = if is_alike { principal.account().to_owned() } else { principal.arn.clone() };
        let key = (self.index.principals[role].trust.unwrap_or_default(), which, tags.to_vec());
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        let by = match known {
            Some(by) => by,
            None => {
                let by = self.ask(&principal.arn, tags)?;
                self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(key, by.clone());
                by
            }
        };
        Ok((!by.is_empty()).then(|| SessionTags { tags: tags.to_vec(), by }))
    }

    fn ask(&self, role: &str, tags: &[(String, String)]) -> Result<Vec<Who>, Disagreement> {
        let value = |(key, value): &(String, String)| {
            (format!("aws:RequestTag/{key}"), Settled::Is(ContextValue::One(value.clone())))
        };
        let mut given: Vec<(String, Settled)> = tags.iter().map(value).collect();
        // It may have to pass others with them.
        given.push(("aws:TagKeys".to_owned(), Settled::Present));
        let mut by = self.able("sts:TagSession", role, &given)?;
        let mut assuming = Vec::new();
        for action in ASSUMING {
            assuming.extend(self.able(action, role, &given)?);
        }
        by.retain(|who| assuming.contains(who));
        Ok(by)
    }

    /// Who can do something to a role in a call that passes tags.
    fn able(&self, action: &str, role: &str, given: &[(String, Settled)]) -> Result<Vec<Who>, Disagreement> {
        let Ok(mut target) = Target::new(self.index, action, role, None) else { return Ok(Vec::new()) };
        target.given = given.to_vec();
        let Some((trust, _)) = target.policy else { return Ok(Vec::new()) };
        let mut callers = match lets_in_outsiders_alone(&trust.policy) {
            true => callers::others(self.index, Some(&trust.policy)),
            false => callers::all(self.index, Some(&trust.policy)),
        };
        // Nobody assumes a role whom its trust policy does not let in.
        let lets_in = |caller: &Caller| {
            let mut allows = trust.policy.view().filter(|one| one.effect() == Effect::Allow);
            allows.any(|one| one.is_about(&caller.principal, false, Notes::default()).0 != GrantView::None)
        };
        callers.retain(lets_in);
        let answers = Asked::new(self.index, target, self.options).answers(&callers, &|_, _| Ok(None), 1)?;
        Ok(answers.into_iter().filter(|answer| answer.access.is_can()).map(|answer| answer.who).collect())
    }
}

/// Whether a trust policy names services and identity providers alone, who have no policies of their own.
fn lets_in_outsiders_alone(trust: &Policy) -> bool {
    let is_outside = |name: &PrincipalName| matches!(name, PrincipalName::Federated(_) | PrincipalName::Service(_));
    let mut allows = trust.view().filter(|one| one.effect() == Effect::Allow);
    // Of NotPrincipal everybody else is meant.
    allows.all(|one| {
        let lets_in_anybody = one.is_about(&Principal::Anonymous, false, Notes::default()).0 != GrantView::None;
        !lets_in_anybody && one.names().iter().all(is_outside)
    })
}
