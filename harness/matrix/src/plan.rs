//! What an option's account is made with: AWS API calls, in order, worked out before any is sent.

mod given;
mod iam;
mod s3;
mod stack;

pub(crate) use stack::another_revision;

#[cfg(test)]
mod tests;

use account::{Endpoint, Levels, Organization};
use policy::{Document, Kind, Policy};
use serde_json::Value;
use source::FileId;
use std::sync::Arc;
use template::Stack;

use crate::call::ApiCall;
use crate::results::NotApplied;
use crate::scenario::{self, Given};

/// Where everything is: an account and a region, as the AWS CDK calls the two together.
/// docs.aws.amazon.com/cdk/v2/guide/environments.html
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// Its 12 digits.
    pub account: String,
    /// `us-east-1`
    pub region: String,
    /// `aws`
    pub partition: String,
}

/// How an option's world comes to be.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The accounts beside the one under test.
    pub accounts: Vec<String>,
    /// The organisation above them. No API call here makes one.
    pub organization: Option<Organization>,
    /// VPC endpoints, by service. No API call here makes one.
    pub endpoints: Vec<(String, Endpoint)>,
    /// What each account's root user calls, in order.
    pub calls: Vec<Step>,
}

/// One call, by the root user of an account.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The account.
    pub account: String,
    /// The call.
    pub call: ApiCall,
}

/// Plans an option: the stack, and what is given beside it.
///
/// Those whom a policy names must be there before the policy is (IAM refuses a trust policy that names nobody), and what
/// is attached must be there before it is attached. So managed policies come first, for they name nobody and may be
/// boundaries; then users, roles, groups and buckets, then the stack, then what is attached to or put into what was given.
pub(crate) fn plan(environment: &Environment, stack: &Stack, given: &Given) -> (Plan, Vec<NotApplied>) {
    let mut plan = Plan {
        accounts: given.accounts.keys().cloned().collect(),
        organization: given.organization.as_ref().map(organization),
        endpoints: given
            .endpoints
            .iter()
            .filter_map(|(service, one)| Some((service.clone(), endpoint(environment, one)?)))
            .collect(),
        calls: Vec::new(),
    };
    let holdings: Vec<_> = given.accounts.iter().chain([(&environment.account, &given.home)]).collect();
    let made = s3::buckets_of(stack);
    for (account, holdings) in &holdings {
        plan.add(account, given::principals(holdings));
        plan.add(account, given::buckets(environment, holdings, &made));
    }
    let (calls, not_applied) = stack::calls(environment, stack);
    plan.add(&environment.account, given::stand_ins(environment, stack, &calls));
    plan.add(&environment.account, calls);
    for (account, holdings) in &holdings {
        plan.add(account, given::attachments(holdings));
        plan.add(account, given::contents(environment, account, holdings));
    }
    // The sort is stable.
    plan.calls.sort_by_key(|step| match step.call.operation {
        "CreatePolicy" => 0,
        // It binds the root user too: it comes when all that the bucket holds is there.
        "PutBucketPolicy" => 2,
        _ => 1,
    });
    (plan, not_applied)
}

impl Plan {
    fn add(&mut self, account: &str, calls: Vec<ApiCall>) {
        self.calls.extend(calls.into_iter().map(|call| Step { account: account.to_owned(), call }));
    }
}

fn organization(given: &scenario::Organization) -> Organization {
    let levels = |levels: &scenario::Levels| Levels {
        service_control: controls(&levels.service_control, Kind::ServiceControl),
        resource_control: controls(&levels.resource_control, Kind::ResourceControl),
        path: levels.path.clone(),
    };
    Organization {
        id: given.id.clone(),
        management: given.management.clone(),
        members: given.members.iter().map(|(account, given)| (account.clone(), levels(given))).collect(),
    }
}

fn controls(levels: &[Vec<scenario::Control>], kind: Kind) -> Vec<Vec<Arc<Policy>>> {
    let level = |controls: &Vec<scenario::Control>| {
        controls.iter().filter_map(|control| compile(&control.name, kind, &control.document)).collect()
    };
    levels.iter().map(level).collect()
}

/// The endpoint and its VPC belong to the account under test.
fn endpoint(environment: &Environment, given: &scenario::Endpoint) -> Option<Endpoint> {
    let policy = compile(&given.id, Kind::Endpoint, &given.policy)?;
    Some(Endpoint { id: given.id.clone(), vpc: given.vpc.clone(), account: environment.account.clone(), policy })
}

/// `None` only for a document with errors, and those were said when the scenario was read.
pub(crate) fn compile(name: &str, kind: Kind, document: &Value) -> Option<Arc<Policy>> {
    let (node, _) = source::json::read(FileId::default(), &document.to_string());
    let (document, _) = Document::read(&node?, kind);
    Some(Arc::new(Policy::new(name, kind, &document?)))
}
