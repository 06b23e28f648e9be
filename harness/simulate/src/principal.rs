//! Who asks, as a line names them.

use std::borrow::Cow;

use policy::arn::{self, Arn, is_account};
use policy::{ContextValue, Principal, Request};

use crate::Fault;

/// Identity providers that trust policies name by their domain.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
const PROVIDERS: &[&str] =
    &["accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com"];
/// For a role session the role's ARN.
pub(crate) const KEY: &str = "aws:PrincipalArn";
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
        return Some(Principal::root(text));
    }
    let Some(arn) = Arn::parse(text) else { return by_domain(text) };
    if !is_account(arn.account) || !arn.region.is_empty() {
        return None;
    }
    let (kind, name) = arn.resource.split_once('/').unwrap_or((arn.resource, ""));
    if name.is_empty() || name.ends_with('/') || name.bytes().any(|byte| matches!(byte, b'*' | b'?')) {
        let is_root = arn.service == "iam" && arn.resource == "root";
        let root = || Principal::Root { partition: arn.partition.to_owned(), account: arn.account.to_owned() };
        return is_root.then(root);
    }
    Some(match (arn.service, kind) {
        ("iam", "user") => Principal::User { arn: text.to_owned() },
        ("iam", "role") => {
            let name = name.rsplit('/').next()?;
            let session = ["arn:", arn.partition, ":sts::", arn.account, ":assumed-role/", name, "/", SESSION].concat();
            Principal::RoleSession { role: Some(text.to_owned()), session }
        }
        ("sts", "assumed-role") => {
            let (role, session) = name.split_once('/')?;
            if role.is_empty() || session.contains('/') {
                return None;
            }
            Principal::RoleSession { role: None, session: text.to_owned() }
        }
        ("sts", "federated-user") => Principal::FederatedUser { arn: text.to_owned(), user: None },
        ("iam", "saml-provider" | "oidc-provider") => Principal::Federated { provider: text.to_owned() },
        _ => return None,
    })
}

/// Whether the context tells the path of the caller's role, which is not known from a session's ARN.
pub(crate) fn tells_path(principal: &Principal, context: &[(Cow<'_, str>, ContextValue)]) -> bool {
    matches!(principal, Principal::RoleSession { role: None, .. })
        && context.iter().any(|(key, _)| key.eq_ignore_ascii_case(KEY))
}

/// Takes the path of the caller's role from aws:PrincipalArn, which agrees with the session's ARN.
pub(crate) fn take_path(request: &mut Request) {
    if let (Principal::RoleSession { role, .. }, Some(ContextValue::One(given))) =
        (&mut request.principal, request.context.get(KEY))
    {
        *role = Some(given.clone());
    }
}

/// What to give, where an answer rests on the path of a role that is not known.
pub(crate) fn ask_for_path(principal: &Principal) -> String {
    let arn = principal.principal_arn().unwrap_or_default();
    let name = policy::plain(arn.rsplit('/').next().unwrap_or_default());
    format!("the path of the role `{name}` is not known: give the role's ARN as the principal, or as {KEY}")
}

/// That the caller and the resource are in two partitions.
///
/// "You cannot use IAM credentials from one partition to interact with resources in a different partition."
/// docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
pub(crate) fn across_partitions(request: &Request) -> Option<Fault> {
    let own = request.principal.partition()?;
    let other = arn::partition(&request.resource)?;
    // A pattern is some other fault.
    if own == other || other.contains(['*', '?']) {
        return None;
    }
    let (own, other) = (policy::plain(own), policy::plain(other));
    let message = format!("the principal is in the partition `{own}`, and the resource in `{other}`");
    let help = "credentials of one partition are not valid in another; a bare account id is the root user in `aws`";
    Some(Fault::new(message).help(help))
}

fn by_domain(text: &str) -> Option<Principal> {
    if PROVIDERS.contains(&text) {
        return Some(Principal::Federated { provider: text.to_owned() });
    }
    let is_domain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    let is_service = [".amazonaws.com", ".amazonaws.com.cn", ".amazon.com"].iter().any(|end| text.ends_with(end));
    (is_domain && is_service).then(|| Principal::Service { name: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_read() {
        let role = |role: Option<&str>, session: &str| Principal::RoleSession {
            role: role.map(|role| format!("arn:aws:iam::111122223333:role/{role}")),
            session: format!("arn:aws:sts::111122223333:assumed-role/{session}"),
        };
        let user = "arn:aws:iam::111122223333:user/team/ann";
        let federated = "arn:aws:sts::111122223333:federated-user/ann";
        let provider = "arn:aws:iam::111122223333:saml-provider/corp";
        for (text, expected) in [
            ("anonymous", Principal::Anonymous),
            ("111122223333", Principal::root("111122223333")),
            ("arn:aws:iam::111122223333:root", Principal::root("111122223333")),
            (
                "arn:aws-cn:iam::111122223333:root",
                Principal::Root { partition: "aws-cn".to_owned(), account: "111122223333".to_owned() },
            ),
            (user, Principal::User { arn: user.to_owned() }),
            ("arn:aws:iam::111122223333:role/path/app", role(Some("path/app"), "app/simulated")),
            ("arn:aws:sts::111122223333:assumed-role/app/i-1", role(None, "app/i-1")),
            (federated, Principal::FederatedUser { arn: federated.to_owned(), user: None }),
            (provider, Principal::Federated { provider: provider.to_owned() }),
            ("accounts.google.com", Principal::Federated { provider: "accounts.google.com".to_owned() }),
            ("ec2.amazonaws.com.cn", Principal::Service { name: "ec2.amazonaws.com.cn".to_owned() }),
            ("ecs-tasks.amazonaws.com", Principal::Service { name: "ecs-tasks.amazonaws.com".to_owned() }),
        ] {
            assert_eq!(read(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_path_comes_from_the_arn_that_is_given() {
        let session = "arn:aws:sts::111122223333:assumed-role/app/s";
        for (principal, given, role) in [
            (session, "arn:aws:iam::111122223333:role/team/app", Ok(Some("arn:aws:iam::111122223333:role/team/app"))),
            (session, "arn:aws:iam::111122223333:role/app", Ok(Some("arn:aws:iam::111122223333:role/app"))),
            (session, "arn:aws:iam::111122223333:role/team/other", Err(())),
            (session, "arn:aws:iam::111122223333:role/team-app", Err(())),
            (session, "arn:aws:iam::444455556666:role/app", Err(())),
            (session, "arn:aws-cn:iam::111122223333:role/app", Err(())),
            (session, session, Err(())),
            ("arn:aws:iam::111122223333:role/app", "arn:aws:iam::111122223333:role/team/app", Err(())),
            ("arn:aws:iam::111122223333:user/ann", "arn:aws:iam::111122223333:user/ann", Ok(None)),
            ("arn:aws:iam::111122223333:user/ann", "arn:aws:iam::111122223333:user/bob", Err(())),
            ("111122223333", "arn:aws-cn:iam::111122223333:root", Err(())),
        ] {
            let question = crate::Question {
                principal: principal.into(),
                action: "sqs:ListQueues".into(),
                resource: "*".into(),
                context: vec![("AWS:PrincipalARN".into(), ContextValue::One(given.to_owned()))],
                ..crate::Question::default()
            };
            match (crate::Simulator::new(None).ask(question, false), role) {
                (Ok(answer), Ok(expected)) => {
                    let found = &answer.request.principal;
                    let role = if let Principal::RoleSession { role, .. } = found { role.as_deref() } else { None };
                    assert_eq!(role, expected, "{principal} {given}");
                }
                (Err(faults), Err(())) => {
                    let [fault] = &*faults else { panic!("{faults:?}") };
                    assert!(fault.message.contains(principal) && fault.message.contains(given), "{fault:?}");
                }
                (other, _) => panic!("{principal} {given}: {other:?}"),
            }
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
