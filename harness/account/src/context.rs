//! The request context: which condition keys a request carries, and their values.
//!
//! Only keys that the service authorization reference lists for the action, and the global keys that AWS says are
//! always or sometimes there, ever come in.
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html

use catalog::{Action, Row};
use jiff::Timestamp;
use policy::Context;
use policy::arn::Arn;
use policy::undocumented::Case;

use crate::call::Call;
use crate::caller::Caller;
use crate::check::Check;
use crate::identity::{Identity, Session, SessionKind};
use crate::organization::Endpoint;
use crate::tags::Tags;
use crate::world::World;

impl World {
    /// The context of one check of a call.
    pub(crate) fn context(&self, call: &Call<'_>, caller: &Caller<'_>, check: &Check, owner: &str) -> Context {
        let mut context = Context::new();
        let rows = Rows::of(check);
        self.principal_keys(&mut context, &call.identity, caller);
        network_keys(&mut context, call, check);
        self.endpoint_keys(&mut context, call, check, &rows);
        if policy::facts::carries_resource_account(check.action) {
            self.resource_keys(&mut context, &check.resource, owner);
        }
        request_keys(&mut context, check, &rows);
        open_keys(&mut context, check, &rows);
        let prefix = check.action.split_once(':').map_or("", |(prefix, _)| prefix);
        if let Some(service) = self.service(prefix) {
            context.take_over(service.keys(call, owner), |key| rows.carry(key));
        }
        context
    }

    /// Who asks. docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties
    ///
    /// When a service asks: [`Case::ServiceKeys`].
    fn principal_keys(&self, context: &mut Context, identity: &Identity, caller: &Caller<'_>) {
        // "Anonymous requests do not include this key."
        if !matches!(identity, Identity::Anonymous) {
            let service = matches!(identity, Identity::Service { .. });
            context.set("aws:PrincipalIsAWSService", service.to_string());
        }
        if let Identity::Service { name, source_arn, source_account } = identity {
            context.set("aws:PrincipalServiceName", name);
            context.set_many("aws:PrincipalServiceNamesList", [name]);
            context.leaves_open("aws:PrincipalServiceNamesList", Case::ServiceNames);
            for key in ["aws:PrincipalAccount", "aws:userid", "aws:PrincipalType"] {
                context.leaves_open(key, Case::ServiceKeys);
            }
            for (key, case) in self.services().iter().flat_map(|service| service.open_keys(name)) {
                context.leaves_open(key, *case);
            }
            set_if(context, "aws:SourceArn", source_arn.as_deref());
            if let Some(account) = source_account {
                context.set("aws:SourceAccount", account);
                self.organization_keys(context, "aws:Source", account);
            }
        }
        context.set("aws:PrincipalType", principal_type(identity));
        set_if(context, "aws:PrincipalArn", caller.principal.principal_arn().as_deref());
        set_if(context, "aws:userid", caller.user_id.as_deref());
        set_if(context, "aws:username", caller.user_name);
        for (key, value) in caller.tags.iter() {
            context.set(format!("aws:PrincipalTag/{key}"), value);
        }
        match (identity, identity.account()) {
            (_, Some(account)) => {
                context.set("aws:PrincipalAccount", account);
                self.organization_keys(context, "aws:Principal", account);
            }
            // "For anonymous requests, the request context returns `anonymous`."
            (Identity::Anonymous, None) => context.set("aws:PrincipalAccount", "anonymous"),
            (_, None) => {}
        }
        if let Some(session) = identity.session() {
            session_keys(context, session);
        }
    }

    /// `…OrgID` and `…OrgPaths` of an account: there only if it belongs to an organisation.
    fn organization_keys(&self, context: &mut Context, whose: &str, account: &str) {
        let Some(organization) = self.organization() else { return };
        if let Some(path) = organization.path(account) {
            context.set(format!("{whose}OrgID"), &organization.id);
            context.set_many(format!("{whose}OrgPaths"), [path]);
        }
    }

    /// Whose endpoint a request comes through.
    fn endpoint_owner(&self, endpoint: &Endpoint, call: &Call<'_>, check: &Check) -> Context {
        // An endpoint is in the region that is called through it: for IAM, that of its control plane.
        // docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam_vpc_endpoint_create.html
        let (region, account) = (requested_region(check, &call.surroundings.region), &endpoint.account);
        let mut told = Context::new();
        told.set("aws:SourceVpcArn", format!("arn:{}:ec2:{region}:{account}:vpc/{}", self.partition(), endpoint.vpc));
        told.set("aws:VpceAccount", account);
        self.organization_keys(&mut told, "aws:Vpce", account);
        told
    }

    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-network-properties
    fn endpoint_keys(&self, context: &mut Context, call: &Call<'_>, check: &Check, rows: &Rows) {
        let address = call.surroundings.source_ip.map(|ip| ip.to_string());
        let Some(endpoint) = self.endpoint(&call.identity, check.called_service()) else {
            // A request through a VPC endpoint carries no aws:SourceIp.
            return set_if(context, "aws:SourceIp", address.as_deref());
        };
        context.set("aws:SourceVpce", &endpoint.id);
        context.set("aws:SourceVpc", &endpoint.vpc);
        set_if(context, "aws:VpcSourceIp", address.as_deref());
        context.take_over(self.endpoint_owner(endpoint, call, check), |key| rows.carry(key));
    }

    /// "A service-managed account outside of your AWS Organizations owns Managed IAM Policies." Which one:
    /// [`Case::ManagedPolicyAccount`].
    /// docs.aws.amazon.com/IAM/latest/UserGuide/resource_examples_iam_policies_resource_account.html
    fn resource_keys(&self, context: &mut Context, resource: &str, owner: &str) {
        let is_of_aws = Arn::parse(resource).is_some_and(|arn| (arn.service, arn.account) == ("iam", "aws"));
        if is_of_aws {
            context.leaves_open("aws:ResourceAccount", Case::ManagedPolicyAccount);
        }
        if owner.is_empty() {
            return;
        }
        context.set("aws:ResourceAccount", owner);
        self.organization_keys(context, "aws:Resource", owner);
    }
}

/// The rows that a check is authorised by. They say which keys its request can have.
struct Rows {
    /// `None`: AWS has no such action, whose requests have none.
    action: Option<Action>,
    rows: Vec<Row>,
}

impl Rows {
    fn of(check: &Check) -> Self {
        let action = catalog::action(check.action);
        Self { action, rows: action.map(|action| action.rows_on(&check.resource)).unwrap_or_default() }
    }

    /// Whether the request can have a key.
    fn carry(&self, name: &str) -> bool {
        self.action.zip(catalog::key(name)).is_some_and(|(action, key)| action.carries_in(&self.rows, key))
    }
}

fn network_keys(context: &mut Context, call: &Call<'_>, check: &Check) {
    let surroundings = call.surroundings;
    context.set("aws:SecureTransport", surroundings.secure.to_string());
    context.set("aws:ViaAWSService", "false");
    context.set("aws:RequestedRegion", requested_region(check, &surroundings.region));
    context.set("aws:CurrentTime", in_seconds(call.now));
    context.set("aws:EpochTime", call.now.as_second().to_string());
    set_if(context, "aws:UserAgent", surroundings.user_agent.as_deref());
    set_if(context, "aws:Referer", surroundings.referer.as_deref());
}

/// `2026-11-30T12:00:00Z`
fn in_seconds(at: Timestamp) -> String {
    format!("{at:.0}")
}

/// "IAM calls are always made to the us-east-1 Region", wherever the client thinks it is. Passing a role to another
/// service is part of a call to that service: [`Case::ServiceCallRegion`].
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requestedregion
fn requested_region<'a>(check: &Check, region: &'a str) -> &'a str {
    if check.called_service() == "iam" { "us-east-1" } else { region }
}

fn session_keys(context: &mut Context, session: &Session) {
    context.set("aws:TokenIssueTime", in_seconds(session.issued));
    // "This condition key is not present for federated identities"; and nobody here has a device, so that
    // aws:MultiFactorAuthAge is never there.
    // docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent
    if !matches!(session.kind, SessionKind::Federated { .. }) {
        context.set("aws:MultiFactorAuthPresent", session.mfa.to_string());
    }
    set_if(context, "aws:SourceIdentity", session.source_identity.as_deref());
}

/// What the operation itself brought, as far as a request for the action on this resource carries it.
fn request_keys(context: &mut Context, check: &Check, rows: &Rows) {
    let mut put = |name: String, value: &str| {
        if rows.carry(&name) {
            context.set(name, value);
        }
    };
    for (key, value) in check.request_tags.iter().flat_map(Tags::iter) {
        put(format!("aws:RequestTag/{key}"), value);
        rows.rows.iter().filter_map(|row| row.request_tag_twin()).for_each(|twin| put(format!("{twin}/{key}"), value));
    }
    for (key, value) in check.resource_tags.iter().flat_map(Tags::iter) {
        put(format!("aws:ResourceTag/{key}"), value);
        rows.rows.iter().filter_map(|row| row.resource_tag_twin()).for_each(|twin| put(format!("{twin}/{key}"), value));
    }
    let keys = check.request_tags.as_ref().map(|tags| tags.keys().map(str::to_owned).collect());
    if let Some(keys) = keys.or_else(|| check.tag_keys.clone())
        && rows.carry("aws:TagKeys")
    {
        context.set_many("aws:TagKeys", keys);
    }
    context.take_over(check.keys.clone(), |key| rows.carry(key));
}

/// Keys that AWS's documentation leaves open in this request.
fn open_keys(context: &mut Context, check: &Check, rows: &Rows) {
    for (key, case) in &check.open {
        context.leaves_open(key, *case);
    }
    if check.called.is_some() {
        context.leaves_open("aws:RequestedRegion", Case::ServiceCallRegion);
    }
    // No request here comes through an access point of S3.
    let unsettled = rows.rows.iter().flat_map(|row| row.unsettled());
    for (key, case) in unsettled.filter(|(_, case)| *case != Case::AccessPointTag) {
        context.leaves_open(key, case);
    }
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable, which has no row for
/// services.
fn principal_type(identity: &Identity) -> &'static str {
    match identity {
        Identity::Anonymous => "Anonymous",
        Identity::Root { .. } => "Account",
        Identity::User { .. } => "User",
        Identity::Service { .. } => "AWSService",
        Identity::Session(session) => match session.kind {
            SessionKind::Role { .. } => "AssumedRole",
            SessionKind::User { .. } => "User",
            SessionKind::Root => "Account",
            SessionKind::Federated { .. } => "FederatedUser",
        },
    }
}

fn set_if(context: &mut Context, key: &str, value: Option<&str>) {
    if let Some(value) = value {
        context.set(key, value);
    }
}
