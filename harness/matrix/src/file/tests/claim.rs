//! Claims: what they say, and what is said about wrong ones.

use super::*;
use crate::scenario::SessionTags;

/// The sound scenario with a claim below it.
const CLAIM: &str = "\
claims:
  untagged:
    never: {action: s3:GetObject, resource: arn:aws:s3:::box/*, by: Reader}
    unless: {StringEquals: {aws:PrincipalTag/Status: OK}}
    holds: [tagged]
    fails: [none]
    because: the tag decides
";

fn with(claim: &str) -> String {
    format!("{SOUND}{claim}")
}

/// The claim with one part replaced has exactly these findings.
#[track_caller]
fn check(old: &str, new: &str, expected: &[&str]) {
    assert_eq!(CLAIM.matches(old).count(), 1, "`{old}` must stand there once");
    assert_eq!(said(&with(&CLAIM.replace(old, new))), expected);
}

#[test]
fn a_claim_says_who_asks_for_what_and_where_it_holds() {
    let scenario = sound(&with(CLAIM));
    let [claim] = scenario.claims.as_slice() else { panic!("one claim") };
    assert_eq!((claim.name.as_str(), claim.claim), ("untagged", prove::Claim::Never));
    assert_eq!(claim.expected.iter().map(|one| one.holds).collect::<Vec<_>>(), [false, true]);
    assert!(claim.unless.is_some() && claim.when.is_none());
    assert!(matches!(claim.session_tags, SessionTags::Any));
    let lists = CLAIM
        .replace("action: s3:GetObject", "action: [s3:Get*, s3:PutObject]")
        .replace("by: Reader", "by: [Reader, ann], session-tags: {Status: OK}");
    let [claim] = &sound(&with(&lists)).claims[..] else { panic!("one claim") };
    assert_eq!((claim.actions.len(), claim.by.len()), (2, 2));
    assert_eq!(claim.session_tags.tags().and_then(|tags| tags.get("Status")).map(String::as_str), Some("OK"));
    let all = CLAIM.replace("holds: [tagged]", "holds: all").replace("    fails: [none]\n", "");
    assert!(sound(&with(&all)).claims[0].expected.iter().all(|one| one.holds));
}

#[test]
fn a_claim_is_one_of_two_kinds() {
    check(
        "    never: {action: s3:GetObject, resource: arn:aws:s3:::box/*, by: Reader}\n",
        "",
        &["27:5 NO_CLAIM_KIND claim `untagged` does not say what is claimed \
         (write `never: {action: s3:GetObject, resource: …, by: ROLE}`, or `always: {…}`)"],
    );
    check(
        "    unless:",
        "    always: {action: s3:GetObject, resource: arn:aws:s3:::box/*, by: Reader}\n    unless:",
        &["28:5 TWO_CLAIM_KINDS claim `untagged` has both `never` and `always` (write two claims)"],
    );
    check("never:", "nevr:", &["27:5 UNKNOWN_KEY claim `untagged` has no key `nevr` (did you mean `never`?)"]);
}

#[test]
fn every_option_is_covered_once() {
    check(
        "    holds: [tagged]\n",
        "",
        &["26:3 UNCOVERED_OPTION claim `untagged` does not say whether it holds in `tagged` \
         (add `holds: [tagged]` or `fails: [tagged]`)"],
    );
    check(
        "fails: [none]",
        "fails: [none, tagged]",
        &[
            "30:19 COVERED_TWICE claim `untagged` is expected both to hold and to fail in option `tagged` (keep one of the two)",
        ],
    );
    check("fails: [none]", "fails: [nine]", &["30:13 UNKNOWN_OPTION there is no option `nine` (did you mean `none`?)"]);
    check(
        "holds: [tagged]",
        "holds: tagged",
        &["29:12 WRONG_TYPE `holds` must be a list, not text (write `[tagged]`)"],
    );
}

#[test]
fn actions_are_those_of_one_service() {
    check(
        "action: s3:GetObject",
        "action: s3:GetObjct",
        &["27:21 UNKNOWN_ACTION AWS has no action `s3:GetObjct` (did you mean `s3:GetObject`?)"],
    );
    check(
        "action: s3:GetObject",
        "action: [s3:GetObject, sqs:SendMessage]",
        &[
            "27:36 SEVERAL_SERVICES `s3:GetObject` and `sqs:SendMessage` are of two services (write a claim for each service)",
        ],
    );
    check(
        "action: s3:GetObject",
        "action: '*'",
        &["27:21 SEVERAL_SERVICES `*` is about more than one service (write a claim for each service)"],
    );
    check("action: s3:GetObject", "action: []", &["27:21 EMPTY_LIST `action` must not be empty"]);
    check(", by: Reader", "", &["27:12 MISSING_KEY claim `untagged` needs the key `by`"]);
}

#[test]
fn a_condition_is_one_of_iam() {
    let wrong = said(&with(&CLAIM.replace("StringEquals", "StringEqual")));
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    assert!(wrong[0].starts_with("28:14 ") && wrong[0].contains("StringEqual"), "{wrong:?}");
    check(
        "{StringEquals: {aws:PrincipalTag/Status: OK}}",
        "Status=OK",
        &["28:13 WRONG_TYPE `unless` must be a condition of IAM, not text \
         (write `unless: {StringEquals: {aws:PrincipalTag/Team: finance}}`)"],
    );
    check(
        "by: Reader",
        "by: Reader, session-tags: some",
        &["27:91 WRONG_TYPE `session-tags` of claim `untagged` must be `any`, `none` or a mapping of tags"],
    );
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let wrong = CLAIM.replace("s3:GetObject", "s3:GetObjct").replace("[none]", "[nine]").replace("because", "becuase");
    let codes: Vec<_> =
        said(&with(&wrong)).iter().filter_map(|line| line.split(' ').nth(1).map(str::to_owned)).collect();
    assert_eq!(codes, ["UNKNOWN_ACTION", "UNKNOWN_OPTION", "UNKNOWN_KEY"]);
}
