//! What the tests build their cases with.

use std::sync::Arc;

use crate::{Context, Decision, Document, Kind, NoVocabulary, Policies, Policy, Principal, Request, Verdict};
use crate::{decide, explain};

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const ROLE: &str = "arn:aws:iam::111122223333:role/app";
pub(crate) const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/app/task-1";
pub(crate) const USER: &str = "arn:aws:iam::111122223333:user/ann";
pub(crate) const OBJECT: &str = "arn:aws:s3:::b/k";

/// A policy of some statements: `{…}, {…}`, in the 2012 version.
#[track_caller]
pub(crate) fn policy(kind: Kind, statements: &str) -> Arc<Policy> {
    whole(kind, "p", &format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#))
}

/// A policy of a whole document.
#[track_caller]
pub(crate) fn whole(kind: Kind, name: &str, text: &str) -> Arc<Policy> {
    let (document, findings) = Document::read_json(text, kind);
    let document = document.unwrap_or_else(|| panic!("{text}: {findings:?}"));
    Arc::new(Policy::new(name, kind, &document))
}

pub(crate) fn session() -> Principal {
    Principal::RoleSession { role: Some(ROLE.to_owned()), session: SESSION.to_owned() }
}

pub(crate) fn user() -> Principal {
    Principal::User { arn: USER.to_owned() }
}

pub(crate) fn request(principal: Principal, action: &str, resource: &str) -> Request {
    Request {
        principal,
        action: action.to_owned(),
        resource: resource.to_owned(),
        resource_account: None,
        context: Context::new(),
    }
}

/// A context written as `key=value; key=[a,b]; key=[]`.
pub(crate) fn context(text: &str) -> Context {
    let mut context = Context::new();
    for entry in text.split(';').map(str::trim).filter(|entry| !entry.is_empty()) {
        let (key, value) = entry.split_once('=').unwrap();
        match value.strip_prefix('[').and_then(|value| value.strip_suffix(']')) {
            Some("") => context.set_many(key, [""; 0]),
            Some(values) => context.set_many(key, values.split(',')),
            None => context.set(key, value),
        }
    }
    context
}

/// Decides both ways, and makes sure that they agree.
#[track_caller]
pub(crate) fn judged(policies: &Policies, request: &Request) -> Decision {
    let plain = decide(policies, request);
    let explained = explain(policies, request, &NoVocabulary);
    assert_eq!(plain.verdict, explained.verdict);
    assert_eq!(plain.by, explained.by);
    assert_eq!(plain.notes, explained.notes);
    assert_eq!(plain.denial(request, crate::Quoting::None), explained.denial(request, crate::Quoting::None));
    explained
}

/// The ids of the rows a decision rests on.
pub(crate) fn rows(decision: &Decision) -> Vec<&'static str> {
    decision.notes.iter().map(|row| row.id).collect()
}

/// `Allowed by identity`
pub(crate) fn summary(decision: &Decision) -> String {
    let word = match decision.verdict {
        Verdict::Allowed => "allowed",
        Verdict::ImplicitlyDenied => "implicit",
        Verdict::ExplicitlyDenied => "explicit",
    };
    let by: Vec<_> = decision.by.iter().map(Kind::name).collect();
    format!("{word} {}", by.join("+")).trim_end().to_owned()
}
