//! What RunTask and StartTask are asked, and the right that it takes to ask it.

use account::{AccountRegion, Check, Fault};
use policy::undocumented::Case;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::fault::invalid_parameter;
use super::input::{self, Tag};
use super::region::InEcs;
use super::region::TaskDefinition;
use super::{cluster, fargate};

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Input {
    pub(super) cluster: Option<String>,
    pub(super) task_definition: String,
    pub(super) count: Option<i64>,
    pub(super) tags: Vec<Tag>,
    pub(super) propagate_tags: Option<String>,
    #[serde(rename = "enableECSManagedTags")]
    pub(super) managed_tags: Option<bool>,
    pub(super) enable_execute_command: Option<bool>,
    pub(super) overrides: Overrides,
    pub(super) group: Option<String>,
    pub(super) started_by: Option<String>,
    pub(super) launch_type: Option<String>,
    pub(super) capacity_provider_strategy: Vec<StrategyItem>,
    pub(super) network_configuration: Option<Value>,
    pub(super) volume_configurations: Vec<Value>,
    pub(super) platform_version: Option<String>,
    /// StartTask alone: where to start, one task each.
    pub(super) container_instances: Option<Vec<String>>,
    /// All of it, as it was given.
    #[serde(skip)]
    pub(super) given: Value,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Overrides {
    pub(super) task_role_arn: Option<String>,
    pub(super) execution_role_arn: Option<String>,
    pub(super) cpu: Option<String>,
    pub(super) memory: Option<String>,
    pub(super) container_overrides: Vec<Value>,
    #[serde(flatten)]
    pub(super) rest: Map<String, Value>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct StrategyItem {
    pub(super) capacity_provider: String,
}

/// "You can specify up to 10 tasks for each call."
const MOST_TASKS: i64 = 10;

impl Input {
    /// The right to run a definition.
    ///
    /// `aws:ResourceTag` is the task *definition's* tags: it is the resource. `aws:RequestTag` and `aws:TagKeys` are
    /// the tags in `tags`, without propagated or managed ones: [`Case::InheritedTags`].
    /// A feature that the request does not ask for is `"false"`, not missing: the guide lets tasks run without ECS Exec
    /// by `StringEquals` with `"ecs:enable-execute-command": "false"`
    /// (docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html). Of volumes: [`Case::VolumesNotAsked`].
    /// There is no key for the task's role. A missing revision is the latest one before anything is authorised.
    /// docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
    pub(super) fn check(
        &self,
        place: &AccountRegion,
        action: &'static str,
        cluster: &str,
        family: &str,
        revision: Option<usize>,
        definition: Option<&TaskDefinition>,
    ) -> Check {
        let unknown = || match revision {
            Some(number) => place.arn(&format!("task-definition/{family}:{number}")),
            None => place.arn(&format!("task-definition/{family}")),
        };
        let has_volumes = !self.volume_configurations.is_empty();
        let mut check = Check::new(action, definition.map_or_else(unknown, |definition| definition.arn.clone()))
            .passing(&input::tags(&self.tags))
            .key("ecs:cluster", place.arn(&format!("cluster/{cluster}")))
            .key("ecs:enable-execute-command", self.enable_execute_command.unwrap_or_default().to_string())
            .key("ecs:enable-ebs-volumes", has_volumes.to_string());
        if !has_volumes {
            check = check.leaving_open("ecs:enable-ebs-volumes", Case::VolumesNotAsked);
        }
        if let Some(definition) = definition {
            check = check.tagged(&definition.tags);
            let inherits = self.propagate_tags.as_deref() == Some("TASK_DEFINITION") && !definition.tags.is_empty();
            if inherits || self.managed_tags == Some(true) {
                check = check
                    .leaving_open("aws:RequestTag/", Case::InheritedTags)
                    .leaving_open("aws:TagKeys", Case::InheritedTags);
            }
        }
        let providers: Vec<String> =
            self.capacity_provider_strategy.iter().map(|item| item.capacity_provider.clone()).collect();
        if !providers.is_empty() {
            check.keys.set_many("ecs:capacity-provider", cluster::capacity_providers(place, &providers));
        }
        let cpu = self.overrides.cpu.as_deref().and_then(|text| fargate::cpu(text).ok());
        let memory = self.overrides.memory.as_deref().and_then(|text| fargate::memory(text).ok());
        for (key, size) in [("ecs:task-cpu", cpu), ("ecs:task-memory", memory)] {
            if let Some(size) = size {
                check.keys.set(key, size.to_string());
            }
        }
        if let Some([instance]) = self.container_instances.as_deref() {
            check.keys.set("ecs:container-instances", place.container_instance(cluster, instance));
        }
        check
    }

    /// What can be told without looking at the account.
    pub(super) fn validate(&self) -> Result<(), Fault> {
        if !(1..=MOST_TASKS).contains(&self.count.unwrap_or(1)) {
            return Err(invalid_parameter("count must be between 1 and 10."));
        }
        match self.container_instances.as_deref() {
            Some([]) => return Err(invalid_parameter("Container instances cannot be empty.")),
            Some(many) if many.len() > 10 => {
                return Err(invalid_parameter("At most 10 container instances can be given."));
            }
            _ => {}
        }
        // "An error will be received if you specify the SERVICE option when running a task."
        if self.propagate_tags.as_deref() == Some("SERVICE") {
            return Err(invalid_parameter("Tags can be propagated from a service to its own tasks only."));
        }
        if self.launch_type.is_some() && !self.capacity_provider_strategy.is_empty() {
            let words = "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try \
                         again.";
            return Err(invalid_parameter(words));
        }
        for text in [&self.overrides.cpu, &self.overrides.memory].into_iter().flatten() {
            fargate::cpu(text).or_else(|_| fargate::memory(text))?;
        }
        input::check_tags(&self.tags)
    }

    pub(super) fn launch_type(&self) -> &str {
        let fargate = |item: &StrategyItem| item.capacity_provider.starts_with("FARGATE");
        match &self.launch_type {
            Some(launch_type) => launch_type,
            None if self.capacity_provider_strategy.iter().any(fargate) => "FARGATE",
            None => "EC2",
        }
    }
}
