//! In which ways a caller's requests are allowed.
//!
//! A request that is found shows one way: the statements that allow it, with their conditions. Without one of these statements
//! another is looked for, until there is none. That the conditions of a way suffice is proved.

use std::sync::Arc;

use policy::facts::{Fact, Who, rows};
use policy::wildcard::matches_action;
use policy::{Decision, Effect, Kind, Policies, Policy, Principal, Request, Verdict as Decided, decide};
use prove::{Claim, Disagreement, Options, Question, Undocumented, Verdict, prove};
use serde_json::Value;

use crate::Index;
use crate::facts::{context, scope};
use crate::prepared::policy;
use crate::residual::{Left, Part, Residual};
use crate::target::Target;

/// So many ways are told, and so many requests are looked for.
const MOST_WAYS: usize = 6;
const MOST_ASKED: usize = 24;

/// A statement: the number of its policy, and its place there.
pub(crate) type Id = (u32, usize);
/// A statement by its place among all that are left.
pub(crate) type Position = usize;

/// What comes of what is left, for everybody of whom the same is left.
#[derive(Clone, Debug)]
pub(crate) enum Solved {
    Never,
    Can { ways: Vec<SolvedWay>, more: bool },
    Undecided { reason: String },
}

/// A way: which statements allow it, and which deny it.
#[derive(Clone, Debug)]
pub(crate) struct SolvedWay {
    pub(crate) by: Vec<Position>,
    pub(crate) unless: Vec<Position>,
    pub(crate) request: Request,
}

pub(crate) struct Solver<'s, 'i> {
    index: &'s Index<'i>,
    target: &'s Target<'i>,
    residual: &'s Residual,
    caller: &'s Principal,
    options: &'s Options,
    statements: Vec<(Id, &'s Left)>,
}

impl<'s, 'i> Solver<'s, 'i> {
    pub(crate) fn new(
        index: &'s Index<'i>,
        target: &'s Target<'i>,
        residual: &'s Residual,
        caller: &'s Principal,
        options: &'s Options,
    ) -> Self {
        Self { index, target, residual, caller, options, statements: residual.statements().collect() }
    }

    pub(crate) fn solve(&self) -> Result<Solved, Disagreement> {
        match self.is_constant() {
            true => Ok(self.decided()),
            false => self.proved(),
        }
    }

    /// Whether every request is decided alike: no condition is open, each statement is about all that is asked for, and no fact of
    /// a service looks at the credentials.
    fn is_constant(&self) -> bool {
        let is_open = self.statements.iter().any(|(_, left)| left.is_limited());
        let is_own = matches!(self.caller, Principal::User { .. } | Principal::Root { .. });
        let by_credentials = || {
            let looks =
                |fact: &&Fact| matches!(fact.who, Who::LongTerm | Who::SessionToken | Who::SessionTokenWithoutMfa);
            let lists =
                |names: &[&str]| names.iter().any(|name| matches_action(&name.to_lowercase(), &self.target.action));
            rows().filter(looks).any(|fact| lists(fact.actions))
        };
        !(is_open || is_own && by_credentials())
    }

    /// One request stands for all.
    fn decided(&self) -> Solved {
        let request = Request {
            principal: self.caller.clone(),
            action: self.target.action.clone(),
            resource: self.target.resource.clone(),
            resource_account: Some(self.target.owner.clone()),
            context: context(&self.residual.settled),
        };
        let decision = decide(&self.policies(&[]), &request);
        if self.options.undocumented == Undocumented::Open && !decision.notes.is_empty() {
            return Solved::Undecided { reason: format!("it depends on what AWS does not say: {:?}", decision.notes) };
        }
        if !is_allowed(&decision) {
            return Solved::Never;
        }
        let way = SolvedWay { by: self.needed(&request, &[]), unless: Vec::new(), request };
        Solved::Can { ways: vec![way], more: false }
    }

    fn proved(&self) -> Result<Solved, Disagreement> {
        let mut open: Vec<Vec<Position>> = vec![Vec::new()];
        let mut seen: Vec<Vec<Position>> = open.clone();
        let mut ways: Vec<SolvedWay> = Vec::new();
        let mut undecided = None;
        let mut asked = 0;
        while let Some(without) = open.pop() {
            if asked == MOST_ASKED || ways.len() == MOST_WAYS {
                return Ok(Solved::Can { ways, more: true });
            }
            asked += 1;
            let request = match self.find(&without)? {
                Verdict::Proved { .. } => continue,
                Verdict::Undecided { reason } => {
                    undecided = Some(reason);
                    continue;
                }
                Verdict::Found { request, .. } => *request,
            };
            let by = self.needed(&request, &without);
            let limiting: Vec<Position> = by.iter().copied().filter(|&at| self.statements[at].1.is_limited()).collect();
            if !ways.iter().any(|way| way.by == by) {
                match self.unless(&limiting)? {
                    Some(unless) => ways.push(SolvedWay { by, unless, request }),
                    None => undecided = Some("more than these conditions decides".to_owned()),
                }
            }
            for at in limiting {
                let mut next = without.clone();
                next.push(at);
                next.sort_unstable();
                if !seen.contains(&next) {
                    seen.push(next.clone());
                    open.insert(0, next);
                }
            }
        }
        Ok(match (ways.is_empty(), undecided) {
            (true, None) => Solved::Never,
            (true, Some(reason)) => Solved::Undecided { reason },
            (false, undecided) => Solved::Can { ways, more: undecided.is_some() },
        })
    }

    /// Looks for a request that is allowed without some statements.
    fn find(&self, without: &[Position]) -> Result<Verdict, Disagreement> {
        prove(&self.question(without, Vec::new(), None), Claim::Never, self.options)
    }

    fn question(&self, without: &[Position], within: Vec<Arc<Policy>>, except: Option<Arc<Policy>>) -> Question {
        Question {
            policies: self.policies(without),
            callers: vec![self.caller.clone()],
            owner: self.target.owner.clone(),
            scope: allowing(&[scope(self.target, &self.residual.settled)], None),
            within,
            except,
        }
    }

    /// The policies, with what is left of them.
    fn policies(&self, without: &[Position]) -> Policies {
        let left_out: Vec<Id> = without.iter().map(|&at| self.statements[at].0).collect();
        let one = |part: &Part| {
            let kept = part.statements.iter().filter(|left| !left_out.contains(&(part.policy, left.statement)));
            let prepared = &self.index.prepared[part.policy as usize];
            let made = prepared.with("left", kept);
            made.unwrap_or_else(|| Arc::new(Policy::silent("left", prepared.kind)))
        };
        let level = |level: &Vec<Part>| level.iter().map(one).collect();
        Policies {
            identity: self.residual.identity.iter().map(one).collect(),
            resource: self.residual.resource.as_ref().map(one),
            boundary: self.residual.boundary.as_ref().map(one),
            session: None,
            service_control: self.residual.service_control.iter().map(level).collect(),
            resource_control: self.residual.resource_control.iter().map(level).collect(),
            endpoint: None,
        }
    }

    /// The statements without which a request would not be allowed; those that leave something open are left out first.
    fn needed(&self, request: &Request, without: &[Position]) -> Vec<Position> {
        let mut left_out = without.to_vec();
        let mut all: Vec<Position> = self.each(Effect::Allow).filter(|at| !without.contains(at)).collect();
        all.sort_by_key(|&at| !self.statements[at].1.is_limited());
        let mut needed = Vec::new();
        for at in all {
            left_out.push(at);
            if !is_allowed(&decide(&self.policies(&left_out), request)) {
                left_out.pop();
                needed.push(at);
            }
        }
        needed.sort_unstable();
        needed
    }

    /// The statements that deny, of which one may hold though these allow. `None`: it is not these conditions that decide.
    fn unless(&self, by: &[Position]) -> Result<Option<Vec<Position>>, Disagreement> {
        let within = by.iter().map(|&at| {
            let (version, extent) = self.extent(at);
            allowing(&[extent], version)
        });
        let within: Vec<Arc<Policy>> = within.collect();
        let mut denials: Vec<Position> = self.each(Effect::Deny).collect();
        if !denials.is_empty() && !self.holds(&within, &[])? {
            if !self.holds(&within, &denials)? {
                return Ok(None);
            }
            for at in denials.clone() {
                let fewer: Vec<Position> = denials.iter().copied().filter(|other| *other != at).collect();
                if !fewer.is_empty() && self.holds(&within, &fewer)? {
                    denials = fewer;
                }
            }
            return Ok(Some(denials));
        }
        match denials.is_empty() && !self.holds(&within, &[])? {
            true => Ok(None),
            false => Ok(Some(Vec::new())),
        }
    }

    /// Whether every request is allowed within some policies, but for what some statements deny.
    fn holds(&self, within: &[Arc<Policy>], except: &[Position]) -> Result<bool, Disagreement> {
        let extents: Vec<_> = except.iter().map(|&at| self.extent(at)).collect();
        let version = extents.iter().find_map(|(version, _)| version.map(str::to_owned));
        let statements: Vec<Value> = extents.into_iter().map(|(_, extent)| extent).collect();
        let except = (!statements.is_empty()).then(|| allowing(&statements, version.as_deref()));
        let question = self.question(&[], within.to_vec(), except);
        Ok(matches!(prove(&question, Claim::Always, self.options)?, Verdict::Proved { .. }))
    }

    fn extent(&self, at: Position) -> (Option<&str>, Value) {
        let ((policy, _), left) = self.statements[at];
        self.index.prepared[policy as usize].extent(left)
    }

    fn each(&self, effect: Effect) -> impl Iterator<Item = Position> {
        let of_effect = move |&at: &Position| {
            let ((policy, statement), _) = self.statements[at];
            self.index.prepared[policy as usize].statements[statement].effect == effect
        };
        (0..self.statements.len()).filter(of_effect)
    }
}

fn is_allowed(decision: &Decision) -> bool {
    decision.verdict == Decided::Allowed
}

/// An identity policy of these statements; one that cannot be read allows nothing.
fn allowing(statements: &[Value], version: Option<&str>) -> Arc<Policy> {
    let made = policy("scope", Kind::Identity, version, statements);
    made.unwrap_or_else(|| Arc::new(Policy::silent("scope", Kind::Identity)))
}
