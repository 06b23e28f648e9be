//! Which files of a crate use each other in a circle: a reader of one of them would have to read all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The sources of a crate by their modules: `input::breaches`. The crate's own file and tests are not among them.
type Files = BTreeMap<String, String>;

/// One circle of files, if there is one: each uses the next, and the last the first.
pub(crate) fn circle(source: &Path, sources: &[(PathBuf, String)]) -> Option<Vec<String>> {
    let root = sources.iter().find(|(path, _)| *path == source.join("lib.rs")).map_or("", |(_, text)| text);
    let files: Files = sources.iter().filter_map(|(path, text)| Some((module(source, path)?, code(text)))).collect();
    let uses = |module: &String| used(module, &files, root);
    let uses: BTreeMap<_, _> = files.keys().map(|module| (module.clone(), uses(module))).collect();
    uses.keys().find_map(|module| back(module, module, &uses, &mut BTreeSet::new()))
}

/// `None`: the file is the crate's own, or a test.
fn module(source: &Path, path: &Path) -> Option<String> {
    let path = path.strip_prefix(source).ok()?.with_extension("");
    let parts: Vec<_> = path.iter().filter_map(|part| part.to_str()).collect();
    let is_test = parts.iter().any(|part| *part == "tests" || part.ends_with("_tests"));
    (!is_test && parts != ["lib"]).then(|| parts.join("::"))
}

/// Without comments, and without the tests at its end.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The files that a file names, by `crate::…` or `super::…`, or as a module in it.
fn used(module: &str, files: &Files, root: &str) -> BTreeSet<String> {
    let (text, own) = (&files[module], module.split("::").collect::<Vec<_>>());
    let mut paths = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        paths.extend(written(&[], &text[at + 7..]));
    }
    for (at, _) in text.match_indices("super::").filter(|(at, _)| !text[..*at].ends_with("super::")) {
        let ups = text[at..].split("::").take_while(|part| *part == "super").count();
        paths.extend(written(&own[..own.len().saturating_sub(ups)], &text[at + 7 * ups..]));
    }
    let declared = text.lines().filter_map(|line| line.split_once("mod ")?.1.strip_suffix(';'));
    paths.extend(declared.map(|name| [&own[..], &[name]].concat().join("::")));
    let found = paths.iter().filter_map(|path| file(path, files).or_else(|| file(&shown(path, root)?, files)));
    found.filter(|used| used != module).collect()
}

/// The paths that begin with a path and go on as the text does: `{a, b::{c, d}}` is three.
fn written(before: &[&str], text: &str) -> Vec<String> {
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    if let Some(group) = text.strip_prefix('{') {
        let (mut paths, mut depth, mut start) = (Vec::new(), 0, 0);
        for (at, letter) in group.char_indices() {
            match letter {
                ',' | '}' if depth == 0 => {
                    paths.extend(written(before, group[start..at].trim()));
                    start = at + 1;
                }
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if letter == '}' && start == at + 1 {
                break;
            }
        }
        return paths;
    }
    let end = text.find(|letter| !is_name(letter)).unwrap_or(text.len());
    let path = [before, &[&text[..end]]].concat();
    match text[end..].strip_prefix("::") {
        Some(rest) => written(&path, rest),
        None => vec![path.join("::")],
    }
}

/// The file that a path leads into.
fn file(path: &str, files: &Files) -> Option<String> {
    let ends = path.match_indices("::").map(|(at, _)| at).chain([path.len()]);
    ends.filter_map(|end| files.get_key_value(&path[..end])).last().map(|(module, _)| module.clone())
}

/// Where the crate's own file says that a name comes from: `Tag` of `pub use tags::{Tag, Tags};` from `tags`.
fn shown(path: &str, root: &str) -> Option<String> {
    let name = path.split("::").next()?;
    let uses = root.split("pub use ").skip(1).filter_map(|rest| rest.split_once(';'));
    let mut paths = uses.flat_map(|(used, _)| written(&[], used));
    paths.find(|path| path.rsplit("::").next() == Some(name))
}

/// The way from a file to another, by what each uses.
fn back(
    from: &str,
    to: &str,
    uses: &BTreeMap<String, BTreeSet<String>>,
    seen: &mut BTreeSet<String>,
) -> Option<Vec<String>> {
    for used in &uses[from] {
        if used == to {
            return Some(vec![from.to_owned()]);
        }
        if seen.insert(used.clone())
            && let Some(mut rest) = back(used, to, uses, seen)
        {
            rest.insert(0, from.to_owned());
            return Some(rest);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether these files of a crate, whose own file is the first text, use each other in a circle.
    fn check(root: &str, files: &[(&str, &str)], expected: Option<&[&str]>) {
        let files = files.iter().map(|(path, text)| (Path::new("src").join(path), (*text).to_owned()));
        let all: Vec<_> = files.chain([(PathBuf::from("src/lib.rs"), root.to_owned())]).collect();
        let found = circle(Path::new("src"), &all);
        assert_eq!(
            found.as_deref(),
            expected.map(|names| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>()).as_deref()
        );
    }

    #[test]
    fn a_circle_is_found_however_the_files_name_each_other() {
        let of = |a: &'static str, b: &'static str| [("a.rs", a), ("b.rs", b)];
        let both: Option<&[&str]> = Some(&["a", "b"]);
        check("", &of("use crate::b::f;", "use crate::a::g;"), both);
        check("", &of("use crate::b::f;", "fn f() { crate::a::g() }"), both);
        check("", &of("use crate::{c, b::{e, f}};", "use super::a::g;"), both);
        check("pub use a::{x, A};", &of("use crate::b::f;", "use crate::A;"), both);
        check("", &of("use crate::b::f;", "// as crate::a has it\n#[cfg(test)]\nmod tests { use crate::a::g; }"), None);
        check("", &of("use crate::b::f;", "use crate::lib;"), None);
        check("", &[("a.rs", "use crate::b::f;"), ("b.rs", ""), ("b/tests.rs", "use crate::a::g;")], None);
    }

    #[test]
    fn a_part_of_a_file_and_the_file_are_a_circle_as_well() {
        check("", &[("a.rs", "mod part;"), ("a/part.rs", "use super::A;")], Some(&["a", "a::part"]));
        check("", &[("a.rs", "mod part;"), ("a/part.rs", "use super::super::b::B;"), ("b.rs", "")], None);
        check(
            "",
            &[
                ("a.rs", "use crate::b;"),
                ("b.rs", "use crate::c;"),
                ("c.rs", "use crate::a::part::P;"),
                ("a/part.rs", ""),
            ],
            None,
        );
    }
}
