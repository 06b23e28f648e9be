use std::sync::atomic::{AtomicUsize, Ordering};

use prove::Budget;
use serde_json::json;

use super::*;

const READER: &str = "arn:aws:iam::111122223333:role/Reader";

fn settled_lines(input: &str, workers: usize) -> (Vec<Value>, Proved) {
    let mut out = Vec::new();
    let became = prove_lines(input.as_bytes(), &mut out, workers, &Options::default).unwrap();
    let text = String::from_utf8(out).unwrap();
    (text.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), became)
}

/// An identity policy that lets those with a tag read.
fn tagged() -> Value {
    json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*", "Condition": {"StringEquals": {"aws:PrincipalTag/Team": "finance"}}}})
}

fn line(members: &Value) -> String {
    let mut line = json!({"claim": "never", "action": "s3:GetObject", "resource": "arn:aws:s3:::reports/*"});
    for (name, value) in members.as_object().unwrap() {
        line[name] = value.clone();
    }
    line.to_string()
}

#[test]
fn a_claim_holds_or_a_request_shows_otherwise() {
    let team = json!({"StringEquals": {"aws:PrincipalTag/Team": "finance"}});
    let by = |policies: Value, unless: &Value| json!({"principal": READER, "policies": policies, "unless": unless});
    let everybody = json!({"resource": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*",
        "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*",
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1"}}}}});
    let of_organization = json!({"StringEquals": {"aws:PrincipalOrgID": "o-a1"}});
    for (members, expected) in [
        (by(json!({"identity": [tagged()]}), &team), "holds"),
        (by(json!({"identity": [tagged()]}), &json!({"StringEquals": {"aws:PrincipalTag/Team": "hr"}})), "fails"),
        // A boundary that lists nothing of S3 lets nothing through.
        (
            by(
                json!({"identity": [tagged()], "boundary": [{"Statement": {"Effect": "Allow", "Action": "ec2:*",
                "Resource": "*"}}]}),
                &json!({"Bool": {"aws:SecureTransport": "true"}}),
            ),
            "holds",
        ),
        // Without a caller it is about everybody.
        (json!({"policies": everybody, "unless": of_organization, "resourceAccount": "111122223333"}), "holds"),
        (json!({"policies": everybody, "resourceAccount": "111122223333"}), "fails"),
        // A caller with the tag may read both objects, and may do one of the two actions.
        (
            json!({"claim": "always", "principal": READER, "when": team, "policies": {"identity": [tagged()]},
                "resource": ["arn:aws:s3:::reports/a", "arn:aws:s3:::reports/b"]}),
            "holds",
        ),
        (
            json!({"claim": "always", "principal": READER, "when": team, "policies": {"identity": [tagged()]},
                "action": ["s3:GetObject", "s3:GetObjectTagging"]}),
            "fails",
        ),
    ] {
        let (answers, became) = settled_lines(&line(&members), 1);
        assert_eq!(answers[0]["result"], expected, "{members}: {}", answers[0]);
        let failed = u64::from(expected == "fails");
        assert_eq!(became, Proved { lines: 1, failed, undecided: 0, bad: 0 }, "{members}");
        assert_eq!(answers[0]["request"]["action"].is_string(), expected == "fails", "{}", answers[0]);
    }
}

#[test]
fn each_line_is_answered_in_order() {
    let one = |at: usize| match at {
        5 => "{\"id\":5,\"claim\":\n".to_owned(),
        _ => {
            let policies = if at % 2 == 1 { json!({"identity": []}) } else { json!({"identity": [tagged()]}) };
            line(&json!({"id": at, "principal": READER, "policies": policies})) + "\n"
        }
    };
    let input: String = (0..40).map(one).collect();
    for workers in [1, 3] {
        let (answers, became) = settled_lines(&input, workers);
        assert_eq!(became, Proved { lines: 40, failed: 20, undecided: 0, bad: 1 });
        for (at, answer) in answers.iter().enumerate() {
            assert_eq!(answer["id"], at, "{answer}");
            if at != 5 {
                assert_eq!(answer["result"], ["fails", "holds"][at % 2], "{answer}");
            }
        }
        assert_eq!(answers[5]["error"]["line"], 6);
    }
}

#[test]
fn a_claim_that_nothing_can_be_like_is_undecided() {
    let both = json!({"Null": {"aws:PrincipalTag/Team": "true"}, "StringEquals": {"aws:PrincipalTag/Team": "hr"}});
    let members = json!({"principal": READER, "when": both, "policies": {"identity": [tagged()]}});
    let (answers, became) = settled_lines(&line(&members), 1);
    assert_eq!(answers[0]["result"], "undecided", "{}", answers[0]);
    assert!(answers[0]["reason"].as_str().unwrap().contains("no request can be as the claim describes it"));
    assert_eq!(became, Proved { lines: 1, undecided: 1, ..Proved::default() });
}

#[test]
fn everything_that_is_wrong_with_a_line_is_told() {
    for (line, expected) in [
        ("[]".to_owned(), vec!["the line does not begin with `{`: each line is a question, an object in JSON"]),
        (
            r#"{"id":"x"}"#.to_owned(),
            vec![
                "the line has no `claim`",
                "the line has no `action`",
                "the line has no `resource`",
                "the line has no `principal`",
            ],
        ),
        (
            r#"{"claim":"nevr","action":[1],"resource":"*","context":{},"principal":"x","when":{"StringEqual":{"a:b":"c"}}}"#
                .to_owned(),
            vec![
                "`claim` should be `never` or `always`",
                "`action` should be text",
                "`context` is not a key of a claim",
                "`when`: `StringEqual` is not a condition operator",
            ],
        ),
        (line(&json!({"action": [], "principal": READER})), vec!["`action` is empty"]),
        (line(&json!({"action": "s3:Nothing*", "principal": READER})), vec!["AWS has no action `s3:Nothing*`"]),
        (
            line(&json!({"action": ["s3:GetObject", "sqs:SendMessage"], "principal": READER})),
            vec!["the actions are of several services, such as `s3` and `sqs`"],
        ),
        (
            line(&json!({"policies": {"resource": {"Statement": {"Effect": "Allow", "Principal": "*",
                "Action": "s3:GetObject", "Resource": "*"}}}})),
            vec!["it is not known whose `arn:aws:s3:::reports/*` is"],
        ),
        // What stands twice may be read in either way.
        (
            line(&json!({"principal": READER})).replace(r#""claim":"#, r#""claim":"always","claim":"#),
            vec!["duplicate key `claim`"],
        ),
    ] {
        let (answers, became) = settled_lines(&line, 1);
        assert_eq!(became, Proved { lines: 1, bad: 1, ..Proved::default() }, "{line}");
        let error = &answers[0]["error"];
        let also = error["also"].as_array().into_iter().flatten();
        let told: Vec<_> = std::iter::once(error).chain(also).map(|one| one["message"].as_str().unwrap()).collect();
        assert_eq!(told, expected, "{line}");
    }
}

/// A time limit is of one line: the next begins with all of it.
#[test]
fn each_line_has_its_own_options() {
    let begun = AtomicUsize::new(0);
    // Time is up at once in each line but the second.
    let options = || {
        let at = begun.fetch_add(1, Ordering::Relaxed);
        Options { budget: Budget::default().until(move || at != 1), ..Options::default() }
    };
    let input = (line(&json!({"principal": READER, "policies": {"identity": [tagged()]}})) + "\n").repeat(3);
    let mut out = Vec::new();
    let became = prove_lines(input.as_bytes(), &mut out, 1, &options).unwrap();
    assert_eq!(became, Proved { lines: 3, failed: 1, undecided: 2, bad: 0 });
    let answers: Vec<Value> =
        String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let results: Vec<_> = answers.iter().map(|answer| &answer["result"]).collect();
    assert_eq!(results, ["undecided", "fails", "undecided"]);
}
