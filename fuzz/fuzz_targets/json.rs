#![no_main]

#[allow(dead_code)]
#[path = "../../harness/wire/tests/fuzzed/call.rs"]
mod call;
#[allow(dead_code)]
#[path = "../../harness/wire/tests/served/client.rs"]
mod client;
#[path = "../../harness/wire/tests/fuzzed/json.rs"]
mod json;
#[allow(dead_code)]
#[path = "../../harness/wire/tests/fuzzed/stage.rs"]
mod stage;

libfuzzer_sys::fuzz_target!(|input: &[u8]| json::check(input));
