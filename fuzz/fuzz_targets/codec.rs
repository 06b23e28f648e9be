#![no_main]

#[allow(dead_code)]
#[path = "../../harness/protocol/tests/fuzzed/codec.rs"]
mod codec;

libfuzzer_sys::fuzz_target!(|input: &[u8]| codec::check(input));
