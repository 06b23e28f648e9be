//! SimulateCustomPolicy, SimulatePrincipalPolicy and their GetContextKeysFor… siblings: the one decision function,
//! asked by hand.
//!
//! The context is what the caller hands over and nothing else, as on AWS. Where AWS's simulator is known to ignore a
//! role's trust policy given as ResourcePolicy, this one asks it, as AssumeRole itself does.

mod answer;
mod given;
mod keys;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use account::Fault;
use account::identities::ResourceType;
use account::identities::{Grants, Identities};
use policy::arn::Arn;
use policy::{Policies, Policy, Principal};
use serde_json::{Value, json};

use super::call::IamCall;
use super::document;
use super::fault;
use answer::Answers;
use given::Given;

/// What is simulated: the policies, and where each comes from.
#[derive(Default)]
struct Subject {
    policies: Policies,
    sources: Vec<Source>,
}

/// A policy's document, as results refer to it.
struct Source {
    /// The compiled policy's name.
    name: String,
    /// `SourcePolicyId`.
    id: String,
    /// `SourcePolicyType`, which AWS prints in words that its model does not list.
    kind: &'static str,
    text: String,
}

const IAM_POLICY: &str = "IAM Policy";

/// SimulateCustomPolicy
pub(crate) fn custom(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let inputs = op.some_texts("PolicyInputList")?;
    let given = Given::read(op);
    let page = op.page();
    op.authorize_on_all()?;
    let mut subject = Subject::default();
    subject.add_inputs(inputs)?;
    let caller = Principal::User { arn: ResourceType::User.arn(&op.account, "/", "simulated") };
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
            let session = format!("arn:aws:sts::{}:assumed-role/{name}/simulated", op.account);
            Principal::RoleSession { role: Some(arn), session }
        }
        _ => Principal::User { arn: ResourceType::User.arn(&op.account, "/", "simulated") },
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

impl Subject {
    /// Everything attached to a user and its groups, to a group, or to a role.
    fn of(iam: &Identities, kind: ResourceType, name: &str) -> Result<Self, Fault> {
        let grants = iam.grants(kind, name).ok_or_else(|| fault::missing(kind, name))?;
        let mut subject = Self::default();
        subject.add_grants(iam, kind, name, grants);
        let groups = iam.users.get(name).filter(|_| kind == ResourceType::User).map(|user| user.groups.as_slice());
        for group in groups.unwrap_or_default() {
            if let Some(grants) = iam.grants(ResourceType::Group, group) {
                subject.add_grants(iam, ResourceType::Group, group, grants);
            }
        }
        if let Some(arn) = &grants.boundary {
            subject.policies.boundary = iam.as_boundary(arn).cloned();
            subject.add_source(arn, iam.policy_name(arn), IAM_POLICY, iam.policy_text(arn));
        }
        Ok(subject)
    }

    fn add_grants(&mut self, iam: &Identities, kind: ResourceType, owner: &str, grants: &Grants) {
        self.policies.identity.extend(iam.identity_policies(grants).cloned());
        for (name, inline) in &grants.inline {
            let id = format!("{}_{owner}_{name}", kind.word());
            self.add_source(inline.policy.name(), &id, IAM_POLICY, Some(&inline.text));
        }
        for arn in &grants.managed {
            self.add_source(arn, iam.policy_name(arn), IAM_POLICY, iam.policy_text(arn));
        }
    }

    fn add_inputs(&mut self, inputs: Vec<String>) -> Result<(), Fault> {
        for (at, text) in inputs.into_iter().enumerate() {
            let name = format!("PolicyInputList.{}", at + 1);
            let policy = compile(&name, policy::Kind::Identity, &text)?;
            self.policies.identity.push(policy);
            self.add_source(&name, &name, IAM_POLICY, Some(&text));
        }
        Ok(())
    }

    /// The boundary and the resource's policy that the call hands over.
    fn add_given(&mut self, given: &Given) -> Result<(), Fault> {
        if let Some(text) = &given.boundary {
            let name = "PermissionsBoundaryPolicyInputList.1";
            self.policies.boundary = Some(compile(name, policy::Kind::Boundary, text)?);
            self.add_source(name, name, IAM_POLICY, Some(text));
        }
        if let Some(text) = &given.resource_policy {
            let name = "ResourcePolicy";
            // A role's trust policy is a resource policy without Resource.
            let trust = compile(name, policy::Kind::Trust, text);
            self.policies.resource = Some(trust.or_else(|_| compile(name, policy::Kind::Resource, text))?);
            self.add_source(name, name, "Resource Policy", Some(text));
        }
        Ok(())
    }

    fn add_source(&mut self, name: &str, id: &str, kind: &'static str, text: Option<&str>) {
        if let Some(text) = text {
            self.sources.push(Source { name: name.to_owned(), id: id.to_owned(), kind, text: text.to_owned() });
        }
    }

    fn source(&self, name: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.name == name)
    }

    fn keys(&self) -> Vec<String> {
        let mut found = Vec::new();
        for source in &self.sources {
            keys::of_document(&source.text, &mut found);
        }
        found
    }
}

/// A document from the input, whose errors these operations call invalid input.
fn compile(name: &str, kind: policy::Kind, text: &str) -> Result<Arc<Policy>, Fault> {
    match document::read(text, kind) {
        Ok(document) => Ok(Arc::new(Policy::new(name, kind, &document))),
        Err(malformed) => Err(fault::invalid_input(format!("{name}: {}", malformed.message))),
    }
}
