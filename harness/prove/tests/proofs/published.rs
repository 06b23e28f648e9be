//! Verdicts that others have published.

use std::sync::Arc;

use policy::{Document, Kind, Policy};
use prove::{Options, Relation, Verdict, compare};
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
        let compared = compare(&old, &new, &Options::default());
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

/// Quacky's mutated policies, with its published verdicts of both directions. In 72 a request is found, and the engine confirms
/// it, where Quacky saw none: half of them because without Version `${…}` is plain text. In 12 it is the other way about:
/// the two documents say the same, or the reference does not list a key for the action. Four documents the engine refuses.
#[test]
fn quackys_questions_are_all_decided() {
    let data = miniz_oxide::inflate::decompress_to_vec_zlib(include_bytes!("../data/quacky.json.zz")).unwrap();
    let data: Value = serde_json::from_slice(&data).unwrap();
    let (mut agreed, mut found_beyond, mut proved_beyond, mut unread) = (0, 0, 0, 0);
    let mut undecided = Vec::new();
    for case in data["cases"].as_array().unwrap() {
        let kind = kind(case[1].as_str().unwrap());
        let document = |at: usize| policy(kind, &data["documents"][case[at].as_u64().unwrap() as usize]);
        let (Some(old), Some(new)) = (document(2), document(3)) else {
            unread += 2;
            continue;
        };
        let compared = compare(&old, &new, &Options::default()).unwrap_or_else(|fault| panic!("{}: {fault}", case[0]));
        for (verdict, published) in [(&compared.gained, &case[5]), (&compared.lost, &case[4])] {
            match verdict {
                Verdict::Undecided { reason } => undecided.push(format!("{}: {reason}", case[0])),
                Verdict::Found { .. } if published == "SAT" => agreed += 1,
                Verdict::Proved { .. } if published == "UNSAT" => agreed += 1,
                Verdict::Found { .. } => found_beyond += 1,
                Verdict::Proved { .. } => proved_beyond += 1,
            }
        }
    }
    assert!(undecided.is_empty(), "{}", undecided.join("\n"));
    assert_eq!([agreed, found_beyond, proved_beyond, unread], [1000, 72, 12, 8]);
}
