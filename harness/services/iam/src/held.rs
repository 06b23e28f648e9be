//! What IAM holds of what a question is about.

use account::identities::ResourceType;
use account::{Check, World};
use policy::arn::Arn;

/// The check with what IAM holds of the user, the role or the policy that it is about: its tags and its boundary. Where
/// the role is to be assumed, its trust policy is its policy.
pub(crate) fn held(world: &World, check: Check) -> Check {
    let resource = check.resource.clone();
    let Some(arn) = Arn::parse(&resource) else { return check };
    let Some(iam) = world.account(arn.account).map(|account| &account.identities) else { return check };
    let name = arn.resource.rsplit('/').next().unwrap_or_default();
    let (kind, name) = match arn.resource.split('/').next() {
        Some("user") => (ResourceType::User, name),
        Some("role") => (ResourceType::Role, name),
        Some("policy") => (ResourceType::Policy, resource.as_str()),
        Some("instance-profile") => (ResourceType::InstanceProfile, name),
        _ => return check,
    };
    let Some(metadata) = iam.metadata(kind, name).filter(|metadata| metadata.arn == resource) else { return check };
    let mut check = check.tagged(&metadata.tags);
    if let Some(boundary) = iam.grants(kind, name).and_then(|grants| grants.boundary.as_deref()) {
        check = check.key("iam:PermissionsBoundary", boundary);
    }
    let role = iam.roles.get(name).filter(|_| kind == ResourceType::Role && check.action.starts_with("sts:"));
    match role {
        Some(role) => check.guarded_by(Some(role.trust.policy.clone())),
        None => check,
    }
}
