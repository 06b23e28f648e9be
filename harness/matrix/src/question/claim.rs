//! What a claim is about: resources as requests name them, with the policy that is theirs.

use account::Check;
use catalog::Action;
use source::Finding;
use template::attached::{self, Guarded};

use super::{QuestionBuilder, held, policy_of, tags};
use crate::scenario::{ActionRequest, Claim, Name};

/// A resource that a claim is about, or all those that lie in one.
#[derive(Clone, Debug)]
pub(crate) struct ClaimedResource {
    /// One for each action of the claim that can be done to it. What is asked on has wildcards where the claim has them.
    pub(crate) checks: Vec<Check>,
    /// Whether the tags that the checks have are all that it has; else it may have any.
    pub(crate) has_known_tags: bool,
}

impl QuestionBuilder<'_> {
    /// The resources of a claim; `None`: one of them is not there, or cannot be claimed about.
    pub(crate) fn claimed(&mut self, claim: &Claim) -> Option<Vec<ClaimedResource>> {
        let actions: Vec<Action> = claim.actions.iter().flat_map(|pattern| catalog::expand(&pattern.text)).collect();
        let resources: Vec<_> = claim.resources.iter().map(|name| self.claimed_resource(&actions, name)).collect();
        resources.into_iter().collect()
    }

    fn claimed_resource(&mut self, actions: &[Action], name: &Name) -> Option<ClaimedResource> {
        let asked = |action: Action| ActionRequest {
            action,
            resource: name.text.clone(),
            span: name.span,
            context: Vec::new(),
        };
        let can_be_done =
            |action: &Action| self.found(&asked(*action)).is_some_and(|(arn, _)| super::is_on(*action, &arn));
        let fitting: Vec<Action> = actions.iter().copied().filter(can_be_done).collect();
        // Of an action that cannot be done to it, it is told why.
        let first = asked(*fitting.first().or(actions.first())?);
        let (arn, guarded) = self.resource(&first)?;
        let before = self.findings.len();
        self.check_row(&first, &arn);
        let finding = self.not_held(&first, &arn).or_else(|| self.covers_others(&first, &arn));
        self.findings.extend(finding);
        if self.findings[before..].iter().any(Finding::is_error) {
            return None;
        }
        let guard = held::guard_of(&arn);
        let given = self.given.resources.get(guard);
        let policy = policy_of(&first, &arn, guarded.as_ref(), given)?;
        let tags_of_it = tags(guarded.as_ref(), given);
        let checks = fitting.into_iter().map(|action| {
            let check = Check::new(action.name(), action.authorised_on(&arn).into_owned());
            check.guarded_by(policy.clone()).tagged(&tags_of_it)
        });
        let is_told = guarded.is_some_and(|one| one.tags.is_some()) || given.is_some();
        // The world knows its buckets: a claim is about one that is there.
        let is_in_bucket = policy::arn::Arn::parse(&arn).is_some_and(|arn| arn.service == "s3");
        Some(ClaimedResource { checks: checks.collect(), has_known_tags: is_told || is_in_bucket })
    }

    /// A pattern must not lead past the policy of a resource that it covers. Tags of such a resource are among those that
    /// there may be.
    fn covers_others(&self, asked: &ActionRequest, arn: &str) -> Option<Finding> {
        let is_within = |one: &Guarded<'_>| one.holds(arn) || one.arn == arn;
        if arn == "*" || !arn.contains(['*', '?']) || self.resources.iter().any(is_within) {
            return None;
        }
        let of_template = self.resources.iter().filter(|one| one.policy.is_some());
        let of_template = of_template.map(|one| (one.logical_id.unwrap_or(one.arn), one.arn));
        let given = self.given.resources.iter().filter(|(_, one)| one.policy.is_some());
        let given = given.map(|(arn, _)| (arn.as_str(), arn.as_str()));
        let (name, _) = of_template.chain(given).find(|(_, other)| attached::may_cover(arn, other))?;
        let (pattern, name) = (policy::plain(arn), policy::plain(name));
        let message = format!("`{pattern}` may cover `{name}`, which has a policy of its own");
        let finding = Finding::error("WRONG_RESOURCE", asked.span, message);
        Some(finding.help(format!("name each resource by itself: `resource: [{name}, …]`")))
    }
}
