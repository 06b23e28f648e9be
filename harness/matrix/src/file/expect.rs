//! `expect`: what each cell must give. Every cell has exactly one expectation, and every name is a known one.

use source::{Entry, Finding, Node, Span, Value as Tree};

use super::fields::Reader;
use crate::results::{Expectation, Expected};

const OUTCOMES: [Expected; 4] = [Expected::Allow, Expected::Deny, Expected::CannotStart, Expected::NotFound];
const GROUP: &[&str] = &["allow", "deny", "cannot-start", "not-found", "because", "see", "predicted"];
/// The row for cells that an option's own row does not cover.
pub(super) const EVERY: &str = "every-option";
/// Every name of an axis.
pub(super) const ALL: &str = "all";
/// How many cells one finding names.
const SHOWN: usize = 4;

/// The names along the three axes, with the place of each option.
pub(super) struct Axes<'n> {
    pub(super) options: Vec<(&'n str, Span)>,
    pub(super) callers: Vec<&'n str>,
    pub(super) requests: Vec<&'n str>,
}

/// One option's cells while they are filled.
struct Row<'a> {
    axes: &'a Axes<'a>,
    cells: Vec<Option<Expectation>>,
}

/// Reads the expectations: options outermost, then callers, then requests. Shorter only if there are findings.
pub(super) fn read(reader: &mut Reader, node: &Node, axes: &Axes<'_>) -> Vec<Expectation> {
    let rows = reader.map(node, "`expect`");
    // An option whose row is there under a misspelt name is told of once.
    let mut misspelt = Vec::new();
    for Entry { key, key_span, .. } in rows.iter().filter(|row| row.key != EVERY) {
        if !axes.options.iter().any(|(name, _)| name == key) {
            let message = format!("there is no option `{key}`");
            let known = axes.options.iter().map(|(name, _)| *name).chain([EVERY]);
            misspelt.extend(source::suggest(key, known.clone()));
            reader.say(Finding::error("UNKNOWN_OPTION", *key_span, message).suggest_among(key, known));
        }
    }
    let row = |name: &str| rows.iter().find(|entry| entry.key == name);
    let every = row(EVERY).map_or_else(|| axes.nothing(), |every| read_row(reader, &every.value, axes));
    let mut all = Vec::new();
    for (name, span) in &axes.options {
        let before = reader.findings.len();
        let (place, own) = match row(name) {
            Some(Entry { key_span, value, .. }) => (*key_span, read_row(reader, value, axes)),
            None if every.iter().any(Option::is_some) => (*span, axes.nothing()),
            None if misspelt.contains(name) => continue,
            None => {
                let message = format!("no expectation covers option `{name}`");
                let help = format!("add a row for it under `expect`: `{name}: {{allow: all, because: …, see: …}}`");
                reader.say(Finding::error("NO_EXPECTATION", *span, message).help(help));
                continue;
            }
        };
        let cells: Vec<_> = own.into_iter().zip(&every).map(|(own, every)| own.or_else(|| every.clone())).collect();
        // A row with a fault in it would only repeat it as cells that nothing covers.
        if reader.findings.len() == before {
            uncovered(reader, name, place, axes, &cells);
        }
        all.extend(cells.into_iter().flatten());
    }
    all
}

impl Axes<'_> {
    /// A row without any expectation.
    fn nothing(&self) -> Vec<Option<Expectation>> {
        vec![None; self.callers.len() * self.requests.len()]
    }
}

fn read_row(reader: &mut Reader, node: &Node, axes: &Axes<'_>) -> Vec<Option<Expectation>> {
    let mut row = Row { axes, cells: axes.nothing() };
    match &node.value {
        Tree::List(groups) => groups.iter().for_each(|group| row.group(reader, group)),
        _ => row.group(reader, node),
    }
    row.cells
}

fn uncovered(reader: &mut Reader, name: &str, span: Span, axes: &Axes<'_>, cells: &[Option<Expectation>]) {
    let place = |at: usize| (axes.callers[at / axes.requests.len()], axes.requests[at % axes.requests.len()]);
    let empty = cells.iter().enumerate().filter(|(_, cell)| cell.is_none());
    let missing: Vec<(&str, &str)> = empty.map(|(at, _)| place(at)).collect();
    if missing.is_empty() {
        return;
    }
    let names: Vec<_> = missing.iter().map(|(caller, request)| format!("{caller}/{request}")).collect();
    let message = format!("no expectation covers these cells of option `{name}`: {}", shown(&names));
    // As it can be pasted: the requests of each caller.
    let callers = missing.chunk_by(|one, other| one.0 == other.0).take(SHOWN);
    let callers = callers.filter_map(|cells| {
        let requests: Vec<&str> = cells.iter().map(|(_, request)| *request).collect();
        let requests =
            if requests.len() == axes.requests.len() { ALL.to_owned() } else { format!("[{}]", requests.join(", ")) };
        Some(format!("{}: {requests}", cells.first()?.0))
    });
    let form = callers.collect::<Vec<_>>().join(", ");
    let help = format!("write what they give: `deny: {{{form}}}`, or `allow`, `cannot-start` or `not-found`");
    reader.say(Finding::error("UNCOVERED_CELL", span, message).help(help));
}

/// A cell with another expectation already.
struct Twice {
    name: String,
    before: Expected,
    span: Span,
}

/// One finding for each place: a caller there may stand for many cells.
fn contradictions(reader: &mut Reader, here: Expected, all: &[Twice]) {
    for same in all.chunk_by(|one, other| (one.span, one.before) == (other.span, other.before)) {
        let [first, ..] = same else { continue };
        let names: Vec<&str> = same.iter().map(|one| one.name.as_str()).collect();
        let verb = if names.len() == 1 { "is" } else { "are" };
        let message = format!(
            "{} {verb} expected to give `{}` here and `{}` before",
            shown(&names),
            here.word(),
            first.before.word()
        );
        reader.say(Finding::error("COVERED_TWICE", first.span, message).help("keep one of the two"));
    }
}

/// The first of some cells.
fn shown(names: &[impl AsRef<str>]) -> String {
    let first = names.iter().take(SHOWN).map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

impl Row<'_> {
    /// Outcomes that share a reason and a page.
    fn group(&mut self, reader: &mut Reader, node: &Node) {
        let fields = reader.fields(node, "an expectation", GROUP);
        let because = fields.get("because").and_then(|node| reader.text(node, "`because`"));
        let see = fields.get("see").and_then(|node| reader.text(node, "`see`"));
        let predicted = predicted(reader, node);
        let mut said = false;
        for expected in OUTCOMES {
            let Some(node) = fields.get(expected.word()) else { continue };
            said = true;
            let mut twice = Vec::new();
            for (caller, request, span) in self.selected(reader, node, expected) {
                let (because, see) = (because.clone(), see.clone());
                let expectation = Expectation { expected, because, see, predicted, span };
                twice.extend(self.put(caller, request, expectation));
            }
            contradictions(reader, expected, &twice);
        }
        if !said && matches!(node.value, Tree::Map(_)) {
            let message = "an expectation must say what comes out";
            reader.say(
                Finding::error("NO_OUTCOME", node.span, message)
                    .help("give it `allow`, `deny`, `cannot-start` or `not-found`"),
            );
        }
    }

    /// Fills a cell; gives what contradicts what is there.
    fn put(&mut self, caller: usize, request: usize, expectation: Expectation) -> Option<Twice> {
        let cell = &mut self.cells[caller * self.axes.requests.len() + request];
        match cell {
            Some(known) if known.expected != expectation.expected => {
                let name = format!("{}/{}", self.axes.callers[caller], self.axes.requests[request]);
                return Some(Twice { name, before: known.expected, span: expectation.span });
            }
            Some(_) => {}
            None => *cell = Some(expectation),
        }
        None
    }

    /// The cells that `all`, a list of callers, or a mapping of callers to requests selects.
    fn selected(&self, reader: &mut Reader, node: &Node, expected: Expected) -> Vec<(usize, usize, Span)> {
        let every: Vec<usize> = (0..self.axes.requests.len()).collect();
        let mut cells = Vec::new();
        let mut add = |callers: &[usize], requests: &[usize], span| {
            for &caller in callers {
                cells.extend(requests.iter().map(|&request| (caller, request, span)));
            }
        };
        match &node.value {
            Tree::List(items) => {
                for item in items {
                    let Some(name) = reader.text(item, "a caller") else { continue };
                    if let Some((caller, request)) = self.cell(&name) {
                        let help = format!("write `{}: {{{caller}: [{request}]}}`", expected.word());
                        let message = format!("there is no caller `{name}`");
                        reader.say(Finding::error("UNKNOWN_CALLER", item.span, message).help(help));
                        continue;
                    }
                    add(&self.callers(reader, &name, item.span), &every, item.span);
                }
            }
            Tree::Map(entries) => {
                for Entry { key, key_span, value } in entries {
                    let callers = self.callers(reader, key, *key_span);
                    add(&callers, &self.requests(reader, value), value.span);
                }
            }
            _ if node.text() == Some(ALL) => add(&self.callers(reader, ALL, node.span), &every, node.span),
            _ => {
                let message = "cells are `all`, a list of callers, or a mapping of callers to requests";
                let finding = Finding::error("WRONG_TYPE", node.span, message);
                reader.say(match node.text().filter(|name| self.axes.callers.contains(name)) {
                    Some(name) => finding.help(format!("write `[{name}]`")),
                    None => finding,
                });
            }
        }
        cells
    }

    /// A caller and a request in the form in which findings name a cell.
    fn cell<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let (caller, request) = text.split_once('/')?;
        (self.axes.callers.contains(&caller) && self.axes.requests.contains(&request)).then_some((caller, request))
    }

    fn callers(&self, reader: &mut Reader, name: &str, span: Span) -> Vec<usize> {
        find(reader, "caller", name, span, &self.axes.callers)
    }

    fn requests(&self, reader: &mut Reader, node: &Node) -> Vec<usize> {
        if node.text() == Some(ALL) {
            return (0..self.axes.requests.len()).collect();
        }
        let mut found = Vec::new();
        for item in reader.list(node, "the requests of a caller") {
            let Some(name) = reader.text(item, "a request") else { continue };
            found.extend(find(reader, "request", &name, item.span, &self.axes.requests));
        }
        found
    }
}

/// Where a group says that it is a prediction. Such a group has no reason of its own: with one, somebody stands for it.
fn predicted(reader: &mut Reader, group: &Node) -> Option<Span> {
    let entry = group.entries().iter().find(|entry| entry.key == "predicted")?;
    if entry.value.value != Tree::Bool(true) {
        let finding = Finding::error("WRONG_TYPE", entry.value.span, "`predicted` can only be `true`");
        reader
            .say(finding.help("take it away once somebody has confirmed the expectation, and say why with `because`"));
    }
    if let Some(reason) = group.entries().iter().find(|entry| ["because", "see"].contains(&entry.key.as_str())) {
        let message = format!(
            "an expectation is a prediction or has a reason: `predicted` and `{}` exclude each other",
            reason.key
        );
        reader.say(Finding::error("PREDICTED_WITH_REASON", entry.key_span, message).help("take one of the two away"));
    }
    Some(entry.key_span.to(entry.value.span))
}

/// The index of a name; all of them for `all`.
fn find(reader: &mut Reader, what: &str, name: &str, span: Span, known: &[&str]) -> Vec<usize> {
    if name == ALL {
        return (0..known.len()).collect();
    }
    let at = known.iter().position(|known| *known == name);
    if at.is_none() {
        let code = if what == "caller" { "UNKNOWN_CALLER" } else { "UNKNOWN_REQUEST" };
        let message = format!("there is no {what} `{name}`");
        reader.say(Finding::error(code, span, message).suggest_among(name, known.iter().copied()));
    }
    at.into_iter().collect()
}
