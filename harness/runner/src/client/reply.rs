//! From what an SDK gives back to an answer that all services share.

use aws_sdk_s3::operation::RequestId;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use matrix::call::{CallError, Refusal};
use serde_json::Value;

use super::cause;

/// An answer, and the request id that its decisions are recorded under.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) result: Result<Value, CallError>,
    pub(crate) request_id: Option<String>,
}

impl Reply {
    pub(super) fn refused(refusal: CallError) -> Self {
        Self { result: Err(refusal), request_id: None }
    }
}

/// An SDK's answer, of which `shown` keeps the members that later steps need.
pub(super) fn reply<O: RequestId, E>(
    result: Result<O, SdkError<E, HttpResponse>>,
    shown: impl FnOnce(O) -> Value,
) -> Reply
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    match result {
        Ok(output) => {
            let request_id = output.request_id().map(str::to_owned);
            Reply { result: Ok(shown(output)), request_id }
        }
        Err(error) => Reply { request_id: error.request_id().map(str::to_owned), result: Err(refusal(error)) },
    }
}

/// An answer of which nothing is needed.
pub(super) fn done<O: RequestId, E>(result: Result<O, SdkError<E, HttpResponse>>) -> Reply
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    reply(result, |_| Value::Null)
}

pub(super) fn refusal<E>(error: SdkError<E, HttpResponse>) -> CallError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let Some(response) = error.raw_response() else {
        let told = cause(&error);
        let unsent = matches!(error, SdkError::ConstructionFailure(_));
        return if unsent { CallError::not_sent(told) } else { CallError::no_answer(told) };
    };
    let status = response.status().as_u16();
    // The answer to a HEAD has no body, so nobody but the status tells; botocore makes up the same two words.
    let code = error.code().map_or_else(|| status.to_string(), str::to_owned);
    let message = error.message().map_or_else(|| phrase(status), str::to_owned);
    Refusal { status, code, message }.into()
}

fn phrase(status: u16) -> String {
    let known = http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    known.unwrap_or("Unknown").to_owned()
}
