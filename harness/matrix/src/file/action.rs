//! `action`: a question to the policy engine in the place of a call.

use catalog::TagSet;
use policy::ContextValue;
use source::{Entry, Finding, Node, Span, Value as Tree};

use super::fields::Reader;
use crate::scenario::ActionRequest;

/// Keys that follow from the caller, no matter who that is.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties
const OF_CALLER: &[&str] = &["aws:Principal", "aws:userid", "aws:username", "aws:TokenIssueTime", "aws:SourceIdentity"];
/// Keys that follow from the resource, beside its tags.
const OF_RESOURCE: &[&str] = &[
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:ResourceOrgPaths",
    "s3:ResourceAccount",
    "s3express:ResourceAccount",
];

/// Reads `{action: …, resource: …, context: {…}}`.
pub(super) fn read(reader: &mut Reader, node: &Node, action: &Node, what: &str) -> Option<ActionRequest> {
    let fields = reader.fields(node, what, &["action", "resource", "context", "before"]);
    let name = reader.text(action, "`action`");
    let known = name.as_deref().and_then(catalog::action);
    if let Some(name) = name.filter(|_| known.is_none()) {
        unknown(reader, &name, action.span);
    }
    let resource = match fields.get("resource") {
        Some(node) => reader.name(node, "`resource`").map(|name| (name.text, name.span)),
        None => {
            if fields.lacks("resource") {
                let finding = Finding::error("MISSING_KEY", node.span, format!("{what} needs the key `resource`"));
                reader.say(finding.help(resource_of(known)));
            }
            None
        }
    };
    let entries = fields.get("context").map(|node| reader.map(node, "`context`")).unwrap_or_default();
    let context = entries.iter().filter_map(|entry| key(reader, entry)).collect();
    let (resource, span) = resource?;
    Some(ActionRequest { action: known?, resource, span, context })
}

/// That AWS has no such action.
pub(super) fn unknown(reader: &mut Reader, name: &str, span: Span) {
    let finding = Finding::error("UNKNOWN_ACTION", span, format!("AWS has no action `{}`", policy::plain(name)));
    let service = name.split_once(':').map_or("", |(service, _)| service);
    let all = catalog::actions_of(service).map(catalog::Action::name);
    reader.say(match catalog::service(service) {
        Some(_) => finding.suggest(name, all),
        None => finding.help("write it with its service before it: `sqs:ReceiveMessage`"),
    });
}

fn key(reader: &mut Reader, entry: &Entry) -> Option<(String, ContextValue, Span)> {
    let Entry { key, key_span, value } = entry;
    if let Some(why) = follows(key) {
        let finding =
            Finding::error("KEY_FOLLOWS", *key_span, format!("`{}` cannot be given here", policy::plain(key)));
        reader.say(finding.help(why));
        return None;
    }
    let Some(known) = catalog::key(key) else {
        let finding = Finding::error(
            "UNKNOWN_CONTEXT_KEY",
            *key_span,
            format!("AWS has no condition key `{}`", policy::plain(key)),
        );
        reader.say(match key.contains(':') {
            true => finding.suggest(key, near(key)),
            false => finding.help(meant(key)),
        });
        return None;
    };
    let what = format!("`{}`", policy::plain(key));
    let value = match &value.value {
        Tree::List(_) if known.is_multivalued() => ContextValue::Many(reader.texts(Some(value), &what)),
        Tree::List(_) => {
            let finding = Finding::error(
                "WRONG_TYPE",
                value.span,
                format!("{what} has one value in AWS's requests, and this is a list"),
            );
            reader.say(finding);
            return None;
        }
        _ if known.is_multivalued() => ContextValue::Many(vec![reader.any_text(value, &what)?]),
        _ => ContextValue::One(reader.any_text(value, &what)?),
    };
    Some((key.clone(), value, *key_span))
}

/// What the resource of an action may be.
fn resource_of(action: Option<catalog::Action>) -> &'static str {
    match action.is_some_and(|action| !action.rows().any(|row| row.resource_type().is_some())) {
        true => "the action has no resource types: add `resource: '*'`",
        false => "add `resource: …`: a logical id of the template, or an ARN",
    }
}

/// What a key without a service before it may be: a key of AWS's, or a tag.
fn meant(key: &str) -> String {
    let global = format!("aws:{key}");
    match catalog::key(&global) {
        Some(known) => format!("did you mean `{}`?", known.pattern()),
        None => {
            let key = policy::plain(key);
            format!(
                "a tag that the request passes is `aws:RequestTag/{key}`; one of the caller (`aws:PrincipalTag/{key}`) \
                 stands with the caller, and one of the resource (`aws:ResourceTag/{key}`) with the resource"
            )
        }
    }
}

/// Where to say what a key tells, if that is not the request itself.
fn follows(key: &str) -> Option<&'static str> {
    let starts = |name: &&str| key.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    if OF_CALLER.iter().any(starts) {
        return Some("it follows from the caller: give the user, the role or the session its tags there");
    }
    if OF_RESOURCE.iter().any(|name| key.eq_ignore_ascii_case(name)) {
        return Some("it follows from the ARN of the resource");
    }
    if starts(&"s3:ExistingObjectTag/") {
        return Some("the tags of an object stand in `given: {buckets: {NAME: {objects: {KEY: {tags: {…}}}}}}`");
    }
    let is_of_resource = catalog::tag(key).is_some_and(|(set, _)| set == TagSet::Resource);
    is_of_resource.then_some(
        "the tags of a resource stand in the template, or in `given: {resources: {ARN: {tags: {…}}}}` for one that the \
         template does not make",
    )
}

/// Names of the same vendor: there are thousands.
fn near(key: &str) -> impl Iterator<Item = &'static str> {
    let vendor = key.split_once(':').map_or("", |(vendor, _)| vendor).to_owned();
    let of_vendor = move |known: &&str| known.split(':').next().is_some_and(|one| one.eq_ignore_ascii_case(&vendor));
    catalog::keys().map(catalog::Key::pattern).filter(of_vendor)
}
