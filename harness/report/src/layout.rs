//! Texts of sections, labels and lists, fitted to a page.

use std::ops::Range;

use source::escaped_lines;

use crate::page::Page;

/// A text with each line that is too long broken at spaces, and what follows indented below what it follows; with colours if
/// the page has them. What is to be pasted, such as JSON or a command, stays as it is.
#[must_use]
pub fn laid_out(text: &str, page: Page) -> String {
    let text = escaped_lines(text);
    let lines = text.lines().flat_map(|line| wrapped(line, page.line()));
    lines.map(|line| format!("{}\n", painted(&line, page))).collect()
}

/// Why something could not be done, after `error:`. A line of its own that begins with `help:` says what to do.
#[must_use]
pub fn error(text: &str, page: Page) -> String {
    laid_out(&format!("error: {text}"), page)
}

fn wrapped(line: &str, columns: usize) -> Vec<String> {
    let mut rest = line;
    let indent = indent(line).min(columns / 2);
    let mut lines = Vec::new();
    let mut before = 0;
    while !is_pasted(line) && before + rest.chars().count() > columns {
        let Some((end, start)) = break_of(rest, columns - before, if before == 0 { indent } else { 0 }) else { break };
        lines.push(format!("{:before$}{}", "", &rest[..end]));
        rest = &rest[start..];
        before = indent;
    }
    lines.push(format!("{:before$}{rest}", ""));
    lines
}

/// Where a line ends and the next begins, both past `from` columns; the first space of all if nothing fits.
fn break_of(text: &str, columns: usize, from: usize) -> Option<(usize, usize)> {
    let commands = commands(text);
    let is_within = |at: usize| commands.iter().any(|command| command.contains(&at));
    let spaces =
        || text.char_indices().enumerate().filter(|&(at, (byte, c))| c == ' ' && at > from && !is_within(byte));
    let fits = spaces().take_while(|&(at, _)| at <= columns).last().or_else(|| spaces().next());
    let (_, (at, _)) = fits?;
    let (before, after) = (text[..at].trim_end(), text[at..].trim_start());
    (!before.trim().is_empty() && !after.is_empty()).then(|| (before.len(), text.len() - after.len()))
}

/// Where the text of a line begins that follows it: below the words beside a label, a mark or a dash.
fn indent(line: &str) -> usize {
    let own = line.chars().take_while(|c| *c == ' ').count();
    let text = &line[own..];
    let label = text.find("  ").filter(|&end| text[..end].chars().all(char::is_alphabetic) && end < LABEL);
    let beside = match label {
        _ if text.starts_with(ERROR) => ERROR.len() + 1,
        _ if text.starts_with(HELP) => HELP.len() + 1,
        Some(end) => text[..end].chars().count() + text[end..].chars().take_while(|c| *c == ' ').count(),
        None if is_beside(text) => 2,
        None if own > 0 => 2,
        None => 0,
    };
    own + beside
}

const ERROR: &str = "error:";
const HELP: &str = "help:";
/// No label is longer.
const LABEL: usize = 10;

fn is_beside(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| !c.is_alphanumeric()) && chars.next() == Some(' ')
}

/// The command lines in a text: what stands in backticks and begins with a program, and what follows `Explain`.
fn commands(text: &str) -> Vec<Range<usize>> {
    let is_command = |text: &str| PROGRAMS.iter().any(|program| text.starts_with(program));
    if text.trim_start().starts_with(EXPLAIN) {
        return text.find("tagproof ").map(|start| start..text.len()).into_iter().collect();
    }
    let mut at = 0;
    let mut all = Vec::new();
    for (part, is_quoted) in text.split('`').zip([false, true].into_iter().cycle()) {
        if is_quoted && is_command(part) {
            all.push(at..at + part.len());
        }
        at += part.len() + 1;
    }
    all
}

const EXPLAIN: &str = "Explain   tagproof ";
const PROGRAMS: [&str; 4] = ["tagproof ", "aws ", "cargo ", "docker "];

/// JSON, and what a container printed. Prose may begin with a quotation mark as well.
fn is_pasted(line: &str) -> bool {
    let text = line.trim_start();
    let is_quoted = text.starts_with('"') && (text.contains("\": ") || !text.contains(' '));
    is_quoted || text.starts_with(['{', '}', '[', ']', '|'])
}

fn painted(line: &str, page: Page) -> String {
    let text = line.trim_start();
    let (indent, label) = (&line[..line.len() - text.len()], text.find("  "));
    match label {
        _ if is_beside(text) => page.lead(line),
        _ if text == crate::explanation::MENDS => format!("{indent}{}", page.bold(text)),
        Some(end) if end < LABEL && text[..end].chars().all(|c| c.is_ascii_alphabetic()) => {
            format!("{indent}{}{}", page.bold(&text[..end]), &text[end..])
        }
        _ => match (text.strip_prefix(ERROR), text.strip_prefix(HELP)) {
            (Some(rest), _) => format!("{indent}{}{rest}", page.bad(ERROR)),
            (_, Some(rest)) => format!("{indent}{}{rest}", page.good(HELP)),
            _ => line.to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
one / ann / get: implicitly denied

Reason    no statement allows s3:GetObject: statement `Read/1` needs another tag
  - pass the tag Status = OK in the request, and everything that follows
      {\"Sid\": \"a long statement that is to be pasted stays in one line as it is\"}
      ✗ StringEquals aws:RequestTag/Status  expected OK, request has none (it fails)
";

    #[test]
    fn what_follows_stands_below_what_it_follows() {
        let expected = "\
one / ann / get: implicitly denied

Reason    no statement allows s3:GetObject: statement
          `Read/1` needs another tag
  - pass the tag Status = OK in the request, and everything
    that follows
      {\"Sid\": \"a long statement that is to be pasted stays in one line as it is\"}
      ✗ StringEquals aws:RequestTag/Status  expected OK,
        request has none (it fails)
";
        assert_eq!(laid_out(TEXT, Page::new(60)), expected);
        assert_eq!(laid_out(TEXT, Page::new(120)), TEXT);
    }

    #[test]
    fn a_command_stays_in_one_line() {
        let command = "tagproof run scenarios/a-name-that-is-long --update-snapshots --snapshots there";
        let text =
            format!("help: if that is meant, take it over with `{command}`, and commit it\n  Explain   {command}\n");
        let expected = format!(
            "help: if that is meant, take it over with\n      `{command}`,\n      and commit it\n  Explain   {command}\n"
        );
        assert_eq!(laid_out(&text, Page::new(60)), expected);
    }

    #[test]
    fn a_word_that_is_too_long_stays_whole() {
        let word = "a".repeat(200);
        for text in [format!("{word}\n"), format!("Reason    {word}\n"), format!("      {word}\n")] {
            assert_eq!(laid_out(&text, Page::new(60)), text);
        }
        assert_eq!(laid_out(&format!("Reason    {word} b"), Page::new(60)), format!("Reason    {word}\n          b\n"));
    }

    #[test]
    fn colours_change_no_character() {
        let page = Page::new(60).coloured(true);
        let (plain, painted) = (laid_out(TEXT, Page::new(60)), laid_out(TEXT, page));
        assert_ne!(plain, painted);
        let mut stripped = painted;
        while let Some(start) = stripped.find('\u{1b}') {
            let end = start + stripped[start..].find('m').map_or(0, |end| end + 1);
            stripped.replace_range(start..end, "");
        }
        assert_eq!(stripped, plain);
    }
}
