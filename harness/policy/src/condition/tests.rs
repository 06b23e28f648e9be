use super::*;
use crate::testing::context;

fn outcome(operator: &str, key: &str, values: &[&str], entries: &str, notes: &mut Notes) -> Outcome {
    let texts = values.iter().map(|&value| value.into()).collect();
    let operator = Operator::parse(operator).unwrap();
    Condition::new(operator, key, texts, Span::default(), Variables::Replaced).evaluate(&context(entries), notes)
}

/// Whether it holds, and the ids of the undocumented rows it rests on.
fn evaluate(operator: &str, key: &str, values: &[&str], entries: &str) -> (bool, Vec<&'static str>) {
    let mut notes = Notes::default();
    let outcome = outcome(operator, key, values, entries, &mut notes);
    (outcome.holds, notes.iter().map(|row| row.id).collect())
}

#[track_caller]
fn check(operator: &str, values: &[&str], found: &str, expected: bool) {
    let (holds, rows) = evaluate(operator, "k:k", values, found);
    assert_eq!((holds, rows), (expected, vec![]), "{operator} {values:?} on {found}");
}

#[track_caller]
fn check_row(operator: &str, values: &[&str], found: &str, expected: bool, row: &str) {
    let (holds, rows) = evaluate(operator, "k:k", values, found);
    assert_eq!((holds, rows), (expected, vec![row]), "{operator} {values:?} on {found}");
}

/// Each operator with a value that matches and one that does not; then its negation, if it has one.
#[test]
fn every_operator_compares() {
    let arn = "k:k=arn:aws:iam::1:role/a";
    let cases: &[(&str, Option<&str>, &str, &str, bool)] = &[
        ("StringEquals", Some("StringNotEquals"), "OK", "k:k=OK", true),
        ("StringEquals", Some("StringNotEquals"), "OK", "k:k=ok", false),
        ("StringEquals", Some("StringNotEquals"), "O*", "k:k=OK", false),
        ("StringEquals", Some("StringNotEquals"), "O*", "k:k=O*", true),
        ("StringEqualsIgnoreCase", Some("StringNotEqualsIgnoreCase"), "OK", "k:k=oK", true),
        ("StringEqualsIgnoreCase", Some("StringNotEqualsIgnoreCase"), "STRÄSSE", "k:k=strässe", true),
        ("StringEqualsIgnoreCase", Some("StringNotEqualsIgnoreCase"), "O*", "k:k=OK", false),
        ("StringLike", Some("StringNotLike"), "O*", "k:k=OK", true),
        ("StringLike", Some("StringNotLike"), "O?", "k:k=OKAY", false),
        ("StringLike", Some("StringNotLike"), "o*", "k:k=OK", false),
        ("NumericEquals", Some("NumericNotEquals"), "10", "k:k=10.0", true),
        ("NumericEquals", Some("NumericNotEquals"), "10", "k:k=11", false),
        ("NumericLessThan", None, "10", "k:k=9", true),
        ("NumericLessThan", None, "10", "k:k=10", false),
        ("NumericLessThanEquals", None, "10", "k:k=10", true),
        ("NumericLessThanEquals", None, "10", "k:k=11", false),
        ("NumericGreaterThan", None, "10", "k:k=11", true),
        ("NumericGreaterThan", None, "10", "k:k=9", false),
        ("NumericGreaterThanEquals", None, "10", "k:k=10", true),
        ("NumericGreaterThanEquals", None, "10", "k:k=9", false),
        ("DateEquals", Some("DateNotEquals"), "2020-01-01T00:00:00Z", "k:k=1577836800", true),
        ("DateEquals", Some("DateNotEquals"), "1577836800", "k:k=2020-01-01T00:00:01Z", false),
        ("DateLessThan", None, "2020-01-01T00:00:00Z", "k:k=1577836799", true),
        ("DateLessThan", None, "2020-01-01T00:00:00Z", "k:k=1577836800", false),
        ("DateLessThanEquals", None, "2020-01-01T00:00:00Z", "k:k=1577836800", true),
        ("DateGreaterThan", None, "1577836800", "k:k=2020-01-01T00:00:01Z", true),
        ("DateGreaterThan", None, "1577836800", "k:k=2020-01-01T00:00:00Z", false),
        ("DateGreaterThanEquals", None, "1577836800", "k:k=2020-01-01T00:00:00Z", true),
        ("Bool", None, "true", "k:k=true", true),
        ("Bool", None, "false", "k:k=true", false),
        ("BinaryEquals", None, "QUI=", "k:k=QUI=", true),
        ("BinaryEquals", None, "QUI=", "k:k=QUM=", false),
        ("IpAddress", Some("NotIpAddress"), "203.0.113.0/24", "k:k=203.0.113.9", true),
        ("IpAddress", Some("NotIpAddress"), "203.0.113.0/24", "k:k=198.51.100.9", false),
        ("IpAddress", Some("NotIpAddress"), "203.0.113.0/24", "k:k=2001:db8::1", false),
        ("ArnEquals", Some("ArnNotEquals"), "arn:aws:iam::1:role/*", arn, true),
        ("ArnLike", Some("ArnNotLike"), "arn:aws:iam::1:role/*", arn, true),
        ("ArnEquals", Some("ArnNotEquals"), "arn:aws:iam::1:role/b", arn, false),
        ("ArnLike", Some("ArnNotLike"), "arn:aws:iam::*:user/a", arn, false),
    ];
    for &(operator, negation, wanted, found, expected) in cases {
        for set in ["", "ForAllValues:", "ForAnyValue:"] {
            for suffix in ["", "IfExists"] {
                check(&format!("{set}{operator}{suffix}"), &[wanted], found, expected);
                if let Some(negation) = negation {
                    check(&format!("{set}{negation}{suffix}"), &[wanted], found, !expected);
                }
            }
        }
    }
    let tested = crate::operator::BASES.iter().filter(|base| {
        cases.iter().any(|&(operator, negation, ..)| operator == base.name || negation == Some(base.name))
    });
    assert_eq!(tested.count(), crate::operator::BASES.len() - 1, "all but Null, which has its own table");
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html, …_condition-single-vs-
/// multi-valued-context-keys.html: what each does when the key is missing.
#[test]
fn a_missing_key() {
    for base in crate::operator::BASES.iter().filter(|base| base.test != Test::Null) {
        let name = base.name;
        check(name, &["1"], "", base.negated);
        check(&format!("{name}IfExists"), &["1"], "", true);
        check(&format!("ForAllValues:{name}"), &["1"], "", true);
        check(&format!("ForAllValues:{name}IfExists"), &["1"], "", true);
        check(&format!("ForAnyValue:{name}"), &["1"], "", false);
        check_row(&format!("ForAnyValue:{name}IfExists"), &["1"], "", true, "for-any-value-if-exists");
        for empty in ["k:k=[]", "k:k="] {
            check(&format!("ForAllValues:{name}"), &["1"], empty, true);
            check(&format!("ForAnyValue:{name}"), &["1"], empty, false);
        }
    }
}

#[test]
fn null_asks_for_the_key() {
    check("Null", &["true"], "", true);
    check("Null", &["false"], "", false);
    check("Null", &["true"], "k:k=v", false);
    check("Null", &["false"], "k:k=v", true);
    check("Null", &["false"], "K:K=v", true);
    check("Null", &["true", "false"], "k:k=v", true);
    check("Null", &["false"], "k:k=[a]", true);
    check_row("Null", &["false"], "k:k=", true, "null-and-empty-text");
    check_row("Null", &["true"], "k:k=[]", true, "null-and-empty-set");
    check_row("Null", &["perhaps"], "k:k=v", false, "value-of-another-type");
    check_row("Null", &["perhaps"], "", false, "value-of-another-type");
}

#[test]
fn true_and_false_in_other_letters() {
    let row = "true-and-false-in-other-letters";
    check_row("Bool", &["TRUE"], "k:k=true", true, row);
    check_row("Bool", &["true"], "k:k=True", true, row);
    check_row("Bool", &["False"], "k:k=true", false, row);
    check_row("Bool", &["FALSE"], "k:k=false", true, row);
    check_row("Null", &["True"], "", true, row);
    check_row("Null", &["FALSE"], "", false, row);
}

#[test]
fn several_values_are_or_and_nor() {
    check("StringEquals", &["a", "b"], "k:k=b", true);
    check("StringEquals", &["a", "b"], "k:k=c", false);
    check("StringNotEquals", &["a", "b"], "k:k=b", false);
    check("StringNotEquals", &["a", "b"], "k:k=c", true);
    check("NotIpAddress", &["10.0.0.0/8", "192.0.2.0/24"], "k:k=192.0.2.1", false);
    check_row("StringEquals", &[], "k:k=a", false, "condition-without-values");
    check_row("StringNotEquals", &[], "k:k=a", true, "condition-without-values");
}

/// The tables of reference_policies_condition-single-vs-multi-valued-context-keys.html.
#[test]
fn set_operators_count_the_requests_values() {
    let keys = &["environment", "webserver"];
    for (found, all, any, any_not, all_not) in [
        ("k:k=[environment]", true, true, false, false),
        ("k:k=[environment,webserver]", true, true, false, false),
        ("k:k=[environment,other]", false, true, true, false),
        ("k:k=[other]", false, false, true, true),
        ("k:k=other", false, false, true, true),
    ] {
        check("ForAllValues:StringEquals", keys, found, all);
        check("ForAnyValue:StringEquals", keys, found, any);
        check("ForAnyValue:StringNotEquals", keys, found, any_not);
        check("ForAllValues:StringNotEquals", keys, found, all_not);
    }
}

#[test]
fn a_multivalued_key_under_a_plain_operator_matches_with_one_value_only() {
    let row = "multivalued-key-under-plain-operator";
    for operator in ["StringEquals", "StringLike", "StringEqualsIfExists"] {
        check(operator, &["a", "b"], "k:k=[a]", true);
        check(operator, &["a", "b"], "k:k=[c]", false);
        check(operator, &["a", "b"], "k:k=[a,b]", false);
    }
    for operator in ["StringNotEquals", "StringNotLikeIfExists"] {
        check_row(operator, &["a", "b"], "k:k=[a]", false, row);
        check_row(operator, &["a", "b"], "k:k=[c]", true, row);
        check_row(operator, &["a", "b"], "k:k=[c,d]", false, row);
        check_row(operator, &["a"], "k:k=[]", false, row);
    }
    check("StringEquals", &["a"], "k:k=[]", false);
    check_row("StringEqualsIfExists", &["a"], "k:k=[]", false, row);
}

#[test]
fn what_cannot_be_read_matches_neither_way() {
    for (operator, wanted, found) in [
        ("NumericEquals", "10", "k:k=ten"),
        ("NumericNotEquals", "10", "k:k=ten"),
        ("NumericNotEquals", "ten", "k:k=10"),
        ("NumericNotEquals", "${aws:x}", "k:k=10"),
        ("DateNotEquals", "2020-01-01", "k:k=yesterday"),
        ("Bool", "true", "k:k=yes"),
        ("Bool", "yes", "k:k=true"),
        ("BinaryEquals", "QUI=", "k:k=!"),
        ("IpAddress", "10.0.0.0/8", "k:k=host"),
        ("NotIpAddress", "10.0.0.0/99", "k:k=10.0.0.1"),
        ("ArnNotLike", "arn:aws:iam::1:role/a", "k:k=role/a"),
        ("ArnNotEquals", "*", "k:k=arn:aws:iam::1:role/a"),
    ] {
        check_row(operator, &[wanted], found, false, "value-of-another-type");
    }
    check("IpAddress", &["bogus", "10.0.0.0/8"], "k:k=10.0.0.1", true);
    check_row("DateEquals", &["2020"], "k:k=2020", true, "four-digits-as-a-date");
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
#[test]
fn variables_are_replaced() {
    let own = "k:k=red; aws:PrincipalTag/team=red";
    check("StringEquals", &["${aws:PrincipalTag/team}"], own, true);
    check("StringEquals", &["${AWS:principaltag/TEAM}"], own, true);
    check("StringNotEquals", &["${aws:PrincipalTag/team}"], own, false);
    check("StringEquals", &["${aws:PrincipalTag/none}"], own, false);
    check("StringNotEquals", &["${aws:PrincipalTag/none}"], own, true);
    check("StringEquals", &["${aws:PrincipalTag/none, 'red'}"], own, true);
    check("StringEquals", &["${aws:PrincipalTag/none}", "red"], own, true);
    check("StringLike", &["a${*}"], "k:k=ab", false);
    check("StringLike", &["a${*}"], "k:k=a*", true);
    check(
        "ArnLike",
        &["arn:aws:iam::1:role/${aws:PrincipalTag/team}"],
        "k:k=arn:aws:iam::1:role/red; aws:PrincipalTag/team=red",
        true,
    );
    check_row("Bool", &["${aws:PrincipalTag/mfa}"], "k:k=true; aws:PrincipalTag/mfa=true", true, "variable-under-bool");
    check_row("StringEquals", &["${aws:TagKeys}"], "k:k=a; aws:TagKeys=[a]", false, "multivalued-key-as-variable");
    let star = "k:k=red; aws:PrincipalTag/team=*";
    check_row("StringLike", &["${aws:PrincipalTag/team}"], star, false, "wildcard-in-a-variables-value");
    check("StringEquals", &["${aws:PrincipalTag/team}"], star, false);
}

#[test]
fn key_names_ignore_case_and_values_do_not() {
    let holds = |key, found| evaluate("StringEquals", key, &["OK"], found).0;
    assert!(holds("aws:requesttag/status", "aws:RequestTag/Status=OK"));
    assert!(holds("AWS:REQUESTTAG/STATUS", "aws:RequestTag/Status=OK"));
    assert!(!holds("aws:RequestTag/Status", "aws:RequestTag/Status=ok"));
    let twice = evaluate("StringEquals", "ec2:ResourceTag/EC2", &["b"], "ec2:ResourceTag/EC2=a; ec2:ResourceTag/ec2=b");
    assert_eq!(twice, (true, vec!["keys-that-differ-in-letter-case"]));
}

/// What else is told of a condition.
#[test]
fn what_may_surprise_is_told() {
    let holds = Outcome { holds: true, ..Outcome::default() };
    let missing = Outcome { missing: true, ..Outcome::default() };
    let multivalued = Outcome { multivalued: true, ..Outcome::default() };
    let unreadable = Outcome { unreadable: true, ..Outcome::default() };
    let unresolved = Outcome { unresolved: true, ..Outcome::default() };
    for (operator, values, entries, expected) in [
        ("StringEquals", &["a"][..], "k:k=a", holds),
        ("StringEquals", &["a"], "", missing),
        ("StringNotEquals", &["a"], "", Outcome { missing: true, ..holds }),
        ("ForAnyValue:StringEquals", &["a"], "k:k=[]", missing),
        ("ForAllValues:StringEquals", &["a"], "k:k=", Outcome { missing: true, ..holds }),
        ("StringEquals", &["a"], "k:k=[a]", holds),
        ("StringEquals", &["a"], "k:k=[a,b]", multivalued),
        ("StringNotEquals", &["a"], "k:k=[]", multivalued),
        ("NumericEquals", &["1"], "k:k=one", unreadable),
        ("NumericEquals", &["one", "1"], "k:k=1", Outcome { unreadable: true, ..holds }),
        ("ForAnyValue:NumericEquals", &["1"], "k:k=[one,2]", unreadable),
        ("ForAnyValue:NumericEquals", &["1"], "k:k=[2,one]", unreadable),
        ("ForAnyValue:NumericEquals", &["1"], "k:k=[one,1]", Outcome { unreadable: true, ..holds }),
        ("ForAnyValue:StringEquals", &["${k:x}", "b"], "k:k=[a,b]", Outcome { unresolved: true, ..holds }),
        ("ForAnyValue:StringEquals", &["${k:x}"], "k:k=[a,b]", unresolved),
        ("StringNotEquals", &["${k:x}"], "k:k=a", Outcome { unresolved: true, ..holds }),
        ("Null", &["true"], "", Outcome { missing: true, ..holds }),
        ("Null", &["perhaps"], "k:k=a", unreadable),
        ("Null", &["perhaps", "false"], "k:k=a", Outcome { unreadable: true, ..holds }),
    ] {
        let found = outcome(operator, "k:k", values, entries, &mut Notes::default());
        assert_eq!(found, expected, "{operator} {values:?} on {entries}");
    }
}

#[test]
fn variables_are_replaced_whatever_the_letter_case_is_to_do() {
    let values = &["${k:name}"][..];
    check("StringEqualsIgnoreCase", values, "k:k=ANN; k:name=ann", true);
    check("StringEqualsIgnoreCase", values, "k:k=bob; k:name=ann", false);
    check("StringEqualsIgnoreCase", values, "k:k=bob", false);
    check("StringNotEqualsIgnoreCase", values, "k:k=bob", true);
    check("StringEqualsIgnoreCase", &["STRASSE"], "k:k=straße", false);
    check("StringEqualsIgnoreCase", &["${k:name}É"], "k:k=anné; k:name=Ann", true);
}

#[test]
fn four_digits_on_either_side() {
    let row = "four-digits-as-a-date";
    check_row("DateEquals", &["2020"], "k:k=1970-01-01T00:33:40Z", true, row);
    check_row("DateEquals", &["1970-01-01T00:33:40Z"], "k:k=2020", true, row);
    check("DateEquals", &["02020"], "k:k=1970-01-01T00:33:40Z", true);
}
