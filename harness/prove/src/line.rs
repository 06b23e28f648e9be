//! A request as a line for `tagproof simulate --batch`.

use policy::{ContextValue, Principal, Request};
use serde_json::{Map, Value, json};

/// The line, without policies: whoever asks adds those in question. Keys stand in the order of their names.
#[must_use]
pub fn line(request: &Request) -> Value {
    let value = |value: &ContextValue| match value {
        ContextValue::One(value) => json!(value),
        ContextValue::Many(values) => json!(values),
    };
    let context: Map<String, Value> =
        request.context.iter().map(|(key, of_key)| (key.to_owned(), value(of_key))).collect();
    let mut line = json!({
        "principal": principal(&request.principal),
        "action": request.action,
        "resource": request.resource,
    });
    if let Some(owner) = &request.resource_account {
        line["resourceAccount"] = json!(owner);
    }
    if !context.is_empty() {
        line["context"] = context.into();
    }
    line
}

/// In the words of the simulation format.
fn principal(caller: &Principal) -> Value {
    match caller {
        Principal::Anonymous => json!("anonymous"),
        Principal::Service { name } => json!(name),
        Principal::Root { .. } => json!(caller.arn()),
        Principal::User { arn } | Principal::FederatedUser { arn, user: None } => json!(arn),
        Principal::RoleSession { role: None, session } => json!(session),
        Principal::RoleSession { role: Some(role), session } => json!({"role": role, "session": session}),
        Principal::FederatedUser { arn, user: Some(user) } => json!({"session": arn, "user": user}),
        Principal::Federated { provider } => json!({"federated": provider}),
    }
}

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
    fn callers_are_as_questions_have_them() {
        let role = "arn:aws:iam::111122223333:role/app".to_owned();
        let session = "arn:aws:sts::111122223333:assumed-role/app/s".to_owned();
        for (caller, expected) in [
            (Principal::Anonymous, r#""anonymous""#),
            (Principal::root("111122223333"), r#""arn:aws:iam::111122223333:root""#),
            (Principal::Service { name: "ecs.amazonaws.com".to_owned() }, r#""ecs.amazonaws.com""#),
            (
                Principal::RoleSession { role: Some(role), session },
                r#"{"role":"arn:aws:iam::111122223333:role/app","session":"arn:aws:sts::111122223333:assumed-role/app/s"}"#,
            ),
        ] {
            assert_eq!(principal(&caller).to_string(), expected);
        }
    }
}
