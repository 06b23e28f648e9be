#![no_main]

#[allow(dead_code)]
#[path = "../../harness/wire/tests/fuzzed/call.rs"]
mod call;
#[allow(dead_code)]
#[path = "../../harness/wire/tests/served/client.rs"]
mod client;
#[allow(dead_code)]
#[path = "../../harness/wire/tests/fuzzed/stage.rs"]
mod stage;
#[path = "../../harness/wire/tests/fuzzed/xml.rs"]
mod xml;

libfuzzer_sys::fuzz_target!(|input: &[u8]| xml::check(input));
