//! One call to IAM, on its way from authorisation to the state.

use account::identities::{Identities, Metadata, ResourceType};
use account::operation::OperationRow;
use account::{Call, Check, Fault, Identity, RecordedDecision, SessionKind, Tags, World, ids};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::fault;

/// One call to IAM.
pub(crate) struct IamCall<'w, 'c, 'i> {
    pub(crate) world: &'w mut World,
    pub(crate) call: &'c mut Call<'i>,
    /// The caller's account.
    pub(crate) account: String,
    /// `iam:PutRolePolicy`.
    pub(crate) action: &'static str,
    /// What it is about.
    pub(crate) kind: ResourceType,
    /// Its row.
    pub(crate) operation: &'static OperationRow,
    /// What it is asked with.
    pub(crate) input: Map<String, Value>,
}

impl IamCall<'_, '_, '_> {
    pub(crate) fn iam(&self) -> Result<&Identities, Fault> {
        self.world.account(&self.account).map(|account| &account.identities).ok_or_else(Fault::unsigned)
    }

    pub(crate) fn iam_mut(&mut self) -> Result<&mut Identities, Fault> {
        self.world.account_mut(&self.account).map(|account| &mut account.identities).ok_or_else(Fault::unsigned)
    }

    pub(crate) fn authorize(&mut self, check: Check) -> Result<(), Fault> {
        let refused = self.world.authorize(self.call, check).err();
        let of_service = self.call.decisions.last().and_then(protected_role);
        refused.map_or(Ok(()), |fault| Err(of_service.unwrap_or(fault)))
    }

    /// Lets the call go on if it may do its action on what has this name, whether that is there or not.
    pub(crate) fn authorize_on(&mut self, name: &str) -> Result<(), Fault> {
        let check = self.check_on(name)?;
        self.authorize(check)
    }

    /// Lets the call go on if it may do its action, which has no resource types.
    pub(crate) fn authorize_on_all(&mut self) -> Result<(), Fault> {
        self.authorize(Check::new(self.action, "*"))
    }

    /// The check of the call's action on what has this name.
    ///
    /// `iam:PermissionsBoundary` is the boundary that the user or role has at this moment, or the one that the call is to
    /// set.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_permissionsboundary
    pub(crate) fn check_on(&self, name: &str) -> Result<Check, Fault> {
        let iam = self.iam()?;
        let Some(metadata) = iam.metadata(self.kind, name) else {
            let arn = match self.kind {
                ResourceType::Policy => name.to_owned(),
                kind => kind.arn(self.world.partition(), &self.account, "/", name),
            };
            return Ok(self.operation.keyed(Check::new(self.action, arn), &self.input));
        };
        let check = Check::new(self.action, &metadata.arn).tagged(&metadata.tags);
        let check = match iam.grants(self.kind, name).and_then(|grants| grants.boundary.as_deref()) {
            Some(boundary) => check.key("iam:PermissionsBoundary", boundary),
            None => check,
        };
        Ok(self.operation.keyed(check, &self.input))
    }

    /// Lets the call go on if it may make something. A request that makes a tagged resource carries `aws:ResourceTag` too.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourcetag
    ///
    /// Making something with tags takes the permission to tag it as well, as the row tells: CreateRole with tags is refused
    /// with `not authorized to perform: iam:TagRole` where that is missing.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/id_tags_roles.html
    pub(crate) fn authorize_making(&mut self, path: &str, name: &str, tags: &Tags) -> Result<(), Fault> {
        let arn = self.kind.arn(self.world.partition(), &self.account, path, name);
        let check = self.operation.keyed(Check::new(self.action, arn).passing(tags).tagged(tags), &self.input);
        let actions: Vec<_> = self.operation.asked(&self.input).collect();
        actions.into_iter().try_for_each(|action| self.authorize(Check { action, ..check.clone() }))
    }

    /// A service-linked role can be read, and is changed by its service alone.
    pub(crate) fn refuse_protected(&self, name: &str) -> Result<(), Fault> {
        let role = self.iam()?.roles.get(name).filter(|_| self.kind == ResourceType::Role);
        match role.filter(|role| role.is_service_linked()) {
            Some(_) => Err(fault::protected(name)),
            None => Ok(()),
        }
    }

    /// Refuses a name that is taken.
    pub(crate) fn refuse_taken(&self, of: ResourceType, name: &str) -> Result<(), Fault> {
        if self.iam()?.has_name(of, name) { Err(fault::taken(of, name)) } else { Ok(()) }
    }

    /// The caller as error texts name it.
    pub(crate) fn caller_arn(&self) -> String {
        let caller = self.world.caller_identity(&self.call.identity);
        caller.map_or_else(|_| "anonymous".to_owned(), |caller| caller.arn)
    }

    /// What is newly made has.
    pub(crate) fn metadata(&mut self, path: String, name: String, tags: Tags) -> Metadata {
        let arn = self.kind.arn(self.world.partition(), &self.account, &path, &name);
        let id = ids::unique(self.call.ids, self.kind.id_prefix());
        Metadata { name, path, id, arn, created: self.call.now, tags }
    }

    /// The user named in the input, else the calling user; `None` for the root user.
    pub(crate) fn user_or_self(&self, named: Option<String>) -> Result<Option<String>, Fault> {
        match (named, &*self.call.identity) {
            (Some(name), _) => Ok(Some(name)),
            (None, Identity::User { id, .. }) => self.name_of(id),
            (None, Identity::Root { .. }) => Ok(None),
            (None, Identity::Session(session)) => match &session.kind {
                SessionKind::User { id } => self.name_of(id),
                SessionKind::Root => Ok(None),
                SessionKind::Role { .. } | SessionKind::Federated { .. } => Err(no_user()),
            },
            (None, Identity::Anonymous | Identity::Service { .. }) => Err(no_user()),
        }
    }

    fn name_of(&self, id: &str) -> Result<Option<String>, Fault> {
        let user = self.iam()?.users.with_id(id).ok_or_else(Fault::unsigned)?;
        Ok(Some(user.metadata.name.clone()))
    }
}

fn no_user() -> Fault {
    fault::validation("Must specify userName when calling with non-User credentials")
}

/// What answers one operation.
pub(crate) type Run = fn(&mut IamCall<'_, '_, '_>) -> Result<Value, Fault>;

/// As IAM prints a time.
pub(crate) fn stamp(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// IAM's own error to a caller whose policies would let it change a service-linked role.
fn protected_role(recorded: &RecordedDecision) -> Option<Fault> {
    let fact = recorded.decision.fact.filter(|_| recorded.decision.by.is_empty())?;
    let name = recorded.request.resource.rsplit('/').next()?;
    ["iam-service-linked-role", "iam-service-linked-role-policies"].contains(&fact.id).then(|| fault::protected(name))
}
