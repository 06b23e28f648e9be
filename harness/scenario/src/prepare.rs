//! From a scenario and its template to what each option does: pure, with every fault said at once.

mod named;

use std::path::PathBuf;
use std::sync::Arc;

use indexmap::IndexMap;
use policy::{Document, Kind};
use serde_json::{Value, json};
use source::{Entry, Finding, Node, Sources};
use template::resource::Properties;
use template::{Inputs, Stack};

use crate::api::{ApiCall, lower_tag_list, tag_list};
use crate::calls::Named;
use crate::directory::{Directory, User};
use crate::names::Lookup;
use crate::plan::{self, Place, Plan};
use crate::policies::{self, OptionPolicy};
use crate::question::{self, Desk, Question};
use crate::results::NotApplied;
use crate::scenario::{
    Assume, Binds, By, Caller, CallerKind, Captured, Needs, Request, RequestKind, Scenario, Task, TemplateFile, Variant,
};
use crate::statement;
use crate::written::{self, Written};
use named::{ABSENT, tasks_that_are_not_there};

/// The account that everything happens in.
pub(crate) const ACCOUNT: &str = "123456789012";
const REGION: &str = "us-east-1";
const STACK: &str = "scenario";

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
    pub(crate) scenario: Arc<Scenario>,
    pub(crate) trials: Vec<Arc<Trial>>,
    pub(crate) not_applied: Vec<NotApplied>,
    /// Values that only AWS knows, as far as the account is made with them.
    pub(crate) made_up: Vec<String>,
}

/// What one option does.
#[derive(Clone, Debug)]
pub(crate) struct Trial {
    pub(crate) place: Place,
    pub(crate) plan: Plan,
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
}

/// Hands whoever proves to be a task a session of a role.
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

    /// How many cells it has.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.scenario.expectations.len()
    }
}

/// Makes a scenario ready; gives it if there are no errors, and everything there is to say beside what has been said.
///
/// With errors said already, as much of it as could be read is looked at: everything is told in one round.
pub(crate) fn prepare(
    (name, folder): (String, PathBuf),
    scenario: Scenario,
    template: &Node,
    sources: Sources,
    said: Vec<Finding>,
) -> Result<Prepared, (Sources, Vec<Finding>)> {
    let (mut trials, mut not_applied, mut policies, mut made_up) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut findings = said;
    findings.extend(containers_of_others(&scenario));
    findings.extend(tasks_that_are_not_there(&scenario));
    let plain = [Variant::default()];
    let options = if scenario.options.is_empty() { &plain[..] } else { &scenario.options };
    for variant in options {
        let (lost, policies_of) = (Vec::new(), Vec::new());
        let mut stage = Stage { scenario: &scenario, variant, findings: Vec::new(), policies: policies_of, lost };
        if let Some((trial, left, values)) = stage.trial(template) {
            trials.push(Arc::new(trial));
            add_new(&mut not_applied, left);
            add_new(&mut made_up, values);
        }
        // Most of what is wrong with one option is wrong with all of them.
        let more = stage.findings.into_iter().filter(|one| !findings.iter().any(|known| is_same_name(known, one)));
        let more = more.collect();
        add_new(&mut findings, more);
        add_new(&mut policies, stage.policies);
    }
    if findings.iter().any(Finding::is_error) {
        // From top to bottom, the scenario first.
        findings.sort_by_key(|finding| (finding.span.file, finding.span.start));
        return Err((sources, findings));
    }
    let scenario = Arc::new(scenario);
    Ok(Prepared { name, folder, sources, warnings: findings, policies, scenario, trials, not_applied, made_up })
}

/// Only tasks have containers, and every request is made by every caller.
fn containers_of_others(scenario: &Scenario) -> Vec<Finding> {
    let other = scenario.callers.iter().find(|caller| !matches!(caller.kind, CallerKind::Task(_)));
    let Some(other) = other else { return Vec::new() };
    let refuse = |request: &Request| match request.kind {
        RequestKind::Container { span, .. } => {
            let (request, caller) = (&request.name, &other.name);
            let message = format!("request `{request}` is a container's command, and caller `{caller}` is not a task");
            let finding = Finding::error("CONTAINER_OF_NO_TASK", span, message);
            Some(finding.help("put the callers that are not tasks into a scenario of their own"))
        }
        RequestKind::Call { .. } | RequestKind::Action(_) => None,
    };
    scenario.requests.iter().filter_map(refuse).collect()
}

/// Whether two options lack what is named at one place.
fn is_same_name(one: &Finding, other: &Finding) -> bool {
    ABSENT.contains(&one.code) && (one.code, one.span) == (other.code, other.span)
}

fn add_new<T: PartialEq>(all: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !all.contains(&one) {
            all.push(one);
        }
    }
}

/// Pseudo parameters may be given like parameters.
fn inputs(file: &TemplateFile) -> Inputs {
    let pseudo = |name: &str| file.parameters.get(name).and_then(Node::text);
    let mut inputs = Inputs::new(
        pseudo("AWS::AccountId").unwrap_or(ACCOUNT),
        pseudo("AWS::Region").unwrap_or(REGION),
        pseudo("AWS::StackName").unwrap_or(STACK),
    );
    let own = file.parameters.iter().filter(|(name, _)| !name.starts_with("AWS::"));
    inputs.parameters =
        own.map(|(name, node)| Entry { key: name.clone(), key_span: node.span, value: node.clone() }).collect();
    inputs
}

/// One option on its way.
struct Stage<'a> {
    scenario: &'a Scenario,
    variant: &'a Variant,
    findings: Vec<Finding>,
    policies: Vec<(Kind, Node)>,
    /// Types of resources that an error in the template keeps from being there.
    lost: Vec<String>,
}

impl Stage<'_> {
    fn trial(&mut self, template: &Node) -> Option<(Trial, Vec<NotApplied>, Vec<String>)> {
        let mut tree = template.clone();
        self.change(&mut tree, template);
        let (read, findings) = template::read(&tree);
        self.findings.extend(findings);
        let inputs = inputs(&self.scenario.template);
        let (stack, findings) = template::resolve(&read?, &inputs);
        let findings: Vec<_> = findings.into_iter().filter_map(|finding| self.of_parameters(finding)).collect();
        self.findings.extend(findings);
        if self.findings.iter().any(Finding::is_error) {
            self.lost = lost(&tree, &stack);
        }
        self.check_policies(&stack);
        self.findings.extend(stack.lacking_policies());
        let place = Place { account: inputs.account, region: inputs.region, partition: inputs.partition };
        let directory = Directory { place: &place, stack: &stack, given: &self.variant.given };
        let launcher = self.variant.launcher.as_ref().and_then(|name| self.user(&directory, name));
        let broker = self.broker(&directory);
        let starts: Vec<_> = self.scenario.callers.iter().filter_map(|caller| self.start(&directory, caller)).collect();
        let (names, hands) = (self.names(&directory), self.hands(&directory));
        let given = self.given(&directory);
        let questions = self.questions(&place, &stack);
        if self.findings.iter().any(Finding::is_error) || starts.len() < self.scenario.callers.len() {
            return None;
        }
        let (plan, left) = plan::plan(&place, &stack, &given);
        let written = written::written(&place, &stack);
        let under_test = self.variant.under_test.as_ref().and_then(|one| statement::place(&tree, one));
        let policies = policies::policies(&place, &stack, &written, self.variant, under_test);
        let made_up = used(&stack, &plan);
        Some((
            Trial { place, plan, launcher, broker, starts, names, hands, written, policies, questions },
            left,
            made_up,
        ))
    }

    /// What is said of the template, with the form in which a scenario gives a parameter its value. If the scenario's
    /// `template` is faulty, that is what hides the value.
    fn of_parameters(&self, finding: Finding) -> Option<Finding> {
        if finding.code != "PARAMETER_WITHOUT_VALUE" {
            return Some(finding);
        }
        let TemplateFile { file, is_faulty, .. } = &self.scenario.template;
        let name = finding.message.split('`').nth(1).unwrap_or("NAME");
        let help = format!("give it in the scenario: `template: {{file: {file}, parameters: {{{name}: …}}}}`");
        (!is_faulty).then(|| finding.help(help))
    }

    /// What the policy engine is asked, by request.
    fn questions(&mut self, place: &Place, stack: &Stack) -> Vec<Option<Question>> {
        let asked = self.scenario.requests.iter().filter_map(|request| match &request.kind {
            RequestKind::Action(asked) => Some(asked),
            RequestKind::Call { .. } | RequestKind::Container { .. } => None,
        });
        let asked: Vec<_> = asked.collect();
        let mut desk = Desk::new(place, stack, &self.variant.given, (&self.scenario.callers, &asked));
        let question = |request: &Request| match &request.kind {
            RequestKind::Action(asked) => desk.question(asked),
            RequestKind::Call { .. } | RequestKind::Container { .. } => None,
        };
        let questions = self.scenario.requests.iter().map(question).collect();
        self.findings.append(&mut desk.findings);
        questions
    }

    /// The template as the option changes it: first the patches, then the condition.
    fn change(&mut self, tree: &mut Node, template: &Node) {
        for patch in [&self.scenario.patch, &self.variant.patch].into_iter().flatten() {
            self.findings.extend(template::patch::apply(tree, patch));
        }
        let Some(under_test) = &self.variant.under_test else { return };
        let changed = match &self.variant.condition {
            Some(condition) => statement::set_condition(tree, under_test, condition),
            // An option may take the statement away: then nothing of it is under test.
            None => statement::check(tree, under_test).or_else(|error| match statement::check(template, under_test) {
                Ok(()) => Ok(()),
                Err(_) => Err(error),
            }),
        };
        self.findings.extend(changed.err());
    }

    /// What IAM and S3 would refuse when the stack is made is said here, with its place.
    fn check_policies(&mut self, stack: &Stack) {
        let mut check = |node: &Node, kind| {
            self.findings.extend(Document::read(node, kind).1);
            self.policies.push((kind, node.clone()));
        };
        for resource in &stack.resources {
            let inline = match &resource.properties {
                Properties::Role(role) => {
                    check(&role.assume_role_policy_document, Kind::Trust);
                    &role.policies[..]
                }
                Properties::User(user) => &user.policies,
                Properties::Group(group) => &group.policies,
                Properties::ManagedPolicy(policy) => {
                    check(&policy.policy_document, Kind::Identity);
                    &[]
                }
                Properties::Policy(policy) => std::slice::from_ref(&policy.policy),
                Properties::RolePolicy(one) | Properties::UserPolicy(one) | Properties::GroupPolicy(one) => {
                    std::slice::from_ref(&one.policy)
                }
                Properties::BucketPolicy(policy) => {
                    check(&policy.policy_document, Kind::Resource);
                    &[]
                }
                _ => &[],
            };
            inline.iter().for_each(|policy| check(&policy.policy_document, Kind::Identity));
        }
        question::policies_of(stack).into_iter().for_each(|policy| check(policy, Kind::Resource));
    }

    fn broker(&mut self, directory: &Directory<'_>) -> Option<Broker> {
        let broker = self.variant.broker.as_ref()?;
        let (user, role) = (self.user(directory, &broker.user), self.role(directory, &broker.role));
        let task_role = broker.task_role.as_ref().map(|name| self.role(directory, name));
        let cluster = broker.cluster.as_ref().map(|name| self.sent(directory, Named::Cluster, name));
        Some(Broker {
            user: user?,
            role_arn: role?,
            copies: broker.copies.clone(),
            session_policy: broker.session_policy.clone(),
            task_role: all_or_none(task_role)?,
            cluster: all_or_none(cluster)?,
            needs: broker.needs.clone(),
            binds: broker.binds,
        })
    }

    fn start(&mut self, directory: &Directory<'_>, caller: &Caller) -> Option<Start> {
        match &caller.kind {
            CallerKind::Task(task) => self.task(directory, task),
            CallerKind::User(name) => self.user(directory, name).map(Start::User),
            CallerKind::Assume(assume) => {
                let arn = self.role(directory, &assume.role)?;
                let named_after = assume.session_name.as_deref().and_then(|name| self.scenario.task(name));
                let (by, call) = (assume.by.clone(), assume_role(&arn, &caller.name, assume));
                Some(Start::Assume { by, call, named_after, through_broker: assume.through_broker })
            }
            CallerKind::Captured(captured) => Some(Start::Captured(captured.clone())),
        }
    }

    /// A request that is a container's command needs that container in every task.
    fn check_containers(&mut self, task: &Task, definition: &Value) {
        let containers = definition["containerDefinitions"].as_array().into_iter().flatten();
        let known: Vec<&str> = containers.filter_map(|container| container["name"].as_str()).collect();
        for request in &self.scenario.requests {
            let RequestKind::Container { name, span } = &request.kind else { continue };
            if !known.contains(&name.as_str()) {
                let message = format!("task definition `{}` has no container `{name}`", task.definition);
                let finding = Finding::error("UNKNOWN_CONTAINER", *span, message);
                self.findings.push(finding.suggest_among(name, known.iter().copied()));
            }
        }
    }

    fn task(&mut self, directory: &Directory<'_>, task: &Task) -> Option<Start> {
        let cluster = task.cluster.as_ref().map(|name| self.sent(directory, Named::Cluster, name));
        let Some((arn, definition)) = directory.task_definition(&task.definition.text) else {
            self.absent(Named::TaskDefinition.into(), &task.definition, &directory.known(Named::TaskDefinition));
            return None;
        };
        self.check_containers(task, &definition.request);
        let register =
            (!task.definition_tags.is_empty()).then(|| plan::another_revision(definition, &task.definition_tags));
        let role = definition.request["taskRoleArn"].as_str().map(str::to_owned);
        let run = run_task(arn, &definition.request, task, all_or_none(cluster)?);
        Some(Start::Task { register, run, role, through_broker: task.through_broker })
    }
}

/// `Some(None)` for what was not asked for, `None` for what was not found.
fn all_or_none<T>(found: Option<Option<T>>) -> Option<Option<T>> {
    found.map_or(Some(None), |found| found.map(Some))
}

/// The values that only AWS knows and that the account is made with; others make no difference.
fn used(stack: &Stack, plan: &Plan) -> Vec<String> {
    let inputs: Vec<String> = plan.calls.iter().map(|step| step.call.input.to_string()).collect();
    let is_used = |value: &&template::MadeUp| inputs.iter().any(|input| input.contains(&value.value));
    stack.made_up.iter().filter(is_used).map(|value| value.what.clone()).collect()
}

/// The types of resources that a template declares and that did not come to be.
fn lost(template: &Node, stack: &Stack) -> Vec<String> {
    let declared = template.get("Resources").map(Node::entries).unwrap_or_default().iter();
    let is_there = |id: &str| stack.resources.iter().any(|resource| resource.logical_id == id);
    let lost = declared.filter(|entry| !is_there(&entry.key));
    lost.filter_map(|entry| entry.value.get("Type")?.text().map(str::to_owned)).collect()
}

/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
fn run_task(arn: &str, definition: &Value, task: &Task, cluster: Option<String>) -> ApiCall {
    let mut input = json!({"taskDefinition": arn});
    let fargate = definition["requiresCompatibilities"].as_array().is_some_and(|list| list.contains(&json!("FARGATE")));
    if fargate {
        input["launchType"] = json!("FARGATE");
    }
    // A task in awsvpc mode must be told its subnets; which ones makes no difference to anything here.
    if definition["networkMode"] == "awsvpc" {
        input["networkConfiguration"] = json!({"awsvpcConfiguration": {"subnets": ["subnet-0123456789abcdef0"]}});
    }
    if let Some(cluster) = cluster {
        input["cluster"] = json!(cluster);
    }
    if !task.tags.is_empty() {
        input["tags"] = lower_tag_list(&task.tags);
    }
    if task.propagate_tags {
        input["propagateTags"] = json!("TASK_DEFINITION");
    }
    if task.managed_tags {
        input["enableECSManagedTags"] = json!(true);
    }
    ApiCall::new("ecs", "RunTask", input)
}

fn assume_role(arn: &str, caller: &str, assume: &Assume) -> ApiCall {
    // A session's name has at least two characters.
    let name = assume.session_name.clone().unwrap_or_else(|| format!("{caller:->2}"));
    let mut input = json!({"RoleArn": arn, "RoleSessionName": name});
    if !assume.session_tags.is_empty() {
        input["Tags"] = tag_list(&assume.session_tags);
    }
    if !assume.transitive.is_empty() {
        input["TransitiveTagKeys"] = json!(assume.transitive);
    }
    let optional = [
        ("SourceIdentity", assume.source_identity.clone()),
        ("ExternalId", assume.external_id.clone()),
        ("Policy", assume.session_policy.as_ref().map(Value::to_string)),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            input[name] = json!(value);
        }
    }
    ApiCall::new("sts", "AssumeRole", input)
}
