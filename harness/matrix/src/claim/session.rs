//! Sessions of a role that stand for all of them, and who can give them tags.

use std::sync::Arc;

use account::identities::Role;
use account::{Identity, Session, SessionKind, Tags, World};
use policy::arn::Arn;
use policy::view::StatementView;
use policy::wildcard::matches_action;
use policy::{ContextValue, Effect, Request};

use super::known::principal_tag;

/// Who can give sessions of a role their tags, by its trust policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandsOut {
    /// The tags, as condition keys with their values.
    pub tags: Vec<(String, String)>,
    /// The role's ARN.
    pub role: String,
    /// The principals of the statements that allow sts:TagSession, as the trust policy names them.
    pub by: Vec<String>,
}

/// Its name: any will do, since those that policies name are tried as well.
const SESSION: &str = "session";

/// A session of a role with these session tags; `None`: there is no such role.
pub(super) fn session(world: &World, role: &str, tags: Tags) -> Option<Identity> {
    let (arn, known) = known(world, role)?;
    let (name, id) = (known.metadata.name.clone(), known.metadata.id.clone());
    Some(Identity::Session(Arc::new(Session {
        account: arn.account.to_owned(),
        user_id: format!("{id}:{SESSION}"),
        arn: format!("arn:{}:sts::{}:assumed-role/{name}/{SESSION}", arn.partition, arn.account),
        kind: SessionKind::Role { name, id, arn: role.to_owned() },
        policies: None,
        tags,
        transitive: Vec::new(),
        source_identity: None,
        issued: jiff::Timestamp::UNIX_EPOCH,
        mfa: false,
    })))
}

fn known<'w, 'a>(world: &'w World, role: &'a str) -> Option<(Arn<'a>, &'w Role)> {
    let arn = Arn::parse(role)?;
    let known = world.account(arn.account)?.identities.roles.get(arn.resource.rsplit('/').next()?)?;
    Some((arn, known))
}

/// Who has to hand out the tags that a request's session has and its role does not; `None`: there are none.
pub(super) fn hands_out(world: &World, role: &str, request: &Request) -> Option<HandsOut> {
    let (_, known) = known(world, role)?;
    let is_of_role = |tag: &str, value: &str| known.metadata.tags.find(tag).is_some_and(|(_, own)| own == value);
    let of_session = request.context.iter().filter_map(|(key, value)| match (principal_tag(key)?, value) {
        (tag, ContextValue::One(value)) => (!is_of_role(tag, value)).then(|| (key.to_owned(), value.clone())),
        _ => None,
    });
    let tags: Vec<_> = of_session.collect();
    let tagging = known.trust.policy.view().filter(|one| one.effect() == Effect::Allow && covers_tagging(*one));
    let mut by: Vec<String> = tagging.flat_map(|one| one.names()).map(ToString::to_string).collect();
    by.sort();
    by.dedup();
    (!tags.is_empty()).then(|| HandsOut { tags, role: role.to_owned(), by })
}

/// "To pass session tags, you must have the sts:TagSession permission."
/// docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required
fn covers_tagging(statement: StatementView<'_>) -> bool {
    let is_named = statement.actions().any(|pattern| matches_action(pattern, "sts:TagSession"));
    is_named != statement.leaves_actions_out()
}
