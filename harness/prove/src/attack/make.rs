//! Requests made of what policies write. What looks like chance follows from the policies: the same ones are always attacked
//! in the same way.

mod values;

use policy::undocumented::{Notes, OTHERWISE};
use policy::{Context, Request};
use rustc_hash::FxHashMap;

use crate::formula::Formula;
use crate::lang::Language;
use crate::law;
use crate::rows::{self, RowSet, Rows};
use crate::settle::Laws;
use crate::space::{Fact, Key, KeyId, Shape, Space, Text};
use values::{Dice, Values, outline};

/// So many keys a request has of many, on average.
const MOST_KEYS: usize = 12;
/// So many actions are kept of each list.
const MOST_ACTIONS: usize = 64;

/// Makes one request of another by changing some of it: that takes a fraction of the time.
pub(super) struct Maker<'s, 'a> {
    space: &'s Space<'a>,
    rows: &'s Rows,
    dice: Dice,
    /// Rows to choose from: of each list of actions, and of all.
    chosen_rows: Vec<Vec<usize>>,
    resources: Values<'s>,
    keys: Vec<OfKey<'s>>,
    forms: Option<Forms>,
    /// Whether a key has one value or several as the catalogue says.
    shapes_count: bool,
    row: usize,
    caller: usize,
    request: Request,
    /// What AWS leaves open and is taken for settled: all else may be decided in either way.
    settled: Notes,
}

/// What a key may be.
struct OfKey<'s> {
    key: KeyId,
    values: Values<'s>,
    /// If it counts on which rows a request may have it: those that have been asked for.
    carried: Option<FxHashMap<usize, bool>>,
}

/// Which forms the ARNs of rows have, if that counts.
struct Forms {
    /// The laws that count and say more of them.
    laws: Vec<u32>,
    languages: FxHashMap<usize, Language>,
}

impl<'s, 'a> Maker<'s, 'a> {
    /// Of what some formulas are about, or, without any, of all that the policies write.
    pub(super) fn new(
        space: &'s Space<'a>,
        rows: &'s mut Rows,
        laws: &Laws,
        settled: Notes,
        about: &[Formula],
    ) -> Self {
        let facts = match about {
            [] => space.facts.clone(),
            about => space.formulas.atoms(about).into_iter().map(|atom| space.fact_of(atom)).collect(),
        };
        let has = |number: u32| -> bool { laws.iter().any(|law| law::named(&[number]).contains(law)) };
        let keys_count = has(law::KEYS);
        let mut keys: Vec<KeyId> = facts.iter().filter_map(|fact| key_of(space, *fact)).collect();
        keys.sort_unstable();
        keys.dedup();
        let lists = facts.iter().filter_map(|fact| match fact {
            Fact::Action(list) => Some(*list),
            _ => None,
        });
        let some_of = |set: &RowSet, most: usize| -> Vec<usize> {
            let step = rows::members(set).count().div_ceil(most).max(1);
            rows::members(set).step_by(step).collect()
        };
        let mut dice = Dice::new(space);
        let mut chosen_rows: Vec<_> = lists
            .map(|list| some_of(rows.of_list(list, &space.actions[list.0 as usize]), MOST_ACTIONS))
            .filter(|rows| !rows.is_empty())
            .collect();
        chosen_rows.push(some_of(&rows.all(), 4 * MOST_ACTIONS));
        let rows: &'s Rows = rows;
        let of_key = |key: KeyId, dice: &mut Dice| OfKey {
            key,
            values: Values::of(
                space,
                &facts,
                dice,
                |text| matches!(text, Text::Value(of) | Text::Slot(of, 0) if of == key),
            ),
            carried: keys_count.then(FxHashMap::default),
        };
        let mut maker = Self {
            space,
            rows,
            chosen_rows,
            resources: Values::of(space, &facts, &mut dice, |text| text == Text::Resource),
            keys: keys.into_iter().map(|key| of_key(key, &mut dice)).collect(),
            dice,
            forms: has(law::FORMS).then(|| Forms {
                laws: law::OF_FORMS.into_iter().filter(|&law| has(law)).collect(),
                languages: FxHashMap::default(),
            }),
            shapes_count: has(law::SHAPES),
            row: 0,
            caller: 0,
            request: Request {
                principal: space.callers[0].clone(),
                action: String::new(),
                resource: String::new(),
                resource_account: space.owner.clone(),
                context: Context::new(),
            },
            settled,
        };
        maker.act();
        (0..maker.keys.len()).for_each(|at| maker.set_key(at));
        maker
    }

    /// The next lawful request, and which of the callers asks; sometimes none comes of it.
    pub(super) fn next(&mut self) -> Option<(&Request, usize)> {
        if self.dice.once_in(2) {
            self.act();
        }
        if self.dice.once_in(4) {
            self.caller = self.dice.below(self.space.callers.len());
            self.request.principal.clone_from(&self.space.callers[self.caller]);
        }
        if !self.keys.is_empty() {
            let at = self.dice.below(self.keys.len());
            self.set_key(at);
        }
        self.set_resource();
        let otherwise = self.otherwise();
        self.request.context.decide_otherwise(otherwise);
        self.is_of_its_form().then_some((&self.request, self.caller))
    }

    /// Rows to decide otherwise: none, or one, or several.
    fn otherwise(&mut self) -> Notes {
        let mut rows = Notes::default();
        for _ in 0..self.dice.below(4) {
            rows.add(OTHERWISE[self.dice.below(OTHERWISE.len())].0);
        }
        rows.without(self.settled)
    }

    /// Chooses the action, and the row that it is authorised on.
    fn act(&mut self) {
        let list = &self.chosen_rows[self.dice.below(self.chosen_rows.len())];
        self.row = list[self.dice.below(list.len())];
        self.request.action.clear();
        self.request.action.push_str(self.rows.action(self.row));
        for of in &mut self.keys {
            let key = &self.space.keys[of.key.0 as usize];
            if !of.may_be_on(self.row, self.rows, key, self.settled) {
                self.request.context.remove(&key.name);
            }
        }
    }

    /// Gives a key other values, or takes it away. Each is there three times out of four, where there are few.
    fn set_key(&mut self, at: usize) {
        let is_there = self.dice.below(self.keys.len().max(MOST_KEYS * 4 / 3)) < MOST_KEYS;
        let of = &mut self.keys[at];
        let key = &self.space.keys[of.key.0 as usize];
        let context = &mut self.request.context;
        if !is_there || !of.may_be_on(self.row, self.rows, key, self.settled) {
            context.remove(&key.name);
            return;
        }
        let is_several = match key.shape {
            Shape::One if self.shapes_count => false,
            Shape::Many if self.shapes_count => true,
            _ => self.dice.once_in(2),
        };
        if is_several {
            let many = self.dice.below(4);
            let mut values = vec![String::new(); many];
            for value in &mut values {
                of.values.one(&mut self.dice, self.space, context, value);
            }
            context.set_many(&*key.name, values);
        } else {
            let mut value = String::new();
            of.values.one(&mut self.dice, self.space, context, &mut value);
            context.set(&*key.name, value);
        }
    }

    fn set_resource(&mut self) {
        let row = self.rows.row(self.row);
        if let Some(forms) = self.forms.as_ref().filter(|_| self.dice.once_in(2)) {
            let forms = rows::forms(row, &|law| forms.laws.contains(&law));
            let at = self.dice.below(forms.len());
            self.request.resource = forms.get(at).map(|form| self.dice.fill(&outline(form))).unwrap_or_default();
        } else {
            self.resources.one(&mut self.dice, self.space, &self.request.context, &mut self.request.resource);
        }
    }

    fn is_of_its_form(&mut self) -> bool {
        let Some(forms) = &mut self.forms else { return true };
        let Forms { laws, languages } = forms;
        let row = self.rows.row(self.row);
        let language =
            languages.entry(self.row).or_insert_with(|| Language::new(&rows::forms(row, &|law| laws.contains(&law))));
        language.has(&self.request.resource)
    }
}

impl OfKey<'_> {
    fn may_be_on(&mut self, row: usize, rows: &Rows, key: &Key, settled: Notes) -> bool {
        let (Some(carried), Some(known)) = (&mut self.carried, key.known) else { return true };
        *carried.entry(row).or_insert_with(|| rows.may_carry(row, known, &|case| !settled.contains(case)))
    }
}

/// The key that a fact is about.
fn key_of(space: &Space<'_>, fact: Fact) -> Option<KeyId> {
    match fact {
        Fact::Present(key) | Fact::Several(key) | Fact::Slot(key, _) => Some(key),
        Fact::In(text, _) | Fact::Matches(text, _) | Fact::Unreadable(text, _) | Fact::Bound(text, _) => {
            match space.texts[text.0 as usize] {
                Text::Value(key) | Text::Slot(key, _) => Some(key),
                Text::Resource => None,
            }
        }
        Fact::Action(_) | Fact::Caller(_) | Fact::Opaque(_) | Fact::Free(_) | Fact::AsDecided(_) | Fact::Law(_) => None,
    }
}
