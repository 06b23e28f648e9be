//! What a request says of its body must hold, however it is signed and wherever it says so, with an emulator behind the
//! account and without.

use wire::Upstream;

use crate::client::{ClientRequest, World, ask, element, presigned, root, signature_of_words, world, world_before};
use crate::signed::version_2;

const OTHER_HASH: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
const OTHER_MD5: &str = "XUFAKrxLKna5cZ2REBfFkg==";

/// An account by itself, and one in front of it.
async fn worlds() -> [World; 2] {
    let alone = world().await;
    assert_eq!(alone.s3(&root(), ask("PUT", "/bucket")).await.status, 200);
    let key = account::AccessKey { id: "test".to_owned(), secret: "test".to_owned() };
    let upstream = Upstream { url: alone.server.url(), root: key, region: "us-east-1".to_owned(), has_ecs: false };
    let before = world_before(Some(upstream)).await;
    [alone, before]
}

/// The code of the answer; `None`: the object was put.
async fn code(world: &World, ask: ClientRequest<'_>) -> Option<String> {
    let answer = world.plain(ask).await;
    (answer.status != 200).then(|| element(&answer.text(), "Code"))
}

#[tokio::test]
async fn by_a_url_of_version_2() {
    let large = vec![7; 100_000];
    for world in &worlds().await {
        for (name, value, expected) in [
            ("content-md5", OTHER_MD5, "BadDigest"),
            ("x-amz-content-sha256", OTHER_HASH, "XAmzContentSHA256Mismatch"),
            ("x-amz-content-sha256", "nonsense", "InvalidArgument"),
            ("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "SignatureDoesNotMatch"),
            ("x-amz-decoded-content-length", "4", "IncompleteBody"),
            ("x-amz-checksum-crc32", "AAAAAA==", "BadDigest"),
        ] {
            let put = ask("PUT", "/bucket/two").header(name, value);
            let target = version_2(&put);
            for body in [&b"hello world"[..], &large] {
                let put = ask("PUT", &target).header(name, value).body(body);
                assert_eq!(code(world, put).await.as_deref(), Some(expected), "{name}: {value}, {}", body.len());
            }
        }
        assert_eq!(world.s3(&root(), ask("GET", "/bucket/two")).await.status, 404);
        let target = version_2(&ask("PUT", "/bucket/two"));
        assert_eq!(code(world, ask("PUT", &target).body(b"hello world")).await, None);
        assert_eq!(world.s3(&root(), ask("DELETE", "/bucket/two")).await.status, 204);
    }
}

#[tokio::test]
async fn in_a_url_of_version_4() {
    let large = vec![7; 100_000];
    for world in &worlds().await {
        for (parameter, expected) in [
            ("Content-MD5=XUFAKrxLKna5cZ2REBfFkg%3D%3D", Some("BadDigest")),
            ("content-md5=XUFAKrxLKna5cZ2REBfFkg%3D%3D", Some("BadDigest")),
            ("X-Amz-Decoded-Content-Length=4", Some("IncompleteBody")),
            ("x-amz-decoded-content-length=400000", Some("IncompleteBody")),
            ("x-id=PutObject", None),
        ] {
            let target = presigned(&world.address(), "s3", &root(), &ask("PUT", &format!("/bucket/url?{parameter}")));
            for body in [&b"hello world"[..], &large] {
                let got = code(world, ask("PUT", &target).body(body)).await;
                assert_eq!(got.as_deref(), expected, "{parameter}, {}", body.len());
            }
        }
        assert_eq!(world.s3(&root(), ask("DELETE", "/bucket/url")).await.status, 204);
    }
}

#[tokio::test]
async fn in_headers() {
    let large = vec![7; 100_000];
    for world in &worlds().await {
        for (word, name, value, expected) in [
            (OTHER_HASH, "x-a", "", "XAmzContentSHA256Mismatch"),
            ("UNSIGNED-PAYLOAD", "content-md5", OTHER_MD5, "BadDigest"),
            ("UNSIGNED-PAYLOAD", "content-md5", "hello", "InvalidDigest"),
            ("UNSIGNED-PAYLOAD", "x-amz-decoded-content-length", "4", "IncompleteBody"),
            ("UNSIGNED-PAYLOAD", "x-amz-decoded-content-length", "200000", "IncompleteBody"),
            ("UNSIGNED-PAYLOAD", "x-amz-checksum-sha1", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "BadDigest"),
        ] {
            for body in [&b"hello world"[..], &large] {
                let put =
                    || ask("PUT", "/bucket/k").header(name, value).header("x-amz-content-sha256", word).body(body);
                let signed = signature_of_words(&world.address(), &root(), &put(), word);
                let answer = crate::client::Connection::open(&world.address()).await.send(&put(), &signed).await;
                let given = element(&answer.text(), "Code");
                assert_eq!(given, expected, "{word} {name}: {value}, {}", body.len());
            }
        }
        assert_eq!(world.s3(&root(), ask("GET", "/bucket/k")).await.status, 404);
    }
}
