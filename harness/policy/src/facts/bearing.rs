//! The facts that bear on one request.

use super::{Fact, Rule, Who, index, rows};
use crate::arn;
use crate::evaluate::PreparedRequest;
use crate::undocumented::Case;
use crate::wildcard::is_text;
use crate::{Kind, Principal};

/// The facts that bear on one request: of each rule the first.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bearing {
    pub(crate) open: Option<&'static Fact>,
    pub(crate) refused: Option<&'static Fact>,
    no_resource_policy: Option<&'static Fact>,
    pub(crate) no_resource_grant: Option<&'static Fact>,
    no_resource_control: Option<&'static Fact>,
    no_service_control: Option<&'static Fact>,
    /// Both sides must allow, or the resource's must.
    pub(crate) needs: Option<&'static Fact>,
    pub(crate) unattached: Option<&'static Fact>,
    pub(crate) of_aws: Option<&'static Fact>,
}

impl Bearing {
    pub(crate) fn on(prepared: &PreparedRequest<'_>) -> Self {
        let mut bearing = Self::default();
        for fact in index::about(&prepared.request.action, prepared.hash) {
            if fact.who.is(prepared) && fact.is_about(&prepared.request.resource) && fact.is_settled(prepared) {
                bearing.take(fact);
            }
        }
        if prepared.is_of_aws {
            bearing.of_aws = Some(&rows::OF_AWS);
        }
        bearing
    }

    fn take(&mut self, fact: &'static Fact) {
        let place = match fact.rule {
            Rule::Open => &mut self.open,
            Rule::Refused => &mut self.refused,
            Rule::NoResourcePolicy => &mut self.no_resource_policy,
            Rule::NoResourceGrant => &mut self.no_resource_grant,
            Rule::NoResourceControl => &mut self.no_resource_control,
            Rule::NoServiceControl => &mut self.no_service_control,
            Rule::BothSides | Rule::ResourceMust(_) => &mut self.needs,
            Rule::Unattached => &mut self.unattached,
            Rule::Told | Rule::OfAws | Rule::NoResourceAccount => return,
        };
        place.get_or_insert(fact);
    }

    /// Why policies of a kind do not count, if they do not.
    pub(crate) fn ignores(&self, kind: Kind) -> Option<&'static Fact> {
        match kind {
            Kind::Endpoint => None,
            Kind::Resource | Kind::Trust => self.open.or(self.no_resource_policy),
            Kind::ResourceControl => self.open.or(self.no_resource_control),
            Kind::ServiceControl => self.open.or(self.no_service_control),
            Kind::Identity | Kind::Boundary | Kind::Session => self.open,
        }
    }
}

impl Fact {
    /// Whether it counts, as far as AWS leaves that open.
    fn is_settled(&self, prepared: &PreparedRequest<'_>) -> bool {
        let is_otherwise = |case| prepared.request.context.otherwise().contains(case);
        let is_unsigned = matches!(prepared.request.principal, Principal::Anonymous);
        // What a resource without policy allows, it allows either way: the row is about what others deny.
        let by_row = self.rule == Rule::Unattached || !self.case.is_some_and(is_otherwise);
        let is_outside = self.rule == Rule::Refused && self.who == Who::Outside && is_unsigned;
        by_row && !(is_outside && is_otherwise(Case::OutsideAnonymous))
    }

    /// Whether it is about a resource, whose ARN has no wildcards.
    #[must_use]
    pub fn is_about(&self, resource: &str) -> bool {
        self.resources.is_empty() || self.resources.iter().any(|form| of(form, resource))
    }
}

/// Part by part, so that no wildcard crosses a colon before the last.
fn of(form: &str, resource: &str) -> bool {
    match (arn::split(form), arn::split(resource)) {
        (Some(forms), Some(parts)) => forms.iter().zip(parts).all(|(form, part)| is_text(form, part)),
        _ => false,
    }
}
