//! Users go by their names in IAM's operations, and by their unique ids everywhere else.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::grants::Grants;
use super::metadata::Metadata;

/// The users of an account.
#[derive(Clone, Debug, Default)]
pub struct Users {
    by_name: BTreeMap<String, User>,
    names_by_id: HashMap<String, String>,
}

/// An IAM user.
#[derive(Clone, Debug)]
pub struct User {
    /// What it is called.
    pub metadata: Metadata,
    /// Its policies.
    pub grants: Grants,
    /// Names of the groups it is in, in the order of joining.
    pub groups: Vec<String>,
    /// Its long-term access keys.
    pub keys: Vec<Key>,
}

/// A long-term access key; its secret is with the world's credentials.
#[derive(Clone, Debug)]
pub struct Key {
    /// `AKIA…`
    pub id: String,
    /// `CreateDate`
    pub created: Timestamp,
    /// An inactive key is known and refused.
    pub active: bool,
}

impl Users {
    /// A user by its name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&User> {
        self.by_name.get(name)
    }

    /// A user by its name, to change; its name and its id stay.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut User> {
        self.by_name.get_mut(name)
    }

    /// A user by its unique id. What is the user's own goes by this: a name may have been another user's.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    #[must_use]
    pub fn with_id(&self, id: &str) -> Option<&User> {
        self.by_name.get(self.names_by_id.get(id)?)
    }

    /// All users, by name.
    pub fn values(&self) -> impl Iterator<Item = &User> {
        self.by_name.values()
    }

    /// All users, to change; their names and their ids stay.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut User> {
        self.by_name.values_mut()
    }

    /// Takes in a user, under the name that it has.
    pub fn add(&mut self, user: User) {
        self.names_by_id.insert(user.metadata.id.clone(), user.metadata.name.clone());
        self.by_name.insert(user.metadata.name.clone(), user);
    }

    /// Takes a user out.
    pub fn remove(&mut self, name: &str) -> Option<User> {
        let user = self.by_name.remove(name)?;
        self.names_by_id.remove(&user.metadata.id);
        Some(user)
    }
}
