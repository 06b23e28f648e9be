//! The role that is to be assumed.

use std::sync::Arc;

use account::{Tags, World};
use policy::arn::Arn;
use policy::{Kind, Policy};

/// What STS needs to know of a role, apart from the world that it is about to change.
#[derive(Clone, Debug)]
pub(crate) struct Role {
    pub(crate) account: String,
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) arn: String,
    pub(crate) trust: Arc<Policy>,
    pub(crate) tags: Tags,
    pub(crate) max_session_duration: i64,
}

impl Role {
    /// The role behind an ARN. Its path is part of it: `role/app/reader` is not `role/reader`.
    pub(crate) fn find(world: &World, arn: &str) -> Option<Self> {
        let role = world.role(arn)?;
        Some(Self {
            account: role.metadata.account().to_owned(),
            name: role.metadata.name.clone(),
            id: role.metadata.id.clone(),
            arn: role.metadata.arn.clone(),
            trust: Arc::clone(&role.trust.policy),
            tags: role.metadata.tags.clone(),
            max_session_duration: role.max_session_duration,
        })
    }

    /// As it is asked for where it is not there: it trusts nobody. Its refusal tells nobody which roles exist.
    pub(crate) fn missing(arn: &str) -> Self {
        Self {
            account: Arn::parse(arn).map_or("", |arn| arn.account).to_owned(),
            name: String::new(),
            id: String::new(),
            arn: arn.to_owned(),
            trust: Arc::new(Policy::silent(arn, Kind::Trust)),
            tags: Tags::default(),
            max_session_duration: 0,
        }
    }

    /// The ARN of a session of it, which leaves the role's path out.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
    pub(super) fn session_arn(&self, session: &str) -> String {
        let partition = policy::arn::partition(&self.arn).unwrap_or("aws");
        format!("arn:{partition}:sts::{}:assumed-role/{}/{session}", self.account, self.name)
    }
}
