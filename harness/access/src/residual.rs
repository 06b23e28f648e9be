//! What is left of all policies for one question of one caller: the statements that bear on it, with the conditions that
//! are still open. Callers for whom the same is left have the same answer.

use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use policy::undocumented::Notes;
use policy::view::GrantView;
use policy::{Effect, Policy, Principal};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::Index;
use crate::callers::Caller;
use crate::facts::{self, Facts, OwnTags, Settled};
use crate::index::Number;
use crate::prepared::{Bears, Statement};
use crate::solve::Id;
use crate::target::Target;

/// What is settled about keys, by their names in lower case.
pub(crate) type Known = Vec<(String, Option<Settled>)>;

/// What is left for one caller.
pub(crate) struct Residual {
    pub(crate) identity: Vec<Part>,
    pub(crate) resource: Option<Part>,
    pub(crate) boundary: Option<Part>,
    /// Levels that do not let everything through, and what denies on any level.
    pub(crate) service_control: Vec<Vec<Part>>,
    pub(crate) resource_control: Vec<Vec<Part>>,
    /// What is settled about the keys that these statements look at.
    pub(crate) settled: Known,
    /// Those of these keys at which open conditions look: a proof depends on their values. Of all others it depends on no more
    /// than that a condition is met.
    decisive: FxHashSet<String>,
    /// The same of every key that any statement about the question looks at.
    pub(crate) facts: Known,
    /// Whether some statement looks at the caller's own tags.
    pub(crate) looks_at_tags: bool,
}

/// What is left of one policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) policy: Number,
    pub(crate) statements: Vec<Left>,
}

/// A statement that bears on the question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Left {
    pub(crate) statement: usize,
    /// Conditions that are not settled.
    pub(crate) open: Vec<usize>,
    /// The same, and those that say more than that they are met.
    pub(crate) kept: Vec<usize>,
    /// Whether it is about a part of the resources that are asked for, or that is not known.
    pub(crate) is_partly: bool,
    /// How it names the caller.
    grant: Option<GrantView>,
}

impl Left {
    /// Whether it leaves something open.
    pub(crate) const fn is_limited(&self) -> bool {
        !self.open.is_empty() || self.is_partly
    }
}

/// Which statements of each policy bear on a question, whoever asks.
pub(crate) struct Bearing<'q, 'i> {
    index: &'q Index<'i>,
    target: Arc<Target<'i>>,
    known: Vec<OnceLock<Vec<(usize, Bears)>>>,
}

impl<'q, 'i> Bearing<'q, 'i> {
    pub(crate) fn new(index: &'q Index<'i>, target: Arc<Target<'i>>) -> Self {
        let known = index.prepared.iter().map(|_| OnceLock::new()).collect();
        Self { index, target, known }
    }

    fn statements(&self, policy: Number) -> &[(usize, Bears)] {
        let (index, target) = (self.index, &self.target);
        self.known[policy as usize].get_or_init(|| {
            let statements = index.prepared[policy as usize].statements.iter().enumerate();
            let bears = statements.map(|(at, one)| (at, one.bears(&target.action, &target.resource)));
            bears.filter(|(_, bears)| *bears != Bears::No).collect()
        })
    }

    /// What is left for a caller.
    pub(crate) fn residual(&self, caller: &Caller, tags: OwnTags) -> Residual {
        let (index, target) = (self.index, &*self.target);
        let own = caller.known.map(|at| &index.principals[at]);
        let is_member = caller.principal.account().is_some() && !matches!(caller.principal, Principal::Root { .. });
        let of_caller = caller.principal.account().and_then(|account| index.accounts.get(account));
        let of_owner = index.accounts.get(target.owner.as_str()).filter(|_| target.has_resource_control);
        let identity = match own {
            Some(own) => own.identity.as_slice(),
            None if is_member => std::slice::from_ref(&index.everything),
            None => &[],
        };
        let boundary = own.and_then(|own| own.boundary).filter(|_| is_member);
        let service_control = of_caller.map(|one| one.service_control.as_slice()).unwrap_or_default();
        let resource_control = of_owner.map(|one| one.resource_control.as_slice()).unwrap_or_default();
        let mut left = Leaving {
            bearing: self,
            facts: Facts::new(index, target, caller, tags),
            caller,
            has_boundary: boundary.is_some(),
            settled: FxHashMap::default(),
            decisive: FxHashSet::default(),
            looked_at: FxHashMap::default(),
            looks_at_tags: false,
        };
        let parts = identity.iter().map(|&one| left.part(one, None));
        let identity = parts.filter(|part| !part.statements.is_empty()).collect();
        let resource = target.policy.map(|(attached, number)| left.part(number, Some(&attached.policy)));
        let boundary = boundary.map(|one| left.part(one, None));
        let service_control = left.service_control(service_control);
        let resource_control = left.denials(resource_control);
        Residual {
            identity,
            resource,
            boundary,
            service_control,
            resource_control: if resource_control.is_empty() { Vec::new() } else { vec![resource_control] },
            settled: sorted(left.settled),
            decisive: left.decisive,
            facts: sorted(left.looked_at),
            looks_at_tags: left.looks_at_tags,
        }
    }
}

fn sorted(facts: FxHashMap<String, Option<Settled>>) -> Known {
    let mut all: Vec<_> = facts.into_iter().collect();
    all.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    all
}

/// Leaves out what does not bear on a caller's question.
struct Leaving<'l, 'q, 'i> {
    bearing: &'l Bearing<'q, 'i>,
    facts: Facts<'l, 'i>,
    caller: &'l Caller,
    has_boundary: bool,
    settled: FxHashMap<String, Option<Settled>>,
    decisive: FxHashSet<String>,
    looked_at: FxHashMap<String, Option<Settled>>,
    looks_at_tags: bool,
}

impl Leaving<'_, '_, '_> {
    fn is_deny(&self, policy: Number, left: &Left) -> bool {
        self.bearing.index.prepared[policy as usize].statements[left.statement].effect == Effect::Deny
    }

    /// What denies on any level. Of resource control policies nothing else counts: RCPFullAWSAccess is on every level.
    fn denials(&mut self, levels: &[Vec<Number>]) -> Vec<Part> {
        let mut denials: Vec<Part> = Vec::new();
        for &policy in levels.iter().flatten() {
            let mut part = self.part(policy, None);
            part.statements.retain(|left| self.is_deny(policy, left));
            if !part.statements.is_empty() && !denials.contains(&part) {
                denials.push(part);
            }
        }
        denials
    }

    /// Levels that let everything through say no more than that; what they deny is put together.
    fn service_control(&mut self, levels: &[Vec<Number>]) -> Vec<Vec<Part>> {
        let mut left = Vec::new();
        for level in levels {
            let mut allowing = Vec::new();
            for &policy in level {
                let mut part = self.part(policy, None);
                part.statements.retain(|left| !self.is_deny(policy, left));
                allowing.push(part);
            }
            allowing.retain(|part| !part.statements.is_empty());
            if !allowing.iter().flat_map(|part| &part.statements).any(|left| !left.is_limited()) {
                left.push(allowing);
            }
        }
        let mut denials = self.denials(levels);
        if !denials.is_empty() {
            let everything = Left { statement: 0, open: Vec::new(), kept: Vec::new(), is_partly: false, grant: None };
            let policy = self.bearing.index.open_level;
            denials.insert(0, Part { policy, statements: vec![everything] });
            left.push(denials);
        }
        left
    }

    /// What is left of a policy; `named` is one that names callers.
    fn part(&mut self, policy: Number, named: Option<&Policy>) -> Part {
        let bearing = self.bearing;
        let mut statements = Vec::new();
        for &(statement, bears) in bearing.statements(policy) {
            let view = named.and_then(|named| named.view().nth(statement));
            let grant = view.map(|view| view.is_about(&self.caller.principal, self.has_boundary, Notes::default()).0);
            if grant == Some(GrantView::None) {
                continue;
            }
            let prepared = &bearing.index.prepared[policy as usize].statements[statement];
            statements.extend(self.left(statement, prepared, grant, bears));
        }
        Part { policy, statements }
    }

    /// A statement with what is still open of it; `None` if a condition of it is not met, or it is about something else.
    fn left(
        &mut self,
        statement: usize,
        prepared: &Statement,
        grant: Option<GrantView>,
        mut bears: Bears,
    ) -> Option<Left> {
        let mut looked_at: Known = Vec::new();
        for key in prepared.conditions.iter().flat_map(|one| &one.keys).chain(&prepared.resource_keys) {
            if !looked_at.iter().any(|(known, _)| known == key) {
                looked_at.push((key.clone(), self.facts.of(key)));
            }
        }
        self.looks_at_tags |= looked_at.iter().any(|(key, _)| key.starts_with("aws:principaltag/"));
        for (key, settled) in &looked_at {
            if !self.looked_at.contains_key(key) {
                self.looked_at.insert(key.clone(), settled.clone());
            }
        }
        let context = facts::context(&looked_at);
        let is_settled = |key: &String| {
            let found = looked_at.iter().find(|(known, _)| known == key);
            matches!(found, Some((_, Some(Settled::Is(_) | Settled::Absent))))
        };
        let target = &self.bearing.target;
        let has_variables = !prepared.resource_keys.is_empty();
        if bears == Bears::Partly && has_variables && target.is_one() && prepared.resource_keys.iter().all(is_settled) {
            bears = prepared.bears_with(&target.action, &target.resource, context.clone());
        }
        if bears == Bears::No {
            return None;
        }
        let (mut open, mut kept) = (Vec::new(), Vec::new());
        for (at, condition) in prepared.conditions.iter().enumerate() {
            match condition.keys.iter().all(is_settled).then(|| condition.holds(&context)).flatten() {
                Some(false) => return None,
                None => {
                    open.push(at);
                    kept.push(at);
                }
                // Everybody who is narrowed down by their ARN counts as named.
                Some(true) if grant.is_some() && condition.keys[0] == "aws:principalarn" => kept.push(at),
                Some(true) => {}
            }
        }
        let keys_of = |conditions: &[usize]| -> Vec<&String> {
            let of_conditions = conditions.iter().flat_map(|&at| &prepared.conditions[at].keys);
            let of_resource = prepared.resource_keys.iter().filter(|_| bears == Bears::Partly);
            of_conditions.chain(of_resource).collect()
        };
        self.decisive.extend(keys_of(&open).into_iter().cloned());
        for key in keys_of(&kept) {
            let found = looked_at.iter().find(|(known, _)| known == key);
            self.settled.extend(found.cloned());
        }
        Some(Left { statement, open, kept, is_partly: bears == Bears::Partly, grant })
    }
}

impl Residual {
    /// What is left of each policy.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &Part> {
        let levels = self.service_control.iter().chain(&self.resource_control).flatten();
        self.identity.iter().chain(&self.resource).chain(&self.boundary).chain(levels)
    }

    /// Every statement that is left, in order.
    pub(crate) fn statements(&self) -> impl Iterator<Item = (Id, &Left)> {
        self.parts().flat_map(|part| part.statements.iter().map(move |left| ((part.policy, left.statement), left)))
    }

    /// The same text where the same comes of it: all that a proof depends on. `of_question` is what it depends on besides.
    pub(crate) fn key(&self, index: &Index<'_>, caller: &Caller, target: &Target<'_>, of_question: &str) -> String {
        let mut key = of_question.to_owned();
        let principal = &caller.principal;
        let is_same = principal.account() == Some(&target.owner);
        let kind = std::mem::discriminant(principal);
        let _ = write!(key, "{kind:?}{is_same}{:?}", principal.is_service_linked());
        match principal {
            // One in each account.
            Principal::Root { partition, .. } => key.push_str(partition),
            _ if caller.known.is_some() => {}
            // All others are few.
            _ => {
                let _ = write!(key, "{principal:?}");
            }
        }
        let part = |key: &mut String, slot: char, part: &Part| {
            let prepared = &index.prepared[part.policy as usize];
            key.push(slot);
            for left in &part.statements {
                let statement = &prepared.statements[left.statement];
                let _ = write!(key, "{:?}{:?}", statement.effect, left.grant);
                if left.is_partly {
                    let _ = write!(key, "{}/{}{}", part.policy, left.statement, target.resource);
                }
                for &at in &left.kept {
                    let _ = write!(key, "{{{}}}", statement.conditions[at].canonical);
                }
            }
        };
        self.identity.iter().for_each(|one| part(&mut key, 'i', one));
        self.resource.iter().for_each(|one| part(&mut key, 'r', one));
        self.boundary.iter().for_each(|one| part(&mut key, 'b', one));
        for (slot, levels) in [('S', &self.service_control), ('R', &self.resource_control)] {
            for level in levels {
                key.push(slot);
                level.iter().for_each(|one| part(&mut key, 'l', one));
            }
        }
        for (name, settled) in self.settled.iter().filter(|(name, _)| self.decisive.contains(name)) {
            let _ = write!(key, ";{name}={settled:?}");
        }
        key
    }
}
