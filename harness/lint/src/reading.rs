//! What reading says, under the names that ValidatePolicy uses.

use std::collections::HashSet;

use policy::{Document, Element, Holder, Kind, Problem};
use source::{Finding, Findings, Node, Span, Value};

use crate::code::{self, Code};
use crate::glob::UNKNOWN;
use crate::sink::Sink;

/// Reads the policy and passes on what there is to say.
pub(crate) fn check(node: &Node, kind: Kind, sink: &mut Sink) {
    let (_, problems) = Document::problems(node, kind);
    let mut unknown = HashSet::new();
    collect_unknown(node, &mut unknown);
    for (span, problem) in problems.into_iter().filter(|(span, _)| !unknown.contains(span)) {
        if let Some(code) = code_of(&problem, kind) {
            let help = problem.help(!sink.is_full()).unwrap_or_default();
            sink.add(code, span, problem.message(kind)).help(help);
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

/// What is wrong with the syntax of JSON, if something is: the rest may only follow from it.
pub(crate) fn broken(said: &[Finding]) -> Option<Vec<Finding>> {
    let is_syntax = |one: &&Finding| one.code == code::JSON_SYNTAX_ERROR.name;
    said.iter().find(is_syntax)?;
    Some(said.iter().filter(|one| is_syntax(one) || one.code == Findings::TOO_MANY).cloned().collect())
}

/// `None`: another check says it better.
fn code_of(problem: &Problem, kind: Kind) -> Option<&'static Code> {
    Some(match problem {
        Problem::WrongType { .. } => &code::DATA_TYPE_MISMATCH,
        Problem::UnknownElement(Holder::Principal(_), _) => &code::INVALID_PRINCIPAL_KEY,
        Problem::UnknownElement(Holder::Policy | Holder::Statement, _) => &code::INVALID_POLICY_ELEMENT,
        Problem::MissingStatement | Problem::EmptyStatement => &code::MISSING_STATEMENT,
        Problem::InvalidVersion(_) => &code::INVALID_VERSION,
        Problem::ProhibitedElement(element) => prohibited(*element, kind),
        Problem::MissingElement(element) => missing(*element),
        Problem::ElementAndNegation(..) => &code::UNSUPPORTED_ELEMENT_COMBINATION,
        Problem::InvalidEffect(_) => &code::INVALID_EFFECT,
        Problem::ResourceControlAllows => &code::RCP_SYNTAX_ERROR_ALLOW,
        Problem::ResourceControlAction(action) if is_of_no_service(action) => return None,
        Problem::ResourceControlAction(_) => &code::RCP_SYNTAX_ERROR_ACTION,
        Problem::InvalidSid(_) => &code::UNSUPPORTED_SID,
        Problem::DuplicateSid(_) => &code::UNIQUE_SIDS_REQUIRED,
        Problem::ActionWithoutPrefix(_) => &code::INVALID_ACTION,
        Problem::ActionNotOfSts(_) => &code::UNSUPPORTED_ACTION_IN_POLICY,
        Problem::IncompleteResource(_) => &code::MISSING_ARN_FIELD,
        Problem::InvalidResource(_) => &code::INVALID_ARN_PREFIX,
        Problem::EmptyList(Element::Action | Element::NotAction) => &code::EMPTY_ARRAY_ACTION,
        Problem::EmptyList(_) => &code::EMPTY_ARRAY_RESOURCE,
        Problem::EmptyPrincipals(_) => &code::EMPTY_ARRAY_PRINCIPAL,
        Problem::EmptyCondition(_) => return None,
        Problem::UnknownOperator(_) => &code::INVALID_CONDITION_OPERATOR,
        Problem::NullWithIfExists(_) => &code::NULL_WITH_IF_EXISTS,
        Problem::NullWithSet(_) => &code::NULL_WITH_QUALIFIER,
        Problem::InvalidConditionKey(_) => &code::INVALID_CONDITION_KEY_FORMAT,
        Problem::PrincipalNotEveryone => &code::RCP_SYNTAX_ERROR_PRINCIPAL,
        Problem::PrincipalWildcard(_) => &code::UNSUPPORTED_WILDCARD_IN_PRINCIPAL,
        Problem::PrincipalShape(_) | Problem::PrincipalFormat(_) => &code::INVALID_PRINCIPAL_FORMAT,
    })
}

/// Whether an action names a service that AWS does not have, which is a finding of its own.
fn is_of_no_service(action: &str) -> bool {
    let service = action.split_once(':').map(|(service, _)| service).filter(|service| !service.contains(['*', '?']));
    service.is_some_and(|service| catalog::service(service).is_none())
}

const fn missing(element: Element) -> &'static Code {
    match element {
        Element::Effect => &code::MISSING_EFFECT,
        Element::Principal | Element::NotPrincipal => &code::MISSING_PRINCIPAL,
        Element::Action | Element::NotAction => &code::MISSING_ACTION,
        Element::Resource | Element::NotResource => &code::MISSING_RESOURCE,
    }
}

const fn prohibited(element: Element, kind: Kind) -> &'static Code {
    match (kind, element) {
        (Kind::Trust, Element::NotPrincipal) => &code::ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL,
        (Kind::Trust, _) => &code::ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE,
        (Kind::ServiceControl, _) => &code::SCP_SYNTAX_ERROR_PRINCIPAL,
        (Kind::ResourceControl, Element::NotAction) => &code::RCP_SYNTAX_ERROR_NOTACTION,
        (Kind::ResourceControl, _) => &code::RCP_SYNTAX_ERROR_PRINCIPAL,
        _ => &code::UNSUPPORTED_PRINCIPAL,
    }
}
