//! Condition keys: names, placeholders, types.

use std::fmt;
use std::sync::LazyLock;

use crate::action::Action;
use crate::fold::{Fold, Index};
use crate::row::Row;
use crate::service::{Service, services};

#[cfg(test)]
mod tests;

/// The key a policy or a request names: `key("aws:requesttag/Status")` is `aws:RequestTag/${TagKey}`. Letter case is
/// ignored, in the part after the slash too
/// (docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html). None: AWS has no such key.
#[must_use]
pub fn key(name: &str) -> Option<Key> {
    KEYS.find(name)
}

/// Every condition key of every service, in the order of their lower-cased patterns.
pub fn keys() -> impl Iterator<Item = Key> {
    KEYS.records.iter().map(Key)
}

/// The condition keys whose names begin with this and a colon, in letters of any case: `aws`, or a service.
pub fn keys_of(prefix: &str) -> impl Iterator<Item = Key> {
    let of_prefix = || prefix.bytes().chain([b':']).map(|byte| byte.to_ascii_lowercase());
    let lower = |record: &Record| record.pattern.bytes().map(|byte| byte.to_ascii_lowercase());
    let start = KEYS.records.partition_point(|record| lower(record).lt(of_prefix()));
    let is_of_it = move |record: &&Record| lower(record).take(prefix.len() + 1).eq(of_prefix());
    KEYS.records.iter().skip(start).take_while(is_of_it).map(Key)
}

/// One condition key.
#[derive(Clone, Copy)]
pub struct Key(&'static Record);

impl Key {
    /// Its name, a placeholder in the form `${TagKey}`: `s3:ExistingObjectTag/${TagKey}`.
    #[must_use]
    pub fn pattern(self) -> &'static str {
        self.0.pattern
    }

    /// What its values are.
    #[must_use]
    pub fn value_type(self) -> ValueType {
        self.0.value_type
    }

    /// Whether one request can hold several values of it, so that conditions need `ForAllValues` or `ForAnyValue`.
    #[must_use]
    pub fn is_multivalued(self) -> bool {
        self.0.multivalued
    }

    /// Whether it is a key that every provider of OpenID Connect has, of one that the reference does not name.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif, tab Default
    #[must_use]
    pub fn is_of_any_provider(self) -> bool {
        self.0.pattern.starts_with('$')
    }

    /// Whether it is a key of every request, whatever the action.
    ///
    /// Global keys about principal, session, network, resource account and request are, with two exceptions.
    /// `aws:RequestTag`, `aws:ResourceTag` and `aws:TagKeys` are global in name only: a request has them where its action
    /// or resource type lists them. Four keys of the network are of requests to some services: `aws:SourceVpcArn`,
    /// `aws:VpceAccount`, `aws:VpceOrgID` and `aws:VpceOrgPaths`.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html, Availability
    #[must_use]
    pub fn is_of_every_request(self) -> bool {
        self.0.scope == Scope::Every
    }

    /// Whether it tells from where in a network a request comes.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-network-properties
    #[must_use]
    pub fn is_of_network(self) -> bool {
        self.0.is_of_network
    }

    /// Whether only requests that come through a VPC endpoint have it: all keys of the network but `aws:SourceIp`, which
    /// they do not have.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-network-properties
    #[must_use]
    pub fn is_of_endpoint(self) -> bool {
        self.is_of_network() && self.pattern() != "aws:SourceIp"
    }

    /// The actions whose requests can carry it, each with the rows on which they can. Nothing for a key of every request.
    pub fn carriers(self) -> impl Iterator<Item = (Action, Vec<Row>)> {
        let services = services().filter(move |service| !self.is_of_every_request() && self.is_of(*service));
        let carrying = move |action: Action| action.rows().filter(|row| row.carries(self)).collect::<Vec<_>>();
        services
            .flat_map(Service::actions)
            .map(move |action| (action, carrying(action)))
            .filter(|(_, on)| !on.is_empty())
    }

    /// Whether some request to a service may carry it.
    fn is_of(self, service: Service) -> bool {
        let is_named =
            matches!(self.0.scope, Scope::Services(all) if all.split(' ').any(|one| one == service.prefix()));
        is_named || service.mentions(self)
    }

    /// Whether it is a key of every request for an action, whatever the resource, without being listed for it.
    pub(crate) fn is_of_every_request_for(self, action: Action) -> bool {
        match self.0.scope {
            Scope::Listed => false,
            Scope::Every => true,
            Scope::Services(services) => {
                let is_excepted = |word: &str| word.strip_prefix('-') == Some(action.name());
                services.split(' ').any(|word| word == action.service().prefix())
                    && !services.split(' ').any(is_excepted)
            }
        }
    }

    pub(crate) fn id(self) -> u16 {
        self.0.id
    }

    pub(crate) fn from_id(id: u16) -> Option<Self> {
        KEYS.records.get(usize::from(id)).map(Self)
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for Key {}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.pattern())
    }
}

/// The type of a key's values; a multivalued key holds several of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// Text: String operators.
    String,
    /// Amazon resource names: Arn operators, or String ones.
    Arn,
    /// `true` or `false`.
    Bool,
    /// Numbers.
    Numeric,
    /// Points in time.
    Date,
    /// Addresses and ranges of addresses.
    IpAddress,
    /// Bytes in base64.
    Binary,
}

struct Record {
    id: u16,
    pattern: &'static str,
    /// Where the pattern's placeholder stands.
    placeholder: Option<(u16, u16)>,
    value_type: ValueType,
    multivalued: bool,
    scope: Scope,
    is_of_network: bool,
}

/// Which requests have a key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// Those for which the reference lists it.
    Listed,
    /// All.
    Every,
    /// Those to the services with these prefixes; `-` stands before an action that does not have it.
    Services(&'static str),
}

impl Scope {
    fn of(pattern: &str, category: Option<&str>) -> Self {
        let mut lines = include_str!("../data/endpoint-keys.txt").lines().filter_map(|line| line.split_once(' '));
        match lines.find(|(key, _)| *key == pattern) {
            Some((_, services)) => Self::Services(services),
            None if category.is_some() => Self::Every,
            None => Self::Listed,
        }
    }
}

impl Record {
    /// A line of keys.txt: `PATTERN TYPE [CATEGORY]`, the category only on global keys that the reference lists nowhere.
    fn read(id: u16, line: &'static str) -> Self {
        let mut fields = line.split(' ');
        let (pattern, written) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
        let element = written.strip_prefix("ArrayOf");
        let placeholder = placeholder(pattern);
        let value_type = match element.unwrap_or(written) {
            "ARN" => ValueType::Arn,
            "Bool" => ValueType::Bool,
            "Numeric" => ValueType::Numeric,
            "Date" => ValueType::Date,
            "IPAddress" => ValueType::IpAddress,
            "Binary" => ValueType::Binary,
            _ => ValueType::String,
        };
        let category = fields.next();
        let (scope, is_of_network) = (Scope::of(pattern, category), category == Some("network"));
        Self { id, pattern, placeholder, value_type, multivalued: element.is_some(), scope, is_of_network }
    }

    /// What stands before and behind the placeholder.
    fn around(&self) -> Option<(&'static str, &'static str)> {
        let (start, end) = self.placeholder?;
        Some((self.pattern.get(..start.into())?, self.pattern.get(end.into()..)?))
    }

    /// Whether a name fits a pattern with a placeholder; something must stand for the placeholder. At the beginning that is
    /// the domain of an identity provider, perhaps with a path: `oidc.example.com/id/1:aud`.
    fn fits(&self, name: &str) -> bool {
        let Some((head, tail)) = self.around() else { return false };
        let (name, head, tail) = (name.as_bytes(), head.as_bytes(), tail.as_bytes());
        name.len() > head.len() + tail.len()
            && name[..head.len()].eq_ignore_ascii_case(head)
            && name[name.len() - tail.len()..].eq_ignore_ascii_case(tail)
            && (!head.is_empty() || is_provider(&name[..name.len() - tail.len()]))
    }

    /// How much of a name the pattern spells out. Of two patterns that fit, the one with more is meant.
    fn literal_length(&self) -> usize {
        self.around().map_or(self.pattern.len(), |(head, tail)| head.len() + tail.len())
    }
}

fn is_provider(name: &[u8]) -> bool {
    name == b"${Provider}" || name.contains(&b'.') && !name.contains(&b':')
}

fn placeholder(pattern: &str) -> Option<(u16, u16)> {
    let start = pattern.find('$')?;
    let end = start + pattern[start..].find('}')? + 1;
    Some((start.try_into().ok()?, end.try_into().ok()?))
}

struct Keys {
    records: Vec<Record>,
    /// Keys without a placeholder, by name.
    plain: Index,
    /// Keys with one, by what stands before it.
    heads: Index,
}

static KEYS: LazyLock<Keys> = LazyLock::new(|| {
    let mut records = Vec::with_capacity(2048);
    records.extend((0..).zip(include_str!("../data/keys.txt").lines()).map(|(id, line)| Record::read(id, line)));
    let plain = records.iter().filter(|record| record.placeholder.is_none());
    let plain = Index::new(plain.map(|record| (Fold::of(record.pattern), record.id)));
    let heads = records.iter().filter_map(|record| Some((Fold::of(record.around()?.0), record.id)));
    let heads = Index::new(heads);
    Keys { records, plain, heads }
});

impl Keys {
    fn find(&'static self, name: &str) -> Option<Key> {
        let plain = self.plain.at(Fold::of(name)).filter_map(|id| self.records.get(id));
        if let Some(record) = plain.into_iter().find(|record| record.pattern.eq_ignore_ascii_case(name)) {
            return Some(Key(record));
        }
        let mut fold = Fold::new();
        let fitting =
            |head| self.heads.at(head).filter_map(|id| self.records.get(id)).filter(|record| record.fits(name));
        let mut best = fitting(fold).next();
        for byte in name.bytes() {
            fold = fold.with(byte);
            if is_separator(byte) {
                best = fitting(fold).chain(best).max_by_key(|record| record.literal_length());
            }
        }
        best.map(Key)
    }
}

/// Placeholders begin behind one of these, or at the beginning; a test holds the data to it.
fn is_separator(byte: u8) -> bool {
    matches!(byte, b'/' | b':' | b'.' | b'-')
}
