//! Whether a statement is about the caller, and how it names them.

use crate::Principal;
use crate::document::{Name, Principals};
use crate::principal::path_behind;
use crate::undocumented::{Case, Notes};

/// Who a statement is about.
#[derive(Debug)]
pub(crate) enum Whom {
    /// The statement stands in a policy of the caller's own.
    Holder,
    Named(Box<[Name]>),
    AllBut(Box<[Name]>),
}

/// How directly a resource policy's Allow names the caller. What limits it further depends on that.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Grant {
    /// It does not.
    #[default]
    None,
    /// By account: somebody who may give permissions there has to give them.
    Delegated,
    /// By the role or the user behind the session: boundary and session policies still limit.
    SessionIssuer,
    /// As one of everybody: see `Case::EveryoneUnlimited`.
    Everyone,
    /// By user or session: no implicit denial elsewhere limits. Also what a caller's own policy allows.
    Direct,
}

impl Whom {
    pub(super) fn new(principals: Option<&Principals>) -> Self {
        match principals {
            None => Self::Holder,
            Some(Principals { not: false, names }) => Self::Named(names.as_slice().into()),
            Some(Principals { not: true, names }) => Self::AllBut(names.as_slice().into()),
        }
    }

    /// How a statement that denies is about the caller, who may have a permissions boundary: NotPrincipal "will always
    /// deny any IAM principal that has a permissions boundary policy attached, regardless of the values specified".
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    pub(crate) fn denies(&self, caller: &Principal, has_boundary: bool, otherwise: Notes, notes: &mut Notes) -> bool {
        let is_grant = |name: &Name, notes: &mut Notes| grant(name, caller, otherwise, notes) != Grant::None;
        let is_settled = |case| !otherwise.contains(case);
        match self {
            Self::Holder => true,
            Self::AllBut(_) if has_boundary => true,
            Self::Named(names) => {
                names.iter().any(|name| is_grant(name, notes))
                    || may_be(names, caller, notes) && is_settled(Case::CanonicalUser)
            }
            Self::AllBut(names) => {
                let (listed, all) = listed(names, caller, otherwise, notes);
                let is_spared = !all && may_be(names, caller, notes) && !is_settled(Case::CanonicalUser);
                let is_part = listed > 0 && !all;
                if is_part {
                    notes.add(Case::NotPrincipalPart);
                }
                !all && !is_spared && (!is_part || is_settled(Case::NotPrincipalPart))
            }
        }
    }

    /// How a statement that allows is about the caller.
    pub(crate) fn allows(&self, caller: &Principal, otherwise: Notes, notes: &mut Notes) -> Grant {
        let is_settled = |case| !otherwise.contains(case);
        match self {
            Self::Holder => Grant::Direct,
            Self::Named(names) => {
                let grant = names.iter().map(|name| grant(name, caller, otherwise, notes)).max().unwrap_or_default();
                match grant {
                    Grant::None if may_be(names, caller, notes) && !is_settled(Case::CanonicalUser) => Grant::Direct,
                    grant => grant,
                }
            }
            Self::AllBut(names) => {
                let (listed, all) = listed(names, caller, otherwise, notes);
                let is_part = listed > 0 && !all;
                if is_part {
                    notes.add(Case::NotPrincipalAllow);
                }
                let is_free = listed == 0 || is_part && !is_settled(Case::NotPrincipalAllow);
                let is_named = is_free && may_be(names, caller, notes) && is_settled(Case::CanonicalUser);
                if is_free && !is_named { Grant::Everyone } else { Grant::None }
            }
        }
    }
}

impl Name {
    /// Whether the caller goes by it.
    pub(crate) fn names(&self, caller: &Principal) -> bool {
        grant(self, caller, Notes::default(), &mut Notes::default()) != Grant::None
    }
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
fn grant(name: &Name, caller: &Principal, otherwise: Notes, notes: &mut Notes) -> Grant {
    match (name, caller) {
        (Name::Everyone, _) => Grant::Everyone,
        (Name::Account { .. }, Principal::Root { .. }) => direct_if(is_account(name, caller)),
        (Name::Account { .. }, _) if is_account(name, caller) => Grant::Delegated,
        (Name::Arn(arn), Principal::User { arn: user }) => direct_if(arn == user),
        (Name::Arn(arn), Principal::FederatedUser { arn: session, .. }) if arn == session => Grant::Direct,
        (Name::Arn(arn), Principal::FederatedUser { user: Some(user), .. }) if arn == user => Grant::SessionIssuer,
        (Name::Arn(arn), Principal::RoleSession { session, .. }) if arn == session => Grant::Direct,
        (Name::Arn(arn), Principal::RoleSession { role, session })
            if is_role(arn, role.as_deref(), session, otherwise, notes) =>
        {
            Grant::SessionIssuer
        }
        (Name::Service(name), Principal::Service { name: service }) => direct_if(name.eq_ignore_ascii_case(service)),
        (Name::Federated(name), Principal::Federated { provider }) => direct_if(name == provider),
        _ => Grant::None,
    }
}

/// Whether a canonical user id is among the names, which could be that of the caller's account: see the row.
fn may_be(names: &[Name], caller: &Principal, notes: &mut Notes) -> bool {
    let may_be = names.iter().any(|name| matches!(name, Name::Canonical(_))) && caller.account().is_some();
    if may_be {
        notes.add(Case::CanonicalUser);
    }
    may_be
}

const fn direct_if(same: bool) -> Grant {
    if same { Grant::Direct } else { Grant::None }
}

/// "IAM roles and resource-based policies delegate access across accounts only within a single partition": an account that
/// is named with its partition is in no other.
/// docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-cross-account-resource-access.html
fn is_account(name: &Name, caller: &Principal) -> bool {
    let Name::Account { partition, id } = name else { return false };
    caller.account() == Some(id) && (partition.is_none() || caller.partition() == partition.as_deref())
}

/// Whether an ARN is that of the role behind a session. Where its path is not known, the name settles it.
fn is_role(arn: &str, role: Option<&str>, session: &str, otherwise: Notes, notes: &mut Notes) -> bool {
    if let Some(role) = role {
        return arn == role;
    }
    let path = path_behind(arn, session);
    if path.is_some_and(|path| path != "/") {
        notes.add(Case::RolePath);
        return !otherwise.contains(Case::RolePath);
    }
    path.is_some()
}

/// How many of the names a caller goes by are in a NotPrincipal, and whether that is all of them: "include the ARN for
/// a user's account, or both the ARN for a role and the ARN for the account containing that role", and the session's.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
fn listed(names: &[Name], caller: &Principal, otherwise: Notes, notes: &mut Notes) -> (usize, bool) {
    if names.contains(&Name::Everyone) {
        return (1, true);
    }
    let account = names.iter().any(|name| is_account(name, caller));
    let has = |wanted: &str| names.iter().any(|name| matches!(name, Name::Arn(arn) if arn == wanted));
    let found: [Option<bool>; 3] = match caller {
        Principal::Anonymous => [None; 3],
        Principal::Root { .. } => [Some(account), None, None],
        Principal::User { arn } => [Some(account), Some(has(arn)), None],
        Principal::FederatedUser { arn, user } => [Some(account), Some(has(arn)), user.as_deref().map(has)],
        Principal::RoleSession { role, session } => {
            let mut is_role = |name: &Name| matches!(name, Name::Arn(arn) if is_role(arn, role.as_deref(), session, otherwise, notes));
            [Some(account), Some(names.iter().any(&mut is_role)), Some(has(session))]
        }
        Principal::Service { .. } | Principal::Federated { .. } => {
            [Some(names.iter().any(|name| grant(name, caller, otherwise, notes) == Grant::Direct)), None, None]
        }
    };
    let known = found.iter().flatten().count();
    let listed = found.iter().flatten().filter(|&&listed| listed).count();
    (listed, known > 0 && listed == known)
}
