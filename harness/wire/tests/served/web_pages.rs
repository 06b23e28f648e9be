//! What a web page can have a browser send to the account, signed with the root key that everybody knows.

use crate::client::{Connection, ask, presigned, root, signature, world};

/// `Origin` and `Sec-Fetch-Site` as browsers send them, and a name that its owner has pointed at this machine.
const FROM_ELSEWHERE: [(&str, &str); 8] = [
    ("origin", "http://evil.example"),
    ("origin", "null"),
    ("origin", "http://localhost.evil.example:4566"),
    ("origin", "https://app.localstack.cloud"),
    ("sec-fetch-site", "cross-site"),
    ("host", "evil.example"),
    ("host", "evil.example:4566"),
    ("host", "127.0.0.1.nip.io:4566"),
];

/// A program of this machine, and a page of one.
const FROM_HERE: [(&str, &str); 8] = [
    ("origin", "http://localhost:3000"),
    ("origin", "http://127.0.0.1:3000"),
    ("sec-fetch-site", "same-origin"),
    ("sec-fetch-site", "same-site"),
    ("sec-fetch-site", "none"),
    ("host", "localhost:4566"),
    ("host", "tagproof:4566"),
    ("host", "host.docker.internal:4566"),
];

/// A form that a page sends without a script: the signature stands in its address.
#[tokio::test]
async fn a_page_from_elsewhere_makes_no_user() {
    let world = world().await;
    for (user, (name, value)) in FROM_ELSEWHERE.iter().enumerate() {
        let target = format!("/?Action=CreateUser&UserName=u{user}&Version=2010-05-08");
        let host = ("host", if *name == "host" { *value } else { "localhost:4566" });
        for method in ["GET", "POST"] {
            let ask = |target| ask(method, target).header(host.0, host.1).header("content-type", "text/plain");
            let signed = presigned(&world.address(), "iam", &root(), &ask(&target));
            let ask = if *name == "host" { ask(&signed) } else { ask(&signed).header(name, value) };
            let answer = world.plain(ask).await;
            assert_eq!(answer.status, 403, "{name}: {value}: {}", answer.text());
            assert!(answer.text().contains("<Code>Forbidden</Code>"), "{name}: {value}: {}", answer.text());
        }
    }
    assert!(world.iam("Action=ListUsers").await.text().contains("<Users/>"));
}

#[tokio::test]
async fn a_page_from_elsewhere_reaches_no_service() {
    let world = world().await;
    assert_eq!(world.s3(&root(), ask("PUT", "/bucket")).await.status, 200);
    for (name, value) in FROM_ELSEWHERE.into_iter().filter(|(name, _)| *name != "host") {
        let image = presigned(&world.address(), "s3", &root(), &ask("GET", "/bucket?list-type=2"));
        let put = presigned(&world.address(), "s3", &root(), &ask("PUT", "/bucket/k"));
        for ask in [
            ask("GET", &image),
            ask("PUT", &put).body(b"theirs"),
            ask("GET", "/bucket"),
            ask("OPTIONS", "/bucket/k"),
            ask("POST", "/").header("x-amz-target", "Logs_20140328.DescribeLogGroups").body(b"{}"),
        ] {
            let answer = world.plain(ask.header(name, value)).await;
            assert_eq!(answer.status, 403, "{name}: {value}");
            assert!(answer.text().contains("Not for web pages from elsewhere."), "{name}: {value}: {}", answer.text());
        }
    }
    assert_eq!(world.s3(&root(), ask("GET", "/bucket/k")).await.status, 404);
}

#[tokio::test]
async fn who_asks_from_this_machine_is_answered() {
    let world = world().await;
    assert_eq!(world.s3(&root(), ask("PUT", "/bucket")).await.status, 200);
    for (name, value) in FROM_HERE {
        let put = if name == "host" { ask("PUT", "/bucket/k").header(name, value) } else { ask("PUT", "/bucket/k") };
        let answer = world.s3(&root(), put.body(b"mine").header("x-not-signed", "1")).await;
        assert_eq!(answer.status, 200, "{name}: {value}: {}", answer.text());
        let target = presigned(&world.address(), "s3", &root(), &ask("GET", "/bucket/k"));
        if name != "host" {
            assert_eq!(world.plain(ask("GET", &target).header(name, value)).await.text(), "mine", "{name}: {value}");
        }
    }
}

/// Two names, of which the signature has both.
#[tokio::test]
async fn a_request_has_one_host() {
    let world = world().await;
    let list = ask("GET", "/").header("host", "localhost,evil.example");
    let signed = signature(&world.address(), "s3", &root(), &list);
    let twice = ask("GET", "/").header("host", "localhost").header("host", "evil.example");
    assert_eq!(Connection::open(&world.address()).await.send(&twice, &signed).await.status, 403);
}
