//! What reading says, under the names that ValidatePolicy uses.

use std::collections::HashSet;

use policy::{Document, Kind};
use source::{Finding, Findings, Node, Span, Value};

use crate::code::{self, Code};
use crate::glob::UNKNOWN;
use crate::sink::Sink;

/// Reads the policy and passes on what there is to say.
pub(crate) fn check(node: &Node, kind: Kind, sink: &mut Sink) {
    let (_, findings) = Document::read(node, kind);
    let mut unknown = HashSet::new();
    collect_unknown(node, &mut unknown);
    for finding in findings.into_iter().filter(|finding| !unknown.contains(&finding.span)) {
        if finding.code == Findings::TOO_MANY {
            sink.pass(finding);
        } else if let Some(code) = code_of(&finding, kind) {
            let help = finding.help.unwrap_or_default();
            sink.add(code, finding.span, finding.message).help(help);
        }
    }
}

/// Where text stands that is not known.
fn collect_unknown(node: &Node, spans: &mut HashSet<Span>) {
    match &node.value {
        Value::String(text) if text.contains(UNKNOWN) => {
            spans.insert(node.span);
        }
        Value::List(items) => items.iter().for_each(|item| collect_unknown(item, spans)),
        Value::Map(entries) => entries.iter().for_each(|entry| collect_unknown(&entry.value, spans)),
        _ => {}
    }
}

/// Passes on what the reader of JSON or YAML says. ValidatePolicy has a name for errors of JSON.
pub(crate) fn syntax(finding: Finding, is_json: bool, sink: &mut Sink) {
    match finding.code {
        Findings::TOO_MANY => sink.pass(finding),
        "DUPLICATE_KEY" => {
            sink.add(&code::DUPLICATE_KEY, finding.span, finding.message).help(finding.help.unwrap_or_default());
        }
        _ if is_json => {
            sink.add(&code::JSON_SYNTAX_ERROR, finding.span, finding.message).help(finding.help.unwrap_or_default());
        }
        _ => sink.pass(finding),
    }
}

/// `None`: another check says it better.
fn code_of(finding: &Finding, kind: Kind) -> Option<&'static Code> {
    let says = |text: &str| finding.message.contains(text);
    Some(match finding.code {
        "UNKNOWN_ELEMENT" if says("Principal") => &code::INVALID_PRINCIPAL_KEY,
        "UNKNOWN_ELEMENT" => &code::INVALID_POLICY_ELEMENT,
        "MISSING_STATEMENT" => &code::MISSING_STATEMENT,
        "INVALID_VERSION" => &code::INVALID_VERSION,
        "PROHIBITED_ELEMENT" => prohibited(finding, kind),
        "MISSING_ELEMENT" if says("field Action") => &code::MISSING_ACTION,
        "MISSING_ELEMENT" if says("field Resource") => &code::MISSING_RESOURCE,
        "MISSING_ELEMENT" if says("field Principal") => &code::MISSING_PRINCIPAL,
        "MISSING_ELEMENT" => &code::MISSING_EFFECT,
        "MUTUALLY_EXCLUSIVE" => &code::UNSUPPORTED_ELEMENT_COMBINATION,
        "INVALID_EFFECT" => &code::INVALID_EFFECT,
        "INVALID_SID" => &code::UNSUPPORTED_SID,
        "DUPLICATE_SID" => &code::UNIQUE_SIDS_REQUIRED,
        "INVALID_ACTION" if says("in a trust policy") => &code::UNSUPPORTED_ACTION_IN_POLICY,
        "INVALID_ACTION" => &code::INVALID_ACTION,
        "INVALID_RESOURCE" => &code::INVALID_ARN_PREFIX,
        "EMPTY_ELEMENT" if says("Action") => &code::EMPTY_ARRAY_ACTION,
        "EMPTY_ELEMENT" if says("Resource") => &code::EMPTY_ARRAY_RESOURCE,
        "EMPTY_ELEMENT" => &code::EMPTY_ARRAY_PRINCIPAL,
        "EMPTY_CONDITION" => return None,
        "UNKNOWN_OPERATOR" => operator(finding),
        "INVALID_CONDITION_KEY" => &code::INVALID_CONDITION_KEY_FORMAT,
        "INVALID_PRINCIPAL" if says("wildcard") => &code::UNSUPPORTED_WILDCARD_IN_PRINCIPAL,
        "INVALID_PRINCIPAL" => &code::INVALID_PRINCIPAL_FORMAT,
        _ => &code::DATA_TYPE_MISMATCH,
    })
}

fn prohibited(finding: &Finding, kind: Kind) -> &'static Code {
    match kind {
        Kind::Trust if finding.message.contains("NotPrincipal") => &code::ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL,
        Kind::Trust => &code::ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE,
        Kind::ServiceControl => &code::SCP_SYNTAX_ERROR_PRINCIPAL,
        Kind::ResourceControl => &code::UNSUPPORTED_ELEMENT_COMBINATION,
        _ => &code::UNSUPPORTED_PRINCIPAL,
    }
}

/// The operator stands in backticks at the start of the message.
fn operator(finding: &Finding) -> &'static Code {
    let written = finding.message.split('`').nth(1).unwrap_or_default().to_ascii_lowercase();
    match written.as_str() {
        "nullifexists" => &code::NULL_WITH_IF_EXISTS,
        "forallvalues:null" | "foranyvalue:null" => &code::NULL_WITH_QUALIFIER,
        _ => &code::INVALID_CONDITION_OPERATOR,
    }
}
