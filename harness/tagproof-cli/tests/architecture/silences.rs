//! Comments that say that AWS is silent, and the rows of `policy::undocumented` that say what is done then.

use std::path::{Path, PathBuf};

/// How a comment says it, in lower case.
const PHRASES: &[&str] = &[
    "aws does not say",
    "aws does not document",
    "documentation does not say",
    "pages do not say",
    "no page says",
    "not documented",
    "nowhere said",
    "see the row",
];

/// Where no decision rests on what AWS does not say, and why not.
const NOT_DECISIONS: &[(&str, &str)] = &[
    ("protocol/src/json/unique.rs", "the request is refused"),
    ("wire/src/s3/refusal.rs", "the request is refused"),
    ("services/s3/src/tagging.rs", "the request is refused, and the question is with which code"),
    ("services/ecs/src/client_token.rs", "the request is refused, and the question is what the error tells"),
    ("runner/src/run/patience.rs", "it is about how long to wait"),
];

/// Each comment that says so, and neither it nor the code below it names a row.
pub(crate) fn unnamed(sources: &[(PathBuf, String)]) -> Vec<String> {
    let is_none = |path: &Path| NOT_DECISIONS.iter().any(|(end, _)| path.ends_with(end));
    let of_file = |(path, text): &(PathBuf, String)| {
        let lines = said_without_row(text).into_iter();
        lines.map(|line| format!("{}:{line}", path.display())).collect::<Vec<_>>()
    };
    sources.iter().filter(|(path, _)| !is_none(path)).flat_map(of_file).collect()
}

/// The lines where such comments begin. Code belongs to a comment as far as the next empty line.
fn said_without_row(text: &str) -> Vec<usize> {
    let mut lines = text.lines().enumerate().peekable();
    let mut found = Vec::new();
    while let Some((at, line)) = lines.next() {
        let Some(comment) = comment(line) else { continue };
        let mut said = comment.to_owned();
        while let Some((_, line)) = lines.next_if(|(_, line)| self::comment(line).is_some()) {
            said = said + " " + self::comment(line).unwrap_or_default();
        }
        let rest = text.lines().skip(lines.peek().map_or(usize::MAX, |(next, _)| *next));
        let mut below = rest.take_while(|line| !line.trim().is_empty());
        let is_silence = PHRASES.iter().any(|phrase| said.to_lowercase().contains(phrase));
        if is_silence && !said.contains("Case::") && !below.any(names_row) {
            found.push(at + 1);
        }
    }
    found
}

fn comment(line: &str) -> Option<&str> {
    Some(line.trim_start().strip_prefix("//")?.trim_start_matches(['/', '!']).trim())
}

fn names_row(code: &str) -> bool {
    code.split(|letter: char| !letter.is_alphanumeric()).any(|word| word == "Case")
}

/// The rows that no code and no comment on code names, by their names in `Case`.
pub(crate) fn unused<'t>(table: &'t str, sources: &[(PathBuf, String)]) -> Vec<&'t str> {
    let rows = table.lines().filter_map(|line| line.strip_prefix("    ")?.split_once(": \"").map(|(name, _)| name));
    let rows = rows.filter(|name| name.chars().all(char::is_alphanumeric));
    let is_word =
        |text: &str, name: &str| text.split(|letter: char| !letter.is_alphanumeric()).any(|word| word == name);
    rows.filter(|name| !sources.iter().any(|(_, text)| is_word(text, name))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_that_says_that_aws_is_silent_has_to_name_a_row() {
        let check = |text: &str, lines: &[usize]| assert_eq!(said_without_row(text), lines, "{text}");
        check("/// AWS does not say which.\nfn f() {}\n", &[1]);
        check("fn f() {\n    // That is, and no\n    // page says why.\n    g();\n\n    note(Case::A);\n", &[2]);
        check("/// AWS does not say which: see `Case::A`.\nfn f() {}\n", &[]);
        check("// AWS does not say which.\nnotes.add(Case::A);\n", &[]);
        check("/// AWS says which.\nlet text = \"no page says\";\n", &[]);
    }

    #[test]
    fn a_row_that_nothing_names_is_told() {
        let table = "rows! {\n    First: \"first\",\n        \"a question\",\n    Second: \"second\",\n";
        let code = vec![(PathBuf::from("code.rs"), "notes.add(Case::First); let secondary = Seconds;".to_owned())];
        assert_eq!(unused(table, &code), ["Second"]);
    }
}
