use super::*;

const SECOND: Duration = Duration::from_secs(1);
const HERE: &str = "127.0.0.1";

/// Seats with one connection for each address, all since the same time.
fn taken(addresses: &[&str], since: Instant) -> (Seats<usize, usize>, Vec<Arc<Seat>>) {
    let mut seats = Seats::new(addresses.len());
    let all: Vec<_> = addresses.iter().map(|_| Arc::new(Seat::new(since))).collect();
    for (key, address) in addresses.iter().enumerate() {
        seats.take(key, all[key].clone(), address.parse().unwrap(), key);
    }
    (seats, all)
}

#[test]
fn nobody_goes_while_there_is_room() {
    let now = Instant::now();
    let (mut seats, _) = taken(&[HERE; 3], now);
    seats.most = 4;
    assert!(seats.has_room(now));
    assert_eq!(seats.make_room(now + SECOND), None);
}

#[test]
fn whose_client_has_been_waited_for_longest_goes() {
    let now = Instant::now();
    let (mut seats, all) = taken(&[HERE; 4], now);
    all[0].has_served(now + 2 * SECOND);
    all[2].has_served(now + SECOND);
    all[3].serves();
    assert_eq!(seats.make_room(now + 5 * SECOND), Some(1));
    assert_eq!(seats.give_up(now + 5 * SECOND), Some(2));
    assert_eq!(seats.give_up(now + 5 * SECOND), Some(0));
    // A request that is being served is never broken off for another one.
    assert_eq!(seats.give_up(now + 500 * SECOND), None);
    assert_eq!(seats.leave(3), Some(3));
    assert!(seats.of_address.is_empty());
}

#[test]
fn without_anybody_to_go_others_wait() {
    let now = Instant::now();
    let (seats, all) = taken(&[HERE; 2], now);
    all.iter().for_each(|seat| seat.serves());
    assert!(!seats.has_room(now));
    all[1].has_served(now);
    assert!(seats.has_room(now));
}

#[test]
fn a_byte_now_and_then_is_no_progress() {
    let now = Instant::now();
    let (mut seats, all) = taken(&[HERE; 3], now);
    for second in 1..=100 {
        let at = now + second * SECOND;
        all[0].moved(1, at);
        all[1].moved(usize::try_from(PACE).unwrap(), at);
        all[2].moved(usize::MAX, at);
    }
    let at = now + 101 * SECOND;
    assert_eq!(all[1].waited(at), Some(SECOND));
    assert_eq!(all[2].waited(at), Some(SECOND), "what came fast gives no credit for later");
    assert_eq!(seats.give_up(at), Some(0));
}

#[test]
fn the_address_with_most_seats_gives_one_up() {
    let now = Instant::now();
    for (addresses, expected) in [
        (["10.0.0.1", "10.0.0.2", "10.0.0.2"], 1),
        (["10.0.0.1", "127.0.0.1", "127.9.9.9"], 1),
        (["10.0.0.1", "127.0.0.1", "::1"], 1),
        (["10.0.0.1", "2001:db8::1", "2001:db8::2:1"], 1),
        (["2001:db8:0:1::1", "2001:db8:0:2::1", "2001:db8:0:2::2"], 1),
        (["10.0.0.1", "::ffff:10.0.0.1", "10.0.0.2"], 0),
    ] {
        let (mut seats, all) = taken(&addresses, now + SECOND);
        // The only one of its address has been waited for longest of all, or as long as any.
        all[expected].moved(0, now);
        if expected == 1 {
            all[2].has_served(now + 2 * SECOND);
        }
        assert_eq!(seats.give_up(now + 9 * SECOND), Some(expected), "{addresses:?}");
    }
}
