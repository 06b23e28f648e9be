//! The text of a snapshot, and the same read back.

use matrix::{Outcome, TaskRun};

use super::*;
use crate::Pinned;
use crate::table::tests::{error, not_started, results};

fn made() -> Results {
    use Outcome::{Allowed, ExplicitlyDenied, ImplicitlyDenied};
    let first = vec![Allowed, ImplicitlyDenied, ExplicitlyDenied, error(404)];
    let second = vec![not_started(), error(500), ImplicitlyDenied, Allowed];
    let mut made = results(&["ann", "ben"], &["get", "put"], &[("one", first), ("the second", second)]);
    made.options[1].condition = Some(r#"{"Bool":{"aws:SecureTransport":"true"}}"#.to_owned());
    let task = TaskRun {
        output: "hello".to_owned(),
        exit_code: Some(0),
        stop_code: "EssentialContainerExited".to_owned(),
        stopped_reason: "Essential container in task exited".to_owned(),
    };
    made.cells[0].task = Some(task);
    made
}

#[test]
fn a_snapshot_holds_marks_and_codes_and_none_of_our_sentences() {
    let expected = r#"tagproof snapshot 2
Made by hand

Callers
  a  ann
  b  ben

Requests
  1  get
  2  put

Matrix
               a     b
               1 2   1 2
  one          ✓ ·   ✗ ?
  the second   ○ !   · ✓

Marks
  ✓  allow
  ·  implicit-deny
  ✗  explicit-deny
  ?  not-found
  ○  cannot-start
  !  error

Conditions
  the second
      {"Bool":{"aws:SecureTransport":"true"}}

Reasons
  · one: a 2
  · the second: b 1
      not-revealed
  ✗ one: b 1
      not-revealed
  ? one: b 2
      404 NoSuchKey
  ○ the second: a 1
      ecs:RunTask Code
  ! the second: a 2
      500 Code

Tasks
  one: a 1
      exit 0 EssentialContainerExited
      | hello

Not applied
  Queue
"#;
    assert_eq!(snapshot(&made(), "embedded").text, expected);
}

#[test]
fn a_reworded_sentence_changes_no_snapshot() {
    let before = snapshot(&made(), "embedded").text;
    let mut made = made();
    let words = || "other words".to_owned();
    for cell in &mut made.cells {
        cell.reason = words();
        cell.mend = Some(words());
        cell.expectation.because = Some(words());
        match &mut cell.outcome {
            Outcome::Error { message, .. } | Outcome::NotStarted { message, .. } => *message = words(),
            _ => {}
        }
        if let Some(task) = &mut cell.task {
            task.stopped_reason = words();
        }
    }
    made.callers.iter_mut().chain(&mut made.requests).for_each(|named| named.what = words());
    made.options.iter_mut().for_each(|option| option.changes = vec![words()]);
    made.not_applied[0].why = words();
    made.notes = vec![words()];
    assert_eq!(snapshot(&made, "embedded").text, before);
}

#[test]
fn a_file_gives_back_the_mark_of_each_cell() {
    let made = made();
    let pinned = Pinned::read(&snapshot(&made, "embedded").file("scenarios/made/scenario.yaml"));
    assert_eq!(pinned.other_form(), None);
    for cell in &made.cells {
        assert_eq!(pinned.mark(&made, cell), Some(mark(&cell.outcome)), "{cell:?}");
    }
    assert_eq!(pinned.code("?"), Some("not-found"));
    let mut more = made.clone();
    more.callers[1].name = "new".to_owned();
    assert_eq!(pinned.mark(&more, &more.cells[2]), None);
}

#[test]
fn the_file_is_in_instas_form() {
    let file = snapshot(&made(), "embedded").file("scenarios/made/scenario.yaml");
    let head =
        "---\nsource: \"scenarios/made/scenario.yaml\"\ndescription: \"Made by hand\"\n---\ntagproof snapshot 2\n";
    assert!(file.starts_with(head) && file.ends_with("  Queue\n"), "{file}");
}
