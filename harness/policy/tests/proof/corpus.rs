//! Cases worth keeping, in the shape of the simulation format, with what is to come of them.
//!
//! `disagreements.json` holds what engine and reference once answered differently, with the page that settled it;
//! `rare.json` the plainest case found for each verdict with its kinds, and with each undocumented row. The latter is written anew
//! by `cargo test -p tagproof-policy --test proof -- --ignored rare`.

#![expect(clippy::disallowed_methods, reason = "tests read their cases from files")]

mod smaller;

use std::collections::BTreeMap;
use std::path::PathBuf;

use policy::decide;
use serde_json::{Value, json};

use smaller::smallest;

use crate::{engine, generate, reference, tape};

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(name)
}

/// Verdict, kinds and rows, in the words of the simulation format.
fn outcome(case: &Value) -> Value {
    let decision = decide(&engine::policies(case), &engine::request(case));
    let told = engine::told(&decision);
    let notes: Vec<_> = decision.notes.iter().map(|row| row.id).collect();
    json!({"decision": told.decision, "by": told.by, "notes": notes})
}

#[track_caller]
fn replay(name: &str, least: usize) {
    let text = std::fs::read_to_string(file(name)).unwrap();
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert!(cases.len() >= least, "{} cases", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let (is, expected) = (outcome(&case["request"]), &case["outcome"]);
        if is != *expected {
            wrong.push(format!("{}: {is}", case["id"]));
        }
        let reference = reference::decide(&case["request"]);
        if json!(reference.decision) != expected["decision"] || json!(reference.by) != expected["by"] {
            wrong.push(format!("{}: the reference says {reference:?}", case["id"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn old_disagreements_stay_settled() {
    replay("disagreements.json", 10);
}

#[test]
fn rare_cases_stay_as_they_are() {
    replay("rare.json", 100);
}

#[test]
#[ignore = "writes tests/corpus/rare.json"]
fn rare_cases_are_collected() {
    let mut found: BTreeMap<String, Value> = BTreeMap::new();
    for seed in 0..100_000 {
        for make in [generate::request, generate::conditional] {
            let case = make(&mut tape::fixed(seed));
            for class in classes(&case) {
                let plainest = found.entry(class).or_insert_with(|| case.clone());
                if case.to_string().len() < plainest.to_string().len() {
                    *plainest = case.clone();
                }
            }
        }
    }
    let line = |(class, case): (String, Value)| {
        let request = smallest(case, |smaller| classes(smaller).contains(&class));
        json!({"id": class, "outcome": outcome(&request), "request": request}).to_string()
    };
    let lines: Vec<_> = found.into_iter().map(line).collect();
    std::fs::write(file("rare.json"), format!("[\n{}\n]\n", lines.join(",\n"))).unwrap();
}

/// A case is of the class of its verdict with its kinds, and of its verdict with each row that it rests on.
fn classes(case: &Value) -> Vec<String> {
    let outcome = outcome(case);
    let decision = outcome["decision"].as_str().unwrap();
    let names = |part: &str| -> Vec<String> {
        outcome[part].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
    };
    let by = format!("{decision} by {}", names("by").join("+"));
    let resting = names("notes").into_iter().map(|row| format!("{decision} resting on {row}"));
    resting.chain([by]).collect()
}
