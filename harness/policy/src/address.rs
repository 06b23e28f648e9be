//! Addresses that requests come from.

use std::net::IpAddr;

/// Whether all of a range, or a single address, is private: `aws:SourceIp` never is one of these.
/// docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html, RFC 1918; and what is the machine's own.
#[must_use]
pub fn is_private(text: &str) -> bool {
    let (address, bits) = text.split_once('/').unwrap_or((text, "32"));
    match (address.parse(), bits.parse::<u8>()) {
        (Ok(IpAddr::V4(address)), Ok(bits)) => {
            let [a, b, ..] = address.octets();
            match a {
                10 | 127 => bits >= 8,
                172 => (16..32).contains(&b) && bits >= 12,
                192 => b == 168 && bits >= 16,
                169 => b == 254 && bits >= 16,
                _ => false,
            }
        }
        (Ok(IpAddr::V6(address)), _) => address.is_unique_local() || address.is_loopback(),
        _ => false,
    }
}
