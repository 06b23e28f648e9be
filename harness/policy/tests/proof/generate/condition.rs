//! Conditions.

use serde_json::{Map, Value, json};

use super::values::{self, KEYS, Key};
use crate::tape::Tape;

/// Every operator, without set operators and IfExists.
pub const OPERATORS: [&[&str]; 7] = [
    values::TEXT_OPERATORS,
    values::NUMBER_OPERATORS,
    values::DATE_OPERATORS,
    values::BOOL_OPERATORS,
    values::BINARY_OPERATORS,
    values::ADDRESS_OPERATORS,
    values::ARN_OPERATORS,
];

/// One operator and key mostly, sometimes more.
pub fn condition(tape: &mut Tape) -> Value {
    let mut condition = Map::new();
    for _ in 0..=usize::from(tape.once_in(4)) {
        let key = tape.pick(KEYS);
        let (operator, wanted) = if tape.once_in(8) {
            (tape.text(&["Null", "null"]), null(tape))
        } else {
            (operator(tape, key), wanted(tape, key))
        };
        let keys = condition.entry(operator).or_insert_with(|| json!({}));
        keys[tape.text(key.names)] = wanted;
    }
    condition.into()
}

fn operator(tape: &mut Tape, key: Key) -> String {
    let family = if tape.once_in(8) { tape.pick(&OPERATORS) } else { key.family };
    let set = match (key.is_multivalued, tape.once_in(8)) {
        (true, false) | (false, true) => tape.pick(&["ForAnyValue:", "ForAllValues:", "forallvalues:"]),
        _ => "",
    };
    let if_exists = if tape.once_in(3) { "IfExists" } else { "" };
    let operator = format!("{set}{}{if_exists}", tape.pick(family));
    if tape.once_in(12) { operator.to_uppercase() } else { operator }
}

fn wanted(tape: &mut Tape, key: Key) -> Value {
    match tape.below(16) {
        15 => json!([]),
        8..15 => json!(tape.some(1, 3, |tape| values::wanted(tape, key))),
        _ => json!(values::wanted(tape, key)),
    }
}

fn null(tape: &mut Tape) -> Value {
    match tape.below(12) {
        0..5 => json!("true"),
        5..9 => json!("false"),
        9 => json!(true),
        10 => json!(["false", "true"]),
        _ => json!(tape.text(&["TRUE", "maybe", ""])),
    }
}
