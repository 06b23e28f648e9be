//! The task metadata endpoint, version 4: what a container can ask about itself and its task.
//! docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html
//!
//! It is a container's report about itself: no authorisation ever looks at it.

use account::World;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use subtle::ConstantTimeEq;

use super::container::Container;
use super::life::Status;
use super::region::{Found, find};
use super::{awslogs, brief};

/// What is asked of the metadata endpoint, below a container's own address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metadata {
    /// The address itself: the container.
    Container,
    /// `/task`
    Task,
    /// `/taskWithTags`. Tasks on Fargate have no such page.
    /// docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate.html
    TaskWithTags,
    /// `/stats`: Docker's, of which there is nothing but the name here.
    Stats,
    /// `/task/stats`
    TaskStats,
}

/// What opens the metadata endpoint of a task, given by its id or ARN, to its containers alone.
#[must_use]
pub fn task_metadata_key<'a>(world: &'a World, task: &str) -> Option<&'a str> {
    let found = find(world, task)?;
    let task = found.task(world).filter(|task| !task.is_stopped() && !task.metadata_key.is_empty())?;
    Some(&task.metadata_key)
}

/// What the metadata endpoint tells a container; `None` for a wrong key, a container or a page that is not there,
/// and a task that has stopped, which look the same from outside.
#[must_use]
pub fn task_metadata(world: &World, task: &str, key: &str, container: &str, asked: Metadata) -> Option<Value> {
    let known = task_metadata_key(world, task)?;
    if !bool::from(known.as_bytes().ct_eq(key.as_bytes())) {
        return None;
    }
    let page = Page::of(world, find(world, task)?)?;
    let own = page.containers.iter().position(|one| one.name == container)?;
    Some(match asked {
        Metadata::Container => page.container(own),
        Metadata::Task => page.task(),
        Metadata::TaskWithTags => page.task_with_tags()?,
        Metadata::Stats => page.stats(own),
        Metadata::TaskStats => {
            let ids = page.containers.iter().enumerate();
            Value::Object(ids.map(|(at, one)| (one.runtime_id(), page.stats(at))).collect())
        }
    })
}

/// A task with its containers and their definitions.
struct Page<'a> {
    found: Found,
    task: &'a super::task::Task,
    containers: &'a [Container],
    definitions: Vec<Value>,
}

impl<'a> Page<'a> {
    fn of(world: &'a World, found: Found) -> Option<Self> {
        let task = found.task(world)?;
        let definitions = brief::definitions(world, &found);
        Some(Self { found, task, containers: &task.life.containers, definitions })
    }

    fn revision(&self) -> &str {
        self.task.definition_arn.rsplit(':').next().unwrap_or_default()
    }

    fn task(&self) -> Value {
        let mut page = json!({
            "Cluster": self.task.cluster_arn,
            "TaskARN": self.task.arn,
            "Family": self.task.family,
            "Revision": self.revision(),
            "DesiredStatus": self.task.life.desired(),
            "KnownStatus": self.task.life.status.name(),
            "LaunchType": self.task.launch_type,
            "Containers": (0..self.containers.len()).map(|at| self.container(at)).collect::<Vec<_>>(),
        });
        let size = |member: &str| {
            let text = self.task.body.get(member).and_then(Value::as_str)?;
            text.parse::<f64>().ok()
        };
        if let (Some(cpu), Some(memory)) = (size("cpu"), size("memory")) {
            page["Limits"] = json!({ "CPU": cpu / 1024.0, "Memory": memory });
        }
        if let Some(at) = self.task.life.at(Status::Activating) {
            page["PullStartedAt"] = json!(time(at));
            page["PullStoppedAt"] = json!(time(at));
        }
        if self.task.launch_type == "FARGATE" {
            page["AvailabilityZone"] = json!(format!("{}a", self.found.place.region));
        }
        page
    }

    /// The container instance's role asks for the tags. It is not emulated, and taken to be allowed to.
    fn task_with_tags(&self) -> Option<Value> {
        if self.task.launch_type == "FARGATE" {
            return None;
        }
        let mut page = self.task();
        let tags: Map<String, Value> =
            self.task.tags.iter().map(|(key, value)| (key.to_owned(), json!(value))).collect();
        page["TaskTags"] = Value::Object(tags);
        Some(page)
    }

    fn container(&self, at: usize) -> Value {
        let container = &self.containers[at];
        let mut page = json!({
            "DockerId": container.runtime_id(),
            "Name": container.name,
            "DockerName": self.docker_name(container),
            "Image": container.image(),
            "ImageID": "",
            "Labels": {
                "com.amazonaws.ecs.cluster": self.task.cluster_arn,
                "com.amazonaws.ecs.container-name": container.name,
                "com.amazonaws.ecs.task-arn": self.task.arn,
                "com.amazonaws.ecs.task-definition-family": self.task.family,
                "com.amazonaws.ecs.task-definition-version": self.revision(),
            },
            "DesiredStatus": self.task.life.desired(),
            "KnownStatus": container.status(),
            "Type": "NORMAL",
            "ContainerARN": container.arn(),
        });
        if let Some(code) = container.exit_code {
            page["ExitCode"] = json!(code);
        }
        let definition = self.definitions.iter().find(|one| one["name"] == container.name.as_str());
        let Some(definition) = definition else { return page };
        let limits = [("CPU", &definition["cpu"]), ("Memory", &definition["memory"])];
        let limits: Map<String, Value> = limits
            .into_iter()
            .filter(|(_, size)| size.is_number())
            .map(|(name, size)| (name.to_owned(), size.clone()))
            .collect();
        if !limits.is_empty() {
            page["Limits"] = Value::Object(limits);
        }
        if let Some(driver) = definition["logConfiguration"]["logDriver"].as_str() {
            page["LogDriver"] = json!(driver);
            page["LogOptions"] = awslogs::options(&self.found, definition);
        }
        page
    }

    fn stats(&self, at: usize) -> Value {
        let container = &self.containers[at];
        json!({ "id": container.runtime_id(), "name": format!("/{}", self.docker_name(container)) })
    }

    fn docker_name(&self, container: &Container) -> String {
        format!("ecs-{}-{}-{}-{}", self.task.family, self.revision(), container.name, container.runtime_id())
    }
}

fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}
