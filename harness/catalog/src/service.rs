//! Services, and the lines of services.txt turned into their actions.

use std::fmt;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use crate::action::{Access, Action};
use crate::arn::{Pattern, ResourceType};
use crate::fold::{Fold, Index};
use crate::key::{Key, key};

#[cfg(test)]
mod tests;

/// All services, by prefix.
pub fn services() -> impl Iterator<Item = Service> {
    SERVICES.records.iter().map(Service)
}

/// The service with a prefix, such as `s3`; letter case is ignored.
#[must_use]
pub fn service(prefix: &str) -> Option<Service> {
    let mut found = SERVICES.index.at(Fold::of(prefix)).filter_map(|position| SERVICES.records.get(position));
    found.find(|record| record.prefix.eq_ignore_ascii_case(prefix)).map(Service)
}

/// The actions of the service with a prefix, by name; none if there is no such service.
pub fn actions_of(prefix: &str) -> impl Iterator<Item = Action> + use<> {
    service(prefix).into_iter().flat_map(Service::actions)
}

/// One AWS service.
#[derive(Clone, Copy)]
pub struct Service(&'static Record);

impl Service {
    /// What stands before the colon in its actions: `s3`.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        self.0.prefix
    }

    /// Its full name: `Amazon S3`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// Whether resource control policies apply to it.
    #[must_use]
    pub fn has_resource_control(self) -> bool {
        policy::facts::has_resource_control(self.prefix())
    }

    /// Its actions, by name.
    pub fn actions(self) -> impl Iterator<Item = Action> {
        self.parsed().actions.iter().map(move |record| Action::new(self, record))
    }

    /// Its resource types, by name.
    pub fn resource_types(self) -> impl Iterator<Item = ResourceType> {
        (0..self.parsed().types.len()).filter_map(move |position| self.resource_type(position))
    }

    pub(crate) fn action(self, name: &str) -> Option<Action> {
        let parsed = self.parsed();
        let mut found = parsed.index.at(Fold::of(name)).filter_map(|position| parsed.actions.get(position));
        // The record's name begins with the prefix and a colon.
        found
            .find(|record| record.name.as_bytes()[self.0.prefix.len() + 1..].eq_ignore_ascii_case(name.as_bytes()))
            .map(|record| Action::new(self, record))
    }

    pub(crate) fn resource_type(self, position: usize) -> Option<ResourceType> {
        self.parsed().types.get(position).map(|record| ResourceType::new(self, record))
    }

    pub(crate) fn uses(self, action: &ActionRecord) -> &'static [UseRecord] {
        self.parsed().uses.get(action.uses.0..action.uses.1).unwrap_or_default()
    }

    /// One of its sets of keys: sorted ids.
    pub(crate) fn set(self, number: u16) -> &'static [u16] {
        self.sets().get(usize::from(number)).map_or(&[], |set| set)
    }

    /// Whether one of its sets has a key.
    pub(crate) fn mentions(self, key: Key) -> bool {
        self.sets().iter().any(|set| set.binary_search(&key.id()).is_ok())
    }

    /// Whether one of its sets of keys has a key.
    pub(crate) fn set_has(self, number: u16, key: Key) -> bool {
        self.set(number).binary_search(&key.id()).is_ok()
    }

    fn sets(self) -> &'static [Box<[u16]>] {
        self.0.sets.get_or_init(|| read_sets(self.0.section()))
    }

    fn parsed(self) -> &'static Parsed {
        self.0.parsed.get_or_init(|| Parsed::read(self.0.prefix, self.0.section()))
    }
}

impl PartialEq for Service {
    fn eq(&self, other: &Self) -> bool {
        self.prefix() == other.prefix()
    }
}

impl Eq for Service {}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.prefix())
    }
}

struct Record {
    prefix: &'static str,
    name: &'static str,
    /// Where its section stands in the text.
    section: Range<usize>,
    parsed: OnceLock<Parsed>,
    /// Apart from the rest, because an action is found without knowing any condition key.
    sets: OnceLock<Vec<Box<[u16]>>>,
}

impl Record {
    fn section(&self) -> &'static str {
        TEXT.get(self.section.clone()).unwrap_or_default()
    }
}

struct Services {
    records: Vec<Record>,
    index: Index,
}

const TEXT: &str = include_str!("../data/services.txt");

/// The head of services.txt: a line of counts, then `PREFIX LENGTH rcp|- NAME` per service, then an empty line, then
/// the sections one after the other, each LENGTH bytes long.
static SERVICES: LazyLock<Services> = LazyLock::new(|| {
    let (head, _) = TEXT.split_once("\n\n").unwrap_or_default();
    let mut end = head.len() + 2;
    let mut records = Vec::with_capacity(512);
    for line in head.lines().skip(1) {
        let mut fields = line.splitn(4, ' ');
        let prefix = fields.next().unwrap_or_default();
        let start = end;
        end += number::<usize>(fields.next());
        // `rcp` or `-`, which policy::facts knows: a test compares them.
        let name = fields.nth(1).unwrap_or_default();
        let (parsed, sets) = (OnceLock::new(), OnceLock::new());
        records.push(Record { prefix, name, section: start..end, parsed, sets });
    }
    let index = Index::new((0..).zip(&records).map(|(position, record)| (Fold::of(record.prefix), position)));
    Services { records, index }
});

/// A service's section, without its keys.
#[derive(Default)]
struct Parsed {
    types: Vec<TypeRecord>,
    actions: Vec<ActionRecord>,
    uses: Vec<UseRecord>,
    index: Index,
}

pub(crate) struct TypeRecord {
    pub(crate) name: &'static str,
    /// One pattern, or several with commas between them.
    pub(crate) arn: &'static str,
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) keys: u16,
}

pub(crate) struct ActionRecord {
    /// With the service's prefix.
    pub(crate) name: String,
    pub(crate) access: Access,
    pub(crate) keys: u16,
    uses: (usize, usize),
}

/// An action on a resource type.
pub(crate) struct UseRecord {
    pub(crate) resource_type: usize,
    pub(crate) required: bool,
    /// The keys of this action on this type beyond the type's own.
    pub(crate) keys: u16,
}

impl Parsed {
    /// Lines `t SET ARN NAME` and `a NAME ACCESS SET TYPE[*][:SET]…`.
    fn read(prefix: &str, section: &'static str) -> Self {
        let mut parsed = Self::default();
        for line in section.lines() {
            match line.split_at_checked(2) {
                Some(("t ", rest)) => parsed.types.extend(read_type(rest)),
                Some(("a ", rest)) => parsed.read_action(prefix, rest),
                _ => {}
            }
        }
        let names = parsed.actions.iter().map(|record| &record.name[prefix.len() + 1..]);
        parsed.index = Index::new((0..).zip(names).map(|(position, name)| (Fold::of(name), position)));
        parsed
    }

    fn read_action(&mut self, prefix: &str, line: &str) {
        let mut fields = line.split(' ');
        let name = [prefix, ":", fields.next().unwrap_or_default()].concat();
        let access = Access::read(fields.next().unwrap_or_default());
        let keys = number(fields.next());
        let first = self.uses.len();
        self.uses.extend(fields.map(read_use));
        self.actions.push(ActionRecord { name, access, keys, uses: (first, self.uses.len()) });
    }
}

/// Lines `k KEY`, then `s KEY…`: a set of those keys, by position. Both follow the order of all keys, so that sets of ids
/// are sorted.
fn read_sets(section: &'static str) -> Vec<Box<[u16]>> {
    let mut keys = Vec::new();
    let mut sets = Vec::new();
    for line in section.lines() {
        let (kind, rest) = line.split_once(' ').unwrap_or((line, ""));
        match kind {
            "k" => keys.extend(key(rest).map(Key::id)),
            "s" => {
                let positions = rest.split(' ').filter_map(|position| position.parse::<usize>().ok());
                sets.push(positions.filter_map(|position| keys.get(position).copied()).collect());
            }
            _ => break,
        }
    }
    sets
}

fn read_type(line: &'static str) -> Option<TypeRecord> {
    let mut fields = line.splitn(3, ' ');
    let (keys, arn, name) = (number(fields.next()), fields.next()?, fields.next()?);
    Some(TypeRecord { name, arn, patterns: arn.split(',').filter_map(Pattern::read).collect(), keys })
}

fn read_use(field: &str) -> UseRecord {
    let (position, keys) = field.split_once(':').unwrap_or((field, "0"));
    let required = position.strip_suffix('*');
    UseRecord {
        resource_type: number(Some(required.unwrap_or(position))),
        required: required.is_some(),
        keys: number(Some(keys)),
    }
}

/// A number of the data. The data is part of the program and tests read all of it, so a bad one needs no message.
fn number<N: std::str::FromStr + Default>(field: Option<&str>) -> N {
    field.and_then(|field| field.parse().ok()).unwrap_or_default()
}
