//! Condition keys that follow from who asks and for what.
//!
//! AWS puts them into requests, so that a question need not: where a policy asks for one and the context lacks it, it is
//! filled in. A question that says otherwise contradicts itself.
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html

use policy::arn::{Arn, is_account};
use policy::undocumented::Case;
use policy::{Context, ContextValue, Principal, Request};

mod chain;
#[cfg(test)]
mod tests;

pub use chain::of_chain;
use chain::{called_via_first, called_via_last, via_service};

/// What follows about a key.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Says {
    /// AWS sends this value.
    Is(String),
    /// AWS sends this value, unless the question knows better.
    Probably(String),
    /// No request of this principal carries the key.
    NotFrom,
    /// No request for this action carries the key.
    NotFor,
    /// Nothing is known.
    Nothing,
}

use Says::{Is, NotFor, NotFrom, Nothing, Probably};

type Value = fn(&Request) -> Says;

/// By the catalogue's pattern.
const KEYS: [(&str, Value); 29] = [
    ("aws:AssumedRoot", of_root),
    ("aws:CalledViaFirst", called_via_first),
    ("aws:CalledViaLast", called_via_last),
    ("aws:ChatbotSourceArn", of_role),
    ("aws:Ec2InstanceSourcePrivateIPv4", of_role),
    ("aws:Ec2InstanceSourceVpc", of_role),
    ("aws:FederatedProvider", of_role),
    ("aws:PrincipalAccount", principal_account),
    ("aws:PrincipalArn", principal_arn),
    ("aws:PrincipalIsAWSService", is_service),
    ("aws:PrincipalOrgID", signed),
    ("aws:PrincipalOrgPaths", signed),
    ("aws:PrincipalServiceName", service_name),
    ("aws:PrincipalServiceNamesList", service_names),
    ("aws:PrincipalTag/${TagKey}", signed),
    ("aws:PrincipalType", principal_type),
    ("aws:RequestedRegion", requested_region),
    ("aws:ResourceAccount", resource_account),
    ("aws:ResourceOrgID", resource_organization),
    ("aws:ResourceOrgPaths", resource_organization),
    ("aws:SourceAccount", of_service),
    ("aws:SourceArn", of_service),
    ("aws:SourceOrgID", of_service),
    ("aws:SourceOrgPaths", of_service),
    ("aws:userid", user_id),
    ("aws:username", user_name),
    ("aws:ViaAWSService", via_service),
    // The services' own names for aws:ResourceAccount.
    // docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html and …/list_amazons3express.html
    ("s3:ResourceAccount", resource_account),
    ("s3express:ResourceAccount", resource_account),
];

/// The place of a key among those that follow.
pub(crate) fn place(pattern: &str) -> Option<usize> {
    KEYS.iter().position(|(key, _)| *key == pattern)
}

/// What follows about the key at a place.
pub(crate) fn says(place: usize, request: &Request) -> Says {
    KEYS[place].1(request)
}

/// Whether a key at this place is about the account of the resource.
pub(crate) fn is_resource_account(place: usize) -> bool {
    KEYS[place].0.ends_with(":ResourceAccount")
}

/// What contradicts the key at a place that tells of the chain of services a call went through: a sentence.
pub(crate) fn against_chain(place: usize, context: &Context) -> Option<String> {
    chain::contradiction(KEYS[place].0, context)
}

/// Whether the key at a place tells of that chain.
pub(crate) fn is_of_chain(place: usize) -> bool {
    chain::KEYS.contains(&KEYS[place].0)
}

/// Whether a value that was given is the one that follows.
pub(crate) fn agrees(place: usize, request: &Request, given: &ContextValue, follows: &str) -> bool {
    let has_no_path = matches!(request.principal, Principal::RoleSession { role: None, .. });
    let values = match given {
        ContextValue::One(value) => std::slice::from_ref(value),
        ContextValue::Many(values) => values,
    };
    let same = |value: &String| match KEYS[place].0 {
        "aws:PrincipalIsAWSService" => value.eq_ignore_ascii_case(follows),
        "aws:PrincipalArn" => value == follows || has_no_path && is_with_path(value, follows),
        _ => value == follows,
    };
    !values.is_empty() && values.iter().all(same)
}

/// The ARN of a session has its role's name, not the path, and names of roles are unique in an account.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
fn is_with_path(given: &str, role: &str) -> bool {
    let parts = |arn: &str| arn.split_once(":role/").map(|(start, name)| (start.to_owned(), name.to_owned()));
    let (Some((start, name)), Some((given_start, given_name))) = (parts(role), parts(given)) else { return false };
    !name.contains('/') && given_start == start && given_name.rsplit('/').next() == Some(&name)
}

/// Which of the keys some policies ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct MentionedKeys(u32);

const TAGS: u32 = 1 << KEYS.len();
const TAG_KEYS: u32 = TAGS << 1;
const PASSED_TAGS: u32 = TAGS << 2;

/// What a policy that asks for keys of tags has in its text.
const OF_TAGS: [(&str, u32); 5] = [
    ("tag/", TAGS),
    ("tagkeys", TAG_KEYS),
    ("requesttag/", PASSED_TAGS),
    ("req-tag/", PASSED_TAGS),
    ("requestobjecttag/", PASSED_TAGS),
];

impl MentionedKeys {
    /// Those that stand in the text of a policy. An escape could spell one that does not.
    pub(crate) fn by(text: &str) -> Self {
        if text.contains('\\') {
            return Self(u32::MAX);
        }
        let text = text.to_ascii_lowercase();
        let found = KEYS.iter().enumerate().filter(|(_, (key, _))| text.contains(&key.to_ascii_lowercase()));
        let of_tags = OF_TAGS.iter().filter(|(part, _)| text.contains(part)).map(|&(_, bit)| bit);
        Self(found.map(|(at, _)| 1 << at).chain(of_tags).fold(0, |all, bit| all | bit))
    }

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Values of tags.
    pub(crate) const fn tags(self) -> bool {
        self.0 & TAGS != 0
    }

    /// Names of tags.
    pub(crate) const fn tag_keys(self) -> bool {
        self.0 & TAG_KEYS != 0
    }

    /// Values of tags that are passed in the request.
    pub(crate) const fn passed_tags(self) -> bool {
        self.0 & PASSED_TAGS != 0
    }

    /// Puts into the request what is asked for and is not there; `carries` says whether a request on a resource has a key.
    pub(crate) fn fill(self, request: &mut Request, mut carries: impl FnMut(&str, &str) -> bool) {
        if self.0 & (TAGS - 1) == 0 {
            return;
        }
        for (at, (key, value)) in KEYS.iter().enumerate() {
            if self.0 & (1 << at) == 0 || request.context.get(key).is_some() {
                continue;
            }
            if let Is(value) | Probably(value) = value(request)
                && carries(key, &request.resource)
            {
                let has_no_path = matches!(request.principal, Principal::RoleSession { role: None, .. });
                match *key {
                    "aws:PrincipalServiceNamesList" => request.context.set_many(*key, [value]),
                    "aws:PrincipalArn" if has_no_path => request.context.set_role_without_path(*key, value),
                    _ => request.context.set(*key, value),
                }
            }
        }
        leave_open(request);
    }
}

/// What the pages do not say of such a request.
fn leave_open(request: &mut Request) {
    if matches!(request.principal, Principal::Service { .. }) {
        for key in ["aws:PrincipalAccount", "aws:PrincipalType", "aws:userid"] {
            request.context.leaves_open(key, Case::ServiceKeys);
        }
        request.context.leaves_open("aws:PrincipalServiceNamesList", Case::ServiceNames);
    }
    if Arn::parse(&request.resource).is_some_and(|arn| arn.service == "iam" && arn.account == "aws") {
        request.context.leaves_open("aws:ResourceAccount", Case::ManagedPolicyAccount);
    }
}

/// "For anonymous requests, the request context returns `anonymous`."
fn principal_account(request: &Request) -> Says {
    match &request.principal {
        Principal::Anonymous => Is("anonymous".to_owned()),
        principal => principal.account().map_or(Nothing, |account| Is(account.to_owned())),
    }
}

/// For a role session the role's ARN, not the session's. "Anonymous requests do not include this key."
fn principal_arn(request: &Request) -> Says {
    match &request.principal {
        Principal::Anonymous => NotFrom,
        principal => principal.principal_arn().map_or(Nothing, |arn| Is(arn.into())),
    }
}

/// "Present … for all signed API requests that use AWS credentials", which neither anonymous requests are nor those of
/// users that an identity provider vouches for: AssumeRoleWithSAML and AssumeRoleWithWebIdentity need no credentials.
fn is_service(request: &Request) -> Says {
    match request.principal {
        Principal::Anonymous | Principal::Federated { .. } => NotFrom,
        Principal::Service { .. } => Is("true".to_owned()),
        _ => Is("false".to_owned()),
    }
}

/// "This key is not present in any other situation."
fn service_name(request: &Request) -> Says {
    match &request.principal {
        Principal::Service { name } => Is(name.clone()),
        _ => NotFrom,
    }
}

fn service_names(request: &Request) -> Says {
    match &request.principal {
        Principal::Service { name } => Probably(name.clone()),
        _ => NotFrom,
    }
}

/// Tags and organisation: "Anonymous requests do not include this key."
fn signed(request: &Request) -> Says {
    match request.principal {
        Principal::Anonymous => NotFrom,
        _ => Nothing,
    }
}

/// Source keys: "only when the call to your resource is being made directly by an AWS service principal".
fn of_service(request: &Request) -> Says {
    match request.principal {
        Principal::Service { .. } => Nothing,
        _ => NotFrom,
    }
}

/// "Only when the principal uses credentials from AssumeRoot".
fn of_root(request: &Request) -> Says {
    match request.principal {
        Principal::Root { .. } => Nothing,
        _ => NotFrom,
    }
}

/// Of role sessions of one origin: an instance of EC2, a chat, a provider of identities.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-role-session-properties
fn of_role(request: &Request) -> Says {
    match request.principal {
        Principal::User { .. } | Principal::Root { .. } | Principal::Service { .. } | Principal::Anonymous => NotFrom,
        _ => Nothing,
    }
}

/// What a key holds by who asks for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Follows {
    /// This value, wherever a request carries the key.
    Is(String),
    /// Nothing: no such request carries it.
    Absent,
    /// Whatever the request has.
    Open,
}

/// What follows about a key from who asks for what, in a request on a resource of an account; the context does not count.
#[must_use]
pub fn followed(request: &Request, key: &str) -> Follows {
    let place = catalog::key(key).and_then(|key| place(key.pattern()));
    match place.filter(|place| !is_of_chain(*place)).map(|place| says(place, request)) {
        Some(Is(value)) => Follows::Is(value),
        Some(NotFrom | NotFor) => Follows::Absent,
        Some(Probably(_) | Nothing) | None => Follows::Open,
    }
}

/// Whether no request of a principal has a key.
pub(crate) fn never_from(principal: &Principal, key: &str) -> bool {
    let request = Request {
        principal: principal.clone(),
        action: String::new(),
        resource: String::new(),
        resource_account: None,
        context: Context::new(),
    };
    let place = catalog::key(key).and_then(|key| place(key.pattern()));
    place.is_some_and(|place| says(place, &request) == NotFrom)
}

/// Whether only temporary credentials bring a key; a user may have some, from GetSessionToken.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent
#[must_use]
pub fn is_of_temporary(key: &str) -> bool {
    ["aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge"].iter().any(|one| one.eq_ignore_ascii_case(key))
}

/// "Always included". The region that is called is that of the resource, as far as its ARN has one; what an operation does
/// in other regions is not what is called.
fn requested_region(request: &Request) -> Says {
    let region = Arn::parse(&request.resource).map(|arn| arn.region);
    let region = region.filter(|region| !region.is_empty() && !region.contains(['*', '?']));
    region.map_or(Nothing, |region| Probably(region.to_owned()))
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable, which has no row for
/// services and providers. Of services, [`Case::ServiceKeys`] says what is sent.
fn principal_type(request: &Request) -> Says {
    let name = match request.principal {
        Principal::Anonymous => "Anonymous",
        Principal::Root { .. } => "Account",
        Principal::User { .. } => "User",
        Principal::RoleSession { .. } => "AssumedRole",
        Principal::FederatedUser { .. } => "FederatedUser",
        Principal::Service { .. } => return Probably("AWSService".to_owned()),
        Principal::Federated { .. } => return Nothing,
    };
    Is(name.to_owned())
}

/// As the table above has it. The unique ids of users and roles do not follow from their ARNs.
fn user_id(request: &Request) -> Says {
    match &request.principal {
        Principal::Anonymous => Is("anonymous".to_owned()),
        Principal::Root { account, .. } => Is(account.clone()),
        Principal::FederatedUser { arn, .. } => {
            let name =
                Arn::parse(arn).and_then(|arn| Some((arn.account, arn.resource.strip_prefix("federated-user/")?)));
            name.map_or(Nothing, |(account, name)| Is(format!("{account}:{name}")))
        }
        _ => Nothing,
    }
}

/// "Always included … for IAM users", and "not present" for all others in the table above, in which services are not.
fn user_name(request: &Request) -> Says {
    match &request.principal {
        Principal::User { arn } => arn.rsplit('/').next().map_or(Nothing, |name| Is(name.to_owned())),
        Principal::Service { .. } => Nothing,
        _ => NotFrom,
    }
}

/// The ARN of an S3 bucket names no account; without a word on it, it counts as the caller's. The ARN of an access point
/// has the account of the access point, and the bucket may be another's.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
fn resource_account(request: &Request) -> Says {
    if !policy::facts::carries_resource_account(&request.action) {
        return NotFor;
    }
    if let Some(account) = &request.resource_account {
        return Is(account.clone());
    }
    let arn = Arn::parse(&request.resource).filter(|arn| !arn.account.is_empty());
    match arn {
        Some(arn) if is_account(arn.account) && !arn.service.starts_with("s3") => Is(arn.account.to_owned()),
        Some(arn) => Probably(arn.account.to_owned()),
        None => request.principal.account().map_or(Nothing, |account| Probably(account.to_owned())),
    }
}

fn resource_organization(request: &Request) -> Says {
    if policy::facts::carries_resource_account(&request.action) { Nothing } else { NotFor }
}
