//! Claims about every request, held against each option's own world.
//!
//! A claim is about requests that nobody wrote down: every object of a bucket, every session of a role, whatever else a
//! request can carry. What an option settles counts as it is there: the policies, the tags of callers and resources, the
//! organisation, the endpoints.

mod known;
mod session;
mod settle;

use account::RecordedDecision;
use prove::{Disagreement, Options, Verdict};

use crate::directory::User;
use crate::error::SetUpError;
use crate::predict::Standing;
use crate::prepared::Prepared;
use crate::question::ClaimedResource;
use crate::scenario::{Claim, ClaimExpectation, Name};
pub use session::HandsOut;
use settle::{Outcome, Settling};

/// What a claim is about in one option.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) by: Vec<Asker>,
    pub(crate) resources: Vec<ClaimedResource>,
}

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) enum Asker {
    /// A caller of the scenario, by index: with the session that it has.
    Caller(usize),
    /// Any session of the role with this ARN.
    Role(String),
    /// A user.
    User(User),
}

/// What came of a claim in one option.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// The claim's name.
    pub claim: String,
    /// What it says: `never s3:GetObject on Reports/* by ReaderRole unless {…}`.
    pub what: String,
    /// Whether it says that no request is allowed, or that all are.
    pub kind: prove::Claim,
    /// The option's name.
    pub option: String,
    /// Whether it is expected to hold.
    pub expected: bool,
    /// Why, in the scenario's words.
    pub because: Option<String>,
    /// The page that says so.
    pub see: Option<String>,
    /// Where the scenario says it; [`Prepared::sources`] has the text.
    pub span: source::Span,
    /// What was proved or found.
    pub verdict: Verdict,
    /// The decision on the request that was found.
    pub found: Option<RecordedDecision>,
    /// Who has to hand out the session tags of that request, if its role does not have them.
    pub hands_out: Option<HandsOut>,
}

/// Why claims were not settled.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// An option's account cannot be set up.
    #[error(transparent)]
    SetUp(#[from] SetUpError),
    /// Proof and engine differ.
    #[error("claim `{claim}` in option `{option}`: {disagreement}")]
    Disagreement {
        /// The claim's name.
        claim: String,
        /// The option's name.
        option: String,
        /// What they differ about.
        disagreement: Disagreement,
    },
}

impl Claimed {
    /// Whether the claim holds; `None`: it was not settled.
    #[must_use]
    pub const fn holds(&self) -> Option<bool> {
        match self.verdict {
            Verdict::Proved { .. } => Some(true),
            Verdict::Found { .. } => Some(false),
            Verdict::Undecided { .. } => None,
        }
    }

    /// Whether it came out as the scenario expects.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.holds() == Some(self.expected)
    }
}

/// Settles every claim of a scenario in every option: claims outermost, as the file has them.
///
/// # Errors
/// An option's account cannot be set up, or the engine contradicts a proof or a request that was found.
pub fn claims(prepared: &Prepared, options: &Options) -> Result<Vec<Claimed>, ClaimError> {
    let scenario = &prepared.scenario;
    if scenario.claims.is_empty() {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for (at, (trial, option)) in prepared.trials.iter().zip(prepared.options()).enumerate() {
        let standing = Standing::new(scenario, trial).map_err(|broken| SetUpError::new(prepared, at, broken))?;
        for (number, (claim, target)) in scenario.claims.iter().zip(&trial.claims).enumerate() {
            let settled = Settling { standing: &standing, trial, claim, options }.all(target);
            let settled = settled.map_err(|disagreement| {
                let (claim, option) = (claim.name.clone(), option.to_owned());
                ClaimError::Disagreement { claim, option, disagreement }
            })?;
            all.push((number, told(claim, claim.expected[at], option, settled)));
        }
    }
    all.sort_by_key(|(number, _)| *number);
    Ok(all.into_iter().map(|(_, claimed)| claimed).collect())
}

fn told(claim: &Claim, expected: ClaimExpectation, option: &str, settled: Outcome) -> Claimed {
    Claimed {
        claim: claim.name.clone(),
        what: words(claim),
        kind: claim.claim,
        option: option.to_owned(),
        expected: expected.holds,
        because: claim.because.clone(),
        see: claim.see.clone(),
        span: expected.span,
        verdict: settled.verdict,
        found: settled.found,
        hands_out: settled.hands_out,
    }
}

/// A claim in one line.
fn words(claim: &Claim) -> String {
    let names = |names: &[Name]| names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(", ");
    let kind = match claim.claim {
        prove::Claim::Never => "never",
        prove::Claim::Always => "always",
    };
    let mut words = format!("{kind} {} on {} by {}", names(&claim.actions), names(&claim.resources), names(&claim.by));
    match claim.session_tags.tags() {
        None => {}
        Some(tags) if tags.is_empty() => words.push_str(" without session tags"),
        Some(tags) => {
            let tags: Vec<_> = tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
            words.push_str(&format!(" with the session tags {}", tags.join(", ")));
        }
    }
    for (word, condition) in [("when", &claim.when), ("unless", &claim.unless)] {
        let json = condition.as_ref().map(|condition| template::json(condition).to_string());
        words.extend(json.map(|json| format!(" {word} {json}")));
    }
    words
}
