//! What there is to ask about the account as a whole.

use account::identities::ResourceType;
use account::{Fault, Identity};
use serde_json::{Value, json};

use super::call::IamCall;
use super::document::MANAGED_SIZE;
use super::inline::quota;
use super::page::cut;

/// GetAccountSummary: what is there, beside the default quotas of
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html. What is not emulated is there zero times.
pub(crate) fn summary(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    op.authorize_on_all()?;
    let iam = op.iam()?;
    let versions: usize = iam.policies.values().map(|policy| policy.versions.len()).sum();
    let is_root = |identity: &Identity| matches!(identity, Identity::Root { account } if *account == op.account);
    let root_keys = op.world.credentials().iter().any(|credential| is_root(&credential.identity));
    Ok(json!({ "SummaryMap": {
        "AccessKeysPerUserQuota": 2,
        "AccountAccessKeysPresent": u8::from(root_keys),
        "AccountMFAEnabled": 0,
        "AccountPasswordPresent": 0,
        "AccountSigningCertificatesPresent": 0,
        "AssumeRolePolicySizeQuota": 2048,
        "AttachedPoliciesPerGroupQuota": 10,
        "AttachedPoliciesPerRoleQuota": 10,
        "AttachedPoliciesPerUserQuota": 10,
        "GlobalEndpointTokenVersion": 1,
        "GroupPolicySizeQuota": quota(ResourceType::Group),
        "Groups": iam.groups.len(),
        "GroupsPerUserQuota": 10,
        "GroupsQuota": 300,
        "InstanceProfiles": iam.profiles.len(),
        "InstanceProfilesQuota": 1000,
        "MFADevices": 0,
        "MFADevicesInUse": 0,
        "Policies": iam.policies.len(),
        "PoliciesQuota": 1500,
        "PolicySizeQuota": MANAGED_SIZE,
        "PolicyVersionsInUse": versions,
        "PolicyVersionsInUseQuota": 10000,
        "Providers": 0,
        "RolePolicySizeQuota": quota(ResourceType::Role),
        "Roles": iam.roles.len(),
        "RolesQuota": 1000,
        "ServerCertificates": 0,
        "ServerCertificatesQuota": 20,
        "SigningCertificatesPerUserQuota": 2,
        "UserPolicySizeQuota": quota(ResourceType::User),
        "Users": iam.users.values().count(),
        "UsersQuota": 5000,
        "VersionsPerPolicyQuota": 5,
    } }))
}

/// ListAccountAliases: an account here has none.
pub(crate) fn aliases(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let page = op.page();
    op.authorize_on_all()?;
    Ok(cut(&page, []).answer("AccountAliases"))
}
