//! `tagproof lint`.

mod inputs;

use std::path::Path;

use scenario::LoadError;
use source::{FileId, Finding, Severity, Source, Sources};
use tagproof::write;

use crate::args::Lint;
use crate::exit::Exit;
use crate::output;

use super::text;
use inputs::Input;

/// More than any file that a person writes.
const LARGEST: u64 = 16 << 20;

pub(crate) fn lint(arguments: &Lint) -> anyhow::Result<Exit> {
    let inputs: Vec<_> = arguments.paths.iter().map(|path| inputs::inputs(path)).collect::<anyhow::Result<_>>()?;
    let mut run = Run { arguments, is_fine: true, skipped: Vec::new(), left_alone: false };
    for input in inputs.into_iter().flatten() {
        match input {
            Input::Stdin => run.stdin()?,
            Input::Scenario(path) => run.scenario(&path)?,
            Input::File { path, is_named } => run.file(&path, is_named)?,
        }
    }
    run.end();
    Ok(if run.is_fine { Exit::AsExpected } else { Exit::Unexpected })
}

struct Run<'a> {
    arguments: &'a Lint,
    /// Whether there is nothing worse than suggestions.
    is_fine: bool,
    /// Files of folders that are neither policies nor templates.
    skipped: Vec<String>,
    /// Whether `--fix` was to change a scenario.
    left_alone: bool,
}

impl Run<'_> {
    fn stdin(&mut self) -> anyhow::Result<()> {
        let text = text::of_stdin(LARGEST)?;
        let found = self.look("<stdin>", &text);
        if !self.arguments.fix {
            self.count(&found.findings);
            return Ok(output::data(&self.shown(&found))?);
        }
        output::note_findings(&self.shown(&found));
        let fixed = self.fixed(&text, &found);
        output::note_findings(&report::diff("<stdin>", &text, &fixed));
        self.count(&self.look("<stdin>", &fixed).findings);
        Ok(output::data(&fixed)?)
    }

    fn file(&mut self, path: &Path, is_named: bool) -> anyhow::Result<()> {
        let text = text::of_file(path, LARGEST)?;
        let name = path.display().to_string();
        let found = self.look(&name, &text);
        if !is_named && !found.has_policies && !is_meant(&text) {
            self.skipped.push(name);
            return Ok(());
        }
        output::data(&self.shown(&found))?;
        let fixed = if self.arguments.fix { self.fixed(&text, &found) } else { text.clone() };
        if fixed == text {
            self.count(&found.findings);
            return Ok(());
        }
        output::note_findings(&report::diff(&name, &text, &fixed));
        write::over(path, &fixed)?;
        self.count(&self.look(&name, &fixed).findings);
        Ok(())
    }

    /// The policies of every option, each finding once.
    fn scenario(&mut self, path: &Path) -> anyhow::Result<()> {
        let (sources, mut findings) = match scenario::load(path) {
            Ok(prepared) => {
                let findings = lint::policies(prepared.policies.iter().map(|(kind, node)| (node, *kind)));
                (prepared.sources, findings)
            }
            Err(LoadError::Faulty { sources, findings }) => (sources, findings),
            Err(error) => return Err(error.into()),
        };
        // An option's policies are patched from several files, so that no place is surely one's own.
        self.left_alone |= self.arguments.fix && findings.iter().any(|finding| finding.edit.is_some());
        findings.iter_mut().for_each(|finding| finding.edit = None);
        let found = Found { sources, findings, has_policies: true };
        self.count(&found.findings);
        Ok(output::data(&self.shown(&found))?)
    }

    fn look(&self, name: &str, text: &str) -> Found {
        let mut sources = Sources::new();
        let file = sources.add(Source::new(name, text));
        let looked = lint::look(file, text, self.arguments.kind);
        Found { sources, findings: looked.findings, has_policies: looked.has_policies }
    }

    fn count(&mut self, findings: &[Finding]) {
        self.is_fine &= findings.iter().all(|finding| finding.severity == Severity::Suggestion);
    }

    fn shown(&self, found: &Found) -> String {
        match self.arguments.json {
            true => json(&found.findings, &found.sources),
            false => report::findings(&found.findings, &found.sources),
        }
    }

    /// The text with every rewrite made, or as it was: a rewrite that brings in an error is none.
    fn fixed(&self, text: &str, found: &Found) -> String {
        let errors = |findings: &[Finding]| findings.iter().filter(|finding| finding.is_error()).count();
        let (fixed, _) = source::rewrite(text, found.findings.iter().filter_map(|finding| finding.edit.as_deref()));
        let after = self.look("", &fixed);
        if errors(&after.findings) > errors(&found.findings) {
            output::note("the rewrites together bring in an error, so nothing is written; make them by hand");
            return text.to_owned();
        }
        fixed
    }

    fn end(&self) {
        const MOST: usize = 10;
        if !self.skipped.is_empty() {
            let shown = self.skipped.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ");
            let more = match self.skipped.len().saturating_sub(MOST) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            output::note(&format!("Skipped, since they hold no policy and are no template: {shown}{more}"));
        }
        if self.left_alone {
            output::note("--fix leaves scenarios as they are; name the template itself");
        }
    }
}

/// What there is to say about a text or a scenario.
struct Found {
    sources: Sources,
    findings: Vec<Finding>,
    has_policies: bool,
}

/// Whether a text that cannot be read was probably meant for a policy or a template.
fn is_meant(text: &str) -> bool {
    let is_unreadable = lint::read(FileId(0), text).0.is_none();
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
