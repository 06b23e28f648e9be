//! Bodies in the framing `aws-chunked`, with chunks that are signed, with signed trailers, and with neither.

use std::cell::RefCell;

use crate::part::{Part, Signed};

thread_local! {
    static SIGNED: RefCell<Signed> = RefCell::new(Signed::new(Part::Body));
}

pub fn check(input: &[u8]) {
    let _is_decided = SIGNED.with_borrow_mut(|signed| signed.check(input));
    assert_eq!(wire::memory_of_bodies(), 0, "held after {}", input.escape_ascii());
}
