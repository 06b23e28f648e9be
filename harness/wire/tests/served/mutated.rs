//! Signed requests with some of their bytes changed: what is decided in the signer's name is what was signed.
//!
//! A test run tries few of them. As many as you like, in an order of your own:
//!
//! ```text
//! PROPTEST_CASES=100000 PROPTEST_RNG_SEED=7 cargo test --release -p tagproof-wire --test served mutated::
//! ```

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use policy::Principal;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::{World, ask, root, world};
use crate::signed::{CHUNK, requests};

/// What means something to those who read requests.
const TELLING: &[u8] = b"/?&=%;:,.+-_ \t\r\n\0<>\"'{}[]*#@0aZ\xff";

/// What was decided in somebody's name: who, which action, on what.
type Decided = BTreeSet<(String, String, String)>;

/// Numbers that look like chance, and are the same in each run (Knuth's MMIX).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }
}

/// A number that the environment may give.
fn given(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Where it is worth changing something: of a long payload one byte is like the other.
fn places(bytes: &[u8]) -> Vec<usize> {
    let is_payload = |at: usize| bytes[at.saturating_sub(8)..].starts_with(&CHUNK[..16]);
    (0..bytes.len()).filter(|at| !is_payload(*at)).collect()
}

fn changed(request: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = request.to_vec();
    for _ in 0..=numbers.below(3) {
        let places = places(&bytes);
        let (at, other) = (places[numbers.below(places.len())], places[numbers.below(places.len())]);
        let telling = TELLING[numbers.below(TELLING.len())];
        match numbers.below(7) {
            0 => bytes[at] ^= 1 << numbers.below(8),
            1 => bytes[at] = telling,
            2 => bytes.insert(at, telling),
            3 => drop(bytes.remove(at)),
            4 => bytes.swap(at, other),
            5 => {
                let piece = bytes[other..(other + 1 + numbers.below(24)).min(bytes.len())].to_vec();
                bytes.splice(at..at, piece);
            }
            // A line twice, or once elsewhere.
            _ => {
                let start = bytes[..other].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
                let end =
                    bytes[other..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| other + at + 1);
                let line = bytes[start..end].to_vec();
                let before = bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
                bytes.splice(before..before, line);
            }
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

/// Sends it, waits for the end of the answer, and tells what was decided.
async fn sent(world: &World, decided: &Mutex<Decided>, bytes: &[u8]) -> Decided {
    let mut stream = TcpStream::connect(world.address()).await.unwrap();
    // The listener may have closed it already.
    let _closed = stream.write_all(bytes).await;
    let _closed = stream.shutdown().await;
    let _closed = stream.read_to_end(&mut Vec::new()).await;
    std::mem::take(&mut *decided.lock().unwrap())
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|piece| piece == part)
}

#[tokio::test]
async fn nothing_is_decided_but_what_was_signed() {
    let world = world().await;
    assert_eq!(world.s3(&root(), ask("PUT", "/bucket")).await.status, 200);
    assert_eq!(world.s3(&root(), ask("PUT", "/bucket/k").body(b"content")).await.status, 200);
    let decided = Arc::<Mutex<Decided>>::default();
    let all = decided.clone();
    world.hosted.listen(Box::new(move |one| {
        let asked = &one.request;
        // A request that has lost its signature is nobody's.
        if asked.principal != Principal::Anonymous {
            let who = format!("{:?}", asked.principal);
            all.lock().unwrap().insert((who, asked.action.clone(), asked.resource.clone()));
        }
    }));
    let object = [&CHUNK[..], b"hello"].concat();
    let mut numbers = Numbers(given("PROPTEST_RNG_SEED", 14));
    let mut still_decided = 0;
    for index in 0..requests(&world.address()).len() {
        let (mut request, mut signed) = (Vec::new(), Decided::new());
        for case in 0..given("PROPTEST_CASES", 150) {
            // Signatures grow old.
            if case % 1000 == 0 {
                request = requests(&world.address()).swap_remove(index);
                signed = sent(&world, &decided, &request).await;
                assert!(!signed.is_empty(), "{}", request.escape_ascii());
            }
            let bytes = changed(&request, &mut numbers);
            let found = sent(&world, &decided, &bytes).await;
            still_decided += usize::from(!found.is_empty());
            let other: Vec<_> = found.difference(&signed).collect();
            assert!(
                other.is_empty(),
                "{other:?} on\n{}\nand signed was\n{}",
                bytes.escape_ascii(),
                request.escape_ascii()
            );
            // Of what is sent in signed chunks every byte is signed.
            if !found.is_empty() && contains(&request, b";chunk-signature=") {
                let stored = world.s3(&root(), ask("GET", "/bucket/stream")).await;
                assert_eq!(stored.status, 200, "{}", stored.text());
                assert!(stored.body == object, "another object by\n{}", bytes.escape_ascii());
                decided.lock().unwrap().clear();
            }
        }
    }
    // Some changes are of what no signature covers.
    assert!(still_decided > 0);
    assert_eq!(world.plain(ask("GET", "/_tagproof/health")).await.status, 200);
}
