//! Who asks, as a line names them.

use policy::Principal;
use policy::arn::Arn;

use crate::Fault;

/// Identity providers that trust policies name by their domain.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
const PROVIDERS: &[&str] =
    &["accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com"];
/// The session of a role that is named itself.
const SESSION: &str = "simulated";
const FORMS: &str = "a principal is the ARN of a user, a role, a role session, a federated user or an identity provider, \
                     an account's id or root, a service such as `ecs-tasks.amazonaws.com`, or `anonymous`";

/// The principal behind a name. A role that is named itself asks through a session.
pub(crate) fn read(text: &str) -> Result<Principal, Fault> {
    principal(text).ok_or_else(|| Fault::new(format!("`{}` is not a valid principal", policy::plain(text))).help(FORMS))
}

fn principal(text: &str) -> Option<Principal> {
    if text == "anonymous" {
        return Some(Principal::Anonymous);
    }
    if is_account(text) {
        return Some(Principal::Root { account: text.to_owned() });
    }
    let Some(arn) = Arn::parse(text) else { return by_domain(text) };
    if !is_account(arn.account) || !arn.region.is_empty() {
        return None;
    }
    let (kind, name) = arn.resource.split_once('/').unwrap_or((arn.resource, ""));
    if name.is_empty() || name.ends_with('/') || name.contains(['*', '?']) {
        let is_root = arn.service == "iam" && arn.resource == "root";
        return is_root.then(|| Principal::Root { account: arn.account.to_owned() });
    }
    Some(match (arn.service, kind) {
        ("iam", "user") => Principal::User { arn: text.to_owned() },
        ("iam", "role") => {
            let name = name.rsplit('/').next()?;
            let session = ["arn:", arn.partition, ":sts::", arn.account, ":assumed-role/", name, "/", SESSION].concat();
            Principal::RoleSession { role: text.to_owned(), session }
        }
        ("sts", "assumed-role") => {
            let (role, session) = name.split_once('/')?;
            if role.is_empty() || session.contains('/') {
                return None;
            }
            let role = ["arn:", arn.partition, ":iam::", arn.account, ":role/", role].concat();
            Principal::RoleSession { role, session: text.to_owned() }
        }
        ("sts", "federated-user") => Principal::FederatedUser { arn: text.to_owned(), user: None },
        ("iam", "saml-provider" | "oidc-provider") => Principal::Federated { provider: text.to_owned() },
        _ => return None,
    })
}

fn by_domain(text: &str) -> Option<Principal> {
    if PROVIDERS.contains(&text) {
        return Some(Principal::Federated { provider: text.to_owned() });
    }
    let is_domain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    let is_service = [".amazonaws.com", ".amazonaws.com.cn", ".amazon.com"].iter().any(|end| text.ends_with(end));
    (is_domain && is_service).then(|| Principal::Service { name: text.to_owned() })
}

pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_read() {
        let role = |role: &str, session: &str| Principal::RoleSession {
            role: format!("arn:aws:iam::111122223333:role/{role}"),
            session: format!("arn:aws:sts::111122223333:assumed-role/{session}"),
        };
        let user = "arn:aws:iam::111122223333:user/team/ann";
        let federated = "arn:aws:sts::111122223333:federated-user/ann";
        let provider = "arn:aws:iam::111122223333:saml-provider/corp";
        for (text, expected) in [
            ("anonymous", Principal::Anonymous),
            ("111122223333", Principal::Root { account: "111122223333".to_owned() }),
            ("arn:aws:iam::111122223333:root", Principal::Root { account: "111122223333".to_owned() }),
            (user, Principal::User { arn: user.to_owned() }),
            ("arn:aws:iam::111122223333:role/path/app", role("path/app", "app/simulated")),
            ("arn:aws:sts::111122223333:assumed-role/app/i-1", role("app", "app/i-1")),
            (federated, Principal::FederatedUser { arn: federated.to_owned(), user: None }),
            (provider, Principal::Federated { provider: provider.to_owned() }),
            ("accounts.google.com", Principal::Federated { provider: "accounts.google.com".to_owned() }),
            ("ecs-tasks.amazonaws.com", Principal::Service { name: "ecs-tasks.amazonaws.com".to_owned() }),
        ] {
            assert_eq!(read(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_makes_no_requests_is_refused() {
        for text in [
            "",
            "*",
            "ann",
            "1111222233334",
            "arn:aws:iam::111122223333:group/admins",
            "arn:aws:iam::111122223333:user/",
            "arn:aws:iam::111122223333:user/*",
            "arn:aws:iam::1111:user/ann",
            "arn:aws:sts::111122223333:assumed-role/app",
            "arn:aws:sts::111122223333:assumed-role/app/a/b",
            "arn:aws:s3:::b",
            "a b.amazonaws.com",
        ] {
            let fault = read(text).unwrap_err();
            assert!(fault.message.contains(text) && fault.help.is_some(), "{fault:?}");
        }
    }
}
