//! The access keys of a world.

use jiff::{SignedDuration, Timestamp};
use rpds::{HashTrieMapSync, QueueSync, RedBlackTreeSetSync};

use crate::identity::Credential;

/// All credentials by access key id. A copy shares with the original what neither has changed since.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    by_key: HashTrieMapSync<String, Credential>,
    /// The keys of temporary ones, in the order in which they end.
    ending: RedBlackTreeSetSync<(Timestamp, String)>,
    /// Those of them that have ended a while ago, in the same order.
    ended: QueueSync<String>,
}

/// For how long a request with temporary credentials that have ended is told so in any case.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(1);
/// How many that have ended earlier are told apart from those that never were.
const ENDED: usize = 1000;

impl Credentials {
    /// The credential behind an access key id, inactive ones included, and those that ended within the last hour or are
    /// among the thousand that ended before.
    #[must_use]
    pub fn get(&self, access_key: &str) -> Option<&Credential> {
        self.by_key.get(access_key)
    }

    /// All credentials.
    pub fn iter(&self) -> impl Iterator<Item = &Credential> {
        self.by_key.values()
    }

    /// Takes a credential in.
    pub fn add(&mut self, access_key: String, credential: Credential) {
        if let Some(end) = credential.expires {
            self.ending.insert_mut((end, access_key.clone()));
        }
        self.by_key.insert_mut(access_key, credential);
    }

    /// Whether a key is active from now on.
    pub fn set_active(&mut self, access_key: &str, active: bool) {
        if let Some(credential) = self.by_key.get_mut(access_key) {
            credential.active = active;
        }
    }

    /// Takes a credential away.
    pub fn remove(&mut self, access_key: &str) {
        let Some(expires) = self.get(access_key).map(|credential| credential.expires) else { return };
        if let Some(end) = expires {
            self.ending.remove_mut(&(end, access_key.to_owned()));
        }
        self.by_key.remove_mut(access_key);
    }

    /// Takes away what has ended a while ago, but for the last. AWS names no time after which credentials that have ended
    /// are unknown, and nobody can keep all.
    pub fn forget_ended(&mut self, now: Timestamp) {
        let is_over = |end: &Timestamp| now.duration_since(*end) > REMEMBERED;
        while let Some(over) = self.ending.first().filter(|(end, _)| is_over(end)).cloned() {
            self.ending.remove_mut(&over);
            self.ended.enqueue_mut(over.1);
            while self.ended.len() > ENDED {
                let oldest = self.ended.peek().cloned();
                self.ended.dequeue_mut();
                oldest.iter().for_each(|access_key| self.remove(access_key));
            }
        }
    }
}
