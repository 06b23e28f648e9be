//! `tagproof simulate`.

mod context;
mod missing;
mod policies;
mod stack;

use std::borrow::Cow;
use std::io;
use std::num::NonZero;
use std::path::Path;

use policy::ContextValue;
use simulate::{
    Answer, Attached, Call, CallAnswer, Compiled, Details, Fault, NoteAbout, Question, Settings, Simulator, Target,
};
use source::{Finding, Source, Sources};

use crate::args::{GivenPolicies, Simulate};
use crate::exit::Exit;
use crate::output;

use super::text;
pub(super) use context::{Context, context};
use stack::Asker;
pub(super) use stack::{Asking, Deployed};

/// More than any policy or template that a person writes.
const LARGEST_POLICY: u64 = 16 << 20;
/// More than an account with all users and roles it may have.
const LARGEST_DETAILS: u64 = 1 << 30;

pub(crate) fn simulate(arguments: &Simulate) -> anyhow::Result<Exit> {
    if missing::tell(arguments) {
        return Ok(Exit::NotRun);
    }
    let Some(details) = details(&arguments.given)? else { return Ok(Exit::NotRun) };
    match &arguments.batch {
        Some(path) => batch(path, arguments, details.as_ref()),
        None => one(arguments, details.as_ref()),
    }
}

/// What `--account-details` names, if it is given. Tells what is wrong with it; `None`: it cannot be read.
#[expect(clippy::option_option, reason = "what is not given is no fault")]
pub(super) fn details(given: &GivenPolicies) -> anyhow::Result<Option<Option<Details>>> {
    let Some(path) = &given.account_details else { return Ok(Some(None)) };
    match Details::read(&text::document(path, LARGEST_DETAILS)?) {
        Ok(details) => Ok(Some(Some(details))),
        Err(findings) => refused(path, &findings).map(|()| None),
    }
}

fn batch(path: &Path, arguments: &Simulate, details: Option<&Details>) -> anyhow::Result<Exit> {
    let workers = std::thread::available_parallelism().map_or(1, NonZero::get);
    let settings = Settings { trace: arguments.trace, details, workers };
    let summary = simulate::batch(text::lines(path)?, io::stdout(), &settings)?;
    if summary.bad == 0 {
        return Ok(Exit::AsExpected);
    }
    output::note(&format!("{} of {} lines could not be answered", summary.bad, summary.lines));
    Ok(Exit::NotRun)
}

fn one(arguments: &Simulate, details: Option<&Details>) -> anyhow::Result<Exit> {
    let asking = Asking { given: &arguments.given, principal: arguments.principal.as_deref() };
    let Some(files) = Files::read(&asking)? else { return Ok(Exit::NotRun) };
    let mut simulator = Simulator::new(details);
    let given = files.for_question(arguments);
    let answer = match &arguments.operation {
        Some(operation) => given.call(operation).and_then(|call| simulator.call(&call, true)).map(Answered::Call),
        None => given.question().and_then(|question| simulator.ask(question, true)).map(Answered::One),
    };
    match answer {
        Ok(answer) if files.is_readable => show(&answer, arguments),
        Ok(_) => Ok(Exit::NotRun),
        Err(faults) => {
            faults.iter().for_each(|fault| output::note(&told(fault)));
            Ok(Exit::NotRun)
        }
    }
}

/// What the files of a command line say.
pub(super) struct Files<'a> {
    pub(super) deployed: Option<Deployed<'a>>,
    attached: Attached,
    /// The policy of the resource, if one is given.
    pub(super) of_resource: Option<Compiled>,
    /// Whether all policies can be read. What is wrong with the others is told.
    pub(super) is_readable: bool,
}

impl<'a> Files<'a> {
    /// `None`: the template cannot be worked out, and why is told.
    pub(super) fn read(asking: &Asking<'a>) -> anyhow::Result<Option<Self>> {
        let deployed = match &asking.given.template {
            Some(path) => match Deployed::read(path, asking)? {
                Some(deployed) => Some(deployed),
                None => return Ok(None),
            },
            None => None,
        };
        let policies = policies::read(asking.given)?;
        let is_readable = policies.is_some();
        let (attached, of_resource) = policies.unwrap_or_default();
        Ok(Some(Self { deployed, attached, of_resource, is_readable }))
    }

    pub(super) fn for_question<'q>(&'q self, arguments: &'q Simulate) -> ForQuestion<'q> {
        let (attached, of_resource) = (self.attached.clone(), self.of_resource.clone());
        ForQuestion { arguments, deployed: self.deployed.as_ref(), attached, of_resource }
    }
}

/// The answer to a question, or to a whole call.
#[expect(clippy::large_enum_variant, reason = "there is one")]
enum Answered {
    One(Answer),
    Call(CallAnswer),
}

/// What was read for a question.
pub(super) struct ForQuestion<'a> {
    arguments: &'a Simulate,
    deployed: Option<&'a Deployed<'a>>,
    attached: Attached,
    /// The policy of the resource, if one was given.
    of_resource: Option<Compiled>,
}

impl<'a> ForQuestion<'a> {
    pub(super) fn question(mut self) -> Result<Question<'a>, Vec<Fault>> {
        let [resource] = self.arguments.resource.as_slice() else {
            return Err(vec![Fault::new("one action is asked about one resource; --operation takes several")]);
        };
        let mut faults = Vec::new();
        let asker = self.asker().map_err(|more| faults.extend(more)).unwrap_or_default();
        let keys = context("--context", &words(&self.arguments.keys.context));
        let mut context = keys.map_err(|more| faults.extend(more)).unwrap_or_default();
        let action = self.arguments.action.as_deref().unwrap_or_default();
        let mut target = Target { resource: Cow::Borrowed(resource), ..Target::default() };
        target.resource_account = self.arguments.resource_account.as_deref().map(Cow::Borrowed);
        target.policy = self.of_resource.take();
        faults.extend(self.fill(&mut target, Some(action)).err().into_iter().flatten());
        let Target { resource, resource_account, policy, context: of_resource, .. } = target;
        if self.is_strict() {
            faults.extend(unknown_names(action, &resource, &context));
        }
        if let Some(compiled) = policy {
            faults.extend(self.attached.add(compiled, 0).err());
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        contradiction(&context, &asker.context)?;
        add(&mut context, asker.context);
        add(&mut context, of_resource);
        let action = Cow::Borrowed(action);
        Ok(Question { principal: asker.arn, action, resource, resource_account, context, attached: self.attached })
    }

    fn call(mut self, operation: &'a str) -> Result<Call<'a>, Vec<Fault>> {
        let arguments = self.arguments;
        let mut faults = Vec::new();
        let asker = self.asker().map_err(|more| faults.extend(more)).unwrap_or_default();
        let keys = context("--context", &words(&arguments.keys.context));
        let mut context = keys.map_err(|more| faults.extend(more)).unwrap_or_default();
        let mut resources: Vec<_> = arguments.resource.iter().map(|text| target(text)).collect();
        faults.extend(own_context(operation, &arguments.keys.context_of, &mut resources));
        match resources.as_mut_slice() {
            [only] => {
                only.policy = self.of_resource.take();
                only.resource_account = arguments.resource_account.as_deref().map(Cow::Borrowed);
            }
            _ if self.of_resource.is_some() || arguments.resource_account.is_some() => faults.push(Fault::new(
                "--resource-policy, --trust and --resource-account are about one resource, and the call has none or \
                 several: ask it with --batch, where each resource has its own",
            )),
            _ => {}
        }
        if self.is_strict() {
            let own = resources.iter().flat_map(|target| &target.context);
            faults.extend(context.iter().chain(own).filter_map(|(key, _)| unknown_key(key)));
            faults.extend(resources.iter().filter_map(|target| in_no_account(operation, &target.resource)));
        }
        for target in &mut resources {
            faults.extend(self.fill(target, None).err().into_iter().flatten());
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        contradiction(&context, &asker.context)?;
        add(&mut context, asker.context);
        Ok(Call {
            principal: asker.arn,
            operation: Cow::Borrowed(operation),
            resources,
            context,
            attached: self.attached,
        })
    }

    /// Who asks, from the template if it makes them.
    fn asker(&mut self) -> Result<Principal<'a>, Vec<Fault>> {
        let arguments = self.arguments;
        let asking = Asking { given: &arguments.given, principal: arguments.principal.as_deref() };
        let asker = self.deployed.map(|deployed| deployed.asker(&asking, &mut self.attached)).transpose()?.flatten();
        Ok(match asker {
            Some(Asker { arn, context }) => Principal { arn: Cow::Owned(arn), context },
            None => Principal {
                arn: Cow::Borrowed(arguments.principal.as_deref().unwrap_or_default()),
                context: Vec::new(),
            },
        })
    }

    /// Puts what the template says of a resource to what is given.
    fn fill(&self, target: &mut Target<'a>, action: Option<&str>) -> Result<(), Vec<Fault>> {
        let Some(deployed) = self.deployed else { return Ok(()) };
        let arn = deployed.arn(&target.resource).map_err(|fault| vec![fault])?.into_owned();
        let said =
            deployed.of_resource(&arn, action.or(target.action.as_deref()), self.arguments.operation.as_deref())?;
        target.resource = Cow::Owned(arn);
        target.policy = target.policy.take().or(said.policy);
        target.resource_account = target.resource_account.take().or(said.account.map(Cow::Owned));
        add(&mut target.context, said.context);
        Ok(())
    }

    /// What is expected of a question that AWS never asks says nothing of the policies.
    const fn is_strict(&self) -> bool {
        self.arguments.expect.is_some() && !self.arguments.allow_unknown
    }
}

/// Who asks.
#[derive(Default)]
struct Principal<'a> {
    arn: Cow<'a, str>,
    context: Context<'static>,
}

/// An aws:PrincipalArn that is given has to be that of the template's role.
fn contradiction(given: &Context<'_>, known: &Context<'_>) -> Result<(), Vec<Fault>> {
    let of = |context: &Context<'_>| {
        let found = context.iter().find(|(key, _)| key.eq_ignore_ascii_case("aws:PrincipalArn"));
        found.map(|(_, value)| value.clone())
    };
    match (of(given), of(known)) {
        (Some(given), Some(ContextValue::One(arn))) if given != ContextValue::One(arn.clone()) => {
            let arn = policy::plain(&arn);
            let fault = Fault::new(format!("aws:PrincipalArn is given, and is not the ARN `{arn}` of the template"));
            Err(vec![fault.help("leave it out: it follows from the template")])
        }
        _ => Ok(()),
    }
}

/// Keys that follow from the template; what is given counts instead.
fn add<'a>(to: &mut Context<'a>, more: Context<'a>) {
    for (key, value) in more {
        if !to.iter().any(|(given, _)| given.to_lowercase() == key.to_lowercase()) {
            to.push((key, value));
        }
    }
}

fn words(all: &[Vec<String>]) -> Vec<&[String]> {
    all.iter().map(Vec::as_slice).collect()
}

/// `ARN`, or `ACTION=ARN`.
fn target(text: &str) -> Target<'_> {
    let named = text.split_once('=').filter(|(action, _)| !action.starts_with("arn:") && action.contains(':'));
    let (action, resource) = named.map_or((None, text), |(action, resource)| (Some(Cow::Borrowed(action)), resource));
    Target { action, resource: Cow::Borrowed(resource), ..Target::default() }
}

/// Gives each resource the keys of its own; `all` has an ARN and keys with values in each.
fn own_context<'a>(operation: &str, all: &'a [Vec<String>], resources: &mut Vec<Target<'a>>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for arn in all.iter().filter_map(|words| words.first()) {
        if seen.contains(&arn.as_str()) {
            continue;
        }
        seen.push(arn);
        if !resources.iter().any(|target| target.resource == *arn) {
            if !simulate::makes(operation, arn) {
                let arn = policy::plain(arn);
                let message =
                    format!("--context-of is about `{arn}`, which is no --resource; give it as --resource too");
                faults.push(Fault::new(message));
                continue;
            }
            // What the call makes need not be given.
            resources.push(target(arn));
        }
        // Together, so that several values of a key are one list.
        let of_arn = all.iter().filter(|words| words.first() == Some(arn));
        match context("--context-of", &of_arn.map(|words| &words[1..]).collect::<Vec<_>>()) {
            Ok(context) => {
                let meant = resources.iter_mut().filter(|target| target.resource == *arn);
                meant.for_each(|target| target.context.clone_from(&context));
            }
            Err(more) => faults.extend(more),
        }
    }
    faults
}

fn unknown_names(action: &str, resource: &str, context: &Context<'_>) -> Vec<Fault> {
    let keys = context.iter().filter_map(|(key, _)| unknown_key(key));
    let not_asked = simulate::not_known(action)
        .or_else(|| simulate::not_on(action, resource))
        .or_else(|| simulate::not_in_account(action, resource));
    not_asked.map(strictly).into_iter().chain(keys).collect()
}

/// That an ARN has no account, or none that there can be, to all actions of an operation that are asked on it.
fn in_no_account(operation: &str, resource: &str) -> Option<Fault> {
    let operation = catalog::operation(operation)?;
    let mut actions = operation.actions().iter();
    actions.find_map(|action| simulate::not_in_account(action.name(), resource)).map(strictly)
}

fn unknown_key(key: &str) -> Option<Fault> {
    simulate::key_not_known(key).map(strictly)
}

fn strictly(message: String) -> Fault {
    Fault::new(message).help("with --expect this is an error; if AWS has it, add --allow-unknown")
}

fn show(answer: &Answered, arguments: &Simulate) -> anyhow::Result<Exit> {
    let (text, verdict) = match answer {
        Answered::One(answer) => (one_told(answer, arguments), answer.decision.verdict),
        Answered::Call(answer) => (call_told(answer, arguments), answer.verdict()),
    };
    let text = if arguments.json { text } else { report::laid_out(&text, output::page()) };
    output::data(&text)?;
    match arguments.expect {
        Some(expected) if !expected.is(verdict) => {
            output::note(&format!("expected {expected}, got {verdict}"));
            Ok(Exit::Unexpected)
        }
        _ => Ok(Exit::AsExpected),
    }
}

fn one_told(answer: &Answer, arguments: &Simulate) -> String {
    // What is said of names in the template is seldom about this question.
    let about = |wanted| {
        let notes = answer.notes.iter().filter(move |note| note.about == wanted);
        notes.map(|note| note.text.as_str()).collect::<Vec<_>>()
    };
    let (notes, of_template) = (about(NoteAbout::Question), about(NoteAbout::Template));
    match arguments.json {
        true => answer.json(arguments.trace),
        false => {
            report::answer(&answer.request, &answer.decision, &answer.mends(), &notes, &of_template, arguments.trace)
        }
    }
}

fn call_told(answer: &CallAnswer, arguments: &Simulate) -> String {
    let asked = answer.asked.iter();
    let asked: Vec<_> =
        asked.map(|one| report::RecordedDecision { request: &one.request, decision: &one.decision }).collect();
    match arguments.json {
        true => answer.json(arguments.trace),
        false => report::call(answer.verdict(), &asked, &answer.mends(), &answer.every_note(), arguments.trace),
    }
}

fn refused(path: &Path, findings: &[Finding]) -> anyhow::Result<()> {
    let mut sources = Sources::new();
    sources.add(Source::new(path.display().to_string(), text::document(path, LARGEST_DETAILS)?));
    output::note_findings(&report::findings(findings, &sources, output::page_of_notes()));
    Ok(())
}

pub(super) fn told(Fault { message, help, .. }: &Fault) -> String {
    let help = help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    format!("error: {message}{help}")
}
