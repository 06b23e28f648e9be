//! What came of it: who reaches what, and what each condition on tags is worth.

use matrix::{Cell, Outcome, Results};
use policy::TagsOf;
use source::Span;

use crate::forms::WITHOUT;
use crate::options::{TAGGED, WITHOUT_STATEMENT};
use crate::scenario::{Entry, Scenario};
use crate::subject::Subject;
use crate::survey::Survey;

/// A statement with a condition on tags, and what its condition does.
#[derive(Clone, Debug)]
pub struct Judged {
    /// `Role/Policy/1`
    pub statement: String,
    /// Where it stands.
    pub span: Span,
    /// Whether it denies.
    pub denies: bool,
    /// Its actions, as they are written.
    pub actions: Vec<String>,
    /// Its conditions on tags: `StringEquals aws:RequestTag/Status = OK`.
    pub condition: String,
    /// What they do.
    pub verdict: Verdict,
    /// Whether it denies everybody only until the role, the user or the resource has the tag.
    pub until_tagged: bool,
    /// The forms that were tried instead, and what each comes to.
    pub instead: Vec<Instead>,
}

/// What a condition on tags does, of all that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nobody gets through; without it somebody would.
    DeniesEverybody {
        /// Why, for one who would get through without it.
        reason: String,
    },
    /// Everything comes out the same without it.
    NeverMatters {
        /// Why, for one who gets through.
        reason: String,
    },
    /// Everything comes out the same without it, by tags that callers or resources have and could lose.
    AlwaysMet,
    /// Some get through and others do not.
    TellsApart,
    /// That cannot be said.
    Unknown {
        /// Why not.
        why: String,
    },
}

/// A condition in place of the one that is deployed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instead {
    /// `StringEquals aws:PrincipalTag/Status`
    pub says: String,
    /// How many of the requests that the statement is about it lets through.
    pub allowed: usize,
    /// Of how many.
    pub of: usize,
}

/// A request as the template is, and who gets through with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// `s3:GetObject on Reports/q3`
    pub request: String,
    /// Callers who are allowed, in words.
    pub allowed: Vec<String>,
    /// Callers who are not.
    pub denied: Vec<String>,
}

impl Judged {
    /// `the condition denies everybody`; of a statement that denies, what the statement itself does.
    #[must_use]
    pub fn finding(&self) -> String {
        let what = if self.denies { "statement" } else { "condition" };
        let tags = if self.until_tagged { ", as the tags are" } else { "" };
        format!("the {what} {}{tags}", self.verdict.word(self.denies))
    }
}

impl Verdict {
    /// `denies everybody`
    const fn word(&self, denies: bool) -> &'static str {
        match self {
            Self::AlwaysMet if denies => "denies nobody who was tried, as the tags are",
            Self::AlwaysMet => "is met by everybody who was tried, as the tags are",
            Self::DeniesEverybody { .. } => "denies everybody",
            Self::NeverMatters { .. } => "never matters",
            Self::TellsApart => "tells callers or requests apart",
            Self::Unknown { .. } => "is not judged",
        }
    }

    /// Why, where there is more to say.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::DeniesEverybody { reason } | Self::NeverMatters { reason } | Self::Unknown { why: reason } => {
                Some(reason)
            }
            Self::TellsApart | Self::AlwaysMet => None,
        }
    }

    /// Whether somebody should look at it.
    #[must_use]
    pub const fn is_finding(&self) -> bool {
        matches!(self, Self::DeniesEverybody { .. } | Self::NeverMatters { .. })
    }
}

/// Judges every statement that depends on tags. `scenario` is whole, with nothing folded.
pub(crate) fn judge(survey: &Survey<'_>, scenario: &Scenario, results: &Results) -> Vec<Judged> {
    let depending = survey.subjects.iter().enumerate().filter(|(_, subject)| subject.depends_on_tags);
    depending.map(|(at, subject)| of(survey, scenario, results, (at, subject))).collect()
}

/// Who gets through with each request, as the template is.
pub(crate) fn reaches(scenario: &Scenario, results: &Results) -> Vec<Reach> {
    let requests = scenario.requests.iter().enumerate();
    requests
        .map(|(at, request)| {
            let callers = scenario.callers.iter().enumerate().filter(|(_, caller)| shares(&caller.of, &request.of));
            let mut reach = Reach { request: request.says.clone(), allowed: Vec::new(), denied: Vec::new() };
            for (caller, entry) in callers {
                let is_allowed = results.cell(0, caller, at).is_some_and(|cell| cell.outcome == Outcome::Allowed);
                if is_allowed { &mut reach.allowed } else { &mut reach.denied }.push(entry.says.clone());
            }
            reach
        })
        .collect()
}

fn shares(one: &[usize], other: &[usize]) -> bool {
    one.iter().any(|at| other.contains(at)) || (one.is_empty() && other.is_empty())
}

fn of(survey: &Survey<'_>, scenario: &Scenario, results: &Results, (at, subject): (usize, &Subject)) -> Judged {
    let is_own = |cell: &&Cell| {
        scenario.callers[cell.caller].of.contains(&at) && scenario.requests[cell.request].of.contains(&at)
    };
    let row = |option: usize| -> Vec<&Cell> {
        results.cells.iter().filter(|cell| cell.option == option).filter(is_own).collect()
    };
    let option = |form: &str| scenario.options.iter().position(|one| one.form == form && one.of == [at]);
    let deployed = row(0);
    let other = option(if subject.denies { WITHOUT_STATEMENT } else { WITHOUT });
    let verdict = match other {
        None => Verdict::Unknown { why: unknown(survey, subject) },
        Some(other) => verdict(subject, &deployed, &row(other)),
    };
    let opens = |(at, one): (usize, &Entry)| one.form == TAGGED && allowed(&row(at)).next().is_some();
    let until_tagged = matches!(verdict, Verdict::DeniesEverybody { .. })
        && scenario.options.iter().enumerate().filter(|(_, one)| one.of == [at]).any(opens);
    let tried = scenario.options.iter().enumerate().filter(|(_, one)| one.of == [at] && one.form != WITHOUT_STATEMENT);
    let instead = tried.map(|(option, one)| {
        let cells = row(option);
        Instead { says: one.says.clone(), allowed: allowed(&cells).count(), of: cells.len() }
    });
    Judged { until_tagged, instead: instead.collect(), ..told(subject, verdict) }
}

/// Every statement that depends on tags, where nothing could be tried.
pub(crate) fn unjudged(survey: &Survey<'_>) -> Vec<Judged> {
    let depending = survey.subjects.iter().filter(|subject| subject.depends_on_tags);
    depending.map(|subject| told(subject, Verdict::Unknown { why: "nothing could be tried".to_owned() })).collect()
}

fn told(subject: &Subject, verdict: Verdict) -> Judged {
    Judged {
        statement: subject.says.clone(),
        span: subject.span,
        denies: subject.denies,
        actions: if subject.actions().is_empty() { vec!["NotAction".to_owned()] } else { subject.actions() },
        condition: subject.words(),
        verdict,
        until_tagged: false,
        instead: Vec::new(),
    }
}

fn unknown(survey: &Survey<'_>, subject: &Subject) -> String {
    let is_there = subject.place.is_some();
    match (is_there, subject.denies, subject.kind) {
        (false, ..) => "the statement does not stand in the template itself".to_owned(),
        (_, true, _) => "it is all that its policy says, so that the policy without it is not tried".to_owned(),
        _ if subject.tags.is_empty() => "it refers to a tag by a variable only".to_owned(),
        _ if survey.principals.is_empty() => "nobody in the template has it".to_owned(),
        _ => "the policy without it could not be tried".to_owned(),
    }
}

fn allowed<'c>(cells: &'c [&'c Cell]) -> impl Iterator<Item = &'c &'c Cell> {
    cells.iter().filter(|cell| cell.outcome == Outcome::Allowed)
}

/// What is deployed against the same without the condition, or without the statement if it denies.
fn verdict(subject: &Subject, deployed: &[&Cell], without: &[&Cell]) -> Verdict {
    let pairs = || deployed.iter().zip(without);
    if allowed(without).next().is_none() {
        let why = match without.first() {
            Some(cell) => format!("nobody who was tried gets through without it either: {}", cell.reason),
            None => "nobody could be tried with it".to_owned(),
        };
        return Verdict::Unknown { why };
    }
    let lost =
        pairs().find(|(deployed, without)| without.outcome == Outcome::Allowed && deployed.outcome != Outcome::Allowed);
    match lost {
        Some((cell, _)) if allowed(deployed).next().is_none() => {
            Verdict::DeniesEverybody { reason: cell.reason.clone() }
        }
        Some(_) => Verdict::TellsApart,
        None if allowed(deployed).all(|cell| has_a_tag(subject, cell)) => Verdict::AlwaysMet,
        None => {
            let reason = allowed(deployed).next().map(|cell| cell.reason.clone()).unwrap_or_default();
            Verdict::NeverMatters { reason }
        }
    }
}

/// Whether the request carries a tag of the caller or the resource that the statement is about.
fn has_a_tag(subject: &Subject, cell: &Cell) -> bool {
    let is_kept = |key: &str| {
        let mut own = subject.tags.iter().filter(|one| one.of != TagsOf::Request);
        own.any(|one| one.key.eq_ignore_ascii_case(key))
    };
    cell.recorded.as_ref().is_some_and(|recorded| recorded.request.context.iter().any(|(key, _)| is_kept(key)))
}
