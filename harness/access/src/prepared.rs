//! Policies taken apart into statements, so that what bears on a question can be told from what does not.

use std::sync::Arc;

use policy::wildcard::{covers, matches_action};
use policy::{Context, ContextValue, Document, Effect, Kind, Policy, Principal, Request, Verdict, decide_alone};
use serde_json::{Map, Value, json};

use crate::Condition;
use crate::residual::Left;

/// The text of a policy, of some kind.
pub(crate) struct Prepared {
    pub(crate) kind: Kind,
    version: Option<String>,
    pub(crate) statements: Vec<Statement>,
}

/// One statement of it.
pub(crate) struct Statement {
    json: Map<String, Value>,
    pub(crate) effect: Effect,
    pub(crate) sid: Option<String>,
    /// Names of variables in its Resource, in lower case.
    pub(crate) resource_keys: Vec<String>,
    pub(crate) conditions: Vec<PreparedCondition>,
    /// The same about everybody and without conditions.
    bare: Option<Arc<Policy>>,
}

/// One of its conditions.
pub(crate) struct PreparedCondition {
    pub(crate) written: Condition,
    /// The key and the variables in its values, in lower case.
    pub(crate) keys: Vec<String>,
    /// The same text for conditions that come out the same.
    pub(crate) canonical: String,
    /// An Allow of everything under this condition.
    alone: Option<Arc<Policy>>,
}

/// Whether a statement is about what a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bears {
    /// About none of it.
    No,
    /// About some of it, or it is not told without more.
    Partly,
    /// About all of it.
    Yes,
}

impl Prepared {
    pub(crate) fn new(kind: Kind, text: &str) -> Self {
        let json: Value = serde_json::from_str(text).unwrap_or_default();
        let version = json["Version"].as_str().map(str::to_owned);
        let has_variables = version.as_deref() == Some("2012-10-17");
        let statements = match &json["Statement"] {
            Value::Array(all) => all.as_slice(),
            one => std::slice::from_ref(one),
        };
        let statements = statements.iter().filter_map(Value::as_object);
        let statements = statements.map(|json| Statement::new(kind, version.as_deref(), has_variables, json)).collect();
        Self { kind, version, statements }
    }

    /// The policy with what is left of some of its statements.
    pub(crate) fn with<'l>(&self, name: &str, kept: impl Iterator<Item = &'l Left>) -> Option<Arc<Policy>> {
        let statements = kept.map(|left| {
            let statement = &self.statements[left.statement];
            let mut json = statement.json.clone();
            json.remove("Condition");
            if !left.kept.is_empty() {
                let conditions = left.kept.iter().map(|&at| &statement.conditions[at].written);
                json.insert("Condition".to_owned(), block(conditions));
            }
            // It is about all that is asked for, whatever its variables hold elsewhere.
            if !left.is_partly && !statement.resource_keys.is_empty() {
                json.remove("NotResource");
                json.insert("Resource".to_owned(), json!("*"));
            }
            Value::Object(json)
        });
        policy(name, self.kind, self.version.as_deref(), &statements.collect::<Vec<_>>())
    }

    /// What a statement is about of what is asked for, as far as its conditions let it, as an Allow of an identity policy.
    pub(crate) fn extent(&self, left: &Left) -> (Option<&str>, Value) {
        let statement = &self.statements[left.statement];
        let mut extent = json!({"Effect": "Allow", "Action": "*"});
        match statement.json.get("NotResource").filter(|_| left.is_partly) {
            Some(not) => extent["NotResource"] = not.clone(),
            None => {
                let resource = statement.json.get("Resource").filter(|_| left.is_partly);
                extent["Resource"] = resource.cloned().unwrap_or_else(|| json!("*"));
            }
        }
        if !left.kept.is_empty() {
            extent["Condition"] = block(left.kept.iter().map(|&at| &statement.conditions[at].written));
        }
        (self.version.as_deref(), extent)
    }
}

impl Prepared {
    /// The policy with all of its statements.
    pub(crate) fn whole_policy(&self, name: &str) -> Option<Arc<Policy>> {
        let statements: Vec<Value> = self.statements.iter().map(|one| Value::Object(one.json.clone())).collect();
        policy(name, self.kind, self.version.as_deref(), &statements)
    }

    /// A statement as an Allow of an identity policy; without Resource it is about `resource`.
    pub(crate) fn whole(&self, statement: usize, resource: Option<&str>) -> (Option<&str>, Value) {
        let mut json = self.statements[statement].json.clone();
        for element in ["NotPrincipal", "Principal"] {
            json.remove(element);
        }
        if !json.contains_key("Resource") && !json.contains_key("NotResource") {
            json.insert("Resource".to_owned(), json!(resource.unwrap_or("*")));
        }
        (self.version.as_deref(), json.into())
    }
}

impl Statement {
    fn new(kind: Kind, version: Option<&str>, has_variables: bool, json: &Map<String, Value>) -> Self {
        let effect = if json.get("Effect") == Some(&json!("Deny")) { Effect::Deny } else { Effect::Allow };
        let mut bare = json.clone();
        for element in ["Condition", "NotPrincipal", "Principal", "Sid"] {
            bare.remove(element);
        }
        if has_principal(kind) {
            bare.insert("Principal".to_owned(), json!("*"));
        }
        let operators = json.get("Condition").and_then(Value::as_object).into_iter().flatten();
        let conditions = operators.flat_map(|(operator, keys)| {
            let keys = keys.as_object().into_iter().flatten();
            keys.map(|(key, values)| PreparedCondition::new(version, has_variables, operator, key, values))
        });
        let resources = ["Resource", "NotResource"].into_iter().flat_map(|element| texts(json.get(element)));
        let resource_keys =
            if has_variables { resources.flat_map(|text| variables(&text)).collect() } else { Vec::new() };
        Self {
            effect,
            sid: json.get("Sid").and_then(Value::as_str).map(str::to_owned),
            resource_keys,
            conditions: conditions.collect(),
            bare: policy("bare", kind, version, &[Value::Object(bare)]),
            json: json.clone(),
        }
    }

    /// Whether it is about an action on a resource, which may have wildcards.
    pub(crate) fn bears(&self, action: &str, resource: &str) -> Bears {
        let listed = |element: &str| texts(self.json.get(element)).iter().any(|one| matches_action(one, action));
        if self.json.contains_key("NotAction") == listed("NotAction") && !listed("Action") {
            return Bears::No;
        }
        if !resource.contains(['*', '?']) || resource == "*" {
            return self.bears_on_one(action, resource);
        }
        match (self.json.get("Resource"), self.json.get("NotResource")) {
            (None, None) => Bears::Yes,
            (Some(listed), _) => {
                let listed = texts(Some(listed));
                match () {
                    () if self.resource_keys.is_empty() && listed.iter().any(|one| covers(one, resource)) => Bears::Yes,
                    () if listed.iter().all(|one| are_apart(one, resource)) => Bears::No,
                    () => Bears::Partly,
                }
            }
            (None, Some(left_out)) => {
                let left_out = texts(Some(left_out));
                match () {
                    () if self.resource_keys.is_empty() && left_out.iter().any(|one| covers(one, resource)) => {
                        Bears::No
                    }
                    () if left_out.iter().all(|one| are_apart(one, resource)) => Bears::Yes,
                    () => Bears::Partly,
                }
            }
        }
    }

    fn bears_on_one(&self, action: &str, resource: &str) -> Bears {
        match self.resource_keys.is_empty() {
            true => self.bears_with(action, resource, Context::new()),
            false => Bears::Partly,
        }
    }

    /// Whether it is about one resource, where its variables have the values of these keys.
    pub(crate) fn bears_with(&self, action: &str, resource: &str, context: Context) -> Bears {
        let Some(bare) = &self.bare else { return Bears::Partly };
        let request = request(action, resource, context);
        let decision = decide_alone(bare, &request);
        match decision.verdict {
            // What rests on a row of `undocumented` is left to the proof.
            _ if !decision.notes.is_empty() => Bears::Partly,
            Verdict::ImplicitlyDenied => Bears::No,
            Verdict::Allowed | Verdict::ExplicitlyDenied => Bears::Yes,
        }
    }

    /// What its Action or NotAction lists, to show.
    pub(crate) fn actions(&self) -> (bool, Vec<String>) {
        let element = if self.json.contains_key("NotAction") { "NotAction" } else { "Action" };
        (element == "NotAction", texts(self.json.get(element)))
    }

    /// What its Resource or NotResource lists, to show.
    pub(crate) fn resources(&self) -> (bool, Vec<String>) {
        let element = if self.json.contains_key("NotResource") { "NotResource" } else { "Resource" };
        (element == "NotResource", texts(self.json.get(element)))
    }
}

impl PreparedCondition {
    fn new(version: Option<&str>, has_variables: bool, operator: &str, key: &str, values: &Value) -> Self {
        let written = Condition { operator: operator.to_owned(), key: key.to_owned(), values: texts(Some(values)) };
        let mut keys = vec![key.to_lowercase()];
        if has_variables {
            keys.extend(written.values.iter().flat_map(|text| variables(text)));
        }
        let statement = json!({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": block([&written])});
        let canonical = format!("{operator} {key} {:?} {has_variables}", written.values);
        Self { written, keys, canonical, alone: policy("condition", Kind::Identity, version, &[statement]) }
    }

    /// Whether it holds of a request with these keys, which are all that it looks at.
    pub(crate) fn holds(&self, context: &Context) -> Option<bool> {
        let alone = self.alone.as_ref()?;
        let request = request("s3:GetObject", "arn:aws:s3:::b/k", context.clone());
        let decision = decide_alone(alone, &request);
        // What rests on a row of `undocumented` is left to the proof.
        decision.notes.is_empty().then_some(decision.verdict == Verdict::Allowed)
    }
}

/// A request of nobody in particular.
fn request(action: &str, resource: &str, context: Context) -> Request {
    Request {
        principal: Principal::Anonymous,
        action: action.to_owned(),
        resource: resource.to_owned(),
        resource_account: None,
        context,
    }
}

pub(crate) fn policy(name: &str, kind: Kind, version: Option<&str>, statements: &[Value]) -> Option<Arc<Policy>> {
    let mut document = json!({"Statement": statements});
    if let Some(version) = version {
        document["Version"] = json!(version);
    }
    let document = Document::read_json(&document.to_string(), kind).0?;
    Some(Arc::new(Policy::new(name, kind, &document)))
}

/// Conditions as a statement has them. Each stands under its operator and its key once.
pub(crate) fn block<'c>(conditions: impl IntoIterator<Item = &'c Condition>) -> Value {
    let mut block = Map::new();
    for Condition { operator, key, values } in conditions {
        block.entry(operator.clone()).or_insert_with(|| json!({}))[key] = json!(values);
    }
    block.into()
}

const fn has_principal(kind: Kind) -> bool {
    matches!(kind, Kind::Resource | Kind::Trust | Kind::ResourceControl | Kind::Endpoint)
}

/// One text, or a list of them; numbers and Booleans as their texts.
fn texts(value: Option<&Value>) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match value {
        None => Vec::new(),
        Some(Value::Array(all)) => all.iter().map(text).collect(),
        Some(one) => vec![text(one)],
    }
}

/// The names of the variables in a text, in lower case.
fn variables(text: &str) -> Vec<String> {
    let names = text.split("${").skip(1).filter_map(|rest| rest.split(['}', ',']).next());
    names.map(|name| name.trim().to_lowercase()).filter(|name| name.contains(':')).collect()
}

/// Whether two patterns surely have no text together: by what stands before their first wildcards.
fn are_apart(one: &str, other: &str) -> bool {
    let start = |pattern: &str| pattern.split(['*', '?', '$']).next().unwrap_or_default().to_owned();
    let (one, other) = (start(one), start(other));
    !one.starts_with(&other) && !other.starts_with(&one)
}

/// A context of one key, for tests of what holds.
pub(crate) fn set(context: &mut Context, key: &str, value: &ContextValue) {
    match value {
        ContextValue::One(value) => context.set(key, value),
        ContextValue::Many(values) => context.set_many(key, values.iter().cloned()),
    }
}
