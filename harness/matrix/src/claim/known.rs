//! What an option settles of the requests that a claim is about, beside the policies: tags, organisation, endpoint.

use catalog::TagSet;
use policy::Request;
use prove::Settled;

/// What is settled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// Whether the caller's session may have any session tags.
    pub(super) has_any_tags: bool,
    /// Whether the caller stands for every session of its role.
    pub(super) is_every_session: bool,
    /// Whether the resource has the tags that requests show, and no others.
    pub(super) has_known_tags: bool,
    /// Whether it is known which accounts are in which organisation.
    pub(super) has_organization: bool,
}

/// Keys that follow from the user, the role, or the kind of both.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties
const OF_CALLER: [&str; 3] = ["aws:username", "aws:PrincipalType", "aws:PrincipalIsAWSService"];
/// Those that follow from the session.
const OF_SESSION: [&str; 1] = ["aws:SourceIdentity"];
/// Those that follow from the organisation.
const OF_ORGANIZATION: [&str; 4] =
    ["aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:ResourceOrgID", "aws:ResourceOrgPaths"];
/// Those that follow from the endpoint that a request comes through. A request through one has no aws:SourceIp.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-network-properties
const OF_ENDPOINT: [&str; 7] = [
    "aws:SourceVpce",
    "aws:SourceVpc",
    "aws:SourceVpcArn",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "aws:VpceOrgPaths",
    "aws:SourceIp",
];

impl Known {
    /// What is settled of a key. `requests` are as the world has them.
    pub(super) fn says(self, key: &str, requests: &[Request]) -> Settled {
        let is = |one: &&str| one.eq_ignore_ascii_case(key);
        let has = |key: &str| requests.iter().any(|request| request.context.get(key).is_some());
        let is_settled = match () {
            // A session tag replaces the role's tag of the same key, and takes none away.
            // docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
            () if principal_tag(key).is_some() && self.has_any_tags => {
                return if has(key) { Settled::Present } else { Settled::Open };
            }
            () if principal_tag(key).is_some() => true,
            () if catalog::tag(key).is_some_and(|(set, _)| set == TagSet::Resource) => self.has_known_tags,
            () if OF_CALLER.iter().any(is) => true,
            () if OF_SESSION.iter().any(is) => !self.is_every_session,
            () if OF_ORGANIZATION.iter().any(is) => self.has_organization,
            () if OF_ENDPOINT.iter().any(is) => has("aws:SourceVpce"),
            () => false,
        };
        if is_settled { Settled::Exactly } else { Settled::Open }
    }
}

/// The tag that a key of the caller's tags holds the value of.
pub(super) fn principal_tag(key: &str) -> Option<&str> {
    let (head, tag) = key.split_once('/')?;
    head.eq_ignore_ascii_case("aws:PrincipalTag").then_some(tag)
}
