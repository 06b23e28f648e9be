use std::sync::Arc;

use policy::{ContextValue, Decision, Kind, Verdict, decide};
use serde_json::Value;

use super::*;
use crate::attack;
use crate::formula::Atom;
use crate::space::{Fact, Values};
use crate::testing::{cases, policy};
use crate::{generate, tape};

pub(crate) fn policies(case: &Value) -> Policies {
    let attached = &case["policies"];
    let items = |value: &Value| {
        value.as_array().cloned().unwrap_or_else(|| if value.is_null() { Vec::new() } else { vec![value.clone()] })
    };
    let all =
        |kind: Kind, list: &Value| -> Vec<Arc<Policy>> { items(list).iter().map(|one| policy(kind, one)).collect() };
    let list = |kind: Kind| all(kind, &attached[kind.name()]);
    let levels = |kind: Kind| items(&attached[kind.name()]).iter().map(|level| all(kind, level)).collect();
    Policies {
        identity: list(Kind::Identity),
        resource: list(Kind::Resource).into_iter().next().or_else(|| list(Kind::Trust).into_iter().next()),
        boundary: list(Kind::Boundary).into_iter().next(),
        session: attached.get("session").map(|_| list(Kind::Session)),
        service_control: levels(Kind::ServiceControl),
        resource_control: levels(Kind::ResourceControl),
        endpoint: list(Kind::Endpoint).into_iter().next(),
    }
}

fn is_allowed(decision: &Decision) -> bool {
    decision.verdict == Verdict::Allowed
}

/// Of every kind of policy, caller and action of which AWS documents something special.
#[test]
fn whole_decisions_are_those_of_the_engine() {
    let mut compared = [0; 2];
    for seed in 0..cases() {
        let case = generate::request(&mut tape::fixed(seed));
        let policies = policies(&case);
        let asked = || policies.all().map(|policy| &**policy);
        let mut space = Space::of(asked(), Values::Enough);
        space.owner = Some(["111122223333", "444455556666", "aws"][(seed % 3) as usize].to_owned());
        let formula = allowed(&mut space, &policies);
        if space.facts.iter().any(|fact| matches!(fact, Fact::Opaque(_))) {
            continue;
        }
        for (request, caller) in attack::requests(&space, 60) {
            let has_more = |key: &crate::space::Key| {
                matches!(request.context.get(&key.name),
                Some(ContextValue::Many(values)) if values.len() as u32 > key.slots)
            };
            if space.keys.iter().any(has_more) {
                continue;
            }
            let says =
                space.formulas.holds(formula, &mut |atom: Atom| space.is_so(space.fact_of(atom), &request, caller));
            let decision = decide(&policies, &request);
            assert_eq!(says, is_allowed(&decision), "seed {seed}: {request:?}\n{decision:?}\n{case}");
            compared[usize::from(says)] += 1;
        }
    }
    assert!(compared.iter().all(|&many| many as u64 > cases()), "{compared:?}");
}
