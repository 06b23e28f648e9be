use policy::{Context, Principal};

use super::*;

fn asked() -> Request {
    Request {
        principal: Principal::User { arn: "arn:aws:iam::111122223333:user/ann".to_owned() },
        action: "s3:GetObject".to_owned(),
        resource: "arn:aws:s3:::b/k".to_owned(),
        resource_account: None,
        context: Context::new(),
    }
}

fn verdicts() -> [Verdict; 3] {
    [
        Verdict::Proved { laws: Vec::new(), rows: Notes::default() },
        Verdict::Found { request: Box::new(asked()), rows: Notes::default() },
        Verdict::Undecided { reason: "it takes more steps than the budget has".to_owned() },
    ]
}

fn claimed(verdict: Verdict, expected: bool) -> Claimed {
    Claimed {
        claim: "never-read".to_owned(),
        what: "never s3:GetObject on b/* by ann".to_owned(),
        kind: Claim::Never,
        option: "as-deployed".to_owned(),
        expected,
        because: None,
        see: None,
        span: source::Span { file: source::FileId(0), start: 0, end: 0 },
        verdict,
        found: None,
        hands_out: None,
    }
}

#[test]
fn a_result_says_what_the_request_shows() {
    let [proved, found, undecided] = verdicts();
    for (kind, verdict, expected) in [
        (Claim::Never, &proved, "holds for any request"),
        (Claim::Never, &found, "fails: this request is allowed"),
        (Claim::Always, &found, "fails: this request is denied"),
        (Claim::Always, &undecided, "undecided: it takes more steps than the budget has"),
    ] {
        assert_eq!(result(kind, verdict), expected, "{kind:?}: {verdict:?}");
    }
}

#[test]
fn a_total_counts_what_is_undecided_by_itself() {
    let all: Vec<Claimed> = verdicts()
        .into_iter()
        .flat_map(|verdict| [true, false].map(|expected| claimed(verdict.clone(), expected)))
        .collect();
    // Proved as expected and not; found as expected (it fails) and not; undecided is never as expected.
    let told = |picked: &[usize]| claims_total(&picked.iter().map(|&at| &all[at]).collect::<Vec<_>>());
    for (picked, expected) in [
        (&[0][..], "1 claim: all as expected"),
        (&[0, 3], "2 claims: all as expected"),
        (&[0, 1, 2], "3 claims: 2 not as expected"),
        (&[4], "1 claim: 1 undecided"),
        (&[1, 4, 5], "3 claims: 1 not as expected, 2 undecided"),
    ] {
        assert_eq!(told(picked), expected, "{picked:?}");
    }
}

#[test]
fn programs_read_what_was_claimed_and_expected() {
    let [_, found, _] = verdicts();
    let json = claim_json(&claimed(found, true));
    let members = ["result", "claim", "says", "option", "expected", "ok"].map(|name| &json[name]);
    let expected = [
        "\"fails\"",
        "\"never-read\"",
        "\"never s3:GetObject on b/* by ann\"",
        "\"as-deployed\"",
        "\"holds\"",
        "false",
    ];
    assert_eq!(members.map(Value::to_string), expected);
    assert_eq!(json["request"]["action"], "s3:GetObject");
}

#[test]
fn who_hands_out_a_session_tag_is_told() {
    let hands_out = |by: &[&str]| HandsOut {
        tags: vec![("Team".to_owned(), "finance".to_owned())],
        role: "arn:aws:iam::111122223333:role/app/Reader".to_owned(),
        by: by.iter().map(|&name| name.to_owned()).collect(),
    };
    assert_eq!(
        handed_out(&hands_out(&[])),
        "Note      Team is a session tag, and the trust policy of Reader allows sts:TagSession to nobody"
    );
    assert_eq!(
        handed_out(&hands_out(&["ann", "bo"])),
        "Note      Team is a session tag: the trust policy of Reader allows sts:TagSession to ann, bo"
    );
}
