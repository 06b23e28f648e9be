//! The emulators, AWS itself, and what each of them cannot express.

use std::sync::Arc;

use account::AccessKey;

use super::need::Need;
use super::owned::Owned;
use crate::api::Refusal;
use crate::aws::Aws;
use crate::client::{Client, Endpoint};
use crate::error::RunError;
use crate::prepare::Prepared;

/// An emulator that serves somewhere, or AWS itself.
#[derive(Clone)]
pub struct Emulator {
    /// What reports call it: `moto 5.2.5`.
    pub label: String,
    pub(super) reach: Reach,
    pub(super) known: &'static Known,
}

/// How it is reached.
#[derive(Clone)]
pub(super) enum Reach {
    /// At a URL, with the key of its root user.
    Url(Box<Endpoint>, AccessKey),
    /// In an account that is somebody's.
    Aws(Arc<Owned>),
}

/// What is known of an emulator.
#[derive(Debug)]
pub(super) struct Known {
    /// As its makers write it.
    pub(super) title: &'static str,
    /// A path that no other but those after it in the list answers with 200.
    health: &'static str,
    /// A path that takes how many calls may still pass without authorisation: `inf` switches enforcement off, `0` on.
    /// With it on, moto knows no root user.
    pub(super) switch: Option<&'static str>,
    /// Whether 12 digits as access key id are the root user of that account.
    pub(super) keys_are_accounts: bool,
    /// Whether it wants a memory for each container, and subnets that exist.
    pub(super) wants_more: bool,
    pub(super) cannot: &'static [Cannot],
}

/// Something that an emulator cannot express.
#[derive(Debug)]
pub(super) struct Cannot {
    pub(super) need: Need,
    /// What it does instead.
    pub(super) why: &'static str,
    /// How that was observed; empty where it follows from how a run is made.
    pub(super) seen: &'static str,
}

const fn cannot(need: Need, why: &'static str, seen: &'static str) -> Cannot {
    Cannot { need, why, seen }
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
        cannot(Need::Accounts, "moto serves one account", "12 digits as access key id are of account 123456789012 too"),
        cannot(Need::SessionTags, "moto drops session tags", "moto/sts/models.py keeps none of what AssumeRole takes"),
        cannot(Need::SourceIdentity, "moto drops SourceIdentity", "moto/sts/models.py does not keep it"),
        cannot(Need::SessionPolicy, "moto has no session policies", "a session whose policy denies everything reads"),
        cannot(Need::Boundary, "moto has no boundaries", "a user whose boundary allows ec2:* alone reads from S3"),
        cannot(Need::Abac, "moto has no ABAC for buckets", NO_ABAC),
        cannot(Need::InheritedTags, "tasks inherit no tags on moto", NO_INHERITANCE),
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
        cannot(Need::Ecs, "LocalStack has no ECS without a licence", NOT_INCLUDED),
        cannot(Need::Abac, "LocalStack has no ABAC for buckets", NOT_INCLUDED),
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
        cannot(Need::SourceIdentity, "MiniStack drops SourceIdentity", "a Deny on aws:SourceIdentity never matches"),
        cannot(Need::Abac, "MiniStack has no ABAC for buckets", NO_ABAC),
        cannot(Need::InheritedTags, "tasks inherit no tags on MiniStack", NO_INHERITANCE),
    ],
};

/// The account that `tagproof serve` serves: what one emulator does that evaluates every condition.
static TAGPROOF: Known = Known { title: "tagproof", health: "/_tagproof/health", ..OTHER };

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
        cannot(Need::Accounts, "one root key is of one account", "tagproof is given one key for an endpoint"),
    ],
};
static UNKNOWN: Known = OTHER;

/// A real account. What is left out there is not observed but decided.
static AWS: Known = Known {
    title: "AWS",
    cannot: &[
        NO_ORGANIZATION,
        NO_ENDPOINT,
        cannot(Need::Accounts, "one account is owned to, and only in that one something is made", ""),
        cannot(Need::Running, "no task is run in a real account: it costs money, and needs a network", ""),
    ],
    ..OTHER
};

const NO_ABAC: &str = "PutBucketAbac makes a bucket, and GetBucketAbac gives no status";
const NO_INHERITANCE: &str = "RunTask takes propagateTags, and DescribeTasks lists no tag";
const NOT_INCLUDED: &str = "InternalFailure: not included in your current license plan or not yet emulated";

const NO_ORGANIZATION: Cannot =
    cannot(Need::Organization, "tagproof makes organisations in its own account alone", "no call here makes one");
const NO_ENDPOINT: Cannot =
    cannot(Need::Endpoint, "tagproof makes VPC endpoints in its own account alone", "no call here makes one");
const NO_OTHER_VERSION: Cannot = cannot(
    Need::LiteralVariable,
    "no policy of another Version than 2012-10-17 is taken, and in that one ${…} is a variable",
    "MalformedPolicyDocument, Policy document must be version 2012-10-17 or greater",
);

impl Emulator {
    /// Looks who answers at a URL. What nobody knows is taken as it is.
    ///
    /// # Errors
    /// Nobody answers.
    pub async fn find(url: &str, root: AccessKey) -> Result<Self, String> {
        let endpoint = Endpoint::new(url);
        let client = endpoint.with_keys(&root.id, &root.secret, None);
        // tagproof and MiniStack answer to LocalStack's path as well.
        for known in [&TAGPROOF, &MOTO, &MINISTACK, &LOCALSTACK] {
            let asked = client.plain("GET", known.health, "").await;
            let (status, body) = asked.map_err(|refusal| format!("{url} does not answer: {}", refusal.message))?;
            if status == 200 {
                let body: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
                let version = body["version"].as_str().map(|version| format!(" {version}")).unwrap_or_default();
                let label = format!("{}{version}", known.title);
                return Ok(Self { label, reach: Reach::Url(Box::new(endpoint), root), known });
            }
        }
        Ok(Self { label: UNKNOWN.title.to_owned(), reach: Reach::Url(Box::new(endpoint), root), known: &UNKNOWN })
    }

    /// AWS itself, in an account. What is made there has names with eight characters in them that come from chance.
    #[must_use]
    pub fn aws(aws: Aws, chance: [u8; 8]) -> Self {
        Self { label: AWS.title.to_owned(), reach: Reach::Aws(Arc::new(Owned::new(aws, chance))), known: &AWS }
    }

    /// The same under another name.
    #[must_use]
    pub fn labelled(self, label: impl Into<String>) -> Self {
        Self { label: label.into(), ..self }
    }

    /// What scenarios make in a real account, as kind and name; nothing for an emulator.
    ///
    /// # Errors
    /// Some name gets too long there.
    pub fn would_make(&self, scenarios: &[Prepared]) -> Result<Vec<(&'static str, String)>, RunError> {
        scenarios.iter().try_for_each(|prepared| self.fits(prepared))?;
        Ok(self.owned().map(|owned| owned.listed(self.known, scenarios)).unwrap_or_default())
    }

    /// Refuses a scenario whose names get too long.
    pub(super) fn fits(&self, prepared: &Prepared) -> Result<(), RunError> {
        let faults = self.owned().map(|owned| owned.too_long(self.known, prepared)).unwrap_or_default();
        if faults.is_empty() {
            return Ok(());
        }
        Err(RunError::TooLong { scenario: prepared.name.clone(), faults: faults.join("; ") })
    }

    /// What a real account is given, if it is one.
    pub(super) fn owned(&self) -> Option<&Arc<Owned>> {
        match &self.reach {
            Reach::Aws(owned) => Some(owned),
            Reach::Url(..) => None,
        }
    }

    /// Whoever sets up: the root user of an account, or in a real one whoever calls.
    pub(super) fn root(&self, account: &str, region: &str) -> Client {
        match &self.reach {
            Reach::Aws(owned) => owned.aws.client.clone(),
            Reach::Url(endpoint, root) => {
                let id = if self.known.keys_are_accounts { account } else { &root.id };
                endpoint.in_region(region).with_keys(id, &root.secret, None)
            }
        }
    }

    /// Somebody whose keys a call has given out.
    pub(super) fn keys(&self, region: &str, id: &str, secret: &str, token: Option<&str>) -> Client {
        let endpoint = match &self.reach {
            Reach::Aws(owned) => owned.aws.endpoint.clone(),
            Reach::Url(endpoint, _) => endpoint.in_region(region),
        };
        endpoint.with_keys(id, secret, token.map(str::to_owned))
    }

    /// Switches enforcement on or off, where there is a switch.
    pub(super) async fn enforce(&self, client: &Client, on: bool) -> Result<(), Refusal> {
        let Some(path) = self.known.switch else { return Ok(()) };
        let (status, body) = client.plain("POST", path, if on { "0" } else { "inf" }).await?;
        match status {
            200 => Ok(()),
            _ => Err(Refusal { status, code: "NotSwitched".to_owned(), message: format!("{path} answers {body}") }),
        }
    }
}
