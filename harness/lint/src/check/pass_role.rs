//! Who may pass which role.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html

use policy::undocumented::Case;
use policy::{Kind, plain};
use source::Span;

use crate::code;
use crate::glob::completed;
use crate::sink::Sink;
use crate::written::Statement;

const PASS_ROLE: &str = "iam:PassRole";

const CODES: Codes = Codes {
    named: [&code::PASS_ROLE_WITH_STAR_IN_RESOURCE, &code::PASS_ROLE_WITH_NOT_RESOURCE],
    by_pattern: [
        &code::PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE,
        &code::PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE,
    ],
    not_left_out: [
        &code::PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION,
        &code::PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE,
    ],
};

pub(super) fn check(kind: Kind, statement: &Statement<'_>, sink: &mut Sink) {
    let is_limited = statement.on(&["iam:passedtoservice"]).next().is_some();
    let is_about = kind == Kind::Identity && statement.allows() && !is_limited;
    let found = if is_about { wide(statement, PASS_ROLE, &CODES, is_any_role) } else { None };
    if let Some((code, span)) = found {
        report(code, span, if statement.not_resource { "every role but those listed" } else { "any role" }, sink);
    }
    if statement.names(PASS_ROLE) {
        by_tag(statement, sink);
    }
}

/// The codes for an action that is allowed on nearly everything: by its resources, and by those it leaves out.
pub(super) struct Codes {
    /// The action is named.
    pub(super) named: [&'static crate::Code; 2],
    /// It is one of a pattern.
    pub(super) by_pattern: [&'static crate::Code; 2],
    /// NotAction does not leave it out.
    pub(super) not_left_out: [&'static crate::Code; 2],
}

/// The code for a statement that allows an action on nearly everything, and the place that shows it.
pub(super) fn wide(
    statement: &Statement<'_>,
    action: &str,
    codes: &Codes,
    is_anything: fn(&str) -> bool,
) -> Option<(&'static crate::Code, Span)> {
    if !statement.reaches(action) {
        return None;
    }
    let star = statement.resources.iter().find(|resource| is_anything(&completed(resource.text)));
    let (by_not_resource, span) = match (statement.not_resource, star, statement.resource_span) {
        (true, _, Some(span)) => (true, span),
        (false, Some(resource), _) => (false, resource.span),
        _ => return None,
    };
    let of = match (statement.not_action, statement.names(action)) {
        (true, _) => codes.not_left_out,
        (_, true) => codes.named,
        _ => codes.by_pattern,
    };
    Some((of[usize::from(by_not_resource)], span))
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
        let added = sink.add(&code::PASS_ROLE_BY_TAG, condition.name_span, message);
        added.help(help).rests_on(Some(Case::RoleTagsInPassRole));
    }
}
