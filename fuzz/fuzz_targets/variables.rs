#![no_main]

#[path = "../../harness/policy/tests/fuzzed/ask.rs"]
mod ask;
#[path = "../../harness/policy/tests/fuzzed/variables.rs"]
mod variables;

libfuzzer_sys::fuzz_target!(|input: &[u8]| variables::check(input));
