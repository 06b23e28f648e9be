//! The same scenarios through the listener, the calls made by the AWS SDKs.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use matrix::{Prepared, Results};
use runner::{Event, On, RunError, Stop};
use wire::Server;

use crate::kit::{disagreements, loaded};

async fn server() -> Server {
    Server::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.unwrap()
}

async fn run(prepared: &Prepared) -> Results {
    let server = server().await;
    let results = runner::run(prepared, On::Embedded(&server, None), Arc::new(|_| ()), &Stop::default()).await.unwrap();
    server.stop().await;
    results
}

/// All that a report may show of a cell, and which keys its request had.
fn shown(results: &Results) -> Vec<String> {
    let cell = |cell: &matrix::Cell| {
        let verdict = cell.recorded.as_ref().map(|recorded| (&recorded.request.action, recorded.decision.verdict));
        let context = cell.recorded.iter().flat_map(|recorded| recorded.request.context.iter());
        let keys: BTreeSet<_> = context.map(|(key, _)| key).collect();
        format!(
            "{}/{}/{} {:?} {} {:?} {verdict:?} {keys:?}",
            cell.option, cell.caller, cell.request, cell.outcome, cell.reason, cell.mend
        )
    };
    results.cells.iter().map(cell).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_gives_what_is_documented_and_what_was_predicted() {
    for name in ["thread", "surroundings", "operations", "broker", "actions"] {
        let prepared = loaded(name);
        let results = run(&prepared).await;
        assert_eq!(disagreements(&results), Vec::<String>::new(), "{name}");
        let predicted = shown(&matrix::predict(&prepared).unwrap());
        for (ran, predicted) in shown(&results).into_iter().zip(predicted) {
            assert_eq!(ran, predicted, "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_watches_hears_of_every_option_and_cell() {
    let prepared = loaded("surroundings");
    let heard = Arc::new(Mutex::new(Vec::new()));
    let listener = heard.clone();
    let server = server().await;
    let watch = Arc::new(move |event| listener.lock().unwrap().push(event));
    let results = runner::run(&prepared, On::Embedded(&server, None), watch, &Stop::default()).await.unwrap();
    server.stop().await;
    let heard = heard.lock().unwrap();
    let count = |wanted: fn(&Event) -> bool| heard.iter().filter(|event| wanted(event)).count();
    assert_eq!(count(|event| matches!(event, Event::OptionStarted { .. })), results.options.len());
    assert_eq!(count(|event| matches!(event, Event::OptionDone { .. })), results.options.len());
    assert_eq!(count(|event| matches!(event, Event::CellDone { .. })), prepared.cells());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setup_that_is_refused_is_told_like_in_a_prediction() {
    let prepared = loaded("refused");
    let server = server().await;
    let error =
        runner::run(&prepared, On::Embedded(&server, None), Arc::new(|_| ()), &Stop::default()).await.unwrap_err();
    server.stop().await;
    assert_eq!(error, RunError::from(matrix::predict(&prepared).unwrap_err()));
    assert_eq!(
        error.to_string(),
        "option `lacks-policy` of scenario `refused` cannot be set up: iam:AttachUserPolicy of `ann`: \
         NoSuchEntity: Policy arn:aws:iam::123456789012:policy/none does not exist or is not attachable."
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_dropped_leaves_nothing_behind() {
    let prepared = loaded("thread");
    let server = server().await;
    let started = Arc::new(tokio::sync::Notify::new());
    let notify = started.clone();
    let watch = Arc::new(move |event| {
        if matches!(event, Event::CellDone { .. }) {
            notify.notify_one();
        }
    });
    let stop = Stop::default();
    tokio::select! {
        biased;
        () = started.notified() => {}
        _ = runner::run(&prepared, On::Embedded(&server, None), watch, &stop) => panic!("all of it ran before the first cell was told"),
    }
    // The same server takes the next run, whose worlds are its own.
    let results =
        runner::run(&prepared, On::Embedded(&server, None), Arc::new(|_| ()), &Stop::default()).await.unwrap();
    server.stop().await;
    assert!(results.ok());
}
