//! What is simulated: the policies, and where each comes from.

use std::sync::Arc;

use account::Fault;
use account::identities::{Grants, Identities, ResourceType};
use policy::{Policies, Policy};

use super::super::document;
use super::super::fault;
use super::given::Given;
use super::keys;

/// What is simulated: the policies, and where each comes from.
#[derive(Default)]
pub(super) struct Subject {
    pub(super) policies: Policies,
    sources: Vec<Source>,
}

/// A policy's document, as results refer to it.
pub(super) struct Source {
    /// The compiled policy's name.
    name: String,
    /// `SourcePolicyId`.
    pub(super) id: String,
    /// `SourcePolicyType`, which AWS prints in words that its model does not list.
    pub(super) kind: &'static str,
    pub(super) text: String,
}

const IAM_POLICY: &str = "IAM Policy";

impl Subject {
    /// Everything attached to a user and its groups, to a group, or to a role.
    pub(super) fn of(iam: &Identities, kind: ResourceType, name: &str) -> Result<Self, Fault> {
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

    pub(super) fn add_inputs(&mut self, inputs: Vec<String>) -> Result<(), Fault> {
        for (at, text) in inputs.into_iter().enumerate() {
            let name = format!("PolicyInputList.{}", at + 1);
            let policy = compile(&name, policy::Kind::Identity, &text)?;
            self.policies.identity.push(policy);
            self.add_source(&name, &name, IAM_POLICY, Some(&text));
        }
        Ok(())
    }

    /// The boundary and the resource's policy that the call hands over.
    pub(super) fn add_given(&mut self, given: &Given) -> Result<(), Fault> {
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

    pub(super) fn source(&self, name: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.name == name)
    }

    pub(super) fn keys(&self) -> Vec<String> {
        let mut found = Vec::new();
        for source in &self.sources {
            keys::of_document(&source.text, &mut found);
        }
        found
    }
}

/// A document from the input, whose errors these operations call invalid input.
pub(super) fn compile(name: &str, kind: policy::Kind, text: &str) -> Result<Arc<Policy>, Fault> {
    match document::read(text, kind) {
        Ok(document) => Ok(Arc::new(Policy::new(name, kind, &document))),
        Err(malformed) => Err(fault::invalid_input(format!("{name}: {}", malformed.message))),
    }
}
