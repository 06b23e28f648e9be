//! How the callers of a scenario come to their credentials, in one option.

use serde_json::{Value, json};
use source::Finding;

use super::OptionDraft;
use crate::call::{ApiCall, lower_tag_list, tag_list};
use crate::directory::Directory;
use crate::operations::NamedResource;
use crate::plan;
use crate::prepared::{Broker, Start};
use crate::scenario::{Assume, Caller, CallerKind, RequestKind, Task};

impl OptionDraft<'_> {
    /// The option's broker, if it has one and all that it names is there.
    pub(super) fn broker(&mut self, directory: &Directory<'_>) -> Option<Broker> {
        let broker = self.variant.broker.as_ref()?;
        let (user, role) = (self.user(directory, &broker.user), self.role(directory, &broker.role));
        let task_role = broker.task_role.as_ref().map(|name| self.role(directory, name));
        let cluster = broker.cluster.as_ref().map(|name| self.sent(directory, NamedResource::Cluster, name));
        Some(Broker {
            user: user?,
            role_arn: role?,
            copies: broker.copies.clone(),
            session_policy: broker.session_policy.clone(),
            task_role: all_or_none(task_role)?,
            cluster: all_or_none(cluster)?,
            needs: broker.needs.clone(),
            binds: broker.binds,
        })
    }

    /// How a caller comes to its credentials.
    pub(super) fn start(&mut self, directory: &Directory<'_>, caller: &Caller) -> Option<Start> {
        match &caller.kind {
            CallerKind::Task(task) => self.task(directory, task),
            CallerKind::User(name) => self.user(directory, name).map(Start::User),
            CallerKind::Assume(assume) => {
                let arn = self.role(directory, &assume.role)?;
                let named_after = assume.session_name.as_deref().and_then(|name| self.scenario.task(name));
                let (by, call) = (assume.by.clone(), assume_role(&arn, &caller.name, assume));
                Some(Start::Assume { by, call, named_after, through_broker: assume.through_broker })
            }
            CallerKind::Captured(captured) => Some(Start::Captured(captured.clone())),
        }
    }

    /// A request that is a container's command needs that container in every task.
    fn check_containers(&mut self, task: &Task, definition: &Value) {
        let containers = definition["containerDefinitions"].as_array().into_iter().flatten();
        let known: Vec<&str> = containers.filter_map(|container| container["name"].as_str()).collect();
        for request in &self.scenario.requests {
            let RequestKind::Container { name, span } = &request.kind else { continue };
            if !known.contains(&name.as_str()) {
                let message = format!("task definition `{}` has no container `{name}`", task.definition);
                let finding = Finding::error("UNKNOWN_CONTAINER", *span, message);
                self.findings.push(finding.suggest_among(name, known.iter().copied()));
            }
        }
    }

    fn task(&mut self, directory: &Directory<'_>, task: &Task) -> Option<Start> {
        let cluster = task.cluster.as_ref().map(|name| self.sent(directory, NamedResource::Cluster, name));
        self.check_clash(directory, NamedResource::TaskDefinition.into(), &task.definition);
        let Some((arn, definition)) = directory.task_definition(&task.definition.text) else {
            self.absent(
                NamedResource::TaskDefinition.into(),
                &task.definition,
                &directory.known(NamedResource::TaskDefinition),
            );
            return None;
        };
        self.check_containers(task, &definition.request);
        let register =
            (!task.definition_tags.is_empty()).then(|| plan::another_revision(definition, &task.definition_tags));
        let role = definition.request["taskRoleArn"].as_str().map(str::to_owned);
        let run = run_task(arn, &definition.request, task, all_or_none(cluster)?);
        Some(Start::Task { register, run, role, through_broker: task.through_broker })
    }
}

/// `Some(None)` for what was not asked for, `None` for what was not found.
fn all_or_none<T>(found: Option<Option<T>>) -> Option<Option<T>> {
    found.map_or(Some(None), |found| found.map(Some))
}

/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
fn run_task(arn: &str, definition: &Value, task: &Task, cluster: Option<String>) -> ApiCall {
    let mut input = json!({"taskDefinition": arn});
    let fargate = definition["requiresCompatibilities"].as_array().is_some_and(|list| list.contains(&json!("FARGATE")));
    if fargate {
        input["launchType"] = json!("FARGATE");
    }
    // A task in awsvpc mode must be told its subnets; which ones makes no difference to anything here.
    if definition["networkMode"] == "awsvpc" {
        input["networkConfiguration"] = json!({"awsvpcConfiguration": {"subnets": ["subnet-0123456789abcdef0"]}});
    }
    if let Some(cluster) = cluster {
        input["cluster"] = json!(cluster);
    }
    if !task.tags.is_empty() {
        input["tags"] = lower_tag_list(&task.tags);
    }
    if task.propagate_tags {
        input["propagateTags"] = json!("TASK_DEFINITION");
    }
    if task.managed_tags {
        input["enableECSManagedTags"] = json!(true);
    }
    ApiCall::new("ecs", "RunTask", input)
}

fn assume_role(arn: &str, caller: &str, assume: &Assume) -> ApiCall {
    // A session's name has at least two characters.
    let name = assume.session_name.clone().unwrap_or_else(|| format!("{caller:->2}"));
    let mut input = json!({"RoleArn": arn, "RoleSessionName": name});
    if !assume.session_tags.is_empty() {
        input["Tags"] = tag_list(&assume.session_tags);
    }
    if !assume.transitive.is_empty() {
        input["TransitiveTagKeys"] = json!(assume.transitive);
    }
    let optional = [
        ("SourceIdentity", assume.source_identity.clone()),
        ("ExternalId", assume.external_id.clone()),
        ("Policy", assume.session_policy.as_ref().map(Value::to_string)),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            input[name] = json!(value);
        }
    }
    ApiCall::new("sts", "AssumeRole", input)
}
