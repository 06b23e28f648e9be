//! A scenario that is being made: its parts as values, and its text.

use std::ops::Range;

use serde_json::{Map, Value, json};

use crate::names::free;
use crate::yaml::{flow, scalar};

/// A scenario without its expectations.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scenario {
    pub(crate) title: String,
    /// The template's path, from the scenario's folder.
    pub(crate) template: String,
    /// The stack, of a folder of the CDK's.
    pub(crate) stack: Option<String>,
    pub(crate) parameters: Map<String, Value>,
    /// What other stacks export, by its name.
    pub(crate) imports: Map<String, Value>,
    /// Parameters and exports of other stacks whose values are made up.
    pub(crate) made_up: Vec<String>,
    pub(crate) given: Map<String, Value>,
    /// Changes of the template for all options, each with what it is for.
    pub(crate) patch: Vec<(Value, String)>,
    pub(crate) options: Vec<Entry>,
    pub(crate) callers: Vec<Entry>,
    pub(crate) requests: Vec<Entry>,
    /// What is left out, and why.
    pub(crate) left_out: Vec<String>,
}

/// An option, a caller or a request.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) value: Value,
    /// In words, for where it is left out.
    pub(crate) says: String,
    /// The statements that it is there for, by their index.
    pub(crate) of: Vec<usize>,
    /// Of an option, what it writes instead: `request-tag`.
    pub(crate) form: &'static str,
    /// What stands above it as a comment.
    pub(crate) notes: Vec<String>,
}

/// An axis of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Axis {
    Option,
    Caller,
    Request,
}

/// A part of the text that can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Entry(Axis, usize),
    Patch(usize),
    /// What is given: the section, and what in it.
    Given(usize, usize),
}

/// The text of a scenario, and where its parts stand in it.
#[derive(Debug, Default)]
pub(crate) struct Text {
    pub(crate) text: String,
    pub(crate) parts: Vec<(Range<usize>, Part)>,
}

/// The name of the option that changes nothing.
pub(crate) const AS_DEPLOYED: &str = "as-deployed";

impl Scenario {
    pub(crate) fn axis(&self, axis: Axis) -> &Vec<Entry> {
        match axis {
            Axis::Option => &self.options,
            Axis::Caller => &self.callers,
            Axis::Request => &self.requests,
        }
    }

    pub(crate) fn axis_mut(&mut self, axis: Axis) -> &mut Vec<Entry> {
        match axis {
            Axis::Option => &mut self.options,
            Axis::Caller => &mut self.callers,
            Axis::Request => &mut self.requests,
        }
    }

    /// Adds an entry, unless there is one with the same value: then that one is there for these statements too.
    pub(crate) fn add(&mut self, axis: Axis, wanted: &str, value: Value, says: String, of: &[usize]) {
        let entries = self.axis_mut(axis);
        if let Some(known) = entries.iter_mut().find(|entry| entry.value == value) {
            let more = of.iter().filter(|at| !known.of.contains(at)).copied().collect::<Vec<_>>();
            known.of.extend(more);
            return;
        }
        let name = free(wanted, |name| entries.iter().any(|entry| entry.name == name));
        entries.push(Entry { name, value, says, of: of.to_vec(), form: "", notes: Vec::new() });
    }

    /// Something that is given: the value at `path`, unless something is there.
    pub(crate) fn give(&mut self, path: &[&str], value: Value) {
        give(&mut self.given, path, value);
    }

    /// The text. `expect` is the section of that name, from its own lines on.
    pub(crate) fn text(&self, head: &str, expect: &str) -> Text {
        let mut out = Text { text: head.to_owned(), parts: Vec::new() };
        out.text.push_str(&format!("title: {}\n", scalar(&self.title)));
        let mut template = json!({"file": self.template});
        if let Some(stack) = &self.stack {
            template["stack"] = json!(stack);
        }
        if !self.parameters.is_empty() {
            template["parameters"] = Value::Object(self.parameters.clone());
        }
        if !self.imports.is_empty() {
            template["imports"] = Value::Object(self.imports.clone());
        }
        if !self.made_up.is_empty() {
            let verb =
                if self.made_up.len() == 1 { "has no value here: it is" } else { "have no values here: they are" };
            out.text.push_str(&format!("# {} {verb} made up.\n", comment(&self.made_up.join(", "))));
        }
        out.text.push_str(&format!("template: {}\n", flow(&template)));
        if !self.given.is_empty() {
            out.text.push_str("\n# What the template does not make.\ngiven:\n");
            for (section, (key, value)) in self.given.iter().enumerate() {
                out.text.push_str(&format!("  {}:\n", scalar(key)));
                for (at, (name, value)) in value.as_object().into_iter().flatten().enumerate() {
                    out.part(&format!("    {}: {}\n", scalar(name), flow(value)), Part::Given(section, at));
                }
            }
        }
        if !self.patch.is_empty() {
            out.text.push_str("\npatch:\n");
            for (at, (operation, why)) in self.patch.iter().enumerate() {
                out.text.push_str(&format!("  # {}\n", comment(why)));
                out.part(&format!("  - {}\n", flow(operation)), Part::Patch(at));
            }
        }
        for (key, axis) in [("callers", Axis::Caller), ("requests", Axis::Request), ("options", Axis::Option)] {
            out.text.push_str(&format!("\n{key}:\n"));
            for (at, entry) in self.axis(axis).iter().enumerate() {
                entry.notes.iter().for_each(|note| out.text.push_str(&format!("  # {}\n", comment(note))));
                out.part(&format!("  {}: {}\n", scalar(&entry.name), flow(&entry.value)), Part::Entry(axis, at));
            }
        }
        out.text.push_str(&format!("\nexpect:\n{expect}"));
        out
    }
}

impl Text {
    fn part(&mut self, text: &str, part: Part) {
        let start = self.text.len();
        self.text.push_str(text);
        self.parts.push((start..self.text.len(), part));
    }

    /// The part in which a place is.
    pub(crate) fn part_at(&self, place: u32) -> Option<Part> {
        self.parts.iter().find(|(range, _)| range.contains(&(place as usize))).map(|(_, part)| *part)
    }
}

/// What goes into a comment: one line, with nothing hidden in it.
pub(crate) fn comment(text: &str) -> String {
    source::escaped(text).into_owned()
}

fn give(into: &mut Map<String, Value>, path: &[&str], value: Value) {
    let [first, rest @ ..] = path else { return };
    if rest.is_empty() {
        into.entry((*first).to_owned()).or_insert(value);
        return;
    }
    let below = into.entry((*first).to_owned()).or_insert_with(|| json!({}));
    if let Value::Object(below) = below {
        give(below, rest, value);
    }
}
