//! AWS's protocols, driven by AWS's API models.
//!
//! [`decode_request`] and [`encode_answer`] are what a service does, [`encode_request`] and [`decode_answer`] what a
//! client does. All are plain functions on values, for each [`model::Protocol`].
//!
//! Members are JSON values under AWS's own member names, whatever the protocol calls them:
//!
//! * bytes are Base64 text;
//! * moments are RFC 3339 text in UTC; an answer may also give seconds since 1970 as a number;
//! * numbers that JSON cannot hold are the texts `NaN`, `Infinity` and `-Infinity`;
//! * bytes that are the body all by themselves are no member: they are the message's payload.
//!
//! A request that says more than its operation explains is an error: another reader could read it otherwise. Only attributes
//! of XML and a `__type` in JSON that no member has are left out.
//!
//! ```
//! use http::{HeaderMap, Method};
//!
//! let s3 = model::of("s3").expect("built in");
//! let request = protocol::Request {
//!     method: Method::GET,
//!     path: "/reports/a%20b.csv".to_owned(),
//!     query: "tagging&versionId=v1".to_owned(),
//!     headers: HeaderMap::new(),
//!     body: bytes::Bytes::new(),
//! };
//! let routed = protocol::route(s3, &request, |_| true).expect("an operation");
//! assert_eq!(routed.operation.name, "GetObjectTagging");
//! let message = routed.decode(&request).expect("its members");
//! assert_eq!(message.members["Key"], "a b.csv");
//! assert_eq!(message.members["VersionId"], "v1");
//! ```

mod answer;
mod cbor;
mod document;
mod fault;
mod form;
mod json;
mod location;
mod message;
mod pattern;
mod request;
mod rest;
mod route;
mod text;
mod timestamp;
mod validate;
pub mod xml;

#[cfg(test)]
mod tests;

pub use answer::{decode_answer, encode_answer};
pub use fault::{Malformed, Reason};
pub use form::Form;
pub use message::{Answer, Message, Request};
pub use request::{decode_form, decode_request, encode_request};
pub use rest::{S3_CONTROL_NAMESPACE, is_of_every_request, is_of_signature};
pub use route::{Routed, route};
pub use timestamp::http_date;
pub use validate::{Breach, BreachKind, breaches};
