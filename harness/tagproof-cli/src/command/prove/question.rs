//! One claim by flags.

use policy::Principal;
use prove::{Asked, Claim, Options, Question, Settled, Verdict};
use simulate::{Details, Fault, OnResource, Simulator};

use super::condition::{condition, session_tags};
use crate::args::{GivenPolicies, Prove, Simulate};
use crate::command::simulate::{Asking, Files, details, told};
use crate::exit::Exit;
use crate::output;

/// Settles the claim that a command line makes.
pub(super) fn question(arguments: &Prove, options: &Options) -> anyhow::Result<Exit> {
    let Some(details) = details(&arguments.given)? else { return Ok(Exit::NotRun) };
    let asking = Asking { given: &arguments.given, principal: arguments.principal.as_deref() };
    let Some(files) = Files::read(&asking)? else { return Ok(Exit::NotRun) };
    let by_flags = ByFlags { arguments, files: &files, details: details.as_ref() };
    match by_flags.questions() {
        Ok((claimed, questions)) if files.is_readable => {
            let (verdict, number) = claimed.settle(&questions, options)?;
            output::data(&by_flags.shown(&verdict, number.map(|number| &questions[number])))?;
            Ok(match verdict {
                Verdict::Proved { .. } => Exit::AsExpected,
                Verdict::Found { .. } => Exit::Unexpected,
                Verdict::Undecided { .. } => Exit::NotRun,
            })
        }
        Ok(_) => Ok(Exit::NotRun),
        Err(faults) => {
            faults.iter().for_each(|fault| output::note(&told(fault)));
            Ok(Exit::NotRun)
        }
    }
}

struct ByFlags<'a> {
    arguments: &'a Prove,
    files: &'a Files<'a>,
    details: Option<&'a Details>,
}

/// Who asks.
enum Asker {
    /// As the command line names them.
    One { principal: Option<String>, given: Box<GivenPolicies> },
    /// Everybody whom the policy of the resource can tell apart.
    Everybody,
}

impl ByFlags<'_> {
    /// The claim, and a question for each caller and resource.
    fn questions(&self) -> Result<(simulate::Claimed, Vec<Question>), Vec<Fault>> {
        let arguments = self.arguments;
        let mut faults = Vec::new();
        let when = condition("--when", &arguments.when).map_err(|fault| faults.push(fault)).ok().flatten();
        let unless = condition("--unless", &arguments.unless).map_err(|fault| faults.push(fault)).ok().flatten();
        let tags = session_tags(&arguments.session_tags).map_err(|fault| faults.push(fault)).ok().flatten();
        let askers = self.askers().map_err(|fault| faults.push(fault)).unwrap_or_default();
        let claim = if arguments.never { Claim::Never } else { Claim::Always };
        let asked = Asked { claim, actions: arguments.action.clone(), when, unless };
        let claimed = match simulate::Claimed::new(asked) {
            Ok(claimed) if faults.is_empty() => claimed,
            Ok(_) => return Err(faults),
            Err(more) => return Err(more.into_iter().chain(faults).collect()),
        };
        let mut questions = Vec::new();
        for asker in &askers {
            for resource in &arguments.resource {
                match self.one(&claimed, asker, resource, tags.as_deref()) {
                    Ok(more) => questions.extend(more),
                    Err(more) => faults.extend(more),
                }
            }
        }
        // What is wrong with a resource is wrong for each caller.
        faults.dedup_by(|one, other| one.message == other.message);
        if faults.is_empty() { Ok((claimed, questions)) } else { Err(faults) }
    }

    fn askers(&self) -> Result<Vec<Asker>, Fault> {
        let Prove { given, principal, .. } = self.arguments;
        let one = |principal: Option<&str>, given: GivenPolicies| Asker::One {
            principal: principal.map(str::to_owned),
            given: Box::new(given),
        };
        if principal.is_some() || given.role.is_some() || given.user.is_some() {
            return Ok(vec![one(principal.as_deref(), given.clone())]);
        }
        let mut all = Vec::new();
        if let Some(details) = self.details {
            all.extend(details.principals().into_iter().map(|arn| one(Some(arn), given.clone())));
        } else if let Some(deployed) = &self.files.deployed {
            all.extend(deployed.principals().into_iter().map(|(name, is_role)| {
                let (role, user) = if is_role { (Some(name), None) } else { (None, Some(name)) };
                one(None, GivenPolicies { role, user, ..given.clone() })
            }));
        } else if self.files.of_resource.is_some() && !has_own_policies(given) {
            all.push(Asker::Everybody);
        }
        let help = "name the caller with --principal, or give --template or --account-details: all roles and users there are \
                    asked about; with --resource-policy alone, everybody is";
        if all.is_empty() { Err(Fault::new("nothing says who asks").help(help)) } else { Ok(all) }
    }

    fn one(
        &self,
        claimed: &simulate::Claimed,
        asker: &Asker,
        resource: &str,
        tags: Option<&[(String, String)]>,
    ) -> Result<Vec<Question>, Vec<Fault>> {
        let arn = self.arn(resource)?;
        let mut on = self.on(claimed, asker, &arn)?;
        if matches!(asker, Asker::Everybody) {
            return claimed.of_everybody(&on);
        }
        let Some(first) = on.requests.first().cloned() else { return Ok(Vec::new()) };
        let (is_role, known) = (matches!(first.principal, Principal::RoleSession { .. }), on.has_known_tags);
        if tags.is_some() && !(is_role && known) {
            return Err(vec![no_session_tags(is_role)]);
        }
        for (key, value) in tags.unwrap_or_default() {
            let key = format!("aws:PrincipalTag/{key}");
            on.requests.iter_mut().for_each(|request| request.context.set(&*key, value));
        }
        let tells_tags = self.files.deployed.as_ref().is_some_and(|deployed| deployed.tells_tags_of(&arn));
        let settled = |key: &str| {
            let is_tag = |head: &str| key.get(..head.len()).is_some_and(|start| start.eq_ignore_ascii_case(head));
            match () {
                // A session tag replaces the role's tag of the same key, and takes none away.
                () if is_tag("aws:PrincipalTag/") && known && is_role && tags.is_none() => {
                    if first.context.get(key).is_some() { Settled::Present } else { Settled::Open }
                }
                () if is_tag("aws:PrincipalTag/") && known => Settled::Exactly,
                () if is_tag("aws:ResourceTag/") && tells_tags => Settled::Exactly,
                () => Settled::Open,
            }
        };
        claimed.of_caller(on, self.arguments.principal.as_deref(), settled).map(|question| vec![question])
    }

    fn arn(&self, resource: &str) -> Result<String, Vec<Fault>> {
        match &self.files.deployed {
            Some(deployed) => {
                let arn = deployed.arn(resource).map_err(|fault| vec![fault])?.into_owned();
                deployed.overlooked(&arn).map_or(Ok(arn), |fault| Err(vec![fault]))
            }
            None => Ok(resource.to_owned()),
        }
    }

    /// What a claim comes to on a resource.
    fn on(&self, claimed: &simulate::Claimed, asker: &Asker, arn: &str) -> Result<OnResource, Vec<Fault>> {
        let (principal, given) = match asker {
            Asker::One { principal, given } => (principal.clone(), (**given).clone()),
            Asker::Everybody => (Some("anonymous".to_owned()), self.arguments.given.clone()),
        };
        let is_made = given.role.is_some() || given.user.is_some();
        let mut simulated = Simulate {
            principal,
            resource: vec![arn.to_owned()],
            resource_account: self.arguments.resource_account.clone(),
            given,
            ..Simulate::default()
        };
        let mut on = claimed.on(arn, |action| {
            simulated.action = Some(action.name().to_owned());
            let question = self.files.for_question(&simulated).question()?;
            Simulator::new(self.details).prepare(question)
        })?;
        on.has_known_tags |= is_made;
        Ok(on)
    }

    fn shown(&self, verdict: &Verdict, question: Option<&Question>) -> String {
        let decided = match (verdict, question) {
            (Verdict::Found { request, .. }, Some(question)) => {
                Some((&**request, policy::explain(&question.policies, request, &catalog::Catalog)))
            }
            _ => None,
        };
        let claim = if self.arguments.never { Claim::Never } else { Claim::Always };
        let decided = decided.as_ref().map(|(request, decision)| (*request, decision));
        match self.arguments.json {
            true => format!("{}\n", report::verdict_json(verdict, decided)),
            false => report::verdict(claim, verdict, decided.map(|(_, decision)| decision), output::page()),
        }
    }
}

/// Whether policies of the caller's own are given.
fn has_own_policies(given: &GivenPolicies) -> bool {
    let lists = [given.identity.is_empty(), given.session.is_empty(), given.scp.is_empty()];
    given.boundary.is_some() || lists.contains(&false)
}

/// Why `--session-tags` cannot be used.
fn no_session_tags(is_role: bool) -> Fault {
    match is_role {
        true => Fault::new("--session-tags: which tags the role itself has is not known")
            .help("give the role in a --template or in --account-details"),
        false => Fault::new("--session-tags are for roles, and the caller is none").help("leave them out"),
    }
}
