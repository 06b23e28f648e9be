//! Resource control policies.
//!
//! docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html,
//! docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html, RCP …

use policy::plain;

use crate::code;
use crate::sink::Sink;
use crate::written::{Condition, Statement};

const OF_PRINCIPALS: &[&str] =
    &["aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths", "aws:principaltag"];
const OF_SERVICES: &[&str] = &["aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"];

pub(super) fn check(statement: &Statement<'_>, sink: &mut Sink) {
    // Reading reports an Allow, and actions of other services.
    if statement.allows() {
        return;
    }
    let is_service = |wanted: &str| {
        let asks =
            |condition: &Condition<'_>| condition.values.iter().any(|value| value.text.eq_ignore_ascii_case(wanted));
        statement.on(&["aws:principalisawsservice"]).any(asks)
    };
    if let Some(condition) = statement.on(OF_PRINCIPALS).next().filter(|_| !is_service("false")) {
        let message = format!("this also denies AWS services, whose requests have no `{}`", plain(condition.name));
        let help = "add `\"BoolIfExists\": {\"aws:PrincipalIsAWSService\": \"false\"}` to the Condition";
        sink.add(&code::RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY, condition.name_span, message).help(help);
    }
    let Some(condition) = statement.on(OF_SERVICES).find(|condition| !condition.is_null()) else { return };
    let (name, span) = (plain(condition.name), condition.name_span);
    if !is_service("true") {
        let message = format!("this also denies your own principals, whose requests have no `{name}`");
        let help = "add `\"Bool\": {\"aws:PrincipalIsAWSService\": \"true\"}` to the Condition";
        sink.add(&code::RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY, span, message).help(help);
    }
    let asks_for_source = |condition: &Condition<'_>| condition.is_null() && !condition.holds_without();
    if condition.holds_without() && !statement.on(&["aws:sourceaccount", "aws:sourcearn"]).any(asks_for_source) {
        let message = format!("this also denies requests of services that do not send `{name}`");
        let help = "add `\"Null\": {\"aws:SourceAccount\": \"false\"}` to the Condition";
        sink.add(&code::RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK, span, message).help(help);
    }
}
