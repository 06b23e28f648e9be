//! Hand-made results and the text they give.

use matrix::{AxisEntry, Cell, Expectation, Expected, NotApplied, OptionRow, Outcome, Results, Timings};
use source::Span;

use super::*;
use crate::mark::mark;

fn named(name: &str) -> AxisEntry {
    AxisEntry { name: name.to_owned(), what: format!("what {name} is") }
}

fn option(name: &str) -> OptionRow {
    OptionRow { name: name.to_owned(), under_test: None, condition: None, changes: Vec::new() }
}

/// One option per list of outcomes; every cell is expected to be denied.
pub(crate) fn results(callers: &[&str], requests: &[&str], options: &[(&str, Vec<Outcome>)]) -> Results {
    let mut cells = Vec::new();
    for (at, (_, outcomes)) in options.iter().enumerate() {
        for (cell, outcome) in outcomes.iter().enumerate() {
            let (caller, request) = (cell / requests.len(), cell % requests.len());
            let expectation = Expectation {
                expected: Expected::Deny,
                because: Some("the page says so".to_owned()),
                see: None,
                predicted: None,
                span: Span::default(),
            };
            cells.push(Cell {
                task: None,
                option: at,
                caller,
                request,
                ok: expectation.expected.met_by(outcome),
                expectation,
                outcome: outcome.clone(),
                reason: format!("reason of {}", mark(outcome)),
                mend: None,
                mends: Vec::new(),
                recorded: None,
            });
        }
    }
    Results {
        scenario: "made".to_owned(),
        title: "Made by hand".to_owned(),
        source: None,
        options: options.iter().map(|(name, _)| option(name)).collect(),
        callers: callers.iter().map(|name| named(name)).collect(),
        requests: requests.iter().map(|name| named(name)).collect(),
        generated_names: Vec::new(),
        cells,
        claims: Vec::new(),
        changes: Vec::new(),
        not_applied: vec![NotApplied { what: "Queue".to_owned(), why: "AWS::SQS::Queue is not applied".to_owned() }],
        notes: Vec::new(),
        bare: None,
        timings: Timings::default(),
    }
}

pub(crate) fn error(status: u16) -> Outcome {
    let code = if status == 404 { "NoSuchKey" } else { "Code" };
    Outcome::Error { status, code: code.to_owned(), message: "text".to_owned() }
}

pub(crate) fn not_started() -> Outcome {
    Outcome::NotStarted { call: "ecs:RunTask".to_owned(), code: "Code".to_owned(), message: "text".to_owned() }
}

#[test]
fn each_outcome_has_its_mark_and_each_surprise_its_star() {
    use Outcome::{Allowed, ExplicitlyDenied, ImplicitlyDenied};
    let not_run = Outcome::NotRun { why: "no docker".to_owned() };
    let first = vec![Allowed, ImplicitlyDenied, ExplicitlyDenied, error(404)];
    let second = vec![not_started(), error(500), not_run, ImplicitlyDenied];
    let made = results(&["ann", "ben"], &["get", "put"], &[("one", first), ("second", second)]);
    let expected = "\
Made by hand

Callers
  a  ann  what ann is
  b  ben  what ben is

Requests
  1  get  what get is
  2  put  what put is

Matrix
          a     b
          1 2   1 2
  one     ✓*·   ✗ ?*
  second  ○*!*  - ·

Marks
  ✓  allowed
  ·  denied: nothing allows it
  ✗  denied: a Deny statement matches
  ?  allowed, and the answer is 404: no such object
  ○  the caller's task or session could not be started
  !  another error
  -  not run
  *  after a mark: not as expected

Options
  one
  second

Why
  · one: a 2
  · second: b 2
      reason of ·
  ✗ one: b 1
      reason of ✗
  ? one: b 2
      reason of ?
  ○ second: a 1
      reason of ○
  ! second: a 2
      reason of !
  - second: b 1
      reason of -

Expected
  deny every option: a,b 1,2
      the page says so

Not applied
  Queue: AWS::SQS::Queue is not applied
";
    assert_eq!(whole(&made, Page::FILE), expected);
}

fn whole(made: &Results, page: Page) -> String {
    matrix(made, page) + &details(made, page)
}

#[test]
fn columns_stay_aligned_however_many_there_are() {
    let callers: Vec<String> = (0..28).map(|at| format!("c{at}")).collect();
    let requests: Vec<String> = (0..11).map(|at| format!("r{at}")).collect();
    let names = |all: &[String]| all.iter().map(String::as_str).map(str::to_owned).collect::<Vec<_>>();
    let (callers, requests) = (names(&callers), names(&requests));
    let (callers, requests): (Vec<&str>, Vec<&str>) =
        (callers.iter().map(String::as_str).collect(), requests.iter().map(String::as_str).collect());
    let made = results(&callers, &requests, &[("all", vec![Outcome::ImplicitlyDenied; 28 * 11])]);
    let text = table(&made, Page::FILE);
    let lines: Vec<&str> = text.lines().skip_while(|line| *line != "Matrix").skip(1).take(3).collect();
    let column = |line: &str, wanted: &str| {
        let at = line.rfind(wanted).unwrap();
        line[..at].chars().count()
    };
    assert_eq!(column(lines[0], "ab"), column(lines[1], "1  2  3"), "{text}");
    assert_eq!(lines[1].chars().count(), lines[2].chars().count() + 1, "two digits over one mark: {text}");
}

#[test]
fn what_comes_from_outside_cannot_steer_a_terminal() {
    let made = results(&["\u{1b}[2J"], &["get"], &[("o", vec![Outcome::ImplicitlyDenied])]);
    let text = whole(&made, Page::new(60).coloured(false));
    assert!(text.contains(r"\u001b[2J") && !text.contains('\u{1b}'), "{text}");
}

#[test]
fn a_bare_run_says_what_its_canaries_say_and_where_it_is_not_as_aws() {
    use Outcome::{Allowed, ImplicitlyDenied};
    let unsupported = Outcome::Unsupported { why: "it has no tags".to_owned() };
    let mut made = results(
        &["ann"],
        &["get", "put", "list"],
        &[("one", vec![Allowed, ImplicitlyDenied, error(500)]), ("two", vec![error(404), unsupported, not_started()])],
    );
    let canary = |outcome, expected| matrix::Canary { what: "an Allow", expected, outcome };
    let canaries = vec![
        canary(Allowed, Expected::Allow),
        canary(ImplicitlyDenied, Expected::Deny),
        canary(Allowed, Expected::Deny),
    ];
    made.bare = Some(matrix::Bare { backend: "moto 5.2.5".to_owned(), canaries });
    made.notes = vec!["moto wants more".to_owned()];
    let expected = "\
Made by hand

Canaries
  moto 5.2.5 does not evaluate conditions: its matches prove nothing
  an Allow: allowed where AWS would allow, as on AWS
  an Allow: implicitly denied where AWS would deny, as on AWS
  an Allow: allowed where AWS would deny, not as on AWS

Callers
  a  ann  what ann is

Requests
  1  get   what get is
  2  put   what put is
  3  list  what list is

Matrix
       a
       1 2 3
  one  ✓▲· !
  two  ?▲∅ ○!

Marks
  ✓  allowed
  ·  denied (reason not given)
  ?  allowed, and the answer is 404: no such object
  ○  the caller's task or session could not be started
  !  another error
  ∅  cannot be expressed on this backend
  ▲  after a mark: fail-open, let through where AWS refuses
  !  after a mark: another answer than AWS's

Fidelity
  fail-open 2, error 2, unsupported 1, match 1

Fail-open: let through where AWS refuses
  ✓ one: a 1
      allowed where deny is expected, because the page says so
  ? two: a 1
      404 NoSuchKey: text where deny is expected, because the page says so

Errors
  ! one: a 3
      500 Code: text where deny is expected, because the page says so
  ○ two: a 3
      not started, ecs:RunTask gave Code: text where deny is expected, because the page says so

Unsupported
  ∅ two: a 2
      unsupported: it has no tags

Options
  one
  two

Differences from AWS
  moto wants more

Not applied
  Queue: AWS::SQS::Queue is not applied
";
    assert_eq!(whole(&made, Page::FILE), expected);
}

#[test]
fn a_matrix_fits_the_terminal() {
    use Outcome::{Allowed, ImplicitlyDenied};
    let outcomes = vec![Allowed, ImplicitlyDenied, ImplicitlyDenied, Allowed, ImplicitlyDenied, ImplicitlyDenied];
    let mut made = results(&["ann", "ben", "cleo"], &["get", "put"], &[("an-option-with-a-long-name", outcomes)]);
    made.requests[1].what = "s3:PutObject Bucket=a-bucket-with-a-long-name Key=a/key/with/a/long/name".to_owned();
    for cell in &mut made.cells {
        cell.reason = format!("{} {}", cell.reason, "and a word that goes on ".repeat(6));
    }
    for columns in [60, 80, 120] {
        let text = whole(&made, Page::new(columns));
        let longest = text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(longest <= columns, "{longest} of {columns}: {text}");
    }
    let expected = "
Requests
  1  get  what get is
  2  put  s3:PutObject Bucket=a-bucket-with-a-long-name
          Key=a/key/with/a/long/name

Matrix
                              a     b     c
                              1 2   1 2   1 2
  an-option-with-a-long-name  ✓*·   · ✓*  · ·
";
    let table = table(&made, Page::new(60));
    assert!(table.contains(expected), "{table}");
    let narrow = "
Matrix
                              a     b
                              1 2   1 2
  an-option-with-a-long-name  ✓*·   · ✓*

                              c
                              1 2
  an-option-with-a-long-name  · ·
";
    let table = super::table(&made, Page::new(40));
    assert!(table.contains(narrow), "{table}");
}

#[test]
fn a_missing_object_is_told_apart_from_a_missing_bucket() {
    let answer = |code: &str| Outcome::Error { status: 404, code: code.to_owned(), message: "text".to_owned() };
    let answers = ["NoSuchKey", "NoSuchBucket", "NotFound", "NoSuchEntity"].map(answer).to_vec();
    let made = results(&["ann"], &["a", "b", "c", "d"], &[("one", answers)]);
    let table = table(&made, Page::FILE);
    let expected = "
  one  ?*¿*?*!*

Marks
  ?  allowed, and the answer is 404: no such object (to a HEAD request it may also mean: no such bucket)
  ¿  allowed, and the answer is 404: no such bucket
  !  another error
  *  after a mark: not as expected
";
    assert!(table.ends_with(expected), "{table}");
}

#[test]
fn marks_are_coloured_and_names_are_not() {
    let made = results(&["ann"], &["get"], &[("is-✓-here", vec![Outcome::Allowed])]);
    let table = table(&made, Page::FILE.coloured(true));
    assert!(table.contains("  is-✓-here  \u{1b}[32m✓\u{1b}[0m\u{1b}[1m\u{1b}[31m*\u{1b}[0m\n"), "{table:?}");
}
