//! Session policies: `Policy` and `PolicyArns`.
//! docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session

use std::sync::Arc;

use account::input::Breaches;
use account::{Fault, World};
use policy::{Kind, Policy};
use serde::Deserialize;

use super::fault::validation;
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

pub(super) fn check(breaches: &mut Breaches, inline: Option<&str>, managed: &[PolicyDescriptor]) {
    if let Some(text) = inline {
        breaches.length(text, "policy", 1, PLAIN_TEXT);
    }
    let most = "Member must have length less than or equal to 10";
    breaches.check(managed.len() <= 10, format_args!("[{} policies]", managed.len()), "policyArns", most);
    for (at, PolicyDescriptor { arn }) in managed.iter().enumerate() {
        breaches.length(arn, &format!("policyArns.{}.member.arn", at + 1), 20, 2048);
    }
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
