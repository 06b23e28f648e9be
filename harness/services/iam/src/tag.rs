//! Tags of users, roles, managed policies and instance profiles.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules

use account::identities::ResourceType;
use account::{Check, Fault, Reserved, TagProblem, TagRules, Tags, is_tag_character};
use serde_json::{Value, json};

use super::call::IamCall;
use super::fault;
use super::form::Form;
use super::page::cut;

#[cfg(test)]
mod tests;

/// The most tags of one resource.
const MOST: usize = 50;
const KEY: usize = 128;
const VALUE: usize = 256;
const KEY_PATTERN: &str = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+";
const VALUE_PATTERN: &str = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*";

/// Tag…
pub(crate) fn tag(op: &mut IamCall<'_, '_, '_>, mut form: Form) -> Result<Value, Fault> {
    let name = named(op, &mut form);
    let pairs = passed(&mut form);
    form.finish()?;
    let tags = unique(op.kind, &pairs)?;
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
pub(crate) fn untag(op: &mut IamCall<'_, '_, '_>, mut form: Form) -> Result<Value, Fault> {
    let name = named(op, &mut form);
    let keys = form.texts("TagKeys");
    if keys.len() > MOST {
        form.breach("TagKeys", &format!("Member must have length less than or equal to {MOST}"));
    }
    if keys.iter().any(|key| !is_key(key)) {
        form.breach("TagKeys", &format!(
            "Member must satisfy constraint: [Member must have length less than or equal to {KEY}, Member must have \
             length greater than or equal to 1, Member must satisfy regular expression pattern: {KEY_PATTERN}, Member \
             must not be null]"
        ));
    }
    form.finish()?;
    let check = op.check_on(&name)?.untagging(&keys);
    op.authorize(check)?;
    op.refuse_protected(&name)?;
    let kind = op.kind;
    let metadata = op.iam_mut()?.metadata_mut(kind, &name).ok_or_else(|| fault::missing(kind, &name))?;
    metadata.tags.retain(|known| !keys.iter().any(|key| rules(kind).is_same(key, known)));
    Ok(json!({}))
}

/// List…Tags
pub(crate) fn list(op: &mut IamCall<'_, '_, '_>, mut form: Form) -> Result<Value, Fault> {
    let name = named(op, &mut form);
    let page = form.page();
    form.finish()?;
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

/// The resource that the input names.
fn named(op: &IamCall<'_, '_, '_>, form: &mut Form) -> String {
    match op.kind {
        ResourceType::Policy => form.arn("PolicyArn"),
        kind => form.name(kind.member(), 128),
    }
}

/// The pairs under `Tags`, each within its bounds.
pub(crate) fn passed(form: &mut Form) -> Vec<(String, String)> {
    let items = form.list("Tags");
    if items.len() > MOST {
        form.breach("Tags", &format!("Member must have length less than or equal to {MOST}"));
        return Vec::new();
    }
    let mut pairs = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let mut part = |name: &str, longest: usize, least: usize, pattern: &str| {
            let member = format!("Tags.{}.member.{}", at + 1, name.to_ascii_lowercase());
            let text = item.get(name).and_then(Value::as_str).map(str::to_owned).unwrap_or_else(|| {
                form.breach(&member, "Member must not be null");
                String::new()
            });
            form.check_length(&member, &text, least, longest);
            form.check_pattern(&member, &text, pattern, |text| text.chars().all(is_tag_character));
            text
        };
        let key = part("Key", KEY, 1, KEY_PATTERN);
        let value = part("Value", VALUE, 0, VALUE_PATTERN);
        pairs.push((key, value));
    }
    pairs
}

fn is_key(key: &str) -> bool {
    (1..=KEY).contains(&key.chars().count()) && key.chars().all(is_tag_character)
}

/// The passed pairs as tags: no key twice, none that is AWS's.
pub(crate) fn unique(of: ResourceType, pairs: &[(String, String)]) -> Result<Tags, Fault> {
    rules(of).read(pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())))
}

/// Making something with tags takes the permission to tag it as well: CreateRole with tags is refused with
/// `not authorized to perform: iam:TagRole` where that is missing.
/// docs.aws.amazon.com/IAM/latest/UserGuide/id_tags_roles.html
pub(crate) fn authorize_making(op: &mut IamCall<'_, '_, '_>, path: &str, name: &str, tags: &Tags) -> Result<(), Fault> {
    if tags.is_empty() {
        return Ok(());
    }
    let action = match op.kind {
        ResourceType::User => "iam:TagUser",
        ResourceType::Role => "iam:TagRole",
        ResourceType::Policy => "iam:TagPolicy",
        ResourceType::InstanceProfile => "iam:TagInstanceProfile",
        ResourceType::Group => return Ok(()),
    };
    let check = Check { action, ..op.check_making(path, name, tags) };
    op.authorize(check)
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

/// How long keys and values are and what they consist of is told with all else that the model says: see [`passed`].
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
