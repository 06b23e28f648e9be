//! Where engine and iam-rs 0.8 differ, and what settles it.

use super::{Probe, Theirs};

pub struct Difference {
    /// What the other crate does.
    pub what: &'static str,
    /// The page, or the id of the undocumented row, that says otherwise.
    pub see: &'static str,
    pub explains: fn(&Probe, bool, Theirs) -> bool,
}

const OPERATORS: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html";
const SETS: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html";
const EVENTBRIDGE: &str = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html";
const VARIABLES: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html";
const OTHER_TYPE: &str = "value-of-another-type";

pub const DIFFERENCES: &[Difference] = &[
    Difference {
        what: "it has no set operators for numbers, dates, bytes and addresses, and none with IfExists",
        see: SETS,
        explains: |probe, _, theirs| probe.has_set() && theirs == Theirs::Unknown,
    },
    Difference {
        what: "a plain operator on many values holds if one of them matches",
        see: EVENTBRIDGE,
        explains: |probe, ours, _| !probe.has_set() && probe.list().is_some_and(|values| values.len() != 1) && !ours,
    },
    Difference {
        what: "a plain operator that is none of the String ones does not compare a list of one value",
        see: EVENTBRIDGE,
        explains: |probe, _, _| {
            let is_one = probe.list().is_some_and(|values| values.len() == 1);
            !probe.has_set() && !probe.base().starts_with("String") && is_one
        },
    },
    Difference {
        what: "variables in conditions are not replaced",
        see: VARIABLES,
        explains: |probe, _, _| probe.wanted.iter().any(|wanted| wanted.contains("${")),
    },
    Difference {
        what: "a set of empty text is a set with a value",
        see: SETS,
        explains: |probe, ours, _| {
            probe.has_set()
                && probe.values().iter().all(|value| value.is_empty())
                && ours == probe.operator.starts_with("ForAll")
        },
    },
    Difference {
        what: "IfExists without values fails on a missing key",
        see: OPERATORS,
        explains: |probe, ours, _| {
            probe.wanted.is_empty() && probe.operator.ends_with("IfExists") && probe.found.is_none() && ours
        },
    },
    Difference {
        what: "letter case is ignored for ASCII only",
        see: OPERATORS,
        explains: |probe, _, _| probe.base().ends_with("IgnoreCase") && probe.values().contains(&"ÄÖ"),
    },
    Difference {
        what: "numbers are 64-bit floating point, which cannot tell these two apart",
        see: OPERATORS,
        explains: |probe, _, _| {
            probe.base().starts_with("Numeric")
                && probe.values().contains(&"9007199254740993")
                && probe.wanted.contains(&"9007199254740992")
        },
    },
    Difference {
        what: "numbers may have exponents",
        see: OTHER_TYPE,
        explains: |probe, ours, _| probe.base().starts_with("Numeric") && probe.wanted.contains(&"1e1") && !ours,
    },
    Difference {
        what: "of the ISO dates only those with seconds are read",
        see: OPERATORS,
        explains: |probe, _, _| {
            let short = ["2020-01-01", "2020-01-01T00:00Z"];
            probe.base().starts_with("Date")
                && probe.wanted.iter().chain(&probe.values()).any(|value| short.contains(value))
        },
    },
    Difference {
        what: "bytes are compared without letter case, though letters in base64 differ by it, and padding is optional",
        see: OPERATORS,
        explains: |probe, ours, _| probe.base() == "BinaryEquals" && !ours,
    },
    Difference {
        what: "Booleans are read in lower case only",
        see: OPERATORS,
        explains: |probe, _, _| {
            probe.base() == "Bool"
                && probe.wanted.iter().chain(&probe.values()).any(|value| ["TRUE", "True"].contains(value))
        },
    },
    Difference {
        what: "set operators on Booleans want lists of typed ones",
        see: SETS,
        explains: |probe, _, _| probe.base() == "Bool" && probe.has_set(),
    },
    Difference {
        what: "a policy's value of another type is an error",
        see: OTHER_TYPE,
        explains: |_, ours, theirs| theirs == Theirs::Error && !ours,
    },
    Difference {
        what: "it looks at the policy's values also if the key is missing",
        see: OPERATORS,
        explains: |probe, _, theirs| theirs == Theirs::Error && probe.found.is_none(),
    },
    Difference {
        what: "what cannot be compared differs",
        see: OTHER_TYPE,
        explains: |probe, ours, _| {
            let odd = ["five", "now", "host", "", "a"];
            probe.base().contains("Not") && probe.values().iter().any(|value| odd.contains(value)) && !ours
        },
    },
    Difference {
        what: "a range counts as an address",
        see: OTHER_TYPE,
        explains: |probe, ours, _| {
            probe.base().ends_with("IpAddress") && probe.values().contains(&"203.0.113.0/25") && !ours
        },
    },
    Difference {
        what: "ArnEquals takes no wildcards",
        see: OPERATORS,
        explains: |probe, _, _| {
            ["ArnEquals", "ArnNotEquals"].contains(&probe.base()) && probe.wanted.iter().any(|one| one.contains('*'))
        },
    },
    Difference {
        what: "a wildcard under ArnLike crosses colons",
        see: OPERATORS,
        explains: |probe, _, _| {
            ["ArnLike", "ArnNotLike"].contains(&probe.base()) && probe.wanted.contains(&"arn:aws:sns:*:1:a")
        },
    },
    Difference {
        what: "less than six parts may stand for an ARN",
        see: OTHER_TYPE,
        explains: |probe, ours, _| probe.base().starts_with("Arn") && probe.wanted.contains(&"arn:aws:*") && !ours,
    },
    Difference {
        what: "a set without values is not null",
        see: "null-and-empty-set",
        explains: |probe, _, _| probe.base() == "Null" && probe.found.as_ref().is_some_and(|found| found.is_array()),
    },
];
