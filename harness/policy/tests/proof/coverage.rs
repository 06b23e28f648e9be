//! The generators reach what they are meant to reach: counted over cases that are the same each time.

use std::collections::{BTreeMap, BTreeSet};

use crate::generate::{self, OPERATORS, PRINCIPALS};
use crate::{engine, reference, tape};
use policy::{Kind, decide, undocumented};

const CASES: u64 = 6_000;
const VERDICTS: [&str; 3] = ["Allowed", "ImplicitlyDenied", "ExplicitlyDenied"];

/// Rows that are settled where a request is built, before the engine is asked; and those of single services, which no generated
/// case asks about.
const NOT_OURS: &[&str] = &[
    "access-point-tag-on-its-bucket",
    "account-of-aws-managed-policies",
    "associated-resource-of-ecs",
    "first-refusal-of-a-call",
    "incomplete-arn-in-a-session-policy",
    "external-id-of-tags-and-source-identity",
    "inherited-tags-in-the-request",
    "inherited-tags-as-tags-of-a-role",
    "initiator-within-limits",
    "keys-of-a-service",
    "managed-tags-and-tags-of-the-definition",
    "object-tags-in-if-match",
    "one-of-two-keys-of-the-same-tags",
    "other-names-of-a-service",
    "pass-role-that-no-page-lists",
    "policies-of-a-service-linked-role",
    "prefix-of-a-missing-object",
    "region-of-what-a-service-asks",
    "role-tags-in-pass-role",
    "service-that-a-role-is-passed-to",
    "source-arn-of-a-task",
    "tags-passed-without-a-key",
    "volumes-that-are-not-asked-for",
    "what-a-service-asks-and-the-endpoint",
];

#[derive(Default)]
struct Counts(BTreeMap<String, usize>);

impl Counts {
    fn count(&mut self, class: impl Into<String>) {
        *self.0.entry(class.into()).or_default() += 1;
    }

    /// That each of the classes was met, and that nothing was met besides.
    #[track_caller]
    fn are(&self, expected: impl IntoIterator<Item = String>) {
        let expected: BTreeSet<String> = expected.into_iter().collect();
        let met: BTreeSet<String> = self.0.keys().cloned().collect();
        let missed: Vec<_> = expected.difference(&met).collect();
        let unknown: Vec<_> = met.difference(&expected).collect();
        assert!(missed.is_empty() && unknown.is_empty(), "never met: {missed:?}; unknown: {unknown:?}");
    }
}

#[test]
fn requests_reach_every_verdict_kind_and_caller() {
    let (mut decided, mut called) = (Counts::default(), Counts::default());
    for seed in 0..2 * CASES {
        let case = generate::request(&mut tape::fixed(seed));
        let answer = reference::decide(&case);
        let by = if answer.by.is_empty() { vec!["none"] } else { answer.by };
        by.iter().for_each(|kind| decided.count(format!("{} by {kind}", answer.decision)));
        called.count(format!("{} {}", answer.decision, case["principal"]));
    }
    let by_all = |verdict: &str| Kind::ALL.map(|kind| format!("{verdict} by {kind}"));
    // Guards and limits grant nothing.
    let granting = ["none", "trust", "resource", "identity"].map(|kind| format!("Allowed by {kind}"));
    // Each level of RCPs has RCPFullAWSAccess.
    let silent = by_all(VERDICTS[1]).into_iter().filter(|class| !class.ends_with(" rcp")).collect();
    // A fact of a service may refuse by itself.
    let refused = vec![format!("{} by none", VERDICTS[1])];
    decided.are([granting.to_vec(), refused, silent, by_all(VERDICTS[2]).to_vec()].concat());
    called.are(PRINCIPALS.iter().flat_map(|caller| VERDICTS.map(|verdict| format!("{verdict} {caller}"))));
}

#[test]
fn every_operator_holds_and_fails_with_every_addition() {
    let mut counts = Counts::default();
    for seed in 0..5 * CASES {
        let case = generate::conditional(&mut tape::fixed(seed));
        let document = &case["policies"]["identity"][0];
        let variables = document["Version"] == "2012-10-17";
        let context = case["context"].as_object().unwrap();
        for (operator, keys) in document["Statement"]["Condition"].as_object().unwrap() {
            for (key, wanted) in keys.as_object().unwrap() {
                let wanted: Vec<String> = wanted.as_array().map_or_else(
                    || vec![wanted.as_str().map_or_else(|| wanted.to_string(), str::to_owned)],
                    |all| all.iter().map(|one| one.as_str().unwrap().to_owned()).collect(),
                );
                let holds = reference::condition::holds(operator, key, &wanted, variables, context);
                let present = reference::text::look_up(context, key).is_some();
                counts.count(format!("{} {holds} {present}", operator.to_lowercase()));
            }
        }
    }
    let mut expected = Vec::new();
    for base in OPERATORS.concat() {
        for set in ["", "ForAnyValue:", "ForAllValues:"] {
            for if_exists in ["", "IfExists"] {
                let operator = format!("{set}{base}{if_exists}").to_lowercase();
                let without_key = match (set, if_exists) {
                    (_, "IfExists") | ("ForAllValues:", _) => true,
                    ("ForAnyValue:", _) => false,
                    _ => base.contains("Not"),
                };
                expected.extend([
                    format!("{operator} true true"),
                    format!("{operator} false true"),
                    format!("{operator} {without_key} false"),
                ]);
            }
        }
    }
    for (holds, present) in [(true, true), (true, false), (false, true), (false, false)] {
        expected.push(format!("null {holds} {present}"));
    }
    counts.are(expected);
}

#[test]
fn every_undocumented_row_is_met() {
    let mut met = Counts::default();
    for seed in 0..8 * CASES {
        for make in [generate::request, generate::conditional] {
            let case = make(&mut tape::fixed(seed));
            let notes = decide(&engine::policies(&case), &engine::request(&case)).notes;
            notes.iter().for_each(|row| met.count(row.id));
        }
    }
    met.are(undocumented::ROWS.iter().map(|row| row.id.to_owned()).filter(|id| !NOT_OURS.contains(&&**id)));
}
