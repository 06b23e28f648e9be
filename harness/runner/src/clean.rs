//! What runs that were killed have left in a real account, found by its names and tags, and deleted.
//!
//! A name as a run gives it does not make something a run's: it has the tag with that run as well, or, if it is of a kind
//! that has no such tag, something else of the same run has. A run's own user is made first and deleted last, so there is
//! always one.

use std::collections::BTreeSet;

use matrix::call::{ApiCall, CallError};
use serde_json::{Value, json};

use crate::aws::{Aws, PREFIX, TAG, run_of};
use crate::client::ResourceKind;
use crate::run::undo::{deleted, emptied};

/// Something that a run has left in a real account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    kind: ResourceKind,
    /// Its name, or its ARN.
    id: String,
}

/// In the order of deletion: what holds something comes before what is held.
const KINDS: [ResourceKind; 7] = [
    ResourceKind::InstanceProfile,
    ResourceKind::Role,
    ResourceKind::User,
    ResourceKind::Group,
    ResourceKind::Policy,
    ResourceKind::TaskDefinition,
    ResourceKind::Bucket,
];

/// All that is left, in the order in which it can be deleted.
///
/// # Errors
/// A list could not be had; the text says which and why.
pub async fn leftovers(aws: &Aws) -> Result<Vec<Leftover>, String> {
    let mut found = Vec::new();
    let mut runs = BTreeSet::new();
    for kind in KINDS {
        let told = |error: CallError| format!("cannot list {}s: {error}", kind.word());
        for id in aws.client.named(kind, PREFIX).await.map_err(told)? {
            let Some(run) = run_of(kind.name(&id)).map(str::to_owned) else { continue };
            let tag = aws.client.tag(kind, &id, TAG).await.map_err(told)?;
            let is_tagged = tag.as_ref() == Some(&run);
            if is_tagged {
                runs.insert(run.clone());
            }
            if is_tagged || !kind.has_tag() {
                found.push((run, Leftover { kind, id }));
            }
        }
    }
    let mut all: Vec<Leftover> =
        found.into_iter().filter(|(run, _)| runs.contains(run)).map(|(_, leftover)| leftover).collect();
    all.sort_by_key(Leftover::is_anchor);
    Ok(all)
}

/// Deletes one of them, with all that is in it.
///
/// # Errors
/// AWS refuses; the text says what and why.
pub async fn delete(aws: &Aws, leftover: &Leftover) -> Result<(), String> {
    leftover.delete(aws).await.map_err(|error| format!("{leftover}: {error}"))
}

impl std::fmt::Display for Leftover {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} {}", self.kind.word(), self.kind.name(&self.id))
    }
}

impl Leftover {
    /// The run's own user tells that the rest is the run's.
    fn is_anchor(&self) -> bool {
        self.kind == ResourceKind::User && self.id.ends_with("-anchor")
    }

    async fn delete(&self, aws: &Aws) -> Result<(), CallError> {
        let (client, id) = (&aws.client, self.id.as_str());
        let call =
            async |service, operation, input: Value| deleted(client, &ApiCall::new(service, operation, input)).await;
        match self.kind {
            ResourceKind::Bucket => emptied(client, id).await,
            ResourceKind::TaskDefinition => {
                call("ecs", "DeregisterTaskDefinition", json!({"taskDefinition": id})).await
            }
            ResourceKind::Policy => call("iam", "DeletePolicy", json!({"PolicyArn": id})).await,
            ResourceKind::InstanceProfile => {
                for role in client.roles_in(id).await? {
                    let input = json!({"InstanceProfileName": id, "RoleName": role});
                    call("iam", "RemoveRoleFromInstanceProfile", input).await?;
                }
                call("iam", "DeleteInstanceProfile", json!({"InstanceProfileName": id})).await
            }
            ResourceKind::User => {
                for key in client.access_keys(id).await? {
                    call("iam", "DeleteAccessKey", json!({"UserName": id, "AccessKeyId": key})).await?;
                }
                for group in client.groups_of(id).await? {
                    call("iam", "RemoveUserFromGroup", json!({"UserName": id, "GroupName": group})).await?;
                }
                self.take_policies(aws, "UserName", "DeleteUserPolicy", "DetachUserPolicy").await?;
                call("iam", "DeleteUser", json!({"UserName": id})).await
            }
            ResourceKind::Role => {
                self.take_policies(aws, "RoleName", "DeleteRolePolicy", "DetachRolePolicy").await?;
                call("iam", "DeleteRole", json!({"RoleName": id})).await
            }
            ResourceKind::Group => {
                self.take_policies(aws, "GroupName", "DeleteGroupPolicy", "DetachGroupPolicy").await?;
                call("iam", "DeleteGroup", json!({"GroupName": id})).await
            }
        }
    }

    /// Takes its policies away.
    async fn take_policies(
        &self,
        aws: &Aws,
        member: &str,
        delete: &'static str,
        detach: &'static str,
    ) -> Result<(), CallError> {
        for policy in aws.client.inline(self.kind, &self.id).await? {
            let input = json!({member: self.id, "PolicyName": policy});
            deleted(&aws.client, &ApiCall::new("iam", delete, input)).await?;
        }
        for arn in aws.client.attached(self.kind, &self.id).await? {
            let input = json!({member: self.id, "PolicyArn": arn});
            deleted(&aws.client, &ApiCall::new("iam", detach, input)).await?;
        }
        Ok(())
    }
}
