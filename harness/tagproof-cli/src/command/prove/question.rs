//! One claim by flags.

use catalog::Action;
use policy::arn::Arn;
use policy::{Kind, Policies, Principal, Request};
use prove::{Asked, Claim, Options, Question, Settled, Verdict};
use simulate::{Compiled, Details, Fault, Simulator};

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
    let claimed = Claimed { arguments, files: &files, details: details.as_ref() };
    match claimed.questions() {
        Ok((asked, questions)) if files.is_readable => {
            let (verdict, number) = asked.settle(&questions, options)?;
            output::data(&claimed.shown(&verdict, number.map(|number| &questions[number])))?;
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

struct Claimed<'a> {
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

impl Claimed<'_> {
    /// The claim, and a question for each caller and resource.
    fn questions(&self) -> Result<(Asked, Vec<Question>), Vec<Fault>> {
        let arguments = self.arguments;
        let mut faults = Vec::new();
        let actions = actions(&arguments.action).map_err(|more| faults.extend(more)).unwrap_or_default();
        let when = condition("--when", &arguments.when).map_err(|fault| faults.push(fault)).ok().flatten();
        let unless = condition("--unless", &arguments.unless).map_err(|fault| faults.push(fault)).ok().flatten();
        let tags = session_tags(&arguments.session_tags).map_err(|fault| faults.push(fault)).ok().flatten();
        let askers = self.askers().map_err(|fault| faults.push(fault)).unwrap_or_default();
        if !faults.is_empty() {
            return Err(faults);
        }
        let claim = if arguments.never { Claim::Never } else { Claim::Always };
        let asked = Asked { claim, actions: arguments.action.clone(), when, unless };
        let mut questions = Vec::new();
        for asker in &askers {
            for resource in &arguments.resource {
                let of_one = match asker {
                    Asker::Everybody => self.everybody(&asked, &actions, resource),
                    asker => self.one(&asked, &actions, asker, resource, tags.as_deref()).map(|one| vec![one]),
                };
                match of_one {
                    Ok(more) => questions.extend(more),
                    Err(more) => faults.extend(more),
                }
            }
        }
        // What is wrong with a resource is wrong for each caller.
        faults.dedup_by(|one, other| one.message == other.message);
        if faults.is_empty() { Ok((asked, questions)) } else { Err(faults) }
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
        asked: &Asked,
        actions: &[Action],
        asker: &Asker,
        resource: &str,
        tags: Option<&[(String, String)]>,
    ) -> Result<Question, Vec<Fault>> {
        let arn = self.arn(resource)?;
        let (mut requests, policies, known) = self.requests(actions, asker, &arn)?;
        let Some(first) = requests.first().cloned() else { return Err(Vec::new()) };
        let callers = self.callers(&first.principal, &policies);
        let is_role = matches!(first.principal, Principal::RoleSession { .. });
        if tags.is_some() && !(is_role && known) {
            return Err(vec![no_session_tags(is_role)]);
        }
        if let Some(tags) = tags {
            let set = |request: &mut Request| {
                tags.iter().for_each(|(key, value)| request.context.set(format!("aws:PrincipalTag/{key}"), value));
            };
            requests.iter_mut().for_each(set);
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
        let question = asked.question(&requests, policies, callers, settled);
        question.ok_or_else(|| unwritable(&arn))
    }

    /// What the resource's policy grants: to members of the owner's account by itself, to all others if their own accounts
    /// let them do everything.
    fn everybody(&self, asked: &Asked, actions: &[Action], resource: &str) -> Result<Vec<Question>, Vec<Fault>> {
        let arn = self.arn(resource)?;
        let (requests, policies, _) = self.requests(actions, &Asker::Everybody, &arn)?;
        let (Some(first), Some(policy)) = (requests.first(), &policies.resource) else { return Err(Vec::new()) };
        let partition = policy::arn::partition(&arn).unwrap_or("aws");
        let [members, others] =
            prove::everybody(policy, partition, first.resource_account.as_deref().unwrap_or_default());
        let everything = Compiled::read("everything", Kind::Identity, EVERYTHING).map_err(|_| unwritable(&arn))?;
        let of_others = Policies { identity: vec![everything.policy().clone()], ..policies.clone() };
        let question = |policies, callers| asked.question(&requests, policies, callers, |_| Settled::Open);
        let questions =
            [(policies.clone(), members), (of_others, others)].map(|(policies, callers)| question(policies, callers));
        questions.into_iter().collect::<Option<_>>().ok_or_else(|| unwritable(&arn))
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

    /// A request for each action that can be done to a resource, every policy that has a say, and whether all tags of the caller
    /// are known. All actions are of one service, and so all have the same policies.
    fn requests(
        &self,
        actions: &[Action],
        asker: &Asker,
        arn: &str,
    ) -> Result<(Vec<Request>, Policies, bool), Vec<Fault>> {
        let (mut requests, mut policies, mut known) = (Vec::new(), Policies::default(), false);
        for action in on(actions, arn)? {
            let (request, of_all, has_known_tags) = self.request(action, asker, arn)?;
            // A role's trust policy counts for some actions of STS only.
            if !requests.is_empty() && of_all.resource.is_some() != policies.resource.is_some() {
                let fault = Fault::new("the role's trust policy counts for some of the actions, and not for others");
                return Err(vec![fault.help("claim it of each action by itself")]);
            }
            requests.push(request);
            (policies, known) = (of_all, has_known_tags);
        }
        Ok((requests, policies, known))
    }

    /// What one action comes to, every policy that has a say, and whether all tags of the caller are known.
    fn request(&self, action: Action, asker: &Asker, arn: &str) -> Result<(Request, Policies, bool), Vec<Fault>> {
        let (principal, given) = match asker {
            Asker::One { principal, given } => (principal.clone(), (**given).clone()),
            Asker::Everybody => (Some("anonymous".to_owned()), self.arguments.given.clone()),
        };
        let simulated = Simulate {
            principal,
            action: Some(action.name().to_owned()),
            resource: vec![arn.to_owned()],
            resource_account: self.arguments.resource_account.clone(),
            given,
            ..Simulate::default()
        };
        let question = self.files.for_question(&simulated).question()?;
        let simulate::Asked { mut request, policies, has_known_tags, .. } =
            Simulator::new(self.details).prepare(question)?;
        let of_arn = Arn::parse(arn).map(|arn| arn.account).filter(|account| !account.is_empty());
        let owner = request.resource_account.as_deref().or(of_arn).or(request.principal.account());
        let Some(owner) = owner.map(str::to_owned) else {
            let fault = Fault::new(format!("it is not known whose `{}` is", policy::plain(arn)));
            return Err(vec![fault.help("give the account as `--resource-account ID`")]);
        };
        request.resource_account = Some(owner);
        let is_made = simulated.given.role.is_some() || simulated.given.user.is_some();
        Ok((request, policies, has_known_tags || is_made))
    }

    fn callers(&self, asks: &Principal, policies: &Policies) -> Vec<Principal> {
        let is_one_session = self.arguments.principal.as_deref().is_some_and(|arn| arn.contains(":assumed-role/"));
        match asks {
            Principal::RoleSession { role: Some(role), .. } if !is_one_session => {
                prove::sessions_of(role, policies.all().map(|policy| &**policy))
            }
            one => vec![one.clone()],
        }
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

/// What a caller of another account may do there.
const EVERYTHING: &str =
    r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;

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

fn unwritable(arn: &str) -> Vec<Fault> {
    vec![Fault::new(format!("`{}` cannot stand in a policy", policy::plain(arn)))]
}

/// The actions that are meant, all of one service.
fn actions(patterns: &[String]) -> Result<Vec<Action>, Vec<Fault>> {
    let (mut all, mut faults) = (Vec::new(), Vec::new());
    for pattern in patterns {
        let before = all.len();
        all.extend(catalog::expand(pattern));
        if all.len() == before {
            let fault = Fault::new(format!("AWS has no action `{}`", policy::plain(pattern)));
            faults.push(fault.help("write it with its service, as `s3:GetObject` or `s3:Get*`"));
        }
    }
    let mut services: Vec<&str> = all.iter().map(|action| action.service().prefix()).collect();
    services.dedup();
    if let [one, other, ..] = services[..] {
        let fault = Fault::new(format!("the actions are of several services, such as `{one}` and `{other}`"));
        faults.push(fault.help("claim it of each service by itself"));
    }
    if faults.is_empty() { Ok(all) } else { Err(faults) }
}

/// Those that can be done to a resource.
fn on(actions: &[Action], arn: &str) -> Result<Vec<Action>, Vec<Fault>> {
    let faults =
        |action: &Action| simulate::not_on(action.name(), arn).or_else(|| simulate::not_in_account(action.name(), arn));
    let fitting: Vec<Action> = actions.iter().copied().filter(|action| faults(action).is_none()).collect();
    match (fitting.is_empty(), actions.first().and_then(faults)) {
        (true, Some(message)) => Err(vec![Fault::new(message)]),
        _ => Ok(fitting),
    }
}
