//! Cases that collide often: few names, few values, and every element of the language.

mod condition;
mod document;
mod pattern;
mod request;
pub mod values;

use serde_json::{Map, Value, json};

use crate::tape::Tape;
pub use condition::{OPERATORS, condition};
pub use document::document;
pub use pattern::pattern;
pub use request::{PRINCIPALS, context, principal};

/// A request under policies of every kind.
pub fn request(tape: &mut Tape) -> Value {
    let target = tape.pick(request::TARGETS);
    let mut case = json!({
        "principal": principal(tape),
        "action": target.action(tape),
        "resource": target.resource(tape),
        "context": context(tape),
    });
    request::credentials(tape, &mut case["context"]);
    if tape.once_in(3) {
        case["resourceAccount"] = tape.text(request::ACCOUNTS).into();
    }
    case["policies"] = policies(tape, target.is_role());
    case
}

fn policies(tape: &mut Tape, of_role: bool) -> Value {
    let mut policies = Map::new();
    let mut attach = |kind: &str, attached: Value| policies.insert(kind.to_owned(), attached);
    let list =
        |tape: &mut Tape, kind: &str, least, most| Value::from(tape.some(least, most, |tape| document(tape, kind)));
    attach("identity", list(tape, "identity", 0, 3));
    if of_role || tape.once_in(2) {
        let kind = if of_role && !tape.once_in(6) { "trust" } else { "resource" };
        attach(kind, document(tape, kind));
    }
    for (kind, many) in [("boundary", 2), ("session", 3), ("endpoint", 5)] {
        if tape.once_in(many) {
            let (least, most) = if kind == "session" { (0, 2) } else { (1, 1) };
            attach(kind, list(tape, kind, least, most));
        }
    }
    for kind in ["scp", "rcp"] {
        if tape.once_in(3) {
            attach(kind, Value::from(tape.some(1, 2, |tape| list(tape, kind, 0, 2))));
        }
    }
    policies.into()
}

/// A user, and sessions of roles whose paths are not known.
const CONDITIONED: [&str; 4] = [
    "arn:aws:iam::111122223333:user/ann",
    "arn:aws:iam::111122223333:user/ann",
    "arn:aws:sts::111122223333:assumed-role/app/s",
    "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_1/ann",
];

/// A request that one condition decides.
pub fn conditional(tape: &mut Tape) -> Value {
    let mut document = json!({
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition(tape)},
    });
    if tape.once_in(8) {
        document.as_object_mut().unwrap().shift_remove("Version");
    }
    json!({
        "principal": tape.pick(&CONDITIONED),
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::b/k",
        "context": context(tape),
        "policies": {"identity": [document]},
    })
}

/// A statement for each kind of policy that counts for a caller, by kind.
pub fn own_statements(tape: &mut Tape) -> Value {
    let mut own = |kind: &str| (kind.to_owned(), document::statement(tape, kind));
    ["identity", "boundary", "session", "scp"].map(&mut own).into_iter().collect::<Map<_, _>>().into()
}

/// A policy of each kind that limits.
pub fn limits(tape: &mut Tape) -> Value {
    let limit = |tape: &mut Tape, kind: &str| (kind.to_owned(), document(tape, kind));
    ["boundary", "session", "scp", "rcp", "endpoint"]
        .map(|kind| limit(tape, kind))
        .into_iter()
        .collect::<Map<_, _>>()
        .into()
}
