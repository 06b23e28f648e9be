//! Every member that a row names, held against AWS's API models.

use std::collections::BTreeSet;

use account::operation::{OperationRow, Origin, TagMember, When};
use model::{Model, ShapeId, ShapeKind};

/// Names that are names in one operation and not in another of the service: an inline policy is called so within its user,
/// group or role.
const WITHIN_ANOTHER: [&str; 1] = ["PolicyName"];

/// The members of an operation's input, however deep.
fn members(operation: &OperationRow) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    let model = model::of(operation.service());
    let input = model.and_then(|model| Some((model, model.operation(operation.operation())?.input.as_ref()?.shape)));
    if let Some((model, shape)) = input {
        collect(model, shape, &mut BTreeSet::new(), &mut found);
    }
    found
}

fn collect(model: &'static Model, id: ShapeId, seen: &mut BTreeSet<&'static str>, found: &mut BTreeSet<&'static str>) {
    let shape = model.shape(id);
    if !seen.insert(&shape.name) {
        return;
    }
    match &shape.kind {
        ShapeKind::Structure(structure) => {
            for (name, member) in &structure.members {
                found.insert(name);
                collect(model, member.shape, seen, found);
            }
        }
        ShapeKind::List(list) => collect(model, list.item.shape, seen, found),
        ShapeKind::Map(map) => collect(model, map.value.shape, seen, found),
        _ => {}
    }
}

/// What is wrong with each row; `about` tells it of one, given the members of its input.
fn check(about: impl Fn(&OperationRow, &BTreeSet<&str>) -> Vec<String>) {
    let wrong: Vec<String> = services::operations()
        .flat_map(|row| about(row, &members(row)).into_iter().map(move |what| format!("{}: {what}", row.name)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_operation_is_one_of_the_model() {
    check(|row, _| {
        let known = model::of(row.service()).is_some_and(|model| model.operation(row.operation()).is_some());
        if known { Vec::new() } else { vec!["no such operation".to_owned()] }
    });
}

#[test]
fn each_member_of_a_row_is_one_of_the_input() {
    check(|row, members| {
        let tags = row.tags.map(|(TagMember::Passes(member) | TagMember::Keys(member))| member);
        let asked = row.checks().into_iter().filter_map(|asked| match asked.when {
            When::Given(member) | When::Without(member) => Some(member),
            When::Always | When::Depends => None,
        });
        let undone = row.undo.iter().flat_map(|undo| undo.members).filter_map(|member| match member.from {
            Origin::Input(name) => Some(name),
            Origin::Answer(_) => None,
        });
        let lists = [row.names, row.documents, row.scenario.unwrap_or_default()];
        let named = row.resource.map(|resource| resource.member).into_iter().chain(tags).chain(asked).chain(undone);
        let named = named.chain(row.keys.iter().map(|key| key.member));
        let all = named.chain(lists.into_iter().flatten().copied());
        all.filter(|name| !members.contains(name)).map(|name| format!("no member `{name}`")).collect()
    });
}

#[test]
fn what_takes_an_operation_back_has_the_members_for_it() {
    check(|row, _| {
        let Some(undo) = row.undo else { return Vec::new() };
        let Some(other) = services::operation(row.service(), undo.operation) else { return vec!["unknown".to_owned()] };
        let members = members(other);
        let unknown = undo.members.iter().map(|member| member.name).filter(|name| !members.contains(name));
        unknown.map(|name| format!("{} has no member `{name}`", undo.operation)).collect()
    });
}

/// A name that one row tells and another does not would not be renamed in a real account.
#[test]
fn what_holds_a_name_or_a_policy_in_one_operation_does_in_all_of_the_service() {
    check(|row, members| {
        let of_service = || services::operations().filter(|other| other.service() == row.service());
        let names = of_service().flat_map(|other| other.names).filter(|name| !WITHIN_ANOTHER.contains(name));
        let missing = names.filter(|name| members.contains(*name) && !row.names.contains(name));
        let documents = of_service().flat_map(|other| other.documents);
        let missing = missing.chain(documents.filter(|name| members.contains(*name) && !row.documents.contains(name)));
        let missing: BTreeSet<_> = missing.collect();
        missing.into_iter().map(|name| format!("`{name}` is left out")).collect()
    });
}
