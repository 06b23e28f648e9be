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
    let (code, most, whose) = match kind {
        Kind::Identity if size > 10_240 => (
            &code::POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA,
            10_240,
            "the inline policies of a role have together, and a managed policy has 6,144",
        ),
        Kind::Identity | Kind::Boundary => {
            (&code::POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA, 6_144, "a managed policy has")
        }
        Kind::Trust => (&code::POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA, 2_048, "a trust policy has by default"),
        Kind::Session => (&code::POLICY_SIZE_EXCEEDS_SESSION_POLICY_QUOTA, 2_048, "a session policy has"),
        Kind::ServiceControl => (&code::POLICY_SIZE_EXCEEDS_SCP_QUOTA, 5_120, "a service control policy has"),
        Kind::ResourceControl => (&code::POLICY_SIZE_EXCEEDS_RCP_QUOTA, 5_120, "a resource control policy has"),
        Kind::Resource | Kind::Endpoint => {
            (&code::POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA, 20_480, "a bucket or endpoint policy has")
        }
    };
    if size > most {
        let message = format!("the policy has {size} characters; {whose} at most {most}");
        sink.add(code, super::head(node), message).help("split it up, or use wildcards");
    }
    size
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
