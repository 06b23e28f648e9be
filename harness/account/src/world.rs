//! Everything that one emulated AWS holds: accounts, credentials, what is above them, and a registry of services.

use std::any::Any;
use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::Arc;

use indexmap::IndexMap;
use policy::Context;
use policy::arn::Arn;
use policy::undocumented::Case;
use protocol::Breach;
use serde_json::Value;

use crate::call::Call;
use crate::check::Check;
use crate::credentials::Credentials;
use crate::decision::RecordedDecision;
use crate::fault::Fault;
use crate::identities::{Identities, Role};
use crate::identity::{Credential, Identity};
use crate::input;
use crate::operation::OperationRow;
use crate::organization::{Endpoint, Organization};

/// One AWS service that a [`World`] can have.
pub trait Service: Debug + Sync {
    /// What its operations are called with, and as a rule what its actions and ARNs begin with: `iam`, `s3control`.
    fn name(&self) -> &'static str;

    /// What there is to know of each of its operations.
    fn operations(&self) -> Box<dyn Iterator<Item = &'static OperationRow>>;

    /// What it keeps in a new world beside the identities of each account.
    fn state(&self) -> Option<Box<dyn State>> {
        None
    }

    /// Its own error for an input that breaks constraints of its API model. `None`: its requests cannot be made of such an
    /// input. S3 has another error for each constraint, and some come after what the request is authorised for.
    fn validation_error(&self) -> Option<fn(&[Breach]) -> Fault>;

    /// Makes one call, authorised like on AWS. Input and answer are in AWS's JSON field names. The input satisfies the
    /// service's API model, if there is a [`validation_error`](Self::validation_error).
    ///
    /// # Errors
    /// What AWS answers instead, `AccessDenied` among it.
    fn call(&self, world: &mut World, call: &mut Call<'_>, operation: &str, input: Value) -> Result<Value, Fault>;

    /// The check with what the service holds of the resource that it is about: its tags, its policy.
    fn held(&self, _world: &World, _call: &Call<'_>, check: Check) -> Check {
        check
    }

    /// Keys of the service's own that every request for one of its actions has; `owner` is the account of the resource.
    /// Those that the reference does not list for the action are left out.
    fn keys(&self, _call: &Call<'_>, _owner: &str) -> Context {
        Context::new()
    }

    /// Keys that AWS leaves open in requests of this service principal, if it is one of the service's.
    fn open_keys(&self, _principal: &str) -> &'static [(&'static str, Case)] {
        &[]
    }

    /// The service's own error for a denial.
    fn denial(&self, _world: &World, denied: &RecordedDecision) -> Fault {
        denied.access_denied()
    }

    /// Puts what `renamed` makes of a policy that names principals in its place, wherever the service keeps one.
    fn rename_principals(&self, _world: &mut World, _renamed: &dyn Fn(&str) -> Option<String>) {}
}

/// What a service keeps in a world.
pub trait State: Any + Debug + Send + Sync {
    /// Another one like it.
    fn another(&self) -> Box<dyn State>;
}

impl<T: Any + Clone + Debug + Send + Sync> State for T {
    fn another(&self) -> Box<dyn State> {
        Box::new(self.clone())
    }
}

/// What carries out an operation.
pub type Run = fn(&mut World, &mut Call<'_>, Value) -> Result<Value, Fault>;

/// The services that a world has.
pub type Services = &'static [&'static dyn Service];

/// One emulated AWS: accounts, sessions, what the services keep, and the organisation above them.
///
/// A copy is cheap: accounts and what a service keeps are copied once they are changed, sessions never all.
#[derive(Clone, Debug)]
pub struct World {
    services: Services,
    /// `aws`
    partition: String,
    accounts: IndexMap<String, Arc<Account>>,
    credentials: Credentials,
    /// What the services keep, in their order.
    states: Vec<Arc<dyn State>>,
    organization: Option<Organization>,
    /// VPC endpoints by service prefix.
    endpoints: HashMap<String, Endpoint>,
}

/// One account.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its 12 digits.
    pub id: String,
    /// Its users, groups, roles and policies.
    pub identities: Identities,
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
    /// A world with these services and one account, which holds nothing but its root user.
    #[must_use]
    pub fn new(settings: Settings, services: Services) -> Self {
        let mut world = Self {
            services,
            partition: "aws".to_owned(),
            accounts: IndexMap::new(),
            credentials: Credentials::default(),
            states: services.iter().filter_map(|service| service.state()).map(Arc::from).collect(),
            organization: None,
            endpoints: HashMap::new(),
        };
        world.add_account(settings);
        world
    }

    /// Adds another account with its root user; an account that is there already gets that root key as well.
    pub fn add_account(&mut self, Settings { account, root }: Settings) {
        let new = || Arc::new(Account { id: account.clone(), identities: Identities::default() });
        self.accounts.entry(account.clone()).or_insert_with(new);
        let identity = Arc::new(Identity::Root { account });
        let credential = Credential { secret: root.secret, token: None, expires: None, active: true, identity };
        self.credentials.add(root.id, credential);
    }

    /// Puts the world into another partition than `aws`: its identities have their ARNs there.
    pub fn set_partition(&mut self, partition: &str) {
        partition.clone_into(&mut self.partition);
    }

    /// The partition that the world is in: `aws`.
    #[must_use]
    pub fn partition(&self) -> &str {
        &self.partition
    }

    /// Makes one call to a service, authorised like on AWS: the one door to every operation.
    ///
    /// Input and answer are in AWS's JSON field names, and their values of the types of the service's API model, whatever
    /// the protocol. An input that breaks the model is refused before anything is authorised.
    ///
    /// # Errors
    /// What AWS answers instead, `AccessDenied` among it.
    pub fn call(&mut self, call: &mut Call<'_>, service: &str, operation: &str, input: Value) -> Result<Value, Fault> {
        match self.service(service) {
            Some(service) => {
                check(service, operation, &input)?;
                service.call(self, call, operation, input)
            }
            None => {
                let message = format!("Could not find operation {operation} for {service}");
                Err(Fault::new(400, "InvalidAction", message))
            }
        }
    }

    /// The services of this world.
    #[must_use]
    pub fn services(&self) -> Services {
        self.services
    }

    /// The service of this name, whose actions and ARNs begin so.
    #[must_use]
    pub fn service(&self, name: &str) -> Option<&'static dyn Service> {
        self.services.iter().find(|known| known.name() == name).copied()
    }

    /// What a service keeps.
    ///
    /// # Errors
    /// The service is not in this world.
    pub fn state<T: State>(&self) -> Result<&T, Fault> {
        self.states.iter().find_map(|state| (&**state as &dyn Any).downcast_ref()).ok_or_else(not_here::<T>)
    }

    /// The same, to change.
    ///
    /// # Errors
    /// The service is not in this world.
    pub fn state_mut<T: State>(&mut self) -> Result<&mut T, Fault> {
        let of_type = |state: &&mut Arc<dyn State>| (&***state as &dyn Any).is::<T>();
        let state = self.states.iter_mut().find(of_type).ok_or_else(not_here::<T>)?;
        if Arc::get_mut(state).is_none() {
            *state = Arc::from((**state).another());
        }
        let own = Arc::get_mut(state).map(|state| state as &mut dyn Any);
        own.and_then(<dyn Any>::downcast_mut).ok_or_else(not_here::<T>)
    }

    /// An account.
    #[must_use]
    pub fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.get(id).map(|account| &**account)
    }

    /// An account, to change.
    pub fn account_mut(&mut self, id: &str) -> Option<&mut Account> {
        self.accounts.get_mut(id).map(Arc::make_mut)
    }

    /// All accounts, in the order in which they were added.
    pub fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.accounts.values().map(|account| &**account)
    }

    /// All accounts, to change.
    pub fn accounts_mut(&mut self) -> impl Iterator<Item = &mut Account> {
        self.accounts.values_mut().map(Arc::make_mut)
    }

    /// The access keys.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// The access keys, to change.
    pub fn credentials_mut(&mut self) -> &mut Credentials {
        &mut self.credentials
    }

    /// The role with exactly this ARN, path included, in whichever of the accounts.
    #[must_use]
    pub fn role(&self, arn: &str) -> Option<&Role> {
        let account = Arn::parse(arn).filter(|arn| arn.service == "iam")?.account;
        let roles = &self.account(account)?.identities.roles;
        roles.get(arn.rsplit('/').next()?).filter(|role| role.metadata.arn == arn)
    }

    /// The organisation that accounts are in.
    #[must_use]
    pub fn organization(&self) -> Option<&Organization> {
        self.organization.as_ref()
    }

    /// Puts the accounts into an organisation.
    pub fn set_organization(&mut self, organization: Organization) {
        self.organization = Some(organization);
    }

    /// Lets calls to a service (`s3`) come through a VPC endpoint.
    pub fn set_endpoint(&mut self, service: impl Into<String>, endpoint: Endpoint) {
        self.endpoints.insert(service.into(), endpoint);
    }

    /// The VPC endpoint that a call to a service comes through. Root users set things up from outside the network.
    ///
    /// Its policy controls the use of "the endpoint to access an AWS service". What that service asks for of another,
    /// as ECS does for the permission to pass a role, is not such access: [`Case::ServicePastEndpoint`].
    /// docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    pub(crate) fn endpoint(&self, identity: &Identity, service: &str) -> Option<&Endpoint> {
        if matches!(identity, Identity::Root { .. } | Identity::Service { .. }) {
            return None;
        }
        self.endpoints.get(service)
    }

    /// Tells every service that a principal has another ARN, or none any more: `renamed` gives a policy that named it in
    /// its new words.
    pub fn rename_principals(&mut self, renamed: &dyn Fn(&str) -> Option<String>) {
        for service in self.services {
            service.rename_principals(self, renamed);
        }
    }
}

/// An operation that is not here is refused by its name, whatever its input.
fn check(service: &dyn Service, operation: &str, input: &Value) -> Result<(), Fault> {
    let Some(error) = service.validation_error() else { return Ok(()) };
    if !service.operations().any(|row| row.operation() == operation) {
        return Ok(());
    }
    let breaches = input::breaches(service.name(), operation, input);
    if breaches.is_empty() { Ok(()) } else { Err(error(&breaches)) }
}

fn not_here<T>() -> Fault {
    Fault::of_service("InternalFailure", format!("{} is not in this world", std::any::type_name::<T>()))
}
