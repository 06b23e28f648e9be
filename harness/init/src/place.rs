//! Where something of a stack stands in its template: as a scenario names a statement, and as JSON Patch does.

use source::{Node, Span, Value};

/// The steps from the top of a tree to the mapping with a span. What a transform has made stands nowhere.
pub(crate) fn steps(tree: &Node, wanted: Span) -> Option<Vec<String>> {
    let mut steps = Vec::new();
    find(tree, wanted, &mut steps).then_some(steps)
}

fn find(node: &Node, wanted: Span, steps: &mut Vec<String>) -> bool {
    if node.span == wanted && matches!(node.value, Value::Map(_)) {
        return true;
    }
    let items = node.items().iter().enumerate().map(|(at, item)| (at.to_string(), item));
    let entries = node.entries().iter().map(|entry| (entry.key.clone(), &entry.value));
    for (step, below) in items.chain(entries) {
        steps.push(step);
        if find(below, wanted, steps) {
            return true;
        }
        steps.pop();
    }
    false
}

/// What the steps lead to.
pub(crate) fn at<'n>(tree: &'n Node, steps: &[String]) -> Option<&'n Node> {
    steps.iter().try_fold(tree, |node, step| match &node.value {
        Value::List(items) => items.get(step.parse::<usize>().ok()?),
        _ => node.get(step),
    })
}

/// A JSON Pointer (RFC 6901).
pub(crate) fn pointer(steps: &[String]) -> String {
    steps.iter().map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect()
}

/// A statement as `under-test` names it: `LogicalId/PolicyName/SidOrIndex`. None: it cannot be named so.
pub(crate) fn under_test(tree: &Node, steps: &[String]) -> Option<String> {
    let names: Vec<&str> = steps.iter().map(String::as_str).collect();
    let &["Resources", id, "Properties", ref rest @ ..] = &names[..] else { return None };
    let properties = at(tree, &steps[..3])?;
    let (policy, statement) = match rest {
        ["PolicyDocument", "Statement", statement @ ..] => (None, statement),
        ["AssumeRolePolicyDocument", "Statement", statement @ ..] => (Some("AssumeRolePolicyDocument"), statement),
        ["Policies", at, "PolicyDocument", "Statement", statement @ ..] => {
            let policies = properties.get("Policies")?.items();
            let name = policies.get((*at).parse::<usize>().ok()?)?.get("PolicyName")?.text()?;
            let is_one =
                policies.iter().filter(|one| one.get("PolicyName").and_then(Node::text) == Some(name)).count() == 1;
            (Some(name).filter(|name| is_one && !name.is_empty() && !name.contains('/')), statement)
        }
        _ => return None,
    };
    if rest.first() == Some(&"Policies") && policy.is_none() {
        return None;
    }
    let index = match statement {
        [] => 0,
        [at] => at.parse::<usize>().ok()?,
        _ => return None,
    };
    let list = at(tree, &steps[..steps.len() - statement.len()])?;
    let statements = if statement.is_empty() { std::slice::from_ref(list) } else { list.items() };
    let sid = |node: &Node| node.get("Sid").and_then(Node::text).map(str::to_owned);
    let own = sid(statements.get(index)?).filter(|own| {
        let is_plain = own.chars().all(char::is_alphanumeric) && !own.chars().all(|c| c.is_ascii_digit());
        is_plain && statements.iter().filter(|one| sid(one).as_ref() == Some(own)).count() == 1
    });
    let last = own.unwrap_or_else(|| (index + 1).to_string());
    Some([id].into_iter().chain(policy).chain([last.as_str()]).collect::<Vec<_>>().join("/"))
}

/// The patch that takes a statement away; None: something would be left that AWS refuses.
pub(crate) fn removal(tree: &Node, steps: &[String]) -> Option<String> {
    let mut steps = steps.to_vec();
    while let Some(last) = steps.last() {
        let above = at(tree, &steps[..steps.len() - 1])?;
        let is_policy = steps.iter().rev().nth(1).is_some_and(|step| step == "Policies");
        if last.parse::<usize>().is_ok() && (above.items().len() > 1 || is_policy) {
            return Some(pointer(&steps));
        }
        steps.pop();
    }
    None
}
