//! Condition operators.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html

use std::cmp::Ordering;
use std::fmt;
use std::sync::LazyLock;

use crate::undocumented::Notes;
use crate::value::{self, Decimal, Instant, Range};

/// An operator as a policy writes it: `ForAllValues:StringNotLikeIfExists`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator {
    /// `ForAllValues` or `ForAnyValue`.
    pub set: Option<Set>,
    /// What is between prefix and suffix.
    pub base: &'static Base,
    /// Whether it ends in `IfExists`.
    pub if_exists: bool,
}

/// How the values of the request are counted.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// `ForAllValues`
    All,
    /// `ForAnyValue`
    Any,
}

/// An operator without prefix and suffix.
#[derive(Debug, PartialEq, Eq)]
pub struct Base {
    /// `StringNotLike`
    pub name: &'static str,
    /// What it does to two values.
    pub test: Test,
    /// Whether it holds where the values do not match.
    pub negated: bool,
}

/// What is done to one value of the request and one of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// Text, letter by letter.
    Equal,
    /// Text, letter case aside.
    EqualIgnoringCase,
    /// Text with wildcards.
    Like,
    /// Numbers.
    Number(Compare),
    /// Points in time.
    Date(Compare),
    /// `true` or `false`.
    Bool,
    /// Bytes in base64.
    Binary,
    /// An address in a range.
    Address,
    /// ARNs, part by part.
    Arn,
    /// Whether the key is missing.
    Null,
}

/// Which order of the request's value to the policy's is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// The same.
    Equal,
    /// Less.
    Less,
    /// Less, or the same.
    LessOrEqual,
    /// More.
    Greater,
    /// More, or the same.
    GreaterOrEqual,
}

impl Compare {
    pub(crate) const fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

const fn plain(name: &'static str, test: Test) -> Base {
    Base { name, test, negated: false }
}

const fn negated(name: &'static str, test: Test) -> Base {
    Base { name, test, negated: true }
}

/// All of them.
pub(crate) static BASES: &[Base] = &[
    plain("StringEquals", Test::Equal),
    negated("StringNotEquals", Test::Equal),
    plain("StringEqualsIgnoreCase", Test::EqualIgnoringCase),
    negated("StringNotEqualsIgnoreCase", Test::EqualIgnoringCase),
    plain("StringLike", Test::Like),
    negated("StringNotLike", Test::Like),
    plain("NumericEquals", Test::Number(Compare::Equal)),
    negated("NumericNotEquals", Test::Number(Compare::Equal)),
    plain("NumericLessThan", Test::Number(Compare::Less)),
    plain("NumericLessThanEquals", Test::Number(Compare::LessOrEqual)),
    plain("NumericGreaterThan", Test::Number(Compare::Greater)),
    plain("NumericGreaterThanEquals", Test::Number(Compare::GreaterOrEqual)),
    plain("DateEquals", Test::Date(Compare::Equal)),
    negated("DateNotEquals", Test::Date(Compare::Equal)),
    plain("DateLessThan", Test::Date(Compare::Less)),
    plain("DateLessThanEquals", Test::Date(Compare::LessOrEqual)),
    plain("DateGreaterThan", Test::Date(Compare::Greater)),
    plain("DateGreaterThanEquals", Test::Date(Compare::GreaterOrEqual)),
    plain("Bool", Test::Bool),
    plain("BinaryEquals", Test::Binary),
    plain("IpAddress", Test::Address),
    negated("NotIpAddress", Test::Address),
    plain("ArnEquals", Test::Arn),
    plain("ArnLike", Test::Arn),
    negated("ArnNotEquals", Test::Arn),
    negated("ArnNotLike", Test::Arn),
    plain("Null", Test::Null),
];

impl Operator {
    /// Reads a name, letter case aside. `IfExists` and the set prefixes go with every operator but `Null`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (set, rest) = match text.split_once(':') {
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case("ForAllValues") => (Some(Set::All), rest),
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case("ForAnyValue") => (Some(Set::Any), rest),
            Some(_) => return None,
            None => (None, text),
        };
        let (name, if_exists) = strip_if_exists(rest);
        let base = BASES.iter().find(|base| base.name.eq_ignore_ascii_case(name))?;
        (base.test != Test::Null || (set.is_none() && !if_exists)).then_some(Self { set, base, if_exists })
    }

    /// Whether a value that a policy gives is one that it can compare: a number, a date, an address range …
    #[must_use]
    pub fn reads(&self, text: &str) -> bool {
        match self.base.test {
            Test::Number(_) => Decimal::parse(text).is_some(),
            Test::Date(_) => Instant::parse(text).is_some(),
            Test::Bool | Test::Null => value::truth(text, Notes::default(), &mut Notes::default()).is_some(),
            Test::Binary => value::bytes(text).is_some(),
            Test::Address => Range::parse(text).is_some(),
            Test::Equal | Test::EqualIgnoringCase | Test::Like | Test::Arn => true,
        }
    }
}

/// Every name there is, for suggestions.
pub(crate) fn names() -> &'static [String] {
    static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
        let name = |set: &str, base: &Base, suffix: &str| format!("{set}{}{suffix}", base.name);
        let mut names: Vec<_> = BASES.iter().map(|base| name("", base, "")).collect();
        // Plain names come first: of two that are as near, the first is suggested.
        for base in BASES.iter().filter(|base| base.test != Test::Null) {
            names.push(name("", base, "IfExists"));
            for set in ["ForAllValues:", "ForAnyValue:"] {
                names.extend(["", "IfExists"].map(|suffix| name(set, base, suffix)));
            }
        }
        names
    });
    &NAMES
}

fn strip_if_exists(text: &str) -> (&str, bool) {
    let at = text.len().saturating_sub("IfExists".len());
    match text.split_at_checked(at) {
        Some((name, suffix)) if suffix.eq_ignore_ascii_case("IfExists") => (name, true),
        _ => (text, false),
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.set {
            Some(Set::All) => out.write_str("ForAllValues:")?,
            Some(Set::Any) => out.write_str("ForAnyValue:")?,
            None => {}
        }
        out.write_str(self.base.name)?;
        if self.if_exists { out.write_str("IfExists") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back() {
        let names = names();
        // 26 operators with two suffixes and three prefixes, and Null.
        assert_eq!(names.len(), 26 * 6 + 1);
        for name in names {
            for written in [name.clone(), name.to_lowercase(), name.to_uppercase()] {
                assert_eq!(Operator::parse(&written).map(|operator| operator.to_string()), Some(name.clone()));
            }
        }
    }

    #[test]
    fn values_are_read_as_what_is_compared() {
        for (operator, value, other) in [
            ("NumericEquals", "1.5", "one"),
            ("DateLessThan", "2020-01-01", "today"),
            ("Bool", "true", "yes"),
            ("Null", "false", "0"),
            ("BinaryEquals", "QUI=", "QUI"),
            ("IpAddress", "10.0.0.0/8", "ten"),
        ] {
            let operator = Operator::parse(operator).unwrap();
            assert_eq!((operator.reads(value), operator.reads(other)), (true, false), "{operator}");
        }
        assert!(Operator::parse("StringEquals").unwrap().reads("anything"));
    }

    #[test]
    fn other_names_are_not() {
        for name in
            ["StringEqauls", "NullIfExists", "ForAllValues:Null", "ForSomeValues:StringEquals", "IfExists", "", "é"]
        {
            assert_eq!(Operator::parse(name), None, "{name}");
        }
    }
}
