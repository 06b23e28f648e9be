//! From a check to a decision. Every operation of every service comes through here.

use catalog::Catalog;
use policy::arn::Arn;
use policy::facts::{Fact, Rule};
use policy::undocumented::Case;
use policy::{Policies, Principal, Request, Verdict};

use crate::call::{Call, Tracing};
use crate::caller::Caller;
use crate::check::Check;
use crate::decision::RecordedDecision;
use crate::fault::Fault;
use crate::identity::Identity;
use crate::organization::Levels;
use crate::world::World;

impl World {
    /// Lets a call go on if it may do what the check names; records the decision either way.
    ///
    /// # Errors
    /// The service's error for a denial, or that the caller is gone.
    pub fn authorize(&self, call: &mut Call<'_>, check: Check) -> Result<(), Fault> {
        let recorded = self.decide(call, check)?;
        let fault = (recorded.decision.verdict != Verdict::Allowed).then(|| self.denial(&recorded));
        call.decisions.push(recorded);
        fault.map_or(Ok(()), Err)
    }

    /// Stops a call if a statement of the resource's own policy denies what the check names, whatever else is said of that;
    /// records the decision if it does.
    ///
    /// # Errors
    /// The service's error for a denial, or that the caller is gone.
    pub fn unless_resource_denies(&self, call: &mut Call<'_>, check: Check) -> Result<(), Fault> {
        let recorded = self.decide_by(call, check, |all| Policies { resource: all.resource, ..Policies::default() })?;
        if recorded.decision.verdict != Verdict::ExplicitlyDenied {
            return Ok(());
        }
        let fault = self.denial(&recorded);
        call.decisions.push(recorded);
        Err(fault)
    }

    /// Stops a call that the service refuses to such a caller whatever policies say and whatever it is about, where
    /// `in_words` knows the service's own error for that; records the decision if it does.
    ///
    /// # Errors
    /// What `in_words` makes of the refusal, or that the caller is gone.
    pub fn unless_refused(
        &self,
        call: &mut Call<'_>,
        action: &'static str,
        in_words: impl FnOnce(&Fact) -> Option<Fault>,
    ) -> Result<(), Fault> {
        let recorded = self.decide_by(call, Check::new(action, "*"), |_| Policies::default())?;
        let fact = recorded.decision.fact.filter(|fact| fact.rule == Rule::Refused);
        let Some(fault) = fact.and_then(in_words) else { return Ok(()) };
        call.decisions.push(recorded);
        Err(fault)
    }

    /// Whether the call may also do what the check names. The decision is not recorded: this asks what an answer may
    /// reveal (`NoSuchKey` or `AccessDenied`), not whether there is one.
    #[must_use]
    pub fn permits(&self, call: &Call<'_>, check: Check) -> bool {
        self.decide(call, check).is_ok_and(|recorded| recorded.decision.verdict == Verdict::Allowed)
    }

    /// What is decided for the caller about any action, with all that the world knows of caller and resource at this
    /// moment. Nothing is done, and nothing is recorded.
    ///
    /// # Errors
    /// The caller is gone.
    pub fn ask(&self, call: &Call<'_>, check: Check) -> Result<RecordedDecision, Fault> {
        self.decide(call, self.held(call, check))
    }

    /// What would be asked for [`ask`](Self::ask), and every policy that has a say in it.
    ///
    /// # Errors
    /// The caller is gone.
    pub fn question(&self, call: &Call<'_>, check: Check) -> Result<(Request, Policies), Fault> {
        self.request(call, self.held(call, check))
    }

    /// A check with what the service knows of its resource.
    fn held(&self, call: &Call<'_>, check: Check) -> Check {
        let service = Arn::parse(&check.resource).and_then(|arn| self.service(arn.service));
        match service {
            Some(service) => service.held(self, call, check),
            None => check,
        }
    }

    /// What is decided about a check, with all that counts at this moment. The decision is not recorded.
    fn decide(&self, call: &Call<'_>, check: Check) -> Result<RecordedDecision, Fault> {
        self.decide_by(call, check, |all| all)
    }

    /// Decides by some of the policies in play.
    fn decide_by(
        &self,
        call: &Call<'_>,
        check: Check,
        some: impl FnOnce(Policies) -> Policies,
    ) -> Result<RecordedDecision, Fault> {
        let (default, called) = (check.default, check.called);
        let (request, policies) = self.request(call, check)?;
        let policies = some(policies);
        let explain = || policy::explain(&policies, &request, &Catalog);
        let decision = match call.tracing {
            Tracing::All => explain(),
            Tracing::Denials => match policy::decide(&policies, &request) {
                allowed if allowed.verdict == Verdict::Allowed => allowed,
                _ => explain(),
            },
        };
        let decision = match default {
            Some(fact) => decision.by_default(fact),
            None => decision,
        };
        let is_past_endpoint = called.is_some_and(|service| self.endpoint(&call.identity, service).is_some());
        let decision = if is_past_endpoint { decision.resting_on(Case::ServicePastEndpoint) } else { decision };
        Ok(RecordedDecision { request, decision })
    }

    /// What a check asks, and every policy with a say in it.
    fn request(&self, call: &Call<'_>, check: Check) -> Result<(Request, Policies), Fault> {
        let caller = self.caller(&call.identity)?;
        let owner = self.owner(call, &check);
        let context = self.context(call, &caller, &check, &owner);
        let (principal, policies) = self.in_play(call, caller, &check, &owner);
        let resource_account = (!owner.is_empty()).then_some(owner);
        let (action, resource) = (check.action.to_owned(), check.resource);
        Ok((Request { principal, action, resource, resource_account, context }, policies))
    }

    /// Every policy with a say in a check.
    fn in_play(&self, call: &Call<'_>, caller: Caller<'_>, check: &Check, owner: &str) -> (Principal, Policies) {
        let Caller { principal, identity_policies, boundary, session_policies, .. } = caller;
        let Levels { service_control, resource_control, .. } = self.controls(&call.identity, check, owner);
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

    /// Whether what a check comes to may depend on a condition key that begins so. The one who has to fetch the key's value
    /// from afar can spare it if not.
    #[must_use]
    pub fn depends_on(&self, call: &Call<'_>, check: &Check, key: &str) -> bool {
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

    /// SCPs bind the caller's account, RCPs the resource's, and RCPs only the services they support.
    /// docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
    fn controls(&self, identity: &Identity, check: &Check, owner: &str) -> Levels {
        let Some(organization) = self.organization() else { return Levels::default() };
        let over_caller = identity.account().and_then(|account| organization.over(account));
        let over_owner = organization.over(owner).filter(|_| limited_by_resource_control(check.action));
        Levels {
            service_control: over_caller.map(|levels| levels.service_control.clone()).unwrap_or_default(),
            resource_control: over_owner.map(|levels| levels.resource_control.clone()).unwrap_or_default(),
            path: None,
        }
    }

    /// AWS's error for a denial, with the service's own code and wording.
    fn denial(&self, denied: &RecordedDecision) -> Fault {
        let prefix = denied.request.action.split_once(':').map_or("", |(prefix, _)| prefix);
        self.service(prefix).map_or_else(|| denied.access_denied(), |service| service.denial(self, denied))
    }
}

/// docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services
fn limited_by_resource_control(action: &str) -> bool {
    catalog::action(action).is_some_and(|action| action.service().has_resource_control())
}
