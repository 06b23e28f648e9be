//! Policies under the names that things have in a real account.

use serde_json::{Value, json};

use super::Renaming;

impl Renaming {
    /// A policy document.
    pub(super) fn policy(&self, document: &Value) -> Value {
        match document {
            Value::String(text) => json!(self.text(text)),
            Value::Array(items) => items.iter().map(|item| self.policy(item)).collect(),
            Value::Object(members) => {
                let renamed = members.iter().map(|(name, value)| {
                    let value = if name == "Condition" { self.condition(value) } else { self.policy(value) };
                    (name.clone(), value)
                });
                Value::Object(renamed.collect())
            }
            other => other.clone(),
        }
    }

    /// `{operator: {key: values}}`
    fn condition(&self, block: &Value) -> Value {
        let Some(operators) = block.as_object() else { return block.clone() };
        let keys = |keys: &Value| match keys.as_object() {
            Some(keys) => {
                Value::Object(keys.iter().map(|(key, values)| (key.clone(), self.values(key, values))).collect())
            }
            None => keys.clone(),
        };
        Value::Object(operators.iter().map(|(operator, of)| (operator.clone(), keys(of))).collect())
    }

    /// What a key is compared with: names with the keys whose values are names.
    fn values(&self, key: &str, values: &Value) -> Value {
        let one = |text: &str| match key.to_ascii_lowercase().as_str() {
            "aws:username" if text != "*" => self.name(text),
            "s3:x-amz-copy-source" if !text.starts_with("arn:") => self.copy_source(text),
            _ => self.text(text),
        };
        match values {
            Value::String(text) => json!(one(text)),
            Value::Array(items) => {
                items.iter().map(|item| item.as_str().map_or(item.clone(), |text| json!(one(text)))).collect()
            }
            other => other.clone(),
        }
    }
}
