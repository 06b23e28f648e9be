//! A claim about every request, made into the questions that settle it.

use catalog::Action;
use policy::arn::Arn;
use policy::{Document, Kind, Policies, Principal, Request};
use prove::{Disagreement, Options, Settled, Verdict};
use serde_json::{Value, json};

use crate::lookups::{not_in_account, not_on};
use crate::{Asked, Compiled, Fault};

/// A claim about what can be done: that none of some requests is allowed, or that all are.
pub struct Claimed {
    asked: prove::Asked,
    actions: Vec<Action>,
}

/// What a claim is about on one resource.
pub struct OnResource {
    /// A request for each action that can be done to it.
    pub requests: Vec<Request>,
    /// Every policy that has a say.
    pub policies: Policies,
    /// Whether account details tell all tags of the user or role that asks.
    pub has_known_tags: bool,
    resource: String,
}

/// What a caller of another account may do there.
const EVERYTHING: &str =
    r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;

impl Claimed {
    /// A claim about actions of one service, with wildcards or without.
    ///
    /// # Errors
    /// AWS has no such action, or they are of several services.
    pub fn new(asked: prove::Asked) -> Result<Self, Vec<Fault>> {
        let actions = actions(&asked.actions)?;
        Ok(Self { asked, actions })
    }

    /// What it comes to on a resource, which may have wildcards. `ask` prepares the question for one action.
    ///
    /// # Errors
    /// None of the actions can be done to it, it is not known whose it is, or what `ask` says.
    pub fn on(
        &self,
        resource: &str,
        mut ask: impl FnMut(Action) -> Result<Asked, Vec<Fault>>,
    ) -> Result<OnResource, Vec<Fault>> {
        let (mut requests, mut policies, mut has_known_tags) = (Vec::new(), Policies::default(), false);
        // All actions are of one service, and so all have the same policies.
        for action in self.fitting(resource)? {
            let mut asked = ask(action)?;
            // A role's trust policy counts for some actions of STS only.
            if !requests.is_empty() && asked.policies.resource.is_some() != policies.resource.is_some() {
                let fault = Fault::new("the role's trust policy counts for some of the actions, and not for others");
                return Err(vec![fault.help("claim it of each action by itself")]);
            }
            asked.request.resource_account = Some(owner(&asked.request, resource)?);
            requests.push(asked.request);
            (policies, has_known_tags) = (asked.policies, asked.has_known_tags);
        }
        Ok(OnResource { requests, policies, has_known_tags, resource: resource.to_owned() })
    }

    /// The question for a caller; for a role without a session, for any session of it. `settled` tells of a condition key what is
    /// settled beside the policies.
    ///
    /// # Errors
    /// The resource cannot stand in a policy.
    pub fn of_caller(
        &self,
        on: OnResource,
        principal: Option<&str>,
        settled: impl Fn(&str) -> Settled,
    ) -> Result<prove::Question, Vec<Fault>> {
        let OnResource { requests, policies, resource, .. } = on;
        let Some(first) = requests.first() else { return Err(unwritable(&resource)) };
        let is_one_session = principal.is_some_and(|arn| arn.contains(":assumed-role/"));
        let callers = match &first.principal {
            Principal::RoleSession { role: Some(role), .. } if !is_one_session => {
                prove::sessions_of(role, policies.all().map(|policy| &**policy))
            }
            one => vec![one.clone()],
        };
        self.asked.question(&requests, policies, callers, settled).ok_or_else(|| unwritable(&resource))
    }

    /// The questions about everybody: one about members of the owner's account, with what the resource's policy grants them by
    /// itself, and one about all others, as if their own accounts let them do everything.
    ///
    /// # Errors
    /// The resource has no policy, or cannot stand in one.
    pub fn of_everybody(&self, on: &OnResource) -> Result<Vec<prove::Question>, Vec<Fault>> {
        let OnResource { requests, policies, resource, .. } = on;
        let unwritable = || unwritable(resource);
        let (Some(first), Some(policy)) = (requests.first(), &policies.resource) else { return Err(unwritable()) };
        let partition = policy::arn::partition(resource).unwrap_or("aws");
        let owner = first.resource_account.as_deref().unwrap_or_default();
        let [members, others] = prove::everybody(policy, partition, owner);
        let everything = Compiled::read("everything", Kind::Identity, EVERYTHING).map_err(|_| unwritable())?;
        let of_others = Policies { identity: vec![everything.policy().clone()], ..policies.clone() };
        [(policies.clone(), members), (of_others, others)]
            .into_iter()
            .map(|(policies, callers)| self.asked.question(requests, policies, callers, |_| Settled::Open))
            .collect::<Option<_>>()
            .ok_or_else(unwritable)
    }

    /// Settles it; with a request that shows otherwise comes the number of its question.
    ///
    /// # Errors
    /// The engine contradicts a request that was found, or a proof.
    pub fn settle(
        &self,
        questions: &[prove::Question],
        options: &Options,
    ) -> Result<(Verdict, Option<usize>), Disagreement> {
        self.asked.settle(questions, options)
    }

    /// The actions that can be done to a resource.
    fn fitting(&self, resource: &str) -> Result<Vec<Action>, Vec<Fault>> {
        let fault =
            |action: &Action| not_on(action.name(), resource).or_else(|| not_in_account(action.name(), resource));
        let fitting: Vec<Action> = self.actions.iter().copied().filter(|action| fault(action).is_none()).collect();
        match (fitting.is_empty(), self.actions.first().and_then(fault)) {
            (true, Some(message)) => Err(vec![Fault::new(message)]),
            _ => Ok(fitting),
        }
    }
}

/// A condition as it stands in a policy. `name` is what the fault calls it.
///
/// # Errors
/// It cannot stand there.
pub fn condition(name: &str, condition: Value) -> Result<Value, Fault> {
    let statement = json!({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition});
    let document = json!({"Version": "2012-10-17", "Statement": statement}).to_string();
    let (_, findings) = Document::read_json(&document, Kind::Identity);
    match findings.into_iter().find(source::Finding::is_error) {
        Some(finding) => {
            let fault = Fault::new(format!("{name}: {}", finding.message));
            Err(finding.help.into_iter().fold(fault, Fault::help))
        }
        None => Ok(condition),
    }
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

/// The account of a resource: as given, by its ARN, or the caller's.
fn owner(request: &Request, resource: &str) -> Result<String, Vec<Fault>> {
    let of_arn = Arn::parse(resource).map(|arn| arn.account).filter(|account| !account.is_empty());
    let owner = request.resource_account.as_deref().or(of_arn).or(request.principal.account());
    owner.map(str::to_owned).ok_or_else(|| {
        let fault = Fault::new(format!("it is not known whose `{}` is", policy::plain(resource)));
        vec![fault.help("give the account with `--resource-account ID`, or as `resourceAccount` in a line")]
    })
}

fn unwritable(resource: &str) -> Vec<Fault> {
    vec![Fault::new(format!("`{}` cannot stand in a policy", policy::plain(resource)))]
}
