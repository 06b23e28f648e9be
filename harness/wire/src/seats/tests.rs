use super::*;

const SECOND: Duration = Duration::from_secs(1);
const HERE: &str = "127.0.0.1";

/// Seats with one connection for each address, all since the same time.
fn taken(addresses: &[&str], since: Instant) -> (Seats<usize, usize>, Vec<Arc<Seat>>) {
    let mut seats = Seats::new(addresses.len());
    let all: Vec<_> = addresses.iter().map(|_| Arc::<Seat>::default()).collect();
    all.iter().for_each(|seat| seat.awaits_bytes(since));
    for (key, address) in addresses.iter().enumerate() {
        seats.take(key, all[key].clone(), address.parse().unwrap(), key);
    }
    (seats, all)
}

/// The client has had its answer, and has sent nothing since.
fn waits_again(seat: &Seat, now: Instant) {
    seat.has_served();
    seat.awaits_bytes(now);
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
    waits_again(&all[0], now + 2 * SECOND);
    waits_again(&all[2], now + SECOND);
    all[3].serves();
    // That there is no next request yet says nothing.
    all[3].awaits_bytes(now);
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
    waits_again(&all[1], now);
    assert!(seats.has_room(now));
}

#[test]
fn what_takes_us_time_is_not_the_clients() {
    let now = Instant::now();
    let seat = Seat::default();
    seat.awaits_bytes(now);
    seat.stirs(now + SECOND);
    assert_eq!(seat.waited(now + 9 * SECOND), None, "what has come was not looked at yet");
    seat.moved(1, now + 9 * SECOND);
    seat.awaits_bytes(now + 20 * SECOND);
    let waited = seat.waited(now + 21 * SECOND).unwrap();
    assert!((SECOND..=2 * SECOND).contains(&waited), "{waited:?}");
    // An answer that it does not take.
    seat.serves();
    seat.awaits_reader(now + 30 * SECOND);
    assert!(seat.waited(now + 31 * SECOND).is_some());
}

#[test]
fn a_byte_now_and_then_is_no_progress() {
    let now = Instant::now();
    let (mut seats, all) = taken(&[HERE; 3], now);
    for second in 1..=100 {
        let at = now + second * SECOND;
        for (seat, bytes) in all.iter().zip([1, usize::try_from(PACE).unwrap(), usize::MAX]) {
            seat.moved(bytes, at);
            seat.awaits_bytes(at);
        }
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
        all[expected].stirs(now);
        all[expected].awaits_bytes(now);
        if expected == 1 {
            waits_again(&all[2], now + 2 * SECOND);
        }
        assert_eq!(seats.give_up(now + 9 * SECOND), Some(expected), "{addresses:?}");
    }
}
