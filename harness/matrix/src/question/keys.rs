//! The keys of a request that names an action: which of them AWS sends there, and what follows from them.

use account::{Check, Tags as AccountTags};
use catalog::TagSet;
use policy::{Context, ContextValue, Principal};
use simulate::Simulator;
use source::{Finding, Span};

use super::QuestionBuilder;
use crate::scenario::{ActionRequest, CallerKind};

impl QuestionBuilder<'_> {
    /// Keys that AWS never sends there, and keys that contradict each other.
    pub(super) fn check_keys(&mut self, asked: &ActionRequest, arn: &str) {
        for (key, _, span) in &asked.context {
            self.findings.extend(self.refused(asked, arn, key, *span));
        }
        let question = simulate::Question {
            principal: self.asks().into(),
            action: asked.action.name().into(),
            resource: arn.into(),
            context: asked.context.iter().map(|(key, value, _)| (key.as_str().into(), value.clone())).collect(),
            ..simulate::Question::default()
        };
        let mut simulator = Simulator::new(None);
        match simulator.ask(question, false) {
            Ok(answer) => {
                if let Some((operation, also)) = simulator.besides(&answer.request) {
                    self.also_asked(asked.span, operation, also);
                }
            }
            Err(faults) => {
                let finding = |fault: simulate::Fault| Finding::error("BAD_QUESTION", asked.span, fault.message);
                self.findings.extend(faults.into_iter().map(finding));
            }
        }
    }

    /// Why a key cannot be given.
    fn refused(&self, asked: &ActionRequest, arn: &str, key: &str, span: Span) -> Option<Finding> {
        let (known, name) = (catalog::key(key)?, policy::plain(key));
        if !asked.action.carries_on(arn, known) {
            let message =
                format!("no request for {} on `{}` carries `{name}`", asked.action.name(), policy::plain(arn));
            let finding = Finding::error("KEY_NOT_SENT", span, message);
            return Some(finding.help("take it away: a condition on it sees no value in such a request"));
        }
        let service = asked.action.service().prefix();
        if known.is_of_network() && self.given.endpoints.contains_key(service) {
            let message =
                format!("`{name}` cannot be given here: the request comes through the endpoint for `{service}`");
            let help = format!("take it away; the endpoint under `given: {{endpoints: {{{service}: …}}}}` tells it");
            return Some(Finding::error("KEY_FOLLOWS", span, message).help(help));
        }
        if name.eq_ignore_ascii_case("aws:SourceIp")
            && let Some((other, ..)) = asked.context.iter().find(|(other, ..)| is_of_endpoint(other))
        {
            let message = format!("no request has both `{name}` and `{}`", policy::plain(other));
            let help = "a request through a VPC endpoint has `aws:VpcSourceIp` in its place: take one of the two away";
            return Some(Finding::error("KEY_NOT_SENT", span, message).help(help));
        }
        self.never_sent(key, span)
    }

    /// A key that none of the callers sends.
    fn never_sent(&self, key: &str, span: Span) -> Option<Finding> {
        let mut reasons: Vec<String> = Vec::new();
        for caller in self.callers {
            let why = never_from(&caller.kind, key)?;
            if !reasons.contains(&why) {
                reasons.push(why);
            }
        }
        let message = format!("no caller of this scenario sends `{}`", policy::plain(key));
        let finding = Finding::error("KEY_NOT_SENT", span, message);
        (!reasons.is_empty()).then(|| finding.help(format!("take it away: {}", reasons.join(", and "))))
    }

    /// Somebody of the kind of the first caller.
    fn asks(&self) -> String {
        let crate::plan::Environment { partition, account, .. } = self.environment;
        match self.callers.first().map(|caller| &caller.kind) {
            Some(CallerKind::User(_)) => format!("arn:{partition}:iam::{account}:user/caller"),
            _ => format!("arn:{partition}:sts::{account}:assumed-role/caller/session"),
        }
    }
}

/// Why requests by such a caller never have a key; `None`: they can.
///
/// A user signs with a long-term key here. All others have a session of a role.
pub(super) fn never_from(caller: &CallerKind, key: &str) -> Option<String> {
    let CallerKind::User(_) = caller else {
        return simulate::never_from(&Principal::RoleSession { role: None, session: String::new() }, key);
    };
    match simulate::is_of_temporary(key) {
        true => Some("no request signed with a user's long-term key carries it".to_owned()),
        false => simulate::never_from(&Principal::User { arn: String::new() }, key),
    }
}

/// Whether only requests through a VPC endpoint have a key.
pub(super) fn is_of_endpoint(key: &str) -> bool {
    catalog::key(key).is_some_and(catalog::Key::is_of_endpoint)
}

/// The keys of the request, and what follows from them.
pub(super) fn with_keys(mut check: Check, asked: &ActionRequest) -> Check {
    let mut keys = Context::new();
    let mut passed = AccountTags::default();
    for (key, value, _) in &asked.context {
        match (catalog::tag(key), value) {
            (Some((TagSet::Request, tag)), ContextValue::One(value)) => passed.set(tag, value),
            (_, ContextValue::One(value)) => keys.set(key, value),
            (_, ContextValue::Many(values)) => keys.set_many(key, values.clone()),
        }
    }
    // The names of the tags of an object, as `aws:TagKeys` are those of the tags that are passed.
    for set in [TagSet::Object, TagSet::OutpostsObject] {
        let names = asked.context.iter().filter_map(|(key, ..)| catalog::tag(key).filter(|(of, _)| *of == set));
        let names: Vec<_> = names.map(|(_, tag)| tag.to_owned()).collect();
        if let Some(list) = set.keys().filter(|list| !names.is_empty() && keys.get(list).is_none()) {
            keys.set_many(list, names);
        }
    }
    for (key, value) in simulate::of_chain(&keys) {
        keys.set(key, value);
    }
    check.keys = keys;
    check.passing(&passed)
}
