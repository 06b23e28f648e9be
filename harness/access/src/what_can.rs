//! What somebody can do, statement by statement.

use std::sync::Arc;

use policy::undocumented::Notes;
use policy::{Effect, Kind, Policies, Policy, Request};
use prove::{Claim, Disagreement, Options, Question, Verdict, prove};

use crate::callers::{Caller, of_arn};
use crate::facts::{Facts, OwnTags, Settled, conditions, context};
use crate::prepared::{self, block};
use crate::target::Target;
use crate::{Attached, Condition, Fault, Index, Limit, StatementName, Unanswered, Who};

/// What one statement lets somebody do.
#[derive(Clone, Debug)]
pub struct Permission {
    /// Which statement.
    pub by: StatementName,
    /// Whether it lists what it leaves out: NotAction.
    pub not_actions: bool,
    /// Its Action or NotAction.
    pub actions: Vec<String>,
    /// Its Resource or NotResource; the resource itself where its policy has none.
    pub resources: Limit,
    /// Conditions that are open: with its others it is settled how they come out.
    pub when: Vec<Condition>,
    /// What all policies make of it.
    pub extent: Extent,
}

/// How much of what a statement is about is allowed.
#[derive(Clone, Debug)]
pub enum Extent {
    /// All of it.
    All {
        /// For example.
        request: Box<Request>,
    },
    /// Some: other policies deny the rest, or do not allow it.
    Some {
        /// For example.
        request: Box<Request>,
        /// One that is not allowed.
        denied: Box<Request>,
    },
    /// None of it.
    Nothing,
    /// It is not known.
    Undecided {
        /// Why.
        reason: String,
    },
}

impl Index<'_> {
    /// What a user or a role of the inventory can do as it is tagged: by its own policies in its account, and by the policies of
    /// resources of the inventory.
    ///
    /// # Errors
    /// There is no such principal, or the engine contradicts a proof.
    pub fn what_can(&self, principal: &str, options: &Options) -> Result<Vec<Permission>, Unanswered> {
        let all = &self.inventory.principals;
        let Some(at) = all.iter().position(|one| one.arn == principal || one.name == principal) else {
            return Err(Unanswered::Faults(vec![self.unknown(principal)]));
        };
        let own = &all[at];
        let who = Who::Known { name: own.name.clone(), arn: own.arn.clone() };
        let Some(asks) = of_arn(&own.arn) else { return Err(Unanswered::Faults(vec![self.unknown(principal)])) };
        let caller = Caller { who, principal: asks, known: Some(at) };
        let mut found = Vec::new();
        for (attached, number) in own.identity.iter().zip(&self.principals[at].identity) {
            let of = Of { index: self, caller: &caller, owner: own.account(), resource: None, options };
            found.extend(of.permissions(attached, *number)?);
        }
        for (resource, number) in self.inventory.resources.iter().zip(&self.resources) {
            let (Some(attached), Some(number)) = (&resource.policy, *number) else { continue };
            if attached.kind() == Kind::Resource {
                let owner = resource.account.as_deref().unwrap_or(own.account());
                let resource = Some((attached, resource.arn.as_str()));
                found.extend(
                    Of { index: self, caller: &caller, owner, resource, options }.permissions(attached, number)?,
                );
            }
        }
        Ok(found)
    }

    /// That there is no such principal.
    pub(crate) fn unknown(&self, written: &str) -> Fault {
        let names = self.inventory.principals.iter().flat_map(|one| [one.name.as_str(), one.arn.as_str()]);
        let fault = Fault::new(format!("there is no user or role `{}`", policy::plain(written)));
        match source::suggest(written, names) {
            Some(near) => fault.help(format!("did you mean `{}`?", policy::plain(near))),
            None => fault.help("give its ARN, its logical id, or its address in Terraform"),
        }
    }
}

/// Whose statements are asked about, and on whose resources.
struct Of<'a, 'i> {
    index: &'a Index<'i>,
    caller: &'a Caller,
    owner: &'a str,
    /// The policy of a resource, and its ARN.
    resource: Option<(&'a Attached, &'a str)>,
    options: &'a Options,
}

impl Of<'_, '_> {
    fn permissions(&self, attached: &Attached, number: u32) -> Result<Vec<Permission>, Disagreement> {
        let mut found = Vec::new();
        for (at, view) in attached.policy.view().enumerate() {
            let about = view.is_about(&self.caller.principal, false, Notes::default()).0;
            if view.effect() == Effect::Allow && about != policy::view::GrantView::None {
                found.push(self.permission(attached, number, at)?);
            }
        }
        Ok(found)
    }

    fn permission(&self, attached: &Attached, number: u32, at: usize) -> Result<Permission, Disagreement> {
        let prepared = &self.index.prepared[number as usize];
        let statement = &prepared.statements[at];
        let settled = self.settled();
        let known = context(&settled);
        let is_settled = |key: &String| {
            settled.iter().any(|(own, is)| own == key && matches!(is, Some(Settled::Is(_) | Settled::Absent)))
        };
        let holds =
            |one: &prepared::PreparedCondition| one.keys.iter().all(is_settled).then(|| one.holds(&known)).flatten();
        let is_met = !statement.conditions.iter().any(|one| holds(one) == Some(false));
        let open = statement.conditions.iter().filter(|one| holds(one).is_none());
        let (not_actions, actions) = statement.actions();
        let (not, mut resources) = statement.resources();
        if resources.is_empty() {
            resources.extend(self.resource.map(|(_, arn)| arn.to_owned()));
        }
        let by = StatementName {
            policy: attached.policy.name().to_owned(),
            kind: attached.kind(),
            statement: at + 1,
            sid: statement.sid.clone(),
        };
        let when = open.map(|one| one.written.clone()).collect();
        let extent = if is_met { self.extent(prepared, at, &settled)? } else { Extent::Nothing };
        Ok(Permission { by, not_actions, actions, resources: Limit { not, resources }, when, extent })
    }

    /// How much of it all policies allow.
    fn extent(
        &self,
        prepared: &prepared::Prepared,
        at: usize,
        settled: &[(String, Option<Settled>)],
    ) -> Result<Extent, Disagreement> {
        let missing = self.caller.known.map(|at| self.index.inventory.principals[at].missing.as_slice());
        if let Some([first, ..]) = missing {
            return Ok(Extent::Undecided { reason: format!("{first} is attached, and is not in what was read") });
        }
        let (version, of_statement) = prepared.whole(at, self.resource.map(|(_, arn)| arn));
        let silent = || Arc::new(Policy::silent("scope", Kind::Identity));
        let scope = prepared::policy("scope", Kind::Identity, version, &[of_statement]).unwrap_or_else(silent);
        let mut known = serde_json::json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
        let facts = conditions(settled);
        if !facts.is_empty() {
            known["Condition"] = block(&facts);
        }
        let known = prepared::policy("known", Kind::Identity, None, &[known]).unwrap_or_else(silent);
        let question = Question {
            policies: self.policies(),
            callers: vec![self.caller.principal.clone()],
            owner: self.owner.to_owned(),
            scope,
            within: vec![known],
            except: None,
        };
        let request = match prove(&question, Claim::Never, self.options)? {
            Verdict::Proved { .. } => return Ok(Extent::Nothing),
            Verdict::Undecided { reason } => return Ok(Extent::Undecided { reason }),
            Verdict::Found { request, .. } => request,
        };
        Ok(match prove(&question, Claim::Always, self.options)? {
            Verdict::Proved { .. } => Extent::All { request },
            Verdict::Found { request: denied, .. } => Extent::Some { request, denied },
            Verdict::Undecided { reason } => Extent::Undecided { reason },
        })
    }

    fn policies(&self) -> Policies {
        let asked = crate::asked::Asked::new(self.index, self.target(), self.options);
        let policies = asked.policies(self.caller);
        Policies { resource: self.resource.map(|(attached, _)| Arc::clone(&attached.policy)), ..policies }
    }

    /// What is settled about the keys that any policy with a say looks at, by who asks.
    fn settled(&self) -> Vec<(String, Option<Settled>)> {
        let target = self.target();
        let facts = Facts::new(self.index, &target, self.caller, OwnTags::AsTheyAre);
        let policies = self.policies();
        let single = policies.resource.iter().chain(&policies.boundary);
        let levels = policies.service_control.iter().chain(&policies.resource_control).flatten();
        let all = policies.identity.iter().chain(single).chain(levels);
        let statements = all.flat_map(|policy| policy.view());
        let mut keys: Vec<String> =
            statements.flat_map(|one| one.conditions()).map(|one| one.lower_key().to_owned()).collect();
        keys.sort_unstable();
        keys.dedup();
        // What follows from the action or the resource is not settled here.
        let is_of_caller =
            |key: &String| ["aws:principal", "aws:userid", "aws:username"].iter().any(|start| key.starts_with(start));
        keys.into_iter().filter(is_of_caller).map(|key| (key.clone(), facts.of(&key))).collect()
    }

    fn target(&self) -> Target<'static> {
        Target {
            action: String::new(),
            resource: "*".to_owned(),
            owner: self.owner.to_owned(),
            policy: None,
            tags: None,
            restricts_public: false,
            has_resource_control: true,
            given: Vec::new(),
        }
    }
}

impl Extent {
    /// `All`, `Some`, `Nothing` or `Undecided`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::All { .. } => "All",
            Self::Some { .. } => "Some",
            Self::Nothing => "Nothing",
            Self::Undecided { .. } => "Undecided",
        }
    }
}
