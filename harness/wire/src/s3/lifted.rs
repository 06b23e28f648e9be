//! Headers that stand in a query string. Clients put them there when they presign, with either version of the signature.
//! docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html

use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue, Uri};
use percent_encoding::percent_decode_str;

/// The request with such headers where they belong; `None`: it has none. One that is given in both places, and differs, is
/// given twice. A signature counts for the request as it came.
pub(crate) fn lifted(parts: &Parts) -> Option<Parts> {
    let pairs = || parts.uri.query().unwrap_or_default().split('&');
    if !pairs().any(|pair| is_header(&name_of(pair))) {
        return None;
    }
    let mut lifted = parts.clone();
    let kept: Vec<&str> = pairs().filter(|pair| !lift(pair, &mut lifted.headers)).collect();
    let target = match kept.join("&").as_str() {
        "" => parts.uri.path().to_owned(),
        kept => format!("{}?{kept}", parts.uri.path()),
    };
    let mut uri = parts.uri.clone().into_parts();
    uri.path_and_query = Some(PathAndQuery::try_from(target).ok()?);
    lifted.uri = Uri::from_parts(uri).ok()?;
    Some(lifted)
}

/// Moves a parameter to the headers if it is one.
fn lift(pair: &str, headers: &mut HeaderMap) -> bool {
    let name = name_of(pair);
    if !is_header(&name) {
        return false;
    }
    // Nobody has checked such a sum: a client cannot know the body when it presigns, and some write that of an empty one.
    if is_sum(&name) {
        return true;
    }
    let value = pair.split_once('=').map_or("", |(_, value)| value).replace('+', " ");
    let value = percent_decode_str(&value).decode_utf8_lossy().into_owned();
    let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_bytes(value.as_bytes())) else {
        return false;
    };
    if headers.get(&name) != Some(&value) {
        headers.append(name, value);
    }
    true
}

fn name_of(pair: &str) -> String {
    pair.split_once('=').map_or(pair, |(name, _)| name).to_ascii_lowercase()
}

/// Whether a parameter of this name is a header, and none of the signature's own.
fn is_header(name: &str) -> bool {
    let is_header = name.starts_with("x-amz-") || matches!(name, "content-type" | "content-md5");
    is_header && !protocol::is_of_signature(name)
}

/// Whether a header has a checksum of the body, or says of which algorithm one is.
fn is_sum(name: &str) -> bool {
    const OF_THE_OBJECT: [&str; 3] = ["x-amz-checksum-algorithm", "x-amz-checksum-mode", "x-amz-checksum-type"];
    name == "x-amz-sdk-checksum-algorithm" || name.starts_with("x-amz-checksum-") && !OF_THE_OBJECT.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::tests::parts;

    #[test]
    fn headers_in_a_query_string_are_headers() {
        const URL: &str =
            "/box/a%20b?X-Amz-Signature=00&content-type=text%2Fplain&x-amz-tagging=Status%3DOK&Expires=1&acl";
        let tagged = |headers: &[(&str, &str)]| lifted(&parts("PUT", URL, headers)).unwrap();
        let sent = ("x-amz-tagging", "Status=NG");
        for (headers, tags) in [
            (&[][..], &["Status=OK"][..]),
            (&[("x-amz-tagging", "Status=OK")], &["Status=OK"]),
            (&[sent], &["Status=NG", "Status=OK"]),
        ] {
            let parts = tagged(headers);
            let given: Vec<_> =
                parts.headers.get_all("x-amz-tagging").iter().map(|tags| tags.to_str().unwrap()).collect();
            assert_eq!(given, tags, "{headers:?}");
            assert_eq!(parts.headers["content-type"], "text/plain");
            assert_eq!(parts.uri, "/box/a%20b?X-Amz-Signature=00&Expires=1&acl");
        }
        for (url, expected) in [
            ("/box?x-amz-acl=private", Some("/box")),
            (
                "/box?x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-checksum-mode=ENABLED&X-Amz-Date=1",
                Some("/box?X-Amz-Date=1"),
            ),
            // What no header can hold stays what it is: an unknown parameter.
            ("/box?x-amz-acl=a%0Ab", Some("/box?x-amz-acl=a%0Ab")),
            ("/box?X-Amz-Algorithm=a&x-amz-security-token=t&Expires=1", None),
            ("/box?x-id=PutObject", None),
            ("/box", None),
        ] {
            let lifted = lifted(&parts("PUT", url, &[]));
            assert_eq!(lifted.map(|parts| parts.uri.to_string()).as_deref(), expected, "{url}");
        }
    }
}
