//! Requests that name an action: what the policy engine is asked, and whether AWS ever asks that.

mod claim;
mod held;
mod keys;

use std::sync::Arc;

use account::ids::Seeded;
use account::{Call, Check, Identity, RecordedDecision, Tags as AccountTags, Tracing, World};
use catalog::{Action, Row};
use jiff::Timestamp;
use policy::arn::Arn;
use policy::{Context, ContextValue, Document, Kind, Policy};
use simulate::Also;
use source::{Finding, Node, Severity, Span};
use template::Stack;
use template::attached::{self, Guarded};
use template::resource::Properties;

use crate::call::CallError;
use crate::plan::{Environment, compile};
use crate::predict::surroundings;
use crate::scenario::{ActionRequest, Caller, CallerKind, Given, Resource};
pub(crate) use claim::ClaimedResource;

/// What the policy engine is asked for one request of an option.
#[derive(Clone, Debug)]
pub struct Question {
    /// The action on the resource, with its keys.
    check: Check,
    /// The region of the resource, or of the scenario.
    region: String,
    /// Whether the request says itself that it comes through a VPC endpoint.
    tells_endpoint: bool,
}

/// What is asked of a world.
impl Question {
    /// What is asked when a caller of this kind makes the request, and why it lacks keys that others send.
    pub(crate) fn by(&self, caller: &CallerKind) -> (Self, Vec<String>) {
        let (mut question, mut left_out) = (self.clone(), Vec::new());
        question.check.keys = Context::new();
        for (key, value) in self.check.keys.iter() {
            match (keys::never_from(caller, key), value) {
                (Some(why), _) => left_out.push(format!("{} is left out: {why}", policy::plain(key))),
                (None, ContextValue::One(value)) => question.check.keys.set(key, value),
                (None, ContextValue::Many(values)) => question.check.keys.set_many(key, values.clone()),
            }
        }
        (question, left_out)
    }

    /// What is decided for a caller in the world as it is.
    ///
    /// # Errors
    /// The world cannot say.
    pub fn ask(&self, world: &World, identity: Arc<Identity>, now: Timestamp) -> Result<RecordedDecision, CallError> {
        let mut surroundings = surroundings(&self.region);
        // "aws:SourceIp … is not included in requests" that come through a VPC endpoint.
        // docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip
        surroundings.source_ip = surroundings.source_ip.filter(|_| !self.tells_endpoint);
        let call = Call {
            identity,
            now,
            ids: &mut Seeded(0),
            surroundings: &surroundings,
            tracing: Tracing::All,
            decisions: &mut Vec::new(),
        };
        world.ask(&call, self.check.clone()).map_err(|fault| CallError::not_sent(fault.message))
    }
}

/// Where the questions of an option are made.
pub(crate) struct QuestionBuilder<'a> {
    environment: &'a Environment,
    given: &'a Given,
    stack: &'a Stack,
    callers: &'a [Caller],
    resources: Vec<Guarded<'a>>,
    /// All that the scenario asks: actions on ARNs.
    asked: Vec<(Action, String)>,
    /// What is told that a call asks besides.
    told: Vec<(&'static str, Also)>,
    pub(crate) findings: Vec<Finding>,
}

impl<'a> QuestionBuilder<'a> {
    /// `callers` are those of the scenario; `asked` is all that it asks.
    pub(crate) fn new(
        environment: &'a Environment,
        stack: &'a Stack,
        given: &'a Given,
        callers: &'a [Caller],
        asked: &[&ActionRequest],
    ) -> Self {
        let (resources, findings) = attached::resources(stack);
        let mut builder =
            Self { environment, given, stack, callers, resources, asked: Vec::new(), told: Vec::new(), findings };
        builder.asked = asked.iter().filter_map(|asked| Some((asked.action, builder.found(asked)?.0))).collect();
        for (arn, resource) in &given.resources {
            if builder.resources.iter().any(|one| one.arn == arn && one.logical_id.is_some()) {
                let message = format!("the template makes `{arn}` itself");
                let finding = Finding::error("MADE_RESOURCE", resource.span, message);
                builder.findings.push(
                    finding.help("its tags and its policy stand in the template: change them there, or by a `patch`"),
                );
            }
        }
        builder
    }

    /// What is asked, if it can be.
    pub(crate) fn question(&mut self, asked: &ActionRequest) -> Option<Question> {
        let (arn, guarded) = self.resource(asked)?;
        let before = self.findings.len();
        self.check_row(asked, &arn);
        self.check_held(asked, &arn);
        self.check_keys(asked, &arn);
        if self.findings[before..].iter().any(Finding::is_error) {
            return None;
        }
        let guard = held::guard_of(&arn);
        let given = self.given.resources.get(guard);
        let check = Check::new(asked.action.name(), &arn).guarded_by(policy_of(asked, &arn, guarded.as_ref(), given)?);
        let check = check.tagged(&tags(guarded.as_ref(), given));
        let region = Arn::parse(&arn).map(|arn| arn.region.to_owned()).filter(|region| !region.is_empty());
        let tells_endpoint = asked.context.iter().any(|(key, ..)| keys::is_of_endpoint(key));
        let region = region.unwrap_or_else(|| self.environment.region.clone());
        Some(Question { check: keys::with_keys(check, asked), region, tells_endpoint })
    }

    /// The resource of the template whose policy is for an ARN. The world knows its objects in S3 itself.
    fn guarding(&self, arn: &str) -> Option<Guarded<'a>> {
        let is_known = |one: &&Guarded<'_>| one.is(arn) || one.arn.split(':').nth(2) != Some("s3");
        self.resources.iter().find(|one| one.holds(arn) || one.arn == arn).filter(is_known).cloned()
    }

    /// The ARN of what is named, and the resource of the template whose policy is for it.
    fn found(&self, asked: &ActionRequest) -> Option<(String, Option<Guarded<'a>>)> {
        let written = &asked.resource;
        let arn = match self.meant(asked).first() {
            Some((_, arn)) => arn.clone(),
            None if written == "*" || written.starts_with("arn:") => written.clone(),
            None => return None,
        };
        let arn = asked.action.authorised_on(&arn).into_owned();
        let guarded = self.guarding(&arn);
        Some((arn, guarded))
    }

    /// The logical ids of the resources that a name means, and the ARN that the request has then. Of several under one name,
    /// those that the action is about.
    fn meant(&self, asked: &ActionRequest) -> Vec<(&'a str, String)> {
        let named = attached::named(&self.resources, &asked.resource);
        let all: Vec<_> =
            named.into_iter().filter_map(|(one, rest)| Some((one.logical_id?, format!("{}{rest}", one.arn)))).collect();
        let fits = |arn: &str| !asked.action.rows_on(&asked.action.authorised_on(arn)).is_empty();
        let fitting: Vec<_> = all.iter().filter(|(_, arn)| fits(arn)).cloned().collect();
        if fitting.is_empty() { all } else { fitting }
    }

    /// The ARN, and what the template says of it.
    fn resource(&mut self, asked: &ActionRequest) -> Option<(String, Option<Guarded<'a>>)> {
        if let [(one, _), (other, _), ..] = &self.meant(asked)[..] {
            let name = policy::plain(&asked.resource);
            let finding = Finding::error("AMBIGUOUS_NAME", asked.span, format!("`{name}` means `{one}` and `{other}`"));
            self.findings.push(finding.help(format!("write `!Ref {one}` or `!Ref {other}`")));
            return None;
        }
        if let Some(found) = self.found(asked) {
            return Some(found);
        }
        let written = &asked.resource;
        let name = policy::plain(written);
        let is_left = |left: &template::NotApplied| left.logical_id == *written && left.property.is_none();
        let finding = match self.stack.not_applied.iter().find(|left| is_left(left)) {
            Some(left) => {
                let message = format!("the ARN of `{name}` ({}) is not known here", left.resource_type);
                Finding::error("UNKNOWN_ARN", asked.span, message)
                    .help("write the ARN, and give its tags and its policy under `given: {resources: {ARN: …}}`")
            }
            None => {
                let finding =
                    Finding::error("UNKNOWN_RESOURCE", asked.span, format!("the template has no resource `{name}`"));
                let known = self.resources.iter().filter_map(|one| one.logical_id);
                let (id, rest) = attached::split(written);
                match source::suggest(id, known) {
                    Some(near) => finding.help(format!("did you mean `{near}{}`?", policy::plain(rest))),
                    None => {
                        finding.help("name it by its logical id or its ARN; `*` is for an action without a resource")
                    }
                }
            }
        };
        self.findings.push(finding);
        None
    }

    /// An action is authorised on resources of its own types.
    fn check_row(&mut self, asked: &ActionRequest, arn: &str) {
        let action = asked.action;
        let types: Vec<_> = action.rows().filter_map(Row::resource_type).collect();
        if is_on(action, arn) {
            let missed = simulate::not_in_account(action.name(), arn);
            self.findings.extend(missed.map(|message| Finding::error("WRONG_RESOURCE", asked.span, message)));
            return;
        }
        let arns: Vec<_> =
            types.iter().flat_map(|one| one.arns()).take(MOST_TYPES).map(|arn| format!("`{arn}`")).collect();
        let message = format!("no request for {} is on `{}`", action.name(), policy::plain(arn));
        let finding = Finding::error("WRONG_RESOURCE", asked.span, message);
        self.findings.push(match arns.is_empty() {
            true => finding.help("the action has no resource types: write `*`"),
            false => finding.help(format!("it is authorised on {}", arns.join(", "))),
        });
    }
}

impl QuestionBuilder<'_> {
    /// What AWS asks in the same call and the scenario does not: each told once for each call. A request with tags may ask
    /// more than the one before.
    fn also_asked(&mut self, span: Span, operation: &'static str, mut also: Vec<Also>) {
        also.retain_mut(|also| match also {
            Also::Rows(action, types) => {
                types.retain(|name| !self.asks_on(*action, name));
                !types.is_empty()
            }
            Also::Action(action) | Also::Passing(action) => !self.asked.iter().any(|(asked, _)| asked == action),
        });
        also.retain(|also| !self.told.contains(&(operation, also.clone())));
        if !also.is_empty() {
            self.told.extend(also.iter().map(|also| (operation, also.clone())));
            let finding = Finding::new(Severity::Suggestion, "ALSO_ASKED", span, simulate::in_call(operation, &also));
            self.findings.push(finding.help("ask each of them by a request of its own"));
        }
    }

    /// Whether a request asks the action on a resource of a type.
    fn asks_on(&self, action: Action, name: &str) -> bool {
        let is_of =
            |arn: &str| action.rows_on(arn).iter().any(|row| row.resource_type().is_some_and(|one| one.name() == name));
        self.asked.iter().any(|(asked, arn)| *asked == action && is_of(arn))
    }
}

/// Whether requests for an action are on a resource.
fn is_on(action: Action, arn: &str) -> bool {
    let has_types = || action.rows().any(|row| row.resource_type().is_some());
    match arn {
        "*" => !action.rows().any(Row::is_required),
        arn => Arn::parse(arn).is_some() && !action.rows_on(arn).is_empty() && has_types(),
    }
}

/// The policy of the resource, from the template or as it is given. It is called as the request calls the resource. Errors
/// in it were said where it was read.
fn policy_of(
    asked: &ActionRequest,
    arn: &str,
    guarded: Option<&Guarded<'_>>,
    given: Option<&Resource>,
) -> Option<Option<Arc<Policy>>> {
    // A role has its trust policy, which the world holds.
    let is_of_iam = Arn::parse(arn).is_some_and(|arn| arn.service == "iam");
    let Some(node) = guarded.and_then(|one| one.policy.as_deref()).filter(|_| !is_of_iam) else {
        return Some(given.and_then(|given| compile(&asked.resource, Kind::Resource, given.policy.as_ref()?)));
    };
    let (document, _) = Document::read(node, Kind::Resource);
    Some(Some(Arc::new(Policy::new(&asked.resource, Kind::Resource, &document?))))
}

/// Patterns of ARNs that an error names.
const MOST_TYPES: usize = 8;

fn tags(guarded: Option<&Guarded<'_>>, given: Option<&Resource>) -> AccountTags {
    let of_template = guarded.and_then(|one| one.tags.as_deref());
    match of_template {
        Some(tags) => tags.iter().map(|tag| (tag.key.value.as_str(), tag.value.value.as_str())).collect(),
        None => given.into_iter().flat_map(|given| &given.tags).collect(),
    }
}

/// The policies that the resources of a stack have, for a check of all of them.
pub(crate) fn policies_of(resources: &[template::Resource]) -> Vec<&Node> {
    resources.iter().filter_map(|resource| own_policy(&resource.properties)).collect()
}

fn own_policy(properties: &Properties) -> Option<&Node> {
    match properties {
        Properties::Guarded(one) => one.policy.as_ref(),
        Properties::ResourcePolicy(one) => Some(&one.policy),
        _ => None,
    }
}

/// `sqs:ReceiveMessage on Jobs with aws:RequestTag/team=blue (decided by the engine)`
pub(crate) fn words(asked: &ActionRequest) -> String {
    let value = |value: &ContextValue| match value {
        ContextValue::One(value) => value.clone(),
        ContextValue::Many(values) => format!("[{}]", values.join(", ")),
    };
    let keys: Vec<_> = asked.context.iter().map(|(key, one, _)| format!("{key}={}", value(one))).collect();
    let with = if keys.is_empty() { String::new() } else { format!(" with {}", keys.join(", ")) };
    format!("{} on {}{with} (decided by the engine)", asked.action.name(), asked.resource)
}
