//! A policy made ready, with which keys it asks for.

use std::sync::Arc;

use policy::{Document, Kind, Policy};
use source::Finding;

use crate::follows::Asked;

/// A policy made ready for questions.
#[derive(Clone, Debug)]
pub struct Compiled {
    pub(crate) policy: Arc<Policy>,
    pub(crate) asked: Asked,
}

impl Compiled {
    /// Reads a policy from its JSON text. `name` is what reasons and traces call it.
    ///
    /// # Errors
    /// Everything there is to say about the text, if there is an error among that.
    pub fn read(name: &str, kind: Kind, text: &str) -> Result<Self, Vec<Finding>> {
        let (document, findings) = Document::read_json(text, kind);
        let policy = Policy::new(name, kind, &document.ok_or(findings)?);
        Ok(Self { policy: Arc::new(policy), asked: Asked::by(text) })
    }

    /// The same for a managed policy, whose name is its ARN.
    pub(crate) fn managed(arn: &str, kind: Kind, text: &str) -> Result<Self, Vec<Finding>> {
        let (document, findings) = Document::read_json(text, kind);
        let policy = Policy::new(arn, kind, &document.ok_or(findings)?).with_arn(arn);
        Ok(Self { policy: Arc::new(policy), asked: Asked::by(text) })
    }
}
