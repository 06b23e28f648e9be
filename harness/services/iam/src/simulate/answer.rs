//! The results of a simulation.

use std::sync::{Arc, LazyLock};

use account::Page;
use catalog::Catalog;
use policy::trace::{Element, StatementTrace};
use policy::{Decision, Document, Policies, Policy, Request, Verdict};
use serde_json::{Map, Value, json};

use super::super::document::place;
use super::super::managed::object;
use super::super::page::cut;
use super::given::Given;
use super::keys;
use super::subject::Subject;

/// One simulation, ready to be asked about each action on each resource.
pub(super) struct Answers<'a> {
    pub(super) subject: &'a Subject,
    pub(super) given: &'a Given,
}

/// Allows everything: what another policy makes of a request shows when it stands beside this one.
static EVERYTHING: LazyLock<Option<Arc<Policy>>> = LazyLock::new(|| {
    let text = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    let document = Document::read_json(text, policy::Kind::Identity).0?;
    Some(Arc::new(Policy::new("everything", policy::Kind::Identity, &document)))
});

impl Answers<'_> {
    /// One page of results, which are decided only when they are on it.
    pub(super) fn page(&self, page: &Page) -> Value {
        let width = self.given.resources.len();
        let count = self.given.actions.len().saturating_mul(width);
        let mut cut = cut(page, (0..count).map(|at| (format!("{at:010}"), json!(at))));
        for (_, item) in &mut cut.items {
            let at = item.as_u64().and_then(|at| usize::try_from(at).ok()).unwrap_or_default();
            *item = self.result(&self.given.actions[at / width], &self.given.resources[at % width]);
        }
        cut.answer("EvaluationResults")
    }

    fn result(&self, action: &str, resource: &str) -> Value {
        let request = Request {
            principal: self.given.caller.clone(),
            action: action.to_owned(),
            resource: resource.to_owned(),
            resource_account: self.given.owner.clone(),
            context: self.given.context.clone(),
        };
        let decision = policy::explain(&self.subject.policies, &request, &Catalog);
        let verdict = word(decision.verdict);
        let matched = self.matched(&decision);
        let missing = self.missing(&decision);
        let mut result = object(json!({
            "EvalActionName": action,
            "EvalResourceName": resource,
            "EvalDecision": verdict,
            "MatchedStatements": matched,
            "MissingContextValues": missing,
        }));
        self.add_details(&mut result, &request);
        if resource != "*" {
            let mut specific = object(json!({
                "EvalResourceName": resource,
                "EvalResourceDecision": verdict,
                "MatchedStatements": matched,
                "MissingContextValues": missing,
            }));
            if let Some(detail) = result.get("PermissionsBoundaryDecisionDetail") {
                specific.insert("PermissionsBoundaryDecisionDetail".to_owned(), detail.clone());
            }
            result.insert("EvalDecisionDetails".to_owned(), json!({}));
            result.insert("ResourceSpecificResults".to_owned(), json!([specific]));
        }
        result.into()
    }

    /// What the boundary and the organisation alone make of the request.
    fn add_details(&self, result: &mut Map<String, Value>, request: &Request) {
        let policies = &self.subject.policies;
        if policies.boundary.is_some() {
            let allowed = alone(request, Policies { boundary: policies.boundary.clone(), ..Policies::default() });
            let detail = json!({ "AllowedByPermissionsBoundary": allowed });
            result.insert("PermissionsBoundaryDecisionDetail".to_owned(), detail);
        }
        if !policies.service_control.is_empty() {
            let service_control = policies.service_control.clone();
            let allowed = alone(request, Policies { service_control, ..Policies::default() });
            result.insert("OrganizationsDecisionDetail".to_owned(), json!({ "AllowedByOrganizations": allowed }));
        }
    }

    /// The statements that decided: those that deny if one does, else those that allow, else none.
    fn matched(&self, decision: &Decision) -> Vec<Value> {
        let effect = match decision.verdict {
            Verdict::Allowed => "Allow",
            Verdict::ExplicitlyDenied => "Deny",
            Verdict::ImplicitlyDenied => return Vec::new(),
        };
        let mut found = Vec::new();
        for (name, statement) in statements(decision).filter(|(_, statement)| statement.matched) {
            let Some(source) = self.subject.source(name).filter(|_| has_effect(statement, effect)) else { continue };
            let matched = json!({
                "SourcePolicyId": source.id,
                "SourcePolicyType": source.kind,
                // AWS's positions are those that its JSON reader has after the opening and after the closing brace.
                "StartPosition": position(&source.text, statement.span.start as usize + 1),
                "EndPosition": position(&source.text, statement.span.end as usize),
            });
            if !found.contains(&matched) {
                found.push(matched);
            }
        }
        found
    }

    /// Keys that the statements about this action and resource ask for and that were not handed over.
    fn missing(&self, decision: &Decision) -> Vec<String> {
        let mut found = Vec::new();
        for (name, statement) in statements(decision) {
            let elsewhere = matches!(statement.failed, Some(Element::Principal | Element::Action));
            if let Some(source) = self.subject.source(name).filter(|_| !elsewhere) {
                keys::of_nth_statement(&source.text, statement.index, &mut found);
            }
        }
        found.retain(|key| self.given.context.get(key).is_none());
        found
    }
}

/// Whether policies that only limit let a request through.
fn alone(request: &Request, limits: Policies) -> bool {
    let identity = EVERYTHING.iter().cloned().collect();
    policy::decide(&Policies { identity, ..limits }, request).verdict == Verdict::Allowed
}

fn statements(decision: &Decision) -> impl Iterator<Item = (&str, &StatementTrace)> {
    let policies = decision.trace.iter().flat_map(|trace| &trace.policies);
    policies.flat_map(|policy| policy.statements.iter().map(|statement| (policy.name.as_str(), statement)))
}

/// The effect is in the trace's written form.
fn has_effect(statement: &StatementTrace, effect: &str) -> bool {
    serde_json::to_value(statement).is_ok_and(|statement| statement["effect"] == effect)
}

fn position(text: &str, at: usize) -> Value {
    let (line, column) = place(text, at);
    json!({ "Line": line, "Column": column })
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allowed => "allowed",
        Verdict::ImplicitlyDenied => "implicitDeny",
        Verdict::ExplicitlyDenied => "explicitDeny",
    }
}
