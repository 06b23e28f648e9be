//! A whole decision as a formula: what all policies together say, as [`policy::decide`] combines them.
//!
//! Who asks and who owns the resource are settled for each formula. So is the way in which the two sides add up, but for what
//! depends on how directly the resource's policy names the caller, and for what the facts of services say of an action.

mod fact;

use policy::facts::Rule;
use policy::undocumented::Case;
use policy::view::GrantView;
use policy::{Kind, Policies, Policy, Principal};

use crate::encode::{Said, Statements};
use crate::formula::Formula;
use crate::space::Space;
use fact::Facts;

#[cfg(test)]
pub(crate) mod tests;

/// That the request is allowed.
pub(crate) fn allowed<'a>(space: &mut Space<'a>, policies: &'a Policies) -> Formula {
    let read = Read::new(space, policies);
    let mut parts = Vec::new();
    for at in 0..space.callers.len() {
        let caller = space.callers[at].clone();
        let asks = space.fact(crate::space::Fact::Caller(at as u32));
        let allowed = OfCaller::new(space, policies, &read, &caller).allowed(space);
        parts.push(space.formulas.all([asks, allowed]));
    }
    space.formulas.any(parts)
}

/// The statements of every policy.
struct Read<'a> {
    identity: Vec<Statements<'a>>,
    resource: Vec<Statements<'a>>,
    boundary: Vec<Statements<'a>>,
    session: Vec<Statements<'a>>,
    service_control: Vec<Vec<Statements<'a>>>,
    resource_control: Vec<Vec<Statements<'a>>>,
    endpoint: Vec<Statements<'a>>,
}

impl<'a> Read<'a> {
    fn new(space: &mut Space<'a>, policies: &'a Policies) -> Self {
        let mut read = |policy: &'a Policy| Statements::new(space, policy);
        Self {
            identity: policies.identity.iter().map(|policy| read(policy)).collect(),
            resource: policies.resource.iter().map(|policy| read(policy)).collect(),
            boundary: policies.boundary.iter().map(|policy| read(policy)).collect(),
            session: policies.session.iter().flatten().map(|policy| read(policy)).collect(),
            service_control: policies
                .service_control
                .iter()
                .map(|level| level.iter().map(|policy| read(policy)).collect())
                .collect(),
            resource_control: policies
                .resource_control
                .iter()
                .map(|level| level.iter().map(|policy| read(policy)).collect())
                .collect(),
            endpoint: policies.endpoint.iter().map(|policy| read(policy)).collect(),
        }
    }
}

/// What the policies of one kind say together.
#[derive(Clone, Copy)]
struct Together {
    denies: Formula,
    allows: [Formula; 4],
}

const GRANTS: [GrantView; 4] = [GrantView::Delegated, GrantView::SessionIssuer, GrantView::Everyone, GrantView::Direct];

impl Together {
    fn new(space: &mut Space<'_>, said: &[Said]) -> Self {
        let denies = space.formulas.any(said.iter().map(|said| said.denies));
        let allows = GRANTS.map(|least| space.formulas.any(said.iter().map(|said| said.allows(least))));
        Self { denies, allows }
    }

    /// That a statement allows which names the caller at least so.
    const fn least(&self, at: usize) -> Formula {
        self.allows[at]
    }
}

/// A decision about one caller.
struct OfCaller<'q, 'a> {
    policies: &'a Policies,
    read: &'q Read<'a>,
    caller: &'q Principal,
    has_own_policies: bool,
    is_same_account: bool,
    facts: Facts,
}

impl<'q, 'a> OfCaller<'q, 'a> {
    fn new(space: &mut Space<'a>, policies: &'a Policies, read: &'q Read<'a>, caller: &'q Principal) -> Self {
        let account = caller.account();
        let owner = space.owner.clone();
        let is_of_aws = owner.as_deref().is_some_and(policy::facts::is_of_aws);
        let is_same_account = account.is_some() && (owner.is_none() || is_of_aws || owner.as_deref() == account);
        let facts = Facts::about(space, caller, is_same_account);
        let has_own_policies = account.is_some() && !matches!(caller, Principal::Root { .. });
        Self { policies, read, caller, has_own_policies, is_same_account, facts }
    }

    fn together(&self, space: &mut Space<'a>, statements: &[Statements<'a>]) -> Together {
        let has_boundary = self.has_own_policies && self.policies.boundary.is_some();
        let said: Vec<_> =
            statements.iter().map(|statements| statements.said_to(space, self.caller, has_boundary)).collect();
        Together::new(space, &said)
    }

    fn allowed(&self, space: &mut Space<'a>) -> Formula {
        let open = self.facts.of(space, |rule| rule == Rule::Open);
        let refused = self.facts.of(space, |rule| rule == Rule::Refused);
        let endpoint = self.together(space, &self.read.endpoint);
        let endpoint_allows = match self.read.endpoint.is_empty() {
            true => space.formulas.constant(true),
            false => endpoint.least(0),
        };
        let not_barred = space.formulas.not(endpoint.denies);
        let passes = space.formulas.all([endpoint_allows, not_barred]);
        let (levels, resource) = (self.levels(space), self.resource(space));
        let no_deny = space.formulas.not(resource.denies);
        let own = self.own(space, &resource);
        let not_refused = space.formulas.not(refused);
        let asked = space.formulas.all([levels, no_deny, own, not_refused]);
        let asked = if self.policies.resource.is_none() { self.facts.left_open(space, asked) } else { asked };
        let asked = space.formulas.either(open, passes, asked);
        let allowed = space.formulas.all([passes, asked]);
        let barred = space.formulas.not(passes);
        let situation = space.formulas.all([open, barred]);
        space.left_open(Case::OpenBehindEndpoint, situation, allowed)
    }

    /// That service and resource control policies let the request through.
    fn levels(&self, space: &mut Space<'a>) -> Formula {
        if self.caller.is_service_linked() == Some(true) {
            return space.formulas.constant(true);
        }
        let mut parts = Vec::new();
        let is_open = self.caller.is_service_linked().is_none();
        let without = self.facts.of(space, |rule| rule == Rule::NoResourceControl);
        for level in &self.read.resource_control {
            let said = self.together(space, level);
            let not_denied = space.formulas.not(said.denies);
            parts.push(space.formulas.any([without, not_denied]));
        }
        let without = self.facts.of(space, |rule| rule == Rule::NoServiceControl);
        for level in self.read.service_control.iter().filter(|_| self.caller.account().is_some()) {
            let said = self.together(space, level);
            let not_denied = space.formulas.not(said.denies);
            let passes = space.formulas.all([not_denied, said.least(0)]);
            parts.push(space.formulas.any([without, passes]));
        }
        let pass = space.formulas.all(parts);
        if !is_open {
            return pass;
        }
        let barred = space.formulas.not(pass);
        space.left_open(Case::RolePath, barred, pass)
    }

    /// What the resource's policy says, as far as it counts.
    fn resource(&self, space: &mut Space<'a>) -> Together {
        let said = self.together(space, &self.read.resource);
        let ignored = self.facts.of(space, |rule| rule == Rule::NoResourcePolicy);
        let no_grant = self.facts.of(space, |rule| rule == Rule::NoResourceGrant);
        let [counts, grants] = [ignored, no_grant].map(|formula| space.formulas.not(formula));
        let denies = space.formulas.all([said.denies, counts]);
        Together { denies, allows: said.allows.map(|allows| space.formulas.all([allows, counts, grants])) }
    }

    /// That the caller's own policies and the resource's allow it together, and none of the caller's own denies it.
    fn own(&self, space: &mut Space<'a>, resource: &Together) -> Formula {
        if self.caller.account().is_none() {
            let granted = resource.least(0);
            return self.or_unattached(space, granted, None);
        }
        let is_root = matches!(self.caller, Principal::Root { .. });
        let truth = space.formulas.constant(true);
        let (mut identity, mut within, mut not_denied) = (truth, truth, truth);
        if self.has_own_policies {
            let own = self.together(space, &self.read.identity);
            identity = own.least(0);
            let mut denials = vec![own.denies];
            let mut limits = Vec::new();
            if self.policies.boundary.is_some() {
                let boundary = self.together(space, &self.read.boundary);
                denials.push(boundary.denies);
                limits.push(boundary.least(0));
            }
            if !self.read.session.is_empty() || matches!(self.caller, Principal::FederatedUser { .. }) {
                let session = self.together(space, &self.read.session);
                denials.push(session.denies);
                limits.push(session.least(0));
            }
            within = space.formulas.all(limits);
            let denied = space.formulas.any(denials);
            not_denied = space.formulas.not(denied);
        }
        debug_assert!(!is_root || identity == truth, "the root user has no policies of its own");
        let by_identity = space.formulas.all([identity, within]);
        let granted = self.granted(space, resource, by_identity, within);
        let granted = self.or_unattached(space, granted, Some(within));
        space.formulas.all([not_denied, granted])
    }

    /// How the two sides add up.
    fn granted(&self, space: &mut Space<'a>, resource: &Together, by_identity: Formula, within: Formula) -> Formula {
        let both = space.formulas.all([resource.least(0), by_identity]);
        if !self.is_same_account {
            return both;
        }
        let is_trust = self.policies.resource.as_ref().is_some_and(|policy| policy.kind() == Kind::Trust);
        let is_user = matches!(self.caller, Principal::User { .. });
        let is_federated = matches!(self.caller, Principal::FederatedUser { .. });
        let is_session = matches!(self.caller, Principal::RoleSession { .. });
        let truth = space.formulas.constant(true);
        let beyond = space.formulas.not(within);
        let limited = space.left_open(Case::TrustUserLimited, beyond, within);
        let unlimited = space.left_open(Case::EveryoneUnlimited, beyond, truth);
        let direct = if is_trust && is_user { limited } else { truth };
        let everyone = match (is_trust && is_user, is_federated) {
            (true, _) => limited,
            (_, true) => within,
            _ => unlimited,
        };
        let needs = self.facts.of(space, |rule| matches!(rule, Rule::BothSides | Rule::ResourceMust(_)));
        let must = if is_trust { truth } else { needs };
        let rest = space.formulas.either(must, both, by_identity);
        let [issuer, everybody, named] = [1, 2, 3].map(|at| resource.least(at));
        let by_issuer = space.formulas.either(issuer, within, rest);
        let by_everyone = space.formulas.either(everybody, everyone, by_issuer);
        let by_grant = space.formulas.either(named, direct, by_everyone);
        let both_sides = self.facts.of(space, |rule| rule == Rule::BothSides);
        let chained = match is_trust && is_session {
            true => space.actions_of(["sts:setsourceidentity"].into_iter()),
            false => space.formulas.constant(false),
        };
        let needs_both = space.formulas.any([both_sides, chained]);
        space.formulas.either(needs_both, both, by_grant)
    }

    /// Or the service allows it as long as the resource has no policy.
    fn or_unattached(&self, space: &mut Space<'a>, granted: Formula, within: Option<Formula>) -> Formula {
        if self.policies.resource.is_some() {
            return granted;
        }
        let unattached = self.facts.of(space, |rule| rule == Rule::Unattached);
        let needs_trust = self.facts.of(space, |rule| rule == Rule::ResourceMust(Kind::Trust));
        let not_trust = space.formulas.not(needs_trust);
        let by_default = space.formulas.all([unattached, not_trust].into_iter().chain(within));
        space.formulas.any([granted, by_default])
    }
}
