use std::path::Path;

use super::super::known::{LOCALSTACK, MINISTACK, MOTO};
use super::scene::is;
use super::*;

/// The cells that are left out, as `option: callers`; all requests of a caller or none of them.
fn left_out(known: &Known) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/ecs-task-tag");
    let prepared = crate::load(&path).unwrap();
    let (scenario, requests) = (&prepared.scenario, prepared.scenario.requests.len());
    let row = |(variant, trial): (&crate::scenario::Variant, &std::sync::Arc<Trial>)| {
        let limits = Limits::of(known, scenario, trial);
        let out = |caller: &usize| (0..requests).all(|request| limits.why(*caller, request).is_some());
        let callers: Vec<_> = (0..scenario.callers.len()).filter(out).collect();
        assert_eq!(limits.0.len(), callers.len() * requests, "{}", variant.name);
        let names = callers.iter().map(|at| scenario.callers[*at].name.as_str()).collect::<Vec<_>>().join(" ");
        (!names.is_empty()).then(|| format!("{}: {names}", variant.name))
    };
    scenario.options.iter().zip(&prepared.trials).filter_map(row).collect()
}

const ALL: &str = "status-ok status-ng untagged key-other-case value-other-case propagated managed-tags";

#[test]
fn exactly_the_cells_that_need_it_are_left_out() {
    let all = |option: &str| format!("{option}: {ALL}");
    let broker = "principal-tag-through-broker";
    assert_eq!(
        left_out(&MOTO),
        [
            all("resource-tag-on-bucket-abac-on"),
            all("bucket-tag-abac-on"),
            // Tasks of which the broker passes no tag on have a session like any other.
            format!("{broker}: status-ok status-ng value-other-case propagated"),
            all("object-tag-is-principal-tag-without-version"),
        ]
    );
    let ministack = [all("resource-tag-on-bucket-abac-on"), all("bucket-tag-abac-on"), format!("{broker}: propagated")];
    assert_eq!(left_out(&MINISTACK), ministack);
    let localstack = left_out(&LOCALSTACK);
    assert!(localstack.len() == 21 && localstack.iter().all(|row| row.ends_with(ALL)), "{localstack:#?}");
}

/// The cells of a broker's callers: all that is needed of those whose sessions it gives them for.
#[test]
fn what_comes_through_a_broker_needs_what_the_broker_does() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/ecs-broker");
    let prepared = crate::load(&path).unwrap();
    let scenario = &prepared.scenario;
    let out = |known: &Known, option: &str| {
        let at = scenario.options.iter().position(|variant| variant.name == option).unwrap();
        let limits = Limits::of(known, scenario, &prepared.trials[at]);
        let cell = |caller: usize, request: usize| {
            let names = (&scenario.callers[caller].name, &scenario.requests[request].name);
            limits.why(caller, request).map(|_| format!("{}/{}", names.0, names.1))
        };
        let cells = |caller| (0..scenario.requests.len()).filter_map(move |request| cell(caller, request));
        let left: Vec<_> = (0..scenario.callers.len()).flat_map(cells).collect();
        left
    };
    let past = ["ng-itself", "intruder"];
    let strict = out(&MOTO, "strict");
    assert_eq!(strict.len(), 10 * 3, "{strict:?}");
    assert!(strict.iter().all(|cell| !past.iter().any(|name| cell.starts_with(name))), "{strict:?}");
    assert_eq!(out(&MOTO, "without-a-session-policy"), Vec::<String>::new());
    assert_eq!(out(&MINISTACK, "strict"), Vec::<String>::new());
    // The user is no task; before the request `late` one is tagged.
    let without_ecs = out(&LOCALSTACK, "strict");
    assert!(without_ecs.contains(&"intruder/late".to_owned()), "{without_ecs:?}");
    assert!(!without_ecs.contains(&"intruder/get".to_owned()), "{without_ecs:?}");
    assert_eq!(without_ecs.len(), 11 * 3 + 1, "{without_ecs:?}");
}

#[test]
fn a_name_is_found_as_a_part_of_arns_and_paths_alone() {
    assert!(is("arn:aws:iam::123456789012:role/service/worker", "worker"));
    assert!(is("arn:aws:s3:::box/a", "box") && is("box/a", "box") && is("box", "box"));
    assert!(!is("arn:aws:s3:::boxes/a", "box") && !is("inbox", "box"));
}
