//! One condition: what holds where its key is missing, has one value, or has several.

use policy::operator::{Operator, Set, Test};
use policy::undocumented::Case;
use policy::view::{ConditionView, Part, WantView};

use super::pattern::{Matching, has_value};
use crate::formula::Formula;
use crate::lang::{four_digits, literal, six_parts};
use crate::space::{Fact, Family, KeyId, Shape, Space, Text, TextId};

/// More values of one key than these are not told apart.
pub(crate) const MOST_SLOTS: u32 = 48;

pub(crate) fn formula<'a>(space: &mut Space<'a>, condition: ConditionView<'a>) -> Formula {
    let key = space.key(condition.key());
    let present = space.fact(Fact::Present(key));
    if condition.operator().base.test == Test::Null {
        let holds = null(space, condition, key, present);
        return space.shaped(&[key], holds);
    }
    let operator = condition.operator();
    let mut absent = space.formulas.constant(without_key(operator));
    if operator.if_exists && operator.set == Some(Set::Any) {
        let missing = space.formulas.not(present);
        absent = space.left_open(Case::ForAnyIfExists, missing, absent);
    }
    let with_key = match space.keys[key.0 as usize].shape {
        Shape::One => single(space, condition, key),
        Shape::Many => several(space, condition, key),
        Shape::Either => {
            let is_several = space.fact(Fact::Several(key));
            let (several, single) = (several(space, condition, key), single(space, condition, key));
            space.formulas.either(is_several, several, single)
        }
    };
    let holds = space.formulas.either(present, with_key, absent);
    space.shaped(&[key], holds)
}

/// Without the key: IfExists holds, ForAllValues holds, ForAnyValue does not, else a negated operator does.
const fn without_key(operator: Operator) -> bool {
    match operator.set {
        _ if operator.if_exists => true,
        Some(set) => matches!(set, Set::All),
        None => operator.base.negated,
    }
}

fn null(space: &mut Space<'_>, condition: ConditionView<'_>, key: KeyId, present: Formula) -> Formula {
    let has_values = match space.keys[key.0 as usize].shape {
        Shape::One => present,
        Shape::Many => {
            let first = space.fact(Fact::Slot(key, 0));
            space.formulas.all([present, first])
        }
        Shape::Either => {
            let (several, first) = (space.fact(Fact::Several(key)), space.fact(Fact::Slot(key, 0)));
            let one = space.formulas.not(several);
            let some = space.formulas.any([one, first]);
            space.formulas.all([present, some])
        }
    };
    let has_values = null_open(space, key, present, has_values);
    let missing = space.formulas.not(has_values);
    let [for_missing, for_present] = condition.null_asks_for();
    let asked = [(for_missing, missing), (for_present, has_values)];
    let holds = space.formulas.any(asked.into_iter().filter(|(asks, _)| *asks).map(|(_, formula)| formula));
    if condition.texts().all(|text| ["true", "false"].contains(&text)) {
        return holds;
    }
    let truth = space.formulas.constant(true);
    space.left_open(Case::TruthLetters, truth, holds)
}

/// What an empty text and an empty set are to Null.
fn null_open(space: &mut Space<'_>, key: KeyId, present: Formula, mut has_values: Formula) -> Formula {
    let shape = space.keys[key.0 as usize].shape;
    let several = match shape {
        Shape::One => space.formulas.constant(false),
        Shape::Many => space.formulas.constant(true),
        Shape::Either => space.fact(Fact::Several(key)),
    };
    if shape != Shape::Many {
        let text = space.text(Text::Value(key));
        let (is_empty, single) = (space.is_in(text, vec![Vec::new()]), space.formulas.not(several));
        let situation = space.formulas.all([present, single, is_empty]);
        has_values = space.left_open(Case::NullEmptyText, situation, has_values);
    }
    if shape != Shape::One {
        let first = space.fact(Fact::Slot(key, 0));
        let none = space.formulas.not(first);
        let situation = space.formulas.all([present, several, none]);
        has_values = space.left_open(Case::NullEmptySet, situation, has_values);
    }
    has_values
}

fn single<'a>(space: &mut Space<'a>, condition: ConditionView<'a>, key: KeyId) -> Formula {
    let text = space.text(Text::Value(key));
    let holds = compare(space, condition, text);
    let Some(set) = condition.operator().set else { return holds };
    let is_empty = space.is_in(text, vec![Vec::new()]);
    let of_empty = space.formulas.constant(set == Set::All);
    space.formulas.either(is_empty, of_empty, holds)
}

fn several<'a>(space: &mut Space<'a>, condition: ConditionView<'a>, key: KeyId) -> Formula {
    let (slots, more) = space.values_of(key);
    let Some(set) = condition.operator().set else {
        // One value is compared as it is; several, and none, do not match.
        let (first, second) = (space.fact(Fact::Slot(key, 0)), space.fact(Fact::Slot(key, 1)));
        let text = space.text(Text::Slot(key, 0));
        let holds = compare(space, condition, text);
        let not_more = space.formulas.not(second);
        let holds = space.formulas.all([first, not_more, holds]);
        let none = space.formulas.not(first);
        let situation = match condition.operator() {
            operator if operator.base.negated => space.formulas.constant(true),
            operator if operator.if_exists => none,
            _ => space.formulas.constant(false),
        };
        return space.left_open(Case::MultivaluedPlain, situation, holds);
    };
    let (mut empty, mut holding) = (Vec::new(), Vec::new());
    for slot in 0..slots {
        let is_there = space.fact(Fact::Slot(key, slot));
        let is_missing = space.formulas.not(is_there);
        let text = space.text(Text::Slot(key, slot));
        let is_empty = space.is_in(text, vec![Vec::new()]);
        empty.push(space.formulas.any([is_missing, is_empty]));
        let holds = compare(space, condition, text);
        holding.push(match set {
            Set::All => space.formulas.any([is_missing, holds]),
            Set::Any => space.formulas.all([is_there, holds]),
        });
    }
    let is_null = space.formulas.all(empty);
    let of_few = match set {
        Set::All => {
            let all = space.formulas.all(holding);
            space.formulas.any([is_null, all])
        }
        Set::Any => {
            let (some, has_some) = (space.formulas.any(holding), space.formulas.not(is_null));
            space.formulas.all([some, has_some])
        }
    };
    let Some(more) = more else { return of_few };
    let with_more = space.with_more(key, condition);
    space.formulas.either(more, with_more, of_few)
}

/// That one value meets the operator: one of the policy's values matches, or, negated, none does and all can be read.
fn compare<'a>(space: &mut Space<'a>, condition: ConditionView<'a>, text: TextId) -> Formula {
    let base = condition.operator().base;
    let family = match base.test {
        Test::Number(_) => Some(Family::Number),
        Test::Date(_) => Some(Family::Date),
        Test::Address => Some(Family::Address),
        _ => None,
    };
    let [matches, unreadable] = match family {
        Some(family) => {
            let test = space.test(condition, family);
            let [matches, unreadable] =
                [Fact::Matches(text, test), Fact::Unreadable(text, test)].map(|fact| space.fact(fact));
            [year_open(space, condition, text, family, matches), unreadable]
        }
        None => texts(space, condition, text),
    };
    let holds = if base.negated {
        let [differs, readable] = [matches, unreadable].map(|formula| space.formulas.not(formula));
        let holds = space.formulas.all([differs, readable]);
        let situation = space.formulas.all([differs, unreadable]);
        space.left_open(Case::OtherType, situation, holds)
    } else {
        matches
    };
    if condition.texts().next().is_some() {
        return holds;
    }
    let truth = space.formulas.constant(true);
    space.left_open_of(Fact::AsDecided(Case::NoValues), truth, holds, condition.lower_key().to_owned())
}

/// Four digits are seconds or a year.
fn year_open(
    space: &mut Space<'_>,
    condition: ConditionView<'_>,
    text: TextId,
    family: Family,
    matches: Formula,
) -> Formula {
    if family != Family::Date {
        return matches;
    }
    let is_year = |text: &str| text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let situation = if condition.texts().any(is_year) {
        space.formulas.constant(true)
    } else {
        space.is_in(text, vec![four_digits()])
    };
    space.left_open(Case::YearOrSeconds, situation, matches)
}

/// That a value of the policy matches, and that something cannot be read.
fn texts<'a>(space: &mut Space<'a>, condition: ConditionView<'a>, text: TextId) -> [Formula; 2] {
    let mut matching = Matching::new(text);
    let (mut matches, mut unreadable) = (Vec::new(), Vec::new());
    for want in condition.wants() {
        match want {
            WantView::Text(parts) => matching.add(space, &parts),
            WantView::TextIgnoringCase(parts) => matching.add_ignoring_case(space, &parts),
            WantView::Bool(parts) => match bool_text(&parts) {
                Some(true) => matches.push(truth(space, text, &parts)),
                Some(false) => {}
                None => matches.push(space.opaque("a variable stands under Bool".to_owned())),
            },
            WantView::Arn(parts) => {
                matching.add(space, &parts);
                let is_arn = space.is_in(text, vec![six_parts()]);
                unreadable.push(space.formulas.not(is_arn));
            }
            WantView::LateArn(parts) => {
                let [matched, unread] = late_arn(space, text, &parts);
                matches.push(matched);
                unreadable.push(unread);
            }
            WantView::Typed | WantView::Unreadable => unreadable.push(space.formulas.constant(true)),
        }
    }
    matches.push(matching.finish(space));
    [space.formulas.any(matches), space.formulas.any(unreadable)]
}

/// That a text is the word of a Bool, in any letters.
fn truth(space: &mut Space<'_>, text: TextId, parts: &[Part]) -> Formula {
    let mut matching = Matching::new(text);
    matching.add_ignoring_case(space, parts);
    let is_word = matching.finish(space);
    let word: String =
        parts.iter().filter_map(|part| if let Part::Letter(letter) = part { Some(*letter) } else { None }).collect();
    let lower = word.to_ascii_lowercase();
    let exactly = space.is_in(text, vec![literal(&lower)]);
    let other = space.formulas.not(exactly);
    let situation = if word == lower { space.formulas.all([is_word, other]) } else { is_word };
    space.left_open(Case::TruthLetters, situation, is_word)
}

/// Whether a text without variables is `true` or `false`, in any letters.
fn bool_text(parts: &[Part]) -> Option<bool> {
    let letters: Option<String> = parts
        .iter()
        .map(|part| match part {
            Part::Letter(letter) => Some(*letter),
            _ => None,
        })
        .collect();
    letters.map(|text| ["true", "false"].iter().any(|word| text.eq_ignore_ascii_case(word)))
}

/// A value that its variables make an ARN: exact where it is one variable alone.
fn late_arn(space: &mut Space<'_>, text: TextId, parts: &[Part]) -> [Formula; 2] {
    let [Part::Variable(variable)] = parts else {
        return ["matches", "is no ARN"].map(|what| {
            space.opaque(format!("only its variables make a value an ARN, and whether it {what} depends on them"))
        });
    };
    let mut matching = Matching::new(text);
    matching.add(space, parts);
    let same = matching.finish(space);
    let is_arn = space.is_in(text, vec![six_parts()]);
    let key = space.key(&variable.key);
    let [present, single] = has_value(space, key);
    let source = space.text(Text::Value(key));
    let source_is_arn = space.is_in(source, vec![six_parts()]);
    let is_other = space.formulas.not(source_is_arn);
    let with_value = space.formulas.all([single, is_other]);
    let absent = space.formulas.not(present);
    let default_is_other = variable.default.as_deref().is_some_and(|default| default.matches(':').count() < 5);
    let default_is_other = space.formulas.constant(default_is_other);
    let without_value = space.formulas.all([absent, default_is_other]);
    let not_arn = space.formulas.not(is_arn);
    let unreadable = space.formulas.any([not_arn, with_value, without_value]);
    let not_single = space.formulas.not(single);
    let several = space.formulas.all([present, not_single]);
    let unreadable = space.left_open(Case::MultivaluedVariable, several, unreadable);
    [space.formulas.all([same, is_arn]), unreadable]
}
