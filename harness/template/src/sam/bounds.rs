//! What stands once in a template may be made many times: how much that may come to.

use source::{Entry, Finding, Node};

use super::Transform;
use super::build::{At, length};
use super::resource::{PASSED_ON, Resource};

/// How many characters all that is made may have, more or less.
pub(super) const BUDGET: usize = 16 << 20;

/// How many characters a name may have that others begin with.
/// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const LONGEST: usize = 255;

/// How many characters a part may have that stands in everything that is made of a resource.
const LARGEST: usize = 4096;

impl Transform<'_> {
    /// Counts what is made; `false` once that is too much, which is said once.
    pub(super) fn spend(&mut self, amount: usize, at: At) -> bool {
        let within = self.spent <= BUDGET;
        self.spent = self.spent.saturating_add(amount);
        if within && self.spent > BUDGET {
            let message = "the template grows too large when AWS::Serverless is applied";
            self.report(Finding::error("TOO_LARGE", at.0, message));
        }
        self.spent <= BUDGET
    }
}

/// What of a template is too long or too large to be made again and again, if something is.
pub(super) fn exceeded(resources: &[Entry]) -> Option<Finding> {
    resources.iter().find_map(|entry| too_long(entry).or_else(|| too_large(entry)))
}

fn too_long(entry: &Entry) -> Option<Finding> {
    let within = [entry.value.get("Connectors"), Resource::new(entry).get("Resolvers")];
    let names = within.into_iter().flatten().flat_map(Node::entries).chain([entry]);
    let found = names.into_iter().find(|entry| entry.key.len() > LONGEST)?;
    let message = format!("a name may have {LONGEST} characters here, and this has {}", found.key.len());
    Some(Finding::error("BAD_NAME", found.key_span, message))
}

fn too_large(entry: &Entry) -> Option<Finding> {
    let resource = Resource::new(entry);
    let repeated = [resource.get("PermissionsBoundary"), resource.get("StageName")].into_iter().flatten();
    let parts = entry.value.entries().iter().filter(|part| PASSED_ON.contains(&&*part.key)).map(|part| &part.value);
    let found = repeated.chain(parts).find(|node| length(node) > LARGEST)?;
    let message = format!("this is too long to stand in everything that is made of `{}`", entry.key);
    Some(Finding::error("TOO_LARGE", found.span, message))
}
