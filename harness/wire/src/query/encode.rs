//! A result or an error as the XML of the query protocol.

use account::{Fault, Sender};
use serde_json::Value;

use super::namespace;
use crate::xml::Writer;

/// The answer to a call. `result`: the operation's output under AWS's names; lists become `<member>`s.
pub fn encode(service: &str, action: &str, request_id: &str, result: &Value) -> String {
    let mut xml = Writer::new();
    xml.root(&format!("{action}Response"), namespace(service), |xml| {
        if has_result(action, result) {
            xml.element(&format!("{action}Result"), |xml| members(xml, result));
        }
        xml.element("ResponseMetadata", |xml| xml.text("RequestId", request_id));
    });
    xml.finish()
}

/// An error.
pub fn encode_error(service: &str, fault: &Fault, request_id: &str) -> String {
    let at_fault = match fault.sender {
        Sender::Client => "Sender",
        Sender::Service => "Receiver",
    };
    let mut xml = Writer::new();
    xml.root("ErrorResponse", namespace(service), |xml| {
        xml.element("Error", |xml| {
            xml.text("Type", at_fault);
            xml.text("Code", &fault.code);
            xml.text("Message", &fault.message);
        });
        xml.text("RequestId", request_id);
    });
    xml.finish()
}

/// Most operations without output have no result element; UpdateRole has an empty one, and SDKs look for it.
fn has_result(action: &str, result: &Value) -> bool {
    action == "UpdateRole" || result.as_object().is_some_and(|members| !members.is_empty())
}

fn members(xml: &mut Writer, value: &Value) {
    for (name, value) in value.as_object().into_iter().flatten() {
        element(xml, name, value);
    }
}

/// The members of IAM's outputs that are maps; in JSON they look like structures.
const MAPS: [&str; 3] = ["Certifications", "EvalDecisionDetails", "SummaryMap"];

fn element(xml: &mut Writer, name: &str, value: &Value) {
    match value {
        Value::Null => {}
        Value::Bool(truth) => xml.text(name, if *truth { "true" } else { "false" }),
        Value::Number(number) => xml.text(name, &number.to_string()),
        Value::String(text) => xml.text(name, text),
        Value::Array(items) => xml.element(name, |xml| {
            for item in items {
                element(xml, "member", item);
            }
        }),
        Value::Object(entries) if MAPS.contains(&name) => xml.element(name, |xml| {
            for (key, value) in entries {
                xml.element("entry", |xml| {
                    xml.text("key", key);
                    element(xml, "value", value);
                });
            }
        }),
        Value::Object(_) => xml.element(name, |xml| members(xml, value)),
    }
}
