//! The regular expressions of AWS's models, which are Java's, as this project's own library reads them.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use regex::Regex;

/// Whether the whole text matches. `None`: the pattern cannot be read here, such as one that looks ahead.
pub(crate) fn matches(pattern: &str, text: &str) -> Option<bool> {
    compiled(pattern).map(|regex| regex.is_match(text))
}

/// Every pattern is compiled once.
fn compiled(pattern: &str) -> Option<Arc<Regex>> {
    static COMPILED: LazyLock<RwLock<HashMap<String, Option<Arc<Regex>>>>> = LazyLock::new(RwLock::default);
    if let Some(regex) = COMPILED.read().unwrap_or_else(PoisonError::into_inner).get(pattern) {
        return regex.clone();
    }
    let regex = Regex::new(&translated(pattern)).ok().map(Arc::new);
    let mut known = COMPILED.write().unwrap_or_else(PoisonError::into_inner);
    known.entry(pattern.to_owned()).or_insert(regex).clone()
}

/// What Java writes otherwise: characters beyond 16 bits as pairs, and classes of ASCII.
const JAVA: [(&str, &str); 3] = [
    (r"\uD800\uDC00-\uDBFF\uDFFF", r"\x{10000}-\x{10FFFF}"),
    (r"\p{Print}", "[[:print:]]"),
    (r"\p{XDigit}", "[[:xdigit:]]"),
];

/// In Java `\w`, `\d` and `\s` are of ASCII alone, `$` ends the text, and a pattern here holds for the whole text.
fn translated(pattern: &str) -> String {
    let pattern = JAVA.iter().fold(pattern.to_owned(), |pattern, (java, ours)| pattern.replace(java, ours));
    let mut out = String::from(r"\A(?:");
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match (character, character == '\\') {
            (_, true) => match characters.next() {
                Some('w') => out.push_str("[[:word:]]"),
                Some('W') => out.push_str("[^[:word:]]"),
                Some('d') => out.push_str("[0-9]"),
                Some('D') => out.push_str("[^0-9]"),
                Some('s') => out.push_str("[[:space:]]"),
                Some('S') => out.push_str("[^[:space:]]"),
                Some(escaped) => out.extend(['\\', escaped]),
                None => out.push('\\'),
            },
            (character, _) => out.push(character),
        }
    }
    out.push_str(r")\z");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_holds_for_the_whole_text_and_for_ascii_where_java_does() {
        for (pattern, text, expected) in [
            (r"[\w+=,.@-]+", "a-Z_0.@", Some(true)),
            (r"[\w+=,.@-]+", "ä", Some(false)),
            (r"[\w+=,.@-]+", "a b", Some(false)),
            (r"[\w+=,.@-]+", "", Some(false)),
            (r"\d{12}", "123456789012", Some(true)),
            (r"\d{12}", "1234567890123", Some(false)),
            (r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", "Städte 1", Some(true)),
            (r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", "a#b", Some(false)),
            (r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)", "/app/", Some(true)),
            (r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)", "/app", Some(false)),
            (r"[\u0009\u000A\u000D\u0020-\u00FF]+", "{\n}", Some(true)),
            (r"^a$", "a\n", Some(false)),
            (r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*", "a\u{1f600}\t", Some(true)),
            (r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*", "a\n", Some(false)),
            (r"\p{Print}+", "a ~", Some(true)),
            (r"\p{Print}+", "é", Some(false)),
            (r"\p{XDigit}{2}-a", "0F-a", Some(true)),
            (r"a(?!b)", "a", None),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text:?}");
        }
    }

    /// Values of these shapes are not held to their patterns. The one who builds in another service names its own here.
    #[test]
    fn every_pattern_of_the_services_that_are_built_in_can_be_read_but_these() {
        let mut unread = Vec::new();
        for name in model::NAMES {
            let shapes = model::of(name).unwrap().shapes();
            let patterns = shapes.filter_map(|shape| Some((shape, shape.limits.pattern.as_deref()?)));
            unread
                .extend(patterns.filter(|(_, one)| matches(one, "").is_none()).map(|(shape, _)| (*name, &*shape.name)));
        }
        // It looks ahead: no two hyphens one after the other.
        assert_eq!(unread, [("iam", "accountAliasType")]);
    }
}
