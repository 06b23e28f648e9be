//! AWS's published examples: docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html,
//! sigv4-query-string-auth.html, sigv4-streaming.html and sigv4-streaming-trailers.html.

use super::{Check, Key, at, check, parts, verified};
use crate::answer::Protocol;
use crate::hash::{EMPTY_SHA256, sha256};
use crate::signature::Payload;

const DAY: &str = "2013-05-24T00:00:00Z";
const HOST: (&str, &str) = ("host", "examplebucket.s3.amazonaws.com");
const DATE: (&str, &str) = ("x-amz-date", "20130524T000000Z");
const NO_BODY: (&str, &str) = ("x-amz-content-sha256", EMPTY_SHA256);

fn authorization(signed: &str, signature: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,\
         SignedHeaders={signed},Signature={signature}"
    )
}

fn holds(method: &str, target: &str, headers: &[(&str, &str)], signed: &str, signature: &str) -> Payload {
    let authorization = authorization(signed, signature);
    let mut headers = headers.to_vec();
    headers.push(("authorization", &authorization));
    verified(&parts(method, target, &headers), &check("s3", DAY)).unwrap().payload
}

#[test]
fn get_object() {
    let headers = [HOST, ("range", "bytes=0-9"), NO_BODY, DATE];
    let signature = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";
    holds("GET", "/test.txt", &headers, "host;range;x-amz-content-sha256;x-amz-date", signature);
}

#[test]
fn put_object() {
    let headers = [
        HOST,
        ("date", "Fri, 24 May 2013 00:00:00 GMT"),
        DATE,
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        ("x-amz-content-sha256", "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"),
    ];
    let payload = holds(
        "PUT",
        "/test$file.text",
        &headers,
        "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    );
    assert_eq!(payload, Payload::Hashed(sha256(b"Welcome to Amazon S3.")));
}

#[test]
fn get_bucket_lifecycle() {
    let signature = "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543";
    holds("GET", "/?lifecycle", &[HOST, NO_BODY, DATE], "host;x-amz-content-sha256;x-amz-date", signature);
}

#[test]
fn list_objects() {
    let signature = "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7";
    holds("GET", "/?max-keys=2&prefix=J", &[HOST, NO_BODY, DATE], "host;x-amz-content-sha256;x-amz-date", signature);
}

#[test]
fn presigned_url() {
    let target = "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256\
        &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
        &X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host\
        &X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
    let parts = parts("GET", target, &[HOST]);
    for now in [DAY, "2013-05-25T00:00:00Z"] {
        assert_eq!(verified(&parts, &check("s3", now)).unwrap().payload, Payload::Unsigned, "{now}");
    }
}

/// The seed signatures of both chunked examples, then each chunk's own, in their order.
#[test]
fn chunked_uploads() {
    let headers = [
        ("host", "s3.amazonaws.com"),
        DATE,
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        ("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
        ("content-encoding", "aws-chunked"),
        ("x-amz-decoded-content-length", "66560"),
        ("content-length", "66824"),
        (
            "authorization",
            &authorization(
                "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;\
                 x-amz-storage-class",
                "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
            ),
        ),
    ];
    let mut chain =
        verified(&parts("PUT", "/examplebucket/chunkObject.txt", &headers), &check("s3", DAY)).unwrap().chain.unwrap();
    for (length, signature) in [
        (65536, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"),
        (1024, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"),
        (0, "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"),
    ] {
        assert!(chain.chunk(&sha256(&vec![b'a'; length]), signature), "{length}");
    }
}

#[test]
fn chunked_upload_with_a_trailer() {
    let headers = [
        ("host", "s3.amazonaws.com"),
        DATE,
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        ("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"),
        ("content-encoding", "aws-chunked"),
        ("x-amz-decoded-content-length", "66560"),
        ("x-amz-trailer", "x-amz-checksum-crc32c"),
        ("content-length", "66824"),
        (
            "authorization",
            &authorization(
                "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;\
                 x-amz-storage-class;x-amz-trailer",
                "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
            ),
        ),
    ];
    let mut chain =
        verified(&parts("PUT", "/examplebucket/chunkObject.txt", &headers), &check("s3", DAY)).unwrap().chain.unwrap();
    for (length, signature) in [
        (65536, "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2"),
        (1024, "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7"),
        (0, "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992"),
    ] {
        assert!(chain.chunk(&sha256(&vec![b'a'; length]), signature), "{length}");
    }
    let trailer = sha256(b"x-amz-checksum-crc32c:sOO8/Q==\n");
    assert!(chain.trailer(&trailer, "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435"));
}

/// Cases of the Signature Version 4 test suite (docs.aws.amazon.com/general/latest/gr/signature-v4-test-suite.html),
/// as the SDKs carry it.
#[test]
fn test_suite() {
    const TOKEN: &str = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
    let check = Check {
        protocol: Protocol::Json,
        service: "service",
        region: Some("us-east-1"),
        key: Some(Key { secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token: None, expires: None }),
        now: at("2015-08-30T12:36:00Z"),
        body: b"",
    };
    let holds = |case: &str, method: &str, target: &str, more: &[(&str, &str)], signed: &str, signature: &str| {
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
             SignedHeaders={signed}, Signature={signature}"
        );
        let mut headers = vec![("host", "example.amazonaws.com"), ("x-amz-date", "20150830T123600Z")];
        headers.extend_from_slice(more);
        headers.push(("authorization", &authorization));
        let token = more.iter().find(|(name, _)| *name == "x-amz-security-token").map(|(_, token)| *token);
        let key = check.key.map(|key| Key { token, ..key });
        let result = verified(&parts(method, target, &headers), &Check { key, ..check });
        assert!(result.is_ok(), "{case}: {result:#?}");
    };
    let duplicates = [("my-header1", "value2"), ("my-header1", "value2"), ("my-header1", "value1")];
    let spaces = [("my-header1", " value1"), ("my-header2", " \"a   b   c\"")];
    for (case, method, target, headers, signed, signature) in [
        (
            "get-header-key-duplicate",
            "GET",
            "/",
            &duplicates[..],
            "host;my-header1;x-amz-date",
            "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
        ),
        (
            "get-header-value-trim",
            "GET",
            "/",
            &spaces,
            "host;my-header1;my-header2;x-amz-date",
            "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
        ),
        (
            "get-vanilla-query-order-encoded",
            "GET",
            "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
            &[],
            "host;x-amz-date",
            "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac",
        ),
        (
            "get-utf8",
            "GET",
            "/ሴ",
            &[],
            "host;x-amz-date",
            "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
        ),
        (
            "get-slashes-normalized",
            "GET",
            "//example//",
            &[],
            "host;x-amz-date",
            "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84",
        ),
        (
            "get-relative-relative-normalized",
            "GET",
            "/example1/example2/../..",
            &[],
            "host;x-amz-date",
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        ),
        (
            "post-sts-header-after",
            "POST",
            "/",
            &[("x-amz-security-token", TOKEN)],
            "host;x-amz-date",
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
        ),
    ] {
        holds(case, method, target, headers, signed, signature);
    }
}
