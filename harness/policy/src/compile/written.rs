//! From a compiled policy back to what was written, for changes to it. Only mends ask; deciding needs nothing of it.

use super::{Policy, Statement, Whom};
use crate::document::{self, Document, Items, Principals, Text};
use crate::pattern::Variables;

impl Policy {
    /// The document it was compiled from, but for places of single texts and spellings that mean the same.
    pub(crate) fn document(&self) -> Document {
        let version = (self.variables == Variables::Replaced).then(|| Text::from("2012-10-17"));
        Document { version, statements: self.statements.iter().map(Statement::written).collect() }
    }

    /// Another document under the same name, attached to the same.
    pub(crate) fn with_document(&self, document: &Document) -> Self {
        Self { arn: self.arn.clone(), ..Self::new(self.name.clone(), self.kind, document) }
    }

    /// Whether `${…}` is literal text in it.
    pub(crate) fn takes_variables_literally(&self) -> bool {
        self.variables == Variables::Literal
    }
}

impl Statement {
    /// As it was written.
    pub(crate) fn written(&self) -> document::Statement {
        let condition = |one: &crate::condition::Condition| document::Condition {
            operator: one.operator,
            key: (&*one.key).into(),
            values: texts(&one.texts),
        };
        let resources = self.resources.as_ref();
        document::Statement {
            sid: self.sid.as_deref().map(Text::from),
            effect: self.effect,
            principals: self.whom.written(),
            actions: Items { not: self.actions.not, texts: texts(&self.actions.texts) },
            resources: resources.map(|resources| Items { not: resources.not, texts: texts(&resources.texts) }),
            conditions: self.conditions.iter().map(condition).collect(),
            span: self.span,
        }
    }
}

impl Whom {
    fn written(&self) -> Option<Principals> {
        match self {
            Self::Holder => None,
            Self::Named(names) => Some(Principals { not: false, names: names.to_vec() }),
            Self::AllBut(names) => Some(Principals { not: true, names: names.to_vec() }),
        }
    }
}

fn texts(texts: &[Box<str>]) -> Vec<Text> {
    texts.iter().map(|text| Text::from(&**text)).collect()
}
