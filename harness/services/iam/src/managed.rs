//! Managed policies: the account's own, with their versions, and AWS's.

use account::Fault;
use account::identities::ResourceType;
use account::identities::{Compiled, Identities, Managed, Metadata, Uses, Version};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::call::{IamCall, stamp};
use super::document;
use super::fault;
use super::page::cut;
use super::tag;

#[cfg(test)]
mod tests;

/// CreatePolicy
pub(crate) fn create(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let name = op.text("PolicyName");
    let path = op.path("Path");
    let text = op.text("PolicyDocument");
    let description = op.optional("Description");
    let tags = tag::passed(op)?;
    op.authorize_making(&path, &name, &tags)?;
    op.refuse_taken(ResourceType::Policy, &name)?;
    let document = document::managed(&text)?;
    let metadata = op.metadata(path, name, tags);
    let arn = metadata.arn.clone();
    let created = metadata.created;
    let compiled = Compiled::new(&arn, &document);
    let versions = vec![Version { number: 1, text, created }];
    let policy = Managed { metadata, description, versions, default: 1, last: 1, updated: created, compiled };
    let iam = op.iam_mut()?;
    let mut view = own_view(iam, &policy);
    add_tags(&mut view, &policy, false);
    iam.policies.insert(arn, policy);
    Ok(json!({ "Policy": view }))
}

/// GetPolicy
pub(crate) fn get(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let arn = op.text("PolicyArn");
    op.authorize_on(&arn)?;
    let iam = op.iam()?;
    let view = match (iam.policies.get(&arn), catalog::managed::get(&arn)) {
        (Some(policy), _) => {
            let mut view = own_view(iam, policy);
            if let Some(description) = &policy.description {
                view.insert("Description".to_owned(), json!(description));
            }
            add_tags(&mut view, policy, true);
            view
        }
        (None, Some(policy)) => {
            let mut view = aws_view(iam, &policy);
            view.insert("Tags".to_owned(), json!([]));
            view
        }
        (None, None) => return Err(fault::missing(ResourceType::Policy, &arn)),
    };
    Ok(json!({ "Policy": view }))
}

/// ListPolicies
pub(crate) fn list(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let scope = op.optional("Scope");
    let attached = op.flag("OnlyAttached");
    let prefix = op.path("PathPrefix");
    let usage = op.optional("PolicyUsageFilter");
    let page = op.page();
    op.authorize_on_all()?;
    let iam = op.iam()?;
    let wanted = |view: &Map<String, Value>| {
        let count = |name: &str| view.get(name).and_then(Value::as_u64).unwrap_or_default() > 0;
        let (permissions, boundary) = (count("AttachmentCount"), count("PermissionsBoundaryUsageCount"));
        let used = match usage.as_deref() {
            Some("PermissionsPolicy") => permissions,
            Some(_) => boundary,
            None => !attached || permissions,
        };
        used && view.get("Path").and_then(Value::as_str).is_some_and(|path| path.starts_with(&prefix))
    };
    let own = iam
        .policies
        .values()
        .filter(|_| scope.as_deref() != Some("AWS"))
        .map(|policy| (&*policy.metadata.arn, own_view(iam, policy)));
    let aws = catalog::managed::all()
        .filter(|_| scope.as_deref() != Some("Local"))
        .map(|policy| (policy.arn, aws_view(iam, &policy)));
    // Letters sort after digits: the account's own policies come first, as its ARNs hold its number.
    let all = own.chain(aws).filter(|(_, view)| wanted(view)).map(|(arn, view)| (arn.to_owned(), view.into()));
    Ok(cut(&page, all).answer("Policies"))
}

/// DeletePolicy
pub(crate) fn delete(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let arn = op.text("PolicyArn");
    op.authorize_on(&arn)?;
    refuse_foreign(op, &arn)?;
    let iam = op.iam_mut()?;
    let policy = iam.policies.get(&arn).ok_or_else(|| fault::missing(ResourceType::Policy, &arn))?;
    if iam.uses(&arn) != Uses::default() {
        return Err(fault::conflict("Cannot delete a policy attached to entities."));
    }
    if policy.versions.len() > 1 {
        return Err(fault::conflict(
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. \
             The default version is deleted with the policy.",
        ));
    }
    iam.policies.remove(&arn);
    Ok(json!({}))
}

/// AWS's own policies are nobody's to change.
pub(crate) fn refuse_foreign(op: &IamCall<'_, '_, '_>, arn: &str) -> Result<(), Fault> {
    if catalog::managed::get(arn).is_none() {
        return Ok(());
    }
    let text =
        format!("User: {} is not authorized to perform: {} on resource: policy {arn}", op.caller_arn(), op.action);
    Err(Fault::new(403, "AccessDenied", text))
}

/// A customer managed policy as all operations show it.
pub(crate) fn own_view(iam: &Identities, policy: &Managed) -> Map<String, Value> {
    let Metadata { name, path, id, arn, created, .. } = &policy.metadata;
    let uses = iam.uses(arn);
    object(json!({
        "PolicyName": name,
        "PolicyId": id,
        "Arn": arn,
        "Path": path,
        "DefaultVersionId": format!("v{}", policy.default),
        "AttachmentCount": uses.attachments,
        "PermissionsBoundaryUsageCount": uses.boundaries,
        "IsAttachable": true,
        "CreateDate": stamp(*created),
        "UpdateDate": stamp(policy.updated),
    }))
}

/// An AWS managed policy as all operations show it.
pub(crate) fn aws_view(iam: &Identities, policy: &catalog::managed::ManagedPolicy) -> Map<String, Value> {
    // Most of the 1,500 are in nobody's use: no search of the account for those.
    let uses = if iam.aws.contains_key(policy.arn) { iam.uses(policy.arn) } else { Uses::default() };
    object(json!({
        "PolicyName": policy.name,
        "PolicyId": aws_id(policy.arn),
        "Arn": policy.arn,
        "Path": policy.path,
        "DefaultVersionId": policy.version,
        "AttachmentCount": uses.attachments,
        "PermissionsBoundaryUsageCount": uses.boundaries,
        "IsAttachable": true,
        "CreateDate": whole_seconds(policy.created),
        "UpdateDate": whole_seconds(policy.updated),
    }))
}

/// A unique id for an AWS managed policy, which the data does not tell: always the same for the same ARN (FNV-1a).
fn aws_id(arn: &str) -> String {
    let hash = |seed: u64| arn.bytes().fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let (high, low) = (hash(0xcbf2_9ce4_8422_2325), hash(0x8422_2325_cbf2_9ce4));
    let bits = u128::from(high) << 64 | u128::from(low);
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let digit = |at: u32| char::from(letters[usize::try_from(bits >> (at * 5) & 31).unwrap_or_default()]);
    format!("ANPA{}", (0..17).map(digit).collect::<String>())
}

/// `2017-11-16T18:48:22+00:00` → `2017-11-16T18:48:22Z`
pub(crate) fn whole_seconds(time: &str) -> String {
    time.parse::<Timestamp>().map_or_else(|_| time.to_owned(), stamp)
}

fn add_tags(view: &mut Map<String, Value>, policy: &Managed, even_none: bool) {
    if even_none || !policy.metadata.tags.is_empty() {
        view.insert("Tags".to_owned(), tag::view(&policy.metadata.tags));
    }
}

/// The members of what is written as an object.
pub(crate) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
