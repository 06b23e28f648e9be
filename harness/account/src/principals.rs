//! Users and roles that the policies of resources name.

use serde_json::{Map, Value};

use crate::world::World;

/// Goes through what stands under `"Principal": {"AWS": …}` and `"NotPrincipal": {"AWS": …}` in a policy.
pub fn each_principal(document: &mut Value, mut visit: impl FnMut(&mut String)) {
    let Some(statements) = document.get_mut("Statement") else { return };
    let members = many(statements).iter_mut().filter_map(Value::as_object_mut).flat_map(Map::iter_mut);
    let principals = members.filter(|(name, _)| ["Principal", "NotPrincipal"].contains(&name.as_str()));
    for names in principals.filter_map(|(_, principal)| principal.get_mut("AWS")) {
        for name in many(names) {
            if let Value::String(name) = name {
                visit(name);
            }
        }
    }
}

/// A policy with others in place of the principals for which `other` has one; `None` if it has one for none.
pub fn with_principals(text: &str, other: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut document = serde_json::from_str(text).ok()?;
    let mut changed = false;
    each_principal(&mut document, |name| {
        if let Some(other) = other(name) {
            *name = other;
            changed = true;
        }
    });
    changed.then(|| document.to_string())
}

impl World {
    /// A policy that is about to be kept, with the ARNs of users and roles in place of their unique ids: either names them,
    /// and AWS shows the ARN.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    #[must_use]
    pub fn with_arns(&self, text: String) -> String {
        with_principals(&text, |id| self.arn_of(id)).unwrap_or(text)
    }

    /// The ARN of the user or role with a unique id.
    fn arn_of(&self, id: &str) -> Option<String> {
        self.accounts().find_map(|account| {
            let user = account.identities.users.with_id(id).map(|user| &user.metadata);
            let mut roles = account.identities.roles.values().map(|role| &role.metadata);
            user.or_else(|| roles.find(|role| role.id == id)).map(|metadata| metadata.arn.clone())
        })
    }
}

fn many(value: &mut Value) -> &mut [Value] {
    if let Value::Array(items) = value { items } else { std::slice::from_mut(value) }
}
