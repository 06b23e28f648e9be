//! Claims in IAM's own words, made into questions.

use std::collections::BTreeMap;
use std::sync::Arc;

use policy::{ContextValue, Document, Kind, Policies, Policy, Principal, Request};
use serde_json::{Value, json};

use crate::{Claim, Disagreement, Options, Question, Verdict, prove};

/// A claim: what is asked for, and under which conditions.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Whether none is allowed, or all are.
    pub claim: Claim,
    /// The actions, with wildcards or without.
    pub actions: Vec<String>,
    /// The condition that the requests meet, as it stands in a policy.
    pub when: Option<Value>,
    /// The condition that they do not meet.
    pub unless: Option<Value>,
}

/// What is settled of a condition key in every request that is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It is as the given requests have it, for each their action: its value, or that it is not there.
    Exactly,
    /// It is there.
    Present,
    /// Nothing: a request may have it with any value, or not.
    Open,
}

/// The word that something is about nothing.
const NOTHING: &str = "no request can be as the claim describes it: whatever it claims would hold";

impl Asked {
    /// The question for some callers. `requests` has one for each action, on the same resource, which may have wildcards;
    /// `policies` are all that have a say. `settled` tells of a condition key what is settled beside the policies. `None`: it
    /// cannot be written as a policy.
    pub fn question(
        &self,
        requests: &[Request],
        policies: Policies,
        callers: Vec<Principal>,
        settled: impl Fn(&str) -> Settled,
    ) -> Option<Question> {
        let except = match &self.unless {
            None => None,
            Some(unless) => Some(policy("unless", vec![allow(json!("*"), json!("*"), Some(unless))])?),
        };
        let mut resources: Vec<String> = requests.iter().map(|request| literal(&request.resource)).collect();
        resources.sort();
        resources.dedup();
        let wanted = allow(json!(self.actions), json!(resources), self.when.as_ref());
        let scope = policy("when", vec![wanted.clone()])?;
        let every = policies.all().chain([&scope]).chain(&except);
        let mut keys: Vec<String> = every.flat_map(|policy| policy.keys()).map(str::to_owned).collect();
        keys.sort_by_key(|key| key.to_ascii_lowercase());
        keys.dedup_by(|one, other| one.eq_ignore_ascii_case(other));
        // Only keys that some policy looks at can count.
        let denials = keys.iter().flat_map(|key| match settled(key) {
            Settled::Exactly => exactly(key, requests),
            Settled::Present => vec![deny(&["*"], json!({"Null": {key: "true"}}))],
            Settled::Open => Vec::new(),
        });
        let statements = std::iter::once(wanted).chain(denials).collect();
        let owner = requests.first()?.resource_account.clone().unwrap_or_default();
        Some(Question { policies, callers, owner, scope: policy("when", statements)?, within: Vec::new(), except })
    }

    /// Settles all of its questions: a request that shows otherwise in one of them does so for the claim. Gives the number of
    /// that question with it. A claim is about something if one of them is; of nothing everything could be proved, and so it is
    /// undecided.
    ///
    /// # Errors
    /// If the engine contradicts a request that was found, or a proof.
    pub fn settle(&self, questions: &[Question], options: &Options) -> Result<(Verdict, Option<usize>), Disagreement> {
        let (mut laws, mut rows) = (Vec::new(), policy::undocumented::Notes::default());
        let (mut undecided, mut is_about_nothing) = (None, true);
        for (number, question) in questions.iter().enumerate() {
            match prove(question, self.claim, options)? {
                found @ Verdict::Found { .. } => return Ok((found, Some(number))),
                one @ Verdict::Undecided { .. } => {
                    is_about_nothing = false;
                    undecided = undecided.or(Some(one));
                }
                Verdict::Proved { laws: more, rows: others } => {
                    is_about_nothing &= self::is_about_nothing(question, options)?;
                    laws.extend(more);
                    rows.merge(others);
                }
            }
        }
        if is_about_nothing {
            return Ok((Verdict::Undecided { reason: NOTHING.to_owned() }, None));
        }
        laws.sort_by_key(|law| (law.tier, law.id));
        laws.dedup();
        Ok((undecided.unwrap_or(Verdict::Proved { laws, rows }), None))
    }
}

/// Whether no request at all is in scope.
fn is_about_nothing(question: &Question, options: &Options) -> Result<bool, Disagreement> {
    let Question { callers, owner, scope, within, except, .. } = question;
    let alone = Question {
        policies: Policies::default(),
        callers: callers.clone(),
        owner: owner.clone(),
        scope: scope.clone(),
        within: within.clone(),
        except: except.clone(),
    };
    for claim in [Claim::Always, Claim::Never] {
        if !matches!(prove(&alone, claim, options)?, Verdict::Proved { .. }) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// That each action's requests have what is given for a key.
fn exactly(key: &str, requests: &[Request]) -> Vec<Value> {
    let mut by_value: BTreeMap<Option<Vec<&str>>, Vec<&str>> = BTreeMap::new();
    for request in requests {
        let values = request.context.get(key).map(|value| match value {
            ContextValue::One(value) => vec![value.as_str()],
            ContextValue::Many(values) => values.iter().map(String::as_str).collect(),
        });
        by_value.entry(values).or_default().push(&request.action);
    }
    let is_many = requests.iter().any(|request| matches!(request.context.get(key), Some(ContextValue::Many(_))));
    let of_value = |(values, actions): (Option<Vec<&str>>, Vec<&str>)| {
        let Some(values) = values else { return vec![deny(&actions, json!({"Null": {key: "false"}}))] };
        let texts: Vec<String> = values.iter().map(|value| literal(value)).collect();
        if !is_many {
            return vec![deny(&actions, json!({"StringNotEquals": {key: texts}}))];
        }
        // It is there, holds nothing else, and holds each of them.
        let mut all = vec![
            deny(&actions, json!({"Null": {key: "true"}})),
            deny(&actions, json!({"ForAnyValue:StringNotEquals": {key: texts}})),
        ];
        all.extend(texts.iter().map(|text| deny(&actions, json!({"ForAllValues:StringNotEquals": {key: text}}))));
        all
    };
    by_value.into_iter().flat_map(of_value).collect()
}

fn allow(actions: Value, resources: Value, condition: Option<&Value>) -> Value {
    let mut statement = json!({"Effect": "Allow", "Action": actions, "Resource": resources});
    if let Some(condition) = condition {
        statement["Condition"] = condition.clone();
    }
    statement
}

fn deny(actions: &[&str], condition: Value) -> Value {
    json!({"Effect": "Deny", "Action": actions, "Resource": "*", "Condition": condition})
}

fn policy(name: &str, statements: Vec<Value>) -> Option<Arc<Policy>> {
    let text = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
    let (document, _) = Document::read_json(&text, Kind::Identity);
    Some(Arc::new(Policy::new(name, Kind::Identity, &document?)))
}

/// A text as a policy writes it: what would begin a variable is none.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
fn literal(text: &str) -> String {
    text.replace('$', "${$}")
}
