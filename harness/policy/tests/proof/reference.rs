//! A second evaluator, to hold the engine against: slow, plain, and laid out in another way.
//!
//! It walks the JSON of a case in the order in which the IAM user guide tells the rules, and compiles, indexes and
//! remembers nothing. It shares no code with the engine. What AWS leaves open it settles as the table
//! `policy::undocumented::ROWS` says.

pub mod caller;
mod combine;
pub mod condition;
mod facts;
mod statement;
pub mod text;
mod value;

pub use combine::decide;

/// A verdict in the words of the simulation format, and the names of the kinds that decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub decision: &'static str,
    pub by: Vec<&'static str>,
}

/// A text alone stands for a list of one; policies may leave the brackets out.
fn listed(value: &serde_json::Value) -> Vec<&serde_json::Value> {
    match value {
        serde_json::Value::Array(items) => items.iter().collect(),
        one => vec![one],
    }
}

/// Numbers and Booleans are as good as their text.
fn texts(value: &serde_json::Value) -> Vec<String> {
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    listed(value).into_iter().map(text).collect()
}
