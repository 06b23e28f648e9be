//! The listener itself: many worlds, bad manners, and the end.

use std::net::Ipv4Addr;

use crate::client::{Connection, Signer, ask, element, raw, root, signature, signature_of_words, world};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

fn signer(name: &str) -> Signer {
    Signer { id: name.to_owned(), secret: name.to_owned(), token: None }
}

/// The same names in two worlds; each key, also one made later, leads to its own.
#[tokio::test]
async fn worlds_are_apart() {
    let world = world().await;
    let second = crate::client::host(&world.server, "second", &world.log);
    assert_ne!(world.hosted.realm(), second.realm());
    for (name, body) in [("test", "first"), ("second", "second")] {
        assert_eq!(world.s3(&signer(name), ask("PUT", "/bucket")).await.status, 200);
        assert_eq!(world.s3(&signer(name), ask("PUT", "/bucket/k").body(body.as_bytes())).await.status, 200);
    }
    assert_eq!(world.s3(&signer("test"), ask("GET", "/bucket/k")).await.text(), "first");
    assert_eq!(world.s3(&signer("second"), ask("GET", "/bucket/k")).await.text(), "second");

    let create = "Action=CreateUser&UserName=ann&Version=2010-05-08";
    assert_eq!(world.query("iam", &signer("second"), create).await.status, 200);
    let key = "Action=CreateAccessKey&UserName=ann&Version=2010-05-08";
    let key = world.query("iam", &signer("second"), key).await.text();
    let ann = Signer { id: element(&key, "AccessKeyId"), secret: element(&key, "SecretAccessKey"), token: None };
    assert_eq!(account::ids::realm(&ann.id), Some(second.realm()));
    let who = "Action=GetCallerIdentity&Version=2011-06-15";
    assert!(world.query("sts", &ann, who).await.text().contains(":user/ann"));
    let users = world.query("iam", &signer("test"), "Action=ListUsers&Version=2010-05-08").await;
    assert!(!users.text().contains("ann"));

    // A further account's root key is in neither table.
    let further = account::Settings {
        account: "999999999999".to_owned(),
        root: account::AccessKey { id: "further".to_owned(), secret: "further".to_owned() },
    };
    second.with(|world| world.add_account(further));
    assert_eq!(element(&world.query("sts", &signer("further"), who).await.text(), "Account"), "999999999999");

    world.server.unhost(&second);
    for gone in [&ann, &signer("second"), &signer("further")] {
        let answer = world.query("sts", gone, who).await;
        assert_eq!(element(&answer.text(), "Code"), "InvalidClientTokenId");
    }
    assert_eq!(world.s3(&root(), ask("GET", "/bucket/k")).await.text(), "first");
}

#[tokio::test]
async fn without_a_world_nobody_is_known() {
    let world = world().await;
    world.server.unhost(&world.hosted);
    assert_eq!(world.plain(ask("GET", "/bucket/k")).await.status, 503);
    assert_eq!(world.s3(&root(), ask("GET", "/bucket/k")).await.status, 403);
    assert_eq!(world.plain(ask("GET", "/_tagproof/health")).await.status, 503);
}

/// Whatever comes, an error or the end of the connection follows, and the next client is served.
#[tokio::test]
async fn bad_manners() {
    let world = world().await;
    let long = format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(100_000));
    let wide = format!("GET / HTTP/1.1\r\nhost: x\r\n{}\r\n", "a: b\r\n".repeat(500));
    let fat = format!("GET / HTTP/1.1\r\nhost: x\r\na: {}\r\n\r\n", "b".repeat(200_000));
    for (bytes, expected) in [
        (&b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..], 400),
        (b"GARBAGE\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 400),
        (b"GET /\x00 HTTP/1.1\r\nhost: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nhost x\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: abc\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n", 400),
        (b"PUT /b/k HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", 400),
        (long.as_bytes(), 414),
        (wide.as_bytes(), 431),
        (fat.as_bytes(), 431),
    ] {
        let mut connection = Connection::open(&world.address()).await;
        connection.write(bytes).await;
        // A connection that is reset while much is still under way may lose the answer.
        if let Some(answer) = connection.read(false).await {
            assert_eq!(answer.status, expected, "{}", String::from_utf8_lossy(&bytes[..bytes.len().min(60)]));
        }
    }
    assert_eq!(world.plain(ask("GET", "/_tagproof/health")).await.status, 200);
}

#[tokio::test]
async fn bad_bodies() {
    let world = world().await;
    assert_eq!(world.s3(&root(), ask("PUT", "/bucket")).await.status, 200);
    let deep = "[".repeat(100_000);
    let nested = "<a>".repeat(100_000);
    let ecs = "AmazonEC2ContainerServiceV20141113.ListClusters";
    for body in ["{", "[]", "\"x\"", "nul", "\u{1}", &deep, "{\"a\":1}trailing"] {
        let answer = world.json("ecs", &root(), ecs, body).await;
        assert_eq!(answer.status, 400, "{:.40}", body);
        assert!(answer.text().contains("SerializationException"), "{}", answer.text());
    }
    for body in ["<", "<Tagging>", "<!DOCTYPE a [<!ENTITY b \"c\">]><Tagging>&b;</Tagging>", "\u{1}", &nested] {
        let answer = world.s3(&root(), ask("PUT", "/bucket?tagging").body(body.as_bytes())).await;
        assert_eq!(element(&answer.text(), "Code"), "MalformedXML", "{:.40}", body);
    }
    let answer = world.s3(&root(), ask("PUT", "/bucket?policy").body(b"\xff\xfe")).await;
    assert_eq!(element(&answer.text(), "Code"), "MalformedPolicy");
    for form in ["", "&&&", "Version=2010-05-08", "Action="] {
        let answer = world.query("iam", &root(), form).await;
        assert_eq!(element(&answer.text(), "Code"), "MissingAction", "{form}");
    }
    // Framing that breaks off.
    let put = ask("PUT", "/bucket/k")
        .header("content-encoding", "aws-chunked")
        .header("x-amz-decoded-content-length", "5")
        .header("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
        .body(b"5\r\nhel");
    let answer = world.plain(put).await;
    assert_eq!(element(&answer.text(), "Code"), "IncompleteBody", "{}", answer.text());
}

/// Refused by its declared length, before anything of it is asked for.
#[tokio::test]
async fn bodies_that_are_too_large() {
    let world = world().await;
    assert_eq!(world.s3(&root(), ask("PUT", "/bucket")).await.status, 200);
    let put = ask("PUT", "/bucket/k").header("content-length", "67108865").header("expect", "100-continue");
    let answer = world.s3(&root(), put).await;
    assert_eq!(answer.status, 400);
    assert_eq!(element(&answer.text(), "Code"), "EntityTooLarge");
    assert_eq!(element(&answer.text(), "MaxSizeAllowed"), "67108864");
    let call = ask("POST", "/").header("x-amz-target", "Logs_20140328.X").header("content-length", "2097153");
    let answer = world.plain(call).await;
    assert!(answer.status == 413 && answer.text().contains("RequestEntityTooLarge"), "{}", answer.text());
}

/// A refused upload is read to its end, so that its client gets to read why.
#[tokio::test]
async fn a_refused_upload_gets_its_answer() {
    let world = world().await;
    let body = vec![7; 8 * 1024 * 1024];
    let put = ask("PUT", "/bucket/k").body(&body);
    let mut signature = signature(&world.address(), "s3", &signer("nobody"), &put);
    signature.retain(|(name, _)| name != "expect");
    let answer = Connection::open(&world.address()).await.send(&put, &signature).await;
    assert_eq!((answer.status, element(&answer.text(), "Code").as_str()), (403, "InvalidAccessKeyId"));
}

/// A client that sends more than the request has, and is slow to read: it gets the answer whole, then the error.
#[tokio::test]
async fn what_is_no_request_is_answered_behind_the_answer_before() {
    let world = world().await;
    let request = ask("POST", "/bucket?delete").header("content-md5", "none").body(&[b'x'; 100]);
    let bytes = [&raw("localhost", &request, &[])[..], b">"].concat();
    for under_way in 1..=bytes.len() {
        let (client, server) = tokio::io::duplex(under_way);
        let (mut output, mut input) = tokio::io::split(client);
        let mut answers = Vec::new();
        let send = async {
            // The listener may have closed the connection before.
            let _closed = input.write_all(&bytes).await;
            let _closed = input.shutdown().await;
        };
        let serve = world.server.serve_connection(server, Ipv4Addr::LOCALHOST.into());
        let (_, (), read) = tokio::join!(serve, send, output.read_to_end(&mut answers));
        read.unwrap();
        let answers = String::from_utf8(answers).unwrap();
        let (_, rest) = answers.split_once("\r\n\r\n").unwrap();
        let (document, error) = rest.split_once("</Error>").unwrap();
        assert!(document.starts_with("<?xml"), "{under_way}: {answers}");
        assert!(error.is_empty() || error.starts_with("HTTP/1.1 400 "), "{under_way}: {answers}");
    }
}

/// What is announced and does not come takes no memory from anybody.
#[tokio::test]
async fn uploads_that_stall_keep_nobody_waiting() {
    let world = world().await;
    assert_eq!(world.s3(&root(), ask("PUT", "/bucket")).await.status, 200);
    let mut stalled = Vec::new();
    for number in 0..40 {
        let target = format!("/bucket/{number}");
        let put = ask("PUT", &target).header("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
        let signed = signature_of_words(&world.address(), &root(), &put, "UNSIGNED-PAYLOAD");
        let more: String = signed.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let head = format!(
            "PUT {target} HTTP/1.1\r\nhost: {}\r\nexpect: 100-continue\r\ncontent-length: 67108864\r\n\
             x-amz-content-sha256: UNSIGNED-PAYLOAD\r\n{more}\r\n",
            world.address()
        );
        let mut connection = Connection::open(&world.address()).await;
        connection.write(head.as_bytes()).await;
        assert_eq!(connection.read(true).await.unwrap().status, 100);
        connection.write(&[7; 1000]).await;
        stalled.push(connection);
    }
    let body = vec![7; 1024 * 1024];
    assert_eq!(world.s3(&root(), ask("PUT", "/bucket/k").body(&body)).await.status, 200);
}

/// More of the largest objects at once than there is memory for: they take turns.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_without_a_length_take_turns() {
    let world = std::sync::Arc::new(world().await);
    assert_eq!(world.s3(&root(), ask("PUT", "/bucket")).await.status, 200);
    let mut clients = JoinSet::new();
    for client in 0..20 {
        let world = world.clone();
        clients.spawn(async move {
            let target = format!("/bucket/{client}");
            let signed = signature(&world.address(), "s3", &root(), &ask("PUT", &target).body(b"hello"));
            let chunked = ask("PUT", &target).header("transfer-encoding", "chunked").body(b"5\r\nhello\r\n0\r\n\r\n");
            Connection::open(&world.address()).await.send(&chunked, &signed).await.status
        });
    }
    assert_eq!(clients.join_all().await, [200; 20]);
    assert_eq!(world.s3(&root(), ask("GET", "/bucket/19")).await.text(), "hello");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_clients_at_once() {
    let world = std::sync::Arc::new(world().await);
    assert_eq!(world.s3(&root(), ask("PUT", "/bucket")).await.status, 200);
    let mut clients = JoinSet::new();
    for client in 0..32 {
        let world = world.clone();
        clients.spawn(async move {
            let mut connection = Connection::open(&world.address()).await;
            for turn in 0..10 {
                let (target, body) = (format!("/bucket/{client}/{turn}"), format!("{client}-{turn}"));
                let put = ask("PUT", &target).body(body.as_bytes());
                let answer = connection.send(&put, &signature(&world.address(), "s3", &root(), &put)).await;
                assert_eq!(answer.status, 200, "{}", answer.text());
                let get = ask("GET", &target);
                let answer = connection.send(&get, &signature(&world.address(), "s3", &root(), &get)).await;
                assert_eq!(answer.text(), body);
            }
        });
    }
    while let Some(done) = clients.join_next().await {
        done.unwrap();
    }
    let list = world.s3(&root(), ask("GET", "/bucket?list-type=2")).await;
    assert_eq!(element(&list.text(), "KeyCount"), "320");
}

#[tokio::test]
async fn stopping_closes_everything() {
    let world = world().await;
    let address = world.address();
    let mut idle = Connection::open(&address).await;
    assert_eq!(idle.send(&ask("GET", "/_tagproof/health"), &[]).await.status, 200);
    world.server.stop().await;
    assert!(idle.read(false).await.is_none());
    assert!(TcpStream::connect(&address).await.is_err());
}

#[tokio::test]
async fn dropping_closes_everything() {
    let world = world().await;
    let address = world.address();
    let mut half = Connection::open(&address).await;
    half.write(b"GET / HTTP/1.1\r\nhost:").await;
    drop(world);
    assert!(half.read(false).await.is_none());
}

#[tokio::test]
async fn a_port_in_use_is_an_error() {
    let world = world().await;
    let again = wire::Server::bind(world.address().parse().unwrap()).await;
    assert_eq!(again.err().unwrap().kind(), std::io::ErrorKind::AddrInUse);
}
