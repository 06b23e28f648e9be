//! ECS calls through aws-sdk-ecs.

use aws_sdk_ecs::Client;
use aws_sdk_ecs::operation::register_task_definition::builders::RegisterTaskDefinitionFluentBuilder;
use aws_sdk_ecs::types::{
    AwsVpcConfiguration, Compatibility, ContainerCondition, ContainerDefinition, ContainerDependency,
    ContainerOverride, CpuArchitecture, EnvironmentFile, EnvironmentFileType, Failure, KeyValuePair, LaunchType,
    LogConfiguration, LogDriver, NetworkConfiguration, NetworkMode, OsFamily, PortMapping, PropagateTags,
    RuntimePlatform, Secret, Tag, TaskField, TaskOverride, TransportProtocol,
};
use matrix::call::{ApiCall, CallError};
use serde_json::{Value, json};

use super::input::Input;
use super::reply::{Reply, done, reply};
use super::{Unsent, build};

pub(super) async fn send(client: &Client, call: &ApiCall) -> Result<Reply, Unsent> {
    match call.operation {
        name if name.ends_with("Resource") => resource(client, call).await,
        name if name.ends_with("Task") || name.ends_with("Tasks") => tasks(client, call).await,
        _ => define(client, call).await,
    }
}

async fn define(client: &Client, call: &ApiCall) -> Result<Reply, Unsent> {
    let input = Input(&call.input);
    Ok(match call.operation {
        "CreateCluster" => {
            let create = client.create_cluster().set_cluster_name(input.text("clusterName"));
            done(create.set_tags(input.list("tags", tag)).send().await)
        }
        "DeleteCluster" => done(client.delete_cluster().set_cluster(input.text("cluster")).send().await),
        "DeregisterTaskDefinition" => {
            let definition = input.text("taskDefinition");
            done(client.deregister_task_definition().set_task_definition(definition).send().await)
        }
        "RegisterTaskDefinition" => {
            let sent = task_definition(client.register_task_definition(), input)?.send().await;
            reply(sent, |out| {
                let arn = out.task_definition.and_then(|definition| definition.task_definition_arn);
                json!({"taskDefinition": {"taskDefinitionArn": arn}})
            })
        }
        _ => return Err(Unsent::NoBuilder),
    })
}

async fn tasks(client: &Client, call: &ApiCall) -> Result<Reply, Unsent> {
    let input = Input(&call.input);
    let cluster = input.text("cluster");
    Ok(match call.operation {
        "RunTask" => {
            let sent = client
                .run_task()
                .set_cluster(cluster)
                .set_task_definition(input.text("taskDefinition"))
                .set_count(input.number("count"))
                .set_launch_type(input.text("launchType").map(|value| LaunchType::from(value.as_str())))
                .set_network_configuration(input.part("networkConfiguration").map(network).transpose()?)
                .set_tags(input.list("tags", tag))
                .set_propagate_tags(input.text("propagateTags").map(|value| PropagateTags::from(value.as_str())))
                .set_enable_ecs_managed_tags(input.flag("enableECSManagedTags"))
                .set_overrides(input.part("overrides").map(task_override))
                .send()
                .await;
            reply(sent, |out| started(out.tasks, out.failures))
        }
        "StartTask" => {
            let sent = client
                .start_task()
                .set_cluster(cluster)
                .set_task_definition(input.text("taskDefinition"))
                .set_container_instances(input.texts("containerInstances"))
                .set_network_configuration(input.part("networkConfiguration").map(network).transpose()?)
                .set_tags(input.list("tags", tag))
                .set_overrides(input.part("overrides").map(task_override))
                .send()
                .await;
            reply(sent, |out| started(out.tasks, out.failures))
        }
        "StopTask" => {
            let stop = client.stop_task().set_cluster(cluster).set_task(input.text("task"));
            done(stop.set_reason(input.text("reason")).send().await)
        }
        "DescribeTasks" => {
            let include = input.list("include", |item| TaskField::from(item.0.as_str().unwrap_or_default()));
            let describe = client.describe_tasks().set_cluster(cluster).set_tasks(input.texts("tasks"));
            reply(describe.set_include(include).send().await, |out| json!({"tasks": shown_tasks(out.tasks)}))
        }
        _ => return Err(Unsent::NoBuilder),
    })
}

async fn resource(client: &Client, call: &ApiCall) -> Result<Reply, Unsent> {
    let input = Input(&call.input);
    let arn = input.text("resourceArn");
    Ok(match call.operation {
        "ListTagsForResource" => done(client.list_tags_for_resource().set_resource_arn(arn).send().await),
        "TagResource" => {
            done(client.tag_resource().set_resource_arn(arn).set_tags(input.list("tags", tag)).send().await)
        }
        "UntagResource" => {
            done(client.untag_resource().set_resource_arn(arn).set_tag_keys(input.texts("tagKeys")).send().await)
        }
        _ => return Err(Unsent::NoBuilder),
    })
}

fn task_definition(
    register: RegisterTaskDefinitionFluentBuilder,
    input: Input<'_>,
) -> Result<RegisterTaskDefinitionFluentBuilder, CallError> {
    let compatibilities =
        input.list("requiresCompatibilities", |item| Compatibility::from(item.0.as_str().unwrap_or_default()));
    Ok(register
        .set_family(input.text("family"))
        .set_task_role_arn(input.text("taskRoleArn"))
        .set_execution_role_arn(input.text("executionRoleArn"))
        .set_network_mode(input.text("networkMode").map(|mode| NetworkMode::from(mode.as_str())))
        .set_cpu(input.text("cpu"))
        .set_memory(input.text("memory"))
        .set_requires_compatibilities(compatibilities)
        .set_runtime_platform(input.part("runtimePlatform").map(runtime_platform))
        .set_container_definitions(input.list("containerDefinitions", container))
        .set_tags(input.list("tags", tag)))
}

fn container(input: Input<'_>) -> ContainerDefinition {
    ContainerDefinition::builder()
        .set_name(input.text("name"))
        .set_image(input.text("image"))
        .set_command(input.texts("command"))
        .set_entry_point(input.texts("entryPoint"))
        .set_essential(input.flag("essential"))
        .set_cpu(input.number("cpu"))
        .set_memory(input.number("memory"))
        .set_memory_reservation(input.number("memoryReservation"))
        .set_environment(input.list("environment", pair))
        .set_working_directory(input.text("workingDirectory"))
        .set_user(input.text("user"))
        .set_port_mappings(input.list("portMappings", port))
        .set_log_configuration(input.part("logConfiguration").and_then(logging))
        .set_depends_on(whole(input.list("dependsOn", dependency)))
        .set_secrets(whole(input.list("secrets", secret)))
        .set_environment_files(whole(input.list("environmentFiles", environment_file)))
        .set_start_timeout(input.number("startTimeout"))
        .set_stop_timeout(input.number("stopTimeout"))
        .build()
}

/// Without the parts that lack a member which AWS requires: no SDK would send them.
fn whole<T>(parts: Option<Vec<Option<T>>>) -> Option<Vec<T>> {
    Some(parts?.into_iter().flatten().collect())
}

fn dependency(input: Input<'_>) -> Option<ContainerDependency> {
    let condition = ContainerCondition::from(input.text("condition")?.as_str());
    ContainerDependency::builder().container_name(input.text("containerName")?).condition(condition).build().ok()
}

fn secret(input: Input<'_>) -> Option<Secret> {
    Secret::builder().name(input.text("name")?).value_from(input.text("valueFrom")?).build().ok()
}

fn environment_file(input: Input<'_>) -> Option<EnvironmentFile> {
    let kind = EnvironmentFileType::from(input.text("type")?.as_str());
    EnvironmentFile::builder().value(input.text("value")?).r#type(kind).build().ok()
}

fn pair(input: Input<'_>) -> KeyValuePair {
    KeyValuePair::builder().set_name(input.text("name")).set_value(input.text("value")).build()
}

fn port(input: Input<'_>) -> PortMapping {
    PortMapping::builder()
        .set_container_port(input.number("containerPort"))
        .set_host_port(input.number("hostPort"))
        .set_protocol(input.text("protocol").map(|value| TransportProtocol::from(value.as_str())))
        .build()
}

fn network(input: Input<'_>) -> Result<NetworkConfiguration, CallError> {
    let texts = |name| input.part("awsvpcConfiguration").and_then(|vpc| vpc.texts(name));
    let vpc = AwsVpcConfiguration::builder().set_subnets(texts("subnets"));
    let vpc = build(vpc.set_security_groups(texts("securityGroups")).build())?;
    Ok(NetworkConfiguration::builder().awsvpc_configuration(vpc).build())
}

fn logging(input: Input<'_>) -> Option<LogConfiguration> {
    let driver = LogDriver::from(input.text("logDriver")?.as_str());
    LogConfiguration::builder().log_driver(driver).set_options(input.pairs("options")).build().ok()
}

fn runtime_platform(input: Input<'_>) -> RuntimePlatform {
    RuntimePlatform::builder()
        .set_operating_system_family(input.text("operatingSystemFamily").map(|name| OsFamily::from(name.as_str())))
        .set_cpu_architecture(input.text("cpuArchitecture").map(|name| CpuArchitecture::from(name.as_str())))
        .build()
}

fn task_override(input: Input<'_>) -> TaskOverride {
    let container = |input: Input<'_>| {
        let made = ContainerOverride::builder().set_name(input.text("name")).set_command(input.texts("command"));
        let made = made.set_cpu(input.number("cpu")).set_memory(input.number("memory"));
        made.set_environment(input.list("environment", pair)).build()
    };
    TaskOverride::builder()
        .set_task_role_arn(input.text("taskRoleArn"))
        .set_execution_role_arn(input.text("executionRoleArn"))
        .set_cpu(input.text("cpu"))
        .set_memory(input.text("memory"))
        .set_container_overrides(input.list("containerOverrides", container))
        .build()
}

fn tag(input: Input<'_>) -> Tag {
    Tag::builder().set_key(input.text("key")).set_value(input.text("value")).build()
}

fn started(tasks: Option<Vec<aws_sdk_ecs::types::Task>>, failures: Option<Vec<Failure>>) -> Value {
    let reasons = failures.iter().flatten().map(|failure| json!({"reason": failure.reason})).collect::<Vec<_>>();
    json!({"tasks": shown_tasks(tasks), "failures": reasons})
}

fn shown_tasks(tasks: Option<Vec<aws_sdk_ecs::types::Task>>) -> Value {
    let tag = |tag: &Tag| json!({"key": tag.key, "value": tag.value});
    let task = |task: aws_sdk_ecs::types::Task| {
        let tags: Vec<_> = task.tags.iter().flatten().map(tag).collect();
        json!({"taskArn": task.task_arn, "lastStatus": task.last_status, "tags": tags})
    };
    tasks.unwrap_or_default().into_iter().map(task).collect()
}
