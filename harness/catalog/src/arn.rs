//! Resource types, and which of them an ARN is of.

use std::fmt;

use crate::key::Key;
use crate::service::{Service, TypeRecord};

#[cfg(test)]
mod tests;

/// A type of resource as one service's actions know it.
#[derive(Clone, Copy)]
pub struct ResourceType {
    service: Service,
    record: &'static TypeRecord,
}

impl ResourceType {
    pub(crate) fn new(service: Service, record: &'static TypeRecord) -> Self {
        Self { service, record }
    }

    /// Its name: `object`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.record.name
    }

    /// Its ARN patterns, nearly always one: `arn:${Partition}:s3:::${BucketName}/${ObjectName}`.
    pub fn arns(self) -> impl Iterator<Item = &'static str> {
        self.record.arn.split(',')
    }

    /// Its ARN patterns as a policy writes them, with `*` for all that is not fixed: `arn:aws:ec2:*:*:instance/*`, and
    /// `arn:aws:ec2:*::image/*` as an image has no account.
    pub fn wildcards(self, partition: &str) -> impl Iterator<Item = String> {
        self.arns().map(move |pattern| fill(pattern, |name| if name == "Partition" { partition } else { "*" }))
    }

    /// An ARN of each of its patterns, made up: `arn:aws:ec2:us-east-1:111122223333:instance/x`.
    pub fn samples(self) -> impl Iterator<Item = String> {
        let value = |name: &str| match name {
            "Partition" => "aws",
            "Region" => "us-east-1",
            "Account" => "111122223333",
            _ => "x",
        };
        self.arns().map(move |pattern| fill(pattern, value).replace('*', "x"))
    }

    /// The ARN of one that nobody has named yet: `arn:aws:ec2:eu-west-1:111122223333:instance/*`. None: the type has a
    /// region or an account, and it is not given.
    #[must_use]
    pub fn arn_to_come(self, partition: &str, region: Option<&str>, account: Option<&str>) -> Option<String> {
        let pattern = self.arns().next()?;
        let is_missing = |placeholder: &str, value: Option<&str>| value.is_none() && pattern.contains(placeholder);
        if is_missing("${Region}", region) || is_missing("${Account}", account) {
            return None;
        }
        Some(fill(pattern, |name| match name {
            "Partition" => partition,
            "Region" => region.unwrap_or_default(),
            "Account" => account.unwrap_or_default(),
            _ => "*",
        }))
    }

    /// Its condition keys, which every action on it can carry.
    pub fn keys(self) -> impl Iterator<Item = &'static str> {
        self.service.set(self.record.keys).iter().filter_map(|&id| Key::from_id(id)).map(Key::pattern)
    }

    /// Whether an ARN has the form of one of its patterns. Forms overlap (`${BucketName}` alone fits an object too):
    /// [`Action::resource_types_of`](crate::Action::resource_types_of) finds the closest.
    #[must_use]
    pub fn matches(self, arn: &str) -> bool {
        parts(arn).is_some_and(|parts| self.closeness(&parts).is_some())
    }

    pub(crate) fn key_set(self) -> u16 {
        self.record.keys
    }

    /// How many characters of an ARN of this type its pattern spells out. None: the ARN is not of this type.
    fn closeness(self, arn: &[&str; 6]) -> Option<usize> {
        self.record.patterns.iter().filter_map(|pattern| pattern.fit(arn)).max()
    }
}

impl PartialEq for ResourceType {
    fn eq(&self, other: &Self) -> bool {
        self.service == other.service && self.name() == other.name()
    }
}

impl Eq for ResourceType {}

impl fmt::Debug for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.service.prefix(), self.name())
    }
}

/// The types an ARN is of: those whose patterns fit and spell most of it out, several if they tie.
pub(crate) fn closest(types: impl Iterator<Item = ResourceType>, arn: &str) -> Vec<ResourceType> {
    let Some(arn) = parts(arn) else { return Vec::new() };
    let mut best = (0, Vec::new());
    for candidate in types {
        match candidate.closeness(&arn) {
            Some(closeness) if closeness > best.0 || best.1.is_empty() => best = (closeness, vec![candidate]),
            Some(closeness) if closeness == best.0 => best.1.push(candidate),
            _ => {}
        }
    }
    best.1
}

/// A pattern with each placeholder replaced; its stars stay.
fn fill<'v>(pattern: &'v str, value: impl Fn(&str) -> &'v str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while !rest.is_empty() {
        let (literal, wildcard, next) = next_wildcard(rest);
        out.push_str(literal);
        let name = wildcard.strip_prefix("${").map(|name| name.strip_suffix('}').unwrap_or(name));
        out.push_str(name.map_or(wildcard, &value));
        rest = next;
    }
    out
}

/// The six parts of an ARN, or of a pattern of ARNs.
pub(crate) fn parts(arn: &str) -> Option<[&str; 6]> {
    let mut parts = arn.splitn(6, ':');
    let mut six = [""; 6];
    for part in &mut six {
        *part = parts.next()?;
    }
    Some(six)
}

/// A pattern of ARNs, in its six parts.
pub(crate) struct Pattern {
    parts: [&'static str; 6],
    /// What the last part spells out before its first wildcard.
    head: &'static str,
}

impl Pattern {
    pub(crate) fn read(pattern: &'static str) -> Option<Self> {
        let parts = parts(pattern)?;
        Some(Self { parts, head: next_wildcard(parts[5]).0 })
    }

    /// How many characters of the ARN the pattern spells out, if it fits. The six parts are compared one by one, as in
    /// `ArnLike`: a placeholder or `*` crosses colons in the last part only. The last comes first, its head before all:
    /// it tells most types apart.
    pub(crate) fn fit(&self, arn: &[&str; 6]) -> Option<usize> {
        if !arn[5].starts_with(self.head) {
            return None;
        }
        let mut spelled = 0;
        for position in (0..6).rev() {
            let may_be_empty = position < 5;
            spelled += fit_part(self.parts[position], arn[position], may_be_empty)?;
        }
        Some(spelled)
    }
}

/// Finds the literal pieces of a pattern one after the other, the last one at the end. A placeholder stands for at
/// least one character, except in partition, region and account, which many ARNs leave empty; `*` for any number.
fn fit_part(pattern: &str, part: &str, may_be_empty: bool) -> Option<usize> {
    let (mut pattern, mut part) = (pattern, part);
    let mut spelled = 0;
    let mut gap: Option<usize> = None;
    loop {
        let (literal, wildcard, rest) = next_wildcard(pattern);
        spelled += literal.len();
        let skip = gap.unwrap_or(0);
        if wildcard.is_empty() {
            // The last piece: it ends the part.
            let head = part.strip_suffix(literal)?;
            let fits = if gap.is_some() { head.len() >= skip } else { head.is_empty() };
            return fits.then_some(spelled);
        }
        let at = match gap {
            None => part.starts_with(literal).then_some(0)?,
            Some(_) => skip + part.get(skip..)?.find(literal)?,
        };
        part = &part[at + literal.len()..];
        pattern = rest;
        let one = part.chars().next().map_or(1, char::len_utf8);
        gap = Some(if wildcard == "*" || may_be_empty { 0 } else { one });
    }
}

/// A pattern up to its first `*` or placeholder, that, and the rest.
fn next_wildcard(pattern: &str) -> (&str, &str, &str) {
    let is_placeholder = |rest: &[u8]| rest.starts_with(b"${");
    let mut rests = (0..pattern.len()).map(|at| &pattern.as_bytes()[at..]);
    let start = rests.position(|rest| rest[0] == b'*' || is_placeholder(rest)).unwrap_or(pattern.len());
    let end = match is_placeholder(&pattern.as_bytes()[start..]) {
        true => pattern[start..].find('}').map_or(pattern.len(), |length| start + length + 1),
        false => (start + 1).min(pattern.len()),
    };
    (&pattern[..start], &pattern[start..end], &pattern[end..])
}
