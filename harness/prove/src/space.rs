//! What can be said of a request: its texts, the keys that it may carry, and the atoms about them.

use policy::undocumented::Case;
use policy::view::{Comparison, ConditionView, Reach};
use policy::{Policy, Principal, Request};
use rustc_hash::FxHashMap;

use crate::callers;
use crate::encode::MOST_SLOTS;
use crate::formula::{Atom, Formula, Formulas};
use crate::lang::{Language, Pattern, is_everything};
use crate::law;

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) struct $name(pub(crate) u32);
    )* };
}

numbers! {
    /// A condition key.
    KeyId
    /// A text of the request.
    TextId
    /// A language.
    LanguageId
    /// A comparison of numbers, dates or addresses.
    TestId
    /// A pattern with variables.
    BindingId
    /// A list of action patterns.
    ActionsId
}

/// Which text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Text {
    /// The ARN of the resource.
    Resource,
    /// The value of a single-valued key.
    Value(KeyId),
    /// One of the values of a multivalued key.
    Slot(KeyId, u32),
}

/// What can be so or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Fact {
    /// The request has the key.
    Present(KeyId),
    /// The key, of which nobody knows what it holds, has several values, or none: it is not single-valued.
    Several(KeyId),
    /// A multivalued key has at least this many values and one more.
    Slot(KeyId, u32),
    /// The text is in the language.
    In(TextId, LanguageId),
    /// The text matches a number, a date or a range of addresses.
    Matches(TextId, TestId),
    /// The text cannot be compared as that.
    Unreadable(TextId, TestId),
    /// The text matches a pattern whose variables have the values of the request's keys, each of which is there.
    Bound(TextId, BindingId),
    /// The action is one of these.
    Action(ActionsId),
    /// This principal asks.
    Caller(u32),
    /// What AWS leaves open is decided as the row has it.
    AsDecided(Case),
    /// In a situation that AWS leaves open something is so, whatever the row has.
    Free(u32),
    /// What is outside what can be said exactly: it may be so or not.
    Opaque(u32),
    /// A law counts.
    Law(u32),
}

/// How many values a key has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    One,
    Many,
    Either,
}

/// A condition key that some policy asks for.
#[derive(Debug)]
pub(crate) struct Key {
    /// In AWS's spelling, as far as that is known.
    pub(crate) name: Box<str>,
    pub(crate) known: Option<catalog::Key>,
    pub(crate) shape: Shape,
    /// How many values there have to be for each condition to have its way.
    pub(crate) slots: u32,
}

/// One part of a pattern with variables.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Piece {
    Fixed(Pattern),
    Variable(KeyId, Reach),
}

/// A pattern with variables.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Binding {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) ignores_case: bool,
}

/// A comparison that is none of texts.
pub(crate) struct TypedTest<'a> {
    condition: ConditionView<'a>,
    pub(crate) family: Family,
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Number,
    Date,
    Address,
}

/// What settles it, when it comes up, what then is so, and whom it is about.
type Situation = (Fact, Formula, Formula, String);

/// An operator and its values.
type Asked<'a> = (String, Vec<&'a str>);

/// How many values of a multivalued key are told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Values {
    /// A few. With more of them a condition may hold or not: what is proved so is proved, and what is found is looked at.
    #[default]
    Few,
    /// As many as all conditions can ask for.
    Enough,
}

/// So many are a few.
const FEW: u32 = 4;

/// The names of all there is.
#[derive(Default)]
pub(crate) struct Space<'a> {
    pub(crate) formulas: Formulas,
    pub(crate) facts: Vec<Fact>,
    atoms: FxHashMap<Fact, Atom>,
    pub(crate) keys: Vec<Key>,
    key_ids: FxHashMap<Box<str>, KeyId>,
    pub(crate) texts: Vec<Text>,
    text_ids: FxHashMap<Text, TextId>,
    pub(crate) languages: Vec<Language>,
    pub(crate) patterns: Vec<Vec<Pattern>>,
    language_ids: FxHashMap<Vec<Pattern>, LanguageId>,
    pub(crate) tests: Vec<TypedTest<'a>>,
    test_ids: FxHashMap<(&'static str, Vec<&'a str>), TestId>,
    pub(crate) bindings: Vec<Binding>,
    binding_ids: FxHashMap<Binding, BindingId>,
    pub(crate) actions: Vec<Vec<Box<str>>>,
    action_ids: FxHashMap<Vec<Box<str>>, ActionsId>,
    pub(crate) callers: Vec<Principal>,
    /// The ARNs of those whom the policies name.
    pub(crate) named: Vec<String>,
    /// The account that owns the resource, where that is part of the question.
    pub(crate) owner: Option<String>,
    /// What settles each of [`Fact::Free`].
    free: Vec<Fact>,
    free_ids: FxHashMap<Situation, u32>,
    /// What is asked for, if only some actions are: their patterns, in lower case.
    asked: Option<Vec<Box<str>>>,
    opaque: Vec<String>,
    /// Whether some key is compared in more ways than are told apart.
    pub(crate) is_limited: bool,
    /// How many `aws:RequestTag` keys have a value of `aws:TagKeys` set aside for them.
    pub(crate) tags_counted: usize,
    /// How many values of a key are told apart at most.
    pub(crate) values: Values,
    /// That a key has more values than are told apart, and what each condition on it then comes to.
    more: FxHashMap<(KeyId, Option<Asked<'a>>), Formula>,
}

impl<'a> Space<'a> {
    /// What can be said of requests under some policies.
    pub(crate) fn of<'p>(policies: impl Iterator<Item = &'p Policy> + Clone, values: Values) -> Self {
        let callers = callers::of(policies.clone());
        let mut space = Self { callers, named: callers::named(policies.clone()), values, ..Self::default() };
        space.count_values(policies);
        space
    }

    pub(crate) fn fact(&mut self, fact: Fact) -> Formula {
        let atom = self.atom(fact);
        self.formulas.atom(atom)
    }

    pub(crate) fn atom(&mut self, fact: Fact) -> Atom {
        *self.atoms.entry(fact).or_insert_with(|| {
            self.facts.push(fact);
            Atom(self.facts.len() as u32 - 1)
        })
    }

    pub(crate) fn fact_of(&self, atom: Atom) -> Fact {
        self.facts[atom.0 as usize]
    }

    /// A key by its name, letter case aside.
    pub(crate) fn key(&mut self, name: &str) -> KeyId {
        let lower = name.to_lowercase();
        if let Some(&known) = self.key_ids.get(&*lower) {
            return known;
        }
        let known = catalog::key(name);
        let shape = match known {
            Some(key) if key.is_multivalued() => Shape::Many,
            Some(_) => Shape::One,
            None => Shape::Either,
        };
        let id = KeyId(self.keys.len() as u32);
        self.keys.push(Key { name: spelling(known, name).into(), known, shape, slots: 0 });
        self.key_ids.insert(lower.into(), id);
        id
    }

    /// Gives each multivalued key as many values as its conditions can ask for: one for each to be met or missed by, one so that
    /// not all are empty, and one so that there are several.
    fn count_values<'p>(&mut self, policies: impl Iterator<Item = &'p Policy>) {
        let mut conditions: Vec<(KeyId, Asked<'_>)> = Vec::new();
        for condition in policies.flat_map(Policy::view).flat_map(|statement| statement.conditions()) {
            let key = self.key(condition.key());
            conditions.push((key, (condition.operator().to_string(), condition.texts().collect())));
        }
        conditions.sort_unstable();
        conditions.dedup();
        // Each aws:RequestTag has its key among the values of aws:TagKeys.
        let mut tags: Vec<String> =
            conditions.iter().flat_map(|(_, (_, texts))| texts).flat_map(|text| variables(text)).collect();
        tags.extend(conditions.iter().map(|one| self.keys[one.0.0 as usize].name.to_ascii_lowercase()));
        tags.retain(|name| name.starts_with("aws:requesttag/"));
        tags.sort_unstable();
        tags.dedup();
        self.tags_counted = tags.len();
        if let Some(&tag_keys) = self.key_ids.get("aws:tagkeys") {
            self.keys[tag_keys.0 as usize].slots += tags.len() as u32;
        }
        // The first and the last service are among all.
        if let Some(&via) = self.key_ids.get("aws:calledvia") {
            self.keys[via.0 as usize].slots += 2;
        }
        for (key, ..) in conditions {
            let key = &mut self.keys[key.0 as usize];
            key.slots = key.slots.max(2) + 1;
            self.is_limited |= self.values == Values::Enough && key.shape != Shape::One && key.slots > MOST_SLOTS;
        }
    }

    /// Gives each multivalued key one value more: for a condition that stands in the place of another.
    pub(crate) fn count_one_more(&mut self) {
        for key in &mut self.keys {
            key.slots += 1;
            self.is_limited |= self.values == Values::Enough && key.shape != Shape::One && key.slots > MOST_SLOTS;
        }
    }

    /// How many values of a key are told apart, and, if there can be others that count, that there are.
    pub(crate) fn values_of(&mut self, key: KeyId) -> (u32, Option<Formula>) {
        let asked = self.keys[key.0 as usize].slots;
        if self.values == Values::Enough || asked <= FEW {
            return (asked.min(MOST_SLOTS), None);
        }
        (FEW, Some(self.more(key, None)))
    }

    /// What a condition on a key comes to with more values than are told apart.
    pub(crate) fn with_more(&mut self, key: KeyId, condition: ConditionView<'a>) -> Formula {
        let of = (condition.operator().to_string(), condition.texts().collect());
        self.more(key, Some(of))
    }

    fn more(&mut self, key: KeyId, of: Option<Asked<'a>>) -> Formula {
        if let Some(&known) = self.more.get(&(key, of.clone())) {
            return known;
        }
        let formula =
            self.opaque(format!("{} may have more values than were told apart", self.keys[key.0 as usize].name));
        self.more.insert((key, of), formula);
        formula
    }

    /// The tag whose value a key `aws:RequestTag/…` holds.
    pub(crate) fn tag_of(&self, key: KeyId) -> Option<&str> {
        let (head, tag) = self.keys[key.0 as usize].name.split_once('/')?;
        head.eq_ignore_ascii_case("aws:RequestTag").then_some(tag)
    }

    /// A key, if some policy asks for it.
    pub(crate) fn asked_key(&self, lower: &str) -> Option<KeyId> {
        self.key_ids.get(lower).copied()
    }

    pub(crate) fn text(&mut self, text: Text) -> TextId {
        *self.text_ids.entry(text).or_insert_with(|| {
            self.texts.push(text);
            TextId(self.texts.len() as u32 - 1)
        })
    }

    /// That a text is in a union of patterns.
    pub(crate) fn is_in(&mut self, text: TextId, patterns: Vec<Pattern>) -> Formula {
        if patterns.is_empty() {
            return self.formulas.constant(false);
        }
        if patterns.iter().any(is_everything) {
            return self.formulas.constant(true);
        }
        let language = self.language(patterns);
        self.fact(Fact::In(text, language))
    }

    pub(crate) fn language(&mut self, mut patterns: Vec<Pattern>) -> LanguageId {
        patterns.sort_unstable();
        patterns.dedup();
        if let Some(&known) = self.language_ids.get(&patterns) {
            return known;
        }
        let id = LanguageId(self.languages.len() as u32);
        self.languages.push(Language::new(&patterns));
        self.patterns.push(patterns.clone());
        self.language_ids.insert(patterns, id);
        id
    }

    pub(crate) fn test(&mut self, condition: ConditionView<'a>, family: Family) -> TestId {
        let mut texts: Vec<_> = condition.texts().collect();
        texts.sort_unstable();
        *self.test_ids.entry((condition.operator().base.name, texts)).or_insert_with(|| {
            self.tests.push(TypedTest { condition, family });
            TestId(self.tests.len() as u32 - 1)
        })
    }

    pub(crate) fn bound(&mut self, text: TextId, binding: Binding) -> Formula {
        let id = *self.binding_ids.entry(binding.clone()).or_insert_with(|| {
            self.bindings.push(binding);
            BindingId(self.bindings.len() as u32 - 1)
        });
        self.fact(Fact::Bound(text, id))
    }

    /// That the action is one of these patterns, in lower case.
    pub(crate) fn actions_of<'p>(&mut self, patterns: impl Iterator<Item = &'p str>) -> Formula {
        match self.action_list(patterns) {
            Some(list) => self.fact(Fact::Action(list)),
            None => self.formulas.constant(true),
        }
    }

    /// The list of these patterns. None: it has every action.
    pub(crate) fn action_list<'p>(&mut self, patterns: impl Iterator<Item = &'p str>) -> Option<ActionsId> {
        let mut patterns: Vec<Box<str>> = patterns.map(Into::into).collect();
        patterns.sort_unstable();
        patterns.dedup();
        if patterns.iter().any(|pattern| &**pattern == "*") {
            return None;
        }
        Some(*self.action_ids.entry(patterns.clone()).or_insert_with(|| {
            self.actions.push(patterns);
            ActionsId(self.actions.len() as u32 - 1)
        }))
    }

    /// Says that only actions which a policy allows are asked for.
    pub(crate) fn ask_for(&mut self, scope: &Policy) {
        let allows = || scope.view().filter(|statement| statement.effect() == policy::Effect::Allow);
        let is_listed = allows().all(|statement| !statement.leaves_actions_out());
        self.asked = is_listed.then(|| allows().flat_map(|statement| statement.actions()).map(Into::into).collect());
    }

    /// Whether one of these actions, or of `service:*`, may be asked for.
    pub(crate) fn may_be_asked(&self, actions: &[&str]) -> bool {
        let is_about = |pattern: &str, action: &str| match action.strip_suffix('*') {
            // Of a service: where its name stands in the pattern, or may.
            Some(service) => {
                pattern.get(..service.len()).is_none_or(|start| start == service || start.contains(['*', '?']))
            }
            None => policy::wildcard::matches_action(pattern, action),
        };
        self.asked.as_ref().is_none_or(|asked| {
            actions.iter().any(|action| {
                let action = action.to_ascii_lowercase();
                asked.iter().any(|pattern| is_about(pattern, &action))
            })
        })
    }

    /// What is so as `decided`, if what AWS leaves open in a situation is decided as the row has it. If not, it may be so or
    /// not in the situation; and in the same way wherever the same comes up.
    pub(crate) fn left_open(&mut self, case: Case, situation: Formula, decided: Formula) -> Formula {
        self.left_open_of(Fact::AsDecided(case), situation, decided, String::new())
    }

    /// The same about somebody.
    pub(crate) fn left_open_of(&mut self, settled: Fact, situation: Formula, decided: Formula, of: String) -> Formula {
        let never = self.formulas.constant(false);
        if situation == never {
            return decided;
        }
        let next = self.free.len() as u32;
        let number = *self.free_ids.entry((settled, situation, decided, of)).or_insert(next);
        if number == next {
            self.free.push(settled);
        }
        let free = self.fact(Fact::Free(number));
        let settled = self.atom(settled);
        let settled = self.formulas.granted(settled);
        let [not_settled, other] = [settled, situation].map(|formula| self.formulas.not(formula));
        let free = self.formulas.all([not_settled, situation, free]);
        let is_clear = self.formulas.any([settled, other]);
        let decided = self.formulas.all([is_clear, decided]);
        self.formulas.any([free, decided])
    }

    /// What is so if keys have one value or several as the catalogue says. If not, it may be so or not where they are there.
    pub(crate) fn shaped(&mut self, keys: &[KeyId], so: Formula) -> Formula {
        let known: Vec<KeyId> =
            keys.iter().copied().filter(|key| self.keys[key.0 as usize].shape != Shape::Either).collect();
        let there: Vec<Formula> = known.into_iter().map(|key| self.fact(Fact::Present(key))).collect();
        let situation = self.formulas.any(there);
        self.left_open_of(Fact::Law(law::SHAPES), situation, so, String::new())
    }

    /// What settles a fact that is free otherwise.
    pub(crate) fn settled_by(&self, number: u32) -> Fact {
        self.free[number as usize]
    }

    /// The rows that settle something here.
    pub(crate) fn rows(&self) -> Vec<Case> {
        let case = |fact: &Fact| match fact {
            Fact::AsDecided(case) => Some(*case),
            _ => None,
        };
        self.facts.iter().filter_map(case).collect()
    }

    /// What cannot be said exactly, and why.
    pub(crate) fn opaque(&mut self, why: String) -> Formula {
        self.opaque.push(why);
        self.fact(Fact::Opaque(self.opaque.len() as u32 - 1))
    }

    pub(crate) fn why_opaque(&self, number: u32) -> &str {
        &self.opaque[number as usize]
    }

    /// Whether a fact is so of a request.
    pub(crate) fn is_so(&self, fact: Fact, request: &Request, caller: usize) -> bool {
        crate::concrete::is_so(self, fact, request, caller)
    }
}

impl TypedTest<'_> {
    pub(crate) fn compare(&self, value: &str) -> Comparison {
        self.condition.compare(value)
    }

    /// Whether a value is one of those that it compares.
    pub(crate) fn reads(&self, value: &str) -> bool {
        self.condition.operator().reads(value) && !value.contains('/')
    }

    /// Whether the points are closer to what is written than anything else that is.
    pub(crate) fn is_coarse(&self) -> bool {
        self.condition.texts().all(crate::points::is_coarse)
    }

    /// Texts around those that it compares with.
    pub(crate) fn points(&self) -> Vec<String> {
        crate::points::around(self.condition, self.family)
    }
}

/// The catalogue's name of a key, with the tag as the policy writes it.
fn spelling(known: Option<catalog::Key>, written: &str) -> String {
    let Some(pattern) = known.map(catalog::Key::pattern) else { return written.to_owned() };
    match (pattern.split_once("/${"), written.split_once('/')) {
        (Some((head, _)), Some((_, tag))) => format!("{head}/{tag}"),
        _ if pattern.contains("${") => written.to_owned(),
        _ => pattern.to_owned(),
    }
}

/// The names of the variables in a text, in lower case.
fn variables(text: &str) -> impl Iterator<Item = String> + '_ {
    let names = text.split("${").skip(1).filter_map(|rest| rest.split(['}', ',']).next());
    names.map(|name| name.trim().to_ascii_lowercase())
}
