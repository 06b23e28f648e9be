//! Which statements may be about an action, without asking each.

use std::collections::HashSet;

use super::Statement;
use crate::action::ActionPattern;

/// The hashes by which an action is looked up, taken once for each decision.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ActionHash {
    pub(crate) action: u64,
    pub(crate) service: u64,
}

pub(crate) fn hash(action: &str) -> ActionHash {
    let service = action.bytes().position(|byte| byte == b':').unwrap_or(action.len());
    let (service, rest) = action.split_at(service);
    let service = fnv(START, service);
    ActionHash { action: fnv(service, rest), service }
}

const START: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a of the text in lower case, going on from what stands before it.
fn fnv(before: u64, text: &str) -> u64 {
    text.bytes().fold(before, |hash, byte| (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3))
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
            let patterns = &statement.actions.patterns;
            let service = |pattern: &ActionPattern| pattern.text.split_once(':').map(|(service, _)| service.to_owned());
            let is_open = |pattern| service(pattern).is_none_or(|name| name.contains(['*', '?']));
            if statement.actions.not || patterns.iter().any(is_open) {
                any.push(at);
                continue;
            }
            let wild: HashSet<_> = patterns.iter().filter(|pattern| pattern.is_wild()).filter_map(service).collect();
            services.extend(wild.iter().map(|service| (fnv(START, service), at)));
            let exact = patterns.iter().filter(|pattern| service(pattern).is_none_or(|name| !wild.contains(&name)));
            actions.extend(exact.map(|pattern| (fnv(START, &pattern.text), at)));
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
    let from = &list[list.partition_point(|&(key, _)| key < hash)..];
    &from[..from.iter().take_while(|&&(key, _)| key == hash).count()]
}

#[cfg(test)]
mod tests {
    use super::hash;
    use crate::Kind;
    use crate::testing::policy;

    /// The rest would only cost time.
    #[test]
    fn statements_about_other_actions_are_left_out() {
        let lists = [
            r#""Action": "s3:GetObject""#,
            r#""Action": "S3:PutObject""#,
            r#""Action": "s3:List*""#,
            r#""Action": ["ec2:Run*", "s3:GetObject", "ec2:RunInstances"]"#,
            r#""Action": "*""#,
            r#""NotAction": "s3:GetObject""#,
            r#""Action": "s?:GetObject""#,
            r#""Action": "*Object""#,
        ];
        let statements = lists.map(|list| format!(r#"{{"Effect": "Allow", {list}, "Resource": "*"}}"#));
        let policy = policy(Kind::Identity, &statements.join(","));
        for (action, expected) in [
            ("s3:GetObject", &[0, 2, 3, 4, 5, 6, 7][..]),
            ("s3:PUTOBJECT", &[1, 2, 4, 5, 6, 7]),
            ("s3:HeadBucket", &[2, 4, 5, 6, 7]),
            ("ec2:RunInstances", &[3, 4, 5, 6, 7]),
            ("sqs:SendMessage", &[4, 5, 6, 7]),
        ] {
            let mut found: Vec<_> = policy.candidates(hash(action)).map(|(at, _)| at).collect();
            found.sort_unstable();
            assert_eq!(found, expected, "{action}");
        }
    }
}
