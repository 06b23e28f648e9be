//! Keys that are often taken for something else.

use policy::{Kind, plain};

use crate::code;
use crate::sink::Sink;
use crate::written::{Condition, Effect, Statement};

pub(super) fn check(kind: Kind, statement: &Statement<'_>, condition: &Condition<'_>, sink: &mut Sink) {
    match condition.head().as_str() {
        "aws:principalarn" => principal_arn(condition, sink),
        "aws:sourcearn" | "aws:sourceaccount" | "aws:sourceorgid" | "aws:sourceorgpaths" => {
            source(kind, statement, condition, sink);
        }
        "aws:resourcetag" | "s3:buckettag" => {
            bucket_tag(statement, condition, sink);
            task_definition_tag(statement, condition, sink);
        }
        "ecs:resourcetag" => task_definition_tag(statement, condition, sink),
        _ => {}
    }
}

/// "For IAM roles, the request context returns the ARN of the role, not the ARN of the user that assumed the role."
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
fn principal_arn(condition: &Condition<'_>, sink: &mut Sink) {
    for value in condition.values.iter().filter(|value| value.text.contains(":assumed-role/")) {
        let message = format!("`aws:PrincipalArn` is the role's ARN, never the session's `{}`", plain(value.text));
        let help = "write `arn:aws:iam::ACCOUNT:role/NAME`; a session's name is the second half of `aws:userid`";
        sink.add(&code::PRINCIPAL_ARN_OF_SESSION, value.span, message).help(help);
    }
}

/// The key is there only where a service calls on behalf of a resource: for the policies of what it calls.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcearn
fn source(kind: Kind, statement: &Statement<'_>, condition: &Condition<'_>, sink: &mut Sink) {
    match kind {
        Kind::Trust => ecs_source(statement, condition, sink),
        Kind::Identity | Kind::Boundary | Kind::Session => {
            let name = plain(condition.name);
            let message = format!("`{name}` is in requests that a service makes for a resource, not in a caller's own");
            let help = "it belongs into the trust policy or the resource's policy";
            sink.add(&code::SOURCE_KEY_IN_IDENTITY_POLICY, condition.name_span, message).help(help);
        }
        _ => {}
    }
}

/// "Using the aws:SourceArn condition key to specify a specific cluster is not currently supported, you should use the
/// wildcard to specify all clusters."
/// docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
fn ecs_source(statement: &Statement<'_>, condition: &Condition<'_>, sink: &mut Sink) {
    let names = statement.principal.iter().flat_map(|principal| &principal.names);
    let is_of_tasks = names.clone().any(|(_, name)| name.text.starts_with("ecs-tasks."));
    if !is_of_tasks || condition.head() != "aws:sourcearn" {
        return;
    }
    for value in condition.values.iter().filter(|value| names_cluster(value.text)) {
        let message = format!(
            "ECS does not support a cluster in `aws:SourceArn`, as in `{}`: tasks fail to start",
            plain(value.text)
        );
        let help = "write `arn:aws:ecs:REGION:ACCOUNT:*`, under ArnLike";
        sink.add(&code::ECS_SOURCE_ARN_OF_CLUSTER, value.span, message).help(help);
    }
}

fn names_cluster(arn: &str) -> bool {
    let resource = arn.splitn(6, ':').nth(5).unwrap_or_default();
    match resource.split('/').collect::<Vec<_>>().as_slice() {
        ["cluster", name, ..] | ["task" | "service", name, _, ..] => *name != "*",
        _ => false,
    }
}

/// docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
fn bucket_tag(statement: &Statement<'_>, condition: &Condition<'_>, sink: &mut Sink) {
    let Some(key) = condition.key else { return };
    let of_s3 = statement.actions.iter().filter(|item| item.text.to_ascii_lowercase().starts_with("s3:"));
    let mut carrying = of_s3.filter(|item| {
        item.actions.iter().any(|action| {
            let mut rows = action.rows().filter(|row| row.carries(key));
            rows.any(|row| row.resource_type().is_some_and(|of| matches!(of.name(), "bucket" | "object")))
        })
    });
    let Some(item) = carrying.next().filter(|_| !statement.not_action) else { return };
    let without = match (statement.effect, condition.holds_without()) {
        (Some(Effect::Deny), false) => "denies nothing",
        (_, false) => "allows nothing",
        (_, true) => "holds for every request",
    };
    let message = format!(
        "for `{}`, `{}` is the bucket's tag, neither the object's nor the caller's, and without ABAC on the bucket this {without}",
        plain(item.text),
        plain(condition.name)
    );
    let help =
        "switch ABAC on for the bucket; an object's tags are `s3:ExistingObjectTag/…`, a caller's `aws:PrincipalTag/…`";
    sink.add(&code::S3_RESOURCE_TAG_NEEDS_ABAC, condition.name_span, message).help(help);
}

/// docs.aws.amazon.com/service-authorization/latest/reference/list_ecs.html: the resource of RunTask and StartTask is
/// the task definition.
fn task_definition_tag(statement: &Statement<'_>, condition: &Condition<'_>, sink: &mut Sink) {
    let launches = ["ecs:RunTask", "ecs:StartTask"].into_iter().find(|action| statement.names(action));
    if let Some(action) = launches.filter(|_| !condition.head().starts_with("s3:")) {
        let name = plain(condition.name);
        let message = format!("for {action}, `{name}` is the tag of the task definition, not of the task");
        let help = "the tags a task is launched with are `aws:RequestTag/…`";
        sink.add(&code::RUN_TASK_BY_RESOURCE_TAG, condition.name_span, message).help(help);
    }
}
