#![no_main]

#[path = "../../harness/wire/tests/fuzzed/chunked.rs"]
mod chunked;
#[allow(dead_code)]
#[path = "../../harness/wire/tests/served/client.rs"]
mod client;
#[allow(dead_code)]
#[path = "../../harness/wire/tests/fuzzed/part.rs"]
mod part;
#[allow(dead_code)]
#[path = "../../harness/wire/tests/served/signed.rs"]
mod signed;
#[allow(dead_code)]
#[path = "../../harness/wire/tests/fuzzed/stage.rs"]
mod stage;

libfuzzer_sys::fuzz_target!(|input: &[u8]| chunked::check(input));
