//! A prediction that somebody has confirmed: the mark gives way to the reason.

use std::ops::Range;

use crate::yaml::quoted;

/// The text of a scenario with `because` and `see` in place of the mark `predicted: true`, which stands at `mark`. All else
/// stays as it is, comments too. None: no mark stands there.
#[must_use]
pub fn confirmed(text: &str, mark: Range<usize>, because: &str, see: &str) -> Option<String> {
    if !text.get(mark.clone())?.starts_with("predicted") {
        return None;
    }
    let line = text[..mark.start].rfind('\n').map_or(0, |at| at + 1);
    let before = &text[line..mark.start];
    // In a flow mapping the entries stand in one line; in a block each has its own, below the first.
    let is_block = before.chars().all(|c| c == ' ' || c == '-');
    let between = if is_block { format!("\n{}", " ".repeat(before.len())) } else { ", ".to_owned() };
    let reason = format!("because: {}{between}see: {}", quoted(because), quoted(see));
    Some(format!("{}{reason}{}", &text[..mark.start], &text[mark.end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let start = text.find("predicted").unwrap_or_default();
        let mark = start..start + "predicted: true".len();
        assert_eq!(confirmed(text, mark, "so it is", "https://a/").as_deref(), Some(expected));
    }

    #[test]
    fn the_reason_stands_where_the_mark_stood() {
        check(
            "  a:\n    - deny: all # mine\n      predicted: true # yours\n",
            "  a:\n    - deny: all # mine\n      because: \"so it is\"\n      see: \"https://a/\" # yours\n",
        );
        check("- predicted: true\n  deny: all\n", "- because: \"so it is\"\n  see: \"https://a/\"\n  deny: all\n");
        check("a: {deny: all, predicted: true}\n", "a: {deny: all, because: \"so it is\", see: \"https://a/\"}\n");
    }

    #[test]
    fn what_is_no_mark_stays() {
        assert_eq!(confirmed("a: b\n", 0..4, "", ""), None);
        assert_eq!(confirmed("a: b\n", 3..90, "", ""), None);
    }
}
