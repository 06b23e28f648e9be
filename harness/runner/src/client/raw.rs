//! The calls that no SDK's builder makes here, written as AWS's API model says and signed by aws-sigv4; one call of EC2,
//! whose model is not built in; and what emulators are asked outside AWS's APIs.

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
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use matrix::call::{ApiCall, CallError, Refusal};
use model::{Model, Operation};
use protocol::xml;
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
    pub(super) method: String,
    pub(super) path: String,
    pub(super) signing_name: &'static str,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Bytes,
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
        let (message, operation) = match (call.service, call.operation) {
            ("ec2", "DescribeSubnets") => (describe_subnets(), None),
            _ => {
                let modelled = Modelled::of(call).ok_or_else(|| unknown(call))?;
                (modelled.message(call)?, Some(modelled))
            }
        };
        let (status, request_id, text) = self.connected(self.sign(self.url(call)?, message).await?).await?;
        let result = match operation {
            _ if status >= 300 => Err(refusal(status, &text)),
            Some(modelled) => modelled.answer(text),
            None => subnets(&text),
        };
        Ok(Reply { result, request_id })
    }

    /// What somebody answers to a request outside AWS's APIs: status and body.
    pub(super) async fn plain(&self, method: &str, path: &str, body: &'static str) -> Result<(u16, String), CallError> {
        let Destination::Url(url) = &self.destination else { return Err(CallError::not_sent("AWS has no such path")) };
        let request = http::Request::builder().method(method).uri(format!("{url}{path}"));
        let request = request.header("content-type", "text/plain").body(SdkBody::from(body));
        let request = request.map_err(|error| CallError::not_sent(error.to_string()))?;
        let request = HttpRequest::try_from(request).map_err(|error| CallError::not_sent(error.to_string()))?;
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
        let unsent = |error: &(dyn std::error::Error + 'static)| CallError::not_sent(cause(error));
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
        let mut request = http::Request::builder().method(message.method.as_str()).uri(&uri);
        for (name, value) in &message.headers {
            request = request.header(name, value);
        }
        let headers = message.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let body = SignableBody::Bytes(&message.body);
        let signable =
            SignableRequest::new(message.method.as_str(), &uri, headers, body).map_err(|error| unsent(&error))?;
        let (instructions, _) = sign(signable, &parameters).map_err(|error| unsent(&error))?.into_parts();
        let mut request = request.body(SdkBody::from(message.body)).map_err(|error| unsent(&error))?;
        instructions.apply_to_request_http1x(&mut request);
        HttpRequest::try_from(request).map_err(|error| unsent(&error))
    }
}

/// An operation of a service whose API model is here.
struct Modelled {
    model: &'static Model,
    operation: &'static Operation,
}

impl Modelled {
    fn of(call: &ApiCall) -> Option<Self> {
        let model = model::of(call.service)?;
        model.operation(call.operation).map(|operation| Self { model, operation })
    }

    fn message(&self, call: &ApiCall) -> Result<Message, CallError> {
        let members = call.input.as_object().cloned().unwrap_or_default();
        let message = protocol::Message { members, payload: call.body.clone() };
        let request = protocol::encode_request(self.model, self.model.protocol, self.operation, &message);
        let request = request.map_err(|malformed| CallError::not_sent(malformed.to_string()))?;
        let headers = request
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        let query = if request.query.is_empty() { String::new() } else { format!("?{}", request.query) };
        Ok(Message {
            method: request.method.to_string(),
            path: format!("{}{query}", request.path),
            signing_name: &self.model.signing_name,
            headers: headers.collect(),
            body: request.body,
        })
    }

    fn answer(&self, text: String) -> Result<Value, CallError> {
        let answer = protocol::Answer { status: StatusCode::OK, headers: HeaderMap::new(), body: text.into() };
        let read = protocol::decode_answer(self.model, self.model.protocol, self.operation, &answer);
        let read = read.map_err(|malformed| CallError::no_answer(malformed.to_string()))?;
        Ok(Value::Object(read.members))
    }
}

/// docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSubnets.html
fn describe_subnets() -> Message {
    Message {
        method: "POST".to_owned(),
        path: "/".to_owned(),
        signing_name: "ec2",
        headers: vec![("content-type".to_owned(), "application/x-www-form-urlencoded; charset=utf-8".to_owned())],
        body: Bytes::from_static(b"Action=DescribeSubnets&Version=2016-11-15"),
    }
}

/// EC2's model would add a megabyte to the program for this one answer.
fn subnets(body: &str) -> Result<Value, CallError> {
    let answer = xml::read(body.as_bytes()).map_err(|_| CallError::no_answer("the answer is not XML"))?;
    let items = answer.child("subnetSet").into_iter().flat_map(|set| set.all("item"));
    let subnets = items.filter_map(|item| Some(json!({"SubnetId": item.text_of("subnetId")?})));
    Ok(json!({"Subnets": subnets.collect::<Vec<_>>()}))
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

/// The text of the first element of that name, however deep.
pub(super) fn element(body: &str, name: &str) -> Option<String> {
    fn find(within: &xml::Element, name: &str) -> Option<String> {
        let own = within.text_of(name).map(str::to_owned);
        own.or_else(|| within.children.iter().find_map(|child| find(child, name)))
    }
    find(&xml::read(body.as_bytes()).ok()?, name)
}
