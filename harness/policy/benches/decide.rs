//! How long a decision takes: the budgets are 0.5 µs for one policy of 3 statements and 2 µs for 20 of 200 together,
//! 10 and 100 µs with a trace.

#![expect(clippy::panic, reason = "a bench that cannot start says why")]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use policy::{Context, Document, Kind, NoVocabulary, Policies, Policy, Principal, Request, Verdict, decide, explain};

const ACCOUNT: &str = "111122223333";

/// A request as a role session makes it: the keys that S3 and IAM put into each, and some tags.
fn request(key: &str) -> Request {
    let mut context = Context::new();
    for (key, value) in [
        ("aws:CurrentTime", "2026-11-24T08:00:00Z"),
        ("aws:EpochTime", "1795507200"),
        ("aws:MultiFactorAuthPresent", "false"),
        ("aws:PrincipalAccount", ACCOUNT),
        ("aws:PrincipalArn", "arn:aws:iam::111122223333:role/app"),
        ("aws:PrincipalIsAWSService", "false"),
        ("aws:PrincipalOrgID", "o-1234567890"),
        ("aws:PrincipalTag/CostCenter", "4711"),
        ("aws:PrincipalTag/Status", "OK"),
        ("aws:PrincipalTag/Team", "finance"),
        ("aws:PrincipalType", "AssumedRole"),
        ("aws:RequestedRegion", "us-east-1"),
        ("aws:ResourceAccount", ACCOUNT),
        ("aws:SecureTransport", "true"),
        ("aws:SourceIp", "203.0.113.7"),
        ("aws:TokenIssueTime", "2026-11-24T07:30:00Z"),
        ("aws:UserAgent", "aws-cli/2.31.0"),
        ("aws:ViaAWSService", "false"),
        ("aws:userid", "AROAEXAMPLE:task-1"),
        ("s3:ResourceAccount", ACCOUNT),
        ("s3:TlsVersion", "1.3"),
        ("s3:authType", "REST-HEADER"),
        ("s3:signatureversion", "AWS4-HMAC-SHA256"),
    ] {
        context.set(key, value);
    }
    Request {
        principal: Principal::RoleSession {
            role: Some("arn:aws:iam::111122223333:role/app".to_owned()),
            session: "arn:aws:sts::111122223333:assumed-role/app/task-1".to_owned(),
        },
        action: "s3:GetObject".to_owned(),
        resource: format!("arn:aws:s3:::reports/{key}"),
        resource_account: Some(ACCOUNT.to_owned()),
        context,
    }
}

fn policy(statements: &[String]) -> Arc<Policy> {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(","));
    let (document, findings) = Document::read_json(&text, Kind::Identity);
    let document = document.unwrap_or_else(|| panic!("{findings:?}"));
    Arc::new(Policy::new("policy", Kind::Identity, &document))
}

/// A statement that allows some reads, one with a condition on a tag, and one that denies without TLS.
fn three() -> Policies {
    let statements = [
        r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"}"#,
        r#"{"Effect": "Allow", "Action": ["s3:GetObject", "s3:GetObjectTagging"], "Resource": "arn:aws:s3:::reports/*",
            "Condition": {"StringEquals": {"aws:PrincipalTag/Status": "OK"}}}"#,
        r#"{"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}"#,
    ];
    Policies { identity: vec![policy(&statements.map(str::to_owned))], ..Policies::default() }
}

/// Twenty policies of ten statements: each about a few actions of one service, every third about S3, with resources and
/// conditions; two deny.
fn two_hundred() -> Policies {
    let services = ["s3", "ec2", "s3", "dynamodb", "sqs"];
    let actions = ["GetObject", "Get*", "PutObject", "List*", "DeleteObject"];
    let statement = |at: usize| {
        let service = services[at % services.len()];
        let (one, two) = (actions[(at / 5) % 5], actions[(at / 5 + 2) % 5]);
        let effect = if at % 100 == 40 { "Deny" } else { "Allow" };
        format!(
            r#"{{"Effect": "{effect}", "Action": ["{service}:{one}", "{service}:{two}"],
                "Resource": "arn:aws:{service}:::bucket-{at}/${{aws:PrincipalTag/Team}}/*",
                "Condition": {{"StringEquals": {{"aws:PrincipalTag/Status": ["OK", "FINE"]}}, "Bool": {{"aws:SecureTransport": "true"}}}}}}"#
        )
    };
    let mut identity: Vec<_> =
        (0..19).map(|number| policy(&(0..10).map(|at| statement(number * 10 + at)).collect::<Vec<_>>())).collect();
    let mut last: Vec<_> = (190..199).map(statement).collect();
    last.push(r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}"#.to_owned());
    identity.push(policy(&last));
    Policies { identity, ..Policies::default() }
}

/// A hundred resources and a hundred values with wildcards, the last of which match.
fn wildcards() -> Policies {
    let resources: Vec<_> = (0..100).map(|at| format!(r#""arn:aws:s3:::bucket-{at}-*/logs/*/{at}""#)).collect();
    let values: Vec<_> = (0..100).map(|at| format!(r#""*team-{at}*-??*""#)).collect();
    let statement = format!(
        r#"{{"Effect": "Allow", "Action": ["s3:Put*", "s3:*Acl", "s3:Get*"], "Resource": [{}, "arn:aws:s3:::re*s/*/*.csv"],
            "Condition": {{"StringLike": {{"aws:PrincipalTag/Team": [{}, "*f*n*e"]}}}}}}"#,
        resources.join(","),
        values.join(",")
    );
    Policies { identity: vec![policy(&[statement])], ..Policies::default() }
}

fn decisions(criterion: &mut Criterion) {
    let cases = [
        ("3 statements", three(), request("2026/q3.csv")),
        ("200 statements", two_hundred(), request("2026/q3.csv")),
        ("wildcard lists", wildcards(), request("2026/q3.csv")),
        ("many stars", many_stars(), request(&"a".repeat(1000))),
    ];
    for (name, policies, request) in &cases {
        let verdict = decide(policies, request).verdict;
        assert_eq!(verdict, if *name == "many stars" { Verdict::ImplicitlyDenied } else { Verdict::Allowed }, "{name}");
        criterion.bench_function(&format!("{name}/decide"), |bencher| {
            bencher.iter(|| decide(black_box(policies), black_box(request)));
        });
        criterion.bench_function(&format!("{name}/explain"), |bencher| {
            bencher.iter(|| explain(black_box(policies), black_box(request), &NoVocabulary));
        });
    }
}

/// A pattern on which going back to every star would take forever.
fn many_stars() -> Policies {
    let stars = "*a".repeat(100);
    let statement =
        format!(r#"{{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/{stars}b"}}"#);
    Policies { identity: vec![policy(&[statement])], ..Policies::default() }
}

criterion_group!(benches, decisions);
criterion_main!(benches);
