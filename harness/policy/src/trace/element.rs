//! What Principal, Action and Resource of a statement said.

use serde::Serialize;

use crate::action::Actions;
use crate::compile::{Grant, Resources, Statement, Whom};
use crate::evaluate::{PreparedRequest, Steps};
use crate::undocumented::Notes;
use crate::words::{plain, quoted};

/// What one of the elements Principal, Action and Resource, or of their negations, said.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ElementTrace {
    /// In AWS's spelling: `NotResource`.
    pub element: &'static str,
    /// Whether the statement is about the request, as far as this element goes.
    pub matched: bool,
    /// The policy's values as written.
    pub values: Vec<String>,
    /// What they came to in this request; `null` where a variable had no value. Empty if none has a variable.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resolved: Vec<Option<String>>,
    /// The first value that the request's is one of, counted from 0; of a negation, the one that leaves it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<usize>,
}

impl ElementTrace {
    /// Its values as written, with what a variable in them came to behind; safe to show.
    pub fn shown(&self) -> impl Iterator<Item = String> {
        self.values.iter().enumerate().map(|(at, value)| match self.resolved.get(at) {
            Some(Some(resolved)) if resolved != value && value.contains("${") => {
                format!("{} ({})", plain(value), quoted(resolved))
            }
            Some(None) => format!("{} (a variable has no value)", plain(value)),
            _ => plain(value),
        })
    }
}

/// The elements of a statement about the action.
pub(super) fn elements(statement: &Statement, prepared: &PreparedRequest<'_>, steps: Steps) -> Vec<ElementTrace> {
    let principal = principal(&statement.whom, prepared, steps.grant != Grant::None);
    let action = action(&statement.actions, &prepared.request.action);
    let resource = statement.resources.as_ref().map(|resources| resource(resources, prepared, steps.resource));
    principal.into_iter().chain([action]).chain(resource).collect()
}

fn action(actions: &Actions, action: &str) -> ElementTrace {
    let on = actions.patterns.iter().position(|pattern| pattern.covers(action));
    ElementTrace {
        element: if actions.not { "NotAction" } else { "Action" },
        matched: on.is_some() != actions.not,
        values: owned(&actions.texts),
        resolved: Vec::new(),
        on,
    }
}

fn principal(whom: &Whom, prepared: &PreparedRequest<'_>, matched: bool) -> Option<ElementTrace> {
    let (element, names) = match whom {
        Whom::Holder => return None,
        Whom::Named(names) => ("Principal", names),
        Whom::AllBut(names) => ("NotPrincipal", names),
    };
    let values = names.iter().map(ToString::to_string).collect();
    let on = names.iter().position(|name| name.names(&prepared.request.principal));
    Some(ElementTrace { element, matched, values, resolved: Vec::new(), on })
}

fn resource(resources: &Resources, prepared: &PreparedRequest<'_>, matched: bool) -> ElementTrace {
    let (resource, context) = (&prepared.request.resource, &prepared.request.context);
    let meets =
        |pattern: &crate::arn_pattern::Item| pattern.matches(resource, context, &mut Notes::default()) == Some(true);
    let has_variables = resources.texts.iter().any(|text| text.contains("${"));
    let resolved = resources.patterns.iter().filter(|_| has_variables).map(|pattern| pattern.resolved(context));
    ElementTrace {
        element: if resources.not { "NotResource" } else { "Resource" },
        matched,
        values: owned(&resources.texts),
        resolved: resolved.collect(),
        on: resources.patterns.iter().position(meets),
    }
}

fn owned(texts: &[Box<str>]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}
