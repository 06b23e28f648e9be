//! The query protocol of IAM and STS: form parameters in, XML out.
//! smithy.io/2.0/aws/protocols/aws-query-protocol.html

mod decode;
mod encode;

#[cfg(test)]
mod tests;

pub use decode::{Call, QueryError, decode};
pub use encode::{encode, encode_error};

/// The XML namespace of a service that speaks the query protocol, by the name that credentials give it.
pub fn namespace(service: &str) -> &'static str {
    match service {
        "sts" => "https://sts.amazonaws.com/doc/2011-06-15/",
        _ => "https://iam.amazonaws.com/doc/2010-05-08/",
    }
}
