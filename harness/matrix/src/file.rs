//! A scenario file, read by hand so that every fault is said at once, with its place and the mend.

mod action;
mod broker;
mod caller;
mod claim;
mod expect;
mod fields;
mod given;
mod request;
mod step;
mod variant;

#[cfg(test)]
mod schema_tests;
#[cfg(test)]
mod tests;

use indexmap::IndexMap;
use source::{Entry, FileId, Finding, Node};

use crate::scenario::{Name, Scenario, TemplateFile};
use expect::Axes;
pub(crate) use fields::scalar;
use fields::{Fields, Reader};
use variant::Common;

const TOP: &[&str] = &[
    "title",
    "source",
    "template",
    "given",
    "patch",
    "under-test",
    "options",
    "callers",
    "requests",
    "expect",
    "claims",
];

/// More cells than anybody reads; a slip of the hand, not a scenario.
const MOST_CELLS: usize = 20_000;

/// What could be read of a scenario file, and everything there is to say.
#[derive(Debug)]
pub(crate) struct Read {
    /// The scenario; with an error among the findings as much of it as could be read, if it names a template: what is
    /// wrong with that is to be said in the same round.
    pub(crate) scenario: Option<Scenario>,
    pub(crate) findings: Vec<Finding>,
}

/// Reads a scenario file.
pub(crate) fn read(file: FileId, text: &str) -> Read {
    let (node, findings) = source::yaml::read(file, text);
    let mut reader = Reader { findings };
    let Some(node) = node else {
        // What is wrong with the template is said in the same round.
        let scenario = of_template(file, text).map(|template| Scenario { template, ..Scenario::default() });
        return Read { scenario, findings: reader.findings };
    };
    if let Some(finding) = other_kind(&node) {
        return Read { scenario: None, findings: vec![finding] };
    }
    let fields = reader.fields(&node, "a scenario", TOP);
    missing(&mut reader, &fields, &node);
    let template = fields.get("template").and_then(|node| template(&mut reader, node));
    let scenario = scenario(&mut reader, &fields, template);
    // From top to bottom, whichever step found it.
    reader.findings.sort_by_key(|finding| finding.span.start);
    Read { scenario, findings: reader.findings }
}

/// The template that a text names which is not YAML as a whole: the lines of `template` by themselves.
fn of_template(file: FileId, text: &str) -> Option<TemplateFile> {
    let mut is_inside = false;
    let keep = |line: &str| -> String {
        if !line.starts_with([' ', '#', '\r', '\n']) {
            is_inside = line.starts_with("template:");
        }
        // Each place stays where it is.
        let blank = |byte| if byte == b'\n' { '\n' } else { ' ' };
        if is_inside { line.to_owned() } else { line.bytes().map(blank).collect() }
    };
    let lines: String = text.split_inclusive('\n').map(keep).collect();
    let node = source::yaml::read(file, &lines).0?;
    template(&mut Reader { findings: Vec::new() }, node.get("template")?)
}

/// A template or a policy where a scenario should stand.
fn other_kind(node: &Node) -> Option<Finding> {
    let is_scenario = TOP.iter().any(|key| node.get(key).is_some());
    let (what, key, help) = match () {
        () if is_scenario => return None,
        () if node.get("Resources").is_some() => (
            "a template",
            "Resources",
            "a scenario names its template: `template: {file: …}`; `tagproof lint` checks a template itself",
        ),
        () if node.get("Statement").is_some() => (
            "a policy",
            "Statement",
            "`tagproof lint` checks a policy, and `tagproof simulate --identity` asks about it",
        ),
        () => return None,
    };
    let entry = node.entries().iter().find(|entry| entry.key == key)?;
    let message = format!("this file is {what}, not a scenario");
    Some(Finding::error("NOT_A_SCENARIO", entry.key_span, message).help(help))
}

/// The keys that every scenario has.
const NEEDED: [&str; 6] = ["title", "template", "options", "callers", "requests", "expect"];

/// A whole scenario, to start from.
const SKELETON: &str = "a scenario has this form:

title: Only ann reads the reports
template: {file: template.yaml}
given: {users: {ann: {}, bob: {}}, buckets: {reports: {objects: {q3: {body: hello}}}}}
options:
  as-deployed: {}
callers:
  ann: {user: ann}
  bob: {user: bob}
requests:
  get: {call: s3:GetObject, bucket: reports, key: q3}
expect:
  as-deployed: {allow: [ann], deny: [bob]}";

/// The keys that are not there, in one finding; where little is there, with the form of the whole.
fn missing(reader: &mut Reader, fields: &Fields<'_>, node: &Node) {
    let keys: Vec<&str> = NEEDED.into_iter().filter(|key| fields.lacks(key)).collect();
    let what = match keys[..] {
        [] => return,
        [_] => "the key",
        _ => "the keys",
    };
    let message = format!("a scenario needs {what} {}", fields::list(&keys));
    let finding = Finding::error("MISSING_KEY", node.span, message);
    reader.say(if keys.len() < 3 { finding } else { finding.help(SKELETON) });
}

fn scenario(reader: &mut Reader, fields: &Fields<'_>, template: Option<TemplateFile>) -> Option<Scenario> {
    let title = fields.get("title").and_then(|node| reader.text(node, "`title`"));
    let source = fields.get("source").and_then(|node| reader.text(node, "`source`"));
    let under_test = fields.get("under-test").and_then(|node| variant::under_test(reader, node));
    let patch = fields.get("patch").filter(|node| matches!(node.value, source::Value::List(_)));
    let changes = fields.get("patch").map(|node| variant::patch(reader, node)).unwrap_or_default();
    let given = fields.get("given");
    if let Some(given) = given {
        given::read(reader, given);
    }
    let [options, callers, requests] = ["options", "callers", "requests"].map(|key| axis(reader, fields, key));
    let expect = fields.get("expect");
    let axes = Axes {
        options: options.map(Node::entries).unwrap_or_default().iter().map(|e| (e.key.as_str(), e.key_span)).collect(),
        callers: callers.map(keys).unwrap_or_default(),
        requests: requests.map(keys).unwrap_or_default(),
    };
    let common = Common { under_test, given };
    let variants = options.map(|node| variant::read(reader, node, &common));
    let askers = callers.map(|node| caller::read(reader, node, &axes.callers));
    let asked = requests.map(|node| request::read(reader, node, &axes.callers));
    let is_too_large = axes.options.len() * axes.callers.len() * axes.requests.len() > MOST_CELLS;
    if is_too_large {
        let message = format!("the matrix has more than {MOST_CELLS} cells");
        reader.say(Finding::error("TOO_MANY_CELLS", fields.span_of("options"), message).help("split the scenario"));
    }
    let mut expectations = Vec::new();
    if let (Some(expect), Some(_), Some(_), Some(_), false) = (expect, &variants, &askers, &asked, is_too_large) {
        expectations = expect::read(reader, expect, &axes);
    }
    let claims = fields.get("claims").filter(|_| variants.is_some() && !is_too_large);
    let claims = claims.map(|node| claim::read(reader, node, &axes.options)).unwrap_or_default();
    Some(Scenario {
        title: title.unwrap_or_default(),
        source,
        template: template?,
        patch: patch.cloned(),
        changes,
        // Of too many only the template is looked at.
        options: variants.filter(|_| !is_too_large).unwrap_or_default(),
        callers: askers.unwrap_or_default(),
        requests: asked.unwrap_or_default(),
        expectations,
        claims,
    })
}

/// One of the three axes: a mapping of names with at least one in it.
fn axis<'n>(reader: &mut Reader, fields: &Fields<'n>, key: &str) -> Option<&'n Node> {
    let node = fields.get(key)?;
    let entries = reader.map(node, &format!("`{key}`"));
    if matches!(node.value, source::Value::Map(_)) && entries.is_empty() {
        let message = format!("`{key}` must not be empty");
        reader.say(Finding::error("EMPTY_AXIS", fields.span_of(key), message).help("give it one at least"));
    }
    entries.iter().for_each(|entry| reader.plain_name(entry));
    (!entries.is_empty()).then_some(node)
}

fn keys(node: &Node) -> Vec<&str> {
    node.entries().iter().map(|entry| entry.key.as_str()).collect()
}

fn template(reader: &mut Reader, node: &Node) -> Option<TemplateFile> {
    let before = reader.findings.len();
    let known = ["file", "stack", "parameters", "imports"];
    let Some(fields) = reader.fields_or(node, "`template`", &known, "file") else {
        // What is meant is plain, and what is wrong with the template is told in the same round.
        let file = node.text()?.to_owned();
        return Some(TemplateFile { file, span: node.span, is_faulty: true, ..TemplateFile::default() });
    };
    let file = reader.required(&fields, "file", "`template`")?;
    let mut parameters = IndexMap::new();
    if let Some(node) = fields.get("parameters") {
        for entry in reader.map(node, "`parameters`") {
            pseudo(reader, entry);
            parameters.insert(entry.key.clone(), entry.value.clone());
        }
    }
    let imports = fields.get("imports").map(|node| imports(reader, node)).unwrap_or_default();
    let stack = fields.get("stack").and_then(|node| {
        let text = reader.text(node, "`stack`")?;
        Some(Name { text, span: node.span })
    });
    let path = reader.text(file, "`file`")?;
    let is_faulty = reader.findings.len() > before;
    Some(TemplateFile { file: path, span: file.span, stack, parameters, imports, is_faulty })
}

/// What other stacks export: `imports: {NAME: VALUE}`.
fn imports(reader: &mut Reader, node: &Node) -> Vec<Entry> {
    let entries = reader.map(node, "`imports`").to_vec();
    for Entry { key, value, .. } in &entries {
        reader.any_text(value, &format!("the export `{key}`"));
    }
    entries
}

/// The pseudo parameters that a scenario may set; the others follow from these.
const PSEUDO: &[&str] = &["AWS::AccountId", "AWS::Region", "AWS::StackName"];

fn pseudo(reader: &mut Reader, entry: &Entry) {
    if !entry.key.starts_with("AWS::") {
        return;
    }
    if !PSEUDO.contains(&entry.key.as_str()) {
        let message = format!("`{}` cannot be set", entry.key);
        reader.say(
            Finding::error("UNKNOWN_KEY", entry.key_span, message).suggest_among(&entry.key, PSEUDO.iter().copied()),
        );
    } else if let Some(text) = reader.text(&entry.value, &format!("`{}`", entry.key))
        && entry.key == "AWS::AccountId"
    {
        given::account_id(reader, &text, entry.value.span);
    }
}
