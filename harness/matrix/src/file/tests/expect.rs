//! The expectations of a file.

use super::*;

#[test]
fn every_cell_has_its_expectation_in_file_order() {
    use Expected::{Allow, Deny, NotFound};
    let scenario = sound(SOUND);
    let expected: Vec<_> = scenario.expectations.iter().map(|cell| cell.expected).collect();
    let none = [Allow, NotFound, Allow, NotFound, Allow, NotFound];
    let tagged = [Allow, NotFound, Deny, Deny, Allow, NotFound];
    assert_eq!(expected, [none, tagged].concat());
    assert_eq!(scenario.expectations[8].because.as_deref(), Some("no tags"));
    assert_eq!(scenario.expectations[6].because, None);
}

#[test]
fn a_row_for_every_option_covers_what_their_own_rows_leave() {
    use Expected::{Allow, Deny, NotFound};
    let every = "  every-option: {allow: {all: [head]}, not-found: {all: [missing]}}\n  tagged: {deny: [ann]}\n";
    let (head, _) = SOUND.split_once("  none: {allow").unwrap();
    let expected: Vec<_> = sound(&format!("{head}{every}")).expectations.iter().map(|cell| cell.expected).collect();
    let none = [Allow, NotFound, Allow, NotFound, Allow, NotFound];
    let tagged = [Allow, NotFound, Deny, Deny, Allow, NotFound];
    assert_eq!(expected, [none, tagged].concat());

    let partly = format!("{head}  every-option: {{allow: {{all: [head]}}}}\n");
    let uncovered = said(&partly);
    assert_eq!(uncovered.len(), 2, "{uncovered:?}");
    assert!(
        uncovered[0].starts_with("9:3 UNCOVERED_CELL no expectation covers these cells of option `none`: "),
        "{uncovered:?}"
    );
}

#[test]
fn an_unknown_name_in_an_expectation_is_an_error() {
    check(
        "  none: {allow",
        "  nome: {allow",
        &["21:3 UNKNOWN_OPTION there is no option `nome` (did you mean `none`?)"],
    );
    check("deny: [ann]", "deny: [anna]", &["23:15 UNKNOWN_CALLER there is no caller `anna` (did you mean `ann`?)"]);
    check("{ok: [head],", "{ok: [hed],", &["24:21 UNKNOWN_REQUEST there is no request `hed` (did you mean `head`?)"]);
}

#[test]
fn a_cell_that_nothing_covers_is_an_error() {
    check(
        ", not-found: {all: [missing]}",
        "",
        &["21:3 UNCOVERED_CELL no expectation covers these cells of option `none`: \
         ok/missing, ann/missing, chained/missing \
         (write what they give: `deny: {ok: [missing], ann: [missing], chained: [missing]}`, or `allow`, `cannot-start` \
         or `not-found`)"],
    );
    check(
        "    - {allow: {ok: [head], chained: [head]}, not-found: {ok: [missing], chained: [missing]}}",
        "    - {allow: {ok: [head]}}",
        &["22:3 UNCOVERED_CELL no expectation covers these cells of option `tagged`: \
         ok/missing, chained/head, chained/missing \
         (write what they give: `deny: {ok: [missing], chained: all}`, or `allow`, `cannot-start` or `not-found`)"],
    );
    // The name of a cell, copied from such a message.
    check(
        "deny: [ann]",
        "deny: [ann/head]",
        &["23:15 UNKNOWN_CALLER there is no caller `ann/head` (write `deny: {ann: [head]}`)"],
    );
}

#[test]
fn a_cell_that_is_covered_twice_differently_is_an_error() {
    check(
        "deny: [ann]",
        "deny: {ann: all, ok: [head]}",
        &["24:20 COVERED_TWICE ok/head is expected to give `allow` here and `deny` before (keep one of the two)"],
    );
    // One for each place, however many cells it stands for.
    check(
        "allow: {ok: [head], chained: [head]}",
        "allow: {ok: [head], chained: [head], ann: all}",
        &["24:50 COVERED_TWICE ann/head, ann/missing are expected to give `allow` here and `deny` before \
         (keep one of the two)"],
    );
    // Twice the same is no contradiction.
    sound(&SOUND.replace("allow: {ok: [head],", "allow: {ok: [head, head],"));
}

#[test]
fn cells_are_selected_in_three_ways_only() {
    check(
        "deny: [ann]",
        "deny: ann",
        &["23:14 WRONG_TYPE cells are `all`, a list of callers, or a mapping of callers to requests (write `[ann]`)"],
    );
    check(
        "{deny: [ann], because",
        "{because",
        &["23:7 NO_OUTCOME an expectation must say what comes out \
         (give it `allow`, `deny`, `cannot-start` or `not-found`)"],
    );
}
