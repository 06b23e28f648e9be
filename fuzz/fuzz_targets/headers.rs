#![no_main]

#[allow(dead_code)]
#[path = "../../harness/wire/tests/served/client.rs"]
mod client;
#[path = "../../harness/wire/tests/fuzzed/headers.rs"]
mod headers;
#[allow(dead_code)]
#[path = "../../harness/wire/tests/fuzzed/part.rs"]
mod part;
#[allow(dead_code)]
#[path = "../../harness/wire/tests/served/signed.rs"]
mod signed;
#[allow(dead_code)]
#[path = "../../harness/wire/tests/fuzzed/stage.rs"]
mod stage;

libfuzzer_sys::fuzz_target!(|input: &[u8]| headers::check(input));
