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

    /// Whose tags a key tells of, services' own keys such as `rds:req-tag/team` included. None: it is about something else.
    fn tags_of(&self, key: &str) -> Option<TagsOf> {
        TagsOf::of_global(key)
    }
}

/// Whose tags a condition key tells of; in the order in which changes of them are proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TagsOf {
    /// Those passed in the request: `aws:RequestTag/…`, `aws:TagKeys`.
    Request,
    /// The caller's: `aws:PrincipalTag/…`.
    Caller,
    /// Those of what the request is about: `aws:ResourceTag/…`, `s3:ExistingObjectTag/…`.
    Resource,
}

impl TagsOf {
    /// What the global keys tell of; `None` of any other key.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    #[must_use]
    pub fn of_global(key: &str) -> Option<Self> {
        let (head, tag) = key.split_once('/').map_or((key, None), |(head, tag)| (head, Some(tag)));
        let is = |name: &str| head.eq_ignore_ascii_case(name);
        match tag {
            None => is("aws:TagKeys").then_some(Self::Request),
            Some(_) if is("aws:RequestTag") => Some(Self::Request),
            Some(_) if is("aws:PrincipalTag") => Some(Self::Caller),
            Some(_) => is("aws:ResourceTag").then_some(Self::Resource),
        }
    }
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
