//! What makes a kind of policy allow that had to and did not.

use super::change::{Change, PolicyPosition, Written};
use super::fix::{Fix, Keys, fixes, variable};
use super::keys::{MendInput, TracedStatement, policies, seen, values};
use super::search::{Rank, Step};
use super::values::with;
use crate::document::{Condition, Effect, Items, Name, Principals, Statement, Text};
use crate::operator::Operator;
use crate::reason::{self, label, lacks};
use crate::trace::Element;
use crate::undocumented::Notes;
use crate::words::plain;
use crate::{Context, Kind, Principal};
use source::{FileId, Span};

/// Statements that come near and are tried, those that lack least first.
const MOST_NEAR: usize = 4;

/// What makes a kind allow, or one level of the organisation: a statement that comes near made to match, or one more.
pub(super) fn steps(input: &MendInput<'_>, kind: Kind, level: Option<usize>) -> Vec<Step> {
    let mut near = seen(input.trace, kind, level);
    near.retain(|one| {
        let statement = one.statement;
        statement.effect == Effect::Allow && !statement.matched && statement.failed != Some(Element::Action)
    });
    near.sort_by_key(|one| lacks(one.statement));
    near.truncate(MOST_NEAR);
    let blocker = blocker(input, kind, level);
    let is_guarded = near.iter().any(|one| one.statement.covers == (true, true));
    let mut steps: Vec<_> = near.iter().flat_map(|one| Draft::all(input, one, &blocker)).collect();
    // A statement whose conditions alone do not hold is a guard; an Allow beside it would go round it.
    if !is_guarded && steps.iter().all(|step| step.rank != Rank::Request) {
        steps.extend(delegated(input, kind, &blocker));
        steps.extend(added(input, kind, level, &blocker, near.is_empty()));
    }
    steps
}

fn blocker(input: &MendInput<'_>, kind: Kind, at: Option<usize>) -> String {
    let policy = policies(input.trace, kind, at).next();
    match (at, policy) {
        (Some(_), Some((_, policy))) => format!("no {} {} allows it", kind.words(), reason::level(policy)),
        (Some(_), None) => format!("one level of the organisation has no {}", kind.words()),
        (None, _) => format!("no {} allows it", kind.words()),
    }
}

/// A statement that comes near, and what is changed so that it matches.
struct Draft<'a> {
    seen: &'a TracedStatement<'a>,
    statement: Statement,
    context: Context,
    keys: Keys,
    said: Vec<String>,
    is_edited: bool,
    version: bool,
    only_adds: bool,
    covers: (bool, bool),
    dropped: Vec<usize>,
}

impl<'a> Draft<'a> {
    fn all(input: &MendInput<'_>, seen: &'a TracedStatement<'a>, blocker: &str) -> Vec<Step> {
        let Some(mut first) = Self::new(input, seen) else { return Vec::new() };
        let failing: Vec<_> =
            (0..seen.statement.conditions.len()).filter(|&at| !seen.statement.conditions[at].holds).collect();
        let drafts = match failing.split_first() {
            None => vec![first],
            Some((&at, rest)) => {
                first.only_adds &= first.covers.1;
                let ways = fixes(input, seen, at, &first.context, &first.target(input));
                ways.into_iter()
                    .filter_map(|way| first.with(at, way).and_then(|draft| draft.rest(input, rest)))
                    .collect()
            }
        };
        drafts.into_iter().filter_map(|draft| draft.step(input, blocker)).collect()
    }

    fn new(input: &MendInput<'_>, seen: &'a TracedStatement<'a>) -> Option<Self> {
        let compiled = seen.compiled()?;
        let mut draft = Self {
            seen,
            statement: compiled.written(),
            context: input.request.context.clone(),
            keys: Vec::new(),
            said: Vec::new(),
            is_edited: false,
            version: false,
            only_adds: true,
            covers: seen.statement.covers,
            dropped: Vec::new(),
        };
        // A resource with a variable that has no value comes first: what it needs may be all.
        if let (Some(resources), false) = (&compiled.resources, draft.covers.1)
            && !resources.not
        {
            let resource = &input.request.resource;
            let covers = |context: &Context| {
                let mut patterns = resources.patterns.iter();
                patterns.any(|pattern| pattern.matches(resource, context, &mut Notes::default()) == Some(true))
            };
            if let Some(fix) = variable(input, &resources.texts, resource, &covers) {
                draft.covers.1 = true;
                let says = format!("{}: the resources of {} name it", fix.says, label(seen.policy, seen.statement));
                draft = draft.with_keys(says, fix.keys);
            }
        }
        Some(draft)
    }

    fn with_keys(mut self, says: String, keys: Keys) -> Self {
        for (key, value) in &keys {
            self.context = with(&self.context, key, value.as_ref());
        }
        self.keys.extend(keys);
        self.said.push(says);
        self
    }

    fn with(&self, at: usize, fix: Fix) -> Option<Self> {
        let mut draft = Self {
            statement: self.statement.clone(),
            context: self.context.clone(),
            keys: self.keys.clone(),
            said: self.said.clone(),
            dropped: self.dropped.clone(),
            ..*self
        };
        draft.only_adds &= fix.only_adds;
        draft.version |= fix.version;
        draft.is_edited |= fix.edit.is_some();
        match fix.edit {
            Some(Some(condition)) => *draft.statement.conditions.get_mut(at)? = condition,
            Some(None) => draft.dropped.push(at),
            None => {}
        }
        Some(draft.with_keys(fix.says, fix.keys))
    }

    /// With the first way for each of the other conditions that do not hold yet.
    fn rest(self, input: &MendInput<'_>, failing: &[usize]) -> Option<Self> {
        failing.iter().try_fold(self, |draft, &at| {
            let condition = draft.seen.compiled()?.conditions.get(at)?;
            if condition.evaluate(&draft.context, &mut Notes::default()).holds {
                return Some(draft);
            }
            let way = fixes(input, draft.seen, at, &draft.context, &draft.target(input)).into_iter().next()?;
            draft.with(at, way).map(|draft| Self { only_adds: false, ..draft })
        })
    }

    fn step(mut self, input: &MendInput<'_>, blocker: &str) -> Option<Step> {
        let mut changes = Vec::new();
        let mut rank = Rank::Request;
        for at in self.dropped.iter().rev() {
            self.statement.conditions.remove(*at);
        }
        if self.version {
            changes.push(Change::Version { at: self.seen.place.clone() });
            rank = Rank::Allow;
        }
        if self.is_edited || self.covers != (true, true) {
            changes.push(self.statement_change(input)?);
            rank = Rank::Allow;
        }
        if !self.keys.is_empty() {
            changes.push(Change::Keys(self.keys));
        }
        let only_adds = self.only_adds && self.covers.0;
        Some(Step { says: self.said.join("; "), blocker: blocker.to_owned(), changes, rank, only_adds })
    }

    /// Whether the statement itself is changed. It is where it is about this action alone; else there is one of its own for
    /// this action, so that no other action is allowed more than before.
    fn is_in_place(&self, input: &MendInput<'_>) -> bool {
        let actions = &self.statement.actions;
        let is_single = !actions.not
            && matches!(actions.texts.as_slice(), [only] if only.text.eq_ignore_ascii_case(&input.request.action));
        is_single && self.covers.0 && (self.covers.1 || self.can_name_resource())
    }

    fn can_name_resource(&self) -> bool {
        self.seen.place.kind != Kind::ServiceControl && self.statement.resources.as_ref().is_some_and(|all| !all.not)
    }

    /// The statement in which an edit comes to stand.
    fn target(&self, input: &MendInput<'_>) -> String {
        match self.is_in_place(input) {
            true => label(self.seen.policy, self.seen.statement),
            false => "the new statement".to_owned(),
        }
    }

    fn statement_change(&mut self, input: &MendInput<'_>) -> Option<Change> {
        let (kind, request) = (self.seen.place.kind, input.request);
        let label = label(self.seen.policy, self.seen.statement);
        let in_place = self.is_in_place(input);
        let mut statement = self.statement.clone();
        if !self.covers.1 && in_place {
            statement.resources.as_mut()?.texts.push(Text::from(request.resource.as_str()));
            self.said.insert(0, format!("add {} to the resources of {label}", plain(&request.resource)));
        }
        let only_tags = if in_place && self.dropped.is_empty() { Vec::new() } else { only_tags(input, kind)? };
        let for_tags = for_tags(&only_tags);
        if !in_place {
            let own = blank(input, kind)?;
            statement.sid = None;
            statement.actions = own.actions;
            if !self.covers.1 {
                statement.resources = own.resources;
            }
            if !self.covers.0 {
                statement.principals = own.principals;
            }
            let action = plain(&request.action);
            let on = if self.covers.1 { String::new() } else { format!(" on {}", plain(&request.resource)) };
            let conditions = match (statement.conditions.is_empty(), self.dropped.is_empty()) {
                (true, _) => "",
                (false, true) => " and with its conditions",
                (false, false) => " and with its other conditions",
            };
            let says = format!("allow {action}{on} in a statement of its own, beside {label}{conditions}{for_tags}");
            self.said.insert(0, says);
        } else if !only_tags.is_empty() {
            self.said.push(format!("allow {}{for_tags}", plain(&request.action)));
        }
        statement.conditions.extend(only_tags);
        let change = Change::Statement {
            at: self.seen.place.clone(),
            replaces: in_place.then_some(self.seen.statement.index),
            statement: statement.can_be_written().then_some(Written(statement))?,
        };
        Some(change)
    }
}

/// What keeps a role trust policy that allows sts:TagSession to the tags that this request passes: "you can limit the keys
/// and values that can be passed". Nothing for other actions. `None`: the request passes no tag, so there is nothing to
/// keep it to.
/// docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
fn only_tags(input: &MendInput<'_>, kind: Kind) -> Option<Vec<Condition>> {
    if kind != Kind::Trust || !input.request.action.eq_ignore_ascii_case("sts:TagSession") {
        return Some(Vec::new());
    }
    let (equal, all_equal) = (Operator::parse("StringEquals")?, Operator::parse("ForAllValues:StringEquals")?);
    let head = "aws:RequestTag/";
    let is_tag = |key: &str| key.get(..head.len()).is_some_and(|start| start.eq_ignore_ascii_case(head));
    let passed = input.request.context.iter().filter(|(key, _)| is_tag(key));
    let mut conditions: Vec<_> = passed
        .map(|(key, value)| Condition {
            operator: equal,
            key: Text::from(key),
            values: values(value).iter().map(|value| Text::from(value.as_str())).collect(),
        })
        .collect();
    let keys: Vec<_> = conditions.iter().map(|condition| Text::from(&condition.key.text[head.len()..])).collect();
    conditions.push(Condition { operator: all_equal, key: Text::from("aws:TagKeys"), values: keys });
    (conditions.len() > 1).then_some(conditions)
}

fn for_tags(only_tags: &[Condition]) -> &'static str {
    if only_tags.is_empty() { "" } else { ", for the tags of this request alone" }
}

/// One more statement, in the first policy of the kind, or in a new one.
fn added(input: &MendInput<'_>, kind: Kind, level: Option<usize>, blocker: &str, only_adds: bool) -> Option<Step> {
    let place = place(input, kind, level);
    let only_tags = only_tags(input, kind)?;
    let (action, resource) = (plain(&input.request.action), plain(&input.request.resource));
    let says = match (kind, level.zip(policies(input.trace, kind, level).next())) {
        (Kind::ServiceControl | Kind::ResourceControl, Some((_, (_, policy)))) => {
            format!("allow {action} in a {} {}", kind.words(), reason::level(policy))
        }
        (Kind::ServiceControl | Kind::ResourceControl, None) => {
            let level = level.map(|level| format!(" at level {level}")).unwrap_or_default();
            format!("attach a {}{level} that allows {action}: a level without one allows nothing", kind.words())
        }
        (Kind::Trust, _) => format!("allow {action} in the {}{}", kind.words(), for_tags(&only_tags)),
        _ => format!("allow {action} on {resource} in the {}", kind.words()),
    };
    let statement = Written(Statement { conditions: only_tags, ..blank(input, kind)? });
    let changes = vec![Change::Statement { at: place, replaces: None, statement }];
    Some(Step { says, blocker: blocker.to_owned(), changes, rank: Rank::Allow, only_adds })
}

/// The first policy of the kind, or the place of a new one.
fn place(input: &MendInput<'_>, kind: Kind, level: Option<usize>) -> PolicyPosition {
    let first = policies(input.trace, kind, level).next();
    first.map_or(PolicyPosition { kind, level, name: None, at: 0 }, |(place, _)| place)
}

/// "Without this permission, IAM policies that allow access to the key are ineffective."
/// docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
fn delegated(input: &MendInput<'_>, kind: Kind, blocker: &str) -> Option<Step> {
    if kind != Kind::Resource || !input.trace.same_account || !reason::is_kms_key(input.request) {
        return None;
    }
    let account = input.request.principal.account()?;
    let place = place(input, kind, None);
    let names = vec![Name::Account { partition: None, id: account.to_owned() }];
    let is_given = place.name.is_some();
    let mut statement = Statement { principals: Some(Principals { not: false, names }), ..blank(input, kind)? };
    let why = "identity-based policies do not count for a KMS key until its key policy lets the account use them";
    let says = match is_given {
        true => {
            format!("name the account {} in the key policy for {}: {why}", plain(account), plain(&input.request.action))
        }
        false => {
            // The whole default key policy of keys that are made without one.
            statement.sid = Some(Text::from("Enable IAM User Permissions"));
            statement.actions = all_of("kms:*");
            format!("give the key policy, which names the account {} by default: {why}", plain(account))
        }
    };
    statement.resources = Some(all_of("*"));
    let changes = vec![Change::Statement { at: place, replaces: None, statement: Written(statement) }];
    Some(Step { says, blocker: blocker.to_owned(), changes, rank: Rank::Allow, only_adds: true })
}

fn all_of(text: &str) -> Items {
    Items { not: false, texts: vec![Text::from(text)] }
}

/// The narrowest statement that allows the request in a policy of a kind. `None` where it would have to name everybody,
/// or a resource that no policy can name.
fn blank(input: &MendInput<'_>, kind: Kind) -> Option<Statement> {
    let request = input.request;
    let principals = match kind {
        // An RCP's Principal can only be `*`. An endpoint policy limits, and grants nothing.
        Kind::ResourceControl | Kind::Endpoint => Some(Name::Everyone),
        Kind::Resource | Kind::Trust => Some(caller(&request.principal)?),
        Kind::Identity | Kind::Boundary | Kind::Session | Kind::ServiceControl => None,
    };
    let resources = match kind {
        Kind::Trust => None,
        // "In statements where the Effect element has a value of Allow, you can specify only `*` in the Resource element
        // of an SCP." docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html
        Kind::ServiceControl | Kind::ResourceControl => Some("*"),
        _ => Some(request.resource.as_str()),
    };
    if resources.is_some_and(|resource| resource != "*" && !resource.starts_with("arn:")) {
        return None;
    }
    Some(Statement {
        sid: None,
        effect: Effect::Allow,
        principals: principals.map(|name| Principals { not: false, names: vec![name] }),
        // RCPFullAWSAccess is the only RCP that allows. docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
        actions: all_of(if kind == Kind::ResourceControl { "*" } else { &request.action }),
        resources: resources.map(all_of),
        conditions: Vec::new(),
        span: Span::new(FileId(0), 0, 0),
    })
}

/// How a policy names the caller. Nobody in particular could only be named as everybody.
fn caller(principal: &Principal) -> Option<Name> {
    match principal {
        Principal::Anonymous => None,
        Principal::Service { name } => Some(Name::Service(name.clone())),
        Principal::Root { partition, account } => {
            Some(Name::Account { partition: Some(partition.clone()), id: account.clone() })
        }
        Principal::User { arn } | Principal::FederatedUser { arn, .. } => Some(Name::Arn(arn.clone())),
        // Without its path a role cannot be named.
        Principal::RoleSession { role, session } => Some(Name::Arn(role.as_ref().unwrap_or(session).clone())),
        Principal::Federated { provider } => Some(Name::Federated(provider.clone())),
    }
}
