//! What an operation is asked with. It satisfies IAM's model: what is required is there, and of its type.

use account::{Fault, Page};
use serde_json::Value;

use super::call::IamCall;
use super::fault;

#[cfg(test)]
mod tests;

impl IamCall<'_, '_, '_> {
    /// What the operation is about, as the row tells where: its name, or its ARN.
    pub(crate) fn name(&self) -> String {
        self.operation.resource.map(|resource| self.text(resource.member)).unwrap_or_default()
    }

    /// A text that the model requires.
    pub(crate) fn text(&self, member: &str) -> String {
        self.optional(member).unwrap_or_default()
    }

    /// A text that may be left out.
    pub(crate) fn optional(&self, member: &str) -> Option<String> {
        self.input.get(member).and_then(Value::as_str).map(str::to_owned)
    }

    /// A path, or how paths begin: `/` unless given.
    pub(crate) fn path(&self, member: &str) -> String {
        self.optional(member).unwrap_or_else(|| "/".to_owned())
    }

    /// A whole number, if given.
    pub(crate) fn number(&self, member: &str) -> Option<i64> {
        self.input.get(member).and_then(Value::as_i64)
    }

    /// `true` or `false`; false unless given.
    pub(crate) fn flag(&self, member: &str) -> bool {
        self.input.get(member).and_then(Value::as_bool).unwrap_or_default()
    }

    /// A list; empty unless given.
    pub(crate) fn list(&self, member: &str) -> &[Value] {
        self.input.get(member).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// A list of texts; empty unless given.
    pub(crate) fn texts(&self, member: &str) -> Vec<String> {
        self.list(member).iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// A list of texts that the model requires. The query protocol has no list that is there and empty.
    pub(crate) fn some_texts(&self, member: &str) -> Result<Vec<String>, Fault> {
        let texts = self.texts(member);
        if texts.is_empty() { Err(fault::null(member)) } else { Ok(texts) }
    }

    /// `Marker` and `MaxItems`. "If you do not include this parameter, the number of items defaults to 100."
    /// docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html
    pub(crate) fn page(&self) -> Page {
        let size = self.number("MaxItems").and_then(|size| usize::try_from(size).ok());
        Page { token: self.optional("Marker"), size: size.unwrap_or(100) }
    }
}
