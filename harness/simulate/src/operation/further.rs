//! What an operation asks besides its own actions.

use std::borrow::Cow;

use catalog::{DependentAction, On, ResourceType};
use policy::ContextValue;
use policy::undocumented::Case;

use super::Target;
use super::keys::{self, Keys};
use super::plan::{Check, Planner, Use, fits};
use crate::Fault;

const PASSED_TO: &str = "iam:PassedToService";

impl<'c> Planner<'c> {
    pub(super) fn further_actions(&mut self) {
        let mut perhaps = Vec::new();
        for (at, dependent) in self.operation.needs().to_vec().iter().enumerate() {
            let heads = self.heads(dependent);
            let given: Vec<_> = self.given_for(at).collect();
            let triggers = |context: &[_]| heads.is_empty() || keys::has_one_of(context, &heads);
            match &dependent.on {
                On::Same if dependent.action.rows().all(|row| row.resource_type().is_none()) => {
                    perhaps.push(dependent.clone())
                }
                On::Same => self.on_same(dependent, &heads),
                On::Types(types) => self.on_tagged(dependent, types, &heads, &given),
                On::Own if !given.is_empty() => {
                    for target in given {
                        self.on_own(dependent, target);
                    }
                }
                On::Own if triggers(&self.call.context) => perhaps.push(dependent.clone()),
                On::Own => {}
            }
        }
        self.tell_perhaps(&perhaps);
    }

    fn given_for(&self, dependent: usize) -> impl Iterator<Item = &'c Target<'c>> {
        let uses = self.call.resources.iter().zip(&self.uses);
        uses.filter(move |(_, purpose)| matches!(purpose, Some(Use::Needs(needs)) if needs.contains(&dependent)))
            .map(|(target, _)| target)
    }

    /// The keys that trigger it, with the service's own names for the tags of a request.
    fn heads(&self, dependent: &DependentAction) -> Vec<&'static str> {
        let mut heads = dependent.when.clone();
        if heads.contains(&"aws:RequestTag") {
            let rows = self.operation.actions().iter().flat_map(|action| action.rows());
            heads.extend(rows.filter_map(catalog::Row::request_tag_twin));
        }
        heads
    }

    /// On the resources of the operation's first action.
    fn on_same(&mut self, dependent: &DependentAction, heads: &[&str]) {
        let first = self.operation.actions().first().copied();
        let own =
            self.own.iter().filter(|check| Some(check.action) == first && fits(dependent.action, &check.resource));
        let is_asked = |check: &&Check<'_>| keys::has_other_of(&check.context, heads, dependent.unless);
        let asked = own.filter(|check| heads.is_empty() || is_asked(check));
        let checks = asked.map(|check| if_matched(dependent, self.again(dependent, check)));
        let checks: Vec<_> = checks.collect();
        self.further.extend(checks);
    }

    /// The tagging action, on what the call tags: resources whose own check has the tags, those that are given for it, or
    /// else what the call makes.
    fn on_tagged(&mut self, dependent: &DependentAction, types: &[&str], heads: &[&str], given: &[&'c Target<'c>]) {
        let kinds: Vec<_> =
            dependent.action.service().resource_types().filter(|kind| types.contains(&kind.name())).collect();
        let is_of = |resource: &str| kinds.iter().any(|kind| kind.matches(resource));
        let call_has = keys::has_one_of(&self.call.context, heads);
        // Where no row of the action lists the key, nobody can say but the call.
        let never = |check: &Check<'_>| {
            let can = |head: &str| catalog::key(head).or_else(|| catalog::key(&format!("{head}/x")));
            !heads.iter().filter_map(|head| can(head)).any(|key| check.action.carries_on(&check.resource, key))
        };
        let own = self.own.iter().filter(|check| is_of(&check.resource));
        let tagged = own.filter(|check| keys::has_one_of(&check.context, heads) || call_has && never(check));
        let mut checks: Vec<_> = tagged.map(|check| self.again(dependent, check)).collect();
        let further = given.iter().filter(|target| call_has || keys::has_one_of(&target.context, heads));
        checks.extend(further.map(|target| self.on_target(dependent, target)));
        if checks.is_empty() && call_has {
            match self.tagged_to_come(dependent, &kinds) {
                Ok(check) => checks.push(check),
                Err(fault) => self.faults.push(fault),
            }
        }
        self.further.extend(checks);
    }

    fn tagged_to_come(&self, dependent: &DependentAction, kinds: &[ResourceType]) -> Result<Check<'c>, Fault> {
        let of_own = self.kinds_of_own(kinds);
        let [kind] = of_own.as_slice() else {
            let names: Vec<_> = kinds.iter().map(|kind| kind.name()).collect();
            let (name, action) = (self.operation.name(), dependent.action.name());
            let fault =
                Fault::new(format!("{name} passes tags, and asks {action} on what it tags: which is not given"));
            return Err(fault.help(format!("give the ARN of a {}, with `*` for its id", names.join(" or "))));
        };
        let mut check = self.check(dependent.action, Cow::Owned(self.to_come(*kind)?), None);
        self.complete(dependent, &mut check);
        Ok(check)
    }

    /// The types that are of the same kind as what the action is asked on, where names end in the kind: `listener/net` and
    /// `loadbalancer/net/`.
    fn kinds_of_own(&self, kinds: &[ResourceType]) -> Vec<ResourceType> {
        let kind_of = |kind: &ResourceType| kind.name().split_once('/').map(|(_, kind)| kind.trim_end_matches('/'));
        let rows = self.own.iter().flat_map(|check| check.action.rows_on(&check.resource));
        let own: Vec<_> = rows.filter_map(|row| kind_of(&row.resource_type()?)).collect();
        let found: Vec<_> =
            kinds.iter().copied().filter(|kind| kind_of(kind).is_some_and(|kind| own.contains(&kind))).collect();
        if found.is_empty() { kinds.to_vec() } else { found }
    }

    /// On a resource that is given for it, such as the role that is passed.
    fn on_own(&mut self, dependent: &DependentAction, target: &'c Target<'c>) {
        let mut check = self.on_target(dependent, target);
        check.rests_on = (!dependent.is_listed).then_some(Case::PassRoleUnlisted);
        if dependent.action.name() != "iam:PassRole" || keys::has(&check.context, PASSED_TO) {
            self.further.push(check);
            return;
        }
        let name = self.operation.name();
        match dependent.passed_to.as_slice() {
            [] => check.open.push((PASSED_TO, Case::PassedToUnknown)),
            [_] => {}
            several => self.note(format!(
                "{name} passes a role to {}, and is asked about each: give {PASSED_TO} to say which",
                several.join(" or ")
            )),
        }
        for service in &dependent.passed_to {
            let mut check = check.clone();
            check.context.push((Cow::Borrowed(PASSED_TO), ContextValue::One((*service).to_owned())));
            self.further.push(check);
        }
        if dependent.passed_to.is_empty() {
            self.further.push(check);
        }
    }

    /// On what one of the operation's own actions is asked on.
    fn again(&self, dependent: &DependentAction, own: &Check<'c>) -> Check<'c> {
        let mut check = self.check(dependent.action, own.resource.clone(), own.target);
        let context = own.target.map_or(&[][..], |target| &target.context);
        keys::add(&mut check.context, keys::carried(context, dependent.action, &own.resource));
        self.complete(dependent, &mut check);
        check
    }

    fn on_target(&self, dependent: &DependentAction, target: &'c Target<'c>) -> Check<'c> {
        let named = target.action.as_deref();
        let is_other = |other: &catalog::Action| named.is_some_and(|name| other.name().eq_ignore_ascii_case(name));
        let action = dependent.or.filter(is_other).unwrap_or(dependent.action);
        let mut check = self.check(action, Cow::Borrowed(target.resource.as_ref()), Some(target));
        let own = target.context.iter().map(|(key, value)| (Cow::Borrowed(key.as_ref()), value.clone()));
        keys::add(&mut check.context, own);
        self.complete(dependent, &mut check);
        check
    }

    /// Adds what follows from its being part of the operation.
    fn complete(&self, dependent: &DependentAction, check: &mut Check<'c>) {
        check.or = dependent.or.filter(|other| *other != check.action);
        if let Some(key) = dependent.create_action {
            let name = self.operation.name().split_once(':').map_or("", |(_, name)| name);
            let value = ContextValue::One(name.to_owned());
            keys::add(&mut check.context, std::iter::once((Cow::Borrowed(key), value)));
        }
        if dependent.is_on_new {
            let tags: Keys<'static> = keys::tags_of_new(&check.context);
            let carried =
                |key: &str| catalog::key(key).is_some_and(|key| check.action.carries_on(&check.resource, key));
            let tags: Vec<_> = tags.into_iter().filter(|(key, _)| carried(key)).collect();
            check.context.extend(tags);
        }
    }

    fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Names what AWS may ask as well, and what to do for it to be asked here.
    fn tell_perhaps(&mut self, needs: &[DependentAction]) {
        let name = self.operation.name();
        let (passed, others): (Vec<_>, Vec<_>) =
            needs.iter().partition(|dependent| dependent.action.name() == "iam:PassRole");
        if !passed.is_empty() {
            let members = self.operation.role_members().join(", ");
            let members = if members.is_empty() { String::new() } else { format!(" ({members})") };
            self.note(format!("if {name} passes a role{members}, give its ARN: AWS also asks iam:PassRole on it"));
        }
        if !others.is_empty() {
            let names: Vec<_> = others.iter().map(|dependent| dependent.action.name()).collect();
            self.note(format!("{name} may also ask {}: to have one asked here, give its resource", names.join(", ")));
        }
    }
}

/// Whether the object's tags are in what a call with `If-Match` also asks, no page says: [`Case::TagsOfIfMatch`].
fn if_matched<'c>(dependent: &DependentAction, mut check: Check<'c>) -> Check<'c> {
    const TAGS: &str = "s3:ExistingObjectTag/";
    if dependent.when.contains(&"s3:if-match") {
        let is_tag = |key: &str| key.get(..TAGS.len()).is_some_and(|start| start.eq_ignore_ascii_case(TAGS));
        check.context.retain(|(key, _)| !is_tag(key));
        check.open.push((TAGS, Case::TagsOfIfMatch));
    }
    check
}
