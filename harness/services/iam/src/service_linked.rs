//! Service-linked roles.

use account::identities::ResourceType;
use account::identities::{Grants, Role};
use account::{Fault, Tags};
use serde_json::{Value, json};

use super::call::IamCall;
use super::document;
use super::fault;
use super::role;

#[cfg(test)]
mod tests;

/// Services whose roles can be made here: service principal, the role's name, its managed policy.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
const SERVICES: &[(&str, &str, &str)] = &[
    ("autoscaling.amazonaws.com", "AWSServiceRoleForAutoScaling", "AutoScalingServiceRolePolicy"),
    ("ecs.amazonaws.com", "AWSServiceRoleForECS", "AmazonECSServiceRolePolicy"),
    (
        "ecs.application-autoscaling.amazonaws.com",
        "AWSServiceRoleForApplicationAutoScaling_ECSService",
        "AWSApplicationAutoscalingECSServicePolicy",
    ),
    (
        "elasticloadbalancing.amazonaws.com",
        "AWSServiceRoleForElasticLoadBalancing",
        "AWSElasticLoadBalancingServiceRolePolicy",
    ),
    ("rds.amazonaws.com", "AWSServiceRoleForRDS", "AmazonRDSServiceRolePolicy"),
];

/// CreateServiceLinkedRole
pub(crate) fn create(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let service = op.text("AWSServiceName");
    let description = op.optional("Description");
    let suffix = op.optional("CustomSuffix");
    let known = SERVICES.iter().find(|(known, ..)| *known == service);
    let path = format!("/aws-service-role/{service}/");
    let name = known.map_or("*", |(_, name, _)| name);
    op.authorize_making(&path, name, &Tags::default())?;
    let Some((_, name, policy)) = known else {
        let all: Vec<_> = SERVICES.iter().map(|(service, ..)| *service).collect();
        return Err(fault::invalid_input(format!(
            "The role of {service} is not emulated here; known are {}.",
            all.join(", ")
        )));
    };
    if suffix.is_some() {
        // None of the services above takes one but Auto Scaling, which is left to its default role here.
        return Err(fault::invalid_input(format!("Custom suffix is not allowed for {service}")));
    }
    if op.refuse_taken(ResourceType::Role, name).is_err() {
        return Err(fault::invalid_input(format!(
            "Service role name {name} has been taken in this account, please try a different suffix."
        )));
    }
    let role = make(op, &service, name, policy, description)?;
    let view = role::made_view(&role);
    op.iam_mut()?.roles.insert(role.metadata.name.clone(), role);
    Ok(json!({ "Role": view }))
}

fn make(
    op: &mut IamCall<'_, '_, '_>,
    service: &str,
    name: &str,
    policy: &str,
    description: Option<String>,
) -> Result<Role, Fault> {
    let trust = json!({ "Version": "2012-10-17", "Statement": [
        { "Action": ["sts:AssumeRole"], "Effect": "Allow", "Principal": { "Service": [service] } },
    ] });
    let trust = document::trust(name, trust.to_string())?;
    let arn = format!("arn:{}:iam::aws:policy/aws-service-role/{policy}", op.world.partition());
    if !op.iam_mut()?.ready(&arn) {
        return Err(fault::not_attachable(&format!("Policy {arn}")));
    }
    let metadata = op.metadata(format!("/aws-service-role/{service}/"), name.to_owned(), Tags::default());
    let grants = Grants { managed: vec![arn], ..Grants::default() };
    Ok(Role { metadata, grants, trust, description, max_session_duration: 3_600 })
}

/// DeleteServiceLinkedRole. It is done at once; the answer's task can be asked about and has succeeded.
pub(crate) fn delete(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let name = op.text("RoleName");
    op.authorize_on(&name)?;
    let role = role::find(op, &name)?;
    if !role.is_service_linked() {
        return Err(fault::invalid_input(format!("Role {name} is not a service-linked role.")));
    }
    let task = format!("task{}{}", role.metadata.path, name);
    op.iam_mut()?.roles.remove(&name);
    Ok(json!({ "DeletionTaskId": task }))
}

/// GetServiceLinkedRoleDeletionStatus
pub(crate) fn deletion(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let task = op.text("DeletionTaskId");
    let name = task.rsplit('/').next().unwrap_or_default().to_owned();
    op.authorize_on(&name)?;
    if !task.starts_with("task/aws-service-role/") || op.iam()?.roles.contains_key(&name) {
        return Err(fault::no_such(format!("Deletion task {task} cannot be found.")));
    }
    Ok(json!({ "Status": "SUCCEEDED" }))
}
