//! What calls send for the names in them: a scenario may write a logical id where AWS wants a name or an ARN.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::operations::{Member, MemberKind, NamedResource, ScenarioOperation};

/// What is sent for each name, in one option; only where that is not the name itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lookup(HashMap<(NamedResource, String), String>);

impl Lookup {
    /// Remembers what is sent for a name.
    pub(crate) fn insert(&mut self, of: NamedResource, written: &str, sent: String) {
        if sent != written {
            self.0.insert((of, written.to_owned()), sent);
        }
    }

    /// A call's parameters as they are sent.
    pub(crate) fn input(&self, operation: &ScenarioOperation, input: &Value) -> Value {
        let mut input = input.clone();
        for member in &operation.members {
            if let Some(sent) = input[member.name].as_str().and_then(|written| self.sent(member, written)) {
                input[member.name] = json!(sent);
            }
        }
        input
    }

    /// What is sent for the value of a parameter, if not the value itself.
    pub(crate) fn sent(&self, member: &Member, written: &str) -> Option<&str> {
        let MemberKind::Name(of) = member.kind else { return None };
        self.0.get(&(of, written.to_owned())).map(String::as_str)
    }
}
