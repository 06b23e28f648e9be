//! Every operation of the services that are known, with a resource for each of its rows: it is asked, and allowed where
//! everything is.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use catalog::{Operation, Row, Service};
use serde_json::{Value, json};
use simulate::Simulator;

/// What a resource of each row is called; a row whose ARNs fit another type better is left out.
fn resources(operation: &Operation) -> Vec<Value> {
    let mut resources = Vec::new();
    for action in operation.actions() {
        for kind in action.rows().filter_map(Row::resource_type) {
            let arn = kind.arn_to_come("aws", Some("us-east-1"), Some("111122223333")).unwrap();
            // Some patterns have a placeholder of their own for the account.
            let arn = arn.replacen(":*:*:*", ":111122223333:*:*", 1);
            if action.rows_on(&arn).iter().any(|row| row.resource_type() == Some(kind)) {
                resources.push(json!({"action": action.name(), "resource": arn}));
            }
        }
    }
    // A key's policy has to let the account's policies have their say.
    for resource in resources.iter_mut().filter(|one| one["resource"].as_str().unwrap().contains(":kms:")) {
        resource["policies"] = json!({"resource": {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "*", "Resource": "*"}]}});
    }
    resources
}

#[test]
fn every_operation_is_asked() {
    let mut simulator = Simulator::new(None);
    let (mut asked, mut wrong) = (0, Vec::new());
    for action in catalog::services().flat_map(Service::actions) {
        let Some(operation) = catalog::operation(action.name()).filter(Operation::is_known) else { continue };
        // Roles have trust policies, and role templates are AWS's.
        let is_other = action.name().starts_with("sts:") || action.name() == "iam:GetRoleTemplateVersion";
        if operation.actions().is_empty() || is_other {
            continue;
        }
        let line = json!({
            "principal": "arn:aws:iam::111122223333:user/ann",
            "operation": operation.name(),
            "resources": resources(&operation),
            "context": {"aws:RequestTag/a": "b", "aws:TagKeys": ["a"], "aws:RequestedRegion": "us-east-1"},
            "policies": {"identity": [{"Version": "2012-10-17",
                "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}]},
        });
        let mut out = Vec::new();
        let answered = simulator.answer(line.to_string().as_bytes(), 1, false, &mut out);
        let told = String::from_utf8(out).unwrap();
        asked += 1;
        // What these tag has the kind of the load balancer, and here are load balancers of all kinds.
        if ["elasticloadbalancing:CreateListener", "elasticloadbalancing:CreateRule"].contains(&operation.name()) {
            assert!(told.contains("give the ARN of a listener"), "{told}");
        } else if !answered || !told.contains(r#""decision":"Allowed""#) {
            wrong.push(format!("{}: {told}", operation.name()));
        }
    }
    assert!(wrong.is_empty(), "{} operations: {:#?}", wrong.len(), &wrong[..wrong.len().min(20)]);
    assert!(asked > 3_000, "{asked}");
}
