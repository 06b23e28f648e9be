//! Who a policy of a resource or a role is for.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html,
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html

use policy::{Kind, plain};
use source::Value;

use crate::code::{self, Code};
use crate::edits;
use crate::sink::Sink;
use crate::written::{Condition, Principal, Statement, Text};

pub(super) fn check(kind: Kind, statement: &Statement<'_>, sink: &mut Sink) {
    service_values(statement, sink);
    let Some(principal) = &statement.principal else { return };
    let node = statement.list("Principal", "NotPrincipal");
    if node.is_some_and(|node| matches!(&node.value, Value::Map(entries) if entries.is_empty())) {
        let message = "the Principal names nobody, so the statement says nothing";
        sink.add(&code::EMPTY_OBJECT_PRINCIPAL, principal.span, message).help("name who is meant");
    }
    for (sort, name) in principal.names.iter().filter(|(_, name)| !name.is_unknown()) {
        match *sort {
            "AWS" => aws(name, sink),
            "Service" => service(name, false, sink),
            "Federated" if matches!(kind, Kind::Resource | Kind::Endpoint) => {
                let message = format!("only trust policies take an identity provider, such as `{}`", plain(name.text));
                let help = "name the role that its users assume";
                sink.add(&code::FEDERATED_PRINCIPAL_NOT_SUPPORTED, name.span, message).help(help);
            }
            _ => {}
        }
    }
    if kind == Kind::Resource && statement.allows() {
        source(statement, principal, sink);
        everybody(statement, principal, sink);
    }
    if kind == Kind::Trust && !principal.not {
        super::trust::check(statement, principal, sink);
    }
}

/// "Specify the ARN for an IAM role instead of its principal ID."
fn aws(name: &Text<'_>, sink: &mut Sink) {
    let (code, what): (&Code, _) = match name.text {
        text if text.starts_with("AROA") => (&code::INVALID_ROLE_REFERENCE, "role"),
        text if text.starts_with("AIDA") => (&code::INVALID_USER_REFERENCE, "user"),
        _ => return,
    };
    let message = format!("`{}` is the id of a {what}, perhaps of one that is deleted", plain(name.text));
    sink.add(code, name.span, message).help(format!("write the {what}'s ARN"));
}

/// Keys whose values are service principals, and whether these name a region.
/// docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
const OF_SERVICES: &[(&str, bool)] = &[
    ("aws:principalservicename", false),
    ("aws:calledvia", false),
    ("aws:calledviafirst", false),
    ("aws:calledvialast", false),
    ("iam:passedtoservice", false),
    ("iam:awsservicename", false),
    ("kms:viaservice", true),
];

fn service_values(statement: &Statement<'_>, sink: &mut Sink) {
    for (head, regional) in OF_SERVICES {
        for condition in statement.on(&[head]).filter(|condition| !condition.is_null()) {
            condition.values.iter().for_each(|value| service(value, *regional, sink));
        }
    }
}

fn service(name: &Text<'_>, regional: bool, sink: &mut Sink) {
    if name.text.contains(['*', '?', '$']) || name.is_unknown() || is_service(name.text, regional) {
        return;
    }
    let form = if regional { "service.region.amazonaws.com" } else { "service.amazonaws.com" };
    let message = format!("`{}` is not the name of a service: it has the form `{form}`", plain(name.text));
    let lower = name.text.to_ascii_lowercase();
    let added = sink.add(&code::INVALID_SERVICE_PRINCIPAL_FORMAT, name.span, message);
    if is_service(&lower, regional) {
        added.help(format!("write `{}`", plain(&lower))).edit(edits::rewrite(name, lower));
    } else {
        added.help("look it up on the page of the service");
    }
}

/// The suffixes of AWS's partitions, and of the few services that have another name.
fn is_service(text: &str, regional: bool) -> bool {
    const SUFFIXES: &[&str] = &[
        ".amazonaws.com",
        ".amazonaws.com.cn",
        ".amazonaws.eu",
        ".amazon.com",
        ".aws.internal",
        ".c2s.ic.gov",
        ".sc2s.sgov.gov",
        ".csp.hci.ic.gov",
        ".cloud.adc-e.uk",
    ];
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    let name = SUFFIXES.iter().find_map(|suffix| text.strip_suffix(suffix));
    text.chars().all(fits) && name.is_some_and(|name| !name.is_empty() && (!regional || name.contains('.')))
}

/// Services whose resources have nothing for the public: functions, and event buses.
const NOT_FOR_THE_PUBLIC: &[(&str, &str)] = &[("lambda:", "use this function"), ("events:", "put events on this bus")];

/// "We strongly recommend that you do not use a wildcard (*) in the Principal element of a resource-based policy with an Allow
/// effect unless you intend to grant public or anonymous access."
fn everybody(statement: &Statement<'_>, principal: &Principal<'_>, sink: &mut Sink) {
    let is_action =
        |prefix: &str| statement.actions.iter().any(|item| item.text.to_ascii_lowercase().starts_with(prefix));
    let Some((_, what)) = NOT_FOR_THE_PUBLIC.iter().find(|(prefix, _)| !statement.not_action && is_action(prefix))
    else {
        return;
    };
    let everyone = principal.names.iter().find(|(sort, name)| *sort == "AWS" && name.text == "*");
    let Some((_, name)) = everyone.filter(|_| !principal.not && statement.conditions.is_empty()) else { return };
    let message = format!("every account of AWS can {what}");
    let help = "name who is meant, or add a condition, such as one on `aws:PrincipalOrgID` or `aws:SourceArn`";
    sink.add(&code::EVERYBODY_WITHOUT_CONDITION, name.span, message).help(help);
}

/// "Granting access to a service principal without specifying a source is overly permissive."
fn source(statement: &Statement<'_>, principal: &Principal<'_>, sink: &mut Sink) {
    let sources = ["aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"];
    let mut services = principal.names.iter().filter(|(sort, _)| *sort == "Service").map(|(_, name)| name);
    let Some(name) = services.next().filter(|_| !principal.not) else { return };
    let is_positive = |condition: &&Condition<'_>| !condition.holds_without();
    let of_principals = statement.on(&["aws:principalorgid", "aws:principalorgpaths"]).find(is_positive);
    if let Some(condition) = of_principals.filter(|_| principal.names.iter().all(|(sort, _)| *sort == "Service")) {
        let message = format!("a service is of no organisation: its requests never carry `{}`", plain(condition.name));
        let help = "use `aws:SourceOrgID`, which is that of the resource the service acts for";
        sink.add(&code::UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL, condition.name_span, message).help(help);
    }
    if statement.on(&sources).next().is_some() {
        return;
    }
    let help = "add a condition on `aws:SourceArn`, `aws:SourceAccount`, `aws:SourceOrgID` or `aws:SourceOrgPaths`";
    if let Some(condition) = statement.on(&["aws:referer"]).next() {
        let message = format!("`{}` does not tie {} to what it acts for", plain(condition.name), plain(name.text));
        let code = &code::RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL;
        sink.add(code, condition.name_span, message).help(help);
        return;
    }
    let message = format!("anyone can have {} make these requests, from any account", plain(name.text));
    sink.add(&code::RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL, name.span, message).help(help);
}
