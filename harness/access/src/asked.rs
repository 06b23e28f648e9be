//! One question: what is left for each caller, what is proved of it, and what that says for the caller.

use std::sync::Arc;

use policy::facts::{Fact, rows};
use policy::undocumented::Notes;
use policy::view::GrantView;
use policy::wildcard::matches_action;
use policy::{Context, ContextValue, Effect, Policies, Principal, Request, Verdict as Decided, decide};
use prove::{Disagreement, Options};

use crate::callers::Caller;
use crate::facts::{OwnTags, Settled};
use crate::prepared::set;
use crate::residual::{Bearing, Left, Residual};
use crate::solve::{Id, Solved, SolvedWay, Solver};
use crate::target::Target;
use crate::{Access, Answer, Attached, Denial, Index, Limit, SessionTags, StatementName, Way, parallel};

#[cfg(test)]
mod tests;

/// Says who may give the sessions of a role, by its place, some tags.
pub(crate) type Handed<'h> =
    &'h (dyn Fn(usize, &[(String, String)]) -> Result<Option<SessionTags>, Disagreement> + Sync);

/// A question.
pub(crate) struct Asked<'q, 'i> {
    index: &'q Index<'i>,
    pub(crate) target: Arc<Target<'i>>,
    bearing: Bearing<'q, 'i>,
    options: &'q Options,
    /// What each proof depends on besides what is left.
    of_question: String,
}

/// What is left for a caller, and all that a proof of it depends on.
struct Class {
    residual: Residual,
    key: String,
}

/// What is left for a caller as it is tagged, and, where statements look at its tags, with any.
pub(crate) struct Classes {
    own: Class,
    any: Option<Class>,
}

impl<'q, 'i> Asked<'q, 'i> {
    pub(crate) fn new(index: &'q Index<'i>, target: Target<'i>, options: &'q Options) -> Self {
        let target = Arc::new(target);
        let bearing = Bearing::new(index, Arc::clone(&target));
        let of_question = of_question(&target, options);
        Self { index, target, bearing, options, of_question }
    }

    /// What callers can, worked out on several cores.
    pub(crate) fn answers(
        &self,
        callers: &[Caller],
        handed: Handed<'_>,
        workers: usize,
    ) -> Result<Vec<Answer>, Disagreement> {
        let classes = parallel::each(callers, workers, |caller| self.classes(caller));
        let mut open: Vec<(&Class, &Caller)> = Vec::new();
        {
            let known = self.index.known();
            let mut seen = rustc_hash::FxHashSet::default();
            for (classes, caller) in classes.iter().zip(callers) {
                for class in std::iter::once(&classes.own).chain(&classes.any) {
                    if !known.contains_key(&class.key) && seen.insert(class.key.as_str()) {
                        open.push((class, caller));
                    }
                }
            }
        }
        let solved = parallel::each(&open, workers, |(class, caller)| self.solved(class, caller));
        solved.into_iter().collect::<Result<Vec<_>, _>>()?;
        let both: Vec<_> = callers.iter().zip(&classes).collect();
        parallel::each(&both, workers, |(caller, classes)| self.of(caller, classes, handed)).into_iter().collect()
    }

    /// What a caller can.
    pub(crate) fn answer(&self, caller: &Caller, handed: Handed<'_>) -> Result<Answer, Disagreement> {
        self.of(caller, &self.classes(caller), handed)
    }

    fn classes(&self, caller: &Caller) -> Classes {
        let class = |tags: OwnTags| {
            let residual = self.bearing.residual(caller, tags);
            let key = residual.key(self.index, caller, &self.target, &self.of_question);
            Class { residual, key }
        };
        let own = class(OwnTags::AsTheyAre);
        let any = (caller.known.is_some() && own.residual.looks_at_tags).then(|| class(OwnTags::Any));
        Classes { own, any }
    }

    fn solved(&self, class: &Class, caller: &Caller) -> Result<Arc<Solved>, Disagreement> {
        if let Some(known) = self.index.known().get(&class.key) {
            return Ok(Arc::clone(known));
        }
        let solver = Solver::new(self.index, &self.target, &class.residual, &caller.principal, self.options);
        let solved = Arc::new(solver.solve()?);
        self.index.know(class.key.clone(), &solved);
        Ok(solved)
    }

    fn of(&self, caller: &Caller, classes: &Classes, handed: Handed<'_>) -> Result<Answer, Disagreement> {
        let mut access = self.access(&classes.own, caller)?;
        let mut with_tags = Vec::new();
        if let (Some(any), Some(known), false) = (&classes.any, caller.known, access.is_always()) {
            let own: Vec<_> = match &access {
                Access::Can { ways, .. } => ways.iter().map(|way| way.by.clone()).collect(),
                _ => Vec::new(),
            };
            if let Access::Can { ways, .. } = self.access(any, caller)? {
                for mut way in ways.into_iter().filter(|way| !own.contains(&way.by)) {
                    // Tags of the role stay with its sessions, unless others are given in their place.
                    let request = self.with_own_tags(known, &way.request);
                    let stays = decide(&self.policies(caller), &request).verdict == Decided::Allowed;
                    let given = if stays { handed(known, &self.other_tags(known, &request))? } else { None };
                    match given {
                        Some(session_tags) => {
                            (way.session_tags, way.request) = (Some(session_tags), request);
                            add(&mut access, way);
                        }
                        None => with_tags.push(way),
                    }
                }
            }
        }
        let access = match self.doubt(caller, &access) {
            Some(reason) => Access::Undecided { reason },
            None => access,
        };
        Ok(Answer { who: caller.who.clone(), access, with_tags })
    }

    /// A request with those tags of the role too that it does not have.
    fn with_own_tags(&self, known: usize, request: &Request) -> Request {
        let mut request = request.clone();
        for (key, value) in &self.index.inventory.principals[known].tags {
            let key = format!("aws:PrincipalTag/{key}");
            if request.context.get(&key).is_none() {
                request.context.set(key, value);
            }
        }
        request
    }

    /// The caller's tags in a request that are not those of the role.
    fn other_tags(&self, known: usize, request: &Request) -> Vec<(String, String)> {
        let own = &self.index.inventory.principals[known].tags;
        let tags = request.context.iter().filter_map(|(key, value)| {
            let (head, tag) = key.split_once('/')?;
            let ContextValue::One(value) = value else { return None };
            head.eq_ignore_ascii_case("aws:PrincipalTag").then(|| (tag.to_owned(), value.clone()))
        });
        let is_own =
            |one: &(String, String)| own.iter().any(|tag| tag.0.eq_ignore_ascii_case(&one.0) && tag.1 == one.1);
        tags.filter(|one| !is_own(one)).collect()
    }

    fn access(&self, class: &Class, caller: &Caller) -> Result<Access, Disagreement> {
        Ok(match &*self.solved(class, caller)? {
            Solved::Never => Access::Never,
            Solved::Undecided { reason } => Access::Undecided { reason: reason.clone() },
            Solved::Can { ways, more } => {
                let ways: Result<_, _> = ways.iter().map(|way| self.way(way, &class.residual, caller)).collect();
                Access::Can { ways: ways?, more: *more }
            }
        })
    }

    /// A way for this caller, whose request the engine allows under all policies as they are.
    fn way(&self, way: &SolvedWay, residual: &Residual, caller: &Caller) -> Result<Way, Disagreement> {
        let request = self.request(&way.request, residual, caller);
        if decide(&self.policies(caller), &request).verdict != Decided::Allowed {
            return Err(Disagreement { request: Box::new(request) });
        }
        let statements: Vec<_> = residual.statements().collect();
        let told = |at: &usize| self.told(statements[*at], caller);
        // That a level lets everything through is no statement of anybody's.
        let by = way.by.iter().filter(|at| statements[**at].0.0 != self.index.open_level);
        let by: Vec<Denial> = by.map(told).collect();
        let mut when: Vec<_> = by.iter().flat_map(|one| one.when.clone()).collect();
        when.sort_unstable();
        when.dedup();
        Ok(Way {
            when,
            on: by.iter().filter_map(|one| one.on.clone()).collect(),
            unless: way.unless.iter().map(told).collect(),
            by: by.into_iter().map(|one| one.by).collect(),
            session_tags: None,
            request,
        })
    }

    /// A statement with what is open of it.
    fn told(&self, ((policy, statement), left): (Id, &Left), caller: &Caller) -> Denial {
        let prepared = &self.index.prepared[policy as usize];
        let of_policy = &prepared.statements[statement];
        let on = left.is_partly.then(|| {
            let (not, resources) = of_policy.resources();
            Limit { not, resources }
        });
        let by = StatementName {
            policy: self.name(policy, caller),
            kind: prepared.kind,
            statement: statement + 1,
            sid: of_policy.sid.clone(),
        };
        Denial { when: left.open.iter().map(|&at| of_policy.conditions[at].written.clone()).collect(), on, by }
    }

    /// The request that was found, made by this caller.
    fn request(&self, found: &Request, residual: &Residual, caller: &Caller) -> Request {
        let mut context = Context::new();
        context.take_over(found.context.clone(), |key| {
            let key = key.to_lowercase();
            let settled = residual.facts.iter().find(|(known, _)| *known == key);
            settled.is_none_or(|(_, settled)| matches!(settled, None | Some(Settled::Present)))
        });
        for (key, settled) in &residual.facts {
            match settled {
                Some(Settled::Is(value)) => set(&mut context, &self.spelt(key, caller), value),
                Some(Settled::Begins(start)) if found.context.get(key).is_some() => {
                    context.set(self.spelt(key, caller), format!("{start}session"));
                }
                _ => {}
            }
        }
        let resource = if self.target.is_one() { &self.target.resource } else { &found.resource };
        Request {
            principal: caller.principal.clone(),
            action: self.target.action.clone(),
            resource: resource.clone(),
            resource_account: Some(self.target.owner.clone()),
            context,
        }
    }

    /// A key as AWS spells it, with the tag as it is spelt where it is attached.
    fn spelt(&self, lower: &str, caller: &Caller) -> String {
        let Some(pattern) = catalog::key(lower).map(catalog::Key::pattern) else { return lower.to_owned() };
        match (pattern.split_once("/${"), lower.split_once('/')) {
            (Some((head, _)), Some((_, tag))) => {
                let own = caller.known.map(|at| self.index.inventory.principals[at].tags.as_slice());
                let mut tags = own.into_iter().chain(self.target.tags).flatten().map(|(key, _)| key.as_str());
                format!("{head}/{}", tags.find(|key| key.to_lowercase() == tag).unwrap_or(tag))
            }
            _ if pattern.contains("${") => lower.to_owned(),
            _ => pattern.to_owned(),
        }
    }

    /// Every policy with a say, as it is.
    pub(crate) fn policies(&self, caller: &Caller) -> Policies {
        let inventory = self.index.inventory;
        let levels = |levels: &[Vec<Attached>]| -> Vec<Vec<_>> {
            levels.iter().map(|level| level.iter().map(|one| Arc::clone(&one.policy)).collect()).collect()
        };
        let own = caller.known.map(|at| &inventory.principals[at]);
        let of_caller = caller.principal.account().and_then(|account| inventory.accounts.get(account));
        let of_owner = inventory.accounts.get(&self.target.owner).filter(|_| self.target.has_resource_control);
        let identity = match own {
            Some(own) => own.identity.iter().map(|one| Arc::clone(&one.policy)).collect(),
            None => vec![Arc::clone(&self.index.everything_policy)],
        };
        Policies {
            identity,
            resource: self.target.policy.map(|(attached, _)| Arc::clone(&attached.policy)),
            boundary: own.and_then(|own| own.boundary.as_ref()).map(|one| Arc::clone(&one.policy)),
            session: None,
            service_control: of_caller.map(|one| levels(&one.service_control)).unwrap_or_default(),
            resource_control: of_owner.map(|one| levels(&one.resource_control)).unwrap_or_default(),
            endpoint: None,
        }
    }

    /// What a policy of this number is called where it has a say for the caller.
    fn name(&self, number: u32, caller: &Caller) -> String {
        let own = caller.known.map(|at| (&self.index.principals[at], &self.index.inventory.principals[at]));
        let of_own = own.and_then(|(numbers, own)| {
            let identity = numbers.identity.iter().zip(&own.identity);
            let mut all = identity.chain(numbers.boundary.iter().zip(&own.boundary));
            all.find(|(own, _)| **own == number).map(|(_, attached)| attached)
        });
        let of_target = self.target.policy.filter(|(_, own)| *own == number).map(|(attached, _)| attached);
        let accounts = [caller.principal.account(), Some(self.target.owner.as_str())].into_iter().flatten();
        let of_accounts = accounts.filter_map(|account| self.index.accounts.get(account)).find_map(|one| {
            let levels = one.service_control.iter().chain(&one.resource_control).flatten();
            let attached = one.account.service_control.iter().chain(&one.account.resource_control).flatten();
            levels.zip(attached).find(|(own, _)| **own == number).map(|(_, attached)| attached)
        });
        let found = of_own.or(of_target).or(of_accounts);
        found.map_or_else(|| "its own policies".to_owned(), |attached| attached.policy.name().to_owned())
    }

    /// Why an answer is not certain.
    fn doubt(&self, caller: &Caller, access: &Access) -> Option<String> {
        let inventory = self.index.inventory;
        let missing = caller.known.map(|at| inventory.principals[at].missing.as_slice()).unwrap_or_default();
        if let [first, ..] = missing {
            return Some(format!("{first} is attached, and is not in what was read"));
        }
        if !access.is_can() {
            return None;
        }
        for account in [caller.principal.account(), Some(self.target.owner.as_str())].into_iter().flatten() {
            if let Some([first, ..]) = inventory.accounts.get(account).map(|one| one.missing.as_slice()) {
                return Some(format!("{first} is not in what was read, and its policies count for account {account}"));
            }
        }
        // docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
        let is_outside = caller.principal.account() != Some(&self.target.owner);
        let is_service = matches!(caller.principal, Principal::Service { .. });
        let is_public = self.target.policy.is_some_and(|(attached, _)| {
            attached.policy.view().any(|one| {
                let everyone = one.is_about(&Principal::Anonymous, false, Notes::default()).0 != GrantView::None;
                one.effect() == Effect::Allow && everyone
            })
        });
        (self.target.restricts_public && is_outside && !is_service && is_public).then(|| {
            "the bucket has RestrictPublicBuckets on, and whether its policy counts as public is not told here"
                .to_owned()
        })
    }
}

/// What each proof about a target depends on besides what is left: the action with the keys that it carries there, the facts of
/// services that are about the resource, and the resource itself where it is not one.
fn of_question(target: &Target<'_>, options: &Options) -> String {
    let action = catalog::action(&target.action);
    let types = action.map(|action| action.rows_on(&target.resource)).unwrap_or_default();
    let types: Vec<_> = types.iter().map(|row| row.resource_type().map(|one| one.name())).collect();
    let is_about = |names: &[&str]| names.iter().any(|name| matches_action(&name.to_lowercase(), &target.action));
    let looks = |fact: &&Fact| !fact.resources.is_empty() && is_about(fact.actions) && fact.is_about(&target.resource);
    let facts: Vec<_> = rows().filter(looks).map(|fact| fact.id).collect();
    let resource = (!target.is_one() || types.is_empty()).then_some(&target.resource);
    let is_of_aws = policy::facts::is_of_aws(&target.owner);
    format!("{options:?}{}{types:?}{resource:?}{facts:?}{is_of_aws};", target.action)
}

fn add(access: &mut Access, way: Way) {
    match access {
        Access::Can { ways, .. } => ways.push(way),
        _ => *access = Access::Can { ways: vec![way], more: false },
    }
}
