//! Documents with less in them, to find what never counts.

use source::Span;

use super::{Document, Statement};

impl Document {
    /// The same without one condition of a statement.
    #[must_use]
    pub fn without_condition(&self, statement: usize, condition: usize) -> Self {
        self.changed(statement, |statement| {
            if condition < statement.conditions.len() {
                statement.conditions.remove(condition);
            }
        })
    }

    /// The same without one value of a condition.
    #[must_use]
    pub fn without_value(&self, statement: usize, condition: usize, value: usize) -> Self {
        self.changed(statement, |statement| {
            let values = statement.conditions.get_mut(condition).map(|condition| &mut condition.values);
            if let Some(values) = values.filter(|values| value < values.len()) {
                values.remove(value);
            }
        })
    }

    /// A document of those statements alone that are meant, by their positions.
    #[must_use]
    pub fn only(&self, is_meant: impl Fn(usize) -> bool) -> Self {
        let of = self.statements.iter().enumerate().filter(|(at, _)| is_meant(*at));
        let statements = of.map(|(_, statement)| statement.clone()).collect();
        Self { version: self.version.clone(), statements }
    }

    /// Where a value of a condition of a statement stands, by their positions.
    #[must_use]
    pub fn value_span(&self, statement: usize, condition: usize, value: usize) -> Option<Span> {
        let condition = self.statements.get(statement)?.conditions.get(condition)?;
        Some(condition.values.get(value)?.span)
    }

    fn changed(&self, statement: usize, change: impl FnOnce(&mut Statement)) -> Self {
        let mut changed = self.clone();
        if let Some(statement) = changed.statements.get_mut(statement) {
            change(statement);
        }
        changed
    }
}
