//! Task definitions under the numbers that an emulator gives them: they count on where a family is registered anew.

use std::collections::HashMap;

use matrix::call::{ApiCall, CallError};
use serde_json::Value;

/// ARNs of task definitions as planned, and as they came to be.
#[derive(Default)]
pub(super) struct Revisions {
    /// How often each family was registered: a plan counts from 1.
    registered: HashMap<String, usize>,
    renamed: Vec<(String, String)>,
}

impl Revisions {
    /// Sees the answer to a call.
    pub(super) fn record(&mut self, call: &ApiCall, answer: &Value) {
        if call.operation != "RegisterTaskDefinition" {
            return;
        }
        let real = answer["taskDefinition"]["taskDefinitionArn"].as_str();
        let Some((real, (family, _))) = real.and_then(|real| Some((real, real.rsplit_once(':')?))) else { return };
        let count = self.registered.entry(family.to_owned()).or_default();
        *count += 1;
        let planned = format!("{family}:{count}");
        if planned != real {
            self.renamed.push((planned, real.to_owned()));
        }
    }

    /// The call with ARNs as they are.
    pub(super) fn real(&self, call: &mut ApiCall) {
        if self.renamed.is_empty() {
            return;
        }
        let text =
            self.renamed.iter().fold(call.input.to_string(), |text, (planned, real)| renamed(&text, planned, real));
        if let Ok(input) = serde_json::from_str(&text) {
            call.input = input;
        }
    }

    /// A refusal with ARNs as planned.
    pub(super) fn planned(&self, error: CallError) -> CallError {
        let pairs = || self.renamed.iter();
        error.reworded(|text| pairs().fold(text.to_owned(), |text, (planned, real)| renamed(&text, real, planned)))
    }
}

/// A text with one ARN for another; `…:1` is not the beginning of `…:12`.
fn renamed(text: &str, from: &str, to: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(from) {
        let (before, found) = rest.split_at(at);
        let after = &found[from.len()..];
        let whole = !after.starts_with(|next: char| next.is_ascii_digit());
        out.push_str(before);
        out.push_str(if whole { to } else { from });
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_is_renamed_whole() {
        assert_eq!(renamed(r#""d/f:1","d/f:12","d/f:1""#, "d/f:1", "d/f:7"), r#""d/f:7","d/f:12","d/f:7""#);
    }
}
