//! The table of facts and the catalogue know the same actions and keys.

use policy::facts::{Rule, rows};

/// Each name of the table is an action, and each pattern covers some.
#[test]
fn every_action_of_the_facts_is_in_the_catalogue() {
    let mut unknown = Vec::new();
    for fact in rows().filter(|fact| fact.rule != Rule::OfAws) {
        for name in fact.actions.iter().chain(fact.except) {
            let is_known = match name.contains('*') {
                true => catalog::expand(name).next().is_some(),
                false => catalog::action(name).is_some_and(|action| action.name() == *name),
            };
            if !is_known {
                unknown.push((fact.id, *name));
            }
        }
    }
    assert!(unknown.is_empty(), "{unknown:?}");
}

/// What a fact takes out again is covered by it.
#[test]
fn exceptions_are_exceptions() {
    for fact in rows() {
        for name in fact.except {
            let covers = |pattern: &&str| policy::wildcard::matches_action(pattern, name);
            assert!(fact.actions.iter().any(covers), "{}: {name}", fact.id);
        }
    }
}

/// Each form of a resource belongs to a resource type of the service.
#[test]
fn every_resource_of_the_facts_is_in_the_catalogue() {
    for fact in rows().filter(|fact| fact.rule != Rule::OfAws) {
        for form in fact.resources {
            // A wildcard stands for one part, and in the last for anything: a name, without the version of a function.
            let example = form.replacen("arn:*:", "arn:aws:", 1).replace(":*:*:", ":us-east-1:111122223333:");
            let example = example.replace("::*:", "::111122223333:").replace('*', "x");
            let actions = fact.actions.iter().flat_map(|name| catalog::expand(name));
            let rows = actions.flat_map(|action| action.rows_on(&example));
            let found = rows.filter_map(catalog::Row::resource_type).next();
            assert!(found.is_some(), "{}: {example}", fact.id);
        }
    }
}

#[test]
fn the_keys_of_the_facts_are_known() {
    for key in [
        "aws:TokenIssueTime",
        "aws:MultiFactorAuthPresent",
        "aws:ResourceAccount",
        "aws:ResourceOrgID",
        "aws:ResourceOrgPaths",
    ] {
        assert!(catalog::key(key).is_some(), "{key}");
    }
}
