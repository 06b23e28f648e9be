//! Findings as ValidatePolicy writes them.
//!
//! docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidatePolicyFinding.html

use serde_json::{Value as Json, json as object};
use source::{Finding, Node, Severity, Source, Sources, Span, Value};

/// A finding in the shape of ValidatePolicyFinding, with the file's name beside path and span, and with what to do
/// about it: `edit`, where there is one, is the text to write in the place of a span. The path leads from `root`, the text's own tree; without one, or where the place is no part of it, it is
/// empty.
#[must_use]
pub fn json(finding: &Finding, sources: &Sources, root: Option<&Node>) -> Json {
    let source = sources.get(finding.span.file);
    let mut value = object!({
        "findingType": finding_type(finding.severity),
        "issueCode": finding.code,
        "findingDetails": finding.message,
        "learnMoreLink": finding.see,
        "locations": [{
            "file": source.map(Source::name),
            "path": root.map(|root| path(root, finding.span)).unwrap_or_default(),
            "span": source.map(|source| span(source, finding.span)),
        }],
    });
    if let Some(help) = &finding.help {
        value["help"] = help.as_str().into();
    }
    let edit = finding.edit.as_deref().zip(source).and_then(|(edit, source)| edit.change(source.text()));
    if let Some(((range, text), source)) = edit.zip(source) {
        let place = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        let range = Span::new(finding.span.file, place(range.start), place(range.end));
        value["edit"] = object!({"span": span(source, range), "text": text});
    }
    value
}

const fn finding_type(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "ERROR",
        Severity::SecurityWarning => "SECURITY_WARNING",
        Severity::Warning => "WARNING",
        Severity::Suggestion => "SUGGESTION",
    }
}

/// "line: starting from 1; column: starting from 0; offset: starting from 0"
/// docs.aws.amazon.com/access-analyzer/latest/APIReference/API_Position.html
fn span(source: &Source, span: Span) -> Json {
    let position = |offset: u32| {
        let place = source.place(offset);
        object!({"line": place.line, "column": place.column - 1, "offset": source.characters(offset as usize)})
    };
    object!({"start": position(span.start), "end": position(span.end)})
}

/// The way to the smallest part of the tree that holds the place.
fn path(root: &Node, span: Span) -> Vec<Json> {
    let holds = |outer: Span| outer.file == span.file && outer.start <= span.start && span.end <= outer.end;
    let mut path = Vec::new();
    let mut node = root;
    loop {
        let below = match &node.value {
            Value::List(items) => {
                let found = items.iter().enumerate().find(|(_, item)| holds(item.span));
                found.map(|(at, item)| (object!({"index": at}), item, true))
            }
            Value::Map(entries) => {
                let found = entries.iter().find(|entry| holds(entry.key_span.to(entry.value.span)));
                found.map(|entry| (object!({"value": entry.key}), &entry.value, holds(entry.value.span)))
            }
            _ => None,
        };
        let Some((step, next, is_inside)) = below else { return path };
        path.push(step);
        // A key, or a key with its value.
        if !is_inside {
            return path;
        }
        node = next;
    }
}
