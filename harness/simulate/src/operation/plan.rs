//! What AWS asks about a call: which action on which resource.

use std::borrow::Cow;

use catalog::{Action, DependentAction, On, Operation, ResourceType, Row};
use policy::arn::Arn;
use policy::undocumented::Case;

use super::keys::{self, Keys};
use super::{Call, Target};
use crate::lookups::not_in_account;
use crate::{Fault, principal};

/// More resources than any call has.
const MOST_RESOURCES: usize = 1000;

/// What is asked, in order.
pub(super) struct Plan<'c> {
    pub(super) operation: &'static str,
    pub(super) checks: Vec<Check<'c>>,
    pub(super) notes: Vec<String>,
}

/// One question of a call.
#[derive(Clone)]
pub(super) struct Check<'c> {
    pub(super) action: Action,
    /// An action that is as good.
    pub(super) or: Option<Action>,
    pub(super) resource: Cow<'c, str>,
    /// The resource as it was given. None: the call makes it, or the action has no resource.
    pub(super) target: Option<&'c Target<'c>>,
    pub(super) context: Keys<'c>,
    /// Keys that AWS's documentation leaves open in it.
    pub(super) open: Vec<(&'static str, Case)>,
    /// Why it is asked at all, where no page says so.
    pub(super) rests_on: Option<Case>,
}

/// What a resource of the call is for.
pub(super) enum Use {
    Action(Action),
    /// Dependent actions, by their place.
    Needs(Vec<usize>),
}

/// A plan in the making.
pub(super) struct Planner<'c> {
    pub(super) call: &'c Call<'c>,
    pub(super) operation: Operation,
    /// What each resource is for.
    pub(super) uses: Vec<Option<Use>>,
    /// What the operation's own actions are asked on.
    pub(super) own: Vec<Check<'c>>,
    pub(super) further: Vec<Check<'c>>,
    pub(super) notes: Vec<String>,
    pub(super) faults: Vec<Fault>,
}

impl<'c> Plan<'c> {
    pub(super) fn of(call: &'c Call<'c>) -> Result<Self, Vec<Fault>> {
        let operation =
            known(&call.operation).and_then(|known| of_version(known, call)).map_err(|fault| vec![fault])?;
        let mut planner = Planner {
            call,
            operation,
            uses: Vec::new(),
            own: Vec::new(),
            further: Vec::new(),
            notes: Vec::new(),
            faults: Vec::new(),
        };
        if call.resources.len() > MOST_RESOURCES {
            return Err(vec![Fault::new(format!("the call has more than {MOST_RESOURCES} resources"))]);
        }
        for target in &call.resources {
            let purpose = planner.purpose(target);
            if let Ok(Use::Action(action)) = &purpose {
                planner.notes.extend(not_in_account(action.name(), &target.resource));
            }
            planner.uses.push(purpose.map_err(|fault| planner.faults.push(fault)).ok());
        }
        if planner.faults.is_empty() {
            planner.own_actions();
        }
        if planner.faults.is_empty() {
            planner.further_actions();
        }
        planner.finish()
    }
}

/// The operation, if it is known which actions it is checked as.
fn known(name: &str) -> Result<Operation, Fault> {
    let shown = policy::plain(name);
    match catalog::operation(name) {
        Some(operation) if !operation.actions().is_empty() => Ok(operation),
        Some(_) if name.starts_with("apigateway:") => {
            Err(Fault::new(format!("API Gateway's actions are HTTP methods, and `{shown}` is none"))
                .help("ask with --action, as in `apigateway:POST`"))
        }
        Some(_) => Err(Fault::new(format!("the catalogue has no action for `{shown}`"))),
        None => {
            let service = name.split_once(':').map_or("", |(service, _)| service);
            let near = source::suggest(name, catalog::actions_of(service).map(Action::name));
            let help = near.map_or_else(
                || "write it as in `ec2:RunInstances`, with the prefix of the service's actions".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            Err(Fault::new(format!("no operation `{shown}` is known")).help(help))
        }
    }
}

/// The operation as a call is checked that names a version of an object.
fn of_version(operation: Operation, call: &Call<'_>) -> Result<Operation, Fault> {
    const VERSION: &str = "s3:VersionId";
    let is_whole = keys::has(&call.context, VERSION);
    let has = |target: &&Target<'_>| keys::has(&target.context, VERSION);
    if !is_whole && !call.resources.iter().any(|target| has(&target)) {
        return Ok(operation);
    }
    let Some(other) = operation.of_version() else { return Ok(operation) };
    // The objects of one call of DeleteObjects may differ in it.
    if let ([own], [version], false) = (operation.actions(), other.actions(), is_whole)
        && call.resources.iter().any(|target| fits(*own, &target.resource) && !has(&target))
    {
        let fault = Fault::new(format!("some resources of the call have {VERSION}, and others have none"));
        let (own, version) = (own.name(), version.name());
        return Err(fault.help(format!("ask them in two calls: with it {version} is asked, without it {own}")));
    }
    Ok(other)
}

/// Whether a call of the operation makes a resource of such an ARN, or tags one that it makes.
#[must_use]
pub fn makes(operation: &str, resource: &str) -> bool {
    let Some(operation) = catalog::operation(operation) else { return false };
    let is_made = |action: &Action| {
        let kinds = action.rows_on(resource).into_iter().filter_map(Row::resource_type);
        kinds.into_iter().any(|kind| operation.makes(kind.name()))
    };
    let is_tagged = |dependent: &DependentAction| match &dependent.on {
        On::Types(types) if dependent.is_on_new => {
            let mut kinds = dependent.action.service().resource_types();
            kinds.any(|kind| types.contains(&kind.name()) && kind.matches(resource))
        }
        _ => false,
    };
    operation.actions().iter().any(is_made) || operation.needs().iter().any(is_tagged)
}

impl<'c> Planner<'c> {
    /// What a resource is for: the action that it names, or the one whose rows know its ARN.
    fn purpose(&self, target: &Target<'_>) -> Result<Use, Fault> {
        let (resource, name) = (policy::plain(&target.resource), self.operation.name());
        if target.resource != "*" && Arn::parse(&target.resource).is_none() {
            return Err(Fault::new(format!("the resource `{resource}` is neither an ARN nor `*`")));
        }
        if let Some(action) = target.action.as_deref() {
            return self.named(action, target);
        }
        let fitting: Vec<_> = self.operation.actions().iter().filter(|one| fits(**one, &target.resource)).collect();
        match fitting.as_slice() {
            [one] => return Ok(Use::Action(**one)),
            [] => {}
            several => {
                let fault = Fault::new(format!("{name} asks {} on such a resource as `{resource}`", or(several)));
                return Err(fault.help("say which of them it is for"));
            }
        }
        let needs = self.needs_on(&target.resource);
        if needs.is_empty() { Err(self.unfit(target)) } else { Ok(Use::Needs(needs)) }
    }

    /// Dependent actions that are asked on a resource of its form.
    fn needs_on(&self, resource: &str) -> Vec<usize> {
        let all = || self.operation.needs().iter().enumerate();
        let own: Vec<_> = all()
            .filter(|(_, dependent)| dependent.on == On::Own && resource != "*" && fits(dependent.action, resource))
            .collect();
        let of_type = |types: &[&str], action: Action| {
            let mut service = action.service().resource_types();
            service.any(|kind| types.contains(&kind.name()) && kind.matches(resource))
        };
        let tagged = all()
            .filter(|(_, dependent)| matches!(&dependent.on, On::Types(types) if of_type(types, dependent.action)));
        let found = if own.is_empty() { tagged.collect() } else { own };
        found.into_iter().map(|(at, _)| at).collect()
    }

    fn named(&self, action: &str, target: &Target<'_>) -> Result<Use, Fault> {
        let is_it = |one: Action| self.operation.is_named(one, action);
        if let Some(own) = self.operation.actions().iter().find(|one| is_it(**one)) {
            return if fits(*own, &target.resource) { Ok(Use::Action(*own)) } else { Err(self.unfit(target)) };
        }
        let needs = self.operation.needs();
        if let Some(at) = needs.iter().position(|dependent| is_it(dependent.action) || dependent.or.is_some_and(is_it))
        {
            return Ok(Use::Needs(vec![at]));
        }
        let every: Vec<_> =
            self.operation.actions().iter().chain(needs.iter().map(|dependent| &dependent.action)).collect();
        let fault = Fault::new(format!("{} does not ask `{}`", self.operation.name(), policy::plain(action)));
        Err(fault.help(format!("it asks {}", or(&every))))
    }

    fn unfit(&self, target: &Target<'_>) -> Fault {
        let rows = self.operation.actions().iter().flat_map(|action| action.rows());
        let mut names: Vec<_> = rows.filter_map(|row| row.resource_type()).map(ResourceType::name).collect();
        names.dedup();
        let roles = self.operation.needs().iter().any(|dependent| dependent.action.name() == "iam:PassRole");
        let names = if names.is_empty() { vec!["no resource: leave it out, or write `*`"] } else { names };
        let roles = if roles { ", and a role that is passed" } else { "" };
        Fault::new(format!(
            "{} is not asked on such a resource as `{}`",
            self.operation.name(),
            policy::plain(&target.resource)
        ))
        .help(format!("it is asked on {}{roles}", names.join(", ")))
    }

    fn own_actions(&mut self) {
        for action in self.operation.actions().to_vec() {
            let before = self.own.len();
            let rows: Vec<_> = action.rows().filter(|row| row.resource_type().is_some()).collect();
            self.on_given(action);
            if rows.is_empty() {
                if self.own.len() == before {
                    self.own.push(self.check(action, Cow::Borrowed("*"), None));
                }
            } else if !self.operation.is_one_of() {
                self.on_others(action, &rows, before);
            }
        }
        if self.operation.is_one_of() && self.own.is_empty() {
            let name = self.operation.name();
            let fault = Fault::new(format!("{name} has no resource"));
            let actions: Vec<_> = self.operation.actions().iter().collect();
            self.faults.push(fault.help(format!("give each item's, and whether it is for {}", or(&actions))));
        }
    }

    /// An action on the resources that are given for it.
    fn on_given(&mut self, action: Action) {
        for (target, purpose) in self.call.resources.iter().zip(&self.uses) {
            if matches!(purpose, Some(Use::Action(own)) if *own == action) {
                let mut check = self.check(action, Cow::Borrowed(target.resource.as_ref()), Some(target));
                let own = target.context.iter().map(|(key, value)| (Cow::Borrowed(key.as_ref()), value.clone()));
                keys::add(&mut check.context, own);
                self.own.push(check);
            }
        }
    }

    /// An action on the rows of which no resource is given: what the call makes, and what is missing.
    fn on_others(&mut self, action: Action, rows: &[Row], before: usize) {
        let is_any = self.own[before..].iter().any(|check| check.resource == "*");
        let met: Vec<_> = self.own[before..]
            .iter()
            .flat_map(|check| action.rows_on(&check.resource))
            .filter_map(|row| row.resource_type().map(ResourceType::name))
            .collect();
        for row in rows {
            let Some(kind) = row.resource_type() else { continue };
            let instead = self.operation.instead_of(kind.name());
            let is_met = met.contains(&kind.name()) || instead.iter().any(|other| met.contains(other));
            let is_told = instead.first().is_some_and(|first| *first != kind.name());
            if is_met || is_told {
                continue;
            }
            if self.operation.makes(kind.name()) {
                match self.to_come(kind) {
                    Ok(arn) => self.own.push(self.check(action, Cow::Owned(arn), None)),
                    Err(fault) => self.faults.push(fault),
                }
            } else if row.is_required() && !is_any {
                self.faults.push(self.missing(action, kind));
            }
        }
        if self.own.len() == before && self.faults.is_empty() {
            let kinds: Vec<_> = rows.iter().filter_map(|row| row.resource_type()).map(ResourceType::name).collect();
            let fault = Fault::new(format!("{} has no resource for {}", self.operation.name(), action.name()));
            self.faults.push(fault.help(format!("give one of {}, or `*`", kinds.join(", "))));
        }
    }

    fn missing(&self, action: Action, kind: ResourceType) -> Fault {
        let instead = self.operation.instead_of(kind.name());
        let kinds = if instead.is_empty() { kind.name().to_owned() } else { instead.join(" or ") };
        let patterns: Vec<_> = kind.arns().collect();
        let name = self.operation.name();
        Fault::new(format!("{name} asks {} on a resource of type {kinds} too, and none is given", action.name()))
            .help(format!("its ARN is {}", patterns.join(" or ")))
    }

    /// The ARN of what the call makes, with region and account of the other resources and of the caller.
    pub(super) fn to_come(&self, kind: ResourceType) -> Result<String, Fault> {
        let arns: Vec<_> = self.call.resources.iter().filter_map(|target| Arn::parse(&target.resource)).collect();
        let caller = principal::read(&self.call.principal).ok();
        let partition = arns.first().map_or("aws", |arn| arn.partition);
        let region = arns.iter().map(|arn| arn.region).find(|region| !region.is_empty());
        let asked = self.call.context.iter().find(|(key, _)| key.eq_ignore_ascii_case("aws:RequestedRegion"));
        let asked = asked.and_then(|(_, value)| match value {
            policy::ContextValue::One(region) => Some(region.as_str()),
            policy::ContextValue::Many(_) => None,
        });
        let account = caller.as_ref().and_then(policy::Principal::account);
        let account = account.or_else(|| arns.iter().map(|arn| arn.account).find(|account| !account.is_empty()));
        kind.arn_to_come(partition, region.or(asked), account).ok_or_else(|| {
            let name = self.operation.name();
            let fault =
                Fault::new(format!("{name} makes a resource of type {}, in what region is not known", kind.name()));
            fault.help("give the context key aws:RequestedRegion, or the resource's ARN with `*` for its id")
        })
    }

    /// A check with those keys of the call that its requests carry.
    pub(super) fn check(&self, action: Action, resource: Cow<'c, str>, target: Option<&'c Target<'c>>) -> Check<'c> {
        let mut context: Keys<'c> = keys::carried(&self.call.context, action, &resource).collect();
        if self.operation.name() == "sts:AssumeRole" {
            context.extend(keys::source_identity_to_come(&context));
        }
        Check { action, or: None, resource, target, context, open: Vec::new(), rests_on: None }
    }

    fn finish(mut self) -> Result<Plan<'c>, Vec<Fault>> {
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        let name = self.operation.name();
        if !self.operation.is_known() {
            self.notes.push(format!("which other actions {name} asks is not known here"));
        }
        let checks: Vec<_> = self.own.into_iter().chain(self.further).collect();
        for (key, _) in &self.call.context {
            if !checks.iter().any(|check| keys::has(&check.context, key)) {
                let key = policy::plain(key);
                self.notes.push(format!("{key} is left out: nothing that {name} asks carries it"));
            }
        }
        Ok(Plan { operation: name, checks, notes: self.notes })
    }
}

/// Whether an action is authorised on resources of an ARN's form.
pub(super) fn fits(action: Action, resource: &str) -> bool {
    resource == "*" || action.rows_on(resource).iter().any(|row| row.resource_type().is_some())
}

/// `a, b or c`
fn or(actions: &[&Action]) -> String {
    let names: Vec<_> = actions.iter().map(|action| action.name()).collect();
    match names.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} or {last}", before.join(", ")),
        _ => names.concat(),
    }
}
