//! Every action on every resource type, as bits, so that those that meet some bounds are found at once.

mod unknown;

pub(crate) use unknown::action_pattern;

use std::ops::Range;
use std::sync::LazyLock;

use catalog::Row;
use policy::undocumented::Case;
use policy::wildcard::matches_action;
use rustc_hash::FxHashMap;

use crate::budget::{Budget, OutOfSteps};
use crate::lang::{Class, Pattern, Step};
use crate::law;
use crate::space::{ActionsId, KeyId};

/// Which characters the names of some resources have.
pub(crate) struct Naming {
    service: &'static str,
    /// What stands in the pattern around the placeholder.
    within: &'static str,
    placeholder: &'static str,
    /// The law that says so.
    pub(crate) law: u32,
    /// Besides letters and digits.
    signs: &'static str,
}

const fn naming(
    service: &'static str,
    within: &'static str,
    placeholder: &'static str,
    law: u32,
    signs: &'static str,
) -> Naming {
    Naming { service, within, placeholder, law, signs }
}

const NAMES: [Naming; 5] = [
    // A call by a stack's name is authorised on `stack/NAME/*`.
    naming("cloudformation", ":stack/", "StackName", law::STACKS, "-*"),
    naming("cloudformation", ":stack/", "Id", law::STACKS, "-*"),
    naming("ecs", ":task-definition/", "TaskDefinitionFamilyName", law::FAMILIES, "_-"),
    // The revision may be left open by a `*`.
    naming("ecs", ":task-definition/", "TaskDefinitionRevisionNumber", law::FAMILIES, "*"),
    naming("s3", "", "BucketName", law::BUCKETS, ".-_"),
];

impl Naming {
    fn letters(&self) -> impl Iterator<Item = char> {
        ('a'..='z').chain('A'..='Z').chain('0'..='9').chain(self.signs.chars())
    }
}

/// So many rows are few: they are looked at one by one.
const A_FEW: usize = 1_000;

/// A set of rows.
pub(crate) type RowSet = Box<[u64]>;

/// Every action on every resource type that the catalogue has.
struct Catalogue {
    rows: Vec<Row>,
    services: FxHashMap<&'static str, Range<usize>>,
    /// By the action's name in lower case.
    actions: FxHashMap<Box<str>, Range<usize>>,
}

/// Made once, for the catalogue does not change.
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::new);

impl Catalogue {
    fn new() -> Self {
        let mut rows = Vec::new();
        let (mut services, mut actions) = (FxHashMap::default(), FxHashMap::default());
        for service in catalog::services() {
            let of_service = rows.len();
            for action in service.actions() {
                let of_action = rows.len();
                rows.extend(action.rows());
                actions.insert(action.name().to_ascii_lowercase().into(), of_action..rows.len());
            }
            services.insert(service.prefix(), of_service..rows.len());
        }
        Self { rows, services, actions }
    }

    /// The rows of the actions that a pattern, in lower case, covers.
    fn covered(&self, pattern: &str) -> impl Iterator<Item = usize> {
        let is_wild = pattern.contains(['*', '?']);
        let service = pattern.split_once(':').filter(|(prefix, _)| !prefix.contains(['*', '?']));
        let range = match service {
            _ if !is_wild => self.actions.get(pattern).cloned().unwrap_or_default(),
            Some((prefix, _)) => self.services.get(prefix).cloned().unwrap_or_default(),
            None => 0..self.rows.len(),
        };
        range.filter(move |&at| !is_wild || matches_action(pattern, self.rows[at].action().name()))
    }

    fn covers_nothing(&self, pattern: &str) -> bool {
        self.covered(pattern).next().is_none()
    }
}

/// The rows of the catalogue, and behind them the actions that it does not have.
pub(crate) struct Rows {
    known: &'static Catalogue,
    unknown: Vec<String>,
    /// What has been asked for.
    by_list: FxHashMap<ActionsId, RowSet>,
    by_key: FxHashMap<KeyId, RowSet>,
}

impl Rows {
    /// For the lists of actions that some policies have; second, whether they tell more unknown actions apart than there are
    /// here.
    pub(crate) fn of(lists: &[Vec<Box<str>>], budget: &mut Budget) -> Result<(Self, bool), OutOfSteps> {
        let known = &*CATALOGUE;
        let (unknown, is_limited) = unknown::names(lists, known, budget)?;
        Ok((Self { known, unknown, by_list: FxHashMap::default(), by_key: FxHashMap::default() }, is_limited))
    }

    /// The row; `None` of an action that the catalogue does not have.
    pub(crate) fn row(&self, at: usize) -> Option<Row> {
        self.known.rows.get(at).copied()
    }

    /// Whether the catalogue has an action, by its name in lower case.
    pub(crate) fn is_listed(&self, name: &str) -> bool {
        self.known.actions.contains_key(name)
    }

    /// The name of the action.
    pub(crate) fn action(&self, at: usize) -> &str {
        match self.row(at) {
            Some(row) => row.action().name(),
            None => self.unknown.get(at - self.known.rows.len()).map_or("", String::as_str),
        }
    }

    fn len(&self) -> usize {
        self.known.rows.len() + self.unknown.len()
    }

    pub(crate) fn all(&self) -> RowSet {
        let mut all: RowSet = vec![u64::MAX; self.len().div_ceil(64)].into();
        let rest = self.len() % 64;
        if let (Some(last), true) = (all.last_mut(), rest > 0) {
            *last = (1 << rest) - 1;
        }
        all
    }

    /// The rows of a list of actions, by its patterns in lower case.
    pub(crate) fn of_list(&mut self, list: ActionsId, patterns: &[Box<str>]) -> &RowSet {
        if !self.by_list.contains_key(&list) {
            self.by_list.insert(list, self.of_actions(patterns));
        }
        &self.by_list[&list]
    }

    /// Keeps those rows on which a request can carry a key, and those of which that is open.
    pub(crate) fn keep_carrying(
        &mut self,
        set: &mut RowSet,
        key: KeyId,
        known: catalog::Key,
        is_open: &dyn Fn(Case) -> bool,
    ) {
        let is_settled = !known.unsettled().any(is_open);
        if let (Some(carrying), true) = (self.by_key.get(&key), is_settled) {
            return keep(set, carrying, true);
        }
        // To look at every row takes long, and most questions are about a few.
        let few: Vec<usize> = members(set).take(A_FEW + 1).collect();
        if few.len() <= A_FEW {
            few.into_iter().filter(|&at| !self.may_carry(at, known, is_open)).for_each(|at| take_out(set, at));
            return;
        }
        let mut carrying = self.none();
        (0..self.len()).filter(|&at| self.may_carry(at, known, is_open)).for_each(|at| insert(&mut carrying, at));
        keep(set, &carrying, true);
        if is_settled {
            self.by_key.insert(key, carrying);
        }
    }

    /// Whether a request that is authorised on a row can carry a key, or AWS leaves that open and so does the question.
    pub(crate) fn may_carry(&self, at: usize, key: catalog::Key, is_open: &dyn Fn(Case) -> bool) -> bool {
        self.row(at).is_none_or(|row| row.carries(key) || row.left_open(key).is_some_and(is_open))
    }

    fn of_actions(&self, patterns: &[Box<str>]) -> RowSet {
        let mut set = self.none();
        for pattern in patterns {
            self.known.covered(pattern).for_each(|at| insert(&mut set, at));
            for (at, _) in self.unknown_rows().filter(|(_, name)| matches_action(pattern, name)) {
                insert(&mut set, at);
            }
        }
        set
    }

    fn unknown_rows(&self) -> impl Iterator<Item = (usize, &String)> {
        (self.known.rows.len()..).zip(&self.unknown)
    }

    fn none(&self) -> RowSet {
        vec![0; self.len().div_ceil(64)].into()
    }
}

fn insert(set: &mut RowSet, at: usize) {
    set[at / 64] |= 1 << (at % 64);
}

fn take_out(set: &mut RowSet, at: usize) {
    set[at / 64] &= !(1 << (at % 64));
}

/// The members of a set.
pub(crate) fn members(set: &RowSet) -> impl Iterator<Item = usize> + '_ {
    let of_word =
        |(at, &word): (usize, &u64)| (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at * 64 + bit);
    set.iter().enumerate().filter(|(_, word)| **word != 0).flat_map(of_word)
}

/// Whether two sets have a row in common.
pub(crate) fn do_meet(one: &RowSet, other: &RowSet) -> bool {
    one.iter().zip(other).any(|(one, other)| one & other != 0)
}

pub(crate) fn keep(set: &mut RowSet, other: &RowSet, inside: bool) {
    for (word, other) in set.iter_mut().zip(other) {
        *word &= if inside { *other } else { !other };
    }
}

/// The ARNs of a row's resources, or `*` where it has no resource type, if that law counts. A placeholder is any text, but for
/// those names of which a law that counts says which characters they have.
pub(crate) fn forms(row: Option<Row>, counts: &dyn Fn(u32) -> bool) -> Vec<Pattern> {
    let Some(row) = row else { return vec![vec![Step::star(Class::any())]] };
    match row.resource_type() {
        None if !counts(law::NO_RESOURCE) => vec![vec![Step::star(Class::any())]],
        None => vec![crate::lang::literal("*")],
        Some(of) => of.arns().map(|pattern| form(row.action().service().prefix(), pattern, counts)).collect(),
    }
}

/// The same with a partition, a region and an account as they often are: only to show.
pub(crate) fn plain_forms(row: Option<Row>, counts: &dyn Fn(u32) -> bool, account: &str) -> Vec<Pattern> {
    let Some(row) = row else { return Vec::new() };
    let plain = |pattern: &str| {
        let usual = [("${Partition}", "aws"), ("${Region}", "us-east-1"), ("${Account}", account)];
        usual.into_iter().fold(pattern.to_owned(), |pattern, (placeholder, value)| pattern.replace(placeholder, value))
    };
    let service = row.action().service().prefix();
    let patterns = row.resource_type().into_iter().flat_map(|of| of.arns());
    patterns.map(|pattern| form(service, &plain(pattern), counts)).collect()
}

/// The law about a placeholder's characters.
fn naming_of(service: &str, pattern: &str, placeholder: &str) -> Option<&'static Naming> {
    let is_it = |naming: &&Naming| {
        naming.service == service && naming.placeholder == placeholder && pattern.contains(naming.within)
    };
    NAMES.iter().find(is_it)
}

/// The laws that say more of the forms of a row's ARNs.
pub(crate) fn of_forms(row: Option<Row>) -> impl Iterator<Item = u32> {
    let has_none = row.is_some_and(|row| row.resource_type().is_none());
    let service = row.map_or("", |row| row.action().service().prefix());
    let patterns = row.and_then(Row::resource_type).into_iter().flat_map(|of| of.arns());
    let of_names = patterns.flat_map(move |pattern| {
        let placeholders = pattern.split("${").skip(1).filter_map(|rest| rest.split('}').next());
        placeholders.filter_map(move |placeholder| naming_of(service, pattern, placeholder)).map(|naming| naming.law)
    });
    of_names.chain(has_none.then_some(law::NO_RESOURCE))
}

/// Partition, region and account have no colons.
fn form(service: &str, pattern: &str, counts: &dyn Fn(u32) -> bool) -> Pattern {
    let mut steps = Vec::new();
    let mut rest = pattern;
    let mut colons = 0;
    while let Some(letter) = rest.chars().next() {
        let class = if colons < 5 { Class::within(policy::view::Reach::NoColon) } else { Class::any() };
        let length = match letter {
            '$' if rest.starts_with("${") => {
                let end = rest.find('}').unwrap_or(rest.len() - 1);
                let naming = naming_of(service, pattern, &rest[2..end]).filter(|naming| counts(naming.law));
                let class = naming.map_or(class, |naming| Class::among(naming.letters()));
                steps.extend((colons >= 5).then(|| Step::one(class.clone())));
                steps.push(Step::star(class));
                end + 1
            }
            '*' => {
                steps.push(Step::star(class));
                1
            }
            letter => {
                colons += usize::from(letter == ':');
                steps.push(Step::one(Class::one(letter)));
                letter.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    steps
}
