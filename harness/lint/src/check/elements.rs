//! Elements that stand there in vain, and those that should stand there.

use std::collections::HashSet;

use policy::Kind;
use source::Edit;

use crate::code;
use crate::edits;
use crate::glob::UNKNOWN;
use crate::sink::Sink;
use crate::written::{ActionItem, Effect, Statement, Written};

pub(super) fn check(policy: &Written<'_>, sink: &mut Sink) {
    if policy.version.is_none() && !policy.statements.is_empty() {
        let message = "the policy has no Version, and counts as of 2008-10-17: variables in it are plain text";
        sink.add(&code::MISSING_VERSION, super::head(policy.node), message)
            .help("add `\"Version\": \"2012-10-17\"`")
            .edit(version(policy));
    }
    sids(policy, sink);
    policy.statements.iter().for_each(|statement| principal(statement, sink));
    if policy.kind == Kind::Resource {
        policy.statements.iter().for_each(|statement| resource(statement, sink));
    }
    for statement in &policy.statements {
        if let Some(node) = statement.condition.filter(|node| {
            matches!(&node.value, source::Value::Map(entries)
                if entries.iter().all(|entry| matches!(&entry.value.value, source::Value::Map(keys) if keys.is_empty())))
        }) {
            sink.add(&code::EMPTY_OBJECT_CONDITION, node.span, "the Condition has no conditions")
                .help("leave it out")
                .edit(edits::without(statement, "Condition"));
        }
    }
}

/// The Version of today, unless it makes a variable of what is plain text now.
fn version(policy: &Written<'_>) -> Option<Edit> {
    let statement = policy.node.entries().iter().find(|entry| entry.key == "Statement")?;
    let has_variable = |one: &Statement<'_>| {
        let values = one.conditions.iter().flat_map(|condition| &condition.values);
        one.resources.iter().chain(values).any(|text| text.text.contains("${"))
    };
    (!policy.statements.iter().any(has_variable)).then(|| Edit::Insert {
        before: statement.key_span,
        key: "Version".to_owned(),
        value: "2012-10-17".to_owned(),
    })
}

fn sids(policy: &Written<'_>, sink: &mut Sink) {
    // Reading refuses them where IAM does.
    let may_repeat = matches!(policy.kind, Kind::Resource | Kind::Endpoint);
    let mut seen = HashSet::new();
    for statement in &policy.statements {
        let Some(sid) = statement.sid else { continue };
        if sid.text.is_empty() {
            sink.add(&code::EMPTY_SID_VALUE, sid.span, "the Sid is empty")
                .help("leave it out, or give it a name")
                .edit(edits::without(statement, "Sid"));
        } else if !seen.insert(sid.text) && may_repeat {
            let message = format!("the Sid `{}` stands twice", policy::plain(sid.text));
            sink.add(&code::UNIQUE_SIDS_RECOMMENDED, sid.span, message).help("give each statement a Sid of its own");
        }
    }
}

fn principal(statement: &Statement<'_>, sink: &mut Sink) {
    let Some(principal) = statement.principal.as_ref().filter(|principal| principal.not) else { return };
    if statement.effect == Some(Effect::Allow) {
        let message = "this allows everyone but the principals listed, anonymous callers included";
        sink.add(&code::ALLOW_WITH_NOT_PRINCIPAL, principal.span, message).help("name in Principal who is meant");
    }
}

/// Services whose pages show policies without Resource, which are about what they are attached to.
/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html
/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-efs-filesystem.html
const WITHOUT_RESOURCE: &[&str] = &["ecr", "elasticfilesystem"];

/// Of other services ValidatePolicy wants it, S3 refuses a policy without, and KMS takes one, and does nothing by it.
fn resource(statement: &Statement<'_>, sink: &mut Sink) {
    let prefix = |text: &str| text.split_once(':').map(|(prefix, _)| prefix.to_ascii_lowercase());
    let mut services = statement.actions.iter().map(|item| prefix(item.text));
    let is_fine = |service: Option<String>| service.is_some_and(|service| WITHOUT_RESOURCE.contains(&&*service));
    let all_fine = !statement.actions.is_empty() && !statement.not_action && services.all(is_fine);
    if !statement.lacks_resource || all_fine || statement.actions.iter().any(|item| item.text.contains(UNKNOWN)) {
        return;
    }
    let of_kms = |item: &ActionItem<'_>| prefix(item.text).as_deref() == Some("kms");
    let message = match statement.actions.iter().any(of_kms) {
        true => "the statement has no Resource, and has no effect in a key policy",
        false => "the statement has no Resource",
    };
    sink.add(&code::MISSING_RESOURCE, statement.span, message).help("add `\"Resource\": \"*\"`, or the ARN");
}
