//! Condition keys with rules of their own: which may be trusted, which belong together, which take no wildcard.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html

use catalog::{Key, ValueType};
use policy::operator::Test;
use policy::{Kind, plain};

use crate::code::{self, Code};
use crate::edits;
use crate::sink::Sink;
use crate::written::{Condition, Statement, Text};

pub(super) fn check(kind: Kind, statement: &Statement<'_>, condition: &Condition<'_>, sink: &mut Sink) {
    match condition.head().as_str() {
        "aws:referer" | "aws:useragent" => {
            let message = format!("a caller can send any value of `{}`", plain(condition.name));
            let help = "do not decide on access by it";
            sink.add(&code::UNTRUSTWORTHY_CONDITION_KEY, condition.name_span, message).help(help);
        }
        "aws:vpcsourceip"
            if statement.on(&["aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn"]).next().is_none() =>
        {
            let message = "every VPC may have these addresses: `aws:VpcSourceIp` does not say whose they are";
            let help = "add a condition on `aws:SourceVpc`";
            sink.add(&code::MISSING_PAIRED_CONDITION_KEYS, condition.name_span, message).help(help);
        }
        "dynamodb:attributes" if statement.allows() && statement.on(&["dynamodb:select"]).next().is_none() => {
            let message = "`dynamodb:Attributes` does not limit a read that names no attributes";
            let help = "add `\"StringEquals\": {\"dynamodb:Select\": \"SPECIFIC_ATTRIBUTES\"}`";
            sink.add(&code::DYNAMODB_ATTRIBUTES_WITHOUT_SELECT, condition.name_span, message).help(help);
        }
        "s3:resourceaccount" if kind == Kind::Resource => {
            let message = "`s3:ResourceAccount` says nothing in the policy of the resource itself";
            let help = "use it in an identity-based policy";
            sink.add(&code::IRRELEVANT_CONDITION_KEY_IN_POLICY, condition.name_span, message).help(help);
        }
        head if head.ends_with(":aud") => audience(statement, condition, sink),
        _ => {}
    }
    arn_by_string(statement, condition, sink);
    wildcards(condition, sink);
}

/// The audience of a token has one value.
fn audience(statement: &Statement<'_>, condition: &Condition<'_>, sink: &mut Sink) {
    let Some(set) = condition.operator.set else { return };
    let span = condition.operator_span;
    let name = plain(condition.name);
    if condition.key.is_none_or(Key::is_of_any_provider) {
        let message = format!("`{name}` has one value with most providers, and then needs no set operator");
        let help = "leave the set operator out, unless this provider sends several audiences";
        sink.add(&code::CONFIRM_AUDIENCE_CLAIM_TYPE, span, message).help(help);
    } else if set == policy::operator::Set::Any {
        let base = condition.operator.to_string().replace("ForAnyValue:", "");
        let message = format!("`{name}` has one value, and needs no ForAnyValue");
        sink.add(&code::FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE, span, message)
            .help("leave `ForAnyValue:` out")
            .edit(edits::operator(statement, condition, &base));
    }
}

/// "Update the StringLike operator to the ArnLike operator."
fn arn_by_string(statement: &Statement<'_>, condition: &Condition<'_>, sink: &mut Sink) {
    let operator = condition.operator;
    let is_arn = condition.key.is_some_and(|key| key.value_type() == ValueType::Arn);
    // Without a wildcard, and under a negated operator, no more gets in.
    let has_wildcard = condition.values.iter().any(|value| value.text.contains(['*', '?']) && value.text != "*");
    if operator.base.test != Test::Like || operator.base.negated || !is_arn || !has_wildcard {
        return;
    }
    let new = operator.to_string().replace("StringLike", "ArnLike");
    let message = format!("wildcards of {operator} in `{}` cross the colons of an ARN", plain(condition.name));
    sink.add(&code::STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS, condition.operator_span, message)
        .help(format!("use {new}"))
        .edit(edits::operator(statement, condition, &new));
}

/// "The use of wildcards in these condition keys does not have any valid use cases."
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sensitive
const SENSITIVE: &[&str] = &[
    "aws:principalaccount",
    "aws:principalorgid",
    "aws:resourceaccount",
    "aws:resourceorgid",
    "aws:sourceaccount",
    "aws:sourceorgid",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:vpceaccount",
    "aws:vpceorgid",
];

fn wildcards(condition: &Condition<'_>, sink: &mut Sink) {
    if condition.operator.base.test != Test::Like {
        return;
    }
    let head = condition.head();
    let is_sensitive = SENSITIVE.contains(&head.as_str());
    for value in &condition.values {
        let is_wide = |mark: &str| match head.as_str() {
            "aws:userid" => is_wide_userid(value, mark),
            _ => is_sensitive && value.text.contains(mark),
        };
        // What only says that the key is there is reported as such.
        if value.text != "*" && is_wide("*") {
            report(&code::WILDCARD_USAGE_TOO_PERMISSIVE, "wildcard", condition, value, sink);
        } else if is_wide("${") && !is_safe(value.text) {
            report(&code::VARIABLE_USAGE_TOO_PERMISSIVE, "variable", condition, value, sink);
        }
    }
}

/// Whether a value is a variable that the caller has no hand in: the own account, the own organisation.
fn is_safe(text: &str) -> bool {
    let name = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).unwrap_or_default();
    SENSITIVE.contains(&name.to_ascii_lowercase().as_str())
}

/// "Use the wildcard on the right side of colon or as the only character on the left side of a colon."
fn is_wide_userid(value: &Text<'_>, mark: &str) -> bool {
    match mark {
        "*" => {
            value.text.split_once(':').map_or(value.text, |(left, _)| left).contains('*')
                && !value.text.starts_with("*:")
        }
        _ => value.text.contains("${") && !value.text.contains("}:") && !value.text.contains(":${"),
    }
}

fn report(code: &'static Code, what: &str, condition: &Condition<'_>, value: &Text<'_>, sink: &mut Sink) {
    let name = plain(condition.name);
    let message =
        format!("the {what} in `{}` may stand for more than is meant: `{name}` is sensitive", plain(value.text));
    sink.add(code, value.span, message).help("write each value out");
}
