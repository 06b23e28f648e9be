//! One condition: what holds where its key is missing, has one value, or has several.

use policy::operator::{Operator, Set, Test};
use policy::view::{ConditionView, Part, WantView};

use super::pattern::{Matching, has_value};
use crate::formula::Formula;
use crate::lang::six_parts;
use crate::space::{Fact, Family, KeyId, Shape, Space, Text, TextId};

/// More values of one key than these are not told apart.
pub(crate) const MOST_SLOTS: u32 = 48;

pub(crate) fn formula<'a>(space: &mut Space<'a>, condition: ConditionView<'a>) -> Formula {
    let key = space.key(condition.key());
    let present = space.fact(Fact::Present(key));
    if condition.operator().base.test == Test::Null {
        return null(space, condition, key, present);
    }
    let absent = without_key(condition.operator());
    let absent = space.formulas.constant(absent);
    let with_key = match space.keys[key.0 as usize].shape {
        Shape::One => single(space, condition, key),
        Shape::Many => several(space, condition, key),
        Shape::Either => {
            let is_several = space.fact(Fact::Several(key));
            let (several, single) = (several(space, condition, key), single(space, condition, key));
            space.formulas.either(is_several, several, single)
        }
    };
    space.formulas.either(present, with_key, absent)
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
    let missing = space.formulas.not(has_values);
    let [for_missing, for_present] = condition.null_asks_for();
    let asked = [(for_missing, missing), (for_present, has_values)];
    space.formulas.any(asked.into_iter().filter(|(asks, _)| *asks).map(|(_, formula)| formula))
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
        return space.formulas.all([first, not_more, holds]);
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
            [Fact::Matches(text, test), Fact::Unreadable(text, test)].map(|fact| space.fact(fact))
        }
        None => texts(space, condition, text),
    };
    if !base.negated {
        return matches;
    }
    let [differs, readable] = [matches, unreadable].map(|formula| space.formulas.not(formula));
    space.formulas.all([differs, readable])
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
                Some(true) => matching.add_ignoring_case(space, &parts),
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
    [space.formulas.all([same, is_arn]), unreadable]
}
