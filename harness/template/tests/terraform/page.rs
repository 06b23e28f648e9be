//! What a plan comes to, on a page.

use source::{FileId, Finding, Node};
use template::attached::{self, Boundary};
use template::{Inputs, Stack, terraform};

/// What is said, and who and what there is, with policies and tags.
pub(crate) fn of(json: &str) -> String {
    let (stack, findings, place) = read(json);
    let mut lines: Vec<_> = findings.iter().map(said_of).collect();
    lines.extend(place);
    let (resources, more) = attached::resources(&stack);
    lines.extend(more.iter().map(said_of));
    let principals = attached::principals(&stack);
    for one in &principals {
        let kind = if one.trust.is_some() { "role" } else { "user" };
        lines.push(format!("{kind} {} ({})", one.name, one.resource.logical_id));
        lines.extend(one.trust.map(|trust| format!("  trust {}", policy(trust))));
        lines.extend(one.policies.iter().map(|one| format!("  policy {}: {}", one.name, policy(one.document))));
        lines.extend(one.managed_policy_arns.iter().map(|arn| format!("  managed {}", arn.value)));
        lines.extend(one.boundary.as_ref().map(|boundary| match boundary {
            Boundary::Made(policy) => format!("  boundary {}", policy.name),
            Boundary::Elsewhere(arn) => format!("  boundary {}", arn.value),
        }));
        lines.extend(one.groups_elsewhere.iter().map(|group| format!("  group {}", group.value)));
        lines.extend(tags(one.tags));
    }
    let is_principal = |id: &str| principals.iter().any(|one| one.resource.logical_id == id);
    for one in resources.iter().filter(|one| !one.logical_id.is_some_and(is_principal)) {
        lines.push(format!("{} ({})", known(one.arn, json), one.logical_id.unwrap_or("elsewhere")));
        lines.extend(one.policy.as_ref().map(|document| format!("  policy {}", policy(document))));
        lines.extend(one.tags.as_ref().and_then(|all| tags(all)));
    }
    let left = stack.not_applied.iter().filter(|left| !left.why.starts_with("not created"));
    lines.extend(left.map(|left| {
        let property = left.property.as_ref().map(|property| format!(".{property}")).unwrap_or_default();
        let lacks = if left.lacks_policy { ", with a policy" } else { "" };
        format!("left out: {}{property} ({}){lacks}", left.logical_id, left.resource_type)
    }));
    lines.extend(stack.made_up.iter().map(|made| format!("made up: {}", made.what)));
    lines.join("\n")
}

/// An ARN without what AWS makes up of it: the id of a key or of a VPC, the end of a secret's name.
fn known(arn: &str, json: &str) -> String {
    let is_made_up = |service: &str| arn.split(':').nth(2) == Some(service) && !json.contains(arn);
    match arn.rfind(['/', ':']) {
        Some(end) if ["kms", "secretsmanager", "ec2"].into_iter().any(is_made_up) => format!("{}…", &arn[..=end]),
        _ => arn.to_owned(),
    }
}

/// All findings.
pub(crate) fn said(json: &str) -> Vec<Finding> {
    read(json).1
}

fn read(json: &str) -> (Stack, Vec<Finding>, Vec<String>) {
    let (tree, mut findings) = terraform::read(FileId(0), json).expect("Terraform's JSON");
    let Some(tree) = tree else { return (Stack::default(), findings, Vec::new()) };
    let (read, more) = template::read(&tree);
    findings.extend(more);
    let read = read.expect("a template");
    let told = [("account", terraform::account(&tree)), ("region", terraform::region(&tree))];
    let account = told[0].1.unwrap_or("123456789012");
    let region = told[1].1.unwrap_or("us-east-1");
    let (stack, more) = template::resolve(&read, &Inputs::new(account, region, "scenario"));
    findings.extend(more);
    let told = told.iter().filter_map(|(what, value)| Some(format!("{what} {}", (*value)?))).collect();
    (stack, findings, told)
}

fn said_of(finding: &Finding) -> String {
    let severity = format!("{:?}", finding.severity).to_lowercase();
    format!("{severity} {}: {}", finding.code, finding.message)
}

/// The statements, each element with its value.
fn policy(document: &Node) -> String {
    let Some(statements) = document.get("Statement") else { return template::json(document).to_string() };
    let all = if statements.items().is_empty() { std::slice::from_ref(statements) } else { statements.items() };
    let element = |entry: &source::Entry| match entry.value.text() {
        Some(text) => format!("{}={text}", entry.key),
        None => format!("{}={}", entry.key, template::json(&entry.value)),
    };
    let statement = |node: &Node| node.entries().iter().map(element).collect::<Vec<_>>().join(" ");
    all.iter().map(statement).collect::<Vec<_>>().join("; ")
}

fn tags(tags: &[template::resource::Tag]) -> Option<String> {
    let all: Vec<_> = tags.iter().map(|tag| format!("{}={}", tag.key.value, tag.value.value)).collect();
    (!all.is_empty()).then(|| format!("  tags {}", all.join(", ")))
}
