//! What each operation of ECS is. docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Operations.html

use account::Run;
use account::operation::{OperationRow, Row, adds, always, answer, changes, depends, given, input, reads, row, same};

use super::{cluster, execute_command, register, run_task, tags, task_definition, tasks};

/// Every operation.
#[rustfmt::skip]
pub(super) static OPERATIONS: &[Row<Run>] = &[
    row(
        changes("ecs:CreateCluster").checked_as(&[always("ecs:CreateCluster"), given("tags", "ecs:TagResource")])
            .on(&["cluster"], "clusterName").passes("tags").names(&["clusterName"])
            .undone_by("DeleteCluster", &[input("cluster", "clusterName")]).unless("clusterName", "default"),
        cluster::create_cluster,
    ),
    row(changes("ecs:DeleteCluster").on(&["cluster"], "cluster").names(&["cluster"]), cluster::delete_cluster),
    row(
        changes("ecs:DeregisterTaskDefinition").names(&["taskDefinition"]),
        task_definition::deregister_task_definition,
    ),
    row(reads("ecs:DescribeClusters").on(&["cluster"], "clusters"), cluster::describe_clusters),
    row(reads("ecs:DescribeTaskDefinition").names(&["taskDefinition"]), task_definition::describe_task_definition),
    row(
        reads("ecs:DescribeTasks").on(&["task"], "tasks").names(&["cluster"])
            .in_scenarios(&["tasks", "cluster", "include"]),
        tasks::describe_tasks,
    ),
    row(
        adds("ecs:ExecuteCommand").on(&["task"], "task").names(&["cluster"]).answered_here(),
        execute_command::execute_command,
    ),
    row(reads("ecs:ListClusters"), cluster::list_clusters),
    row(on_tagged(reads("ecs:ListTagsForResource")).in_scenarios(&["resourceArn"]), tags::list_tags_for_resource),
    row(reads("ecs:ListTaskDefinitionFamilies"), task_definition::list_task_definition_families),
    row(reads("ecs:ListTaskDefinitions"), task_definition::list_task_definitions),
    row(
        reads("ecs:ListTasks").on(&["container-instance"], "containerInstance").names(&["family", "cluster"]),
        tasks::list_tasks,
    ),
    row(
        changes("ecs:RegisterTaskDefinition")
            .checked_as(&[
                always("ecs:RegisterTaskDefinition"), given("taskRoleArn", "iam:PassRole"),
                given("executionRoleArn", "iam:PassRole"), given("tags", "ecs:TagResource"),
            ]).on(&["task-definition"], "family").passes("tags").names(&["family", "taskRoleArn", "executionRoleArn"])
            .undone_by("DeregisterTaskDefinition", &[answer("taskDefinition", "/taskDefinition/taskDefinitionArn")])
            .in_scenarios(&[
                "family", "containerDefinitions", "taskRoleArn", "executionRoleArn", "networkMode",
                "requiresCompatibilities", "cpu", "memory", "tags",
            ]),
        register::register_task_definition,
    ),
    row(
        adds("ecs:RunTask").checked_as(&[always("ecs:RunTask"), depends("iam:PassRole"), depends("ecs:TagResource")])
            .on(&["task-definition"], "taskDefinition").passes("tags")
            .names(&["taskRoleArn", "executionRoleArn", "taskDefinition", "cluster"])
            .undone_by("StopTask", &[answer("task", "/taskArn"), same("cluster")]).each("tasks")
            .in_scenarios(&[
                "taskDefinition", "cluster", "count", "tags", "propagateTags", "enableECSManagedTags", "overrides",
                "launchType", "networkConfiguration",
            ]),
        run_task::run_task,
    ),
    row(
        adds("ecs:StartTask")
            .checked_as(&[always("ecs:StartTask"), depends("iam:PassRole"), depends("ecs:TagResource")])
            .on(&["task-definition"], "taskDefinition").passes("tags")
            .names(&["taskRoleArn", "executionRoleArn", "taskDefinition", "cluster"])
            .undone_by("StopTask", &[answer("task", "/taskArn"), same("cluster")]).each("tasks")
            // moto answers it with 500, and MiniStack knows no such action.
            .answered_here()
            .in_scenarios(&[
                "taskDefinition", "containerInstances", "cluster", "tags", "overrides", "networkConfiguration",
            ]),
        run_task::start_task,
    ),
    row(
        changes("ecs:StopTask").on(&["task"], "task").names(&["cluster"]).in_scenarios(&["task", "cluster", "reason"]),
        tasks::stop_task,
    ),
    row(
        on_tagged(changes("ecs:TagResource")).passes("tags").in_scenarios(&["resourceArn", "tags"]),
        tags::tag_resource,
    ),
    row(
        on_tagged(changes("ecs:UntagResource")).takes_keys("tagKeys").in_scenarios(&["resourceArn", "tagKeys"]),
        tags::untag_resource,
    ),
];

const fn on_tagged(operation: OperationRow) -> OperationRow {
    operation.on(&["cluster", "task", "task-definition"], "resourceArn")
}
