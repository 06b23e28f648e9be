//! The order in which a stack's resources are made.

use std::collections::BTreeSet;

use source::Finding;

use crate::shape::shown;
use crate::template::Declared;

/// Dependencies first, ties as in the template; and a finding for each circle. `dependencies[i]` is what resource `i`
/// depends on; `None` for a resource that is not made.
pub(crate) fn order(resources: &[Declared], dependencies: &[Option<BTreeSet<usize>>]) -> (Vec<usize>, Vec<Finding>) {
    let mut waits: Vec<usize> = vec![0; dependencies.len()];
    let mut wanted_by: Vec<Vec<usize>> = vec![Vec::new(); dependencies.len()];
    let mut left: BTreeSet<usize> = BTreeSet::new();
    let made = |at: &usize| dependencies.get(*at).is_some_and(Option::is_some);
    for (at, needs) in dependencies.iter().enumerate() {
        let Some(needs) = needs else { continue };
        left.insert(at);
        for &need in needs.iter().filter(|need| made(need)) {
            waits[at] += 1;
            wanted_by[need].push(at);
        }
    }
    let mut ready: BTreeSet<usize> = left.iter().copied().filter(|&at| waits[at] == 0).collect();
    let mut order = Vec::new();
    while let Some(at) = ready.pop_first() {
        order.push(at);
        left.remove(&at);
        for &next in &wanted_by[at] {
            waits[next] -= 1;
            if waits[next] == 0 {
                ready.insert(next);
            }
        }
    }
    (order, cycles(resources, dependencies, left))
}

/// Each of the resources left over waits for another of them: walk from one to the next until one comes again.
fn cycles(resources: &[Declared], dependencies: &[Option<BTreeSet<usize>>], mut left: BTreeSet<usize>) -> Vec<Finding> {
    let mut findings = Vec::new();
    while let Some(&start) = left.first() {
        let mut path = vec![start];
        let mut seen = BTreeSet::from([start]);
        loop {
            let at = path[path.len() - 1];
            let next = dependencies[at].iter().flatten().copied().find(|next| left.contains(next));
            match next {
                Some(next) if seen.insert(next) => path.push(next),
                Some(next) => {
                    let from = path.iter().position(|&at| at == next).unwrap_or(0);
                    findings.push(cycle(resources, &path[from..]));
                    break;
                }
                // It only led to a circle that was reported.
                None => break,
            }
        }
        path.iter().for_each(|at| {
            left.remove(at);
        });
    }
    findings
}

fn cycle(resources: &[Declared], path: &[usize]) -> Finding {
    // From the first in the template on, wherever the walk came in.
    let first = path.iter().enumerate().min_by_key(|&(_, at)| at).map_or(0, |(first, _)| first);
    let around = path[first..].iter().chain(&path[..=first]);
    let names: Vec<_> = around.map(|&at| format!("`{}`", shown(&resources[at].logical_id.value))).collect();
    let message = format!("resources depend on each other in a circle: {}", names.join(" → "));
    Finding::error("CIRCULAR_DEPENDENCY", resources[path[first]].logical_id.span, message)
        .help("take one of these references away, or write the name or ARN out")
}
