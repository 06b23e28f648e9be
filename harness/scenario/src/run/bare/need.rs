//! What cells are about that an emulator may have no means for, and which cells those are.

use std::collections::HashMap;

use serde_json::Value;

use super::emulator::{Cannot, Known};
use crate::api::ApiCall;
use crate::plan::Step;
use crate::prepare::{Broker, Start, Trial};
use crate::scenario::{self, CallerKind, RequestKind, Scenario};

/// Something that not every emulator has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// SCPs and RCPs.
    Organization,
    /// VPC endpoints with their policies.
    Endpoint,
    /// More than one account.
    Accounts,
    /// Tags of a role session.
    SessionTags,
    /// A role session's `SourceIdentity`.
    SourceIdentity,
    /// A session policy.
    SessionPolicy,
    /// A permissions boundary.
    Boundary,
    /// Bucket tags that count in authorisation.
    Abac,
    /// ECS.
    Ecs,
    /// Tags that a task has from its definition, or from ECS.
    InheritedTags,
    /// `${…}` in a policy without a Version: literal text.
    LiteralVariable,
    /// A task that runs, or what becomes of starting one.
    Running,
}

/// What an emulator cannot express of an option: which cells, and why.
#[derive(Clone, Debug, Default)]
pub(super) struct Limits(HashMap<(usize, usize), String>);

impl Limits {
    pub(super) fn of(known: &Known, scenario: &Scenario, trial: &Trial) -> Self {
        let scene = Scene { scenario, trial };
        let mut limits = Self::default();
        for caller in 0..scenario.callers.len() {
            for request in 0..scenario.requests.len() {
                let hit = known.cannot.iter().find(|cannot| scene.concerns(cannot.need, caller, request));
                if let Some(Cannot { why, seen, .. }) = hit {
                    let seen = if seen.is_empty() { String::new() } else { format!(" (observed: {seen})") };
                    limits.0.insert((caller, request), format!("{why}{seen}"));
                }
            }
        }
        limits
    }

    /// None of the cells.
    pub(super) fn none(scenario: &Scenario, why: &str) -> Self {
        let requests = 0..scenario.requests.len();
        let cells =
            (0..scenario.callers.len()).flat_map(|caller| requests.clone().map(move |request| (caller, request)));
        Self(cells.map(|cell| (cell, why.to_owned())).collect())
    }

    pub(super) fn why(&self, caller: usize, request: usize) -> Option<&str> {
        self.0.get(&(caller, request)).map(String::as_str)
    }

    /// Whether some cell can be asked for.
    pub(super) fn leave_something(&self, scenario: &Scenario) -> bool {
        self.0.len() < scenario.callers.len() * scenario.requests.len()
    }
}

/// The option without the set-up calls that the emulator cannot be asked.
pub(super) fn reduced(known: &Known, trial: &Trial) -> Trial {
    let mut trial = trial.clone();
    let home = trial.place.account.clone();
    let left_out = |step: &Step| known.cannot.iter().any(|cannot| cannot.need.leaves_out(step, &home));
    trial.plan.calls.retain(|step| !left_out(step));
    trial
}

impl Need {
    fn leaves_out(self, step: &Step, home: &str) -> bool {
        match self {
            Self::Accounts => step.account != home,
            Self::Ecs => step.call.service == "ecs",
            Self::Abac => step.call.operation == "PutBucketAbac" || step.call.service == "s3control",
            Self::LiteralVariable => has_literal_variable(&step.call),
            // Nobody asks for what only tasks use.
            Self::Running => ["ecs", "logs"].contains(&step.call.service),
            _ => false,
        }
    }
}

/// `${` in a document without a Version.
fn has_literal_variable(call: &ApiCall) -> bool {
    super::adapt::document(call).is_some_and(|(_, document)| {
        document.get("Version").is_none_or(|version| version != "2012-10-17") && document.to_string().contains("${")
    })
}

/// One option, looked at from its cells.
struct Scene<'a> {
    scenario: &'a Scenario,
    trial: &'a Trial,
}

impl<'a> Scene<'a> {
    fn concerns(&self, need: Need, caller: usize, request: usize) -> bool {
        let plan = &self.trial.plan;
        match need {
            Need::Organization => plan.organization.is_some(),
            Need::Endpoint => {
                let starts = self.chain(caller).into_iter().map(|start| match start {
                    Start::Assume { call, .. } => call.service,
                    Start::Task { run, .. } => run.service,
                    Start::User(_) | Start::Captured(_) => "",
                });
                let mut services = starts.chain(self.request(request).map(|(service, _)| service));
                services.any(|service| plan.endpoints.iter().any(|(known, _)| known == service))
            }
            Need::Accounts => {
                let foreign = |step: &&Step| step.account != self.trial.place.account;
                let names: Vec<&str> =
                    plan.calls.iter().filter(foreign).filter_map(|step| subject(&step.call)).collect();
                let other = plan.accounts.iter().map(String::as_str);
                let mut all = names.into_iter().chain(other);
                all.any(|name| self.touches(caller, request, name))
            }
            Need::SessionTags => self.session_has("Tags", caller, request) || self.tagged_by_broker(caller),
            Need::SourceIdentity => self.session_has("SourceIdentity", caller, request),
            Need::SessionPolicy => {
                let narrows = |broker: &Broker| broker.session_policy.is_some();
                self.session_has("Policy", caller, request) || self.broker(caller).is_some_and(narrows)
            }
            Need::Boundary => self.subject_of(caller, request, |call| call.input.get("PermissionsBoundary").is_some()),
            Need::Abac => self.subject_of(caller, request, |call| call.operation == "PutBucketAbac"),
            Need::LiteralVariable => self.subject_of(caller, request, has_literal_variable),
            Need::Ecs => {
                let before = self.scenario.requests.get(request).into_iter().flat_map(|request| &request.before);
                before.map(|step| step.operation.service()).any(|service| service == "ecs")
                    || self.request(request).is_some_and(|(service, _)| service == "ecs")
                    || self.broker(caller).is_some()
                    || self.chain(caller).iter().any(|start| matches!(start, Start::Task { .. }))
            }
            Need::Running => self.needs_running(caller, request),
            Need::InheritedTags => {
                let inherits = |start: &Start| matches!(start, Start::Task { run, .. } if inherits(run));
                // Nobody but a broker and ECS itself looks at a task's tags.
                let brokered = self.broker(caller).is_some() && self.chain(caller).into_iter().any(inherits);
                let names = self.scenario.callers.iter().zip(&self.trial.starts);
                let inheriting = names.filter(|(_, start)| inherits(start)).map(|(caller, _)| caller.name.as_str());
                let asked = self.request(request).filter(|(service, _)| *service == "ecs");
                brokered || asked.is_some_and(|(_, input)| inheriting.into_iter().any(|name| mentions(input, name)))
            }
        }
    }

    /// How a caller starts, and those by whom it is assumed.
    fn chain(&self, caller: usize) -> Vec<&'a Start> {
        let mut chain = Vec::new();
        let mut next = Some(caller);
        while let Some(start) = next.and_then(|at| self.trial.starts.get(at)) {
            chain.push(start);
            next = match start {
                Start::Assume { by, .. } if chain.len() < self.trial.starts.len() => Some(*by),
                Start::Captured(captured) => Some(captured.of),
                _ => None,
            };
        }
        chain
    }

    fn request(&self, request: usize) -> Option<(&'static str, &'a Value)> {
        match &self.scenario.requests.get(request)?.kind {
            RequestKind::Call { operation, input } => Some((operation.service(), input)),
            RequestKind::Container { .. } => None,
        }
    }

    /// Whether a cell asks for something of a task but its role's session, or needs to know whether one starts.
    fn needs_running(&self, caller: usize, request: usize) -> bool {
        let of_task = |service: &str, operation: &str| service == "ecs" && operation != "RegisterTaskDefinition";
        let is_of_task = |step: &scenario::Step| of_task(step.operation.service(), step.operation.operation());
        let Some(asked) = self.scenario.requests.get(request) else { return false };
        let asks = match &asked.kind {
            RequestKind::Call { operation, .. } => of_task(operation.service(), operation.operation()),
            RequestKind::Container { .. } => true,
        };
        let is_task = |start: &&Start| matches!(start, Start::Task { .. });
        let prepares = |caller: &scenario::Caller| match &caller.kind {
            CallerKind::Task(task) => !task.before.is_empty(),
            _ => false,
        };
        // What a launcher may start, and what a broker reads of a task, only a task tells.
        let launched = self.trial.launcher.is_some() && self.chain(caller).iter().any(is_task);
        let brokered = self.broker(caller).is_some();
        asks || launched || brokered || asked.before.iter().any(is_of_task) || prepares(&self.scenario.callers[caller])
    }

    /// Whether a session that the cell needs is asked for with this member.
    fn session_has(&self, member: &str, caller: usize, request: usize) -> bool {
        let asked = |input: &Value| input.get(member).is_some_and(|value| !value.as_array().is_some_and(Vec::is_empty));
        let assumed = |start: &&Start| matches!(start, Start::Assume { call, .. } if asked(&call.input));
        let request = self.request(request).filter(|(service, _)| *service == "sts");
        request.is_some_and(|(_, input)| asked(input)) || self.chain(caller).iter().any(assumed)
    }

    /// The broker, if the caller or somebody whom it needs has its credentials from there.
    fn broker(&self, caller: usize) -> Option<&'a Broker> {
        self.trial.broker.as_ref().filter(|_| self.chain(caller).into_iter().any(Start::through_broker))
    }

    /// Whether the broker passes a tag of the caller's task on.
    fn tagged_by_broker(&self, caller: usize) -> bool {
        let Some(broker) = self.broker(caller) else { return false };
        let passes = |run: &ApiCall| {
            let mut tags = run.input["tags"].as_array().into_iter().flatten();
            inherits(run) || tags.any(|tag| broker.copies.iter().any(|key| tag["key"] == key.as_str()))
        };
        self.chain(caller).into_iter().any(|start| matches!(start, Start::Task { run, .. } if passes(run)))
    }

    /// Whether the cell is about somebody or something that such a call makes or changes.
    fn subject_of(&self, caller: usize, request: usize, such: impl Fn(&ApiCall) -> bool) -> bool {
        let calls = self.trial.plan.calls.iter().map(|step| &step.call).filter(|call| such(call));
        calls.filter_map(subject).any(|name| self.touches(caller, request, name))
    }

    /// Whether a name is that of the caller, of somebody it needs, or stands in the request.
    fn touches(&self, caller: usize, request: usize, name: &str) -> bool {
        self.principals(caller).iter().any(|principal| is(principal, name))
            || self.request(request).is_some_and(|(_, input)| mentions(input, name))
    }

    /// Everybody whose permissions a caller's cells depend on: users with their groups and accounts, roles.
    fn principals(&self, caller: usize) -> Vec<&'a str> {
        let mut all = Vec::new();
        let mut user = |user: &'a crate::directory::User| {
            all.extend([user.name.as_str(), user.account.as_str()]);
            let joins = self.trial.plan.calls.iter().map(|step| &step.call);
            let joins = joins.filter(|call| call.operation == "AddUserToGroup" && call.input["UserName"] == user.name);
            all.extend(joins.filter_map(|call| call.input["GroupName"].as_str()));
        };
        let (chain, broker) = (self.chain(caller), self.broker(caller));
        for start in &chain {
            match start {
                Start::User(one) => user(one),
                Start::Task { .. } => self.trial.launcher.iter().for_each(&mut user),
                Start::Assume { .. } | Start::Captured(_) => {}
            }
        }
        broker.iter().for_each(|broker| user(&broker.user));
        for start in chain {
            match start {
                Start::Task { role, .. } => all.extend(role.as_deref()),
                Start::Assume { call, .. } => all.extend(call.input["RoleArn"].as_str()),
                Start::User(_) | Start::Captured(_) => {}
            }
        }
        all.extend(broker.map(|broker| broker.role_arn.as_str()));
        all
    }
}

/// Whether a task has the tags of its definition. Those that ECS itself gives are its names for cluster and service.
fn inherits(run: &ApiCall) -> bool {
    run.input.get("propagateTags").is_some()
}

/// Whom or what a set-up call is about.
fn subject(call: &ApiCall) -> Option<&str> {
    ["RoleName", "UserName", "GroupName", "Bucket"].iter().find_map(|member| call.input[*member].as_str())
}

/// Whether a text is a name, or an ARN or a path with it.
fn is(text: &str, name: &str) -> bool {
    text.split(['/', ':']).any(|part| part == name)
}

fn mentions(input: &Value, name: &str) -> bool {
    match input {
        Value::String(text) => is(text, name),
        Value::Array(items) => items.iter().any(|item| mentions(item, name)),
        Value::Object(members) => members.values().any(|value| mentions(value, name)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::emulator::{LOCALSTACK, MINISTACK, MOTO};
    use super::*;

    /// The cells that are left out, as `option: callers`; all requests of a caller or none of them.
    fn left_out(known: &Known) -> Vec<String> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/ecs-task-tag");
        let prepared = crate::load(&path).unwrap();
        let (scenario, requests) = (&prepared.scenario, prepared.scenario.requests.len());
        let row = |(variant, trial): (&crate::scenario::Variant, &std::sync::Arc<Trial>)| {
            let limits = Limits::of(known, scenario, trial);
            let out = |caller: &usize| (0..requests).all(|request| limits.why(*caller, request).is_some());
            let callers: Vec<_> = (0..scenario.callers.len()).filter(out).collect();
            assert_eq!(limits.0.len(), callers.len() * requests, "{}", variant.name);
            let names = callers.iter().map(|at| scenario.callers[*at].name.as_str()).collect::<Vec<_>>().join(" ");
            (!names.is_empty()).then(|| format!("{}: {names}", variant.name))
        };
        scenario.options.iter().zip(&prepared.trials).filter_map(row).collect()
    }

    const ALL: &str = "status-ok status-ng untagged key-other-case value-other-case propagated managed-tags";

    #[test]
    fn exactly_the_cells_that_need_it_are_left_out() {
        let all = |option: &str| format!("{option}: {ALL}");
        let broker = "principal-tag-through-broker";
        assert_eq!(
            left_out(&MOTO),
            [
                all("resource-tag-on-bucket-abac-on"),
                all("bucket-tag-abac-on"),
                // Tasks of which the broker passes no tag on have a session like any other.
                format!("{broker}: status-ok status-ng value-other-case propagated"),
                all("object-tag-is-principal-tag-without-version"),
            ]
        );
        let ministack =
            [all("resource-tag-on-bucket-abac-on"), all("bucket-tag-abac-on"), format!("{broker}: propagated")];
        assert_eq!(left_out(&MINISTACK), ministack);
        let localstack = left_out(&LOCALSTACK);
        assert!(localstack.len() == 21 && localstack.iter().all(|row| row.ends_with(ALL)), "{localstack:#?}");
    }

    /// The cells of a broker's callers: all that is needed of those whose sessions it gives them for.
    #[test]
    fn what_comes_through_a_broker_needs_what_the_broker_does() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/ecs-broker");
        let prepared = crate::load(&path).unwrap();
        let scenario = &prepared.scenario;
        let out = |known: &Known, option: &str| {
            let at = scenario.options.iter().position(|variant| variant.name == option).unwrap();
            let limits = Limits::of(known, scenario, &prepared.trials[at]);
            let cell = |caller: usize, request: usize| {
                let names = (&scenario.callers[caller].name, &scenario.requests[request].name);
                limits.why(caller, request).map(|_| format!("{}/{}", names.0, names.1))
            };
            let cells = |caller| (0..scenario.requests.len()).filter_map(move |request| cell(caller, request));
            let left: Vec<_> = (0..scenario.callers.len()).flat_map(cells).collect();
            left
        };
        let past = ["ng-itself", "intruder"];
        let strict = out(&MOTO, "strict");
        assert_eq!(strict.len(), 10 * 3, "{strict:?}");
        assert!(strict.iter().all(|cell| !past.iter().any(|name| cell.starts_with(name))), "{strict:?}");
        assert_eq!(out(&MOTO, "without-a-session-policy"), Vec::<String>::new());
        assert_eq!(out(&MINISTACK, "strict"), Vec::<String>::new());
        // The user is no task; before the request `late` one is tagged.
        let without_ecs = out(&LOCALSTACK, "strict");
        assert!(without_ecs.contains(&"intruder/late".to_owned()), "{without_ecs:?}");
        assert!(!without_ecs.contains(&"intruder/get".to_owned()), "{without_ecs:?}");
        assert_eq!(without_ecs.len(), 11 * 3 + 1, "{without_ecs:?}");
    }

    #[test]
    fn a_name_is_found_as_a_part_of_arns_and_paths_alone() {
        assert!(is("arn:aws:iam::123456789012:role/service/worker", "worker"));
        assert!(is("arn:aws:s3:::box/a", "box") && is("box/a", "box") && is("box", "box"));
        assert!(!is("arn:aws:s3:::boxes/a", "box") && !is("inbox", "box"));
    }
}
