//! Conditions by the rows of their actions, over the whole catalogue.

mod agreement;
mod splits;
mod written;

use policy::Kind::Identity;
use source::Finding;

use super::Case;

fn findings(text: &str) -> Vec<Finding> {
    Case(Identity, text.to_owned().leak(), &[]).findings()
}

/// The condition that asks for a tag key: of one value, and in a list of keys.
fn asking(key: &str) -> String {
    match key {
        "aws:TagKeys" => r#""ForAnyValue:StringEquals": {"aws:TagKeys": "team"}"#.to_owned(),
        _ => format!(r#""StringEquals": {{"{key}": "a"}}"#),
    }
}
