//! Principals, resources and accounts, with the policies that have a say.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use policy::arn::Arn;
use policy::{Kind, Policy};
use source::{Finding, Position};
use template::attached::Guarded;

/// Everything that is known of some accounts.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    /// Roles and users, in the order of where they stand.
    pub principals: Vec<Principal>,
    /// Resources with an ARN. A role stands among the principals.
    pub resources: Vec<Resource>,
    /// Accounts, by id, with what their organisations say.
    pub accounts: BTreeMap<String, Account>,
    /// Policies that count nowhere, since it is not known what they are about: the service that each may be about, and what
    /// there is to say of it.
    pub unattached: Vec<(String, Finding)>,
}

/// A role or a user.
#[derive(Clone, Debug)]
pub struct Principal {
    /// What its source calls it: a logical id, an address of Terraform, or its ARN.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// Its unique id, `AROA…` or `AIDA…`, where that is known.
    pub unique_id: Option<String>,
    /// Its tags.
    pub tags: Vec<(String, String)>,
    /// Inline and managed policies; of a user also those of its groups.
    pub identity: Vec<Attached>,
    /// Its permissions boundary.
    pub boundary: Option<Attached>,
    /// A role's trust policy.
    pub trust: Option<Attached>,
    /// What has a say in its requests and is not in the source: no decision about it is certain.
    pub missing: Vec<String>,
    /// Where it stands.
    pub place: Place,
}

/// A resource that requests can name.
#[derive(Clone, Debug)]
pub struct Resource {
    /// What its source calls it: a logical id, an address of Terraform, or its ARN.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// The account that owns it, where that is known.
    pub account: Option<String>,
    /// Its policy; a VPC endpoint's is of the kind [`Kind::Endpoint`].
    pub policy: Option<Attached>,
    /// The tags that requests on it carry; `None` where the source does not tell them.
    pub tags: Option<Vec<(String, String)>>,
    /// Whether S3 ignores what a public policy grants to other accounts (RestrictPublicBuckets).
    pub restricts_public: bool,
    /// Where it stands.
    pub place: Place,
}

/// An account.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// The organisation that it belongs to.
    pub organization: Option<Organization>,
    /// Service control policies for its users and roles, one list for each level, the root first.
    pub service_control: Vec<Vec<Attached>>,
    /// Resource control policies for its resources, in the same way.
    pub resource_control: Vec<Vec<Attached>>,
    /// What has a say and is not in the source: nothing that is allowed is certain.
    pub missing: Vec<String>,
}

/// Where in an organisation an account is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// `o-a1b2c3d4e5`
    pub id: String,
    /// As aws:PrincipalOrgPaths has it: `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/`.
    pub path: String,
}

/// A policy where it is attached. Its name and its kind are the policy's own.
#[derive(Clone, Debug)]
pub struct Attached {
    /// The policy.
    pub policy: Arc<Policy>,
    /// Its JSON.
    pub text: Arc<str>,
    /// Where it stands.
    pub place: Place,
}

/// A policy with what it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Owned<'a> {
    /// The name of the principal or the resource, or the id of the account.
    pub owner: &'a str,
    /// The policy.
    pub attached: &'a Attached,
}

/// A place in a file. Of what stands in none, the file alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: Arc<str>,
    /// Where in it.
    pub position: Option<Position>,
}

impl fmt::Display for Place {
    /// `stack.yaml:12:7`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", policy::plain(&self.file))?;
        self.position.map_or(Ok(()), |Position { line, column }| write!(f, ":{line}:{column}"))
    }
}

impl Inventory {
    /// Every policy with its owner: of principals, of resources, of accounts. What is attached to several stands there for each.
    pub fn policies(&self) -> impl Iterator<Item = Owned<'_>> {
        let of_principals = self.principals.iter().flat_map(|one| {
            let all = one.identity.iter().chain(&one.boundary).chain(&one.trust);
            all.map(|attached| Owned { owner: &one.name, attached })
        });
        let of_resources = self.resources.iter().flat_map(|one| {
            let all = one.policy.iter();
            all.map(|attached| Owned { owner: &one.name, attached })
        });
        let of_accounts = self.accounts.iter().flat_map(|(id, one)| {
            let all = one.service_control.iter().chain(&one.resource_control).flatten();
            all.map(|attached| Owned { owner: id, attached })
        });
        of_principals.chain(of_resources).chain(of_accounts)
    }

    /// The principal with a name or an ARN.
    #[must_use]
    pub fn principal(&self, named: &str) -> Option<&Principal> {
        self.principals.iter().find(|one| one.arn == named || one.name == named)
    }

    /// The resource with an ARN, or the one that it belongs to: the bucket of an object.
    #[must_use]
    pub fn resource(&self, arn: &str) -> Option<&Resource> {
        self.resources.iter().find(|one| one.holds(arn))
    }

    /// Puts more to it: other accounts, or resources of the same.
    pub fn add(&mut self, other: Self) {
        self.principals.extend(other.principals);
        self.resources.extend(other.resources);
        self.accounts.extend(other.accounts);
        self.unattached.extend(other.unattached);
    }
}

impl Principal {
    /// Whether it is a role.
    #[must_use]
    pub fn is_role(&self) -> bool {
        Arn::parse(&self.arn).is_some_and(|arn| arn.resource.starts_with("role/"))
    }

    /// The account that it belongs to.
    #[must_use]
    pub fn account(&self) -> &str {
        Arn::parse(&self.arn).map_or("", |arn| arn.account)
    }
}

impl Resource {
    /// Whether an ARN is that of the resource, or of what belongs to it and is under its policy.
    #[must_use]
    pub fn holds(&self, arn: &str) -> bool {
        let Self { arn: own, .. } = self;
        Guarded { logical_id: None, construct_path: None, name: None, arn: own, policy: None, tags: None }.holds(arn)
    }
}

impl Attached {
    /// What the policy is attached to.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.policy.kind()
    }
}
