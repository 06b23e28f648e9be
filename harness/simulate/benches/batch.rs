//! How many questions are answered in a second, reading them included. The budget is a million on two cores, with a
//! policy of 3 statements in each line.

#![expect(clippy::panic, reason = "a bench that cannot start says why")]

use std::hint::black_box;
use std::io::sink;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use simulate::{Details, Settings, Simulator, batch};

/// `{}` makes one policy differ from the next.
const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"List{}","Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::reports"},{"Effect":"Allow","Action":["s3:GetObject","s3:GetObjectTagging"],"Resource":"arn:aws:s3:::reports/*","Condition":{"StringEquals":{"aws:PrincipalTag/Status":"OK"}}},{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}"#;
const LINES: usize = 100_000;

fn lines(policies: impl Fn(usize) -> String) -> String {
    let line = |at: usize| {
        format!(
            r#"{{"id":"{at}","principal":"arn:aws:sts::111122223333:assumed-role/app/i-{}","action":"s3:GetObject","resource":"arn:aws:s3:::reports/2026/q{at}.csv","resourceAccount":"111122223333","context":{{"aws:PrincipalTag/Status":"{}","aws:SecureTransport":"true","aws:SourceIp":"203.0.113.{}"}}{}}}"#,
            at % 1000,
            if at.is_multiple_of(3) { "NG" } else { "OK" },
            at % 256,
            policies(at),
        ) + "\n"
    };
    (0..LINES).map(line).collect()
}

/// Keys that some rows of the action carry, and a key that follows from them.
fn by_row() -> String {
    let statement = r#"{"Effect":"Allow","Action":"ec2:RunInstances","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["team","stage"]}}}"#;
    let line = |at: usize| {
        format!(
            r#"{{"id":"{at}","principal":"arn:aws:sts::111122223333:assumed-role/app/i-1","action":"ec2:RunInstances","resource":"arn:aws:ec2:eu-west-1:111122223333:instance/i-{at}","context":{{"aws:RequestTag/team":"a","ec2:InstanceType":"t3.micro"}},"policies":{{"identity":[{{"Version":"2012-10-17","Statement":{statement}}}]}}}}"#
        ) + "\n"
    };
    (0..LINES).map(line).collect()
}

fn identity(number: usize) -> String {
    format!(r#","policies":{{"identity":[{}]}}"#, POLICY.replace("{}", &number.to_string()))
}

fn details() -> Details {
    let text = format!(
        r#"{{"RoleDetailList":[{{"RoleName":"app","Arn":"arn:aws:iam::111122223333:role/app","RolePolicyList":[{{"PolicyName":"p","PolicyDocument":{}}}]}}]}}"#,
        POLICY.replace("{}", "")
    );
    Details::read(&text).unwrap_or_else(|findings| panic!("{findings:?}"))
}

fn throughput(criterion: &mut Criterion) {
    let details = details();
    let cases = [
        ("one policy", lines(|_| identity(0)), None),
        ("a hundred policies in turn", lines(|at| identity(at % 100)), None),
        ("account details", lines(|_| String::new()), Some(&details)),
        ("keys by row", by_row(), None),
    ];
    for (name, lines, details) in &cases {
        let mut group = criterion.benchmark_group(*name);
        group.throughput(Throughput::Elements(LINES as u64));
        group.bench_function("one core", |bencher| {
            let mut simulator = Simulator::new(*details);
            let mut out = Vec::new();
            bencher.iter(|| {
                for line in lines.lines() {
                    out.clear();
                    assert!(simulator.answer(black_box(line.as_bytes()), 1, false, &mut out));
                }
            });
        });
        group.bench_function("stream on two cores", |bencher| {
            let settings = Settings { trace: false, details: *details, workers: 2 };
            bencher.iter(|| batch(lines.as_bytes(), sink(), &settings).map(|summary| assert_eq!(summary.bad, 0)));
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = throughput
}
criterion_main!(benches);
