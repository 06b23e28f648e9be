//! The headers of requests that were signed, each with its end of line.

use std::cell::RefCell;

use crate::part::{Part, Signed};

thread_local! {
    static SIGNED: RefCell<Signed> = RefCell::new(Signed::new(Part::Headers));
}

pub fn check(input: &[u8]) {
    let _is_decided = SIGNED.with_borrow_mut(|signed| signed.check(input));
}
