//! What cells are about that a backend may have no means for, and which cells those are.

mod dependencies;

use std::collections::HashMap;

use crate::call::ApiCall;
use crate::plan::Step;
use crate::prepared::Trial;
use crate::scenario::{RequestKind, Scenario};
use dependencies::Dependencies;

/// Something that not every backend has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capability {
    /// SCPs and RCPs.
    Organization,
    /// VPC endpoints with their policies.
    Endpoint,
    /// More than one account.
    Accounts,
    /// Tags of a role session.
    SessionTags,
    /// A role session's `SourceIdentity`.
    SourceIdentity,
    /// A session policy.
    SessionPolicy,
    /// A permissions boundary.
    Boundary,
    /// Bucket tags that count in authorisation.
    Abac,
    /// ECS.
    Ecs,
    /// Tags that a task has from its definition, or from ECS.
    InheritedTags,
    /// `${…}` in a policy without a Version: literal text.
    LiteralVariable,
    /// A container of a task, whose command runs.
    Container,
    /// A task that runs, or what becomes of starting one.
    Running,
}

/// Something that a backend cannot express.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// What it lacks.
    pub capability: Capability,
    /// What it does instead.
    pub why: &'static str,
    /// How that was observed; `None` where it follows from how a run is made.
    pub seen: Option<&'static str>,
}

/// What a backend cannot express of an option: which cells, and why.
#[derive(Clone, Debug, Default)]
pub struct Limits(HashMap<(usize, usize), String>);

/// Why nobody but a world is asked about an action by itself.
const ONLY_HERE: &str = "no call is made for an `action`: tagproof's own engine decides it";

impl Limits {
    /// Those of a backend that lacks this.
    #[must_use]
    pub fn of(unsupported: &[Unsupported], scenario: &Scenario, trial: &Trial) -> Self {
        let dependencies = Dependencies { scenario, trial };
        let mut limits = Self::default();
        for caller in 0..scenario.callers.len() {
            for (request, asked) in scenario.requests.iter().enumerate() {
                if matches!(asked.kind, RequestKind::Action(_)) {
                    limits.0.insert((caller, request), ONLY_HERE.to_owned());
                    continue;
                }
                let hit = unsupported.iter().find(|one| dependencies.need(one.capability, caller, request));
                if let Some(Unsupported { why, seen, .. }) = hit {
                    let seen = seen.map(|seen| format!(" (observed: {seen})")).unwrap_or_default();
                    limits.0.insert((caller, request), format!("{why}{seen}"));
                }
            }
        }
        limits
    }

    /// No cell can be expressed, for this reason.
    #[must_use]
    pub fn all(scenario: &Scenario, why: &str) -> Self {
        let requests = 0..scenario.requests.len();
        let cells =
            (0..scenario.callers.len()).flat_map(|caller| requests.clone().map(move |request| (caller, request)));
        Self(cells.map(|cell| (cell, why.to_owned())).collect())
    }

    /// Why a cell cannot be expressed, by caller and request; `None`: it can.
    #[must_use]
    pub fn why(&self, caller: usize, request: usize) -> Option<&str> {
        self.0.get(&(caller, request)).map(String::as_str)
    }

    /// How many cells cannot be expressed.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Whether some cell can be asked for.
    #[must_use]
    pub fn leave_something(&self, scenario: &Scenario) -> bool {
        self.0.len() < scenario.callers.len() * scenario.requests.len()
    }
}

/// The option without the set-up calls that a backend which lacks this cannot be asked.
#[must_use]
pub fn reduced(unsupported: &[Unsupported], trial: &Trial) -> Trial {
    let mut trial = trial.clone();
    let home = trial.environment.account.clone();
    let left_out = |step: &Step| unsupported.iter().any(|one| one.capability.leaves_out(step, &home));
    trial.plan.calls.retain(|step| !left_out(step));
    trial
}

impl Capability {
    fn leaves_out(self, step: &Step, home: &str) -> bool {
        match self {
            Self::Accounts => step.account != home,
            Self::Ecs => step.call.service == "ecs",
            Self::Abac => step.call.operation == "PutBucketAbac" || step.call.service == "s3control",
            Self::LiteralVariable => has_literal_variable(&step.call),
            // Nobody asks for what only tasks use.
            Self::Running => ["ecs", "logs"].contains(&step.call.service),
            _ => false,
        }
    }
}

/// `${` in a document without a Version.
fn has_literal_variable(call: &ApiCall) -> bool {
    call.policy().is_some_and(|(_, document)| {
        document.get("Version").is_none_or(|version| version != "2012-10-17") && document.to_string().contains("${")
    })
}
