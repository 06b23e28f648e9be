//! Requests that a browser sends for a web page.
//!
//! Any page may have a browser send requests to this machine, and may sign them: everybody knows the root key that `serve`
//! has by default. A browser says whose page it was in `Origin`, and in `Sec-Fetch-Site` where it sends no `Origin`, as
//! for an image. A page may also have pointed a name of its own at this machine; then the browser takes this listener for
//! the page's own server, and only `Host` tells. AWS's clients send neither of the first two.
//! fetch.spec.whatwg.org/#origin-header and w3c.github.io/webappsec-fetch-metadata/#sec-fetch-site-header

use http::request::Parts;
use http::{HeaderMap, header};

use crate::host;

/// Why a request is refused that a page from elsewhere may be behind; `None`: it may be answered.
pub(crate) fn refusal(parts: &Parts) -> Option<&'static str> {
    if !is_asked_by_a_name_of_ours(parts) {
        return Some(
            "Ask by a name of this machine that nobody else can own: localhost, a name without a dot, or an IP address.",
        );
    }
    let headers = &parts.headers;
    let foreign = headers.get_all(header::ORIGIN).iter().any(|origin| !origin.to_str().is_ok_and(is_of_this_machine));
    (foreign || is_from_another_site(headers)).then_some("Not for web pages from elsewhere.")
}

/// A header that is no text, or one of several, is nobody's name.
fn is_asked_by_a_name_of_ours(parts: &Parts) -> bool {
    let mut hosts = parts.headers.get_all(header::HOST).iter();
    let is_plain = hosts.next().is_none_or(|host| host.to_str().is_ok()) && hosts.next().is_none();
    is_plain && host::is_ours(&host::of(parts))
}

/// Whether the page came from this machine: a program that may speak to the listener itself. `null` came from anywhere.
fn is_of_this_machine(origin: &str) -> bool {
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    authority.is_some_and(|authority| host::is_local(&host::name(authority)))
}

/// `none` is what a user has typed in. Pages of the same site are of this machine, since names are that others share a
/// site with have been refused.
fn is_from_another_site(headers: &HeaderMap) -> bool {
    headers
        .get_all("sec-fetch-site")
        .iter()
        .any(|site| !matches!(site.as_bytes(), b"none" | b"same-origin" | b"same-site"))
}
