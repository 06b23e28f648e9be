//! Lines and account details that are broken, odd or huge: each is answered, and by no more than it is worth.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use serde_json::Value;
use simulate::{Details, LONGEST_LINE, Simulator};
use source::Findings;

const USER: &str = "arn:aws:iam::111122223333:user/ann";
const READ: &str = r#"{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}"#;

fn line(more: &str) -> String {
    format!(r#"{{"id":"1","principal":"{USER}","action":"s3:GetObject","resource":"arn:aws:s3:::b/k"{more}}}"#)
}

/// What is answered, how many things are wrong, and the first of them.
#[track_caller]
fn answer(line: &[u8]) -> (Value, usize, String) {
    let mut out = Vec::new();
    Simulator::new(None).answer(line, 1, false, &mut out);
    assert!(out.len() < 50_000, "{} bytes of answer", out.len());
    let answer: Value = serde_json::from_slice(&out).unwrap();
    let error = &answer["error"];
    let also = error["also"].as_array().map_or(0, Vec::len);
    let message = error["message"].as_str().unwrap_or_default().to_owned();
    (answer.clone(), usize::from(!error.is_null()) + also, message)
}

/// `¦` marks the place that is told.
#[test]
fn broken_lines_are_told_with_their_place() {
    let policy = |policy: &str| line(&format!(r#","policies":{{"identity":[{policy}]}}"#));
    for (marked, message) in [
        (line(r#","context":¦"#), "expected a JSON value, found `}`"),
        (r#"{"id":"1","principal":¦"a"#.to_owned(), "expected a closing `\"`, but the text ends"),
        (line(r#","context":{"a:b":"¦\u0000"}"#), "NUL character in a string"),
        (line(r#","context":{"a:b":"é¦\ud800x"}"#), "half a surrogate pair"),
        (r#"{"id":¦"a\ud800","principal":"anonymous"}"#.to_owned(), "`id` has half a surrogate pair"),
        (format!("¦\u{feff}{}", line("")), "the text starts with a byte order mark"),
        (policy(r#"{"Statement":{"Sid":"é",¦"Sid":"a"}}"#), "duplicate key `Sid`"),
        (
            policy(&format!("{}¦{}{}", "[".repeat(64), "[".repeat(100_000), "]".repeat(100_064))),
            "lists and mappings are nested more than 64 deep",
        ),
        (
            policy(r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":¦"arn"}}"#),
            "the resource `arn` must be an ARN or `*`",
        ),
        (
            policy(r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":¦1e999}}"#),
            "the resource `1e999` must be an ARN or `*`",
        ),
        (policy(r#""¦\ud800""#), "half a surrogate pair"),
    ] {
        let column = marked.chars().position(|c| c == '¦').unwrap() + 1;
        let (answer, _, found) = answer(marked.replace('¦', "").as_bytes());
        let start: String = marked.chars().take(300).collect();
        assert_eq!((&*found, &answer["error"]["column"]), (message, &Value::from(column)), "{start}");
    }
    let marked = line(r#","context":{"é:b":"¦"}"#);
    let column = marked.chars().position(|c| c == '¦').unwrap() + 1;
    let (before, after) = marked.split_once('¦').unwrap();
    let (answer, _, found) = answer(&[before.as_bytes(), b"\xc3", after.as_bytes()].concat());
    assert_eq!((&*found, &answer["error"]["column"]), ("the line is not UTF-8", &Value::from(column)));
}

#[test]
fn of_a_hundred_thousand_faults_the_first_are_told() {
    let many = |one: &str| one.repeat(500_000 / one.len());
    for (line, message) in [
        (line(&many(r#","x":0"#)), "`x` is not a key of a line"),
        (
            line(&format!(
                r#","context":{{{}"a:z":""}}"#,
                (0..50_000).map(|at| format!(r#""{at}":"","#)).collect::<String>()
            )),
            "the condition key `0` has no service prefix",
        ),
        (
            line(&format!(r#","context":{{"a:b":[{}0]}}"#, many("{},"))),
            "a value of `a:b` is a mapping, and should be text",
        ),
        (line(&format!(r#","policies":{{"identity":[{}1]}}"#, many("1,"))), "a policy must be a mapping, not a number"),
        (line(&format!(r#","policies":{{"scp":[{}1]}}"#, many("1,"))), "`scp` should be a list of policies"),
        (
            line(&format!(r#","policies":{{"boundary":[{}{READ}]}}"#, many(&format!("{READ},")))),
            "there can only be one permissions boundary",
        ),
        (
            line(&format!(r#","policies":{{"identity":[{{"Statement":[{}1]}}]}}"#, many("{},"))),
            "each statement of an identity-based policy needs Effect",
        ),
    ] {
        let (_, faults, first) = answer(line.as_bytes());
        assert_eq!(faults, 101, "{first}");
        assert_eq!(first, message);
    }
}

/// docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html
#[test]
fn names_are_as_long_as_the_simulator_of_aws_takes_them() {
    let of_length = |start: &str, length: usize| format!("{start}{}", "x".repeat(length - start.len()));
    for (member, start, most) in
        [("principal", USER, 2048), ("action", "s3:GetObject", 128), ("resource", "arn:aws:s3:::b/k", 2048)]
    {
        let asked = |length: usize| {
            let text = format!(r#""{member}":"{start}""#);
            line("").replace(&text, &format!(r#""{member}":"{}""#, of_length(start, length)))
        };
        assert_eq!(answer(asked(most).as_bytes()).1, 0, "{member}");
        let message = format!("the {member} has more than {most} characters");
        assert_eq!(answer(asked(most + 1).as_bytes()).2, message);
        assert_eq!(answer(asked(LONGEST_LINE / 2).as_bytes()).2, message);
    }
}

#[test]
fn a_line_full_of_small_policies_is_answered() {
    let many = format!("{READ},").repeat(LONGEST_LINE / (READ.len() + 1) - 10);
    let (answer, faults, _) = answer(line(&format!(r#","policies":{{"identity":[{many}{READ}]}}"#)).as_bytes());
    assert_eq!((faults, &answer["decision"]), (0, &Value::from("Allowed")));
    let many = format!("[{READ}],").repeat(LONGEST_LINE / (READ.len() + 3) - 10);
    let (answer, faults, _) = self::answer(line(&format!(r#","policies":{{"scp":[{many}[]]}}"#)).as_bytes());
    assert_eq!((faults, &answer["decision"]), (0, &Value::from("ImplicitlyDenied")));
}

/// Codes with what stands at their places, each once.
#[track_caller]
fn refused(text: &str) -> Vec<String> {
    let findings = Details::read(text).unwrap_err();
    assert!(findings.len() <= Findings::MOST + 1, "{} findings", findings.len());
    let mut told: Vec<_> = Vec::new();
    for finding in findings {
        let place: String = text[finding.span.start as usize..finding.span.end as usize].chars().take(20).collect();
        assert!(finding.message.len() < 1000);
        told.push(format!("{} | {place}", finding.code));
    }
    told.dedup();
    told
}

#[test]
fn account_details_are_refused_with_their_places() {
    let user = |more: &str| format!(r#"{{"UserDetailList": [{{"UserName": "ann", "Arn": "{USER}"{more}}}]}}"#);
    for (text, expected) in [
        (String::new(), &["JSON_SYNTAX | "][..]),
        (user("")[..20].to_owned(), &["JSON_SYNTAX | "]),
        (format!("\u{feff}{}", user("")), &["JSON_SYNTAX | \u{feff}"]),
        (user(r#", "Arn": "x""#), &["DUPLICATE_KEY | \"Arn\""]),
        (user(r#", "Tags": [{"Key": "\u0000", "Value": "\ud800"}]"#), &[r"JSON_NUL | \u0000", r"JSON_SYNTAX | \ud800"]),
        (user(r#", "Tags": {}, "UserPolicyList": 1"#), &["WRONG_TYPE | {}", "WRONG_TYPE | 1"]),
        (
            user(r#", "UserPolicyList": [{"PolicyName": "p", "PolicyDocument": "%FF"}]"#),
            &["INVALID_ENCODING | \"%FF\""],
        ),
        ("[".repeat(10_000_000), &["JSON_TOO_DEEP | ["]),
        (
            r#"{"RoleDetailList": [1, "a", null, []]}"#.to_owned(),
            &["MISSING_ELEMENT | 1", "MISSING_ELEMENT | \"a\"", "MISSING_ELEMENT | null", "MISSING_ELEMENT | []"],
        ),
        (
            format!(r#"{{"Policies": [{}{{}}]}}"#, "{},".repeat(3_000_000)),
            &["MISSING_ELEMENT | {}", "TOO_MANY_FINDINGS | {}"],
        ),
    ] {
        assert_eq!(refused(&text), expected, "{}", text.chars().take(200).collect::<String>());
    }
}

/// A policy in them is told of when it is needed.
#[test]
fn a_broken_policy_of_a_user_is_told_in_short() {
    let broken = format!(r#"{{"Statement": [{}1]}}"#, "1,".repeat(100_000));
    let text = format!(
        r#"{{"UserDetailList": [{{"UserName": "ann", "Arn": "{USER}", "UserPolicyList": [{{"PolicyName": "p", "PolicyDocument": {broken}}}]}}]}}"#
    );
    let details = Details::read(&text).unwrap();
    let mut out = Vec::new();
    Simulator::new(Some(&details)).answer(line("").as_bytes(), 1, false, &mut out);
    let answer: Value = serde_json::from_slice(&out).unwrap();
    let message = answer["error"]["message"].as_str().unwrap();
    assert!(message.starts_with("the policy `user/ann/p` cannot be read: ") && message.len() < 1000, "{}", out.len());
}
