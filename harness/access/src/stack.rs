//! The inventory of a stack.

use policy::Kind;
use policy::arn::Arn;
use source::{Finding, Sources, Span};
use template::Stack;
use template::attached::{self, Boundary, Guarded};
use template::resource::Tag;

use crate::read::Reader;
use crate::{Attached, Inventory, Principal, Resource};

impl Inventory {
    /// What a stack makes in an account. `sources` holds the template and the files that it names.
    ///
    /// # Errors
    /// Every policy that cannot be read.
    pub fn of_stack(stack: &Stack, account: &str, sources: &Sources) -> Result<Self, Vec<Finding>> {
        let mut reader = Reader::new(sources);
        let mut inventory = Self::default();
        for principal in attached::principals(stack) {
            inventory.principals.push(of_principal(&mut reader, &principal));
        }
        let (resources, findings) = attached::resources(stack);
        reader.say(findings);
        let is_principal = |one: &Guarded<'_>| inventory.principals.iter().any(|known| known.arn == one.arn);
        let others: Vec<_> = resources.into_iter().filter(|one| !is_principal(one)).collect();
        for resource in others {
            let place = stack.resources.iter().find(|one| Some(&*one.logical_id) == resource.logical_id);
            let span = place.map(|one| one.span);
            inventory.resources.push(of_resource(&mut reader, &resource, account, span));
        }
        inventory.accounts.entry(account.to_owned()).or_default();
        let unattached = attached::unattached(stack).into_iter();
        inventory.unattached.extend(unattached.map(|(service, finding)| (service.to_owned(), finding)));
        // Of a type that is not modelled it is not known what it is about either.
        inventory.unattached.extend(stack.lacking_policies().map(|finding| (String::new(), finding)));
        if reader.findings.has_error() { Err(reader.findings.into_vec()) } else { Ok(inventory) }
    }
}

fn of_principal(reader: &mut Reader<'_>, principal: &attached::Principal<'_>) -> Principal {
    let owner = &principal.resource.logical_id;
    let name = |policy: &str| if policy.starts_with("arn:") { policy.to_owned() } else { format!("{owner}/{policy}") };
    let mut missing = Vec::new();
    let mut identity: Vec<Attached> = Vec::new();
    for policy in &principal.policies {
        identity.extend(reader.policy(&name(policy.name), Kind::Identity, policy.document));
    }
    for arn in &principal.managed_policy_arns {
        match reader.managed(&arn.value, Kind::Identity) {
            Some(policy) => identity.push(policy),
            None => missing.push(format!("the policy `{}`", policy::plain(&arn.value))),
        }
    }
    for group in &principal.groups_elsewhere {
        missing.push(format!("the group `{}`", policy::plain(&group.value)));
    }
    let boundary = match &principal.boundary {
        None => None,
        Some(Boundary::Made(policy)) => reader.policy(&name(policy.name), Kind::Boundary, policy.document),
        Some(Boundary::Elsewhere(arn)) => {
            let found = reader.managed(&arn.value, Kind::Boundary);
            if found.is_none() {
                missing.push(format!("the permissions boundary `{}`", policy::plain(&arn.value)));
            }
            found
        }
    };
    Principal {
        name: owner.clone(),
        arn: principal.resource.arn.clone().unwrap_or_default(),
        unique_id: None,
        tags: principal.tags.iter().map(pair).collect(),
        identity,
        boundary,
        trust: principal.trust.and_then(|node| reader.policy(&format!("{owner}/trust"), Kind::Trust, node)),
        missing,
        place: reader.place(principal.resource.span),
    }
}

fn of_resource(reader: &mut Reader<'_>, one: &Guarded<'_>, account: &str, span: Option<Span>) -> Resource {
    let name = one.logical_id.unwrap_or(one.arn);
    // Only the account that owns a bucket gives it a policy.
    // docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
    let own = Arn::parse(one.arn).map(|arn| arn.account).filter(|account| !account.is_empty());
    Resource {
        name: name.to_owned(),
        arn: one.arn.to_owned(),
        account: Some(own.unwrap_or(account).to_owned()),
        policy: one.policy.as_ref().and_then(|node| reader.policy(name, Kind::Resource, node)),
        tags: one.tags.as_ref().map(|tags| tags.iter().map(pair).collect()),
        restricts_public: false,
        place: span.map(|span| reader.place(span)).unwrap_or_default(),
    }
}

fn pair(tag: &Tag) -> (String, String) {
    (tag.key.value.clone(), tag.value.value.clone())
}
