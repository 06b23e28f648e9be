//! What is known of each backend that a bare run asks: how it is told, what it wants, and what it cannot express.

use matrix::capability::{Capability, Unsupported};

#[cfg(test)]
mod tests;

/// What is known of a backend.
#[derive(Debug)]
pub(super) struct BackendProfile {
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
    pub(super) unsupported: &'static [Unsupported],
}

const fn lacks(capability: Capability, why: &'static str, seen: &'static str) -> Unsupported {
    Unsupported { capability, why, seen: Some(seen) }
}

/// What is not observed, but follows from how a run is made.
const fn leaves_out(capability: Capability, why: &'static str) -> Unsupported {
    Unsupported { capability, why, seen: None }
}

/// moto 5.2.5.
pub(super) static MOTO: BackendProfile = BackendProfile {
    title: "moto",
    health: "/moto-api/",
    switch: Some("/moto-api/reset-auth"),
    keys_are_accounts: false,
    wants_more: true,
    unsupported: &[
        NO_ORGANIZATION,
        NO_ENDPOINT,
        NO_CONTAINER,
        lacks(
            Capability::Accounts,
            "moto serves one account",
            "12 digits as access key id are of account 123456789012 too",
        ),
        lacks(
            Capability::SessionTags,
            "moto drops session tags",
            "moto/sts/models.py keeps none of what AssumeRole takes",
        ),
        lacks(Capability::SourceIdentity, "moto drops SourceIdentity", "moto/sts/models.py does not keep it"),
        lacks(
            Capability::SessionPolicy,
            "moto has no session policies",
            "a session whose policy denies everything reads",
        ),
        lacks(Capability::Boundary, "moto has no boundaries", "a user whose boundary allows ec2:* alone reads from S3"),
        lacks(Capability::Abac, "moto has no ABAC for buckets", NO_ABAC),
        lacks(Capability::InheritedTags, "tasks inherit no tags on moto", NO_INHERITANCE),
        NO_OTHER_VERSION,
    ],
};

/// LocalStack 4.14.0, without a token.
pub(super) static LOCALSTACK: BackendProfile = BackendProfile {
    title: "LocalStack",
    health: "/_localstack/health",
    switch: None,
    keys_are_accounts: true,
    wants_more: false,
    unsupported: &[
        NO_ORGANIZATION,
        NO_ENDPOINT,
        lacks(Capability::Ecs, "LocalStack has no ECS without a licence", NOT_INCLUDED),
        NO_CONTAINER,
        lacks(Capability::Abac, "LocalStack has no ABAC for buckets", NOT_INCLUDED),
        NO_OTHER_VERSION,
    ],
};

/// MiniStack 1.5.33, started with AUTH=true.
pub(super) static MINISTACK: BackendProfile = BackendProfile {
    title: "MiniStack",
    health: "/_ministack/health",
    switch: None,
    keys_are_accounts: true,
    wants_more: false,
    unsupported: &[
        NO_ORGANIZATION,
        NO_ENDPOINT,
        NO_CONTAINER,
        lacks(
            Capability::SourceIdentity,
            "MiniStack drops SourceIdentity",
            "a Deny on aws:SourceIdentity never matches",
        ),
        lacks(Capability::Abac, "MiniStack has no ABAC for buckets", NO_ABAC),
        lacks(Capability::InheritedTags, "tasks inherit no tags on MiniStack", NO_INHERITANCE),
    ],
};

/// The account that `tagproof serve` serves: what one emulator does that evaluates every condition.
pub(super) static TAGPROOF: BackendProfile = BackendProfile { title: "tagproof", health: "/_tagproof/health", ..OTHER };

/// Whatever else answers.
const OTHER: BackendProfile = BackendProfile {
    title: "the endpoint",
    health: "",
    switch: None,
    keys_are_accounts: false,
    wants_more: false,
    unsupported: &[
        NO_ORGANIZATION,
        NO_ENDPOINT,
        NO_CONTAINER,
        lacks(Capability::Accounts, "one root key is of one account", "tagproof is given one key for an endpoint"),
    ],
};
pub(super) static UNKNOWN: BackendProfile = OTHER;

/// A real account. What is left out there is not observed but decided.
pub(super) static AWS: BackendProfile = BackendProfile {
    title: "AWS",
    unsupported: &[
        NO_ORGANIZATION,
        NO_ENDPOINT,
        leaves_out(Capability::Accounts, "one account is owned to, and only in that one something is made"),
        leaves_out(Capability::Running, "no task is run in a real account: it costs money, and needs a network"),
    ],
    ..OTHER
};

const NO_ABAC: &str = "PutBucketAbac makes a bucket, and GetBucketAbac gives no status";
const NO_INHERITANCE: &str = "RunTask takes propagateTags, and DescribeTasks lists no tag";
const NOT_INCLUDED: &str = "InternalFailure: not included in your current license plan or not yet emulated";

const NO_ORGANIZATION: Unsupported =
    lacks(Capability::Organization, "tagproof makes organisations in its own account alone", "no call here makes one");
const NO_ENDPOINT: Unsupported =
    lacks(Capability::Endpoint, "tagproof makes VPC endpoints in its own account alone", "no call here makes one");
pub(super) const NO_CONTAINER: Unsupported =
    leaves_out(Capability::Container, "tagproof gives containers sessions of its own account alone");
const NO_OTHER_VERSION: Unsupported = lacks(
    Capability::LiteralVariable,
    "no policy of another Version than 2012-10-17 is taken, and in that one ${…} is a variable",
    "MalformedPolicyDocument, Policy document must be version 2012-10-17 or greater",
);
