//! Who may ask: everybody that some policies can tell from others.

use policy::arn::Arn;
use policy::{Kind, Policy, Principal, PrincipalName};

/// An account that no policy names, unless it names this very one.
const STRANGE_ACCOUNTS: [&str; 3] = ["123456789012", "210987654321", "555566667777"];
const PARTITION: &str = "aws";

/// Every principal that the policies name, and for each kind of principal and each account one that they do not name.
pub(crate) fn of<'p>(policies: impl Iterator<Item = &'p Policy> + Clone) -> Vec<Principal> {
    let mut names: Vec<&PrincipalName> =
        policies.clone().flat_map(Policy::view).flat_map(|statement| statement.names()).collect();
    names.dedup();
    let is_over_root = policies.clone().any(|policy| policy.kind() == Kind::ServiceControl);
    let is_named = policies.flat_map(Policy::view).any(|statement| !statement.names().is_empty());
    let mut callers = Callers { names, is_over_root, found: Vec::new() };
    let strange = callers.strange_account();
    callers.members(PARTITION, &strange);
    if is_named {
        callers.named();
        callers.outsiders();
    }
    callers.found
}

/// Whoever asks without a signature, and somebody of each kind in an account that is none of these.
pub(crate) fn strangers<'p>(policies: impl Iterator<Item = &'p Policy>, accounts: &[String]) -> Vec<Principal> {
    let names = policies.flat_map(Policy::view).flat_map(|statement| statement.names()).collect();
    let mut callers = Callers { names, is_over_root: true, found: vec![Principal::Anonymous] };
    let numbered = (0..).map(|number| format!("{number:012}"));
    let mut fresh = STRANGE_ACCOUNTS.iter().map(|account| (*account).to_owned()).chain(numbered);
    callers.members(PARTITION, &fresh.find(|account| !accounts.contains(account)).unwrap_or_default());
    callers.found
}

/// Everybody whom a resource's policy can tell apart, as those who ask it: first the members of the account that owns the
/// resource, without its root user, then all others.
pub fn everybody(policy: &Policy, partition: &str, owner: &str) -> [Vec<Principal>; 2] {
    let mut all = of(std::iter::once(policy));
    // One that the policy names is there, and so are those of its account that it does not.
    all.extend(sessions_of(&format!("arn:{partition}:iam::{owner}:role/other"), std::iter::once(policy)));
    all.push(Principal::User { arn: format!("arn:{partition}:iam::{owner}:user/other") });
    all.retain(|one| !matches!(one, Principal::Root { account, .. } if account == owner));
    let (mut members, mut others): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|one| one.account().is_some_and(|account| account == owner));
    for callers in [&mut members, &mut others] {
        let mut known = Vec::new();
        callers.retain(|one| {
            !known.contains(one) && {
                known.push(one.clone());
                true
            }
        });
    }
    [members, others]
}

/// The sessions of a role that some policies can tell apart: each that they name, and one that they do not.
pub fn sessions_of<'p>(role: &str, policies: impl Iterator<Item = &'p Policy>) -> Vec<Principal> {
    let names = policies.flat_map(Policy::view).flat_map(|statement| statement.names()).collect();
    let mut callers = Callers { names, is_over_root: false, found: Vec::new() };
    callers.sessions(role);
    callers.found
}

/// The ARNs that the policies name.
pub(crate) fn named<'p>(policies: impl Iterator<Item = &'p Policy>) -> Vec<String> {
    let names = policies.flat_map(Policy::view).flat_map(|statement| statement.names());
    let arn = |name: &PrincipalName| match name {
        PrincipalName::Arn(arn) => Some(arn.clone()),
        _ => None,
    };
    names.filter_map(arn).collect()
}

struct Callers<'p> {
    names: Vec<&'p PrincipalName>,
    /// "SCPs affect all users and roles in attached accounts, including the root user."
    /// docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
    is_over_root: bool,
    found: Vec<Principal>,
}

impl Callers<'_> {
    fn add(&mut self, caller: Principal) {
        if !self.found.contains(&caller) {
            self.found.push(caller);
        }
    }

    fn is_mentioned(&self, account: &str) -> bool {
        self.names.iter().any(|name| match name {
            PrincipalName::Account { id, .. } => id == account,
            PrincipalName::Arn(arn) => Arn::parse(arn).is_some_and(|arn| arn.account == account),
            _ => false,
        })
    }

    fn strange_account(&self) -> String {
        let unnamed = STRANGE_ACCOUNTS.iter().find(|account| !self.is_mentioned(account));
        let numbered = || (0..).map(|number| format!("{number:012}")).find(|account| !self.is_mentioned(account));
        unnamed.map(|account| (*account).to_owned()).or_else(numbered).unwrap_or_default()
    }

    /// Somebody of each kind in an account whom nobody names.
    fn members(&mut self, partition: &str, account: &str) {
        let role = self.unnamed(&format!("arn:{partition}:iam::{account}:role/"));
        let user = self.unnamed(&format!("arn:{partition}:iam::{account}:user/"));
        self.sessions(&role);
        self.add(Principal::User { arn: user });
        if self.is_over_root || !self.names.is_empty() {
            self.add(Principal::Root { partition: partition.to_owned(), account: account.to_owned() });
        }
        let arn = self.unnamed(&format!("arn:{partition}:sts::{account}:federated-user/"));
        self.add(Principal::FederatedUser { arn, user: None });
    }

    /// An ARN with a name that no policy has.
    fn unnamed(&self, start: &str) -> String {
        let is_free =
            |arn: &String| !self.names.iter().any(|name| matches!(name, PrincipalName::Arn(other) if other == arn));
        let numbered = (0..).map(|number| format!("{start}other{number}"));
        std::iter::once(format!("{start}other")).chain(numbered).find(is_free).unwrap_or_default()
    }

    /// The sessions of a role: one that nobody names, and those that somebody does.
    fn sessions(&mut self, role: &str) {
        let Some(Arn { partition, account, resource, .. }) = Arn::parse(role) else { return };
        let name = resource.rsplit('/').next().unwrap_or_default();
        let start = format!("arn:{partition}:sts::{account}:assumed-role/{name}/");
        let named: Vec<String> = self
            .names
            .iter()
            .filter_map(|other| match other {
                PrincipalName::Arn(arn) if arn.starts_with(&start) => Some(arn.clone()),
                _ => None,
            })
            .collect();
        for session in named.into_iter().chain([self.unnamed(&start)]) {
            self.add(Principal::RoleSession { role: Some(role.to_owned()), session });
        }
    }

    fn named(&mut self) {
        for name in self.names.clone() {
            match name {
                PrincipalName::Account { partition, id } => self.members(partition.as_deref().unwrap_or(PARTITION), id),
                PrincipalName::Arn(arn) => self.named_arn(arn),
                PrincipalName::Service(name) => self.add(Principal::Service { name: name.clone() }),
                PrincipalName::Federated(provider) => self.add(Principal::Federated { provider: provider.clone() }),
                PrincipalName::Everyone | PrincipalName::Canonical(_) | PrincipalName::Id => {}
            }
        }
    }

    fn named_arn(&mut self, arn: &str) {
        let Some(Arn { partition, account, resource, .. }) = Arn::parse(arn) else { return };
        self.members(partition, account);
        match resource.split_once('/') {
            Some(("user", _)) => {
                self.add(Principal::User { arn: arn.to_owned() });
                let session = self.unnamed(&format!("arn:{partition}:sts::{account}:federated-user/"));
                self.add(Principal::FederatedUser { arn: session, user: Some(arn.to_owned()) });
            }
            Some(("role", _)) => self.sessions(arn),
            Some(("assumed-role", rest)) => {
                let name = rest.split('/').next().unwrap_or_default();
                // The session's ARN has no path: its role may be one that nobody names.
                for path in ["", "other/"] {
                    self.sessions(&format!("arn:{partition}:iam::{account}:role/{path}{name}"));
                }
            }
            Some(("federated-user", _)) => {
                self.add(Principal::FederatedUser { arn: arn.to_owned(), user: None });
                self.add_with_users(arn, partition, account);
            }
            _ => {}
        }
    }

    /// A federated session that some named user made.
    fn add_with_users(&mut self, session: &str, partition: &str, account: &str) {
        let start = format!("arn:{partition}:iam::{account}:user/");
        for name in self.names.clone() {
            if let PrincipalName::Arn(user) = name
                && user.starts_with(&start)
            {
                self.add(Principal::FederatedUser { arn: session.to_owned(), user: Some(user.clone()) });
            }
        }
    }

    /// Callers of no account.
    fn outsiders(&mut self) {
        self.add(Principal::Anonymous);
        let services = ["other.amazonaws.com", "other2.amazonaws.com"];
        let is_service = |name: &&str| {
            !self
                .names
                .iter()
                .any(|other| matches!(other, PrincipalName::Service(other) if other.eq_ignore_ascii_case(name)))
        };
        if let Some(name) = services.iter().find(|name| is_service(name)) {
            self.add(Principal::Service { name: (*name).to_owned() });
        }
        let providers = ["other.example.com", "other2.example.com"];
        let is_provider = |name: &&str| {
            !self.names.iter().any(|other| matches!(other, PrincipalName::Federated(other) if other == name))
        };
        if let Some(provider) = providers.iter().find(|name| is_provider(name)) {
            self.add(Principal::Federated { provider: (*provider).to_owned() });
        }
    }
}
