use std::collections::HashMap;

use policy::view::Reach;

use super::*;
use crate::lang::{Class, Pattern, Step, glob};

fn found(inside: &[&str], outside: &[&str]) -> Option<String> {
    let language = |text: &&str| Language::new(&[glob(text)]);
    let (inside, outside): (Vec<_>, Vec<_>) =
        (inside.iter().map(language).collect(), outside.iter().map(language).collect());
    let bounds: Vec<_> = inside
        .iter()
        .map(|language| Bound { language, inside: true })
        .chain(outside.iter().map(|language| Bound { language, inside: false }))
        .collect();
    text(&bounds, &mut Budget::default()).unwrap()
}

/// Segments as ArnLike has them: their wildcards stop at colons.
fn segmented(text: &str) -> Pattern {
    let step = |letter| match letter {
        '*' => Step::star(Class::within(Reach::NoColon)),
        letter => Step::one(Class::one(letter)),
    };
    text.chars().map(step).collect()
}

#[test]
fn the_shortest_text_is_found() {
    for (inside, outside, expected) in [
        (&["a*"][..], &[][..], Some("a")),
        (&["a*", "*b"], &[], Some("ab")),
        (&["a*"], &["a", "a?"], Some("aa?").map(|_| "ax")),
        (&["a*"], &["a*"], None),
        (&["*a*"], &["*b*", "a"], Some("aa")),
        (&["arn:aws:s3:::b/*"], &["arn:aws:s3:::b/*"], None),
        (&["a", "b"], &[], None),
    ] {
        let found = found(inside, outside);
        assert_eq!(found.as_deref().map(str::len), expected.map(str::len), "{inside:?} {outside:?}: {found:?}");
    }
}

/// github.com/cvc5/cvc5/issues/12815: with wildcards that stop at colons a solver of strings did not end.
#[test]
fn what_other_solvers_do_not_settle() {
    let inside = Language::new(&[segmented("/home/*/docs")]);
    let outside = Language::new(&[segmented("/home/*/*")]);
    let bounds = [Bound { language: &inside, inside: true }, Bound { language: &outside, inside: false }];
    assert_eq!(text(&bounds, &mut Budget::default()), Ok(None));
    // github.com/Z3Prover/z3test/issues/12: many overlapping stars.
    assert_eq!(found(&["*a*b*c*d*e*f*"], &["*a*b*c*d*e*"]), None);
    assert_eq!(found(&["*a*b*c*d*e*"], &["*a*b*c*d*e*f*"]).as_deref(), Some("abcde"));
}

#[test]
fn pieces_are_texts_of_their_own() {
    let whole = Language::new(&[glob("b/ann/*")]);
    let (start, name, end) =
        (Language::new(&[glob("b/")]), Language::new(&[glob("a*")]), Language::new(&[glob("/x*")]));
    let bound = |language| [Bound { language, inside: true }];
    let (whole, start, name, end) = (bound(&whole), bound(&start), bound(&name), bound(&end));
    let found = texts(&whole, &[&start, &name, &end], &mut Budget::default()).unwrap().unwrap();
    assert_eq!(found, ["b/", "ann", "/x"]);
}

#[test]
fn a_search_ends_with_its_budget() {
    let language = Language::new(&[glob(&"?*a".repeat(20))]);
    let bounds = [Bound { language: &language, inside: true }];
    assert_eq!(text(&bounds, &mut Budget::new(3)), Err(OutOfSteps));
}

/// All texts of up to four letters: a text is found exactly if there is one, or a longer one.
#[test]
fn small_universes_are_searched_exhaustively() {
    let patterns = ["", "a", "b", "*", "a*", "*a", "*b*", "a*b", "ab", "*ab*", "a*a", "ba*"];
    let letters = ['a', 'b', 'x'];
    let mut texts = vec![String::new()];
    let mut longest = texts.clone();
    for _ in 0..4 {
        longest = longest.iter().flat_map(|text| letters.map(|letter| format!("{text}{letter}"))).collect();
        texts.extend(longest.clone());
    }
    let languages: HashMap<&str, Language> =
        patterns.iter().map(|pattern| (*pattern, Language::new(&[glob(pattern)]))).collect();
    for one in patterns {
        for two in patterns {
            for three in patterns {
                let meets =
                    |text: &str| languages[one].has(text) && languages[two].has(text) && !languages[three].has(text);
                let found = found(&[one, two], &[three]);
                assert!(found.as_deref().is_none_or(meets), "{one} {two} {three}: {found:?}");
                let exists = texts.iter().any(|text| meets(text));
                assert!(found.is_some() || !exists, "{one} {two} {three}");
                assert!(found.as_ref().is_none_or(|text| text.len() > 4) || exists, "{one} {two} {three}: {found:?}");
            }
        }
    }
}
