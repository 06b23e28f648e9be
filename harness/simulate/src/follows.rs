//! Condition keys that follow from who asks and for what.
//!
//! AWS puts them into every request, so that a question need not: where a policy asks for one and the context lacks it,
//! it is filled in.
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html

use policy::arn::Arn;
use policy::{Principal, Request};

/// Which of the keys some policies ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked(u8);

type Value = fn(&Request) -> Option<String>;

const KEYS: [(&str, Value); 7] = [
    ("aws:PrincipalAccount", principal_account),
    ("aws:PrincipalArn", principal_arn),
    ("aws:PrincipalIsAWSService", is_service),
    ("aws:PrincipalServiceName", service_name),
    ("aws:PrincipalType", principal_type),
    ("aws:ResourceAccount", resource_account),
    ("aws:username", user_name),
];

impl Asked {
    /// Those that stand in the text of a policy. An escape could spell one that does not.
    pub(crate) fn by(text: &str) -> Self {
        if text.contains('\\') {
            return Self(u8::MAX);
        }
        let text = text.to_ascii_lowercase();
        let found = |(at, (key, _)): (usize, &(&str, Value))| u8::from(text.contains(&key.to_ascii_lowercase())) << at;
        Self(KEYS.iter().enumerate().map(found).sum())
    }

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Puts into the request what is asked for and is not there.
    pub(crate) fn fill(self, request: &mut Request) {
        if self.0 == 0 {
            return;
        }
        for (at, (key, value)) in KEYS.iter().enumerate() {
            if self.0 & (1 << at) != 0
                && request.context.get(key).is_none()
                && let Some(text) = value(request)
            {
                let is_unsettled = matches!(request.principal, Principal::RoleSession { role: None, .. });
                match *key {
                    "aws:PrincipalArn" if is_unsettled => request.context.set_role_without_path(*key, text),
                    _ => request.context.set(*key, text),
                }
            }
        }
    }
}

/// "For anonymous requests, the request context returns `anonymous`."
fn principal_account(request: &Request) -> Option<String> {
    match &request.principal {
        Principal::Anonymous => Some("anonymous".to_owned()),
        principal => principal.account().map(str::to_owned),
    }
}

fn principal_arn(request: &Request) -> Option<String> {
    request.principal.principal_arn().map(Into::into)
}

/// "Anonymous requests do not include this key."
fn is_service(request: &Request) -> Option<String> {
    match request.principal {
        Principal::Anonymous => None,
        Principal::Service { .. } => Some("true".to_owned()),
        _ => Some("false".to_owned()),
    }
}

fn service_name(request: &Request) -> Option<String> {
    match &request.principal {
        Principal::Service { name } => Some(name.clone()),
        _ => None,
    }
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable, which has no row for
/// services and providers.
fn principal_type(request: &Request) -> Option<String> {
    let name = match request.principal {
        Principal::Anonymous => "Anonymous",
        Principal::Root { .. } => "Account",
        Principal::User { .. } => "User",
        Principal::RoleSession { .. } => "AssumedRole",
        Principal::FederatedUser { .. } => "FederatedUser",
        Principal::Service { .. } | Principal::Federated { .. } => return None,
    };
    Some(name.to_owned())
}

/// The ARN of an S3 bucket names no account; without a word on it, it counts as the caller's.
fn resource_account(request: &Request) -> Option<String> {
    let of_arn = || Arn::parse(&request.resource).map(|arn| arn.account).filter(|account| !account.is_empty());
    request.resource_account.as_deref().or_else(of_arn).or_else(|| request.principal.account()).map(str::to_owned)
}

/// For IAM users alone.
fn user_name(request: &Request) -> Option<String> {
    match &request.principal {
        Principal::User { arn } => arn.rsplit('/').next().map(str::to_owned),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use policy::{Context, ContextValue};

    use super::*;

    #[test]
    fn what_policies_ask_for_is_filled_in() {
        let all = KEYS.map(|(key, _)| key).join(" ");
        for (principal, expected) in [
            ("anonymous", ["anonymous", "", "", "", "Anonymous", "444455556666", ""]),
            (
                "111122223333",
                ["111122223333", "arn:aws:iam::111122223333:root", "false", "", "Account", "444455556666", ""],
            ),
            (
                "arn:aws:iam::111122223333:user/a/ann",
                ["111122223333", "arn:aws:iam::111122223333:user/a/ann", "false", "", "User", "444455556666", "ann"],
            ),
            (
                "arn:aws:sts::111122223333:assumed-role/r/s",
                ["111122223333", "arn:aws:iam::111122223333:role/r", "false", "", "AssumedRole", "444455556666", ""],
            ),
            ("sns.amazonaws.com", ["", "", "true", "sns.amazonaws.com", "", "444455556666", ""]),
        ] {
            let mut request = Request {
                principal: crate::principal::read(principal).unwrap(),
                action: "sqs:SendMessage".to_owned(),
                resource: "arn:aws:sqs:us-east-1:444455556666:q".to_owned(),
                resource_account: None,
                context: Context::new(),
            };
            Asked::by(&all).fill(&mut request);
            let found = KEYS.map(|(key, _)| match request.context.get(key) {
                Some(ContextValue::One(value)) => value.clone(),
                _ => String::new(),
            });
            assert_eq!(found, expected, "{principal}");
        }
    }

    #[test]
    fn nothing_else_is_and_nothing_is_replaced() {
        let mut request = Request {
            principal: Principal::User { arn: "arn:aws:iam::111122223333:user/ann".to_owned() },
            action: "s3:GetObject".to_owned(),
            resource: "*".to_owned(),
            resource_account: None,
            context: Context::new(),
        };
        request.context.set("AWS:UserName", "bob");
        let before = request.clone();
        Asked::by("aws:PrincipalTag/team ${aws:USERNAME}").fill(&mut request);
        assert_eq!(request, before);
        assert_eq!(Asked::by(r"\u0061ws:username"), Asked(u8::MAX));
    }
}
