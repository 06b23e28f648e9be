//! A file of documented cases.

#![expect(clippy::disallowed_methods, reason = "tests read their cases from files")]

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};
use source::Node;

/// A file, its tables written out row by row.
pub(crate) struct File {
    pub(crate) name: String,
    /// Documents that cases attach by name.
    pub(crate) policies: BTreeMap<String, Value>,
    pub(crate) rows: Vec<Row>,
}

/// One request with its outcome.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) page: String,
    pub(crate) policies: Attached,
    pub(crate) request: CaseRequest,
    pub(crate) decision: String,
    /// The kinds of policy that decide, where the page tells.
    pub(crate) by: Option<Vec<String>>,
    /// The undocumented rows it rests on; none unless AWS leaves something open.
    pub(crate) notes: Vec<String>,
    /// The case it belongs to.
    pub(crate) case: String,
    /// The fact of a service that decides, where the case is about facts.
    pub(crate) fact: Option<String>,
    /// Whether another passage of AWS's says otherwise.
    pub(crate) contradicted: bool,
}

/// What is attached, in the words of the simulation format; a trust policy besides.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Attached {
    pub(crate) identity: Vec<Attachment>,
    pub(crate) resource: Option<Attachment>,
    pub(crate) trust: Option<Attachment>,
    pub(crate) boundary: Vec<Attachment>,
    pub(crate) session: Option<Vec<Attachment>>,
    pub(crate) scp: Vec<Vec<Attachment>>,
    pub(crate) rcp: Vec<Vec<Attachment>>,
    pub(crate) endpoint: Vec<Attachment>,
}

#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Attachment {
    Name(String),
    Written(Value),
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct CaseRequest {
    pub(crate) principal: Caller,
    pub(crate) action: String,
    pub(crate) resource: String,
    pub(crate) resource_account: Option<String>,
    #[serde(default)]
    pub(crate) context: BTreeMap<String, Values>,
}

#[derive(Clone, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(crate) enum Caller {
    Name(String),
    Federated {
        federated: String,
    },
    /// A session whose role has a path.
    Role {
        role: String,
        session: String,
    },
    /// A session made by GetFederationToken, with the user who made it.
    FederatedUser {
        session: String,
        user: String,
    },
}

#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Values {
    One(Scalar),
    Many(Vec<Scalar>),
}

#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Scalar {
    Text(String),
    Bool(bool),
    Number(serde_json::Number),
}

impl Scalar {
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Bool(value) => value.to_string(),
            Self::Number(number) => number.to_string(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    page: String,
    #[serde(default)]
    policies: BTreeMap<String, Value>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// What the page says, in short.
    says: String,
    page: Option<String>,
    #[serde(default)]
    policies: Attached,
    /// Of a case with rows, what they have in common.
    #[serde(default)]
    request: Map<String, Value>,
    decision: Option<String>,
    by: Option<Vec<String>>,
    #[serde(default)]
    notes: Vec<String>,
    fact: Option<String>,
    /// What another passage says instead, and where.
    contradicts: Option<String>,
    #[serde(default)]
    rows: Vec<Variant>,
}

/// A row of a table: what it asks instead of, or besides, what its case asks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Variant {
    #[serde(default)]
    says: String,
    #[serde(default)]
    request: Map<String, Value>,
    decision: String,
    by: Option<Vec<String>>,
    #[serde(default)]
    notes: Vec<String>,
    fact: Option<String>,
    contradicts: Option<String>,
}

/// Reads a file, or says everything that is wrong with it.
pub(crate) fn read(path: &Path) -> Result<File, Vec<String>> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let text = std::fs::read_to_string(path).map_err(|error| vec![format!("{name}: {error}")])?;
    parse(&name, &text)
}

/// Reads the text of a file.
pub(crate) fn parse(name: &str, text: &str) -> Result<File, Vec<String>> {
    let fail = |problem: String| vec![format!("{name}: {problem}")];
    let (node, findings) = source::yaml::read(source::FileId(0), text);
    if !findings.is_empty() {
        let line = |span: source::Span| text.get(..span.start as usize).map_or(0, |before| before.lines().count());
        return Err(findings.iter().map(|f| format!("{name}:{}: {}", line(f.span), f.message)).collect());
    }
    let value = node.as_ref().map(json).unwrap_or_default();
    let written: Written = serde_json::from_value(value).map_err(|error| fail(error.to_string()))?;
    let problems = wrong(&written);
    if !problems.is_empty() {
        return Err(problems.into_iter().map(|problem| format!("{name}: {problem}")).collect());
    }
    let mut rows = Vec::new();
    for case in &written.cases {
        rows.extend(expanded(&written, case).map_err(|problem| fail(format!("{}: {problem}", case.name)))?);
    }
    Ok(File { name: name.to_owned(), policies: written.policies, rows })
}

fn json(node: &Node) -> Value {
    match &node.value {
        source::Value::Null => Value::Null,
        source::Value::Bool(value) => Value::Bool(*value),
        source::Value::Number(text) => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone())),
        source::Value::String(text) => Value::String(text.clone()),
        source::Value::List(items) => items.iter().map(json).collect(),
        source::Value::Map(entries) => {
            Value::Object(entries.iter().map(|entry| (entry.key.clone(), json(&entry.value))).collect())
        }
    }
}

/// What the types do not tell.
fn wrong(written: &Written) -> Vec<String> {
    let mut problems = Vec::new();
    let mut names = HashSet::new();
    if written.cases.is_empty() {
        problems.push("there is no case".to_owned());
    }
    for page in written.cases.iter().filter_map(|case| case.page.as_ref()).chain([&written.page]) {
        if !page.starts_with("https://docs.aws.amazon.com/") {
            problems.push(format!("`{page}` is not a page of AWS's guides"));
        }
    }
    for case in &written.cases {
        if !names.insert(&case.name) {
            problems.push(format!("two cases are called `{}`", case.name));
        }
        if case.says.trim().is_empty() {
            problems.push(format!("`{}` does not tell what its page says", case.name));
        }
        if case.decision.is_some() != case.rows.is_empty() {
            problems.push(format!("`{}` needs either a decision or rows", case.name));
        }
        if !case.rows.is_empty() && (case.by.is_some() || !case.notes.is_empty() || case.contradicts.is_some()) {
            problems.push(format!("`{}` has rows; `by`, `notes` and `contradicts` are theirs", case.name));
        }
    }
    let used: HashSet<_> = written.cases.iter().flat_map(|case| case.policies.names()).collect();
    let unused = written.policies.keys().filter(|name| !used.contains(name.as_str()));
    problems.extend(unused.map(|name| format!("no case attaches the policy `{name}`")));
    problems
}

impl Attached {
    fn names(&self) -> Vec<&str> {
        let levels = self.scp.iter().chain(&self.rcp).flatten();
        let lists =
            self.identity.iter().chain(&self.boundary).chain(&self.endpoint).chain(self.session.iter().flatten());
        let all = levels.chain(lists).chain(&self.resource).chain(&self.trust);
        all.filter_map(|one| if let Attachment::Name(name) = one { Some(name.as_str()) } else { None }).collect()
    }
}

/// A case as its rows; one without rows is its own.
fn expanded(written: &Written, case: &Case) -> Result<Vec<Row>, String> {
    let row = |name,
               request: &Map<String, Value>,
               decision: &str,
               by: &Option<Vec<String>>,
               notes: &[String],
               fact: &Option<String>,
               contradicted| {
        let request = serde_json::from_value(Value::Object(request.clone())).map_err(|error| error.to_string())?;
        Ok(Row {
            name,
            page: case.page.as_ref().unwrap_or(&written.page).clone(),
            policies: case.policies.clone(),
            request,
            decision: decision.to_owned(),
            by: by.clone(),
            notes: notes.to_vec(),
            case: case.name.clone(),
            fact: fact.clone(),
            contradicted,
        })
    };
    if let Some(decision) = &case.decision {
        let contradicted = case.contradicts.is_some();
        return Ok(vec![row(
            case.name.clone(),
            &case.request,
            decision,
            &case.by,
            &case.notes,
            &case.fact,
            contradicted,
        )?]);
    }
    let numbered = case.rows.iter().zip(1..);
    let rows = numbered.map(|(variant, number)| {
        let name = format!("{} › row {number} {}", case.name, variant.says).trim_end().to_owned();
        let request = merged(&case.request, &variant.request);
        row(
            name,
            &request,
            &variant.decision,
            &variant.by,
            &variant.notes,
            &variant.fact,
            variant.contradicts.is_some(),
        )
    });
    rows.collect()
}

/// The request of a row; its context adds to that of its case.
fn merged(base: &Map<String, Value>, over: &Map<String, Value>) -> Map<String, Value> {
    let mut merged = base.clone();
    for (key, value) in over {
        match (merged.get_mut(key), value) {
            (Some(Value::Object(known)), Value::Object(more)) if key == "context" => {
                known.extend(more.iter().map(|(key, value)| (key.clone(), value.clone())));
            }
            _ => {
                merged.insert(key.clone(), value.clone());
            }
        }
    }
    merged
}
