//! Which condition keys a check of a call has.

use std::borrow::Cow;

use catalog::Action;
use policy::ContextValue;

/// A context as a question has it.
pub(super) type Keys<'c> = Vec<(Cow<'c, str>, ContextValue)>;

/// Those of the keys that a request for the action on the resource carries, and those that nobody knows.
pub(super) fn carried<'c>(
    keys: &'c [(Cow<'_, str>, ContextValue)],
    action: Action,
    resource: &str,
) -> impl Iterator<Item = (Cow<'c, str>, ContextValue)> {
    let is_carried = move |key: &str| catalog::key(key).is_none_or(|key| action.carries_on(resource, key));
    let kept = keys.iter().filter(move |(key, _)| is_carried(key));
    kept.map(|(key, value)| (Cow::Borrowed(key.as_ref()), value.clone()))
}

/// Adds keys; the ones that are given here take the place of those of the same name.
pub(super) fn add<'c>(context: &mut Keys<'c>, more: impl Iterator<Item = (Cow<'c, str>, ContextValue)>) {
    for (key, value) in more {
        context.retain(|(known, _)| !known.eq_ignore_ascii_case(&key));
        context.push((key, value));
    }
}

/// The value of a key, letter case ignored.
pub(super) fn has(context: &[(Cow<'_, str>, ContextValue)], name: &str) -> bool {
    context.iter().any(|(key, _)| key.eq_ignore_ascii_case(name))
}

/// Whether there is a value for one of the keys, which are written without what follows the slash.
pub(super) fn has_one_of(context: &[(Cow<'_, str>, ContextValue)], heads: &[&str]) -> bool {
    has_other_of(context, heads, None)
}

/// The same, but for the value at which nothing more is asked.
pub(super) fn has_other_of(
    context: &[(Cow<'_, str>, ContextValue)],
    heads: &[&str],
    unless: Option<&'static str>,
) -> bool {
    context.iter().any(|(key, value)| counts(value, unless) && heads.iter().any(|head| is_headed(key, head)))
}

/// Whether a value is there, and not the one at which nothing more is asked.
pub(super) fn counts(value: &ContextValue, unless: Option<&'static str>) -> bool {
    match value {
        ContextValue::One(value) => unless != Some(value.as_str()),
        ContextValue::Many(values) => !values.is_empty(),
    }
}

/// `aws:RequestTag/team` and `aws:RequestTag`
pub(super) fn is_headed(key: &str, head: &str) -> bool {
    key.split('/').next().is_some_and(|own| own.eq_ignore_ascii_case(head))
}

/// What a new resource has of the tags that it is made with: "aws:ResourceTag … is included in … requests that create a
/// resource with an attached tag".
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourcetag
pub(super) fn tags_of_new(context: &Keys<'_>) -> Keys<'static> {
    let passed = context.iter().filter(|(key, _)| is_headed(key, "aws:RequestTag"));
    let tags = passed.filter_map(|(key, value)| Some((format!("aws:ResourceTag/{}", key.split_once('/')?.1), value)));
    let new = tags.filter(|(key, _)| !has(context, key));
    new.map(|(key, value)| (Cow::Owned(key), value.clone())).collect()
}

/// The source identity that a session hands to the session that it opens: "both the aws:SourceIdentity and
/// sts:SourceIdentity keys are present".
/// docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html#id_credentials_temp_control-access_monitor-chain
pub(super) fn source_identity_to_come(context: &Keys<'_>) -> Option<(Cow<'static, str>, ContextValue)> {
    if has(context, "sts:SourceIdentity") {
        return None;
    }
    let (_, kept) = context.iter().find(|(key, _)| key.eq_ignore_ascii_case("aws:SourceIdentity"))?;
    Some((Cow::Borrowed("sts:SourceIdentity"), kept.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lookups::{Carries, Lookups};

    /// A call deals its keys as a question keeps them.
    #[test]
    fn the_call_and_the_question_agree_on_which_keys_a_request_has() {
        let mut known = Lookups::default();
        let value = || ContextValue::One("x".to_owned());
        let names = ["aws:RequestTag/a", "aws:ResourceTag/a", "aws:TagKeys", "aws:SourceIp", "aws:username", "nix:Key"];
        let keys: Vec<_> = names.map(|name| (Cow::Borrowed(name), value())).to_vec();
        for action in ["ec2", "ecs", "rds", "s3", "sts"].into_iter().flat_map(catalog::actions_of) {
            let types = action.rows().filter_map(|row| row.resource_type());
            let samples = types.flat_map(|kind| kind.samples().collect::<Vec<_>>());
            for resource in samples.chain(["*".to_owned(), "arn:aws:nix:::b".to_owned()]) {
                let dealt: Vec<_> = carried(&keys, action, &resource).map(|(key, _)| key.into_owned()).collect();
                let about = known.about(action.name());
                let kept = names.into_iter().filter(|name| {
                    let place = about.place(name);
                    about.kept(place, &resource) != Carries::No
                });
                assert_eq!(dealt, kept.collect::<Vec<_>>(), "{} {resource}", action.name());
            }
        }
    }
}
