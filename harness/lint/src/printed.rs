//! What the AWS CLI and SDKs print of policies: `get-policy-version`, `get-account-authorization-details`,
//! `get-bucket-policy`, `get-template` …: documents inside answers, as JSON or as text, plain or encoded as in a URL.

use policy::Kind;
use source::{Finding, Findings, Node};

use crate::embedded::{self, Part};

/// A guard against nesting without end; readers stop earlier.
const DEEPEST: usize = 200;

/// The policies inside an answer, and what is wrong with the JSON of those that are written as text. A policy is of the
/// kind that is given; without one, of the kind that its place in the answer says, or of the one it looks like.
#[must_use]
pub fn printed(root: &Node, text: &str, kind: Option<Kind>) -> (Vec<(Kind, Node)>, Vec<Finding>) {
    let mut walk = Walk { text, kind, found: Vec::new(), said: Findings::default() };
    walk.node(root, root, "", 0);
    (walk.found, walk.said.into_vec())
}

struct Walk<'a> {
    text: &'a str,
    kind: Option<Kind>,
    found: Vec<(Kind, Node)>,
    said: Findings,
}

impl Walk<'_> {
    fn node(&mut self, node: &Node, parent: &Node, name: &str, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        // cloudformation get-template
        if crate::template::has_resources(node) {
            let (found, said) = crate::template::find(node, Some(self.text));
            self.found.extend(found);
            self.said.extend(said);
            return;
        }
        let written = match node.value {
            source::Value::String(_) => embedded::policy(&[Part::Text(node)], Some(self.text), node.span),
            _ => None,
        };
        let written = written.and_then(|(policy, said)| {
            let broken = crate::reading::broken(&said);
            let policy = policy.filter(|_| broken.is_none());
            self.said.extend(broken.unwrap_or(said));
            policy
        });
        let node = written.as_ref().unwrap_or(node);
        if policy::is_policy(node) {
            let kind = self.kind.or_else(|| kind_of(name, parent)).unwrap_or_else(|| crate::guess(node));
            self.found.push((kind, node.clone()));
            return;
        }
        node.items().iter().for_each(|item| self.node(item, node, name, depth + 1));
        node.entries().iter().for_each(|entry| self.node(&entry.value, node, &entry.key, depth + 1));
    }
}

/// What the name of its place in an answer says of a policy.
fn kind_of(name: &str, parent: &Node) -> Option<Kind> {
    Some(match name {
        // iam get-role, list-roles, get-account-authorization-details
        "AssumeRolePolicyDocument" => Kind::Trust,
        // organizations describe-policy
        "Content" => match parent.get("PolicySummary")?.get("Type")?.text()? {
            "SERVICE_CONTROL_POLICY" => Kind::ServiceControl,
            "RESOURCE_CONTROL_POLICY" => Kind::ResourceControl,
            _ => return None,
        },
        // ec2 describe-vpc-endpoints
        "PolicyDocument" if parent.get("VpcEndpointId").is_some() => Kind::Endpoint,
        // iam get-policy-version, get-role-policy …
        "Document" | "PolicyDocument" => Kind::Identity,
        _ => return None,
    })
}
