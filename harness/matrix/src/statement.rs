//! Finds the statement under test in a template, and puts a Condition there.

use source::{Entry, Finding, Node, Span, Value};

use crate::scenario::UnderTest;

/// A way down into a tree.
enum PathPart {
    Key(String),
    Item(usize),
}

/// Puts `condition` in place of the Condition of the statement under test; an empty one leaves it without any.
///
/// # Errors
/// The statement is not there.
pub(crate) fn set_condition(template: &mut Node, under_test: &UnderTest, condition: &Node) -> Result<(), Finding> {
    let path = find(template, under_test)?;
    let mut at = template;
    for step in &path {
        let below = match (&mut at.value, step) {
            (Value::Map(entries), PathPart::Key(key)) => {
                entries.iter_mut().find(|entry| entry.key == *key).map(|entry| &mut entry.value)
            }
            (Value::List(items), PathPart::Item(index)) => items.get_mut(*index),
            _ => None,
        };
        at = below.ok_or_else(|| missing(under_test, "has changed"))?;
    }
    if let Value::Map(entries) = &mut at.value {
        entries.retain(|entry| entry.key != "Condition");
        if !condition.entries().is_empty() {
            entries.push(Entry { key: "Condition".to_owned(), key_span: condition.span, value: condition.clone() });
        }
    }
    Ok(())
}

/// Whether the statement is there.
pub(crate) fn check(template: &Node, under_test: &UnderTest) -> Result<(), Finding> {
    find(template, under_test).map(drop)
}

/// Where the statement stands; `None` if it is not there.
pub(crate) fn span(template: &Node, under_test: &UnderTest) -> Option<Span> {
    let at = find(template, under_test).ok()?.iter().try_fold(template, |at, step| match (&at.value, step) {
        (_, PathPart::Key(key)) => at.get(key),
        (Value::List(items), PathPart::Item(index)) => items.get(*index),
        _ => None,
    });
    at.map(|statement| statement.span)
}

fn missing(under_test: &UnderTest, why: &str) -> Finding {
    let message = format!("`{}` does not lead to a statement: {why}", under_test.text);
    Finding::error("NO_STATEMENT", under_test.span, message)
}

fn find(template: &Node, under_test: &UnderTest) -> Result<Vec<PathPart>, Finding> {
    let (logical_id, rest) = template::attached::split(&under_test.text);
    let parts: Vec<&str> = rest.split('/').collect();
    let (policy, statement) = match parts[..] {
        ["", policy, statement] => (Some(policy), statement),
        ["", statement] => (None, statement),
        _ => return Err(missing(under_test, "it must have two or three parts")),
    };
    let resources = template.get("Resources").map(Node::entries).unwrap_or_default();
    let resource = resources.iter().find(|entry| entry.key == logical_id).ok_or_else(|| {
        missing(under_test, &format!("the template has no resource `{logical_id}`"))
            .suggest_among(logical_id, resources.iter().map(|entry| entry.key.as_str()))
    })?;
    let properties = resource.value.get("Properties");
    let properties = properties.ok_or_else(|| missing(under_test, &format!("`{logical_id}` has no properties")))?;
    let mut path = vec![key("Resources"), key(logical_id), key("Properties")];
    let document = document(properties, policy, under_test, &mut path)?;
    let statements = document.get("Statement");
    let statements = statements.ok_or_else(|| missing(under_test, "the policy has no statements"))?;
    path.push(key("Statement"));
    let list: Vec<&Node> = match &statements.value {
        Value::List(items) => items.iter().collect(),
        _ => vec![statements],
    };
    let sid = |node: &&Node| node.get("Sid").and_then(Node::text).map(str::to_owned);
    let names = list.iter().map(sid).collect::<Vec<_>>();
    let at = choose(statement, &names).ok_or_else(|| {
        let sids = names.iter().flatten().map(String::as_str);
        let why = format!("the policy has {} statements, and none is `{statement}`", list.len());
        missing(under_test, &why).suggest_among(statement, sids)
    })?;
    if matches!(statements.value, Value::List(_)) {
        path.push(PathPart::Item(at));
    }
    Ok(path)
}

/// The policy document: a role's trust policy, an inline policy of a role, user or group, or that of a policy resource.
fn document<'n>(
    properties: &'n Node,
    policy: Option<&str>,
    under_test: &UnderTest,
    path: &mut Vec<PathPart>,
) -> Result<&'n Node, Finding> {
    let own = properties.get("PolicyDocument");
    let named =
        |name: &str| properties.get("PolicyName").and_then(Node::text) == Some(name) || name == "PolicyDocument";
    let policy = match (policy, own) {
        (None, Some(document)) => {
            path.push(key("PolicyDocument"));
            return Ok(document);
        }
        (Some(name), Some(document)) if named(name) => {
            path.push(key("PolicyDocument"));
            return Ok(document);
        }
        (None, None) => {
            return Err(missing(under_test, "the resource is not a policy")
                .help("name one of its policies: `LogicalId/PolicyName/SidOrIndex`"));
        }
        (Some(name), _) => name,
    };
    if let (TRUST, Some(document)) = (policy, properties.get(TRUST)) {
        path.push(key(TRUST));
        return Ok(document);
    }
    let policies = properties.get("Policies").map(Node::items).unwrap_or_default();
    let name = |node: &Node| node.get("PolicyName").and_then(Node::text).map(str::to_owned);
    let names: Vec<_> = policies.iter().map(name).collect();
    let at = choose(policy, &names).ok_or_else(|| {
        missing(under_test, &format!("the resource has no policy `{policy}`"))
            .suggest_among(policy, names.iter().flatten().map(String::as_str))
    })?;
    path.extend([key("Policies"), PathPart::Item(at), key("PolicyDocument")]);
    let document = policies[at].get("PolicyDocument");
    document.ok_or_else(|| missing(under_test, &format!("policy `{policy}` has no document")))
}

/// The name of a role's trust policy.
const TRUST: &str = "AssumeRolePolicyDocument";

/// By name; else by number, from 1.
fn choose(wanted: &str, names: &[Option<String>]) -> Option<usize> {
    if let Some(at) = names.iter().position(|name| name.as_deref() == Some(wanted)) {
        return Some(at);
    }
    let index = wanted.parse::<usize>().ok()?.checked_sub(1)?;
    (index < names.len()).then_some(index)
}

fn key(name: &str) -> PathPart {
    PathPart::Key(name.to_owned())
}
