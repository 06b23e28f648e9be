//! Lines about calls, made from the catalogue's operations: right ones, and ones with something wrong.

use catalog::{Operation, Row, Service};
use serde_json::{Value, json};

const ANN: &str = "arn:aws:iam::111122223333:user/ann";
const ROLE: &str = "arn:aws:iam::111122223333:role/web";

/// A line for one operation in so many, each with other policies, keys and resources.
pub fn some(of: usize) -> Vec<u8> {
    let operations = catalog::services().flat_map(Service::actions).filter_map(|one| catalog::operation(one.name()));
    let known: Vec<_> = operations.filter(|one| one.is_known() && !one.actions().is_empty()).step_by(of).collect();
    let lines = known.iter().enumerate().map(|(at, operation)| format!("{}\n", line(at, operation)));
    lines.collect::<String>().into_bytes()
}

fn line(at: usize, operation: &Operation) -> Value {
    let mut resources = resources(operation);
    match at % 5 {
        // Without a resource that it may require, with one twice, with one that it does not ask about.
        0 => drop(resources.pop()),
        1 => resources.extend(resources.first().cloned()),
        2 => resources.push(json!({"resource": "arn:aws:made-up:us-east-1:111122223333:thing/1"})),
        _ => resources.push(json!({"resource": ROLE})),
    }
    let name = operation.actions()[0].name();
    let statements = [
        json!({"Effect": "Allow", "Action": "*", "Resource": "*"}),
        json!({"Effect": "Allow", "Action": name, "Resource": "*"}),
        json!({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {
            "StringEquals": {"aws:RequestTag/a": "b"}, "StringLikeIfExists": {"iam:PassedToService": "*"}}}),
        json!([{"Effect": "Allow", "NotAction": "iam:PassRole", "Resource": "*"},
            {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Null": {"aws:TagKeys": "true"}}}]),
    ];
    let contexts = [
        json!({}),
        json!({"aws:RequestTag/a": "b", "aws:RequestedRegion": "us-east-1"}),
        json!({"aws:TagKeys": ["a"], "aws:VpceAccount": "111122223333", "s3:VersionId": "1"}),
    ];
    json!({
        "id": at,
        "principal": ANN,
        "operation": operation.name(),
        "resources": resources,
        "context": contexts[at % 3],
        "policies": {"identity": [{"Version": "2012-10-17", "Statement": statements[at % 4]}]},
    })
}

fn resources(operation: &Operation) -> Vec<Value> {
    let kinds = operation.actions().iter().flat_map(|action| action.rows()).filter_map(Row::resource_type);
    kinds.filter_map(|kind| Some(json!({"resource": kind.samples().next()?}))).collect()
}
