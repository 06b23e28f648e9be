use proptest::prelude::*;

use super::*;
use crate::testing::context;

#[track_caller]
fn resource(pattern: &str, text: &str, expected: Option<bool>) {
    let context = context("aws:username=ann; aws:PrincipalAccount=111122223333");
    let found = ResourcePattern::parse(pattern, Variables::Replaced).matches(text, &context, &mut Notes::default());
    assert_eq!(found, expected, "{pattern} on {text}");
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
#[test]
fn resources_are_matched() {
    for (pattern, text, expected) in [
        ("*", "arn:aws:s3:::b/k", true),
        ("*", "*", true),
        ("arn:aws:s3:::b/k", "arn:aws:s3:::b/k", true),
        ("arn:aws:s3:::b/k", "arn:aws:s3:::b/K", false),
        ("arn:aws:s3:::b", "arn:aws:s3:::b/k", false),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b", false),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/x/y:z", true),
        ("arn:aws:s3:::b*", "arn:aws:s3:::bucket/k", true),
        ("arn:aws:s3:::*.txt", "arn:aws:s3:::b/a:b.txt", true),
        // The page's own example: `*` expands over slashes.
        ("arn:aws:s3:::b/*/test/*", "arn:aws:s3:::b/1/test/object.jpg", true),
        ("arn:aws:s3:::b/*/test/*", "arn:aws:s3:::b/1/2/test/3/object.jpg", true),
        ("arn:aws:s3:::b/*/test/*", "arn:aws:s3:::b/1-test/object.jpg", false),
        ("arn:aws:s3:::*", "*", false),
        // At the end of a segment a star may cross colons …
        ("arn:aws:*", "arn:aws:s3:::b/k", true),
        ("arn:*:k", "arn:aws:s3:::b:k", true),
        ("arn:aws:logs:us-*:log-group:x", "arn:aws:logs:us-east-1:111122223333:log-group:x", true),
        // … inside one it does not, nor does a question mark.
        ("arn:aws:logs:us*1:111122223333:*", "arn:aws:logs:us-east-1:111122223333:log-group:x", true),
        ("arn:aws:logs:us*1:log-group:*", "arn:aws:logs:us-east-1:111122223331:log-group:x", false),
        ("arn:aws:s3?::b", "arn:aws:s3:::b", false),
        ("arn:aws:s?:::b", "arn:aws:s3:::b", true),
        ("arn:aws:s?:*", "arn:aws:s3:::b:k", true),
        ("arn:a?s:*:k", "arn:aws:s3:::b:k", true),
        ("arn:a?s:*:q", "arn:aws:s3:::b:k", false),
        ("arn:a?s", "arn:aws:s3:::b:k", false),
        ("arn:a?s:s3:::b:k", "arn:aws:s3:::b:k", true),
        ("arn:a?s:s3:::*k", "arn:aws:s3:::b:k", true),
        ("arn:a?s:s3:::*k", "arn:aws:s3:::b:k:", false),
        ("arn:a?s:s3:::b:*", "arn:aws:s3:::b", false),
    ] {
        resource(pattern, text, Some(expected));
    }
}

/// docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
#[test]
fn the_short_form_of_an_api_starts_behind_its_id() {
    let invoke = |path: &str| format!("arn:aws:execute-api:us-east-2:123456789012:aabbccddee{path}");
    for (pattern, path, expected) in [
        ("execute-api:/stage/GET/pets", "/stage/GET/pets", true),
        ("execute-api:/stage/GET/pets", "/stage/GET/pets/1", false),
        ("execute-api:/prod/*", "/prod/GET/x/y", true),
        ("execute-api:/prod/*", "/test/GET/prod/x", false),
        ("execute-api:/*", "/prod/GET/x", true),
        ("execute-api:/*", "", false),
        ("execute-api:/*/${aws:username}", "/prod/GET/ann", true),
    ] {
        resource(pattern, &invoke(path), Some(expected));
    }
    resource("execute-api:/${aws:nothing}", &invoke("/prod/GET/x"), None);
    resource("execute-api:/*", "arn:aws:s3:::b/prod/GET/x", Some(false));
    resource("execute-api:/*", "*", Some(false));
    resource("execute-api:/*", "execute-api:/*", Some(false));
    let pattern = ResourcePattern::parse("execute-api:/*/${aws:username}", Variables::Replaced);
    assert_eq!(pattern.resolved(&context("aws:username=ann")).as_deref(), Some("execute-api:/*/ann"));
}

#[test]
fn variables_stand_in_resources() {
    resource("arn:aws:iam::1:user/${aws:username}", "arn:aws:iam::1:user/ann", Some(true));
    resource("arn:aws:iam::1:user/${aws:username}", "arn:aws:iam::1:user/${aws:username}", Some(false));
    resource("arn:aws:iam::1:user/${aws:nothing}", "arn:aws:iam::1:user/", None);
    resource("arn:aws:s3:::${*}", "arn:aws:s3:::*", Some(true));
    resource("arn:aws:s3:::${*}", "arn:aws:s3:::b", Some(false));
    let mut notes = Notes::default();
    let early = ResourcePattern::parse("arn:aws:iam::${aws:PrincipalAccount}:role/*", Variables::Replaced);
    let context = context("aws:PrincipalAccount=111122223333");
    assert_eq!(early.matches("arn:aws:iam::111122223333:role/app", &context, &mut notes), Some(true));
    assert_eq!(notes.iter().map(|row| row.id).collect::<Vec<_>>(), ["variable-before-the-fifth-colon"]);
}

/// The example of the operators page, and the parts around it.
#[test]
fn arn_operators_compare_part_by_part() {
    let context =
        context("aws:PrincipalTag/arn=arn:aws:iam::1:role/a; aws:PrincipalTag/end=1:role/a; aws:username=ann");
    for (pattern, text, expected) in [
        (
            "arn:aws:someservice:*:111122223333:finance/*",
            "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt",
            Some(false),
        ),
        (
            "arn:aws:someservice:*:999999999999:store/*",
            "arn:aws:someservice:us-east-2:999999999999:store/abc:x",
            Some(true),
        ),
        ("arn:aws:ecs:us-east-1:111122223333:*", "arn:aws:ecs:us-east-1:111122223333:task/c/t", Some(true)),
        ("arn:aws:logs:us-east-1:1:log-group:x", "arn:aws:logs:us-east-1:1:log-group:x", Some(true)),
        ("arn:aws:iam::*:role/a", "arn:aws:iam::1:role/A", Some(false)),
        ("arn:aws:*:*:*:*", "arn:aws:iam::1:role/A", Some(true)),
        ("${aws:PrincipalTag/arn}", "arn:aws:iam::1:role/a", Some(true)),
        ("${aws:PrincipalTag/arn}*", "arn:aws:iam::1:role/ab", Some(true)),
        // "Each of the six colon-delimited components of the ARN is checked separately": with variables replaced, too.
        ("arn:aws:*::${aws:PrincipalTag/end}", "arn:aws:iam::1:role/a", Some(true)),
        ("arn:aws:*::${aws:PrincipalTag/end}", "arn:aws:sns:x::1:role/a", Some(false)),
        ("arn:aws:iam::1:role/${aws:PrincipalTag/none}", "arn:aws:iam::1:role/", None),
    ] {
        let pattern_read = ArnPattern::parse(pattern, Variables::Replaced);
        assert!(pattern_read.compares(text, &context), "{pattern}");
        assert_eq!(pattern_read.matches(text, &context, &mut Notes::default()), expected, "{pattern} on {text}");
    }
    for (pattern, text) in [
        ("arn:aws:iam::*", "arn:aws:iam::1:role/a"),
        ("*", "arn:aws:iam::1:role/a"),
        ("arn:aws:iam::1:role/a", "a"),
        ("${aws:username}", "arn:aws:iam::1:role/a"),
        ("${aws:PrincipalTag/arn}", "a"),
        ("arn:aws:*:${aws:PrincipalTag/end}", "arn:aws:iam::1:role/a"),
    ] {
        assert!(!ArnPattern::parse(pattern, Variables::Replaced).compares(text, &context), "{pattern} on {text}");
    }
}

/// The rule by the book: a segment matches one part, or if it ends in a star any number from one up.
fn naive(segments: &[&str], parts: &[&str], depth: usize) -> bool {
    let covers = |pattern: &str, text: &str| {
        let syntax = Syntax::new(Wildcards::Count, Variables::Literal);
        Pattern::parse(pattern, syntax).matches(text, &Context::new(), &mut Notes::default()) == Some(true)
    };
    let Some((segment, rest)) = segments.split_first() else { return parts.is_empty() };
    let Some((part, after)) = parts.split_first() else { return false };
    if depth == 5 {
        return covers(&segments.join(":"), &parts.join(":"));
    }
    let most = if segment.ends_with('*') { after.len() } else { 0 };
    covers(segment, part) && (0..=most).any(|more| naive(rest, &after[more..], depth + 1))
}

proptest! {
    #[test]
    fn the_quick_way_matches_what_every_way_matches(pattern in "[a*?:]{0,14}", text in "[ab:]{0,14}") {
        let quick = ResourcePattern::parse(&pattern, Variables::Literal)
            .matches(&text, &Context::new(), &mut Notes::default());
        let (segments, parts) = (pattern.split(':').collect::<Vec<_>>(), text.split(':').collect::<Vec<_>>());
        prop_assert_eq!(quick, Some(naive(&segments, &parts, 0)));
    }
}
