//! Every action but a few, by a tag that many of them never carry.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html, … NotAction with unsupported tag
//! condition key for service

use policy::plain;

use crate::code;
use crate::sink::Sink;
use crate::written::Statement;

pub(super) fn check(statement: &Statement<'_>, sink: &mut Sink) {
    if !statement.not_action {
        return;
    }
    for condition in statement.on(&["aws:resourcetag"]).filter(|condition| !condition.holds_without()) {
        let name = plain(condition.name);
        let (code, message) = if statement.denies() {
            let message = format!("this denies no action whose requests never carry `{name}`");
            (&code::DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE, message)
        } else if statement.allows() {
            let message = format!("this allows no action whose requests never carry `{name}`");
            (&code::ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE, message)
        } else {
            return;
        };
        sink.add(code, condition.name_span, message).help("list the actions in Action that are meant");
    }
}
