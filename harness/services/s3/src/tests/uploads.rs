//! Uploads in parts.
//! docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html

use serde_json::{Value, json};
use testkit::{ACCOUNT, Kit, allow, root};

use crate::part::COPIED;

use super::{S3Calls, fails, field, kit, merged, ok, outcome, put, told};

const SMALLEST: usize = 5 * 1024 * 1024;

fn begin(kit: &mut Kit, more: Value) -> String {
    let answer = ok(kit, "CreateMultipartUpload", merged(json!({ "Bucket": "b-1", "Key": "k" }), more));
    answer["UploadId"].as_str().unwrap().to_owned()
}

fn part(kit: &mut Kit, upload: &str, number: i64, body: Vec<u8>) -> Value {
    let input = json!({ "Bucket": "b-1", "Key": "k", "UploadId": upload, "PartNumber": number });
    let answer = told(kit.s3(&root(ACCOUNT), "UploadPart", input, body).unwrap());
    json!({ "PartNumber": number, "ETag": answer["ETag"] })
}

fn complete(upload: &str, parts: Value) -> Value {
    json!({ "Bucket": "b-1", "Key": "k", "UploadId": upload, "MultipartUpload": { "Parts": parts } })
}

#[test]
fn parts_make_an_object() {
    let mut kit = kit();
    let upload = begin(&mut kit, json!({ "ContentType": "text/css", "Tagging": "a=1", "StorageClass": "STANDARD_IA" }));
    let first = part(&mut kit, &upload, 1, vec![b'a'; SMALLEST]);
    let third = part(&mut kit, &upload, 3, b"end".to_vec());
    part(&mut kit, &upload, 2, b"not used".to_vec());
    let made = ok(&mut kit, "CompleteMultipartUpload", complete(&upload, json!([first, third])));
    assert_eq!((&made["Bucket"], &made["Key"]), (&json!("b-1"), &json!("k")));
    // The MD5 of the two parts' MD5s.
    assert_eq!(made["ETag"], "\"cc8f6f16b44b75adde6349ab98aee432-2\"");
    let head = ok(&mut kit, "HeadObject", json!({ "Bucket": "b-1", "Key": "k" }));
    assert_eq!(head["ContentLength"], SMALLEST + 3);
    assert_eq!(
        (&head["ContentType"], &head["TagCount"], &head["StorageClass"]),
        (&json!("text/css"), &json!(1), &json!("STANDARD_IA"))
    );
    let second = ok(&mut kit, "HeadObject", json!({ "Bucket": "b-1", "Key": "k", "PartNumber": 2 }));
    assert_eq!((&second["PartsCount"], &second["ContentLength"]), (&json!(2), &json!(3)));
    let fault = fails(&mut kit, "HeadObject", json!({ "Bucket": "b-1", "Key": "k", "PartNumber": 3 }));
    assert_eq!((fault.status, field(&fault, "ActualPartCount")), (416, Some("2")));
    assert_eq!(ok(&mut kit, "ListMultipartUploads", json!({ "Bucket": "b-1" }))["Uploads"], json!([]));
    assert_eq!(fails(&mut kit, "CompleteMultipartUpload", complete(&upload, json!([]))).code, "NoSuchUpload");
}

/// An upload that is added to stays, however old it is.
#[test]
fn an_upload_that_nobody_comes_back_to_is_dropped_after_a_week() {
    const DAY: i64 = 24 * 60 * 60;
    let mut kit = kit();
    let (abandoned, kept) = (begin(&mut kit, json!({})), begin(&mut kit, json!({})));
    part(&mut kit, &abandoned, 1, b"a".to_vec());
    kit.wait(6 * DAY);
    part(&mut kit, &kept, 1, b"a".to_vec());
    let listed = |kit: &mut Kit| {
        let uploads = ok(kit, "ListMultipartUploads", json!({ "Bucket": "b-1" }))["Uploads"].clone();
        uploads.as_array().unwrap().iter().map(|upload| upload["UploadId"].as_str().unwrap().to_owned()).collect()
    };
    let ids: Vec<String> = listed(&mut kit);
    assert!(ids.contains(&abandoned) && ids.contains(&kept), "{ids:?}");
    kit.wait(DAY);
    let new = begin(&mut kit, json!({}));
    let ids = listed(&mut kit);
    assert!(!ids.contains(&abandoned) && ids.contains(&kept) && ids.contains(&new), "{ids:?}");
    let ask = json!({ "Bucket": "b-1", "Key": "k", "UploadId": abandoned, "PartNumber": 2 });
    assert_eq!(fails(&mut kit, "UploadPart", ask).code, "NoSuchUpload");
}

/// Nobody has sent what is copied: a part of 5 MiB a hundred times would be an object of 500 MiB.
#[test]
fn copied_parts_have_an_end() {
    let mut kit = kit();
    let source = begin(&mut kit, json!({}));
    let sent = part(&mut kit, &source, 1, vec![b'a'; SMALLEST]);
    ok(&mut kit, "CompleteMultipartUpload", complete(&source, json!([sent])));
    let upload = begin(&mut kit, json!({}));
    let copy = |number: usize| json!({ "Bucket": "b-1", "Key": "k", "UploadId": upload, "PartNumber": number, "CopySource": "b-1/k" });
    let most = COPIED * 1024 * 1024 / SMALLEST;
    let copied: Vec<Value> = (1..=most)
        .map(|number| {
            let answer = ok(&mut kit, "UploadPartCopy", copy(number));
            json!({ "PartNumber": number, "ETag": answer["CopyPartResult"]["ETag"] })
        })
        .collect();
    let fault = fails(&mut kit, "UploadPartCopy", copy(most + 1));
    let message = format!("More than {COPIED} MiB of copied parts is not emulated here");
    assert_eq!((fault.status, fault.message), (501, message));
    // They count for as long as any object has them, also when the upload is over and what was copied is gone.
    ok(&mut kit, "CompleteMultipartUpload", complete(&upload, json!(copied)));
    ok(&mut kit, "CopyObject", json!({ "Bucket": "b-1", "Key": "l", "CopySource": "b-1/k" }));
    ok(&mut kit, "DeleteObject", json!({ "Bucket": "b-1", "Key": "k" }));
    let again = json!({ "Bucket": "b-1", "Key": "k" });
    kit.s3(&root(ACCOUNT), "PutObject", again, vec![b'a'; SMALLEST]).unwrap();
    let upload = begin(&mut kit, json!({}));
    let copy = json!({ "Bucket": "b-1", "Key": "k", "UploadId": upload, "PartNumber": 1, "CopySource": "b-1/k" });
    assert_eq!(fails(&mut kit, "UploadPartCopy", copy.clone()).status, 501);
    ok(&mut kit, "DeleteObject", json!({ "Bucket": "b-1", "Key": "l" }));
    ok(&mut kit, "UploadPartCopy", copy);
}

#[test]
fn what_cannot_be_completed() {
    let mut kit = kit();
    let upload = begin(&mut kit, json!({}));
    let one = part(&mut kit, &upload, 1, b"tiny".to_vec());
    let two = part(&mut kit, &upload, 2, b"tiny".to_vec());
    let fault = fails(&mut kit, "CompleteMultipartUpload", complete(&upload, json!([])));
    assert_eq!((fault.code.as_ref(), fault.message.as_str()), ("InvalidRequest", "You must specify at least one part"));
    let fault = fails(&mut kit, "CompleteMultipartUpload", complete(&upload, json!([one, two])));
    assert_eq!((fault.status, fault.code.as_ref()), (400, "EntityTooSmall"));
    for (name, value) in [("ProposedSize", "4"), ("MinSizeAllowed", "5242880"), ("PartNumber", "1")] {
        assert_eq!(field(&fault, name), Some(value));
    }
    for parts in [json!([two, one]), json!([one, one])] {
        let fault = fails(&mut kit, "CompleteMultipartUpload", complete(&upload, parts));
        assert_eq!((fault.status, fault.code.as_ref()), (400, "InvalidPartOrder"));
    }
    for part in
        [json!({ "PartNumber": 7, "ETag": one["ETag"] }), json!({ "PartNumber": 1, "ETag": "\"x\"" }), json!({})]
    {
        let fault = fails(&mut kit, "CompleteMultipartUpload", complete(&upload, json!([part])));
        assert_eq!((fault.status, fault.code.as_ref()), (400, "InvalidPart"));
    }
    for number in [0, -1, 10_001] {
        let input = json!({ "Bucket": "b-1", "Key": "k", "UploadId": upload, "PartNumber": number });
        let fault = fails(&mut kit, "UploadPart", input);
        assert_eq!(fault.message, "Part number must be an integer between 1 and 10000, inclusive");
    }
    put(&mut kit, "k", "there");
    let mut late = complete(&upload, json!([one]));
    late["IfNoneMatch"] = json!("*");
    assert_eq!(fails(&mut kit, "CompleteMultipartUpload", late).status, 412);
    ok(&mut kit, "CompleteMultipartUpload", complete(&upload, json!([one])));
}

#[test]
fn an_upload_belongs_to_its_key_and_can_be_given_up() {
    let mut kit = kit();
    let upload = begin(&mut kit, json!({}));
    for operation in ["UploadPart", "ListParts", "AbortMultipartUpload", "CompleteMultipartUpload"] {
        let other = json!({ "Bucket": "b-1", "Key": "other", "UploadId": upload, "PartNumber": 1 });
        let fault = fails(&mut kit, operation, other);
        assert_eq!(
            (fault.status, fault.code.as_ref(), field(&fault, "UploadId")),
            (404, "NoSuchUpload", Some(upload.as_str()))
        );
    }
    let ask = json!({ "Bucket": "b-1", "Key": "k", "UploadId": upload });
    ok(&mut kit, "AbortMultipartUpload", ask.clone());
    assert_eq!(fails(&mut kit, "AbortMultipartUpload", ask).code, "NoSuchUpload");
    assert_eq!(fails(&mut kit, "GetObject", json!({ "Bucket": "b-1", "Key": "k" })).code, "NoSuchKey");
}

/// As recorded from AWS.
#[test]
fn parts_are_listed_in_pages() {
    let mut kit = kit();
    let upload = begin(&mut kit, json!({}));
    let ask = |more: Value| merged(json!({ "Bucket": "b-1", "Key": "k", "UploadId": upload }), more);
    let empty = ok(&mut kit, "ListParts", ask(json!({})));
    assert_eq!(
        (&empty["NextPartNumberMarker"], &empty["Parts"], &empty["MaxParts"]),
        (&json!(0), &json!([]), &json!(1000))
    );
    for number in [2, 1] {
        part(&mut kit, &upload, number, b"data".to_vec());
    }
    let first = ok(&mut kit, "ListParts", ask(json!({ "MaxParts": 1 })));
    assert_eq!((&first["NextPartNumberMarker"], &first["IsTruncated"]), (&json!(1), &json!(true)));
    let expected = json!({ "PartNumber": 1, "LastModified": "2026-11-24T08:00:00.000Z",
        "ETag": "\"8d777f385d3dfec8815d20f7496026dc\"", "Size": 4 });
    assert_eq!(first["Parts"], json!([expected]));
    let last = ok(&mut kit, "ListParts", ask(json!({ "PartNumberMarker": 1 })));
    assert_eq!((&last["NextPartNumberMarker"], &last["IsTruncated"]), (&json!(2), &json!(false)));
}

#[test]
fn a_part_can_be_copied() {
    let mut kit = kit();
    put(&mut kit, "source", "0123456789");
    let upload = begin(&mut kit, json!({}));
    let copy = |more: Value| {
        merged(
            json!({ "Bucket": "b-1", "Key": "k", "UploadId": upload, "PartNumber": 1, "CopySource": "b-1/source" }),
            more,
        )
    };
    for (range, message) in [
        ("0-8", "The x-amz-copy-source-range value must be of the form"),
        ("bytes=5-", "The x-amz-copy-source-range value must be of the form"),
        ("bytes=-5", "The x-amz-copy-source-range value must be of the form"),
        ("bytes=0-100", "Range specified is not valid for source object of size: 10"),
        ("bytes=50-100", "Range specified is not valid for source object of size: 10"),
    ] {
        let fault = fails(&mut kit, "UploadPartCopy", copy(json!({ "CopySourceRange": range })));
        assert_eq!(fault.code, "InvalidArgument", "{range}");
        assert!(fault.message.starts_with(message), "{range}: {}", fault.message);
    }
    let copied = ok(&mut kit, "UploadPartCopy", copy(json!({ "CopySourceRange": "bytes=2-4" })));
    let parts = json!([{ "PartNumber": 1, "ETag": copied["CopyPartResult"]["ETag"] }]);
    ok(&mut kit, "CompleteMultipartUpload", complete(&upload, parts));
    let reply = kit.s3(&root(ACCOUNT), "GetObject", json!({ "Bucket": "b-1", "Key": "k" }), "").unwrap();
    assert_eq!(super::body(reply), "234");
}

#[test]
fn what_each_step_is_called_in_policies() {
    let mut kit = kit();
    put(&mut kit, "source", "x");
    let upload = begin(&mut kit, json!({}));
    let ask = json!({ "Bucket": "b-1", "Key": "k", "UploadId": upload, "PartNumber": 1, "CopySource": "b-1/source" });
    let cases = [
        ("CreateMultipartUpload", vec!["s3:PutObject"], json!({})),
        ("CreateMultipartUpload", vec!["s3:PutObject", "s3:PutObjectTagging"], json!({ "Tagging": "a=b" })),
        ("UploadPart", vec!["s3:PutObject"], json!({})),
        ("UploadPartCopy", vec!["s3:GetObject", "s3:PutObject"], json!({})),
        ("ListParts", vec!["s3:ListMultipartUploadParts"], json!({})),
        ("AbortMultipartUpload", vec!["s3:AbortMultipartUpload"], json!({})),
    ];
    for (at, (operation, actions, more)) in cases.into_iter().enumerate() {
        let input = merged(ask.clone(), more);
        for missing in &actions {
            let others: Vec<_> = actions.iter().copied().filter(|action| action != missing).collect();
            let statements = if others.is_empty() { json!([]) } else { json!([allow(&others)]) };
            let user = kit.user(&format!("{}-{at}", missing.replace(':', "-")), statements);
            assert_eq!(
                outcome(&mut kit, &user, operation, input.clone()),
                "403 AccessDenied",
                "{operation} without {missing}"
            );
        }
        let user = kit.user(&format!("u{at}"), json!([allow(&actions)]));
        assert_eq!(outcome(&mut kit, &user, operation, input), "ok", "{operation} with {actions:?}");
    }
}

/// "By default, the bucket owner and the initiator of the multipart upload are allowed to perform this action as a part of
/// IAM and S3 bucket polices." "The bucket owner can deny any principal." "With VPC endpoint policies, the initiator of the
/// multipart upload doesn't automatically gain the permission."
/// docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
#[test]
fn whoever_began_an_upload_may_list_its_parts_and_stop_it() {
    let mut kit = kit();
    let ann = kit.user("ann", json!([allow(&["s3:PutObject"])]));
    let bob = kit.user("bob", json!([allow(&["s3:PutObject"])]));
    let deny = json!({ "Effect": "Deny", "Action": "s3:AbortMultipartUpload", "Resource": "*" });
    let eve = kit.user("eve", json!([allow(&["s3:PutObject"]), deny]));
    let mut begun = |who: &std::sync::Arc<account::Identity>| {
        let made = kit.s3(who, "CreateMultipartUpload", json!({ "Bucket": "b-1", "Key": "k" }), "").unwrap();
        json!({ "Bucket": "b-1", "Key": "k", "UploadId": told(made)["UploadId"] })
    };
    let (of_ann, of_eve) = (begun(&ann), begun(&eve));
    for operation in ["ListParts", "AbortMultipartUpload"] {
        assert_eq!(outcome(&mut kit, &bob, operation, of_ann.clone()), "403 AccessDenied", "{operation} of another's");
        assert_eq!(outcome(&mut kit, &ann, operation, of_ann.clone()), "ok", "{operation}");
    }
    assert_eq!(outcome(&mut kit, &ann, "AbortMultipartUpload", of_ann), "403 AccessDenied", "there is none any more");
    assert_eq!(outcome(&mut kit, &eve, "AbortMultipartUpload", of_eve.clone()), "403 AccessDenied", "a Deny");
    // What is not documented: a boundary that does not allow.
    let boundary = testkit::document(json!([allow(&["s3:PutObject"])]));
    let limit = kit.setup("iam:CreatePolicy", json!({ "PolicyName": "limit", "PolicyDocument": boundary }));
    let arn = limit["Policy"]["Arn"].clone();
    kit.setup("iam:PutUserPermissionsBoundary", json!({ "UserName": "eve", "PermissionsBoundary": arn }));
    assert_eq!(outcome(&mut kit, &eve, "ListParts", of_eve), "403 AccessDenied");
    let notes = kit.decisions.last().expect("a decision").decision.notes;
    let rows: Vec<_> = notes.iter().map(|row| row.id).collect();
    assert_eq!(rows, ["initiator-within-limits"]);
}
