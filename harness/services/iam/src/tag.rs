//! Tags of users, roles, managed policies and instance profiles.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules

use account::identities::ResourceType;
use account::operation::TagMember;
use account::{Fault, Reserved, TagProblem, TagRules, Tags, is_tag_character};
use serde_json::{Value, json};

use super::call::IamCall;
use super::fault;
use super::page::cut;

#[cfg(test)]
mod tests;

/// The most tags of one resource.
const MOST: usize = 50;

/// Tag…
pub(crate) fn tag(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let name = op.name();
    let tags = passed(op)?;
    let check = op.check_on(&name)?.passing(&tags);
    op.authorize(check)?;
    op.refuse_protected(&name)?;
    let kind = op.kind;
    let metadata = op.iam_mut()?.metadata_mut(kind, &name).ok_or_else(|| fault::missing(kind, &name))?;
    let mut all = metadata.tags.clone();
    for (key, value) in tags.iter() {
        set(kind, &mut all, key, value);
    }
    if all.len() > MOST {
        return Err(fault::quota(
            &format!("TagsPer{}", kind.member().trim_end_matches("Name").trim_end_matches("Arn")),
            MOST,
        ));
    }
    metadata.tags = all;
    Ok(json!({}))
}

/// Untag…
pub(crate) fn untag(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let name = op.name();
    let Some(TagMember::Keys(member)) = op.operation.tags else { return Err(unread()) };
    let keys = op.texts(member);
    let check = op.check_on(&name)?.untagging(&keys);
    op.authorize(check)?;
    op.refuse_protected(&name)?;
    let kind = op.kind;
    let metadata = op.iam_mut()?.metadata_mut(kind, &name).ok_or_else(|| fault::missing(kind, &name))?;
    metadata.tags.retain(|known| !keys.iter().any(|key| rules(kind).is_same(key, known)));
    Ok(json!({}))
}

/// List…Tags
pub(crate) fn list(op: &mut IamCall<'_, '_, '_>) -> Result<Value, Fault> {
    let name = op.name();
    let page = op.page();
    op.authorize_on(&name)?;
    let Some(metadata) = op.iam()?.metadata(op.kind, &name) else {
        return match catalog::managed::get(&name) {
            Some(_) => Ok(cut(&page, []).answer("Tags")),
            None => Err(fault::missing(op.kind, &name)),
        };
    };
    let mut all: Vec<_> = metadata.tags.iter().map(|(key, value)| (key.to_owned(), pair(key, value))).collect();
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(cut(&page, all).answer("Tags"))
}

/// The tags that the input passes, as the row tells where: no key twice, none that is AWS's.
pub(crate) fn passed(op: &IamCall<'_, '_, '_>) -> Result<Tags, Fault> {
    let Some(TagMember::Passes(member)) = op.operation.tags else { return Err(unread()) };
    let tags = op.list(member).iter().filter_map(|tag| Some((tag["Key"].as_str()?, tag["Value"].as_str()?)));
    rules(op.kind).read(tags)
}

/// The row of an operation about tags tells no member for them: no request is at fault.
fn unread() -> Fault {
    Fault::of_service("ServiceFailure", "The operation's row names no member about tags.")
}

/// As responses show tags.
pub(crate) fn view(tags: &Tags) -> Value {
    tags.iter().map(|(key, value)| pair(key, value)).collect()
}

fn pair(key: &str, value: &str) -> Value {
    json!({ "Key": key, "Value": value })
}

/// Keys of users' and roles' tags ignore letter case, those of other resources do not.
/// docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules
fn rules(of: ResourceType) -> &'static TagRules {
    if matches!(of, ResourceType::User | ResourceType::Role) { &IGNORING_CASE } else { &BY_CASE }
}

/// How long keys and values are and what they consist of, the model says.
const BY_CASE: TagRules = TagRules {
    most: 50,
    reserved: Reserved::KeysInAnyCase,
    ignores_case: false,
    characters: is_tag_character,
    passes: &[&[TagProblem::Reserved, TagProblem::Duplicate]],
    words: |problem, key, _| match problem {
        TagProblem::Reserved => {
            let text = format!("The tag key '{key}' is reserved: keys that begin with aws: are for AWS's use.");
            fault::invalid_input(text)
        }
        _ => fault::invalid_input("Duplicate tag keys found."),
    },
};

const IGNORING_CASE: TagRules = TagRules {
    ignores_case: true,
    words: |problem, key, value| match problem {
        TagProblem::Duplicate => {
            fault::invalid_input("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
        }
        other => (BY_CASE.words)(other, key, value),
    },
    ..BY_CASE
};

fn set(of: ResourceType, tags: &mut Tags, key: &str, value: &str) {
    match rules(of).ignores_case && tags.get(key).is_none() {
        true => tags.set_ignoring_case(key, value),
        false => tags.set(key, value),
    }
}
