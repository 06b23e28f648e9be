//! What is refused before an emulator is sent anything: names that S3 does not have, paths of emulators' own, requests
//! that can be read in two ways, and what a client says of its body that does not hold.

use crate::client::{Answer, ClientRequest, Connection, World, ask, presigned, root, signature_of_words};
use crate::double::{Double, outcome};

/// Sends each request as the root user, who may do everything; what no client would sign so, unsigned. It must come to
/// what is expected, and nothing may have been sent on.
async fn refused(rows: impl IntoIterator<Item = (ClientRequest<'_>, &str)>) {
    let double = Double::answering(&[]).await;
    let front = double.front().await;
    for (ask, expected) in rows {
        let what = format!("{} {} {:?}", ask.method, ask.target, ask.headers);
        let is_odd = ask.target.contains('%') && !ask.target.contains("%3A");
        let answer = if is_odd { front.plain(ask).await } else { front.s3(&root(), ask).await };
        assert_eq!((outcome(&answer).as_str(), double.heard()), (expected, vec![]), "{what}: {}", answer.text());
    }
}

fn put<'a>(target: &'a str, header: &'a str, value: &'a str) -> ClientRequest<'a> {
    ask("PUT", target).header(header, value)
}

/// docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
#[tokio::test]
async fn a_name_that_no_bucket_can_have() {
    let long = format!("/{}/key", "a".repeat(64));
    let targets = [
        "/Box/key",
        "/b_x/key",
        "/ab",
        "/192.168.5.4/key",
        "/a..b/key",
        "/box%2Fkey/x",
        "/%2e%2e/key",
        "//moto-api/reset",
        "/box-/key",
        &long,
    ];
    let in_the_path = targets.map(|target| (ask("GET", target), "400 InvalidBucketName"));
    let in_the_host = ["b_x.localhost", "a..b.localhost"];
    let in_the_host = in_the_host.map(|host| (ask("GET", "/key").header("host", host), "400 InvalidBucketName"));
    let source = put("/box/to", "x-amz-copy-source", "b_x/key");
    let control = ask("GET", "/v20180820/tags/arn%3Aaws%3As3%3A%3A%3Ab_x").header("x-amz-account-id", "123456789012");
    let control_path =
        ask("GET", "/v20180820/tags/arn%3Aaws%3As3%3A%3A%3A..").header("x-amz-account-id", "123456789012");
    let others = [source, control, control_path].map(|ask| (ask, "400 InvalidBucketName"));
    refused(in_the_path.into_iter().chain(in_the_host).chain(others)).await;
    let odd = ["..localhost", "a/b.localhost", "latest/x?.localhost"];
    refused(odd.map(|host| (ask("GET", "/%6bey").header("host", host), "400 InvalidBucketName"))).await;
}

/// Servers read such a header in more than one way. The account itself takes it.
#[tokio::test]
async fn a_header_beyond_ascii() {
    refused([(put("/box/key", "x-amz-tagging", "a=\u{fc}"), "400 InvalidArgument")]).await;
}

/// A bucket whose name S3 takes, where one emulator or another has a page of its own: moto's API answers
/// `POST /moto-api/reset`, no matter who signed it.
#[tokio::test]
async fn a_bucket_that_is_a_path_of_an_emulators_own() {
    let buckets = [
        "moto-api",
        "moto-api-2",
        "latest",
        "favicon.ico",
        "v20180820",
        "v20180820x",
        "health",
        "iceberg",
        "iceberg-tables",
        "login",
        "logout",
        "oauth2",
        "restapis",
        "queue",
        "opensearch",
        "shell",
        "openapi.yaml",
        "000000000000",
    ];
    for bucket in buckets {
        let (path, host) = (format!("/{bucket}/reset"), format!("{bucket}.localhost"));
        let spelled = format!("/%{:02x}{}/reset", bucket.as_bytes()[0], &bucket[1..]);
        let (uploads, source) = (format!("{path}?uploads"), format!("{bucket}/reset"));
        let (root, arn) = (format!("/{bucket}"), format!("/v20180820/tags/arn%3Aaws%3As3%3A%3A%3A{bucket}"));
        let rows = [
            ask("GET", &path),
            ask("POST", &uploads),
            ask("PUT", &root),
            ask("GET", &spelled),
            ask("GET", "/reset").header("host", &host),
            put("/box/to", "x-amz-copy-source", &source),
            ask("GET", &arn).header("x-amz-account-id", "123456789012"),
        ];
        refused(rows.map(|ask| (ask, "501 NotImplemented"))).await;
    }
    let own = ["/_localstack_lambda/x", "/_ministack/reset", "/_aws/sqs/messages"];
    refused(own.map(|target| (ask("GET", target), "400 InvalidBucketName"))).await;
}

/// docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html,
/// docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html
#[tokio::test]
async fn a_name_that_no_object_or_version_can_have() {
    let (long, fits) = (format!("/box/{}", "k".repeat(1025)), format!("/box/{}", "%C3%BC".repeat(512)));
    let too_long = format!("/box/{}", "%C3%BC".repeat(513));
    let source = format!("box/{}", "k".repeat(1025));
    let version = format!("/box/key?versionId={}", "v".repeat(1025));
    let delete = format!("<Delete><Object><Key>{}</Key></Object></Delete>", "k".repeat(1025));
    refused([
        (ask("GET", &long), "400 KeyTooLongError"),
        (ask("PUT", &too_long), "400 KeyTooLongError"),
        (ask("POST", "/box?delete").body(delete.as_bytes()), "400 KeyTooLongError"),
        (put("/box/to", "x-amz-copy-source", &source), "400 KeyTooLongError"),
        (ask("GET", &version), "400 InvalidArgument"),
        (ask("GET", "/box/key?versionId="), "400 InvalidArgument"),
        (ask("GET", "/box/key?versionId=a%20b"), "400 InvalidArgument"),
        (ask("DELETE", "/box/key?versionId=a%2Fb"), "400 InvalidArgument"),
        (put("/box/to", "x-amz-copy-source", "box/from?versionId=a&b"), "400 InvalidArgument"),
        (ask("GET", "/box/key?versionId=%FF"), "400 InvalidURI"),
    ])
    .await;
    let double = Double::answering(&[]).await;
    assert_eq!(double.front().await.s3(&root(), ask("GET", &fits)).await.status, 200);
}

/// AWS does not say which of two subresources a request is for.
#[tokio::test]
async fn a_request_for_two_subresources() {
    let rows = [
        ("GET", "/box?acl&tagging", ["acl", "tagging"]),
        ("GET", "/box?tagging=&acl=", ["acl", "tagging"]),
        ("GET", "/box?%61cl&tagging", ["acl", "tagging"]),
        ("GET", "/box?versions&list-type=2", ["list-type", "versions"]),
        ("GET", "/box?list-type=2&location", ["list-type", "location"]),
        ("PUT", "/box?policy&abac", ["abac", "policy"]),
        ("DELETE", "/box?policy&tagging", ["policy", "tagging"]),
        ("POST", "/box/key?uploads&uploadId=u", ["uploadId", "uploads"]),
        ("GET", "/box/key?acl&attributes", ["acl", "attributes"]),
        ("PUT", "/box/key?tagging&acl", ["acl", "tagging"]),
        ("DELETE", "/box/key?uploadId=u&tagging", ["tagging", "uploadId"]),
        ("PUT", "/box/key?partNumber=1&uploadId=u&acl", ["acl", "uploadId"]),
    ];
    let double = Double::answering(&[]).await;
    for front in [double.front().await, crate::client::world().await] {
        for (method, target, named) in rows {
            let answer = front.s3(&root(), ask(method, target)).await;
            let text = answer.text();
            assert_eq!((answer.status, double.heard()), (400, vec![]), "{target}: {text}");
            let message = text.split_once("<Message>").and_then(|(_, rest)| Some(rest.split_once('<')?.0)).unwrap();
            assert!(named.iter().all(|name| message.contains(name)), "{target}: {text}");
        }
    }
}

/// "Amazon S3 ignores query-string parameters that begin with x-".
/// docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
#[tokio::test]
async fn a_parameter_that_the_operation_does_not_have() {
    let rows = [
        ("GET", "/box/key?prefix=a"),
        ("GET", "/box/key?versionid=1"),
        ("GET", "/box?foo=1"),
        ("GET", "/box?Action=DeleteQueue"),
        ("GET", "/box?start-after=a"),
        ("PUT", "/box/key?partNumber=1"),
        ("PUT", "/box/key?versionId=1"),
        ("PUT", "/box/key?response-content-type=a"),
        ("HEAD", "/box?versionId=1"),
        ("DELETE", "/box?versionId=1"),
        ("DELETE", "/box/key?uploadId=u&partNumber=1"),
        ("GET", "/box/key?X-Mine=1"),
        ("GET", "/box?list-type=1"),
        ("GET", "/?list-type=2"),
    ];
    let double = Double::answering(&[]).await;
    let front = double.front().await;
    for (method, target) in rows {
        let answer = front.s3(&root(), ask(method, target)).await;
        // This one tells operations apart.
        let status = if target.contains("list-type") { 405 } else { 501 };
        assert_eq!((answer.status, double.heard()), (status, vec![]), "{target}");
    }
    let fine = [
        ask("GET", "/box/key?x-id=GetObject&x-mine=1"),
        ask("GET", "/box/key?versionId=1&partNumber=2&response-content-type=a"),
        ask("GET", "/?prefix=b&max-buckets=3"),
    ];
    for ask in fine {
        let target = ask.target;
        assert_eq!(front.s3(&root(), ask).await.status, 200, "{target}");
    }
    let link = presigned(&front.address(), "s3", &root(), &ask("GET", "/box/key?versionId=1"));
    assert_eq!(front.plain(ask("GET", &link)).await.status, 200);
}

#[tokio::test]
async fn what_is_said_twice() {
    let twice = |target: &'static str, name: &'static str, one: &'static str, other: &'static str| {
        ask("PUT", target).header(name, one).header(name, other)
    };
    refused(
        [
            ask("GET", "/box/key?versionId=1&versionId=2"),
            ask("GET", "/box/key?versionId=1&version%49d=2"),
            ask("GET", "/box/key?uploadId=u&uploadId=v"),
            ask("PUT", "/box/key?partNumber=1&uploadId=u&partNumber=2"),
            ask("GET", "/box?prefix=a&prefix=b"),
            ask("GET", "/box?acl&acl"),
            twice("/box/to", "x-amz-copy-source", "box/from", "box/secret"),
            twice("/box/to", "x-amz-tagging", "a=1", "a=2"),
            twice("/box/to", "x-amz-acl", "private", "public-read"),
            twice("/box/to", "x-amz-storage-class", "STANDARD", "GLACIER"),
            twice("/box/to", "if-none-match", "*", "x"),
            twice("/box/to", "content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==", "1B2M2Y8AsgTpgAmY7PhCfg=="),
            ask("GET", "/box/key").header("range", "bytes=0-1").header("range", "bytes=2-3"),
        ]
        .map(|ask| (ask, "400 InvalidArgument")),
    )
    .await;
    // These are lists, or S3 says that it joins them.
    // docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
    let double = Double::answering(&[]).await;
    let front = double.front().await;
    for name in ["x-amz-meta-a", "content-encoding", "cache-control", "content-language"] {
        assert_eq!(front.s3(&root(), twice("/box/to", name, "a", "b")).await.status, 200, "{name}");
    }
}

/// An emulator may look an upload up by its id alone, and write the key that it was begun for.
#[tokio::test]
async fn an_upload_of_another_key_or_bucket() {
    const BEGUN: &str = "<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>";
    const LISTED: &str = "<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>\
        <Upload><Key>keys</Key><UploadId>u2</UploadId></Upload>\
        <Upload><Key>key</Key><UploadId>u3</UploadId></Upload></ListMultipartUploadsResult>";
    let double = Double::answering(&[
        ("POST /box/key?uploads", 200, BEGUN),
        ("GET /box?uploads", 200, LISTED),
        ("GET /other?uploads", 200, "<ListMultipartUploadsResult/>"),
    ])
    .await;
    let front = double.front().await;
    assert_eq!(front.s3(&root(), ask("GET", "/other")).await.status, 200);
    assert_eq!(front.s3(&root(), ask("POST", "/box/key?uploads")).await.status, 200);
    double.take();
    let list =
        b"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>x</ETag></Part></CompleteMultipartUpload>";
    let asks = |place: &str, id: &str| {
        let (upload, part) = (format!("{place}?uploadId={id}"), format!("{place}?partNumber=1&uploadId={id}"));
        [
            ("GET", upload.clone(), false, &b""[..]),
            ("PUT", part.clone(), false, b"part"),
            ("PUT", part, true, b""),
            ("DELETE", upload.clone(), false, b""),
            ("POST", upload, false, list),
        ]
    };
    // Key, upload, whether it is one of the key's; what is asked of the emulator in any case.
    let rows = [
        ("/box/other", "u1", false, None),
        ("/other/key", "u1", false, Some("GET /other?uploads&prefix=key")),
        ("/box/key", "u2", false, Some("GET /box?uploads&prefix=key")),
        ("/box/key", "nowhere", false, Some("GET /box?uploads&prefix=key")),
        ("/box/key", "u3", true, Some("GET /box?uploads&prefix=key")),
        ("/box/key", "u1", true, None),
    ];
    for (place, id, is_there, asked) in rows {
        for (method, target, copies, body) in asks(place, id) {
            let what = format!("{method} {target} {copies}");
            let mut request = ask(method, &target).body(body);
            if copies {
                request = request.header("x-amz-copy-source", "box/from");
            }
            let answer = front.s3(&root(), request).await;
            let heard = double.heard();
            if is_there {
                assert!(
                    answer.status < 300 && heard.last() == Some(&format!("{method} {target}")),
                    "{what}: {heard:?}"
                );
                if matches!(method, "DELETE" | "POST") && id == "u1" {
                    // It is over.
                    front.s3(&root(), ask("POST", "/box/key?uploads")).await;
                    double.take();
                }
            } else {
                assert_eq!(outcome(&answer), "404 NoSuchUpload", "{what}");
                let tags = |one: &String| copies && one == "GET /box/from?tagging";
                let left: Vec<_> = heard.iter().filter(|one| !tags(one)).map(String::as_str).collect();
                assert_eq!(left, asked.into_iter().collect::<Vec<_>>(), "{what}");
            }
        }
    }
}

/// The length that a client gives for what comes unframed is the length of what it sends.
/// docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
#[tokio::test]
async fn a_length_that_is_not_the_bodys() {
    let double = Double::answering(&[]).await;
    let front = double.front().await;
    let body = vec![7; 300_000];
    for length in ["100000", "300001", "3", "x"] {
        let answer = with_length(&front, length, &body).await;
        let expected = if length == "x" { "400 InvalidArgument" } else { "400 IncompleteBody" };
        assert_eq!((outcome(&answer).as_str(), double.heard()), (expected, vec![]), "{length}");
    }
    assert_eq!(with_length(&front, "300000", &body).await.status, 200);
}

async fn with_length(front: &World, length: &str, body: &[u8]) -> Answer {
    const WORDS: &str = "UNSIGNED-PAYLOAD";
    let put = ask("PUT", "/box/key")
        .header("x-amz-content-sha256", WORDS)
        .header("x-amz-decoded-content-length", length)
        .body(body);
    let signature = signature_of_words(&front.address(), &root(), &put, WORDS);
    Connection::open(&front.address()).await.send(&put, &signature).await
}
