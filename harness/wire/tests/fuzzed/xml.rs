//! Bodies of XML, which S3 takes.

use crate::call::{self, Call};
use crate::client::ask;
use crate::stage::Stage;

thread_local! {
    static STAGE: Stage = Stage::new();
}

pub fn check(input: &[u8]) {
    STAGE.with(|stage| call::check(stage, &calls(), input));
}

/// A new one goes to the end: inputs in `fuzz/corpus/` have their numbers.
pub fn calls() -> Vec<Call<'static>> {
    [
        (
            "DeleteObjects",
            "POST",
            "/bucket?delete",
            &b"<?xml version=\"1.0\"?><Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Object><Key>a</Key></Object>\
               <Object><Key>k</Key><VersionId>null</VersionId></Object><Quiet>true</Quiet></Delete>"[..],
        ),
        (
            "PutBucketTagging",
            "PUT",
            "/bucket?tagging",
            b"<Tagging><TagSet><Tag><Key>team</Key><Value>a&amp;b&#x20;</Value></Tag><!-- c --></TagSet></Tagging>",
        ),
        (
            "PutObjectTagging",
            "PUT",
            "/bucket/k?tagging",
            b"<Tagging><TagSet><Tag><Key>a</Key><Value><![CDATA[<b>]]></Value></Tag></TagSet></Tagging>",
        ),
        (
            "PutBucketVersioning",
            "PUT",
            "/bucket?versioning",
            b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
        ),
        (
            "PutPublicAccessBlock",
            "PUT",
            "/bucket?publicAccessBlock",
            b"<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>",
        ),
        (
            "CreateBucket",
            "PUT",
            "/other",
            b"<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>",
        ),
        (
            "CompleteMultipartUpload",
            "POST",
            "/bucket/k?uploadId=u",
            b"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>\"e\"</ETag></Part></CompleteMultipartUpload>",
        ),
        ("PutBucketAbac", "PUT", "/bucket?abac", b"<AbacStatus><Status>Enabled</Status></AbacStatus>"),
    ]
    .map(|(operation, method, target, body)| Call { service: "s3", operation, request: ask(method, target).body(body) })
    .into()
}
