//! One case for each kind of thing that can stand in the way. Pages stand beside the rules; here is what is proposed.

use std::sync::Arc;

use crate::testing::{OBJECT, ROLE, USER, context, policy, request, session, user, whole};
use crate::{Change, Document, Kind, Mend, Policies, Policy, Principal, Request, TagsOf, Verdict, Vocabulary, explain};

const ALL: &str = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;
const KEY: &str = "arn:aws:kms:us-east-1:111122223333:key/k";
const QUEUE: &str = "arn:aws:sqs:us-east-1:111122223333:q";

/// Never: `aws:RequestTag` for reading objects and sending messages; always: tags of callers and resources.
struct Tags;

impl Vocabulary for Tags {
    fn carries(&self, action: &str, _resource: &str, key: &str) -> Option<bool> {
        let name = key.split('/').next().unwrap_or_default().to_lowercase();
        let is_reading = ["s3:GetObject", "sqs:SendMessage"].contains(&action);
        Some(!(is_reading && ["aws:requesttag", "aws:tagkeys", "s3:prefix"].contains(&name.as_str())))
    }

    fn keys(&self, action: &str, resource: &str) -> Vec<&'static str> {
        let all = ["aws:PrincipalTag", "aws:RequestTag", "aws:ResourceTag", "sqs:ResourceTag"]
            .map(|name| (name, [name, "/${TagKey}"].concat().leak() as &str));
        let all = all.into_iter().filter(|(name, _)| !name.starts_with("sqs:") || action.starts_with("sqs:"));
        all.filter(|(name, _)| self.carries(action, resource, name) == Some(true)).map(|(_, key)| key).collect()
    }

    fn twins(&self, action: &str, _resource: &str, key: &str) -> Vec<String> {
        match key.split_once('/') {
            Some(("aws:ResourceTag", tag)) if action.starts_with("sqs:") => vec![format!("sqs:ResourceTag/{tag}")],
            Some(("sqs:ResourceTag", tag)) => vec![format!("aws:ResourceTag/{tag}")],
            _ => Vec::new(),
        }
    }

    fn tags_of(&self, key: &str) -> Option<TagsOf> {
        key.starts_with("sqs:ResourceTag/").then_some(TagsOf::Resource).or_else(|| TagsOf::of_global(key))
    }
}

/// What is proposed; each of it turns the decision, and what is to be pasted can be.
#[track_caller]
fn proposed(policies: &Policies, request: &Request) -> Vec<Mend> {
    let decision = explain(policies, request, &Tags);
    let mends = decision.mends(request, &Tags);
    for mend in &mends {
        let after = decision.after(mend, request).unwrap();
        assert_ne!(decision.verdict == Verdict::Allowed, after.verdict == Verdict::Allowed, "{}", mend.says);
        for change in &mend.changes {
            if let Change::Statement { at, statement, .. } = change {
                let text = format!(r#"{{"Version": "2012-10-17", "Statement": {}}}"#, statement.json());
                let (read, findings) = Document::read_json(&text, at.kind);
                assert!(read.is_some(), "{text}: {findings:?}");
            }
        }
    }
    mends
}

#[track_caller]
fn says(policies: &Policies, request: &Request, expected: &[&str]) -> Vec<Mend> {
    let mends = proposed(policies, request);
    assert_eq!(mends.iter().map(|mend| mend.says.as_str()).collect::<Vec<_>>(), expected);
    mends
}

fn asks(action: &str, resource: &str, keys: &str) -> Request {
    Request { context: context(keys), ..request(session(), action, resource) }
}

fn identity(statements: &[&str]) -> Policies {
    Policies { identity: vec![policy(Kind::Identity, &statements.join(","))], ..Policies::default() }
}

fn deny(condition: &str) -> String {
    format!(r#"{{"Sid": "Tagged", "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {{{condition}}}}}"#)
}

/// The keys of the only change.
fn keys(mend: &Mend) -> String {
    serde_json::to_value(&mend.changes).unwrap()[0]["context"].to_string()
}

#[test]
fn a_deny_that_enforces_a_tag_is_met_and_never_weakened() {
    let passed = "pass the tag team = a in the request";
    let caller = "tag the role team=a, or pass the session tag team=a";
    let resource = "give the resource the tag team = a";
    for (key, way, changed) in [
        ("aws:RequestTag/team", passed, r#"{"aws:RequestTag/team":"a","aws:TagKeys":["team"]}"#),
        ("aws:PrincipalTag/team", caller, r#"{"aws:PrincipalTag/team":"a"}"#),
        ("aws:ResourceTag/team", resource, r#"{"aws:ResourceTag/team":"a","sqs:ResourceTag/team":"a"}"#),
        ("sqs:ResourceTag/team", resource, r#"{"sqs:ResourceTag/team":"a","aws:ResourceTag/team":"a"}"#),
    ] {
        let policies = identity(&[&deny(&format!(r#""StringNotEquals": {{"{key}": "a"}}"#)), ALL]);
        for given in ["", &format!("{key}=b")] {
            let because = format!("{way}: statement `p/Tagged` denies while StringNotEquals {key} = a holds");
            let mends = says(&policies, &asks("sqs:CreateQueue", QUEUE, given), &[&because]);
            assert_eq!((keys(&mends[0]).as_str(), mends[0].is_evident), (changed, given.is_empty()), "{key}");
        }
    }
    let policies = identity(&[&deny(r#""Null": {"aws:RequestTag/team": "true"}"#), ALL]);
    let because = "pass the tag team = example in the request: statement `p/Tagged` denies while Null \
                   aws:RequestTag/team = true holds";
    says(&policies, &asks("sqs:CreateQueue", QUEUE, ""), &[because]);
    // The value that an Allow asks for meets both.
    let allow = r#"{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestTag/team": "a"}}}"#;
    let policies = identity(&[&deny(r#""Null": {"aws:RequestTag/team": "true"}"#), allow]);
    says(&policies, &asks("sqs:CreateQueue", QUEUE, ""), &[&because.replace("= example", "= a")]);
}

#[test]
fn the_tags_that_are_passed_and_their_keys_change_together() {
    let only = r#""ForAnyValue:StringNotEquals": {"aws:TagKeys": ["team", "cost"]}"#;
    let policies = identity(&[&deny(only), ALL]);
    let given = "aws:TagKeys=[team,other]; aws:RequestTag/team=a; aws:RequestTag/other=b";
    let mends = proposed(&policies, &asks("sqs:CreateQueue", QUEUE, given));
    assert!(mends[0].says.starts_with("do not pass the tag other in the request: "), "{}", mends[0].says);
    assert_eq!(keys(&mends[0]), r#"{"aws:TagKeys":["team"],"aws:RequestTag/other":null}"#);
    let needs = r#""ForAllValues:StringNotEquals": {"aws:TagKeys": "team"}"#;
    let mends = proposed(&identity(&[&deny(needs), ALL]), &asks("sqs:CreateQueue", QUEUE, ""));
    assert_eq!(keys(&mends[0]), r#"{"aws:TagKeys":["team"],"aws:RequestTag/team":"example"}"#);
}

#[test]
fn a_deny_is_changed_only_where_it_tells_nothing_apart() {
    let with = |action: &str, resource: &str| {
        format!(
            r#"{{"Effect": "Deny", "Action": "{action}", "Resource": "{resource}", "Condition": {{"StringNotEquals": {{"aws:RequestTag/a": "b"}}}}}}"#
        )
    };
    let mends = says(
        &identity(&[&with("sqs:SendMessage", "*"), ALL]),
        &asks("sqs:SendMessage", QUEUE, ""),
        &["leave arn:aws:sqs:us-east-1:111122223333:q out of statement `p/1`: sqs:SendMessage never carries \
           aws:RequestTag/a there, so the statement denies every such request"],
    );
    let Change::Statement { replaces: Some(1), statement, .. } = &mends[0].changes[0] else { panic!("{mends:?}") };
    assert_eq!(
        statement.json(),
        r#"{
    "Effect": "Deny",
    "Action": "sqs:SendMessage",
    "NotResource": "arn:aws:sqs:us-east-1:111122223333:q",
    "Condition": {
        "StringNotEquals": {
            "aws:RequestTag/a": "b"
        }
    }
}"#
    );
    // Other actions under the same Deny carry the key; so would resources under the same pattern; and this one, if it
    // were only missing this time.
    let alone = with("sqs:SendMessage", "*");
    for (deny, action, resource) in [
        (with("sqs:*", "*"), "sqs:SendMessage", QUEUE),
        (with("sqs:SendMessage", "arn:aws:sqs:*"), "sqs:SendMessage", QUEUE),
        (alone.clone(), "sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:*"),
        (
            alone.replace(r#"{"aws:RequestTag/a": "b"}"#, r#"{"aws:RequestTag/a": "b", "aws:PrincipalArn": "x"}"#),
            "sqs:SendMessage",
            QUEUE,
        ),
    ] {
        says(&identity(&[&deny, ALL]), &asks(action, resource, ""), &[]);
    }
    says(
        &identity(&[r#"{"Effect": "Deny", "Action": "*", "Resource": "*"}"#, ALL]),
        &asks("sqs:SendMessage", QUEUE, ""),
        &[],
    );
    says(
        &identity(&[&deny(r#""ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::1:role/x"}"#), ALL]),
        &asks("s3:GetObject", OBJECT, ""),
        &[],
    );
}

#[test]
fn each_thing_in_the_way_is_named() {
    let ecs = policy(Kind::Boundary, r#"{"Effect": "Allow", "Action": "ecs:*", "Resource": "*"}"#);
    let policies = Policies { boundary: Some(ecs), ..Policies::default() };
    let both = "two things stand in the way: no identity-based policy allows it, and no permissions boundary allows it. \
                To change both: allow s3:GetObject on arn:aws:s3:::b/k in the identity-based policy; and allow \
                s3:GetObject on arn:aws:s3:::b/k in the permissions boundary";
    says(&policies, &asks("s3:GetObject", OBJECT, ""), &[both]);
    let (one, two) =
        (deny(r#""Null": {"aws:PrincipalTag/a": "true"}"#), deny(r#""Null": {"aws:ResourceTag/b": "true"}"#));
    let policies = identity(&[&one, &two.replace("Tagged", "Second"), ALL]);
    let both = "two things stand in the way: statement `p/Tagged` denies, and statement `p/Second` denies. To change \
                both: tag the role a=example, or pass the session tag a=example: statement `p/Tagged` denies \
                while Null aws:PrincipalTag/a = true holds; and give the resource the tag b = example: statement \
                `p/Second` denies while Null aws:ResourceTag/b = true holds";
    let mends = says(&policies, &asks("sqs:SendMessage", QUEUE, ""), &[both]);
    assert!(!mends[0].is_evident);
}

#[test]
fn a_variable_without_value_is_named() {
    let on = |resource: &str, condition: &str| {
        identity(&[&format!(r#"{{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "{resource}"{condition}}}"#)])
    };
    let way = "aws:PrincipalTag/team has no value, so `${aws:PrincipalTag/team}` matches nothing: tag the role \
               team=k, or pass the session tag team=k";
    let in_resource = on("arn:aws:s3:::b/${aws:PrincipalTag/team}", "");
    says(
        &in_resource,
        &asks("s3:GetObject", OBJECT, ""),
        &[&format!("{way}: the resources of statement `p/1` name it")],
    );
    let condition = r#", "Condition": {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}"#;
    let mends = proposed(&on("*", condition), &asks("s3:GetObject", OBJECT, "aws:ResourceTag/team=k"));
    assert!(mends[0].says.starts_with(&format!("{way}: statement `p/1` needs StringEquals aws:ResourceTag/team")));
    // Under a Deny as well.
    let deny = deny(r#""StringNotEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}"#);
    let mends = proposed(&identity(&[&deny, ALL]), &asks("s3:GetObject", OBJECT, "aws:ResourceTag/team=k"));
    assert!(mends[0].says.starts_with(&format!("{way}: statement `p/Tagged` denies")), "{mends:?}");
}

#[test]
fn a_kms_key_without_a_word_on_the_account() {
    let why = "identity-based policies do not count for a KMS key until its key policy lets the account use them";
    let mut policies = identity(&[ALL]);
    let ask = asks("kms:Decrypt", KEY, "");
    let given = format!("give the key policy, which names the account 111122223333 by default: {why}");
    let named = "allow kms:Decrypt on arn:aws:kms:us-east-1:111122223333:key/k in the resource-based policy";
    let mends = says(&policies, &ask, &[&given, named]);
    let pasted = serde_json::to_value(&mends[0].changes[0]).unwrap();
    let default = r#"{"Sid":"Enable IAM User Permissions","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"kms:*","Resource":"*"}"#;
    assert_eq!(pasted["statement"].to_string(), default);
    let other = r#"{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/bob"}, "Action": "kms:Encrypt", "Resource": "*"}"#;
    policies.resource = Some(policy(Kind::Resource, other));
    says(&policies, &ask, &[&format!("name the account 111122223333 in the key policy for kms:Decrypt: {why}"), named]);
    let reason = explain(&policies, &ask, &Tags).reason(&ask);
    assert!(reason.contains("identity-based policies do not count for a KMS key"), "{reason}");
}

#[test]
fn a_key_that_is_never_carried() {
    let allow = |actions: &str, key: &str| {
        identity(&[&format!(
            r#"{{"Sid": "Mine", "Effect": "Allow", "Action": {actions}, "Resource": "*", "Condition": {{"StringEquals": {{"{key}": "a"}}}}}}"#
        )])
    };
    let never = "s3:GetObject never carries aws:RequestTag/team: use";
    let other = |key: &str, way: &str, rest: &str| {
        format!("{never} {key} in statement `p/Mine`{way} (it can carry {rest} as well)")
    };
    let (caller, resource) = ("aws:PrincipalTag/team", "aws:ResourceTag/team");
    let bucket = " and give the bucket the tag team = a and enable attribute-based access control for it";
    let mends = says(
        &allow(r#""s3:GetObject""#, "aws:RequestTag/team"),
        &asks("s3:GetObject", OBJECT, "aws:PrincipalTag/team=a"),
        &[&other(caller, "", resource), &other(resource, bucket, caller)],
    );
    assert!(matches!(mends[0].changes.as_slice(), [Change::Statement { replaces: Some(1), .. }]));
    // The statement stays as it is for its other actions.
    let mends = proposed(
        &allow(r#"["s3:GetObject", "s3:PutObject"]"#, "aws:RequestTag/team"),
        &asks("s3:GetObject", OBJECT, "aws:PrincipalTag/team=a"),
    );
    let Change::Statement { replaces: None, statement, .. } = &mends[0].changes[0] else { panic!("{mends:?}") };
    assert!(statement.json().contains(r#""Action": "s3:GetObject""#) && statement.json().contains(caller));
    says(
        &allow(r#""s3:GetObject""#, "s3:prefix"),
        &asks("s3:GetObject", OBJECT, ""),
        &["leave the condition on s3:prefix out of statement `p/Mine`: s3:GetObject never carries it"],
    );
    says(&allow(r#""s3:GetObject""#, "aws:TagKeys"), &asks("s3:GetObject", OBJECT, ""), &[]);
}

/// The sentence and the JSON speak of the same statement: the old one stays as it is.
#[test]
fn an_edit_in_a_statement_of_its_own_is_said_of_that_one() {
    let allow = |conditions: &str| {
        identity(&[&format!(
            r#"{{"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*", "Condition": {{{conditions}}}}}"#
        )])
    };
    let own = "allow s3:GetObject in a statement of its own, beside statement `p/1`";
    let without = "leave the condition on s3:prefix out of the new statement: s3:GetObject never carries it";
    let ask = asks("s3:GetObject", OBJECT, "aws:PrincipalTag/team=a; aws:SecureTransport=true");
    let prefix = r#""StringEquals": {"s3:prefix": "a"}"#;
    let both = format!(r#"{prefix}, "Bool": {{"aws:SecureTransport": "true"}}"#);
    says(&allow(prefix), &ask, &[&format!("{own}; {without}")]);
    let mends = says(&allow(&both), &ask, &[&format!("{own} and with its other conditions; {without}")]);
    let change = &serde_json::to_value(&mends[0].changes).unwrap()[0];
    assert_eq!(change.get("replaces"), None);
    assert_eq!(change["statement"]["Condition"].to_string(), r#"{"Bool":{"aws:SecureTransport":"true"}}"#);
    let mends = proposed(&allow(r#""StringEquals": {"aws:RequestTag/team": "a"}"#), &ask);
    let other = "s3:GetObject never carries aws:RequestTag/team: use aws:PrincipalTag/team in the new statement";
    assert_eq!(
        mends[0].says,
        format!("{own} and with its conditions; {other} (it can carry aws:ResourceTag/team as well)")
    );
}

/// A statement for sts:TagSession keeps the principal of the one beside it, and lets in the tags of the request alone.
#[test]
fn session_tags_are_let_in_no_further_than_asked() {
    struct Sts;
    impl Vocabulary for Sts {
        fn carries(&self, action: &str, _resource: &str, key: &str) -> Option<bool> {
            Some(action != "sts:TagSession" || key != "sts:RoleSessionName")
        }
        fn keys(&self, _action: &str, _resource: &str) -> Vec<&'static str> {
            Vec::new()
        }
        fn twins(&self, _action: &str, _resource: &str, _key: &str) -> Vec<String> {
            Vec::new()
        }
    }
    let policies = |actions: &str| Policies {
        resource: Some(policy(
            Kind::Trust,
            &format!(
                r#"{{"Effect": "Allow", "Principal": {{"AWS": "111122223333"}}, "Action": {actions}, "Condition": {{"StringEquals": {{"sts:RoleSessionName": "x"}}}}}}"#
            ),
        )),
        ..identity(&[ALL])
    };
    let mends = |policies: &Policies, keys: &str| {
        let ask = asks("sts:TagSession", ROLE, keys);
        explain(policies, &ask, &Sts).mends(&ask, &Sts)
    };
    let tags = "aws:RequestTag/team=a; aws:TagKeys=[team]";
    let kept = r#"{"StringEquals":{"aws:RequestTag/team":"a"},"ForAllValues:StringEquals":{"aws:TagKeys":"team"}}"#;
    let without = "sts:TagSession never carries it";
    for (actions, expected) in [
        (
            r#"["sts:AssumeRole", "sts:TagSession"]"#,
            format!(
                "allow sts:TagSession in a statement of its own, beside statement `p/1`, for the tags of this request \
                 alone; leave the condition on sts:RoleSessionName out of the new statement: {without}"
            ),
        ),
        (
            r#""sts:TagSession""#,
            format!(
                "leave the condition on sts:RoleSessionName out of statement `p/1`: {without}; allow \
                 sts:TagSession, for the tags of this request alone"
            ),
        ),
    ] {
        let found = mends(&policies(actions), tags);
        assert_eq!(found.iter().map(|mend| mend.says.as_str()).collect::<Vec<_>>(), [expected]);
        let statement = &serde_json::to_value(&found[0].changes).unwrap()[0]["statement"];
        assert_eq!(statement["Principal"]["AWS"], "111122223333");
        assert_eq!(statement["Condition"].to_string(), kept);
        // Without a tag there is nothing to keep it to.
        assert_eq!(mends(&policies(actions), ""), []);
    }
    let none = Policies {
        resource: Some(policy(
            Kind::Trust,
            &ALL.replace(r#", "Resource": "*""#, r#", "Principal": {"AWS": "444455556666"}"#)
                .replace(r#""*""#, r#""sts:AssumeRole""#),
        )),
        ..identity(&[ALL])
    };
    let found = mends(&none, tags);
    assert_eq!(found[0].says, "allow sts:TagSession in the role trust policy, for the tags of this request alone");
    let statement = &serde_json::to_value(&found[0].changes).unwrap()[0]["statement"];
    assert_eq!(statement["Condition"].to_string(), kept);
}

/// No request comes from a private address by `aws:SourceIp`; by `aws:VpcSourceIp` it does.
#[test]
fn no_request_is_to_come_from_a_private_address() {
    let from = |key: &str, ranges: &str| {
        let allow = format!(
            r#"{{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {{"IpAddress": {{"{key}": {ranges}}}}}}}"#
        );
        let deny = deny(&format!(r#""NotIpAddress": {{"{key}": {ranges}}}"#));
        [identity(&[&allow]), identity(&[&deny, ALL])]
            .map(|policies| proposed(&policies, &asks("s3:GetObject", OBJECT, &format!("{key}=203.0.113.9"))))
            .map(|mends| mends.first().map(|mend| mend.says.split(": ").next().unwrap().to_owned()))
    };
    let make = |pair: &str| [(); 2].map(|()| Some(format!("make the request with {pair}")));
    assert_eq!(from("aws:SourceIp", r#"["10.0.0.0/8", "192.168.1.1", "fd00::/8"]"#), [None, None]);
    assert_eq!(from("aws:SourceIp", r#"["10.0.0.0/8", "198.51.100.0/24"]"#), make("aws:SourceIp = 198.51.100.0"));
    assert_eq!(from("aws:VpcSourceIp", r#""10.0.0.0/8""#), make("aws:VpcSourceIp = 10.0.0.0"));
}

#[test]
fn limits_are_widened_where_they_do_not_allow() {
    let ecs = |kind| policy(kind, r#"{"Effect": "Allow", "Action": "ecs:*", "Resource": "*"}"#);
    let all = || policy(Kind::ServiceControl, ALL);
    let ask = asks("s3:GetObject", OBJECT, "");
    let session = Policies { session: Some(vec![ecs(Kind::Session)]), ..identity(&[ALL]) };
    says(&session, &ask, &["allow s3:GetObject on arn:aws:s3:::b/k in the session policy"]);
    let boundary = Policies { boundary: Some(ecs(Kind::Boundary)), ..identity(&[ALL]) };
    says(&boundary, &ask, &["allow s3:GetObject on arn:aws:s3:::b/k in the permissions boundary"]);
    let levels = Policies { service_control: vec![vec![all()], vec![ecs(Kind::ServiceControl)]], ..identity(&[ALL]) };
    let mends = says(&levels, &ask, &["allow s3:GetObject in a service control policy at level 1 below the root"]);
    assert!(serde_json::to_string(&mends[0].changes).unwrap().contains(r#""Action":"s3:GetObject","Resource":"*""#));
    let empty = Policies { service_control: vec![vec![all()], Vec::new()], ..identity(&[ALL]) };
    says(
        &empty,
        &ask,
        &["attach a service control policy at level 1 that allows s3:GetObject: a level without one allows nothing"],
    );
    let both = Policies { service_control: vec![vec![ecs(Kind::ServiceControl)], Vec::new()], ..identity(&[ALL]) };
    assert_eq!(proposed(&both, &ask)[0].changes.len(), 2, "each level has to allow");
}

#[test]
fn both_accounts_have_to_allow() {
    let ask = Request { resource_account: Some("444455556666".to_owned()), ..asks("s3:GetObject", OBJECT, "") };
    let mends = proposed(&Policies::default(), &ask);
    assert!(mends[0].says.starts_with(
        "two things stand in the way: no resource-based policy allows it, and no identity-based policy allows it. "
    ));
    let changes = serde_json::to_value(&mends[0].changes).unwrap();
    assert_eq!(changes[0]["statement"]["Principal"]["AWS"], ROLE);
    // A statement that names others is not opened to the caller: it may be about more than this.
    let partner = r#"{"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "s3:*", "Resource": "*"}"#;
    let policies = Policies { resource: Some(policy(Kind::Resource, partner)), ..identity(&[ALL]) };
    let ask = Request { principal: user(), ..ask };
    let mends = proposed(&policies, &ask);
    let statement = &serde_json::to_value(&mends[0].changes).unwrap()[0]["statement"];
    assert_eq!((&statement["Principal"]["AWS"], &statement["Action"]), (&USER.into(), &"s3:GetObject".into()));
    // Nobody in particular could only be let in with everybody else.
    let ask = Request { principal: Principal::Anonymous, ..ask };
    assert_eq!(proposed(&policies, &ask), []);
}

#[test]
fn negations() {
    let but = |element: &str| format!(r#"{{"Effect": "Allow", {element}}}"#);
    let not_action = but(r#""NotAction": "s3:*", "Resource": "*""#);
    let add = "allow s3:GetObject on arn:aws:s3:::b/k in the identity-based policy";
    says(&identity(&[&not_action]), &asks("s3:GetObject", OBJECT, ""), &[add]);
    let not_resource = but(r#""Action": "s3:GetObject", "NotResource": "arn:aws:s3:::b/*""#);
    let beside = "allow s3:GetObject on arn:aws:s3:::b/k in a statement of its own, beside statement `p/1`";
    says(&identity(&[&not_resource]), &asks("s3:GetObject", OBJECT, ""), &[beside, add]);
    let deny = r#"{"Effect": "Deny", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::c/*", "Condition": {"Null": {"aws:RequestTag/a": "true"}}}"#;
    says(&identity(&[deny, ALL]), &asks("s3:GetObject", OBJECT, ""), &[]);
    let mends = proposed(&identity(&[deny, ALL]), &asks("s3:PutObject", OBJECT, ""));
    assert!(mends[0].says.starts_with("pass the tag a = example in the request: "));
}

#[test]
fn an_allow_for_want_of_a_key_is_made_to_ask_for_it() {
    let vacuous = r#"{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}}}"#;
    let ask = asks("sqs:CreateQueue", QUEUE, "");
    let mends = says(
        &identity(&[vacuous]),
        &ask,
        &["add Null aws:TagKeys = false to statement `p/1`, so that a request without the key does not match"],
    );
    let Change::Statement { statement, .. } = &mends[0].changes[0] else { panic!("{mends:?}") };
    assert!(statement.json().contains("\"Null\": {\n            \"aws:TagKeys\": \"false\"\n        }"));
    says(&identity(&[vacuous, ALL]), &ask, &[]);
}

#[test]
fn what_is_written_is_what_was_read() {
    let texts = [
        (
            Kind::Identity,
            r#"{"Sid":"A","Effect":"Allow","NotAction":["iam:*","sts:*"],"NotResource":"arn:aws:s3:::b/${aws:username}","Condition":{"StringEquals":{"aws:a":"1","aws:b":["2","3"]},"ForAnyValue:StringLikeIfExists":{"aws:a":[]}}}"#,
        ),
        (
            Kind::Resource,
            r#"{"Effect":"Deny","NotPrincipal":{"AWS":["*","111122223333","arn:aws:iam::111122223333:role/r"],"Service":"ec2.amazonaws.com","Federated":"accounts.google.com"},"Action":"*","Resource":"*"}"#,
        ),
        (
            Kind::Trust,
            r#"{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Condition":{"Null":{"aws:a":"false"}}}"#,
        ),
    ];
    for (kind, text) in texts {
        let compiled: Arc<Policy> = policy(kind, text);
        let written = compiled.document().statements.swap_remove(0);
        assert!(written.can_be_written());
        assert_eq!(serde_json::to_string(&written).unwrap(), text);
        let again = compiled.with_document(&compiled.document());
        assert_eq!(serde_json::to_string(&again.document().statements).unwrap(), format!("[{text}]"));
    }
    let cannot = [
        r#"{"Effect": "Allow", "Principal": {"AWS": "AIDAEXAMPLE"}, "Action": "*", "Resource": "*"}"#,
        r#"{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {"Bool": {"a:b": "true"}, "bool": {"a:b": "false"}}}"#,
    ];
    for text in cannot {
        assert!(!policy(Kind::Resource, text).document().statements[0].can_be_written(), "{text}");
    }
    let old = whole(Kind::Identity, "p", r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#);
    assert_eq!(old.with_document(&old.document()).document().version(), None);
}
