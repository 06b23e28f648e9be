//! The role that SAM makes for a function or a state machine.
//!
//! docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-function.html

use source::Node;

use super::Transform;
use super::intrinsic::{MAX_COMPARED, choice, is_no_value, is_same};
use super::policies::{self, Policy};
use super::resource::{Made, Resource};

/// What a role starts with, before `Policies`.
pub(super) struct Start {
    pub(super) trust: Node,
    pub(super) managed: Vec<Node>,
    pub(super) inline: Vec<Node>,
    pub(super) tags: Vec<Node>,
    /// Managed policies after those of `Policies`, by name.
    pub(super) named_last: Option<&'static str>,
}

impl<'a> Transform<'a> {
    /// `FunctionRole`, with everything that the properties give it.
    pub(super) fn role(&mut self, resource: Resource<'a>, start: Start) -> Made {
        let at = resource.at;
        let mut role = resource.makes(format!("{}Role", resource.id), "AWS::IAM::Role");
        let Start { trust, managed, inline, tags, named_last } = start;
        role.set("AssumeRolePolicyDocument", trust);
        managed.into_iter().for_each(|arn| attach(&mut role, arn));
        inline.into_iter().for_each(|policy| role.add("Policies", policy));
        let mut policies = match resource.get("Policies") {
            Some(node) => policies::read(node, &self.inputs.partition, &mut self.findings),
            None => Vec::new(),
        };
        if let Some(name) = named_last {
            let arn = at.text(super::managed::arn(name, &self.inputs.partition));
            policies.push((policies.len(), Policy::Managed(arn)));
        }
        for (index, policy) in policies {
            match policy {
                Policy::Managed(arn) => attach(&mut role, arn),
                Policy::Inline(document) => {
                    let policy = named(&role, index, document);
                    role.add("Policies", policy);
                }
            }
        }
        role = role
            .with_some("Path", resource.get("RolePath"))
            .with_some("PermissionsBoundary", resource.get("PermissionsBoundary"));
        role.with("Tags", at.list(tags))
    }
}

/// Attaches a managed policy, once.
pub(super) fn attach(role: &mut Made, arn: Node) {
    if !role.items("ManagedPolicyArns").iter().take(MAX_COMPARED).any(|known| is_same(known, &arn)) {
        role.add("ManagedPolicyArns", arn);
    }
}

/// Adds an inline policy, unless the role has one with the same document.
pub(super) fn add_inline(role: &mut Made, policy: Node) {
    let document = policy.get("PolicyDocument");
    let has = |known: &Node| match (known.get("PolicyDocument"), document) {
        (Some(known), Some(document)) => is_same(known, document),
        _ => false,
    };
    if !role.items("Policies").iter().take(MAX_COMPARED).any(has) {
        role.add("Policies", policy);
    }
}

/// `FunctionRolePolicy0`: the index counts every entry of `Policies`.
fn named(role: &Made, index: usize, document: Node) -> Node {
    let name = format!("{}Policy{index}", role.id);
    let at = role.at;
    match choice(&document) {
        Some(choice) => {
            let branch = |node: &Node| {
                if is_no_value(node) { node.clone() } else { at.inline(&*name, node.clone()) }
            };
            at.choose(choice.condition, branch(choice.then), branch(choice.otherwise))
        }
        None => at.inline(name, document),
    }
}
