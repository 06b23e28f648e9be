//! A reset while requests are under way: each belongs to the account that it came to.

use std::sync::Arc;

use tokio::sync::Notify;

use crate::client::{Connection, World, ask, root, signature, world};
use crate::double::{Double, Told, outcome, told};

/// Nobody reads what is in the bucket `box`, but those who may do everything.
const POLICY: &[u8] =
    br#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::box/*"}}"#;

async fn reset(world: &World) {
    let reset = ask("POST", "/_tagproof/reset").header("authorization", "Basic dGVzdDp0ZXN0");
    assert_eq!(world.plain(reset).await.status, 200);
}

/// A request of the root user whose body is asked for, and which is so past authentication.
async fn under_way(world: &World, target: &str) -> Connection {
    let put = ask("PUT", target).body(b"hello");
    let mut signed = signature(&world.address(), "s3", &root(), &put);
    signed.extend([("expect".to_owned(), "100-continue".to_owned()), ("content-length".to_owned(), "5".to_owned())]);
    let head: String = signed.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let mut connection = Connection::open(&world.address()).await;
    connection.write(format!("PUT {target} HTTP/1.1\r\nhost: {}\r\n{head}\r\n", world.address()).as_bytes()).await;
    assert_eq!(connection.read(true).await.unwrap().status, 100);
    connection
}

/// What has been done before a reset is gone after it, and nothing else is there.
#[tokio::test]
async fn a_request_ends_in_the_account_that_it_began_in() {
    let world = world().await;
    assert_eq!(world.s3(&root(), ask("PUT", "/bucket")).await.status, 200);
    world.hosted.keep_as_start();
    assert_eq!(world.s3(&root(), ask("PUT", "/later")).await.status, 200);

    let mut kept = under_way(&world, "/bucket/k").await;
    let mut gone = under_way(&world, "/later/k").await;
    reset(&world).await;
    for connection in [&mut kept, &mut gone] {
        connection.write(b"hello").await;
        let answer = connection.read(false).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text());
        // What was decided before is told to nobody who asks about the account as it is now.
        assert!(world.hosted.decisions(answer.header("x-amz-request-id")).is_empty());
    }
    assert_eq!(world.s3(&root(), ask("GET", "/bucket/k")).await.status, 404);
    assert_eq!(world.s3(&root(), ask("HEAD", "/later")).await.status, 404);
    assert_eq!(world.s3(&root(), ask("PUT", "/bucket/k").body(b"new")).await.status, 200);
}

/// Who has been taken away by a reset does nothing in the account that is there then.
#[tokio::test]
async fn a_reset_under_load_mixes_nothing() {
    let world = std::sync::Arc::new(world().await);
    world.hosted.keep_as_start();
    let mut clients = tokio::task::JoinSet::new();
    for client in 0..8 {
        let world = world.clone();
        clients.spawn(async move {
            for turn in 0..20 {
                let (bucket, key) = (format!("/bucket{client}{turn}"), format!("/bucket{client}{turn}/k"));
                let made = world.s3(&root(), ask("PUT", &bucket)).await.status;
                assert_eq!(made, 200);
                let put = world.s3(&root(), ask("PUT", &key).body(b"x")).await.status;
                // The bucket is there, or a reset has come between.
                assert!(put == 200 || put == 404, "{put}");
            }
        });
    }
    for _ in 0..50 {
        reset(&world).await;
    }
    while let Some(done) = clients.join_next().await {
        done.unwrap();
    }
    reset(&world).await;
    assert!(world.s3(&root(), ask("GET", "/")).await.text().contains("<Buckets/>"));
}

/// The emulator keeps what it has, and hears nothing of the reset. The account knows of it only what it asks for anew.
#[tokio::test]
async fn in_front_of_an_emulator_the_account_begins_anew() {
    let double = Double::answering(&[("GET /box/broken", 500, "InternalError"), ("DELETE /box", 204, "")]).await;
    let front = double.front().await;
    let ann = front.user("ann").await;
    assert_eq!(front.s3(&root(), ask("PUT", "/box?policy").body(POLICY)).await.status, 200);
    assert_eq!(outcome(&front.s3(&root(), ask("GET", "/box/key")).await), "403 AccessDenied");
    assert_eq!(front.s3(&root(), ask("DELETE", "/box?policy")).await.status, 204);
    let mut failed = Vec::new();
    for _ in 0..2 {
        failed.push(front.s3(&root(), ask("GET", "/box/broken")).await.header("x-amz-request-id").to_owned());
    }
    assert!(front.hosted.backend_failure(&failed[0]).is_some());
    assert_eq!(front.s3(&root(), ask("PUT", "/box?policy").body(POLICY)).await.status, 200);
    double.take();
    reset(&front).await;
    assert_eq!(double.heard(), [""; 0], "a reset is the account's own");
    assert_eq!(front.hosted.backend_failure(&failed[1]), None);
    assert!(front.hosted.decisions(&failed[1]).is_empty());
    assert_eq!(outcome(&front.s3(&ann, ask("GET", "/box/key")).await), "403 InvalidAccessKeyId");
    assert_eq!(double.heard(), [""; 0], "nobody asks for one who is not there");
    // The emulator has no policy, so there is none.
    assert_eq!(front.s3(&root(), ask("GET", "/box/key")).await.status, 200);
    let heard = double.heard();
    assert!(heard.contains(&"GET /box?policy".to_owned()), "{heard:?}");
    assert_eq!(heard.last().map(String::as_str), Some("GET /box/key"));
}

/// What the emulator was doing at a reset it goes on doing, and the client is told. The account that is there then knows
/// nothing of it.
#[tokio::test]
async fn what_an_emulator_is_at_during_a_reset_is_answered_and_changes_no_other_account() {
    let gate = Arc::new(Notify::new());
    let after = gate.clone();
    let double = Double::start(move |received| {
        (received.what == "PUT /box?policy").then(|| Told { after: Some(after.clone()), ..told(204, "") })
    })
    .await;
    let front = Arc::new(double.front().await);
    let put = tokio::spawn({
        let front = front.clone();
        async move { front.s3(&root(), ask("PUT", "/box?policy").body(POLICY)).await }
    });
    while !double.heard().contains(&"PUT /box?policy".to_owned()) {
        tokio::task::yield_now().await;
    }
    reset(&front).await;
    gate.notify_one();
    let answer = put.await.unwrap();
    assert_eq!(answer.status, 204, "{}", answer.text());
    assert!(front.hosted.decisions(answer.header("x-amz-request-id")).is_empty());
    assert_eq!(front.s3(&root(), ask("GET", "/box/key")).await.status, 200);
    assert!(double.heard().contains(&"GET /box?policy".to_owned()));
}

/// Stopping the listener lets requests end that are past the door.
#[tokio::test]
async fn a_request_under_way_is_answered_before_the_listener_ends() {
    let world = world().await;
    assert_eq!(world.s3(&root(), ask("PUT", "/bucket")).await.status, 200);
    let mut connection = under_way(&world, "/bucket/k").await;
    let World { server, hosted, .. } = world;
    let stopping = tokio::spawn(server.stop());
    tokio::task::yield_now().await;
    connection.write(b"hello").await;
    let answer = connection.read(false).await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(hosted.decisions(answer.header("x-amz-request-id")).len(), 1);
    assert!(connection.read(false).await.is_none(), "no other request is taken");
    stopping.await.unwrap();
}
