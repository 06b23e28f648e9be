use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::net::TcpListener;

use super::*;

/// A server that answers each connection with the next of `answers`, the last one for ever; `None` keeps silent.
async fn server(answers: &'static [Option<&'static str>]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut kept = Vec::new();
        for turn in 0.. {
            let (mut stream, _) = listener.accept().await.unwrap();
            match answers[turn.min(answers.len() - 1)] {
                Some(answer) => {
                    // A connection closed with unread bytes is reset, and the answer lost.
                    let _read = stream.read(&mut [0; 1024]).await;
                    let _sent = stream.write_all(answer.as_bytes()).await;
                }
                None => kept.push(stream),
            }
        }
    });
    url
}

async fn nobody_ended() -> Option<Failure> {
    None
}

const OK: Option<&str> = Some("HTTP/1.1 200 OK\r\nServer: hypercorn-h11\r\nContent-Length: 0\r\n\r\n");
const STARTING: Option<&str> = Some("HTTP/1.1 503 Service Unavailable\r\n\r\n");

#[test]
fn heads_are_read() {
    let check = |head: &str, expected: Option<(u16, Option<&str>)>| {
        let expected = expected.map(|(status, server)| Answer { status, server: server.map(str::to_owned) });
        assert_eq!(answer(head.as_bytes()), expected, "{head}");
    };
    check("HTTP/1.1 200 OK\r\nserver:  Werkzeug/3.1 \r\n\r\n", Some((200, Some("Werkzeug/3.1"))));
    check("HTTP/1.0 404\r\n\r\n", Some((404, None)));
    check("HTTP/1.1 200 OK\r\n\r\nServer: in the body", Some((200, None)));
    check("SSH-2.0-OpenSSH_9.2\r\n", None);
    check("HTTP/1.1 abc\r\n\r\n", None);
    check("", None);
}

#[tokio::test]
async fn it_waits_until_the_answer_is_200() {
    let url = server(&[STARTING, Some("rubbish"), STARTING, OK]).await;
    until_up(&url, "/health", Duration::from_secs(20), nobody_ended).await.unwrap();
}

#[tokio::test]
async fn it_gives_up_at_the_deadline_and_says_what_came() {
    let check = async |answer, expected: &str| {
        let url = server(answer).await;
        let failure = until_up(&url, "/health", Duration::from_secs(1), nobody_ended).await.unwrap_err();
        assert_eq!(failure.to_string(), format!("it did not serve at {url} within 1 s: {expected}"));
    };
    tokio::join!(
        check(&[STARTING], "/health was answered with status 503"),
        check(&[STARTING, None], "/health was answered with status 503"),
        check(&[None], "no answer"),
        check(&[Some("SSH-2.0-OpenSSH_9.2\r\n")], "what answers speaks no HTTP"),
    );
}

#[tokio::test]
async fn it_does_not_wait_for_one_that_ended() {
    let ended = || Failure::Ended("exit status: 3".to_owned());
    let asked = AtomicUsize::new(0);
    let url = server(&[STARTING]).await;
    let within = Duration::from_secs(600);
    let failure = until_up(&url, "/", within, async || (asked.fetch_add(1, Ordering::Relaxed) == 2).then(ended)).await;
    assert_eq!(failure.unwrap_err().to_string(), "it ended: exit status: 3");
    // Somebody else answers where ours was to.
    let url = server(&[OK]).await;
    let failure = until_up(&url, "/", within, async || Some(ended())).await;
    assert_eq!(failure.unwrap_err().to_string(), "it ended: exit status: 3");
}

#[tokio::test]
async fn any_answer_of_an_endpoint_will_do() {
    let within = Duration::from_secs(20);
    let answer = is_there(&server(&[STARTING]).await, within).await.unwrap();
    assert_eq!(answer, Some(Answer { status: 503, server: None }));
    // A port that nobody has: one that was just given back.
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let failure = is_there(&format!("http://{free}"), within).await.unwrap_err();
    assert!(failure.to_string().contains("refused"), "{failure}");
}

#[tokio::test]
async fn what_is_posted_is_taken_or_the_path_is_named() {
    let taken = server(&[Some("HTTP/1.1 201 CREATED\r\nContent-Length: 0\r\n\r\n")]).await;
    tell(&taken, ("/set", "{}")).await.unwrap();
    let refused = server(&[Some("HTTP/1.1 404 NOT FOUND\r\nContent-Length: 0\r\n\r\n")]).await;
    let error = tell(&refused, ("/set", "{}")).await.unwrap_err().to_string();
    assert!(error.contains("/set was answered with status 404"), "{error}");
}
