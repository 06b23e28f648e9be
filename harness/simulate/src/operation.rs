//! One call, and all that AWS asks about it.
//!
//! "Some operations require several different actions", and an action "must have permission … with those resources" that
//! its rows require. A call is allowed if each of these questions is.
//! docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
//!
//! The operation's own actions come first, then what else it asks: see the row [`Case::FirstRefusal`]. Where several are
//! refused, the order decides which refusal is told first, and nothing else.

use std::borrow::Cow;

use policy::arn::Arn;
use policy::undocumented::Case;
use policy::{ContextValue, Kind, Kinds, Mend, Verdict};

use crate::fault::bounded;
use crate::question::{Attached, Question};
use crate::{Answer, Compiled, Fault, Simulator};

pub(crate) mod besides;
mod further;
mod keys;
mod plan;
mod write;

pub use plan::makes;
use plan::{Check, Plan};

/// A call: who makes it, what it is, on what, and under which policies.
#[derive(Debug, Default)]
pub struct Call<'a> {
    /// Who calls, as in [`Question::principal`].
    pub principal: Cow<'a, str>,
    /// `ec2:RunInstances`
    pub operation: Cow<'a, str>,
    /// What it is done with, roles that are passed included. What the call itself makes need not be there.
    pub resources: Vec<Target<'a>>,
    /// The condition keys of the whole call. Each check has those that AWS's requests for its action carry.
    pub context: Vec<(Cow<'a, str>, ContextValue)>,
    /// The policies, without those of resources.
    pub attached: Attached,
}

/// A resource of a call.
#[derive(Debug, Default)]
pub struct Target<'a> {
    /// The action that is asked on it, where its ARN fits several of the operation's.
    pub action: Option<Cow<'a, str>>,
    /// Its ARN, or `*`.
    pub resource: Cow<'a, str>,
    /// Its account, where the ARN names none.
    pub resource_account: Option<Cow<'a, str>>,
    /// The condition keys of its own, such as its tags.
    pub context: Vec<(Cow<'a, str>, ContextValue)>,
    /// Its policy, or the trust policy of the role to assume.
    pub policy: Option<Compiled>,
}

/// What becomes of a call.
#[derive(Clone, Debug)]
pub struct CallAnswer {
    /// The operation, in AWS's spelling.
    pub operation: &'static str,
    /// Everything that is asked, in order.
    pub asked: Vec<Answer>,
    /// What else there is to know of the call as a whole.
    pub notes: Vec<String>,
}

impl CallAnswer {
    /// The first of what is asked that is refused. AWS refuses the call with it.
    #[must_use]
    pub fn refusal(&self) -> Option<&Answer> {
        self.asked.iter().find(|answer| answer.decision.verdict != Verdict::Allowed)
    }

    /// The verdict on the call.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.refusal().map_or(Verdict::Allowed, |answer| answer.decision.verdict)
    }

    /// The kinds of policy that refused it, or all that allowed some part of it.
    fn by(&self) -> Kinds {
        match self.refusal() {
            Some(answer) => answer.decision.by,
            None => self.asked.iter().flat_map(|answer| answer.decision.by.iter()).collect(),
        }
    }

    /// What would turn the decision on the call. Nothing where it asks several questions: what turns the answer to one may
    /// leave the others as they are, or ask of all resources what only some can have.
    #[must_use]
    pub fn mends(&self) -> Vec<Mend> {
        match self.asked.as_slice() {
            [only] if only.decision.verdict != Verdict::Allowed => only.mends(),
            _ => Vec::new(),
        }
    }

    /// The notes on the call and on each question, each once; without the undocumented rows that decisions rest on.
    #[must_use]
    pub fn every_note(&self) -> Vec<&str> {
        let of_questions = self.asked.iter().flat_map(|answer| &answer.notes).map(|note| note.text.as_str());
        once(self.notes.iter().map(String::as_str).chain(of_questions))
    }
}

fn once<'n>(all: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let mut notes = Vec::new();
    for note in all {
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    notes
}

/// Where the condition keys of a call stand in its line: the call's own, and those of each resource.
#[derive(Default)]
pub(crate) struct Places {
    pub(crate) call: Vec<usize>,
    pub(crate) resources: Vec<Vec<usize>>,
}

impl Simulator<'_> {
    /// Asks everything that AWS asks about a call.
    ///
    /// # Errors
    /// Everything that is wrong with the call: a resource that no row of it is about, a required one that is missing.
    pub fn call(&mut self, call: &Call<'_>, traced: bool) -> Result<CallAnswer, Vec<Fault>> {
        self.call_at(call, &Places::default(), traced)
    }

    /// The same for a call that stands in a line.
    pub(crate) fn call_at(&mut self, call: &Call<'_>, places: &Places, traced: bool) -> Result<CallAnswer, Vec<Fault>> {
        self.ask_all(call, places, traced).map_err(bounded)
    }

    fn ask_all(&mut self, call: &Call<'_>, places: &Places, traced: bool) -> Result<CallAnswer, Vec<Fault>> {
        let plan = Plan::of(call)?;
        let mut answer = CallAnswer { operation: plan.operation, asked: Vec::new(), notes: plan.notes };
        let mut faults: Vec<Fault> = Vec::new();
        for check in &plan.checks {
            match self.put(call, check, &check.places(call, places), traced) {
                Ok(one) => answer.asked.push(one),
                Err(more) => {
                    let new: Vec<_> = more.into_iter().filter(|fault| !faults.contains(fault)).collect();
                    faults.extend(new);
                }
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut refusals = answer.asked.iter_mut().filter(|one| one.decision.verdict != Verdict::Allowed);
        if let (Some(first), Some(_)) = (refusals.next(), refusals.next()) {
            first.decision = first.decision.clone().resting_on(Case::FirstRefusal);
        }
        Ok(answer)
    }

    /// One check. Where another action is as good, its answer counts if it is better.
    fn put(
        &mut self,
        call: &Call<'_>,
        check: &Check<'_>,
        places: &[usize],
        traced: bool,
    ) -> Result<Answer, Vec<Fault>> {
        let mut answer = self.check(check.ask(call, check.action)?, places, &check.open, traced)?;
        if let Some(case) = check.rests_on {
            answer.decision = answer.decision.resting_on(case);
        }
        let is_refused = answer.decision.verdict == Verdict::ImplicitlyDenied;
        if let Some(other) = check.or.filter(|_| is_refused) {
            let second = self.check(check.ask(call, other)?, places, &check.open, traced)?;
            if second.decision.verdict == Verdict::Allowed {
                return Ok(second);
            }
        }
        Ok(answer)
    }
}

impl<'c> Check<'c> {
    /// The question, with the policies of the call and of the resource.
    fn ask(&self, call: &'c Call<'_>, action: catalog::Action) -> Result<Question<'c>, Vec<Fault>> {
        let mut attached = call.attached.clone();
        let given = self.target.and_then(|target| target.policy.clone());
        if let Some(policy) = given.or_else(|| self.policy_to_come()) {
            attached.add(policy, 0).map_err(|fault| vec![fault])?;
        }
        let account = self.target.and_then(|target| target.resource_account.as_deref());
        Ok(Question {
            principal: Cow::Borrowed(&call.principal),
            action: Cow::Borrowed(action.name()),
            resource: self.resource.clone(),
            resource_account: account.map(Cow::Borrowed),
            context: self.context.clone(),
            attached,
        })
    }

    /// Where its keys stand: the resource's own or the call's. Keys that follow from the operation come after them, and
    /// stand nowhere.
    fn places(&self, call: &Call<'_>, places: &Places) -> Vec<usize> {
        let at = |context: &[(Cow<'_, str>, ContextValue)], places: &[usize], key: &str| {
            let found = context.iter().position(|(known, _)| known == key);
            found.and_then(|index| places.get(index).copied())
        };
        let mut targets = call.resources.iter().zip(&places.resources);
        let own = targets.find(|(target, _)| self.target.is_some_and(|it| std::ptr::eq(it, *target)));
        let of_own = |key: &str| own.and_then(|(target, places)| at(&target.context, places, key));
        let keys = self.context.iter();
        keys.map_while(|(key, _)| of_own(key).or_else(|| at(&call.context, &places.call, key))).collect()
    }

    /// The policy of a KMS key that the call makes, which leaves the decision to the caller's policies:
    /// "kms:CreateKey (IAM policy). To use the Tags parameter, kms:TagResource (IAM policy)."
    /// docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html, developerguide/key-policy-default.html
    fn policy_to_come(&self) -> Option<Compiled> {
        let arn = Arn::parse(&self.resource).filter(|arn| arn.service == "kms" && self.target.is_none())?;
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Principal": {{"AWS": "{}"}},
                "Action": "kms:*", "Resource": "*"}}}}"#,
            arn.account
        );
        Compiled::read("the default key policy", Kind::Resource, &text).ok()
    }
}
