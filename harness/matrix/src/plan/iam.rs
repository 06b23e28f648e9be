//! IAM calls that a stack and a scenario's `given` have in common.

use serde_json::{Map, Value, json};

use crate::call::ApiCall;

/// To whom policies are attached: IAM has the same three operations for each.
#[derive(Clone, Copy, Debug)]
pub(super) enum PolicyHolder<'a> {
    Role(&'a str),
    User(&'a str),
    Group(&'a str),
}

/// The operations and the member that names the principal.
struct Operations {
    put: &'static str,
    attach: &'static str,
    member: &'static str,
}

impl<'a> PolicyHolder<'a> {
    const fn operations(self) -> Operations {
        match self {
            Self::Role(_) => Operations { put: "PutRolePolicy", attach: "AttachRolePolicy", member: "RoleName" },
            Self::User(_) => Operations { put: "PutUserPolicy", attach: "AttachUserPolicy", member: "UserName" },
            Self::Group(_) => Operations { put: "PutGroupPolicy", attach: "AttachGroupPolicy", member: "GroupName" },
        }
    }

    const fn name(self) -> &'a str {
        match self {
            Self::Role(name) | Self::User(name) | Self::Group(name) => name,
        }
    }

    /// Puts an inline policy.
    pub(super) fn put(self, policy: &str, document: &Value) -> ApiCall {
        let Operations { put, member, .. } = self.operations();
        let input = json!({member: self.name(), "PolicyName": policy, "PolicyDocument": document.to_string()});
        ApiCall::new("iam", put, input)
    }

    /// Attaches a managed policy.
    pub(super) fn attach(self, arn: &str) -> ApiCall {
        let Operations { attach, member, .. } = self.operations();
        ApiCall::new("iam", attach, json!({member: self.name(), "PolicyArn": arn}))
    }
}

/// An input whose absent members are left out.
pub(super) fn input<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let members = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(members.collect::<Map<_, _>>())
}

/// Text as a member.
pub(super) fn text(text: &str) -> Option<Value> {
    Some(Value::String(text.to_owned()))
}

/// A list as a member; none where it is empty.
pub(super) fn some(list: Value) -> Option<Value> {
    list.as_array().is_some_and(|items| !items.is_empty()).then_some(list)
}

/// The call that puts a user into a group.
pub(super) fn join(user: &str, group: &str) -> ApiCall {
    ApiCall::new("iam", "AddUserToGroup", json!({"UserName": user, "GroupName": group}))
}
