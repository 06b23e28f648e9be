//! A stream of any bytes: each line that is not blank has one answer, in order.

use std::io::{self, Read};

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};
use simulate::{Settings, Simulator, Summary, batch};

pub fn check(input: &[u8]) {
    let whole = answered(input, false, 1);
    let traced = answered(input, true, 1);
    // However the input comes, and however many take turns with it.
    let sizes: Vec<usize> = input.iter().rev().take(5).map(|&byte| 1 + usize::from(byte)).collect();
    assert!(whole == answered(Pieces { input, sizes: sizes.iter().cycle() }, false, 2), "{input:?}");

    let lines = input.split(|&byte| byte == b'\n').enumerate().filter(|(_, line)| !line.trim_ascii().is_empty());
    let mut answers = whole.0.split_terminator('\n').zip(traced.0.split_terminator('\n'));
    let mut expected = Summary::default();
    for (at, line) in lines {
        let (answer, traced) = answers.next().unwrap_or_else(|| panic!("line {} has no answer", at + 1));
        let was_answered = answers_alone(line, at as u64 + 1, answer);
        expected.lines += 1;
        expected.bad += u64::from(!was_answered);
        same_with_trace(answer, traced);
        is_about(line, was_answered, answer);
    }
    assert_eq!(answers.next(), None, "more answers than lines");
    assert_eq!((whole.1, traced.1), (expected, expected));
}

fn answered(input: impl Read, trace: bool, workers: usize) -> (String, Summary) {
    let mut out = Vec::new();
    let summary = batch(input, &mut out, &Settings { trace, details: None, workers }).unwrap();
    (String::from_utf8(out).unwrap(), summary)
}

/// What was compiled and looked up for the lines before makes no difference.
fn answers_alone(line: &[u8], number: u64, expected: &str) -> bool {
    let mut out = Vec::new();
    let was_answered = Simulator::new(None).answer(line, number, false, &mut out);
    assert_eq!(std::str::from_utf8(&out).unwrap(), format!("{expected}\n"));
    was_answered
}

fn same_with_trace(plain: &str, traced: &str) {
    let read = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap();
    let (plain, mut traced) = (read(plain), read(traced));
    if let Some(trace) = traced.shift_remove("trace") {
        assert_eq!((&trace["verdict"], &trace["by"]), (&plain["decision"], &plain["by"]));
    }
    if let Some(Value::Array(asked)) = traced.shift_remove("asked") {
        is_of_what_was_asked(&plain, &asked);
    }
    assert_eq!(plain, traced);
}

/// A call is allowed if all that it asks is; else it is refused with the first that is not.
fn is_of_what_was_asked(call: &Map<String, Value>, asked: &[Value]) {
    assert!(!asked.is_empty(), "{call:?}");
    let refused = asked.iter().find(|one| one["decision"] != "Allowed");
    let decision = refused.map_or("Allowed", |one| one["decision"].as_str().unwrap());
    let refusal = refused.map(|one| serde_json::json!({"action": one["action"], "resource": one["resource"]}));
    assert_eq!(call.get("refusal"), refusal.as_ref());
    assert_eq!(call["decision"], decision);
    let told = call["notes"].as_array().unwrap();
    for one in asked {
        assert_eq!((&one["trace"]["verdict"], &one["trace"]["by"]), (&one["decision"], &one["by"]));
        assert!(one["notes"].as_array().unwrap().iter().all(|note| told.contains(note)), "{one}");
    }
}

/// A line that was answered is JSON; the id of one that is JSON comes back.
fn is_about(line: &[u8], was_answered: bool, answer: &str) {
    #[derive(Deserialize)]
    struct Id {
        id: Option<Value>,
    }
    assert!(!was_answered || serde_json::from_slice::<IgnoredAny>(line).is_ok(), "{answer}");
    // A list would be read as the members in their order.
    if !line.trim_ascii_start().starts_with(b"{") {
        return;
    }
    let Ok(Id { id }) = serde_json::from_slice(line) else { return };
    let told: Id = serde_json::from_str(answer).unwrap();
    match id {
        Some(id @ (Value::String(_) | Value::Number(_))) => assert_eq!(told.id, Some(id), "{answer}"),
        _ => assert_eq!(told.id, None, "{answer}"),
    }
}

/// Gives the input in pieces of these sizes.
struct Pieces<'a, S> {
    input: &'a [u8],
    sizes: S,
}

impl<'a, S: Iterator<Item = &'a usize>> Read for Pieces<'_, S> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let size = self.sizes.next().copied().unwrap_or(1).min(self.input.len()).min(to.len());
        let (piece, rest) = self.input.split_at(size);
        to[..size].copy_from_slice(piece);
        self.input = rest;
        Ok(size)
    }
}
