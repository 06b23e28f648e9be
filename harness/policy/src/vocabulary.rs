//! What is known of actions and condition keys.

/// Says which condition keys an action carries, so that a reason can tell "not in this request" from "never there".
pub trait Vocabulary {
    /// Whether requests for `action` can carry `key`; `None` if the action or the key is not known.
    fn carries(&self, action: &str, key: &str) -> Option<bool>;

    /// The keys that requests for `action` can carry; empty if it is not known.
    fn keys(&self, action: &str) -> Vec<String>;
}

/// Knows nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoVocabulary;

impl Vocabulary for NoVocabulary {
    fn carries(&self, _action: &str, _key: &str) -> Option<bool> {
        None
    }

    fn keys(&self, _action: &str) -> Vec<String> {
        Vec::new()
    }
}
