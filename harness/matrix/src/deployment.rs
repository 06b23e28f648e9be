//! What somebody points at to have it deployed: a template, with the files that stand beside it, or a stack of a folder that
//! the CDK has synthesised.

mod beside;
mod cdk;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use indexmap::IndexMap;
use source::{Entry, Finding, Node, Source, Sources, Span};
use template::{Files, Inputs, terraform};

use crate::path::lexical;
use crate::read::{LARGEST, ReadError, document};
use crate::scenario::Name;
use beside::Beside;

/// The account that everything happens in, unless something else is said.
pub const ACCOUNT: &str = "123456789012";
/// The region that everything happens in, unless something else is said.
pub const REGION: &str = "us-east-1";

/// A template with everything beside it that decides about what comes of it.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// The template's tree, as it was written.
    pub tree: Node,
    /// Files that it names, and templates of nested stacks.
    pub files: Arc<Files>,
    /// The stack's name, if the CDK gives it one.
    pub stack_name: Option<String>,
    /// The account that it is for, if that is known.
    pub account: Option<String>,
    /// The region that it is for, if that is known.
    pub region: Option<String>,
    /// Values for parameters that were synthesised with it.
    pub parameters: Vec<Entry>,
    /// The stacks that are deployed before it, in order: what they export can be imported.
    pub before: Vec<Deployment>,
    /// Templates of nested stacks that are given for single options, by their paths.
    given: HashMap<String, Node>,
}

/// What a deployment is asked for by.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The file or folder, as it is opened.
    pub path: &'a Path,
    /// The same, as somebody wrote it.
    pub written: &'a Path,
    /// The stack of a folder of the CDK's.
    pub stack: Option<&'a str>,
}

/// The template of a nested stack, as somebody gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct NestedTemplate<'a> {
    /// Its path from the scenario's folder.
    pub(crate) file: &'a Name,
    /// The folder that it starts at.
    pub(crate) folder: &'a Path,
}

/// Why there is nothing to deploy.
#[derive(Debug, thiserror::Error)]
pub enum DeploymentError {
    /// A file cannot be had.
    #[error(transparent)]
    Unread(#[from] ReadError),
    /// A folder has no manifest.
    #[error("the folder has no `manifest.json`: it is not one that the CDK has synthesised")]
    NoAssembly,
    /// There are several stacks, and it is not said which.
    #[error("there are several stacks: {}", listed(.0))]
    SeveralStacks(Vec<String>),
    /// There is no stack of the name.
    #[error("there is no stack `{wanted}`; there is {}", listed(.known))]
    NoStack {
        /// The name.
        wanted: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// Only a folder of the CDK's has stacks with names.
    #[error("`stack` names a stack of a folder that the CDK has synthesised, and this is a file")]
    NotAnAssembly,
}

fn listed(names: &[String]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    if quoted.is_empty() { "none".to_owned() } else { quoted.join(", ") }
}

impl DeploymentError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::SeveralStacks(names) => Some(format!("name one: `stack: {}`", names.first()?)),
            Self::NoAssembly => Some("name a template, or the folder that `cdk synth` writes".to_owned()),
            Self::NoStack { wanted, known } => {
                source::suggest(wanted, known.iter().map(String::as_str)).map(|name| format!("did you mean `{name}`?"))
            }
            Self::Unread(_) | Self::NotAnAssembly => None,
        }
    }
}

/// Opens what somebody points at, and everything that it names; gives what could be read, and everything there is to say of it.
///
/// # Errors
/// The file or the folder cannot be had, or is not one thing to deploy.
pub fn open(asked: &Asked<'_>, sources: &mut Sources) -> Result<(Option<Deployment>, Vec<Finding>), DeploymentError> {
    open_with(asked, &[], sources)
}

/// The same with the templates of nested stacks that a scenario gives.
///
/// # Errors
/// As [`open`].
pub(crate) fn open_with(
    asked: &Asked<'_>,
    templates: &[NestedTemplate<'_>],
    sources: &mut Sources,
) -> Result<(Option<Deployment>, Vec<Finding>), DeploymentError> {
    let mut beside = Beside::new(sources);
    let mut deployment = match (asked.path.is_dir(), asked.stack) {
        (true, stack) => cdk::open(asked, stack, &mut beside)?,
        (false, Some(_)) => return Err(DeploymentError::NotAnAssembly),
        (false, None) => {
            let tree = beside.document(asked.written, asked.path)?;
            cdk::assets_of(asked.path, &mut beside)?;
            tree.map(|tree| {
                beside.follow(&tree, folder(asked.path));
                Deployment::of(tree)
            })
        }
    };
    let given: HashMap<String, Node> = templates.iter().filter_map(|template| beside.given(template)).collect();
    let (files, findings) = beside.finish();
    if let Some(deployment) = &mut deployment {
        deployment.given = given;
        deployment.set_files(&Arc::new(files));
    }
    Ok((deployment, findings))
}

/// The folder that a file is in.
fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

/// The tree of a text.
fn tree(id: source::FileId, text: &str) -> (Option<Node>, Vec<Finding>) {
    template::terraform::read(id, text).unwrap_or_else(|| template::parse(id, text))
}

/// Reads a file that may be shown; `written` is its path where somebody wrote it.
fn add(sources: &mut Sources, written: &Path, path: &Path) -> Result<(source::FileId, String), ReadError> {
    let text = document(written, path, LARGEST)?;
    Ok((sources.add(Source::new(lexical(path).display().to_string(), text.clone())), text))
}

impl Deployment {
    /// A template by itself.
    #[must_use]
    pub fn of(tree: Node) -> Self {
        Self {
            tree,
            files: Arc::default(),
            stack_name: None,
            account: None,
            region: None,
            parameters: Vec::new(),
            before: Vec::new(),
            given: HashMap::new(),
        }
    }

    /// The files, with the templates that an option gives for nested stacks.
    pub(crate) fn files(&self, templates: &IndexMap<String, Name>) -> Arc<Files> {
        if templates.is_empty() {
            return Arc::clone(&self.files);
        }
        let mut files = Files::clone(&self.files);
        for (name, file) in templates {
            // One that cannot be read was told.
            if let Some(tree) = self.given.get(&file.text) {
                files.give(name, tree.clone());
            }
        }
        Arc::new(files)
    }

    fn set_files(&mut self, files: &Arc<Files>) {
        self.files = Arc::clone(files);
        self.before.iter_mut().for_each(|one| one.set_files(files));
    }

    /// A finding with the CDK's construct that it is about, where it stands in a template that the CDK has synthesised.
    pub(crate) fn placed(&self, finding: Finding) -> Finding {
        match self.construct_at(finding.span) {
            Some(path) => Finding { message: format!("{} (in the construct `{path}`)", finding.message), ..finding },
            None => finding,
        }
    }

    /// The path of the CDK's construct that has a place.
    pub(crate) fn construct_at(&self, span: Span) -> Option<&str> {
        let all = std::iter::once(&self.tree).chain(self.files.trees()).filter(|tree| tree.span.file == span.file);
        let mut entries = all.flat_map(|tree| tree.get("Resources").map(Node::entries).unwrap_or_default());
        let has = |one: &&Entry| one.key_span.start <= span.start && span.end <= one.value.span.end;
        let path = entries.find(has)?.value.get("Metadata")?.get("aws:cdk:path")?.text()?;
        Some(path.strip_suffix("/Resource").unwrap_or(path))
    }

    /// What the template is resolved with. Account, region and the stack's name are those that are asked for, then the CDK's or
    /// Terraform's,
    /// then `name` in an account and a region that are always the same. What the stacks before it export can be imported.
    #[must_use]
    pub fn inputs(&self, account: Option<&str>, region: Option<&str>, stack_name: Option<&str>, name: &str) -> Inputs {
        let mut inputs = Inputs::new(
            account.or(self.account.as_deref()).or_else(|| terraform::account(&self.tree)).unwrap_or(ACCOUNT),
            region.or(self.region.as_deref()).or_else(|| terraform::region(&self.tree)).unwrap_or(REGION),
            stack_name.or(self.stack_name.as_deref()).unwrap_or(name),
        );
        inputs.parameters.clone_from(&self.parameters);
        inputs.files = Arc::clone(&self.files);
        for one in &self.before {
            let mut own = one.inputs(account, region, None, name);
            own.imports.clone_from(&inputs.imports);
            let elsewhere = if own.region == inputs.region { String::new() } else { format!("{}/", own.region) };
            inputs.imports.extend(outputs(&one.tree, &own, &elsewhere));
        }
        inputs
    }
}

/// What other stacks can take of a stack, as far as it can be worked out: its exports, in its region; its outputs, as
/// `Fn::GetStackOutput` finds them; and what the CDK has it write for other regions. What is wrong with the stack is said when it is looked at itself.
fn outputs(tree: &Node, inputs: &Inputs, elsewhere: &str) -> Vec<Entry> {
    let (tree, _) = template::ready(tree, inputs);
    let Some(read) = template::read(&tree).0 else { return Vec::new() };
    let mut all = Vec::new();
    let stack = template::resolve(&read, inputs).0;
    let entry = |key: String, value: &str, span| Entry {
        key,
        key_span: span,
        value: Node::new(source::Value::String(value.to_owned()), span),
    };
    all.extend(stack.written.into_iter().map(|one| entry(one.name, &one.value, one.span)));
    for output in stack.outputs {
        let named = format!("{elsewhere}{}.{}", inputs.stack_name, output.name);
        for key in output.export.into_iter().filter(|_| elsewhere.is_empty()).chain([named]) {
            all.push(entry(key, &output.value, output.span));
        }
    }
    all
}
