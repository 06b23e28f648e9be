use policy::Kind;
use policy::undocumented::OTHERWISE;

use super::*;
use crate::formula::Atom;
use crate::settle::settle_under;
use crate::space::{Fact, Values};
use crate::testing::{cases, policy, statements};
use crate::{Budget, Undocumented, attack};
use crate::{generate, tape};

mod universe;

const KINDS: [Kind; 5] = [Kind::Identity, Kind::Resource, Kind::Trust, Kind::ServiceControl, Kind::Endpoint];

fn pair(seed: u64) -> [Vec<Arc<Policy>>; 2] {
    let kind = KINDS[(seed % KINDS.len() as u64) as usize];
    let mut tape = tape::fixed(seed);
    [(); 2].map(|()| vec![policy(kind, &generate::document(&mut tape, kind.name()))])
}

/// What is proved of a formula is proved of the engine only if the two never differ.
#[test]
fn formulas_say_what_the_engine_says() {
    let mut compared = 0;
    for seed in 0..cases() {
        let [old, new] = pair(seed);
        let policies = || old.iter().chain(&new).map(|policy| &**policy);
        let mut space = Space::of(policies(), Values::Enough);
        let formulas = [allowed(&mut space, &old), allowed(&mut space, &new)];
        if space.facts.iter().any(|fact| matches!(fact, Fact::Opaque(_))) {
            continue;
        }
        for (request, caller) in attack::requests(&space, 40) {
            let has_more = |key: &crate::space::Key| {
                matches!(request.context.get(&key.name),
                Some(policy::ContextValue::Many(values)) if values.len() as u32 > key.slots)
            };
            if space.keys.iter().any(has_more) {
                continue;
            }
            for (formula, policies) in formulas.into_iter().zip([&old, &new]) {
                let mut is_so = |atom: Atom| space.is_so(space.fact_of(atom), &request, caller);
                let says = space.formulas.holds(formula, &mut is_so);
                assert_eq!(says, allow(policies, &request).is_so, "seed {seed}: {request:?}\n{}", shown(policies));
                compared += 1;
            }
        }
    }
    assert!(compared > 40 * cases(), "{compared}");
}

/// That the new documents allow what the old ones do not.
fn wanted<'a>(space: &mut Space<'a>, old: &'a [Arc<Policy>], new: &'a [Arc<Policy>]) -> Formula {
    let (before, after) = (allowed(space, old), allowed(space, new));
    let not_before = space.formulas.not(before);
    space.formulas.all([after, not_before])
}

/// A proof that needs a law is none without it: there is a request then, which the engine confirms.
#[test]
fn a_law_that_is_taken_away_takes_its_proofs() {
    let (mut removed, mut lost) = (0, 0);
    for seed in 0..cases() / 2 {
        let [old, new] = pair(seed);
        let policies = || old.iter().chain(&new).map(|policy| &**policy);
        let engine = |request: &Request| is_gained(&old, &new, request);
        let under = |is_taken: &dyn Fn(&crate::Law) -> bool| {
            let mut space = Space::of(policies(), Values::Enough);
            let wanted = wanted(&mut space, &old, &new);
            settle_under(&mut space, wanted, &engine, is_taken).unwrap_or_else(|fault| panic!("seed {seed}: {fault}"))
        };
        let Verdict::Proved { laws, .. } = under(&|_| true) else { continue };
        for law in &laws {
            removed += 1;
            match under(&|other| other != *law) {
                Verdict::Found { .. } => lost += 1,
                Verdict::Proved { laws, .. } => assert!(!laws.contains(law), "seed {seed}"),
                Verdict::Undecided { .. } => {}
            }
        }
    }
    assert!(removed > 0 && lost > 0, "{removed} {lost}");
}

fn shown(policies: &[Arc<Policy>]) -> String {
    format!(
        "{:?}",
        policies.iter().flat_map(|policy| policy.view()).map(|statement| statement.span()).collect::<Vec<_>>()
    )
}

/// No counterexample that the engine contradicts, no proof that an attack breaks, and next to nothing undecided.
#[test]
fn documents_of_chance_are_compared() {
    let (mut found, mut proved, mut undecided) = (0, 0, Vec::new());
    for seed in 0..cases() {
        let [old, new] = pair(seed);
        match new_access(&old, &new, &Options::default()) {
            Ok(Verdict::Found { .. }) => found += 1,
            Ok(Verdict::Proved { .. }) => proved += 1,
            Ok(Verdict::Undecided { reason }) => undecided.push(format!("{seed}: {reason}")),
            Err(fault) => panic!("seed {seed}: {fault}: {:?}", fault.request),
        }
    }
    assert!(found > cases() / 5 && proved > cases() / 20, "{found} found, {proved} proved");
    assert!(undecided.len() as u64 <= cases() / 50, "{}", undecided.join("\n"));
}

/// With everything open that AWS leaves open, a request that is found is one however AWS decides, and what is proved without
/// laws is so of every request in every setting.
#[test]
fn what_is_settled_with_everything_open_is_so_in_every_setting() {
    let open = Options { undocumented: Undocumented::Open, ..Options::default() };
    let all = OTHERWISE.iter().fold(Notes::default(), |mut all, (row, _)| {
        all.add(*row);
        all
    });
    let every = || OTHERWISE.iter().map(|(row, _)| Notes::of(*row)).chain([Notes::default(), all]);
    let (mut found, mut proved, mut undecided) = (0, 0, 0);
    for seed in 0..cases() / 25 {
        let [old, new] = pair(seed);
        let is_so = |request: &Request, otherwise: Notes| {
            let mut request = request.clone();
            request.context.decide_otherwise(otherwise);
            is_gained(&old, &new, &request).is_so
        };
        match new_access(&old, &new, &open).unwrap_or_else(|fault| panic!("seed {seed}: {fault}: {:?}", fault.request))
        {
            Verdict::Found { request, rows } => {
                assert!(
                    rows.is_empty() && every().all(|otherwise| is_so(&request, otherwise)),
                    "seed {seed}: {request:?}"
                );
                found += 1;
            }
            Verdict::Proved { laws, rows } => {
                assert!(rows.is_empty(), "seed {seed}: {rows:?}");
                let space = Space::of(old.iter().chain(&new).map(|policy| &**policy), Values::Enough);
                let requests = if laws.is_empty() { attack::requests(&space, 30) } else { Vec::new() };
                for (request, _) in requests {
                    let broken = every().find(|otherwise| is_so(&request, *otherwise));
                    assert!(broken.is_none(), "seed {seed}: {broken:?} {request:?}");
                }
                proved += 1;
            }
            Verdict::Undecided { .. } => undecided += 1,
        }
    }
    assert!(found > cases() / 400 && proved > cases() / 1_000, "{found} found, {proved} proved, {undecided} undecided");
}

#[track_caller]
fn check(old: &str, new: &str, expected: Relation) {
    let [old, new] = [old, new].map(|text| vec![statements(Kind::Identity, text)]);
    let compared = compare(&old, &new, &Options::default()).unwrap();
    assert_eq!(compared.relation(), expected, "{compared:?}");
}

#[test]
fn conditions_narrow_as_the_pages_say() {
    let with = |condition: &str| format!(r#"{{"Effect": "Allow", "Action": "*", "Resource": "*"{condition}}}"#);
    let on = |condition: &str| with(&format!(r#", "Condition": {{{condition}}}"#));
    for (old, new, expected) in [
        (with(""), on(r#""StringEquals": {"aws:PrincipalTag/a": "x"}"#), Relation::Narrower),
        // A missing key meets the negated operator, and IfExists.
        (
            on(r#""StringNotEquals": {"aws:PrincipalTag/a": "x"}"#),
            on(r#""StringNotEqualsIfExists": {"aws:PrincipalTag/a": "x"}"#),
            Relation::Same,
        ),
        (
            on(r#""StringEqualsIfExists": {"aws:PrincipalTag/a": "x"}"#),
            on(r#""StringEquals": {"aws:PrincipalTag/a": "x"}"#),
            Relation::Narrower,
        ),
        (
            on(r#""StringEquals": {"aws:PrincipalTag/a": "x"}"#),
            on(r#""StringLike": {"aws:PrincipalTag/A": "x*"}"#),
            Relation::Wider,
        ),
        (
            on(r#""NumericLessThan": {"s3:max-keys": "10"}"#),
            on(r#""NumericLessThanEquals": {"s3:max-keys": "9"}"#),
            Relation::Narrower,
        ),
        (
            on(r#""IpAddress": {"aws:SourceIp": "203.0.113.0/24"}"#),
            on(r#""IpAddress": {"aws:SourceIp": ["203.0.113.0/25", "203.0.113.128/25"]}"#),
            Relation::Same,
        ),
        (
            on(r#""DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}"#),
            on(r#""DateGreaterThan": {"aws:CurrentTime": "1577836800"}"#),
            Relation::Same,
        ),
        (
            on(r#""ForAnyValue:StringEquals": {"aws:TagKeys": ["a", "b"]}"#),
            on(
                r#""ForAnyValue:StringEquals": {"aws:TagKeys": "a"}, "ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}"#,
            ),
            Relation::Narrower,
        ),
        (
            on(r#""StringEquals": {"aws:ResourceTag/a": "${aws:PrincipalTag/a}"}"#),
            on(r#""StringEquals": {"aws:PrincipalTag/a": "${aws:ResourceTag/a}"}"#),
            Relation::Same,
        ),
        (
            on(r#""StringEquals": {"aws:ResourceTag/a": "${aws:PrincipalTag/a}"}"#),
            on(r#""StringLike": {"aws:ResourceTag/a": "${aws:PrincipalTag/a}*"}"#),
            Relation::Wider,
        ),
    ] {
        check(&old, &new, expected);
    }
}

#[test]
fn a_variable_inside_a_resource_is_followed() {
    let on = |resource: &str| format!(r#"{{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "{resource}"}}"#);
    let home = "arn:aws:s3:::b/home/${aws:username}/*";
    check(&on("arn:aws:s3:::b/home/*"), &on(home), Relation::Narrower);
    check(&on(home), &on("arn:aws:s3:::b/home/*/*"), Relation::Wider);
    check(&on(home), &on(home), Relation::Same);
    check(&on("arn:aws:s3:::b/home/*/*"), &on(home), Relation::Narrower);
    check(&on("arn:aws:s3:::other/*"), &on(home), Relation::Incomparable);
}

/// What a search does not find is not proved to be impossible: here `a` is used twice in one resource, and `yy` is the request.
#[test]
fn a_variable_used_twice_is_not_proved_impossible() {
    let all = r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}"#;
    let twice = |effect: &str| {
        format!(
            r#"{{"Effect": "{effect}", "Action": "s3:GetObject",
                "Resource": "arn:aws:s3:::${{aws:PrincipalTag/a}}/${{aws:PrincipalTag/a}}", "Condition": {{
                "StringLike": {{"aws:PrincipalTag/a": ["?x", "y?"]}},
                "StringNotLike": {{"aws:PrincipalTag/a": ["yx", "?x"]}}}}}}"#
        )
    };
    let document = |text: &str| vec![statements(Kind::Identity, text)];
    let compared =
        compare(&document(&format!("{all}, {}", twice("Deny"))), &document(all), &Options::default()).unwrap();
    assert!(matches!(compared.relation(), Relation::Wider | Relation::Undecided), "{compared:?}");
}

/// Three tags of the request, each named only by a variable, and a key of a tag besides.
#[test]
fn tags_that_only_variables_name_have_their_keys_in_tag_keys() {
    let none =
        r#"{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:111122223333:q"}"#;
    let equal = |tag: &str| format!(r#""aws:PrincipalTag/{tag}": "${{aws:RequestTag/{tag}}}""#);
    let new = format!(
        r#"{none}, {{"Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*", "Condition": {{
            "StringEquals": {{{}}}, "ForAnyValue:StringEquals": {{"aws:TagKeys": "owner"}}}}}}"#,
        ["a", "b", "c"].map(equal).join(", ")
    );
    check(none, &new, Relation::Wider);
}

/// "SCPs affect all users and roles in attached accounts, including the root user."
/// docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
#[test]
fn a_service_control_policy_is_about_root_as_well() {
    let all = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;
    for root in [
        r#""ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}"#,
        r#""StringEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:root"}"#,
    ] {
        let deny = format!(r#"{all}, {{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {{{root}}}}}"#);
        let [old, new] = [&deny, all].map(|text| vec![statements(Kind::ServiceControl, text)]);
        let compared = compare(&old, &new, &Options::default()).unwrap();
        assert!(matches!(compared.relation(), Relation::Wider | Relation::Undecided), "{root}: {compared:?}");
    }
}

/// docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
#[test]
fn a_federated_user_has_its_users_policies() {
    let none =
        r#"{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:111122223333:q"}"#;
    let new = format!(
        r#"{none}, {{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {{
            "ArnEquals": {{"aws:PrincipalArn": "arn:aws:sts::111122223333:federated-user/bob"}}}}}}"#
    );
    check(none, &new, Relation::Wider);
}

/// A call by a stack's name is authorised on `stack/NAME/*`.
#[test]
fn a_stack_may_be_asked_for_by_its_name_alone() {
    let none =
        r#"{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:111122223333:q"}"#;
    let new = format!(
        r#"{none}, {{"Effect": "Allow", "Action": "cloudformation:DescribeStacks",
            "Resource": "arn:aws:cloudformation:us-east-1:111122223333:stack/a/${{*}}"}}"#
    );
    check(none, &new, Relation::Wider);
}

/// Whether a key of several values is a value for a variable, AWS does not say: nor, then, whether NotResource covers.
#[test]
fn a_variable_in_not_resource_of_several_values_is_left_open() {
    let none =
        r#"{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:111122223333:q"}"#;
    let new = r#"{"Effect": "Allow", "Action": "ec2:CreateTags", "NotResource": "arn:aws:s3:::b/${aws:TagKeys}"}"#;
    let [none, new] = [none, new].map(|text| vec![statements(Kind::Identity, text)]);
    let verdict = new_access(&none, &new, &Options::default()).unwrap();
    let Verdict::Proved { rows, .. } = verdict else { panic!("{verdict:?}") };
    let rows: Vec<_> = rows.iter().map(|row| row.id).collect();
    assert_eq!(rows, ["multivalued-key-as-variable", "variable-without-value-in-not-resource"]);
}

#[test]
fn a_budget_ends_in_undecided() {
    let [old, new] = ["s3:Get*", "s3:*"].map(|action| {
        vec![statements(Kind::Identity, &format!(r#"{{"Effect": "Allow", "Action": "{action}", "Resource": "*"}}"#))]
    });
    let compared = compare(&old, &new, &Options { budget: Budget::new(5), ..Options::default() }).unwrap();
    assert_eq!(compared.relation(), Relation::Undecided);
}

#[test]
fn a_comparison_is_one_line_of_json() {
    let allow = |action: &str| {
        vec![statements(
            Kind::Identity,
            &format!(r#"{{"Effect": "Allow", "Action": "{action}", "Resource": "arn:aws:s3:::b/*"}}"#),
        )]
    };
    let compared = compare(&allow("s3:GetObject"), &allow("s3:*Object"), &Options::default()).unwrap().json();
    assert_eq!(compared["result"], "Wider");
    assert_eq!(compared["laws"], serde_json::json!([]));
    let resource = compared["request"]["resource"].as_str().unwrap();
    assert!(resource.starts_with("arn:aws:s3:::b/"), "{compared}");
    assert!(compared.get("lost").is_none() && compared.get("reason").is_none(), "{compared}");
}

/// What AWS adds after the catalogue was made is granted all the same.
#[test]
fn actions_that_the_catalogue_does_not_have_count() {
    let on = |actions: &str| format!(r#"{{"Effect": "Allow", "Action": {actions}, "Resource": "*"}}"#);
    for (old, new, expected) in [
        (r#""s3:*""#, r#"["s3:*", "brandnew:*"]"#, Relation::Wider),
        (r#""s3:*""#, r#"["s3:*", "s3:BrandNewAction"]"#, Relation::Same),
        (r#""s3:GetObject""#, r#"["s3:GetObject", "s3:BrandNewAction"]"#, Relation::Wider),
        (r#""brandnew:*""#, r#"["brandnew:Get*", "brandnew:*"]"#, Relation::Same),
        (r#""brandnew:*""#, r#""brandnew:Get*""#, Relation::Narrower),
        (r#""brandnew:Get*""#, r#""brandnew:*Get""#, Relation::Incomparable),
        (r#""*""#, r#""brandnew:*""#, Relation::Narrower),
    ] {
        check(&on(old), &on(new), expected);
    }
}
