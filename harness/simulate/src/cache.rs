//! Policies compiled before, found by their text.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use policy::Kind;
use rustc_hash::{FxHashMap, FxHasher};
use source::Finding;

use crate::compiled::Compiled;
use crate::scan::Scan;

/// Bytes of text after which everything is forgotten: some thousand policies. Compiled they take a few times as much.
const LARGEST: usize = 4 << 20;
/// Places of a line whose last policy is tried first.
const RECENT: usize = 16;

/// Where in a line a policy stands; that is its name as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PolicyPosition {
    pub(crate) kind: Kind,
    /// From 0.
    pub(crate) level: usize,
    /// From 0.
    pub(crate) at: usize,
}

/// A policy with its place and text.
struct CachedPolicy {
    place: PolicyPosition,
    text: Arc<str>,
    compiled: Compiled,
}

/// What was compiled.
#[derive(Default)]
pub(crate) struct Cache {
    kept: FxHashMap<u64, CachedPolicy>,
    size: usize,
    /// The last of each place. Most lines repeat it, and its text is as long as all the rest of them.
    recent: Vec<CachedPolicy>,
}

impl Cache {
    /// Reads the policy that starts here. `None`: what stands here is no JSON. A policy that cannot be read comes as
    /// what there is to say about it, with the place of its text in the line.
    pub(crate) fn policy(
        &mut self,
        scan: &mut Scan<'_>,
        place: PolicyPosition,
    ) -> Option<Result<Compiled, (usize, Vec<Finding>)>> {
        let recent = self.recent.iter().find(|recent| recent.place == place);
        // A text that starts with a whole object starts with that object and no other.
        if let Some(CachedPolicy { text, compiled, .. }) =
            recent.filter(|recent| scan.rest().starts_with(&*recent.text))
        {
            scan.skip(text.len());
            return Some(Ok(compiled.clone()));
        }
        let start = scan.at();
        let text = scan.raw()?;
        Some(self.compiled(place, text).map_err(|findings| (start, findings)))
    }

    fn compiled(&mut self, place: PolicyPosition, text: &str) -> Result<Compiled, Vec<Finding>> {
        let mut hasher = FxHasher::default();
        (place, text).hash(&mut hasher);
        let hash = hasher.finish();
        let found = self.kept.get(&hash).filter(|kept| kept.place == place && *kept.text == *text);
        let (text, compiled) = match found {
            Some(kept) => (Arc::clone(&kept.text), kept.compiled.clone()),
            None => (text.into(), Compiled::read(&place.name(), place.kind, text)?),
        };
        if found.is_none() {
            self.keep(hash, CachedPolicy { place, text: Arc::clone(&text), compiled: compiled.clone() });
        }
        self.remember(CachedPolicy { place, text, compiled: compiled.clone() });
        Ok(compiled)
    }

    fn keep(&mut self, hash: u64, kept: CachedPolicy) {
        if self.size + kept.text.len() > LARGEST {
            self.kept.clear();
            self.recent.clear();
            self.size = 0;
        }
        self.size += kept.text.len();
        self.kept.insert(hash, kept);
    }

    fn remember(&mut self, kept: CachedPolicy) {
        match self.recent.iter().position(|recent| recent.place == kept.place) {
            Some(at) => self.recent[at] = kept,
            None if self.recent.len() < RECENT => self.recent.push(kept),
            None => {}
        }
    }
}

impl PolicyPosition {
    /// `identity.1`, `scp.2.1`
    fn name(self) -> String {
        let Self { kind, level, at } = self;
        match kind {
            Kind::Resource | Kind::Trust => kind.name().to_owned(),
            Kind::ServiceControl | Kind::ResourceControl => format!("{kind}.{}.{}", level + 1, at + 1),
            _ => format!("{kind}.{}", at + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: PolicyPosition = PolicyPosition { kind: Kind::Identity, level: 0, at: 0 };

    fn text(action: &str) -> String {
        format!(r#"{{"Statement":{{"Effect":"Allow","Action":"{action}","Resource":"*"}}}}"#)
    }

    fn read(cache: &mut Cache, text: &str) -> Compiled {
        let line = format!("{text},{{}}]");
        let mut scan = Scan::new(&line);
        let compiled = cache.policy(&mut scan, PLACE).unwrap().unwrap();
        assert_eq!(scan.rest(), ",{}]");
        compiled
    }

    #[test]
    fn what_repeats_is_compiled_once() {
        let mut cache = Cache::default();
        let (one, two) = (read(&mut cache, &text("s3:Get*")), read(&mut cache, &text("s3:Put*")));
        for _ in 0..2 {
            assert!(Arc::ptr_eq(&one.policy, &read(&mut cache, &text("s3:Get*")).policy));
            assert!(Arc::ptr_eq(&two.policy, &read(&mut cache, &text("s3:Put*")).policy));
        }
        assert_eq!(one.policy.name(), "identity.1");
    }

    #[test]
    fn it_keeps_so_much_and_no_more() {
        let mut cache = Cache::default();
        for number in 0..100_000 {
            let text = text(&format!("s3:{number}"));
            cache.keep(number, CachedPolicy { place: PLACE, text: text.into(), compiled: one() });
            assert!(cache.size <= LARGEST);
        }
        let total: usize = cache.kept.values().map(|kept| kept.text.len()).sum();
        assert_eq!(total, cache.size);
    }

    fn one() -> Compiled {
        static ONE: std::sync::LazyLock<Compiled> =
            std::sync::LazyLock::new(|| Compiled::read("p", Kind::Identity, &text("*")).unwrap());
        ONE.clone()
    }

    #[test]
    fn what_is_wrong_comes_with_its_place() {
        let mut scan = Scan::new(r#"[{"Statement":[]}]"#);
        scan.skip(1);
        let (start, findings) = Cache::default().policy(&mut scan, PLACE).unwrap().unwrap_err();
        assert_eq!((start, findings[0].code), (1, "MISSING_STATEMENT"));
        assert!(Cache::default().policy(&mut Scan::new("{"), PLACE).is_none());
    }
}
