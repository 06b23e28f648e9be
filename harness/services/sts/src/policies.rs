//! Session policies: `Policy` and `PolicyArns`.
//! docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session

use std::sync::Arc;

use account::{Breach, BreachKind, Fault, World};
use policy::{Kind, Policy};
use serde::Deserialize;

use super::fault::{self, validation};
use super::session_tags::SessionTags;

/// A managed policy as requests name it. The member is `arn` in lower case, unlike all its neighbours.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct PolicyDescriptor {
    #[serde(alias = "Arn")]
    arn: String,
}

/// "The plaintext that you use for both inline and managed session policies can't exceed 2,048 characters."
const PLAIN_TEXT: usize = 2048;

/// "You can provide up to 10 managed policy ARNs."
const MANAGED: usize = 10;

/// The bounds that AWS's pages state and its model does not.
/// docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
pub(super) fn check(inline: Option<&str>, managed: &[PolicyDescriptor]) -> Result<(), Fault> {
    let most = |place: &str, value: String, most: usize| Breach {
        place: place.to_owned(),
        value: format!("'{value}'"),
        constraint: format!("Member must have length less than or equal to {most}"),
        kind: BreachKind::Value,
    };
    let long = inline.filter(|text| text.chars().count() > PLAIN_TEXT);
    let long = long.map(|text| most("policy", text.to_owned(), PLAIN_TEXT));
    let many = (managed.len() > MANAGED).then(|| most("policyArns", format!("[{} policies]", managed.len()), MANAGED));
    let breaches: Vec<_> = many.into_iter().chain(long).collect();
    if breaches.is_empty() { Ok(()) } else { Err(fault::breaches(&breaches)) }
}

/// Session policies, compiled; `None` when the request names none. Managed policies are `account`'s own or AWS's.
pub(super) fn read(
    world: &World,
    account: &str,
    inline: Option<&str>,
    managed: &[PolicyDescriptor],
) -> Result<Option<Vec<Arc<Policy>>>, Fault> {
    if inline.is_none() && managed.is_empty() {
        return Ok(None);
    }
    let mut policies = Vec::new();
    if let Some(text) = inline {
        policies.push(Arc::new(Policy::new("session policy", Kind::Session, &iam::read_policy(text, Kind::Session)?)));
    }
    for PolicyDescriptor { arn } in managed {
        let text = world.account(account).and_then(|account| account.identities.policy_text(arn));
        let text = text.ok_or_else(|| validation(format!("The policy {arn} does not exist or is not attachable")))?;
        policies.push(Arc::new(Policy::new(arn, Kind::Session, &iam::read_policy(text, Kind::Session)?).with_arn(arn)));
    }
    Ok(Some(policies))
}

/// The session policies of a federated user who passes none: "the resulting federated user session has no permissions".
/// They allow an action that there is not.
/// docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
pub(super) fn nothing() -> Result<Vec<Arc<Policy>>, Fault> {
    let text = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"none:None","Resource":"*"}}"#;
    let document = iam::read_policy(text, Kind::Session)?;
    Ok(vec![Arc::new(Policy::new("no session policy", Kind::Session, &document))])
}

/// How full the packed policies and tags are, in percent; too full is an error.
///
/// AWS does not publish how it packs. The sum of the texts against twice the bound on policy text lets through
/// everything that the documented bounds on plain text do, short of very many large tags.
pub(super) fn packed_size(
    inline: Option<&str>,
    managed: &[PolicyDescriptor],
    tags: &SessionTags,
) -> Result<u64, Fault> {
    let policies = inline.map_or(0, str::len) + managed.iter().map(|policy| policy.arn.len()).sum::<usize>();
    let both = tags.passed.iter().chain(tags.inherited.iter());
    let tags: usize = both.map(|(key, value)| key.len() + value.len()).sum();
    let percent = ((policies + tags) * 100).div_ceil(2 * PLAIN_TEXT);
    if percent <= 100 {
        return Ok(percent as u64);
    }
    let message = if tags > policies {
        format!("Packed size of session tags consumes {percent}% of allotted space.")
    } else {
        format!("Packed policy consumes {percent}% of allotted space, please use smaller policy.")
    };
    Err(Fault::new(400, "PackedPolicyTooLarge", message))
}
