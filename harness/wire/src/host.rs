//! What the name tells by which a client called: a bucket, an account, or just this machine.
//! docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html

use std::net::IpAddr;

use http::request::Parts;

#[cfg(test)]
mod tests;

/// Names under which buckets have names of their own. Under any other name (a machine's, a container's) the bucket
/// stands in the path.
const BASES: [&str; 3] = ["localhost.localstack.cloud", "localhost", "amazonaws.com"];

/// The host that the request names, in lower case and without the port.
pub(crate) fn of(parts: &Parts) -> String {
    let header = parts.headers.get(http::header::HOST).and_then(|value| value.to_str().ok());
    name(header.or_else(|| parts.uri.authority().map(|authority| authority.as_str())).unwrap_or_default())
}

/// The name in `NAME:PORT`, in lower case.
pub(crate) fn name(authority: &str) -> String {
    let name = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => authority.split_once(':').map_or(authority, |(name, _)| name),
    };
    name.to_ascii_lowercase()
}

/// The bucket in a virtual-hosted-style name: `bucket.s3.eu-west-1.amazonaws.com`, `bucket.localhost`.
pub(crate) fn bucket(host: &str) -> Option<&str> {
    let (labels, base) = below_base(host)?;
    if labels.split('.').any(|label| label == "s3-control") {
        return None;
    }
    match endpoint_start(labels) {
        Some(0) => None,
        Some(start) => labels.get(..start - 1),
        None if base == "amazonaws.com" => None,
        None => Some(labels),
    }
}

/// The account in front of an S3 Control endpoint: `123456789012.s3-control.…`, and what SDKs make of a custom
/// endpoint, `123456789012.localhost`.
pub(crate) fn account(host: &str) -> Option<&str> {
    let first = host.split_once('.')?.0;
    (first.len() == 12 && first.bytes().all(|byte| byte.is_ascii_digit())).then_some(first)
}

/// Whether nobody can have bought the name and pointed it here: an address, a name without a dot (a machine's or a
/// container's), one under a domain that is kept for local use, and the names that buckets have.
/// www.iana.org/assignments/special-use-domain-names and www.icann.org/resources/board-material (`.internal`, 2024-07-29)
pub(crate) fn is_ours(host: &str) -> bool {
    const KEPT: [&str; 4] = ["internal", "local", "localhost", "test"];
    let last = host.rsplit_once('.').map(|(_, last)| last);
    last.is_none_or(|last| KEPT.contains(&last))
        || host.parse::<IpAddr>().is_ok()
        || below_base(host).is_some()
        || is_local(host)
}

/// Whether the name can only mean this machine.
pub(crate) fn is_local(host: &str) -> bool {
    matches!(host, "localhost" | "localhost.localstack.cloud")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn below_base(host: &str) -> Option<(&str, &'static str)> {
    BASES.into_iter().find_map(|base| Some((host.strip_suffix(base)?.strip_suffix('.')?, base)))
}

/// Where the service's own labels begin: `s3`, `s3.REGION`, `s3.dualstack.REGION`, `s3-REGION`. A bucket's name may
/// hold the label `s3` too, so the last one counts, and only if nothing but a region follows.
fn endpoint_start(labels: &str) -> Option<usize> {
    let mut start = labels.len();
    let mut followed_by_region = true;
    for label in labels.rsplit('.') {
        start -= label.len();
        let older = label.strip_prefix("s3-").is_some_and(is_region);
        if label == "s3" || older {
            return followed_by_region.then_some(start);
        }
        followed_by_region &= is_region(label) || label == "dualstack";
        start = start.saturating_sub(1);
    }
    None
}

fn is_region(label: &str) -> bool {
    label.split('-').count() >= 3 && label.ends_with(|last: char| last.is_ascii_digit())
}
