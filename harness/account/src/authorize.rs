//! From a check to a decision. Every operation of every service comes through here.

use std::borrow::Cow;
use std::sync::Arc;

use catalog::Catalog;
use policy::arn::Arn;
use policy::facts::{Fact, Rule};
use policy::undocumented::Case;
use policy::{Decision, Policies, Policy, Principal, Quoting, Request, Verdict};

use crate::{Call, Check, Endpoint, Fault, Identity, SessionKind, Tags, Tracing, World};

#[cfg(test)]
mod tests;

/// A decision that was made for a call, with what was asked.
#[derive(Clone, Debug)]
pub struct Filed {
    /// What was asked, with the whole request context.
    pub request: Request,
    /// What was decided.
    pub decision: Decision,
}

/// What an identity brings to a decision.
pub(crate) struct Caller<'a> {
    pub(crate) principal: Principal,
    pub(crate) user_id: Option<Cow<'a, str>>,
    /// Principal tags: the role's or user's own with the session's over them.
    pub(crate) tags: Tags,
    identity_policies: Vec<Arc<Policy>>,
    boundary: Option<Arc<Policy>>,
    session_policies: Option<Vec<Arc<Policy>>>,
}

/// What is attached to a user or a role.
pub(crate) struct Attached<'a> {
    pub(crate) arn: String,
    pub(crate) id: &'a str,
    pub(crate) tags: &'a Tags,
    /// Inline and managed, a user's groups' included.
    pub(crate) policies: Vec<Arc<Policy>>,
    pub(crate) boundary: Option<Arc<Policy>>,
}

impl World {
    /// Lets a call go on if it may do what the check names; files the decision either way.
    pub(crate) fn authorize(&self, call: &mut Call<'_>, check: Check) -> Result<(), Fault> {
        let filed = self.decide(call, check)?;
        let fault = (filed.decision.verdict != Verdict::Allowed).then(|| self.denial(&filed));
        call.decisions.push(filed);
        fault.map_or(Ok(()), Err)
    }

    /// Stops a call if a statement of the resource's own policy denies what the check names, whatever else is said of that;
    /// files the decision if it does.
    pub(crate) fn unless_resource_denies(&self, call: &mut Call<'_>, check: Check) -> Result<(), Fault> {
        let filed = self.decide_by(call, check, |all| Policies { resource: all.resource, ..Policies::default() })?;
        if filed.decision.verdict != Verdict::ExplicitlyDenied {
            return Ok(());
        }
        let fault = self.denial(&filed);
        call.decisions.push(filed);
        Err(fault)
    }

    /// Stops a call that the service refuses to such a caller whatever policies say and whatever it is about, where
    /// `in_words` knows the service's own error for that; files the decision if it does.
    pub(crate) fn unless_refused(
        &self,
        call: &mut Call<'_>,
        action: &'static str,
        in_words: impl FnOnce(&Fact) -> Option<Fault>,
    ) -> Result<(), Fault> {
        let filed = self.decide_by(call, Check::new(action, "*"), |_| Policies::default())?;
        let fact = filed.decision.fact.filter(|fact| fact.rule == Rule::Refused);
        let Some(fault) = fact.and_then(in_words) else { return Ok(()) };
        call.decisions.push(filed);
        Err(fault)
    }

    /// Whether the call may also do what the check names. The decision is not filed: this asks what an answer may
    /// reveal (`NoSuchKey` or `AccessDenied`), not whether there is one.
    pub(crate) fn permits(&self, call: &Call<'_>, check: Check) -> bool {
        self.decide(call, check).is_ok_and(|filed| filed.decision.verdict == Verdict::Allowed)
    }

    pub(crate) fn decide(&self, call: &Call<'_>, check: Check) -> Result<Filed, Fault> {
        self.decide_by(call, check, |all| all)
    }

    /// Decides by some of the policies in play.
    fn decide_by(
        &self,
        call: &Call<'_>,
        check: Check,
        some: impl FnOnce(Policies) -> Policies,
    ) -> Result<Filed, Fault> {
        let caller = self.caller(&call.identity)?;
        let owner = self.owner(call, &check);
        let context = self.context(call, &caller, &check, &owner);
        let (principal, policies) = self.in_play(call, caller, &check, &owner);
        let policies = some(policies);
        let resource_account = (!owner.is_empty()).then_some(owner);
        let request =
            Request { principal, action: check.action.to_owned(), resource: check.resource, resource_account, context };
        let explain = || policy::explain(&policies, &request, &Catalog);
        let decision = match call.tracing {
            Tracing::All => explain(),
            Tracing::Denials => match policy::decide(&policies, &request) {
                allowed if allowed.verdict == Verdict::Allowed => allowed,
                _ => explain(),
            },
        };
        let decision = match check.default {
            Some(fact) => decision.by_default(fact),
            None => decision,
        };
        let is_past_endpoint = check.called.is_some_and(|service| self.endpoint(&call.identity, service).is_some());
        let decision = if is_past_endpoint { decision.resting_on(Case::ServicePastEndpoint) } else { decision };
        Ok(Filed { request, decision })
    }

    /// Every policy with a say in a check.
    fn in_play(&self, call: &Call<'_>, caller: Caller<'_>, check: &Check, owner: &str) -> (Principal, Policies) {
        let Caller { principal, identity_policies, boundary, session_policies, .. } = caller;
        let (service_control, resource_control) = self.controls(&call.identity, check, owner);
        let endpoint = self.endpoint(&call.identity, check.called_service()).filter(|_| check.called.is_none());
        let endpoint = endpoint.map(|endpoint| endpoint.policy.clone());
        let policies = Policies {
            identity: identity_policies,
            resource: check.resource_policy.clone(),
            boundary,
            session: session_policies,
            service_control,
            resource_control,
            endpoint,
        };
        (principal, policies)
    }

    /// Whether what a check comes to may depend on a condition key that begins so. Whoever has to fetch the key's value
    /// from afar can spare it if not.
    pub(crate) fn depends_on(&self, call: &Call<'_>, check: &Check, key: &str) -> bool {
        // A caller who is gone is refused, whatever policies say.
        let Ok(caller) = self.caller(&call.identity) else { return false };
        self.in_play(call, caller, check, &self.owner(call, check)).1.look_at(key)
    }

    /// The account that the resource belongs to; `aws` for AWS managed policies, whose ARNs have it there.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
    fn owner(&self, call: &Call<'_>, check: &Check) -> String {
        let of_arn = || Arn::parse(&check.resource).map(|arn| arn.account).filter(|account| !account.is_empty());
        let owner = check.owner.as_deref().or_else(of_arn).or_else(|| call.identity.account());
        owner.unwrap_or_default().to_owned()
    }

    /// Who the caller is to policies, with all that is attached at this moment.
    ///
    /// A session of a role or user that has been deleted is refused: its credentials name nothing any more.
    fn caller<'a>(&'a self, identity: &'a Identity) -> Result<Caller<'a>, Fault> {
        match identity {
            Identity::Anonymous => Ok(Caller::bare(Principal::Anonymous, Some("anonymous"))),
            Identity::Service { name, .. } => Ok(Caller::bare(Principal::Service { name: name.clone() }, None)),
            Identity::Root { account } => Ok(Caller::bare(Principal::root(account.as_str()), Some(account.as_str()))),
            Identity::User { account, name } => {
                let attached = self.attached_to_user(account, name)?;
                Ok(Caller::with(Principal::User { arn: attached.arn.clone() }, attached.id, attached))
            }
            Identity::Session(session) => self.session_caller(session),
        }
    }

    fn session_caller<'a>(&'a self, session: &'a crate::Session) -> Result<Caller<'a>, Fault> {
        let account = &session.account;
        let attached = match &session.kind {
            SessionKind::Role { name, id, .. } => Some(
                self.account(account)
                    .and_then(|account| account.iam.attached_to_role(&account.id, name))
                    .filter(|attached| attached.id == id)
                    .ok_or_else(Fault::unsigned)?,
            ),
            SessionKind::User { name } => Some(self.attached_to_user(account, name)?),
            SessionKind::Federated { user: Some(name) } => Some(self.attached_to_user(account, name)?),
            SessionKind::Root | SessionKind::Federated { user: None } => None,
        };
        let principal =
            session.principal(|_| attached.as_ref().map(|attached| attached.arn.clone()).unwrap_or_default());
        let mut caller = match attached {
            Some(attached) => Caller::with(principal, &session.user_id, attached),
            None => Caller::bare(principal, Some(&session.user_id)),
        };
        // A session tag replaces the role's tag of the same key, letter case ignored.
        // A federated user has the calling user's tags in the same way.
        // docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
        for (key, value) in session.tags.iter() {
            caller.tags.set_ignoring_case(key, value);
        }
        caller.session_policies.clone_from(&session.policies);
        Ok(caller)
    }

    fn attached_to_user(&self, account: &str, name: &str) -> Result<Attached<'_>, Fault> {
        self.account(account)
            .and_then(|account| account.iam.attached_to_user(&account.id, name))
            .ok_or_else(Fault::unsigned)
    }

    /// SCPs bind the caller's account, RCPs the resource's, and RCPs only the services they support.
    /// docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
    #[expect(clippy::type_complexity, reason = "the two fields of `Policies`")]
    fn controls(
        &self,
        identity: &Identity,
        check: &Check,
        owner: &str,
    ) -> (Vec<Vec<Arc<Policy>>>, Vec<Vec<Arc<Policy>>>) {
        let Some(organization) = &self.organization else { return Default::default() };
        let over_caller = identity.account().and_then(|account| organization.over(account));
        let over_owner = organization.over(owner).filter(|_| limited_by_resource_control(check.action));
        (
            over_caller.map(|levels| levels.service_control.clone()).unwrap_or_default(),
            over_owner.map(|levels| levels.resource_control.clone()).unwrap_or_default(),
        )
    }

    /// The VPC endpoint that a call to a service comes through. Root users set things up from outside the network.
    ///
    /// Its policy controls the use of "the endpoint to access an AWS service". What that service asks for of another,
    /// as ECS does for the permission to pass a role, is not such access: [`Case::ServicePastEndpoint`].
    /// docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    pub(crate) fn endpoint(&self, identity: &Identity, service: &str) -> Option<&Endpoint> {
        if matches!(identity, Identity::Root { .. } | Identity::Service { .. }) {
            return None;
        }
        self.endpoints.get(service)
    }

    /// AWS's error for a denial, with the service's own code and wording.
    fn denial(&self, Filed { request, decision }: &Filed) -> Fault {
        let service = request.action.split_once(':').map_or("", |(service, _)| service);
        match service {
            // Since August 2024 the long text goes to callers of the owner's account or organisation; others get two
            // words. docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html
            "s3" if !self.same_house(request) => Fault::new(403, "AccessDenied", "Access Denied"),
            "s3" => Fault::new(403, "AccessDenied", decision.denial(request, Quoting::Double)),
            "ecs" | "logs" => Fault::new(400, "AccessDeniedException", decision.denial(request, Quoting::None)),
            _ => Fault::new(403, "AccessDenied", decision.denial(request, Quoting::None)),
        }
    }

    fn same_house(&self, request: &Request) -> bool {
        let (Some(caller), Some(owner)) = (request.principal.account(), request.resource_account.as_deref()) else {
            return false;
        };
        let together = |organization: &crate::Organization| organization.has(caller) && organization.has(owner);
        caller == owner || self.organization.as_ref().is_some_and(together)
    }
}

/// docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services
fn limited_by_resource_control(action: &str) -> bool {
    catalog::action(action).is_some_and(|action| action.service().has_resource_control())
}

impl<'a> Caller<'a> {
    fn bare(principal: Principal, user_id: Option<&'a str>) -> Self {
        Self {
            principal,
            user_id: user_id.map(Cow::Borrowed),
            tags: Tags::default(),
            identity_policies: Vec::new(),
            boundary: None,
            session_policies: None,
        }
    }

    fn with(principal: Principal, user_id: &'a str, attached: Attached<'_>) -> Self {
        Self {
            principal,
            user_id: Some(Cow::Borrowed(user_id)),
            tags: attached.tags.clone(),
            identity_policies: attached.policies,
            boundary: attached.boundary,
            session_policies: None,
        }
    }
}
