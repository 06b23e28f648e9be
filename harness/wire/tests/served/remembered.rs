//! What the world remembers of an emulator's buckets, and what it believes of what an emulator says.

use std::sync::Arc;

use tokio::sync::Notify;

use crate::client::{Signer, World, ask, root, world_before};
use crate::double::{Double, Told, outcome, told, upstream};

const ABAC: &[u8] = b"<AbacStatus><Status>Enabled</Status></AbacStatus>";
const POLICY: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::box/*", "Condition": {"StringNotEquals": {"aws:PrincipalType": "Account"}}}}"#;

/// Gives the bucket `box` what no emulator need have: a policy, and attribute-based access control.
async fn configured(double: &Double, front: &World) {
    assert_eq!(front.s3(&root(), ask("PUT", "/box?policy").body(POLICY.as_bytes())).await.status, 200);
    assert_eq!(front.s3(&root(), ask("PUT", "/box?abac").body(ABAC)).await.status, 200);
    double.take();
}

/// Whether the bucket `box` has its policy and attribute-based access control.
async fn is_configured(front: &World) -> (bool, bool) {
    let policy = front.s3(&root(), ask("GET", "/box?policy")).await;
    let abac = front.s3(&root(), ask("GET", "/box?abac")).await;
    (policy.text() == POLICY, abac.text().contains("Enabled"))
}

/// A user whom the condition on what a request is about lets read.
async fn reader(front: &World, condition: &str) -> Signer {
    let user = front.user("reader").await;
    let policy = format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": ["s3:GetObject*", "s3:PutObject"],
            "Resource": "*", "Condition": {condition}}}}}"#
    );
    let escaped = percent_encoding::utf8_percent_encode(&policy, percent_encoding::NON_ALPHANUMERIC);
    let form = format!("Action=PutUserPolicy&UserName=reader&PolicyName=p&PolicyDocument={escaped}");
    assert_eq!(front.iam(&form).await.status, 200);
    user
}

/// Whatever an emulator answers: of which bucket, and whether it is so, it does not say.
#[tokio::test]
async fn nothing_is_forgotten_for_what_an_emulator_answers() {
    for (status, body) in [(404, "NoSuchBucket"), (404, ""), (410, "NoSuchBucket")] {
        let double = Double::start(move |received| {
            let is_act = ["/box/to", "/box/key", "/box?list-type=2"].iter().any(|end| received.what.ends_with(end));
            is_act.then(|| told(status, body))
        })
        .await;
        let front = double.front().await;
        configured(&double, &front).await;
        let copy = ask("PUT", "/box/to").header("x-amz-copy-source", "other/from");
        for ask in [copy, ask("GET", "/box/key"), ask("GET", "/box?list-type=2"), ask("DELETE", "/box/key")] {
            let what = format!("{} {}", ask.method, ask.target);
            assert_eq!(front.s3(&root(), ask).await.status, status, "{what}");
            assert_eq!(is_configured(&front).await, (true, true), "{what}");
        }
        // Nor is it asked for again what is configured on it.
        assert!(!double.heard().iter().any(|what| what.contains("/box?policy")));
    }
}

/// Somebody deletes it there and makes it again: what was configured here holds, until it is made anew through here.
#[tokio::test]
async fn a_bucket_that_is_gone_is_forgotten_once_it_is_made_anew() {
    for (status, body, answer, is_kept) in [
        (404, "NoSuchBucket", "200", false),
        // It is still there, so it is the same: S3 says 200 to somebody who makes their own bucket again in us-east-1.
        (200, "<LocationConstraint/>", "200", true),
        (404, "", "503 ServiceUnavailable", true),
        (404, "<html>404</html>", "503 ServiceUnavailable", true),
        (403, "AccessDenied", "503 ServiceUnavailable", true),
        (500, "InternalError", "503 ServiceUnavailable", true),
    ] {
        let first = Arc::new(std::sync::atomic::AtomicBool::new(true));
        let double = Double::start(move |received| {
            let is_first =
                received.what == "GET /box?location" && first.swap(false, std::sync::atomic::Ordering::Relaxed);
            (received.what == "GET /box?location" && !is_first).then(|| told(status, body))
        })
        .await;
        let front = double.front().await;
        configured(&double, &front).await;
        let made = front.s3(&root(), ask("PUT", "/box")).await;
        assert_eq!(outcome(&made), answer, "{status} {body}");
        let mut expected = vec!["GET /box?location"];
        if answer == "200" {
            expected.push("PUT /box");
        }
        assert_eq!(double.heard(), expected, "{status} {body}");
        assert_eq!(is_configured(&front).await, (is_kept, is_kept), "{status} {body}");
    }
}

/// It was not made, so what there was before is there.
#[tokio::test]
async fn a_bucket_that_cannot_be_made_anew_is_what_it_was() {
    let asked = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let double = Double::start(move |received| match received.what.as_str() {
        "GET /box?location" if asked.swap(true, std::sync::atomic::Ordering::Relaxed) => {
            Some(told(404, "NoSuchBucket"))
        }
        "PUT /box" => Some(told(409, "BucketAlreadyOwnedByYou")),
        _ => None,
    })
    .await;
    let front = double.front().await;
    configured(&double, &front).await;
    assert_eq!(outcome(&front.s3(&root(), ask("PUT", "/box")).await), "409 BucketAlreadyOwnedByYou");
    assert_eq!(is_configured(&front).await, (true, true));
}

/// Who may make buckets may not take one, policy and all, by making it once more.
#[tokio::test]
async fn a_bucket_that_is_there_already_keeps_its_policy_when_it_is_made() {
    let double = Double::answering(&[("GET /box?policy", 200, POLICY)]).await;
    let front = world_before(Some(upstream(&double.url))).await;
    assert_eq!(front.s3(&root(), ask("PUT", "/box")).await.status, 200);
    assert!(is_configured(&front).await.0);
}

/// While an emulator is at it the bucket is what it was, whatever comes of it.
#[tokio::test]
async fn a_bucket_is_there_until_it_is_deleted() {
    let gate = Arc::new(Notify::new());
    let after = gate.clone();
    let double = Double::start(move |received| match received.what.as_str() {
        "DELETE /box" => Some(Told { after: Some(after.clone()), ..told(409, "BucketNotEmpty") }),
        "GET /box?tagging" => Some(told(404, "NoSuchTagSet")),
        _ => None,
    })
    .await;
    let front = Arc::new(double.front().await);
    configured(&double, &front).await;
    let delete = tokio::spawn({
        let front = front.clone();
        async move { outcome(&front.s3(&root(), ask("DELETE", "/box")).await) }
    });
    while !double.heard().contains(&"DELETE /box".to_owned()) {
        tokio::task::yield_now().await;
    }
    assert_eq!(is_configured(&front).await, (true, true));
    gate.notify_one();
    assert_eq!(delete.await.unwrap(), "409 BucketNotEmpty");
    assert_eq!(is_configured(&front).await, (true, true));
}

/// What two requests change at the same time, both have changed.
#[tokio::test]
async fn a_change_that_fails_takes_back_no_other() {
    let gate = Arc::new(Notify::new());
    let after = gate.clone();
    let double = Double::start(move |received| {
        let fails = received.what == "PUT /box?tagging";
        fails.then(|| Told { after: Some(after.clone()), ..told(500, "InternalError") })
    })
    .await;
    let front = Arc::new(double.front().await);
    let change = |method: &'static str, target: &'static str, body: &'static [u8]| {
        let front = front.clone();
        tokio::spawn(async move { front.s3(&root(), ask(method, target).body(body)).await.status })
    };
    let tags = b"<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>";
    let fails = change("PUT", "/box?tagging", tags);
    while !double.heard().contains(&"PUT /box?tagging".to_owned()) {
        tokio::task::yield_now().await;
    }
    let (policy, abac) = (change("PUT", "/box?policy", POLICY.as_bytes()), change("PUT", "/box?abac", ABAC));
    tokio::task::yield_now().await;
    gate.notify_one();
    assert_eq!((fails.await.unwrap(), policy.await.unwrap(), abac.await.unwrap()), (500, 200, 200));
    assert_eq!(is_configured(&front).await, (true, true));
}

/// That there is none is one answer; that an emulator does not know such a thing is another, and is told; anything else is
/// no answer.
#[tokio::test]
async fn what_is_configured_on_a_bucket_is_known_before_it_is_taken_in() {
    // What the emulator answers to which question, and what becomes of a request.
    let rows = [
        ("policy", 404, "NoSuchBucketPolicy", "200"),
        ("policy", 501, "NotImplemented", "200"),
        ("policy", 404, "NoSuchBucket", "503 ServiceUnavailable"),
        ("policy", 404, "", "503 ServiceUnavailable"),
        ("policy", 404, "<html>not found</html>", "503 ServiceUnavailable"),
        ("policy", 400, "InvalidRequest", "503 ServiceUnavailable"),
        ("policy", 403, "AccessDenied", "503 ServiceUnavailable"),
        ("policy", 500, "InternalError", "503 ServiceUnavailable"),
        ("policy", 301, "PermanentRedirect", "503 ServiceUnavailable"),
        // So moto calls it.
        (
            "versioning",
            200,
            "<GetBucketVersioningResponse><Status>Enabled</Status></GetBucketVersioningResponse>",
            "200",
        ),
        ("versioning", 200, "<GetBucketVersioningResponse/>", "200"),
        ("versioning", 200, "<GetBucketTaggingResponse/>", "503 ServiceUnavailable"),
        ("versioning", 404, "NoSuchKey", "503 ServiceUnavailable"),
        ("publicAccessBlock", 404, "NoSuchKey", "503 ServiceUnavailable"),
        ("publicAccessBlock", 200, "<GetPublicAccessBlockResponse/>", "503 ServiceUnavailable"),
        ("ownershipControls", 404, "NoSuchKey", "503 ServiceUnavailable"),
        ("location", 404, "NoSuchBucket", "404 NoSuchBucket"),
        ("location", 404, "", "503 ServiceUnavailable"),
        ("location", 200, "<html>welcome</html>", "503 ServiceUnavailable"),
        ("location", 200, "<GetBucketLocationResponse/>", "503 ServiceUnavailable"),
        ("location", 400, "InvalidBucketName", "503 ServiceUnavailable"),
    ];
    for (question, status, body, expected) in rows {
        let double = Double::start(move |received| {
            (received.what == format!("GET /box?{question}")).then(|| told(status, body))
        })
        .await;
        let front = world_before(Some(upstream(&double.url))).await;
        let got = front.s3(&root(), ask("GET", "/box/key")).await;
        assert_eq!(outcome(&got), expected, "{question}: {status} {body}");
        assert_eq!(
            double.heard().contains(&"GET /box/key".to_owned()),
            expected == "200",
            "{question}: {status} {body}"
        );
        let log = front.log.lock().unwrap().join("\n");
        assert_eq!(log.contains("cannot say which policy the bucket `box` has"), status == 501, "{log}");
    }
}

/// "No tags" is believed only of an object that is there.
#[tokio::test]
async fn tags_are_what_an_emulator_says_and_not_what_it_does_not() {
    const TAGGED: &str = "<Tagging><TagSet><Tag><Key>Status</Key><Value>NG</Value></Tag></TagSet></Tagging>";
    // With `Null: true`, a guard that believes that there are no tags lets the request pass.
    let rows = [
        ("", 200, "<Tagging><TagSet/></Tagging>", "200"),
        ("", 200, TAGGED, "403 AccessDenied"),
        ("", 404, "NoSuchKey", "200"),
        ("", 404, "NoSuchBucket", "200"),
        ("", 405, "MethodNotAllowed", "200"),
        ("&versionId=1", 404, "NoSuchVersion", "200"),
        ("&versionId=1", 400, "InvalidArgument", "200"),
        ("", 400, "InvalidArgument", "503 ServiceUnavailable"),
        ("", 400, "AuthorizationHeaderMalformed", "503 ServiceUnavailable"),
        ("", 400, "", "503 ServiceUnavailable"),
        ("", 404, "", "503 ServiceUnavailable"),
        ("", 404, "<html>404</html>", "503 ServiceUnavailable"),
        ("", 404, "NoSuchTagSet", "503 ServiceUnavailable"),
        ("", 405, "", "503 ServiceUnavailable"),
        ("", 200, "", "503 ServiceUnavailable"),
        ("", 200, "<html/>", "503 ServiceUnavailable"),
        ("", 200, "<Tagging/>", "503 ServiceUnavailable"),
        ("", 200, "<Tagging><TagSet><Tag><Value>OK</Value></Tag></TagSet></Tagging>", "503 ServiceUnavailable"),
        ("", 301, "PermanentRedirect", "503 ServiceUnavailable"),
        ("", 403, "AccessDenied", "503 ServiceUnavailable"),
        ("", 500, "InternalError", "503 ServiceUnavailable"),
    ];
    for (version, status, body, expected) in rows {
        let double = Double::start(move |received| {
            (received.what == format!("GET /box/key?tagging{version}")).then(|| told(status, body))
        })
        .await;
        let front = double.front().await;
        let reader = reader(&front, r#"{"Null": {"s3:ExistingObjectTag/Status": "true"}}"#).await;
        let target = format!("/box/key{}", version.replace('&', "?"));
        let got = front.s3(&reader, ask("GET", &target)).await;
        assert_eq!(outcome(&got), expected, "{version} {status} {body}: {}", got.text());
        assert_eq!(double.heard().contains(&format!("GET {target}")), expected == "200", "{version} {status} {body}");
        if expected.starts_with("503") {
            assert!(
                got.text().contains(&format!("/box/key?tagging{}", version.replace('&', "&amp;"))),
                "{}",
                got.text()
            );
            assert!(got.text().contains(&status.to_string()), "{}", got.text());
        }
    }
}

#[tokio::test]
async fn a_buckets_tags_are_none_only_if_an_emulator_says_so() {
    const TAGGED: &str = "<Tagging><TagSet><Tag><Key>Team</Key><Value>red</Value></Tag></TagSet></Tagging>";
    let rows = [
        (404, "NoSuchTagSet", "200"),
        (200, "<Tagging><TagSet/></Tagging>", "200"),
        (200, TAGGED, "403 AccessDenied"),
        (404, "NoSuchBucket", "404 NoSuchBucket"),
        (404, "", "503 ServiceUnavailable"),
        (404, "NoSuchKey", "503 ServiceUnavailable"),
        (400, "InvalidRequest", "503 ServiceUnavailable"),
        (403, "AccessDenied", "503 ServiceUnavailable"),
        (501, "NotImplemented", "503 ServiceUnavailable"),
        (500, "InternalError", "503 ServiceUnavailable"),
        (200, "<html/>", "503 ServiceUnavailable"),
    ];
    for (status, body, expected) in rows {
        let double =
            Double::start(move |received| (received.what == "GET /box?tagging").then(|| told(status, body))).await;
        let front = double.front().await;
        configured(&double, &front).await;
        let delete = front.s3(&root(), ask("DELETE", "/box?policy")).await;
        assert_eq!(delete.status, 200, "{}", delete.text());
        double.take();
        let reader = reader(&front, r#"{"Null": {"aws:ResourceTag/Team": "true"}}"#).await;
        let got = front.s3(&reader, ask("GET", "/box/key")).await;
        assert_eq!(outcome(&got), expected, "{status} {body}");
        assert_eq!(double.heard().contains(&"GET /box/key".to_owned()), expected == "200", "{status} {body}");
    }
}
