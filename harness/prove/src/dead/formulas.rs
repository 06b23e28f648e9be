//! All statements of a document as formulas, with what each would be without a part of it: in one space, since most
//! questions about a document are about the same.

use policy::view::{GrantView, StatementView};
use policy::{Effect, Policy};
use rustc_hash::FxHashMap;

use super::{Lesser, Part};
use crate::budget::{Budget, OutOfSteps};
use crate::encode;
use crate::formula::Formula;
use crate::rows::{self, RowSet, Rows};
use crate::settle::Settler;
use crate::space::{ActionsId, Space, Values};

pub(super) struct Formulas<'a> {
    pub(super) space: Space<'a>,
    pub(super) settler: Settler,
    statements: Vec<Statement>,
    /// The condition without a value, by statement, condition and value.
    less: FxHashMap<(usize, usize, usize), Formula>,
}

struct Statement {
    effect: Effect,
    /// That it is about the caller, the action and the resource.
    target: Formula,
    conditions: Vec<Formula>,
    /// That it matches.
    matches: Formula,
    /// The rows of its actions.
    rows: RowSet,
}

impl<'a> Formulas<'a> {
    pub(super) fn new(
        whole: &'a Policy,
        lesser: &'a [Lesser],
        values: Values,
        budget: &mut Budget,
    ) -> Result<Self, OutOfSteps> {
        let mut space = Space::of(std::iter::once(whole), values);
        space.count_one_more();
        let made: Vec<_> = whole.view().map(|view| made(&mut space, view)).collect();
        let mut less = FxHashMap::default();
        for one in lesser {
            let Part::Value(at, value) = one.part else { continue };
            let condition = one.policy.view().flat_map(StatementView::conditions).nth(at);
            if let Some(condition) = condition {
                less.insert((one.statement, at, value), encode::condition(&mut space, condition));
            }
        }
        let mut settler = Settler::new(&mut space, budget)?;
        let statements = made
            .into_iter()
            .map(|(view, list, [target, matches], conditions)| {
                let rows = rows_of(settler.rows(), &space, view, list);
                Statement { effect: view.effect(), target, conditions, matches, rows }
            })
            .collect();
        Ok(Self { space, settler, statements, less })
    }

    /// That a request is told apart by a part of a statement, among those that are alive; and what tells requests apart.
    pub(super) fn differ(&mut self, statement: usize, part: Part, alive: &[bool]) -> (Formula, Vec<Formula>) {
        let own = &self.statements[statement];
        let mut all = vec![own.target];
        let mut about = vec![own.target];
        about.extend_from_slice(&own.conditions);
        let formulas = &mut self.space.formulas;
        match part {
            Part::Statement => all.extend_from_slice(&own.conditions),
            Part::Condition(at) | Part::Value(at, _) => {
                let others = own.conditions.iter().enumerate().filter(|(other, _)| *other != at);
                all.extend(others.map(|(_, condition)| *condition));
                let condition = own.conditions[at];
                let not = formulas.not(condition);
                let less = match part {
                    Part::Value(_, value) => self.less.get(&(statement, at, value)).copied(),
                    _ => None,
                };
                all.push(match less {
                    Some(less) => {
                        about.push(less);
                        let not_less = formulas.not(less);
                        formulas.either(condition, not_less, less)
                    }
                    None => not,
                });
            }
        }
        // What is about other actions counts for none of these requests.
        for (at, other) in self.statements.iter().enumerate() {
            let counts = own.effect == Effect::Allow || other.effect == Effect::Deny;
            if at != statement && alive[at] && counts && rows::do_meet(&own.rows, &other.rows) {
                all.push(formulas.not(other.matches));
            }
        }
        (formulas.all(all), about)
    }
}

type Made<'a> = (StatementView<'a>, Option<ActionsId>, [Formula; 2], Vec<Formula>);

fn made<'a>(space: &mut Space<'a>, view: StatementView<'a>) -> Made<'a> {
    let list = space.action_list(view.actions());
    let target = [encode::is_about(space, view, GrantView::Delegated), encode::target(space, view)];
    let target = space.formulas.all(target);
    let conditions: Vec<_> = view.conditions().map(|condition| encode::condition(space, condition)).collect();
    let matches = space.formulas.all(std::iter::once(target).chain(conditions.iter().copied()));
    (view, list, [target, matches], conditions)
}

/// The rows of the actions that it may cover.
fn rows_of(rows: &mut Rows, space: &Space<'_>, view: StatementView<'_>, list: Option<ActionsId>) -> RowSet {
    let mut set = rows.all();
    // What AWS leaves open of patterns without a service may leave nothing out.
    let may_be_all = view.leaves_actions_out() && view.actions().any(|pattern| !pattern.contains(':'));
    match list {
        _ if may_be_all => {}
        Some(list) => {
            let of_list = rows.of_list(list, &space.actions[list.0 as usize]);
            rows::keep(&mut set, of_list, !view.leaves_actions_out());
        }
        None if view.leaves_actions_out() => set.fill(0),
        None => {}
    }
    set
}
