//! Requests to every protocol, signed in every way.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::client::{ClientRequest, ask, presigned, raw, root, signature, signature_of_words};

/// The first chunk of what is sent in chunks that are signed: only the last may have less than 8 KiB.
pub(crate) const CHUNK: [u8; 16384] = [b'a'; 16384];

/// Those that the root user signed. A new one goes to the end: inputs in `fuzz/corpus/` have their numbers.
pub(crate) fn requests(address: &str) -> Vec<Vec<u8>> {
    let signed = |service: &str, ask: ClientRequest<'_>| {
        let signature = signature(address, service, &root(), &ask);
        raw(address, &ask, &signature)
    };
    let delete =
        b"<Delete><Object><Key>a</Key></Object><Object><Key>b</Key><VersionId>null</VersionId></Object></Delete>";
    let framed = b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n";
    let word = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
    let stream = ask("PUT", "/bucket/stream")
        .header("x-amz-content-sha256", word)
        .header("content-encoding", "aws-chunked")
        .header("x-amz-decoded-content-length", "5")
        .header("x-amz-trailer", "x-amz-checksum-crc32")
        .body(framed);
    let form = b"Action=CreateUser&UserName=ann&Tags.member.1.Key=team&Tags.member.1.Value=a%20b&Version=2010-05-08";
    let url = presigned(address, "s3", &root(), &ask("GET", "/bucket/k?response-content-type=text%2Fplain"));
    let old = version_2(&ask("GET", "/bucket/k"));
    vec![
        signed("s3", ask("GET", "/bucket?list-type=2&prefix=a%20b&delimiter=%2F")),
        signed("s3", ask("PUT", "/bucket/a/../b%2Bc").header("x-amz-tagging", "a=1&b=2").body(b"hello")),
        signed("s3", ask("POST", "/bucket?delete").header("content-md5", "SSDjOy4dJjyhdBpVFmdlGg==").body(delete)),
        signed("s3", ask("PUT", "/bucket/copy").header("x-amz-copy-source", "/bucket/k")),
        signed("iam", ask("POST", "/").header("content-type", "application/x-www-form-urlencoded").body(form)),
        signed(
            "ecs",
            ask("POST", "/")
                .header("content-type", "application/x-amz-json-1.1")
                .header("x-amz-target", "AmazonEC2ContainerServiceV20141113.CreateCluster")
                .body(br#"{"clusterName":"c","tags":[{"key":"team","value":"a"}]}"#),
        ),
        raw(address, &stream, &signature_of_words(address, &root(), &stream, word)),
        raw(address, &ask("GET", &url), &[]),
        raw(address, &ask("GET", &old), &[]),
        in_chunks(address, &[&CHUNK, b"hello"], None),
        in_chunks(address, &[&CHUNK, b"hello"], Some("x-amz-checksum-crc32:A3TfLQ==")),
    ]
}

/// Signature Version 2 as botocore makes it, over the headers of the request.
/// docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html
pub(crate) fn version_2(ask: &ClientRequest<'_>) -> String {
    let header = |name: &str| ask.headers.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
    let mut own: Vec<_> = ask.headers.iter().filter(|(name, _)| name.starts_with("x-amz-")).collect();
    own.sort();
    let own: String = own.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let text = format!("{}\n{}\n\n2000000000\n{own}{}", ask.method, header("content-md5"), ask.target);
    let mut mac = Hmac::<Sha1>::new_from_slice(b"test").unwrap();
    mac.update(text.as_bytes());
    let signature = STANDARD.encode(mac.finalize().into_bytes()).replace('+', "%2B").replace('=', "%3D");
    format!("{}?AWSAccessKeyId=test&Expires=2000000000&Signature={signature}", ask.target)
}

/// An object in chunks that are signed one by one, with one trailer or none.
/// docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and sigv4-streaming-trailers.html
fn in_chunks(address: &str, chunks: &[&[u8]], trailer: Option<&str>) -> Vec<u8> {
    let length = chunks.iter().map(|chunk| chunk.len()).sum::<usize>().to_string();
    let mut stream = ask("PUT", "/bucket/stream")
        .header("content-encoding", "aws-chunked")
        .header("x-amz-decoded-content-length", &length);
    let mut word = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    if let Some((name, _)) = trailer.and_then(|trailer| trailer.split_once(':')) {
        word = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
        stream = stream.header("x-amz-trailer", name);
    }
    let stream = stream.header("x-amz-content-sha256", word);
    let signature = signature_of_words(address, &root(), &stream, word);
    let value = |name: &str| signature.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value);
    let seed = value("authorization").rsplit_once("Signature=").unwrap().1;
    let mut chain = Chain { stamp: value("x-amz-date"), previous: seed.to_owned() };
    let mut body = Vec::new();
    for chunk in chunks.iter().copied().chain([&b""[..]]) {
        let signature = chain.next("PAYLOAD", &format!("{}\n{}", hash(b""), hash(chunk)));
        body.extend(format!("{:x};chunk-signature={signature}\r\n", chunk.len()).into_bytes());
        body.extend(chunk);
        body.extend(if chunk.is_empty() { &b""[..] } else { b"\r\n" });
    }
    if let Some(trailer) = trailer {
        let signature = chain.next("TRAILER", &hash(format!("{trailer}\n").as_bytes()));
        body.extend(format!("{trailer}\r\nx-amz-trailer-signature:{signature}\r\n").into_bytes());
    }
    body.extend(b"\r\n");
    raw(address, &stream.body(&body), &signature)
}

/// Signatures of which each counts the one before.
struct Chain<'r> {
    stamp: &'r str,
    previous: String,
}

impl Chain<'_> {
    fn next(&mut self, kind: &str, content: &str) -> String {
        let (stamp, day) = (self.stamp, &self.stamp[..8]);
        let scope = format!("{day}/us-east-1/s3/aws4_request");
        let text = format!("AWS4-HMAC-SHA256-{kind}\n{stamp}\n{scope}\n{}\n{content}", self.previous);
        let key = [day, "us-east-1", "s3", "aws4_request", &text]
            .into_iter()
            .fold(b"AWS4test".to_vec(), |key, part| hmac_sha256(&key, part.as_bytes()));
        self.previous = hex(&key);
        self.previous.clone()
    }
}

fn hmac_sha256(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
