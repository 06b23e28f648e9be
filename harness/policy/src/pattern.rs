//! Text in a policy that stands for other text: wildcards and variables.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html

mod token;

#[cfg(test)]
mod tests;

pub(crate) use token::{Syntax, Token, Variables, Wildcards, tokens};

use memchr::memmem;

use crate::context::{Entry, KeyName, has_wildcard};
use crate::undocumented::{Case, Notes};
use crate::words::{LONGEST_SHOWN, start};
use crate::{Context, ContextValue};

/// Pieces in a row, `*` standing between the runs of them. A value put in for a variable is literal: see the row
/// [`Case::VariableWildcard`].
#[derive(Debug)]
pub(crate) struct Pattern {
    pub(crate) runs: Box<[Box<[Piece]>]>,
    has_variables: bool,
}

#[derive(Debug)]
pub(crate) enum Piece {
    Text(Box<str>),
    /// `?`: any one character.
    One,
    Variable(Variable),
}

/// `${key}` or `${key, 'default'}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variable {
    pub(crate) key: KeyName,
    pub(crate) default: Option<Box<str>>,
    /// Whether it stands where `*` and `?` are wildcards.
    pub(crate) among_wildcards: bool,
}

/// One sign of a pattern whose variables are replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    Letter(char),
    /// `?`
    One,
    /// `*`
    Any,
}

impl Sign {
    /// Whether it stands for a character, perhaps among others.
    pub(crate) fn takes(self, letter: char) -> bool {
        if let Self::Letter(own) = self { own == letter } else { true }
    }

    /// In lower case, which may take several letters.
    pub(crate) fn lower(&self) -> impl Iterator<Item = Self> + use<> {
        let (letters, other) = match *self {
            Self::Letter(letter) => (Some(letter.to_lowercase()), None),
            other => (None, Some(other)),
        };
        letters.into_iter().flatten().map(Self::Letter).chain(other)
    }
}

impl Pattern {
    pub(crate) fn parse(text: &str, syntax: Syntax) -> Self {
        Self::new(&tokens(text, syntax))
    }

    pub(crate) fn new(tokens: &[Token]) -> Self {
        let runs: Vec<_> =
            tokens.split(|token| *token == Token::Any).map(|run| run.iter().map(Piece::new).collect()).collect();
        let has_variables = tokens.iter().any(|token| matches!(token, Token::Variable(_)));
        Self { runs: runs.into(), has_variables }
    }

    /// Whether `text` is what this stands for; `None` if a variable has no value.
    pub(crate) fn matches(&self, text: &str, context: &Context, notes: &mut Notes) -> Option<bool> {
        if self.has_variables && !self.resolves(context, notes) {
            return None;
        }
        if self.has_variables && context.otherwise().contains(Case::VariableWildcard) {
            return Some(stands_for(&self.spelt(context), text));
        }
        Some(self.covers(text, context))
    }

    /// The same, letter case aside; for patterns without wildcards.
    pub(crate) fn equals_ignoring_case(&self, text: &str, context: &Context, notes: &mut Notes) -> Option<bool> {
        if self.has_variables && !self.resolves(context, notes) {
            return None;
        }
        if let [run] = &*self.runs
            && let [Piece::Text(wanted)] = &**run
            && wanted.is_ascii()
            && text.is_ascii()
        {
            return Some(wanted.eq_ignore_ascii_case(text));
        }
        let pieces = self.runs.iter().flat_map(|run| run.iter());
        let wanted = pieces.flat_map(|piece| piece.text(context).chars()).flat_map(char::to_lowercase);
        Some(wanted.eq(text.chars().flat_map(char::to_lowercase)))
    }

    /// What it comes to, for display; `None` if a variable has no value.
    pub(crate) fn resolved(&self, context: &Context) -> Option<String> {
        if !self.resolves(context, &mut Notes::default()) {
            return None;
        }
        let pieces = self.runs.iter().enumerate().flat_map(|(at, run)| {
            let star = if at > 0 { "*" } else { "" };
            std::iter::once(star).chain(run.iter().map(|piece| piece.text(context)))
        });
        let mut spelt = String::new();
        for piece in pieces {
            spelt.push_str(&start(piece));
            if spelt.len() > LONGEST_SHOWN {
                return Some(start(&spelt).into_owned());
            }
        }
        Some(spelt)
    }

    /// Sign by sign; `None` if a variable has no value.
    pub(crate) fn signs(&self, context: &Context) -> Option<Vec<Sign>> {
        self.resolves(context, &mut Notes::default()).then(|| self.spelt(context))
    }

    fn spelt(&self, context: &Context) -> Vec<Sign> {
        let are_wild = context.otherwise().contains(Case::VariableWildcard);
        let mut signs = Vec::new();
        for (at, run) in self.runs.iter().enumerate() {
            signs.extend((at > 0).then_some(Sign::Any));
            for piece in run {
                let sign = |letter| match (piece, letter) {
                    (Piece::Variable(variable), '*') if are_wild && variable.among_wildcards => Sign::Any,
                    (Piece::Variable(variable), '?') if are_wild && variable.among_wildcards => Sign::One,
                    _ => Sign::Letter(letter),
                };
                match piece {
                    Piece::One => signs.push(Sign::One),
                    _ => signs.extend(piece.text(context).chars().map(sign)),
                }
            }
        }
        signs
    }

    /// Whether `text` starts as this does, up to the first wildcard or variable.
    pub(crate) fn may_match(&self, text: &str) -> bool {
        match self.runs.first().and_then(|run| run.first()) {
            Some(Piece::Text(head)) => text.starts_with(&**head),
            _ => true,
        }
    }

    pub(crate) const fn has_variables(&self) -> bool {
        self.has_variables
    }

    fn resolves(&self, context: &Context, notes: &mut Notes) -> bool {
        self.runs.iter().flat_map(|run| run.iter()).all(|piece| match piece {
            Piece::Variable(variable) => variable.checked(context, notes).is_some(),
            Piece::Text(_) | Piece::One => true,
        })
    }

    /// Greedy: between two `*` the leftmost place of a run leaves the most room for the rest, so none is tried twice.
    fn covers(&self, text: &str, context: &Context) -> bool {
        let Some((first, rest)) = self.runs.split_first() else { return text.is_empty() };
        let Some(mut text) = strip_front(first, text, context) else { return false };
        let Some((last, middle)) = rest.split_last() else { return text.is_empty() };
        for run in middle {
            match find(run, text, context) {
                Some(after) => text = after,
                None => return false,
            }
        }
        strip_back(last, text, context).is_some()
    }
}

impl Piece {
    fn new(token: &Token) -> Self {
        match token {
            Token::Text(text) => Self::Text(text.as_str().into()),
            Token::One => Self::One,
            Token::Variable(variable) => Self::Variable(variable.clone()),
            // Runs are what stands between these.
            Token::Any => Self::Text("*".into()),
        }
    }

    /// The text it stands for; `?` for itself.
    fn text<'a>(&'a self, context: &'a Context) -> &'a str {
        match self {
            Self::Text(text) => text,
            Self::One => "?",
            Self::Variable(variable) => variable.value(context).unwrap_or_default(),
        }
    }
}

impl Variable {
    fn value<'a>(&'a self, context: &'a Context) -> Option<&'a str> {
        self.value_in(context.entry(&self.key), context)
    }

    fn value_in<'a>(&'a self, entry: Option<&'a Entry>, context: &Context) -> Option<&'a str> {
        match entry.map(|entry| &entry.value) {
            Some(ContextValue::One(value)) => Some(value),
            Some(ContextValue::Many(values)) if context.otherwise().contains(Case::MultivaluedVariable) => {
                values.first().map(String::as_str)
            }
            Some(ContextValue::Many(_)) => None,
            None => self.default.as_deref(),
        }
    }

    /// Its value, if it has one; notes what that rests on.
    pub(crate) fn checked<'a>(&'a self, context: &'a Context, notes: &mut Notes) -> Option<&'a str> {
        let entry = context.asked(&self.key, notes);
        if entry.is_some_and(|entry| entry.without_path) {
            notes.add(Case::RolePath);
        }
        if entry.is_some_and(|entry| matches!(entry.value, ContextValue::Many(_))) {
            notes.add(Case::MultivaluedVariable);
        }
        let value = self.value_in(entry, context)?;
        let has_wildcard = entry.map_or_else(|| has_wildcard(value), |entry| entry.has_wildcard);
        if self.among_wildcards && has_wildcard {
            notes.add(Case::VariableWildcard);
        }
        Some(value)
    }
}

/// Whether a text is one that signs stand for.
fn stands_for(signs: &[Sign], text: &str) -> bool {
    // Which of the signs may have been read.
    let mut reached = vec![false; signs.len() + 1];
    reached[0] = true;
    let pass_stars = |reached: &mut Vec<bool>| {
        for (at, sign) in signs.iter().enumerate() {
            reached[at + 1] |= reached[at] && *sign == Sign::Any;
        }
    };
    pass_stars(&mut reached);
    for letter in text.chars() {
        let mut next = vec![false; signs.len() + 1];
        for (at, sign) in signs.iter().enumerate().filter(|(at, _)| reached[*at]) {
            next[at + usize::from(*sign != Sign::Any)] |= sign.takes(letter);
        }
        pass_stars(&mut next);
        reached = next;
    }
    reached[signs.len()]
}

fn strip_front<'t>(run: &[Piece], text: &'t str, context: &Context) -> Option<&'t str> {
    run.iter().try_fold(text, |text, piece| match piece {
        Piece::One => {
            let mut rest = text.chars();
            rest.next().map(|_| rest.as_str())
        }
        _ => text.strip_prefix(piece.text(context)),
    })
}

fn strip_back<'t>(run: &[Piece], text: &'t str, context: &Context) -> Option<&'t str> {
    run.iter().rev().try_fold(text, |text, piece| match piece {
        Piece::One => {
            let mut rest = text.chars();
            rest.next_back().map(|_| rest.as_str())
        }
        _ => text.strip_suffix(piece.text(context)),
    })
}

/// What follows the leftmost place of `run` in `text`.
fn find<'t>(run: &[Piece], text: &'t str, context: &Context) -> Option<&'t str> {
    let mut text = text;
    loop {
        if let Some(Piece::Text(start)) = run.first() {
            text = &text[memmem::find(text.as_bytes(), start.as_bytes())?..];
        }
        if let Some(rest) = strip_front(run, text, context) {
            return Some(rest);
        }
        let mut rest = text.chars();
        rest.next()?;
        text = rest.as_str();
    }
}
