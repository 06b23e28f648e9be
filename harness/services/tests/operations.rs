//! Every row of every service's table, held against AWS's service authorization reference.
//! docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html

use std::collections::BTreeSet;

use account::operation::{OperationRow, TagMember};
use catalog::{Action, Key, Row};

/// Parts of an upload are checked as PutObject, and pass no tags: those came with CreateMultipartUpload. PutBucketTagging
/// lists no key for the tags that it passes.
/// docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
const TAGS_AND_KEYS_DIFFER: [&str; 4] =
    ["s3:UploadPart", "s3:UploadPartCopy", "s3:CompleteMultipartUpload", "s3:PutBucketTagging"];

/// The actions that a row is checked as, as far as the reference has them.
fn actions(operation: &OperationRow) -> impl Iterator<Item = Action> {
    operation.checks().into_iter().filter_map(|asked| catalog::action(asked.action))
}

fn carries(actions: impl Iterator<Item = Action>, keys: &[&str]) -> bool {
    let keys: Vec<Key> = keys.iter().filter_map(|key| catalog::key(key)).collect();
    actions.flat_map(Action::rows).any(|row| keys.iter().any(|&key| row.carries(key)))
}

/// What is wrong with each row; `about` tells it of one.
fn check(about: impl Fn(&OperationRow) -> Vec<String>) {
    let wrong: Vec<String> = services::operations()
        .flat_map(|operation| about(operation).into_iter().map(move |what| format!("{}: {what}", operation.name)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_operation_is_of_its_service_and_has_one_row() {
    let mut seen = BTreeSet::new();
    for service in services::ALL {
        for operation in service.operations() {
            assert_eq!(operation.service(), service.name(), "{}", operation.name);
            assert!(seen.insert(operation.name), "{} has two rows", operation.name);
        }
    }
}

#[test]
fn each_action_is_one_of_the_reference() {
    check(|operation| {
        let spelt = |name: &str| catalog::action(name).map(Action::name) == Some(name);
        let unknown = operation.checks().into_iter().map(|asked| asked.action).filter(|name| !spelt(name));
        unknown.map(|name| format!("no action `{name}`")).collect()
    });
}

#[test]
fn each_resource_is_one_of_the_rows_of_an_action() {
    check(|operation| {
        let types: BTreeSet<_> =
            actions(operation).flat_map(Action::rows).filter_map(Row::resource_type).map(|of| of.name()).collect();
        let own = catalog::action(operation.action());
        let has_own = own.into_iter().flat_map(Action::rows).any(|row| row.resource_type().is_some());
        match operation.resource {
            Some(resource) => {
                let unknown = resource.types.iter().filter(|name| !types.contains(*name));
                unknown.map(|name| format!("no row on `{name}`, but on {types:?}")).collect()
            }
            None if has_own => vec![format!("`{}` has rows on {types:?}", operation.action())],
            None => Vec::new(),
        }
    });
}

#[test]
fn who_passes_tags_or_names_tag_keys_has_the_condition_keys_for_it() {
    check(|operation| {
        let passes = carries(actions(operation), &["aws:RequestTag/k", "s3:RequestObjectTag/k"]);
        let keys = carries(actions(operation), &["aws:TagKeys", "s3:RequestObjectTagKeys"]);
        let wrong = match operation.tags {
            Some(TagMember::Passes(member)) if !passes => format!("no key for the tags in {member}"),
            Some(TagMember::Keys(member)) if !keys || passes => format!("no key for the tag keys in {member}"),
            None if passes || keys => "its actions carry keys of tags".to_owned(),
            _ => return Vec::new(),
        };
        if TAGS_AND_KEYS_DIFFER.contains(&operation.name) { Vec::new() } else { vec![wrong] }
    });
}

#[test]
fn each_key_out_of_a_member_is_one_that_an_action_carries() {
    check(|operation| {
        let unknown = operation.keys.iter().filter(|key| !carries(actions(operation), &[key.key]));
        unknown.map(|key| format!("none of its actions carries {}", key.key)).collect()
    });
}

#[test]
fn what_takes_an_operation_back_is_an_operation_of_the_service() {
    check(|operation| {
        let Some(undo) = &operation.undo else { return Vec::new() };
        let known = services::operation(operation.service(), undo.operation);
        let names = |member: &str| known.and_then(|known| known.resource).is_none_or(|of| of.member == member);
        match known {
            None => vec![format!("no operation {}", undo.operation)],
            Some(_) if undo.members.iter().any(|member| names(member.name)) => Vec::new(),
            Some(_) => vec![format!("{} would not know what it is about", undo.operation)],
        }
    });
}
