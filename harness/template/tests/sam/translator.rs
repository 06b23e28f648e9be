//! The transform of AWS::Serverless against AWS's own translator, on the translator's own inputs.
//!
//! `.ci/sam` runs this with the translator that it installs. By hand:
//! `SAM_PYTHON=/some/venv/bin/python cargo test -p tagproof-template --test sam -- --ignored`

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the translator runs beside, and files are read"
)]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use source::{FileId, Finding, Node};
use template::Inputs;

use crate::essence::{differences, essence};

/// Inputs for which something else comes out than the translator makes, each with the reason. The list may only get
/// shorter.
const DIFFERENT: &[(&str, &str)] = &[
    (
        "function_with_event_dest_conditional",
        "the translator writes `{Condition: {Condition: X}}` into Fn::And, which CloudFormation does not take",
    ),
    (
        "state_machine_with_api_resource_policy",
        "the translator writes no stage into the policies of a state machine's events, which CloudFormation does not take",
    ),
];

#[test]
#[ignore = "needs Python with aws-sam-translator: SAM_PYTHON"]
fn what_comes_out_is_what_the_translator_makes() {
    let inputs = inputs();
    let mut wrong = Vec::new();
    for (path, theirs) in inputs.iter().zip(translated(&inputs)) {
        let name = name(path);
        let theirs = match (theirs.get("translated"), theirs.get("refused")) {
            (Some(theirs), _) => theirs.clone(),
            (None, why) => panic!("{name}: the translator refuses it: {why:?}"),
        };
        let (ours, findings) = transformed(path);
        let said: Vec<_> = findings.iter().filter(|finding| finding.is_error()).map(|found| &*found.message).collect();
        let mut found = differences(&essence(&template::json(&ours)), &essence(&theirs));
        found.extend(said.iter().map(|message| format!("error: {message}")));
        let of_theirs = source::json::read(FileId(0), &theirs.to_string()).0.as_ref().map(errors).unwrap_or_default();
        let more = errors(&ours);
        found.extend(more.difference(&of_theirs).map(|message| format!("an error here alone: {message}")));
        let reason = DIFFERENT.iter().find(|(known, _)| *known == name);
        match (found.is_empty(), reason) {
            (true, None) | (false, Some(_)) => {}
            (true, Some(_)) => wrong.push(format!("{name} agrees: take it from the list")),
            (false, None) => wrong.push(format!("{name}\n    {}", found.join("\n    "))),
        }
    }
    assert!(wrong.is_empty(), "{} of {} inputs\n{}", wrong.len(), inputs.len(), wrong.join("\n"));
}

/// What AWS takes is no error for the transform.
#[test]
fn what_aws_takes_is_taken() {
    let mut wrong = Vec::new();
    for path in inputs() {
        let (_, findings) = transformed(&path);
        let errors = findings.iter().filter(|finding| finding.is_error());
        wrong.extend(errors.map(|error| format!("{}: {} {}", name(&path), error.code, error.message)));
    }
    assert!(wrong.is_empty(), "{} errors\n{}", wrong.len(), wrong.join("\n"));
}

/// The errors of a template: many inputs name resources that are not in them.
fn errors(tree: &Node) -> BTreeSet<String> {
    let (read, mut findings) = template::read(tree);
    findings.extend(read.map(|read| template::resolve(&read, &stack()).1).unwrap_or_default());
    findings.iter().filter(|finding| finding.is_error()).map(|finding| finding.message.clone()).collect()
}

pub(crate) fn stack() -> Inputs {
    Inputs::new("123456789012", "us-east-1", "stack")
}

/// The inputs, by name.
pub(crate) fn inputs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sam/inputs");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<_> = files.filter(|path| path.extension().is_some_and(|end| end == "yaml")).collect();
    all.sort();
    all
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

fn transformed(path: &Path) -> (Node, Vec<Finding>) {
    template::sam::transform(&read(path), &stack())
}

/// The tree of an input. The translator does not ask whether a template asks for it, and most inputs do not.
pub(crate) fn read(path: &Path) -> Node {
    let text = std::fs::read_to_string(path).unwrap();
    let mut tree = source::yaml::read(FileId(0), &text).0.unwrap_or_else(|| panic!("{}", path.display()));
    let span = tree.span;
    if let source::Value::Map(sections) = &mut tree.value {
        sections.retain(|section| section.key != "Transform");
        let value = Node::new(source::Value::String("AWS::Serverless-2016-10-31".to_owned()), span);
        sections.push(source::Entry { key: "Transform".to_owned(), key_span: span, value });
    }
    tree
}

/// What the translator makes of each.
fn translated(inputs: &[PathBuf]) -> Vec<Value> {
    let python = std::env::var("SAM_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sam/with_translator.py");
    let mut command = Command::new(&python);
    command.arg(script).env("PYTHONDONTWRITEBYTECODE", "1").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{python}: {error}"));
    let (mut to, from) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let from = BufReader::new(from);
    let mut lines = from.lines();
    let mut answer = |path: &PathBuf| {
        writeln!(to, "{}", path.display()).unwrap();
        let line = lines.next().unwrap_or_else(|| panic!("{python} ended")).unwrap();
        serde_json::from_str(&line).unwrap()
    };
    let all = inputs.iter().map(&mut answer).collect();
    drop(to);
    child.wait().unwrap();
    all
}
