//! AWS's managed policies.

use std::sync::Mutex;

use policy::{Document, Kind};
use prove::{Options, Part, dead};

/// Looks for what never decides in every so manieth policy, on two threads: how many statements there are, and the findings.
fn look(step: usize) -> (usize, Vec<String>) {
    let policies = Mutex::new(catalog::managed::all().step_by(step));
    let work = || {
        let next = || policies.lock().unwrap().next();
        std::iter::from_fn(next).map(|policy| looked_at(&policy)).collect::<Vec<_>>()
    };
    let looked = std::thread::scope(|scope| {
        let other = scope.spawn(work);
        [work(), other.join().unwrap()].concat()
    });
    let statements = looked.iter().map(|(many, _)| many).sum();
    (statements, looked.into_iter().flat_map(|(_, found)| found).collect())
}

fn looked_at(policy: &catalog::managed::ManagedPolicy) -> (usize, Vec<String>) {
    let (Some(document), _) = Document::read_json(policy.document, Kind::Identity) else { return (0, Vec::new()) };
    let dead = dead(Kind::Identity, &document, &Options::default()).unwrap();
    let of_statements = dead.iter().filter(|dead| dead.part == Part::Statement);
    let found = of_statements.map(|dead| {
        let laws: Vec<_> = dead.laws.iter().map(|law| law.id).collect();
        format!("{}/{} {}", policy.name, dead.statement + 1, laws.join(", "))
    });
    (document.statements(), found.collect())
}

#[test]
fn proofs_about_managed_policies_stand() {
    let (statements, found) = look(20);
    assert!(statements > 200 && found.len() * 4 < statements, "{statements}: {found:?}");
}

/// Without any law a statement never decides only if others say what it says: a few that were read.
#[test]
fn what_others_cover_in_a_managed_policy_is_found() {
    for (name, expected) in [
        // budgets:ModifyBudget and account:PutAccountName are allowed on `*` by others.
        ("AWSManagedSettingsAdminAccess", &[1, 22][..]),
        // iot:GetThingShadow of the same things is in the first statement.
        ("AWSDeepLensServiceRolePolicy", &[5]),
        ("AwsGlueDataBrewFullAccessPolicy", &[4]),
    ] {
        let policy = catalog::managed::all().find(|policy| policy.name == name).unwrap();
        let (document, _) = Document::read_json(policy.document, Kind::Identity);
        let dead = dead(Kind::Identity, &document.unwrap(), &Options::default()).unwrap();
        let without_laws = dead.iter().filter(|dead| dead.part == Part::Statement && dead.laws.is_empty());
        let found: Vec<_> = without_laws.map(|dead| dead.statement + 1).collect();
        assert_eq!(found, expected, "{name}");
        assert!(dead.iter().all(|dead| !dead.laws.is_empty() || !dead.is_never_met), "{name}: {dead:?}");
    }
}

#[test]
#[ignore = "takes a minute without optimisation"]
fn dead_statements_of_managed_policies_are_found() {
    let (statements, found) = look(1);
    assert!(statements > 8_500 && found.len() * 4 < statements, "{statements}: {}\n{}", found.len(), found.join("\n"));
}
