//! The calls that no SDK here makes: S3 Control's tagging, CloudWatch Logs and one of EC2, signed by aws-sigv4; and what
//! emulators are asked outside AWS's APIs.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sigv4::http_request::{
    PercentEncodingMode, SignableBody, SignableRequest, SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use matrix::api::{ApiCall, CallError, Refusal};
use serde_json::{Value, json};

use super::input::Input;
use super::reply::Reply;
use super::{cause, unknown};

/// Signs and sends.
#[derive(Clone, Debug)]
pub(super) struct Sender {
    connector: SharedHttpConnector,
    credentials: SharedCredentialsProvider,
    destination: Destination,
    region: String,
}

/// Where calls go.
#[derive(Clone, Debug)]
pub(super) enum Destination {
    /// All of them to one URL.
    Url(String),
    /// To AWS.
    Aws,
}

impl Destination {
    /// docs.aws.amazon.com/general/latest/gr/s3.html
    fn url(&self, call: &ApiCall, region: &str) -> Result<String, CallError> {
        match (self, call.service) {
            (Self::Url(url), _) => Ok(url.clone()),
            (Self::Aws, "s3control") => {
                let account = Input(&call.input).text("AccountId").unwrap_or_default();
                let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
                Ok(format!("https://{account}.s3-control.{region}.{suffix}"))
            }
            (Self::Aws, _) => Err(unknown(call)),
        }
    }
}

/// What is signed and sent.
pub(super) struct Message {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) signing_name: &'static str,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
}

impl Sender {
    pub(super) fn new(
        connector: SharedHttpConnector,
        credentials: SharedCredentialsProvider,
        destination: Destination,
        region: &str,
    ) -> Self {
        Self { connector, credentials, destination, region: region.to_owned() }
    }

    pub(super) async fn send(&self, call: &ApiCall) -> Result<Reply, CallError> {
        let message = match (call.service, call.operation) {
            ("s3control", "TagResource") => tag_resource(Input(&call.input)),
            ("logs", operation) => logs(operation, &call.input),
            ("ec2", "DescribeSubnets") => describe_subnets(),
            _ => return Err(unknown(call)),
        };
        let (status, request_id, text) = self.connected(self.sign(self.url(call)?, message).await?).await?;
        let answer = || if call.service == "ec2" { subnets(&text) } else { Value::Null };
        Ok(Reply { result: if status < 300 { Ok(answer()) } else { Err(refusal(status, &text)) }, request_id })
    }

    /// What somebody answers to a request outside AWS's APIs: status and body.
    pub(super) async fn plain(&self, method: &str, path: &str, body: &'static str) -> Result<(u16, String), CallError> {
        let Destination::Url(url) = &self.destination else { return Err(CallError::not_sent("AWS has no such path")) };
        let request = http::Request::builder().method(method).uri(format!("{url}{path}"));
        let request = request.header("content-type", "text/plain").body(SdkBody::from(body));
        let request = request.map_err(|error| CallError::no_answer(error.to_string()))?;
        let request = HttpRequest::try_from(request).map_err(|error| CallError::no_answer(error.to_string()))?;
        let (status, _, text) = self.connected(request).await?;
        Ok((status, text))
    }

    /// Where a call goes.
    pub(super) fn url(&self, call: &ApiCall) -> Result<String, CallError> {
        self.destination.url(call, &self.region)
    }

    pub(super) async fn connected(&self, request: HttpRequest) -> Result<(u16, Option<String>, String), CallError> {
        let unanswered = |error: &(dyn std::error::Error + 'static)| CallError::no_answer(cause(error));
        let mut response = self.connector.call(request).await.map_err(|error| unanswered(&error))?;
        let status = response.status().as_u16();
        let id = ["x-amzn-requestid", "x-amz-request-id"].iter().find_map(|name| response.headers().get(*name));
        let request_id = id.map(str::to_owned);
        let mut body = SdkBody::taken();
        std::mem::swap(&mut body, response.body_mut());
        let bytes = aws_smithy_types::byte_stream::ByteStream::new(body).collect().await;
        let bytes = bytes.map_err(|error| unanswered(&error))?.into_bytes();
        Ok((status, request_id, String::from_utf8_lossy(&bytes).into_owned()))
    }

    pub(super) async fn credentials(&self) -> Result<Credentials, CallError> {
        self.credentials.provide_credentials().await.map_err(|error| CallError::no_answer(cause(&error)))
    }

    pub(super) async fn sign(&self, url: String, message: Message) -> Result<HttpRequest, CallError> {
        let unsent = |error: &(dyn std::error::Error + 'static)| CallError::no_answer(cause(error));
        let identity = self.credentials().await?.into();
        // S3 takes paths as they are; every other service signs them encoded once more.
        let mut settings = SigningSettings::default();
        settings.payload_checksum_kind = aws_sigv4::http_request::PayloadChecksumKind::XAmzSha256;
        if message.signing_name == "s3" {
            settings.percent_encoding_mode = PercentEncodingMode::Single;
            settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        }
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(message.signing_name)
            .time(SystemTime::now())
            .settings(settings)
            .build()
            .map_err(|error| unsent(&error))?
            .into();
        let uri = format!("{url}{}", message.path);
        let mut request = http::Request::builder().method(message.method).uri(&uri);
        for (name, value) in &message.headers {
            request = request.header(*name, value);
        }
        let headers = message.headers.iter().map(|(name, value)| (*name, value.as_str()));
        let body = SignableBody::Bytes(message.body.as_bytes());
        let signable = SignableRequest::new(message.method, &uri, headers, body).map_err(|error| unsent(&error))?;
        let (instructions, _) = sign(signable, &parameters).map_err(|error| unsent(&error))?.into_parts();
        let mut request = request.body(SdkBody::from(message.body)).map_err(|error| unsent(&error))?;
        instructions.apply_to_request_http1x(&mut request);
        HttpRequest::try_from(request).map_err(|error| unsent(&error))
    }
}

/// docs.aws.amazon.com/AmazonS3/latest/API/API_control_TagResource.html
fn tag_resource(input: Input<'_>) -> Message {
    let tags: String = input
        .parts("Tags")
        .map(|tag| {
            let [key, value] = ["Key", "Value"].map(|name| escape(&tag.text(name).unwrap_or_default()));
            format!("<Tag><Key>{key}</Key><Value>{value}</Value></Tag>")
        })
        .collect();
    let arn = input.text("ResourceArn").unwrap_or_default();
    Message {
        method: "POST",
        path: format!("/v20180820/tags/{}", percent(&arn)),
        signing_name: "s3",
        headers: vec![
            ("content-type", "application/xml".to_owned()),
            ("x-amz-account-id", input.text("AccountId").unwrap_or_default()),
        ],
        body: format!(
            r#"<TagResourceRequest xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"><Tags>{tags}</Tags></TagResourceRequest>"#
        ),
    }
}

/// docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
fn logs(operation: &str, input: &Value) -> Message {
    Message {
        method: "POST",
        path: "/".to_owned(),
        signing_name: "logs",
        headers: vec![
            ("content-type", "application/x-amz-json-1.1".to_owned()),
            ("x-amz-target", format!("Logs_20140328.{operation}")),
        ],
        body: input.to_string(),
    }
}

/// docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSubnets.html
fn describe_subnets() -> Message {
    Message {
        method: "POST",
        path: "/".to_owned(),
        signing_name: "ec2",
        headers: vec![("content-type", "application/x-www-form-urlencoded; charset=utf-8".to_owned())],
        body: "Action=DescribeSubnets&Version=2016-11-15".to_owned(),
    }
}

fn subnets(body: &str) -> Value {
    let ids = body.split("<subnetId>").skip(1).filter_map(|rest| rest.split_once('<'));
    json!({"Subnets": ids.map(|(id, _)| json!({"SubnetId": id})).collect::<Vec<_>>()})
}

/// Code and message out of either error shape.
pub(super) fn refusal(status: u16, body: &str) -> CallError {
    if let Ok(json) = serde_json::from_str::<Value>(body) {
        let input = Input(&json);
        let code = input.text("__type").unwrap_or_default();
        let message = input.text("message").or_else(|| input.text("Message")).unwrap_or_default();
        return Refusal { status, code: code.rsplit('#').next().unwrap_or_default().to_owned(), message }.into();
    }
    let (code, message) = (element(body, "Code"), element(body, "Message"));
    Refusal { status, code: code.unwrap_or_else(|| status.to_string()), message: message.unwrap_or_default() }.into()
}

/// The text of the first element of that name.
pub(super) fn element(body: &str, name: &str) -> Option<String> {
    let (_, rest) = body.split_once(&format!("<{name}>"))?;
    Some(unescape(rest.split_once("</")?.0))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn unescape(text: &str) -> String {
    text.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&apos;", "'").replace("&amp;", "&")
}

/// A path segment as the SDKs encode it: colons too.
fn percent(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
