//! Users, roles and task definitions by the names that a scenario has for them.

use template::resource::Properties;
use template::resource::ecs::TaskDefinition;
use template::{Resource, Stack};

use crate::plan::Place;
use crate::scenario::Given;

/// Where names are looked up: the stack first, then what is given.
pub(crate) struct Directory<'a> {
    pub(crate) place: &'a Place,
    pub(crate) stack: &'a Stack,
    pub(crate) given: &'a Given,
}

/// A user and its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) account: String,
    pub(crate) name: String,
}

impl<'a> Directory<'a> {
    /// A user by logical id or name; one of another account by name.
    pub(crate) fn user(&self, wanted: &str) -> Option<User> {
        let home = || self.place.account.clone();
        let of_stack = self.stack.resources.iter().find_map(|resource| match &resource.properties {
            Properties::User(user) if resource.logical_id == wanted || user.user_name.value == wanted => {
                Some(User { account: home(), name: user.user_name.value.clone() })
            }
            _ => None,
        });
        let given = || {
            self.given.home.users.get_key_value(wanted).map(|(name, _)| User { account: home(), name: name.clone() })
        };
        let elsewhere = || {
            let mut accounts = self.given.accounts.iter();
            let (account, _) = accounts.find(|(_, holdings)| holdings.users.contains_key(wanted))?;
            Some(User { account: account.clone(), name: wanted.to_owned() })
        };
        of_stack.or_else(given).or_else(elsewhere)
    }

    /// The ARN of a role by logical id, name or ARN.
    pub(crate) fn role(&self, wanted: &str) -> Option<String> {
        if wanted.starts_with("arn:") {
            return Some(wanted.to_owned());
        }
        let arn = |account: &str, path: &str, name: &str| {
            format!("arn:{}:iam::{account}:role{path}{name}", self.place.partition)
        };
        let of_stack = self.stack.resources.iter().find_map(|resource| match &resource.properties {
            Properties::Role(role) if resource.logical_id == wanted || role.role_name.value == wanted => {
                let path = role.path.as_ref().map_or("/", |path| path.value.as_str());
                Some(arn(&self.place.account, path, &role.role_name.value))
            }
            _ => None,
        });
        let given = || self.given.home.roles.contains_key(wanted).then(|| arn(&self.place.account, "/", wanted));
        let elsewhere = || {
            let mut accounts = self.given.accounts.iter();
            let (account, _) = accounts.find(|(_, holdings)| holdings.roles.contains_key(wanted))?;
            Some(arn(account, "/", wanted))
        };
        of_stack.or_else(given).or_else(elsewhere)
    }

    /// ARN and properties of a task definition by logical id.
    pub(crate) fn task_definition(&self, wanted: &str) -> Option<(&'a str, &'a TaskDefinition)> {
        self.stack.resources.iter().find_map(|resource| match &resource.properties {
            Properties::TaskDefinition(definition) if resource.logical_id == wanted => {
                Some((resource.physical_id.as_str(), definition))
            }
            _ => None,
        })
    }

    /// Names of users, for suggestions.
    pub(crate) fn users(&self) -> Vec<&'a str> {
        let given = self.given.home.users.keys().map(String::as_str);
        self.of_type("AWS::IAM::User").chain(given).collect()
    }

    /// Names of roles, for suggestions.
    pub(crate) fn roles(&self) -> Vec<&'a str> {
        let given = self.given.home.roles.keys().map(String::as_str);
        self.of_type("AWS::IAM::Role").chain(given).collect()
    }

    /// Names of task definitions, for suggestions.
    pub(crate) fn task_definitions(&self) -> Vec<&'a str> {
        self.of_type("AWS::ECS::TaskDefinition").collect()
    }

    fn of_type(&self, wanted: &'static str) -> impl Iterator<Item = &'a str> + use<'a> {
        let matching = move |resource: &&Resource| resource.resource_type == wanted;
        self.stack.resources.iter().filter(matching).map(|resource| resource.logical_id.as_str())
    }
}
