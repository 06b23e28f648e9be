//! What a scenario's `given` adds to the accounts.

use std::collections::HashSet;

use indexmap::{IndexMap, IndexSet};
use policy::arn::Arn;
use serde_json::{Value, json};
use template::Stack;

use super::Environment;
use super::iam::{PolicyHolder, input, join, some, text};
use super::s3;
use crate::call::{self, ApiCall, tag_list};
use crate::scenario::{Holdings, Principal};

/// Groups, users and roles, with nothing attached yet.
pub(super) fn principals(holdings: &Holdings) -> Vec<ApiCall> {
    let groups =
        new(&holdings.groups).map(|(name, _)| ApiCall::new("iam", "CreateGroup", input([("GroupName", text(name))])));
    let users = new(&holdings.users).map(|(name, user)| {
        let members =
            [("UserName", text(name)), ("PermissionsBoundary", boundary(user)), ("Tags", some(tag_list(&user.tags)))];
        ApiCall::new("iam", "CreateUser", input(members))
    });
    let roles = new(&holdings.roles).map(|(name, role)| {
        let members = [
            ("RoleName", text(name)),
            ("AssumeRolePolicyDocument", role.trust.as_ref().map(call::text)),
            ("PermissionsBoundary", boundary(role)),
            ("Tags", some(tag_list(&role.tags))),
        ];
        ApiCall::new("iam", "CreateRole", input(members))
    });
    groups.chain(users).chain(roles).collect()
}

/// Those that the template does not make.
fn new(principals: &IndexMap<String, Principal>) -> impl Iterator<Item = (&String, &Principal)> {
    principals.iter().filter(|(_, principal)| !principal.is_made)
}

fn boundary(principal: &Principal) -> Option<Value> {
    principal.boundary.as_ref().and_then(|arn| text(&arn.text))
}

/// Roles and users that the stack's policies name and others make, as nested stacks do. IAM refuses a policy that names nobody.
pub(super) fn stand_ins(environment: &Environment, stack: &Stack, calls: &[ApiCall]) -> Vec<ApiCall> {
    let inputs: Vec<String> = calls.iter().map(|call| call.input.to_string()).collect();
    let is_named = |arn: &&str| {
        !stack.resources.iter().any(|one| one.arn.as_deref() == Some(*arn))
            && inputs.iter().any(|input| input.contains(*arn))
    };
    let arns: IndexSet<&str> = stack.made_up.iter().map(|one| one.value.as_str()).filter(is_named).collect();
    arns.into_iter().filter_map(|arn| stand_in(environment, Arn::parse(arn)?)).collect()
}

fn stand_in(environment: &Environment, arn: Arn<'_>) -> Option<ApiCall> {
    if arn.service != "iam" || arn.account != environment.account {
        return None;
    }
    match arn.resource.split_once('/')? {
        ("user", name) => Some(ApiCall::new("iam", "CreateUser", json!({"UserName": name}))),
        ("role", name) => {
            let nobody = json!({"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}});
            let input = json!({"RoleName": name, "AssumeRolePolicyDocument": nobody.to_string()});
            Some(ApiCall::new("iam", "CreateRole", input))
        }
        _ => None,
    }
}

/// The buckets that the stack does not make itself.
pub(super) fn buckets(environment: &Environment, holdings: &Holdings, made: &HashSet<&str>) -> Vec<ApiCall> {
    let missing = holdings.buckets.keys().filter(|name| !made.contains(name.as_str()));
    missing.map(|name| s3::create(environment, name, None)).collect()
}

/// Policies and memberships.
pub(super) fn attachments(holdings: &Holdings) -> Vec<ApiCall> {
    let mut calls = Vec::new();
    let mut attach = |who: PolicyHolder<'_>, principal: &Principal| {
        calls.extend(principal.policies.iter().map(|(name, document)| who.put(name, document)));
        calls.extend(principal.managed_policies.iter().map(|arn| who.attach(&arn.text)));
    };
    holdings.groups.iter().for_each(|(name, group)| attach(PolicyHolder::Group(name), group));
    holdings.users.iter().for_each(|(name, user)| attach(PolicyHolder::User(name), user));
    holdings.roles.iter().for_each(|(name, role)| attach(PolicyHolder::Role(name), role));
    for (name, user) in &holdings.users {
        calls.extend(user.groups.iter().map(|group| join(name, &group.text)));
    }
    calls
}

/// What is in the buckets and on them. Tags come after ABAC.
pub(super) fn contents(environment: &Environment, account: &str, holdings: &Holdings) -> Vec<ApiCall> {
    let mut calls = Vec::new();
    for (name, bucket) in &holdings.buckets {
        calls.extend(bucket.objects.iter().map(|(key, object)| s3::put_object(name, key, object)));
        calls.extend(bucket.abac.then(|| s3::enable_abac(name)));
        let tags = &bucket.tags;
        calls.extend((!tags.is_empty()).then(|| s3::tag(environment, account, name, tags, bucket.abac)));
        calls.extend(bucket.policy.as_ref().map(|document| s3::put_policy(name, document)));
    }
    calls
}
