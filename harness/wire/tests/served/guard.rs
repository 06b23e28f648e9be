//! A world in front of an emulator. Mostly the emulator is a second world behind a listener of its own, which verifies
//! every signature that reaches it.

use account::AccessKey;
use wire::Upstream;

use crate::client::{Answer, Signer, World, ask, element, presigned, root, world, world_before};
use crate::double::{Double, upstream};

struct Guarded {
    front: World,
    back: World,
}

async fn guarded() -> Guarded {
    let back = world().await;
    let front = world_before(Some(upstream(&back.server.url()))).await;
    let guarded = Guarded { front, back };
    assert_eq!(guarded.front.s3(&root(), ask("PUT", "/box")).await.status, 200);
    guarded
}

impl Guarded {
    async fn put(&self, target: &str, body: &[u8]) {
        let put = self.front.s3(&root(), ask("PUT", target).body(body)).await;
        assert_eq!(put.status, 200, "{}", put.text());
    }

    /// A user with one inline policy.
    async fn user(&self, name: &str, policy: &str) -> Signer {
        let user = self.front.user(name).await;
        self.allow(name, policy).await;
        user
    }

    async fn allow(&self, name: &str, policy: &str) {
        let escaped = percent_encoding::utf8_percent_encode(policy, percent_encoding::NON_ALPHANUMERIC);
        let form = format!("Action=PutUserPolicy&UserName={name}&PolicyName=p&PolicyDocument={escaped}");
        assert_eq!(self.front.iam(&form).await.status, 200);
    }
}

/// A policy of one statement: what is allowed, and further elements.
fn statement(actions: &str, more: &str) -> String {
    format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": {actions}, "Resource": "*"{more}}}}}"#
    )
}

fn code(answer: &Answer) -> String {
    element(&answer.text(), "Code")
}

#[tokio::test]
async fn what_is_allowed_is_done_behind() {
    let guarded = guarded().await;
    let put =
        ask("PUT", "/box/a%20b/c%2Bd").header("x-amz-meta-who", "me").header("content-type", "text/x").body(b"content");
    assert_eq!(guarded.front.s3(&root(), put).await.status, 200);
    for world in [&guarded.front, &guarded.back] {
        let got = world.s3(&root(), ask("GET", "/box/a%20b/c%2Bd")).await;
        assert_eq!((got.status, got.text().as_str()), (200, "content"));
        assert_eq!((got.header("x-amz-meta-who"), got.header("content-type")), ("me", "text/x"));
    }
    let head = guarded.front.s3(&root(), ask("HEAD", "/box/a%20b/c%2Bd")).await;
    assert_eq!((head.status, head.header("content-length")), (200, "7"));
    let list = guarded.front.s3(&root(), ask("GET", "/box?list-type=2&prefix=a%20")).await;
    assert_eq!(element(&list.text(), "Key"), "a b/c+d");
    let range = guarded.front.s3(&root(), ask("GET", "/box/a%20b/c%2Bd").header("range", "bytes=1-2")).await;
    assert_eq!((range.status, range.text().as_str()), (206, "on"));
}

#[tokio::test]
async fn what_is_denied_never_gets_there() {
    let guarded = guarded().await;
    let user = guarded.front.user("nobody").await;
    for body in [&b"small"[..], &[7; 200_000]] {
        let put = guarded.front.s3(&user, ask("PUT", "/box/key").body(body)).await;
        assert_eq!((put.status, code(&put).as_str()), (403, "AccessDenied"));
        assert!(put.text().contains("user/nobody is not authorized to perform: s3:PutObject"), "{}", put.text());
        assert_eq!(guarded.back.s3(&root(), ask("GET", "/box/key")).await.status, 404);
    }
}

#[tokio::test]
async fn answers_and_decisions_have_our_request_ids() {
    let guarded = guarded().await;
    let missing = guarded.front.s3(&root(), ask("GET", "/box/missing")).await;
    let id = missing.header("x-amz-request-id");
    assert_eq!((missing.status, element(&missing.text(), "RequestId").as_str()), (404, id));
    let actions: Vec<_> =
        guarded.front.hosted.decisions(id).into_iter().map(|recorded| recorded.request.action).collect();
    assert_eq!(actions, ["s3:GetObject"]);
    let found = guarded.front.s3(&root(), ask("GET", "/box?location")).await;
    assert_eq!(guarded.front.hosted.decisions(found.header("x-amz-request-id")).len(), 1);
}

/// docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html: without s3:ListBucket a missing key is a 403.
#[tokio::test]
async fn whether_a_key_is_missing_is_told_to_those_who_may_list() {
    let guarded = guarded().await;
    let reader = guarded.user("reader", &statement(r#""s3:GetObject""#, "")).await;
    let missing = guarded.front.s3(&reader, ask("GET", "/box/missing")).await;
    assert_eq!((missing.status, code(&missing).as_str()), (403, "AccessDenied"));
    assert!(missing.text().contains("s3:ListBucket"), "{}", missing.text());
    let decided = guarded.front.hosted.decisions(missing.header("x-amz-request-id"));
    let actions: Vec<_> = decided.iter().map(|recorded| recorded.request.action.as_str()).collect();
    assert_eq!(actions, ["s3:GetObject", "s3:ListBucket"]);
    assert_eq!(guarded.front.s3(&reader, ask("HEAD", "/box/missing")).await.status, 403);
    guarded.allow("reader", &statement(r#"["s3:GetObject", "s3:ListBucket"]"#, "")).await;
    let missing = guarded.front.s3(&reader, ask("GET", "/box/missing")).await;
    assert_eq!((missing.status, code(&missing).as_str()), (404, "NoSuchKey"));
    assert_eq!(guarded.front.s3(&reader, ask("HEAD", "/box/missing")).await.status, 404);
}

#[tokio::test]
async fn an_objects_tags_are_those_it_has_behind_at_that_moment() {
    let guarded = guarded().await;
    guarded.put("/box/key", b"content").await;
    let condition = r#", "Condition": {"StringEquals": {"s3:ExistingObjectTag/Status": "OK"}}"#;
    let reader = guarded.user("reader", &statement(r#""s3:GetObject""#, condition)).await;
    assert_eq!(guarded.front.s3(&reader, ask("GET", "/box/key")).await.status, 403);
    for (value, status) in [("OK", 200), ("NG", 403)] {
        let tags = format!("<Tagging><TagSet><Tag><Key>Status</Key><Value>{value}</Value></Tag></TagSet></Tagging>");
        let tagged = guarded.back.s3(&root(), ask("PUT", "/box/key?tagging").body(tags.as_bytes())).await;
        assert_eq!(tagged.status, 200);
        assert_eq!(guarded.front.s3(&reader, ask("GET", "/box/key")).await.status, status, "{value}");
    }
}

/// A bucket that was there before, with its policy.
#[tokio::test]
async fn a_bucket_behind_is_known_with_all_that_is_configured_on_it() {
    let guarded = guarded().await;
    assert_eq!(guarded.back.s3(&root(), ask("PUT", "/old")).await.status, 200);
    assert_eq!(guarded.back.s3(&root(), ask("PUT", "/old/key").body(b"content")).await.status, 200);
    let policy = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::old/*", "Condition": {"StringEquals": {"aws:PrincipalType": "User"}}}}"#;
    assert_eq!(guarded.back.s3(&root(), ask("PUT", "/old?policy").body(policy.as_bytes())).await.status, 204);
    let reader = guarded.user("reader", &statement(r#""s3:*""#, "")).await;
    let denied = guarded.front.s3(&reader, ask("GET", "/old/key")).await;
    assert_eq!(denied.status, 403);
    assert!(denied.text().contains("explicit deny in a resource-based policy"), "{}", denied.text());
    assert_eq!(guarded.front.s3(&root(), ask("DELETE", "/old?policy")).await.status, 204);
    assert_eq!(guarded.front.s3(&reader, ask("GET", "/old/key")).await.status, 200);
    let nowhere = guarded.front.s3(&reader, ask("GET", "/nowhere/key")).await;
    assert_eq!((nowhere.status, code(&nowhere).as_str()), (404, "NoSuchBucket"));
}

#[tokio::test]
async fn presigned_and_virtual_hosted_requests_go_on_as_plain_ones() {
    let guarded = guarded().await;
    guarded.put("/box/key", b"content").await;
    let address = guarded.front.address();
    let reader = guarded.user("reader", &statement(r#""s3:GetObject""#, "")).await;
    let link = presigned(&address, "s3", &reader, &ask("GET", "/box/key?response-content-type=text%2Fx"));
    let got = guarded.front.plain(ask("GET", &link)).await;
    assert_eq!((got.status, got.text().as_str(), got.header("content-type")), (200, "content", "text/x"));
    let got = guarded.front.s3(&reader, ask("GET", "/key").header("host", "box.localhost")).await;
    assert_eq!((got.status, got.text().as_str()), (200, "content"));
}

#[tokio::test]
async fn a_body_that_is_not_what_its_request_says_is_never_kept() {
    let guarded = guarded().await;
    let body = vec![7; 300_000];
    let put = ask("PUT", "/box/key").header("content-md5", "XUFAKrxLKna5cZ2REBfFkg==").body(&body);
    let refused = guarded.front.s3(&root(), put).await;
    assert_eq!((refused.status, code(&refused).as_str()), (400, "BadDigest"));
    assert_eq!(guarded.back.s3(&root(), ask("GET", "/box/key")).await.status, 404);
    guarded.put("/box/key", &body).await;
    assert_eq!(guarded.front.s3(&root(), ask("GET", "/box/key")).await.body, body);
}

#[tokio::test]
async fn a_batch_delete_tells_of_what_it_may_not() {
    let guarded = guarded().await;
    for key in ["mine/a", "mine/b", "yours/c"] {
        guarded.put(&format!("/box/{key}"), b"").await;
    }
    let policy = statement(r#""s3:DeleteObject""#, "").replace("\"*\"", "\"arn:aws:s3:::box/mine/*\"");
    let user = guarded.user("user", &policy).await;
    let body = b"<Delete><Object><Key>mine/a</Key></Object><Object><Key>yours/c</Key></Object></Delete>";
    let answer = guarded.front.s3(&user, ask("POST", "/box?delete").body(body)).await;
    let text = answer.text();
    assert_eq!(answer.status, 200, "{text}");
    assert!(text.contains("<Deleted><Key>mine/a</Key></Deleted>"), "{text}");
    assert!(text.contains("<Error><Key>yours/c</Key><Code>AccessDenied</Code>"), "{text}");
    let list = guarded.back.s3(&root(), ask("GET", "/box?list-type=2")).await.text();
    assert_eq!(list.matches("<Key>").count(), 2, "{list}");
}

#[tokio::test]
async fn a_copy_needs_its_source_and_tags_as_ever() {
    let guarded = guarded().await;
    let put = ask("PUT", "/box/from").header("x-amz-tagging", "Status=OK").body(b"content");
    assert_eq!(guarded.front.s3(&root(), put).await.status, 200);
    let user = guarded.user("user", &statement(r#"["s3:GetObject", "s3:PutObject"]"#, "")).await;
    let copy = || ask("PUT", "/box/to").header("x-amz-copy-source", "box/from");
    let denied = guarded.front.s3(&user, copy()).await;
    assert!(denied.text().contains("s3:GetObjectTagging"), "{}", denied.text());
    guarded.allow("user", &statement(r#"["s3:GetObject*", "s3:PutObject*"]"#, "")).await;
    assert_eq!(guarded.front.s3(&user, copy()).await.status, 200);
    assert_eq!(guarded.back.s3(&root(), ask("GET", "/box/to")).await.text(), "content");
}

#[tokio::test]
async fn a_backend_that_is_gone_is_named() {
    let guarded = guarded().await;
    let url = guarded.back.server.url();
    guarded.back.server.stop().await;
    let answer = guarded.front.s3(&root(), ask("GET", "/box/key")).await;
    assert_eq!((answer.status, code(&answer).as_str()), (503, "ServiceUnavailable"));
    assert!(answer.text().contains(&format!("The backend at {url} cannot be reached")), "{}", answer.text());
}

#[tokio::test]
async fn a_backend_that_fails_is_heard() {
    let double =
        Double::answering(&[("GET /box?location", 404, "NoSuchBucket"), ("PUT /box", 500, "out of order")]).await;
    let front = world_before(Some(upstream(&double.url))).await;
    let answer = front.s3(&root(), ask("PUT", "/box")).await;
    assert_eq!((answer.status, answer.text().as_str(), answer.header("x-own")), (500, "out of order", "yes"));
    let failure = front.hosted.backend_failure(answer.header("x-amz-request-id")).unwrap();
    assert!(failure.contains("500") && failure.ends_with("out of order"), "{failure}");
    // The bucket was not made, so the world does not have it either.
    let again = front.s3(&root(), ask("GET", "/box/key")).await;
    assert_eq!((again.status, code(&again).as_str()), (404, "NoSuchBucket"));
    assert_eq!(double.heard(), ["GET /box?location", "PUT /box", "GET /box?location"]);
}

#[tokio::test]
async fn only_what_belongs_to_the_request_goes_on() {
    let double = Double::answering(&[]).await;
    let front = double.front().await;
    let get = ask("GET", "/box/key")
        .header("x-amz-security-token", "")
        .header("x-moto-account-id", "1")
        .header("x-amz-expected-bucket-owner", "123456789012")
        .header("if-none-match", "x")
        .header("cookie", "c");
    assert_eq!(front.plain(get).await.status, 403);
    let get =
        ask("GET", "/box/key").header("x-moto-account-id", "1").header("if-none-match", "x").header("cookie", "c");
    assert_eq!(front.s3(&root(), get).await.status, 200);
    let received = double.take();
    // No policy asks for tags, so nothing but the request itself comes.
    assert_eq!(received.len(), 1, "{received:?}");
    let names: Vec<&str> = received[0].head.lines().skip(1).filter_map(|line| Some(line.split_once(':')?.0)).collect();
    assert_eq!(names, ["if-none-match", "host", "x-amz-date", "x-amz-content-sha256", "authorization"]);
}

const TRUST: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
    "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}}"#;

/// Two worlds of which the one behind has ECS too, and a task definition with a role.
async fn guarded_tasks() -> Guarded {
    let back = world().await;
    let front = world_before(Some(Upstream { has_ecs: true, ..upstream(&back.server.url()) })).await;
    let trust = percent_encoding::utf8_percent_encode(TRUST, percent_encoding::NON_ALPHANUMERIC).to_string();
    for world in [&front, &back] {
        let form = format!("Action=CreateRole&RoleName=task&AssumeRolePolicyDocument={trust}");
        assert_eq!(world.iam(&form).await.status, 200);
    }
    let guarded = Guarded { front, back };
    // A revision that the world in front has not seen, so that the numbers differ.
    ecs(&guarded.back, &root(), "RegisterTaskDefinition", &definition()).await;
    ecs(&guarded.front, &root(), "CreateCluster", "{}").await;
    ecs(&guarded.front, &root(), "RegisterTaskDefinition", &definition()).await;
    guarded
}

fn definition() -> String {
    r#"{"family": "web", "taskRoleArn": "task", "networkMode": "awsvpc", "cpu": "256", "memory": "512",
        "containerDefinitions": [{"name": "Test", "image": "busybox"}],
        "requiresCompatibilities": ["FARGATE"], "tags": [{"key": "Team", "value": "red"}]}"#
        .to_owned()
}

const RUN: &str = r#"{"taskDefinition": "web", "launchType": "FARGATE", "tags": [{"key": "Status", "value": "OK"}],
    "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}}"#;

async fn ecs(world: &World, signer: &Signer, operation: &str, input: &str) -> serde_json::Value {
    let answer = try_ecs(world, signer, operation, input).await;
    assert_eq!(answer.status, 200, "{operation}: {}", answer.text());
    serde_json::from_slice(&answer.body).unwrap()
}

async fn try_ecs(world: &World, signer: &Signer, operation: &str, input: &str) -> Answer {
    world.json("ecs", signer, &format!("AmazonEC2ContainerServiceV20141113.{operation}"), input).await
}

#[tokio::test]
async fn a_task_runs_behind_and_has_its_session_from_here() {
    let guarded = guarded_tasks().await;
    let answer = ecs(&guarded.front, &root(), "RunTask", RUN).await;
    let arn = answer["tasks"][0]["taskArn"].as_str().unwrap();
    assert!(answer["tasks"][0]["taskDefinitionArn"].as_str().unwrap().ends_with("task-definition/web:2"));
    let there = format!(r#"{{"tasks": ["{arn}"], "include": ["TAGS"]}}"#);
    for world in [&guarded.front, &guarded.back] {
        let described = ecs(world, &root(), "DescribeTasks", &there).await;
        assert_eq!(described["tasks"][0]["tags"][0]["value"], "OK");
    }
    let endpoint = guarded.front.hosted.container_credentials(arn).unwrap();
    let path = endpoint.uri.strip_prefix(&guarded.front.server.url()).unwrap();
    let credentials = guarded.front.plain(ask("GET", path).header("authorization", &endpoint.token)).await;
    let credentials: serde_json::Value = serde_json::from_slice(&credentials.body).unwrap();
    let text = |member: &str| credentials[member].as_str().unwrap().to_owned();
    let task = Signer { id: text("AccessKeyId"), secret: text("SecretAccessKey"), token: Some(text("Token")) };
    let who = guarded.front.query("sts", &task, "Action=GetCallerIdentity&Version=2011-06-15").await;
    let id = arn.rsplit('/').next().unwrap();
    assert_eq!(element(&who.text(), "Arn"), format!("arn:aws:sts::123456789012:assumed-role/task/{id}"));
    ecs(&guarded.front, &root(), "StopTask", &format!(r#"{{"task": "{arn}"}}"#)).await;
    assert!(guarded.front.hosted.container_credentials(arn).is_none());
    let filled_in = guarded.front.hosted.filled_in();
    assert!(filled_in[0].contains("512 given to `Test`"), "{filled_in:?}");
    assert!(filled_in[1].contains("security groups"), "{filled_in:?}");
}

#[tokio::test]
async fn a_task_takes_all_its_rights_and_the_roles_trust() {
    let guarded = guarded_tasks().await;
    let user = guarded.user("runner", &statement(r#""ecs:RunTask""#, "")).await;
    let wanted = ["iam:PassRole", "ecs:TagResource"];
    let mut actions = vec!["ecs:RunTask"];
    for action in wanted {
        let denied = try_ecs(&guarded.front, &user, "RunTask", RUN).await;
        assert_eq!(denied.status, 400);
        assert!(denied.text().contains(&format!("perform: {action}")), "{}", denied.text());
        actions.push(action);
        guarded.allow("runner", &statement(&format!("{actions:?}"), "")).await;
    }
    ecs(&guarded.front, &user, "RunTask", RUN).await;
    let distrust = TRUST.replace("Allow", "Deny");
    let document = percent_encoding::utf8_percent_encode(&distrust, percent_encoding::NON_ALPHANUMERIC).to_string();
    let form = format!("Action=UpdateAssumeRolePolicy&RoleName=task&PolicyDocument={document}");
    assert_eq!(guarded.front.iam(&form).await.status, 200);
    let refused = try_ecs(&guarded.front, &user, "RunTask", RUN).await;
    assert!(refused.text().contains("unable to assume the role"), "{}", refused.text());
    let tasks = ecs(&guarded.back, &root(), "ListTasks", "{}").await;
    assert_eq!(tasks["taskArns"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_tasks_tags_are_those_it_has_behind_at_that_moment() {
    let guarded = guarded_tasks().await;
    let started = ecs(&guarded.back, &root(), "RunTask", RUN).await;
    let arn = started["tasks"][0]["taskArn"].as_str().unwrap();
    let condition = r#", "Condition": {"StringEquals": {"aws:ResourceTag/Status": "NG"}}"#;
    let user = guarded.user("stopper", &statement(r#""ecs:StopTask""#, condition)).await;
    let stop = format!(r#"{{"task": "{arn}"}}"#);
    assert_eq!(try_ecs(&guarded.front, &user, "StopTask", &stop).await.status, 400);
    let tag = format!(r#"{{"resourceArn": "{arn}", "tags": [{{"key": "Status", "value": "NG"}}]}}"#);
    ecs(&guarded.back, &root(), "TagResource", &tag).await;
    ecs(&guarded.front, &user, "StopTask", &stop).await;
    let tasks = ecs(&guarded.back, &root(), "ListTasks", "{}").await;
    assert!(tasks["taskArns"].as_array().unwrap().is_empty());
}

/// `aws-chunked` with a checksum behind the body, as SDKs send it, of a body that is not held in memory.
#[tokio::test]
async fn a_checksum_behind_the_body_goes_on_behind_it() {
    let guarded = guarded().await;
    let body: Vec<u8> = (0..300_001u32).map(|number| number as u8).collect();
    let mut hasher = crc_fast::Digest::new(crc_fast::CrcAlgorithm::Crc32IsoHdlc);
    hasher.update(&body);
    let right = base64(&hasher.finalize().to_be_bytes()[4..]);
    for (sum, status) in [(right.as_str(), 200), ("AAAAAA==", 400)] {
        let mut framed = Vec::new();
        for chunk in body.chunks(100_000) {
            framed.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
            framed.extend_from_slice(chunk);
            framed.extend_from_slice(b"\r\n");
        }
        framed.extend_from_slice(format!("0\r\nx-amz-checksum-crc32:{sum}\r\n\r\n").as_bytes());
        let length = body.len().to_string();
        let target = format!("/box/{status}");
        let put = ask("PUT", &target)
            .header("content-encoding", "aws-chunked")
            .header("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
            .header("x-amz-decoded-content-length", &length)
            .header("x-amz-trailer", "x-amz-checksum-crc32")
            .body(&framed);
        let signature = crate::client::signature_of_words(
            &guarded.front.address(),
            &root(),
            &put,
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        );
        let mut connection = crate::client::Connection::open(&guarded.front.address()).await;
        let answer = connection.send(&put, &signature).await;
        assert_eq!(answer.status, status, "{}", answer.text());
    }
    let got = guarded.back.s3(&root(), ask("GET", "/box/200").header("x-amz-checksum-mode", "ENABLED")).await;
    assert_eq!((got.header("x-amz-checksum-crc32"), got.header("content-encoding")), (right.as_str(), ""));
    assert!(got.body == body, "the body is not what was sent");
    assert_eq!(guarded.back.s3(&root(), ask("GET", "/box/400")).await.status, 404);
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// With attribute-based access control on, tags are changed through S3 Control, which no emulator needs to have.
#[tokio::test]
async fn a_buckets_tags_are_set_behind() {
    let guarded = guarded().await;
    let tag = b"<TagResourceRequest><Tags><Tag><Key>Team</Key><Value>red</Value></Tag></Tags></TagResourceRequest>";
    let put =
        ask("POST", "/v20180820/tags/arn%3Aaws%3As3%3A%3A%3Abox").header("x-amz-account-id", "123456789012").body(tag);
    let answer = guarded.front.s3(&root(), put).await;
    assert_eq!(answer.status, 204, "{}", answer.text());
    let tags = guarded.back.s3(&root(), ask("GET", "/box?tagging")).await.text();
    assert!(tags.contains("<Key>Team</Key><Value>red</Value>"), "{tags}");
    let list = ask("GET", "/v20180820/tags/arn%3Aaws%3As3%3A%3A%3Abox").header("x-amz-account-id", "123456789012");
    assert!(guarded.front.s3(&root(), list).await.text().contains("<Key>Team</Key>"));
    assert_eq!(guarded.back.s3(&root(), ask("DELETE", "/box?tagging")).await.status, 204);
    let abac = ask("PUT", "/box?abac").body(b"<AbacStatus><Status>Enabled</Status></AbacStatus>");
    assert_eq!(guarded.front.s3(&root(), abac).await.status, 200);
    let condition = r#", "Condition": {"StringEquals": {"aws:ResourceTag/Team": "red"}}"#;
    let user = guarded.user("user", &statement(r#""s3:ListBucket""#, condition)).await;
    assert_eq!(guarded.front.s3(&user, ask("GET", "/box")).await.status, 403);
    let tags = b"<Tagging><TagSet><Tag><Key>Team</Key><Value>red</Value></Tag></TagSet></Tagging>";
    assert_eq!(guarded.back.s3(&root(), ask("PUT", "/box?tagging").body(tags)).await.status, 200);
    assert_eq!(guarded.front.s3(&user, ask("GET", "/box")).await.status, 200);
}

#[tokio::test]
async fn an_upload_in_parts_and_a_bucket_deleted_behind() {
    let guarded = guarded().await;
    let begun = guarded.front.s3(&root(), ask("POST", "/box/parts?uploads")).await;
    let id = element(&begun.text(), "UploadId");
    let part =
        guarded.front.s3(&root(), ask("PUT", &format!("/box/parts?partNumber=1&uploadId={id}")).body(b"all")).await;
    let etag = part.header("etag");
    let list = format!(
        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{etag}</ETag></Part></CompleteMultipartUpload>"
    );
    let target = format!("/box/parts?uploadId={id}");
    let done = guarded.front.s3(&root(), ask("POST", &target).body(list.as_bytes())).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(guarded.back.s3(&root(), ask("GET", "/box/parts")).await.text(), "all");
    for target in ["/box/parts", "/box"] {
        assert_eq!(guarded.back.s3(&root(), ask("DELETE", target)).await.status, 204);
    }
    let gone = guarded.front.s3(&root(), ask("GET", "/box?list-type=2")).await;
    assert_eq!((gone.status, code(&gone).as_str()), (404, "NoSuchBucket"));
    assert_eq!(guarded.front.s3(&root(), ask("PUT", "/box")).await.status, 200);
}

/// docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
#[tokio::test]
async fn whoever_began_an_upload_may_list_its_parts_and_stop_it() {
    let guarded = guarded().await;
    let user = guarded.user("user", &statement(r#""s3:PutObject""#, "")).await;
    let other = guarded.user("other", &statement(r#""s3:PutObject""#, "")).await;
    let begun = guarded.front.s3(&user, ask("POST", "/box/parts?uploads")).await;
    let target = format!("/box/parts?uploadId={}", element(&begun.text(), "UploadId"));
    for (who, method, status) in [
        (&other, "GET", 403),
        (&user, "GET", 200),
        (&other, "DELETE", 403),
        (&user, "DELETE", 204),
        (&user, "GET", 403),
    ] {
        assert_eq!(guarded.front.s3(who, ask(method, &target)).await.status, status, "{method}");
    }
}

#[tokio::test]
async fn an_upload_that_s3_does_not_take_in_one_piece_is_not_begun() {
    let guarded = guarded().await;
    for length in ["5368709121", "18446744073709551615"] {
        let payload = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
        let put = ask("PUT", "/box/large")
            .header("content-encoding", "aws-chunked")
            .header("x-amz-content-sha256", payload)
            .header("x-amz-decoded-content-length", length)
            .header("x-amz-trailer", "x-amz-checksum-crc32")
            .body(b"1\r\nx\r\n0\r\n\r\n");
        let address = guarded.front.address();
        let signature = crate::client::signature_of_words(&address, &root(), &put, payload);
        let answer = crate::client::Connection::open(&address).await.send(&put, &signature).await;
        assert_eq!((answer.status, code(&answer).as_str()), (400, "EntityTooLarge"), "{length}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_key_that_the_backend_does_not_know_is_its_own_error() {
    let back = world().await;
    let upstream = Upstream {
        root: AccessKey { id: "wrong".to_owned(), secret: "wrong".to_owned() },
        ..upstream(&back.server.url())
    };
    let front = world_before(Some(upstream)).await;
    let answer = front.s3(&root(), ask("GET", "/")).await;
    assert_eq!((answer.status, code(&answer).as_str()), (403, "InvalidAccessKeyId"));
    // Nor does it say anything that could be decided on.
    let answer = front.s3(&root(), ask("PUT", "/box")).await;
    assert_eq!((answer.status, code(&answer).as_str()), (503, "ServiceUnavailable"));
    assert!(answer.text().contains("InvalidAccessKeyId"), "{}", answer.text());
}
