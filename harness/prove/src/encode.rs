//! Statements as formulas, exactly as the engine evaluates them.

mod condition;
mod pattern;

use policy::undocumented::{Case, Notes, settings};
use policy::view::{GrantView, ItemView, Part, ResourcesView, StatementView};
use policy::{Effect, Policy, Principal};

use crate::formula::Formula;
use crate::lang::literal;
use crate::space::{Fact, Space, Text};
pub(crate) use condition::{MOST_SLOTS, formula as condition};
use pattern::Matching;
pub(crate) use pattern::value;

/// What a policy says, for each way in which it may name the caller.
pub(crate) struct Said {
    /// That a statement of it denies.
    pub(crate) denies: Formula,
    /// That a statement allows which names the caller so, or more directly.
    allows: [Formula; 4],
}

impl Said {
    /// That a statement allows which names the caller at least so directly.
    pub(crate) fn allows(&self, least: GrantView) -> Formula {
        self.allows[rank(least)]
    }
}

const fn rank(grant: GrantView) -> usize {
    match grant {
        GrantView::None | GrantView::Delegated => 0,
        GrantView::SessionIssuer => 1,
        GrantView::Everyone => 2,
        GrantView::Direct => 3,
    }
}

/// A policy's statements, each with the formula that it matches whomever it is about.
pub(crate) struct Statements<'a>(Vec<(StatementView<'a>, Formula)>);

impl<'a> Statements<'a> {
    pub(crate) fn new(space: &mut Space<'a>, policy: &'a Policy) -> Self {
        Self(policy.view().map(|statement| (statement, body(space, statement))).collect())
    }

    /// What they say, whoever asks.
    pub(crate) fn said(&self, space: &mut Space<'_>) -> Said {
        self.said_if(space, is_about)
    }

    /// What they say if one of the callers asks, who may have a permissions boundary.
    pub(crate) fn said_to(&self, space: &mut Space<'_>, caller: &Principal, has_boundary: bool) -> Said {
        self.said_if(space, |space, statement, least| is_about_caller(space, statement, least, caller, has_boundary))
    }

    fn said_if(
        &self,
        space: &mut Space<'_>,
        is_about: impl Fn(&mut Space<'_>, StatementView<'_>, GrantView) -> Formula,
    ) -> Said {
        let mut of = |effect: Effect, least: GrantView| {
            let own = self.0.iter().filter(|(statement, _)| statement.effect() == effect);
            let parts: Vec<_> = own
                .map(|&(statement, body)| {
                    let about = is_about(space, statement, least);
                    space.formulas.all([about, body])
                })
                .collect();
            space.formulas.any(parts)
        };
        let denies = of(Effect::Deny, GrantView::Delegated);
        let grants = [GrantView::Delegated, GrantView::SessionIssuer, GrantView::Everyone, GrantView::Direct];
        Said { denies, allows: grants.map(|least| of(Effect::Allow, least)) }
    }
}

/// That a statement is about the caller.
pub(crate) fn is_about(space: &mut Space<'_>, statement: StatementView<'_>, least: GrantView) -> Formula {
    let truth = space.formulas.constant(true);
    let mut callers = Vec::new();
    for at in 0..space.callers.len() {
        let caller = space.callers[at].clone();
        callers.push(is_about_caller(space, statement, least, &caller, false));
    }
    if callers.iter().all(|&caller| caller == truth) {
        return truth;
    }
    let mut parts = Vec::new();
    for (at, named) in callers.into_iter().enumerate() {
        let asks = space.fact(Fact::Caller(at as u32));
        parts.push(space.formulas.all([asks, named]));
    }
    space.formulas.any(parts)
}

/// That a statement is about one caller: so or not, or left open.
fn is_about_caller(
    space: &mut Space<'_>,
    statement: StatementView<'_>,
    least: GrantView,
    caller: &Principal,
    has_boundary: bool,
) -> Formula {
    let names = |otherwise| statement.is_about(caller, has_boundary, otherwise);
    let (grant, rows) = names(Notes::default());
    let mut named = space.formulas.constant(grant >= least);
    if rows.is_empty() {
        return named;
    }
    let turns = |row| {
        settings(rows.without(row)).any(|others| {
            let mut both = others;
            both.merge(row);
            (names(others).0 >= least) != (names(both).0 >= least)
        })
    };
    let truth = space.formulas.constant(true);
    for row in rows.cases().filter(|case| turns(Notes::of(*case))) {
        let of = format!("{:?} {:?} {least:?} {caller:?}", statement.effect(), statement.names());
        named = space.left_open_of(Fact::AsDecided(row), truth, named, of);
    }
    named
}

/// That a statement matches, whomever it is about.
fn body<'a>(space: &mut Space<'a>, statement: StatementView<'a>) -> Formula {
    let target = target(space, statement);
    let conditions: Vec<_> = statement.conditions().map(|condition| condition::formula(space, condition)).collect();
    space.formulas.all(std::iter::once(target).chain(conditions))
}

/// That it covers the action and the resource.
pub(crate) fn target<'a>(space: &mut Space<'a>, statement: StatementView<'a>) -> Formula {
    let action = actions(space, statement);
    let resource = match statement.resources() {
        Some(resources) => self::resources(space, resources),
        // A statement without Resource in a key policy is about no key.
        None => {
            let of_kms = space.actions_of(["kms:*"].into_iter());
            space.formulas.not(of_kms)
        }
    };
    space.formulas.all([action, resource])
}

/// That Action or NotAction covers the action.
fn actions(space: &mut Space<'_>, statement: StatementView<'_>) -> Formula {
    let listed = space.actions_of(statement.actions());
    let covered = if statement.leaves_actions_out() { space.formulas.not(listed) } else { listed };
    // `*` alone, the grammar has.
    let has_service = |pattern: &&str| pattern.contains(':') || pattern.bytes().all(|byte| byte == b'*');
    if statement.actions().all(|pattern| has_service(&pattern)) {
        return covered;
    }
    let with_service = space.actions_of(statement.actions().filter(has_service));
    let not_with = space.formulas.not(with_service);
    let situation = space.formulas.all([listed, not_with]);
    space.left_open(Case::ActionWithoutService, situation, covered)
}

/// That Resource or NotResource covers the resource.
pub(crate) fn resources(space: &mut Space<'_>, resources: ResourcesView<'_>) -> Formula {
    let mut matching = Matching::new(space.text(Text::Resource));
    let mut parts = Vec::new();
    let mut lacking = Vec::new();
    for item in resources.items() {
        if resources.leaves_out() {
            lacking.push(pattern::lacks_value(space, &item.written));
        }
        parts.extend(self::item(space, &mut matching, item));
    }
    parts.push(matching.finish(space));
    if resources.lists_every_bucket() {
        let action = space.actions_of(["s3:listallmybuckets"].into_iter());
        let text = space.text(Text::Resource);
        let star = space.is_in(text, vec![literal("*")]);
        let listed = space.formulas.all([action, star]);
        parts.push(space.left_open(Case::BucketsOnStar, listed, listed));
    }
    let matches = space.formulas.any(parts);
    if !resources.leaves_out() {
        return matches;
    }
    let lacking = space.formulas.any(lacking);
    let listed = space.formulas.any([matches, lacking]);
    let [left, unmatched] = [listed, matches].map(|formula| space.formulas.not(formula));
    let situation = space.formulas.all([lacking, unmatched]);
    space.left_open(Case::NotResourceVariable, situation, left)
}

/// That one item covers the resource: a formula, unless it went to the patterns without variables.
fn item(space: &mut Space<'_>, matching: &mut Matching, item: ItemView) -> Option<Formula> {
    let is_plain = item.second.is_none() && item.loose.is_none() && !has_early_variable(&item.written);
    if is_plain {
        matching.add(space, &item.written);
        return None;
    }
    let first = reading(space, &item.written, item.loose.as_deref());
    let Some(second) = item.second else { return Some(first) };
    let other = reading(space, &second.parts, second.loose.as_deref());
    let (both, some) = (space.formulas.all([first, other]), space.formulas.any([first, other]));
    let not_both = space.formulas.not(both);
    let differ = space.formulas.all([some, not_both]);
    let decided = if second.one_is_enough { some } else { both };
    Some(space.left_open(second.case, differ, decided))
}

/// That one reading of an item covers the resource.
fn reading(space: &mut Space<'_>, parts: &[Part], loose: Option<&[Part]>) -> Formula {
    let text = space.text(Text::Resource);
    let mut of = |parts: &[Part]| {
        let mut one = Matching::new(text);
        one.add(space, parts);
        one.finish(space)
    };
    let mut covers = of(parts);
    let loosely = loose.map(of);
    if let Some(loosely) = loosely {
        let not_so = space.formulas.not(covers);
        let situation = space.formulas.all([loosely, not_so]);
        covers = space.left_open(Case::InnerStar, situation, covers);
    }
    if !has_early_variable(parts) {
        return covers;
    }
    let truth = space.formulas.constant(true);
    space.left_open(Case::EarlyVariable, truth, covers)
}

/// Whether a variable stands before the resource part of an ARN.
fn has_early_variable(parts: &[Part]) -> bool {
    let colons = |parts: &[Part]| parts.iter().filter(|part| **part == Part::Letter(':')).count();
    let first = parts.iter().position(|part| matches!(part, Part::Variable(_)));
    first.is_some_and(|first| colons(&parts[..first]) < 5)
}
