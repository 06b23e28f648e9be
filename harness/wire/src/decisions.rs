//! What was decided for the last requests, until somebody asks.

use std::collections::VecDeque;

use account::RecordedDecision;
use policy::{ContextValue, Principal};

/// Of how many requests the decisions are kept.
const REQUESTS: usize = 1024;
/// How many bytes they may have, all together.
const BYTES: usize = 32 * 1024 * 1024;

/// By the id of the answer, the oldest first.
#[derive(Default)]
pub(crate) struct Decisions {
    kept: VecDeque<Kept>,
    bytes: usize,
}

struct Kept {
    id: String,
    decisions: Vec<RecordedDecision>,
    bytes: usize,
}

impl Decisions {
    /// Keeps them, with what is there of the same request, and forgets the oldest where it becomes too much.
    pub(crate) fn file(&mut self, id: &str, decisions: Vec<RecordedDecision>) {
        let bytes = decisions.iter().map(bytes).sum();
        self.bytes += bytes;
        self.kept.push_back(Kept { id: id.to_owned(), decisions, bytes });
        while self.kept.len() > REQUESTS || self.bytes > BYTES {
            let Some(oldest) = self.kept.pop_front() else { break };
            self.bytes -= oldest.bytes;
        }
    }

    /// Decisions are asked for soon: the search begins at the newest.
    pub(crate) fn take(&mut self, id: &str) -> Vec<RecordedDecision> {
        let at = self.kept.iter().rposition(|kept| kept.id == id);
        let Some(taken) = at.and_then(|at| self.kept.remove(at)) else { return Vec::new() };
        self.bytes -= taken.bytes;
        taken.decisions
    }

    /// What was decided for a session named so, in order.
    pub(crate) fn take_session(&mut self, name: &str) -> Vec<RecordedDecision> {
        let of_session = |recorded: &RecordedDecision| match &recorded.request.principal {
            Principal::RoleSession { session, .. } => session.rsplit('/').next() == Some(name),
            _ => false,
        };
        let mut taken = Vec::new();
        self.kept.retain_mut(|kept| {
            let is_its = kept.decisions.iter().any(of_session);
            if is_its {
                self.bytes -= kept.bytes;
                taken.append(&mut kept.decisions);
            }
            !is_its
        });
        taken
    }
}

/// About how much memory a decision takes: the texts of what was asked, and those that its trace repeats of policies.
fn bytes(recorded: &RecordedDecision) -> usize {
    /// Of a key, a statement or a condition beside its texts.
    const EACH: usize = 256;
    let value = |value: &ContextValue| match value {
        ContextValue::One(text) => text.len(),
        ContextValue::Many(texts) => texts.iter().map(|text| EACH + text.len()).sum(),
    };
    let asked: usize = recorded.request.context.unordered().map(|(key, of_key)| EACH + key.len() + value(of_key)).sum();
    let policies = recorded.decision.trace.iter().flat_map(|trace| &trace.policies);
    let traced: usize = policies
        .flat_map(|policy| &policy.statements)
        .map(|statement| {
            let conditions = statement.conditions.iter().map(|condition| {
                let texts: usize = condition.values.iter().map(String::len).sum();
                4 * EACH + EACH * condition.values.len() + 2 * texts + condition.context.as_ref().map_or(0, value)
            });
            EACH * (1 + statement.elements.len()) + conditions.sum::<usize>()
        })
        .sum();
    EACH + recorded.request.action.len() + recorded.request.resource.len() + asked + traced
}

#[cfg(test)]
mod tests {
    use account::{AccessKey, Call, Settings, Surroundings, Tracing, World};

    use super::*;
    use crate::chance::Chance;

    #[test]
    fn it_is_bounded_and_read_once() {
        let mut store = Decisions::default();
        for number in 0..=REQUESTS {
            store.file(&number.to_string(), Vec::new());
        }
        assert_eq!(store.kept.len(), REQUESTS);
        assert_eq!(store.kept.front().unwrap().id, "1");
        assert_eq!(store.kept.back().unwrap().id, REQUESTS.to_string());
        store.take("7");
        assert!(!store.kept.iter().any(|kept| kept.id == "7"));
        assert_eq!(store.kept.len(), REQUESTS - 1);
    }

    /// A decision of the root user's, for a request with so long a header.
    fn decided(length: usize) -> RecordedDecision {
        let root = AccessKey { id: "test".to_owned(), secret: "test".to_owned() };
        let mut world = World::new(Settings { account: "123456789012".to_owned(), root }, services::ALL);
        let identity = world.credentials().get("test").unwrap().identity.clone();
        let mut decisions = Vec::new();
        let mut call = Call {
            identity,
            now: jiff::Timestamp::now(),
            ids: &mut Chance { realm: 0 },
            surroundings: &Surroundings { user_agent: Some("x".repeat(length)), ..Surroundings::unknown("us-east-1") },
            tracing: Tracing::All,
            decisions: &mut decisions,
        };
        world.call(&mut call, "iam", "ListUsers", serde_json::json!({})).unwrap();
        decisions.remove(0)
    }

    #[test]
    fn many_long_requests_take_no_more_than_few() {
        let long = decided(1024 * 1024);
        let mut store = Decisions::default();
        for number in 0..100 {
            store.file(&number.to_string(), vec![long.clone()]);
        }
        assert_eq!(store.kept.len(), 31);
        assert_eq!(store.take("0").len(), 0);
        assert_eq!(store.take("99").len(), 1);
        assert_eq!(store.take_session("none").len(), 0);
        for number in 0..100 {
            store.take(&number.to_string());
        }
        assert_eq!(store.bytes, 0);
        // One that is too long by itself is not kept either.
        store.file("long", (0..40).map(|_| long.clone()).collect());
        assert_eq!((store.kept.len(), store.bytes), (0, 0));
    }
}
