//! Statements as formulas, exactly as the engine evaluates them.

mod condition;
mod pattern;

use policy::view::{GrantView, ItemView, ResourcesView, StatementView};
use policy::{Effect, Policy, Principal};

use crate::formula::Formula;
use crate::lang::literal;
use crate::space::{Fact, Space, Text};
pub(crate) use condition::MOST_SLOTS;
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
        self.said_if(space, |space, statement, least| {
            space.formulas.constant(statement.is_about(caller, has_boundary).0 >= least)
        })
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
fn is_about(space: &mut Space<'_>, statement: StatementView<'_>, least: GrantView) -> Formula {
    let callers: Vec<_> =
        (0..space.callers.len()).filter(|&at| statement.is_about(&space.callers[at], false).0 >= least).collect();
    if callers.len() == space.callers.len() {
        return space.formulas.constant(true);
    }
    let callers: Vec<_> = callers.into_iter().map(|at| space.fact(Fact::Caller(at as u32))).collect();
    space.formulas.any(callers)
}

/// That a statement matches, whomever it is about.
pub(crate) fn body<'a>(space: &mut Space<'a>, statement: StatementView<'a>) -> Formula {
    let listed = space.actions_of(statement.actions());
    let action = if statement.leaves_actions_out() { space.formulas.not(listed) } else { listed };
    let resource = match statement.resources() {
        Some(resources) => self::resources(space, resources),
        // A statement without Resource in a key policy is about no key.
        None => {
            let of_kms = space.actions_of(["kms:*"].into_iter());
            space.formulas.not(of_kms)
        }
    };
    let conditions: Vec<_> = statement.conditions().map(|condition| condition::formula(space, condition)).collect();
    space.formulas.all([action, resource].into_iter().chain(conditions))
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
        parts.push(space.formulas.all([action, star]));
    }
    let matches = space.formulas.any(parts);
    if !resources.leaves_out() {
        return matches;
    }
    let listed = space.formulas.any(std::iter::once(matches).chain(lacking));
    space.formulas.not(listed)
}

/// That one item covers the resource: a formula, unless it went to the patterns without variables.
fn item(space: &mut Space<'_>, matching: &mut Matching, item: ItemView) -> Option<Formula> {
    let Some(second) = item.second else {
        matching.add(space, &item.written);
        return None;
    };
    if second.one_is_enough {
        matching.add(space, &item.written);
        matching.add(space, &second.parts);
        return None;
    }
    let text = space.text(Text::Resource);
    let both = [item.written, second.parts].map(|parts| {
        let mut one = Matching::new(text);
        one.add(space, &parts);
        one.finish(space)
    });
    Some(space.formulas.all(both))
}
