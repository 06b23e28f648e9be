//! Lines and their answers.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use serde_json::{Value, json};
use simulate::{Details, LONGEST_LINE, Settings, Simulator, Summary, batch};

const READ: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}}"#;
const ANYTHING: &str = r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
const NOTHING: &str = r#"{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#;
const PUBLIC: &str =
    r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}}"#;

/// A line of members beside id, principal, action and resource.
fn line(principal: &str, more: &str) -> String {
    format!(r#"{{"id":"1","principal":"{principal}","action":"s3:GetObject","resource":"arn:aws:s3:::b/k"{more}}}"#)
}

fn answer_with(details: Option<&Details>, line: &str, traced: bool) -> (bool, Value) {
    let mut out = Vec::new();
    let answered = Simulator::new(details).answer(line.as_bytes(), 7, traced, &mut out);
    assert!(out.ends_with(b"\n") && out.iter().filter(|&&byte| byte == b'\n').count() == 1);
    (answered, serde_json::from_slice(&out).unwrap())
}

fn answer(line: &str) -> Value {
    let (answered, value) = answer_with(None, line, false);
    assert!(answered, "{line}: {value}");
    value
}

#[track_caller]
fn error(line: &str) -> Value {
    let (answered, mut value) = answer_with(None, line, false);
    assert!(!answered, "{line}: {value}");
    assert_eq!(value["error"]["line"], 7);
    value["error"].take()
}

const ROLE: &str = "arn:aws:sts::111122223333:assumed-role/app/i-1";
const USER: &str = "arn:aws:iam::111122223333:user/ann";

#[test]
fn each_kind_of_policy_has_its_say() {
    for (principal, policies, decision, by) in [
        (ROLE, String::new(), "ImplicitlyDenied", json!(["identity"])),
        (ROLE, format!(r#""identity":[{READ}]"#), "Allowed", json!(["identity"])),
        (ROLE, format!(r#""identity":[{READ},{NOTHING}]"#), "ExplicitlyDenied", json!(["identity"])),
        (ROLE, format!(r#""resource":{PUBLIC}"#), "Allowed", json!(["resource"])),
        ("anonymous", format!(r#""resource":{PUBLIC}"#), "Allowed", json!(["resource"])),
        ("anonymous", format!(r#""identity":[{READ}]"#), "ImplicitlyDenied", json!(["resource"])),
        (ROLE, format!(r#""identity":[{READ}],"boundary":[{NOTHING}]"#), "ExplicitlyDenied", json!(["boundary"])),
        (ROLE, format!(r#""identity":[{ANYTHING}],"boundary":[],"session":[{READ}]"#), "Allowed", json!(["identity"])),
        (ROLE, format!(r#""identity":[{READ}],"scp":[[{ANYTHING}],[{NOTHING}]]"#), "ExplicitlyDenied", json!(["scp"])),
        (ROLE, format!(r#""identity":[{READ}],"scp":[[{ANYTHING}],[{READ}]]"#), "Allowed", json!(["identity"])),
        ("111122223333", String::new(), "Allowed", json!([])),
        ("ecs-tasks.amazonaws.com", format!(r#""resource":{PUBLIC}"#), "Allowed", json!(["resource"])),
    ] {
        let found = answer(&line(principal, &format!(r#","policies":{{{policies}}}"#)));
        assert_eq!(found, json!({"id": "1", "decision": decision, "by": by, "notes": []}), "{principal} {policies}");
    }
    let trust = r#"{"Statement":{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}}"#;
    let assume = format!(
        r#"{{"principal":"{USER}","action":"sts:AssumeRole","resource":"arn:aws:iam::111122223333:role/r","policies":{{"identity":[{ANYTHING}],"trust":{trust}}}}}"#
    );
    assert_eq!(answer(&assume)["decision"], "Allowed");
    assert_eq!(answer(&assume.replace("AWS\":\"111122223333", "AWS\":\"444455556666"))["decision"], "ImplicitlyDenied");
    // "IAM role trust policies … must explicitly allow": without one nobody assumes a role.
    let without = answer(&assume.replace(&format!(r#","trust":{trust}"#), ""));
    assert_eq!((&without["decision"], &without["by"]), (&json!("ImplicitlyDenied"), &json!(["trust"])), "{without}");
}

#[test]
fn a_level_without_policies_allows_nothing() {
    for (kind, levels, decision) in [
        ("scp", "[]", "Allowed"),
        ("scp", &format!("[[{ANYTHING}]]"), "Allowed"),
        ("scp", &format!("[[{ANYTHING}],[]]"), "ImplicitlyDenied"),
        ("scp", &format!("[[],[{ANYTHING}]]"), "ImplicitlyDenied"),
        ("rcp", "[[]]", "Allowed"),
    ] {
        let more = format!(r#","policies":{{"identity":[{ANYTHING}],"{kind}":{levels}}}"#);
        let found = answer(&line(ROLE, &more));
        assert_eq!(found["decision"], decision, "{levels}");
        assert_eq!(found["by"], json!([if decision == "Allowed" { "identity" } else { kind }]), "{levels}");
    }
}

#[test]
fn endpoint_and_resource_control_policies_guard() {
    let star = r#"{"Statement":{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}}"#;
    let s3 = star.replace(r#""Action":"*""#, r#""Action":"s3:*""#);
    for (kind, action, decision) in [
        (format!(r#""endpoint":[{star}]"#), "s3:GetObject", "ExplicitlyDenied"),
        (format!(r#""rcp":[[{s3}]]"#), "s3:GetObject", "ExplicitlyDenied"),
        (format!(r#""rcp":[[{s3}]]"#), "ec2:StartInstances", "Allowed"),
    ] {
        let more = format!(r#","policies":{{"identity":[{ANYTHING}],{kind}}}"#);
        let found = answer(&line(ROLE, &more).replace("s3:GetObject\",\"resource", &format!("{action}\",\"resource")));
        assert_eq!(found["decision"], decision, "{kind} {action}: {found}");
    }
    // docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
    for (action, message) in
        [("*", "`*` names no service"), ("ec2:*", "resource control policies do not apply to `ec2`")]
    {
        let rcp = star.replace(r#""Action":"*""#, &format!(r#""Action":"{action}""#));
        let found = error(&line(ROLE, &format!(r#","policies":{{"identity":[{ANYTHING}],"rcp":[[{rcp}]]}}"#)));
        assert_eq!(found["message"], message);
    }
}

#[test]
fn the_context_counts_as_it_is_given() {
    let policy = |condition: &str| {
        format!(
            r#","policies":{{"identity":[{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{condition}}}}}]}}"#
        )
    };
    for (condition, context, decision) in [
        (r#"{"StringEquals":{"aws:PrincipalTag/Status":"OK"}}"#, r#"{"aws:PrincipalTag/Status":"OK"}"#, "Allowed"),
        (r#"{"StringEquals":{"aws:PrincipalTag/Status":"OK"}}"#, r#"{"aws:principaltag/status":"OK"}"#, "Allowed"),
        (r#"{"StringEquals":{"aws:PrincipalTag/Status":"OK"}}"#, r#"{}"#, "ImplicitlyDenied"),
        (r#"{"ForAnyValue:StringEquals":{"aws:TagKeys":"b"}}"#, r#"{"aws:TagKeys":["a","b"]}"#, "Allowed"),
        (r#"{"Bool":{"aws:SecureTransport":"true"}}"#, r#"{"aws:SecureTransport":true}"#, "Allowed"),
        (r#"{"NumericLessThan":{"aws:MultiFactorAuthAge":"60"}}"#, r#"{"aws:MultiFactorAuthAge":59.5}"#, "Allowed"),
        (r#"{"StringEquals":{"aws:PrincipalTag/a":"é\"\n"}}"#, r#"{"aws:PrincipalTag/a":"\u00e9\"\n"}"#, "Allowed"),
        // Keys that follow from the caller need not be given, and can be.
        (r#"{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::*:role/*"}}"#, r#"{}"#, "Allowed"),
        (
            r#"{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/app"}}"#,
            r#"{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/team/app"}"#,
            "ImplicitlyDenied",
        ),
        (r#"{"StringEquals":{"aws:ResourceAccount":"${aws:PrincipalAccount}"}}"#, r#"{}"#, "Allowed"),
    ] {
        let more = format!(r#","context":{context}{}"#, policy(condition));
        let found = answer(&line(ROLE, &more).replace("s3:GetObject", "ecs:TagResource"));
        assert_eq!((&found["decision"], &found["notes"]), (&json!(decision), &json!([])), "{condition} {context}");
    }
    // The catalogue knows the key for a multivalued one. A plain operator compares one value, and no more.
    let row = "multivalued-key-under-plain-operator";
    for (operator, keys, decision, notes) in [
        ("StringEquals", r#""a""#, "Allowed", json!([])),
        ("StringEquals", r#"["a","b"]"#, "ImplicitlyDenied", json!([])),
        ("StringNotEquals", r#"["b"]"#, "Allowed", json!([row])),
        ("StringNotEquals", r#"["b","c"]"#, "ImplicitlyDenied", json!([row])),
    ] {
        let policy = policy(&format!(r#"{{"{operator}":{{"aws:TagKeys":"a"}}}}"#));
        let line = line(ROLE, &format!(r#","context":{{"aws:TagKeys":{keys}}}{policy}"#));
        let found = answer(&line.replace("s3:GetObject", "ecs:TagResource"));
        assert_eq!((&found["decision"], &found["notes"]), (&json!(decision), &notes), "{operator} {keys}");
    }
}

#[test]
fn what_no_request_carries_is_left_out_and_said_first() {
    let more = r#","context":{"aws:PrincipalTga/x":"y","aws:SourceIp":["10.0.0.1"],"aws:RequestTag/Status":"OK"}"#;
    let notes = [
        "aws:RequestTag/Status is left out: no request for s3:GetObject carries it",
        "`aws:PrincipalTga/x` is kept, but is not in the catalogue of AWS's condition keys; did you mean `aws:PrincipalTag/x`?",
        "aws:SourceIp has a single value in AWS's requests; here it has a list",
    ];
    assert_eq!(answer(&line(USER, more))["notes"], json!(notes));
    let unknown = answer(&line(USER, "").replace("GetObject", "GetObjct"));
    assert_eq!(
        unknown["notes"],
        json!(["the action `s3:GetObjct` is not in the catalogue of AWS's actions; did you mean `s3:GetObject`?"])
    );
}

/// A policy with a mistyped name is valid, and does not do what it seems to.
#[test]
fn names_in_a_policy_that_aws_does_not_have_are_told() {
    let typo = r#"{"Statement":{"Effect":"Allow","Action":["s3:GetObjct","s3:GetObject"],"Resource":"*","Condition":{"Null":{"aws:PrincipalTga/a":"true"}}}}"#;
    let notes = |name: &str| {
        json!([
            format!(
                "{name}:1:42: AWS's service authorisation reference has no action `s3:GetObjct`; did you mean `s3:GetObject`?"
            ),
            format!(
                "{name}:1:108: AWS has no condition key `aws:PrincipalTga/a`, so no request carries it; did you mean `aws:PrincipalTag/a`?"
            ),
        ])
    };
    let mut simulator = Simulator::new(None);
    for (policies, notes) in [
        (format!(r#"{{"identity":[{typo}]}}"#), notes("identity.1")),
        // The second time it is known already.
        (format!(r#"{{"identity":[{typo}]}}"#), notes("identity.1")),
        (format!(r#"{{"identity":[{READ}],"boundary":[{typo}]}}"#), notes("boundary.1")),
        (format!(r#"{{"identity":[{READ}]}}"#), json!([])),
    ] {
        let mut out = Vec::new();
        simulator.answer(line(USER, &format!(r#","policies":{policies}"#)).as_bytes(), 1, false, &mut out);
        let answer: Value = serde_json::from_slice(&out).unwrap();
        assert_eq!((&answer["decision"], &answer["notes"]), (&json!("Allowed"), &notes), "{policies}");
    }
}

#[test]
fn an_id_comes_back_as_it_was() {
    for id in [r#""a\"\u00e9""#, "17", "-1.5e3", r#""""#] {
        let mut out = Vec::new();
        let line = line(USER, "").replace(r#""id":"1""#, &format!(r#""id":{id}"#));
        assert!(Simulator::new(None).answer(line.as_bytes(), 1, false, &mut out));
        assert!(out.starts_with(format!(r#"{{"id":{id},"#).as_bytes()), "{}", String::from_utf8_lossy(&out));
    }
    let (_, without) = answer_with(None, &line(USER, "").replace(r#""id":"1","#, ""), false);
    assert_eq!(without["id"], Value::Null);
}

#[test]
fn a_trace_is_there_if_it_is_asked_for() {
    let more = format!(r#","policies":{{"identity":[{READ}]}}"#);
    let (_, traced) = answer_with(None, &line(ROLE, &more), true);
    assert_eq!(traced["trace"]["policies"][0]["name"], "identity.1");
    assert_eq!(traced["trace"]["policies"][0]["statements"][0]["matched"], true);
    assert_eq!(traced["trace"]["verdict"], traced["decision"]);
}

/// `¦` marks the place that is told.
#[test]
fn what_is_wrong_is_told_with_its_place() {
    let policy = |policies: &str| line(USER, &format!(r#","policies":{policies}"#));
    for (marked, message) in [
        (r#"{"id":1¦"#.to_owned(), "expected `}`, but the text ends"),
        ("¦nonsense".to_owned(), "the line does not begin with `{`: each line is a question, an object in JSON"),
        (format!("{} ¦x", line(USER, "")), "text after the end of the JSON value"),
        (line(USER, "¦,"), "trailing comma"),
        (line(USER, r#",¦"id":"2""#), "duplicate key `id`"),
        (line(USER, r#","context":{"é:b":"a¦\ud800"}"#), "half a surrogate pair"),
        (line(USER, "¦\u{1}"), "expected `,` or `}`, found `\\u0001`"),
        (line(USER, ",\"contéxt\":\"¦\u{1}\""), "unescaped control character (U+0001) in a string"),
        (line(USER, r#",¦"contxt":{}"#), "`contxt` is not a key of a line"),
        (line(USER, r#","context":¦[]"#), "`context` should be an object from condition keys to values"),
        (line(USER, r#","context":{"a:b":¦null}"#), "a value of `a:b` is nothing, and should be text"),
        (line(USER, r#","context":{"é:b":["c",¦{}]}"#), "a value of `é:b` is a mapping, and should be text"),
        (line(USER, r#","context":{"a:b":¦01}"#), "`01` is not a number in JSON"),
        (line(USER, r#","context":{"a:b":"1",¦"a:b":"2"}"#), "duplicate key `a:b`"),
        (line(USER, r#","context":{¦"Status":"OK"}"#), "the condition key `Status` has no service prefix"),
        (
            line(USER, r#","context":{¦"aws:SourceIp":["10.0.0.1","10.0.0.2"]}"#),
            "aws:SourceIp has a single value in AWS's requests; here it has `10.0.0.1` and `10.0.0.2`",
        ),
        (line(USER, r#","resourceAccount":¦111122223333"#), "`resourceAccount` should be text"),
        (policy("¦[]"), "`policies` should be an object from kinds to policies"),
        (policy(r#"{¦"identiy":[]}"#), "`identiy` is not a key of `policies`"),
        (policy(r#"{"identity":¦{}}"#), "`identity` should be a list of policies"),
        (policy(r#"{"scp":[¦{}]}"#), "`scp` should be a list of policies"),
        (policy(r#"{"scp":¦{}}"#), "`scp` should be a list of levels, each a list of policies"),
        (policy(r#"{"identity":[¦"p"]}"#), "a policy must be a mapping, not text"),
        (policy(r#"{"identity":[],¦"identity":[]}"#), "duplicate key `identity`"),
        (
            policy(r#"{"identity":[{"Statement":{"Effect":¦"Alow","Action":"*","Resource":"*"}}]}"#),
            "the Effect must be Allow or Deny, not `Alow`",
        ),
        (policy(&format!(r#"{{"boundary":[{READ},¦{READ}]}}"#)), "there can only be one permissions boundary"),
    ] {
        let column = marked.chars().position(|c| c == '¦').unwrap() + 1;
        let told = error(&marked.replace('¦', ""));
        assert_eq!((&told["message"], &told["column"]), (&json!(message), &json!(column)), "{marked}: {told}");
    }
}

#[test]
fn a_question_that_makes_no_sense_is_refused() {
    for (from, to, message) in [
        (USER, "ann", "`ann` is not a valid principal"),
        ("s3:GetObject", "s3:Get*", "`s3:Get*` is not a full action name"),
        ("s3:GetObject", "GetObject", "`GetObject` is not a full action name"),
        ("arn:aws:s3:::b/k", "b/k", "the resource `b/k` is not an ARN"),
        (r#""id":"1""#, r#""resourceAccount":"1""#, "the resource's account `1` is not 12 digits"),
        (r#""action":"s3:GetObject","#, "", "the line has no `action`"),
    ] {
        let told = error(&line(USER, "").replace(from, to));
        assert_eq!(told["message"], message);
    }
    let many: Vec<_> = (0..1001).map(|at| format!(r#""a:{at}":"""#)).collect();
    let told = error(&line(USER, &format!(r#","context":{{{}}}"#, many.join(","))));
    assert_eq!(told["message"], "the context has more than 1000 keys");
}

#[test]
fn everything_that_is_wrong_is_told_at_once_and_the_id_with_it() {
    let (_, told) = answer_with(None, r#"{"resource":1,"nix":2,"id":"x","contxt":{}}"#, false);
    assert_eq!(told["id"], "x");
    let also: Vec<_> = told["error"]["also"].as_array().unwrap().iter().map(|one| &one["message"]).collect();
    assert_eq!(also.len(), 4, "{told}");
    assert_eq!(told["error"]["also"][1]["help"], "did you mean `context`?");
    let (_, broken) = answer_with(None, r#"{"id":"x","principal":"#, false);
    assert_eq!(broken["id"], "x");
}

fn stream(input: &str, workers: usize) -> (Vec<Value>, Summary) {
    let mut out = Vec::new();
    let settings = Settings { trace: false, details: None, workers };
    let summary = batch(input.as_bytes(), &mut out, &settings).unwrap();
    let text = String::from_utf8(out).unwrap();
    (text.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), summary)
}

#[test]
fn a_stream_is_answered_in_order_whatever_the_number_of_workers() {
    let policies = format!(r#","policies":{{"identity":[{READ}]}}"#);
    let one = |at: usize| match at % 1000 {
        999 => "{\n".to_owned(),
        500 => " \r\n".to_owned(),
        _ => line(USER, &policies).replace(r#""id":"1""#, &format!(r#""id":{at}"#)) + "\n",
    };
    let input: String = (0..10_000).map(one).collect();
    for workers in [1, 2, 5] {
        let (answers, summary) = stream(&input, workers);
        assert_eq!(summary, Summary { lines: 9990, bad: 10 });
        let expected = (0..10_000).filter(|at| at % 1000 != 500);
        assert_eq!(answers.len(), 9990);
        for (at, answer) in expected.zip(answers) {
            match at % 1000 {
                999 => assert_eq!(answer["error"]["line"], at + 1),
                _ => assert_eq!((&answer["id"], &answer["decision"]), (&json!(at), &json!("Allowed"))),
            }
        }
    }
}

#[test]
fn ends_and_edges_of_a_stream() {
    assert_eq!(stream("", 2), (vec![], Summary::default()));
    assert_eq!(stream("\n\n \n", 2).1, Summary::default());
    let last = line(USER, "");
    assert_eq!(stream(&last, 2).1, Summary { lines: 1, bad: 0 }, "a last line without its end");
    assert_eq!(stream(&format!("{last}\r\n{last}\r\n"), 2).1, Summary { lines: 2, bad: 0 });
    let mut out = Vec::new();
    let settings = Settings { trace: false, details: None, workers: 2 };
    let summary = batch(&b"{\"id\":3,\"a\":\"\xff\"}\n"[..], &mut out, &settings).unwrap();
    assert_eq!(summary, Summary { lines: 1, bad: 1 });
    let told: Value = serde_json::from_slice(&out).unwrap();
    assert_eq!((&told["id"], &told["error"]["message"]), (&json!(3), &json!("the line is not UTF-8")));
}

#[test]
fn a_line_has_a_greatest_length() {
    let long = |length: usize| {
        let line = line(USER, r#","context":{"aws:UserAgent":""}"#);
        line.replace(r#":""}"#, &format!(r#":"{}"}}"#, "x".repeat(length - line.len())))
    };
    let input = format!("{}\n{}\n{}", long(LONGEST_LINE), long(3 * LONGEST_LINE), line(USER, ""));
    let (answers, summary) = stream(&input, 2);
    assert_eq!(summary, Summary { lines: 3, bad: 1 });
    assert_eq!(
        (&answers[0]["decision"], &answers[2]["decision"]),
        (&json!("ImplicitlyDenied"), &json!("ImplicitlyDenied"))
    );
    assert_eq!(answers[1]["id"], "1");
    assert_eq!(
        answers[1]["error"],
        json!({"line": 2, "message": format!("the line has more than {LONGEST_LINE} bytes")})
    );
}

/// Gives one byte at a time, and fails in the end.
struct Failing<'a>(&'a [u8]);

impl std::io::Read for Failing<'_> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        let (&first, rest) = self.0.split_first().ok_or_else(|| std::io::Error::other("gone"))?;
        self.0 = rest;
        to[0] = first;
        Ok(1)
    }
}

/// Takes one answer and no more.
struct Full(bool);

impl std::io::Write for Full {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        if std::mem::replace(&mut self.0, true) { Err(std::io::ErrorKind::BrokenPipe.into()) } else { Ok(text.len()) }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_stream_that_breaks_ends() {
    let settings = Settings { trace: false, details: None, workers: 2 };
    let input = line(USER, "") + "\n";
    let mut out = Vec::new();
    let error = batch(Failing(input.as_bytes()), &mut out, &settings).unwrap_err();
    assert_eq!(error.to_string(), "gone");
    assert!(out.starts_with(b"{\"id\":\"1\",\"decision\""), "what was read is answered");
    let error = batch(input.repeat(100_000).as_bytes(), Full(false), &settings).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::BrokenPipe);
}

/// A session's ARN lacks the role's path. aws:PrincipalArn gives it, the row says what was chosen without, and a note how to
/// give it.
#[test]
fn the_path_of_a_role() {
    let note = "the path of the role `app` is not known: give the role's ARN as the principal, or as aws:PrincipalArn";
    let open = |deny: &str| {
        format!(r#""identity":[{{"Statement":[{{"Effect":"Allow","Action":"*","Resource":"*"}}]}}]{deny}"#)
    };
    let named = |role: &str| {
        open(&format!(
            r#","resource":{{"Statement":{{"Effect":"Deny","Principal":{{"AWS":"arn:aws:iam::111122223333:role/{role}"}},"Action":"*","Resource":"*"}}}}"#
        ))
    };
    let on_path = open(
        r#","scp":[[{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/team/*"}}}]}]]"#,
    );
    let given = |path: &str| format!(r#","context":{{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/{path}app"}}"#);
    let unknown = json!([note, "role-path-not-known"]);
    for (principal, context, policies, decision, notes) in [
        (ROLE, given("team/"), named("team/app"), "ExplicitlyDenied", json!([])),
        (ROLE, given("other/"), named("team/app"), "Allowed", json!([])),
        (ROLE, String::new(), named("team/app"), "ExplicitlyDenied", unknown.clone()),
        (ROLE, String::new(), named("app"), "ExplicitlyDenied", json!([])),
        (ROLE, String::new(), named("other"), "Allowed", json!([])),
        (ROLE, given("team/"), on_path.clone(), "ExplicitlyDenied", json!([])),
        (ROLE, given(""), on_path.clone(), "Allowed", json!([])),
        (ROLE, String::new(), on_path.clone(), "ExplicitlyDenied", unknown),
        ("arn:aws:iam::111122223333:role/team/app", String::new(), on_path.clone(), "ExplicitlyDenied", json!([])),
        ("arn:aws:iam::111122223333:role/app", String::new(), on_path, "Allowed", json!([])),
    ] {
        let found = answer(&line(principal, &format!(r#"{context},"policies":{{{policies}}}"#)));
        let said: Vec<_> = found["notes"].as_array().unwrap().clone();
        assert_eq!((&found["decision"], &json!(said)), (&json!(decision), &notes), "{principal} {context} {policies}");
    }
    let other = error(&line(ROLE, r#","context":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/other"}"#));
    let message = "aws:PrincipalArn is `arn:aws:iam::111122223333:role/other`, but the principal \
                   `arn:aws:sts::111122223333:assumed-role/app/i-1` makes it `arn:aws:iam::111122223333:role/app`";
    assert!(other["message"].as_str().unwrap().contains(message), "{other}");
}

/// docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
#[test]
fn a_partition_is_kept() {
    let root = "arn:aws-cn:iam::111122223333:root";
    let policies = format!(
        r#","policies":{{"scp":[[{ANYTHING},{{"Statement":{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{"ArnEquals":{{"aws:PrincipalArn":"{root}"}}}}}}}}]]}}"#
    );
    let in_china = |principal: &str, more: &str| line(principal, more).replace("arn:aws:s3", "arn:aws-cn:s3");
    let found = answer(&in_china(root, &policies));
    assert_eq!((&found["decision"], &found["by"]), (&json!("ExplicitlyDenied"), &json!(["scp"])), "{found}");
    for line in [line(root, ""), in_china(ROLE, ""), in_china("111122223333", "")] {
        let found = error(&line);
        let message = found["message"].as_str().unwrap();
        assert!(message.contains("`aws`") && message.contains("`aws-cn`"), "{found}");
    }
    answer(&in_china("ec2.amazonaws.com.cn", ""));
}

/// docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html: `:*` behind the ARN "when specifying
/// permissions for most API actions", but not for three.
#[test]
fn a_log_group_is_matched_as_aws_asks_about_it() {
    let group = "arn:aws:logs:us-east-1:111122223333:log-group:g";
    for (action, given, policy, expected) in [
        ("logs:FilterLogEvents", "", ":*", "Allowed"),
        ("logs:FilterLogEvents", ":*", ":*", "Allowed"),
        ("logs:FilterLogEvents", "", "", "ImplicitlyDenied"),
        ("logs:FilterLogEvents", ":*", "", "ImplicitlyDenied"),
        ("logs:TagLogGroup", "", ":*", "Allowed"),
        ("logs:TagResource", "", ":*", "ImplicitlyDenied"),
        ("logs:TagResource", ":*", "", "Allowed"),
        ("logs:ListTagsForResource", "", "", "Allowed"),
        ("logs:PutLogEvents", ":log-stream:s", ":*", "Allowed"),
    ] {
        let line = json!({
            "principal": USER, "action": action, "resource": format!("{group}{given}"),
            "policies": {"identity": [{"Version": "2012-10-17", "Statement":
                {"Effect": "Allow", "Action": "logs:*", "Resource": format!("{group}{policy}")}}]},
        });
        assert_eq!(answer(&line.to_string())["decision"], expected, "{action} {given} {policy}");
    }
}
