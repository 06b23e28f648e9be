//! One option, looked at from its cells: whom and what they depend on.

use serde_json::Value;

use super::{Capability, has_literal_variable};
use crate::call::ApiCall;
use crate::plan::Step;
use crate::prepared::{Broker, Start, Trial};
use crate::scenario::{self, By, CallerKind, RequestKind, Scenario};

/// One option, looked at from its cells.
pub(super) struct Dependencies<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) trial: &'a Trial,
}

impl<'a> Dependencies<'a> {
    pub(super) fn need(&self, capability: Capability, caller: usize, request: usize) -> bool {
        let plan = &self.trial.plan;
        match capability {
            Capability::Organization => plan.organization.is_some(),
            Capability::Endpoint => {
                let starts = self.chain(caller).into_iter().map(|start| match start {
                    Start::Assume { call, .. } => call.service,
                    Start::Task { run, .. } => run.service,
                    Start::User(_) | Start::Captured(_) => "",
                });
                let mut services = starts.chain(self.request(request).map(|(service, _)| service));
                services.any(|service| plan.endpoints.iter().any(|(known, _)| known == service))
            }
            Capability::Accounts => {
                let foreign = |step: &&Step| step.account != self.trial.environment.account;
                let names: Vec<&str> =
                    plan.calls.iter().filter(foreign).filter_map(|step| subject(&step.call)).collect();
                let other = plan.accounts.iter().map(String::as_str);
                let mut all = names.into_iter().chain(other);
                all.any(|name| self.touches(caller, request, name))
            }
            Capability::SessionTags => self.session_has("Tags", caller, request) || self.tagged_by_broker(caller),
            Capability::SourceIdentity => self.session_has("SourceIdentity", caller, request),
            Capability::SessionPolicy => {
                let narrows = |broker: &Broker| broker.session_policy.is_some();
                self.session_has("Policy", caller, request) || self.broker(caller).is_some_and(narrows)
            }
            Capability::Boundary => {
                self.subject_of(caller, request, |call| call.input.get("PermissionsBoundary").is_some())
            }
            Capability::Abac => self.subject_of(caller, request, |call| call.operation == "PutBucketAbac"),
            Capability::LiteralVariable => self.subject_of(caller, request, has_literal_variable),
            Capability::Ecs => {
                let before = self.scenario.requests.get(request).into_iter().flat_map(|request| &request.before);
                before.map(|step| step.operation.row.service()).any(|service| service == "ecs")
                    || self.request(request).is_some_and(|(service, _)| service == "ecs")
                    || self.broker(caller).is_some()
                    || self.chain(caller).iter().any(|start| matches!(start, Start::Task { .. }))
            }
            Capability::Container => self.runs_container(request),
            Capability::Running => self.needs_running(caller, request),
            Capability::InheritedTags => {
                let inherits = |start: &Start| matches!(start, Start::Task { run, .. } if inherits(run));
                // Nobody but a broker and ECS itself looks at a task's tags.
                let brokered = self.broker(caller).is_some() && self.chain(caller).into_iter().any(inherits);
                let names = self.scenario.callers.iter().zip(&self.trial.starts);
                let inheriting = names.filter(|(_, start)| inherits(start)).map(|(caller, _)| caller.name.as_str());
                let asked = self.request(request).filter(|(service, _)| *service == "ecs");
                brokered || asked.is_some_and(|(_, input)| inheriting.into_iter().any(|name| mentions(&input, name)))
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
                Start::Assume { by, .. } if chain.len() < self.trial.starts.len() => by.caller(),
                Start::Captured(captured) => Some(captured.of),
                _ => None,
            };
        }
        chain
    }

    /// The service that a request asks, and what it sends.
    fn request(&self, request: usize) -> Option<(&'static str, Value)> {
        match &self.scenario.requests.get(request)?.kind {
            RequestKind::Call { operation, input, .. } => {
                Some((operation.row.service(), self.trial.names.input(operation, input)))
            }
            RequestKind::Action(_) | RequestKind::Container { .. } => None,
        }
    }

    fn runs_container(&self, request: usize) -> bool {
        let asked = self.scenario.requests.get(request);
        asked.is_some_and(|asked| matches!(asked.kind, RequestKind::Container { .. }))
    }

    /// Whether a cell asks for something of a task but its role's session, or needs to know whether one starts.
    fn needs_running(&self, caller: usize, request: usize) -> bool {
        let of_task = |service: &str, operation: &str| service == "ecs" && operation != "RegisterTaskDefinition";
        let is_of_task = |step: &scenario::Step| of_task(step.operation.row.service(), step.operation.row.operation());
        let Some(asked) = self.scenario.requests.get(request) else { return false };
        let asks = match &asked.kind {
            RequestKind::Call { operation, .. } => of_task(operation.row.service(), operation.row.operation()),
            RequestKind::Action(_) => false,
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
        request.is_some_and(|(_, input)| asked(&input)) || self.chain(caller).iter().any(assumed)
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
            || self.request(request).is_some_and(|(_, input)| mentions(&input, name))
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
                Start::Assume { by: By::User(name), .. } => {
                    self.trial.hands.get(&name.text).into_iter().for_each(&mut user)
                }
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
    use super::is;

    #[test]
    fn a_name_is_found_as_a_part_of_arns_and_paths_alone() {
        assert!(is("arn:aws:iam::123456789012:role/service/worker", "worker"));
        assert!(is("arn:aws:s3:::box/a", "box") && is("box/a", "box") && is("box", "box"));
        assert!(!is("arn:aws:s3:::boxes/a", "box") && !is("inbox", "box"));
    }
}
