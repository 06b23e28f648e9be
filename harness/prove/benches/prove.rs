//! How long proofs take. Budgets, on two cores of 2026:
//!
//! | What | Budget |
//! |---|---|
//! | 200 statements with 50 keys, proved or a request found, both directions | 150 ms |
//! | the 207 samples of custom policy checks, all together | 1 s |
//! | one of the claims of the thread | 1 ms |
//! | what never decides in every 40th of AWS's managed policies (all of them: 10 s) | 500 ms |
//!
//! Measured in instructions, from cold, with the reference's actions read: 200 statements with themselves 201 million, with one
//! more 223 million; every 40th managed policy 1,153 million. A claim takes 0.96 ms; the first one 22 million instructions
//! after the actions have been read.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a bench may panic")]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use policy::{Document, Kind, Policies, Policy, Principal};
use prove::{Claim, Options, Question, compare, dead, prove};
use serde_json::Value;

fn policy(kind: Kind, text: &str) -> Option<Arc<Policy>> {
    let (document, _) = Document::read_json(text, kind);
    Some(Arc::new(Policy::new("p", kind, &document?)))
}

fn samples() -> Vec<[Arc<Policy>; 2]> {
    let read = |line: &str| {
        let case: Value = serde_json::from_str(line).expect("a line is JSON");
        let kind = Kind::ALL.into_iter().find(|kind| case["kind"] == kind.name())?;
        let [old, new] = ["old", "new"].map(|side| policy(kind, &case[side].to_string()));
        Some([old?, new?])
    };
    include_str!("../tests/data/custom-policy-checks.jsonl").lines().filter_map(read).collect()
}

/// Statements of four services, each on resources of its own, with conditions on fifty keys.
fn large(statements: usize) -> String {
    let statement = |at: usize| {
        let (action, resource) = [
            ("s3:Get*", "arn:aws:s3:::bucket-{}/*"),
            ("ec2:*Instances", "arn:aws:ec2:*:111122223333:instance/i-{}*"),
            ("dynamodb:Query", "arn:aws:dynamodb:*:111122223333:table/t{}"),
            ("sqs:Send*", "arn:aws:sqs:*:*:queue-{}-*"),
        ][at % 4];
        let (effect, key) = (if at % 9 == 8 { "Deny" } else { "Allow" }, at % 50);
        let operator = ["StringEquals", "StringNotEquals", "StringLike", "ForAnyValue:StringEquals"][at / 4 % 4];
        let name = if at / 4 % 4 == 3 { "aws:TagKeys".to_owned() } else { format!("aws:PrincipalTag/k{key}") };
        let resource = resource.replace("{}", &at.to_string());
        format!(
            r#"{{"Effect":"{effect}","Action":"{action}","Resource":"{resource}",
                "Condition":{{"{operator}":{{"{name}":["v{at}","w{at}*"]}}}}}}"#
        )
    };
    let statements: Vec<_> = (0..statements).map(statement).collect();
    format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","))
}

fn documents(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("documents");
    group.sample_size(10);
    let [old, new] = [200, 201].map(|many| vec![policy(Kind::Identity, &large(many)).unwrap()]);
    group.bench_function("200 statements with themselves", |bench| {
        bench.iter(|| compare(black_box(&old), &old, &Options::default()).unwrap().relation());
    });
    group.bench_function("200 statements with one more", |bench| {
        bench.iter(|| compare(black_box(&old), &new, &Options::default()).unwrap().relation());
    });
    let samples = samples();
    group.bench_function("all samples", |bench| {
        bench.iter(|| {
            for [old, new] in &samples {
                let (old, new) = (std::slice::from_ref(old), std::slice::from_ref(new));
                black_box(compare(old, new, &Options::default()).unwrap().relation());
            }
        });
    });
}

fn claims(criterion: &mut Criterion) {
    let with = |condition: &str| {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"s3:GetObject",
                "Resource":"arn:aws:s3:::reports/*"{condition}}}}}"#
        );
        policy(Kind::Identity, &text).unwrap()
    };
    let condition = |key: &str| format!(r#","Condition":{{"StringEquals":{{"{key}":"finance"}}}}"#);
    let question = |key: &str| Question {
        policies: Policies { identity: vec![with(&condition(key))], ..Policies::default() },
        callers: vec![Principal::RoleSession {
            role: Some("arn:aws:iam::111122223333:role/app".to_owned()),
            session: "arn:aws:sts::111122223333:assumed-role/app/task".to_owned(),
        }],
        owner: "111122223333".to_owned(),
        scope: with(""),
        within: Vec::new(),
        except: Some(with(&condition("aws:PrincipalTag/Team"))),
    };
    let mut group = criterion.benchmark_group("claims");
    group.sample_size(20);
    for key in ["aws:PrincipalTag/Team", "aws:RequestTag/Team"] {
        let question = question(key);
        group.bench_function(key, |bench| bench.iter(|| prove(&question, Claim::Never, &Options::default()).unwrap()));
    }
}

fn managed(criterion: &mut Criterion) {
    let read = |policy: catalog::managed::ManagedPolicy| Document::read_json(policy.document, Kind::Identity).0;
    let documents: Vec<_> = catalog::managed::all().step_by(40).filter_map(read).collect();
    let mut group = criterion.benchmark_group("managed");
    group.sample_size(10);
    group.bench_function("what never decides", |bench| {
        bench.iter(|| {
            for document in &documents {
                black_box(dead(Kind::Identity, document, &Options::default()).unwrap());
            }
        });
    });
}

criterion_group!(benches, documents, claims, managed);
criterion_main!(benches);
