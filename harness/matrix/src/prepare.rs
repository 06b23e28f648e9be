//! From a scenario and its template to what each option does: pure, with every fault said at once.

mod named;
mod start;

use std::path::PathBuf;
use std::sync::Arc;

use policy::{Document, Kind};
use source::{Entry, Finding, Node, Sources};
use template::resource::Properties;
use template::{Inputs, Stack};

use crate::directory::Directory;
use crate::plan::{self, Environment, Plan};
use crate::policies;
use crate::prepared::{Prepared, Trial};
use crate::question::{self, Question, QuestionBuilder};
use crate::results::NotApplied;
use crate::scenario::{CallerKind, Request, RequestKind, Scenario, TemplateFile, Variant};
use crate::statement;
use crate::written;
use named::{ABSENT, tasks_that_are_not_there};

/// The account that everything happens in.
const ACCOUNT: &str = "123456789012";
const REGION: &str = "us-east-1";
const STACK: &str = "scenario";

/// Makes a scenario ready; gives it if there are no errors, and everything there is to say beside what has been said.
///
/// With errors said already, as much of it as could be read is looked at: everything is told in one round.
pub(crate) fn prepare(
    name: String,
    folder: PathBuf,
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
        let mut stage = OptionDraft { scenario: &scenario, variant, findings: Vec::new(), policies: policies_of, lost };
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
struct OptionDraft<'a> {
    scenario: &'a Scenario,
    variant: &'a Variant,
    findings: Vec<Finding>,
    policies: Vec<(Kind, Node)>,
    /// Types of resources that an error in the template keeps from being there.
    lost: Vec<String>,
}

impl OptionDraft<'_> {
    fn trial(&mut self, template: &Node) -> Option<(Trial, Vec<NotApplied>, Vec<String>)> {
        let mut tree = template.clone();
        self.change(&mut tree, template);
        let inputs = inputs(&self.scenario.template);
        let (transformed, findings) = template::sam::transform(&tree, &inputs);
        self.findings.extend(findings);
        let (read, findings) = template::read(&transformed);
        self.findings.extend(findings);
        let (stack, findings) = template::resolve(&read?, &inputs);
        let findings: Vec<_> = findings.into_iter().filter_map(|finding| self.of_parameters(finding)).collect();
        self.findings.extend(findings);
        if self.findings.iter().any(Finding::is_error) {
            self.lost = lost(&transformed, &stack);
        }
        self.check_policies(&stack);
        self.findings.extend(stack.lacking_policies());
        let environment = Environment { account: inputs.account, region: inputs.region, partition: inputs.partition };
        let directory = Directory { environment: &environment, stack: &stack, given: &self.variant.given };
        let launcher = self.variant.launcher.as_ref().and_then(|name| self.user(&directory, name));
        let broker = self.broker(&directory);
        let starts: Vec<_> = self.scenario.callers.iter().filter_map(|caller| self.start(&directory, caller)).collect();
        let (names, hands) = (self.names(&directory), self.hands(&directory));
        let given = self.given(&directory);
        let questions = self.questions(&environment, &stack);
        if self.findings.iter().any(Finding::is_error) || starts.len() < self.scenario.callers.len() {
            return None;
        }
        let (plan, left) = plan::plan(&environment, &stack, &given);
        let written = written::written(&environment, &stack);
        let under_test = self.variant.under_test.as_ref().and_then(|one| statement::span(&tree, one));
        let policies = policies::policies(&environment, &stack, &written, self.variant, under_test);
        let made_up = used(&stack, &plan);
        Some((
            Trial { environment, plan, launcher, broker, starts, names, hands, written, policies, questions },
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
    fn questions(&mut self, environment: &Environment, stack: &Stack) -> Vec<Option<Question>> {
        let asked = self.scenario.requests.iter().filter_map(|request| match &request.kind {
            RequestKind::Action(asked) => Some(asked),
            RequestKind::Call { .. } | RequestKind::Container { .. } => None,
        });
        let asked: Vec<_> = asked.collect();
        let mut builder = QuestionBuilder::new(environment, stack, &self.variant.given, &self.scenario.callers, &asked);
        let question = |request: &Request| match &request.kind {
            RequestKind::Action(asked) => builder.question(asked),
            RequestKind::Call { .. } | RequestKind::Container { .. } => None,
        };
        let questions = self.scenario.requests.iter().map(question).collect();
        self.findings.append(&mut builder.findings);
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
