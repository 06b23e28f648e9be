//! Cases that AWS's pages state (`verdicts.jsonl`: each line has its page and its reason), by line and by hand.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use policy::{ContextValue, Kind};
use serde_json::Value;
use simulate::{Attached, Compiled, Question, Settings, Simulator, batch};

struct Case {
    id: String,
    /// Without what a line cannot have.
    question: Value,
    expect: String,
}

fn cases() -> Vec<Case> {
    let read = |line: &str| {
        let mut question: Value = serde_json::from_str(line).unwrap();
        let mut take = |key: &str| question.as_object_mut().unwrap().remove(key).unwrap().as_str().unwrap().to_owned();
        let (expect, page, _) = (take("expect"), take("page"), take("why"));
        assert!(page.starts_with("https://docs.aws.amazon.com/"), "{page}");
        Case { id: question["id"].as_str().unwrap().to_owned(), question, expect }
    };
    include_str!("verdicts.jsonl").lines().map(read).collect()
}

/// By id, what was decided; or the error.
#[track_caller]
fn compare(decided: impl Fn(&Case) -> String) {
    let cases = cases();
    assert_eq!(cases.len(), 20);
    let wrong: Vec<_> = cases.iter().filter(|case| decided(case) != case.expect).map(|case| case.id.as_str()).collect();
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn by_line() {
    compare(|case| {
        let mut out = Vec::new();
        let settings = Settings { trace: false, details: None, workers: 1 };
        batch(case.question.to_string().as_bytes(), &mut out, &settings).unwrap();
        let answer: Value = serde_json::from_slice(&out).unwrap();
        answer["decision"].as_str().map_or_else(|| answer.to_string(), str::to_owned)
    });
}

#[test]
fn by_hand() {
    compare(|case| {
        let text = |key: &str| case.question[key].as_str().unwrap().to_owned().into();
        let Some(attached) = attached(&case.question["policies"]) else { return "a policy cannot be read".to_owned() };
        let question = Question {
            principal: text("principal"),
            action: text("action"),
            resource: text("resource"),
            resource_account: Some(text("resourceAccount")),
            context: context(&case.question["context"]),
            attached,
        };
        match Simulator::new(None).ask(question, true) {
            Ok(answer) => format!("{:?}", answer.decision.verdict),
            Err(faults) => format!("{faults:?}"),
        }
    });
}

fn context(keys: &Value) -> Vec<(std::borrow::Cow<'_, str>, ContextValue)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let value = |value: &Value| match value.as_array() {
        Some(values) => ContextValue::Many(values.iter().map(text).collect()),
        None => ContextValue::One(text(value)),
    };
    keys.as_object().unwrap().iter().map(|(key, one)| (key.into(), value(one))).collect()
}

fn attached(policies: &Value) -> Option<Attached> {
    let mut attached = Attached::default();
    for (name, value) in policies.as_object().unwrap() {
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name).unwrap();
        let levels = match kind {
            Kind::ServiceControl | Kind::ResourceControl => value.as_array().unwrap().clone(),
            _ => vec![value.clone()],
        };
        for (level, policies) in levels.iter().enumerate() {
            for policy in policies.as_array().unwrap_or(&vec![policies.clone()]) {
                attached.add(Compiled::read(name, kind, &policy.to_string()).ok()?, level).unwrap();
            }
        }
    }
    Some(attached)
}
