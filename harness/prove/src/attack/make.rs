//! Requests made of what policies write. What looks like chance follows from the policies: the same ones are always attacked
//! in the same way.

use std::hash::{Hash, Hasher};

use policy::undocumented::{Notes, OTHERWISE};
use policy::{Context, Request};
use rustc_hash::FxHasher;

use crate::lang::{Language, Pattern, Step};
use crate::law;
use crate::rows::{self, Rows};
use crate::settle::Laws;
use crate::space::{Fact, KeyId, Piece, Shape, Space, Text};

/// What wildcards stand for.
const FILLERS: [&str; 8] = ["", "x", "a", "x/y", "x:y", "other", "*", "123456789012"];
/// So many keys a request has of many, on average.
const MOST_KEYS: usize = 12;
/// So many actions are kept of each list.
const MOST_ACTIONS: usize = 64;

pub(super) struct Maker<'s, 'a> {
    space: &'s Space<'a>,
    rows: &'s Rows,
    state: u64,
    /// Rows to choose from: of each list of actions, and of all.
    chosen_rows: Vec<Vec<usize>>,
    resources: Values<'s>,
    keys: Vec<Values<'s>>,
    keys_count: bool,
    forms_count: bool,
    names_count: bool,
}

/// What one text may be made of.
#[derive(Default)]
struct Values<'s> {
    patterns: Vec<Outline<'s>>,
    points: Vec<String>,
    bindings: Vec<&'s [Piece]>,
}

/// A pattern: text, and steps that may take other text.
type Outline<'s> = Vec<(String, Option<&'s Step>)>;

fn outline(pattern: &Pattern) -> Outline<'_> {
    let mut outline = Outline::new();
    let mut text = String::new();
    for step in pattern {
        match step.only_letter() {
            Some(letter) => text.push(letter),
            None => outline.push((std::mem::take(&mut text), Some(step))),
        }
    }
    outline.push((text, None));
    outline
}

impl<'s, 'a> Maker<'s, 'a> {
    pub(super) fn new(space: &'s Space<'a>, rows: &'s Rows, laws: &Laws) -> Self {
        let mut hasher = FxHasher::default();
        (&space.patterns, &space.actions, space.formulas.len()).hash(&mut hasher);
        let mut keys: Vec<Values<'s>> = space.keys.iter().map(|_| Values::default()).collect();
        let mut resources = Values::default();
        for fact in &space.facts {
            let (Fact::In(text, _) | Fact::Matches(text, _) | Fact::Bound(text, _)) = fact else { continue };
            let values = match space.texts[text.0 as usize] {
                Text::Resource => &mut resources,
                Text::Value(key) | Text::Slot(key, 0) => &mut keys[key.0 as usize],
                Text::Slot(..) => continue,
            };
            match fact {
                Fact::In(_, language) => {
                    values.patterns.extend(space.patterns[language.0 as usize].iter().map(outline))
                }
                Fact::Matches(_, test) => values.points.extend(space.tests[test.0 as usize].points()),
                Fact::Bound(_, binding) => values.bindings.push(&space.bindings[binding.0 as usize].pieces),
                _ => {}
            }
        }
        let all = rows.all();
        let every = rows::members(&all).step_by(97).collect();
        let of_lists = space.actions.iter().map(|patterns| {
            let set = rows.of_actions(patterns);
            let many = rows::members(&set).count();
            rows::members(&set).step_by(many.div_ceil(MOST_ACTIONS).max(1)).collect()
        });
        let chosen_rows = of_lists.chain([every]).filter(|rows: &Vec<usize>| !rows.is_empty()).collect();
        let has = |number: u32| -> bool { laws.iter().any(|law| law::named(&[number]).contains(law)) };
        let (keys_count, forms_count) = (has(law::KEYS), has(law::FORMS));
        let names_count = law::NAMES.into_iter().any(has);
        Self {
            space,
            rows,
            state: hasher.finish() | 1,
            chosen_rows,
            resources,
            keys,
            keys_count,
            forms_count,
            names_count,
        }
    }

    /// A lawful request, and which of the callers asks; sometimes none comes of it.
    pub(super) fn request(&mut self) -> Option<(Request, usize)> {
        let list = self.below(self.chosen_rows.len());
        let at = self.below(self.chosen_rows[list].len());
        let at = self.chosen_rows[list][at];
        let row = self.rows.row(at);
        let caller = self.below(self.space.callers.len());
        let context = self.context(row);
        let resource = self.resource(row, &context);
        if self.forms_count && !Language::new(&rows::forms(row, &|_| self.names_count)).has(&resource) {
            return None;
        }
        let principal = self.space.callers[caller].clone();
        let action = self.rows.action(at).to_owned();
        Some((Request { principal, action, resource, resource_account: self.space.owner.clone(), context }, caller))
    }

    /// Rows to decide otherwise: none, or one, or several.
    pub(super) fn otherwise(&mut self) -> Notes {
        let mut rows = Notes::default();
        for _ in 0..self.below(4) {
            rows.add(OTHERWISE[self.below(OTHERWISE.len())].0);
        }
        rows
    }

    fn context(&mut self, row: Option<catalog::Row>) -> Context {
        let mut context = Context::new();
        // Each key is there three times out of four, where there are few.
        let some = self.space.keys.len().max(MOST_KEYS * 4 / 3);
        for at in 0..self.space.keys.len() {
            let key = &self.space.keys[at];
            let is_barred = self.keys_count && row.zip(key.known).is_some_and(|(row, known)| !row.carries(known));
            if is_barred || self.below(some) >= MOST_KEYS {
                continue;
            }
            let is_several = match key.shape {
                Shape::One => false,
                Shape::Many => true,
                Shape::Either => self.below(2) == 0,
            };
            let name = key.name.to_string();
            if is_several {
                let values: Vec<String> = (0..self.below(4)).map(|_| self.key_value(at, &context)).collect();
                context.set_many(name, values);
            } else {
                let value = self.key_value(at, &context);
                context.set(name, value);
            }
        }
        context
    }

    fn key_value(&mut self, key: usize, context: &Context) -> String {
        let values = std::mem::take(&mut self.keys[key]);
        let value = self.value(&values, context);
        self.keys[key] = values;
        value
    }

    fn resource(&mut self, row: Option<catalog::Row>, context: &Context) -> String {
        if self.forms_count && self.below(2) == 0 {
            let forms = rows::forms(row, &|_| self.names_count);
            let at = self.below(forms.len().max(1));
            return forms.get(at).map(|form| self.fill(&outline(form))).unwrap_or_default();
        }
        let values = std::mem::take(&mut self.resources);
        let resource = self.value(&values, context);
        self.resources = values;
        resource
    }

    fn value(&mut self, values: &Values<'s>, context: &Context) -> String {
        let at = self.below(values.patterns.len() + values.points.len() + 2 * values.bindings.len() + 1);
        if let Some(pattern) = values.patterns.get(at) {
            return self.fill(pattern);
        }
        if let Some(point) = values.points.get(at.wrapping_sub(values.patterns.len())) {
            return point.clone();
        }
        match values.bindings.get(at.wrapping_sub(values.patterns.len() + values.points.len()) / 2) {
            Some(pieces) => pieces.iter().map(|piece| self.piece(piece, context)).collect(),
            None => FILLERS[self.below(FILLERS.len())].to_owned(),
        }
    }

    fn piece(&mut self, piece: &Piece, context: &Context) -> String {
        match piece {
            Piece::Fixed(pattern) => self.fill(&outline(pattern)),
            Piece::Variable(key, _) => self.of_context(*key, context),
        }
    }

    fn of_context(&mut self, key: KeyId, context: &Context) -> String {
        match context.get(&self.space.keys[key.0 as usize].name) {
            Some(policy::ContextValue::One(value)) => value.clone(),
            _ => "x".to_owned(),
        }
    }

    fn fill(&mut self, outline: &Outline<'_>) -> String {
        let mut text = String::new();
        for (before, step) in outline {
            text.push_str(before);
            if let Some(step) = step {
                let filler = FILLERS[self.below(FILLERS.len())];
                let choice = self.below(1 << 16);
                step.sample(filler, choice, &mut text);
            }
        }
        text
    }

    fn below(&mut self, end: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        ((self.state >> 33) as usize) % end.max(1)
    }
}
