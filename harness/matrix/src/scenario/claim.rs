//! What is claimed of every request.

use source::{Node, Span};

use super::{Name, Tags};

/// A claim: that no request of some is allowed, or that all are.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    /// Its name.
    pub(crate) name: String,
    /// Whether none is allowed, or all are.
    pub(crate) claim: prove::Claim,
    /// The actions, with wildcards or without; all of one service.
    pub(crate) actions: Vec<Name>,
    /// The resources, each as a request names one; what stands behind the name of one may have wildcards.
    pub(crate) resources: Vec<Name>,
    /// Who asks: callers, roles and users.
    pub(crate) by: Vec<Name>,
    /// What sessions of the roles may carry.
    pub(crate) session_tags: SessionTags,
    /// The condition that the requests meet.
    pub(crate) when: Option<Node>,
    /// The condition that they do not meet.
    pub(crate) unless: Option<Node>,
    /// For each option whether the claim holds there.
    pub(crate) expected: Vec<ClaimExpectation>,
    /// Why, in the scenario's words.
    pub(crate) because: Option<String>,
    /// The page that says so.
    pub(crate) see: Option<String>,
}

impl Claim {
    /// As a proof takes it.
    pub(crate) fn asked(&self) -> prove::Asked {
        let [when, unless] = [&self.when, &self.unless].map(|node| node.as_ref().map(template::json));
        let actions = self.actions.iter().map(|name| name.text.clone()).collect();
        prove::Asked { claim: self.claim, actions, when, unless }
    }
}

/// What is expected of a claim in an option.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClaimExpectation {
    pub(crate) holds: bool,
    /// Where the scenario says so.
    pub(crate) span: Span,
}

/// The session tags of a role's sessions.
#[derive(Clone, Debug, Default)]
pub(crate) enum SessionTags {
    /// Any, since nothing was said of them.
    #[default]
    Any,
    /// As the scenario says; `None`: it says that any may be there.
    Given(Option<Tags>, Span),
}

impl SessionTags {
    /// The tags that every session has; `None`: any may be there.
    pub(crate) const fn tags(&self) -> Option<&Tags> {
        match self {
            Self::Any => None,
            Self::Given(tags, _) => tags.as_ref(),
        }
    }
}
