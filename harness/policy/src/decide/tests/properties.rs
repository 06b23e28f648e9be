//! What holds for all policies and requests.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;

fn any_of(items: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(items)
}

fn condition() -> impl Strategy<Value = String> {
    let operator = any_of(&[
        "StringEquals",
        "StringNotEquals",
        "StringLike",
        "StringEqualsIfExists",
        "ForAllValues:StringEquals",
        "ForAnyValue:StringLike",
        "ForAnyValue:StringNotEqualsIfExists",
        "NumericLessThan",
        "ArnLike",
        "Bool",
    ]);
    let key = any_of(&["aws:PrincipalTag/a", "aws:principaltag/A", "aws:TagKeys", "aws:username"]);
    let value = any_of(&["x", "*", "${aws:username}", "${aws:TagKeys}", "5", "true", ""]);
    let compare = (operator, key, value).prop_map(|(o, k, v)| format!(r#""{o}": {{"{k}": "{v}"}}"#));
    let null = any_of(&["true", "false"]).prop_map(|v| format!(r#""Null": {{"aws:TagKeys": "{v}"}}"#));
    prop_oneof![3 => compare, 1 => null]
}

fn statement(principals: bool) -> impl Strategy<Value = String> {
    let whom = if principals {
        any_of(&[
            r#""Principal": "*","#,
            r#""Principal": {"AWS": "111122223333"},"#,
            r#""Principal": {"AWS": "arn:aws:iam::111122223333:role/app"},"#,
            r#""NotPrincipal": {"AWS": "arn:aws:iam::111122223333:user/ann"},"#,
        ])
        .boxed()
    } else {
        Just("").boxed()
    };
    let effect = prop_oneof![3 => Just("Allow"), 1 => Just("Deny")];
    let action = any_of(&[
        r#""Action": "*""#,
        r#""Action": "s3:*""#,
        r#""Action": ["s3:GetObject", "s3:Get*", "ec2:*"]"#,
        r#""Action": "S3:getobject""#,
        r#""NotAction": "s3:PutObject""#,
        r#""Action": ["s3:PutObject", "sqs:*"]"#,
        r#""Action": "s*:GetObject""#,
    ]);
    let resource = any_of(&[
        r#""Resource": "*""#,
        r#""Resource": "arn:aws:s3:::b/*""#,
        r#""NotResource": "arn:aws:s3:::${aws:username}/*""#,
        r#""Resource": "arn:aws:s3:::${aws:TagKeys}/k""#,
        r#""Resource": "arn:a*s:s3:::b/k""#,
    ]);
    let conditions = prop::option::of(condition());
    (whom, effect, action, resource, conditions).prop_map(|(whom, effect, action, resource, condition)| {
        let condition = condition.map(|text| format!(r#", "Condition": {{{text}}}"#)).unwrap_or_default();
        format!(r#"{{{whom}"Effect": "{effect}", {action}, {resource}{condition}}}"#)
    })
}

fn any_policy(kind: Kind) -> impl Strategy<Value = Arc<Policy>> {
    let principals = matches!(kind, Kind::Resource | Kind::Endpoint);
    prop::collection::vec(statement(principals), 1..5).prop_map(move |statements| policy(kind, &statements.join(", ")))
}

fn any_policies() -> impl Strategy<Value = Policies> {
    let list = |kind, most| prop::collection::vec(any_policy(kind), 0..most);
    (
        list(Kind::Identity, 4),
        prop::option::of(any_policy(Kind::Resource)),
        prop::option::of(any_policy(Kind::Boundary)),
        prop::option::of(list(Kind::Session, 3)),
        prop::collection::vec(list(Kind::ServiceControl, 3), 0..3),
        prop::option::of(any_policy(Kind::Endpoint)),
    )
        .prop_map(|(identity, resource, boundary, session, service_control, endpoint)| Policies {
            identity,
            resource,
            boundary,
            session,
            service_control,
            resource_control: Vec::new(),
            endpoint,
        })
}

fn any_request() -> impl Strategy<Value = Request> {
    let caller = prop_oneof![
        Just(session()),
        Just(user()),
        Just(Principal::Anonymous),
        Just(Principal::root(ACCOUNT)),
        Just(Principal::Service { name: "ecs-tasks.amazonaws.com".to_owned() }),
    ];
    let action = any_of(&["s3:GetObject", "S3:GETOBJECT", "s3:PutObject", "sqs:SendMessage", "kms:Decrypt", ""]);
    let resource = any_of(&["arn:aws:s3:::b/k", "arn:aws:s3:::ann/k", "*", ""]);
    let owner = prop::option::of(any_of(&["111122223333", "999988887777"]));
    let entries = any_of(&[
        "",
        "aws:PrincipalTag/a=x; aws:username=ann",
        "aws:PrincipalTag/a=5; aws:PrincipalTag/A=true",
        "aws:TagKeys=[x,b]; aws:username=",
    ]);
    (caller, action, resource, owner, entries).prop_map(|(caller, action, resource, owner, entries)| {
        let mut ask = request(caller, action, resource);
        ask.resource_account = owner.map(str::to_owned);
        ask.context = context(entries);
        ask
    })
}

proptest! {
    /// `judged` compares verdict, kinds, notes and text of the two ways.
    #[test]
    fn deciding_and_explaining_agree(policies in any_policies(), ask in any_request()) {
        let decision = judged(&policies, &ask);
        prop_assert!(!decision.reason(&ask).is_empty());
        let policies = &decision.trace.as_ref().unwrap().policies;
        let denies = policies.iter().any(|policy| policy.word == trace::Word::Denies);
        prop_assert_eq!(decision.verdict == Verdict::ExplicitlyDenied, denies);
        let _ = (decision.mends(&ask, &crate::NoVocabulary), serde_json::to_string(&decision.trace).unwrap());
    }

    #[test]
    fn taking_a_deny_away_never_denies_more(policies in any_policies(), ask in any_request(), spared in statement(false)) {
        let mut more = policies.clone();
        more.identity.push(policy(Kind::Identity, &spared.replace("Allow", "Deny")));
        let (with, without) = (judged(&more, &ask).verdict, judged(&policies, &ask).verdict);
        prop_assert!(with != Verdict::Allowed || without == Verdict::Allowed);
    }

    #[test]
    fn one_more_allow_never_allows_less(policies in any_policies(), ask in any_request(), added in statement(false)) {
        let mut more = policies.clone();
        more.identity.push(policy(Kind::Identity, &added.replace("Deny", "Allow")));
        let (with, without) = (judged(&more, &ask).verdict, judged(&policies, &ask).verdict);
        prop_assert!(without != Verdict::Allowed || with == Verdict::Allowed);
    }

    /// The index leaves out only statements whose actions do not cover the request's.
    #[test]
    fn the_index_finds_every_statement(policy in any_policy(Kind::Identity), action in any_of(&["s3:GetObject", "s3:PUTObject", "ec2:X", "sqs:y", "s3", ""])) {
        let candidates = policy.candidates(crate::compile::hash(action));
        let found = candidates.filter(|(_, statement)| statement.actions.covers(action));
        let mut found: Vec<_> = found.map(|(at, _)| at).collect();
        let count = found.len();
        found.sort_unstable();
        found.dedup();
        prop_assert_eq!(found.len(), count, "each at most once");
        let all = policy.statements().iter().enumerate();
        let expected: Vec<_> = all.filter(|(_, statement)| statement.actions.covers(action)).map(|(at, _)| at).collect();
        prop_assert_eq!(found, expected);
    }
}
