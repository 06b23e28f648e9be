use super::*;

const SECOND: Duration = Duration::from_secs(1);
const FAST: u64 = 10 * seats::PACE;

/// Memory for ten pieces, and so many bodies.
fn room(bodies: usize, now: Instant) -> (State, Vec<u64>) {
    let mut state = State { most: 10 * FAST, used: 0, bodies: BTreeMap::new(), next: 0 };
    let ids = (0..bodies).map(|_| state.enter(now)).collect();
    (state, ids)
}

fn waits(answer: &Answer) -> bool {
    matches!(answer, Answer::Wait(_))
}

/// However much they have announced.
#[test]
fn what_fits_does_not_wait_for_what_stalls() {
    let now = Instant::now();
    let (mut state, ids) = room(1000, now);
    for id in &ids[..999] {
        assert_eq!(state.take(*id, 1, now), Answer::Taken);
    }
    assert_eq!(state.take(ids[999], 9 * FAST, now + 60 * SECOND), Answer::Taken);
}

#[test]
fn all_come_to_their_end_in_turn() {
    let now = Instant::now();
    let (mut state, ids) = room(5, now);
    let mut done = Vec::new();
    let mut left = [6; 5];
    // Each needs six pieces, and there are ten at a time: nobody is turned out, since all of them send.
    for round in 0..100 {
        let at = now + round * SECOND / 10;
        for (index, id) in ids.iter().enumerate().filter(|(index, _)| left[*index] > 0).collect::<Vec<_>>() {
            match state.take(*id, FAST, at) {
                Answer::Taken => left[index] -= 1,
                Answer::Wait(_) => {}
                Answer::TurnedOut => panic!("{id} was turned out"),
            }
            if left[index] == 0 {
                state.leave(*id);
                done.push(*id);
            }
            assert!(state.used <= 16 * FAST, "no more than the oldest goes beyond it");
        }
    }
    assert_eq!((done.len(), state.used), (5, 0));
}

#[test]
fn who_stalls_is_turned_out_when_others_need_the_room() {
    let now = Instant::now();
    let (mut state, ids) = room(3, now);
    assert_eq!(state.take(ids[0], 5 * FAST, now), Answer::Taken);
    assert_eq!(state.take(ids[1], 5 * FAST, now), Answer::Taken);
    assert_eq!(state.take(ids[2], FAST, now), Answer::Wait(now + GRACE));
    assert!(waits(&state.take(ids[2], FAST, now + GRACE / 2)));
    // The two have sent nothing since. The third is the oldest now, and goes on before they are gone.
    assert!(waits(&state.take(ids[2], FAST, now + GRACE)));
    assert_eq!(state.take(ids[2], FAST, now + GRACE), Answer::Taken);
    assert_eq!(state.take(ids[0], FAST, now + GRACE), Answer::TurnedOut);
    ids.iter().for_each(|id| state.leave(*id));
    assert_eq!(state.used, 0);
}

#[test]
fn a_byte_now_and_then_is_stalling_too() {
    let now = Instant::now();
    let (mut state, ids) = room(3, now);
    assert_eq!(state.take(ids[0], 10 * FAST, now), Answer::Taken);
    for second in 1..=10 {
        assert_eq!(state.take(ids[0], 1, now + second * SECOND), Answer::Taken, "it is the oldest");
    }
    assert!(waits(&state.take(ids[2], FAST, now + 10 * SECOND)));
    assert_eq!(state.take(ids[0], 1, now + 10 * SECOND), Answer::TurnedOut);
}

/// The one who waits for the others is not the one who stalls.
#[test]
fn to_wait_is_not_to_stall() {
    let now = Instant::now();
    let (mut state, ids) = room(3, now);
    assert_eq!(state.take(ids[0], 9 * FAST, now), Answer::Taken);
    assert_eq!(state.take(ids[1], FAST, now), Answer::Taken);
    for step in 1..=10 {
        let at = now + step * SECOND / 2;
        assert!(waits(&state.take(ids[1], FAST, at)));
        assert_eq!(state.take(ids[0], 10 * FAST, at), Answer::Taken);
    }
    state.leave(ids[0]);
    assert_eq!(state.take(ids[1], FAST, now + 11 * SECOND), Answer::Taken);
    assert_eq!(state.take(ids[2], 10 * FAST, now + 11 * SECOND), Answer::Wait(now + 12 * SECOND));
}

#[tokio::test]
async fn room_is_given_back() {
    let room = Room::new(10);
    let (first, second) = (room.enter(), room.enter());
    first.take(10).await.unwrap();
    let waiting = async {
        second.take(10).await.unwrap();
        assert_eq!(room.state().used, 10);
    };
    let ending = async { drop(first) };
    tokio::join!(waiting, ending);
    drop(second);
    let state = room.state();
    assert_eq!((state.used, state.bodies.len()), (0, 0));
}
