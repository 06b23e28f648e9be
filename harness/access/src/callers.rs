//! Who may ask: everybody in the inventory, and everybody else that the resource's policy names.

use policy::arn::Arn;
use policy::undocumented::Notes;
use policy::{Effect, Policy, Principal, PrincipalName};

use crate::{Index, Who};

/// The name of a session, where it does not matter.
const SESSION: &str = "session";
/// An account that stands for any that the inventory does not have.
const STRANGE: [&str; 3] = ["123456789012", "210987654321", "555566667777"];

/// Somebody who asks.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) who: Who,
    pub(crate) principal: Principal,
    /// The place in the inventory.
    pub(crate) known: Option<usize>,
}

/// A user, or a session of a role.
pub(crate) fn of_arn(arn: &str) -> Option<Principal> {
    let parsed = Arn::parse(arn)?;
    match parsed.resource.split_once('/')? {
        ("user", _) => Some(Principal::User { arn: arn.to_owned() }),
        ("role", path) => {
            let name = path.rsplit('/').next().unwrap_or_default();
            let (partition, account) = (parsed.partition, parsed.account);
            let session = format!("arn:{partition}:sts::{account}:assumed-role/{name}/{SESSION}");
            Some(Principal::RoleSession { role: Some(arn.to_owned()), session })
        }
        ("assumed-role", _) => Some(Principal::RoleSession { role: None, session: arn.to_owned() }),
        ("federated-user", _) => Some(Principal::FederatedUser { arn: arn.to_owned(), user: None }),
        _ => None,
    }
}

/// Everybody who may ask for what is under a resource's policy.
pub(crate) fn all(index: &Index<'_>, of_resource: Option<&Policy>) -> Vec<Caller> {
    let mut callers = known(index);
    callers.extend(others(index, of_resource));
    callers
}

/// Those of them whom the inventory does not have.
pub(crate) fn others(index: &Index<'_>, of_resource: Option<&Policy>) -> Vec<Caller> {
    let names = of_resource.into_iter().flat_map(Policy::view).filter(|one| one.effect() == Effect::Allow);
    let mut others = Others { index, found: Vec::new() };
    for statement in names {
        // Of NotPrincipal everybody else is meant.
        let leaves_out =
            statement.is_about(&Principal::Anonymous, false, Notes::default()).0 != policy::view::GrantView::None;
        if leaves_out {
            others.everybody();
        }
        statement.names().iter().for_each(|name| others.named(name));
    }
    others.found
}

/// Users and roles of the inventory, and the root users of its accounts.
fn known(index: &Index<'_>) -> Vec<Caller> {
    let principals = index.inventory.principals.iter().enumerate().filter_map(|(at, one)| {
        let who = Who::Known { name: one.name.clone(), arn: one.arn.clone() };
        Some(Caller { who, principal: of_arn(&one.arn)?, known: Some(at) })
    });
    let roots = index.inventory.accounts.keys().map(|account| {
        let partition = partition(index).to_owned();
        let principal = Principal::Root { partition, account: account.clone() };
        Caller { who: Who::Root(account.clone()), principal, known: None }
    });
    principals.chain(roots).collect()
}

fn partition<'a>(index: &'a Index<'_>) -> &'a str {
    index.inventory.principals.first().and_then(|one| policy::arn::partition(&one.arn)).unwrap_or("aws")
}

struct Others<'x, 'i> {
    index: &'x Index<'i>,
    found: Vec<Caller>,
}

impl Others<'_, '_> {
    fn add(&mut self, who: Who, principal: Principal) {
        if !self.found.iter().any(|one| one.who == who) {
            self.found.push(Caller { who, principal, known: None });
        }
    }

    fn everybody(&mut self) {
        self.add(Who::Anonymous, Principal::Anonymous);
        let is_free = |account: &&&str| !self.index.accounts.contains_key(**account);
        let strange = STRANGE.iter().find(is_free).copied().unwrap_or("000000000000");
        self.somebody_of(strange, Who::AnyAccount);
    }

    /// A role that nobody names stands for all users and roles of an account.
    fn somebody_of(&mut self, account: &str, who: Who) {
        let role = format!("arn:{}:iam::{account}:role/any-role", partition(self.index));
        if let Some(principal) = of_arn(&role) {
            self.add(who, principal);
        }
    }

    fn named(&mut self, name: &PrincipalName) {
        match name {
            PrincipalName::Account { id, .. } if !self.index.accounts.contains_key(id.as_str()) => {
                self.somebody_of(id, Who::Account(id.clone()));
            }
            PrincipalName::Arn(arn) => self.arn(arn),
            PrincipalName::Service(name) => {
                self.add(Who::Service(name.clone()), Principal::Service { name: name.clone() });
            }
            PrincipalName::Federated(provider) => {
                self.add(Who::Provider(provider.clone()), Principal::Federated { provider: provider.clone() });
            }
            PrincipalName::Account { .. }
            | PrincipalName::Everyone
            | PrincipalName::Canonical(_)
            | PrincipalName::Id => {}
        }
    }

    fn arn(&mut self, arn: &str) {
        if self.index.inventory.principals.iter().any(|one| one.arn == arn) {
            return;
        }
        let Some(principal) = of_arn(arn) else { return };
        let known = self.index.inventory.principals.iter().position(|one| is_session_of(&principal, &one.arn));
        match (known, &principal) {
            (Some(at), Principal::RoleSession { session, .. }) => {
                let role = Some(self.index.inventory.principals[at].arn.clone());
                let principal = Principal::RoleSession { role, session: session.clone() };
                self.found.push(Caller { who: Who::Session(arn.to_owned()), principal, known: Some(at) });
            }
            _ => self.add(Who::Elsewhere(arn.to_owned()), principal),
        }
    }
}

/// Whether somebody is a session of a role.
fn is_session_of(principal: &Principal, role: &str) -> bool {
    let Principal::RoleSession { role: None, session } = principal else { return false };
    let (Some(session), Some(role)) = (Arn::parse(session), Arn::parse(role)) else { return false };
    let name = session.resource.split('/').nth(1);
    session.account == role.account && role.resource.starts_with("role/") && name == role.resource.rsplit('/').next()
}
