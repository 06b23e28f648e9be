//! A real moto in a real container. `.ci/images/build` makes a stand-in for the image where it cannot be pulled.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{Read, Write};
use std::net::TcpStream;

use backend::Moto;

/// The status line of `GET path`.
fn status(url: &str, path: &str) -> String {
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).lines().next().unwrap().to_owned()
}

#[tokio::test]
#[ignore = "needs Docker and the image motoserver/moto:5.2.5: .ci/run runs it"]
async fn several_run_side_by_side_and_are_gone_when_stopped() {
    let (one, other) = (Moto::start().await.unwrap(), Moto::start().await.unwrap());
    assert_ne!(one.url(), other.url());
    for moto in [&one, &other] {
        assert!(status(moto.url(), "/moto-api/").contains(" 200 "), "{}", moto.url());
    }
    let address = one.url().strip_prefix("http://").unwrap().to_owned();
    one.stop().await.unwrap();
    assert!(TcpStream::connect(&address).is_err(), "{address} still answers");
    assert!(status(other.url(), "/moto-api/").contains(" 200 "));
    other.stop().await.unwrap();
}
