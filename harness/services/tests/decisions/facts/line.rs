//! Cases as lines of `simulate`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::VerdictAndFact;
use super::file::{Attachment, Caller, File, Row, Scalar, Values};

/// What `simulate` answers, by the names of the cases. A line names a session alone, and so not the path of its role.
pub(super) fn answers(file: &File) -> BTreeMap<String, VerdictAndFact> {
    let rows: Vec<_> = file.rows.iter().filter(|row| matches!(row.request.principal, Caller::Name(_))).collect();
    let lines: String = rows.iter().map(|row| format!("{}\n", line(file, row))).collect();
    let mut out = Vec::new();
    let settings = simulate::Settings { trace: false, details: None, workers: 1 };
    simulate::batch(lines.as_bytes(), &mut out, &settings).unwrap();
    let text = String::from_utf8(out).unwrap();
    let told = text.lines().map(|line| {
        let answer: Value = serde_json::from_str(line).unwrap();
        let member = |name: &str| answer[name].as_str().map(str::to_owned);
        let verdict = member("decision").unwrap_or_else(|| panic!("no decision: {answer}"));
        (member("id").unwrap(), (verdict, member("fact")))
    });
    told.collect()
}

fn line(file: &File, row: &Row) -> Value {
    let document = |one: &Attachment| super::written(file, one).clone();
    let list = |all: &[Attachment]| all.iter().map(document).collect::<Value>();
    let levels = |all: &[Vec<Attachment>]| all.iter().map(|level| list(level)).collect::<Value>();
    let attached = &row.policies;
    let mut policies = json!({"identity": list(&attached.identity)});
    for (kind, one) in [("resource", &attached.resource), ("trust", &attached.trust)] {
        if let Some(one) = one {
            policies[kind] = document(one);
        }
    }
    for (kind, all) in [("boundary", &attached.boundary), ("endpoint", &attached.endpoint)] {
        if !all.is_empty() {
            policies[kind] = list(all);
        }
    }
    if let Some(session) = &attached.session {
        policies["session"] = list(session);
    }
    for (kind, all) in [("scp", &attached.scp), ("rcp", &attached.rcp)] {
        if !all.is_empty() {
            policies[kind] = levels(all);
        }
    }
    let value = |value: &Values| match value {
        Values::One(one) => json!(one.text()),
        Values::Many(many) => many.iter().map(Scalar::text).collect(),
    };
    let context: Map<_, _> = row.request.context.iter().map(|(key, one)| (key.clone(), value(one))).collect();
    let Caller::Name(principal) = &row.request.principal else { unreachable!("see `answers`") };
    let mut line = json!({"id": row.name, "principal": principal, "action": row.request.action,
        "resource": row.request.resource, "context": context, "policies": policies});
    if let Some(account) = &row.request.resource_account {
        line["resourceAccount"] = json!(account);
    }
    line
}
