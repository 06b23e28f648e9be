//! Functions of networks and regions.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use source::{Finding, Node, Value};

use super::{Call, integer};
use crate::evaluate::Evaluator;
use crate::shape::{shown, text_node};

/// What stands for blocks of one that only AWS knows.
const MADE_UP_BLOCK: &str = "10.203.0.0/24";

/// `cidrBits` are the bits of the host: 5 makes a `/27` in IPv4.
///
/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html
pub(super) fn cidr(evaluator: &mut Evaluator<'_>, call: &Call<'_>) -> Option<Node> {
    let Some([block, count, bits]) = call.arguments(evaluator, &[3], "`[ipBlock, count, cidrBits]`") else {
        return call.broken();
    };
    let (place, met) = (block.span, evaluator.met());
    let block = evaluator.evaluate_text(block, "the block of `Fn::Cidr`");
    let is_made_up = evaluator.met() > met;
    let count = integer(evaluator, count, "the count of `Fn::Cidr`");
    let bits = integer(evaluator, bits, "the cidrBits of `Fn::Cidr`");
    let (Some(block), Some(count), Some(bits)) = (block, count, bits) else { return call.broken() };
    match blocks(&block, count, bits) {
        Err(_) if is_made_up => Some(Node::new(Value::List(vec![text_node(MADE_UP_BLOCK, call.span)]), call.span)),
        Ok(blocks) => {
            let blocks = blocks.into_iter().map(|block| text_node(block, call.span)).collect();
            Some(Node::new(Value::List(blocks), call.span))
        }
        Err(reason) => {
            evaluator.report(Finding::error("FUNCTION_ARGUMENT", place, reason));
            call.broken()
        }
    }
}

fn blocks(block: &str, count: u32, bits: u32) -> Result<Vec<String>, String> {
    let bad = || format!("`{}` is not a block such as `10.0.0.0/16`", shown(block));
    let (address, prefix) = block.split_once('/').ok_or_else(bad)?;
    let address: IpAddr = address.parse().map_err(|_| bad())?;
    let prefix: u32 = prefix.parse().map_err(|_| bad())?;
    let (width, start) = match address {
        IpAddr::V4(address) => (32, u128::from(address.to_bits())),
        IpAddr::V6(address) => (128, address.to_bits()),
    };
    if prefix > width {
        return Err(bad());
    }
    if !(1..=256).contains(&count) {
        return Err(format!("the count of `Fn::Cidr` is {count}, and it must be from 1 to 256"));
    }
    if bits == 0 || bits > width - prefix {
        return Err(format!("no blocks of {bits} bits are in `{block}`: it has {} bits for hosts", width - prefix));
    }
    // Whole blocks that fit; bits is at most 128 and at least 1, so neither shift is by a whole width.
    let room = width - prefix - bits;
    if room < 9 && count > 1 << room {
        return Err(format!("`{block}` has room for {} blocks of {bits} bits, not for {count}", 1 << room));
    }
    let network = if prefix == 0 { 0 } else { start & (u128::MAX << (width - prefix)) };
    let mask = width - bits;
    let step = |at: u32| network + (u128::from(at) << (bits % 128));
    Ok((0..count).map(|at| format!("{}/{mask}", address_of(width, step(at)))).collect())
}

fn address_of(width: u32, bits: u128) -> IpAddr {
    if width == 32 { IpAddr::V4(Ipv4Addr::from_bits(bits as u32)) } else { IpAddr::V6(Ipv6Addr::from_bits(bits)) }
}

/// Which zones there are differs from account to account; these are the ones most have.
///
/// "Specifying an empty string is equivalent to specifying AWS::Region"; `!GetAZs` with nothing behind it is the same.
/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getavailabilityzones.html
pub(super) fn availability_zones(evaluator: &mut Evaluator<'_>, call: &Call<'_>) -> Option<Node> {
    let region = match call.argument.value {
        Value::Null => Some(String::new()),
        _ => evaluator.evaluate_text(call.argument, "the region of `Fn::GetAZs`"),
    };
    let Some(region) = region else { return call.broken() };
    let region = if region.is_empty() { evaluator.inputs.region.clone() } else { region };
    let zones = ["a", "b", "c"].map(|zone| {
        let zone = format!("{region}{zone}");
        evaluator.made_up(format!("the zones of {}", shown(&region)), &zone);
        text_node(zone, call.span)
    });
    Some(Node::new(Value::List(zones.into()), call.span))
}

#[cfg(test)]
mod tests {
    use super::blocks;

    #[test]
    fn blocks_follow_each_other() {
        // The example of the function's page.
        assert_eq!(
            blocks("192.168.0.0/24", 6, 5).unwrap(),
            [
                "192.168.0.0/27",
                "192.168.0.32/27",
                "192.168.0.64/27",
                "192.168.0.96/27",
                "192.168.0.128/27",
                "192.168.0.160/27"
            ]
        );
        assert_eq!(blocks("2001:db8::/56", 2, 64).unwrap(), ["2001:db8::/64", "2001:db8:0:1::/64"]);
        assert_eq!(blocks("10.0.7.9/16", 1, 8).unwrap(), ["10.0.0.0/24"]);
        assert_eq!(blocks("0.0.0.0/0", 2, 31).unwrap(), ["0.0.0.0/1", "128.0.0.0/1"]);
        assert_eq!(blocks("0.0.0.0/0", 1, 32).unwrap(), ["0.0.0.0/0"]);
        assert_eq!(blocks("::/0", 1, 128).unwrap(), ["::/0"]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(
            blocks("10.0.0.0/24", 3, 7).unwrap_err(),
            "`10.0.0.0/24` has room for 2 blocks of 7 bits, not for 3"
        );
        assert_eq!(
            blocks("10.0.0.0/24", 1, 9).unwrap_err(),
            "no blocks of 9 bits are in `10.0.0.0/24`: it has 8 bits for hosts"
        );
        assert_eq!(
            blocks("10.0.0.0/24", 257, 1).unwrap_err(),
            "the count of `Fn::Cidr` is 257, and it must be from 1 to 256"
        );
        for bad in ["10.0.0.0", "10.0.0/8", "10.0.0.0/33", "::/129", "x/8"] {
            assert_eq!(blocks(bad, 1, 1).unwrap_err(), format!("`{bad}` is not a block such as `10.0.0.0/16`"));
        }
    }
}
