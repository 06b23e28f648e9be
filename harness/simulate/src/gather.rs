//! From the keys that a question gives to those that a request has.

use std::borrow::Cow;

use policy::{ContextValue, Principal, Request, arn};

use crate::Fault;
use crate::follows::{self, MentionedKeys, Says};
use crate::lookups::{About, Carries, never};
use crate::note::Note;
use crate::tags;

/// The keys of a question, and where each stands in its line; of a question by hand, nowhere.
pub(crate) struct Keys<'a, 'p> {
    pub(crate) context: Vec<(Cow<'a, str>, ContextValue)>,
    pub(crate) places: &'p [usize],
}

/// Puts the keys that AWS sends into the request, with those that follow from them and are asked for. What there is to
/// know about the others: first which are left out.
///
/// # Errors
/// Everything that contradicts something else.
pub(crate) fn gather(
    keys: Keys<'_, '_>,
    about: &mut About,
    mentioned: MentionedKeys,
    request: &mut Request,
) -> Result<Vec<Note>, Vec<Fault>> {
    let mut gathered = Gathered::new(about, request);
    for (index, (key, value)) in keys.context.into_iter().enumerate() {
        gathered.take(key, value, keys.places.get(index).copied());
    }
    let Gathered { about, request, notes, tags, mut faults, of_chain, .. } = gathered;
    for (follows, at) in of_chain {
        if let Some(message) = follows::against_chain(follows, &request.context) {
            faults.push(Fault { at, ..Fault::new(message).help("take one of the two keys away") });
        }
    }
    if about.is_known() && !tags.is_empty() {
        faults.extend(tags::complete(&tags, about, mentioned, request));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    mentioned.fill(request, |key, resource| {
        let place = about.place(key);
        about.kept(place, resource) != Carries::No
    });
    for &(key, case) in about.left_open() {
        request.context.leaves_open(key, case);
    }
    Ok(notes.told(about, &request.resource))
}

struct Gathered<'a> {
    about: &'a mut About,
    request: &'a mut Request,
    notes: Notes,
    tags: Vec<tags::GivenTag>,
    faults: Vec<Fault>,
    /// The key that told the account of the resource.
    account_key: Option<String>,
    /// Keys that tell how the call came, by their place among those that follow, and where each stands.
    of_chain: Vec<(usize, Option<usize>)>,
}

#[derive(Default)]
struct Notes {
    left_out: Vec<String>,
    /// Keys that are kept though no row knows the resource.
    doubtful: Vec<String>,
    others: Vec<String>,
}

impl Notes {
    fn told(self, about: &About, resource: &str) -> Vec<Note> {
        let mut told = self.left_out;
        told.extend(about.note.clone());
        if !self.doubtful.is_empty() {
            told.push(about.doubtful(&self.doubtful, resource));
        }
        told.extend(self.others);
        told.into_iter().map(Note::from).collect()
    }
}

impl<'a> Gathered<'a> {
    fn new(about: &'a mut About, request: &'a mut Request) -> Self {
        let (notes, tags, faults) = (Notes::default(), Vec::new(), Vec::new());
        Self { about, request, notes, tags, faults, account_key: None, of_chain: Vec::new() }
    }

    fn take(&mut self, key: Cow<'_, str>, value: ContextValue, at: Option<usize>) {
        let place = self.about.place(&key);
        let kept = self.about.kept(place, &self.request.resource);
        let fact = self.about.fact(place);
        let is_multivalued = fact.is_multivalued;
        if let Some(of) = fact.tags.clone() {
            let (key, value, is_kept) = (key.to_string(), value.clone(), kept != Carries::No);
            self.tags.push(tags::GivenTag { of, key, value, is_kept, at });
        }
        match kept {
            Carries::No => {
                self.notes.left_out.push(self.about.left_out(&key, &self.request.resource));
                self.leave_open(&key);
                return;
            }
            Carries::Perhaps => self.notes.doubtful.push(key.to_string()),
            Carries::Yes => {}
        }
        let (follows, note) = (fact.follows, fact.note.clone());
        if follows::is_of_temporary(&key) && matches!(self.request.principal, Principal::User { .. }) {
            let key = policy::plain(&key);
            self.notes.others.push(format!("{key} is kept: it is there if the user has temporary credentials"));
        }
        self.notes.others.extend(note);
        if let Some(follows) = follows
            && !self.agrees(follows, &key, &value, at)
        {
            return;
        }
        self.of_chain.extend(follows.filter(|follows| follows::is_of_chain(*follows)).map(|follows| (follows, at)));
        if let (ContextValue::Many(values), Some(false)) = (&value, is_multivalued) {
            self.is_list_of_single(&key, values, at);
        }
        set(self.request, key, value, is_multivalued);
    }

    /// Whether requests on this resource have a key that is left out, AWS's documentation may not say.
    fn leave_open(&mut self, key: &str) {
        let is_it = |open: &str| {
            let start = if open.ends_with('/') { key.get(..open.len()) } else { Some(key) };
            start.is_some_and(|start| start.eq_ignore_ascii_case(open))
        };
        let rows = self.about.possible_rows(&self.request.resource).iter();
        let found = rows.flat_map(|row| row.unsettled()).find(|(open, _)| is_it(open));
        if let Some((open, case)) = found {
            self.request.context.leaves_open(open, case);
        }
    }

    /// A list for a key that has a single value in AWS's requests.
    fn is_list_of_single(&mut self, key: &str, values: &[String], at: Option<usize>) {
        let key = policy::plain(key);
        if values.len() < 2 {
            self.notes.others.push(format!("{key} has a single value in AWS's requests; here it has a list"));
            return;
        }
        let values = values.iter().map(|value| format!("`{}`", policy::plain(value))).collect::<Vec<_>>().join(" and ");
        let fault = Fault::new(format!("{key} has a single value in AWS's requests; here it has {values}"));
        self.faults.push(Fault { at, ..fault.help("give it one value") });
    }

    /// Whether a key says what follows from the rest, and is there at all.
    fn agrees(&mut self, follows: usize, key: &str, value: &ContextValue, at: Option<usize>) -> bool {
        let is_account = follows::is_resource_account(follows);
        match follows::says(follows, self.request) {
            Says::Is(known) if !follows::agrees(follows, self.request, value, &known) => {
                let because = if is_account { self.of_resource() } else { of_principal(&self.request.principal) };
                let (key, value) = (policy::plain(key), policy::plain(&values(value)));
                let message = format!("{key} is `{value}`, but {because} makes it `{}`", policy::plain(&known));
                self.faults.push(Fault { at, ..Fault::new(message) });
                return false;
            }
            Says::NotFrom => {
                let (key, who) = (policy::plain(key), kind(&self.request.principal));
                self.notes.left_out.push(format!("{key} is left out: no request by {who} carries it"));
                return false;
            }
            Says::NotFor => {
                self.notes.left_out.push(never(key, &self.request.action));
                return false;
            }
            _ => {}
        }
        if let ContextValue::One(account) = value
            && is_account
            && arn::is_account(account)
            && self.request.resource_account.is_none()
        {
            // It is the same account, wherever it is given.
            self.request.resource_account = Some(account.clone());
            self.account_key = Some(key.to_owned());
        }
        true
    }

    fn of_resource(&self) -> String {
        match (&self.account_key, &self.request.resource_account) {
            (Some(key), _) => policy::plain(key),
            (None, Some(_)) => "the account given for the resource".to_owned(),
            (None, None) => format!("the resource `{}`", policy::plain(&self.request.resource)),
        }
    }
}

fn set(request: &mut Request, key: Cow<'_, str>, value: ContextValue, is_multivalued: Option<bool>) {
    match (value, is_multivalued) {
        (ContextValue::One(value), Some(true)) => request.context.set_many(key, [value]),
        (ContextValue::One(value), _) => request.context.set(key, value),
        (ContextValue::Many(values), _) => request.context.set_many(key, values),
    }
}

fn values(value: &ContextValue) -> String {
    match value {
        ContextValue::One(value) => value.clone(),
        ContextValue::Many(values) => values.join(", "),
    }
}

fn of_principal(principal: &Principal) -> String {
    let name = match principal {
        Principal::Service { name } => Cow::Borrowed(name.as_str()),
        Principal::Federated { provider } => Cow::Borrowed(provider.as_str()),
        _ => principal.arn().unwrap_or(Cow::Borrowed("anonymous")),
    };
    format!("the principal `{}`", policy::plain(&name))
}

/// That no request of a principal has a key: `no request by a role session carries it`.
#[must_use]
pub fn never_from(principal: &Principal, key: &str) -> Option<String> {
    follows::never_from(principal, key).then(|| format!("no request by {} carries it", kind(principal)))
}

const fn kind(principal: &Principal) -> &'static str {
    match principal {
        Principal::Anonymous => "an anonymous caller",
        Principal::Service { .. } => "an AWS service",
        Principal::Root { .. } => "a root user",
        Principal::User { .. } => "an IAM user",
        Principal::RoleSession { .. } => "a role session",
        Principal::FederatedUser { .. } => "a federated user",
        Principal::Federated { .. } => "a user of an identity provider",
    }
}
