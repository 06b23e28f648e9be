//! The inventory of an account, from what GetAccountAuthorizationDetails tells.

use policy::Kind;
use policy::arn::Arn;
use simulate::{DetailedEntity, DetailedPolicy, Details};
use source::{FileId, Finding, Sources, Span};

use crate::read::Reader;
use crate::{Attached, Inventory, Principal};

impl Inventory {
    /// Users and roles of the account whose details a file holds, as the AWS CLI prints them.
    /// docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
    ///
    /// # Errors
    /// Everything that is wrong with the file's form, or every policy that cannot be read.
    pub fn of_details(file: FileId, sources: &Sources) -> Result<Self, Vec<Finding>> {
        let text = sources.get(file).map_or("", source::Source::text);
        let details = Details::read(text).map_err(|mut findings| {
            findings.iter_mut().for_each(|finding| finding.span.file = file);
            findings
        })?;
        let mut reader = Reader::new(sources);
        let mut inventory = Self::default();
        for entity in details.entities() {
            let principal = of_entity(&mut reader, &entity, file);
            inventory.accounts.entry(principal.account().to_owned()).or_default();
            inventory.principals.push(principal);
        }
        if reader.findings.has_error() { Err(reader.findings.into_vec()) } else { Ok(inventory) }
    }
}

fn of_entity(reader: &mut Reader<'_>, entity: &DetailedEntity<'_>, file: FileId) -> Principal {
    let here = |span: Span| Span { file, ..span };
    let mut read = |policy: &DetailedPolicy<'_>, kind: Kind| -> Option<Attached> {
        match policy.span {
            Some(span) => reader.policy_of(policy.name, kind, policy.text, here(span)),
            None => reader.managed(policy.name, kind),
        }
    };
    let identity = entity.identity.iter().filter_map(|policy| read(policy, Kind::Identity)).collect();
    let boundary = entity.boundary.as_ref().and_then(|policy| read(policy, Kind::Boundary));
    let name = Arn::parse(entity.arn).map_or(entity.arn, |arn| arn.resource);
    let trust_name = format!("{name}/trust");
    let trust = entity.trust.map(|policy| DetailedPolicy { name: &trust_name, ..policy });
    let trust = trust.and_then(|policy| read(&policy, Kind::Trust));
    Principal {
        name: entity.arn.to_owned(),
        arn: entity.arn.to_owned(),
        unique_id: entity.id.map(str::to_owned),
        tags: entity.tags.to_vec(),
        identity,
        boundary,
        trust,
        missing: entity.missing.clone(),
        place: reader.place(here(entity.span)),
    }
}
