//! From a scenario and its template to what each option does: pure, with every fault said at once.

mod claims;
mod named;
mod start;

use std::path::PathBuf;
use std::sync::Arc;

use policy::{Document, Kind};
use source::{Entry, Finding, Node, Sources, Span, Value};
use template::resource::Properties;
use template::{Inputs, Stack, terraform};

use crate::claim::Target;
use crate::deployment::Deployment;
use crate::directory::Directory;
use crate::file::scalar;
use crate::plan::{self, Environment};
use crate::policies;
use crate::prepared::{Prepared, Trial};
use crate::question::{self, Question, QuestionBuilder};
use crate::results::NotApplied;
use crate::scenario::{CallerKind, Request, RequestKind, Scenario, TemplateFile, UnderTest, Variant};
use crate::statement;
use crate::written;
use named::{ABSENT, tasks_that_are_not_there};

/// The name of a stack that has none.
const STACK: &str = "scenario";

/// Makes a scenario ready; gives it if there are no errors, and everything there is to say beside what has been said.
///
/// With errors said already, as much of it as could be read is looked at: everything is told in one round.
pub(crate) fn prepare(
    name: String,
    folder: PathBuf,
    scenario: Scenario,
    deployment: &Deployment,
    sources: Sources,
    said: Vec<Finding>,
) -> Result<Prepared, (Sources, Vec<Finding>)> {
    let (mut trials, mut not_applied, mut policies) = (Vec::new(), Vec::new(), Vec::new());
    let mut findings = said;
    findings.extend(containers_of_others(&scenario));
    findings.extend(tasks_that_are_not_there(&scenario));
    let inputs = inputs(&scenario.template, deployment);
    let plain = [Variant::default()];
    let options = if scenario.options.is_empty() { &plain[..] } else { &scenario.options };
    for variant in options {
        let (lost, policies_of) = (Vec::new(), Vec::new());
        let mut stage = OptionDraft { scenario: &scenario, variant, findings: Vec::new(), policies: policies_of, lost };
        if let Some((trial, left)) = stage.trial(deployment, &inputs) {
            trials.push(Arc::new(trial));
            add_new(&mut not_applied, left);
        }
        // Most of what is wrong with one option is wrong with all of them.
        let found = stage.findings.into_iter().map(|finding| terraform::placed(&deployment.tree, finding));
        let more = found.filter(|one| !findings.iter().any(|known| is_same_name(known, one)));
        let more = more.collect();
        add_new(&mut findings, more);
        add_new(&mut policies, stage.policies);
    }
    findings = findings.into_iter().map(|finding| deployment.placed(finding)).collect();
    if findings.iter().any(Finding::is_error) {
        // From top to bottom, the scenario first.
        findings.sort_by_key(|finding| (finding.span.file, finding.span.start));
        return Err((sources, findings));
    }
    let scenario = Arc::new(scenario);
    let template = deployment.tree.clone();
    Ok(Prepared { name, folder, sources, warnings: findings, policies, template, scenario, trials, not_applied })
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

/// Pseudo parameters may be given like parameters. What the scenario gives comes before what the CDK has noted.
fn inputs(file: &TemplateFile, deployment: &Deployment) -> Inputs {
    let pseudo = |name: &str| file.parameters.get(name).and_then(Node::text);
    let [account, region, name] = ["AWS::AccountId", "AWS::Region", "AWS::StackName"].map(pseudo);
    let mut inputs = deployment.inputs(account, region, name, STACK);
    let own = file.parameters.iter().filter(|(name, _)| !name.starts_with("AWS::"));
    let own = own.map(|(name, node)| Entry { key: name.clone(), key_span: node.span, value: node.clone() });
    // The first of a name counts.
    inputs.parameters = own.chain(inputs.parameters).collect();
    inputs.imports = file.imports.iter().cloned().chain(inputs.imports).collect();
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
    fn trial(&mut self, deployment: &Deployment, inputs: &Inputs) -> Option<(Trial, Vec<NotApplied>)> {
        let mut inputs = inputs.clone();
        inputs.files = deployment.files(&self.variant.given.templates);
        let (tree, under_test) = self.tree(&deployment.tree, &mut inputs);
        let (read, findings) = template::read(&tree);
        self.findings.extend(findings);
        let (mut stack, findings) = template::resolve(&read?, &inputs);
        let findings: Vec<_> = findings.into_iter().filter_map(|finding| self.of_parameters(finding)).collect();
        self.findings.extend(findings);
        if self.findings.iter().any(Finding::is_error) {
            self.lost = lost(&tree, &stack);
        }
        self.check_policies(&stack);
        self.findings.extend(stack.lacking_policies());
        for left in &mut stack.not_applied {
            let path = deployment.construct_at(left.span);
            left.why.extend(path.map(|path| format!(" (construct `{path}`)")));
        }
        let environment = Environment { account: inputs.account, region: inputs.region, partition: inputs.partition };
        let directory = Directory { environment: &environment, stack: &stack, given: &self.variant.given };
        let launcher = self.variant.launcher.as_ref().and_then(|name| self.user(&directory, name));
        let broker = self.broker(&directory);
        let starts: Vec<_> = self.scenario.callers.iter().filter_map(|caller| self.start(&directory, caller)).collect();
        let (names, hands) = (self.names(&directory), self.hands(&directory));
        let given = self.given(&directory);
        let (questions, claims) = self.questions(&directory);
        if self.findings.iter().any(Finding::is_error) || starts.len() < self.scenario.callers.len() {
            return None;
        }
        let (plan, left) = plan::plan(&environment, &stack, &given);
        let written = written::written(&environment, &stack);
        let policies = policies::policies(&environment, &stack, &written, self.variant, under_test);
        Some((
            Trial {
                environment,
                template: tree,
                plan,
                stack,
                launcher,
                broker,
                starts,
                names,
                hands,
                written,
                policies,
                questions,
                claims,
            },
            left,
        ))
    }

    /// What is said of the template, with the form in which a scenario gives a parameter or an export its value. If the
    /// scenario's `template` is faulty, that is what hides the value.
    fn of_parameters(&self, finding: Finding) -> Option<Finding> {
        let key = match finding.code {
            template::PARAMETER_WITHOUT_VALUE => "parameters",
            "UNKNOWN_EXPORT" if finding.help.as_deref().is_some_and(|help| help.starts_with("give ")) => "imports",
            _ => return Some(finding),
        };
        let TemplateFile { file, is_faulty, .. } = &self.scenario.template;
        let (file, name) = (scalar(file), scalar(finding.about.as_deref().unwrap_or("NAME")));
        let help = format!("give it in the scenario: `template: {{file: {file}, {key}: {{{name}: …}}}}`");
        (!is_faulty).then(|| finding.help(help))
    }

    /// What the policy engine is asked, by request, and what the claims are about.
    fn questions(&mut self, directory: &Directory<'_>) -> (Vec<Option<Question>>, Vec<Target>) {
        let asked = self.scenario.requests.iter().filter_map(|request| match &request.kind {
            RequestKind::Action(asked) => Some(asked),
            RequestKind::Call { .. } | RequestKind::Container { .. } => None,
        });
        let asked: Vec<_> = asked.collect();
        let Directory { environment, stack, given } = *directory;
        let mut builder = QuestionBuilder::new(environment, stack, given, &self.scenario.callers, &asked);
        let question = |request: &Request| match &request.kind {
            RequestKind::Action(asked) => builder.question(asked),
            RequestKind::Call { .. } | RequestKind::Container { .. } => None,
        };
        let questions = self.scenario.requests.iter().map(question).collect();
        let claims = self.targets(directory, &mut builder);
        self.findings.append(&mut builder.findings);
        (questions, claims)
    }

    /// The template as the option changes it, with the place of the statement under test: first the patches, on the template as
    /// it is written, then the condition, on what comes of it when its loops, includes and macros are applied. What a patch says
    /// of resources that only then are there, or that are a nested stack's, is done then.
    fn tree(&mut self, template: &Node, inputs: &mut Inputs) -> (Node, Option<Span>) {
        let mut tree = template.clone();
        let mut of_others = Vec::new();
        for patch in [&self.scenario.patch, &self.variant.patch].into_iter().flatten() {
            let (patch, others) = template::patch::by_resource(patch, &tree);
            self.findings.extend(template::patch::apply(&mut tree, &patch));
            of_others.extend(others);
        }
        let (mut tree, findings) = template::ready(&tree, inputs);
        self.findings.extend(findings);
        for (id, operation) in of_others {
            let findings = patch_made(&mut tree, &id, &operation, inputs);
            self.findings.extend(findings);
        }
        let Some(under_test) = &self.variant.under_test else { return (tree, None) };
        let is_there = |id: &str| tree.get("Resources").is_some_and(|resources| resources.get(id).is_some());
        let nested = under_test.nested().filter(|(stack, _)| stack.split('.').next().is_some_and(is_there));
        let changed = match nested {
            Some((stack, inner)) => self.nested(&tree, stack, &inner, inputs),
            None => self.under_test(&mut tree, under_test, || template::ready(template, inputs).0),
        };
        let span = changed.map_err(|finding| self.findings.push(finding)).ok().flatten();
        (tree, span)
    }

    /// Puts the condition into a tree; gives the place of the statement.
    fn under_test(
        &self,
        tree: &mut Node,
        under_test: &UnderTest,
        written: impl FnOnce() -> Node,
    ) -> Result<Option<Span>, Finding> {
        match &self.variant.condition {
            Some(condition) => statement::set_condition(tree, under_test, condition)?,
            // An option may take the statement away: then nothing of it is under test.
            None => statement::check(tree, under_test)
                .or_else(|error| statement::check(&written(), under_test).map_err(|_| error))?,
        }
        Ok(statement::span(tree, under_test))
    }

    /// The same in the template of a nested stack, as it is written.
    fn nested(
        &self,
        tree: &Node,
        stack: &str,
        inner: &UnderTest,
        inputs: &mut Inputs,
    ) -> Result<Option<Span>, Finding> {
        let Some(mut nested) = template::nested_template(tree, stack, inputs) else {
            let message = format!("the template of the nested stack `{stack}` is not at hand");
            let help = format!("give it: `given: {{templates: {{{stack}: PATH}}}}`");
            return Err(Finding::error("NO_STATEMENT", inner.span, message).help(help));
        };
        let span = self.under_test(&mut nested, inner, || tree.clone())?;
        Arc::make_mut(&mut inputs.files).give(stack, nested);
        Ok(span)
    }

    /// What IAM and S3 would refuse when the stack is made is said here, with its place.
    fn check_policies(&mut self, stack: &Stack) {
        let mut check = |node: &Node, kind| {
            // Of a value that could not be worked out the reason was told.
            let broken = nulls(node);
            let findings = Document::read(node, kind).1.into_iter();
            self.findings.extend(findings.filter(|finding| !broken.contains(&finding.span)));
            self.policies.push((kind, node.clone()));
        };
        for resource in stack.resources.iter().chain(&stack.elsewhere) {
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
        question::policies_of(&stack.resources).into_iter().for_each(|policy| check(policy, Kind::Resource));
        question::policies_of(&stack.elsewhere).into_iter().for_each(|policy| check(policy, Kind::Resource));
    }
}

/// Changes a resource that a transform has made, or one of a nested stack: `Nested.Role`.
fn patch_made(tree: &mut Node, id: &str, operation: &Node, inputs: &mut Inputs) -> Vec<Finding> {
    let is_there = |id: &str| tree.get("Resources").is_some_and(|resources| resources.get(id).is_some());
    let nested =
        id.rsplit_once('.').filter(|(stack, _)| !is_there(id) && stack.split('.').next().is_some_and(is_there));
    let in_nested =
        nested.and_then(|(stack, inner)| Some((stack, inner, template::nested_template(tree, stack, inputs)?)));
    let Some((stack, inner, mut nested)) = in_nested else {
        return template::patch::apply(tree, &template::patch::about(operation, id, id));
    };
    let findings = template::patch::apply(&mut nested, &template::patch::about(operation, id, inner));
    Arc::make_mut(&mut inputs.files).give(stack, nested);
    findings
}

/// The places of the nulls in a tree.
fn nulls(tree: &Node) -> Vec<Span> {
    let mut open = vec![tree];
    let mut nulls = Vec::new();
    while let Some(node) = open.pop() {
        if node.value == Value::Null {
            nulls.push(node.span);
        }
        open.extend(node.items());
        open.extend(node.entries().iter().map(|entry| &entry.value));
    }
    nulls
}

/// The types of resources that a template declares and that did not come to be.
fn lost(template: &Node, stack: &Stack) -> Vec<String> {
    let declared = template.get("Resources").map(Node::entries).unwrap_or_default().iter();
    let is_there = |id: &str| stack.resources.iter().any(|resource| resource.logical_id == id);
    let lost = declared.filter(|entry| !is_there(&entry.key));
    lost.filter_map(|entry| entry.value.get("Type")?.text().map(str::to_owned)).collect()
}
