use aws_smt_strings::regular_expressions::{ReManager, RegLan};
use aws_smt_strings::smt_strings::SmtString;

use super::*;
use crate::budget::Budget;
use crate::search::{self, Bound};

#[test]
fn patterns_have_their_texts() {
    for (patterns, text, expected) in [
        (&["a*c"][..], "abbc", true),
        (&["a*c"], "abbd", false),
        (&["a*c", "abbd"], "abbd", true),
        (&["**"], "", true),
        (&[""], "", true),
        (&[""], "x", false),
        (&["*a*b*"], "xxaxxbx", true),
        (&["*a*b"], "xxaxxabxx", false),
        (&["*:*:*:*:*:*"], "a:b:c:d:e", false),
        (&["*:*:*:*:*:*"], "a:b:c:d:e:f:g", true),
    ] {
        let patterns: Vec<_> = patterns.iter().map(|pattern| glob(pattern)).collect();
        assert_eq!(Language::new(&patterns).has(text), expected, "{text}");
    }
}

/// Sets of positions go over many words.
#[test]
fn long_unions_are_read_as_short_ones() {
    let texts: Vec<String> = (0..200).map(|number| format!("arn:aws:s3:::bucket-{number}/*")).collect();
    let patterns: Vec<_> = texts.iter().map(|text| glob(text)).collect();
    let language = Language::new(&patterns);
    assert!(language.has("arn:aws:s3:::bucket-199/a/b"));
    assert!(!language.has("arn:aws:s3:::bucket-200/a"));
}

/// A pattern in the words of another library.
pub(crate) fn expression(pattern: &Pattern, of: &mut ReManager) -> RegLan {
    let steps: Vec<_> = pattern
        .iter()
        .map(|step| {
            let letters: Vec<_> = step.class.letters.iter().map(|&letter| of.char(u32::from(letter))).collect();
            let listed = of.union_list(letters);
            let all = of.all_chars();
            let class = if step.class.but { of.diff(all, listed) } else { listed };
            if step.is_star { of.star(class) } else { class }
        })
        .collect();
    of.concat_list(steps)
}

fn step(seed: &mut u64) -> Step {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    let class = match *seed >> 33 & 7 {
        0 | 1 => Class::any(),
        2 => Class::within(Reach::NoColon),
        3 => Class::one(':'),
        4 => Class::among(['a', 'A']),
        5 => Class::one('b'),
        _ => Class::one('a'),
    };
    if *seed >> 40 & 3 == 0 { Step::star(class) } else { Step::one(class) }
}

/// Which languages have a text in common is what everything rests on: a second library has to agree on each.
#[test]
fn a_second_library_agrees_on_what_is_empty() {
    let mut seed = 1;
    let mut empty = 0;
    for _ in 0..3_000 {
        let patterns: Vec<Pattern> =
            (0..4).map(|_| (0..1 + (seed >> 45) % 5).map(|_| step(&mut seed)).collect()).collect();
        let union = Language::new(&patterns[..2]);
        let (two, three) = (Language::new(&patterns[2..3]), Language::new(&patterns[3..]));
        let bounds =
            [(&union, true), (&two, true), (&three, false)].map(|(language, inside)| Bound { language, inside });
        let found = search::text(&bounds, &mut Budget::default()).unwrap();
        let mut of = ReManager::new();
        let all: Vec<_> = patterns.iter().map(|pattern| expression(pattern, &mut of)).collect();
        let first = of.union(all[0], all[1]);
        let both = of.inter(first, all[2]);
        let wanted = of.diff(both, all[3]);
        assert_eq!(found.is_none(), of.is_empty_re(wanted), "{patterns:?}: {found:?}");
        if let Some(text) = &found {
            assert!(of.str_in_re(&SmtString::from(text.as_str()), wanted), "{patterns:?}: {text}");
        }
        empty += usize::from(found.is_none());
    }
    assert!((300..2_700).contains(&empty), "{empty}");
}
