//! What is said of the caller.

use policy::Principal;
use policy::arn::Arn;

use super::{by_caller, each_present, has_value, is, present};
use crate::formula::Formula;
use crate::lang::{Pattern, glob, literal};
use crate::space::{Fact, KeyId, Space};

pub(super) fn user_name(space: &mut Space<'_>) -> Formula {
    let Some(present) = present(space, "aws:username") else { return space.formulas.constant(true) };
    by_caller(space, |space, caller| match caller {
        Principal::User { .. } => Some(present),
        Principal::Anonymous | Principal::Root { .. } | Principal::RoleSession { .. } => {
            Some(space.formulas.not(present))
        }
        _ => None,
    })
}

pub(super) fn principal_tag(space: &mut Space<'_>) -> Formula {
    let is_tag = |name: &str| name.get(..17).is_some_and(|head| head.eq_ignore_ascii_case("aws:PrincipalTag/"));
    let tags: Vec<KeyId> =
        (0..space.keys.len()).filter(|&at| is_tag(&space.keys[at].name)).map(|at| KeyId(at as u32)).collect();
    let present: Vec<_> = tags.into_iter().map(|key| space.fact(Fact::Present(key))).collect();
    let some = space.formulas.any(present);
    by_caller(space, |space, caller| matches!(caller, Principal::Anonymous).then(|| space.formulas.not(some)))
}

pub(super) fn service_name(space: &mut Space<'_>) -> Formula {
    let names = ["aws:principalservicename", "aws:principalservicenameslist"];
    let present: Vec<_> = names.into_iter().filter_map(|name| present(space, name)).collect();
    let (all, some) = (space.formulas.all(present.clone()), space.formulas.any(present));
    by_caller(space, |space, caller| match caller {
        Principal::Service { .. } => Some(all),
        _ => Some(space.formulas.not(some)),
    })
}

/// Of a provider's caller, whose request is not signed with AWS's credentials, it is not said.
pub(super) fn is_aws_service(space: &mut Space<'_>) -> Formula {
    let Some(key) = super::single(space, "aws:principalisawsservice") else { return space.formulas.constant(true) };
    let present = space.fact(Fact::Present(key));
    let [is_service, is_none] = ["true", "false"].map(|value| is(space, key, value));
    by_caller(space, |space, caller| match caller {
        Principal::Service { .. } => Some(is_service),
        Principal::Anonymous => Some(space.formulas.not(present)),
        Principal::Federated { .. } => None,
        _ => Some(is_none),
    })
}

/// Of a service that asks in its own name see [`policy::undocumented::Case::ServiceKeys`].
pub(super) fn type_and_id(space: &mut Space<'_>) -> Formula {
    let present = each_present(space, &["aws:principaltype", "aws:userid"]);
    let all = space.formulas.all(present);
    by_caller(space, |_, caller| (!matches!(caller, Principal::Service { .. })).then_some(all))
}

/// What a service says of the resource for which it calls.
pub(super) fn source(space: &mut Space<'_>) -> Formula {
    let keys = ["aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"];
    let present = each_present(space, &keys);
    let some = space.formulas.any(present);
    let none = space.formulas.not(some);
    by_caller(space, |_, caller| (!matches!(caller, Principal::Service { .. })).then_some(none))
}

/// Who signs nothing, or calls with what a provider has issued, has no credentials of AWS at all.
pub(super) fn temporary_credentials(space: &mut Space<'_>) -> Formula {
    let keys = ["aws:tokenissuetime", "aws:multifactorauthpresent", "aws:multifactorauthage"];
    let present = each_present(space, &keys);
    let some = space.formulas.any(present);
    let none = space.formulas.not(some);
    by_caller(space, |_, caller| matches!(caller, Principal::Anonymous | Principal::Federated { .. }).then_some(none))
}

/// Only where the callers are part of the question: else they stand for others of other accounts.
pub(super) fn principal_account(space: &mut Space<'_>) -> Formula {
    let Some(key) = space.asked_key("aws:principalaccount").filter(|_| space.owner.is_some()) else {
        return space.formulas.constant(true);
    };
    let present = space.fact(Fact::Present(key));
    by_caller(space, |space, caller| {
        let account = match caller {
            Principal::Anonymous => "anonymous",
            caller => caller.account()?,
        };
        let is_account = has_value(space, key, vec![literal(account)]);
        Some(space.formulas.all([present, is_account]))
    })
}

/// Of a caller that stands for others, the ARN is of its kind, and of nobody whom a policy names.
pub(super) fn principal_arn(space: &mut Space<'_>) -> Formula {
    let Some(key) = super::single(space, "aws:principalarn") else { return space.formulas.constant(true) };
    let present = space.fact(Fact::Present(key));
    let is_exact = space.owner.is_some();
    let absent = space.formulas.not(present);
    by_caller(space, |space, caller| {
        if matches!(caller, Principal::Anonymous) {
            return Some(absent);
        }
        let arn = caller.principal_arn()?;
        let stands_for_others = !is_exact && !space.named.iter().any(|named| **named == *arn);
        let patterns = match caller {
            _ if stands_for_others => vec![of_kind(&arn)?],
            // Its path is not known.
            Principal::RoleSession { role: None, .. } => vec![literal(&arn), with_path(&arn)],
            _ => vec![literal(&arn)],
        };
        let is_it = has_value(space, key, patterns);
        let named = if stands_for_others { space.named.iter().map(|arn| literal(arn)).collect() } else { Vec::new() };
        let is_named = has_value(space, key, named);
        let is_other = space.formulas.not(is_named);
        Some(space.formulas.all([present, is_it, is_other]))
    })
}

/// The ARNs of the same kind: of a role those of roles, of whatever account.
fn of_kind(arn: &str) -> Option<Pattern> {
    let Arn { service, resource, .. } = Arn::parse(arn)?;
    let kind = resource.split('/').next()?;
    let rest = if resource.contains('/') { "/*" } else { "" };
    Some(glob(&format!("arn:*:{service}::*:{kind}{rest}")))
}

/// The ARNs of a role's name under every path.
fn with_path(arn: &str) -> Pattern {
    let (front, name) = arn.rsplit_once('/').unwrap_or((arn, ""));
    literal(front).into_iter().chain(glob("/*/")).chain(literal(name)).collect()
}
