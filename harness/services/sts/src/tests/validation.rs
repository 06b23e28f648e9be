//! Bad input, with AWS's texts.

use super::*;

const ASSUME_AND_TAG: &[&str] = &["sts:AssumeRole", "sts:TagSession"];

fn kit() -> (Kit, Arc<Identity>, String) {
    let mut kit = Kit::new(crate::SERVICES);
    let ann = kit.user("ann", json!([]));
    let role = kit.role("role-of-validation", json!([trusts(ASSUME_AND_TAG, &user_arn("ann"))]), json!([]));
    (kit, ann, role)
}

#[track_caller]
fn check(input: Value, code: &str, message: &str) {
    let (mut kit, ann, role) = kit();
    check_fault(assume_with(&mut kit, &ann, &role, input), 400, code, message);
}

/// As recorded from AWS.
#[test]
fn arns_that_are_none() {
    for arn in [
        "nothing-valid-in-here",
        "arn::b:::something/test-role",
        "arn:a::::something/test-role",
        "arn:a:::something/test-role",
        "arn:a:a::aaaaaaaaaa:",
    ] {
        check(json!({ "RoleArn": arn }), "ValidationError", &format!("{arn} is invalid"));
    }
    let session = format!("arn:aws:sts::{ACCOUNT}:assumed-role/r/sn");
    check(json!({ "RoleArn": session }), "ValidationError", "Request ARN is invalid");
}

#[test]
fn session_names() {
    check(
        json!({ "RoleSessionName": "Session1:2" }),
        "ValidationError",
        r"1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*",
    );
    check(
        json!({ "RoleSessionName": "s" }),
        "ValidationError",
        "1 validation error detected: Value 's' at 'roleSessionName' failed to satisfy constraint: Member must have \
         length greater than or equal to 2",
    );
    let (mut kit, ann, role) = kit();
    let longest = "a".repeat(64);
    assert!(assume_with(&mut kit, &ann, &role, json!({ "RoleSessionName": longest })).is_ok());
    let longer = "a".repeat(65);
    assert!(assume_with(&mut kit, &ann, &role, json!({ "RoleSessionName": longer })).is_err());
    for name in ["ann@example.com", "a_b+c=d,e.f-g", "12"] {
        assert!(assume_with(&mut kit, &ann, &role, json!({ "RoleSessionName": name })).is_ok(), "{name}");
    }
}

#[test]
fn all_complaints_come_at_once() {
    check(
        json!({ "RoleSessionName": null, "DurationSeconds": 1 }),
        "ValidationError",
        "2 validation errors detected: Value null at 'roleSessionName' failed to satisfy constraint: Member must not be \
         null; Value '1' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal \
         to 900",
    );
}

#[test]
fn durations() {
    check(
        json!({ "DurationSeconds": 899 }),
        "ValidationError",
        "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have \
         value greater than or equal to 900",
    );
    check(
        json!({ "DurationSeconds": 43201 }),
        "ValidationError",
        "1 validation error detected: Value '43201' at 'durationSeconds' failed to satisfy constraint: Member must have \
         value less than or equal to 43200",
    );
    let text = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    check(json!({ "DurationSeconds": 3601 }), "ValidationError", text);
    let (mut kit, ann, role) = kit();
    for (seconds, expires) in [(900, "2026-11-24T08:15:00Z"), (3600, "2026-11-24T09:00:00Z")] {
        let answer = assume_with(&mut kit, &ann, &role, json!({ "DurationSeconds": seconds }));
        assert_eq!(answer.expect("a session")["Credentials"]["Expiration"], expires);
    }
}

/// As recorded from AWS.
#[test]
fn session_tags() {
    let tag = |key: &str| with_tags(&[(key, "1")]);
    check(
        json!({ "Tags": tag("a"), "TransitiveTagKeys": ["b"] }),
        "InvalidParameterValue",
        "The specified transitive tag key must be included in the requested tags.",
    );
    check(
        json!({ "Tags": with_tags(&[("Status", "1"), ("status", "2")]) }),
        "InvalidParameterValue",
        "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
    );
    let (mut kit, ann, role) = kit();
    let many = |number: usize| {
        let tags: Vec<_> = (0..number).map(|at| json!({ "Key": format!("k{at}"), "Value": "" })).collect();
        json!({ "Tags": tags })
    };
    let mut allowed = |input: Value| assume_with(&mut kit, &ann, &role, input).is_ok();
    assert!(allowed(many(50)));
    assert!(!allowed(many(51)));
    let sized = |key: usize, value: usize| json!({ "Tags": [{ "Key": "k".repeat(key), "Value": "v".repeat(value) }] });
    assert!(allowed(sized(128, 256)));
    assert!(!allowed(sized(129, 1)));
    assert!(!allowed(sized(1, 257)));
    assert!(!allowed(sized(0, 1)));
    assert!(!allowed(json!({ "Tags": [{ "Key": "a*", "Value": "" }] })), "not a character of tag keys");
    assert!(!allowed(json!({ "Tags": [{ "Key": "aws:x", "Value": "" }] })), "reserved");
    assert!(allowed(json!({ "Tags": [{ "Key": "Größe a_.:/=+-@", "Value": "é" }] })));
}

#[test]
fn session_policies() {
    let (mut kit, ann, role) = kit();
    for policy in ["{", "[]", r#"{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Principal":"*"}]}"#] {
        let answer = assume_with(&mut kit, &ann, &role, json!({ "Policy": policy }));
        let fault = answer.expect_err("an error");
        assert_eq!((fault.status, &*fault.code), (400, "MalformedPolicyDocument"), "{policy}");
    }
    let policy = |spaces: usize| {
        format!(r#"{{"Statement":[{{"Effect":"Allow","Action":"s3:*","Resource":"*"}}]{}}}"#, " ".repeat(spaces))
    };
    let spare = 2048 - policy(0).len();
    assert!(assume_with(&mut kit, &ann, &role, json!({ "Policy": policy(spare) })).is_ok());
    assert!(assume_with(&mut kit, &ann, &role, json!({ "Policy": policy(spare + 1) })).is_err());
    let unknown = json!({ "PolicyArns": [{ "arn": "arn:aws:iam::aws:policy/NoSuchPolicy" }] });
    assert!(assume_with(&mut kit, &ann, &role, unknown).is_err());
    let tags: Vec<_> = (0..20).map(|at| json!({ "Key": format!("k{at}"), "Value": "v".repeat(250) })).collect();
    let fault = assume_with(&mut kit, &ann, &role, json!({ "Tags": tags })).expect_err("an error");
    assert_eq!((fault.status, &*fault.code), (400, "PackedPolicyTooLarge"));
    assert!(fault.message.starts_with("Packed size of session tags consumes 1"), "{}", fault.message);
}

#[test]
fn mfa_codes_of_nobody() {
    let serial = format!("arn:aws:iam::{ACCOUNT}:mfa/ann");
    let (mut kit, ann, role) = kit();
    let answer = assume_with(&mut kit, &ann, &role, json!({ "SerialNumber": serial, "TokenCode": "123456" }));
    check_denied(answer, "MultiFactorAuthentication failed");
    check_denied(
        assume_with(&mut kit, &ann, &role, json!({ "TokenCode": "123456" })),
        "MultiFactorAuthentication failed",
    );
}

#[test]
fn keys_and_messages() {
    let mut kit = Kit::new(crate::SERVICES);
    let answer = kit.as_root("sts:GetAccessKeyInfo", json!({ "AccessKeyId": root_key(ACCOUNT) }));
    assert_eq!(answer.expect("an answer"), json!({ "Account": ACCOUNT }));
    assert!(kit.as_root("sts:GetAccessKeyInfo", json!({ "AccessKeyId": "AKIAIOSFODNN7EXAMPLE" })).is_err());
    let answer = kit.as_root("sts:DecodeAuthorizationMessage", json!({ "EncodedMessage": "x" }));
    check_fault(answer, 400, "InvalidAuthorizationMessageException", "Message is not valid");
    let fault = kit.as_root("sts:AssumeRoleWithSAML", json!({})).expect_err("an error");
    assert_eq!(fault.code, "InvalidAction");
    let nobody = kit.user("nobody", json!([]));
    let answer = kit.call(&nobody, "sts:DecodeAuthorizationMessage", json!({ "EncodedMessage": "x" }));
    check_denied(answer, &format!("User: {} is not authorized to perform: sts:Decode", user_arn("nobody")));
}
