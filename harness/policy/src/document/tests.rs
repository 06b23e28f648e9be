use proptest::prelude::*;

use super::*;

#[track_caller]
fn accept(kind: Kind, text: &str) -> Document {
    let (document, findings) = Document::read_json(text, kind);
    assert_eq!(findings, [], "{text}");
    document.unwrap_or_else(|| panic!("{text}"))
}

/// `CODE message | underlined text | help`, one for each finding; the document is not used.
#[track_caller]
fn refuse(kind: Kind, text: &str, expected: &[&str]) {
    let (document, findings) = Document::read_json(text, kind);
    let found: Vec<_> = findings
        .iter()
        .map(|finding| {
            let underlined = &text[finding.span.start as usize..finding.span.end as usize];
            let help = finding.help.as_ref().map(|help| format!(" | {help}")).unwrap_or_default();
            format!("{} {} | {underlined}{help}", finding.code, finding.message)
        })
        .collect();
    assert_eq!(found, expected, "{text}");
    assert!(document.is_none(), "{text}");
}

/// The same for the elements of one statement that is otherwise right.
#[track_caller]
fn refuse_statement(kind: Kind, elements: &str, expected: &[&str]) {
    refuse(kind, &format!(r#"{{"Version": "2012-10-17", "Statement": {{{elements}}}}}"#), expected);
}

const ACT: &str = r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "*""#;

#[test]
fn lists_may_be_left_out() {
    let document = accept(Kind::Identity, &format!(r#"{{"Statement": {{{ACT}}}}}"#));
    assert_eq!((document.version(), document.statements()), (None, 1));
    let long = r#"{"Version": "2012-10-17", "Id": "x", "Statement": [
        {"Sid": "A1", "Effect": "Allow", "Action": ["s3:GetObject", "s3:*"], "Resource": ["*", "arn:aws:s3:::b"],
         "Condition": {"Bool": {"aws:SecureTransport": true}, "NumericLessThan": {"s3:max-keys": [10, "20"]}}},
        {"Sid": "", "Effect": "Deny", "NotAction": "iam:*", "NotResource": "*"}]}"#;
    let document = accept(Kind::Identity, long);
    assert_eq!((document.version(), document.statements()), (Some("2012-10-17"), 2));
    let values: Vec<_> = document.statements[0].conditions.iter().flat_map(|c| &c.values).map(|v| &*v.text).collect();
    assert_eq!(values, ["true", "10", "20"], "numbers and Booleans are taken as text");
    assert!(document.statements[1].actions.not);
}

#[test]
fn principals_have_many_forms() {
    let read = |principal: &str| {
        let text = format!(r#"{{"Statement": {{"Principal": {principal}, {ACT}}}}}"#);
        accept(Kind::Resource, &text).statements.remove(0).principals.unwrap().names
    };
    let account = |partition: Option<&str>| Name::Account {
        partition: partition.map(str::to_owned),
        id: "111122223333".to_owned(),
    };
    assert_eq!(read(r#""*""#), [Name::Everyone]);
    assert_eq!(read(r#"{"AWS": "*"}"#), [Name::Everyone]);
    assert_eq!(
        read(r#"{"AWS": ["111122223333", 111122223333, "arn:aws:iam::111122223333:root"]}"#),
        [account(None), account(None), account(Some("aws"))]
    );
    assert_eq!(read(r#"{"AWS": "arn:aws-cn:iam::111122223333:root"}"#), [account(Some("aws-cn"))]);
    assert_eq!(
        read(r#"{"Service": "ecs-tasks.amazonaws.com", "Federated": "accounts.google.com", "CanonicalUser": "79a5"}"#),
        [
            Name::Service("ecs-tasks.amazonaws.com".to_owned()),
            Name::Federated("accounts.google.com".to_owned()),
            Name::Canonical("79a5".to_owned())
        ]
    );
    assert_eq!(
        read(r#"{"AWS": ["AROAEXAMPLE", "arn:aws:sts::1:assumed-role/r/s"]}"#),
        [Name::Id, Name::Arn("arn:aws:sts::1:assumed-role/r/s".to_owned())]
    );
}

#[test]
fn every_kind_has_its_rules() {
    for kind in [Kind::Identity, Kind::Boundary, Kind::Session, Kind::ServiceControl] {
        let words = format!("{} {}", kind.article(), kind.words());
        refuse_statement(
            kind,
            &format!(r#"{ACT}, "Principal": "*""#),
            &[&format!(r#"PROHIBITED_ELEMENT {words} cannot have Principal | "Principal""#)],
        );
    }
    let trusting =
        r#""Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs-tasks.amazonaws.com"}"#;
    accept(Kind::Trust, &format!(r#"{{"Statement": {{{trusting}}}}}"#));
    refuse_statement(
        Kind::Trust,
        &format!(r#"{trusting}, "Resource": "*""#),
        &[
            r#"PROHIBITED_ELEMENT the role trust policy cannot have Resource | "Resource" | leave it out: a trust policy is about the role that it belongs to"#,
        ],
    );
    refuse_statement(
        Kind::Trust,
        &trusting.replace("sts:AssumeRole", "s3:GetObject"),
        &[r#"INVALID_ACTION a trust policy can only have STS actions, not `s3:GetObject` | "s3:GetObject""#],
    );
    refuse_statement(
        Kind::Trust,
        r#""Effect": "Allow", "Action": "sts:AssumeRole", "NotPrincipal": "*""#,
        &[r#"PROHIBITED_ELEMENT the role trust policy cannot have NotPrincipal | "NotPrincipal""#],
    );
    for kind in [Kind::Resource, Kind::Endpoint, Kind::ResourceControl] {
        let act = if kind == Kind::ResourceControl { ACT.replace("Allow", "Deny") } else { ACT.to_owned() };
        let statement = format!("{{{act}}}");
        refuse(
            kind,
            &format!(r#"{{"Statement": {statement}}}"#),
            &[&format!("MISSING_ELEMENT each statement of a {} needs Principal | {statement}", kind.words())],
        );
        accept(kind, &format!(r#"{{"Statement": {{"Principal": "*", {act}}}}}"#));
    }
    refuse_statement(
        Kind::ResourceControl,
        &format!(r#""Principal": {{"AWS": "111122223333"}}, {}"#, ACT.replace("Allow", "Deny")),
        &[r#"INVALID_PRINCIPAL the Principal of a resource control policy can only be `*` | {"AWS": "111122223333"}"#],
    );
    let help = "name a service that resource control policies cover, such as `s3:*`";
    refuse_statement(
        Kind::ResourceControl,
        r#""Effect": "Deny", "Principal": "*", "Action": ["*", "s3:*", "iam:GetRole", "s*:Get*", "KMS:*"], "Resource": "*""#,
        &[
            &format!(r#"INVALID_ACTION `*` names no service | "*" | {help}"#),
            &format!(r#"INVALID_ACTION resource control policies do not apply to `iam` | "iam:GetRole" | {help}"#),
            &format!(r#"INVALID_ACTION `s*:Get*` names no service | "s*:Get*" | {help}"#),
        ],
    );
    // One fault, one finding.
    refuse_statement(
        Kind::ResourceControl,
        r#""Effect": "Deny", "Principal": "*", "NotAction": "iam:*", "Resource": "*""#,
        &[r#"PROHIBITED_ELEMENT a resource control policy cannot have NotAction | "NotAction""#],
    );
}

/// What each kind takes where the grammar has a few forms more.
#[test]
fn forms_go_with_kinds() {
    let every = || Kind::ALL.into_iter();
    let check = |elements: &str, kinds: &[Kind], code: &str| {
        for kind in every() {
            let principal = match kind {
                Kind::Resource | Kind::Endpoint | Kind::ResourceControl | Kind::Trust => r#""Principal": "*", "#,
                _ => "",
            };
            let text = format!(r#"{{"Statement": {{{principal}{elements}}}}}"#);
            let (document, findings) = Document::read_json(&text, kind);
            assert_eq!(document.is_some(), kinds.contains(&kind), "{kind}: {text}: {findings:?}");
            let said = findings.iter().all(|finding| finding.code == code || finding.code == "PROHIBITED_ELEMENT");
            // A trust policy has its own faults with most of this, and an RCP with the services that it does not cover.
            let is_own = kind == Kind::Trust || kind == Kind::ResourceControl && elements.contains("execute-api");
            assert!(said || is_own, "{kind}: {findings:?}");
        }
    };
    // A statement about what its policy is attached to.
    check(r#""Effect": "Deny", "Action": "ecr:BatchGetImage""#, &[Kind::Resource], "MISSING_ELEMENT");
    check(r#""Effect": "Deny", "Action": "sts:AssumeRole""#, &[Kind::Resource, Kind::Trust], "MISSING_ELEMENT");
    // API Gateway's short form.
    let short = r#""Effect": "Deny", "Action": "execute-api:Invoke", "Resource": "execute-api:/prod/*""#;
    check(short, &[Kind::Resource], "INVALID_RESOURCE");
    check(&short.replace("api:/", "api:"), &[], "INVALID_RESOURCE");
    // Wildcards that can stand for a colon.
    let but = |kinds: &[Kind]| every().filter(|kind| !kinds.contains(kind)).collect::<Vec<_>>();
    let some = but(&[Kind::Trust, Kind::ResourceControl]);
    check(r#""Effect": "Deny", "Action": "*Execution", "Resource": "*""#, &some, "INVALID_ACTION");
    check(r#""Effect": "Deny", "Action": "s3?Get*", "Resource": "*""#, &some, "INVALID_ACTION");
    check(r#""Effect": "Deny", "Action": "Execution", "Resource": "*""#, &[], "INVALID_ACTION");
    check(r#""Effect": "Deny", "Action": ":*", "Resource": "*""#, &[], "INVALID_ACTION");
    // ARNs that are not whole; a variable's colon is not theirs.
    let but_session = but(&[Kind::Trust, Kind::Session]);
    for resource in ["arn:aws:sqs", "arn:aws:sqs:us-east-1", "arn:aws:sqs:*", "arn:aws:s3::b"] {
        let elements = format!(r#""Effect": "Deny", "Action": "sqs:*", "Resource": "{resource}""#);
        check(&elements, &but_session, "INVALID_RESOURCE");
    }
    let whole = r#""Effect": "Deny", "Action": "sqs:*", "NotResource": "arn:aws:s3:::b""#;
    check(whole, &but(&[Kind::Trust]), "INVALID_RESOURCE");
    for (version, is_whole) in [("2008-10-17", true), ("2012-10-17", false)] {
        let statement = r#"{"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3::${aws:username}"}"#;
        let text = format!(r#"{{"Version": "{version}", "Statement": {statement}}}"#);
        assert_eq!(Document::read_json(&text, Kind::Session).0.is_some(), is_whole, "{text}");
    }
    // RCPFullAWSAccess, and what customers write.
    let all = r#""Effect": "Allow", "Action": ["*"], "Resource": "*""#;
    check(all, &but(&[Kind::Trust]), "INVALID_ACTION");
    let others = but(&[Kind::Trust, Kind::ResourceControl]);
    for one in [
        all.replace(r#"["*"]"#, r#""s3:*""#),
        all.replace(r#""Resource": "*""#, r#""Resource": "arn:aws:s3:::b""#),
        format!(r#"{all}, "Condition": {{"Bool": {{"aws:SecureTransport": "true"}}}}"#),
    ] {
        for kind in every().filter(|kind| *kind != Kind::Trust) {
            let principal =
                if rules::of(kind).required.contains(&Element::Principal) { r#""Principal": "*", "# } else { "" };
            let (document, findings) = Document::read_json(&format!(r#"{{"Statement": {{{principal}{one}}}}}"#), kind);
            assert_eq!(document.is_some(), others.contains(&kind), "{kind}: {one}: {findings:?}");
            assert!(findings.iter().all(|finding| finding.message == "a resource control policy can only deny"));
        }
    }
}

#[test]
fn canonical_users_can_be_made_known() {
    let text = format!(r#"{{"Statement": {{"Principal": {{"CanonicalUser": ["79a5", "0f"]}}, {ACT}}}}}"#);
    let document = accept(Kind::Resource, &text);
    let known = document.with_canonical_users(|id| (id == "79a5").then(|| "111122223333".to_owned()));
    let names = &known.statements[0].principals.as_ref().unwrap().names;
    assert_eq!(*names, [Name::Account { partition: None, id: "111122223333".to_owned() }, Name::Id]);
}

/// Codes are chosen by type: a name that is also a word of some message changes nothing.
#[test]
fn words_in_names_do_not_matter() {
    for (element, code) in [
        (r#""Principal": {"AWS": "wildcard-user"}"#, "INVALID_PRINCIPAL"),
        (r#""Principal": "*", "Principal Action": 1"#, "UNKNOWN_ELEMENT"),
        (r#""Principal": {"Resource": []}"#, "UNKNOWN_ELEMENT"),
    ] {
        let (_, findings) = Document::read_json(&format!(r#"{{"Statement": {{{element}, {ACT}}}}}"#), Kind::Resource);
        assert_eq!(findings[0].code, code, "{element}");
    }
    let (node, _) = source::json::read(
        FileId(0),
        &format!(r#"{{"Statement": {{"Principal": {{"AWS": "wildcard-user"}}, {ACT}}}}}"#),
    );
    let (_, problems) = Document::problems(&node.unwrap(), Kind::Resource);
    assert_eq!(problems[0].1, Problem::PrincipalFormat("wildcard-user".to_owned()));
}

#[test]
fn every_error_is_told_at_once() {
    let text = r#"{"version": "2012-10-17", "Statement": [
        {"Effect": "allow", "Actions": "s3:GetObject", "Resource": "b/*"},
        {"Effect": "Deny", "Action": "GetObject", "NotAction": "s3:*", "Resource": [],
         "Condition": {"StringEqauls": {"RequestTag": "x"}, "Null": "true"}}]}"#;
    refuse(
        Kind::Identity,
        text,
        &[
            r#"UNKNOWN_ELEMENT `version` is not an element of a policy | "version" | did you mean `Version`?"#,
            r#"UNKNOWN_ELEMENT `Actions` is not an element of a statement | "Actions" | did you mean `Action`?"#,
            r#"MISSING_ELEMENT each statement of an identity-based policy needs Action | {"Effect": "allow", "Actions": "s3:GetObject", "Resource": "b/*"}"#,
            r#"INVALID_EFFECT the Effect must be Allow or Deny, not `allow` | "allow" | did you mean `Allow`?"#,
            r#"INVALID_RESOURCE the resource `b/*` must be an ARN or `*` | "b/*""#,
            r#"MUTUALLY_EXCLUSIVE a statement cannot have both Action and NotAction | "s3:*""#,
            r#"EMPTY_ELEMENT Resource is an empty list | []"#,
            r#"UNKNOWN_OPERATOR `StringEqauls` is not a condition operator | "StringEqauls" | did you mean `StringEquals`?"#,
            r#"INVALID_CONDITION_KEY the condition key `RequestTag` has no service prefix | "RequestTag" | write it as in `aws:PrincipalTag/team`"#,
            r#"WRONG_TYPE Null must be a mapping from condition keys, not text | "true""#,
        ],
    );
}

#[test]
fn operators_are_checked() {
    for (written, help) in [
        ("StringEqual", " | did you mean `StringEquals`?"),
        ("NullIfExists", " | write `Null`"),
        ("ForAllValues:Null", " | write `Null`"),
        ("ForAllValue:StringLike", " | did you mean `ForAllValues:StringLike`?"),
        ("Quux", ""),
    ] {
        let (document, findings) = Document::read_json(
            &format!(r#"{{"Statement": {{{ACT}, "Condition": {{"{written}": {{"aws:x": "1"}}}}}}}}"#),
            Kind::Identity,
        );
        assert!(document.is_none());
        assert_eq!(findings.len(), 1, "{written}");
        assert_eq!(findings[0].code, "UNKNOWN_OPERATOR");
        if !help.is_empty() {
            assert_eq!(format!(" | {}", findings[0].help.as_deref().unwrap()), help, "{written}");
        }
    }
    accept(
        Kind::Identity,
        &format!(r#"{{"Statement": {{{ACT}, "Condition": {{"stringequals": {{"aws:x": "1"}}}}}}}}"#),
    );
}

#[test]
fn shapes_are_checked() {
    refuse(Kind::Identity, "[]", &["WRONG_TYPE a policy must be a mapping, not a list | []"]);
    refuse(Kind::Identity, "{}", &["MISSING_STATEMENT the policy has no Statement | {}"]);
    refuse(Kind::Identity, r#"{"Statement": []}"#, &["MISSING_STATEMENT Statement is empty | []"]);
    refuse(Kind::Identity, r#"{"Statement": [1]}"#, &["WRONG_TYPE a statement must be a mapping, not a number | 1"]);
    refuse(
        Kind::Identity,
        r#"{"Version": "2012-10-18", "Statement": {"#,
        &["JSON_SYNTAX expected `}`, but the text ends | "],
    );
    refuse(
        Kind::Identity,
        &format!(r#"{{"Version": "2012-10-18", "Statement": {{{ACT}}}}}"#),
        &[r#"INVALID_VERSION `2012-10-18` is not a version of the policy language | "2012-10-18" | use `2012-10-17`"#],
    );
    refuse_statement(
        Kind::Identity,
        &format!(r#"{ACT}, "Effect": "Deny""#),
        &[r#"DUPLICATE_KEY duplicate key `Effect` | "Effect" | keep one of them"#],
    );
    refuse_statement(
        Kind::Identity,
        &format!(r#"{ACT}, "Sid": "a b""#),
        &[r#"INVALID_SID the Sid `a b` may only have letters and digits | "a b""#],
    );
    refuse(
        Kind::Identity,
        &format!(r#"{{"Statement": [{{"Sid": "a", {ACT}}}, {{"Sid": "a", {ACT}}}]}}"#),
        &[r#"DUPLICATE_SID duplicate Sid `a`: each statement of a policy needs its own | "a""#],
    );
    accept(Kind::Resource, &format!(r#"{{"Statement": {{"Sid": "a b", "Principal": "*", {ACT}}}}}"#));
}

#[test]
fn principals_are_checked() {
    for (principal, expected) in [
        (
            r#""arn:aws:iam::111122223333:root""#,
            "INVALID_PRINCIPAL Principal must be `*` or a mapping from AWS, Service, Federated, CanonicalUser",
        ),
        (
            r#"{"AWS": "arn:aws:iam::111122223333:role/*"}"#,
            "INVALID_PRINCIPAL the principal `arn:aws:iam::111122223333:role/*` has a wildcard in part of its name",
        ),
        (
            r#"{"AWS": "arn:aws:iam::111122223333:group/g"}"#,
            "INVALID_PRINCIPAL `arn:aws:iam::111122223333:group/g` is not a valid principal",
        ),
        (r#"{"AWS": "1234"}"#, "INVALID_PRINCIPAL `1234` is not a valid principal"),
        (r#"{"Aws": "*"}"#, "UNKNOWN_ELEMENT `Aws` is not an element of Principal"),
        (r#"{"AWS": []}"#, "EMPTY_ELEMENT AWS is an empty list"),
    ] {
        let text = format!(r#"{{"Statement": {{"Principal": {principal}, {ACT}}}}}"#);
        let (document, findings) = Document::read_json(&text, Kind::Resource);
        assert!(document.is_none(), "{principal}");
        assert_eq!(format!("{} {}", findings[0].code, findings[0].message), expected);
    }
}

#[test]
fn an_empty_condition_is_a_warning() {
    let text = format!(r#"{{"Statement": {{{ACT}, "Condition": {{"StringEquals": {{"aws:x": []}}}}}}}}"#);
    let (document, findings) = Document::read_json(&text, Kind::Identity);
    assert!(document.is_some());
    assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["EMPTY_CONDITION"]);
}

#[test]
fn other_peoples_text_is_escaped() {
    let (_, findings) = Document::read_json(r#"{"\u001b[2J\u202e": 1, "Statement": []}"#, Kind::Identity);
    assert_eq!(findings[0].message, r"`\u001b[2J\u202e` is not an element of a policy");
    let principal = format!(r#"{{"Statement": {{"Principal": {{"\u001b[2J": {{}}}}, {ACT}}}}}"#);
    let (_, findings) = Document::read_json(&principal, Kind::Resource);
    assert_eq!(findings[1].message, r"\u001b[2J must be text, not a mapping");
}

#[test]
fn a_heap_of_errors_takes_no_time() {
    let keys: Vec<_> = (0..100_000).map(|at| format!(r#""StringEqual{at}": {{"aws:x": "1"}}"#)).collect();
    let long = "x".repeat(1_000_000);
    let text = format!(r#"{{"Statement": {{{ACT}, "Condition": {{{}, "{long}": {{}}}}}}}}"#, keys.join(", "));
    let (document, findings) = Document::read_json(&text, Kind::Identity);
    assert!(document.is_none());
    assert_eq!(findings.len(), source::Findings::MOST + 1);
    assert!(findings.iter().all(|finding| finding.message.len() < 1_000));
}

/// JSON whose keys and values are likely to be looked at.
fn any_json() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "Version",
        "2012-10-17",
        "Statement",
        "Effect",
        "Allow",
        "Deny",
        "Action",
        "NotAction",
        "Resource",
        "*",
        "Principal",
        "NotPrincipal",
        "AWS",
        "Condition",
        "StringEquals",
        "Null",
        "aws:x",
        "s3:*",
        "${aws:x, 'a'}",
        "arn:aws:s3:::?*",
        "",
    ]);
    let word = word.prop_map(|word| format!("\"{word}\""));
    let leaf = prop_oneof![word.clone(), Just("null".to_owned()), Just("1.5".to_owned()), Just("true".to_owned())];
    leaf.prop_recursive(6, 60, 6, move |inner| {
        let entry = (word.clone(), inner.clone()).prop_map(|(key, value)| format!("{key}: {value}"));
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(|items| format!("[{}]", items.join(", "))),
            prop::collection::vec(entry, 0..6).prop_map(|entries| format!("{{{}}}", entries.join(", "))),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_is_too_odd(text in any_json()) {
        for kind in Kind::ALL {
            let (document, findings) = Document::read_json(&text, kind);
            prop_assert!(document.is_some() != findings.iter().any(Finding::is_error));
            prop_assert!(findings.iter().all(|finding| text.get(finding.span.start as usize..finding.span.end as usize).is_some()));
        }
    }

    #[test]
    fn no_text_is_too_odd(text in ".*") {
        let _ = Document::read_json(&text, Kind::Identity);
    }
}
