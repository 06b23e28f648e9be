//! The first line of requests that were signed: method, path, query string with what is signed there.

use std::cell::RefCell;

use crate::part::{Part, Signed};

thread_local! {
    static SIGNED: RefCell<Signed> = RefCell::new(Signed::new(Part::RequestLine));
}

pub fn check(input: &[u8]) {
    let _is_decided = SIGNED.with_borrow_mut(|signed| signed.check(input));
}
