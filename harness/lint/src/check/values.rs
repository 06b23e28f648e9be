//! Values that a condition key never has, or that say less than they seem to.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html

use std::net::IpAddr;

use policy::address::is_private;
use policy::operator::{Compare, Test};
use policy::plain;
use source::Node;

use super::arns::is_region;
use crate::code::{self, Code};
use crate::edits;
use crate::glob::UNKNOWN;
use crate::sink::Sink;
use crate::written::{Condition, Statement, Text};

pub(super) fn check(statement: &Statement<'_>, sink: &mut Sink) {
    types(statement, sink);
    for condition in &statement.conditions {
        let head = condition.head();
        match condition.operator.base.test {
            Test::Address => addresses(condition, &head, sink),
            Test::Date(_) => dates(condition, sink),
            Test::Number(how) => bounds(statement, condition, how, sink),
            Test::Equal | Test::EqualIgnoringCase => texts(condition, &head, sink),
            Test::Like => stars(condition, sink),
            _ => {}
        }
    }
}

/// "Use condition values of the same JSON data type."
fn types(statement: &Statement<'_>, sink: &mut Sink) {
    let operators = statement.condition.map(Node::entries).unwrap_or_default();
    for key in operators.iter().flat_map(|operator| operator.value.entries()) {
        let items = key.value.items();
        let is_known = |node: &&Node| node.text().is_some_and(|text| !text.contains(UNKNOWN));
        let mut kinds: Vec<_> = items.iter().filter(is_known).map(Node::kind).collect();
        kinds.dedup();
        if let [first, second, ..] = kinds[..] {
            let message = format!("the values of `{}` are {first} and {second}", plain(&key.key));
            sink.add(&code::INVALID_CONDITION_DATA_TYPE, key.value.span, message).help("put all of them in quotes");
        }
    }
}

/// "aws:SourceIp works only for public IP address ranges."
fn addresses(condition: &Condition<'_>, head: &str, sink: &mut Sink) {
    condition.values.iter().for_each(|value| mask(value, sink));
    let (private, public): (Vec<&Text<'_>>, Vec<&Text<'_>>) =
        condition.values.iter().partition(|value| is_private(value.text));
    if head != "aws:sourceip" || private.is_empty() || condition.values.iter().any(Text::is_unknown) {
        return;
    }
    let code: &Code = match (condition.operator.base.negated, public.is_empty()) {
        (false, true) => &code::PRIVATE_IP_ADDRESS,
        (true, true) => &code::PRIVATE_NOT_IP_ADDRESS,
        (false, false) => &code::PRIVATE_IP_ADDRESS_SUBSET,
        (true, false) => &code::PRIVATE_NOT_IP_ADDRESS_SUBSET,
    };
    for value in private {
        let message = format!("`{}` is private, and `aws:SourceIp` never is", plain(value.text));
        let help = "compare private addresses with `aws:VpcSourceIp`, beside a condition on `aws:SourceVpc`";
        sink.add(code, value.span, message).help(help);
    }
}

/// "The non-zero bits in the IP address after the masked bits are ignored."
fn mask(value: &Text<'_>, sink: &mut Sink) {
    let Some((address, bits)) = value.text.split_once('/') else { return };
    let (Ok(address), Ok(bits)) = (address.parse::<IpAddr>(), bits.parse::<u32>()) else { return };
    let masked: IpAddr = match address {
        IpAddr::V4(address) if bits <= 32 => {
            let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
            std::net::Ipv4Addr::from(u32::from(address) & mask).into()
        }
        IpAddr::V6(address) if bits <= 128 => {
            let mask = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
            std::net::Ipv6Addr::from(u128::from(address) & mask).into()
        }
        _ => return,
    };
    if masked != address {
        let new = format!("{masked}/{bits}");
        let message = format!("of `{}` only the first {bits} bits count", plain(value.text));
        let help = format!("write `{new}`");
        sink.add(&code::IMPROVE_IP_RANGE, value.span, message).help(help).edit(edits::rewrite(value, new));
    }
}

/// "Epoch time might not resolve to the precise time that you expect."
fn dates(condition: &Condition<'_>, sink: &mut Sink) {
    let is_epoch = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) && text.len() != 4;
    for value in condition.values.iter().filter(|value| is_epoch(value.text)) {
        let message = format!("`{}` is a date in seconds since 1970", plain(value.text));
        sink.add(&code::INVALID_DATE_VALUE, value.span, message).help("write it as in `2026-01-31T12:00:00Z`");
    }
}

/// Of several bounds the widest decides.
fn bounds(statement: &Statement<'_>, condition: &Condition<'_>, how: Compare, sink: &mut Sink) {
    let numbers: Option<Vec<f64>> = condition.values.iter().map(|value| value.text.parse().ok()).collect();
    let Some(numbers) = numbers.filter(|numbers| numbers.len() > 1) else { return };
    let widest = match how {
        Compare::Less | Compare::LessOrEqual => numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        Compare::Greater | Compare::GreaterOrEqual => numbers.iter().copied().fold(f64::INFINITY, f64::min),
        Compare::Equal => return,
    };
    let Some(kept) = numbers.iter().position(|number| number.total_cmp(&widest).is_eq()) else { return };
    let others = || condition.values.iter().enumerate().filter(|(at, _)| *at != kept).map(|(_, value)| value);
    let lists = statement.condition.map(Node::entries).unwrap_or_default().iter();
    let mut lists = lists.flat_map(|operator| operator.value.entries());
    let list = lists.find(|entry| entry.value.span == condition.values_span).map(|entry| &entry.value);
    let edit = edits::removals(list, &others().map(|value| value.span).collect::<Vec<_>>());
    for value in others() {
        let (kept, value_text) = (plain(condition.values[kept].text), plain(value.text));
        let message = format!("{} `{kept}` decides, so `{value_text}` changes nothing", condition.operator);
        sink.add(&code::REDUNDANT_CONDITION_VALUE_NUM, value.span, message).help("leave it out").edit(edit(value.span));
    }
}

fn texts(condition: &Condition<'_>, head: &str, sink: &mut Sink) {
    type Form = (&'static Code, fn(&str) -> bool, &'static str, &'static str);
    let (code, fits, what, help): Form = match head {
        "aws:sourcevpc" => {
            (&code::INVALID_VPC_FORMAT, |text| is_id(text, "vpc-"), "the id of a VPC", "write it as in `vpc-0a1b2c3d`")
        }
        "aws:sourcevpce" => (
            &code::INVALID_VPCE_FORMAT,
            |text| is_id(text, "vpce-"),
            "the id of a VPC endpoint",
            "write it as in `vpce-0a1b2c3d`",
        ),
        "aws:requestedregion" => (&code::INVALID_REGION, is_region, "a region", "write it as in `eu-west-1`"),
        _ => return,
    };
    // "aws-global" stands for the services without a region in some of AWS's own policies.
    let is_odd = |value: &&Text<'_>| !fits(value.text) && !value.text.contains(['$', '*', '?', UNKNOWN]);
    for value in condition.values.iter().filter(is_odd).filter(|value| value.text != "aws-global") {
        sink.add(code, value.span, format!("`{}` is not {what}", plain(value.text))).help(help);
    }
}

/// "Use the prefix 'vpc-' followed by 8 or 17 alphanumeric characters."
fn is_id(text: &str, prefix: &str) -> bool {
    let id = text.strip_prefix(prefix).unwrap_or_default();
    matches!(id.len(), 8 | 17) && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A pattern of `*` compares nothing: what is left is whether the key is there.
fn stars(condition: &Condition<'_>, sink: &mut Sink) {
    use policy::operator::Set;
    let Some(value) = condition.values.iter().find(|value| value.text == "*") else { return };
    let operator = condition.operator;
    let (code, means): (&Code, _) = match (operator.base.negated, operator.set, operator.if_exists) {
        (false, None | Some(Set::Any), false) => (&code::EQUIVALENT_TO_NULL_FALSE, "only asks that the key be there"),
        (false, _, _) => (&code::REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION, "always holds"),
        (true, Some(Set::Any), false) => {
            (&code::REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION, "never holds, and neither does the statement")
        }
        (true, _, _) => (&code::EQUIVALENT_TO_NULL_TRUE, "only asks that the key be missing"),
    };
    let name = plain(condition.name);
    let help = match code.name {
        "EQUIVALENT_TO_NULL_FALSE" => format!("write `\"Null\": {{\"{name}\": \"false\"}}`"),
        "EQUIVALENT_TO_NULL_TRUE" => format!("write `\"Null\": {{\"{name}\": \"true\"}}`"),
        "REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION" => "leave it out".to_owned(),
        _ => "leave the statement out, or give the key another value".to_owned(),
    };
    sink.add(code, value.span, format!("{operator} on `{name}` with `*` {means}")).help(help);
}
