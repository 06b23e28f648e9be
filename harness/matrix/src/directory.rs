//! What is in an option's account, by the names that a scenario has for it.

use indexmap::IndexMap;
use template::resource::Properties;
use template::resource::ecs::TaskDefinition;
use template::{Resource, Stack};

use crate::operations::NamedResource;
use crate::plan::Environment;
use crate::scenario::{Given, Holdings, Principal};

/// How a scenario writes a logical id that is nothing else.
const REF: &str = "!Ref ";

/// Where names are looked up: the stack's logical ids and paths of the CDK's constructs first, then its names, then what is given.
pub(crate) struct Directory<'a> {
    pub(crate) environment: &'a Environment,
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
    /// What a call sends for a name; `None` if there is nothing of that name.
    pub(crate) fn sent(&self, of: NamedResource, wanted: &str) -> Option<String> {
        match of {
            NamedResource::Bucket => self.bucket(wanted),
            NamedResource::Source => {
                let slash = if wanted.starts_with('/') { "/" } else { "" };
                let (bucket, key) = wanted.trim_start_matches('/').split_once('/')?;
                Some(format!("{slash}{}/{key}", self.bucket(bucket)?))
            }
            NamedResource::Cluster => self.cluster(wanted),
            NamedResource::TaskDefinition => self.revision(wanted),
            NamedResource::Role => self.role(wanted).map(|arn| match is_arn(wanted) {
                true => arn,
                false => arn.rsplit('/').next().unwrap_or_default().to_owned(),
            }),
            NamedResource::RoleArn => self.role(wanted),
            NamedResource::User => self.user(wanted).map(|user| user.name),
            NamedResource::Taggable => self.taggable(wanted),
        }
    }

    /// The names that there are, for suggestions.
    pub(crate) fn known(&self, of: NamedResource) -> Vec<&'a str> {
        match of {
            NamedResource::Bucket | NamedResource::Source => {
                self.names("AWS::S3::Bucket", |holdings| holdings.buckets.keys())
            }
            NamedResource::Cluster => self.of_type("AWS::ECS::Cluster").chain(["default"]).collect(),
            NamedResource::TaskDefinition => self.of_type("AWS::ECS::TaskDefinition").collect(),
            NamedResource::Role | NamedResource::RoleArn => {
                self.names("AWS::IAM::Role", |holdings| holdings.roles.keys())
            }
            NamedResource::User => self.names("AWS::IAM::User", |holdings| holdings.users.keys()),
            NamedResource::Taggable => {
                self.of_type("AWS::ECS::Cluster").chain(self.of_type("AWS::ECS::TaskDefinition")).collect()
            }
        }
    }

    /// A user by logical id or name; one of another account by name.
    pub(crate) fn user(&self, wanted: &str) -> Option<User> {
        let user = |account: &str, name: &str| User { account: account.to_owned(), name: name.to_owned() };
        let of_stack = self.of_stack(wanted, |properties| match properties {
            Properties::User(one) => Some(&one.user_name.value),
            _ => None,
        });
        let of_stack = of_stack.map(|(_, name)| user(&self.environment.account, name));
        of_stack.or_else(|| self.holder(|all| all.users.contains_key(wanted)).map(|account| user(account, wanted)))
    }

    /// The ARN of a role by logical id, name or ARN.
    pub(crate) fn role(&self, wanted: &str) -> Option<String> {
        if is_arn(wanted) {
            return Some(wanted.to_owned());
        }
        let arn = |account: &str, path: &str, name: &str| {
            format!("arn:{}:iam::{account}:role{path}{name}", self.environment.partition)
        };
        let of_stack = self.of_stack(wanted, |properties| match properties {
            Properties::Role(role) => Some(&role.role_name.value),
            _ => None,
        });
        let of_stack = of_stack.map(|(resource, name)| {
            let path = match &resource.properties {
                Properties::Role(role) => role.path.as_ref().map_or("/", |path| path.value.as_str()),
                _ => "/",
            };
            arn(&self.environment.account, path, name)
        });
        of_stack.or_else(|| self.holder(|all| all.roles.contains_key(wanted)).map(|account| arn(account, "/", wanted)))
    }

    /// The name of a bucket by logical id or name.
    fn bucket(&self, wanted: &str) -> Option<String> {
        let given = || self.holder(|all| all.buckets.contains_key(wanted)).map(|_| wanted.to_owned());
        self.made_bucket(wanted).or_else(given)
    }

    /// The same of a bucket that the stack makes.
    pub(crate) fn made_bucket(&self, wanted: &str) -> Option<String> {
        let of_stack = self.of_stack(wanted, |properties| match properties {
            Properties::Bucket(bucket) => Some(&bucket.bucket_name.value),
            _ => None,
        });
        of_stack.map(|(_, name)| name.to_owned())
    }

    /// The logical ids of the buckets that the stack makes, for suggestions.
    pub(crate) fn made_buckets(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.of_type("AWS::S3::Bucket")
    }

    /// The name of a group by logical id or name, or given in the same account.
    pub(crate) fn group(&self, given: &IndexMap<String, Principal>, wanted: &str) -> Option<String> {
        let of_stack = self.of_stack(wanted, |properties| match properties {
            Properties::Group(group) => Some(&group.group_name.value),
            _ => None,
        });
        let given = || given.contains_key(wanted).then(|| wanted.to_owned());
        of_stack.map(|(_, name)| name.to_owned()).or_else(given)
    }

    /// Names of groups, for suggestions.
    pub(crate) fn groups(&self) -> Vec<&'a str> {
        self.names("AWS::IAM::Group", |holdings| holdings.groups.keys())
    }

    /// The ARN of a managed policy by logical id, name or ARN.
    pub(crate) fn managed_policy(&self, wanted: &str) -> Option<String> {
        let of_stack = || {
            self.of_stack(wanted, |properties| match properties {
                Properties::ManagedPolicy(policy) => Some(&policy.managed_policy_name.value),
                _ => None,
            })
        };
        if is_arn(wanted) {
            return Some(wanted.to_owned());
        }
        of_stack().map(|(resource, _)| resource.physical_id.clone())
    }

    /// Names of managed policies, for suggestions.
    pub(crate) fn managed_policies(&self) -> Vec<&'a str> {
        self.of_type("AWS::IAM::ManagedPolicy").collect()
    }

    /// The name of a cluster by logical id, name or ARN.
    /// The default one is always there: docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
    fn cluster(&self, wanted: &str) -> Option<String> {
        let of_stack = self.of_stack(wanted, |properties| match properties {
            Properties::Cluster(cluster) => Some(&cluster.cluster_name.value),
            _ => None,
        });
        let itself = || (wanted == "default" || is_arn(wanted)).then(|| wanted.to_owned());
        of_stack.map(|(_, name)| name.to_owned()).or_else(itself)
    }

    /// What names a task definition in a call: the family by logical id; a family, with its revision or not, and an ARN
    /// as they are.
    fn revision(&self, wanted: &str) -> Option<String> {
        let family = wanted.split_once(':').filter(|_| !is_arn(wanted)).map_or(wanted, |(family, _)| family);
        let of_stack = self.of_stack(family, |properties| match properties {
            Properties::TaskDefinition(definition) => Some(&definition.family.value),
            _ => None,
        });
        let renamed = of_stack.map(|(_, own)| format!("{own}{}", &wanted[family.len()..]));
        renamed.or_else(|| is_arn(wanted).then(|| wanted.to_owned()))
    }

    /// ARN and properties of a task definition by logical id or family.
    pub(crate) fn task_definition(&self, wanted: &str) -> Option<(&'a str, &'a TaskDefinition)> {
        let (resource, _) = self.of_stack(wanted, |properties| match properties {
            Properties::TaskDefinition(definition) => Some(&definition.family.value),
            _ => None,
        })?;
        match &resource.properties {
            Properties::TaskDefinition(definition) => Some((&resource.physical_id, definition)),
            _ => None,
        }
    }

    /// The ARN of a cluster or a task definition by logical id or name: what can have tags in ECS beside tasks.
    fn taggable(&self, wanted: &str) -> Option<String> {
        let of_stack = self.of_stack(wanted, |properties| match properties {
            Properties::Cluster(cluster) => Some(&cluster.cluster_name.value),
            Properties::TaskDefinition(definition) => Some(&definition.family.value),
            _ => None,
        });
        of_stack.and_then(|(resource, _)| resource.arn.clone()).or_else(|| is_arn(wanted).then(|| wanted.to_owned()))
    }

    /// Two resources of the stack of one type, one of which has for its name what is the logical id of the other.
    pub(crate) fn clash(&self, resource_type: &str, wanted: &str) -> Option<[&'a Resource; 2]> {
        let of_type = || self.stack.resources.iter().filter(|one| one.resource_type == resource_type);
        let by_id = of_type().find(|one| one.logical_id == wanted)?;
        let by_name = of_type().find(|one| one.name == wanted && one.logical_id != wanted)?;
        Some([by_id, by_name])
    }

    /// The name of a user, a role or a group that the stack makes.
    pub(crate) fn made_principal(&self, resource_type: &str, wanted: &str) -> Option<String> {
        let of_stack = self.of_stack(wanted, |properties| match properties {
            Properties::User(user) if resource_type == "AWS::IAM::User" => Some(&user.user_name.value),
            Properties::Role(role) if resource_type == "AWS::IAM::Role" => Some(&role.role_name.value),
            Properties::Group(group) if resource_type == "AWS::IAM::Group" => Some(&group.group_name.value),
            _ => None,
        });
        of_stack.map(|(_, name)| name.to_owned())
    }

    /// The stack's resource that a name means, with its own name: by logical id or construct's path, else by that.
    fn of_stack(
        &self,
        wanted: &str,
        own: impl Fn(&'a Properties) -> Option<&'a String>,
    ) -> Option<(&'a Resource, &'a str)> {
        let all = || self.stack.resources.iter().filter_map(|one| Some((one, own(&one.properties)?.as_str())));
        let logical = wanted.strip_prefix(REF).unwrap_or(wanted);
        // `!Ref` has a space in it, which no name has.
        all().find(|(one, _)| one.is_called(logical)).or_else(|| all().find(|(_, own)| *own == wanted))
    }

    /// The account in which something is given: the one under test first.
    fn holder(&self, has: impl Fn(&Holdings) -> bool) -> Option<&'a str> {
        let home = std::iter::once((&self.environment.account, &self.given.home));
        home.chain(&self.given.accounts).find(|(_, holdings)| has(holdings)).map(|(account, _)| account.as_str())
    }

    fn names<K: Iterator<Item = &'a String>>(
        &self,
        resource_type: &'static str,
        keys: impl Fn(&'a Holdings) -> K,
    ) -> Vec<&'a str> {
        let given = std::iter::once(&self.given.home).chain(self.given.accounts.values()).flat_map(keys);
        self.of_type(resource_type).chain(given.map(String::as_str)).collect()
    }

    fn of_type(&self, wanted: &'static str) -> impl Iterator<Item = &'a str> + use<'a> {
        let matching = move |resource: &&Resource| resource.resource_type == wanted;
        self.stack.resources.iter().filter(matching).map(|resource| resource.logical_id.as_str())
    }
}

fn is_arn(text: &str) -> bool {
    text.starts_with("arn:")
}
