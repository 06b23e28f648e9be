//! A snapshot's file read back.

use std::collections::HashMap;

use matrix::{Cell, Results};
use source::escaped;

use crate::snapshot::FORM;

/// What a snapshot's file pins.
#[derive(Clone, Debug)]
pub struct Pinned {
    /// The text below the file's head.
    pub text: String,
    /// The marks by option, caller and request.
    marks: HashMap<[String; 3], String>,
    /// What each mark stands for.
    legend: HashMap<String, String>,
}

impl Pinned {
    /// Reads a snapshot's file.
    #[must_use]
    pub fn read(file: &str) -> Self {
        let file = file.replace("\r\n", "\n");
        let body = file.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
        let text = body.map_or(&*file, |(_, text)| text).trim_end().to_owned();
        let legend = section(&text, "Marks").into_iter().flatten().filter_map(|line| line.split_once("  "));
        let legend = legend.map(|(mark, code)| (mark.to_owned(), code.to_owned())).collect();
        Self { marks: marks(&text).unwrap_or_default(), legend, text }
    }

    /// The first line, if it is not that of the form that this version writes.
    #[must_use]
    pub fn other_form(&self) -> Option<&str> {
        let first = self.text.lines().next().unwrap_or_default();
        (first != FORM).then_some(first)
    }

    /// The mark of a cell; `None` if the snapshot has no such cell.
    #[must_use]
    pub fn mark(&self, results: &Results, cell: &Cell) -> Option<&str> {
        let option = &results.options[cell.option].name;
        let (caller, request) = (&results.callers[cell.caller].name, &results.requests[cell.request].name);
        self.marks.get(&[option, caller, request].map(|name| spaced(&escaped(name)))).map(String::as_str)
    }

    /// In what the snapshot differs from a text of today: `its reasons`, `its title and its conditions`.
    #[must_use]
    pub fn differs_in(&self, now: &str) -> String {
        const PARTS: [(&str, &str); 9] = [
            (FORM, "title"),
            ("Callers", "callers"),
            ("Requests", "requests"),
            ("Matrix", "options"),
            ("Marks", "marks"),
            ("Conditions", "conditions"),
            ("Reasons", "reasons"),
            ("Tasks", "tasks"),
            ("Not applied", "list of what is not applied"),
        ];
        let differing = PARTS.iter().filter(|(head, _)| section(&self.text, head) != section(now.trim_end(), head));
        differing.map(|(_, what)| format!("its {what}")).collect::<Vec<_>>().join(" and ")
    }

    /// What a mark stands for, by code.
    #[must_use]
    pub fn code(&self, mark: &str) -> Option<&str> {
        self.legend.get(mark).map(String::as_str)
    }
}

/// The lines below a head.
fn section<'t>(text: &'t str, head: &str) -> Option<Vec<&'t str>> {
    let lines = text.split("\n\n").find_map(|block| block.strip_prefix(head)?.strip_prefix('\n'))?;
    Some(lines.lines().map(str::trim).collect())
}

/// The marks of a text; `None` if it is not of the form that this version writes.
fn marks(text: &str) -> Option<HashMap<[String; 3], String>> {
    let names = |head: &str| -> Option<Vec<String>> {
        section(text, head)?.into_iter().map(|line| Some(spaced(line.split_once(' ')?.1))).collect()
    };
    let (callers, requests) = (names("Callers")?, names("Requests")?);
    let mut marks = HashMap::new();
    for row in section(text, "Matrix")?.into_iter().skip(2) {
        let words: Vec<&str> = row.split_whitespace().collect();
        // A name may have spaces; marks have none.
        let (option, cells) = words.split_at(words.len().checked_sub(callers.len() * requests.len())?);
        for (at, mark) in cells.iter().enumerate() {
            let (caller, request) = (&callers[at / requests.len()], &requests[at % requests.len()]);
            marks.insert([option.join(" "), caller.clone(), request.clone()], (*mark).to_owned());
        }
    }
    Some(marks)
}

/// With one space between words.
fn spaced(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_beside_the_marks_is_named() {
        let text = format!("{FORM}\nTitle\n\nCallers\n  a  ann\n\nReasons\n  · one: a 1\n    no-statement\n");
        let check = |old: &str, new: &str, expected: &str| {
            assert_eq!(Pinned::read(&text).differs_in(&text.replace(old, new)), expected, "{old}");
        };
        check("no-statement", "explicit-deny", "its reasons");
        check("Title", "Other", "its title");
        check("ann\n\nReasons", "ben\n\nReason", "its callers and its reasons");
        check("no-statement\n", "no-statement\n\nNot applied\n  Queue\n", "its list of what is not applied");
    }

    #[test]
    fn a_text_of_another_form_is_told() {
        let old = Pinned::read("---\ndescription: \"t\"\n---\nWho may read\n\nMatrix\n  x\n");
        assert_eq!(old.other_form(), Some("Who may read"));
        let now = Pinned::read(&format!("---\r\nsource: s\r\n---\r\n{FORM}\r\nWho may read\r\n"));
        assert_eq!((now.other_form(), &*now.text), (None, &*format!("{FORM}\nWho may read")));
        assert_eq!(Pinned::read("").other_form(), Some(""));
    }
}
