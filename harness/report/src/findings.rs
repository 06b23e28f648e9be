//! Findings with an excerpt of the text they are about.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use source::{Edit, Finding, Severity, Source, Sources, escaped, escaped_lines};

use crate::page::Page;
use crate::reasons;

/// Bytes of lines that are shown whole, before they are fitted to the terminal; around a place in longer ones; a place
/// itself is shown as far. No terminal is wider, and all is laid out anew for each of many findings.
const LONGEST: usize = 2 << 10;
const AROUND: usize = 512;

/// Every finding as `error[CODE]: message`, its file, line and column, the text with the place underlined, what to do
/// about it and the page that says so; worst first, then by place.
#[must_use]
pub fn findings(findings: &[Finding], sources: &Sources, page: Page) -> String {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| (finding.severity, finding.span));
    let renderer = if page.colour() { Renderer::styled() } else { Renderer::plain() };
    let renderer = if page.is_wide() { renderer } else { renderer.term_width(page.line()) };
    let shown = |finding: &&Finding| {
        let title = title(finding, page);
        let rendered = renderer.render(&report(finding, &title, sources, page));
        format!("{}\n\n", if title.starts_with('\n') { below(&rendered, title.lines().count()) } else { rendered })
    };
    sorted.iter().map(shown).collect()
}

/// The message beside its code, or below it where there is little room beside it.
fn title(finding: &Finding, page: Page) -> String {
    let before = name(finding.severity).len() + finding.code.len() + "[]: ".len();
    let message = escaped_lines(&finding.message);
    match before > page.line() / 2 {
        true => format!("\n{}", folded(&message, BELOW.len(), page)),
        false => folded(&message, before, page),
    }
}

/// What stands before a message that is below its code.
const BELOW: &str = "  ";

/// The same with the message at the left: the renderer puts all of its lines beside the code.
fn below(rendered: &str, lines: usize) -> String {
    let line = |(at, line): (usize, &str)| match at {
        0 => line.trim_end().to_owned(),
        at if at < lines => format!("{BELOW}{}", line.trim_start()),
        _ => line.to_owned(),
    };
    rendered.lines().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

const fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::SecurityWarning => "security warning",
        Severity::Warning => "warning",
        Severity::Suggestion => "suggestion",
    }
}

fn report<'a>(finding: &'a Finding, title: &'a str, sources: &'a Sources, page: Page) -> Vec<Group<'a>> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::SecurityWarning | Severity::Warning => Level::WARNING,
        Severity::Suggestion => Level::NOTE,
    };
    let level = level.with_name(name(finding.severity));
    let mut group = Group::with_title(level.primary_title(title).id(finding.code));
    if let Some(source) = sources.get(finding.span.file) {
        let Excerpt { text, first, range, is_as_written } = Excerpt::of(source, finding);
        let snippet = Snippet::source(text).line_start(first).fold(true);
        let snippet = if is_as_written {
            snippet.path(escaped(source.name()))
        } else {
            // The column is that of the line as it is written.
            let place = source.place(finding.span.start);
            let origin = Origin::path(escaped(source.name()));
            group = group.element(origin.line(place.line as usize).char_column(place.column as usize));
            snippet
        };
        group = group.element(snippet.annotation(AnnotationKind::Primary.span(range)));
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(folded(&escaped_lines(help), BEFORE, page)));
    }
    if let Some(fix) = fix(finding, sources) {
        group = group.element(Level::HELP.message(folded(&escaped_lines(&fix), BEFORE, page)));
    }
    if let Some(see) = &finding.see {
        group = group.element(Level::NOTE.message(escaped(see)));
    }
    vec![group]
}

/// A text of one line, broken so that it fits beside what stands before it; of others the lines are their own.
fn folded(text: &str, before: usize, page: Page) -> String {
    match text.contains('\n') || page.is_wide() {
        true => text.to_owned(),
        false => reasons::fold_at(page.line().saturating_sub(before), text).join("\n"),
    }
}

/// What stands before a finding's help: the width of a line number, `= help: `.
const BEFORE: usize = 16;

/// What `--fix` does about a finding.
fn fix(finding: &Finding, sources: &Sources) -> Option<String> {
    let edit = finding.edit.as_deref()?;
    let (_, text) = edit.change(sources.get(edit.span().file)?.text())?;
    Some(match (edit, text.trim()) {
        (Edit::Remove { .. }, _) => "`--fix` takes it out".to_owned(),
        (Edit::Insert { .. }, text) => format!("`--fix` puts `{text}` before it"),
        (Edit::Rewrite { .. } | Edit::Substitute { .. }, text) => format!("`--fix` writes `{text}`"),
        (Edit::Split { .. }, _) => "`--fix` writes these statements in its place".to_owned(),
    })
}

/// What is shown of a text with a finding's place in it.
struct Excerpt {
    text: String,
    /// The number of its first line.
    first: usize,
    /// The place, in bytes of the excerpt.
    range: Range<usize>,
    /// Whether it is whole lines, with nothing hidden in them.
    is_as_written: bool,
}

impl Excerpt {
    /// Whole lines and no more, and of long ones what is around.
    fn of(source: &Source, finding: &Finding) -> Self {
        let text = source.text();
        let range = within(text, finding.span.start as usize, finding.span.end as usize);
        let lines = source.lines(&range);
        let window = window(text, &lines, &range);
        let end = range.end.min(window.end);
        let (before, place) = (&text[window.start..range.start], &text[range.start..end]);
        let (mut shown, place) = (escaped_lines(before).into_owned(), escaped_lines(place));
        let range = shown.len()..shown.len() + place.len();
        shown.push_str(&place);
        shown.push_str(&escaped_lines(&text[end..window.end]));
        let is_as_written = window == lines && shown == text[window.clone()];
        Self { text: shown, first: source.place(window.start as u32).line as usize, range, is_as_written }
    }
}

/// What is shown of lines: all, or of long ones what is around a place.
fn window(text: &str, lines: &Range<usize>, range: &Range<usize>) -> Range<usize> {
    if lines.len() <= LONGEST {
        return lines.clone();
    }
    let end = range.end.min(range.start + LONGEST);
    let start = range.start.saturating_sub(AROUND).max(lines.start);
    within(text, start, (end + AROUND).min(lines.end))
}

/// A range that lies in the text and on its character boundaries.
fn within(text: &str, start: usize, end: usize) -> Range<usize> {
    let down = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = down(start);
    start..down(end).max(start)
}

#[cfg(test)]
mod tests {
    use source::{Source, Span};

    use super::*;

    #[test]
    fn a_finding_shows_its_place_and_its_mend() {
        let mut sources = Sources::new();
        let file = sources.add(Source::new("scenario.yaml", "title: t\ncallers: {ann: {usr: ann}}\n"));
        let finding = Finding::error("UNKNOWN_KEY", Span::new(file, 25, 28), "`usr` is not a key of a caller")
            .suggest("usr", ["user", "task"])
            .see("https://example.com/callers");
        let expected = "\
error[UNKNOWN_KEY]: `usr` is not a key of a caller
 --> scenario.yaml:2:17
  |
2 | callers: {ann: {usr: ann}}
  |                 ^^^
  |
  = help: did you mean `user`?
  = note: https://example.com/callers

";
        assert_eq!(findings(&[finding], &sources, Page::FILE), expected);
    }

    #[test]
    fn a_finding_shows_its_rewrite() {
        let mut sources = Sources::new();
        let text = "{\"a\": [\"b\", \"c\"]}";
        let file = sources.add(Source::new("p.json", text));
        let (b, c) = (Span::new(file, 7, 10), Span::new(file, 12, 15));
        let rewrite = Edit::Rewrite { span: b, old: "b".into(), new: "d".into() };
        for (edit, said) in [
            (rewrite, "= help: `--fix` writes `\"d\"`\n"),
            (Edit::Remove { span: c, neighbour: b }, "= help: `--fix` takes it out\n"),
            (
                Edit::Insert { before: Span::new(file, 1, 4), key: "e".into(), value: "f".into() },
                "puts `\"e\": \"f\",` before it\n",
            ),
        ] {
            let mut finding = Finding::error("CODE", b, "wrong");
            finding.edit = Some(Box::new(edit));
            let shown = findings(&[finding], &sources, Page::FILE);
            assert!(shown.contains(said), "{shown}");
        }
    }

    /// A line of megabytes with a thousand findings: going through all of it for each would take minutes.
    #[test]
    fn of_a_long_line_what_is_around_is_shown() {
        let mut sources = Sources::new();
        let file = sources.add(Source::new("p.json", "é".repeat(4 << 20)));
        let findings: Vec<_> = (0..1000)
            .map(|at| Finding::error("CODE", Span::new(file, 8000 * at, 8000 * at + 4), "wrong"))
            .chain([Finding::error("CODE", Span::new(file, 0, 8 << 20), "all")])
            .collect();
        let shown = super::findings(&findings, &sources, Page::FILE);
        assert!(shown.contains("--> p.json:1:1996001\n") && shown.contains("^^"), "{}", &shown[..2000]);
        assert!(shown.len() < 4 << 20, "{}", shown.len());
    }

    #[test]
    fn a_long_finding_fits_the_terminal() {
        let mut sources = Sources::new();
        let file = sources.add(Source::new("scenario.yaml", "title: t\ncallers: {ann: {usr: ann}}\n"));
        let long =
            "a message that goes on and says more than a line of a terminal holds, and then more, and more still";
        let mut finding = Finding::error("A_CODE", Span::new(file, 25, 28), long).help(long);
        finding.severity = Severity::SecurityWarning;
        for columns in [60, 80, 120] {
            let shown = findings(&[finding.clone()], &sources, Page::new(columns));
            let longest = shown.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(longest <= columns, "{longest} of {columns}:\n{shown}");
        }
        let coloured = findings(&[finding], &sources, Page::FILE.coloured(true));
        assert!(coloured.contains('\u{1b}'), "{coloured}");
    }

    #[test]
    fn a_message_stands_below_a_code_that_leaves_it_little_room() {
        let mut sources = Sources::new();
        let file = sources.add(Source::new("p.json", "{\"a\": 1}"));
        let message = "a role that is passed to every service is more than it needs";
        let finding = Finding::error("PASS_ROLE_WITH_STAR_IN_RESOURCE", Span::new(file, 1, 4), message);
        let expected = "\
error[PASS_ROLE_WITH_STAR_IN_RESOURCE]:
  a role that is passed to every service is more than it
  needs
 --> p.json:1:2
";
        let shown = findings(&[finding], &sources, Page::new(60));
        assert!(shown.starts_with(expected), "{shown}");
    }

    #[test]
    fn a_place_outside_the_text_is_brought_inside() {
        assert_eq!(within("aö", 2, 99), 1..3);
        assert_eq!(within("", 5, 2), 0..0);
    }
}
