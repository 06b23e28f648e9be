//! A condition on the ARN of a role whose path is not known.

use super::want::Want;
use super::{Condition, Outcome};
use crate::Context;
use crate::operator::Test;
use crate::pattern::Sign;
use crate::principal::{IDENTITY_CENTER, IDENTITY_CENTER_PATH, RESERVED};
use crate::undocumented::{Case, Notes};

/// A path that no policy spells.
const ODD: &str = "\u{1}/\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}/\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}/";

impl Condition {
    /// Compares an ARN that lacks the path of its role, and says where a path would matter: see the row of this name.
    pub(super) fn compare_paths(&self, arn: &str, context: &Context, notes: &mut Notes) -> Outcome {
        let negated = self.operator.base.negated;
        let mut outcome = self.compare(arn, context, notes);
        let Some((front, name)) = arn.rsplit_once('/') else { return outcome };
        if outcome.unreadable && negated {
            return outcome;
        }
        let is_met = |outcome: Outcome| outcome.holds != negated;
        let with_odd = || self.compare(&[front, "/", ODD, name].concat(), context, &mut Notes::default());
        let (depends, open) = if is_met(outcome) {
            // Names that AWS keeps for roles with a path: without one there is no such role.
            (!is_met(with_odd()), RESERVED.iter().any(|start| name.starts_with(start)))
        } else {
            let test = self.operator.base.test;
            (self.wants.iter().any(|want| could_be(want, test, [front, name], context)), true)
        };
        if depends {
            let is_settled = context.settles(Case::RolePath, notes);
            outcome.open = open;
            outcome.holds = outcome.holds == (is_settled || open);
        }
        outcome
    }
}

/// Whether a value of the policy stands for `front`, some path and `name`.
fn could_be(want: &Want, test: Test, [front, name]: [&str; 2], context: &Context) -> bool {
    let (signs, front) = match want {
        Want::Text(pattern) => (pattern.signs(context), front),
        // Compared part by part: what is before the last is settled.
        Want::Arn(pattern) => (pattern.signs_of_resource(front, context), "role"),
        _ => return false,
    };
    let Some(signs) = signs else { return false };
    // IAM Identity Center alone makes roles with its path, and calls them so.
    let never = if name.starts_with(IDENTITY_CENTER) { "" } else { IDENTITY_CENTER_PATH };
    match test {
        Test::EqualIgnoringCase => {
            let lower = |text: &str| text.to_lowercase();
            spans(&signs.iter().flat_map(Sign::lower).collect::<Vec<_>>(), &lower(front), &lower(name), never)
        }
        _ => spans(&signs, front, name, never),
    }
}

/// Whether a pattern stands for some text that is `front`, a path and `name`. No path begins with `never`, unless that is
/// empty.
fn spans(signs: &[Sign], front: &str, name: &str, never: &str) -> bool {
    // A path is any text but the empty one, and ends with a slash.
    // docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
    let root = read(signs, start(signs), front.chars().chain(['/']));
    let (begun, ended) = if never.is_empty() {
        (step(signs, &root, |_| true), vec![false; signs.len() + 1])
    } else {
        leave(signs, root, never)
    };
    let first = begun.iter().position(|&reached| reached).unwrap_or(usize::MAX);
    let after_slash = |at: usize| at > first && signs[at - 1].takes('/');
    let on_any = |at: usize| at >= first && signs.get(at) == Some(&Sign::Any);
    let there = (0..=signs.len()).map(|at| ended[at] || after_slash(at) || on_any(at)).collect();
    read(signs, there, name.chars()).last() == Some(&true)
}

/// How many signs may have been read once a path differs from `never`: by any character, and by the slash that ends it.
fn leave(signs: &[Sign], root: Vec<bool>, never: &str) -> (Vec<bool>, Vec<bool>) {
    let (mut begun, mut ended) = (vec![false; signs.len() + 1], vec![false; signs.len() + 1]);
    let mut along = root;
    for (at, letter) in never.chars().enumerate() {
        mark(&mut begun, &step(signs, &along, |sign| sign != Sign::Letter(letter)));
        if at > 0 && letter != '/' {
            mark(&mut ended, &step(signs, &along, |sign| sign.takes('/')));
        }
        along = step(signs, &along, |sign| sign.takes(letter));
    }
    (begun, ended)
}

fn mark(marks: &mut [bool], more: &[bool]) {
    marks.iter_mut().zip(more).for_each(|(mark, &more)| *mark |= more);
}

/// How many signs may have been read before the first character, as a mark at each number.
fn start(signs: &[Sign]) -> Vec<bool> {
    let stars = signs.iter().take_while(|&&sign| sign == Sign::Any).count();
    (0..=signs.len()).map(|at| at <= stars).collect()
}

/// The same after more characters.
fn read(signs: &[Sign], reached: Vec<bool>, text: impl Iterator<Item = char>) -> Vec<bool> {
    text.fold(reached, |reached, letter| step(signs, &reached, |sign| sign.takes(letter)))
}

fn step(signs: &[Sign], reached: &[bool], takes: impl Fn(Sign) -> bool) -> Vec<bool> {
    let mut next = vec![false; signs.len() + 1];
    for at in 0..=signs.len() {
        let stays = signs.get(at) == Some(&Sign::Any) && reached[at];
        let goes = at > 0 && reached[at - 1] && takes(signs[at - 1]);
        let skips = at > 0 && signs[at - 1] == Sign::Any && next[at - 1];
        next[at] = stays || goes || skips;
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_spans_a_path() {
        for (pattern, expected) in [
            ("role/team/app", true),
            ("role/team/x/app", true),
            ("role/*/app", true),
            ("role/*", true),
            ("*", true),
            ("role/t*/app", true),
            ("role/????/app", true),
            ("role/t??app", true),
            ("role/*app", true),
            ("role/team/*", true),
            ("ro*e/a*p", true),
            ("role/app*", true),
            ("role/app", false),
            ("role/ap", false),
            ("role/team/ap", false),
            ("role/team/app2", false),
            ("role/?app", false),
            ("role//app", false),
            ("role/??app", true),
            ("role/xapp", false),
            ("role/team/x", false),
            ("user/*", false),
            ("", false),
        ] {
            let signs = signs(pattern);
            assert_eq!(spans(&signs, "role", "app", ""), expected, "{pattern}");
        }
    }
    #[test]
    fn a_pattern_spans_a_path_that_begins_otherwise() {
        for (pattern, expected) in [
            ("role/aws-reserved/app", false),
            ("role/aws-reserved/*", false),
            ("role/aws-reserved/x/app", false),
            ("role/aws-reserve*", true),
            ("role/aws/app", true),
            ("role/a*/app", true),
            ("role/?ws-reserved/app", true),
            ("role/aws-reservedx/app", true),
            ("role/aws-reserved?app", false),
            ("role/x/aws-reserved/app", true),
            ("role/*/aws-reserved/app", true),
            ("*:role/aws-reserved/*", true),
            ("*role/aws-reserved/*", true),
            ("*", true),
        ] {
            assert_eq!(spans(&signs(pattern), "role", "app", "aws-reserved/"), expected, "{pattern}");
        }
    }

    fn signs(pattern: &str) -> Vec<Sign> {
        let sign = |letter| match letter {
            '*' => Sign::Any,
            '?' => Sign::One,
            _ => Sign::Letter(letter),
        };
        pattern.chars().map(sign).collect()
    }
}
