#![no_main]

#[path = "../../harness/simulate/tests/fuzzed/lines.rs"]
mod lines;

libfuzzer_sys::fuzz_target!(|input: &[u8]| lines::check(input));
