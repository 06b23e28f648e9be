//! A request as a line for `tagproof simulate --batch`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use policy::{ContextValue, Principal, Request};
use serde_json::{Value, json};

/// The line, without policies: add those that you ask about. Keys stand in the order of their names.
///
/// A session stands there by its own ARN, which has no path: that of its role is in `aws:PrincipalArn`.
#[must_use]
pub fn line(request: &Request) -> Value {
    let value = |value: &ContextValue| match value {
        ContextValue::One(value) => json!(value),
        ContextValue::Many(values) => json!(values),
    };
    let mut context: BTreeMap<&str, Value> = request.context.iter().map(|(key, of_key)| (key, value(of_key))).collect();
    if let Some(role) = role_with_path(&request.principal)
        && request.context.get(PRINCIPAL_ARN).is_none()
    {
        context.insert(PRINCIPAL_ARN, json!(role));
    }
    let mut line = json!({
        "principal": principal(&request.principal),
        "action": request.action,
        "resource": request.resource,
    });
    if let Some(owner) = &request.resource_account {
        line["resourceAccount"] = json!(owner);
    }
    if !context.is_empty() {
        line["context"] = json!(context);
    }
    line
}

/// By its ARN or name: of a session the session's own.
fn principal(caller: &Principal) -> Cow<'_, str> {
    match caller {
        Principal::Service { name } => Cow::Borrowed(name),
        Principal::Federated { provider } => Cow::Borrowed(provider),
        _ => caller.arn().unwrap_or(Cow::Borrowed("anonymous")),
    }
}

/// The role of a session, where the session's ARN does not tell it: that has no path.
fn role_with_path(caller: &Principal) -> Option<&str> {
    let Principal::RoleSession { role: Some(role), session } = caller else { return None };
    let of_session = Principal::RoleSession { role: None, session: session.clone() };
    (of_session.principal_arn().as_deref() != Some(role)).then_some(role)
}

const PRINCIPAL_ARN: &str = "aws:PrincipalArn";

#[cfg(test)]
mod tests {
    use policy::Context;

    use super::*;

    #[test]
    fn a_request_is_a_line() {
        let mut context = Context::new();
        context.set("aws:PrincipalTag/Team", "finance");
        context.set_many("aws:TagKeys", ["a", "b"]);
        let request = Request {
            principal: Principal::User { arn: "arn:aws:iam::111122223333:user/ann".to_owned() },
            action: "s3:GetObject".to_owned(),
            resource: "arn:aws:s3:::b/k".to_owned(),
            resource_account: Some("111122223333".to_owned()),
            context,
        };
        let expected = r#"{"principal":"arn:aws:iam::111122223333:user/ann","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","resourceAccount":"111122223333","context":{"aws:PrincipalTag/Team":"finance","aws:TagKeys":["a","b"]}}"#;
        assert_eq!(line(&request).to_string(), expected);
    }

    #[test]
    fn a_caller_is_text_and_the_path_of_a_role_a_key() {
        let session = "arn:aws:sts::111122223333:assumed-role/app/s";
        let of_role = |role: &str| Principal::RoleSession { role: Some(role.to_owned()), session: session.to_owned() };
        for (principal, caller, context) in [
            (Principal::Anonymous, "anonymous", Value::Null),
            (Principal::root("111122223333"), "arn:aws:iam::111122223333:root", Value::Null),
            (Principal::Service { name: "ecs.amazonaws.com".to_owned() }, "ecs.amazonaws.com", Value::Null),
            (of_role("arn:aws:iam::111122223333:role/app"), session, Value::Null),
            (
                of_role("arn:aws:iam::111122223333:role/team/app"),
                session,
                json!({"aws:PrincipalArn": "arn:aws:iam::111122223333:role/team/app"}),
            ),
        ] {
            let line = line(&Request {
                principal,
                action: "s3:ListAllMyBuckets".to_owned(),
                resource: "*".to_owned(),
                resource_account: None,
                context: Context::new(),
            });
            assert_eq!((&line["principal"], &line["context"]), (&json!(caller), &context));
        }
    }
}
