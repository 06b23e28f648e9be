//! Who may pass which role.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html

use policy::{Kind, plain};
use source::Span;

use crate::code;
use crate::sink::Sink;
use crate::written::{Effect, Statement};

const PASS_ROLE: &str = "iam:PassRole";

pub(super) fn check(kind: Kind, statement: &Statement<'_>, sink: &mut Sink) {
    if kind == Kind::Identity && statement.effect == Some(Effect::Allow) && statement.reaches(PASS_ROLE) {
        wide(statement, sink);
    }
    if statement.names(PASS_ROLE) {
        by_tag(statement, sink);
    }
}

fn wide(statement: &Statement<'_>, sink: &mut Sink) {
    if statement.conditions.iter().any(|condition| condition.name.eq_ignore_ascii_case("iam:PassedToService")) {
        return;
    }
    let star = statement.resources.iter().find(|resource| is_any_role(resource.text));
    let (span, what) = match (statement.not_resource, star, statement.resource_span) {
        (true, _, Some(span)) => (span, "every role but those listed"),
        (false, Some(resource), _) => (resource.span, "any role"),
        _ => return,
    };
    let code = match (statement.names(PASS_ROLE), statement.not_action, statement.not_resource) {
        (_, true, true) => &code::PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE,
        (_, true, false) => &code::PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION,
        (true, _, true) => &code::PASS_ROLE_WITH_NOT_RESOURCE,
        (true, _, false) => &code::PASS_ROLE_WITH_STAR_IN_RESOURCE,
        (false, _, true) => &code::PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE,
        (false, _, false) => &code::PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE,
    };
    report(code, span, what, sink);
}

fn report(code: &crate::Code, span: Span, what: &str, sink: &mut Sink) {
    let message = format!("this allows iam:PassRole of {what} to any service");
    sink.add(code, span, message).help("name the roles, and add a condition on `iam:PassedToService`");
}

/// `*`, and ARNs with nothing but a star where the role's name stands.
fn is_any_role(resource: &str) -> bool {
    let last = resource.splitn(6, ':').last().unwrap_or_default();
    matches!(last, "*" | "role/*" | "role*" | "*/*")
}

/// "Do not try to control who can pass a role by tagging the role and then using the ResourceTag condition key in a policy
/// with the iam:PassRole action. This approach does not have reliable results."
/// docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
fn by_tag(statement: &Statement<'_>, sink: &mut Sink) {
    let is_tag = |head: &str| head == "aws:resourcetag" || head == "iam:resourcetag";
    for condition in statement.conditions.iter().filter(|condition| is_tag(&condition.head())) {
        let message = format!("`{}` does not limit iam:PassRole reliably, AWS says", plain(condition.name));
        let help = "name the roles in Resource, by a path or a prefix of their names";
        sink.add(&code::PASS_ROLE_BY_TAG, condition.name_span, message).help(help);
    }
}
