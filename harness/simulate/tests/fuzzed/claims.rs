//! A stream of any bytes as claims: each line that is not blank has one answer, in order, on any number of cores.

use prove::{Budget, Options};
use serde_json::{Map, Value};
use simulate::{Proved, prove_lines};

/// What a proof may take, so that one input ends soon.
const STEPS: u64 = 20_000;

pub fn check(input: &[u8]) {
    let (text, became) = answered(input, 1);
    assert!((text.clone(), became) == answered(input, 2), "{input:?}");
    let lines: Vec<&[u8]> = input.split(|&byte| byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).collect();
    let answers: Vec<&str> = text.split_terminator('\n').collect();
    assert_eq!(answers.len(), lines.len(), "{text}");
    let mut expected = Proved { lines: lines.len() as u64, ..Proved::default() };
    for (line, answer) in lines.iter().zip(answers) {
        let answer: Map<String, Value> = serde_json::from_str(answer).unwrap();
        is_about(line, &answer);
        match answer.get("result").and_then(Value::as_str) {
            Some("holds") => assert!(answer["laws"].is_array(), "{answer:?}"),
            Some("fails") => {
                assert!(answer["request"]["action"].is_string(), "{answer:?}");
                expected.failed += 1;
            }
            Some("undecided") => {
                assert!(answer["reason"].is_string(), "{answer:?}");
                expected.undecided += 1;
            }
            _ => {
                // Proof and engine would differ.
                let message = answer["error"]["message"].as_str().unwrap();
                assert!(!message.contains("disagree"), "{answer:?}");
                expected.bad += 1;
            }
        }
    }
    assert_eq!(became, expected, "{text}");
}

/// An answer has the id of its line.
fn is_about(line: &[u8], answer: &Map<String, Value>) {
    let read = serde_json::from_slice::<Map<String, Value>>(line).ok();
    if let Some(id) = read.as_ref().and_then(|line| line.get("id")).filter(|id| id.is_string() || id.is_u64()) {
        let is_settled = answer.contains_key("result");
        assert!(!is_settled || answer["id"] == *id, "{answer:?}");
    }
}

fn answered(input: &[u8], workers: usize) -> (String, Proved) {
    let mut out = Vec::new();
    let options = || Options { budget: Budget::new(STEPS), ..Options::default() };
    let became = prove_lines(input, &mut out, workers, &options).unwrap();
    (String::from_utf8(out).unwrap(), became)
}
