//! What a scenario's `given` adds to the accounts.

use std::collections::HashSet;

use serde_json::Value;

use super::Environment;
use super::iam::{PolicyHolder, input, join, some, text};
use super::s3;
use crate::call::{self, ApiCall, tag_list};
use crate::scenario::{Holdings, Principal};

/// Groups, users and roles, with nothing attached yet.
pub(super) fn principals(holdings: &Holdings) -> Vec<ApiCall> {
    let groups =
        holdings.groups.keys().map(|name| ApiCall::new("iam", "CreateGroup", input([("GroupName", text(name))])));
    let users = holdings.users.iter().map(|(name, user)| {
        let members =
            [("UserName", text(name)), ("PermissionsBoundary", boundary(user)), ("Tags", some(tag_list(&user.tags)))];
        ApiCall::new("iam", "CreateUser", input(members))
    });
    let roles = holdings.roles.iter().map(|(name, role)| {
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

fn boundary(principal: &Principal) -> Option<Value> {
    principal.boundary.as_ref().and_then(|arn| text(&arn.text))
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
