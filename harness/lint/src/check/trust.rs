//! Trust policies: who may assume a role, and by which action.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html,
//! docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html

use policy::plain;

use crate::code;
use crate::edits;
use crate::glob::UNKNOWN;
use crate::sink::Sink;
use crate::written::{Principal, Statement, Text};

const GITHUB: &str = "token.actions.githubusercontent.com";

pub(super) fn check(statement: &Statement<'_>, principal: &Principal<'_>, sink: &mut Sink) {
    let of =
        |wanted: &'static str| principal.names.iter().filter(move |(sort, _)| *sort == wanted).map(|(_, name)| *name);
    for name in of("AWS").filter(|name| name.text == "*" && statement.allows()) {
        let message = "a trust policy does not take everyone as its Principal";
        let help = "name the accounts, roles or users that may assume the role";
        sink.add(&code::ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL, name.span, message).help(help);
    }
    of("Federated").filter(|name| !name.is_unknown()).for_each(|name| federated(statement, &name, sink));
    sessions(statement, &of("AWS").collect::<Vec<_>>(), sink);
    mismatched(statement, principal, sink);
    if let Some(name) = of("Service").find(|name| name.text == "rolesanywhere.amazonaws.com") {
        roles_anywhere(statement, &name, sink);
    }
}

/// What a federated principal is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Provider {
    Saml,
    Oidc,
    Unclear,
}

fn provider(text: &str) -> Provider {
    let resource = text.strip_prefix("arn:").and_then(|rest| rest.splitn(5, ':').last());
    match resource {
        Some(resource) if resource.starts_with("saml-provider/") => Provider::Saml,
        Some(resource) if resource.starts_with("oidc-provider/") => Provider::Oidc,
        None if is_domain(text) => Provider::Oidc,
        _ => Provider::Unclear,
    }
}

/// `accounts.google.com`, `cognito-identity.amazonaws.com` …
fn is_domain(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    text.contains('.') && text.bytes().all(fits)
}

fn federated(statement: &Statement<'_>, name: &Text<'_>, sink: &mut Sink) {
    if provider(name.text) == Provider::Unclear && !name.text.contains("${") {
        let message = format!("`{}` is neither a domain nor the ARN of a provider", plain(name.text));
        let help =
            "write `arn:aws:iam::ACCOUNT:saml-provider/NAME`, `arn:aws:iam::ACCOUNT:oidc-provider/DOMAIN`, or a domain";
        sink.add(&code::INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY, name.span, message).help(help);
    }
    let has_open_key = statement.conditions.iter().any(|condition| condition.name.contains(UNKNOWN));
    if provider(name.text) != Provider::Oidc || !statement.allows() || has_open_key {
        return;
    }
    let domain = name.text.split_once("oidc-provider/").map_or(name.text, |(_, domain)| domain).to_lowercase();
    if domain == GITHUB || domain.starts_with(&format!("{GITHUB}/")) {
        return github(statement, name, &domain, sink);
    }
    let has_own = statement.conditions.iter().any(|condition| condition.name.to_lowercase().starts_with(&domain));
    if !has_own {
        let message = format!("every user of `{}` may assume the role", plain(&domain));
        let help = format!("add conditions on `{0}:aud` and `{0}:sub`", plain(&domain));
        sink.add(&code::MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL, name.span, message).help(help);
    }
}

/// "Limit the condition to a specific set of repositories or branches."
fn github(statement: &Statement<'_>, name: &Text<'_>, domain: &str, sink: &mut Sink) {
    let key = format!("{domain}:sub");
    let mut subjects = statement.conditions.iter().filter(|condition| condition.name.eq_ignore_ascii_case(&key));
    let Some(subject) = subjects.find(|condition| !condition.holds_without()) else {
        let message = "any repository on GitHub may assume the role";
        let help = format!(
            "add `\"StringEquals\": {{\"{key}\": \"repo:OWNER/NAME:ref:refs/heads/BRANCH\"}}` to the Condition"
        );
        sink.add(&code::MISSING_GITHUB_REPO_CONDITION_KEY, name.span, message).help(help);
        return;
    };
    // `repo:OWNER/NAME:*` is any branch of one repository, and what GitHub's own guide shows.
    let is_wide = |value: &&Text<'_>| {
        let owner_and_name =
            value.text.strip_prefix("repo:").unwrap_or(value.text).split(':').next().unwrap_or_default();
        owner_and_name.contains(['*', '?']) && subject.operator.base.test == policy::operator::Test::Like
    };
    for value in subject.values.iter().filter(is_wide) {
        let message = format!("`{}` stands for more than one repository", plain(value.text));
        let help = "name owner, repository and branch: `repo:OWNER/NAME:ref:refs/heads/BRANCH`";
        sink.add(&code::SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED, value.span, message).help(help);
    }
}

/// "Remove the assumed-role principal": its role is there already.
fn sessions(statement: &Statement<'_>, names: &[Text<'_>], sink: &mut Sink) {
    let role_of = |text: &str| {
        let (head, rest) = text.split_once(":assumed-role/")?;
        let account = head.rsplit(':').next()?;
        Some(format!(":{account}:role/{}", rest.split('/').next()?))
    };
    let is_redundant =
        |name: &&Text<'_>| role_of(name.text).is_some_and(|role| names.iter().any(|other| other.text.ends_with(&role)));
    let redundant: Vec<_> = names.iter().filter(is_redundant).collect();
    let list = statement.node.get("Principal").and_then(|node| node.get("AWS"));
    let edit = edits::removals(list, &redundant.iter().map(|name| name.span).collect::<Vec<_>>());
    for name in redundant {
        let message = format!("the session `{}` stands beside its own role", plain(name.text));
        sink.add(&code::REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY, name.span, message)
            .help("leave it out")
            .edit(edit(name.span));
    }
}

/// "Use a SAML provider principal with the sts:AssumeRoleWithSAML action or use an OIDC provider principal with the
/// sts:AssumeRoleWithWebIdentity action. Ensure the provider is Federated."
fn mismatched(statement: &Statement<'_>, principal: &Principal<'_>, sink: &mut Sink) {
    if statement.not_action || !statement.allows() || principal.names.iter().any(|(_, name)| name.is_unknown()) {
        return;
    }
    let has = |wanted: &str| {
        principal.names.iter().any(|(sort, name)| match (*sort, provider(name.text)) {
            ("Federated", Provider::Unclear) => true,
            ("Federated", Provider::Saml) => wanted == "saml",
            ("Federated", Provider::Oidc) => wanted == "oidc",
            _ => wanted == "other",
        })
    };
    for item in &statement.actions {
        let (wanted, who) = match item.text.to_ascii_lowercase().as_str() {
            "sts:assumerolewithsaml" => ("saml", "a SAML provider"),
            "sts:assumerolewithwebidentity" => ("oidc", "an OpenID Connect provider"),
            "sts:assumerole" => ("other", "an account, a role, a user or a service"),
            _ => continue,
        };
        if principal.names.is_empty() || has(wanted) {
            continue;
        }
        let message = format!("{} is for {who}, and the Principal is none", plain(item.text));
        let right = match (has("saml"), has("oidc"), has("other")) {
            (true, false, false) => Some("sts:AssumeRoleWithSAML"),
            (false, true, false) => Some("sts:AssumeRoleWithWebIdentity"),
            (false, false, true) => Some("sts:AssumeRole"),
            _ => None,
        };
        let is_free = |right: &&str| !statement.names(right);
        let text = Text { text: item.text, span: item.span };
        let help = right.map(|right| format!("write `{right}`")).unwrap_or_default();
        let edit = right.filter(is_free).and_then(|right| edits::rewrite(&text, right));
        sink.add(&code::MISMATCHED_ACTION_FOR_PRINCIPAL, item.span, message).help(help).edit(edit);
    }
}

/// "The IAM Roles Anywhere service principal requires the sts:AssumeRole, sts:SetSourceIdentity, and sts:TagSession
/// permissions."
fn roles_anywhere(statement: &Statement<'_>, name: &Text<'_>, sink: &mut Sink) {
    let missing: Vec<_> = ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]
        .into_iter()
        .filter(|action| statement.allows() && !statement.reaches(action))
        .collect();
    if !missing.is_empty() {
        let message = format!("IAM Roles Anywhere also needs {}", super::listed(missing));
        let code = &code::MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY;
        sink.add(code, name.span, message).help("add them to Action");
    }
}
