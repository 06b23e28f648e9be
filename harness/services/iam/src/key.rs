//! Long-term access keys.

use std::sync::Arc;

use account::identities::ResourceType;
use account::identities::{Identities, Key};
use account::{Check, Credential, Fault, Identity, ids};
use serde_json::{Value, json};

use super::call::{IamCall, stamp};
use super::fault;
use super::page::cut;

#[cfg(test)]
mod tests;

/// The most keys of one user.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const MOST: usize = 2;

/// CreateAccessKey; without a name, for the caller.
pub(crate) fn create(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let user = owner(op)?;
    authorize(op, user.as_deref())?;
    let keys = keys(op.iam()?, user.as_deref())?;
    if keys.len() >= MOST {
        return Err(fault::quota("AccessKeysPerUser", MOST));
    }
    let id = ids::access_key(op.call.ids, "AKIA");
    let secret = ids::secret(op.call.ids);
    let created = op.call.now;
    keys_mut(op.iam_mut()?, user.as_deref())?.push(Key { id: id.clone(), created, active: true });
    let account = op.account.clone();
    let identity = Arc::new(match user.as_deref().and_then(|name| op.iam().ok()?.users.get(name)) {
        Some(user) => Identity::User { account, id: user.metadata.id.clone() },
        None => Identity::Root { account },
    });
    let credential = Credential { secret: secret.clone(), token: None, expires: None, active: true, identity };
    op.world.credentials_mut().add(id.clone(), credential);
    Ok(json!({ "AccessKey": {
        "UserName": shown(user.as_deref()), "AccessKeyId": id, "Status": "Active", "SecretAccessKey": secret,
        "CreateDate": stamp(created),
    } }))
}

/// ListAccessKeys; without a name, of the caller.
pub(crate) fn list(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let user = owner(op)?;
    let page = op.page();
    authorize(op, user.as_deref())?;
    let mut all: Vec<_> = keys(op.iam()?, user.as_deref())?
        .iter()
        .map(|key| {
            let status = if key.active { "Active" } else { "Inactive" };
            (
                key.id.clone(),
                json!({
                    "UserName": shown(user.as_deref()), "AccessKeyId": key.id, "Status": status,
                    "CreateDate": stamp(key.created),
                }),
            )
        })
        .collect();
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(cut(&page, all).answer("AccessKeyMetadata"))
}

/// UpdateAccessKey
pub(crate) fn update(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let user = owner(op)?;
    let id = op.text("AccessKeyId");
    let status = op.text("Status");
    authorize(op, user.as_deref())?;
    if status == "Expired" {
        // IAM says that of other credentials; a caller cannot set it.
        return Err(fault::invalid_input("Status Expired cannot be set on an access key."));
    }
    let active = status == "Active";
    let keys = keys_mut(op.iam_mut()?, user.as_deref())?;
    keys.iter_mut().find(|key| key.id == id).ok_or_else(|| missing(&id))?.active = active;
    op.world.credentials_mut().set_active(&id, active);
    Ok(json!({}))
}

/// DeleteAccessKey
pub(crate) fn delete(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let user = owner(op)?;
    let id = op.text("AccessKeyId");
    authorize(op, user.as_deref())?;
    let keys = keys_mut(op.iam_mut()?, user.as_deref())?;
    let at = keys.iter().position(|key| key.id == id).ok_or_else(|| missing(&id))?;
    keys.remove(at);
    op.world.credentials_mut().remove(&id);
    Ok(json!({}))
}

/// GetAccessKeyLastUsed. Uses are not recorded here; the answer is that of a key that was never used.
///
/// Of a key that is not there, AWS says no more than of one that is not the caller's to see.
pub(crate) fn last_used(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let id = op.text("AccessKeyId");
    let text =
        format!("User: {} is not authorized to perform: {} on resource: access key {id}", op.caller_arn(), op.action);
    let denied = || Fault::new(403, "AccessDenied", text);
    let user = op.iam()?.users.values().find(|user| user.keys.iter().any(|key| key.id == id));
    let Some(name) = user.map(|user| user.metadata.name.clone()) else { return Err(denied()) };
    op.authorize_on(&name).map_err(|_| denied())?;
    Ok(json!({ "UserName": name, "AccessKeyLastUsed": { "ServiceName": "N/A", "Region": "N/A" } }))
}

/// Whose keys it is about; `None` for the root user's.
fn owner(op: &IamCall<'_, '_, '_>) -> Result<Option<String>, Fault> {
    let named = op.optional("UserName");
    op.user_or_self(named)
}

fn authorize(op: &mut IamCall<'_, '_, '_>, user: Option<&str>) -> Result<(), Fault> {
    match user {
        Some(name) => op.authorize_on(name),
        None => {
            let root = format!("arn:{}:iam::{}:root", op.world.partition(), op.account);
            op.authorize(Check::new(op.action, root))
        }
    }
}

fn keys<'a>(iam: &'a Identities, user: Option<&str>) -> Result<&'a Vec<Key>, Fault> {
    match user {
        Some(name) => {
            iam.users.get(name).map(|user| &user.keys).ok_or_else(|| fault::missing(ResourceType::User, name))
        }
        None => Ok(&iam.root_keys),
    }
}

fn keys_mut<'a>(iam: &'a mut Identities, user: Option<&str>) -> Result<&'a mut Vec<Key>, Fault> {
    match user {
        Some(name) => {
            iam.users.get_mut(name).map(|user| &mut user.keys).ok_or_else(|| fault::missing(ResourceType::User, name))
        }
        None => Ok(&mut iam.root_keys),
    }
}

/// The root user's keys show this in place of a name.
fn shown(user: Option<&str>) -> &str {
    user.unwrap_or("<root_account>")
}

fn missing(id: &str) -> Fault {
    fault::no_such(format!("The Access Key with id {id} cannot be found."))
}
