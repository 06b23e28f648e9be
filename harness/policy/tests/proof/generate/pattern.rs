//! Patterns of few letters, so that wildcards, colons and variables meet in every way.

use serde_json::{Value, json};

use crate::tape::Tape;

const LETTERS: &[&str] = &["a", "b", ":", "é"];
const PIECES: &[&str] =
    &["a", "*", ":", "?", "b", "*", ":", "é", "${aws:username}", "${*}", "${x:None, 'a'}", "${x:None}"];

/// A request that one pattern decides, as an action, a resource or a value.
pub fn pattern(tape: &mut Tape) -> Value {
    let pattern = tape.some(0, 12, |tape| tape.text(PIECES)).concat();
    let text = tape.some(0, 12, |tape| tape.text(LETTERS)).concat();
    let (mut action, mut resource, mut found) =
        ("s3:GetObject".to_owned(), "arn:aws:s3:::b/k".to_owned(), "x".to_owned());
    let mut statement = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    // What a variable with a colon in it does to the parts of an ARN that it may not stand in is nobody's business.
    let (start, username) = match tape.below(3) {
        0 => ("arn:::::", tape.pick(&["a", "", "*", ":", "a:b", "${*}"])),
        _ => ("arn:", tape.pick(&["a", "", "*", "ab", "${*}"])),
    };
    match tape.below(5) {
        0 => {
            resource = format!("{start}{text}");
            statement["Resource"] = format!("{start}{pattern}").into();
        }
        1 => {
            resource = format!("{start}{text}");
            statement.as_object_mut().unwrap().shift_remove("Resource");
            statement["NotResource"] = format!("{start}{pattern}").into();
        }
        2 => {
            action = format!("s3:{}", text.replace('é', "e"));
            statement["Action"] = format!("s3:{}", pattern.replace('é', "e")).into();
        }
        _ => {
            let operator = tape.text(&["StringLike", "StringNotLike", "StringEquals", "ArnLike", "ArnNotEquals"]);
            found = text;
            statement["Condition"] = json!({operator: {"x:Key": pattern}});
        }
    }
    let version = tape.pick(&["2012-10-17", "2012-10-17", "2008-10-17"]);
    json!({
        "principal": "arn:aws:iam::111122223333:user/ann",
        "action": action,
        "resource": resource,
        "resourceAccount": "111122223333",
        "context": {"aws:username": username, "x:Key": found},
        "policies": {"identity": [{"Version": version, "Statement": statement}]},
    })
}
