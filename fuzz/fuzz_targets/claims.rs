#![no_main]

#[path = "../../harness/simulate/tests/fuzzed/claims.rs"]
mod claims;

libfuzzer_sys::fuzz_target!(|input: &[u8]| claims::check(input));
