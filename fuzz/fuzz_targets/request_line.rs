#![no_main]

#[allow(dead_code)]
#[path = "../../harness/wire/tests/served/client.rs"]
mod client;
#[allow(dead_code)]
#[path = "../../harness/wire/tests/fuzzed/part.rs"]
mod part;
#[path = "../../harness/wire/tests/fuzzed/request_line.rs"]
mod request_line;
#[allow(dead_code)]
#[path = "../../harness/wire/tests/served/signed.rs"]
mod signed;
#[allow(dead_code)]
#[path = "../../harness/wire/tests/fuzzed/stage.rs"]
mod stage;

libfuzzer_sys::fuzz_target!(|input: &[u8]| request_line::check(input));
