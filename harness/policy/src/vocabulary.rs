//! What is known of actions and condition keys.

/// Says which condition keys a request carries, so that a reason can tell "not in this request" from "never there".
pub trait Vocabulary {
    /// Whether requests for `action` on `resource` can carry `key`; `None` if the action or the key is not known.
    fn carries(&self, action: &str, resource: &str, key: &str) -> Option<bool>;

    /// The type of `resource`, where a request for `action` on it never carries `key` and one on a resource of another type
    /// can. None: there is no such difference, or nobody knows.
    fn lacking_type(&self, _action: &str, _resource: &str, _key: &str) -> Option<&'static str> {
        None
    }

    /// The keys that requests for `action` on `resource` can carry; empty if the action is not known.
    fn keys(&self, action: &str, resource: &str) -> Vec<&'static str>;

    /// The service's own keys that have the same value as `key` in a request for `action` on `resource`:
    /// `iam:ResourceTag/team` beside `aws:ResourceTag/team`.
    fn twins(&self, action: &str, resource: &str, key: &str) -> Vec<String>;
}

/// Knows nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoVocabulary;

impl Vocabulary for NoVocabulary {
    fn carries(&self, _action: &str, _resource: &str, _key: &str) -> Option<bool> {
        None
    }

    fn keys(&self, _action: &str, _resource: &str) -> Vec<&'static str> {
        Vec::new()
    }

    fn twins(&self, _action: &str, _resource: &str, _key: &str) -> Vec<String> {
        Vec::new()
    }
}
