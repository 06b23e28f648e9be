//! What containers of tasks find at 169.254.170.2: their task's credentials and metadata. As on ECS no token goes with a
//! request for credentials: the path cannot be guessed, and a container is told that of its own task alone.
//! docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html

use http::request::Parts;
use http::{Method, Response, StatusCode, header};
use serde_json::{Value, json};

use crate::hosts::Hosts;
use crate::shape::Shaped;
use crate::whole::Whole;
use crate::{admin, host, metadata};

/// Whether a request is for one of these pages, or for one that is not for containers. No bucket has so short a name, or
/// one that begins with an underscore.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
pub(crate) fn are_asked(parts: &Parts) -> bool {
    let first = parts.uri.path().split('/').nth(1).unwrap_or_default();
    matches!(first, "v2" | "v4" | "_tagproof" | "_localstack") && host::bucket(&host::of(parts)).is_none()
}

/// The page.
pub(crate) fn answer(hosts: &Hosts, parts: &Parts) -> Response<Whole> {
    admin::finish(parts, shaped(hosts, parts))
}

fn shaped(hosts: &Hosts, parts: &Parts) -> Shaped {
    if parts.method != Method::GET && parts.method != Method::HEAD {
        return admin::refusal(StatusCode::METHOD_NOT_ALLOWED, "Not by this method.");
    }
    if parts.headers.contains_key(header::ORIGIN) {
        return admin::refusal(StatusCode::FORBIDDEN, "Not for web pages.");
    }
    let path: Vec<&str> = parts.uri.path().split('/').skip(1).collect();
    match path.as_slice() {
        ["v2", "credentials"] | ["v2", "credentials", ""] => refused("NoIdInRequest", "No ID in the request"),
        ["v2", "credentials", id] => match credentials(hosts, id) {
            Some(credentials) => admin::page(&credentials),
            None => refused("InvalidIdInRequest", "Credentials not found"),
        },
        ["v4", id, page @ ..] => match self::metadata(hosts, id, page) {
            Some(content) => admin::page(&content),
            None => admin::refusal(StatusCode::NOT_FOUND, "There is no such page of the task metadata endpoint."),
        },
        _ => admin::refusal(StatusCode::NOT_FOUND, "No such page."),
    }
}

/// A task that is not there, or another one's secret, look the same.
fn credentials(hosts: &Hosts, id: &str) -> Option<Value> {
    let mut parts = id.splitn(3, '.');
    let (realm, task, secret) = (parts.next()?, parts.next()?, parts.next()?);
    serde_json::to_value(hosts.named(realm)?.task_credentials(task, secret)?).ok()
}

fn metadata(hosts: &Hosts, id: &str, page: &[&str]) -> Option<Value> {
    let mut parts = id.splitn(4, '.');
    let (realm, task, key, container) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    metadata::page(hosts, realm, task, key, container, page)
}

/// In the words of the ECS agent: github.com/aws/amazon-ecs-agent, `tmds/handlers/v1/credentials_handler.go`.
fn refused(code: &str, message: &str) -> Shaped {
    let body = json!({ "code": code, "message": format!("CredentialsV2Request: {message}"), "HTTPErrorCode": 400 });
    Shaped::new(StatusCode::BAD_REQUEST, "application/json", body.to_string())
}
