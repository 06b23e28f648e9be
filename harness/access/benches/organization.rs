//! How long questions about an organisation take. Budgets, on two cores of 2026:
//!
//! | What | Budget |
//! |---|---|
//! | 45,000 decisions with conditions: who can read nine objects, of 5,000 roles | 2 s |
//! | 10,000 roles × 3 invariants: who can do three things that nobody should without more | 1 s |
//!
//! Measured: 0.85 s and 0.27 s, in 81 MiB of memory; while other builds kept both cores busy, 1.14 s and 0.48 s, in 97 MiB.

#![expect(clippy::expect_used, reason = "a bench may panic")]

use std::hint::black_box;

use access::generate::{Size, objects, organization};
use access::{Index, Inventory, WhoCan};
use criterion::{Criterion, criterion_group, criterion_main};
use prove::Options;
use source::{Source, Sources};

fn inventory(size: Size) -> Inventory {
    let mut sources = Sources::new();
    for (path, text) in organization(1, size) {
        sources.add(Source::new(path, text));
    }
    Inventory::of_iam_collect(&sources).expect("what is made up can be read")
}

fn ask(inventory: &Inventory, questions: &[(&str, &str)]) -> usize {
    let index = Index::new(inventory);
    let who_can = |(action, resource): &(&str, &str)| {
        let question = WhoCan { action: (*action).to_owned(), resource: (*resource).to_owned(), account: None };
        index.who_can(&question, &Options::default(), 2).expect("it is answered")
    };
    questions.iter().map(|question| who_can(question).len()).sum()
}

fn decisions(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("organisation");
    group.sample_size(10);
    let size = Size { accounts: 50, roles: 100, buckets: 3 };
    let known = inventory(size);
    let all = objects(size);
    let questions: Vec<_> = all.iter().step_by(16).take(9).map(|object| ("s3:GetObject", object.as_str())).collect();
    group.bench_function("45,000 decisions with conditions", |bench| bench.iter(|| ask(black_box(&known), &questions)));
    let size = Size { accounts: 100, roles: 100, buckets: 1 };
    let known = inventory(size);
    let invariants = [
        ("s3:PutBucketPolicy", "arn:aws:s3:::data-7-0"),
        ("s3:DeleteObject", "arn:aws:s3:::data-11-0/reports/*"),
        ("sqs:DeleteQueue", "arn:aws:sqs:eu-west-1:100000000003:orders"),
    ];
    group.bench_function("10,000 roles × 3 invariants", |bench| bench.iter(|| ask(black_box(&known), &invariants)));
}

criterion_group!(benches, decisions);
criterion_main!(benches);
