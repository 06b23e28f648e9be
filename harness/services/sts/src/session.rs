//! Making a session: the keys, and what STS remembers of them.

use std::sync::Arc;

use account::{Credential, Identity, Ids, Session, World, ids};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// Temporary credentials, fresh from STS.
#[derive(Clone)]
pub struct Issued {
    /// `ASIA…`
    pub access_key: String,
    /// The secret access key.
    pub secret: String,
    /// The session token.
    pub token: String,
    /// When they end.
    pub expires: Timestamp,
}

impl Issued {
    /// Makes the keys of a session and lets the world know them.
    pub(crate) fn make(world: &mut World, ids: &mut dyn Ids, session: Session, seconds: i64) -> Self {
        let now = session.issued;
        let issued = Self {
            access_key: ids::access_key(ids, "ASIA"),
            secret: ids::secret(ids),
            token: ids::token(ids),
            expires: now.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX),
        };
        let credential = Credential {
            secret: issued.secret.clone(),
            token: Some(issued.token.clone()),
            expires: Some(issued.expires),
            active: true,
            identity: Arc::new(Identity::Session(Arc::new(session))),
        };
        world.credentials_mut().forget_ended(now);
        world.credentials_mut().add(issued.access_key.clone(), credential);
        issued
    }

    /// The `Credentials` member of STS's answers.
    pub(super) fn to_json(&self) -> Value {
        json!({
            "AccessKeyId": self.access_key,
            "SecretAccessKey": self.secret,
            "SessionToken": self.token,
            "Expiration": iso(self.expires),
        })
    }
}

/// The time as STS and the container credentials endpoint write it: `2026-11-24T08:00:00Z`.
#[must_use]
pub fn iso(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
