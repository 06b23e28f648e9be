//! The calls that make a stack's resources, in the stack's order.

use serde_json::{Value, json};
use source::Node;
use template::resource::ecs::{Cluster, TaskDefinition};
use template::resource::iam::{InlinePolicy, ManagedPolicy, Role, User};
use template::resource::logs::LogGroup;
use template::resource::s3::Bucket;
use template::resource::{Properties, Tag};
use template::{Resource, Stack, Text};

use super::Environment;
use super::iam::{PolicyHolder, input, join, some, text};
use super::s3;
use crate::call::{self, ApiCall, lower_tag_list, tag_list};
use crate::results::NotApplied;
use crate::scenario::Tags;

/// Members of RegisterTaskDefinition that are sent.
const DEFINITION: &[&str] = &[
    "family",
    "taskRoleArn",
    "executionRoleArn",
    "networkMode",
    "cpu",
    "memory",
    "requiresCompatibilities",
    "runtimePlatform",
    "containerDefinitions",
    "tags",
];

/// Members of a container definition that are sent.
const CONTAINER: &[&str] = &[
    "name",
    "image",
    "command",
    "entryPoint",
    "essential",
    "cpu",
    "memory",
    "memoryReservation",
    "environment",
    "workingDirectory",
    "user",
    "portMappings",
    "logConfiguration",
    "dependsOn",
    "secrets",
    "environmentFiles",
    "startTimeout",
    "stopTimeout",
];

/// Calls that make the stack, and what of it they leave out.
pub(super) fn calls(environment: &Environment, stack: &Stack) -> (Vec<ApiCall>, Vec<NotApplied>) {
    let mut calls = Vec::new();
    let own = |resource: &Resource| matches!(&resource.properties, Properties::Cluster(one) if is_default(one));
    if !stack.resources.iter().any(own) {
        // RunTask without a cluster means this one. docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
        calls.push(ApiCall::new("ecs", "CreateCluster", json!({"clusterName": "default"})));
    }
    let mut not_applied: Vec<_> =
        stack.not_applied.iter().map(|left| NotApplied { what: part(left), why: left.why.clone() }).collect();
    for resource in &stack.resources {
        match &resource.properties {
            Properties::TaskDefinition(definition) => {
                let (call, left) = register(resource, definition);
                calls.push(call);
                not_applied.extend(left);
            }
            Properties::LogGroup(group) => {
                calls.push(log_group(group));
                not_applied.extend(group.retention_in_days.map(|_| NotApplied {
                    what: property(resource, "RetentionInDays"),
                    why: "nothing here is old enough to expire".to_owned(),
                }));
            }
            properties => calls.extend(made(environment, properties)),
        }
    }
    (calls, not_applied)
}

/// A part of a template in words.
fn part(left: &template::NotApplied) -> String {
    let template::NotApplied { logical_id, resource_type, property, .. } = left;
    match property {
        Some(property) => format!("property {logical_id}.{property} of {resource_type}"),
        // `Rules`, `Transform AWS::Include`
        None if resource_type.is_empty() => logical_id.clone(),
        None => format!("resource {logical_id} ({resource_type})"),
    }
}

fn property(resource: &Resource, property: &str) -> String {
    format!("property {}.{property} of {}", resource.logical_id, resource.resource_type)
}

fn is_default(cluster: &Cluster) -> bool {
    cluster.cluster_name.value == "default"
}

fn made(environment: &Environment, properties: &Properties) -> Vec<ApiCall> {
    match properties {
        Properties::Role(one) => role(one),
        Properties::User(one) => user(one),
        Properties::Group(group) => {
            let name = &group.group_name.value;
            let create = input([("GroupName", text(name)), ("Path", path(group.path.as_ref()))]);
            let create = ApiCall::new("iam", "CreateGroup", create);
            [vec![create], attached(PolicyHolder::Group(name), &group.policies, &group.managed_policy_arns)].concat()
        }
        Properties::UserToGroupAddition(one) => {
            one.users.iter().map(|user| join(&user.value, &one.group_name.value)).collect()
        }
        Properties::ManagedPolicy(policy) => managed_policy(environment, policy),
        Properties::PolicyAttachment(one) => {
            everyone(&one.roles, &one.users, &one.groups).map(|who| who.attach(&one.policy_arn.value)).collect()
        }
        Properties::Policy(policy) => {
            let put = |who: PolicyHolder<'_>| put(who, &policy.policy);
            everyone(&policy.roles, &policy.users, &policy.groups).map(put).collect()
        }
        Properties::RolePolicy(one) => vec![put(PolicyHolder::Role(&one.principal.value), &one.policy)],
        Properties::UserPolicy(one) => vec![put(PolicyHolder::User(&one.principal.value), &one.policy)],
        Properties::GroupPolicy(one) => vec![put(PolicyHolder::Group(&one.principal.value), &one.policy)],
        Properties::InstanceProfile(profile) => {
            let name = &profile.instance_profile_name.value;
            let create = input([("InstanceProfileName", text(name)), ("Path", path(profile.path.as_ref()))]);
            let add = |role: &Text| {
                let input = json!({"InstanceProfileName": name, "RoleName": role.value});
                ApiCall::new("iam", "AddRoleToInstanceProfile", input)
            };
            let create = ApiCall::new("iam", "CreateInstanceProfile", create);
            std::iter::once(create).chain(profile.roles.iter().map(add)).collect()
        }
        Properties::Bucket(one) => bucket(environment, one),
        Properties::BucketPolicy(one) => vec![s3::put_policy(&one.bucket.value, &template::json(&one.policy_document))],
        Properties::Cluster(cluster) => vec![ApiCall::new("ecs", "CreateCluster", cluster.request.clone())],
        // These two have their own arm above.
        Properties::TaskDefinition(_) | Properties::LogGroup(_) => Vec::new(),
        // Of these nothing is made.
        Properties::Guarded(_) | Properties::ResourcePolicy(_) | Properties::Listed(_) => Vec::new(),
    }
}

fn log_group(group: &LogGroup) -> ApiCall {
    let tags = tags(&group.tags);
    let tags = (!tags.is_empty()).then(|| json!(tags));
    ApiCall::new("logs", "CreateLogGroup", input([("logGroupName", text(&group.log_group_name.value)), ("tags", tags)]))
}

fn role(role: &Role) -> Vec<ApiCall> {
    let name = &role.role_name.value;
    let create = input([
        ("RoleName", text(name)),
        ("Path", path(role.path.as_ref())),
        ("AssumeRolePolicyDocument", Some(document(&role.assume_role_policy_document))),
        ("Description", path(role.description.as_ref())),
        ("MaxSessionDuration", role.max_session_duration.map(Value::from)),
        ("PermissionsBoundary", path(role.permissions_boundary.as_ref())),
        ("Tags", some(tag_list(&tags(&role.tags)))),
    ]);
    let create = ApiCall::new("iam", "CreateRole", create);
    [vec![create], attached(PolicyHolder::Role(name), &role.policies, &role.managed_policy_arns)].concat()
}

fn user(user: &User) -> Vec<ApiCall> {
    let name = &user.user_name.value;
    let create = input([
        ("UserName", text(name)),
        ("Path", path(user.path.as_ref())),
        ("PermissionsBoundary", path(user.permissions_boundary.as_ref())),
        ("Tags", some(tag_list(&tags(&user.tags)))),
    ]);
    let create = ApiCall::new("iam", "CreateUser", create);
    let joins = user.groups.iter().map(|group| join(name, &group.value)).collect();
    [vec![create], attached(PolicyHolder::User(name), &user.policies, &user.managed_policy_arns), joins].concat()
}

fn managed_policy(environment: &Environment, policy: &ManagedPolicy) -> Vec<ApiCall> {
    let name = &policy.managed_policy_name.value;
    let create = input([
        ("PolicyName", text(name)),
        ("Path", path(policy.path.as_ref())),
        ("Description", path(policy.description.as_ref())),
        ("PolicyDocument", Some(document(&policy.policy_document))),
    ]);
    let prefix = policy.path.as_ref().map_or("/", |path| path.value.as_str());
    let arn = format!("arn:{}:iam::{}:policy{prefix}{name}", environment.partition, environment.account);
    let attach = |who: PolicyHolder<'_>| who.attach(&arn);
    let attachments = everyone(&policy.roles, &policy.users, &policy.groups).map(attach);
    std::iter::once(ApiCall::new("iam", "CreatePolicy", create)).chain(attachments).collect()
}

fn bucket(environment: &Environment, bucket: &Bucket) -> Vec<ApiCall> {
    let name = &bucket.bucket_name.value;
    let abac = bucket.abac_status.as_ref().is_some_and(|status| status.value == "Enabled");
    let ownership = bucket.object_ownership.as_ref().map(|ownership| ownership.value.as_str());
    let mut calls = vec![s3::create(environment, name, ownership)];
    calls.extend(abac.then(|| s3::enable_abac(name)));
    let tags = tags(&bucket.tags);
    calls.extend((!tags.is_empty()).then(|| s3::tag(environment, &environment.account, name, &tags, abac)));
    calls.extend(bucket.versioning.as_ref().map(|status| {
        let input = json!({"Bucket": name, "VersioningConfiguration": {"Status": status.value}});
        ApiCall::new("s3", "PutBucketVersioning", input)
    }));
    calls.extend(bucket.public_access_block.as_ref().map(|block| {
        let configuration = json!({
            "BlockPublicAcls": block.block_public_acls,
            "IgnorePublicAcls": block.ignore_public_acls,
            "BlockPublicPolicy": block.block_public_policy,
            "RestrictPublicBuckets": block.restrict_public_buckets,
        });
        let input = json!({"Bucket": name, "PublicAccessBlockConfiguration": configuration});
        ApiCall::new("s3", "PutPublicAccessBlock", input)
    }));
    calls
}

/// Registers a task definition, and names the members that are not sent.
fn register(resource: &Resource, definition: &TaskDefinition) -> (ApiCall, Vec<NotApplied>) {
    let mut input = definition.request.clone();
    let mut left = Vec::new();
    keep(&mut input, DEFINITION, &mut left);
    let mut of_containers = Vec::new();
    for container in input["containerDefinitions"].as_array_mut().into_iter().flatten() {
        keep(container, CONTAINER, &mut of_containers);
    }
    left.extend(of_containers.into_iter().map(|member| format!("containerDefinitions.{member}")));
    // As the template spells them.
    let capital =
        |name: &str| name.chars().take(1).map(|c| c.to_ascii_uppercase()).chain(name.chars().skip(1)).collect();
    let path = |member: &str| member.split('.').map(capital).collect::<Vec<String>>().join(".");
    let not_applied = left.into_iter().map(|member| NotApplied {
        what: property(resource, &path(&member)),
        why: "nothing here depends on it".to_owned(),
    });
    (ApiCall::new("ecs", "RegisterTaskDefinition", input), not_applied.collect())
}

fn keep(input: &mut Value, known: &[&str], left: &mut Vec<String>) {
    if let Some(members) = input.as_object_mut() {
        left.extend(members.keys().filter(|name| !known.contains(&name.as_str())).cloned());
        members.retain(|name, _| known.contains(&name.as_str()));
    }
}

/// The call that registers a task definition once more, with other tags: a revision for one caller.
pub(crate) fn another_revision(definition: &TaskDefinition, more: &Tags) -> ApiCall {
    let mut all = tags(&definition.tags);
    all.extend(more.clone());
    let mut input = definition.request.clone();
    keep(&mut input, DEFINITION, &mut Vec::new());
    for container in input["containerDefinitions"].as_array_mut().into_iter().flatten() {
        keep(container, CONTAINER, &mut Vec::new());
    }
    input["tags"] = lower_tag_list(&all);
    ApiCall::new("ecs", "RegisterTaskDefinition", input)
}

fn attached(who: PolicyHolder<'_>, policies: &[InlinePolicy], managed: &[Text]) -> Vec<ApiCall> {
    let inline = policies.iter().map(|policy| put(who, policy));
    inline.chain(managed.iter().map(|arn| who.attach(&arn.value))).collect()
}

fn put(who: PolicyHolder<'_>, policy: &InlinePolicy) -> ApiCall {
    who.put(&policy.policy_name.value, &template::json(&policy.policy_document))
}

fn everyone<'a>(roles: &'a [Text], users: &'a [Text], groups: &'a [Text]) -> impl Iterator<Item = PolicyHolder<'a>> {
    let roles = roles.iter().map(|name| PolicyHolder::Role(&name.value));
    let users = users.iter().map(|name| PolicyHolder::User(&name.value));
    roles.chain(users).chain(groups.iter().map(|name| PolicyHolder::Group(&name.value)))
}

fn tags(tags: &[Tag]) -> Tags {
    tags.iter().map(|tag| (tag.key.value.clone(), tag.value.value.clone())).collect()
}

fn path(value: Option<&Text>) -> Option<Value> {
    value.and_then(|value| text(&value.value))
}

fn document(node: &Node) -> Value {
    call::text(&template::json(node))
}
