use prove::Relation;

use super::*;
use crate::{Account, Place, Principal, Resource};

fn attached(kind: Kind, statement: &str) -> Attached {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": {statement}}}"#);
    let (document, findings) = Document::read_json(&text, kind);
    let document = document.unwrap_or_else(|| panic!("{text}: {findings:?}"));
    Attached { policy: Arc::new(Policy::new("p", kind, &document)), text: text.into(), place: Place::default() }
}

fn allow(kind: Kind, action: &str) -> Attached {
    attached(kind, &format!(r#"{{"Effect": "Allow", "Action": "{action}", "Resource": "*"}}"#))
}

fn role(name: &str, identity: &[&str]) -> Principal {
    Principal {
        name: name.to_owned(),
        arn: format!("arn:aws:iam::111122223333:role/{name}"),
        unique_id: None,
        tags: Vec::new(),
        identity: identity.iter().map(|action| allow(Kind::Identity, action)).collect(),
        boundary: None,
        trust: None,
        missing: Vec::new(),
        place: Place::default(),
    }
}

fn of(principals: Vec<Principal>) -> Inventory {
    Inventory { principals, ..Inventory::default() }
}

#[track_caller]
fn check(old: &Inventory, new: &Inventory, expected: &[(&str, Kind, Became, Relation)], unchanged: usize) {
    let found = changes(old, new, &Options::default()).unwrap();
    let told: Vec<_> =
        found.changes.iter().map(|one| (one.owner.as_str(), one.kind, one.became, one.comparison.relation())).collect();
    assert_eq!((told.as_slice(), found.unchanged), (expected, unchanged));
}

#[test]
fn owners_are_compared_by_name() {
    let old = of(vec![role("a", &["s3:GetObject"]), role("b", &["s3:*"]), role("c", &["sqs:*"]), role("d", &["s3:*"])]);
    let new = of(vec![role("d", &["s3:*"]), role("a", &["s3:Get*"]), role("b", &["s3:Get*"]), role("e", &["ec2:*"])]);
    let expected = [
        ("a", Kind::Identity, Became::Changed, Relation::Wider),
        ("b", Kind::Identity, Became::Changed, Relation::Narrower),
        ("c", Kind::Identity, Became::Removed, Relation::Narrower),
        ("e", Kind::Identity, Became::Added, Relation::Wider),
    ];
    check(&old, &new, &expected, 1);
}

/// What an owner's policies allow counts, not how many there are.
#[test]
fn policies_of_an_owner_are_taken_together() {
    let old = of(vec![role("a", &["s3:*", "sqs:*"])]);
    let new = of(vec![role("a", &["sqs:*", "s3:GetObject", "s3:*"])]);
    check(&old, &new, &[("a", Kind::Identity, Became::Changed, Relation::Same)], 0);
    let turned = of(vec![role("a", &["sqs:*", "s3:*"])]);
    check(&old, &turned, &[], 1);
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
#[test]
fn where_nothing_limits_everything_goes() {
    let with = |boundary: Option<Attached>| of(vec![Principal { boundary, ..role("a", &[]) }]);
    let boundary = || with(Some(allow(Kind::Boundary, "s3:*")));
    check(&boundary(), &with(None), &[("a", Kind::Boundary, Became::Removed, Relation::Wider)], 0);
    check(&with(None), &boundary(), &[("a", Kind::Boundary, Became::Added, Relation::Narrower)], 0);
}

/// docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_evaluation.html
#[test]
fn levels_of_an_organisation_are_compared_one_by_one() {
    let deny = |action: &str| {
        let deny = format!(r#"{{"Effect": "Deny", "Principal": "*", "Action": "{action}", "Resource": "*"}}"#);
        attached(Kind::ResourceControl, &deny)
    };
    let with = |account: Account| Inventory {
        accounts: [("111122223333".to_owned(), account)].into_iter().collect(),
        ..Inventory::default()
    };
    let of_levels = |scp: &[&str], rcp: &str| {
        with(Account {
            service_control: scp.iter().map(|action| vec![allow(Kind::ServiceControl, action)]).collect(),
            resource_control: vec![vec![deny(rcp)]],
            ..Account::default()
        })
    };
    let (old, new) = (of_levels(&["*", "s3:*"], "s3:*"), of_levels(&["*", "*"], "s3:PutObject"));
    let expected = [
        ("111122223333", Kind::ServiceControl, Became::Changed, Relation::Wider),
        ("111122223333", Kind::ResourceControl, Became::Changed, Relation::Wider),
    ];
    check(&old, &new, &expected, 1);
    check(
        &new,
        &with(Account::default()),
        &[
            ("111122223333", Kind::ServiceControl, Became::Removed, Relation::Same),
            ("111122223333", Kind::ServiceControl, Became::Removed, Relation::Same),
            ("111122223333", Kind::ResourceControl, Became::Removed, Relation::Wider),
        ],
        0,
    );
}

#[test]
fn what_cannot_be_looked_at_leaves_it_undecided() {
    let without = |actions: &[&str], policy: &str| {
        of(vec![Principal { missing: vec![format!("the policy `{policy}`")], ..role("a", actions) }])
    };
    let expected = [("a", Kind::Identity, Became::Changed, Relation::Undecided)];
    check(&without(&["s3:*"], "x"), &without(&["s3:*"], "y"), &expected, 0);
    check(&without(&["s3:*"], "x"), &without(&["sqs:*"], "x"), &expected, 0);
    check(&without(&["s3:*"], "x"), &without(&["s3:*"], "x"), &[], 1);
    let added = [("a", Kind::Identity, Became::Added, Relation::Undecided)];
    check(&of(vec![]), &without(&[], "x"), &added, 0);
}

#[test]
fn policies_of_resources_are_compared_by_the_resource() {
    let bucket = |principal: &str| {
        let allow =
            format!(r#"{{"Effect": "Allow", "Principal": {principal}, "Action": "s3:GetObject", "Resource": "*"}}"#);
        Resource {
            name: "Bucket".to_owned(),
            arn: "arn:aws:s3:::b".to_owned(),
            account: None,
            policy: Some(attached(Kind::Resource, &allow)),
            tags: None,
            restricts_public: false,
            place: Place::default(),
        }
    };
    let with = |resource| Inventory { resources: vec![resource], ..Inventory::default() };
    let (mine, all) = (with(bucket(r#"{"AWS": "111122223333"}"#)), with(bucket(r#""*""#)));
    check(&mine, &all, &[("Bucket", Kind::Resource, Became::Changed, Relation::Wider)], 0);
    check(&all, &mine, &[("Bucket", Kind::Resource, Became::Changed, Relation::Narrower)], 0);
}
