//! Versions of managed policies.

use account::Fault;
use account::identities::ResourceType;
use account::identities::{Compiled, Managed, Version};
use serde_json::{Value, json};

use super::call::{IamCall, stamp};
use super::document::{self, encode};
use super::fault;
use super::managed::{refuse_foreign, whole_seconds};
use super::page::cut;

#[cfg(test)]
mod tests;

/// The most versions a policy can have at a time.
/// docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html#version-limits
const MOST: usize = 5;

/// CreatePolicyVersion
pub(crate) fn create(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let arn = op.text("PolicyArn");
    let text = op.text("PolicyDocument");
    let as_default = op.flag("SetAsDefault");
    op.authorize_on(&arn)?;
    refuse_foreign(op, &arn)?;
    let now = op.call.now;
    let policy = op.iam_mut()?.policies.get_mut(&arn).ok_or_else(|| fault::missing(ResourceType::Policy, &arn))?;
    let document = document::managed(&text)?;
    if policy.versions.len() >= MOST {
        return Err(fault::limit_exceeded(format!(
            "A managed policy can have up to {MOST} versions. Before you create a new version, you must delete an \
             existing version."
        )));
    }
    policy.last += 1;
    let number = policy.last;
    policy.versions.push(Version { number, text, created: now });
    policy.updated = now;
    if as_default {
        policy.default = number;
        policy.compiled = Compiled::new(&arn, &document);
    }
    Ok(json!({ "PolicyVersion": {
        "VersionId": format!("v{number}"), "IsDefaultVersion": as_default, "CreateDate": stamp(now),
    } }))
}

/// GetPolicyVersion
pub(crate) fn get(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let arn = op.text("PolicyArn");
    let id = op.text("VersionId");
    op.authorize_on(&arn)?;
    if let Some(aws) = catalog::managed::get(&arn) {
        // Only the default version of an AWS managed policy is known here.
        if aws.version != id {
            return Err(missing(&arn, &id));
        }
        return Ok(json!({ "PolicyVersion": {
            "Document": encode(aws.document), "VersionId": aws.version, "IsDefaultVersion": true,
            "CreateDate": whole_seconds(aws.updated),
        } }));
    }
    let policy = op.iam()?.policies.get(&arn).ok_or_else(|| missing(&arn, &id))?;
    let version = find(policy, &id).ok_or_else(|| missing(&arn, &id))?;
    Ok(json!({ "PolicyVersion": view(version, policy.default, true) }))
}

/// ListPolicyVersions: newest first.
pub(crate) fn list(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let arn = op.text("PolicyArn");
    let page = op.page();
    op.authorize_on(&arn)?;
    if let Some(aws) = catalog::managed::get(&arn) {
        let only = json!({
            "VersionId": aws.version, "IsDefaultVersion": true, "CreateDate": whole_seconds(aws.updated),
        });
        return Ok(cut(&page, [(aws.version.to_owned(), only)]).answer("Versions"));
    }
    let policy = op.iam()?.policies.get(&arn).ok_or_else(|| fault::missing(ResourceType::Policy, &arn))?;
    let newest_first = policy.versions.iter().rev();
    let all = newest_first
        .map(|version| (format!("{:010}", u32::MAX - version.number), view(version, policy.default, false)));
    Ok(cut(&page, all).answer("Versions"))
}

/// SetDefaultPolicyVersion
pub(crate) fn set_default(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let arn = op.text("PolicyArn");
    let id = op.text("VersionId");
    op.authorize_on(&arn)?;
    refuse_foreign(op, &arn)?;
    let now = op.call.now;
    let policy = op.iam_mut()?.policies.get_mut(&arn).ok_or_else(|| missing(&arn, &id))?;
    let version = find(policy, &id).ok_or_else(|| missing(&arn, &id))?;
    let document = document::managed(&version.text)?;
    policy.default = version.number;
    policy.updated = now;
    policy.compiled = Compiled::new(&arn, &document);
    Ok(json!({}))
}

/// DeletePolicyVersion
pub(crate) fn delete(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let arn = op.text("PolicyArn");
    let id = op.text("VersionId");
    op.authorize_on(&arn)?;
    refuse_foreign(op, &arn)?;
    let policy = op.iam_mut()?.policies.get_mut(&arn).ok_or_else(|| missing(&arn, &id))?;
    let number = find(policy, &id).ok_or_else(|| missing(&arn, &id))?.number;
    if policy.default == number {
        return Err(fault::conflict("Cannot delete the default version of a policy."));
    }
    policy.versions.retain(|version| version.number != number);
    Ok(json!({}))
}

fn view(version: &Version, default: u32, with_document: bool) -> Value {
    let mut view = json!({
        "VersionId": format!("v{}", version.number),
        "IsDefaultVersion": version.number == default,
        "CreateDate": stamp(version.created),
    });
    if with_document {
        view["Document"] = json!(encode(&version.text));
    }
    view
}

/// `v3` is the version with the number 3.
fn find<'a>(policy: &'a Managed, id: &str) -> Option<&'a Version> {
    policy.version(id.strip_prefix('v')?.parse().ok()?)
}

fn missing(arn: &str, id: &str) -> Fault {
    fault::not_attachable(&format!("Policy {arn} version {id}"))
}
