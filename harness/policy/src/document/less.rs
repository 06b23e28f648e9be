//! Documents with less in them, to find what never counts.

use super::{Document, Effect, Items, Statement, Text};

impl Document {
    /// The same without a statement.
    #[must_use]
    pub fn without_statement(&self, statement: usize) -> Self {
        let mut less = self.clone();
        if statement < less.statements.len() {
            less.statements.remove(statement);
        }
        less
    }

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

    /// What one statement denies, and nothing else: it stands beside an Allow of everything.
    #[must_use]
    pub fn denials_of(&self, statement: usize) -> Self {
        let Some(deny) = self.statements.get(statement) else { return self.clone() };
        let everything =
            |items: &Items| Items { not: false, texts: items.texts.iter().take(1).map(|_| Text::from("*")).collect() };
        let allow = Statement {
            sid: None,
            effect: Effect::Allow,
            principals: deny
                .principals
                .as_ref()
                .map(|_| super::Principals { not: false, names: vec![super::Name::Everyone] }),
            actions: everything(&deny.actions),
            resources: deny.resources.as_ref().map(everything),
            conditions: Vec::new(),
            span: deny.span,
        };
        Self { version: self.version.clone(), statements: vec![allow, deny.clone()] }
    }

    fn changed(&self, statement: usize, change: impl FnOnce(&mut Statement)) -> Self {
        let mut changed = self.clone();
        if let Some(statement) = changed.statements.get_mut(statement) {
            change(statement);
        }
        changed
    }
}
