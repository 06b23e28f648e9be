//! The three protocols over a socket: results, refusals, and what is told of them.

use crate::client::{ACCOUNT, Connection, ask, element, presigned, root, signature, world};

const RUN_TASK: &str = "AmazonEC2ContainerServiceV20141113.RunTask";
const LIST_CLUSTERS: &str = "AmazonEC2ContainerServiceV20141113.ListClusters";
const WHO: &str = "Action=GetCallerIdentity&Version=2011-06-15";

#[tokio::test]
async fn each_protocol_answers() {
    let world = world().await;
    let sts = world.query("sts", &root(), WHO).await;
    assert_eq!((sts.status, sts.header("content-type")), (200, "text/xml"));
    assert_eq!(
        sts.text(),
        format!(
            "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
             <UserId>{ACCOUNT}</UserId><Account>{ACCOUNT}</Account><Arn>arn:aws:iam::{ACCOUNT}:root</Arn>\
             </GetCallerIdentityResult><ResponseMetadata><RequestId>{}</RequestId></ResponseMetadata>\
             </GetCallerIdentityResponse>",
            sts.header("x-amzn-requestid")
        )
    );
    let ecs = world.json("ecs", &root(), LIST_CLUSTERS, "{}").await;
    assert_eq!((ecs.status, ecs.header("content-type")), (200, "application/x-amz-json-1.1"));
    assert_eq!(ecs.text(), "{\"clusterArns\":[]}");
    assert_eq!(ecs.header("x-amzn-requestid").len(), 36);

    assert_eq!(world.s3(&root(), ask("PUT", "/bucket")).await.status, 200);
    let key = "/bucket/a%2Bb/..//%C3%BC%20%2B";
    let put = world.s3(&root(), ask("PUT", key).header("x-amz-meta-who", "me").body(b"content")).await;
    assert_eq!((put.status, put.text().as_str()), (200, ""), "{}", put.text());
    let get = world.s3(&root(), ask("GET", key)).await;
    assert_eq!((get.status, get.text().as_str(), get.header("x-amz-meta-who")), (200, "content", "me"));
    assert_eq!(get.header("etag"), put.header("etag"));
    let head = world.s3(&root(), ask("HEAD", key)).await;
    assert_eq!((head.status, head.header("content-length")), (200, "7"));
    let list = world.s3(&root(), ask("GET", "/bucket?list-type=2")).await;
    assert_eq!(element(&list.text(), "Key"), "a+b/..//ü +");
}

/// Without any policy: 403 from IAM and S3, 400 from ECS, and no body for HEAD.
#[tokio::test]
async fn denials_are_shaped_like_aws_own() {
    let world = world().await;
    assert_eq!(world.s3(&root(), ask("PUT", "/bucket")).await.status, 200);
    assert_eq!(world.s3(&root(), ask("PUT", "/bucket/k").body(b"secret")).await.status, 200);
    let ann = world.user("ann").await;
    let user = format!("arn:aws:iam::{ACCOUNT}:user/ann");

    let get = world.s3(&ann, ask("GET", "/bucket/k")).await;
    assert_eq!((get.status, get.header("content-type")), (403, "application/xml"));
    assert_eq!(
        get.text(),
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code><Message>User: {user} is not \
             authorized to perform: s3:GetObject on resource: &quot;arn:aws:s3:::bucket/k&quot; because no \
             identity-based policy allows the s3:GetObject action</Message><RequestId>{}</RequestId><HostId>{}</HostId>\
             </Error>",
            get.header("x-amz-request-id"),
            get.header("x-amz-id-2")
        )
    );
    let mut connection = Connection::open(&world.address()).await;
    for target in ["/bucket/k", "/bucket/missing", "/bucket"] {
        let head = ask("HEAD", target);
        let signature = signature(&world.address(), "s3", &ann, &head);
        let answer = connection.send(&head, &signature).await;
        assert_eq!(answer.status, 403, "{target}");
    }
    // Nothing was left in the connection: it can still be used.
    assert_eq!(connection.send(&ask("GET", "/_tagproof/health"), &[]).await.status, 200);

    let iam = world.query("iam", &ann, "Action=ListRoles&Version=2010-05-08").await;
    assert_eq!((iam.status, element(&iam.text(), "Code").as_str()), (403, "AccessDenied"));
    assert!(iam.text().starts_with(&format!(
        "<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender</Type>\
         <Code>AccessDenied</Code><Message>User: {user} is not authorized to perform: iam:ListRoles on resource: "
    )));
    let ecs = world.json("ecs", &ann, LIST_CLUSTERS, "{}").await;
    assert_eq!(ecs.status, 400);
    assert_eq!(
        ecs.text(),
        format!(
            "{{\"__type\":\"AccessDeniedException\",\"message\":\"User: {user} is not authorized to perform: \
             ecs:ListClusters on resource: * because no identity-based policy allows the ecs:ListClusters action\"}}"
        )
    );
}

#[tokio::test]
async fn decisions_are_filed_under_the_request_id() {
    let world = world().await;
    let ann = world.user("ann").await;
    assert_eq!(world.s3(&root(), ask("PUT", "/bucket")).await.status, 200);
    let get = world.s3(&ann, ask("GET", "/bucket/k").header("user-agent", "tester/1")).await;
    let recorded = world.hosted.decisions(get.header("x-amz-request-id"));
    assert_eq!(recorded.len(), 1);
    assert_eq!(recorded[0].request.action, "s3:GetObject");
    let value = |key: &str| match recorded[0].request.context.get(key) {
        Some(policy::ContextValue::One(value)) => value.clone(),
        other => panic!("{key}: {other:?}"),
    };
    assert_eq!(value("aws:SourceIp"), "127.0.0.1");
    assert_eq!(value("aws:UserAgent"), "tester/1");
    assert_eq!(value("aws:SecureTransport"), "true");
    assert_eq!(value("aws:RequestedRegion"), "us-east-1");
    assert!(world.hosted.decisions(get.header("x-amz-request-id")).is_empty());

    let ecs = world.json("ecs", &ann, LIST_CLUSTERS, "").await;
    let recorded = world.hosted.decisions(ecs.header("x-amzn-requestid"));
    assert_eq!(recorded[0].request.action, "ecs:ListClusters");
}

#[tokio::test]
async fn without_a_right_signature_there_is_no_data() {
    let world = world().await;
    assert_eq!(world.s3(&root(), ask("PUT", "/bucket")).await.status, 200);
    assert_eq!(world.s3(&root(), ask("PUT", "/bucket/k").body(b"secret")).await.status, 200);
    let mut wrong = root();
    wrong.secret.push('x');
    let mut nobody = root();
    nobody.id = "AKIAUNKNOWNUNKNOWN00".to_owned();

    let form = ask("POST", "/").header("content-type", "application/x-www-form-urlencoded").body(WHO.as_bytes());
    let answer = world.plain(form).await;
    assert_eq!((answer.status, element(&answer.text(), "Code").as_str()), (403, "MissingAuthenticationToken"));
    let answer = world.plain(ask("POST", "/").header("x-amz-target", RUN_TASK).body(b"{}")).await;
    assert_eq!(answer.status, 400);
    assert!(answer.text().starts_with("{\"__type\":\"MissingAuthenticationTokenException\""), "{}", answer.text());
    let answer = world.plain(ask("GET", "/bucket/k")).await;
    assert_eq!((answer.status, element(&answer.text(), "Code").as_str()), (403, "AccessDenied"));

    for (signer, s3, query, json) in [
        (wrong, "SignatureDoesNotMatch", "SignatureDoesNotMatch", "InvalidSignatureException"),
        (nobody, "InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException"),
    ] {
        let answer = world.s3(&signer, ask("GET", "/bucket/k")).await;
        assert_eq!((answer.status, element(&answer.text(), "Code").as_str()), (403, s3));
        assert_eq!(world.s3(&signer, ask("HEAD", "/bucket/k")).await.status, 403);
        let answer = world.query("sts", &signer, WHO).await;
        assert_eq!((answer.status, element(&answer.text(), "Code").as_str()), (403, query));
        let answer = world.json("ecs", &signer, LIST_CLUSTERS, "{}").await;
        assert!(answer.status == 400 && answer.text().contains(json), "{}", answer.text());
    }
}

/// A request that was listened to, sent again with another body.
#[tokio::test]
async fn another_body_under_the_same_signature() {
    let world = world().await;
    assert_eq!(world.s3(&root(), ask("PUT", "/bucket")).await.status, 200);
    let put = ask("PUT", "/bucket/k").body(b"content");
    let signed = signature(&world.address(), "s3", &root(), &put);
    let answer =
        Connection::open(&world.address()).await.send(&ask("PUT", "/bucket/k").body(b"changed"), &signed).await;
    assert_eq!((answer.status, element(&answer.text(), "Code").as_str()), (400, "XAmzContentSHA256Mismatch"));
    assert_eq!(world.s3(&root(), ask("GET", "/bucket/k")).await.status, 404);

    let first = ask("POST", "/").header("x-amz-target", LIST_CLUSTERS).body(b"{}");
    let signed = signature(&world.address(), "ecs", &root(), &first);
    let second = ask("POST", "/").header("x-amz-target", LIST_CLUSTERS).body(b"{ }");
    let answer = Connection::open(&world.address()).await.send(&second, &signed).await;
    assert!(answer.status == 400 && answer.text().contains("InvalidSignatureException"), "{}", answer.text());
}

#[tokio::test]
async fn presigned_requests() {
    let world = world().await;
    assert_eq!(world.s3(&root(), ask("PUT", "/bucket")).await.status, 200);
    assert_eq!(world.s3(&root(), ask("PUT", "/bucket/k").body(b"by url")).await.status, 200);
    let target = presigned(&world.address(), "s3", &root(), &ask("GET", "/bucket/k"));
    assert_eq!(world.plain(ask("GET", &target)).await.text(), "by url");
    let answer = world.plain(ask("GET", &target.replace("/k?", "/l?"))).await;
    assert_eq!((answer.status, element(&answer.text(), "Code").as_str()), (403, "SignatureDoesNotMatch"));

    let who = format!("/?{WHO}");
    let target = presigned(&world.address(), "sts", &root(), &ask("GET", &who));
    assert_eq!(element(&world.plain(ask("GET", &target)).await.text(), "Account"), ACCOUNT);
}

#[tokio::test]
async fn buckets_named_by_the_host() {
    let world = world().await;
    for host in ["styled.localhost:4566", "styled.s3.eu-west-1.amazonaws.com"] {
        let made = world.s3(&root(), ask("PUT", "/").header("host", host)).await;
        assert!([200, 409].contains(&made.status), "{}", made.text());
        let put = world.s3(&root(), ask("PUT", "/_tagproof/health").header("host", host).body(b"object")).await;
        assert_eq!(put.status, 200, "{}", put.text());
    }
    assert_eq!(world.s3(&root(), ask("GET", "/styled/_tagproof/health")).await.text(), "object");
}

#[tokio::test]
async fn s3_control_reaches_a_buckets_tags() {
    let world = world().await;
    assert_eq!(world.s3(&root(), ask("PUT", "/bucket")).await.status, 200);
    let path = "/v20180820/tags/arn%3Aaws%3As3%3A%3A%3Abucket";
    let body = b"<TagResourceRequest><Tags><Tag><Key>Status</Key><Value>OK</Value></Tag></Tags></TagResourceRequest>";
    let tagged = world.s3(&root(), ask("POST", path).header("x-amz-account-id", ACCOUNT).body(body)).await;
    assert_eq!((tagged.status, tagged.text().as_str()), (204, ""));
    let listed = world.s3(&root(), ask("GET", path).header("x-amz-account-id", ACCOUNT)).await;
    assert_eq!(
        listed.text(),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListTagsForResourceResult \
         xmlns=\"http://awss3control.amazonaws.com/doc/2018-08-20/\"><Tags><Tag><Key>Status</Key><Value>OK</Value></Tag>\
         </Tags></ListTagsForResourceResult>"
    );
    let other = world.s3(&root(), ask("GET", path).header("x-amz-account-id", "999999999999")).await;
    assert_eq!((other.status, element(&other.text(), "Code").as_str()), (403, "AccessDenied"));
}

/// AWS's own kind of error, and one line that names the operation.
#[tokio::test]
async fn operations_that_are_not_there() {
    let world = world().await;
    let answers = [
        (world.query("iam", &root(), "Action=ListSAMLProviders&Version=2010-05-08").await, 400, "InvalidAction"),
        (
            world.json("ecs", &root(), "AmazonEC2ContainerServiceV20141113.ListServices", "{}").await,
            400,
            "UnknownOperationException",
        ),
        (world.json("ecs", &root(), "Logs_20140328.DescribeLogGroups", "{}").await, 400, "UnknownOperationException"),
        (world.json("dynamodb", &root(), "DynamoDB_20120810.ListTables", "{}").await, 400, "UnknownOperationException"),
        (world.signed("lambda", &root(), ask("GET", "/2015-03-31/functions")).await, 400, "UnknownOperationException"),
        (world.s3(&root(), ask("GET", "/bucket?lifecycle")).await, 501, "NotImplemented"),
        (world.s3(&root(), ask("PUT", "/bucket/k?of-tomorrow").body(b"x")).await, 501, "NotImplemented"),
        (world.query("sts", &root(), "Action=A%0D%0Ab&Version=2011-06-15").await, 400, "InvalidAction"),
    ];
    for (answer, status, code) in &answers {
        assert!(answer.status == *status && answer.text().contains(code), "{} {}", answer.status, answer.text());
    }
    let named = [
        "iam:ListSAMLProviders",
        "ecs:ListServices",
        "Logs_20140328.DescribeLogGroups",
        "dynamodb:ListTables",
        "lambda: GET /2015-03-31/functions",
        "s3:GetBucketLifecycleConfiguration",
        "PUT ?of-tomorrow",
        "sts:A\\r\\nb",
    ];
    let log = world.log.lock().unwrap();
    assert_eq!(log.len(), named.len(), "{log:#?}");
    for (line, name) in log.iter().zip(named) {
        assert!(line.starts_with("not emulated: ") && line.contains(name) && !line.contains('\n'), "{line}");
    }
    let once = "not emulated: dynamodb:ListTables; ask it as an `action:` of a scenario, or with `tagproof simulate`";
    assert!(log.iter().any(|line| line == once), "{log:#?}");
}

/// By botocore for the root user's key: `Tagging="Status=OK"`, `Metadata={"who": "me"}`, as late an end as there is.
const TAGGED: &str = "/box/k?AWSAccessKeyId=test&Signature=cL%2BL9qfbi00ZyvBLUx%2FAIu%2B8Drw%3D&x-amz-tagging=Status%3DOK&x-amz-meta-who=me&Expires=2147483647";

#[tokio::test]
async fn a_version_2_url_carries_its_headers() {
    let world = world().await;
    assert_eq!(world.s3(&root(), ask("PUT", "/box")).await.status, 200);
    let refused = world.plain(ask("PUT", TAGGED).header("x-amz-tagging", "Status=NG").body(b"x")).await;
    assert_eq!((refused.status, element(&refused.text(), "Code").as_str()), (403, "SignatureDoesNotMatch"));
    assert_eq!(world.s3(&root(), ask("GET", "/box/k")).await.status, 404);

    assert_eq!(world.plain(ask("PUT", TAGGED).body(b"x")).await.status, 200);
    let tags = world.s3(&root(), ask("GET", "/box/k?tagging")).await.text();
    assert_eq!((element(&tags, "Key"), element(&tags, "Value")), ("Status".to_owned(), "OK".to_owned()));
    assert_eq!(world.s3(&root(), ask("HEAD", "/box/k")).await.header("x-amz-meta-who"), "me");
}
