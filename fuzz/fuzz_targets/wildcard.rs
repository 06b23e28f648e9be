#![no_main]

#[path = "../../harness/policy/tests/fuzzed/ask.rs"]
mod ask;
#[path = "../../harness/policy/tests/fuzzed/wildcard.rs"]
mod wildcard;

libfuzzer_sys::fuzz_target!(|input: &[u8]| wildcard::check(input));
