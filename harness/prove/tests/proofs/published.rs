//! Verdicts that others have published.

use std::sync::Arc;

use policy::{Document, Kind, Policy};
use prove::{Budget, Relation, compare};
use serde_json::Value;

/// A document, if the engine reads it.
fn policy(kind: Kind, document: &Value) -> Option<Vec<Arc<Policy>>> {
    let (read, _) = Document::read_json(&document.to_string(), kind);
    Some(vec![Arc::new(Policy::new("p", kind, &read?))])
}

fn kind(name: &str) -> Kind {
    Kind::ALL.into_iter().find(|kind| kind.name() == name).unwrap()
}

/// AWS's samples of custom policy checks, with what CheckNoNewAccess says. One is mislabelled: its candidate names another
/// network ACL than the one that is to be guarded.
#[test]
fn samples_of_custom_policy_checks_come_out_as_published() {
    let mut wrong = Vec::new();
    for line in include_str!("../data/custom-policy-checks.jsonl").lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let kind = kind(case["kind"].as_str().unwrap());
        let [Some(old), Some(new)] = ["old", "new"].map(|side| policy(kind, &case[side])) else {
            wrong.push(format!("{}: cannot be read", case["id"]));
            continue;
        };
        let compared = compare(&old, &new, &Budget::default());
        let found = match &compared {
            Err(fault) => format!("{fault}: {:?}", fault.request),
            Ok(compared) => match compared.relation() {
                Relation::Same | Relation::Narrower => "PASS".to_owned(),
                Relation::Wider | Relation::Incomparable => "FAIL".to_owned(),
                Relation::Undecided => format!("{compared:?}"),
            },
        };
        if found != case["expected"] {
            wrong.push(format!("{}: {found}", case["id"]));
        }
    }
    let expected = [
        r#""identity-policies/check-access-to-sensitive-resource/ec2-network-acl#3": PASS"#,
        // A principal of {"Federated": "*"}, which the engine refuses.
        r#""resource-policies/role-trust-policies/allowlist-federated-access-oidc#5": cannot be read"#,
        r#""resource-policies/role-trust-policies/allowlist-federated-access-saml#5": cannot be read"#,
    ];
    assert_eq!(wrong, expected, "{}", wrong.join("\n"));
}
