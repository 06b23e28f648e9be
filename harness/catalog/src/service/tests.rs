use super::{SERVICES, TEXT, actions_of, service, services};
use crate::{action, key};

#[test]
fn all_of_the_reference_is_here() {
    let services_here = services().count();
    let actions_here: usize = services().map(|service| service.actions().count()).sum();
    assert_eq!((services_here, actions_here), (456, 22_091));
    // The counts the script took from its source.
    assert_eq!(TEXT.lines().next(), Some(&*format!("{services_here} services, {actions_here} actions")));
}

#[test]
fn every_action_is_found_by_its_name_in_any_letter_case() {
    for found in services().flat_map(super::Service::actions) {
        for name in [found.name().to_owned(), found.name().to_lowercase(), found.name().to_uppercase()] {
            assert_eq!(action(&name), Some(found));
        }
    }
}

/// Reads the sections a second time, the plain way: whatever the reader dropped or turned into a default shows.
#[test]
fn every_line_of_the_sections_is_understood() {
    for record in &SERVICES.records {
        let lines =
            |kind: &str| -> Vec<_> { record.section().lines().filter_map(|line| line.strip_prefix(kind)).collect() };
        let (keys, sets) = (lines("k "), lines("s"));
        assert_eq!(keys.len() + sets.len() + lines("t ").len() + lines("a ").len(), record.section().lines().count());
        assert!(keys.iter().all(|name| key(name).is_some_and(|key| key.pattern() == *name)), "{}", record.prefix);
        let service = service(record.prefix).unwrap();
        for (number, set) in sets.iter().enumerate() {
            let names = set.split_whitespace().map(|position| keys[position.parse::<usize>().unwrap()]);
            let ids: Vec<_> = names.map(|name| key(name).unwrap().id()).collect();
            assert_eq!(service.set(u16::try_from(number).unwrap()), ids, "{} set {number}", record.prefix);
            assert!(ids.is_sorted_by(|a, b| a < b));
        }
        let named: Vec<_> = service.resource_types().map(|kind| kind.name()).collect();
        assert_eq!(named, lines("t ").iter().map(|line| line.splitn(3, ' ').last().unwrap()).collect::<Vec<_>>());
        for (action, line) in service.actions().zip(lines("a ")) {
            let fields: Vec<_> = line.split(' ').collect();
            assert_eq!(action.name(), format!("{}:{}", record.prefix, fields[0]));
            assert!("RWLTP".contains(fields[1]) && usize::from(action.record().keys) < sets.len());
            let types: Vec<_> =
                action.rows().filter_map(|row| Some((row.resource_type()?.name(), row.is_required()))).collect();
            let expected = fields[3..].iter().map(|field| {
                let position = field.split(':').next().unwrap();
                (named[position.trim_end_matches('*').parse::<usize>().unwrap()], position.ends_with('*'))
            });
            assert_eq!(types, expected.collect::<Vec<_>>(), "{}", action.name());
        }
    }
}

#[test]
fn services_are_found_by_prefix() {
    assert_eq!(service("S3").map(|service| (service.prefix(), service.name())), Some(("s3", "Amazon S3")));
    assert_eq!(service("s33"), None);
    assert_eq!(service(""), None);
    assert_eq!(actions_of("nothing").count(), 0);
    assert!(actions_of("ecs").any(|action| action.name() == "ecs:RunTask"));
}

#[test]
fn services_with_resource_control_policies() {
    for (prefix, expected) in [("s3", true), ("sts", true), ("kms", true), ("ecs", false), ("iam", false)] {
        assert_eq!(service(prefix).unwrap().has_resource_control(), expected, "{prefix}");
    }
    let (head, _) = TEXT.split_once("\n\n").unwrap();
    for fields in head.lines().skip(1).map(|line| line.split(' ').collect::<Vec<_>>()) {
        let is_covered = policy::facts::has_resource_control(fields[0]);
        assert_eq!(fields[2] == "rcp", is_covered, "{}: the data and policy::facts differ", fields[0]);
    }
}
