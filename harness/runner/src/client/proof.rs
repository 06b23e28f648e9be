//! A signed sts:GetCallerIdentity that is not sent by the one who signed it: how a program proves who it is to others than
//! AWS. HashiCorp Vault takes such requests, and so does EKS as a presigned URL.
//! developer.hashicorp.com/vault/docs/auth/aws#iam-auth-method

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use matrix::call::{ApiCall, CallError};
use matrix::flow::{Bound, Bounds};
use serde_json::json;

use super::Client;
use super::raw::{Message, element, refusal};
use super::reply::Reply;

/// A signed request.
#[derive(Debug)]
pub(crate) struct Signed(HttpRequest);

/// The headers that bind a request to whom it was signed for. Vault's is `X-Vault-AWS-IAM-Server-ID`.
const AUDIENCE: &str = "x-broker-audience";
const NONCE: &str = "x-broker-nonce";

/// What is signed. docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
const BODY: &str = "Action=GetCallerIdentity&Version=2011-06-15";

impl Client {
    /// Signs it, with a header that binds it inside the signature.
    pub(crate) async fn sign_identity(&self, bound: Option<&Bound>) -> Result<Signed, CallError> {
        let mut headers = vec![("content-type", "application/x-www-form-urlencoded; charset=utf-8".to_owned())];
        headers.extend(bound.map(header));
        let message = Message {
            method: "POST".to_owned(),
            path: "/".to_owned(),
            signing_name: "sts",
            headers: headers.into_iter().map(|(name, text)| (name.to_owned(), text)).collect(),
            body: BODY.into(),
        };
        let url = self.raw.url(&ApiCall::new("sts", "GetCallerIdentity", json!({})))?;
        self.raw.sign(url, message).await.map(Signed)
    }

    /// Sends what somebody has signed, to the endpoint that this client knows and nowhere else.
    pub(crate) async fn present(&self, signed: &Signed) -> Reply {
        let Some(request) = signed.0.try_clone() else {
            return Reply::refused(CallError::not_sent("the signed request cannot be sent again"));
        };
        match self.raw.connected(request).await {
            Err(refusal) => Reply::refused(refusal),
            Ok((status, request_id, text)) => {
                let answer = json!({"Arn": element(&text, "Arn"), "Account": element(&text, "Account")});
                Reply { result: if status < 300 { Ok(answer) } else { Err(refusal(status, &text)) }, request_id }
            }
        }
    }
}

impl Signed {
    /// Adds a header that the signature does not cover, in place of none.
    pub(crate) fn add_unsigned(&mut self, bound: &Bound) {
        let (name, value) = header(bound);
        if self.0.headers().get(name).is_none() {
            self.0.headers_mut().insert(name, value);
        }
    }

    /// What it is bound to: by a header inside the signature, and by one outside. STS looks at the former alone.
    pub(crate) fn bounds(&self) -> Bounds {
        let authorization = self.0.headers().get("authorization").unwrap_or_default();
        let signed = authorization.split([',', ' ']).find_map(|part| part.trim().strip_prefix("SignedHeaders="));
        let signed: Vec<&str> = signed.unwrap_or_default().split(';').collect();
        let bound = |covered: bool| {
            let value = |name: &str| {
                let value = self.0.headers().get(name).filter(|_| signed.contains(&name) == covered);
                value.map(str::to_owned)
            };
            value(AUDIENCE).map(Bound::Audience).or_else(|| value(NONCE).map(Bound::Nonce))
        };
        Bounds { signed: bound(true), unsigned: bound(false) }
    }
}

fn header(bound: &Bound) -> (&'static str, String) {
    match bound {
        Bound::Audience(name) => (AUDIENCE, name.clone()),
        Bound::Nonce(nonce) => (NONCE, nonce.clone()),
    }
}
