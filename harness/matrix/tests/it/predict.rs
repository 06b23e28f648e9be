//! Every cell as AWS's documentation says, without a listener.

use matrix::{Expected, NotApplied, Outcome, Results};

use crate::kit::{changed, disagreements, loaded};

#[test]
fn every_cell_of_the_thread_comes_out_as_documented() {
    let results = matrix::predict(&loaded("thread")).unwrap();
    assert_eq!(results.cells.len(), 10 * 5 * 6);
    assert_eq!(disagreements(&results), Vec::<String>::new());
    assert!(results.ok());
}

/// sam-resource-function.html: the tags of a function are those of the role that is made for it.
#[test]
fn the_role_that_sam_makes_decides_by_its_tags() {
    let results = matrix::predict(&loaded("sam")).unwrap();
    assert_eq!(results.cells.len(), 4);
    assert_eq!(disagreements(&results), Vec::<String>::new());
}

/// The same scenario with two expectations turned round.
#[test]
fn a_cell_that_comes_out_otherwise_is_told() {
    let prepared = changed(
        "thread",
        "request-tag: {allow: {all: [list, who]}, deny: {all: [head, get, missing, delete]}",
        "request-tag: {allow: {all: [list, who], status-ok: [get]}, \
         deny: {all: [head, missing, delete], status-ng: [get], untagged: [get], managed: [get], propagated: [get]}",
    );
    let results = matrix::predict(&prepared).unwrap();
    let told = disagreements(&results);
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].starts_with("request-tag/status-ok/get: expected allow, got ImplicitlyDenied: "), "{told:#?}");
    assert!(told[0].contains("s3:GetObject never carries it"), "{told:#?}");
    let wrong = results.cells.iter().find(|cell| !cell.ok).unwrap();
    assert!(prepared.sources.locate(wrong.expectation.span).contains("scenario.yaml:"));
    assert!(!results.ok());
}

/// Among them cells that delete and overwrite what later cells read: each cell is asked of the world as it was.
#[test]
fn every_cell_finds_the_world_as_it_was_set_up() {
    let results = matrix::predict(&loaded("surroundings")).unwrap();
    assert_eq!(disagreements(&results), Vec::<String>::new());
}

#[test]
fn what_is_not_applied_is_named_once() {
    let results = matrix::predict(&loaded("surroundings")).unwrap();
    let told = |left: &NotApplied| format!("{}: {}", left.what, left.why);
    let told: Vec<_> = results.not_applied.iter().map(told).collect();
    assert_eq!(told, ["resource Queue (AWS::SQS::Queue): not created; its tags and its policy are read"]);
}

#[test]
fn a_prediction_is_the_same_every_time() {
    let text = |results: &Results| {
        let cells = results.cells.iter().map(|cell| format!("{:?} {} {:?}", cell.outcome, cell.reason, cell.mend));
        cells.collect::<Vec<_>>()
    };
    let prepared = loaded("thread");
    assert_eq!(text(&matrix::predict(&prepared).unwrap()), text(&matrix::predict(&prepared).unwrap()));
}

#[test]
fn what_did_not_start_says_which_call_was_refused_and_why() {
    let results = matrix::predict(&loaded("thread")).unwrap();
    let cell = results.cells.iter().find(|cell| cell.expectation.expected == Expected::CannotStart).unwrap();
    let Outcome::NotStarted { call, code, .. } = &cell.outcome else { panic!("{:?}", cell.outcome) };
    assert_eq!((call.as_str(), code.as_str()), ("ecs:RunTask", "AccessDeniedException"));
    assert!(cell.reason.starts_with("ecs:RunTask was refused: "), "{}", cell.reason);
    assert!(cell.reason.contains("aws:RequestTag/Status"), "{}", cell.reason);
}

#[test]
fn a_row_says_what_it_changes() {
    let results = matrix::predict(&loaded("thread")).unwrap();
    let row = |name: &str| results.options.iter().find(|row| row.name == name).unwrap();
    assert_eq!(
        row("bucket-tag-abac-on").changes,
        ["given: buckets.esolang-worker.abac = true", "given: buckets.esolang-worker.tags.Status = OK",]
    );
    assert_eq!(row("request-tag").condition.as_deref(), Some(r#"{"StringEquals":{"aws:RequestTag/Status":"OK"}}"#));
    assert_eq!(
        row("fenced-launcher").changes,
        ["tasks are started by user launcher", "given: users.launcher.policies.Launch",]
    );
    assert_eq!(
        results.callers[4].what,
        "task ECSTestTaskDefinition, untagged, its definition tagged Status=OK, \
         propagateTags TASK_DEFINITION"
    );
    assert_eq!(results.requests[0].what, "s3:HeadObject Bucket=esolang-worker Key=0123456789/code");
}

/// `operations` tries every operation that the schema offers.
#[test]
fn every_operation_that_a_request_can_name_is_tried() {
    let schema = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/scenario.schema.json");
    let schema: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(schema).unwrap()).unwrap();
    let results = matrix::predict(&loaded("operations")).unwrap();
    let tried: Vec<_> = results.requests.iter().map(|one| one.what.split(' ').next().unwrap_or_default()).collect();
    let offered = schema["$defs"]["operation"]["enum"].as_array().unwrap();
    let untried: Vec<_> = offered.iter().filter(|name| !tried.contains(&name.as_str().unwrap_or_default())).collect();
    assert!(!offered.is_empty());
    assert_eq!(untried, Vec::<&serde_json::Value>::new());
}

/// Buckets, roles, users, groups, policies, clusters and task definitions that the template gives no name: by their logical
/// ids; a user who acts without a column; an organisation whose policies bind those who ask and not the set-up.
#[test]
fn whatever_the_template_makes_is_named_by_its_logical_id() {
    let results = matrix::predict(&loaded("names")).unwrap();
    assert_eq!(disagreements(&results), Vec::<String>::new());
    let get = &results.requests[0].what;
    let name =
        get.strip_prefix("s3:GetObject Bucket=!Ref Reports (scenario-reports-").unwrap_or_else(|| panic!("{get}"));
    let (suffix, rest) = name.split_once(')').unwrap();
    assert!(suffix.len() == 12 && suffix.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()), "{get}");
    assert_eq!(rest, " Key=q3");
    assert_eq!(results.callers[0].what, "session of !Ref Role assumed by ann");
}

#[test]
fn a_patch_of_the_scenario_holds_for_every_option() {
    let old = "options:\n";
    let patch = "patch: [{op: remove, path: /Resources/Fence}]\noptions:\n";
    let results = matrix::predict(&crate::kit::changed("names", old, patch)).unwrap();
    assert_eq!(results.changes, ["patch: remove /Resources/Fence"]);
    let wrong = disagreements(&results);
    assert_eq!(wrong.len(), 4, "each caller, in the open option: {wrong:#?}");
    assert!(
        wrong.iter().all(|cell| cell.starts_with("open/") && cell.contains("/put: expected deny, got Allowed")),
        "{wrong:#?}"
    );
}
