//! Signatures of requests to S3 by the key `test`, as the SDKs make them.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings, UriPathNormalizationMode,
    sign,
};
use aws_sigv4::sign::v4;

/// The lines that sign the head of a request, and not its body.
pub(crate) fn lines(address: &str, method: &str, target: &str) -> String {
    let identity = Credentials::new("test", "test", None, None, "bench").into();
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region("us-east-1")
        .name("s3")
        .time(SystemTime::now())
        .settings(settings)
        .build()
        .unwrap()
        .into();
    let uri = format!("http://{address}{target}");
    let request = SignableRequest::new(method, uri, [].into_iter(), SignableBody::UnsignedPayload).unwrap();
    let (headers, _) = sign(request, &params).unwrap().into_parts().0.into_parts();
    headers.iter().map(|header| format!("{}: {}\r\n", header.name(), header.value())).collect()
}
