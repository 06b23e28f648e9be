//! AWS's managed policies.

use policy::{Document, Kind};
use prove::{Options, Part, dead};

/// Looks for what never decides in every so manieth policy: how many statements there are, and the findings.
fn look(step: usize) -> (usize, Vec<String>) {
    let mut statements = 0;
    let mut found = Vec::new();
    for policy in catalog::managed::all().step_by(step) {
        let (Some(document), _) = Document::read_json(policy.document, Kind::Identity) else { continue };
        statements += document.statements();
        let dead = dead(Kind::Identity, &document, &Options::default()).unwrap();
        let of_statements = dead.iter().filter(|dead| dead.part == Part::Statement);
        found.extend(of_statements.map(|dead| {
            let laws: Vec<_> = dead.laws.iter().map(|law| law.id).collect();
            format!("{}/{} {}", policy.name, dead.statement + 1, laws.join(", "))
        }));
    }
    (statements, found)
}

#[test]
fn proofs_about_managed_policies_stand() {
    let (statements, found) = look(40);
    assert!(statements > 100 && found.len() * 4 < statements, "{statements}: {found:?}");
}

#[test]
#[ignore = "takes minutes without optimisation"]
fn dead_statements_of_managed_policies_are_found() {
    let (statements, found) = look(1);
    assert!(statements > 5_000 && found.len() * 4 < statements, "{statements}: {}\n{}", found.len(), found.join("\n"));
}
