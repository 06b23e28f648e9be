//! How long a policy may be.

use policy::Kind;
use source::{Node, Value};

use crate::code;
use crate::sink::Sink;

/// Reports a policy that is too long for its kind, and gives its length: characters of its JSON, white space aside.
///
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html,
/// docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html,
/// docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html (20 KB)
pub(crate) fn check(node: &Node, kind: Kind, sink: &mut Sink) -> usize {
    let size = length(node);
    let (code, most, limit) = match kind {
        // A longer one may still be an inline policy.
        Kind::Identity | Kind::Boundary => (
            &code::POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA,
            6_144,
            "10,240 for all inline policies of a role together, 6,144 for a managed policy",
        ),
        Kind::Trust => {
            (&code::POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA, 2_048, "2,048 for a trust policy by default")
        }
        Kind::Session => (&code::POLICY_SIZE_EXCEEDS_SESSION_POLICY_QUOTA, 2_048, "2,048 for a session policy"),
        Kind::ServiceControl => (&code::POLICY_SIZE_EXCEEDS_SCP_QUOTA, 5_120, "5,120 for a service control policy"),
        Kind::ResourceControl => (&code::POLICY_SIZE_EXCEEDS_RCP_QUOTA, 5_120, "5,120 for a resource control policy"),
        Kind::Resource | Kind::Endpoint => {
            (&code::POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA, 20_480, "20,480 for a bucket or endpoint policy")
        }
    };
    if size > most {
        let message = format!("the policy has {} characters; the limit is {limit}", grouped(size));
        sink.add(code, super::head(node), message).help("split it up, or use wildcards");
    }
    size
}

/// With a comma before every three digits.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let comma = |at: usize| at > 0 && (digits.len() - at).is_multiple_of(3);
    digits.char_indices().flat_map(|(at, digit)| comma(at).then_some(',').into_iter().chain([digit])).collect()
}

fn length(node: &Node) -> usize {
    match &node.value {
        Value::Null => 4,
        Value::Bool(true) => 4,
        Value::Bool(false) => 5,
        Value::Number(text) => text.len(),
        Value::String(text) => quoted(text),
        Value::List(items) => 2 + items.iter().map(length).sum::<usize>() + items.len().saturating_sub(1),
        Value::Map(entries) => {
            let entry = |entry: &source::Entry| quoted(&entry.key) + 1 + length(&entry.value);
            2 + entries.iter().map(entry).sum::<usize>() + entries.len().saturating_sub(1)
        }
    }
}

fn quoted(text: &str) -> usize {
    2 + text.chars().filter(|c| !c.is_whitespace()).map(|c| 1 + usize::from(c == '"' || c == '\\')).sum::<usize>()
}
