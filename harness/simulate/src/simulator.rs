//! From a question to its answer.

use policy::arn::Arn;
use policy::undocumented::Case;
use policy::{Effect, Kind, Policies, Principal, Request, Trace, Verdict};

use crate::cache::Cache;
use crate::details::{Details, Entity};
use crate::fault::bounded;
use crate::gather::{Keys, gather};
use crate::lookups::{Lookups, not_in_account, not_on};
use crate::note::Note;
use crate::operation::besides::{Also, Besides};
use crate::question::{Attached, Question};
use crate::{Answer, Fault, principal};

/// Answers questions, and remembers what it compiled and looked up for the ones before.
pub struct Simulator<'a> {
    details: Option<&'a Details>,
    known: Lookups,
    besides: Besides,
    pub(crate) cache: Cache,
}

impl<'a> Simulator<'a> {
    /// One that knows of an account's users and roles what its details say.
    #[must_use]
    pub fn new(details: Option<&'a Details>) -> Self {
        Self { details, known: Lookups::default(), besides: Besides::default(), cache: Cache::default() }
    }

    /// The answer to a question, with a trace if it is asked for.
    ///
    /// # Errors
    /// Everything that is wrong with the question.
    pub fn ask(&mut self, question: Question<'_>, traced: bool) -> Result<Answer, Vec<Fault>> {
        let mut answer = self.ask_at(question, &[], traced)?;
        let (action, resource) = (&*answer.request.action, &*answer.request.resource);
        let note = not_on(action, resource).or_else(|| not_in_account(action, resource));
        answer.notes.extend(note.map(Note::from));
        if answer.decision.verdict == Verdict::ImplicitlyDenied {
            let note = answer.decision.trace.as_ref().and_then(deny_only_level);
            answer.notes.extend(note.map(Note::from));
        }
        Ok(answer)
    }

    /// What else AWS asks in a call of the operation that asks this: `in a call of … AWS also asks …`.
    #[must_use]
    pub fn besides(&mut self, request: &Request) -> Option<(&'static str, Vec<Also>)> {
        self.besides.said(request)
    }

    /// The same for a question that stands in a line: where each key of its context does.
    pub(crate) fn ask_at(
        &mut self,
        question: Question<'_>,
        places: &[usize],
        traced: bool,
    ) -> Result<Answer, Vec<Fault>> {
        let mut answer = self.check(question, places, &[], traced).map_err(bounded)?;
        answer.notes.extend(self.besides.note(&answer.request).map(Note::from));
        Ok(answer)
    }

    /// The same for a question that is asked with all others of its call, and the keys that AWS leaves open in it.
    #[inline]
    pub(crate) fn check(
        &mut self,
        question: Question<'_>,
        places: &[usize],
        open: &[(&'static str, Case)],
        traced: bool,
    ) -> Result<Answer, Vec<Fault>> {
        let Asked { request, policies, mut notes, .. } = self.asked(question, places, open)?;
        let decision = match traced {
            true => policy::explain(&policies, &request, &catalog::Catalog),
            false => policy::decide(&policies, &request),
        };
        if decision.notes.contains(Case::RolePath) {
            notes.push(principal::ask_for_path(&request.principal).into());
        }
        Ok(Answer { request, decision, notes })
    }

    /// What a question comes to before it is decided. Its resource may have wildcards, for a claim about all that it stands for.
    ///
    /// # Errors
    /// Everything that is wrong with the question.
    pub fn prepare(&mut self, question: Question<'_>) -> Result<Asked, Vec<Fault>> {
        self.asked(question, &[], &[]).map_err(bounded)
    }

    fn asked(
        &mut self,
        question: Question<'_>,
        places: &[usize],
        open: &[(&'static str, Case)],
    ) -> Result<Asked, Vec<Fault>> {
        let mut request = question.request(places)?;
        let Question { context, mut attached, .. } = question;
        let entity = match self.details {
            Some(details) => add_details(details, &mut request, &mut attached)?,
            None => None,
        };
        let tells_path = principal::tells_path(&request.principal, &context);
        let about = self.known.about(&request.action);
        let has_resource_control = about.has_resource_control;
        if let Some(other) = about.authorised_on(&request.resource) {
            request.resource = other;
        }
        let mut notes = gather(Keys { context, places }, about, attached.mentioned, &mut request)?;
        for &(key, case) in open {
            request.context.leaves_open(key, case);
        }
        notes.extend(attached.notes.iter().flat_map(|own| own.iter()).cloned());
        if tells_path {
            principal::take_path(&mut request);
        }
        add_tags(entity, &mut request);
        let mut policies = attached.policies;
        if policies.resource.is_none() && is_assumption(&request) {
            let action = policy::plain(&request.action);
            let note =
                format!("{action} needs the role's trust policy (--trust, or `trust` in a line); denied without it");
            notes.push(note.into());
        }
        // docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services
        if !policies.resource_control.is_empty() && !has_resource_control {
            policies.resource_control.clear();
            let action = policy::plain(&request.action);
            notes.push(format!("resource control policies do not apply to {action}").into());
        }
        Ok(Asked { request, policies, notes, has_known_tags: entity.is_some() })
    }
}

/// A question before it is decided.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What is asked, with the condition keys that are given and those that follow.
    pub request: Request,
    /// Every policy that has a say.
    pub policies: Policies,
    /// What there is to know about it.
    pub notes: Vec<Note>,
    /// Whether account details tell all tags of the user or role that asks.
    pub has_known_tags: bool,
}

/// That the service control policies of a level only deny, so that nothing is allowed below it. AWS attaches FullAWSAccess to
/// every level when they are enabled, and a level without it or another Allow lets nothing through.
/// docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
fn deny_only_level(trace: &Trace) -> Option<String> {
    let of_level = |level: usize| {
        let all = trace.policies.iter();
        all.filter(move |policy| policy.kind == Kind::ServiceControl && policy.level == Some(level))
    };
    let only_denies = |level: &usize| {
        let mut effects = of_level(*level).flat_map(|policy| &policy.statements).map(|statement| statement.effect);
        of_level(*level).next().is_some() && effects.all(|effect| effect == Effect::Deny)
    };
    let last = trace.policies.iter().filter_map(|policy| policy.level).max()?;
    let place = match (0..=last).find(only_denies)? {
        0 => "at the root".to_owned(),
        level => format!("at level {level} below the root"),
    };
    Some(format!("FullAWSAccess is not listed {place}: if AWS has it there, give it too"))
}

/// Whether a role's trust policy has to allow an action. It says nothing about others, such as iam:PassRole.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
#[must_use]
pub fn is_about_trust(action: &str) -> bool {
    let name = action.split_once(':').filter(|(service, _)| service.eq_ignore_ascii_case("sts"));
    let about_trust =
        ["AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "TagSession", "SetSourceIdentity"];
    name.is_some_and(|(_, name)| about_trust.iter().any(|one| one.eq_ignore_ascii_case(name)))
}

/// Whether the request is to assume a role.
fn is_assumption(request: &Request) -> bool {
    let is_role = |arn: Arn<'_>| arn.service == "iam" && arn.resource.starts_with("role/");
    is_about_trust(&request.action) && Arn::parse(&request.resource).is_some_and(is_role)
}

/// What the details know of the caller, and of the role to assume, where the question itself does not say.
fn add_details<'a>(
    details: &'a Details,
    request: &mut Request,
    attached: &mut Attached,
) -> Result<Option<&'a Entity>, Vec<Fault>> {
    if is_assumption(request) && attached.policies.resource.is_none() {
        let trust = details.trust(&request.resource);
        if let Some(trust) = trust.map_err(|fault| vec![fault])? {
            attached.add(trust, 0).map_err(|fault| vec![fault])?;
        }
    }
    if !matches!(request.principal, Principal::User { .. } | Principal::RoleSession { .. }) {
        return Ok(None);
    }
    let Some(entity) = details.entity(&request.principal) else {
        return if attached.has_identity { Ok(None) } else { Err(vec![details.unknown(&request.principal)]) };
    };
    if let Principal::RoleSession { role, .. } = &mut request.principal {
        // With its path, which a session's ARN lacks.
        *role = Some(entity.arn().to_owned());
    }
    if !attached.has_identity {
        let found = details.identity(entity)?;
        attached.mentioned = found.iter().fold(attached.mentioned, |mentioned, one| mentioned.and(one.mentioned));
        attached.policies.identity = found.iter().map(|one| one.policy.clone()).collect();
        attached.notes.extend(found.iter().filter_map(|one| one.notes.clone()));
    }
    if !attached.has_boundary
        && let Some(boundary) = details.boundary(entity)?
    {
        attached.mentioned = attached.mentioned.and(boundary.mentioned);
        attached.policies.boundary = Some(boundary.policy.clone());
        attached.notes.extend(boundary.notes.clone());
    }
    Ok(Some(entity))
}

/// The tags of the user or role, where the question does not say otherwise.
fn add_tags(entity: Option<&Entity>, request: &mut Request) {
    for (key, value) in entity.into_iter().flat_map(Entity::tags) {
        let key = format!("aws:PrincipalTag/{key}");
        if request.context.get(&key).is_none() {
            request.context.set(key, value);
        }
    }
}
