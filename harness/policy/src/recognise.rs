//! Whether something is a policy at all.

use source::{Node, Value};

/// A guard against nesting without end; readers stop earlier.
const DEEPEST: usize = 200;

/// Whether a tree is a policy document, be there functions of CloudFormation's in it or not.
///
/// Rules of firewalls have a Statement as well: those of policies say what they allow or deny, and policies have a Version.
/// Policies of stacks have the form of IAM's, and say which updates of a stack CloudFormation makes: `Update:Replace`.
/// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
///
/// ```
/// # use source::{FileId, yaml};
/// let is_policy = |text| policy::is_policy(&yaml::read(FileId(0), text).0.unwrap());
/// assert!(is_policy("{Version: '2012-10-17', Statement: [{Effect: Allow, Action: '*', Resource: '*'}]}"));
/// assert!(!is_policy("{Statement: {RateBasedStatement: {Limit: 100}}}"));
/// assert!(!is_policy("{Statement: [{Effect: Deny, Action: 'Update:Delete', Principal: '*', Resource: '*'}]}"));
/// ```
#[must_use]
pub fn is_policy(node: &Node) -> bool {
    let Some(statement) = node.get("Statement") else { return false };
    let is_text = matches!(statement.value, Value::String(_));
    let is_one = node.get("Version").is_some() && !is_text || any(statement, 0, &is_statement);
    is_one && !any(statement, 0, &is_of_stack_policy)
}

/// Whether something is so of a statement, or of one of a list or of the branches of `Fn::If`.
fn any(node: &Node, depth: usize, is_it: &dyn Fn(&Node) -> bool) -> bool {
    let chosen = node.get("Fn::If").map(Node::items).unwrap_or_default();
    depth <= DEEPEST && (is_it(node) || node.items().iter().chain(chosen).any(|below| any(below, depth + 1, is_it)))
}

fn is_statement(node: &Node) -> bool {
    ["Effect", "Action", "NotAction", "Principal"].iter().any(|name| node.get(name).is_some())
}

fn is_of_stack_policy(statement: &Node) -> bool {
    let Some(actions) = statement.get("Action").or_else(|| statement.get("NotAction")) else { return false };
    let mut texts = actions.items().iter().chain([actions]).filter_map(Node::text).peekable();
    texts.peek().is_some() && texts.all(|action| action.starts_with("Update:"))
}
