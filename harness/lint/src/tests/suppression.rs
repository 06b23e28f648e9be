//! Comments that leave findings out.

use source::{Source, Sources};

use crate::{Suppressed, look, suppress};

const WRONG: &str = "Action: s3:GetObjekt";

/// A template with a fault in its line 9, `before` as line 8 and `behind` behind the fault.
fn template(before: &str, behind: &str) -> String {
    format!(
        "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n{before}\n          - {WRONG}{behind}\n            Effect: Allow\n            Resource: '*'\n"
    )
}

/// How many findings are left out, and what is left: `CODE | text`.
fn told(text: &str) -> (usize, Vec<String>) {
    let mut sources = Sources::new();
    let file = sources.add(Source::new("t.yaml", text));
    let Suppressed { findings, count } = suppress(&sources, look(file, text, None).findings);
    let part = |one: &source::Finding| &text[one.span.start as usize..one.span.end as usize];
    (count, findings.iter().map(|one| format!("{} | {}", one.code, part(one))).collect())
}

#[test]
fn a_comment_with_a_reason_leaves_a_finding_out() {
    let left = "INVALID_ACTION | s3:GetObjekt";
    let ignore = "# tagproof: ignore INVALID_ACTION because it is new";
    let check = |before: &str, behind: &str, count, expected: &[&str]| {
        assert_eq!(
            told(&template(before, behind)),
            (count, expected.iter().map(|one| (*one).to_owned()).collect()),
            "{before}{behind}"
        );
    };
    check("", "", 0, &[left]);
    check("", &format!(" {ignore}"), 1, &[]);
    check(&format!("          {ignore}"), "", 1, &[]);
    // Other comments and empty lines may stand between.
    check(&format!("{ignore}\n# more\n"), "", 1, &[]);
    check(
        "#tagproof:ignore MISSING_VERSION, INVALID_ACTION because x",
        "",
        1,
        &["UNUSED_SUPPRESSION | MISSING_VERSION"],
    );
    check(ignore, &format!(" {ignore}"), 1, &["UNUSED_SUPPRESSION | INVALID_ACTION"]);
    // About another line.
    let elsewhere =
        format!("          - {{Effect: Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::b/*'}} {ignore}");
    check(&elsewhere, "", 0, &["UNUSED_SUPPRESSION | INVALID_ACTION", left]);
    for (comment, place) in [
        ("# tagproof: ignore INVALID_ACTION", "# tagproof: ignore INVALID_ACTION"),
        ("# tagproof: ignore INVALID_ACTION because ", "# tagproof: ignore INVALID_ACTION because "),
        ("# tagproof: ignore because x", "# tagproof: ignore because x"),
        ("# tagproof: ignroe INVALID_ACTION because x", "# tagproof: ignroe INVALID_ACTION because x"),
        ("# tagproof: ignore INVALID_ACTON because x", "INVALID_ACTON"),
    ] {
        check(comment, "", 0, &[&format!("INVALID_SUPPRESSION | {place}"), left]);
    }
}

#[test]
fn text_is_no_comment() {
    let scalar = "# tagproof: ignore INVALID_ACTION because x";
    let text = template("", "").replace("Type:", &format!("Metadata: {{a: \"{scalar}\", b: 'x{scalar}'}}\n    Type:"));
    assert_eq!(told(&text).0, 0);
    assert_eq!(told(&text).1.len(), 1);
    let block = format!("{}    Metadata:\n      a: |\n        {scalar}\n", template("", ""));
    assert_eq!((told(&block).0, told(&block).1.len()), (0, 1));
    // JSON has no comments.
    let json = format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Sid": "{scalar}", "Effect": "Allow", "Action": "s3:GetObjekt", "Resource": "*"}}}}"#
    );
    assert_eq!(told(&json).0, 0);
    let broken = format!("Resources: [\n{scalar}\n");
    assert_eq!(told(&broken).1.len(), 1, "nothing but the syntax");
}

#[test]
fn many_comments_take_no_time() {
    let comment = "# tagproof: ignore INVALID_ACTION because x\n";
    let (count, findings) = told(&format!("{}{}", template("", ""), comment.repeat(100_000)));
    assert_eq!((count, findings.len()), (0, source::Findings::MOST + 2));
}
