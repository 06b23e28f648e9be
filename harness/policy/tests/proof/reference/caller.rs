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
    SessionIssuer,
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
    /// The ARNs that the role may have, if its path is not known; first the one without a path.
    pub arns: Vec<String>,
    names: Vec<Name>,
}

/// A name that the caller goes by.
#[derive(Clone, Debug)]
struct Name {
    /// The entry of `Principal` that it stands under.
    entry: &'static str,
    /// How it may be spelt there.
    spellings: Vec<String>,
    /// What it makes of a grant.
    way: Way,
}

/// Paths of roles: enough of them to meet every pattern that the generators write, and one that meets none. A path may have
/// colons: docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
const PATHS: [&str; 10] = [
    "",
    "team/",
    "team/x/",
    "t/",
    "x/team/",
    "x:user/",
    "x:role/team/",
    "team/AWSx/",
    "AWSReservedSSO_Admin_x/",
    "zz/yy/zz/",
];
/// docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
const IDENTITY_CENTER: [&str; 2] = ["aws-reserved/sso.amazonaws.com/", "aws-reserved/sso.amazonaws.com/eu-west-2/"];

impl Caller {
    /// As the simulation format writes it: `anonymous`, an ARN, a service, or a mapping.
    pub fn of(principal: &Value) -> Self {
        let part = |name: &str| principal[name].as_str().map(str::to_owned);
        if let Some(provider) = part("federated") {
            return Self::outside(vec![Name::new("Federated", provider, Way::Itself)]);
        }
        let text = principal.as_str().map(str::to_owned).or_else(|| part("session")).expect("a principal");
        if text == "anonymous" {
            return Self { is_anonymous: true, ..Self::outside(Vec::new()) };
        }
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        if parts.len() < 6 {
            return Self { is_service: true, ..Self::outside(vec![Name::new("Service", text, Way::Itself)]) };
        }
        let (partition, account, what) = (parts[1], parts[4].to_owned(), parts[5].to_owned());
        if what.starts_with("saml-provider/") {
            return Self::outside(vec![Name::new("Federated", text, Way::Itself)]);
        }
        let behind = part("role").or_else(|| part("user"));
        let mut caller = Self::outside(Vec::new());
        if let (None, Some(role)) = (&behind, what.strip_prefix("assumed-role/")) {
            // docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: one role of that name, whatever its path.
            let name = role.split('/').next().expect("a role name");
            let mut paths = PATHS.to_vec();
            if name.starts_with("AWSReservedSSO_") {
                paths.extend(IDENTITY_CENTER);
            }
            caller.arns =
                paths.iter().map(|path| format!("arn:{partition}:iam::{account}:role/{path}{name}")).collect();
        }
        caller.is_root = what == "root";
        caller.is_user = what.starts_with("user/");
        caller.is_role_session = what.starts_with("assumed-role/");
        caller.is_federated_user = what.starts_with("federated-user/");
        caller.is_service_linked = behind.as_ref().is_some_and(|arn| arn.contains(":role/aws-service-role/"));
        if !caller.is_root {
            caller.names.push(Name::new("AWS", text.clone(), Way::Itself));
        }
        let spellings = behind.map_or_else(|| caller.arns.clone(), |behind| vec![behind]);
        if !spellings.is_empty() {
            caller.names.push(Name { entry: "AWS", spellings, way: Way::SessionIssuer });
        }
        // docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-cross-account-resource-access.html: an account is in one
        // partition.
        let spellings = vec![account.clone(), format!("arn:{partition}:iam::{account}:root")];
        caller.names.push(Name { entry: "AWS", spellings, way: Way::Account });
        caller.account = Some(account);
        caller
    }

    fn outside(names: Vec<Name>) -> Self {
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
            arns: Vec::new(),
            names,
        }
    }

    fn may_be_canonical(&self, principal: &Value) -> bool {
        self.account.is_some() && principal.get("CanonicalUser").is_some()
    }

    /// The ways in which `Principal` or `NotPrincipal` of a statement is about the caller; none if it is not.
    pub fn ways(&self, statement: &Value) -> Vec<Way> {
        let denies = statement["Effect"] == "Deny";
        if let Some(principal) = statement.get("Principal") {
            // Whose a canonical user id is nobody says here: a Deny counts as if it were this account's.
            if denies && self.may_be_canonical(principal) {
                return vec![Way::Account];
            }
            let mut ways: Vec<Way> =
                self.names.iter().filter(|name| name.is_in(principal)).map(|name| name.way).collect();
            if is_everyone(principal) {
                ways.push(if asks_for_arn(statement) { Way::Itself } else { Way::Everyone });
            }
            return ways;
        }
        let Some(spared) = statement.get("NotPrincipal") else { return vec![Way::Everyone] };
        let listed = self.names.iter().filter(|name| name.is_in(spared)).count();
        let is_spared = match statement["Effect"].as_str() {
            // "Will always deny any IAM principal that has a permissions boundary policy attached."
            Some("Deny") if self.has_boundary => false,
            Some("Deny") => is_everyone(spared) || (listed == self.names.len() && listed > 0),
            _ => is_everyone(spared) || listed > 0 || self.may_be_canonical(spared),
        };
        if is_spared { Vec::new() } else { vec![Way::Everyone] }
    }
}

impl Name {
    fn new(entry: &'static str, spelling: String, way: Way) -> Self {
        Self { entry, spellings: vec![spelling], way }
    }

    /// Whether a principal element lists it.
    fn is_in(&self, principal: &Value) -> bool {
        let listed = principal.get(self.entry).map(texts).unwrap_or_default();
        self.spellings.iter().any(|spelling| listed.contains(spelling))
    }
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
    principal == "*" || principal.get("AWS").map(texts).unwrap_or_default().contains(&"*".to_owned())
}
