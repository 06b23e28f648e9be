//! What is otherwise in a real account: names, tags that say whose things are, and who stands in for ECS.
//!
//! Users, roles, managed policies and instance profiles get the tag `tagproof:run`. It changes no verdict: conditions
//! ask for tags by name, and `aws:TagKeys` is of a request, here one of the caller that sets up. Buckets get none, for
//! requests read their tags (GetBucketTagging answers 404 where there is none); groups can have none. Their names say
//! enough, beside something of the same run that has the tag.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};

use matrix::call::ApiCall;
use matrix::capability::{Limits, reduced};
use matrix::plan::Environment;
use matrix::{Prepared, Scenario, Trial};
use serde_json::{Value, json};

use super::danger::danger;
use super::emulator::PlannedResource;
use super::profile::BackendProfile;
use super::renaming::{Renaming, made};
use crate::aws::{Aws, PREFIX, TAG};

/// A real account, for one run.
pub(super) struct RealAccount {
    pub(super) aws: Aws,
    run: String,
    set_ups: AtomicU32,
}

impl RealAccount {
    /// The chance of each byte is nearly even.
    pub(super) fn new(aws: Aws, chance: [u8; 8]) -> Self {
        const DIGITS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
        let run = chance.iter().map(|byte| char::from(DIGITS[usize::from(*byte) % DIGITS.len()])).collect();
        Self { aws, run, set_ups: AtomicU32::new(0) }
    }

    /// What the names of the next set-up begin with. A name is used once: AWS remembers deleted ones for a while.
    pub(super) fn next_prefix(&self) -> String {
        self.prefix(&self.set_ups.fetch_add(1, Ordering::Relaxed).to_string())
    }

    fn prefix(&self, number: &str) -> String {
        format!("{PREFIX}{}-{number}-", self.run)
    }

    /// The ARNs of all roles that this run makes.
    pub(super) fn roles(&self) -> String {
        format!("arn:{}:iam::{}:role/*{PREFIX}{}-*", self.aws.partition, self.aws.account, self.run)
    }

    /// From where a trial plans things to be to where they are.
    pub(super) fn renaming(&self, from: &Environment, prefix: String) -> Renaming {
        let Aws { account, region, partition, .. } = &self.aws;
        let to = Environment { account: account.clone(), region: region.clone(), partition: partition.clone() };
        Renaming { prefix, from: from.clone(), to }
    }

    /// Any renaming, for what is to be said before: its prefix is as long as one can get.
    fn sample(&self, trial: &Trial) -> Renaming {
        self.renaming(&trial.environment, self.prefix("99999"))
    }

    /// An option without the calls that are not made in a real account, and the cells that are not asked there.
    pub(super) fn reduced(&self, profile: &BackendProfile, scenario: &Scenario, trial: &Trial) -> (Trial, Limits) {
        let reduced = reduced(profile.unsupported, trial);
        let limits = match self.refuses(scenario, &reduced) {
            Some(why) => Limits::all(scenario, &why),
            None => Limits::of(profile.unsupported, scenario, trial),
        };
        (reduced, limits)
    }

    /// Why an option cannot be run in a real account.
    fn refuses(&self, scenario: &Scenario, trial: &Trial) -> Option<String> {
        let calls = trial.calls(scenario);
        let calls: Vec<&ApiCall> = calls.iter().filter(|call| call.operation != "RunTask").collect();
        let refused = self.sample(trial).cannot(&calls);
        refused.or_else(|| danger(&calls, &trial.environment, &self.aws.caller))
    }

    /// The names that get too long, of all options of a scenario.
    pub(super) fn too_long(&self, profile: &BackendProfile, prepared: &Prepared) -> Vec<String> {
        let trials = prepared.trials.iter().map(|trial| reduced(profile.unsupported, trial));
        let each =
            trials.flat_map(|trial| self.sample(&trial).too_long(trial.plan.calls.iter().map(|step| &step.call)));
        each.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// What scenarios make.
    pub(super) fn listed(&self, profile: &BackendProfile, prepared: &[Prepared]) -> Vec<PlannedResource> {
        let prefix = self.prefix("*");
        let planned = |kind, name: &str| PlannedResource { kind, name: format!("{prefix}{name}") };
        let own = [("user", "anchor"), ("role", "probe-*"), ("user", "tagproof-canary"), ("bucket", "tagproof-canary")];
        let mut all: BTreeSet<_> = own.iter().map(|(kind, name)| planned(kind, name)).collect();
        let options = prepared.iter().flat_map(|one| one.trials.iter().map(|trial| (&*one.scenario, trial)));
        for (scenario, trial) in options {
            let (trial, limits) = self.reduced(profile, scenario, trial);
            if limits.leave_something(scenario) {
                let calls = trial.plan.calls.iter().map(|step| &step.call);
                all.extend(calls.filter_map(made).map(|(kind, name, _)| planned(kind, name)));
            }
        }
        all.into_iter().collect()
    }

    /// A call with the tag, where what it makes can have it.
    pub(super) fn tagged(&self, mut call: ApiCall) -> ApiCall {
        if ["CreateUser", "CreateRole", "CreatePolicy", "CreateInstanceProfile"].contains(&call.operation) {
            let mut tags = call.input["Tags"].as_array().cloned().unwrap_or_default();
            tags.push(json!({"Key": TAG, "Value": self.run}));
            call.input["Tags"] = json!(tags);
        }
        call
    }
}

/// A role's trust policy with one more statement, for the user who stands in for ECS.
pub(super) fn trusting(mut call: ApiCall, user: &str) -> ApiCall {
    let text = call.input["AssumeRolePolicyDocument"].as_str().unwrap_or_default();
    let Ok(mut document) = serde_json::from_str::<Value>(text) else { return call };
    let more = json!({"Effect": "Allow", "Principal": {"AWS": user}, "Action": "sts:AssumeRole"});
    let statements = match document["Statement"].take() {
        Value::Array(mut all) => {
            all.push(more);
            all
        }
        one => vec![one, more],
    };
    document["Statement"] = json!(statements);
    call.input["AssumeRolePolicyDocument"] = json!(document.to_string());
    call
}
