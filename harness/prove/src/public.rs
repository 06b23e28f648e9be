//! Whether documents let a stranger in, as AWS's CheckNoPublicAccess asks.
//!
//! A stranger asks without a signature, or from an account of which the documents say nothing, and has nothing that they name: no
//! organisation, VPC, endpoint, address or resource of theirs. What anybody may choose, such as tags and names of roles, a
//! stranger may have.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use policy::view::{ConditionView, ItemView, Part};
use policy::{Document, Kind, Policy, PrincipalName};
use serde_json::{Map, Value, json};

use crate::callers;
use crate::granted::{asked, granted_to};
use crate::readable::readable;
use crate::{Disagreement, Options, Verdict};

#[cfg(test)]
mod tests;

/// What of a key a stranger does not have.
#[derive(Clone, Copy)]
enum Own {
    /// The values that the documents name.
    Id,
    /// The ids before the first `/` or `:` that they name, whatever follows.
    Start(char),
    /// The accounts that they mention.
    Account,
    /// ARNs in the accounts that they mention, and the ARNs that they name.
    Arn,
    /// Addresses in the ranges that they name, unless these are very wide; private addresses.
    Address,
    /// `true`.
    True,
}

/// Keys by which a policy is not public, if their values are fixed.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
/// docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html
const KEYS: &[(&str, Own)] = &[
    ("aws:PrincipalOrgID", Own::Id),
    ("aws:PrincipalOrgPaths", Own::Start('/')),
    ("aws:PrincipalAccount", Own::Account),
    ("aws:PrincipalArn", Own::Arn),
    ("aws:userid", Own::Start(':')),
    ("aws:SourceIp", Own::Address),
    ("aws:SourceArn", Own::Arn),
    ("aws:SourceAccount", Own::Account),
    ("aws:SourceOwner", Own::Account),
    ("aws:SourceOrgID", Own::Id),
    ("aws:SourceOrgPaths", Own::Start('/')),
    ("aws:SourceVpc", Own::Id),
    ("aws:SourceVpcArn", Own::Arn),
    ("aws:SourceVpce", Own::Id),
    ("aws:VpceAccount", Own::Account),
    ("aws:VpceOrgID", Own::Id),
    ("aws:VpceOrgPaths", Own::Start('/')),
    ("kms:CallerAccount", Own::Account),
    ("s3:DataAccessPointAccount", Own::Account),
    ("s3:DataAccessPointArn", Own::Arn),
    ("elasticfilesystem:AccessedViaMountTarget", Own::True),
];

/// Ranges with fewer bits are so wide that addresses in them are anybody's.
const NARROW: (u8, u8) = (8, 32);
const PRIVATE: [&str; 4] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];

/// Whether documents of one kind together allow something to a stranger.
///
/// ```
/// use std::sync::Arc;
/// use policy::{Document, Kind, Policy};
/// use prove::{Options, Verdict, public};
///
/// let text = r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*",
///     "Condition": {"StringLike": {"aws:SourceVpc": "vpc-*"}}}}"#;
/// let document = Document::read_json(text, Kind::Resource).0.unwrap();
/// let policy = Arc::new(Policy::new("b", Kind::Resource, &document));
/// let found = public(&[policy], &Options::default()).unwrap();
/// assert!(matches!(found, Verdict::Found { .. }), "anybody may have a VPC");
/// ```
///
/// # Errors
///
/// If the engine contradicts a request that was found, or a proof.
pub fn public(documents: &[Arc<Policy>], options: &Options) -> Result<Verdict, Disagreement> {
    let policies = || documents.iter().map(|policy| &**policy);
    let accounts = accounts(policies());
    let Some(access) = access(policies(), &accounts) else {
        return Ok(Verdict::Undecided { reason: "who is a stranger could not be written down".to_owned() });
    };
    let strangers = callers::strangers(policies(), &accounts);
    let verdict = granted_to(documents, &access, Some(&strangers), options)?;
    Ok(readable(verdict, false, &|request| asked(documents, &access, request)))
}

/// What a stranger may ask for.
fn access<'p>(policies: impl Iterator<Item = &'p Policy> + Clone, accounts: &[String]) -> Option<Arc<Policy>> {
    let mut conditions: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for &(key, own) in KEYS {
        let lower = key.to_ascii_lowercase();
        let asked: Vec<ConditionView<'_>> = policies
            .clone()
            .flat_map(Policy::view)
            .flat_map(|statement| statement.conditions())
            .filter(|condition| condition.lower_key() == lower)
            .collect();
        if asked.is_empty() {
            continue;
        }
        let (operator, values) = own.not_of_strangers(&asked, accounts);
        let is_multivalued = catalog::key(key).is_some_and(catalog::Key::is_multivalued);
        let operator = if is_multivalued { format!("ForAllValues:{operator}") } else { operator.to_owned() };
        if !values.is_empty() {
            conditions.entry(operator).or_default().insert(key.to_owned(), json!(values));
        }
    }
    let mut statement = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    if !conditions.is_empty() {
        statement["Condition"] = json!(conditions);
    }
    let text = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
    let document = Document::read_json(&text, Kind::Identity).0?;
    Some(Arc::new(Policy::new("stranger", Kind::Identity, &document)))
}

impl Own {
    /// The operator and its values that hold of a stranger's value, and where there is none.
    fn not_of_strangers(self, asked: &[ConditionView<'_>], accounts: &[String]) -> (&'static str, Vec<String>) {
        let texts = || asked.iter().flat_map(|condition| condition.texts());
        let fixed = texts().filter(|text| is_fixed(text)).map(str::to_owned);
        match self {
            Self::Id => ("StringNotEqualsIgnoreCase", fixed.collect()),
            Self::Account => ("StringNotEquals", accounts.to_vec()),
            Self::Start(end) => {
                let of_id = texts().filter_map(|text| text.split_once(end));
                let started = of_id.map(|(id, _)| id).filter(|id| is_fixed(id)).map(|id| format!("{id}{end}*"));
                ("StringNotLike", fixed.chain(started).collect())
            }
            Self::Arn => {
                let in_account = accounts.iter().map(|account| format!("arn:*:*:*:{account}:*"));
                ("ArnNotLike", fixed.filter(|arn| policy::arn::Arn::parse(arn).is_some()).chain(in_account).collect())
            }
            Self::Address => {
                let narrow = texts().filter(|range| is_narrow(range)).map(str::to_owned);
                ("NotIpAddress", PRIVATE.into_iter().map(str::to_owned).chain(narrow).collect())
            }
            Self::True => ("BoolIfExists", vec!["false".to_owned()]),
        }
    }
}

/// Without wildcards and variables.
fn is_fixed(text: &str) -> bool {
    !text.is_empty() && !text.contains(['*', '?']) && !text.contains("${")
}

/// An address, or a range of addresses that could be somebody's own.
fn is_narrow(range: &str) -> bool {
    let (address, bits) = range.split_once('/').map_or((range, None), |(address, bits)| (address, Some(bits)));
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    let least = if address.is_ipv4() { NARROW.0 } else { NARROW.1 };
    bits.is_none_or(|bits| bits.parse::<u8>().is_ok_and(|bits| bits >= least))
}

/// Every account that is mentioned anywhere: as a principal, in an ARN, in a condition.
fn accounts<'p>(policies: impl Iterator<Item = &'p Policy>) -> Vec<String> {
    let mut found = Vec::new();
    for statement in policies.flat_map(Policy::view) {
        for name in statement.names() {
            match name {
                PrincipalName::Account { id, .. } => found.push(id.clone()),
                PrincipalName::Arn(arn) => found.extend(numbers(arn)),
                _ => {}
            }
        }
        found.extend(
            statement.conditions().flat_map(|condition| condition.texts().flat_map(numbers).collect::<Vec<_>>()),
        );
        let items = statement.resources().into_iter().flat_map(|resources| resources.items());
        found.extend(items.flat_map(|item| numbers(&text(&item)).collect::<Vec<_>>()));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// What is written there, with a gap where wildcards and variables are.
fn text(item: &ItemView) -> String {
    item.written.iter().map(|part| if let Part::Letter(letter) = part { *letter } else { ' ' }).collect()
}

/// Account ids in a text.
fn numbers(text: &str) -> impl Iterator<Item = String> + '_ {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter(|word| policy::arn::is_account(word)).map(str::to_owned)
}
