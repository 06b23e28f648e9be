//! A statement with conditions on tags: what is put under test.

use catalog::{Action, Catalog};
use policy::operator::Operator;
use policy::{Kind, TagsOf, Vocabulary as _};
use serde_json::{Map, Value};
use source::{Node, Span};

use crate::names::slug;
use crate::place::{Place, Trees};

/// A statement under test.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    /// What names of options begin with.
    pub(crate) slug: String,
    /// As a scenario names it; None: it can only be patched.
    pub(crate) under_test: Option<String>,
    /// Where it stands in the template, or in what its transforms make; None: nowhere.
    pub(crate) place: Option<Place>,
    /// Which of its policy's statements it is.
    pub(crate) at: usize,
    /// For people: `Role/Policy/1`.
    pub(crate) says: String,
    pub(crate) span: Span,
    pub(crate) kind: Kind,
    pub(crate) denies: bool,
    /// Whether it has a condition on tags, or refers to a tag by a variable.
    pub(crate) depends_on_tags: bool,
    /// Its Condition, worked out.
    pub(crate) condition: Map<String, Value>,
    /// The conditions on tags in it.
    pub(crate) tags: Vec<TagCondition>,
    /// What it is about.
    pub(crate) statement: Value,
    /// Logical ids of the roles and users that have it, or of the resource whose policy it is of.
    pub(crate) holders: Vec<String>,
    /// The resource whose policy it is of, by its ARN.
    pub(crate) resource: Option<String>,
}

/// One condition on tags.
#[derive(Clone, Debug)]
pub(crate) struct TagCondition {
    /// As it is written: `StringEquals`.
    pub(crate) written: String,
    pub(crate) operator: Operator,
    /// As it is written: `aws:RequestTag/team`.
    pub(crate) key: String,
    /// `team`; None: the key lists the names of tags.
    pub(crate) tag: Option<String>,
    pub(crate) of: TagsOf,
    pub(crate) values: Vec<String>,
}

/// A tag to try: its key, the value that is wanted and another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    pub(crate) key: String,
    pub(crate) value: String,
}

/// A value that nobody wants.
pub(crate) const OTHER: &str = "other";
/// A value where a policy names none.
const SOME: &str = "example";

impl Subject {
    /// A statement of a document.
    pub(crate) fn read(
        trees: Trees<'_>,
        document: &Node,
        (at, node): (usize, &Node),
        kind: Kind,
        holder: Option<String>,
        resource: Option<&str>,
    ) -> Self {
        let statement = template::json(node);
        let condition = statement["Condition"].as_object().cloned().unwrap_or_default();
        let tags = conditions(&condition);
        let place = trees.place(document, (at, node));
        let under_test = match &place {
            Some(Place::Mapping(steps)) => trees.under_test(steps),
            _ => None,
        };
        let sid = node.get("Sid").and_then(Node::text).filter(|sid| !sid.is_empty()).map(str::to_owned);
        let number = sid.unwrap_or_else(|| (at + 1).to_string());
        let owner = holder.clone().or_else(|| resource.map(str::to_owned)).unwrap_or_default();
        let says = under_test.clone().unwrap_or_else(|| format!("{owner}/{number}"));
        let trust = if kind == Kind::Trust { "-trust" } else { "" };
        Self {
            slug: format!("{}{trust}-{}", slug(&owner), slug(&number)).trim_matches('-').to_owned(),
            under_test,
            place,
            at,
            says,
            span: node.span,
            kind,
            denies: statement["Effect"] == "Deny",
            depends_on_tags: !tags.is_empty() || has_tag_variable(document, node),
            condition,
            tags,
            statement,
            holders: holder.into_iter().collect(),
            resource: resource.map(str::to_owned),
        }
    }

    /// The tags that are told apart: those of conditions, and those whose values conditions and resources refer to.
    pub(crate) fn samples(&self) -> Vec<Tag> {
        let mut all: Vec<Tag> = Vec::new();
        let mut add = |key: &str, value: Option<&str>| {
            if key.is_empty() {
                return;
            }
            match all.iter_mut().find(|tag| tag.key == key) {
                Some(known) if known.value == SOME => known.value = value.unwrap_or(SOME).to_owned(),
                Some(_) => {}
                None => all.push(Tag { key: key.to_owned(), value: value.unwrap_or(SOME).to_owned() }),
            }
        };
        for one in &self.tags {
            match &one.tag {
                Some(tag) => {
                    let literal = one.values.iter().find(|value| !value.contains("${") && !one.is_null());
                    add(tag, literal.map(|value| concrete(value)).as_deref());
                }
                None => one.values.iter().for_each(|tag| add(&concrete(tag), None)),
            }
        }
        let text = self.statement.to_string();
        for name in lint::variables(&text) {
            if let Some(tag) = name.split_once('/').map(|(_, tag)| tag).filter(|_| Catalog.tags_of(name).is_some()) {
                add(tag, None);
            }
        }
        all
    }

    /// Whether a condition of the statement is about such tags.
    pub(crate) fn is_about(&self, of: TagsOf) -> bool {
        self.tags.iter().any(|one| one.of == of)
    }

    /// Its actions, or those that its NotAction leaves: patterns.
    pub(crate) fn actions(&self) -> Vec<String> {
        texts(&self.statement["Action"])
    }

    /// Patterns of its resources; a trust policy's is its role.
    pub(crate) fn resources(&self) -> Vec<String> {
        match texts(&self.statement["Resource"]) {
            all if all.is_empty() => self.resource.iter().cloned().chain(["*".to_owned()]).take(1).collect(),
            all => all,
        }
    }

    /// The condition in one line: `StringEquals aws:RequestTag/Status = OK`.
    pub(crate) fn words(&self) -> String {
        let words = |one: &TagCondition| format!("{} {} = {}", one.written, one.key, one.values.join(" | "));
        self.tags.iter().map(words).collect::<Vec<_>>().join(" and ")
    }
}

impl TagCondition {
    /// Whether it is about the tags of an object in S3, which are the object's alone.
    pub(crate) fn is_of_object(&self) -> bool {
        self.key.to_ascii_lowercase().starts_with("s3:existingobjecttag/")
    }

    pub(crate) fn is_null(&self) -> bool {
        self.operator.base.name == "Null"
    }
}

/// The conditions on tags in a Condition.
pub(crate) fn conditions(condition: &Map<String, Value>) -> Vec<TagCondition> {
    let mut all = Vec::new();
    for (written, keys) in condition {
        let Some(operator) = Operator::parse(written) else { continue };
        for (key, values) in keys.as_object().into_iter().flatten() {
            let Some(of) = Catalog.tags_of(key) else { continue };
            let tag = key.split_once('/').map(|(_, tag)| tag.to_owned());
            let (written, key) = (written.clone(), key.clone());
            all.push(TagCondition { written, operator, key, tag, of, values: texts(values) });
        }
    }
    all
}

fn has_tag_variable(document: &Node, statement: &Node) -> bool {
    let has_variables = document.get("Version").and_then(Node::text) == Some("2012-10-17");
    let text = template::json(statement).to_string();
    has_variables && lint::variables(&text).any(|name| Catalog.tags_of(name).is_some())
}

/// A text or a list of them.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    let one = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    };
    match value {
        Value::Array(items) => items.iter().filter_map(one).collect(),
        other => one(other).into_iter().collect(),
    }
}

/// A value that a pattern matches.
pub(crate) fn concrete(pattern: &str) -> String {
    let text = pattern.replace("${*}", "*").replace("${?}", "?").replace("${$}", "$");
    let text = text.replace(['*', '?'], "x");
    if text.is_empty() { "x".to_owned() } else { text }
}

/// The actions that patterns stand for.
pub(crate) fn expand(patterns: &[String]) -> Vec<Action> {
    let mut all: Vec<Action> = Vec::new();
    for action in patterns.iter().flat_map(|pattern| catalog::expand(pattern)) {
        if !all.iter().any(|known| known.name() == action.name()) {
            all.push(action);
        }
    }
    all
}
