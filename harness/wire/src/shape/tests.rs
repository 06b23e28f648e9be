use super::*;

const ID: &str = "R";

#[track_caller]
fn check(service: &'static str, protocol: Protocol, given: &Fault, status: u16, content_type: &str, body: &str) {
    let id = RequestId { id: ID.to_owned(), host_id: "H".to_owned() };
    let route = Route { service: service.into(), protocol };
    let shaped = fault(&route, given, &id, false);
    assert_eq!(shaped.status.as_u16(), status);
    assert_eq!(shaped.headers["content-type"], content_type);
    assert_eq!(std::str::from_utf8(&shaped.body).unwrap(), body);
    let head = fault(&route, given, &id, true);
    assert_eq!((head.status.as_u16(), head.body.len()), (status, 0));
}

/// The bodies are as AWS's own are recorded.
#[test]
fn errors_in_each_protocol() {
    let denied = Fault::new(403, "AccessDenied", "User: arn:aws:iam::1:user/a is not authorized & so on \"x\"");
    check(
        "s3",
        Protocol::S3,
        &denied.clone().with("BucketName", "b<"),
        403,
        "application/xml",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code><Message>User: \
         arn:aws:iam::1:user/a is not authorized &amp; so on &quot;x&quot;</Message><BucketName>b&lt;</BucketName>\
         <RequestId>R</RequestId><HostId>H</HostId></Error>",
    );
    check(
        "s3control",
        Protocol::S3,
        &Fault::new(404, "NoSuchResource", "m"),
        404,
        "text/xml",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ErrorResponse \
         xmlns=\"http://awss3control.amazonaws.com/doc/2018-08-20/\"><Error><Code>NoSuchResource</Code>\
         <Message>m</Message></Error><RequestId>R</RequestId><HostId>H</HostId></ErrorResponse>",
    );
    check(
        "sts",
        Protocol::Query,
        &denied,
        403,
        "text/xml",
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
         <Code>AccessDenied</Code><Message>User: arn:aws:iam::1:user/a is not authorized &amp; so on \
         &quot;x&quot;</Message></Error><RequestId>R</RequestId></ErrorResponse>",
    );
    check(
        "ecs",
        Protocol::Json,
        &Fault::new(400, "AccessDeniedException", "no \"x\""),
        400,
        "application/x-amz-json-1.1",
        "{\"__type\":\"AccessDeniedException\",\"message\":\"no \\\"x\\\"\"}",
    );
}

#[test]
fn what_goes_beside_the_body() {
    let id = RequestId { id: ID.to_owned(), host_id: "H".to_owned() };
    let route = Route { service: "s3".into(), protocol: Protocol::S3 };
    let not_modified = Fault::new(304, "NotModified", "Not Modified")
        .with_beside("ETag", "\"e\"")
        .with_beside("LastModified", "2026-11-24T08:00:00.000Z");
    let shaped = fault(&route, &not_modified, &id, false);
    assert_eq!((shaped.status.as_u16(), shaped.body.len()), (304, 0));
    assert_eq!(shaped.headers["etag"], "\"e\"");
    assert_eq!(shaped.headers["last-modified"], "Tue, 24 Nov 2026 08:00:00 GMT");
    assert!(!shaped.headers.contains_key("content-type"));

    let marker = Fault::new(404, "NoSuchKey", "m")
        .with_beside("DeleteMarker", "true")
        .with_beside("VersionId", "v")
        .with("Key", "k");
    let shaped = fault(&route, &marker, &id, false);
    assert_eq!(shaped.headers["x-amz-delete-marker"], "true");
    assert_eq!(shaped.headers["x-amz-version-id"], "v");
    let body = std::str::from_utf8(&shaped.body).unwrap();
    assert!(body.contains("<Key>k</Key>") && !body.contains("VersionId"), "{body}");
}

#[test]
fn ids_of_answers() {
    let answer = |protocol| {
        let id = if protocol == Protocol::S3 { RequestId::s3() } else { RequestId::uuid() };
        Shaped::new(StatusCode::OK, XML, "").finish(protocol, &id)
    };
    let s3 = answer(Protocol::S3);
    assert_eq!(s3.headers()["x-amz-request-id"].len(), 16);
    assert_eq!(s3.headers()["x-amz-id-2"].len(), 76);
    assert_ne!(s3.headers()["x-amz-request-id"], answer(Protocol::S3).headers()["x-amz-request-id"]);
    let uuid = answer(Protocol::Json).headers()["x-amzn-requestid"].to_str().unwrap().to_owned();
    let lengths: Vec<usize> = uuid.split('-').map(str::len).collect();
    assert_eq!(lengths, [8, 4, 4, 4, 12]);
}
