//! SimulateCustomPolicy, SimulatePrincipalPolicy and their GetContextKeysFor… siblings: the one decision function,
//! asked by hand.
//!
//! The context is what the caller hands over and nothing else, as on AWS. Where AWS's simulator is known to ignore a
//! role's trust policy given as ResourcePolicy, this one asks it, as AssumeRole itself does.

mod answer;
mod given;
mod keys;
mod subject;

#[cfg(test)]
mod tests;

use account::Fault;
use account::identities::ResourceType;
use policy::Principal;
use policy::arn::Arn;
use serde_json::{Value, json};

use super::call::IamCall;
use super::fault;
use answer::Answers;
use given::Given;
use subject::Subject;

/// SimulateCustomPolicy
pub(crate) fn custom(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let inputs = op.some_texts("PolicyInputList")?;
    let given = Given::read(op);
    let page = op.page();
    op.authorize_on_all()?;
    let mut subject = Subject::default();
    subject.add_inputs(inputs)?;
    let caller = Principal::User { arn: ResourceType::User.arn(op.world.partition(), &op.account, "/", "simulated") };
    let given = given?.with_caller(caller)?;
    subject.add_given(&given)?;
    Ok(Answers { subject: &subject, given: &given }.page(&page))
}

/// SimulatePrincipalPolicy
pub(crate) fn principal(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let arn = op.text("PolicySourceArn");
    let inputs = op.texts("PolicyInputList");
    let given = Given::read(op);
    let page = op.page();
    let (kind, name) = entity(op, &arn)?;
    let mut subject = Subject::of(op.iam()?, kind, &name)?;
    subject.add_inputs(inputs)?;
    let caller = match kind {
        ResourceType::User => Principal::User { arn },
        ResourceType::Role => {
            let session = format!("arn:{}:sts::{}:assumed-role/{name}/simulated", op.world.partition(), op.account);
            Principal::RoleSession { role: Some(arn), session }
        }
        _ => Principal::User { arn: ResourceType::User.arn(op.world.partition(), &op.account, "/", "simulated") },
    };
    let given = given?.with_caller(caller)?;
    subject.add_given(&given)?;
    if let Some(levels) = op.world.organization().and_then(|organization| organization.over(&op.account)) {
        subject.policies.service_control.clone_from(&levels.service_control);
    }
    Ok(Answers { subject: &subject, given: &given }.page(&page))
}

/// GetContextKeysForCustomPolicy
pub(crate) fn keys_of_custom(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let inputs = op.some_texts("PolicyInputList")?;
    op.authorize_on_all()?;
    let mut subject = Subject::default();
    subject.add_inputs(inputs)?;
    Ok(json!({ "ContextKeyNames": subject.keys() }))
}

/// GetContextKeysForPrincipalPolicy
pub(crate) fn keys_of_principal(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let arn = op.text("PolicySourceArn");
    let inputs = op.texts("PolicyInputList");
    let (kind, name) = entity(op, &arn)?;
    let mut subject = Subject::of(op.iam()?, kind, &name)?;
    subject.add_inputs(inputs)?;
    Ok(json!({ "ContextKeyNames": subject.keys() }))
}

/// The user, group or role of a call that may simulate it.
fn entity(op: &mut IamCall<'_, '_, '_>, arn: &str) -> Result<(ResourceType, String), Fault> {
    let resource = Arn::parse(arn).filter(|arn| arn.service == "iam").map(|arn| arn.resource).unwrap_or_default();
    let kind = match resource.split('/').next() {
        Some("user") => ResourceType::User,
        Some("group") => ResourceType::Group,
        Some("role") => ResourceType::Role,
        _ => {
            return Err(fault::invalid_input(format!(
                "Invalid Entity Arn: {arn} does not clearly define entity type and name."
            )));
        }
    };
    let name = resource.rsplit('/').next().unwrap_or_default().to_owned();
    op.kind = kind;
    op.authorize_on(&name)?;
    match op.iam()?.metadata(kind, &name) {
        Some(metadata) if metadata.arn == arn => Ok((kind, name)),
        _ => Err(fault::missing(kind, &name)),
    }
}
