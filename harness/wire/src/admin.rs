//! tagproof's own pages beside AWS's: health, reset, and the credentials of tasks.
//!
//! They answer only callers on this machine who mean it: a page in a browser that was led here, by its own name for
//! this address or from another site, is refused. The one who may start a program here, as a container is, can ask for them:
//! so what changes a world or gives something away asks for a secret, the root user's key or a task's token.

use account::AccessKey;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use serde_json::{Value, json};

use crate::Hosted;
use crate::hosts::Hosts;
use crate::whole::Whole;
use crate::{host, metadata, shape::Shaped, web_page};

const JSON: &str = "application/json";

/// Whether a request is for one of these pages. No bucket's name begins with an underscore, but in a bucket that is
/// named by its host an object's key may.
pub(crate) fn are_asked(parts: &Parts) -> bool {
    let path = parts.uri.path();
    (path.starts_with("/_tagproof/") || path.starts_with("/_localstack/")) && host::bucket(&host::of(parts)).is_none()
}

/// The page.
pub(crate) fn answer(hosts: &Hosts, parts: &Parts) -> Response<Whole> {
    finish(parts, guarded(hosts, parts))
}

/// A page as it is sent.
pub(crate) fn finish(parts: &Parts, Shaped { status, headers, body }: Shaped) -> Response<Whole> {
    let body = if parts.method == Method::HEAD { Bytes::new() } else { body };
    let mut response = Response::new(Whole::new(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

fn guarded(hosts: &Hosts, parts: &Parts) -> Shaped {
    if parts.headers.contains_key(header::ORIGIN) {
        return refusal(StatusCode::FORBIDDEN, "Not for web pages.");
    }
    if let Some(why) = web_page::refusal(parts) {
        return refusal(StatusCode::FORBIDDEN, why);
    }
    let path: Vec<&str> = parts.uri.path().split('/').skip(1).collect();
    let (method, allowed): (fn(&Method) -> bool, &str) = match path.as_slice() {
        ["_tagproof", "reset"] => (|method| method == Method::POST, "POST"),
        _ => (|method| method == Method::GET || method == Method::HEAD, "GET, HEAD"),
    };
    if !method(&parts.method) {
        let mut shaped = refusal(StatusCode::METHOD_NOT_ALLOWED, "Not by this method.");
        shaped.headers.insert(header::ALLOW, HeaderValue::from_static(allowed));
        return shaped;
    }
    match path.as_slice() {
        // The listener is there before an emulator behind it is: the one who waits for the account must not be told too early.
        ["_tagproof" | "_localstack", "health"] if hosts.all().is_empty() => {
            Shaped::new(StatusCode::SERVICE_UNAVAILABLE, JSON, json!({ "status": "starting" }).to_string())
        }
        ["_tagproof", "health"] => page(&json!({ "status": "running", "version": env!("CARGO_PKG_VERSION") })),
        ["_localstack", "health"] => Shaped::new(StatusCode::OK, JSON, localstack_health()),
        ["_tagproof", "reset"] => as_root(hosts, &parts.headers, |hosted| {
            hosted.reset();
            page(&json!({ "status": "reset" }))
        }),
        ["_tagproof", "credentials", realm, task] => credentials(hosts, &parts.headers, realm, task),
        ["_tagproof", "v4", realm, task, key, container, page @ ..] => {
            match metadata::page(hosts, realm, task, key, container, page) {
                Some(content) => self::page(&content),
                None => refusal(StatusCode::NOT_FOUND, "There is no such page of the task metadata endpoint."),
            }
        }
        ["_tagproof", "tasks", task, "environment"] => {
            as_root(hosts, &parts.headers, |hosted| environment(hosted, task))
        }
        _ => refusal(StatusCode::NOT_FOUND, "No such page."),
    }
}

/// As LocalStack writes it, spaces included: wait scripts look for `"s3": "running"`.
fn localstack_health() -> String {
    let services = ["ecs", "iam", "logs", "s3", "sts"].map(|service| format!("\"{service}\": \"running\"")).join(", ");
    format!(
        "{{\"services\": {{{services}}}, \"edition\": \"tagproof\", \"version\": \"{}\"}}",
        env!("CARGO_PKG_VERSION")
    )
}

/// The container credentials endpoint. A wrong token, another task's token and a task that is not there look the same.
/// docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
fn credentials(hosts: &Hosts, headers: &HeaderMap, realm: &str, task: &str) -> Shaped {
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let found = hosts.named(realm).and_then(|hosted| hosted.task_credentials(task, token));
    match found.map(serde_json::to_value) {
        Some(Ok(credentials)) => page(&credentials),
        _ => refusal(StatusCode::FORBIDDEN, "This token opens no such task's credentials."),
    }
}

/// A page for the one who has the key of an account's root user, about the world of that account.
fn as_root(hosts: &Hosts, headers: &HeaderMap, page: impl FnOnce(&Hosted) -> Shaped) -> Shaped {
    let key = headers.get(header::AUTHORIZATION).and_then(login);
    let found = key.and_then(|key| Some((hosts.of_key(&key.id)?.0, key)));
    match found.filter(|(hosted, key)| hosted.is_root(key)) {
        Some((hosted, _)) => page(&hosted),
        None => {
            let mut shaped =
                refusal(StatusCode::UNAUTHORIZED, "Sign in with the root user's access key id and secret.");
            shaped.headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"root key\""));
            shaped
        }
    }
}

/// What the task's containers have in their environment.
fn environment(hosted: &Hosted, task: &str) -> Shaped {
    match hosted.container_credentials(task) {
        Some(endpoint) => page(&json!({
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": endpoint.uri,
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": endpoint.token,
        })),
        None => refusal(StatusCode::NOT_FOUND, "No such task is running with a role."),
    }
}

/// HTTP's basic authentication. RFC 7617
fn login(value: &HeaderValue) -> Option<AccessKey> {
    let (scheme, encoded) = value.to_str().ok()?.split_once(' ')?;
    let plain = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = plain.split_once(':').filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    Some(AccessKey { id: id.to_owned(), secret: secret.to_owned() })
}

pub(crate) fn page(content: &Value) -> Shaped {
    Shaped::new(StatusCode::OK, JSON, content.to_string())
}

/// Both members are what the SDKs' container providers look for.
pub(crate) fn refusal(status: StatusCode, message: &str) -> Shaped {
    let code = status.canonical_reason().unwrap_or_default().replace(' ', "");
    Shaped::new(status, JSON, json!({ "code": code, "message": message }).to_string())
}
