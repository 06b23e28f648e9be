//! What a scenario file says, and what is said about a wrong one: message, help and place.

mod caller;
mod claim;
mod expect;

use source::{FileId, Source};

use super::Read;
use crate::results::Expected;
use crate::scenario::{By, CallerKind, RequestKind, Scenario};

/// A scenario in which everything stands once.
const SOUND: &str = "\
title: Tags on tasks
template: {file: template.yaml}
given:
  buckets:
    box:
      objects: {a/b: {body: hello, tags: {Status: OK}}}
under-test: Role/Read/1
options:
  none: {}
  tagged:
    condition: {StringEquals: {aws:PrincipalTag/Status: OK}}
    given: {buckets: {box: {abac: true}}}
callers:
  ok: {task: Task, tags: {Status: OK}}
  ann: {user: ann}
  chained: {assume: Reader, by: ok, session-tags: {Status: OK}, transitive: [Status]}
requests:
  head: {call: s3:HeadObject, bucket: box, key: a/b}
  missing: {call: s3:getobject, Bucket: box, KEY: a/c}
expect:
  none: {allow: {all: [head]}, not-found: {all: [missing]}}
  tagged:
    - {deny: [ann], because: no tags, see: https://docs.aws.amazon.com/}
    - {allow: {ok: [head], chained: [head]}, not-found: {ok: [missing], chained: [missing]}}
";

fn sound(text: &str) -> Scenario {
    let Read { scenario, findings, .. } = super::read(FileId(0), text);
    assert_eq!(findings, [], "{text}");
    scenario.unwrap()
}

/// Each finding as `line:column CODE message (help)`.
fn said(text: &str) -> Vec<String> {
    let source = Source::new("scenario.yaml", text);
    let Read { findings, .. } = super::read(FileId(0), text);
    let show = |finding: &source::Finding| {
        let place = source.place(finding.span.start);
        let help = finding.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{}:{} {} {}{help}", place.line, place.column, finding.code, finding.message)
    };
    findings.iter().map(show).collect()
}

/// The sound scenario with one part replaced has exactly these findings.
#[track_caller]
fn check(old: &str, new: &str, expected: &[&str]) {
    assert_eq!(SOUND.matches(old).count(), 1, "`{old}` must stand there once");
    assert_eq!(said(&SOUND.replace(old, new)), expected);
}

#[test]
fn a_sound_file_gives_every_part() {
    let scenario = sound(SOUND);
    assert_eq!(scenario.title, "Tags on tasks");
    assert_eq!(scenario.template.file, "template.yaml");
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(scenario.options.iter().map(|o| o.name.clone()).collect::<Vec<_>>(), names(&["none", "tagged"]));
    assert_eq!(scenario.callers.iter().map(|c| c.name.clone()).collect::<Vec<_>>(), names(&["ok", "ann", "chained"]));
    let CallerKind::Assume(assume) = &scenario.callers[2].kind else { panic!("a role session") };
    assert_eq!((&assume.by, assume.transitive.as_slice()), (&By::Caller(0), names(&["Status"]).as_slice()));
}

#[test]
fn a_parameter_takes_aws_spelling_whatever_its_letter_case() {
    let RequestKind::Call { operation, input, .. } = &sound(SOUND).requests[1].kind else { panic!("a call") };
    assert_eq!(operation.row.name, "s3:GetObject");
    assert_eq!(*input, serde_json::json!({"Bucket": "box", "Key": "a/c"}));
}

#[test]
fn an_option_given_is_merged_over_the_scenario_given() {
    let scenario = sound(SOUND);
    let boxes = |at: usize| scenario.options[at].given.home.buckets["box"].clone();
    assert!(!boxes(0).abac);
    assert!(boxes(1).abac);
    assert_eq!(boxes(1).objects["a/b"].tags["Status"], "OK", "what the option does not name stays");
    assert_eq!(scenario.options[1].changes, ["given: buckets.box.abac = true"]);
}

#[test]
fn an_unknown_key_is_an_error_with_the_nearest_known_one() {
    check("title:", "titel:", &["1:1 UNKNOWN_KEY a scenario has no key `titel` (did you mean `title`?)"]);
    check("abac: true", "acab: true", &["12:29 UNKNOWN_KEY bucket `box` has no key `acab` (did you mean `abac`?)"]);
    check(
        "tags: {Status: OK}}\n  ann",
        "tagz: {Status: OK}}\n  ann",
        &["14:20 UNKNOWN_KEY caller `ok` has no key `tagz` (did you mean `tags`?)"],
    );
    check(
        "condition: {",
        "conditon: {",
        &["11:5 UNKNOWN_KEY option `tagged` has no key `conditon` (did you mean `condition`?)"],
    );
}

#[test]
fn a_request_names_a_known_operation_and_its_parameters() {
    check(
        "s3:HeadObject",
        "s3:ListBucket",
        &["18:16 UNKNOWN_OPERATION there is no operation `s3:ListBucket` here \
         (`s3:ListBucket` is an action of policies; the operation is `s3:ListObjectsV2`)"],
    );
    check(
        "s3:HeadObject",
        "s3:HeadObjekt",
        &["18:16 UNKNOWN_OPERATION there is no operation `s3:HeadObjekt` here (did you mean `s3:HeadObject`?)"],
    );
    check(
        "bucket: box, key: a/b",
        "bucket: box, kee: a/b",
        &["18:44 UNKNOWN_PARAMETER `s3:HeadObject` has no parameter `kee` here (did you mean `key`?)"],
    );
    for (name, resource) in [("sqs:ReceiveMessage", "…"), ("sqs:receivemessage", "…"), ("sqs:ListQueues", "'*'")] {
        let expected = format!(
            "18:16 UNKNOWN_OPERATION there is no operation `{name}` here (ask it as `action: {}` with `resource: {resource}`)",
            name.replace("receivemessage", "ReceiveMessage"),
        );
        check("s3:HeadObject", name, &[&expected]);
    }
    check(
        "{call: s3:HeadObject, bucket: box, key: a/b}",
        "{bucket: box}",
        &["18:9 NO_REQUEST_KIND request `head` does not say what is asked \
         (give it `call: s3:GetObject` with its parameters, `action: sqs:ReceiveMessage` with a `resource`, or `container: NAME`)"],
    );
}

#[test]
fn members_of_structures_are_read_whatever_their_letter_case() {
    let head = "{call: s3:HeadObject, bucket: box, key: a/b}";
    let tagging = |members: &str| {
        let request = format!("{{call: s3:PutObjectTagging, bucket: box, key: a/b, tagging: {{{members}}}}}");
        SOUND.replace(head, &request)
    };
    let scenario = sound(&tagging("tagSet: [{key: Status, VALUE: OK}]"));
    let head = scenario.requests.iter().find(|request| request.name == "head").unwrap();
    let RequestKind::Call { input, .. } = &head.kind else { panic!("a call") };
    assert_eq!(input["Tagging"], serde_json::json!({"TagSet": [{"Key": "Status", "Value": "OK"}]}));
    let said = said(&tagging("tagSet: [{kee: Status}]"));
    assert!(said.iter().any(|one| one.contains("UNKNOWN_PARAMETER `Tagging` has no `kee` here")), "{said:?}");
}

/// What a parameter, a row or a key begins with is what was meant.
#[test]
fn a_name_with_something_added_is_known_by_how_it_begins() {
    check(
        "bucket: box, key: a/b",
        "bucketname: box, key: a/b",
        &["18:31 UNKNOWN_PARAMETER `s3:HeadObject` has no parameter `bucketname` here (did you mean `bucket`?)"],
    );
    check("objects: {", "object: {", &["6:7 UNKNOWN_KEY bucket `box` has no key `object` (did you mean `objects`?)"]);
    check(
        "callers:\n",
        "callers-of-it:\n",
        &["13:1 UNKNOWN_KEY a scenario has no key `callers-of-it` (did you mean `callers`?)"],
    );
}

#[test]
fn a_name_may_be_a_reference_and_no_other_function() {
    let scenario = sound(&SOUND.replace("bucket: box, key: a/b", "bucket: !Ref Box, key: a/b"));
    let RequestKind::Call { input, names, .. } = &scenario.requests[0].kind else { panic!("a call") };
    assert_eq!(input["Bucket"], "!Ref Box");
    assert_eq!(names[0].1.text, "!Ref Box");
    check(
        "bucket: box, key: a/b",
        "bucket: !GetAtt Box.Arn, key: a/b",
        &[
            "18:39 WRONG_TYPE `Bucket` must be a name or `!Ref LOGICAL_ID`, not `Fn::GetAtt` (write the logical id itself)",
        ],
    );
}

#[test]
fn a_template_or_a_policy_is_told_for_what_it_is() {
    assert_eq!(
        said("AWSTemplateFormatVersion: '2010-09-09'\nResources: {}\n"),
        ["2:1 NOT_A_SCENARIO this file is a template, not a scenario \
          (a scenario names its template: `template: {file: …}`; `tagproof lint` checks a template itself)"]
    );
    assert_eq!(
        said("{\"Version\": \"2012-10-17\", \"Statement\": []}"),
        ["1:27 NOT_A_SCENARIO this file is a policy, not a scenario \
          (`tagproof lint` checks a policy, and `tagproof simulate --identity` asks about it)"]
    );
}

#[test]
fn a_condition_is_read_as_aws_reads_it() {
    let found = said(&SOUND.replace("StringEquals", "StringEqauls"));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("11:"), "{found:?}");
    assert!(found[0].contains("StringEqauls") && found[0].contains("did you mean `StringEquals`?"), "{found:?}");
}

#[test]
fn a_condition_needs_a_statement_to_stand_in() {
    check(
        "under-test: Role/Read/1\n",
        "",
        &["10:16 NO_UNDER_TEST `condition` needs a statement to stand in \
         (name it: `under-test: LogicalId/PolicyName/SidOrIndex`)"],
    );
    check(
        "Role/Read/1",
        "Role",
        &[
            "7:13 BAD_UNDER_TEST `Role` does not name a statement \
         (write `LogicalId/PolicyName/SidOrIndex`; indexes count from 1)",
            "11:16 NO_UNDER_TEST `condition` needs a statement to stand in \
         (name it: `under-test: LogicalId/PolicyName/SidOrIndex`)",
        ],
    );
}

#[test]
fn an_axis_must_not_be_empty_and_its_names_are_plain() {
    check(
        "  none: {}\n",
        "  all: {}\n",
        &[
            "9:3 RESERVED_NAME `all` has a meaning under `expect` and cannot be a name (call it something else)",
            "9:3 NO_EXPECTATION no expectation covers option `all` \
         (add a row for it under `expect`: `all: {allow: all, because: …, see: …}`)",
            "21:3 UNKNOWN_OPTION there is no option `none` (there are `all`, `tagged`, `every-option`)",
        ],
    );
    let empty = "title: t\ntemplate: {file: t}\noptions: {}\ncallers: {a: {user: a}}\nrequests: {}\nexpect: {}\n";
    assert_eq!(
        said(empty),
        [
            "3:1 EMPTY_AXIS `options` must not be empty (give it one at least)",
            "5:1 EMPTY_AXIS `requests` must not be empty (give it one at least)",
        ]
    );
    let reserved = empty.replace("options: {}", "options: {every-option: {}}");
    assert!(said(&reserved)[0].starts_with("3:11 RESERVED_NAME `every-option` "), "{:?}", said(&reserved));
}

#[test]
fn every_wrong_type_is_said_at_once() {
    let wrong = "\
title: [t]
template: t.yaml
options: [a]
callers: {a: {task: T, propagate-tags: 1, tags: [x]}}
requests: {r: {call: s3:ListObjectsV2, bucket: b, maxkeys: many}}
expect: x
";
    assert_eq!(
        said(wrong),
        [
            "1:8 WRONG_TYPE `title` must be text, not a list (write `t`)",
            "2:11 WRONG_TYPE `template` must be a mapping, not text (write `{file: t.yaml}`)",
            "3:10 WRONG_TYPE `options` must be a mapping, not a list (write `{a: {}}`)",
            "4:40 WRONG_TYPE `propagate-tags` must be `true` or `false`, not a number",
            "4:49 WRONG_TYPE `tags` of caller `a` must be a mapping, not a list (write `{x: …}`)",
            "5:60 WRONG_TYPE `MaxKeys` must be a whole number, not text",
        ]
    );
}

#[test]
fn what_has_the_wrong_shape_is_told_with_the_right_one() {
    let given = |text: &str| SOUND.replace("given:\n", &format!("given:\n  {text}\n"));
    let object = SOUND.replace("{body: hello, tags: {Status: OK}}", "hello there");
    let rows = [
        (object, "write `{body: hello there}`"),
        (given("users: [bob]"), "write `{bob: {}}`"),
        (given("users: {bob: {groups: g}}"), "write `[g]`"),
        (given("users: {bob: {tags: [{Key: team, Value: blue}]}}"), "write `{team: blue}`"),
        (given("users: {bob: {policies: [{PolicyName: Read, PolicyDocument: {}}]}}"), "write `{Read: …}`"),
        (given("users: {bob: {policies: [{Version: '2012-10-17'}]}}"), "write `{NAME: …}`"),
    ];
    for (text, help) in rows {
        let found = said(&text);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(found[0].contains(" WRONG_TYPE ") && found[0].ends_with(&format!("({help})")), "{found:#?}");
    }
}

#[test]
fn a_file_with_little_in_it_is_told_the_form_of_a_scenario() {
    let found = said("title: x\n");
    assert_eq!(found.len(), 1, "{found:#?}");
    let start = "1:1 MISSING_KEY a scenario needs the keys `template`, `options`, `callers`, `requests` and `expect` (";
    let form = found[0].strip_prefix(start).unwrap_or_else(|| panic!("{}", found[0])).trim_end_matches(')');
    let (_, form) = form.split_once("\n\n").unwrap();
    assert_eq!(sound(form).callers.len(), 2, "the form is a scenario itself");
}

#[test]
fn a_key_that_stands_twice_is_an_error() {
    let found = said(&SOUND.replace("  none: {}\n", "  none: {}\n  none: {}\n"));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("10:3 "), "{found:?}");
}

#[test]
fn a_pseudo_parameter_is_one_that_can_be_set() {
    let template = "template: {file: template.yaml}";
    let with = |parameters: &str| format!("template: {{file: template.yaml, parameters: {{{parameters}}}}}");
    check(
        template,
        &with("'AWS::Regoin': eu-west-1"),
        &["2:46 UNKNOWN_KEY `AWS::Regoin` cannot be set (did you mean `AWS::Region`?)"],
    );
    check(
        template,
        &with("'AWS::AccountId': 12345"),
        &["2:64 BAD_ACCOUNT_ID `12345` is not an account id (write its 12 digits, in quotes)"],
    );
    sound(&SOUND.replace(template, &with("'AWS::AccountId': 012345678901, Count: 2")));
}

#[test]
fn no_text_makes_it_panic() {
    for end in (0..SOUND.len()).filter(|&end| SOUND.is_char_boundary(end)) {
        let Read { scenario, findings, .. } = super::read(FileId(0), &SOUND[..end]);
        assert!(scenario.is_some() || findings.iter().any(source::Finding::is_error), "{}", &SOUND[..end]);
    }
    let deep = [format!("given: {}", "[".repeat(100_000)), format!("given: {}", "{a: ".repeat(100_000))];
    for text in deep.iter().map(String::as_str).chain(["", "a", "[]", "{}", "title:", "expect: {a: [[]]}", "\u{0}"]) {
        assert!(super::read(FileId(0), text).scenario.is_none());
    }
}
