//! Bodies in every framing, whole and in arbitrary pieces, and each way they can be wrong.

use bytes::Bytes;
use http::request::Parts;
use proptest::prelude::*;

use super::{BodyError, Complete, Reader};
use crate::signature::Verified;
use crate::signature::tests::{check, parts, verified};

const KIB_64: usize = 65536;

/// AWS's example upload with trailers, seed signature included:
/// docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
fn example() -> (Parts, Verified) {
    let parts = parts(
        "PUT",
        "/examplebucket/chunkObject.txt",
        &[
            ("host", "s3.amazonaws.com"),
            ("x-amz-date", "20130524T000000Z"),
            ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"),
            ("content-encoding", "aws-chunked"),
            ("x-amz-decoded-content-length", "66560"),
            ("x-amz-trailer", "x-amz-checksum-crc32c"),
            (
                "authorization",
                "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=\
                 content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;\
                 x-amz-storage-class;x-amz-trailer,\
                 Signature=106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
            ),
        ],
    );
    let verified = verified(&parts, &check("s3", "2013-05-24T00:00:00Z")).unwrap();
    (parts, verified)
}

/// Its body.
fn example_body() -> Vec<u8> {
    [
        &b"10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n"[..],
        &[b'a'; KIB_64],
        b"\r\n400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n",
        &[b'a'; 1024],
        b"\r\n0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n",
        b"x-amz-checksum-crc32c:sOO8/Q==\r\n",
        b"x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n",
    ]
    .concat()
}

/// Feeds the body in the given pieces, then one byte at a time if they run out.
fn read(
    parts: &Parts,
    verified: Option<&Verified>,
    body: &[u8],
    sizes: &[usize],
) -> Result<(Vec<u8>, Complete), BodyError> {
    let mut reader = Reader::new(parts, verified)?;
    let (mut rest, mut out) = (Bytes::copy_from_slice(body), Vec::new());
    let mut sizes = sizes.iter().copied();
    while !rest.is_empty() {
        let size = sizes.next().unwrap_or(1).clamp(1, rest.len());
        reader.push(rest.split_to(size), &mut out)?;
    }
    let complete = reader.finish()?;
    Ok((out.concat(), complete))
}

fn whole(parts: &Parts, verified: Option<&Verified>, body: &[u8]) -> Result<(Vec<u8>, Complete), BodyError> {
    read(parts, verified, body, &[usize::MAX])
}

fn unsigned_chunks(headers: &[(&str, &str)]) -> Parts {
    let mut all = vec![("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")];
    all.extend_from_slice(headers);
    parts("PUT", "/b/k", &all)
}

#[test]
fn the_published_chunked_upload() {
    let (parts, verified) = example();
    let (payload, complete) = whole(&parts, Some(&verified), &example_body()).unwrap();
    assert_eq!(payload, vec![b'a'; KIB_64 + 1024]);
    let checksum = Some(("x-amz-checksum-crc32c", "sOO8/Q==".to_owned()));
    assert_eq!(complete, Complete { length: 66560, checksum });
}

/// Any one byte of the published body changed: never taken.
#[test]
fn every_byte_of_a_signed_upload_counts() {
    let (parts, verified) = example();
    let body = example_body();
    let near_the_ends = (0..120).chain(KIB_64..KIB_64 + 300).chain(body.len() - 330..body.len());
    for index in near_the_ends {
        // The line ends among the trailers may come without `\r`.
        if index > body.len() - 200 && body[index] == b'\r' {
            continue;
        }
        let mut changed = body.clone();
        changed[index] ^= 1;
        assert!(whole(&parts, Some(&verified), &changed).is_err(), "byte {index} of {}", body.len());
    }
    for end in [0, 50, 5000, KIB_64 + 200, body.len() - 100, body.len() - 2, body.len() - 1] {
        assert!(whole(&parts, Some(&verified), &body[..end]).is_err(), "cut at {end}");
    }
    for more in ["x", "\r\n"] {
        let longer = [&body, more.as_bytes()].concat();
        assert_eq!(whole(&parts, Some(&verified), &longer).map(|_| ()), Err(BodyError::Incomplete));
    }
}

#[test]
fn signed_chunks_need_their_signatures() {
    let (parts, verified) = example();
    let text = String::from_utf8(example_body()).unwrap();
    let without_signature = text.replacen(";chunk-signature=b474", ";chunk-signature=c474", 1);
    assert_eq!(whole(&parts, Some(&verified), without_signature.as_bytes()), Err(BodyError::Signature));
    let bare = "0\r\nx-amz-checksum-crc32c:sOO8/Q==\r\n\r\n";
    assert_eq!(whole(&parts, Some(&verified), bare.as_bytes()), Err(BodyError::Signature));
    let signature_line = text.find("x-amz-trailer-signature").unwrap();
    let unsigned_trailer = format!("{}\r\n", &text[..signature_line]);
    assert_eq!(whole(&parts, Some(&verified), unsigned_trailer.as_bytes()).map(|_| ()), Err(BodyError::Incomplete));
    let renamed = text.replacen("x-amz-trailer-signature", "x-amz-other", 1);
    assert_eq!(whole(&parts, Some(&verified), renamed.as_bytes()).map(|_| ()), Err(BodyError::Incomplete));
    // The form on AWS's page, with an empty line before the signature.
    let spaced = text.replacen("x-amz-trailer-signature", "\r\nx-amz-trailer-signature", 1);
    assert!(whole(&parts, Some(&verified), spaced.as_bytes()).is_ok());
    let late = format!("{}x-late:1\r\n", &text[..text.len() - 2]);
    let mut reader = Reader::new(&parts, Some(&verified)).unwrap();
    assert_eq!(reader.push(late.into(), &mut Vec::new()), Err(BodyError::MalformedTrailer));
    assert!(matches!(Reader::new(&parts, None), Err(BodyError::Signature)));
}

#[test]
fn unsigned_chunks_with_a_trailer() {
    let headers = [("x-amz-decoded-content-length", "9"), ("x-amz-trailer", "x-amz-checksum-crc64nvme")];
    let parts = unsigned_chunks(&headers);
    let run = |body: &str| whole(&parts, None, body.as_bytes());
    let (payload, complete) = run("9\r\n123456789\r\n0\r\nx-amz-checksum-crc64nvme:rosUhgp5mIg=\r\n\r\n").unwrap();
    assert_eq!(payload, b"123456789");
    let checksum = Some(("x-amz-checksum-crc64nvme", "rosUhgp5mIg=".to_owned()));
    assert_eq!(complete, Complete { length: 9, checksum });

    for (body, expected) in [
        (
            "9\r\n123456780\r\n0\r\nx-amz-checksum-crc64nvme:rosUhgp5mIg=\r\n\r\n",
            BodyError::Checksum { algorithm: "CRC64NVME" },
        ),
        ("9\r\n123456789\r\n0\r\n\r\n", BodyError::MalformedTrailer),
        ("9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n", BodyError::MalformedTrailer),
        ("9\r\n123456789\r\n0\r\nrosUhgp5mIg=\r\n\r\n", BodyError::MalformedTrailer),
        (
            "9\r\n123456789\r\n0\r\nx-amz-checksum-crc64nvme:!\r\n\r\n",
            BodyError::ChecksumInvalid { header: "x-amz-checksum-crc64nvme".to_owned() },
        ),
        ("8\r\n12345678\r\n0\r\nx-amz-checksum-crc64nvme:rosUhgp5mIg=\r\n\r\n", BodyError::Incomplete),
        ("a\r\n1234567890\r\n0\r\n\r\n", BodyError::Incomplete),
        ("4\r\n1234\r\n5\r\n56789\r\n0\r\n\r\n", BodyError::SmallChunk { chunk: 2, size: 4 }),
        ("9\r\n123456789XX0\r\n\r\n", BodyError::Incomplete),
        ("9\n123456789\r\n0\r\n\r\n", BodyError::Incomplete),
        ("-9\r\n", BodyError::Incomplete),
        ("+9\r\n123456789\r\n", BodyError::Incomplete),
        ("\r\n", BodyError::Incomplete),
        ("fffffffffffffffff\r\n", BodyError::Incomplete),
        ("", BodyError::Incomplete),
    ] {
        assert_eq!(run(body), Err(expected), "{body:?}");
    }
    let mut reader = Reader::new(&parts, None).unwrap();
    let endless_line = reader.push(Bytes::from("0".repeat(300)), &mut Vec::new());
    assert_eq!(endless_line, Err(BodyError::Incomplete));
    let more = "9\r\n123456789\r\n0\r\nx-amz-checksum-crc64nvme:rosUhgp5mIg=\r\nx-amz-acl:public-read\r\n\r\n";
    assert_eq!(run(more), Err(BodyError::MalformedTrailer));
    let endless = format!("9\r\n123456789\r\n0\r\n{}", "x:y\r\n".repeat(5000));
    assert_eq!(run(&endless), Err(BodyError::MalformedTrailer));
    let no_length = unsigned_chunks(&[]);
    assert!(matches!(Reader::new(&no_length, None), Err(BodyError::LengthMissing)));
}

/// One table for all that a plain body is checked against. The sums are of "Welcome to Amazon S3." by `hashlib`.
#[test]
fn plain_bodies() {
    let text = b"Welcome to Amazon S3.";
    let sha256 = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";
    let claimed = |header: &str, value: &str| match whole(&parts("PUT", "/b/k", &[(header, value)]), None, text) {
        Ok((payload, complete)) => {
            assert_eq!(payload, text);
            assert_eq!(complete.length, 21);
            None
        }
        Err(error) => {
            let answer = error.answer();
            Some((answer.status.as_u16(), answer.code))
        }
    };
    for (header, right) in RIGHT {
        assert_eq!(claimed(header, right), None, "{header}");
    }
    for (header, value, expected) in [
        ("x-amz-content-sha256", &sha256.replace('4', "5")[..], (400, "XAmzContentSHA256Mismatch")),
        ("x-amz-content-sha256", "abc", (400, "InvalidArgument")),
        ("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", (403, "SignatureDoesNotMatch")),
        ("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==", (400, "BadDigest")),
        ("content-md5", "abc", (400, "InvalidDigest")),
        ("content-md5", "YWJj", (400, "InvalidDigest")),
        ("x-amz-checksum-crc32", "AAAAAA==", (400, "BadDigest")),
        ("x-amz-checksum-crc32", "AAAAAAA=", (400, "InvalidRequest")),
        ("x-amz-checksum-sha256", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", (400, "BadDigest")),
        ("x-amz-checksum-xxhash3", "AAAAAAAAAAA=", (501, "NotImplemented")),
    ] {
        assert_eq!(claimed(header, value), Some(expected), "{header}: {value}");
    }
    for ignored in ["x-amz-checksum-algorithm", "x-amz-checksum-type", "x-amz-checksum-mode"] {
        assert_eq!(claimed(ignored, "CRC32"), None, "{ignored}");
    }
    let two = parts("PUT", "/b/k", &[RIGHT[2], RIGHT[3]]);
    assert!(matches!(Reader::new(&two, None), Err(BodyError::ManyChecksums)));
}

const RIGHT: [(&str, &str); 9] = [
    ("x-amz-content-sha256", "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"),
    ("content-md5", "1EfQ6PKJ8WoS/2AnznfCWA=="),
    ("x-amz-checksum-crc32", "Ox7nCg=="),
    ("x-amz-checksum-crc32c", "5G2V+Q=="),
    ("x-amz-checksum-crc64nvme", "tPfi9Kicx+M="),
    ("x-amz-checksum-sha1", "yBt20ll2Oj9Ev3fHrkTHwj+qSZk="),
    ("x-amz-checksum-sha256", "RM591nyVng01JP+sF3Hfu6h9K2tLTpnkIDSouAP4sHI="),
    (
        "x-amz-checksum-sha512",
        "UwaSureAuOyOCt8cUtvvTG+/riNtiYKjEzoWM8cXQsoY7AWQnhOJ3XFNzGIhv7ww+ohf7bi+oYlPghUBOS/sQA==",
    ),
    ("x-amz-checksum-md5", "1EfQ6PKJ8WoS/2AnznfCWA=="),
];

/// CompleteMultipartUpload's checksum is the object's, so its XML is not held against it.
#[test]
fn the_checksum_of_an_object_is_not_that_of_the_body() {
    let header = [("x-amz-checksum-crc32", "AAAAAA==")];
    assert!(whole(&parts("POST", "/b/k?uploadId=1", &header), None, b"<a/>").is_ok());
    assert!(whole(&parts("PUT", "/b/k?uploadId=1&partNumber=1", &header), None, b"<a/>").is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn pieces_make_no_difference(sizes in prop::collection::vec(1usize..9000, 0..40)) {
        let (parts, verified) = example();
        let result = read(&parts, Some(&verified), &example_body(), &sizes);
        prop_assert!(result == whole(&parts, Some(&verified), &example_body()), "{sizes:?}");
    }

    #[test]
    fn no_body_makes_it_panic(body in "([0-9a-f]{0,3}\r?\n|[ -~]{0,20}|\r\n|0\r\n|x-a:b\r\n){0,12}", length in 0u32..40) {
        let length = length.to_string();
        for trailer in ["", "x-a"] {
            let parts = unsigned_chunks(&[("x-amz-decoded-content-length", &length), ("x-amz-trailer", trailer)]);
            let at_once = whole(&parts, None, body.as_bytes());
            prop_assert_eq!(&read(&parts, None, body.as_bytes(), &[]), &at_once);
            if let Ok((payload, complete)) = at_once {
                prop_assert_eq!(payload.len().to_string(), length.clone());
                prop_assert_eq!(complete.checksum, None);
            }
        }
    }
}

/// The length that is declared holds for what comes without framing, too.
#[test]
fn a_declared_length_is_the_payloads() {
    for (length, holds) in [("5", true), ("4", false), ("6", false), ("0", false), ("x", false)] {
        let headers = [("x-amz-decoded-content-length", length), ("x-amz-content-sha256", "UNSIGNED-PAYLOAD")];
        assert_eq!(whole(&parts("PUT", "/b/k", &headers), None, b"hello").is_ok(), holds, "{length}");
    }
}
