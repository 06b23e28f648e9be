//! Which service a request is for, and how that service speaks.

use std::borrow::Cow;

use http::request::Parts;
use http::{HeaderMap, Method};
use model::Model;

use crate::answer::Protocol;
use crate::host;

#[cfg(test)]
mod tests;

/// A service, by the name that credentials give it, and its protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) service: Cow<'static, str>,
    pub(crate) protocol: Protocol,
}

/// The services that are here: the name in a credential's scope, and the protocol.
const SERVICES: [(&str, Protocol); 5] = [
    ("iam", Protocol::Query),
    ("sts", Protocol::Query),
    ("ecs", Protocol::Json),
    ("logs", Protocol::Json),
    ("s3", Protocol::S3),
];

/// S3 Control signs as `s3`; its version in the path and the account tell it apart.
pub(crate) const CONTROL_PATH: &str = "/v20180820/";

/// By the scope that the request is signed for; one without a usable signature by its own looks.
pub(crate) fn of(parts: &Parts, scope: Option<&str>) -> Route {
    match scope {
        Some("s3") if is_control(parts) => Route { service: "s3control".into(), protocol: Protocol::S3 },
        Some(scope) => match SERVICES.iter().find(|(service, _)| *service == scope) {
            Some((service, protocol)) => Route { service: (*service).into(), protocol: *protocol },
            None => Route { service: scope.to_owned().into(), protocol: as_stranger(by_looks(parts)) },
        },
        None => match by_looks(parts) {
            Protocol::S3 => of(parts, Some("s3")),
            Protocol::Json => Route { service: by_target(&parts.headers).into(), protocol: Protocol::Json },
            // Which one its body tells: see `by_version`.
            Protocol::Query => Route { service: "sts".into(), protocol: Protocol::Query },
        },
    }
}

/// The service of a query that nobody signed.
pub(crate) fn by_version(version: &str) -> &'static str {
    named(Protocol::Query, |model| model.api_version == version).unwrap_or("sts")
}

/// `AmazonEC2ContainerServiceV20141113.RunTask` → the prefix and the operation. Empty texts if there is no such header.
pub(crate) fn target(headers: &HeaderMap) -> (&str, &str) {
    let text = headers.get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.split_once('.').unwrap_or((text, ""))
}

/// Whether a target's prefix is the service's own.
pub(crate) fn is_target_of(service: &str, prefix: &str) -> bool {
    model::of(service).is_some_and(|model| model.target_prefix.as_deref() == Some(prefix))
}

fn by_target(headers: &HeaderMap) -> &'static str {
    let (prefix, _) = target(headers);
    named(Protocol::Json, |model| model.target_prefix.as_deref() == Some(prefix)).unwrap_or_default()
}

/// The service of this protocol whose API model is the one.
fn named(protocol: Protocol, is_it: impl Fn(&Model) -> bool) -> Option<&'static str> {
    let mut services = SERVICES.iter().filter(|(_, known)| *known == protocol);
    services.find(|(name, _)| model::of(name).is_some_and(&is_it)).map(|(name, _)| *name)
}

fn by_looks(parts: &Parts) -> Protocol {
    if parts.headers.contains_key("x-amz-target") {
        return Protocol::Json;
    }
    let content_type = parts.headers.get(http::header::CONTENT_TYPE).map(|value| value.as_bytes()).unwrap_or_default();
    let is_form = parts.method == Method::POST && content_type.starts_with(b"application/x-www-form-urlencoded");
    let names_action = parts.uri.query().unwrap_or_default().split('&').any(|pair| pair.starts_with("Action="));
    if parts.uri.path() == "/" && (is_form || names_action) { Protocol::Query } else { Protocol::S3 }
}

/// Most services that are not here and speak no query speak some JSON, and sign the body as those do.
fn as_stranger(looks: Protocol) -> Protocol {
    if looks == Protocol::Query { Protocol::Query } else { Protocol::Json }
}

fn is_control(parts: &Parts) -> bool {
    parts.uri.path().starts_with(CONTROL_PATH)
        && (parts.headers.contains_key("x-amz-account-id") || host::account(&host::of(parts)).is_some())
}
