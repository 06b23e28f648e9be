//! The rows of an action: what it is authorised on, and which condition keys a request carries there.
//!
//! "Pay close attention to whether the key is in the same row as a specific resource type."
//! docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html

use std::fmt;

use crate::action::Action;
use crate::arn::ResourceType;
use crate::key::Key;
use crate::service::UseRecord;

/// The keys of the access point that a request comes through.
const OF_ACCESS_POINT: [&str; 3] =
    ["s3:AccessPointNetworkOrigin", "s3:DataAccessPointAccount", "s3:DataAccessPointArn"];

/// One row of an action: a resource type that it is authorised on, or the action without a resource.
#[derive(Clone, Copy)]
pub struct Row {
    action: Action,
    on: Option<(&'static UseRecord, ResourceType)>,
}

impl Row {
    pub(crate) fn without_resource(action: Action) -> Self {
        Self { action, on: None }
    }

    pub(crate) fn on(action: Action, entry: &'static UseRecord, resource_type: ResourceType) -> Self {
        Self { action, on: Some((entry, resource_type)) }
    }

    /// The action.
    #[must_use]
    pub fn action(self) -> Action {
        self.action
    }

    /// The resource type. None: the action is authorised on `*`.
    #[must_use]
    pub fn resource_type(self) -> Option<ResourceType> {
        self.on.map(|(_, resource_type)| resource_type)
    }

    /// Whether every request for the action is authorised on a resource of this type (an asterisk in the reference).
    #[must_use]
    pub fn is_required(self) -> bool {
        self.on.is_some_and(|(entry, _)| entry.required)
    }

    /// Whether a request that is authorised on this row can carry a condition key: the action lists it, the row lists
    /// it, or the row's resource type does; or every request for the action has it.
    ///
    /// A type's list is shorter or longer than a row's in three cases:
    ///
    /// * In EC2 a row's own list is complete, and the type's is not added. Its page prints `aws:RequestTag` on the type
    ///   `instance`, but not on the row of StopInstances, which passes no tags.
    ///   docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
    /// * `aws:RequestTag` and `aws:TagKeys` are about "the tags that were passed in the request". A type that lists them
    ///   does so for each of its actions, and those that pass tags list the keys themselves. UntagResource and its kind
    ///   pass keys of tags.
    ///   docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requesttag
    /// * S3 asks the access point and the bucket about a request through an access point. The bucket policies on the page
    ///   have three keys of the access point on `arn:aws:s3:::bucket` and `arn:aws:s3:::bucket/*` (examples 5 to 7). Its
    ///   tags "control access to your data", where of `aws:ResourceTag` the bucket's own count.
    ///   docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html and …/access-points-tagging.html
    #[must_use]
    pub fn carries(self, key: Key) -> bool {
        key.is_of_every_request_for(self.action)
            || self.action.lists(key)
            || self.on.is_some_and(|(entry, resource_type)| {
                self.action.service().set_has(entry.keys, key)
                    || self.takes_from_type(key) && self.action.service().set_has(resource_type.key_set(), key)
            })
            || OF_ACCESS_POINT.contains(&key.pattern())
                && self.access_point().is_some_and(|of| self.action.service().set_has(of.key_set(), key))
    }

    /// The condition keys that a request on this row can carry, those of every request for the action left out.
    pub fn keys(self) -> impl Iterator<Item = Key> {
        let service = self.action.service();
        let listed = std::iter::once(self.action.key_set());
        let of_row = self.on.into_iter().flat_map(|(entry, resource_type)| [entry.keys, resource_type.key_set()]);
        let of_access_point = self.access_point().map(ResourceType::key_set);
        let mut ids: Vec<_> =
            listed.chain(of_row).chain(of_access_point).flat_map(|set| service.set(set)).copied().collect();
        ids.sort_unstable();
        ids.dedup();
        let keys = ids.into_iter().filter_map(Key::from_id);
        keys.filter(move |&key| !key.is_of_every_request_for(self.action) && self.carries(key))
    }

    /// The access point through which a request for the action can come to this bucket or object. An action with rows of
    /// still other types, such as `s3:TagResource`, is about the access point itself.
    pub(crate) fn access_point(self) -> Option<ResourceType> {
        let own = self.resource_type().filter(|_| self.action.service().prefix() == "s3")?;
        let name = match own.name() {
            "bucket" => "accesspoint",
            "object" => "accesspointobject",
            _ => return None,
        };
        let is_one_of_two = self.action.rows().count() == 2;
        let mut types = self.action.rows().filter(|_| is_one_of_two).filter_map(Self::resource_type);
        types.find(|of| of.name() == name)
    }

    fn takes_from_type(self, key: Key) -> bool {
        if self.action.service().prefix() == "ec2" {
            return false;
        }
        match key.pattern() {
            "aws:RequestTag/${TagKey}" => false,
            "aws:TagKeys" => self.action.access() == crate::Access::Tagging,
            _ => true,
        }
    }
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        self.action == other.action && self.resource_type() == other.resource_type()
    }
}

impl Eq for Row {}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} on {}", self.action, self.resource_type().map_or("*", ResourceType::name))
    }
}
