//! What a broker gives to whom, and which step of its work refused.

use matrix::{Outcome, Results};

use crate::kit::{disagreements, loaded};

/// Why a caller makes no request in an option.
fn why(results: &Results, option: &str, caller: &str) -> String {
    let of = |cell: &&matrix::Cell| {
        results.options[cell.option].name == option && results.callers[cell.caller].name == caller
    };
    let cell = results.cells.iter().find(of).unwrap();
    let is_away = matches!(cell.outcome, Outcome::NotStarted { .. } | Outcome::NotAdmitted { .. });
    assert!(is_away, "{:?}", cell.outcome);
    cell.reason.clone()
}

#[test]
fn every_cell_comes_out_as_documented() {
    assert_eq!(disagreements(&matrix::predict(&loaded("broker")).unwrap()), Vec::<String>::new());
}

#[test]
fn a_reason_names_the_step_that_refused() {
    let results = matrix::predict(&loaded("broker")).unwrap();
    let starts = [
        ("none", "replayer", "the broker refused: there is none in this option"),
        ("blind", "ok", "the broker: ecs:DescribeTasks was refused: no statement allows ecs:DescribeTasks"),
        ("poor", "ok", "the broker: sts:AssumeRole was refused: "),
        ("other-cluster", "ok", "the broker refused: cluster other has no such task"),
        ("plain", "named", "the broker refused: cluster default has no such task"),
        ("strict", "named", "the broker refused: it takes sessions of worker, and this is one of named"),
        ("strict", "untagged", "the broker refused: the task has no tag Status, and must be tagged Status=OK"),
        (
            "strict",
            "ng",
            "the broker refused: the task is tagged Status=NG, and must be tagged Status=OK; before that, \
                          ecs:TagResource by ann was refused: ",
        ),
        ("strict", "replayer", "the broker refused: the nonce in the signed request is another conversation's"),
        ("strict", "stranger", "the broker refused: the signature covers no nonce"),
        ("strict", "stopped", "the broker refused: the task is STOPPED, and must be RUNNING"),
        ("audience", "stranger", "the broker refused: the signature does not cover the broker's name"),
        // Who needs one who was refused is refused for the same reason.
        ("blind", "through", "the broker: ecs:DescribeTasks was refused: "),
    ];
    for (option, caller, start) in starts {
        let why = why(&results, option, caller);
        assert!(why.starts_with(start), "{option}/{caller}: {why}");
    }
}

#[test]
fn what_the_broker_saw_is_there_to_be_explained() {
    let results = matrix::predict(&loaded("broker")).unwrap();
    let action = |option: &str, caller: &str| {
        let of = |cell: &&matrix::Cell| {
            results.options[cell.option].name == option && results.callers[cell.caller].name == caller
        };
        let recorded = results.cells.iter().find(of).unwrap().recorded.as_ref();
        recorded.map(|recorded| recorded.request.action.to_string())
    };
    assert_eq!(action("strict", "untagged").as_deref(), Some("ecs:DescribeTasks"));
    // The call that would have turned it was refused before.
    assert_eq!(action("strict", "ng").as_deref(), Some("ecs:TagResource"));
    assert_eq!(action("strict", "stranger"), None);
}

#[test]
fn callers_and_requests_say_what_comes_before_them() {
    let results = matrix::predict(&loaded("broker")).unwrap();
    let what = |name: &str| {
        let named = results.callers.iter().chain(&results.requests).find(|one| one.name == name);
        named.unwrap().what.clone()
    };
    assert_eq!(
        what("ng"),
        "task Worker, tagged Status=NG, after ecs:TagResource resourceArn=ng tags=[Status=OK] by ann"
    );
    assert_eq!(what("named"), "session of Named assumed by ann, named nobody, through the broker");
    assert_eq!(what("replayer"), "somebody with what ok signed for the broker");
    assert_eq!(what("stranger"), "somebody with what ok signed for somebody else");
    assert_eq!(what("itself"), "task Worker, tagged Status=OK, past the broker");
    assert_eq!(what("gone"), "s3:GetObject Bucket=box Key=a, after s3:DeleteObject Bucket=box Key=a by ann");
}
