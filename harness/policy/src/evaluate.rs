//! One policy asked about one request.

use std::sync::Arc;

use crate::arn::Arn;
use crate::compile::{ActionHash, Grant, Policy, Resources, Statement, hash};
use crate::condition::{Condition, Outcome};
use crate::document::Effect;
use crate::undocumented::{Case, Notes};
use crate::{Principal, Request};

/// A request with what is worked out once for it.
#[derive(Clone, Copy)]
pub(crate) struct PreparedRequest<'a> {
    pub(crate) request: &'a Request,
    /// The caller's account.
    pub(crate) account: Option<&'a str>,
    /// The account that the resource belongs to.
    pub(crate) owner: Option<&'a str>,
    /// Whether it is AWS's own.
    pub(crate) is_of_aws: bool,
    /// Whether the caller has a permissions boundary.
    has_boundary: bool,
    pub(crate) hash: ActionHash,
}

impl<'a> PreparedRequest<'a> {
    pub(crate) fn new(request: &'a Request, has_boundary: bool) -> Self {
        let account = request.principal.account();
        let (owner, is_of_aws) = request.owned();
        let prepared = Self { request, account, owner, is_of_aws, has_boundary, hash: hash(&request.action) };
        Self { has_boundary: has_boundary && prepared.has_own_policies(), ..prepared }
    }

    /// The root user's permissions come from no policy, and a boundary cannot be set on it; services, providers and the
    /// anonymous have no policies of their own.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    pub(crate) fn has_own_policies(&self) -> bool {
        self.account.is_some() && !matches!(self.request.principal, Principal::Root { .. })
    }

    fn caller(&self) -> &'a Principal {
        &self.request.principal
    }
}

/// Told what happens. The one that keeps nothing compiles to nothing, so that a decision and its trace come from the
/// same code.
pub(crate) trait Recorder {
    /// Whether statements have to be followed to the end after their outcome is known.
    const RECORDS: bool;

    /// A policy is asked; `level` is its place among the organisation's levels.
    fn policy(&mut self, policy: &Arc<Policy>, level: Option<usize>);

    /// A condition of the next statement was evaluated.
    fn condition(&mut self, condition: &Condition, outcome: Outcome, prepared: &PreparedRequest<'_>, notes: Notes);

    /// A statement about the action was evaluated.
    fn statement(&mut self, at: usize, steps: Steps, prepared: &PreparedRequest<'_>);
}

/// Keeps nothing.
pub(crate) struct Silent;

impl Recorder for Silent {
    const RECORDS: bool = false;

    fn policy(&mut self, _policy: &Arc<Policy>, _level: Option<usize>) {}

    fn condition(&mut self, _condition: &Condition, _outcome: Outcome, _ask: &PreparedRequest<'_>, _notes: Notes) {}

    fn statement(&mut self, _at: usize, _steps: Steps, _ask: &PreparedRequest<'_>) {}
}

/// What each element of a statement said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Steps {
    /// How it names the caller; for a Deny anything but `None`.
    pub(crate) grant: Grant,
    pub(crate) resource: bool,
    pub(crate) conditions: bool,
    pub(crate) notes: Notes,
}

impl Steps {
    pub(crate) fn matched(&self) -> bool {
        self.grant != Grant::None && self.resource && self.conditions
    }
}

/// What the policies of one kind, or of one level, have said so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    /// The first policy that denies, with the notes of its statement.
    pub(crate) denial: Option<(Arc<Policy>, Notes)>,
    /// The most direct Allow.
    pub(crate) grant: Grant,
    /// Rows used by that Allow; by those that did not match; by Denies that did not.
    allowed: Notes,
    missed: Notes,
    spared: Notes,
}

impl Evidence {
    /// What a level of resource control policies starts with: RCPFullAWSAccess is on each, and "you cannot detach this
    /// policy".
    /// docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_evaluation.html
    pub(crate) fn full_access() -> Self {
        Self { grant: Grant::Direct, ..Self::default() }
    }

    pub(crate) fn allows(&self) -> bool {
        self.grant != Grant::None
    }

    /// The rows this rests on: one that kept an Allow from matching is no ground if another Allow did match.
    pub(crate) fn notes(&self) -> Notes {
        let mut notes = self.spared;
        notes.merge(if self.allows() { self.allowed } else { self.missed });
        notes
    }

    /// Takes every Allow back.
    pub(crate) fn revoke(&mut self) {
        self.grant = Grant::None;
    }

    /// Asks one more policy. Without a recorder, what cannot change the outcome any more is left out.
    pub(crate) fn ask<R: Recorder>(
        &mut self,
        policy: &Arc<Policy>,
        level: Option<usize>,
        prepared: &PreparedRequest<'_>,
        to: &mut R,
    ) {
        to.policy(policy, level);
        for (at, statement) in policy.candidates(prepared.hash) {
            // An Allow after one that could not be more direct, and rests on no row, adds nothing; no more does a Deny
            // after a Deny.
            let counts = match statement.effect {
                Effect::Deny => self.denial.is_none(),
                Effect::Allow => self.grant != Grant::Direct || !self.allowed.is_empty(),
            };
            if !R::RECORDS && !counts {
                continue;
            }
            if !R::RECORDS && !may_cover(statement, prepared) {
                continue;
            }
            if !is_about_action(statement, prepared) {
                if counts && statement.actions.rests_on_no_service(&prepared.request.action) {
                    self.left_out(statement, prepared);
                }
                continue;
            }
            let steps = follow(statement, prepared, to);
            to.statement(at, steps, prepared);
            if counts {
                self.take(policy, statement.effect, steps);
            }
            if self.denial.is_some() && !R::RECORDS {
                return;
            }
        }
    }

    /// A statement that is not about the action only because of a pattern such as `*Execution`: see the row.
    fn left_out(&mut self, statement: &Statement, prepared: &PreparedRequest<'_>) {
        let mut steps = follow(statement, prepared, &mut Silent);
        if steps.matched() {
            steps.notes.add(Case::ActionWithoutService);
            match statement.effect {
                Effect::Deny => self.spared.merge(steps.notes),
                Effect::Allow => self.missed.merge(steps.notes),
            }
        }
    }

    fn take(&mut self, policy: &Arc<Policy>, effect: Effect, steps: Steps) {
        match (effect, steps.matched()) {
            (Effect::Deny, true) => self.denial = Some((Arc::clone(policy), steps.notes)),
            (Effect::Deny, false) => self.spared.merge(steps.notes),
            (Effect::Allow, true) => {
                if steps.grant > self.grant || (steps.grant == self.grant && steps.notes.is_empty()) {
                    self.grant = steps.grant;
                    self.allowed = steps.notes;
                }
            }
            (Effect::Allow, false) => self.missed.merge(steps.notes),
        }
    }
}

/// Follows a statement element by element; rows are noted up to the first that does not match. Resources come first:
/// most statements about an action are about other ones.
fn follow<R: Recorder>(statement: &Statement, prepared: &PreparedRequest<'_>, to: &mut R) -> Steps {
    let mut notes = Notes::default();
    let resource = match &statement.resources {
        Some(resources) => covers(resources, prepared, &mut notes),
        None => covers_attached(prepared.request),
    };
    if resource && statement.actions.rests_on_no_service(&prepared.request.action) {
        notes.add(Case::ActionWithoutService);
    }
    let mut steps = Steps { grant: Grant::Direct, resource, conditions: true, notes };
    if !steps.matched() && !R::RECORDS {
        return steps;
    }
    let mut seen = Notes::default();
    let grant = names_caller(statement, prepared, &mut seen);
    steps.note(seen);
    steps.grant = grant;
    for condition in &statement.conditions {
        if !steps.matched() && !R::RECORDS {
            return steps;
        }
        let mut seen = Notes::default();
        let mut outcome = condition.evaluate(&prepared.request.context, &mut seen);
        if outcome.open {
            let is_settled = !prepared.request.context.otherwise().contains(Case::RolePath);
            outcome.holds = (statement.effect == Effect::Deny) == is_settled;
        }
        to.condition(condition, outcome, prepared, seen);
        steps.note(seen);
        steps.conditions &= outcome.holds;
    }
    steps
}

impl Steps {
    fn note(&mut self, seen: Notes) {
        if self.matched() {
            self.notes.merge(seen);
        }
    }
}

/// Whether a statement is about the action: see [`Case::ActionWithoutService`].
fn is_about_action(statement: &Statement, prepared: &PreparedRequest<'_>) -> bool {
    let action = &prepared.request.action;
    let otherwise = prepared.request.context.otherwise().contains(Case::ActionWithoutService);
    statement.actions.covers(action) != (otherwise && statement.actions.rests_on_no_service(action))
}

fn names_caller(statement: &Statement, prepared: &PreparedRequest<'_>, notes: &mut Notes) -> Grant {
    statement.names(prepared.caller(), prepared.has_boundary, prepared.request.context.otherwise(), notes)
}

impl Statement {
    /// How it names a caller; a Deny either does or does not.
    pub(crate) fn names(&self, caller: &Principal, has_boundary: bool, otherwise: Notes, notes: &mut Notes) -> Grant {
        match self.effect {
            Effect::Allow => match self.whom.allows(caller, otherwise, notes) {
                Grant::Everyone if self.is_direct_by_arn() => Grant::Direct,
                grant => grant,
            },
            Effect::Deny if self.whom.denies(caller, has_boundary, otherwise, notes) => Grant::Direct,
            Effect::Deny => Grant::None,
        }
    }
}

/// Whether a statement is worth following. For `*` each is: see [`is_bucket_list_on_buckets`].
fn may_cover(statement: &Statement, prepared: &PreparedRequest<'_>) -> bool {
    let resource = &prepared.request.resource;
    resource == "*" || statement.resources.as_ref().is_none_or(|resources| resources.may_cover(resource))
}

/// A statement without Resource is about what its policy is attached to: a trust policy's about the role, an ECR
/// repository's about the repository. Only: "A key policy statement without a Resource element doesn't apply to any KMS
/// key."
/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html
/// docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
fn covers_attached(request: &Request) -> bool {
    !request.action.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("kms:"))
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html
fn covers(resources: &Resources, prepared: &PreparedRequest<'_>, notes: &mut Notes) -> bool {
    let request = prepared.request;
    let mut unresolved = false;
    let mut matched = false;
    for pattern in &resources.patterns {
        if !resources.not && !pattern.may_match(&request.resource) {
            continue;
        }
        match pattern.matches(&request.resource, &request.context, notes) {
            Some(true) => matched = true,
            Some(false) => {}
            None => unresolved = true,
        }
        if matched {
            break;
        }
    }
    if resources.not {
        if unresolved && !matched {
            return !request.context.settles(Case::NotResourceVariable, notes);
        }
        return !matched;
    }
    matched || is_bucket_list_on_buckets(resources, request) && request.context.settles(Case::BucketsOnStar, notes)
}

fn is_bucket_list_on_buckets(resources: &Resources, request: &Request) -> bool {
    request.resource == "*"
        && request.action.eq_ignore_ascii_case("s3:ListAllMyBuckets")
        && resources.texts.iter().any(|text| is_every_bucket(text))
}

/// `arn:aws:s3:::*`, of any partition.
pub(crate) fn is_every_bucket(text: &str) -> bool {
    Arn::parse(text).is_some_and(|arn| (arn.service, arn.region, arn.account, arn.resource) == ("s3", "", "", "*"))
}
