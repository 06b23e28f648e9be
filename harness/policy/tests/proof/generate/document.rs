//! Policy documents of every kind.

use serde_json::{Map, Value, json};

use super::condition;
use crate::tape::Tape;

const ACTIONS: &[&str] = &[
    "*",
    "s3:*",
    "s3:GetObject",
    "S3:GETOBJECT",
    "s3:Get*",
    "s3:?etObject",
    "s3:PutObject",
    "sqs:*",
    "kms:*",
    "sts:*",
    "ecs:Run*",
    "s3:*Object",
    "*Object",
    "execute-api:*",
];
const TRUST_ACTIONS: &[&str] = &["sts:*", "sts:AssumeRole", "STS:assumerole", "sts:Assume*", "sts:TagSession"];
const RESOURCES: &[&str] = &[
    "*",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b/k",
    "arn:aws:s3:::*",
    "arn:aws:s3:::B/k",
    "arn:aws:s3:::b/?",
    "arn:aws:s3:::${aws:PrincipalTag/team}/*",
    "arn:aws:s3:::b/${aws:username}/*",
    "arn:aws:s3:::b/${aws:nothing, 'k'}",
    "arn:aws:s3:::b/${*}",
    "arn:aws:s3:::b/${aws:TagKeys}",
    "arn:aws:s*3:::b/k",
    "arn:aws:sqs:us-east-?:1111*:ann",
    "arn:aws:sqs:us-*-1:*:${aws:username}",
    "arn:aws:s?s:us-east-1:111122223333:ann",
    "arn:aws:sqs:${aws:nothing, 'us-east-1'}:*:ann",
    "arn:aws:kms:*:*:key/*",
    "arn:aws:iam::111122223333:role/*",
];
/// ARNs with fewer than six fields, which session policies cannot have.
const INCOMPLETE: &[&str] = &[
    "arn:aws:s3",
    "arn:aws:s3*",
    "arn:aws:sqs",
    "arn:aws:sqs:*",
    "arn:aws:sqs:us-east-1",
    "arn:aws:s?s:us-east-1:111122223333",
    "arn:aws:s*3:ann",
    "arn:aws:*:ann",
    "arn:*:role/app",
    "arn:aws:*:us-east-1",
    "arn:aws:sqs:${aws:username}",
    "arn:aws:s3::${aws:nothing}",
    "arn:aws:${aws:nothing, 'sqs'}:*",
];
/// In a resource's own policy, where API Gateway writes them out.
const SHORT: &[&str] = &[
    "execute-api:/*",
    "execute-api:/prod/*",
    "execute-api:/prod/GET/${aws:username}",
    "execute-api:/*/GET/ann",
    "execute-api:/${aws:nothing}",
];
const PRINCIPALS: &[&str] = &[
    r#""*""#,
    r#"{"AWS":"111122223333"}"#,
    r#"{"AWS":"arn:aws:iam::111122223333:root"}"#,
    r#"{"AWS":"arn:aws:iam::111122223333:user/ann"}"#,
    r#"{"AWS":"arn:aws:iam::111122223333:role/app"}"#,
    r#"{"AWS":"arn:aws:sts::111122223333:assumed-role/app/s"}"#,
    r#"{"AWS":["arn:aws:sts::111122223333:federated-user/fred","arn:aws:iam::111122223333:role/team/app"]}"#,
    r#"{"AWS":["444455556666","arn:aws:iam::111122223333:user/ann"]}"#,
    r#"{"AWS":["arn:aws:iam::444455556666:user/bo","arn:aws:iam::444455556666:role/app"]}"#,
    r#"{"AWS":["*"]}"#,
    r#"{"Service":["ecs-tasks.amazonaws.com","ec2.amazonaws.com"]}"#,
    r#"{"Federated":"accounts.google.com","Service":"ec2.amazonaws.com"}"#,
    r#"{"Federated":"arn:aws:iam::111122223333:saml-provider/corp","AWS":"AROAEXAMPLEID"}"#,
    r#"{"AWS":["arn:aws:sts::111122223333:assumed-role/app/s","arn:aws:iam::111122223333:role/app","111122223333"]}"#,
    r#"{"AWS":["arn:aws:iam::111122223333:user/ann","arn:aws:iam::111122223333:root"]}"#,
    r#"{"AWS":"arn:aws:iam::111122223333:user/Ann"}"#,
    r#"{"AWS":"arn:aws-cn:iam::111122223333:root"}"#,
    r#"{"AWS":["arn:aws:iam::111122223333:role/team/app","arn:aws:sts::111122223333:assumed-role/app/s","111122223333"]}"#,
    r#"{"CanonicalUser":"79a5","AWS":"444455556666"}"#,
];

/// Patterns of callers' ARNs, more than one of them of roles with paths.
const CALLERS: &[&str] = &[
    "arn:aws:*:*:111122223333:*",
    "arn:aws:*:*:111122223333:*",
    "arn:aws:iam::111122223333:role/team/*",
    // Under StringLike it also matches a path that spells `:role/aws-reserved/…` once more.
    "arn:*:iam::*:role/aws-reserved/sso.amazonaws.com/*",
    "arn:aws:iam::111122223333:role/app*",
];
const BY_ARN: &[&str] = &["ArnLike", "ArnNotLike", "StringLike", "StringLikeIfExists"];

/// A document of a kind, by its name in the simulation format.
pub fn document(tape: &mut Tape, kind: &str) -> Value {
    let mut document = Map::new();
    match tape.below(12) {
        0..10 => drop(document.insert("Version".to_owned(), json!("2012-10-17"))),
        10 => drop(document.insert("Version".to_owned(), json!("2008-10-17"))),
        _ => {}
    }
    let statements = tape.some(1, 3, |tape| statement(tape, kind));
    let bare = statements.len() == 1 && tape.once_in(4);
    let statements = if bare { statements[0].clone() } else { statements.into() };
    document.insert("Statement".to_owned(), statements);
    document.into()
}

pub fn statement(tape: &mut Tape, kind: &str) -> Value {
    let mut statement = Map::new();
    let mut put = |name: &str, value: Value| drop(statement.insert(name.to_owned(), value));
    // What only limits allows widely more often than not, so that the rest has a say.
    let is_wide = ["scp", "endpoint", "boundary", "session"].contains(&kind) && !tape.once_in(2);
    let effect = tape.pick(&["Allow", "Allow", "Allow", "Allow", "Deny"]);
    // An RCP that allows is RCPFullAWSAccess.
    if kind == "rcp" && effect == "Allow" {
        return json!({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"});
    }
    put("Effect", effect.into());
    if kind == "rcp" {
        put("Principal", "*".into());
    } else if ["resource", "endpoint", "trust"].contains(&kind) {
        let element = if kind != "trust" && tape.once_in(6) { "NotPrincipal" } else { "Principal" };
        let named = if is_wide { PRINCIPALS[0] } else { tape.pick(PRINCIPALS) };
        put(element, serde_json::from_str(named).unwrap());
    }
    if is_wide {
        put("Action", "*".into());
    } else {
        let element = if kind != "rcp" && tape.once_in(8) { "NotAction" } else { "Action" };
        let actions = match kind {
            "trust" => TRUST_ACTIONS,
            // An RCP names services.
            "rcp" => &["s3:*", "s3:Get*", "sqs:*", "kms:*", "sts:Assume*", "s3:PutObject"],
            _ => ACTIONS,
        };
        put(element, list(tape, actions));
    }
    let is_about_its_resource = kind == "trust" || (kind == "resource" && tape.once_in(6));
    if !is_about_its_resource {
        let element = if tape.once_in(8) { "NotResource" } else { "Resource" };
        let resources = match kind {
            "resource" if tape.once_in(6) => SHORT,
            "session" => RESOURCES,
            _ if tape.once_in(5) => INCOMPLETE,
            _ => RESOURCES,
        };
        put(element, if is_wide { "*".into() } else { list(tape, resources) });
    }
    if tape.once_in(3) {
        // A condition on the caller's ARN has a meaning of its own beside a principal of `*`.
        let by_arn = kind == "resource" && tape.once_in(3);
        put(
            "Condition",
            if by_arn { json!({tape.pick(BY_ARN): {"aws:PrincipalArn": tape.pick(CALLERS)}}) } else { condition(tape) },
        );
    }
    statement.into()
}

fn list(tape: &mut Tape, items: &[&str]) -> Value {
    if tape.once_in(3) { json!(tape.some(1, 3, |tape| tape.text(items))) } else { tape.text(items).into() }
}
