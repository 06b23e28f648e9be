//! Where something of a stack stands in its template: as a scenario names a statement, and as JSON Patch does.

use serde_json::{Value as Json, json};
use source::{Node, Span, Value};

/// Where a statement stands.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// The steps to it.
    Mapping(Vec<String>),
    /// In JSON text: the steps to the text, what it says, and which statement it is.
    Text { steps: Vec<String>, document: Json, at: usize },
}

/// A template as it is written, and as its transforms leave it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trees<'p> {
    pub(crate) written: &'p Node,
    pub(crate) made: &'p Node,
}

impl<'p> Trees<'p> {
    fn both(self) -> [&'p Node; 2] {
        [self.written, self.made]
    }

    /// Where the statement of a document with an index stands.
    pub(crate) fn place(self, document: &Node, statement: (usize, &Node)) -> Option<Place> {
        self.both().into_iter().find_map(|tree| Place::of(tree, document, statement))
    }

    /// What the steps lead to in the template as it is written.
    pub(crate) fn written_at(self, steps: &[String]) -> Option<&'p Node> {
        at(self.written, steps)
    }

    /// What the steps lead to.
    pub(crate) fn at(self, steps: &[String]) -> Option<&'p Node> {
        self.both().into_iter().find_map(|tree| at(tree, steps))
    }

    /// A statement as `under-test` names it. None: it cannot be named so.
    pub(crate) fn under_test(self, steps: &[String]) -> Option<String> {
        self.both().into_iter().find_map(|tree| under_test(tree, steps))
    }
}

impl Place {
    /// Where the statement of a document with an index stands in a tree.
    pub(crate) fn of(tree: &Node, document: &Node, (at, statement): (usize, &Node)) -> Option<Self> {
        let mut all = found(tree, statement.span, |node| node.get("Effect").is_some());
        // What was made of one text has one place; what it says tells it apart.
        if all.len() > 1 {
            let wanted = template::json(statement);
            all.retain(|steps| self::at(tree, steps).is_some_and(|node| template::json(node) == wanted));
        }
        if let Some(steps) = all.into_iter().next() {
            return Some(Self::Mapping(steps));
        }
        let is_text = |node: &Node| match (&node.value, node.entries()) {
            (Value::String(_), _) => true,
            (_, [one]) => ["Fn::Sub", "Fn::Join"].contains(&one.key.as_str()),
            _ => false,
        };
        let steps = found(tree, document.span, is_text).into_iter().next()?;
        Some(Self::Text { steps, document: template::json(document), at })
    }

    /// The patch that gives the statement another Condition, or none.
    pub(crate) fn with_condition(&self, trees: Trees<'_>, condition: &serde_json::Map<String, Json>) -> Option<Json> {
        match self {
            Self::Mapping(steps) => {
                let steps = [&steps[..], &["Condition".to_owned()]].concat();
                match (condition.is_empty(), trees.at(&steps).is_some()) {
                    (true, false) => None,
                    (true, true) => Some(json!({"op": "remove", "path": pointer(&steps)})),
                    (false, _) => Some(json!({"op": "add", "path": pointer(&steps), "value": condition})),
                }
            }
            Self::Text { steps, document, at } => {
                let mut document = document.clone();
                let statement = match &mut document["Statement"] {
                    Json::Array(all) => all.get_mut(*at)?,
                    one => one,
                };
                if condition.is_empty() {
                    statement.as_object_mut()?.shift_remove("Condition");
                } else {
                    statement["Condition"] = json!(condition);
                }
                Some(json!({"op": "replace", "path": pointer(steps), "value": document}))
            }
        }
    }

    /// The patch that takes the statement away; None: something would be left that AWS refuses.
    pub(crate) fn removal(&self, trees: Trees<'_>) -> Option<Json> {
        match self {
            Self::Mapping(steps) => Some(json!({"op": "remove", "path": removal(trees, steps)?})),
            Self::Text { steps, document, at } => {
                let mut document = document.clone();
                let all = document["Statement"].as_array_mut().filter(|all| all.len() > 1 && *at < all.len())?;
                all.remove(*at);
                Some(json!({"op": "replace", "path": pointer(steps), "value": document}))
            }
        }
    }
}

/// The steps to each node with a span that is such a one.
fn found(tree: &Node, wanted: Span, is_it: impl Fn(&Node) -> bool) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    let mut open = vec![(Vec::new(), tree)];
    while let Some((steps, node)) = open.pop() {
        if node.span == wanted && is_it(node) {
            all.push(steps.clone());
        }
        let items = node.items().iter().enumerate().map(|(at, item)| (at.to_string(), item));
        let entries = node.entries().iter().map(|entry| (entry.key.clone(), &entry.value));
        let below: Vec<_> = items.chain(entries).collect();
        open.extend(below.into_iter().rev().map(|(step, node)| ([&steps[..], &[step]].concat(), node)));
    }
    all
}

/// What the steps lead to.
fn at<'n>(tree: &'n Node, steps: &[String]) -> Option<&'n Node> {
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
fn under_test(tree: &Node, steps: &[String]) -> Option<String> {
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

/// What to take away for a statement to be gone.
fn removal(trees: Trees<'_>, steps: &[String]) -> Option<String> {
    let mut steps = steps.to_vec();
    while let Some(last) = steps.last() {
        let above = trees.at(&steps[..steps.len() - 1])?;
        let is_policy = steps.iter().rev().nth(1).is_some_and(|step| step == "Policies");
        if last.parse::<usize>().is_ok() && (above.items().len() > 1 || is_policy) {
            return Some(pointer(&steps));
        }
        steps.pop();
    }
    None
}
