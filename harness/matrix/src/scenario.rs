//! A scenario as its file gives it, checked.

mod caller;
mod claim;
mod given;

use catalog::Action;
use indexmap::IndexMap;
use policy::ContextValue;
use serde_json::Value;
use source::{Entry, Node, Span};

use crate::operations::{MemberKind, NamedResource, ScenarioOperation};
use crate::results::Expectation;
use caller::task;
pub(crate) use caller::{Assume, By, Caller, CallerKind, Captured, SignedFor, Task};
pub(crate) use claim::{Claim, ClaimExpectation, SessionTags};
pub(crate) use given::{Bucket, Control, Endpoint, Given, Holdings, Levels, Object, Organization, Principal, Resource};

/// A name → value pairs in file order; tags, mostly.
pub(crate) type Tags = IndexMap<String, String>;

/// A name of something in the account, as written: its own name, its logical id, or `!Ref` with a logical id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Name {
    /// `ReportsBucket`, `!Ref ReportsBucket`
    pub(crate) text: String,
    /// Where it stands.
    pub(crate) span: Span,
}

impl std::fmt::Display for Name {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}", self.text)
    }
}

/// What one scenario file says.
#[derive(Clone, Debug, Default)]
pub struct Scenario {
    /// What it shows.
    pub(crate) title: String,
    /// Where it comes from.
    pub(crate) source: Option<String>,
    /// The template it tests.
    pub(crate) template: TemplateFile,
    /// A JSON Patch on the template for all options, as written.
    pub(crate) patch: Option<Node>,
    /// What that changes, one line each, for reports.
    pub(crate) changes: Vec<String>,
    /// The rows.
    pub(crate) options: Vec<Variant>,
    /// Who asks.
    pub(crate) callers: Vec<Caller>,
    /// What is asked.
    pub(crate) requests: Vec<Request>,
    /// What each cell must give: options outermost, then callers, then requests.
    pub(crate) expectations: Vec<Expectation>,
    /// What is claimed of every request.
    pub(crate) claims: Vec<Claim>,
}

impl Scenario {
    /// What a cell must give, by option, caller and request.
    ///
    /// # Panics
    /// There is no such cell.
    #[must_use]
    pub fn expectation(&self, option: usize, caller: usize, request: usize) -> &Expectation {
        &self.expectations[(option * self.callers.len() + caller) * self.requests.len() + request]
    }

    /// What reports call somebody who makes a call.
    pub(crate) fn name_of<'a>(&'a self, by: &'a By) -> &'a str {
        match by {
            By::Caller(at) => &self.callers[*at].name,
            By::User(name) => &name.text,
        }
    }

    /// Every call that is made for the scenario: its requests, and what comes before them and before its tasks.
    pub(crate) fn calls(&self) -> impl Iterator<Item = (&'static ScenarioOperation, &Value, &Names)> {
        let requests = self.requests.iter().filter_map(|request| match &request.kind {
            RequestKind::Call { operation, input, names } => Some((*operation, input, names)),
            RequestKind::Action(_) | RequestKind::Container { .. } => None,
        });
        requests.chain(self.steps().map(|step| (step.operation, &step.input, &step.names)))
    }

    /// Every call that is made before something else.
    pub(crate) fn steps(&self) -> impl Iterator<Item = &Step> {
        let of_tasks = self.callers.iter().filter_map(|caller| match &caller.kind {
            CallerKind::Task(task) => Some(&task.before),
            _ => None,
        });
        self.requests.iter().map(|request| &request.before).chain(of_tasks).flatten()
    }

    /// The task caller of that name: index into its callers.
    pub(crate) fn task(&self, name: &str) -> Option<usize> {
        task(&self.callers, name)
    }
}

/// A template file with values for its parameters.
#[derive(Clone, Debug, Default)]
pub(crate) struct TemplateFile {
    /// Path of a template or of a folder that the CDK has synthesised, relative to the scenario's folder.
    pub(crate) file: String,
    /// Where the path stands.
    pub(crate) span: Span,
    /// The stack of a folder of the CDK's.
    pub(crate) stack: Option<Name>,
    /// Values for parameters, `AWS::Region` and the other pseudo parameters among them.
    pub(crate) parameters: IndexMap<String, Node>,
    /// What other stacks export, each with its name.
    pub(crate) imports: Vec<Entry>,
    /// Whether there are errors here: what they hide is not missing.
    pub(crate) is_faulty: bool,
}

/// One way to write the policy: an option of the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Variant {
    /// Its name.
    pub(crate) name: String,
    /// The statement under test: the option's own or the scenario's.
    pub(crate) under_test: Option<UnderTest>,
    /// The Condition of the statement under test; `None`: it has none.
    pub(crate) condition: Option<Node>,
    /// A JSON Patch on the template, as written.
    pub(crate) patch: Option<Node>,
    /// The state outside the template: the scenario's with the option's merged over it.
    pub(crate) given: Given,
    /// The user who starts the tasks; `None`: the account's root user.
    pub(crate) launcher: Option<Name>,
    /// Who gives tasks their credentials, if not ECS.
    pub(crate) broker: Option<Broker>,
    /// What it changes, one line each, for reports.
    pub(crate) changes: Vec<String>,
}

/// Which statement is under test.
#[derive(Clone, Debug)]
pub(crate) struct UnderTest {
    /// As written: `LogicalId/PolicyName/SidOrIndex`.
    pub(crate) text: String,
    /// Where that stands.
    pub(crate) span: Span,
}

impl UnderTest {
    /// The nested stack that the statement is in, and the statement there: `Outer.Inner.Role/Read/1`.
    pub(crate) fn nested(&self) -> Option<(&str, Self)> {
        let id = self.text.split('/').next().unwrap_or_default();
        let (stack, _) = id.rsplit_once('.')?;
        let text = self.text.get(stack.len() + 1..)?.to_owned();
        Some((stack, Self { text, span: self.span }))
    }
}

/// Hands a session of a role to a caller that proves to be a task, by a signed sts:GetCallerIdentity.
#[derive(Clone, Debug)]
pub(crate) struct Broker {
    /// The user who looks at the task and assumes the role.
    pub(crate) user: Name,
    /// The role: a logical id, a name or an ARN.
    pub(crate) role: Name,
    /// The task tags that become session tags.
    pub(crate) copies: Vec<String>,
    /// The session policy.
    pub(crate) session_policy: Option<Value>,
    /// The role whose sessions it takes for tasks; `None`: any role's.
    pub(crate) task_role: Option<Name>,
    /// The cluster that it looks for the task in; `None`: the default one.
    pub(crate) cluster: Option<Name>,
    /// What it demands of the task.
    pub(crate) needs: Needs,
    /// What the signed request must hold; `None`: any will do.
    pub(crate) binds: Option<Binds>,
}

/// What ecs:DescribeTasks must say of a task.
#[derive(Clone, Debug, Default)]
pub(crate) struct Needs {
    /// Tags that the task must have.
    pub(crate) tags: Tags,
    /// Its `lastStatus`.
    pub(crate) last_status: Option<String>,
}

/// What ties a signed request to the one whom it was signed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binds {
    /// A header inside the signature holds what the broker has just given out for this conversation.
    Nonce,
    /// A header inside the signature names the broker.
    Audience,
    /// A header names the broker, whether the signature covers it or not.
    UnsignedAudience,
}

/// A call that is made before something else.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// Who makes it; `None`: the account's root user.
    pub(crate) by: Option<By>,
    /// The operation.
    pub(crate) operation: &'static ScenarioOperation,
    /// Its parameters in AWS's member names.
    pub(crate) input: Value,
    /// What of them are names.
    pub(crate) names: Names,
}

/// The names in a call, each with what it names; a task by `None`.
pub(crate) type Names = Vec<(Option<NamedResource>, Name)>;

impl Step {
    /// What stands where the call names tasks: names of task callers, or ARNs.
    pub(crate) fn tasks(&self) -> impl Iterator<Item = &str> {
        let members = self.operation.members.iter().filter(|member| {
            matches!(member.kind, MemberKind::Task | MemberKind::Tasks | MemberKind::Name(NamedResource::Taggable))
        });
        members.flat_map(|member| {
            let value = &self.input[member.name];
            value.as_array().into_iter().flatten().chain(std::iter::once(value)).filter_map(Value::as_str)
        })
    }
}

/// What is asked.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// Its name.
    pub(crate) name: String,
    /// Calls that are made first.
    pub(crate) before: Vec<Step>,
    /// What it is.
    pub(crate) kind: RequestKind,
}

/// What a request is.
#[derive(Clone, Debug)]
pub(crate) enum RequestKind {
    /// An AWS API call.
    Call {
        /// The operation.
        operation: &'static ScenarioOperation,
        /// Its parameters in AWS's member names.
        input: Value,
        /// What of them are names.
        names: Names,
    },
    /// An action that nobody carries out: the policy engine decides.
    Action(ActionRequest),
    /// The command of a container of the calling task.
    Container {
        /// The container's name.
        name: String,
        /// Where it stands.
        span: Span,
    },
}

/// A question to the policy engine.
#[derive(Clone, Debug)]
pub(crate) struct ActionRequest {
    /// The action.
    pub(crate) action: Action,
    /// The resource: an ARN, `*`, or a logical id of the template.
    pub(crate) resource: String,
    /// Where that stands.
    pub(crate) span: Span,
    /// The condition keys of the request, each with its place.
    pub(crate) context: Vec<(String, ContextValue, Span)>,
}
