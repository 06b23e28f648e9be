//! What the catalogue says of a question's action and keys, looked up once for each.

use std::borrow::Cow;

use catalog::{Action, Key, ResourceType, Row, TagSet};
use policy::arn::Arn;
use policy::undocumented::Case;
use rustc_hash::FxHashMap;

use crate::follows;

/// More actions, or keys of one action, than a stream in earnest has. Then it is looked up anew.
const MOST: usize = 4096;
/// Resource types that a note names.
const MOST_TYPES: usize = 8;

/// Whether one request can hold several values of a key. `None`: the catalogue does not know it.
#[must_use]
pub fn is_multivalued(key: &str) -> Option<bool> {
    catalog::key(key).map(Key::is_multivalued)
}

/// What was looked up.
#[derive(Default)]
pub(crate) struct Lookups {
    places: FxHashMap<String, usize>,
    all: Vec<About>,
}

/// What there is to say about an action.
pub(crate) struct About {
    action: Option<Action>,
    name: String,
    /// That the catalogue does not know it.
    pub(crate) note: Option<String>,
    /// Whether resource control policies apply to it; those of an unknown action do.
    pub(crate) has_resource_control: bool,
    rows: Vec<Row>,
    /// The resource asked about last, and its rows.
    last: (String, Vec<Row>),
    places: FxHashMap<String, usize>,
    facts: Vec<Fact>,
    left_open: Vec<(&'static str, Case)>,
}

/// What there is to say about a key in requests for the action.
pub(crate) struct Fact {
    carried: CarriedBy,
    /// Why it is left out, or that the catalogue does not know it.
    pub(crate) note: Option<String>,
    pub(crate) is_multivalued: Option<bool>,
    /// Its place among those that follow from who asks and for what.
    pub(crate) follows: Option<usize>,
    pub(crate) tags: Option<OfTags>,
}

/// What a key tells of a set of tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OfTags {
    /// The value of one tag.
    Value(TagSet, String),
    /// The names of all.
    Keys(TagSet),
}

#[derive(Clone, Copy)]
enum CarriedBy {
    /// By every row, or by every request, or nobody knows.
    Always,
    Never,
    ByRow(Key),
}

/// Whether a request on one resource has a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carries {
    Yes,
    /// No row of the action knows the resource, and some carry the key.
    Perhaps,
    /// No request for the action carries it, or none on this resource.
    No,
}

impl Lookups {
    pub(crate) fn about(&mut self, name: &str) -> &mut About {
        let at = match self.places.get(name) {
            Some(&at) => at,
            None => self.add(name),
        };
        &mut self.all[at]
    }

    fn add(&mut self, name: &str) -> usize {
        if self.all.len() >= MOST {
            self.places.clear();
            self.all.clear();
        }
        self.places.insert(name.to_owned(), self.all.len());
        self.all.push(About::new(name));
        self.all.len() - 1
    }
}

impl About {
    fn new(name: &str) -> Self {
        let action = catalog::action(name);
        let rows: Vec<_> = action.into_iter().flat_map(Action::rows).collect();
        let is_of_tags = |key: &str| key.ends_with('/') || key == "aws:TagKeys";
        let left_open = rows.iter().flat_map(|row| row.unsettled()).filter(|(key, _)| !is_of_tags(key)).collect();
        Self {
            action,
            name: name.to_owned(),
            note: action.is_none().then(|| unknown_action(name)),
            has_resource_control: action.is_none_or(|action| action.service().has_resource_control()),
            rows,
            last: <_>::default(),
            places: FxHashMap::default(),
            facts: Vec::new(),
            left_open,
        }
    }

    /// Keys of which AWS's documentation does not say whether requests for the action have them. Of those of tags this
    /// depends on the tags that are given.
    pub(crate) fn left_open(&self) -> &[(&'static str, Case)] {
        &self.left_open
    }

    pub(crate) const fn is_known(&self) -> bool {
        self.action.is_some()
    }

    /// Whether the operation removes tags, and so passes names of tags without values.
    /// docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_UntagResources.html and its kind.
    pub(crate) fn removes_tags(&self) -> bool {
        let name = self.action.map_or("", |action| action.name().split_once(':').map_or("", |(_, name)| name));
        ["Untag", "RemoveTags", "DeleteTags"].iter().any(|start| name.starts_with(start))
    }

    /// The place of what there is to say about a key.
    pub(crate) fn place(&mut self, key: &str) -> usize {
        if let Some(&at) = self.places.get(key) {
            return at;
        }
        if self.facts.len() >= MOST {
            self.places.clear();
            self.facts.clear();
        }
        self.places.insert(key.to_owned(), self.facts.len());
        self.facts.push(Fact::new(self, key));
        self.facts.len() - 1
    }

    pub(crate) fn fact(&self, place: usize) -> &Fact {
        &self.facts[place]
    }

    /// Whether a request on the resource has the key at this place.
    pub(crate) fn kept(&mut self, place: usize, resource: &str) -> Carries {
        match self.facts[place].carried {
            CarriedBy::Always => Carries::Yes,
            CarriedBy::Never => Carries::No,
            CarriedBy::ByRow(key) => match self.rows_on(resource) {
                [] => Carries::Perhaps,
                rows if rows.iter().any(|row| row.carries(key)) => Carries::Yes,
                _ => Carries::No,
            },
        }
    }

    /// The ARN under which the action asks about a resource, where that is not its own.
    pub(crate) fn authorised_on(&self, resource: &str) -> Option<String> {
        match self.action?.authorised_on(resource) {
            Cow::Owned(other) => Some(other),
            Cow::Borrowed(same) => (same != resource).then(|| same.to_owned()),
        }
    }

    /// The rows that a request on the resource is authorised by; none: no row knows the resource.
    pub(crate) fn rows_on(&mut self, resource: &str) -> &[Row] {
        if self.last.0 != resource {
            self.last = (resource.to_owned(), self.action.map(|one| one.rows_on(resource)).unwrap_or_default());
        }
        &self.last.1
    }

    /// The same, and every row if none knows the resource.
    pub(crate) fn possible_rows(&mut self, resource: &str) -> &[Row] {
        match self.rows_on(resource).is_empty() {
            true => &self.rows,
            false => &self.last.1,
        }
    }

    /// That a key is left out.
    pub(crate) fn left_out(&mut self, key: &str, resource: &str) -> String {
        let place = self.place(key);
        if let Some(note) = &self.facts[place].note {
            return note.clone();
        }
        let types: Vec<_> = self.rows_on(resource).iter().filter_map(|row| row.resource_type()).collect();
        let (key, action) = (policy::plain(key), policy::plain(&self.name));
        format!("{key} is left out: no request for {action} on a resource of type {} carries it", names(&types))
    }

    /// That keys are kept though no row knows the resource.
    pub(crate) fn doubtful(&self, keys: &[String], resource: &str) -> String {
        let types: Vec<_> = self.rows.iter().filter_map(|row| row.resource_type()).collect();
        let keys: Vec<_> = keys.iter().map(|key| policy::plain(key)).collect();
        let (verb, it) = if keys.len() == 1 { ("is", "it") } else { ("are", "them") };
        format!(
            "{} {verb} kept, but not every request for {} carries {it}: the action is authorised on {}, and `{}` is none of these",
            keys.join(", "),
            policy::plain(&self.name),
            names(&types),
            policy::plain(resource),
        )
    }
}

fn names(types: &[ResourceType]) -> String {
    let mut names: Vec<_> = types.iter().take(MOST_TYPES).map(|one| one.name().to_owned()).collect();
    if types.len() > names.len() {
        names.push(format!("{} more types", types.len() - names.len()));
    }
    match names.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => names.concat(),
    }
}

impl Fact {
    fn new(about: &About, name: &str) -> Self {
        let key = catalog::key(name);
        let carried = key.map_or(CarriedBy::Always, |key| CarriedBy::of(about, key));
        let note = match (key, carried) {
            (None, _) => Some(unknown_key(name, "is kept, but is not")),
            (_, CarriedBy::Never) => Some(never(name, &about.name)),
            _ => None,
        };
        let lists = |set: &TagSet| set.keys().is_some_and(|keys| keys.eq_ignore_ascii_case(name));
        let keys = || TagSet::PASSED.into_iter().find(lists).map(OfTags::Keys);
        let value = catalog::tag(name).map(|(set, tag)| OfTags::Value(set, tag.to_owned()));
        Self {
            carried,
            note,
            is_multivalued: key.map(Key::is_multivalued),
            follows: key.and_then(|key| follows::place(key.pattern())),
            tags: value.or_else(keys),
        }
    }
}

impl CarriedBy {
    fn of(about: &About, key: Key) -> Self {
        // AWS may have keys and actions that the catalogue does not know yet.
        let carrying = about.rows.iter().filter(|row| row.carries(key)).count();
        match carrying {
            _ if carrying == about.rows.len() => Self::Always,
            0 => Self::Never,
            _ => Self::ByRow(key),
        }
    }
}

/// That a key is left out, because no request for the action has it.
pub(crate) fn never(key: &str, action: &str) -> String {
    format!("{} is left out: no request for {} carries it", policy::plain(key), policy::plain(action))
}

/// That the catalogue does not know an action, and which one could be meant. None: it knows it.
#[must_use]
pub fn not_known(action: &str) -> Option<String> {
    catalog::action(action).is_none().then(|| unknown_action(action))
}

/// That a known action is not authorised on a resource, and on what it is.
#[must_use]
pub fn not_on(action: &str, resource: &str) -> Option<String> {
    let action = catalog::action(action).filter(|action| action.rows_on(resource).is_empty())?;
    let types: Vec<_> = action.rows().filter_map(Row::resource_type).collect();
    let arns: Vec<_> = types.iter().flat_map(|kind| kind.arns()).take(MOST_TYPES).collect();
    let near = near_resource(action, resource).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    let (name, resource) = (action.name(), policy::plain(resource));
    Some(format!(
        "no request for {name} is on `{resource}`: it is authorised on {} ({}){near}",
        names(&types),
        arns.join(", ")
    ))
}

/// That an ARN lacks the account that all resources of its form have, or has what is no account, and how it is written.
#[must_use]
pub fn not_in_account(action: &str, resource: &str) -> Option<String> {
    let action = catalog::action(action)?;
    let pattern = action.misses_account(resource)?;
    let account = Arn::parse(resource).map_or("", |arn| arn.account);
    let (name, resource) = (action.name(), policy::plain(resource));
    let lacks = match account {
        "" => "names no account".to_owned(),
        account => format!("has `{}` for its account, which is not 12 digits", policy::plain(account)),
    };
    Some(format!("no request for {name} is on `{resource}`: it {lacks}; write it as in `{pattern}`"))
}

/// A bucket where an object is meant, or the other way round, and whatever else has parts behind a slash.
fn near_resource(action: Action, resource: &str) -> Option<String> {
    let inner = format!("{}/KEY", resource.trim_end_matches('/'));
    let outer = resource.split_once('/').map(|(outer, _)| outer.to_owned());
    let fits = |one: &String| !action.rows_on(one).is_empty();
    [Some(inner), outer].into_iter().flatten().find(fits).map(|near| policy::plain(&near))
}

/// Actions of any service that have a name.
pub(crate) fn actions_named(name: &str) -> Vec<&'static str> {
    let all = catalog::services().flat_map(catalog::Service::actions).map(Action::name);
    all.filter(|action| action.split_once(':').is_some_and(|(_, own)| own.eq_ignore_ascii_case(name))).collect()
}

fn unknown_action(name: &str) -> String {
    let service = name.split_once(':').map_or("", |(service, _)| service);
    let near = source::suggest(name, catalog::actions_of(service).map(Action::name));
    let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    format!("the action `{}` is not in the catalogue of AWS's actions{near}", policy::plain(name))
}

/// That the catalogue does not know a condition key, and which one could be meant. None: it knows it.
#[must_use]
pub fn key_not_known(key: &str) -> Option<String> {
    catalog::key(key).is_none().then(|| unknown_key(key, "is not"))
}

fn unknown_key(name: &str, is_not: &str) -> String {
    let (head, tag) = name.split_once('/').map_or((name, None), |(head, tag)| (head, Some(tag)));
    let vendor = head.split_once(':').map_or("", |(vendor, _)| vendor);
    // Only names of the same vendor: there are thousands.
    let of_vendor = catalog::keys_of(vendor).map(|key| key.pattern().split('/').next().unwrap_or_default());
    let near = source::suggest(head, of_vendor);
    let tag = tag.map(|tag| format!("/{}", policy::plain(tag))).unwrap_or_default();
    let near = near.map(|near| format!("; did you mean `{near}{tag}`?")).unwrap_or_default();
    format!("`{}` {is_not} in the catalogue of AWS's condition keys{near}", policy::plain(name))
}

#[cfg(test)]
mod tests;
