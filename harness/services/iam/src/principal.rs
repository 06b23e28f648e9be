//! Users and roles that trust policies and bucket policies name.
//!
//! AWS keeps the unique id behind a user or role that such a policy names. A name that is nobody's is refused; a
//! renamed user keeps its place in the policy; of a deleted one the id remains, which no user or role made anew under
//! the name has.
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles,
//! repost.aws/knowledge-center/iam-resource-policy-format

use account::{Fault, World, each_principal, with_principals};

use super::document::{invalid_principal, kept_trust};
use super::fault;

/// Refuses a trust policy that names a user or role of an account in this world that is not there.
pub(crate) fn check(world: &World, text: &str) -> Result<(), Fault> {
    let Ok(mut document) = serde_json::from_str(text) else { return Ok(()) };
    let mut result = Ok(());
    each_principal(&mut document, |name| {
        if result.is_ok() && world.is_nobody(name) {
            result = Err(fault::malformed(invalid_principal(name)));
        }
    });
    result
}

/// Writes `to` where trust policies and bucket policies, of whichever account, name `from`.
pub(crate) fn rename(world: &mut World, from: &str, to: &str) {
    world.rename_principals(&|text| with_principals(text, |name| (name == from).then(|| to.to_owned())));
}

/// Puts what `renamed` makes of each trust policy in its place.
pub(crate) fn rename_in_trust(world: &mut World, renamed: &dyn Fn(&str) -> Option<String>) {
    for role in world.accounts_mut().flat_map(|account| account.identities.roles.values_mut()) {
        if let Some(text) = renamed(&role.trust.text)
            && let Ok(trust) = kept_trust(&role.metadata.name, text)
        {
            role.trust = trust;
        }
    }
}
