use crate::testing::{OBJECT, ROLE, context, policy, request, session, whole};
use crate::trace::Flag;
use crate::{Decision, Kind, NoVocabulary, Policies, Principal, Request, TagsOf, Vocabulary, decide, explain};

/// Knows what s3:GetObject carries, as the service authorization reference lists it.
struct GetObject;

const KEYS: &[&str] = &["aws:PrincipalTag/${TagKey}", "s3:ExistingObjectTag/${TagKey}", "aws:SecureTransport"];

impl Vocabulary for GetObject {
    fn carries(&self, action: &str, _resource: &str, key: &str) -> Option<bool> {
        let prefix = |key: &str| key.split_once('/').map_or(key, |(prefix, _)| prefix).to_lowercase();
        (action == "s3:GetObject").then(|| KEYS.iter().any(|known| prefix(known) == prefix(key)))
    }

    fn keys(&self, action: &str, _resource: &str) -> Vec<&'static str> {
        if action == "s3:GetObject" { KEYS.to_vec() } else { Vec::new() }
    }

    fn twins(&self, _action: &str, _resource: &str, _key: &str) -> Vec<String> {
        Vec::new()
    }
}

fn read_if(condition: &str) -> Policies {
    let text = format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*",
            "Condition": {{{condition}}}}}}}"#
    );
    Policies { identity: vec![whole(Kind::Identity, "role/app/Read", &text)], ..Policies::default() }
}

fn told(policies: &Policies, entries: &str) -> (Decision, Request) {
    let mut ask = request(session(), "s3:GetObject", OBJECT);
    ask.context = context(entries);
    (explain(policies, &ask, &GetObject), ask)
}

fn first(decision: &Decision, ask: &Request) -> Option<String> {
    decision.mends(ask, &GetObject).into_iter().map(|mend| mend.says).next()
}

#[track_caller]
fn check(policies: &Policies, entries: &str, reason: &str, mend: Option<&str>) {
    let (decision, ask) = told(policies, entries);
    assert_eq!(decision.reason(&ask), reason);
    assert_eq!(first(&decision, &ask).as_deref(), mend);
}

/// The thread's own case.
#[test]
fn a_key_that_is_never_carried() {
    check(
        &read_if(r#""StringEquals": {"aws:RequestTag/Status": "OK"}"#),
        "",
        "no statement allows s3:GetObject: statement `Read/1` needs StringEquals aws:RequestTag/Status = OK, but the \
         request has no aws:RequestTag/Status (s3:GetObject never carries it)",
        Some(
            "s3:GetObject never carries aws:RequestTag/Status: use aws:PrincipalTag/Status in statement `Read/1` and tag \
             the role Status=OK, or pass the session tag Status=OK (it can carry s3:ExistingObjectTag/Status as well)",
        ),
    );
}

#[test]
fn null_of_a_key_that_is_never_carried() {
    for (key, never) in [("aws:RequestTag/Status", true), ("aws:PrincipalTag/Status", false)] {
        let (decision, _) = told(&read_if(&format!(r#""Null": {{"{key}": "false"}}"#)), "");
        let trace = decision.trace.unwrap();
        let condition = &trace.policies[0].statements[0].conditions[0];
        assert_eq!(condition.flags, if never { vec![Flag::NeverCarried] } else { vec![] }, "{key}");
    }
}

#[test]
fn a_key_that_is_missing_this_time() {
    check(
        &read_if(r#""StringEquals": {"aws:PrincipalTag/Status": ["OK", "FINE"]}"#),
        "",
        "no statement allows s3:GetObject: statement `Read/1` needs StringEquals aws:PrincipalTag/Status = OK or FINE, \
         but the request has no aws:PrincipalTag/Status",
        Some(
            "tag the role Status=OK, or pass the session tag Status=OK: statement `Read/1` needs StringEquals \
             aws:PrincipalTag/Status = OK or FINE",
        ),
    );
}

/// Whose tags a service's own key tells of, only the vocabulary knows.
#[test]
fn a_missing_tag_is_given_to_what_the_key_is_about() {
    struct Services;
    impl Vocabulary for Services {
        fn carries(&self, _action: &str, _resource: &str, _key: &str) -> Option<bool> {
            None
        }
        fn keys(&self, _action: &str, _resource: &str) -> Vec<&'static str> {
            Vec::new()
        }
        fn twins(&self, _action: &str, _resource: &str, _key: &str) -> Vec<String> {
            Vec::new()
        }
        fn tags_of(&self, key: &str) -> Option<TagsOf> {
            match key.to_lowercase().split('/').next() {
                Some("s3:existingobjecttag" | "s3:buckettag" | "ecs:resourcetag") => Some(TagsOf::Resource),
                Some("s3:requestobjecttag" | "s3:requestobjecttagkeys") => Some(TagsOf::Request),
                _ => TagsOf::of_global(key),
            }
        }
    }
    for (key, way) in [
        ("s3:ExistingObjectTag/a", "give the object the tag a = v"),
        ("aws:ResourceTag/a", "give the bucket the tag a = v and enable attribute-based access control for it"),
        ("S3:BucketTag/a", "give the bucket the tag a = v and enable attribute-based access control for it"),
        ("ecs:ResourceTag/a", "give the resource the tag a = v"),
        ("s3:RequestObjectTag/a", "pass the tag a = v in the request"),
        ("s3:RequestObjectTagKeys", "make the request with s3:RequestObjectTagKeys = v"),
        ("aws:SourceVpc", "make the request with aws:SourceVpc = v"),
        ("ecs:MadeUpTag/a", "make the request with ecs:MadeUpTag/a = v"),
    ] {
        let needs = format!("{way}: statement `Read/1` needs StringEquals {key} = v");
        let ask = request(session(), "s3:GetObject", OBJECT);
        let policies = read_if(&format!(r#""StringEquals": {{"{key}": "v"}}"#));
        let says = explain(&policies, &ask, &Services).mends(&ask, &Services).swap_remove(0).says;
        assert_eq!(says, needs, "{key}");
    }
}

#[test]
fn a_vacuous_allow() {
    check(
        &read_if(r#""ForAllValues:StringEquals": {"aws:TagKeys": ["Status"]}"#),
        "",
        "allowed by statement `Read/1` of the identity-based policy `role/app/Read`; its condition \
         ForAllValues:StringEquals aws:TagKeys holds only because the key is missing",
        Some("add Null aws:TagKeys = false to statement `Read/1`, so that a request without the key does not match"),
    );
}

#[test]
fn values_that_differ() {
    let differs =
        "no statement allows s3:GetObject: statement `Read/1` needs StringEquals aws:PrincipalTag/Status = OK, but ";
    let policies = read_if(r#""StringEquals": {"aws:PrincipalTag/Status": "OK"}"#);
    let mend = Some(
        "tag the role Status=OK, or pass the session tag Status=OK: statement `Read/1` needs StringEquals \
         aws:PrincipalTag/Status = OK",
    );
    check(&policies, "aws:PrincipalTag/Status=NG", &format!("{differs}aws:PrincipalTag/Status is \"NG\""), mend);
    let letters = format!("{differs}aws:PrincipalTag/Status is \"ok\", which differs in letter case");
    check(&policies, "aws:principaltag/status=ok", &letters, mend);
    let hostile = format!("{differs}aws:PrincipalTag/Status is \"\\u001b[2J\\\"\"");
    check(&policies, "aws:PrincipalTag/Status=\u{1b}[2J\"", &hostile, mend);
    let many = format!(
        "{differs}aws:PrincipalTag/Status is [\"OK\", \"x\"], a multivalued key, which StringEquals matches only with \
         ForAllValues or ForAnyValue before it"
    );
    check(
        &policies,
        "aws:PrincipalTag/Status=[OK,x]",
        &many,
        Some("write ForAnyValue:StringEquals in statement `Read/1`"),
    );
}

#[test]
fn variables_and_wildcards() {
    check(
        &read_if(r#""StringEquals": {"s3:ExistingObjectTag/Status": "${aws:PrincipalTag/Status}"}"#),
        "s3:ExistingObjectTag/Status=OK; aws:PrincipalTag/Status=NG",
        "no statement allows s3:GetObject: statement `Read/1` needs StringEquals s3:ExistingObjectTag/Status = \
         ${aws:PrincipalTag/Status} (\"NG\"), but s3:ExistingObjectTag/Status is \"OK\"",
        Some(
            "give the object the tag Status = NG: statement `Read/1` needs StringEquals s3:ExistingObjectTag/Status = \
             ${aws:PrincipalTag/Status} (\"NG\")",
        ),
    );
    let (decision, ask) = told(
        &read_if(r#""StringEquals": {"s3:ExistingObjectTag/Status": "${aws:PrincipalTag/Status}"}"#),
        "s3:ExistingObjectTag/Status=OK",
    );
    assert!(decision.reason(&ask).ends_with("is \"OK\", and a variable of the condition has no value in this request"));
    let policies = read_if(r#""StringEquals": {"aws:PrincipalTag/Status": "O*"}"#);
    let (decision, ask) = told(&policies, "aws:PrincipalTag/Status=OK");
    assert!(decision.reason(&ask).ends_with("is \"OK\", and a wildcard is literal text under this operator"));
    assert_eq!(first(&decision, &ask).as_deref(), Some("write StringLike in statement `Read/1`"));
    let text = r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": {"StringEquals": {"s3:ExistingObjectTag/a": "${aws:PrincipalTag/a}"}}}}"#;
    let policies = Policies { identity: vec![whole(Kind::Identity, "role/app/Old", text)], ..Policies::default() };
    let (decision, ask) = told(&policies, "s3:ExistingObjectTag/a=1; aws:PrincipalTag/a=1");
    assert!(decision.reason(&ask).ends_with("is \"1\", and `${…}` is literal text without Version 2012-10-17"));
    assert!(first(&decision, &ask).unwrap().starts_with("give the policy of statement `Old/1` the Version 2012-10-17"));
}

#[test]
fn an_explicit_deny() {
    let mut policies = read_if(r#""Bool": {"aws:SecureTransport": "true"}"#);
    let deny = r#"{"Sid": "OnlyOK", "Effect": "Deny", "Action": "s3:*", "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:PrincipalTag/Status": "OK"}}}"#;
    let allow = r#", {"Effect": "Allow", "Action": "*", "Resource": "*"}"#;
    policies.boundary = Some(policy(Kind::Boundary, &format!("{deny}{allow}")));
    let mend = Some(
        "tag the role Status=OK, or pass the session tag Status=OK: statement `p/OnlyOK` denies while \
         StringNotEquals aws:PrincipalTag/Status = OK holds",
    );
    check(
        &policies,
        "aws:SecureTransport=true; aws:PrincipalTag/Status=NG",
        "denied by statement `p/OnlyOK` of the permissions boundary `p`: StringNotEquals aws:PrincipalTag/Status = OK \
         holds, for it is \"NG\"",
        mend,
    );
    check(
        &policies,
        "aws:SecureTransport=true",
        "denied by statement `p/OnlyOK` of the permissions boundary `p`: StringNotEquals aws:PrincipalTag/Status = OK \
         holds only because the key is missing",
        mend,
    );
}

#[test]
fn what_is_not_there_at_all() {
    check(
        &Policies::default(),
        "",
        "no statement allows s3:GetObject: the caller has no identity-based policy",
        Some("allow s3:GetObject on arn:aws:s3:::b/k in the identity-based policy"),
    );
    let other = policy(Kind::Identity, r#"{"Effect": "Allow", "Action": "ecs:*", "Resource": "*"}"#);
    check(
        &Policies { identity: vec![other], ..Policies::default() },
        "",
        "no statement allows s3:GetObject: none of the caller's statements is about s3:GetObject",
        Some("allow s3:GetObject on arn:aws:s3:::b/k in the identity-based policy"),
    );
    let bucket = policy(
        Kind::Identity,
        r#"{"Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::c/*"]}"#,
    );
    check(
        &Policies { identity: vec![bucket], ..Policies::default() },
        "",
        "no statement allows s3:GetObject: statement `p/1` covers arn:aws:s3:::b, arn:aws:s3:::c/*, not arn:aws:s3:::b/k",
        Some("allow s3:GetObject on arn:aws:s3:::b/k in a statement of its own, beside statement `p/1`"),
    );
}

#[test]
fn other_kinds_that_do_not_allow() {
    let open = || policy(Kind::Identity, r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#);
    let ecs = |kind| policy(kind, r#"{"Effect": "Allow", "Action": "ecs:*", "Resource": "*"}"#);
    let reason = |policies: &Policies| {
        let (decision, ask) = told(policies, "");
        decision.reason(&ask)
    };
    let boundary = Policies { identity: vec![open()], boundary: Some(ecs(Kind::Boundary)), ..Policies::default() };
    assert_eq!(
        reason(&boundary),
        "the permissions boundary `p` does not allow s3:GetObject: none of its statements is about s3:GetObject"
    );
    let all = policy(Kind::ServiceControl, r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#);
    let bare = vec![vec![all.clone()], Vec::new()];
    let bare = Policies { identity: vec![open()], service_control: bare, ..Policies::default() };
    assert_eq!(reason(&bare), "one level of the organisation has no service control policy to allow s3:GetObject");
    let levels = vec![vec![all], vec![ecs(Kind::ServiceControl)]];
    let scp = Policies { identity: vec![open()], service_control: levels, ..Policies::default() };
    assert_eq!(
        reason(&scp),
        "no service control policy at level 1 below the root allows s3:GetObject: none of its statements is about \
         s3:GetObject"
    );
    let mut ask = request(session(), "s3:GetObject", OBJECT);
    ask.resource_account = Some("999988887777".to_owned());
    let abroad = explain(&Policies { identity: vec![open()], ..Policies::default() }, &ask, &GetObject);
    assert_eq!(abroad.reason(&ask), "there is no resource-based policy to allow s3:GetObject");
    let bucket = format!(
        r#"{{"Principal": {{"AWS": "{ROLE}"}}, "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::c/*"}}"#
    );
    let policies =
        Policies { identity: vec![open()], resource: Some(policy(Kind::Resource, &bucket)), ..Policies::default() };
    assert_eq!(
        explain(&policies, &ask, &GetObject).reason(&ask),
        "the resource-based policy does not allow s3:GetObject, which a caller from outside its account needs: \
         statement `p/1` covers arn:aws:s3:::c/*, not arn:aws:s3:::b/k"
    );
}

#[test]
fn without_a_trace_only_who() {
    let ask = request(session(), "s3:GetObject", OBJECT);
    assert_eq!(decide(&Policies::default(), &ask).reason(&ask), "not allowed by identity-based policy");
    let root = request(Principal::root("111122223333"), "s3:GetObject", OBJECT);
    let reason = "the root user may do anything in its own account that no organisation policy forbids";
    assert_eq!(decide(&Policies::default(), &root).reason(&root), reason);
    assert_eq!(explain(&Policies::default(), &root, &GetObject).reason(&root), reason);
}

#[test]
fn a_trace_says_on_what_each_element_matched() {
    let text = r#"{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": ["111122223333", "*"]}, "Action": ["s3:Put*", "S3:get*"], "Resource": "arn:aws:s3:::b/*"},
        {"Effect": "Deny", "NotPrincipal": {"Service": "ecs.amazonaws.com"}, "NotAction": "s3:Put*", "NotResource": ["arn:aws:s3:::b/${aws:username}", "arn:aws:s3:::b/*"]},
        {"Effect": "Allow", "Principal": "*", "Action": "s3:Put*", "Resource": "*"}]}"#;
    let policies = Policies { resource: Some(whole(Kind::Resource, "b", text)), ..Policies::default() };
    let ask = request(session(), "s3:GetObject", OBJECT);
    let trace = explain(&policies, &ask, &NoVocabulary).trace.unwrap();
    let told = |at: usize| -> Vec<_> {
        let elements = &trace.policies[0].statements[at].elements;
        elements.iter().map(|one| (one.element, one.matched, one.on, one.shown().collect::<Vec<_>>())).collect()
    };
    let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        told(0),
        [
            ("Principal", true, Some(0), texts(&["111122223333", "*"])),
            ("Action", true, Some(1), texts(&["s3:Put*", "S3:get*"])),
            ("Resource", true, Some(0), texts(&["arn:aws:s3:::b/*"])),
        ]
    );
    let resources = ["arn:aws:s3:::b/${aws:username} (a variable has no value)", "arn:aws:s3:::b/*"];
    assert_eq!(
        told(1),
        [
            ("NotPrincipal", true, None, texts(&["ecs.amazonaws.com"])),
            ("NotAction", true, None, texts(&["s3:Put*"])),
            ("NotResource", false, Some(1), texts(&resources)),
        ]
    );
    assert_eq!(told(2), []);
}

#[track_caller]
fn check_codes(policies: &Policies, entries: &str, codes: &[&str]) {
    let (decision, ask) = told(policies, entries);
    assert_eq!(decision.codes(&ask), codes);
}

#[test]
fn codes_say_what_the_nearest_statement_lacks() {
    let by_tag = read_if(r#""StringEquals": {"aws:RequestTag/Status": "OK"}"#);
    let needs = "  Read/1  StringEquals aws:RequestTag/Status absent never-carried";
    check_codes(&by_tag, "", &["s3:GetObject  no-allow identity", needs]);
    let by_caller = read_if(r#""StringEquals": {"aws:PrincipalTag/Status": "OK"}"#);
    let lead = "s3:GetObject  no-allow identity";
    check_codes(
        &by_caller,
        "aws:PrincipalTag/Status=ok",
        &[lead, "  Read/1  StringEquals aws:PrincipalTag/Status other-value letter-case"],
    );
    let elsewhere =
        r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::other/*"}}"#;
    let elsewhere = Policies { identity: vec![whole(Kind::Identity, "Read", elsewhere)], ..Policies::default() };
    check_codes(&elsewhere, "", &[lead, "  Read/1  resource"]);
    check_codes(&Policies::default(), "", &["s3:GetObject  no-policy identity"]);
    let write = r#"{"Statement": {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}}"#;
    let write = Policies { identity: vec![whole(Kind::Identity, "Write", write)], ..Policies::default() };
    check_codes(&write, "", &["s3:GetObject  no-statement identity"]);
}

#[test]
fn codes_say_what_the_conditions_of_an_allow_or_a_deny_saw() {
    let vacuous = read_if(r#""ForAllValues:StringEquals": {"aws:TagKeys": ["Status"]}"#);
    let saw = "  Read/1  ForAllValues:StringEquals aws:TagKeys absent never-carried";
    check_codes(&vacuous, "", &["s3:GetObject  allow identity", saw]);
    let deny = r#"{"Statement": {"Sid": "Only", "Effect": "Deny", "Action": "*", "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:PrincipalTag/Status": "OK"}}}}"#;
    let scps = vec![vec![whole(Kind::ServiceControl, "root", deny)]];
    let denied = Policies { service_control: scps, ..Policies::default() };
    let saw = "  root/Only level 0  StringNotEquals aws:PrincipalTag/Status holds";
    check_codes(&denied, "aws:PrincipalTag/Status=NG", &["s3:GetObject  deny scp", saw]);
}

#[test]
fn a_decision_without_a_trace_has_the_codes_of_its_kinds() {
    let ask = request(session(), "s3:GetObject", OBJECT);
    assert_eq!(decide(&Policies::default(), &ask).codes(&ask), ["s3:GetObject  no-allow identity"]);
}
