//! `AWS::Serverless::StateMachine`
//!
//! docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html

use source::{Node, Value};

use super::Transform;
use super::build::At;
use super::function::created_by_sam;
use super::resource::{Event, Made, Resource, kept};
use super::role::Start;
use super::{code, event};

/// Properties that are SAM's own, or have another name.
const OWN: [&str; 16] = [
    "AutoPublishAlias",
    "Definition",
    "DefinitionUri",
    "DeploymentPreference",
    "Events",
    "Logging",
    "Name",
    "PermissionsBoundary",
    "Policies",
    "PropagateTags",
    "Role",
    "RolePath",
    "Tags",
    "Tracing",
    "Type",
    "UseAliasAsEventTarget",
];

/// Properties that CloudFormation calls otherwise.
const RENAMED: [(&str, &str); 4] = [
    ("Name", "StateMachineName"),
    ("Type", "StateMachineType"),
    ("Logging", "LoggingConfiguration"),
    ("Tracing", "TracingConfiguration"),
];

/// The types of events that a state machine takes.
const TYPES: [&str; 5] = ["Api", "CloudWatchEvent", "EventBridgeRule", "Schedule", "ScheduleV2"];

impl<'a> Transform<'a> {
    pub(super) fn state_machine(&mut self, resource: Resource<'a>) {
        let at = resource.at;
        let mut machine = resource.becomes("AWS::StepFunctions::StateMachine");
        machine.properties = kept(resource.properties(), &OWN);
        for (sam, name) in RENAMED {
            machine = machine.with_some(name, resource.get(sam));
        }
        if let Some(definition) = resource.get("Definition") {
            machine.set("Definition", definition.clone());
        }
        if let Some(uri) = resource.get("DefinitionUri") {
            machine.set("DefinitionS3Location", location(uri));
        }
        machine.set("Tags", at.list(created_by_sam(at, "stateMachine:createdBy", resource)));
        let mut made = Vec::new();
        match resource.get("Role") {
            Some(given) => {
                machine.set("RoleArn", given.clone());
                self.without_effect(resource, "Role");
            }
            None => {
                let is_traced = resource.get("Tracing").and_then(|tracing| tracing.get("Enabled"));
                let is_traced = is_traced.is_some_and(|enabled| enabled.value == Value::Bool(true));
                let start = Start {
                    trust: at.trust("states.amazonaws.com"),
                    managed: Vec::new(),
                    inline: Vec::new(),
                    tags: created_by_sam(at, "stateMachine:createdBy", resource),
                    named_last: is_traced.then(|| self.x_ray()),
                };
                let role = self.role(resource, start);
                machine.set("RoleArn", role.arn());
                made.push(role);
            }
        }
        let published = published(resource);
        let uses_alias = resource.is_true("UseAliasAsEventTarget");
        let target = match published.last().filter(|_| uses_alias) {
            Some(alias) => alias.reference(),
            None => at.reference(resource.id),
        };
        made.extend(published);
        for event in resource.events() {
            made.extend(self.start(event, &target));
        }
        let all = [machine].into_iter().chain(made).collect();
        self.make_all(all, self.propagated(resource));
    }

    /// What starts a state machine does so with a role of its own.
    fn start(&mut self, event: Event<'a>, target: &Node) -> Vec<Made> {
        let at = event.at;
        match event.of_type() {
            "Api" => {
                let (api, stage) = self.stage_of(event);
                if let Some(path) = event.text("Path") {
                    self.event_policy(event, &api, &stage, path);
                }
                vec![role(event, target, "apigateway.amazonaws.com")]
            }
            "CloudWatchEvent" | "EventBridgeRule" | "Schedule" => {
                let given = event.get("RoleArn").filter(|_| event.of_type() == "Schedule");
                let role = role(event, target, "events.amazonaws.com");
                let arn = given.cloned().unwrap_or_else(|| role.arn());
                let parts = at.map([("Arn", target.clone()), ("RoleArn", arn)]);
                let (rule, made) = event::rule_for(event, parts);
                [rule].into_iter().chain(given.is_none().then_some(role)).chain(made).collect()
            }
            "ScheduleV2" => event::schedule(event, target, |at, id| Some(execute(at, target, id))),
            other => {
                self.unknown_event(event, other, &TYPES);
                Vec::new()
            }
        }
    }
}

/// The role of what starts a state machine: it has the boundary of the state machine, and none of its tags.
fn role(event: Event<'_>, target: &Node, service: &str) -> Made {
    let id = format!("{}Role", event.id());
    let at = event.at;
    let policy = execute(at, target, &id);
    event
        .makes(id, "AWS::IAM::Role")
        .with("AssumeRolePolicyDocument", at.trust(service))
        .with("Policies", at.list([policy]))
        .with_some("PermissionsBoundary", event.of.get("PermissionsBoundary"))
}

/// The inline policy to start a state machine.
fn execute(at: At, target: &Node, id: &str) -> Node {
    at.inline_of(format!("{id}StartExecutionPolicy"), [at.allow(at.text("states:StartExecution"), target.clone())])
}

/// Version and alias, if an alias is published.
fn published(resource: Resource<'_>) -> Vec<Made> {
    let at = resource.at;
    let Some(name) = resource.get("AutoPublishAlias") else { return Vec::new() };
    let machine = at.reference(resource.id);
    let mut version = resource
        .makes(format!("{}Version", resource.id), "AWS::StepFunctions::StateMachineVersion")
        .with("StateMachineArn", machine)
        .with("StateMachineRevisionId", at.get_att(resource.id, "StateMachineRevisionId"));
    for policy in ["DeletionPolicy", "UpdateReplacePolicy"] {
        if !version.attributes.iter().any(|entry| entry.key == policy) {
            version.set_attribute(policy, at.text("Retain"));
        }
    }
    let mut preference = resource.get("DeploymentPreference").map(Node::entries).unwrap_or_default().to_vec();
    if preference.is_empty() {
        preference.push(at.entry("Type", at.text("ALL_AT_ONCE")));
    }
    preference.push(at.entry("StateMachineVersionArn", version.reference()));
    let alias = resource
        .makes(
            format!("{}Alias{}", resource.id, name.text().unwrap_or_default()),
            "AWS::StepFunctions::StateMachineAlias",
        )
        .with("Name", name.clone())
        .with("DeploymentPreference", Node::new(Value::Map(preference), at.0));
    vec![version, alias]
}

/// A definition's place in S3.
fn location(uri: &Node) -> Node {
    let at = At(uri.span);
    let found = code::location(uri);
    let names = [("S3Bucket", "Bucket"), ("S3Key", "Key"), ("S3ObjectVersion", "Version")];
    at.map(names.iter().filter_map(|(code, name)| Some((*name, found.get(code)?.clone()))))
}
