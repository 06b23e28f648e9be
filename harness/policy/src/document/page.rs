//! AWS's page about each problem.

use super::{Element, Holder, Problem};
use crate::Kind;

#[cfg(test)]
mod tests;

const GRAMMAR: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html";
const VERSION: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html";
const STATEMENT: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html";
const SID: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html";
const EFFECT: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html";
const PRINCIPAL: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html";
const NOT_PRINCIPAL: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html";
const ACTION: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html";
const NOT_ACTION: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html";
const RESOURCE: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html";
const NOT_RESOURCE: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html";
const CONDITION: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html";
const OPERATORS: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html";
/// "A key policy statement without an Action element doesn't apply to any KMS key."
const KEY_POLICY: &str = "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html";
/// "To change who can assume a role, you must modify the role's trust policy": with the form that one has.
const TRUST: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html";
/// "Unsupported elements" of service control policies.
const SERVICE_CONTROL: &str =
    "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html";
const RESOURCE_CONTROL: &str =
    "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html";

/// The page about a problem in a policy of a kind.
pub(super) const fn of(problem: &Problem, kind: Kind) -> &'static str {
    match problem {
        Problem::WrongType { .. }
        | Problem::UnknownElement(Holder::Policy | Holder::Statement, _)
        | Problem::ElementAndNegation(..)
        | Problem::IncompleteResource(_) => GRAMMAR,
        Problem::InvalidVersion(_) => VERSION,
        Problem::MissingStatement | Problem::EmptyStatement => STATEMENT,
        Problem::InvalidSid(_) | Problem::DuplicateSid(_) => SID,
        Problem::InvalidEffect(_) => EFFECT,
        Problem::ProhibitedElement(element) => prohibited(*element, kind),
        Problem::MissingElement(element) => missing(*element, kind),
        Problem::EmptyList(element) | Problem::PrincipalShape(element) => of_element(*element),
        Problem::ResourceControlAllows | Problem::ResourceControlAction(_) | Problem::PrincipalNotEveryone => {
            RESOURCE_CONTROL
        }
        Problem::ActionWithoutPrefix(_) if matches!(kind, Kind::ResourceControl) => RESOURCE_CONTROL,
        Problem::ActionWithoutPrefix(_) => ACTION,
        Problem::ActionNotOfSts(_) => TRUST,
        Problem::InvalidResource(_) => RESOURCE,
        Problem::EmptyCondition(_) | Problem::InvalidConditionKey(_) => CONDITION,
        Problem::UnknownOperator(_) | Problem::NullWithIfExists(_) | Problem::NullWithSet(_) => OPERATORS,
        Problem::UnknownElement(Holder::Principal(element), _) => of_element(*element),
        Problem::EmptyPrincipals(_) | Problem::PrincipalWildcard(_) | Problem::PrincipalFormat(_) => PRINCIPAL,
    }
}

const fn prohibited(element: Element, kind: Kind) -> &'static str {
    match (kind, element) {
        (Kind::ResourceControl, _) => RESOURCE_CONTROL,
        (Kind::ServiceControl, _) => SERVICE_CONTROL,
        (Kind::Trust, Element::Resource | Element::NotResource) => TRUST,
        _ => of_element(element),
    }
}

const fn missing(element: Element, kind: Kind) -> &'static str {
    match (kind, element) {
        (Kind::ResourceControl, _) => RESOURCE_CONTROL,
        (Kind::Resource, Element::Action) => KEY_POLICY,
        _ => of_element(element),
    }
}

const fn of_element(element: Element) -> &'static str {
    match element {
        Element::Effect => EFFECT,
        Element::Principal => PRINCIPAL,
        Element::NotPrincipal => NOT_PRINCIPAL,
        Element::Action => ACTION,
        Element::NotAction => NOT_ACTION,
        Element::Resource => RESOURCE,
        Element::NotResource => NOT_RESOURCE,
    }
}
