//! Cards: what there is to know of a condition key or of an action, on one screen.
//!
//! What a card says of requests is the catalogue's: [`catalog::Row::carries`] for each row. Only the traps are written here.

mod action;
mod key;
mod mention;
mod named;
mod room;
mod traps;
mod used;

#[cfg(test)]
mod tests;

use catalog::{Action, Key, ResourceType, Row, Service};
use serde_json::Value;

use room::Room;
use source::escaped;

pub use key::page as page_of_key;
pub use named::cards;
pub use used::Used;

/// What a card is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Card {
    /// A condition key.
    Key(Key),
    /// An action.
    Action(Action),
}

/// What a card is to say besides what AWS's reference has.
#[derive(Default)]
pub struct Beside<'a> {
    /// The service whose actions are listed, of a key.
    pub service: Option<Service>,
    /// Whether everything is said, however long.
    pub all: bool,
    /// The scenarios that show it.
    pub shown_by: &'a [String],
    /// Where policies use condition keys; then the card is about these places.
    pub used: Option<&'a [Used]>,
}

impl Card {
    /// The card as text, for [`laid_out`](crate::laid_out).
    #[must_use]
    pub fn text(self, beside: &Beside<'_>) -> String {
        let mut room = Room::new(beside.all);
        let mut lines = vec![self.title(), String::new()];
        lines.extend(match (self, beside.used) {
            (card, Some(used)) => used::lines(card, used, &mut room),
            (Self::Key(key), None) => key::lines(key, beside, &mut room),
            (Self::Action(action), None) => action::lines(action, &mut room),
        });
        if beside.used.is_none() && !beside.shown_by.is_empty() {
            let names = room.text(beside.shown_by.iter().cloned());
            lines.push(format!("Shown     by {names}; `tagproof learn NAME` asks about one"));
        }
        if room.is_cut() {
            lines.extend([String::new(), "`--all` shows what is left out here".to_owned()]);
        }
        lines.iter().map(|line| format!("{}\n", escaped(line))).collect()
    }

    /// All of it as JSON.
    #[must_use]
    pub fn json(self, beside: &Beside<'_>) -> Value {
        let mut value = match self {
            Self::Key(key) => key::json(key, beside.service),
            Self::Action(action) => action::json(action),
        };
        if let Value::Object(fields) = &mut value {
            fields.insert("version".to_owned(), 1.into());
            fields.insert("scenarios".to_owned(), beside.shown_by.into());
            if let Some(used) = beside.used {
                fields.insert("used".to_owned(), used::json(self, used));
            }
        }
        value
    }

    /// Its name in AWS's spelling.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Key(key) => key.pattern(),
            Self::Action(action) => action.name(),
        }
    }

    fn title(self) -> String {
        match self {
            Self::Key(key) => format!("{}, a condition key", key.pattern()),
            Self::Action(action) => format!("{}, an action of {}", action.name(), action.service().name()),
        }
    }
}

/// The resource type of a row, with the reference's asterisk if every call needs one.
fn row_name(row: Row) -> String {
    let name = row.resource_type().map_or("*", ResourceType::name);
    format!("{name}{}", if row.is_required() { "*" } else { "" })
}

/// The keys of every request that requests for some actions are without: those of the account that a resource is in.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount
const OF_RESOURCE_ACCOUNT: [&str; 3] = ["aws:ResourceAccount", "aws:ResourceOrgID", "aws:ResourceOrgPaths"];

/// Whether requests for an action are without a key of every request.
fn is_without(key: Key, action: Action) -> bool {
    OF_RESOURCE_ACCOUNT.contains(&key.pattern()) && !policy::facts::carries_resource_account(action.name())
}

/// A key's name without the placeholder for a tag: `aws:RequestTag`.
fn short(pattern: &str) -> &str {
    pattern.strip_suffix("/${TagKey}").unwrap_or(pattern)
}
