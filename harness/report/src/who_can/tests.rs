use access::{Limit, SessionTags, StatementName, Who};
use policy::{Context, Kind, Principal, Request};

use super::*;

fn known(name: &str) -> Who {
    Who::Known { name: name.to_owned(), arn: format!("arn:aws:iam::111122223333:role/{name}") }
}

fn by(policy: &str, statement: usize, sid: Option<&str>) -> StatementName {
    StatementName { policy: policy.to_owned(), kind: Kind::Identity, statement, sid: sid.map(str::to_owned) }
}

fn team(value: &str) -> Condition {
    let (operator, key) = ("StringEquals".to_owned(), "aws:PrincipalTag/Team".to_owned());
    Condition { operator, key, values: vec![value.to_owned()] }
}

fn always() -> Way {
    let request = Request {
        principal: Principal::User { arn: "arn:aws:iam::111122223333:user/ann".to_owned() },
        action: "s3:GetObject".to_owned(),
        resource: "arn:aws:s3:::b/k".to_owned(),
        resource_account: None,
        context: Context::new(),
    };
    Way {
        when: Vec::new(),
        on: Vec::new(),
        unless: Vec::new(),
        by: vec![by("Read", 1, Some("All"))],
        session_tags: None,
        request,
    }
}

fn answer(who: Who, ways: Vec<Way>) -> Answer {
    let access = if ways.is_empty() { Access::Never } else { Access::Can { ways, more: false } };
    Answer { who, access, with_tags: Vec::new() }
}

/// One of each kind: what is told about each, and how they are counted.
#[test]
fn everybody_who_can_is_told_with_the_statements_behind_it() {
    let conditional = Way {
        when: vec![team("finance")],
        on: vec![Limit { not: false, resources: vec!["arn:aws:s3:::b/*".to_owned()] }],
        unless: vec![Denial { when: vec![team("hr")], on: None, by: by("Guard", 2, None) }],
        session_tags: Some(SessionTags {
            tags: vec![("Team".to_owned(), "finance".to_owned())],
            by: vec![known("Broker")],
        }),
        ..always()
    };
    let undecided = Access::Undecided { reason: "the time limit was reached".to_owned() };
    let answers = [
        answer(known("Admin"), vec![always()]),
        answer(known("Reader"), vec![conditional]),
        Answer { access: Access::Can { ways: vec![always()], more: true }, ..answer(Who::AnyAccount, Vec::new()) },
        Answer { access: undecided, ..answer(Who::Anonymous, Vec::new()) },
        Answer {
            with_tags: vec![Way { when: vec![team("finance")], ..always() }],
            ..answer(known("Other"), Vec::new())
        },
        answer(known("Nobody"), Vec::new()),
    ];
    let expected = "\
Admin (arn:aws:iam::111122223333:role/Admin)
Always
By        Read, statement 1 (All)

Reader (arn:aws:iam::111122223333:role/Reader)
If        StringEquals aws:PrincipalTag/Team: finance
On        Resource: arn:aws:s3:::b/*
Unless    StringEquals aws:PrincipalTag/Team: hr (denied by Guard, statement 2)
Tags      Team = finance, given to the session by Broker (arn:aws:iam::111122223333:role/Broker)
By        Read, statement 1 (All)

users and roles of any account
Always
By        Read, statement 1 (All)
Perhaps   in other ways too: not all of them were settled
As far as their own policies allow it, which are not known here

anybody, without signing the request
Undecided the time limit was reached

Not now, but with other tags: Other (arn:aws:iam::111122223333:role/Other)
If        StringEquals aws:PrincipalTag/Team: finance
By        Read, statement 1 (All)

3 can, 1 of them only under conditions; 2 cannot; 1 of these could with other tags; 1 undecided
";
    assert_eq!(who_can(&answers, false), expected);
}

#[test]
fn each_way_has_its_request_if_asked_for() {
    let text = who_can(&[answer(known("Admin"), vec![always()])], true);
    let request = text.lines().find_map(|line| line.strip_prefix("Request   ")).unwrap();
    let line: serde_json::Value = serde_json::from_str(request).unwrap();
    assert_eq!((&line["action"], &line["resource"]), (&"s3:GetObject".into(), &"arn:aws:s3:::b/k".into()));
}
