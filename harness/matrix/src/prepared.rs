//! A scenario that is ready: what each of its options does.

use std::path::PathBuf;
use std::sync::Arc;

use indexmap::IndexMap;
use policy::Kind;
use serde_json::Value;
use source::{Finding, Node, Sources};
use template::Stack;

use crate::call::ApiCall;
use crate::claim::Target;
use crate::directory::User;
use crate::names::Lookup;
use crate::plan::{Environment, Plan};
use crate::policies::OptionPolicy;
use crate::question::Question;
use crate::results::NotApplied;
use crate::scenario::{Binds, By, Captured, Needs, RequestKind, Scenario};
use crate::written::Written;

/// A scenario that is ready to be run or predicted.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// Its folder's name.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    /// The texts it was read from.
    pub sources: Sources,
    /// What there is to say about them, none of it an error.
    pub warnings: Vec<Finding>,
    /// The policies of its template as each option has them, each once.
    pub policies: Vec<(Kind, Node)>,
    /// The template's tree before any option changes it.
    pub template: Node,
    /// What its file says.
    pub scenario: Arc<Scenario>,
    /// What each option does, in file order.
    pub trials: Vec<Arc<Trial>>,
    pub(crate) not_applied: Vec<NotApplied>,
}

/// What one option does.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The account under test, and its region.
    pub environment: Environment,
    /// The template as the option has it, with what its transforms make.
    pub template: Node,
    /// What its account is made with.
    pub plan: Plan,
    /// What the template makes, as the option has it.
    pub stack: Stack,
    /// Who starts the tasks; `None`: the root user.
    pub(crate) launcher: Option<User>,
    pub(crate) broker: Option<Broker>,
    /// How each caller comes to its credentials, in file order.
    pub(crate) starts: Vec<Start>,
    /// What calls send for the names in them.
    pub(crate) names: Lookup,
    /// Users who act without being callers, by the names that the scenario has for them.
    pub(crate) hands: IndexMap<String, User>,
    /// The template's policies as the option has them.
    pub(crate) written: Vec<Written>,
    /// All its policies, as somebody would paste them.
    pub(crate) policies: Vec<OptionPolicy>,
    /// What the policy engine is asked, by request; `None` for a request that is made.
    pub(crate) questions: Vec<Option<Question>>,
    /// What each claim is about.
    pub(crate) claims: Vec<Target>,
}

/// Hands a caller that proves to be a task a session of a role.
#[derive(Clone, Debug)]
pub(crate) struct Broker {
    pub(crate) user: User,
    pub(crate) role_arn: String,
    pub(crate) copies: Vec<String>,
    pub(crate) session_policy: Option<Value>,
    /// ARN of the role whose sessions it takes for tasks.
    pub(crate) task_role: Option<String>,
    pub(crate) cluster: Option<String>,
    pub(crate) needs: Needs,
    pub(crate) binds: Option<Binds>,
}

/// How a caller comes to its credentials.
#[derive(Clone, Debug)]
pub(crate) enum Start {
    /// RunTask, after a revision of its own where it has one; with the role that its containers have.
    Task { register: Option<ApiCall>, run: ApiCall, role: Option<String>, through_broker: bool },
    /// A long-term key.
    User(User),
    /// AssumeRole, by an earlier or later caller or by a user; the session may be named after the task of another.
    Assume { by: By, call: ApiCall, named_after: Option<usize>, through_broker: bool },
    /// What another caller has signed, presented to the broker.
    Captured(Captured),
}

impl Start {
    /// Whether its credentials are an option's broker's, where there is one.
    pub(crate) const fn through_broker(&self) -> bool {
        match self {
            Self::User(_) => false,
            Self::Task { through_broker, .. } | Self::Assume { through_broker, .. } => *through_broker,
            Self::Captured(_) => true,
        }
    }
}

impl Prepared {
    /// The names of its options, in file order.
    pub fn options(&self) -> impl Iterator<Item = &str> + Clone {
        self.scenario.options.iter().map(|option| option.name.as_str())
    }

    /// The names of its callers, in file order.
    pub fn callers(&self) -> impl Iterator<Item = &str> + Clone {
        self.scenario.callers.iter().map(|caller| caller.name.as_str())
    }

    /// The names of its requests, in file order.
    pub fn requests(&self) -> impl Iterator<Item = &str> + Clone {
        self.scenario.requests.iter().map(|request| request.name.as_str())
    }

    /// How many cells it has.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.scenario.expectations.len()
    }
}

impl Trial {
    /// The names of the roles that tasks have.
    #[must_use]
    pub fn task_roles(&self) -> Vec<String> {
        let role = |start: &Start| match start {
            Start::Task { role: Some(arn), .. } => arn.rsplit('/').next().map(str::to_owned),
            _ => None,
        };
        self.starts.iter().filter_map(role).collect()
    }

    /// Whether a caller, by index, has its credentials from the option's broker.
    #[must_use]
    pub fn is_brokered(&self, caller: usize) -> bool {
        self.broker.is_some() && self.starts.get(caller).is_some_and(Start::through_broker)
    }

    /// Every call that it may make: those that set it up, those that callers are started by, and those of requests.
    #[must_use]
    pub fn calls(&self, scenario: &Scenario) -> Vec<ApiCall> {
        let requests = scenario.requests.iter().filter_map(|request| match &request.kind {
            RequestKind::Call { operation, input, .. } => {
                let input = self.names.input(operation, input);
                Some(ApiCall::new(operation.row.service(), operation.row.operation(), input))
            }
            RequestKind::Action(_) | RequestKind::Container { .. } => None,
        });
        let assumed = self.starts.iter().filter_map(|start| match start {
            Start::Assume { call, .. } => Some(call.clone()),
            _ => None,
        });
        let planned = self.plan.calls.iter().map(|step| step.call.clone());
        planned.chain(assumed).chain(requests).collect()
    }
}
