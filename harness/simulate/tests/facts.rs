//! What `policy::facts` says, asked line by line: the same cases as the engine's own tests.

#[expect(dead_code, reason = "the engine's tests read more of a case")]
#[path = "../../policy/tests/documented/file.rs"]
mod file;

use std::path::Path;

use serde_json::{Value, json};

use file::{Attachment, Caller, File, Row, Values};

#[test]
fn every_fact_is_told_of_a_line_as_of_a_request() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policy/tests/documented/service-facts.yaml");
    let file = file::read(&path).unwrap_or_else(|problems| panic!("{problems:?}"));
    // A line names a session alone, and so not the path of its role.
    let rows: Vec<_> = file.rows.iter().filter(|row| matches!(row.request.principal, Caller::Name(_))).collect();
    assert!(rows.len() > 130, "{} lines", rows.len());
    let lines: String = rows.iter().map(|row| format!("{}\n", line(&file, row))).collect();
    let mut out = Vec::new();
    let settings = simulate::Settings { trace: false, details: None, workers: 1 };
    simulate::batch(lines.as_bytes(), &mut out, &settings).unwrap();
    let told: Vec<Value> =
        String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(told.len(), rows.len());
    for (row, told) in rows.iter().zip(told) {
        assert_eq!(told["decision"].as_str(), Some(&*row.decision), "{}: {told}", row.name);
        assert!(row.fact.is_none() || told["fact"].as_str() == row.fact.as_deref(), "{}: {told}", row.name);
    }
}

fn line(file: &File, row: &Row) -> Value {
    let document = |one: &Attachment| match one {
        Attachment::Name(name) => file.policies[name].clone(),
        Attachment::Written(written) => written.clone(),
    };
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
    let context: serde_json::Map<String, Value> = row
        .request
        .context
        .iter()
        .map(|(key, value)| {
            let value = match value {
                Values::One(one) => json!(one.text()),
                Values::Many(many) => many.iter().map(file::Scalar::text).collect(),
            };
            (key.clone(), value)
        })
        .collect();
    let mut line = json!({"id": row.name, "principal": principal(row), "action": row.request.action,
        "resource": row.request.resource, "context": context, "policies": policies});
    if let Some(account) = &row.request.resource_account {
        line["resourceAccount"] = json!(account);
    }
    line
}

fn principal(row: &Row) -> &str {
    match &row.request.principal {
        Caller::Name(name) => name,
        Caller::Federated { federated } => federated,
        Caller::Role { session, .. } | Caller::FederatedUser { session, .. } => session,
    }
}
