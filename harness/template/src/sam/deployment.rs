//! `DeploymentPreference`: what CodeDeploy needs to deploy functions step by step. How it deploys them decides nothing
//! about access, and is left out.
//!
//! docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-deploymentpreference.html

use std::collections::BTreeSet;

use source::{Node, Value};

use super::Transform;
use super::build::{At, Merged};
use super::implicit;
use super::resource::{Made, Resource};

const APPLICATION: &str = "ServerlessDeploymentApplication";
const ROLE: &str = "CodeDeployServiceRole";
const CONDITION: &str = "ServerlessCodeDeployCondition";

/// A function that CodeDeploy deploys.
pub(super) struct Deployment<'a> {
    function: Resource<'a>,
    /// Where the preference stands.
    at: At,
    is_enabled: bool,
    role: Option<Node>,
    /// The function's condition, if what CodeDeploy needs stands under it: `PassthroughCondition`.
    condition: Option<&'a str>,
    /// The resource whose result it is part of.
    index: usize,
}

impl<'a> Transform<'a> {
    pub(super) fn deployed(&mut self, function: Resource<'a>) {
        let Some(preference) = function.entry("DeploymentPreference") else { return };
        let of = |name: &str| preference.value.get(name).filter(|node| node.value != Value::Null);
        // What is not known to be off is on.
        let is_enabled = of("Enabled").and_then(|enabled| self.parameters.truth(enabled)) != Some(false);
        let passes_on = of("PassthroughCondition").and_then(|node| self.parameters.truth(node)) == Some(true);
        self.deployments.push(Deployment {
            function,
            at: At(preference.key_span),
            is_enabled: is_enabled && of("Type").is_some(),
            role: of("Role").cloned(),
            condition: function.condition().filter(|_| passes_on),
            index: self.current,
        });
    }

    /// The application, the role and the groups of CodeDeploy.
    pub(super) fn deploy(&mut self) {
        let deployments = std::mem::take(&mut self.deployments);
        let Some(first) = deployments.iter().find(|one| one.is_enabled) else { return };
        let (at, index) = (first.at, first.index);
        let condition = self.condition_of_deployment(at, &deployments);
        let tags = tags(&deployments, at);
        let shared = |id: &str, of_type| {
            let mut made = Made { id: id.to_owned(), of_type, at, properties: Vec::new(), attributes: Vec::new() };
            if let Some(condition) = &condition {
                made.set_attribute("Condition", at.text(&**condition));
            }
            if !tags.entries().is_empty() {
                made.set("Tags", at.list(at.tags(&tags)));
            }
            made
        };
        self.current = index;
        let application = shared(APPLICATION, "AWS::CodeDeploy::Application");
        self.make(application.with("ComputePlatform", at.text("Lambda")));
        let own_roles = deployments.iter().all(|one| one.role.is_some() || !one.is_enabled);
        if !own_roles {
            let is_isolated = ["aws-iso", "aws-iso-b"].contains(&&*self.inputs.partition);
            let policy = if is_isolated { "AWSCodeDeployRoleForLambdaLimited" } else { "AWSCodeDeployRoleForLambda" };
            let role = shared(ROLE, "AWS::IAM::Role")
                .with("AssumeRolePolicyDocument", at.trust("codedeploy.amazonaws.com"))
                .with("ManagedPolicyArns", at.list([self.managed(at, &format!("service-role/{policy}"))]));
            self.make(role);
        }
        for one in deployments.iter().filter(|one| one.is_enabled) {
            self.current = one.index;
            self.make(group(one));
        }
    }

    /// CodeDeploy's resources are made if any function that it deploys is.
    fn condition_of_deployment(&mut self, at: At, deployments: &[Deployment<'a>]) -> Option<String> {
        if deployments.iter().any(|one| one.is_enabled && one.condition.is_none()) {
            return None;
        }
        let all: BTreeSet<&str> =
            deployments.iter().filter(|one| one.is_enabled).filter_map(|one| one.condition).collect();
        if all.len() < 2 {
            return all.first().map(|&name| name.to_owned());
        }
        implicit::any(CONDITION, at, all.into_iter().map(str::to_owned).collect(), &mut self.conditions);
        Some(CONDITION.to_owned())
    }
}

/// The tags of all functions that propagate theirs.
fn tags(deployments: &[Deployment<'_>], at: At) -> Node {
    let mut all = Merged::default();
    let propagate = |one: &&Deployment<'_>| one.is_enabled && one.function.is_true("PropagateTags");
    for one in deployments.iter().filter(propagate) {
        all.extend(one.function.get("Tags").map(Node::entries).unwrap_or_default().iter().cloned());
    }
    all.into_node(at)
}

fn group(deployment: &Deployment<'_>) -> Made {
    let Deployment { function, at, role, condition, .. } = deployment;
    let id = format!("{}DeploymentGroup", function.id);
    let mut group = Made {
        id,
        of_type: "AWS::CodeDeploy::DeploymentGroup",
        at: *at,
        properties: Vec::new(),
        attributes: Vec::new(),
    };
    group.set("ApplicationName", at.reference(APPLICATION));
    group.set("ServiceRoleArn", role.clone().unwrap_or_else(|| at.get_att(ROLE, "Arn")));
    if let Some(condition) = *condition {
        group.set_attribute("Condition", at.text(condition));
    }
    if let Some(tags) = function.get("Tags").filter(|_| function.is_true("PropagateTags")) {
        group.set("Tags", at.list(at.tags(tags)));
    }
    group
}
