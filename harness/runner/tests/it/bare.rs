//! Runs on an emulator, for which the account of this repository stands in: it evaluates every condition.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use account::{AccessKey, Settings, Tracing};
use matrix::{Fidelity, Outcome, Prepared, Results};
use runner::{Emulator, On, RunError, Stop};
use wire::{Hosting, Server};

use crate::kit::{changed, disagreements, loaded};

fn root() -> AccessKey {
    AccessKey { id: "test".to_owned(), secret: "test".to_owned() }
}

/// An account at a URL.
async fn stand_in() -> Server {
    let server = Server::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.unwrap();
    let settings = Settings { account: "123456789012".to_owned(), root: root() };
    server.host(settings, Hosting { tracing: Tracing::Denials, log: None, upstream: None });
    server
}

async fn run_on(server: &Server, prepared: &Prepared) -> Result<Results, RunError> {
    let emulator = Emulator::find(&server.url(), root()).await.unwrap();
    runner::run(prepared, On::Bare(&emulator), Arc::new(|_| ()), &Stop::default()).await
}

async fn run(prepared: &Prepared) -> Results {
    let server = stand_in().await;
    let results = run_on(&server, prepared).await.unwrap();
    server.stop().await;
    results
}

/// The cells that are neither as on AWS nor beyond what can be expressed.
fn wrong(results: &Results) -> Vec<String> {
    let unsupported = |line: &String| line.contains("Unsupported {");
    disagreements(results).into_iter().filter(|line| !unsupported(line)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emulator_that_does_as_aws_matches_in_every_cell() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let broker = run(&matrix::load(&path.join("ecs-broker")).unwrap()).await;
    assert_eq!(disagreements(&broker), Vec::<String>::new());
    let results = run(&matrix::load(&path.join("ecs-task-tag")).unwrap()).await;
    assert_eq!(disagreements(&results), Vec::<String>::new());
    let bare = results.bare.as_ref().unwrap();
    assert!(bare.trusted(), "{bare:?}");
    assert_eq!(results.count(Fidelity::Match), results.cells.len());
    assert!(results.notes.iter().any(|note| note.contains("by a user whom its trust policy names meanwhile")));
}

/// Requests that change what later ones find: what cannot be rewound is set up anew.
#[tokio::test(flavor = "multi_thread")]
async fn every_cell_finds_what_was_set_up() {
    let results = run(&loaded("operations")).await;
    assert_eq!(disagreements(&results), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_call_makes_is_unsupported_and_nothing_else() {
    let results = run(&loaded("surroundings")).await;
    assert_eq!(wrong(&results), Vec::<String>::new());
    for cell in &results.cells {
        let (option, caller) = (&*results.options[cell.option].name, &*results.callers[cell.caller].name);
        let surrounded = ["service-control", "resource-control", "endpoint"].contains(&option);
        let unsupported = matches!(cell.outcome, Outcome::Unsupported { .. });
        assert_eq!(unsupported, surrounded || caller == "stranger", "{option}/{caller}: {:?}", cell.outcome);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_set_up_that_is_refused_is_its_options_outcome_and_the_next_one_runs() {
    let prepared = loaded("refused");
    let results = run(&prepared).await;
    let row: Vec<_> = results.cells.iter().filter(|cell| results.options[cell.option].name == "lacks-policy").collect();
    assert!(!row.is_empty());
    for cell in row {
        assert_eq!(cell.fidelity(), Fidelity::Error);
        let Outcome::NotSetUp { code, message } = &cell.outcome else { panic!("{:?}", cell.outcome) };
        assert_eq!(code, "NoSuchEntity");
        assert!(message.starts_with("iam:AttachUserPolicy of `ann` was answered with 404: "), "{message}");
    }
}

/// Twice on the same account: the second finds nothing of the first.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_made_is_deleted_again() {
    let server = stand_in().await;
    for name in ["thread", "operations", "broker", "thread"] {
        let results = run_on(&server, &loaded(name)).await.unwrap();
        assert_eq!(disagreements(&results), Vec::<String>::new(), "{name}");
        let left: Vec<_> = results.notes.iter().filter(|note| note.contains("deleted")).collect();
        assert_eq!(left, Vec::<&String>::new(), "{name}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_is_there_already_is_not_touched() {
    let server = stand_in().await;
    let emulator = Emulator::find(&server.url(), root()).await.unwrap();
    // A run that is dropped half-way leaves its bucket.
    let started = Arc::new(tokio::sync::Notify::new());
    let notify = started.clone();
    let watch = Arc::new(move |event| {
        if matches!(event, runner::Event::CellDone { .. }) {
            notify.notify_one();
        }
    });
    let prepared = loaded("thread");
    let stop = Stop::default();
    tokio::select! {
        biased;
        () = started.notified() => {}
        _ = runner::run(&prepared, On::Bare(&emulator), watch, &stop) => panic!("all of it ran before the first cell"),
    }
    let results = run_on(&server, &prepared).await.unwrap();
    server.stop().await;
    let told = disagreements(&results);
    assert!(!told.is_empty() && told.iter().all(|line| line.contains("AlreadyExists")), "{told:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emulator_of_another_account_is_told_before_anything_is_made() {
    let server = Server::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.unwrap();
    let settings = Settings { account: "000000000000".to_owned(), root: root() };
    server.host(settings, Hosting { tracing: Tracing::Denials, log: None, upstream: None });
    let error = run_on(&server, &loaded("thread")).await.unwrap_err();
    server.stop().await;
    assert!(error.to_string().contains("serves account 000000000000, and scenario `thread` is about 123456789012"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emulator_that_ends_ends_the_run() {
    let server = stand_in().await;
    let url = server.url();
    let emulator = Emulator::find(&url, root()).await.unwrap();
    let prepared = loaded("thread");
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let sender = std::sync::Mutex::new(Some(sender));
    let watch = Arc::new(move |event| {
        if matches!(event, runner::Event::CellDone { .. }) {
            sender.lock().unwrap().take().map(|sender| sender.send(()));
        }
    });
    let stop = async {
        receiver.await.unwrap();
        server.stop().await;
    };
    let never = Stop::default();
    let (result, ()) = tokio::join!(runner::run(&prepared, On::Bare(&emulator), watch, &never), stop);
    let error = result.unwrap_err();
    assert!(matches!(error, RunError::Silent { .. }), "{error}");
    assert!(Emulator::find(&url, root()).await.is_err_and(|told| told.contains("does not answer")));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expectation_that_is_wrong_is_a_difference() {
    let prepared = changed(
        "thread",
        "request-tag: {allow: {all: [list, who]}, deny: {all: [head, get, missing, delete]}",
        "request-tag: {allow: {all: [list, who], status-ok: [get]}, \
         deny: {all: [head, missing, delete], status-ng: [get], untagged: [get], managed: [get], propagated: [get]}",
    );
    let results = run(&prepared).await;
    assert_eq!(results.count(Fidelity::FailClosed), 1);
    assert_eq!(results.count(Fidelity::Match), results.cells.len() - 1);
}
