//! Who asks, and how they come to their credentials.

use serde_json::Value;

use super::{Name, Step, Tags};

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// Its name.
    pub(crate) name: String,
    /// What it is.
    pub(crate) kind: CallerKind,
}

/// What a caller is.
#[derive(Clone, Debug)]
pub(crate) enum CallerKind {
    /// A task.
    Task(Task),
    /// A user with a long-term key.
    User(Name),
    /// A role session.
    Assume(Assume),
    /// Somebody who presents what another caller has signed.
    Captured(Captured),
}

/// A task to run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Task {
    /// Logical id of its task definition.
    pub(crate) definition: Name,
    /// Tags that RunTask passes.
    pub(crate) tags: Tags,
    /// RunTask's `propagateTags: TASK_DEFINITION`.
    pub(crate) propagate_tags: bool,
    /// RunTask's `enableECSManagedTags`.
    pub(crate) managed_tags: bool,
    /// Tags of a revision of the task definition that is registered for this caller alone.
    pub(crate) definition_tags: Tags,
    /// The cluster it runs in; `None`: the default one.
    pub(crate) cluster: Option<Name>,
    /// Whether it asks an option's broker for its credentials.
    pub(crate) through_broker: bool,
    /// Calls that are made once it runs, before it asks the broker.
    pub(crate) before: Vec<Step>,
}

/// A role to assume.
#[derive(Clone, Debug)]
pub(crate) struct Assume {
    /// A logical id, a name or an ARN.
    pub(crate) role: Name,
    /// Who assumes it.
    pub(crate) by: By,
    /// Session tags.
    pub(crate) session_tags: Tags,
    /// Which of them pass on.
    pub(crate) transitive: Vec<String>,
    /// `SourceIdentity`.
    pub(crate) source_identity: Option<String>,
    /// `ExternalId`.
    pub(crate) external_id: Option<String>,
    /// The inline session policy.
    pub(crate) session_policy: Option<Value>,
    /// `RoleSessionName`; the name of a task caller stands for its task's id. `None`: the caller's own name.
    pub(crate) session_name: Option<String>,
    /// Whether it asks an option's broker for other credentials.
    pub(crate) through_broker: bool,
}

/// Who makes a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// A caller: index into [`Scenario::callers`].
    Caller(usize),
    /// A user who is no column of the matrix.
    User(Name),
}

impl By {
    /// The caller, if it is one.
    pub(crate) const fn caller(&self) -> Option<usize> {
        match self {
            Self::Caller(at) => Some(*at),
            Self::User(_) => None,
        }
    }
}

/// A signed request that somebody got hold of.
#[derive(Clone, Debug)]
pub(crate) struct Captured {
    /// The caller who has signed it: index into [`Scenario::callers`].
    pub(crate) of: usize,
    /// Whom it was signed for.
    pub(crate) signed_for: SignedFor,
}

/// Whom a captured request was signed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignedFor {
    /// The broker itself, in another conversation.
    Broker,
    /// Another service that takes such requests.
    Elsewhere,
}

impl Caller {
    /// The callers that must be there before this one can be started, itself among them if that cannot be.
    pub(crate) fn needs(&self, callers: &[Self]) -> Vec<usize> {
        let task = |name: &str| task(callers, name);
        match &self.kind {
            CallerKind::User(_) => Vec::new(),
            CallerKind::Captured(captured) => vec![captured.of],
            CallerKind::Assume(assume) => {
                assume.by.caller().into_iter().chain(assume.session_name.as_deref().and_then(task)).collect()
            }
            // The task itself runs by then, and signs with what its role gives.
            CallerKind::Task(own) => {
                let needs = |step: &Step| {
                    let by = step.by.as_ref().and_then(By::caller);
                    step.tasks().filter_map(task).chain(by).collect::<Vec<_>>()
                };
                let others = |at: &usize| callers[*at].name != self.name;
                own.before.iter().flat_map(needs).filter(others).collect()
            }
        }
    }
}

/// The task caller of that name.
pub(super) fn task(callers: &[Caller], name: &str) -> Option<usize> {
    callers.iter().position(|caller| caller.name == name && matches!(caller.kind, CallerKind::Task(_)))
}
