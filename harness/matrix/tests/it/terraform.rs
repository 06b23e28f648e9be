//! Plans of Terraform as templates of scenarios.

use crate::kit::{disagreements, loaded, said};

/// Addresses name what is asked for, who asks, and what is under test; keys may have slashes in them.
#[test]
fn a_plan_is_a_template_and_its_addresses_are_names() {
    let results = matrix::predict(&loaded("terraform")).unwrap();
    assert_eq!(disagreements(&results), Vec::<String>::new());
}

/// As PowerShell writes what a program prints: in UTF-16, with a byte order mark.
#[test]
fn a_plan_in_utf_16_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let from = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/terraform");
    std::fs::copy(from.join("scenario.yaml"), folder.path().join("scenario.yaml")).unwrap();
    let plan = std::fs::read_to_string(from.join("plan.json")).unwrap();
    let utf16: Vec<u8> = format!("\u{feff}{plan}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(folder.path().join("plan.json"), utf16).unwrap();
    let results = matrix::predict(&matrix::load(folder.path()).unwrap()).unwrap();
    assert_eq!(disagreements(&results), Vec::<String>::new());
}

/// A policy that cannot be read keeps the scenario from being run, with the address and the place.
#[test]
fn a_policy_that_is_known_only_after_apply_is_an_error() {
    let unknown = |plan: &str| {
        let plan = plan.replace(r#""name": "read", "policy""#, r#""name": "read", "was""#);
        plan.replace(r#""role": true, "id": true"#, r#""role": true, "policy": true"#)
    };
    let errors = said_of(unknown);
    let place =
        "plan.json:4:15 TERRAFORM_UNREADABLE `module.app.aws_iam_role_policy.read[\"x/y\"]`: its `policy` is known";
    assert!(errors.iter().any(|error| error.starts_with(place)), "{errors:#?}");
}

#[test]
fn a_log_is_refused_with_what_to_do() {
    let errors =
        said_of(|_| "{\"@level\":\"info\",\"@message\":\"Terraform 1.9.5\"}\n{\"@level\":\"info\"}\n".to_owned());
    assert_eq!(errors.len(), 1, "{errors:#?}");
    assert!(errors[0].contains("TERRAFORM_LOG") && errors[0].contains("terraform show -json PLANFILE"), "{errors:#?}");
}

/// Every finding of the scenario with a changed plan.
fn said_of(change: impl Fn(&str) -> String) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let from = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/terraform");
    std::fs::copy(from.join("scenario.yaml"), folder.path().join("scenario.yaml")).unwrap();
    let plan = std::fs::read_to_string(from.join("plan.json")).unwrap();
    let changed = change(&plan);
    assert_ne!(changed, plan);
    std::fs::write(folder.path().join("plan.json"), changed).unwrap();
    said(&matrix::load(folder.path()).map(drop).unwrap_err())
}
