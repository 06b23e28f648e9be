//! An emulator that serves, or AWS itself, and how it is reached.

use std::sync::Arc;

use account::AccessKey;
use matrix::Prepared;
use matrix::call::{CallError, Obstacle};

use super::profile::{AWS, BackendProfile, LOCALSTACK, MINISTACK, MOTO, TAGPROOF, UNKNOWN};
use super::real_account::RealAccount;
use crate::aws::Aws;
use crate::client::{Client, Endpoint};
use crate::error::RunError;

/// An emulator that serves somewhere, or AWS itself.
#[derive(Clone)]
pub struct Emulator {
    /// What reports call it: `moto 5.2.5`.
    pub label: String,
    pub(super) reach: Reach,
    pub(super) profile: &'static BackendProfile,
}

/// How it is reached.
#[derive(Clone)]
pub(super) enum Reach {
    /// At a URL, with the key of its root user.
    Url(Box<Endpoint>, AccessKey),
    /// In an account that is somebody's.
    Aws(Arc<RealAccount>),
}

/// Something that a run makes in a real account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlannedResource {
    /// As people say it: `role`.
    pub kind: &'static str,
    /// Its name; an asterisk stands for the number of the set-up.
    pub name: String,
}

impl Emulator {
    /// Looks who answers at a URL. What nobody knows is taken as it is.
    ///
    /// # Errors
    /// Nobody answers.
    pub async fn find(url: &str, root: AccessKey) -> Result<Self, String> {
        let endpoint = Endpoint::new(url);
        let client = endpoint.with_keys(&root.id, &root.secret, None);
        // tagproof and MiniStack answer to LocalStack's path as well.
        for profile in [&TAGPROOF, &MOTO, &MINISTACK, &LOCALSTACK] {
            let asked = client.plain("GET", profile.health, "").await;
            let (status, body) = asked.map_err(|refusal| format!("{url} does not answer: {refusal}"))?;
            if status == 200 {
                let body: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
                let version = body["version"].as_str().map(|version| format!(" {version}")).unwrap_or_default();
                let label = format!("{}{version}", profile.title);
                return Ok(Self { label, reach: Reach::Url(Box::new(endpoint), root), profile });
            }
        }
        Ok(Self { label: UNKNOWN.title.to_owned(), reach: Reach::Url(Box::new(endpoint), root), profile: &UNKNOWN })
    }

    /// AWS itself, in an account. What is made there has names with eight characters in them that come from chance.
    #[must_use]
    pub fn aws(aws: Aws, chance: [u8; 8]) -> Self {
        Self { label: AWS.title.to_owned(), reach: Reach::Aws(Arc::new(RealAccount::new(aws, chance))), profile: &AWS }
    }

    /// The same under another name.
    #[must_use]
    pub fn labelled(self, label: impl Into<String>) -> Self {
        Self { label: label.into(), ..self }
    }

    /// What scenarios make in a real account; nothing for an emulator.
    ///
    /// # Errors
    /// Some name gets too long there.
    pub fn would_make(&self, scenarios: &[Prepared]) -> Result<Vec<PlannedResource>, RunError> {
        scenarios.iter().try_for_each(|prepared| self.fits(prepared))?;
        Ok(self.real_account().map(|real_account| real_account.listed(self.profile, scenarios)).unwrap_or_default())
    }

    /// Refuses a scenario whose names get too long.
    pub(super) fn fits(&self, prepared: &Prepared) -> Result<(), RunError> {
        let faults =
            self.real_account().map(|real_account| real_account.too_long(self.profile, prepared)).unwrap_or_default();
        if faults.is_empty() {
            return Ok(());
        }
        Err(RunError::TooLong { scenario: prepared.name.clone(), faults: faults.join("; ") })
    }

    /// What a real account is given, if it is one.
    pub(super) fn real_account(&self) -> Option<&Arc<RealAccount>> {
        match &self.reach {
            Reach::Aws(real_account) => Some(real_account),
            Reach::Url(..) => None,
        }
    }

    /// The caller that sets up: the root user of an account, or in a real one the user or role that runs this.
    pub(super) fn root(&self, account: &str, region: &str) -> Client {
        match &self.reach {
            Reach::Aws(real_account) => real_account.aws.client.clone(),
            Reach::Url(endpoint, root) => {
                let id = if self.profile.keys_are_accounts { account } else { &root.id };
                endpoint.in_region(region).with_keys(id, &root.secret, None)
            }
        }
    }

    /// Somebody whose keys a call has given out.
    pub(super) fn keys(&self, region: &str, id: &str, secret: &str, token: Option<&str>) -> Client {
        let endpoint = match &self.reach {
            Reach::Aws(real_account) => real_account.aws.endpoint.clone(),
            Reach::Url(endpoint, _) => endpoint.in_region(region),
        };
        endpoint.with_keys(id, secret, token.map(str::to_owned))
    }

    /// Switches enforcement on or off, where there is a switch.
    pub(super) async fn enforce(&self, client: &Client, on: bool) -> Result<(), CallError> {
        let Some(path) = self.profile.switch else { return Ok(()) };
        let (status, body) = client.plain("POST", path, if on { "0" } else { "inf" }).await?;
        match status {
            200 => Ok(()),
            _ => Err(Obstacle::NotSwitched { path, answer: body }.into()),
        }
    }
}
