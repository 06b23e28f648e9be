use super::*;

#[test]
fn buckets_in_names() {
    for (host, expected) in [
        ("127.0.0.1", None),
        ("localhost", None),
        ("tagproof", None),
        ("host.docker.internal", None),
        ("s3.localhost", None),
        ("s3.amazonaws.com", None),
        ("s3.eu-west-1.amazonaws.com", None),
        ("s3-eu-west-1.amazonaws.com", None),
        ("iam.amazonaws.com", None),
        ("s3.localhost.localstack.cloud", None),
        ("localhost.localstack.cloud", None),
        ("b.localhost", Some("b")),
        ("my.dotted.bucket.localhost", Some("my.dotted.bucket")),
        ("b.s3.localhost", Some("b")),
        ("b.s3.localhost.localstack.cloud", Some("b")),
        ("b.s3.us-east-1.localhost.localstack.cloud", Some("b")),
        ("b.localhost.localstack.cloud", Some("b")),
        ("b.s3.amazonaws.com", Some("b")),
        ("b.s3.eu-west-1.amazonaws.com", Some("b")),
        ("b.s3-eu-west-1.amazonaws.com", Some("b")),
        ("b.s3.dualstack.eu-west-1.amazonaws.com", Some("b")),
        ("logs.s3.backup.s3.amazonaws.com", Some("logs.s3.backup")),
        ("logs.s3.backup.localhost", Some("logs.s3.backup")),
        ("123456789012.s3-control.localhost", None),
        ("123456789012.s3-control.eu-west-1.amazonaws.com", None),
        ("evil.example", None),
        ("", None),
        (".localhost", Some("")),
    ] {
        assert_eq!(bucket(host), expected, "{host}");
    }
}

#[test]
fn accounts_in_names() {
    for (host, expected) in [
        ("123456789012.s3-control.eu-west-1.amazonaws.com", Some("123456789012")),
        ("123456789012.localhost", Some("123456789012")),
        ("127.0.0.1", None),
        ("localhost", None),
        ("12345678901x.localhost", None),
    ] {
        assert_eq!(account(host), expected, "{host}");
    }
}

#[test]
fn names_of_this_machine() {
    for (host, expected) in [
        ("localhost", true),
        ("127.0.0.1", true),
        ("127.8.8.8", true),
        ("::1", true),
        ("localhost.localstack.cloud", true),
        ("", false),
        ("evil.example", false),
        ("localhost.evil.example", false),
        ("127.0.0.1.evil.example", false),
        ("10.0.0.1", false),
        ("0x7f000001", false),
    ] {
        assert_eq!(is_local(host), expected, "{host}");
    }
}

#[test]
fn names_that_nobody_can_have_pointed_here() {
    for (host, expected) in [
        ("localhost", true),
        ("127.0.0.1", true),
        ("10.0.0.1", true),
        ("::1", true),
        ("::ffff:10.0.0.1", true),
        ("tagproof", true),
        ("host.docker.internal", true),
        ("tagproof.default.svc.cluster.local", true),
        ("aws.test", true),
        ("my.dotted.bucket.localhost", true),
        ("b.localhost.localstack.cloud", true),
        ("localhost.localstack.cloud", true),
        ("iam.amazonaws.com", true),
        ("b.s3.eu-west-1.amazonaws.com", true),
        ("", true),
        ("evil.example", false),
        ("evil.com", false),
        ("evil.com.", false),
        ("localhost.", false),
        ("app.localstack.cloud", false),
        ("evilamazonaws.com", false),
        ("amazonaws.com.evil.com", false),
        ("127.0.0.1.evil.com", false),
        ("127.0.0.1.nip.io", false),
        ("localhost.evil.com", false),
        ("eviltest", true),
        ("test.com", false),
    ] {
        assert_eq!(is_ours(host), expected, "{host}");
    }
}

#[test]
fn the_port_is_no_part_of_the_name() {
    for (header, expected) in [("LocalHost:4566", "localhost"), ("[::1]:80", "::1"), ("b.localhost", "b.localhost")] {
        let parts = http::Request::builder().header("host", header).body(()).unwrap().into_parts().0;
        assert_eq!(of(&parts), expected);
    }
    let absolute = http::Request::builder().uri("http://b.localhost:99/k").body(()).unwrap().into_parts().0;
    assert_eq!(of(&absolute), "b.localhost");
}
