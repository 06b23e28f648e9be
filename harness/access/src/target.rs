//! What is asked about: the action, the resource with its policy and its tags, and the account that owns it.

use policy::arn::Arn;

use crate::facts::Settled;
use crate::index::Number;
use crate::{Attached, Fault, Index};

/// What is asked about.
pub(crate) struct Target<'i> {
    pub(crate) action: String,
    pub(crate) resource: String,
    pub(crate) owner: String,
    /// Its policy: of a role its trust policy.
    pub(crate) policy: Option<(&'i Attached, Number)>,
    pub(crate) tags: Option<&'i [(String, String)]>,
    pub(crate) restricts_public: bool,
    /// Whether resource control policies apply to the action.
    pub(crate) has_resource_control: bool,
    /// Keys that the question itself gives.
    pub(crate) given: Vec<(String, Settled)>,
}

impl<'i> Target<'i> {
    /// Whether it is about one resource, and not about all of a pattern.
    pub(crate) fn is_one(&self) -> bool {
        self.resource == "*" || !self.resource.contains(['*', '?'])
    }

    /// An action as the catalogue spells it, on a resource.
    pub(crate) fn new(
        index: &Index<'i>,
        action: &str,
        resource: &str,
        account: Option<&str>,
    ) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let known = catalog::action(action);
        if let Some(message) = simulate::not_known(action) {
            faults.push(Fault::new(message));
        }
        let is_one = !resource.contains(['*', '?']);
        if resource != "*" && Arn::parse(resource).is_none() {
            faults.push(unknown(index, resource));
        } else if let Some(message) = simulate::not_on(action, resource).filter(|_| is_one) {
            faults.push(Fault::new(message));
        }
        let role = index.inventory.principals.iter().position(|one| one.arn == resource);
        let other = index.inventory.resources.iter().position(|one| one.holds(resource));
        let found = other.map(|at| &index.inventory.resources[at]);
        let of_arn = Arn::parse(resource).map(|arn| arn.account).filter(|account| policy::arn::is_account(account));
        let of_resource = found.and_then(|one| one.account.as_deref());
        let only = Some(&index.inventory.accounts).filter(|all| all.len() == 1).and_then(|all| all.keys().next());
        let owner = account.or(of_resource).or(of_arn).or(only.map(String::as_str));
        if owner.is_none() {
            let fault = Fault::new(format!("it is not known which account `{}` belongs to", policy::plain(resource)));
            faults.push(fault.help("give it with --resource-account"));
        }
        let Some(owner) = owner.filter(|_| faults.is_empty()) else { return Err(faults) };
        let mut target = Self {
            action: known.map_or(action, |known| known.name()).to_owned(),
            resource: known.map_or(resource.into(), |action| action.authorised_on(resource)).into_owned(),
            owner: owner.to_owned(),
            policy: None,
            tags: found.and_then(|one| one.tags.as_deref()),
            has_resource_control: known.is_none_or(|action| action.service().has_resource_control()),
            restricts_public: found.is_some_and(|one| one.restricts_public),
            given: Vec::new(),
        };
        if let Some(at) = role {
            let principal = &index.inventory.principals[at];
            target.tags = Some(&principal.tags);
            if simulate::is_about_trust(action) {
                target.policy = principal.trust.as_ref().zip(index.principals[at].trust);
            }
        } else if let Some(at) = other {
            let policy = index.inventory.resources[at].policy.as_ref();
            let of_resource = policy.filter(|one| one.kind() == policy::Kind::Resource);
            target.policy = of_resource.zip(index.resources[at]);
        }
        Ok(target)
    }
}

/// That a resource is neither an ARN nor known by name.
fn unknown(index: &Index<'_>, written: &str) -> Fault {
    let names = index.inventory.resources.iter().map(|one| one.name.as_str());
    let names: Vec<&str> = names.chain(index.inventory.principals.iter().map(|one| one.name.as_str())).collect();
    let fault = Fault::new(format!("`{}` is neither an ARN nor the name of a resource", policy::plain(written)));
    match source::suggest(written, names) {
        Some(near) => fault.help(format!("did you mean `{}`?", policy::plain(near))),
        None => fault.help("write its ARN, such as arn:aws:s3:::bucket/key"),
    }
}
