#![no_main]

#[allow(dead_code)]
#[path = "../../harness/policy/tests/fuzzed/ask.rs"]
mod ask;
#[path = "../../harness/policy/tests/fuzzed/document.rs"]
mod document;

libfuzzer_sys::fuzz_target!(|input: &[u8]| document::check(input));
