//! Engine and reference agree, on verdicts and on who decided.

#![expect(clippy::disallowed_methods, reason = "how many cases are tried comes from outside")]

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm};
use serde_json::Value;

use crate::tape::cases;
use crate::{engine, generate, reference};

/// As many as `PROPTEST_CASES` says, else enough for everyday.
fn config() -> Config {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(20_000);
    // What fails belongs in the corpus, written out. XorShift: without optimisation, ChaCha would take a third of the time.
    Config { cases, failure_persistence: None, rng_algorithm: RngAlgorithm::XorShift, ..Config::default() }
}

fn agree(case: &Value) -> Result<(), TestCaseError> {
    let (engine, reference) = (engine::answer(case), reference::decide(case));
    prop_assert_eq!(&engine, &reference, "engine and reference on {}", case);
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn on_every_request(case in cases(generate::request)) {
        agree(&case.0)?;
    }

    #[test]
    fn on_every_condition(case in cases(generate::conditional)) {
        agree(&case.0)?;
    }

    #[test]
    fn on_every_pattern(case in cases(generate::pattern)) {
        agree(&case.0)?;
    }
}
