//! What each emulator, and AWS, cannot express.

use matrix::capability::{Capability, Unsupported};

#[cfg(test)]
mod tests;

/// What is known of an emulator.
#[derive(Debug)]
pub(super) struct Known {
    /// As its makers write it.
    pub(super) title: &'static str,
    /// A path that no other but those after it in the list answers with 200.
    pub(super) health: &'static str,
    /// A path that takes how many calls may still pass without authorisation: `inf` switches enforcement off, `0` on.
    /// With it on, moto knows no root user.
    pub(super) switch: Option<&'static str>,
    /// Whether 12 digits as access key id are the root user of that account.
    pub(super) keys_are_accounts: bool,
    /// Whether it wants a memory for each container, and subnets that exist.
    pub(super) wants_more: bool,
    pub(super) cannot: &'static [Unsupported],
}

const fn cannot(capability: Capability, why: &'static str, seen: &'static str) -> Unsupported {
    Unsupported { capability, why, seen }
}

/// moto 5.2.5.
pub(super) static MOTO: Known = Known {
    title: "moto",
    health: "/moto-api/",
    switch: Some("/moto-api/reset-auth"),
    keys_are_accounts: false,
    wants_more: true,
    cannot: &[
        NO_ORGANIZATION,
        NO_ENDPOINT,
        NO_CONTAINER,
        cannot(
            Capability::Accounts,
            "moto serves one account",
            "12 digits as access key id are of account 123456789012 too",
        ),
        cannot(
            Capability::SessionTags,
            "moto drops session tags",
            "moto/sts/models.py keeps none of what AssumeRole takes",
        ),
        cannot(Capability::SourceIdentity, "moto drops SourceIdentity", "moto/sts/models.py does not keep it"),
        cannot(
            Capability::SessionPolicy,
            "moto has no session policies",
            "a session whose policy denies everything reads",
        ),
        cannot(
            Capability::Boundary,
            "moto has no boundaries",
            "a user whose boundary allows ec2:* alone reads from S3",
        ),
        cannot(Capability::Abac, "moto has no ABAC for buckets", NO_ABAC),
        cannot(Capability::InheritedTags, "tasks inherit no tags on moto", NO_INHERITANCE),
        NO_OTHER_VERSION,
    ],
};

/// LocalStack 4.14.0, without a token.
pub(super) static LOCALSTACK: Known = Known {
    title: "LocalStack",
    health: "/_localstack/health",
    switch: None,
    keys_are_accounts: true,
    wants_more: false,
    cannot: &[
        NO_ORGANIZATION,
        NO_ENDPOINT,
        cannot(Capability::Ecs, "LocalStack has no ECS without a licence", NOT_INCLUDED),
        NO_CONTAINER,
        cannot(Capability::Abac, "LocalStack has no ABAC for buckets", NOT_INCLUDED),
        NO_OTHER_VERSION,
    ],
};

/// MiniStack 1.5.33, started with AUTH=true.
pub(super) static MINISTACK: Known = Known {
    title: "MiniStack",
    health: "/_ministack/health",
    switch: None,
    keys_are_accounts: true,
    wants_more: false,
    cannot: &[
        NO_ORGANIZATION,
        NO_ENDPOINT,
        NO_CONTAINER,
        cannot(
            Capability::SourceIdentity,
            "MiniStack drops SourceIdentity",
            "a Deny on aws:SourceIdentity never matches",
        ),
        cannot(Capability::Abac, "MiniStack has no ABAC for buckets", NO_ABAC),
        cannot(Capability::InheritedTags, "tasks inherit no tags on MiniStack", NO_INHERITANCE),
    ],
};

/// The account that `tagproof serve` serves: what one emulator does that evaluates every condition.
pub(super) static TAGPROOF: Known = Known { title: "tagproof", health: "/_tagproof/health", ..OTHER };

/// Whatever else answers.
const OTHER: Known = Known {
    title: "the endpoint",
    health: "",
    switch: None,
    keys_are_accounts: false,
    wants_more: false,
    cannot: &[
        NO_ORGANIZATION,
        NO_ENDPOINT,
        NO_CONTAINER,
        cannot(Capability::Accounts, "one root key is of one account", "tagproof is given one key for an endpoint"),
    ],
};
pub(super) static UNKNOWN: Known = OTHER;

/// A real account. What is left out there is not observed but decided.
pub(super) static AWS: Known = Known {
    title: "AWS",
    cannot: &[
        NO_ORGANIZATION,
        NO_ENDPOINT,
        cannot(Capability::Accounts, "one account is owned to, and only in that one something is made", ""),
        cannot(Capability::Running, "no task is run in a real account: it costs money, and needs a network", ""),
    ],
    ..OTHER
};

const NO_ABAC: &str = "PutBucketAbac makes a bucket, and GetBucketAbac gives no status";
const NO_INHERITANCE: &str = "RunTask takes propagateTags, and DescribeTasks lists no tag";
const NOT_INCLUDED: &str = "InternalFailure: not included in your current license plan or not yet emulated";

const NO_ORGANIZATION: Unsupported =
    cannot(Capability::Organization, "tagproof makes organisations in its own account alone", "no call here makes one");
const NO_ENDPOINT: Unsupported =
    cannot(Capability::Endpoint, "tagproof makes VPC endpoints in its own account alone", "no call here makes one");
pub(super) const NO_CONTAINER: Unsupported =
    cannot(Capability::Container, "tagproof gives containers sessions of its own account alone", "");
const NO_OTHER_VERSION: Unsupported = cannot(
    Capability::LiteralVariable,
    "no policy of another Version than 2012-10-17 is taken, and in that one ${…} is a variable",
    "MalformedPolicyDocument, Policy document must be version 2012-10-17 or greater",
);
