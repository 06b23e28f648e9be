//! `tagproof simulate`.

use std::borrow::Cow;
use std::io;
use std::num::NonZero;
use std::path::{Path, PathBuf};

use policy::{ContextValue, Kind};
use simulate::{Answer, Ask, Attached, Call, CallAnswer, Compiled, Details, Fault, Settings, Simulator, Target};
use source::{Finding, Source, Sources};

use crate::args::Simulate;
use crate::exit::Exit;
use crate::output;

use super::text;

/// More than any policy that a person writes.
const LARGEST_POLICY: u64 = 16 << 20;
/// More than an account with all users and roles it may have.
const LARGEST_DETAILS: u64 = 1 << 30;

pub(crate) fn simulate(arguments: &Simulate) -> anyhow::Result<Exit> {
    let details = match &arguments.account_details {
        Some(path) => match Details::read(&text::of_file(path, LARGEST_DETAILS)?) {
            Ok(details) => Some(details),
            Err(findings) => return refused(path, &findings).map(|()| Exit::NotRun),
        },
        None => None,
    };
    match arguments.batch {
        true => batch(arguments, details.as_ref()),
        false => one(arguments, details.as_ref()),
    }
}

fn batch(arguments: &Simulate, details: Option<&Details>) -> anyhow::Result<Exit> {
    let workers = std::thread::available_parallelism().map_or(1, NonZero::get);
    let settings = Settings { trace: arguments.trace, details, workers };
    let summary = simulate::batch(io::stdin().lock(), io::stdout(), &settings)?;
    if summary.bad == 0 {
        return Ok(Exit::AsExpected);
    }
    output::note(&format!("{} of {} lines could not be answered", summary.bad, summary.lines));
    Ok(Exit::NotRun)
}

fn one(arguments: &Simulate, details: Option<&Details>) -> anyhow::Result<Exit> {
    let mut attached = Attached::default();
    let mut of_resource = None;
    let mut faults = Vec::new();
    let mut readable = true;
    for (kind, path, level) in policies(arguments) {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        match Compiled::read(&name, kind, &text::of_file(&path, LARGEST_POLICY)?) {
            Ok(compiled) if matches!(kind, Kind::Resource | Kind::Trust) => of_resource = Some(compiled),
            Ok(compiled) => faults.extend(attached.add(compiled, level).err()),
            Err(findings) => {
                refused(&path, &findings)?;
                readable = false;
            }
        }
    }
    // What is expected of an action that AWS does not have says nothing of the policies.
    let unknown = arguments.action.as_deref().filter(|_| arguments.expect.is_some()).and_then(simulate::not_known);
    faults.extend(unknown.map(Fault::new));
    let mut simulator = Simulator::new(details);
    let answer = match &arguments.operation {
        Some(operation) => {
            let call = call(arguments, operation, attached, of_resource);
            call.and_then(|call| simulator.call(&call, true)).map(Answered::Call)
        }
        None => question(arguments, attached, of_resource).and_then(|ask| simulator.ask(ask, true)).map(Answered::One),
    };
    let answer = answer.map_err(|more| faults.extend(more));
    faults.iter().for_each(|fault| output::note(&told(fault)));
    match answer {
        Ok(answer) if readable && faults.is_empty() => show(&answer, arguments),
        _ => Ok(Exit::NotRun),
    }
}

/// The answer to a question, or to a whole call.
#[expect(clippy::large_enum_variant, reason = "there is one")]
enum Answered {
    One(Answer),
    Call(CallAnswer),
}

fn question<'a>(
    arguments: &'a Simulate,
    mut attached: Attached,
    of_resource: Option<Compiled>,
) -> Result<Ask<'a>, Vec<Fault>> {
    let [resource] = arguments.resource.as_slice() else {
        return Err(vec![Fault::new("one action is asked about one resource; --operation takes several")]);
    };
    if let Some(compiled) = of_resource {
        attached.add(compiled, 0).map_err(|fault| vec![fault])?;
    }
    Ok(Ask {
        principal: given(arguments.principal.as_ref()),
        action: given(arguments.action.as_ref()),
        resource: Cow::Borrowed(resource),
        resource_account: arguments.resource_account.as_deref().map(Cow::Borrowed),
        context: context(&arguments.context),
        attached,
    })
}

fn call<'a>(
    arguments: &'a Simulate,
    operation: &'a str,
    attached: Attached,
    of_resource: Option<Compiled>,
) -> Result<Call<'a>, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut resources: Vec<_> = arguments.resource.iter().map(|text| target(text)).collect();
    for own in arguments.context_of.chunks_exact(3) {
        let (arn, pair) = (own[0].as_str(), &own[1..]);
        if !resources.iter().any(|target| target.resource == arn) {
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
        let meant = resources.iter_mut().filter(|target| target.resource == arn);
        // Together with what was given for it before, so that several values of a key are one list.
        meant.for_each(|target| own_context(target, pair));
    }
    match resources.as_mut_slice() {
        [only] => {
            only.policy = of_resource;
            only.resource_account = arguments.resource_account.as_deref().map(Cow::Borrowed);
        }
        _ if of_resource.is_some() || arguments.resource_account.is_some() => faults.push(Fault::new(
            "--resource-policy, --trust and --resource-account are about one resource, and the call has none or several: \
             ask it with --batch, where each resource has its own",
        )),
        _ => {}
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let principal = given(arguments.principal.as_ref());
    let context = context(&arguments.context);
    Ok(Call { principal, operation: Cow::Borrowed(operation), resources, context, attached })
}

/// `ARN`, or `ACTION=ARN`.
fn target(text: &str) -> Target<'_> {
    let named = text.split_once('=').filter(|(action, _)| !action.starts_with("arn:") && action.contains(':'));
    let (action, resource) = named.map_or((None, text), |(action, resource)| (Some(Cow::Borrowed(action)), resource));
    Target { action, resource: Cow::Borrowed(resource), ..Target::default() }
}

fn own_context<'a>(target: &mut Target<'a>, pair: &'a [String]) {
    for (key, value) in context(pair) {
        match target.context.iter_mut().find(|(known, _)| *known == key) {
            Some((_, before)) => *before = ContextValue::Many(values(before).chain(values(&value)).collect()),
            None => target.context.push((key, value)),
        }
    }
}

fn values(value: &ContextValue) -> impl Iterator<Item = String> {
    match value {
        ContextValue::One(value) => vec![value.clone()],
        ContextValue::Many(values) => values.clone(),
    }
    .into_iter()
}

fn given(text: Option<&String>) -> Cow<'_, str> {
    Cow::Borrowed(text.map_or("", String::as_str))
}

fn show(answer: &Answered, arguments: &Simulate) -> anyhow::Result<Exit> {
    let (text, verdict) = match answer {
        Answered::One(answer) => (one_told(answer, arguments), answer.decision.verdict),
        Answered::Call(answer) => (call_told(answer, arguments), answer.verdict()),
    };
    let text = if arguments.json { text } else { report::laid_out(&text, output::page()) };
    output::data(&text)?;
    match arguments.expect {
        Some(expected) if expected != verdict => {
            output::note(&format!("expected {expected:?}, got {verdict:?}"));
            Ok(Exit::Unexpected)
        }
        _ => Ok(Exit::AsExpected),
    }
}

fn one_told(answer: &Answer, arguments: &Simulate) -> String {
    let notes: Vec<&str> = answer.notes.iter().map(String::as_str).collect();
    match arguments.json {
        true => answer.json(arguments.trace),
        false => report::answer(&answer.request, &answer.decision, &answer.mends(), &notes, arguments.trace),
    }
}

fn call_told(answer: &CallAnswer, arguments: &Simulate) -> String {
    let asked: Vec<_> = answer.asked.iter().map(|one| (&one.request, &one.decision)).collect();
    match arguments.json {
        true => answer.json(arguments.trace),
        false => report::call(answer.verdict(), &asked, &answer.mends(), &answer.every_note(), arguments.trace),
    }
}

/// Every file with what it is attached to, and its level in the organisation.
fn policies(arguments: &Simulate) -> Vec<(Kind, PathBuf, usize)> {
    let mut all = Vec::new();
    let single = [
        (Kind::Resource, &arguments.resource_policy),
        (Kind::Trust, &arguments.trust),
        (Kind::Boundary, &arguments.boundary),
        (Kind::Endpoint, &arguments.endpoint),
    ];
    all.extend(arguments.identity.iter().map(|path| (Kind::Identity, path.clone(), 0)));
    all.extend(single.into_iter().filter_map(|(kind, path)| Some((kind, path.clone()?, 0))));
    all.extend(arguments.session.iter().map(|path| (Kind::Session, path.clone(), 0)));
    for (kind, levels) in [(Kind::ServiceControl, &arguments.scp), (Kind::ResourceControl, &arguments.rcp)] {
        for (level, paths) in levels.iter().enumerate() {
            all.extend(paths.split(',').map(|path| (kind, PathBuf::from(path), level)));
        }
    }
    all
}

/// A key that is given several times has all its values. Commas part the values of keys that can have several: others
/// may hold commas.
fn context(pairs: &[String]) -> Vec<(Cow<'_, str>, ContextValue)> {
    let mut found: Vec<(Cow<'_, str>, Vec<String>)> = Vec::new();
    for pair in pairs.chunks_exact(2) {
        let (key, value) = (pair[0].as_str(), pair[1].as_str());
        let is_multivalued = simulate::is_multivalued(key);
        let values = value.split(',').map(str::to_owned).filter(|value| !value.is_empty());
        let values: Vec<_> = if is_multivalued { values.collect() } else { vec![value.to_owned()] };
        match found.iter_mut().find(|(known, _)| known == key) {
            Some((_, before)) => before.extend(values),
            None => found.push((Cow::Borrowed(key), values)),
        }
    }
    let value = |key: &str, mut values: Vec<String>| match values.len() {
        1 if !simulate::is_multivalued(key) => ContextValue::One(values.swap_remove(0)),
        _ => ContextValue::Many(values),
    };
    found.into_iter().map(|(key, values)| (key.clone(), value(&key, values))).collect()
}

fn refused(path: &Path, findings: &[Finding]) -> anyhow::Result<()> {
    let mut sources = Sources::new();
    sources.add(Source::new(path.display().to_string(), text::of_file(path, LARGEST_DETAILS)?));
    output::note_findings(&report::findings(findings, &sources, output::page_of_notes()));
    Ok(())
}

fn told(Fault { message, help, .. }: &Fault) -> String {
    let help = help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
    format!("error: {message}{help}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_part_the_values_of_multivalued_keys_alone() {
        let one = |value: &str| ContextValue::One(value.to_owned());
        let many = |values: &[&str]| ContextValue::Many(values.iter().map(|&value| value.to_owned()).collect());
        for (pairs, expected) in [
            (&["aws:PrincipalTag/a", "1,2"][..], one("1,2")),
            (&["aws:TagKeys", "1,2"], many(&["1", "2"])),
            (&["aws:TagKeys", "1"], many(&["1"])),
            (&["aws:TagKeys", ""], many(&[])),
            (&["aws:TagKeys", "1,2", "aws:TagKeys", "3"], many(&["1", "2", "3"])),
            (&["my:Key", "1", "my:Key", "2,3"], many(&["1", "2,3"])),
        ] {
            let pairs: Vec<_> = pairs.iter().map(|&text| text.to_owned()).collect();
            assert_eq!(context(&pairs), [(Cow::Borrowed(pairs[0].as_str()), expected)]);
        }
    }
}
