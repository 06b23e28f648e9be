//! One claim in one option: a question for each caller and resource.

use std::sync::Arc;

use account::ids::Seeded;
use account::{Call, Identity, RecordedDecision, Tracing};
use catalog::Catalog;
use policy::{Policies, Request};
use prove::{Asked, Disagreement, Options, Question, Verdict};

use super::known::Known;
use super::session::{HandsOut, hands_out, session};
use super::{Asker, Target};
use crate::predict::{Standing, surroundings};
use crate::prepared::Trial;
use crate::question::ClaimedResource;
use crate::scenario::Claim;

/// What came of them.
pub(super) struct Outcome {
    pub(super) verdict: Verdict,
    pub(super) found: Option<RecordedDecision>,
    pub(super) hands_out: Option<HandsOut>,
}

impl Outcome {
    const fn of(verdict: Verdict) -> Self {
        Self { verdict, found: None, hands_out: None }
    }
}

pub(super) struct Settling<'a> {
    pub(super) standing: &'a Standing,
    pub(super) trial: &'a Trial,
    pub(super) claim: &'a Claim,
    pub(super) options: &'a Options,
}

impl Settling<'_> {
    pub(super) fn all(&self, target: &Target) -> Result<Outcome, Disagreement> {
        let asked = self.claim.asked();
        let (questions, askers) = match self.questions(&asked, target) {
            Ok(all) => all,
            Err(reason) => return Ok(Outcome::of(Verdict::Undecided { reason })),
        };
        let (verdict, number) = asked.settle(&questions, self.options)?;
        let (Verdict::Found { request, .. }, Some(number)) = (&verdict, number) else {
            return Ok(Outcome::of(verdict));
        };
        let request = (**request).clone();
        let decision = policy::explain(&questions[number].policies, &request, &Catalog);
        let hands_out = match askers[number] {
            Asker::Role(arn) if self.may_have_any_tags(askers[number]) => {
                hands_out(&self.standing.world(), arn, &request)
            }
            _ => None,
        };
        Ok(Outcome { verdict, found: Some(RecordedDecision { request, decision }), hands_out })
    }

    /// A question for each caller and resource, and who asks in it.
    fn questions<'t>(&self, asked: &Asked, target: &'t Target) -> Result<(Vec<Question>, Vec<&'t Asker>), String> {
        let (mut questions, mut askers) = (Vec::new(), Vec::new());
        for asker in &target.by {
            let identity = self.identity(asker)?;
            for resource in &target.resources {
                questions.push(self.question(asked, asker, &identity, resource)?);
                askers.push(asker);
            }
        }
        Ok((questions, askers))
    }

    const fn may_have_any_tags(&self, asker: &Asker) -> bool {
        matches!(asker, Asker::Role(_)) && self.claim.session_tags.tags().is_none()
    }

    fn identity(&self, asker: &Asker) -> Result<Arc<Identity>, String> {
        let world = &*self.standing.world();
        let identity = match asker {
            Asker::Caller(at) => {
                let keys = self.standing.callers[*at].keys.clone();
                return keys.map_err(|finished| format!("the caller cannot be started here: {}", finished.reason));
            }
            Asker::User(user) => {
                let users = world.account(&user.account).map(|account| &account.identities.users);
                let id = users.and_then(|users| users.get(&user.name)).map(|known| known.metadata.id.clone());
                id.map(|id| Identity::User { account: user.account.clone(), id })
            }
            Asker::Role(arn) => session(world, arn, self.claim.session_tags.tags().into_iter().flatten().collect()),
        };
        identity.map(Arc::new).ok_or_else(|| "whoever asks is not there".to_owned())
    }

    fn question(
        &self,
        asked: &Asked,
        asker: &Asker,
        identity: &Arc<Identity>,
        resource: &ClaimedResource,
    ) -> Result<Question, String> {
        let (requests, policies) = self.asked(identity, resource)?;
        let callers = match asker {
            Asker::Role(arn) => prove::sessions_of(arn, policies.all().map(|policy| &**policy)),
            Asker::Caller(_) | Asker::User(_) => requests.iter().take(1).map(|one| one.principal.clone()).collect(),
        };
        let known = Known {
            has_any_tags: self.may_have_any_tags(asker),
            is_every_session: matches!(asker, Asker::Role(_)),
            has_known_tags: resource.has_known_tags,
            has_organization: self.trial.plan.organization.is_some(),
        };
        let question = asked.question(&requests, policies, callers, |key| known.says(key, &requests));
        question.ok_or_else(|| "the claim cannot be written as a policy".to_owned())
    }

    /// What would be asked of the world, a request for each action, and every policy that has a say. All actions are of one
    /// service, and so all have the same policies.
    fn asked(&self, identity: &Arc<Identity>, resource: &ClaimedResource) -> Result<(Vec<Request>, Policies), String> {
        let world = &*self.standing.world();
        let surroundings = surroundings(&self.trial.environment.region);
        let call = Call {
            identity: identity.clone(),
            now: self.standing.now(),
            ids: &mut Seeded(0),
            surroundings: &surroundings,
            tracing: Tracing::Denials,
            decisions: &mut Vec::new(),
        };
        let (mut requests, mut policies) = (Vec::new(), Policies::default());
        for check in &resource.checks {
            let (request, of_all) = world.question(&call, check.clone()).map_err(|fault| fault.message)?;
            requests.push(request);
            policies = of_all;
        }
        Ok((requests, policies))
    }
}
