//! Everything that one emulated AWS holds.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use crate::ecs::Ecs;
use crate::iam::Iam;
use crate::logs::Logs;
use crate::s3::Bucket;
use crate::{Call, Credential, Endpoint, Fault, Identity, Organization, ecs, iam, logs, s3, sts};

/// One emulated AWS: accounts, sessions, buckets, and the organisation above them.
#[derive(Clone, Debug, Default)]
pub struct World {
    pub(crate) accounts: IndexMap<String, Account>,
    pub(crate) credentials: HashMap<String, Credential>,
    /// Bucket names are unique across all accounts.
    pub(crate) buckets: BTreeMap<String, Bucket>,
    /// Block Public Access settings by account.
    pub(crate) public_access: HashMap<String, s3::reply::PublicAccessBlock>,
    pub(crate) organization: Option<Organization>,
    /// VPC endpoints by service prefix.
    pub(crate) endpoints: HashMap<String, Endpoint>,
    /// For how many seconds the credentials of tasks are good, if not for as long as AWS's.
    pub(crate) task_session: Option<u32>,
    /// How often something has come up for whoever attends a task.
    pub(crate) task_changes: u64,
    /// Somebody attends every task.
    pub(crate) attendants: bool,
}

/// What one account holds, buckets apart.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) iam: Iam,
    pub(crate) ecs: Ecs,
    pub(crate) logs: Logs,
}

/// What a world starts with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The account's 12 digits.
    pub account: String,
    /// The root user's access key.
    pub root: AccessKey,
}

/// A long-term access key.
#[derive(Clone)]
pub struct AccessKey {
    /// The public part.
    pub id: String,
    /// The secret part.
    pub secret: String,
}

impl std::fmt::Debug for AccessKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("AccessKey").field("id", &self.id).finish_non_exhaustive()
    }
}

impl World {
    /// A world with one account that holds nothing but its root user.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let mut world = Self::default();
        world.add_account(settings);
        world
    }

    /// Adds another account with its root user; an account that is there already gets that root key as well.
    pub fn add_account(&mut self, Settings { account, root }: Settings) {
        self.accounts.entry(account.clone()).or_insert_with(|| Account {
            id: account.clone(),
            iam: Iam::default(),
            ecs: Ecs::default(),
            logs: Logs::default(),
        });
        let identity = Arc::new(Identity::Root { account });
        let credential = Credential { secret: root.secret, token: None, expires: None, active: true, identity };
        self.credentials.insert(root.id, credential);
    }

    /// Puts the accounts into an organisation.
    pub fn set_organization(&mut self, organization: Organization) {
        self.organization = Some(organization);
    }

    /// Lets calls to a service (`s3`) come through a VPC endpoint.
    pub fn set_endpoint(&mut self, service: impl Into<String>, endpoint: Endpoint) {
        self.endpoints.insert(service.into(), endpoint);
    }

    /// The credential behind an access key id, expired and inactive ones included.
    #[must_use]
    pub fn credential(&self, access_key: &str) -> Option<&Credential> {
        self.credentials.get(access_key)
    }

    /// Makes one call to `iam`, `sts`, `ecs`, `logs` or `s3control`, authorised like on AWS.
    ///
    /// Input and answer are in AWS's JSON field names; the query protocol's are the same.
    ///
    /// # Errors
    /// What AWS answers instead, `AccessDenied` among it.
    pub fn call(&mut self, call: &mut Call<'_>, service: &str, operation: &str, input: Value) -> Result<Value, Fault> {
        match service {
            "iam" => iam::dispatch(self, call, operation, input),
            "sts" => sts::dispatch(self, call, operation, input),
            "ecs" => ecs::dispatch(self, call, operation, input),
            "logs" => logs::dispatch(self, call, operation, input),
            "s3control" => s3::control::dispatch(self, call, operation, input),
            _ => Err(Fault::unknown_operation(service, operation)),
        }
    }

    pub(crate) fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.get(id)
    }

    /// The account that the caller acts in. Anonymous callers and services act in none.
    pub(crate) fn account_of(&mut self, call: &Call<'_>) -> Result<&mut Account, Fault> {
        let id = call.identity.account().ok_or_else(Fault::unsigned)?;
        self.accounts.get_mut(id).ok_or_else(Fault::unsigned)
    }
}
