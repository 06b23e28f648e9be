//! The request context: which condition keys a request carries, and their values.
//!
//! Only keys that the service authorization reference lists for the action, and the global keys that AWS says are
//! always or sometimes there, ever come in.
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html

use policy::{Context, ContextValue};

use crate::authorize::Caller;
use crate::{Call, Check, Identity, Session, SessionKind, Tags, World};

impl World {
    /// The context of one check of a call.
    pub(crate) fn context(&self, call: &Call<'_>, caller: &Caller<'_>, check: &Check, owner: &str) -> Context {
        let mut context = Context::new();
        self.principal_keys(&mut context, &call.identity, caller);
        network_keys(&mut context, call);
        self.endpoint_keys(&mut context, call, check);
        self.resource_keys(&mut context, owner);
        request_keys(&mut context, check);
        if check.action.starts_with("s3:") {
            signature_keys(&mut context, call, check.action);
        }
        context
    }

    /// Who asks. docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties
    fn principal_keys(&self, context: &mut Context, identity: &Identity, caller: &Caller<'_>) {
        let service = matches!(identity, Identity::Service { .. });
        context.set("aws:PrincipalIsAWSService", service.to_string());
        if let Identity::Service { name, source_arn, source_account } = identity {
            context.set("aws:PrincipalServiceName", name);
            set_if(context, "aws:SourceArn", source_arn.as_deref());
            set_if(context, "aws:SourceAccount", source_account.as_deref());
        }
        context.set("aws:PrincipalType", principal_type(identity));
        set_if(context, "aws:PrincipalArn", caller.principal_arn().as_deref());
        set_if(context, "aws:userid", caller.user_id.as_deref());
        set_if(context, "aws:username", user_name(identity));
        for (key, value) in caller.tags.iter() {
            context.set(format!("aws:PrincipalTag/{key}"), value);
        }
        if let Some(account) = identity.account() {
            context.set("aws:PrincipalAccount", account);
            if let Some(organization) = self.organization.as_ref().filter(|organization| organization.has(account)) {
                context.set("aws:PrincipalOrgID", &organization.id);
            }
        }
        if let Some(session) = identity.session() {
            session_keys(context, session);
        }
    }

    fn endpoint_keys(&self, context: &mut Context, call: &Call<'_>, check: &Check) {
        match self.endpoint(&call.identity, check.action) {
            Some(endpoint) => {
                context.set("aws:SourceVpce", &endpoint.id);
                context.set("aws:SourceVpc", &endpoint.vpc);
                set_if(context, "aws:VpcSourceIp", call.surroundings.source_ip.map(|ip| ip.to_string()).as_deref());
            }
            // A request through a VPC endpoint carries no aws:SourceIp.
            None => set_if(context, "aws:SourceIp", call.surroundings.source_ip.map(|ip| ip.to_string()).as_deref()),
        }
    }

    fn resource_keys(&self, context: &mut Context, owner: &str) {
        if owner.is_empty() {
            return;
        }
        context.set("aws:ResourceAccount", owner);
        if let Some(organization) = self.organization.as_ref().filter(|organization| organization.has(owner)) {
            context.set("aws:ResourceOrgID", &organization.id);
        }
    }
}

fn network_keys(context: &mut Context, call: &Call<'_>) {
    let surroundings = call.surroundings;
    context.set("aws:SecureTransport", surroundings.secure.to_string());
    context.set("aws:ViaAWSService", "false");
    context.set("aws:RequestedRegion", &surroundings.region);
    context.set("aws:CurrentTime", call.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    context.set("aws:EpochTime", call.now.as_second().to_string());
    set_if(context, "aws:UserAgent", surroundings.user_agent.as_deref());
    set_if(context, "aws:Referer", surroundings.referer.as_deref());
}

fn session_keys(context: &mut Context, session: &Session) {
    context.set("aws:TokenIssueTime", session.issued.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    context.set("aws:MultiFactorAuthPresent", session.mfa.to_string());
    set_if(context, "aws:SourceIdentity", session.source_identity.as_deref());
}

/// What the operation itself brought, as far as the action carries it.
fn request_keys(context: &mut Context, check: &Check) {
    let Some(action) = catalog::action(check.action) else { return };
    let mut put = |key: String, value: &str| {
        if action.carries(&key) {
            context.set(key, value);
        }
    };
    for (key, value) in check.request_tags.iter().flat_map(Tags::iter) {
        put(format!("aws:RequestTag/{key}"), value);
    }
    for (key, value) in check.resource_tags.iter().flat_map(Tags::iter) {
        put(format!("aws:ResourceTag/{key}"), value);
        if let Some(twin) = resource_tag_twin(action.service().prefix()) {
            put(format!("{twin}/{key}"), value);
        }
    }
    let keys = check.request_tags.as_ref().map(|tags| tags.keys().map(str::to_owned).collect());
    if let Some(keys) = keys.or_else(|| check.tag_keys.clone())
        && action.carries("aws:TagKeys")
    {
        context.set_many("aws:TagKeys", keys);
    }
    for (key, value) in check.keys.iter().filter(|(key, _)| action.carries(key)) {
        match value {
            ContextValue::One(value) => context.set(key, value),
            ContextValue::Many(values) => context.set_many(key, values.clone()),
        }
    }
}

/// Services with a resource-tag key of their own beside `aws:ResourceTag`.
fn resource_tag_twin(service: &str) -> Option<&'static str> {
    match service {
        "ecs" => Some("ecs:ResourceTag"),
        "iam" => Some("iam:ResourceTag"),
        // For S3 the twin names the bucket's tags; the reference lists it on buckets and objects.
        // docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging.html
        "s3" => Some("s3:BucketTag"),
        _ => None,
    }
}

/// docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
fn signature_keys(context: &mut Context, call: &Call<'_>, action: &str) {
    let (Some(signing), Some(action)) = (&call.surroundings.signing, catalog::action(action)) else { return };
    let mut put = |key: &str, value: Option<&str>| {
        if action.carries(key) {
            set_if(context, key, value);
        }
    };
    put("s3:authType", Some(signing.auth_type));
    put("s3:signatureversion", Some("AWS4-HMAC-SHA256"));
    put("s3:signatureAge", signing.age_ms.map(|age| age.to_string()).as_deref());
    put("s3:x-amz-content-sha256", signing.content_sha256.as_deref());
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
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

/// `aws:username` is there for IAM users alone.
fn user_name(identity: &Identity) -> Option<&str> {
    match identity {
        Identity::User { name, .. } => Some(name),
        Identity::Session(session) => match &session.kind {
            SessionKind::User { name } => Some(name),
            _ => None,
        },
        _ => None,
    }
}

fn set_if(context: &mut Context, key: &str, value: Option<&str>) {
    if let Some(value) = value {
        context.set(key, value);
    }
}
