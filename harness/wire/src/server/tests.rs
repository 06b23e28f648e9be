use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;

#[test]
fn who_is_on_the_network_of_containers() {
    for (peer, is) in [
        ("169.254.170.3", true),
        ("169.254.170.2", true),
        ("169.254.171.3", false),
        ("192.168.1.7", false),
        ("::1", false),
    ] {
        assert_eq!(are_neighbours(IpAddr::from([169, 254, 170, 2]), peer.parse().unwrap()), is, "{peer}");
    }
}

const WHOLE: &[u8] = b"GET /_tagproof/health HTTP/1.1\r\nhost: x\r\n\r\n";
/// What clients begin with and then stay: nothing, a part of a head or of a body, or a request, whose answer they get.
const BEGUN: [&[u8]; 4] = [b"", b"GET / HT", b"PUT /b/k HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nx", WHOLE];

async fn connected(address: SocketAddr, sent: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(sent).await.unwrap();
    stream
}

async fn is_answered(stream: &mut TcpStream) {
    let mut answer = [0; 13];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 503 ");
}

/// Begins to accept for as many connections.
fn accepting(listener: TcpListener, most: usize) -> (watch::Sender<bool>, JoinHandle<()>) {
    let (stop, stopped) = watch::channel(false);
    let inner = Arc::new(Inner { hosts: Hosts::default() });
    (stop, tokio::spawn(accept(listener, inner, Audience::World, stopped, most)))
}

/// All the room there is would be theirs.
#[tokio::test]
async fn who_only_waits_keeps_nobody_out() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, accepting) = accepting(listener, 8);
    let mut hostile = Vec::new();
    for begun in BEGUN.repeat(20) {
        hostile.push(connected(address, begun).await);
    }
    is_answered(&mut connected(address, WHOLE).await).await;
    stop.send_replace(true);
    drop(hostile);
    accepting.await.unwrap();
}

/// All of them have come before the listener looks at one, as on a machine with too much to do.
#[tokio::test]
async fn a_request_that_was_not_looked_at_yet_gives_up_its_seat_to_nobody() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut honest = connected(address, WHOLE).await;
    let mut hostile = Vec::new();
    for begun in BEGUN.repeat(5) {
        hostile.push(connected(address, begun).await);
    }
    let (stop, accepting) = accepting(listener, 8);
    is_answered(&mut honest).await;
    stop.send_replace(true);
    drop((honest, hostile));
    accepting.await.unwrap();
}
