//! A service that assumes a role on its own: ECS for its tasks.

use std::sync::Arc;

use account::{Call, Check, Identity, Session, SessionKind, Surroundings, Tags, Work, World};

use super::{Issued, Role};

/// What a service asks STS for.
pub struct Assumption<'a> {
    /// `ecs-tasks.amazonaws.com`.
    pub service: &'a str,
    /// The role's ARN.
    pub role: &'a str,
    /// `RoleSessionName`
    pub session_name: &'a str,
    /// `aws:SourceArn`: for what the service acts.
    pub source_arn: String,
    /// `aws:SourceAccount`.
    pub source_account: &'a str,
    /// The region whose endpoint it asks.
    pub region: &'a str,
    /// How long the session lasts. A service's sessions are not bound by the role's maximum session duration.
    pub seconds: i64,
}

/// The role is not there, or does not trust the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

/// Assumes a role for a service through the role's trust policy.
///
/// The request is the service's own: it comes from the service's network, without the address or the user agent of
/// the one who made the service act. CloudTrail has the service's name in both places; `aws:UserAgent` is in every request.
/// docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
///
/// # Errors
/// The role is not there, or does not trust the service.
pub fn assume_for_service(world: &mut World, work: &mut Work<'_>, asked: &Assumption<'_>) -> Result<Issued, Refused> {
    let role = Role::find(world, asked.role).ok_or(Refused)?;
    let surroundings =
        Surroundings { user_agent: Some(asked.service.to_owned()), ..Surroundings::unknown(asked.region) };
    let identity = Arc::new(Identity::Service {
        name: asked.service.to_owned(),
        source_arn: Some(asked.source_arn.clone()),
        source_account: Some(asked.source_account.to_owned()),
    });
    let Work { now, ids, tracing, decisions } = work;
    let (now, tracing) = (*now, *tracing);
    let mut call = Call { identity, now, ids: &mut **ids, surroundings: &surroundings, tracing, decisions };
    let check = Check::new("sts:AssumeRole", &role.arn)
        .owned_by(&role.account)
        .guarded_by(Some(Arc::clone(&role.trust)))
        .tagged(&role.tags)
        .key("sts:RoleSessionName", asked.session_name);
    world.authorize(&mut call, check).map_err(|_| Refused)?;
    let session = Session {
        arn: role.session_arn(asked.session_name),
        user_id: format!("{}:{}", role.id, asked.session_name),
        account: role.account,
        kind: SessionKind::Role { name: role.name, id: role.id, arn: role.arn },
        policies: None,
        tags: Tags::default(),
        transitive: Vec::new(),
        source_identity: None,
        issued: now,
        mfa: false,
    };
    Ok(Issued::make(world, call.ids, session, asked.seconds))
}
