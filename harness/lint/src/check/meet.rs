//! Actions and resources that never meet, and resources that are no ARNs.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_actions-resources-contextkeys.html

use catalog::{Action, ResourceType, Row, Service};
use policy::wildcard::covers;
use policy::{Kind, plain};

use crate::code;
use crate::edits;
use crate::glob::{completed, glob, overlap};
use crate::sink::Sink;
use crate::written::{ActionItem, Statement, Text};

/// Longer than any ARN; the comparison takes time in proportion.
pub(super) const LONGEST: usize = 2048;

pub(super) fn check(kind: Kind, statement: &Statement<'_>, sink: &mut Sink) {
    statement.resources.iter().for_each(|resource| check_arn(kind, resource, sink));
    let is_readable = |resource: &Text<'_>| {
        resource.text == "*" || resource.text.starts_with("arn:") && resource.text.len() <= LONGEST
    };
    if statement.not_action || statement.not_resource || !statement.resources.iter().all(is_readable) {
        return;
    }
    let resources: Vec<_> = statement.resources.iter().map(|resource| glob(&completed(resource.text))).collect();
    if resources.is_empty() || resources.iter().any(|resource| is_anything(resource)) {
        return;
    }
    for item in statement.actions.iter().filter(|item| !item.actions.is_empty()) {
        if !item.actions.iter().any(|action| meets_any(*action, &resources)) {
            report(item, statement, sink);
        }
    }
}

fn report(item: &ActionItem<'_>, statement: &Statement<'_>, sink: &mut Sink) {
    let shown = super::listed(statement.resources.iter().map(|resource| resource.text));
    let mut arns: Vec<_> = item
        .actions
        .iter()
        .flat_map(|action| action.rows())
        .filter_map(Row::resource_type)
        .flat_map(ResourceType::arns)
        .collect();
    arns.sort_unstable();
    arns.dedup();
    if arns.is_empty() {
        // AWS's own policies do so in hundreds of places, and some services do check such actions on an ARN.
        let message = format!("`{}` cannot be limited to resources, and this limits it to {shown}", plain(item.text));
        let help = "the reference lists no resource of it, and asks for `*`";
        sink.add(&code::ACTION_WITHOUT_RESOURCES, item.span, message).help(help);
    } else {
        let message = format!("no request for `{}` is ever about {shown}", plain(item.text));
        let help = format!("its resources are {}", super::listed(arns));
        sink.add(&code::ACTION_AND_RESOURCE_NEVER_MEET, item.span, message).help(help);
    }
}

pub(super) fn is_anything(resource: &str) -> bool {
    !resource.is_empty() && resource.bytes().all(|byte| byte == b'*')
}

fn meets_any(action: Action, resources: &[String]) -> bool {
    // Classic and newer load balancers share a prefix and have a page each, of which the catalogue has one.
    if action.service().prefix() == "elasticloadbalancing" {
        return true;
    }
    let types: Vec<_> = action.rows().filter_map(Row::resource_type).collect();
    // The user guide's own examples give it `arn:aws:s3:::*`, although the reference knows no resource of it.
    if types.is_empty() && action.name() == "s3:ListAllMyBuckets" {
        return resources.iter().any(|resource| overlap(resource, "arn:*:s3:::*"));
    }
    resources.iter().any(|resource| types.iter().any(|kind| meets(action.service(), *kind, resource)))
}

/// Whether some ARN of a type is of a resource pattern. The form of S3's buckets fits all objects as well, and a bucket's
/// name has no slash; of other services' forms that overlap (log groups and streams) AWS is not as strict.
pub(super) fn meets(service: Service, kind: ResourceType, resource: &str) -> bool {
    let is_bucket = service.prefix() == "s3" && kind.name() == "bucket";
    kind.arns().any(|arn| arns_overlap(&glob(arn), resource)) && !(is_bucket && covers("arn:*:s3:::*/*", resource))
}

/// ARNs are compared part by part, if it is clear which part is which: a star at the end of a part may stand for colons
/// as well, and a pattern may have fewer parts.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
pub(super) fn arns_overlap(form: &str, resource: &str) -> bool {
    let parts: Vec<_> = resource.splitn(6, ':').collect();
    let is_account = |part: &str| {
        policy::facts::is_of_aws(part) || part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'*' | b'?'))
    };
    if parts.len() < 6 || !is_account(parts[4]) {
        return overlap(form, resource);
    }
    let forms: Vec<_> = form.splitn(6, ':').collect();
    // Of what has a region and an account, no ARN lacks both: `arn:aws:s3:::…` is no access point.
    let is_elsewhere = forms.get(3..5) == Some(&["*", "*"]) && parts[3..5] == ["", ""];
    !is_elsewhere && forms.iter().zip(parts).all(|(form, part)| overlap(form, part))
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
fn check_arn(kind: Kind, resource: &Text<'_>, sink: &mut Sink) {
    let text = resource.text;
    if !text.starts_with("arn:") || resource.is_unknown() || text.contains("${") {
        return;
    }
    let parts: Vec<_> = text.splitn(6, ':').collect();
    // Of session policies reading says so.
    if parts.len() < 6 && !text.contains(['*', '?']) && kind != Kind::Session {
        missing_fields(kind, resource, sink);
    }
    if let Some(service) = parts.get(2).filter(|service| service.bytes().any(|byte| byte.is_ascii_uppercase())) {
        let message =
            format!("the service `{}` in a resource ARN is not in lower case, and letter case counts", plain(service));
        let lower = service.to_lowercase();
        let (from, to) = (format!("arn:{}:{service}:", parts[1]), format!("arn:{}:{lower}:", parts[1]));
        sink.add(&code::INVALID_ARN_SERVICE_CASE, resource.span, message)
            .help(format!("write `{}`", plain(&lower)))
            .edit(edits::rewrite(resource, text.replacen(&from, &to, 1)));
    }
}

/// The analyzer calls it an error; IAM takes it, and what it makes of it may be far more than was meant.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
fn missing_fields(kind: Kind, resource: &Text<'_>, sink: &mut Sink) {
    let (text, whole) = (plain(resource.text), completed(resource.text));
    let meaning = match kind {
        Kind::Identity | Kind::Boundary => format!("IAM reads it as `{}`", plain(&whole)),
        _ => format!("AWS does not say what it means in a {}", kind.words()),
    };
    let message = format!("the ARN `{text}` has fewer than six fields; {meaning}");
    let help = "write all six fields, `arn:partition:service:region:account:resource`; a field may be empty";
    sink.add(&code::MISSING_ARN_FIELD, resource.span, message).help(help);
}
