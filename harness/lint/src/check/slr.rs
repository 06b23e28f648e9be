//! Who may create which service-linked role.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html, Create SLR with …

use policy::Kind;

use super::pass_role::{Codes, wide};
use crate::code;
use crate::sink::Sink;
use crate::written::Statement;

const CODES: Codes = Codes {
    named: [&code::CREATE_SLR_WITH_STAR_IN_RESOURCE, &code::CREATE_SLR_WITH_NOT_RESOURCE],
    by_pattern: [
        &code::CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE,
        &code::CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE,
    ],
    not_left_out: [
        &code::CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION,
        &code::CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE,
    ],
};

const CREATE: &str = "iam:CreateServiceLinkedRole";

pub(super) fn check(kind: Kind, statement: &Statement<'_>, sink: &mut Sink) {
    let is_limited = statement.on(&["iam:awsservicename"]).next().is_some();
    if kind != Kind::Identity || !statement.allows() || is_limited {
        return;
    }
    if let Some((code, span)) = wide(statement, CREATE, &CODES, is_any_service) {
        let message = "this allows iam:CreateServiceLinkedRole for any service";
        let help = "add a condition on `iam:AWSServiceName`, or name the services in Resource: \
                    `arn:aws:iam::*:role/aws-service-role/SERVICE.amazonaws.com/*`";
        sink.add(code, span, message).help(help);
    }
}

/// `*`, and ARNs with nothing but a star where the service stands.
fn is_any_service(resource: &str) -> bool {
    let last = resource.splitn(6, ':').last().unwrap_or_default();
    matches!(last, "*" | "role/*" | "role*" | "*/*" | "role/aws-service-role/*" | "role/aws-service-role*")
}
