use std::path::Path;
use std::sync::Arc;

use matrix::Trial;
use matrix::capability::Limits;

use super::{BackendProfile, LOCALSTACK, MINISTACK, MOTO};

/// The cells that are left out, as `option: callers`; all requests of a caller or none of them.
fn left_out(profile: &BackendProfile) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/ecs-task-tag");
    let prepared = matrix::load(&path).unwrap();
    let requests = prepared.requests().count();
    let row = |(option, trial): (&str, &Arc<Trial>)| {
        let limits = Limits::of(profile.unsupported, &prepared.scenario, trial);
        let out = |caller: usize| (0..requests).all(|request| limits.why(caller, request).is_some());
        let names: Vec<&str> =
            prepared.callers().enumerate().filter(|(at, _)| out(*at)).map(|(_, name)| name).collect();
        assert_eq!(limits.count(), names.len() * requests, "{option}");
        (!names.is_empty()).then(|| format!("{option}: {}", names.join(" ")))
    };
    prepared.options().zip(&prepared.trials).filter_map(row).collect()
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
    let prepared = matrix::load(&path).unwrap();
    let out = |profile: &BackendProfile, option: &str| {
        let at = prepared.options().position(|name| name == option).unwrap();
        let limits = Limits::of(profile.unsupported, &prepared.scenario, &prepared.trials[at]);
        let mut left = Vec::new();
        for (caller, who) in prepared.callers().enumerate() {
            for (request, what) in prepared.requests().enumerate() {
                left.extend(limits.why(caller, request).map(|_| format!("{who}/{what}")));
            }
        }
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
