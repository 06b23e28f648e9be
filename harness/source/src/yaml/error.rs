//! What the parser stumbles over, in words that say the mend.

use saphyr_parser::ScanError;

use super::place::Places;
use crate::Finding;

/// What the parser's message contains, what it means, and what to do.
const KNOWN: &[(&str, &str, &str)] = &[
    ("quoted scalar, found unexpected end of stream", "a quoted text is never closed", "add the closing quote"),
    (
        "invalid indentation in quoted scalar",
        "a quoted text is never closed, or its next line is not indented",
        "add the closing quote",
    ),
    ("tabs disallowed", "tab in the indentation", "indent with spaces"),
    ("tab character", "tab in the indentation", "indent with spaces"),
    (
        "mapping values are not allowed",
        "unexpected `:`",
        "quote a text that contains `: `, or indent the line like its neighbours",
    ),
    (
        "expected alphabetic or numeric character",
        "`*` or `&` begins an alias or an anchor, and no name follows",
        "quote a text that begins with `*` or `&`: `'*'`",
    ),
    (
        "found unknown anchor",
        "an alias names an anchor that does not exist",
        "quote a text that begins with `*`, and write values out: CloudFormation has no aliases",
    ),
    ("expected ',' or ']'", "a `[` is never closed, or a comma is missing", "add the `]` or the `,`"),
    ("expected ',' or '}'", "a `{` is never closed, or a comma is missing", "add the `}` or the `,`"),
    ("recursion limit exceeded", "too many nested brackets", "no template or policy needs that many levels"),
    ("simple key expect", "key without `:`", "write `key: value`, and indent a text of several lines"),
    ("cannot start any token", "a text cannot begin with this character", "quote the text"),
    (
        "found end of stream",
        "the text ends in the middle of something",
        "see whether a quote or a bracket is left open",
    ),
];

pub(super) fn finding(error: &ScanError, places: &Places<'_>) -> Finding {
    let at = places.byte(error.marker().index());
    let span = places.at(at, at + places.first_character(at));
    match KNOWN.iter().find(|(part, ..)| error.info().contains(part)) {
        Some((_, message, help)) => Finding::error("SYNTAX", span, *message).help(*help),
        None => Finding::error("SYNTAX", span, format!("this is not YAML: {}", error.info())),
    }
}
