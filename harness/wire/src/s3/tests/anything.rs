//! Whatever a client sends, there is an answer.

use bytes::Bytes;
use proptest::prelude::*;

use crate::body::Complete;
use crate::s3::{Control, RoutedRequest};
use crate::{host, route};

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ -~]{0,6}".prop_map(|text| text.replace([' ', '"', '<', '>', '\\', '^', '`', '{', '|', '}', '#'], "%")),
        Just("/".to_owned()),
        Just("%ff%00%".to_owned()),
        Just("?".to_owned()),
        Just("&uploadId=".to_owned()),
        Just("&max-keys=99999999999999999999".to_owned()),
        Just("&tagging".to_owned()),
        Just("v20180820/tags/".to_owned()),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| format!("/{}", pieces.concat()))
}

proptest! {
    #[test]
    fn nothing_panics(
        method in prop_oneof![Just("GET"), Just("PUT"), Just("POST"), Just("DELETE"), Just("HEAD"), Just("X")],
        uri in pieces(),
        host in "[a-z0-9.:\\[\\]-]{0,20}(localhost|amazonaws.com|\\.|)",
        value in prop::collection::vec(32u8..=255, 0..12),
        body in prop_oneof!["\\PC{0,40}", "(<[A-Za-z]{1,9}>){0,5}[a-z&;]{0,5}(</[A-Za-z]{1,9}>){0,5}"],
    ) {
        let names = ["x-amz-copy-source", "x-amz-object-attributes", "if-modified-since", "x-amz-meta-a", "range"];
        let mut request = http::Request::builder().method(method).uri(&uri).header("host", &host);
        for name in names {
            request = request.header(name, value.iter().copied().filter(|byte| *byte != 127).collect::<Vec<u8>>());
        }
        let Ok(request) = request.body(()) else { return Ok(()) };
        let parts = request.into_parts().0;
        let parts = crate::s3::lifted(&parts).unwrap_or(parts);
        route::of(&parts, None);
        host::is_local(&host::of(&parts));
        let body = Bytes::from(body);
        match RoutedRequest::read(&parts) {
            Ok(asked) => {
                let operation = asked.operation();
                match asked.decode(body.clone(), &Complete { length: 0, checksum: None }) {
                    Ok(decoded) => prop_assert_eq!(decoded.request.operation(), operation.name.as_str()),
                    Err(fault) => prop_assert!([400, 501].contains(&fault.status), "{}", fault),
                }
            }
            Err(fault) => prop_assert!([400, 405, 501].contains(&fault.status), "{}", fault),
        }
        match Control::read(&parts).and_then(|control| control.input(body)) {
            Ok(input) => prop_assert!(input.is_object()),
            Err(fault) => prop_assert!([400, 501].contains(&fault.status), "{}", fault),
        }
    }
}
