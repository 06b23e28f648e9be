//! `simulate` and the catalogue give one answer to each question whether a request carries a tag key: lint, explanations and
//! the account's contexts are held to the same questions.

use catalog::{TagQuestion, tag_questions};
use serde_json::{Value, json};
use simulate::{Settings, batch};

#[test]
fn a_key_that_is_given_decides_where_the_row_carries_it() {
    let questions: Vec<_> = tag_questions().collect();
    assert!(questions.len() > 50_000, "{}", questions.len());
    let lines: String = questions.iter().map(|question| format!("{}\n", line(question))).collect();
    let mut out = Vec::new();
    let settings = Settings { trace: false, details: None, workers: 2 };
    batch(lines.as_bytes(), &mut out, &settings).unwrap();
    let answers: Vec<Value> =
        String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), questions.len());
    let mut wrong = Vec::new();
    let mut by_fact = 0;
    for (question, answer) in questions.iter().zip(&answers) {
        // What no policy decides on, no key does.
        if answer.get("fact").is_some() {
            by_fact += 1;
            continue;
        }
        let expected = if question.carries { "Allowed" } else { "ImplicitlyDenied" };
        if answer["decision"] != expected {
            wrong.push((question, answer));
        }
    }
    assert!(by_fact < 3_000, "{by_fact}");
    assert!(wrong.is_empty(), "{} of {}: {:#?}", wrong.len(), questions.len(), &wrong[..wrong.len().min(10)]);
}

/// Asks whether the key is there once it is given.
fn line(TagQuestion { row, resource, key, .. }: &TagQuestion) -> Value {
    let value = if key == "aws:TagKeys" { json!(["team"]) } else { json!("a") };
    let policy = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": { "Null": { key.as_str(): "false" } },
        }],
    });
    let kind = if row.action().name().starts_with("sts:") { "trust" } else { "resource" };
    let mut line = json!({
        "principal": "arn:aws:iam::111122223333:user/ann", "action": row.action().name(), "resource": resource,
        "resourceAccount": "111122223333", "context": { key.as_str(): value }, "policies": { "identity": [policy] },
    });
    // Roles and keys are only reached if their own policies let the account in.
    if resource.contains(":role/") && kind == "trust" || resource.contains(":key/") {
        let mut statement = json!({ "Effect": "Allow", "Principal": { "AWS": "111122223333" }, "Action": "*" });
        if kind == "trust" {
            statement["Action"] = json!("sts:*");
        } else {
            statement["Resource"] = json!("*");
        }
        line["policies"][kind] = json!({ "Version": "2012-10-17", "Statement": [statement] });
    }
    line
}
