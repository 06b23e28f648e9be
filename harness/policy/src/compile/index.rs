//! Which statements may be about an action, without asking each.

use super::Statement;
use crate::action::is_wild;

/// The hashes by which an action is looked up, taken once for each decision.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ActionHash {
    action: u64,
    service: u64,
}

/// FNV-1a of the text in lower case.
pub(crate) fn hash(action: &str) -> ActionHash {
    let service = action.split_once(':').map_or(action, |(service, _)| service);
    ActionHash { action: fnv(action), service: fnv(service) }
}

fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Positions of statements: by action, by service for `s3:Get*`, and those that could be about anything. No statement
/// stands in more than one of the three for the same action.
#[derive(Debug)]
pub(crate) struct Index {
    actions: Box<[(u64, u32)]>,
    services: Box<[(u64, u32)]>,
    any: Box<[u32]>,
}

impl Index {
    pub(super) fn new(statements: &[Statement]) -> Self {
        let (mut actions, mut services, mut any) = (Vec::new(), Vec::new(), Vec::new());
        for (at, statement) in statements.iter().enumerate() {
            let at = at as u32;
            let service = |pattern: &str| pattern.split_once(':').map(|(service, _)| service.to_owned());
            let patterns = &statement.actions.patterns;
            if statement.actions.not
                || patterns.iter().any(|pattern| service(pattern).is_none_or(|name| is_wild(&name)))
            {
                any.push(at);
                continue;
            }
            let wild: Vec<_> = patterns.iter().filter(|pattern| is_wild(pattern)).filter_map(|p| service(p)).collect();
            services.extend(wild.iter().map(|service| (fnv(service), at)));
            let exact = patterns.iter().filter(|pattern| service(pattern).is_none_or(|name| !wild.contains(&name)));
            actions.extend(exact.map(|pattern| (fnv(pattern), at)));
        }
        for list in [&mut actions, &mut services] {
            list.sort_unstable();
            list.dedup();
        }
        Self { actions: actions.into(), services: services.into(), any: any.into() }
    }

    pub(super) fn candidates(&self, hash: ActionHash) -> impl Iterator<Item = usize> {
        let keyed = under(&self.actions, hash.action).iter().chain(under(&self.services, hash.service));
        keyed.map(|&(_, at)| at).chain(self.any.iter().copied()).map(|at| at as usize)
    }
}

fn under(list: &[(u64, u32)], hash: u64) -> &[(u64, u32)] {
    let start = list.partition_point(|&(key, _)| key < hash);
    let length = list[start..].partition_point(|&(key, _)| key == hash);
    &list[start..start + length]
}
