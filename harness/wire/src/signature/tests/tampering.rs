//! A signed request with any part changed is refused, and nothing a client sends makes the checker panic.

use http::HeaderValue;
use proptest::prelude::*;

use super::{Key, SignatureError, check, parts, vector, verified};
use crate::signature::Claim;

#[test]
fn each_part_is_signed() {
    let (original, check) = vector("s3 put");
    assert!(verified(&original, &check).is_ok());

    let mut changed = original.clone();
    changed.method = "DELETE".parse().unwrap();
    assert_mismatch(&changed, &check, "the method");
    for target in ["/l", "/k/", "/k?acl", "/K"] {
        let mut changed = original.clone();
        changed.uri = target.parse().unwrap();
        assert_mismatch(&changed, &check, target);
    }
    for (name, value) in [
        ("host", "other.s3.eu-west-1.amazonaws.com"),
        ("content-type", "text/html"),
        ("x-amz-tagging", "Status=NG"),
        ("x-amz-meta-note", "two spaces"),
        ("x-amz-date", "20261123T103001Z"),
        ("x-amz-content-sha256", "UNSIGNED-PAYLOAD"),
    ] {
        let mut changed = original.clone();
        changed.headers.insert(name, HeaderValue::from_static(value));
        assert_mismatch(&changed, &check, name);
        changed = original.clone();
        changed.headers.append(name, HeaderValue::from_static(value));
        if name != "x-amz-date" && name != "x-amz-content-sha256" {
            assert_mismatch(&changed, &check, name);
        }
        changed.headers.remove(name);
        assert!(verified(&changed, &check).is_err(), "without {name}");
    }
}

#[test]
fn every_digit_of_the_signature_counts() {
    let (original, check) = vector("iam");
    let header = original.headers["authorization"].to_str().unwrap().to_owned();
    let start = header.find("Signature=").unwrap() + "Signature=".len();
    for index in start..header.len() {
        let mut bytes = header.clone().into_bytes();
        bytes[index] = if bytes[index] == b'0' { b'1' } else { b'0' };
        let mut changed = original.clone();
        changed.headers.insert("authorization", HeaderValue::from_bytes(&bytes).unwrap());
        assert_mismatch(&changed, &check, &format!("digit {}", index - start));
    }
    for signature in ["", &header[start..header.len() - 1], &header[start..].to_uppercase()] {
        let mut changed = original.clone();
        let text = format!("{}{signature}", &header[..start]);
        changed.headers.insert("authorization", HeaderValue::from_str(&text).unwrap());
        assert_mismatch(&changed, &check, signature);
    }
}

#[test]
fn another_body_is_another_request() {
    for name in ["iam", "ecs", "sts presigned"] {
        let (parts, mut check) = vector(name);
        check.body = b"Action=DeleteRole&Version=2010-05-08&RoleName=app";
        assert_mismatch(&parts, &check, name);
    }
}

#[test]
fn a_presigned_url_is_signed_whole() {
    let (original, check) = vector("s3 presigned");
    let target = original.uri.to_string();
    for (from, to) in [
        ("/0123456789/code", "/0123456789/other"),
        ("versionId=abc", "versionId=abd"),
        ("X-Amz-Expires=3600", "X-Amz-Expires=86400"),
        ("X-Amz-Date=20261123T103000Z", "X-Amz-Date=20261123T103100Z"),
        ("&X-Amz-Signature", "&response-content-type=text%2Fhtml&X-Amz-Signature"),
        ("?", "?X-Amz-Expires=3600&"),
    ] {
        let mut changed = original.clone();
        changed.uri = target.replacen(from, to, 1).parse().unwrap();
        assert_mismatch(&changed, &check, to);
    }
    let (mut put, check) = vector("s3 presigned put");
    put.method = "GET".parse().unwrap();
    assert_mismatch(&put, &check, "the method");
}

fn assert_mismatch(parts: &http::request::Parts, check: &super::Check<'_>, what: &str) {
    let result = verified(parts, check);
    assert!(matches!(result, Err(SignatureError::Mismatch(_))), "{what}: {result:?}");
}

proptest! {
    #[test]
    fn no_request_makes_it_panic(
        method in "[A-Z]{1,7}",
        query in "[ -~]{0,60}",
        authorization in prop_oneof![
            "[ -~]{0,80}",
            "AWS4-HMAC-SHA256 [ -~]{0,80}",
            "AWS4-HMAC-SHA256 Credential=[A-Z/]{0,12}/2026/r/s/t, SignedHeaders=[a-z;]{0,12}, Signature=[0-9a-f]{0,5}",
        ],
        date in prop_oneof!["[ -~]{0,20}", "[0-9]{8}T[0-9]{6}Z"],
        sha256 in "[ -~]{0,70}",
        service in prop_oneof![Just("s3"), Just("iam"), Just("ecs")],
    ) {
        let target = format!("/?{}", query.replace(|c: char| !c.is_ascii_graphic() || "#\"<>\\^`{|}".contains(c), ""));
        let headers = [("authorization", authorization.as_str()), ("x-amz-date", &date), ("x-amz-content-sha256", &sha256)];
        for headers in [&headers[..], &headers[1..]] {
            let parts = parts(&method, &target, headers);
            prop_assert!(verified(&parts, &check(service, super::NOW)).is_err());
        }
        let presigned = format!(
            "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a/b/c/s3/e&X-Amz-Signature=1&X-Amz-SignedHeaders=host\
             &X-Amz-Date={}&X-Amz-Expires=60", date.replace(|c: char| !c.is_ascii_alphanumeric(), ""));
        prop_assert!(verified(&parts("GET", &presigned, &[]), &check(service, super::NOW)).is_err());
    }

    #[test]
    fn header_values_need_not_be_text(bytes in prop::collection::vec(0x80u8..=0xff, 1..20)) {
        let mut parts = parts("GET", "/", &[("x-amz-date", "20261123T103000Z")]);
        for name in ["authorization", "x-amz-content-sha256", "x-amz-security-token", "host"] {
            parts.headers.insert(name, HeaderValue::from_bytes(&bytes).unwrap());
            let result = Claim::from_request(&parts);
            prop_assert!(result.is_err(), "{name}: {result:?}");
        }
    }
}

#[test]
fn a_key_that_nobody_has_and_tokens_that_do_not_fit() {
    let (with_token, base) = vector("sts with token");
    let token = base.key.unwrap().token;
    let key = |token, expires| Some(Key { secret: super::SECRET, token, expires });
    let run = |parts, key| verified(parts, &super::Check { key, ..base }).map(|_| ());
    let given = token.unwrap().to_owned();
    let id = "AKIAIOSFODNN7EXAMPLE".to_owned();

    assert_eq!(run(&with_token, None), Err(SignatureError::UnknownKey { id: id.clone() }));
    assert_eq!(
        run(&with_token, key(Some("another"), None)),
        Err(SignatureError::InvalidToken { token: given.clone() })
    );
    assert_eq!(run(&with_token, key(None, None)), Err(SignatureError::InvalidToken { token: given.clone() }));
    let end = |text: &str| Some(super::at(text));
    assert_eq!(run(&with_token, key(token, end("2026-11-23T10:30:01Z"))), Ok(()));
    let expired = run(&with_token, key(token, end("2026-11-23T10:30:00Z")));
    assert_eq!(expired, Err(SignatureError::ExpiredToken { token: given }));

    let (without, base) = vector("iam");
    let check = super::Check { key: key(Some("a token"), None), ..base };
    assert_eq!(verified(&without, &check).map(|_| ()), Err(SignatureError::UnknownKey { id }));
}
