//! From a question to its answer.

use std::sync::Arc;

use policy::arn::Arn;
use policy::{ContextValue, Kind, Policy, Principal, Request};

use crate::ask::{Ask, Attached};
use crate::cache::Cache;
use crate::details::Details;
use crate::known::Known;
use crate::operation::besides::Besides;
use crate::{Answer, Fault};

/// Answers questions, and remembers what it compiled and looked up for the ones before.
pub struct Simulator<'a> {
    details: Option<&'a Details>,
    known: Known,
    besides: Besides,
    pub(crate) cache: Cache,
}

impl<'a> Simulator<'a> {
    /// One that knows of an account's users and roles what its details say.
    #[must_use]
    pub fn new(details: Option<&'a Details>) -> Self {
        Self { details, known: Known::default(), besides: Besides::default(), cache: Cache::default() }
    }

    /// The answer to a question, with a trace if it is asked for.
    ///
    /// # Errors
    /// Everything that is wrong with the question.
    pub fn ask(&mut self, ask: Ask<'_>, traced: bool) -> Result<Answer, Vec<Fault>> {
        let mut answer = self.check(ask, traced)?;
        answer.notes.extend(self.besides.note(&answer.request));
        Ok(answer)
    }

    /// The same for a question that is asked with all others of its call.
    #[inline]
    pub(crate) fn check(&mut self, ask: Ask<'_>, traced: bool) -> Result<Answer, Vec<Fault>> {
        let mut request = ask.request()?;
        let Ask { context, mut attached, .. } = ask;
        let mut notes = Vec::new();
        self.add_context(&mut request, context, &mut notes);
        if let Some(details) = self.details {
            add_details(details, &mut request, &mut attached)?;
        }
        let Attached { mut policies, asked, .. } = attached;
        asked.fill(&mut request);
        if policies.resource.is_none() && is_assumption(&request) {
            policies.resource = Some(Arc::new(Policy::silent("none", Kind::Trust)));
            notes.push("no trust policy is given, without which nobody assumes a role".to_owned());
        }
        // docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services
        if !policies.resource_control.is_empty() && !self.known.about(&request.action).has_resource_control {
            policies.resource_control.clear();
            notes.push(format!("resource control policies do not apply to {}", policy::plain(&request.action)));
        }
        let decision = match traced {
            true => policy::explain(&policies, &request, &catalog::Catalog),
            false => policy::decide(&policies, &request),
        };
        Ok(Answer { request, decision, notes })
    }

    fn add_context(
        &mut self,
        request: &mut Request,
        context: Vec<(std::borrow::Cow<'_, str>, ContextValue)>,
        notes: &mut Vec<String>,
    ) {
        let about = self.known.about(&request.action);
        notes.extend(about.note.clone());
        for (key, value) in context {
            let fact = about.key(&key);
            notes.extend(fact.note.clone());
            match (value, fact.is_multivalued) {
                (ContextValue::One(value), Some(true)) => request.context.set_many(key, [value]),
                (ContextValue::One(value), _) => request.context.set(key, value),
                (ContextValue::Many(values), known) => {
                    if known == Some(false) {
                        let key = policy::plain(&key);
                        notes.push(format!("{key} has one value in a request of AWS, and a list here"));
                    }
                    request.context.set_many(key, values);
                }
            }
        }
    }
}

/// Whether the request is to assume a role, which the role's trust policy has to allow.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
fn is_assumption(request: &Request) -> bool {
    let is_role = |arn: Arn<'_>| arn.service == "iam" && arn.resource.starts_with("role/");
    let name = request.action.split_once(':').filter(|(service, _)| service.eq_ignore_ascii_case("sts"));
    let about_trust =
        ["AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "TagSession", "SetSourceIdentity"];
    name.is_some_and(|(_, name)| about_trust.iter().any(|one| one.eq_ignore_ascii_case(name)))
        && Arn::parse(&request.resource).is_some_and(is_role)
}

/// What the details know of the caller, and of the role to assume, where the question itself does not say.
fn add_details(details: &Details, request: &mut Request, attached: &mut Attached) -> Result<(), Vec<Fault>> {
    if is_assumption(request) && attached.policies.resource.is_none() {
        let trust = details.trust(&request.resource);
        if let Some(trust) = trust.map_err(|fault| vec![fault])? {
            attached.add(trust, 0).map_err(|fault| vec![fault])?;
        }
    }
    if !matches!(request.principal, Principal::User { .. } | Principal::RoleSession { .. }) {
        return Ok(());
    }
    let Some(entity) = details.entity(&request.principal) else {
        return if attached.has_identity { Ok(()) } else { Err(vec![details.unknown(&request.principal)]) };
    };
    if let Principal::RoleSession { role, .. } = &mut request.principal {
        // With its path, which a session's ARN lacks.
        entity.arn().clone_into(role);
    }
    for (key, value) in entity.tags() {
        let key = format!("aws:PrincipalTag/{key}");
        if request.context.get(&key).is_none() {
            request.context.set(key, value);
        }
    }
    if !attached.has_identity {
        let found = details.identity(entity)?;
        attached.asked = found.iter().fold(attached.asked, |asked, one| asked.and(one.asked));
        attached.policies.identity = found.iter().map(|one| one.policy.clone()).collect();
    }
    if !attached.has_boundary
        && let Some(boundary) = details.boundary(entity)?
    {
        attached.asked = attached.asked.and(boundary.asked);
        attached.policies.boundary = Some(boundary.policy.clone());
    }
    Ok(())
}
