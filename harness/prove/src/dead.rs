//! What in a policy never decides: statements, conditions and values without which it says the same.

use std::sync::Arc;

use policy::undocumented::Notes;
use policy::{Document, Effect, Kind, Policy};

use crate::compare::new_access;
use crate::{Disagreement, Laws, Options, Verdict};

#[cfg(test)]
mod tests;

/// A part of a document without which it says the same of every request.
#[derive(Clone, Debug)]
pub struct Dead {
    /// The statement, by its position.
    pub statement: usize,
    /// What of it never decides.
    pub part: Part,
    /// The laws that this rests on.
    pub laws: Laws,
    /// What it takes for settled where AWS's documentation settles nothing.
    pub rows: Notes,
}

/// What of a statement never decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// All of it.
    Statement,
    /// A condition, by its position among the statement's.
    Condition(usize),
    /// A value of a condition, by their positions.
    Value(usize, usize),
}

/// Finds what in a document never decides.
///
/// A statement that denies is looked at by itself, under an Allow of everything: it can take away what other policies give.
///
/// # Errors
///
/// If the engine contradicts a proof.
pub fn dead(kind: Kind, document: &Document, options: &Options) -> Result<Vec<Dead>, Disagreement> {
    let whole = vec![Arc::new(Policy::new("p", kind, document))];
    let mut found = Vec::new();
    for statement in 0..document.statements() {
        if let Some(dead) = same_without(kind, document, &whole, statement, Part::Statement, options)? {
            found.push(dead);
            continue;
        }
        for part in parts(&whole, statement) {
            found.extend(same_without(kind, document, &whole, statement, part, options)?);
        }
    }
    Ok(found)
}

/// The conditions of a statement, and the values of those that have several.
fn parts(whole: &[Arc<Policy>], statement: usize) -> Vec<Part> {
    let statement = whole.iter().flat_map(|policy| policy.view()).nth(statement);
    let conditions = statement.into_iter().flat_map(|statement| statement.conditions());
    let mut parts = Vec::new();
    for (at, condition) in conditions.enumerate() {
        parts.push(Part::Condition(at));
        let values = condition.texts().count();
        parts.extend((0..values).filter(|_| values > 1).map(|value| Part::Value(at, value)));
    }
    parts
}

fn same_without(
    kind: Kind,
    document: &Document,
    whole: &[Arc<Policy>],
    statement: usize,
    part: Part,
    options: &Options,
) -> Result<Option<Dead>, Disagreement> {
    let effect = whole.iter().flat_map(|policy| policy.view()).nth(statement).map(|statement| statement.effect());
    let (less, guards) = match (part, effect) {
        (_, None) => return Ok(None),
        (Part::Statement, Some(Effect::Deny)) => (document.clone(), true),
        (Part::Statement, _) => (document.without_statement(statement), false),
        // A Deny is compared under an Allow of everything: what it denies is what counts.
        (Part::Condition(at), effect) => (document.without_condition(statement, at), effect == Some(Effect::Deny)),
        (Part::Value(at, value), effect) => {
            (document.without_value(statement, at, value), effect == Some(Effect::Deny))
        }
    };
    let (old, new) = if guards {
        let [old, new] = [document, &less].map(|document| document.denials_of(statement));
        // Of a Deny itself: whether it denies anything at all.
        (old, if part == Part::Statement { new.without_statement(1) } else { new })
    } else {
        (document.clone(), less)
    };
    let [old, new] = [old, new].map(|document| vec![Arc::new(Policy::new("p", kind, &document))]);
    let (mut laws, mut rows) = (Laws::new(), Notes::default());
    for (old, new) in [(&old, &new), (&new, &old)] {
        match new_access(old, new, options)? {
            Verdict::Proved { laws: of_one, rows: rests_on } => {
                laws.extend(of_one);
                rows.merge(rests_on);
            }
            Verdict::Found { .. } | Verdict::Undecided { .. } => return Ok(None),
        }
    }
    laws.sort_by_key(|law| law.id);
    laws.dedup();
    Ok(Some(Dead { statement, part, laws, rows }))
}
