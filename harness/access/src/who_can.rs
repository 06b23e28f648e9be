//! Who can do something.

use prove::{Disagreement, Options};

use crate::asked::Asked;
use crate::callers;
use crate::handing::Handing;
use crate::target::Target;
use crate::{Answer, Fault, Index};

/// What is asked: who can do this to that.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WhoCan {
    /// `s3:GetObject`
    pub action: String,
    /// The ARN of a resource, which may have wildcards; `*` for an action without resources.
    pub resource: String,
    /// The account that owns the resource, where neither the inventory nor its ARN tells it.
    pub account: Option<String>,
}

/// Why there is no answer.
#[derive(Clone, Debug)]
pub enum Unanswered {
    /// The question is wrong.
    Faults(Vec<Fault>),
    /// Proof and engine differ: a fault of ours.
    Disagreement(Disagreement),
}

impl From<Disagreement> for Unanswered {
    fn from(one: Disagreement) -> Self {
        Self::Disagreement(one)
    }
}

impl<'i> Index<'i> {
    /// Everybody who may be able to do it, with what they can: those of the inventory, and all others whom the resource's
    /// policy names. Answered on so many cores; the answers are the same on any number.
    ///
    /// # Errors
    /// The question names what is not there, or the engine contradicts a proof.
    pub fn who_can(&self, question: &WhoCan, options: &Options, workers: usize) -> Result<Vec<Answer>, Unanswered> {
        let target = self.target(question).map_err(Unanswered::Faults)?;
        let callers = callers::all(self, target.policy.map(|(attached, _)| &*attached.policy));
        let handing = Handing::new(self, options);
        let handed = |role: usize, tags: &[(String, String)]| handing.handed(role, tags);
        Ok(Asked::new(self, target, options).answers(&callers, &handed, workers)?)
    }

    pub(crate) fn target(&self, question: &WhoCan) -> Result<Target<'i>, Vec<Fault>> {
        let resource = self.arn_of(&question.resource);
        Target::new(self, &question.action, &resource, question.account.as_deref())
    }

    /// The ARN of a resource that is given by its name, with what stands behind it: `Bucket/key`.
    fn arn_of(&self, written: &str) -> String {
        let of_resources = self.inventory.resources.iter().map(|one| (&one.name, &one.arn));
        let mut all = of_resources.chain(self.inventory.principals.iter().map(|one| (&one.name, &one.arn)));
        let (name, rest) = template::attached::split(written);
        let found = all.find(|(known, _)| known.as_str() == name && !name.starts_with("arn:"));
        found.map_or_else(|| written.to_owned(), |(_, arn)| format!("{arn}{rest}"))
    }
}
