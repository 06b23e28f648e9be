//! The smallest change that would turn a decision, where one is evident.

use super::{condition, label, lacks, matching, silent, vacuous};
use crate::arn::Arn;
use crate::document::Effect;
use crate::facts::Rule;
use crate::trace::{ConditionTrace, Element, Flag, PolicyTrace, StatementTrace, Trace};
use crate::words::plain;
use crate::{Decision, Kind, Request, Verdict};

impl Decision {
    /// The smallest change that would turn it, if one is evident; for a vacuous Allow, what would make it bite.
    #[must_use]
    pub fn mend(&self, request: &Request) -> Option<String> {
        let trace = self.trace.as_ref()?;
        match self.verdict {
            Verdict::Allowed => self.by.iter().find_map(|kind| tighten(kind, trace)),
            Verdict::ExplicitlyDenied => self.by.iter().find_map(|kind| spare(kind, trace)),
            Verdict::ImplicitlyDenied if self.fact.is_some_and(|fact| fact.rule == Rule::Refused) => None,
            Verdict::ImplicitlyDenied => allow(self.by.iter().find(|&kind| !self.is_fact(kind))?, trace, request),
        }
    }
}

/// "Include the Null condition operator in the policy with a false value" to ask that the key be there.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
fn tighten(kind: Kind, trace: &Trace) -> Option<String> {
    let granting = matching(kind, trace, Effect::Allow);
    if granting.iter().any(|(_, statement)| vacuous(statement).next().is_none()) {
        return None;
    }
    let (policy, statement) = granting.first()?;
    let key = plain(&vacuous(statement).next()?.key);
    Some(format!(
        "add Null {key} = false to {}, so that a request without the key does not match",
        label(policy, statement)
    ))
}

fn spare(kind: Kind, trace: &Trace) -> Option<String> {
    let (policy, statement) = matching(kind, trace, Effect::Deny).into_iter().next()?;
    let key = plain(&vacuous(statement).next()?.key);
    Some(format!(
        "add Null {key} = false to {}, so that it denies only requests that have the key; IfExists would not do that",
        label(policy, statement)
    ))
}

fn allow(kind: Kind, trace: &Trace, request: &Request) -> Option<String> {
    let (action, resource) = (plain(&request.action), plain(&request.resource));
    let policies: Vec<_> = silent(kind, trace).collect();
    let statements =
        policies.iter().flat_map(|policy| policy.statements.iter().map(move |statement| (*policy, statement)));
    let about = statements
        .filter(|(_, statement)| statement.effect == Effect::Allow && statement.failed != Some(Element::Action));
    let Some((policy, statement)) = about.min_by_key(|(_, statement)| lacks(statement)) else {
        return Some(format!("allow {action} on {resource} in the {}", kind.words()));
    };
    if statement.failed != Some(Element::Condition) {
        return (statement.failed == Some(Element::Resource) && lacks(statement) == 100)
            .then(|| format!("add {resource} to the resources of {}", label(policy, statement)));
    }
    let mut failing = statement.conditions.iter().filter(|condition| !condition.holds);
    let failed = failing.next()?;
    // With two conditions in the way, no single change is evident.
    if failing.next().is_some() { None } else { of_condition(policy, statement, failed, request) }
}

fn of_condition(
    policy: &PolicyTrace,
    statement: &StatementTrace,
    failed: &ConditionTrace,
    request: &Request,
) -> Option<String> {
    let (key, label) = (plain(&failed.key), label(policy, statement));
    if failed.has(Flag::NeverCarried) {
        let others: Vec<_> = failed.alternatives.iter().map(|key| plain(key)).collect();
        return Some(match others.as_slice() {
            [] => format!("take the condition on {key} out of {label}: no request for this action carries it"),
            others => format!("use another key in {label}; this action can carry {}", others.join(", ")),
        });
    }
    if failed.has(Flag::MultivaluedUnderPlainOperator) {
        return Some(format!("write ForAnyValue:{} in {label}", failed.operator));
    }
    if failed.has(Flag::LiteralVariable) {
        return Some(format!("give the policy of {label} the Version 2012-10-17, so that `${{…}}` is replaced"));
    }
    if failed.has(Flag::LiteralWildcard) {
        return Some(format!("use {} in {label}", failed.operator.replace("Equals", "Like")));
    }
    let wanted = condition::wanted(failed);
    let give = |what: String| format!("{what}: {label} needs {wanted}");
    failed.has(Flag::FailedBecauseMissing).then(|| give(way_in(&failed.key, &request.resource)))
}

/// How a key comes into a request. Tags come from what they are on.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
fn way_in(key: &str, resource: &str) -> String {
    let (name, tag) = key.split_once('/').unwrap_or((key, ""));
    let tag = plain(tag);
    let is_bucket_or_object = Arn::parse(resource).is_some_and(|arn| arn.service == "s3" && arn.account.is_empty());
    match name.to_ascii_lowercase().as_str() {
        "aws:principaltag" => format!("give the caller the tag {tag}, or its session as a session tag"),
        "aws:requesttag" | "s3:requestobjecttag" => format!("pass the tag {tag} in the request"),
        "s3:existingobjecttag" => format!("give the object the tag {tag}"),
        // docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
        "aws:resourcetag" | "s3:buckettag" if is_bucket_or_object => {
            format!("give the bucket the tag {tag} and enable attribute-based access control for it")
        }
        other if other.ends_with(":resourcetag") => format!("give the resource the tag {tag}"),
        _ => format!("give the request the key {}", plain(key)),
    }
}
