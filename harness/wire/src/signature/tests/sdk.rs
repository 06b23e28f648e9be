//! Any request that the SDK's signer signs holds, and no other secret makes it hold.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use proptest::prelude::*;

use super::{Key, SignatureError, check, verified};

/// 2026-11-23T10:30:00Z
const SECONDS: u64 = 1_795_429_800;

#[derive(Debug, Clone, Copy)]
enum Way {
    Header,
    Presigned,
}

/// A URI's own characters and escapes, as clients send them.
fn uri_text() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop_oneof![
            "[a-zA-Z0-9._~-]",
            Just("%20".to_owned()),
            Just("%2B".to_owned()),
            Just("%25".to_owned()),
            Just("%C3%BC".to_owned()),
            Just("%3D".to_owned()),
            Just("%26".to_owned()),
        ],
        0..6,
    )
    .prop_map(|pieces| pieces.concat())
}

prop_compose! {
    fn target()(
        segments in prop::collection::vec(uri_text(), 0..5),
        query in prop::collection::vec((uri_text(), prop::option::of(uri_text())), 0..5),
    ) -> String {
        let pairs: Vec<String> = query
            .into_iter()
            .filter(|(name, _)| !name.is_empty())
            .map(|(name, value)| value.map_or(name.clone(), |value| format!("{name}={value}")))
            .collect();
        let path = format!("/{}", segments.join("/"));
        if pairs.is_empty() { path } else { format!("{path}?{}", pairs.join("&")) }
    }
}

fn signed(service: &str, way: Way, target: &str, header: &str, body: &[u8]) -> http::Request<()> {
    let identity =
        Credentials::new("AKIAIOSFODNN7EXAMPLE", super::SECRET, Some("t/o+k=".to_owned()), None, "test").into();
    let mut settings = SigningSettings::default();
    if service == "s3" {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    if let Way::Presigned = way {
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(Duration::from_secs(60));
        settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
    }
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region("eu-west-1")
        .name(service)
        .time(SystemTime::UNIX_EPOCH + Duration::from_secs(SECONDS))
        .settings(settings)
        .build()
        .unwrap()
        .into();
    let uri = format!("http://localhost:4566{target}");
    let body = match way {
        Way::Presigned if service == "s3" => SignableBody::UnsignedPayload,
        _ => SignableBody::Bytes(body),
    };
    let headers = [("x-amz-meta-note", header)];
    let request = SignableRequest::new("PUT", uri.as_str(), headers.into_iter(), body).unwrap();
    let instructions = sign(request, &params).unwrap().into_parts().0;
    let mut request =
        http::Request::builder().method("PUT").uri(&uri).header("x-amz-meta-note", header).body(()).unwrap();
    instructions.apply_to_request_http1x(&mut request);
    // What a server gets: the origin form, and the host in its header.
    let path = request.uri().path_and_query().unwrap().as_str().to_owned();
    *request.uri_mut() = path.parse().unwrap();
    request.headers_mut().insert("host", "localhost:4566".parse().unwrap());
    request
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_the_sdk_signs_holds(
        service in prop_oneof![Just("s3"), Just("sts"), Just("ecs")],
        way in prop_oneof![Just(Way::Header), Just(Way::Presigned)],
        target in target(),
        header in "[ -~]{0,20}",
        body in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let parts = signed(service, way, &target, &header, &body).into_parts().0;
        let mut check = check(service, super::NOW);
        check.key = Some(Key { secret: super::SECRET, token: Some("t/o+k="), expires: None });
        check.body = &body;
        let result = verified(&parts, &check);
        prop_assert!(result.is_ok(), "{result:#?}");

        check.key = Some(Key { secret: "another", token: Some("t/o+k="), expires: None });
        let refused = verified(&parts, &check);
        prop_assert!(matches!(refused, Err(SignatureError::Mismatch(_))), "{refused:?}");
    }
}
