use proptest::prelude::*;

use super::*;
use crate::testing::context;

const LIKE: Syntax = Syntax::new(Wildcards::Count, Variables::Replaced);
const EQUALS: Syntax = Syntax::new(Wildcards::Literal, Variables::Replaced);

fn text(text: &str) -> Token {
    Token::Text(text.to_owned())
}

fn variable(key: &str, default: Option<&str>) -> Token {
    Token::Variable(Variable { key: KeyName::new(key), default: default.map(Into::into), among_wildcards: true })
}

#[test]
fn text_is_taken_apart() {
    for (written, expected) in [
        ("", vec![]),
        ("a*b?", vec![text("a"), Token::Any, text("b"), Token::One]),
        ("${*}${?}${$}", vec![text("*?$")]),
        ("a-${aws:UserName}-*", vec![text("a-"), variable("aws:username", None), text("-"), Token::Any]),
        ("${aws:PrincipalTag/team, 'company-wide'}", vec![variable("aws:principaltag/team", Some("company-wide"))]),
        ("${aws:PrincipalTag/team,'a}b'}", vec![variable("aws:principaltag/team", Some("a}b"))]),
        ("${aws:PrincipalTag/team, ''}", vec![variable("aws:principaltag/team", Some(""))]),
        ("${unclosed", vec![text("${unclosed")]),
        ("$5 $$", vec![text("$5 $$")]),
    ] {
        assert_eq!(tokens(written, LIKE), expected, "{written}");
    }
    let old = Syntax::new(Wildcards::Count, Variables::Literal);
    assert_eq!(tokens("${*}", old), [text("${"), Token::Any, text("}")]);
    let equal = Syntax::new(Wildcards::Literal, Variables::Replaced);
    assert_eq!(tokens("a*?${*}", equal), [text("a*?*")]);
}

#[test]
fn patterns_match() {
    let context = context("aws:username=ann; aws:PrincipalTag/star=*; aws:PrincipalTag/empty=; aws:TagKeys=[a,b]");
    for (pattern, text, expected) in [
        ("", "", Some(true)),
        ("", "a", Some(false)),
        ("*", "", Some(true)),
        ("*", "a:b/c", Some(true)),
        ("a*a", "a", Some(false)),
        ("a*a", "aa", Some(true)),
        ("?", "ü", Some(true)),
        ("??", "ü", Some(false)),
        ("*?b", "ab", Some(true)),
        ("a?*c*d", "abxcyd", Some(true)),
        ("home/${aws:username}/*", "home/ann/x", Some(true)),
        ("home/${AWS:UserName}/*", "home/bob/x", Some(false)),
        ("home/${aws:nobody}/*", "home//x", None),
        ("${aws:nobody, 'x'}", "x", Some(true)),
        ("${aws:username, 'x'}", "x", Some(false)),
        ("${aws:PrincipalTag/empty, 'x'}", "", Some(true)),
        // What is put in is literal: nobody widens a match by tagging himself with a star.
        ("${aws:PrincipalTag/star}", "anything", Some(false)),
        ("${aws:PrincipalTag/star}", "*", Some(true)),
        ("a*${aws:PrincipalTag/star}", "abc", Some(false)),
        ("a*${aws:PrincipalTag/star}", "abc*", Some(true)),
        ("${*}", "*", Some(true)),
        ("${*}", "a", Some(false)),
        ("${aws:TagKeys}", "a", None),
        ("${aws:TagKeys, 'a'}", "a", None),
    ] {
        let found = Pattern::parse(pattern, LIKE).matches(text, &context, &mut Notes::default());
        assert_eq!(found, expected, "{pattern} on {text}");
    }
}

#[test]
fn what_is_undocumented_of_a_variable_is_noted() {
    let star = "aws:PrincipalTag/star=*";
    for (pattern, syntax, values, expected) in [
        ("${aws:TagKeys}", LIKE, "aws:TagKeys=[a]", &["multivalued-key-as-variable"][..]),
        ("a${aws:PrincipalTag/star}", LIKE, star, &["wildcard-in-a-variables-value"]),
        ("${aws:PrincipalTag/none, 'a?'}", LIKE, star, &["wildcard-in-a-variables-value"]),
        ("${aws:PrincipalTag/star}", EQUALS, star, &[]),
        ("*${aws:PrincipalTag/none, 'a'}${*}", LIKE, star, &[]),
    ] {
        let mut notes = Notes::default();
        Pattern::parse(pattern, syntax).matches("a", &context(values), &mut notes);
        assert_eq!(notes.iter().map(|row| row.id).collect::<Vec<_>>(), expected, "{pattern}");
    }
}

#[test]
fn many_stars_take_no_time() {
    let pattern = Pattern::parse(&"*a".repeat(5_000), LIKE);
    let text = format!("{}b", "a".repeat(20_000));
    assert_eq!(pattern.matches(&text, &Context::new(), &mut Notes::default()), Some(false));
}

/// What a wildcard means, by the book: every way is tried.
fn naive(pattern: &[char], text: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('*', rest)) => (0..=text.len()).any(|at| naive(rest, &text[at..])),
        Some(('?', rest)) => text.split_first().is_some_and(|(_, text)| naive(rest, text)),
        Some((letter, rest)) => text.split_first().is_some_and(|(found, text)| found == letter && naive(rest, text)),
    }
}

proptest! {
    #[test]
    fn the_quick_way_matches_what_every_way_matches(pattern in "[ab:é*?]{0,9}", text in "[ab:é]{0,9}") {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        let quick = Pattern::parse(&pattern, LIKE).matches(&text, &Context::new(), &mut Notes::default());
        prop_assert_eq!(quick, Some(naive(&chars(&pattern), &chars(&text))));
    }

    #[test]
    fn no_text_is_too_odd(pattern in ".*", text in ".*") {
        Pattern::parse(&pattern, LIKE).matches(&text, &Context::new(), &mut Notes::default());
    }
}

/// Each variable is read by itself, whatever stands before it without an end.
#[test]
fn a_variable_without_end_hides_no_other() {
    for (written, before) in [("${a'} ${b}", "${a'} "), ("${a' ' ${c ' ${b}", "${a' ' ${c ' ")] {
        assert_eq!(tokens(written, LIKE), [text(before), variable("b", None)], "{written}");
    }
}

#[test]
fn what_a_pattern_comes_to_keeps_its_wildcards() {
    let resolved = Pattern::parse("a*${k:x}?*", LIKE).resolved(&context("k:x=red"));
    assert_eq!(resolved.as_deref(), Some("a*red?*"));
}
