//! Who asks, and by which names policies know them.
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html

use serde_json::Value;

use super::texts;

/// How a statement of a resource's policy comes to be about a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The user, session, service or provider itself is named.
    Itself,
    /// The role or the user behind a session is named.
    Behind,
    /// Everyone is.
    Everyone,
    /// The account is, and with it those whom the account lets.
    Account,
}

#[derive(Clone, Debug)]
pub struct Caller {
    /// The account, for callers that belong to one.
    pub account: Option<String>,
    pub is_anonymous: bool,
    /// An AWS service in its own name.
    pub is_service: bool,
    pub is_root: bool,
    pub is_user: bool,
    pub is_role_session: bool,
    /// Made by GetFederationToken.
    pub is_federated_user: bool,
    pub is_service_linked: bool,
    pub has_boundary: bool,
    /// The entry of `Principal` and the text there, with what it makes of a grant.
    names: Vec<(&'static str, String, Way)>,
}

impl Caller {
    /// As the simulation format writes it: `anonymous`, an ARN, a service, or a mapping.
    pub fn of(principal: &Value) -> Self {
        let part = |name: &str| principal[name].as_str().map(str::to_owned);
        if let Some(provider) = part("federated") {
            return Self::outside(vec![("Federated", provider, Way::Itself)]);
        }
        let text = principal.as_str().map(str::to_owned).or_else(|| part("session")).expect("a principal");
        if text == "anonymous" {
            return Self { is_anonymous: true, ..Self::outside(Vec::new()) };
        }
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        if parts.len() < 6 {
            return Self { is_service: true, ..Self::outside(vec![("Service", text, Way::Itself)]) };
        }
        let (partition, account, what) = (parts[1], parts[4].to_owned(), parts[5].to_owned());
        if what.starts_with("saml-provider/") {
            return Self::outside(vec![("Federated", text, Way::Itself)]);
        }
        let mut behind = part("role").or_else(|| part("user"));
        if let Some(role) = what.strip_prefix("assumed-role/") {
            let name = role.split('/').next().expect("a role name");
            behind = behind.or_else(|| Some(format!("arn:{partition}:iam::{account}:role/{name}")));
        }
        let mut caller = Self::outside(Vec::new());
        caller.is_root = what == "root";
        caller.is_user = what.starts_with("user/");
        caller.is_role_session = what.starts_with("assumed-role/");
        caller.is_federated_user = what.starts_with("federated-user/");
        caller.is_service_linked = behind.as_ref().is_some_and(|arn| arn.contains(":role/aws-service-role/"));
        if !caller.is_root {
            caller.names.push(("AWS", text, Way::Itself));
        }
        if let Some(behind) = behind {
            caller.names.push(("AWS", behind, Way::Behind));
        }
        caller.names.push(("AWS", account.clone(), Way::Account));
        caller.account = Some(account);
        caller
    }

    fn outside(names: Vec<(&'static str, String, Way)>) -> Self {
        Self {
            account: None,
            is_anonymous: false,
            is_service: false,
            is_root: false,
            is_user: false,
            is_role_session: false,
            is_federated_user: false,
            is_service_linked: false,
            has_boundary: false,
            names,
        }
    }

    /// The ways in which `Principal` or `NotPrincipal` of a statement is about the caller; none if it is not.
    pub fn ways(&self, statement: &Value) -> Vec<Way> {
        if let Some(principal) = statement.get("Principal") {
            let mut ways: Vec<Way> =
                self.names.iter().filter(|name| lists(principal, name.0, &name.1)).map(|name| name.2).collect();
            if is_everyone(principal) {
                ways.push(if asks_for_arn(statement) { Way::Itself } else { Way::Everyone });
            }
            return ways;
        }
        let Some(spared) = statement.get("NotPrincipal") else { return vec![Way::Everyone] };
        let listed = self.names.iter().filter(|name| lists(spared, name.0, &name.1)).count();
        let is_spared = match statement["Effect"].as_str() {
            // "Will always deny any IAM principal that has a permissions boundary policy attached."
            Some("Deny") if self.has_boundary => false,
            Some("Deny") => is_everyone(spared) || (listed == self.names.len() && listed > 0),
            _ => is_everyone(spared) || listed > 0,
        };
        if is_spared { Vec::new() } else { vec![Way::Everyone] }
    }
}

/// Whether a principal element has a name under an entry, an account in either of its two spellings.
fn lists(principal: &Value, entry: &str, name: &str) -> bool {
    let names = principal.get(entry).map(texts).unwrap_or_default();
    names.iter().any(|listed| listed == name || *listed == format!("arn:aws:iam::{name}:root"))
}

/// "Permissions boundaries and session policies do not limit permissions granted using the aws:PrincipalArn condition key
/// with a wildcard(*) in the Principal element": as if it were named.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
fn asks_for_arn(statement: &Value) -> bool {
    let operators = statement["Condition"].as_object().into_iter().flatten();
    operators
        .filter(|(operator, _)| {
            let operator = operator.to_lowercase();
            operator != "null" && !operator.contains("not")
        })
        .flat_map(|(_, keys)| keys.as_object().into_iter().flatten())
        .any(|(key, _)| key.to_lowercase() == "aws:principalarn")
}

fn is_everyone(principal: &Value) -> bool {
    principal == "*" || lists(principal, "AWS", "*")
}
