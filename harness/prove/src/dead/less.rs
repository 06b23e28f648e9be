//! Statements with one condition, or one value of a condition, less.

use std::sync::Arc;

use policy::{Document, Kind, Policy};

use super::Part;
use crate::budget::Budget;

/// A statement without a part of it, as a policy of its own.
pub(super) struct Lesser {
    pub(super) statement: usize,
    pub(super) part: Part,
    pub(super) policy: Arc<Policy>,
}

/// Every statement without each of its conditions, and without each value of those that have several; as far as the budget
/// goes.
pub(super) fn lesser(kind: Kind, document: &Document, whole: &Policy, budget: &mut Budget) -> Vec<Lesser> {
    let mut lesser = Vec::new();
    for (statement, view) in whole.view().enumerate() {
        let only = document.only(|at| at == statement);
        for (at, condition) in view.conditions().enumerate() {
            let mut add = |part: Part, document: &Document| {
                let policy = Arc::new(Policy::new("p", kind, document));
                lesser.push(Lesser { statement, part, policy });
            };
            add(Part::Condition(at), &only.without_condition(0, at));
            let values = condition.texts().count();
            // A list of very many values takes the square of their number.
            for value in (0..values).filter(|_| values > 1) {
                if budget.take(values as u64).is_err() {
                    return lesser;
                }
                add(Part::Value(at, value), &only.without_value(0, at, value));
            }
        }
    }
    lesser
}
