//! `tagproof lint`.

mod inputs;
mod summary;

use std::path::Path;

use lint::{Looked, Selection, Suppressed};
use matrix::LoadError;
use policy::Kind;
use prove::Options;
use source::{FileId, Finding, Node, Source, Sources};
use tagproof::write;

use crate::args::Lint;
use crate::exit::Exit;
use crate::output;

use super::{proving, text};
use inputs::Input;
use summary::Summary;

const EXPECTED: &str = "expected a policy in JSON, a template in YAML or JSON, or what the AWS CLI prints of policies";

pub(crate) fn lint(arguments: &Lint) -> anyhow::Result<Exit> {
    anyhow::ensure!(
        !arguments.paths.is_empty(),
        "name what to check: a policy, a template, a scenario, a folder of these (`tagproof lint .`), or `-` for standard \
         input"
    );
    let selection = Selection { select: arguments.select.clone(), ignore: arguments.ignore.clone() };
    let mut run = Run {
        arguments,
        selection,
        options: proving::options(&arguments.proving),
        summary: Summary::default(),
        cannot: Vec::new(),
        left_alone: false,
    };
    for path in &arguments.paths {
        match inputs::inputs(path) {
            Ok(found) => found.into_iter().try_for_each(|input| run.input(input))?,
            Err(error) => run.cannot.push(error),
        }
    }
    Ok(run.end())
}

struct Run<'a> {
    arguments: &'a Lint,
    selection: Selection,
    /// How proofs are made.
    options: Options,
    summary: Summary,
    /// What could not be read, and why.
    cannot: Vec<anyhow::Error>,
    /// Whether `--fix` was to change a scenario.
    left_alone: bool,
}

impl Run<'_> {
    fn input(&mut self, input: Input) -> anyhow::Result<()> {
        let (name, read, is_named) = match input {
            Input::Scenario(path) => return self.scenario(&path),
            Input::Stdin => ("standard input".to_owned(), text::of_stdin(text::LARGEST), true),
            Input::File { ref path, is_named } => {
                // What a folder has beside policies and templates is passed over.
                let read = if is_named { text::document } else { text::of_file };
                (path.display().to_string(), read(path, text::LARGEST), is_named)
            }
        };
        let text = match read {
            Ok(text) if is_named && text.trim().is_empty() => {
                self.cannot.push(anyhow::anyhow!("{name} is empty: {EXPECTED}"));
                return Ok(());
            }
            Ok(text) => text,
            Err(error) => {
                self.cannot.push(error);
                return Ok(());
            }
        };
        match input {
            Input::File { path, is_named } => self.file(&path, &text, is_named),
            _ => self.stdin(&text),
        }
    }

    fn stdin(&mut self, text: &str) -> anyhow::Result<()> {
        let found = self.look("<stdin>", text);
        if !self.arguments.fix {
            self.summary.add(&found);
            return Ok(output::data(&self.shown(&found, output::page()))?);
        }
        let (fixed, left) = self.fixed("<stdin>", text, found);
        output::note_findings(&self.shown(&left, output::page_of_notes()));
        self.summary.add(&left);
        Ok(output::document(&fixed)?)
    }

    fn file(&mut self, path: &Path, text: &str, is_named: bool) -> anyhow::Result<()> {
        let name = path.display().to_string();
        let mut found = self.look(&name, text);
        if !is_named && !found.has_policies && !is_meant(text) {
            self.summary.skipped.push(name);
            return Ok(());
        }
        if self.arguments.fix {
            let (fixed, left) = self.fixed(&name, text, found);
            if fixed != text {
                write::over(path, &fixed)?;
            }
            found = left;
        }
        self.summary.add(&found);
        Ok(output::data(&self.shown(&found, output::page()))?)
    }

    /// The policies of every option, each finding once.
    fn scenario(&mut self, path: &Path) -> anyhow::Result<()> {
        let (sources, mut findings, statements) = match matrix::load(path) {
            Ok(prepared) => {
                let mut said = lint::policies(prepared.policies.iter().map(|(kind, node)| (node, *kind)));
                said.extend(self.deep(&prepared.policies));
                let statements = lint::statements(prepared.policies.iter().map(|(_, node)| node));
                // What a run leaves out is no fault of a policy.
                let warnings = prepared.warnings.into_iter().filter(|finding| finding.code != "NOT_APPLIED");
                (prepared.sources, warnings.chain(said).collect(), statements)
            }
            Err(LoadError::Faulty { sources, findings }) => (sources, findings, 0),
            Err(error) => {
                self.cannot.push(error.into());
                return Ok(());
            }
        };
        // An option's policies are patched from several files, so that no place is surely one's own.
        self.left_alone |= self.arguments.fix && findings.iter().any(|finding| finding.edit.is_some());
        findings.iter_mut().for_each(|finding| finding.edit = None);
        let found = self.wanted(Found { sources, findings, statements, has_policies: true, suppressed: 0 });
        self.summary.add(&found);
        Ok(output::data(&self.shown(&found, output::page()))?)
    }

    fn look(&mut self, name: &str, text: &str) -> Found {
        let mut sources = Sources::new();
        let file = sources.add(Source::new(name, text));
        let mut looked = match template::terraform::read(file, text) {
            Some((tree, findings)) => {
                let policies = tree.as_ref().filter(|_| self.arguments.deep).map(lint::unconditional_at);
                let mut looked = of_terraform(tree.as_ref(), findings);
                let deep = self.deep(&policies.unwrap_or_default());
                let placed =
                    |finding| tree.iter().fold(finding, |finding, tree| template::terraform::placed(tree, finding));
                looked.findings.extend(deep.into_iter().map(placed));
                looked
            }
            None => {
                let mut looked = lint::look(file, text, self.arguments.kind);
                if self.arguments.deep {
                    looked.findings.extend(self.deep(&lint::unconditional(file, text, self.arguments.kind)));
                }
                looked
            }
        };
        looked.findings.extend(unattached(file, text));
        self.wanted(Found {
            sources,
            findings: looked.findings,
            statements: looked.statements,
            has_policies: looked.has_policies,
            suppressed: 0,
        })
    }

    /// What never decides in some policies, if that is asked for.
    fn deep(&mut self, policies: &[(Kind, Node)]) -> Vec<Finding> {
        if !self.arguments.deep {
            return Vec::new();
        }
        match lint::deep(policies.iter().map(|(kind, node)| (node, *kind)), &self.options) {
            Ok(deep) => {
                self.summary.unsettled += deep.unsettled;
                deep.findings
            }
            Err(fault) => {
                self.cannot.push((*fault).into());
                Vec::new()
            }
        }
    }

    /// Without what comments and options leave out.
    fn wanted(&self, mut found: Found) -> Found {
        let Suppressed { mut findings, count } = lint::suppress(&found.sources, found.findings);
        findings.retain(|finding| self.selection.keeps(finding));
        found.findings = findings;
        found.suppressed = count;
        found
    }

    fn shown(&self, found: &Found, page: report::Page) -> String {
        match self.arguments.json {
            true => json(&found.findings, &found.sources),
            false => report::findings(&found.findings, &found.sources, page),
        }
    }

    /// The text with every rewrite made, and what is left to say about it; the text as it was if a rewrite brings in an
    /// error. The rewrites are shown.
    fn fixed(&mut self, name: &str, text: &str, found: Found) -> (String, Found) {
        let errors = |found: &Found| found.findings.iter().filter(|finding| finding.is_error()).count();
        let (fixed, _) = source::rewrite(text, found.findings.iter().filter_map(|finding| finding.edit.as_deref()));
        if fixed == text {
            return (fixed, found);
        }
        let left = self.look(name, &fixed);
        if errors(&left) > errors(&found) {
            output::note(&format!(
                "{name}: the rewrites together bring in an error, so nothing is written; make them by hand"
            ));
            return (text.to_owned(), found);
        }
        for finding in found.findings.iter().filter(|finding| is_rewritten(finding, text)) {
            let place = found.sources.locate(finding.span);
            output::note(&format!("fixed {place} {}: {}", finding.code, finding.message));
            self.summary.fixed += 1;
        }
        output::note_findings(&report::diff(name, text, &fixed));
        (fixed, left)
    }

    fn end(self) -> Exit {
        self.cannot.iter().for_each(|error| output::note(&format!("error: {error:#}")));
        if self.left_alone {
            output::note("--fix leaves scenarios as they are; name the template itself");
        }
        if !self.arguments.quiet {
            self.summary.print();
        }
        let is_fine = self.summary.is_fine() || self.arguments.exit_zero;
        // What proofs cannot settle is no fault; what a time limit kept from being settled was not looked at.
        let was_cut_short = self.arguments.proving.timeout.is_some() && self.summary.unsettled > 0;
        match () {
            () if !self.cannot.is_empty() => Exit::NotRun,
            () if !is_fine => Exit::Unexpected,
            () if was_cut_short => Exit::NotRun,
            () => Exit::AsExpected,
        }
    }
}

/// What there is to say about a text or a scenario.
struct Found {
    sources: Sources,
    findings: Vec<Finding>,
    statements: usize,
    has_policies: bool,
    /// How many findings comments leave out.
    suppressed: usize,
}

/// What there is to say about the policies of a plan or a state, after what keeps any of them from being read.
fn of_terraform(tree: Option<&Node>, findings: Vec<Finding>) -> Looked {
    let mut looked = tree.map_or(Looked { has_policies: false, statements: 0, findings: Vec::new() }, lint::look_at);
    if let Some(tree) = tree {
        looked.findings =
            looked.findings.into_iter().map(|finding| template::terraform::placed(tree, finding)).collect();
    }
    looked.has_policies |= !findings.is_empty();
    looked.findings.splice(0..0, findings);
    looked
}

/// Policies of a template that count nowhere, as far as the template is worked out without its parameters.
fn unattached(file: FileId, text: &str) -> Vec<Finding> {
    let of_terraform = template::terraform::read(file, text);
    let tree = of_terraform.map_or_else(|| lint::read(file, text).0, |(tree, _)| tree);
    let tree = tree.filter(|tree| tree.get("Resources").is_some());
    let inputs = template::Inputs::new("123456789012", "us-east-1", "stack");
    let tree = tree.map(|tree| template::ready(&tree, &inputs).0);
    let Some(template) = tree.and_then(|tree| template::read(&tree).0) else { return Vec::new() };
    let (stack, findings) = template::resolve(&template, &inputs);
    if findings.iter().any(Finding::is_error) {
        return Vec::new();
    }
    let mut said = template::attached::resources(&stack).1;
    // What only a deployment can tell may name anything.
    said.retain(|finding| !stack.made_up.iter().any(|made| made.is_in(&finding.message)));
    said
}

fn is_rewritten(finding: &Finding, text: &str) -> bool {
    finding.edit.as_deref().is_some_and(|edit| edit.change(text).is_some())
}

/// Whether a text that cannot be read was probably meant for a policy or a template.
fn is_meant(text: &str) -> bool {
    let is_unreadable = !lint::read(FileId(0), text).1.is_empty();
    is_unreadable && ["Statement", "AWSTemplateFormatVersion", "Resources"].iter().any(|word| text.contains(word))
}

fn json(findings: &[Finding], sources: &Sources) -> String {
    // One file after the other, so that each is read once.
    let mut tree = (None, None);
    let mut line = |finding: &Finding| {
        let file = finding.span.file;
        if tree.0 != Some(file) {
            tree = (Some(file), read(file, sources));
        }
        format!("{}\n", lint::json(finding, sources, tree.1.as_ref()))
    };
    findings.iter().map(&mut line).collect()
}

/// The tree of a text, for the findings' paths.
fn read(file: FileId, sources: &Sources) -> Option<source::Node> {
    lint::read(file, sources.get(file)?.text()).0
}
