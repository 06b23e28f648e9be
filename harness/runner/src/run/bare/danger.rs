//! What a scenario must not do in a real account, even for seconds.
//!
//! A role's trust policy and a bucket's policy say who may come in. A principal that is not surely of the account is
//! refused: by AWS's list of principals each kind is looked at, and what cannot be read lets nobody in.
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html

use matrix::call::ApiCall;
use matrix::plan::Environment;
use policy::arn::Arn;
use policy::{Document, Effect, Kind, PrincipalName};

/// A policy that says who may come in.
struct Entrance<'a> {
    /// The role or the bucket.
    name: &'a str,
    kind: Kind,
    policy: Document,
}

/// Why these calls must not be made by `caller`, a user, role or root user of the account that the plan is for.
pub(super) fn danger(calls: &[&ApiCall], home: &Environment, caller: &str) -> Option<String> {
    calls.iter().find_map(|call| match Entrance::of(call)? {
        Ok(entrance) => entrance.stranger(home).or_else(|| entrance.locks_out(caller)),
        Err(why) => Some(why),
    })
}

impl<'a> Entrance<'a> {
    /// The policy that a call puts, if it says who may come in; else why it cannot be looked at.
    fn of(call: &'a ApiCall) -> Option<Result<Self, String>> {
        let (kind, member, name) = match call.operation {
            "CreateRole" => (Kind::Trust, "AssumeRolePolicyDocument", "RoleName"),
            "UpdateAssumeRolePolicy" => (Kind::Trust, "PolicyDocument", "RoleName"),
            "PutBucketPolicy" => (Kind::Resource, "Policy", "Bucket"),
            _ => return None,
        };
        let name = call.input[name].as_str().unwrap_or_default();
        let policy = Document::read_json(call.input[member].as_str().unwrap_or_default(), kind).0;
        let unread = || format!("the policy of `{name}` cannot be read, so nobody can tell whom it lets in");
        Some(policy.map(|policy| Self { name, kind, policy }).ok_or_else(unread))
    }

    /// Whom it lets in who may be somebody else's.
    fn stranger(&self, home: &Environment) -> Option<String> {
        let told = self.policy.principals(Effect::Allow).find_map(|principals| match principals.not {
            // "… allows all principals … except for the one that is listed".
            true => Some(format!("lets in everybody but {} (NotPrincipal)", of_all(&principals.names))),
            false => principals.names.iter().find_map(|name| self.let_in(name, home)),
        });
        told.map(|told| format!("the policy of `{}` {told}", self.name))
    }

    fn let_in(&self, name: &PrincipalName, home: &Environment) -> Option<String> {
        match name {
            // Conditions are no bounds to rely on; and with some of them a bucket's policy is not public to Block Public
            // Access. docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
            PrincipalName::Everyone => Some("would let in anybody, of any account".to_owned()),
            PrincipalName::Account { partition, id } => {
                let is_home = *id == home.account && partition.as_ref().is_none_or(|own| *own == home.partition);
                (!is_home).then(|| format!("lets in account {id}{}, which may be somebody's", of_partition(partition)))
            }
            PrincipalName::Arn(text) => match Arn::parse(text) {
                Some(arn) if (arn.account, arn.partition) == (&home.account, &home.partition) => None,
                Some(arn) if policy::arn::is_account(arn.account) && arn.partition == home.partition => {
                    Some(format!("lets in account {}, which may be somebody's", arn.account))
                }
                _ => Some(format!("lets in `{text}`, which is not of the account")),
            },
            // A service takes a role of the account alone whose user has passed it the role.
            // docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
            PrincipalName::Service(service) if self.kind == Kind::Trust && is_aws_service(service) => None,
            // What a service does in a bucket it may do for other accounts as well.
            // docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
            PrincipalName::Service(service) => {
                Some(format!("lets in service `{service}`, which may come for other accounts"))
            }
            PrincipalName::Federated(provider) => {
                Some(format!("lets in whoever `{provider}` knows, which is not of the account"))
            }
            PrincipalName::Canonical(id) => {
                Some(format!("lets in canonical user `{id}`, and nobody can tell here whose that is"))
            }
            PrincipalName::Id => {
                Some("lets in somebody by a unique id, and nobody can tell here whose that is".to_owned())
            }
        }
    }

    /// The root user can delete every bucket policy, and nobody else can whom it denies that.
    /// docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html
    fn locks_out(&self, caller: &str) -> Option<String> {
        let is_root = Arn::parse(caller).is_some_and(|arn| arn.resource == "root");
        let denies = self.kind == Kind::Resource && self.policy.mentions(Effect::Deny, "s3:DeleteBucketPolicy");
        let name = self.name;
        (denies && !is_root).then(|| {
            format!(
                "the policy of bucket `{name}` may keep whoever made it from deleting it again; the root user could"
            )
        })
    }
}

fn of_all(names: &[PrincipalName]) -> String {
    names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn of_partition(partition: &Option<String>) -> String {
    partition.as_ref().filter(|own| *own != "aws").map(|own| format!(" of partition {own}")).unwrap_or_default()
}

/// `service-name.amazonaws.com`, as the page has it; in China with `.cn`.
fn is_aws_service(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
    let own = name.strip_suffix(".cn").unwrap_or(name).strip_suffix(".amazonaws.com");
    own.is_some_and(|own| !own.is_empty() && own.chars().all(fits))
}

#[cfg(test)]
mod tests;
