//! A question by hand.

use std::borrow::Cow;
use std::sync::Arc;

use policy::arn::{Arn, is_account};
use policy::{ContextValue, Kind, Policies, Request};

use crate::compiled::Compiled;
use crate::follows::MentionedKeys;
use crate::lookups::actions_named;
use crate::note::Note;
use crate::{Fault, principal};

/// More keys than any request has: a user or role has 50 tags at most.
pub(crate) const MOST_KEYS: usize = 1000;

/// What the policy simulator takes, in characters.
/// docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html
const LONGEST_ARN: usize = 2048;
const LONGEST_ACTION: usize = 128;
/// Services that are told for an action without one.
const MOST_ACTIONS: usize = 4;

/// Who asks, for what, and under which policies.
#[derive(Debug, Default)]
pub struct Question<'a> {
    /// The ARN of a user, a role, a session or an identity provider; an account; a service; `anonymous`.
    pub principal: Cow<'a, str>,
    /// `s3:GetObject`
    pub action: Cow<'a, str>,
    /// An ARN, or `*`.
    pub resource: Cow<'a, str>,
    /// The account of the resource, where the ARN names none.
    pub resource_account: Option<Cow<'a, str>>,
    /// The condition keys.
    pub context: Vec<(Cow<'a, str>, ContextValue)>,
    /// The policies.
    pub attached: Attached,
}

/// The policies of a question.
#[derive(Clone, Debug, Default)]
pub struct Attached {
    pub(crate) policies: Policies,
    pub(crate) mentioned: MentionedKeys,
    /// Whether the caller's own are among them, even if none: then nothing else says what they are.
    pub(crate) has_identity: bool,
    pub(crate) has_boundary: bool,
    /// Of those policies that have any.
    pub(crate) notes: Vec<Arc<[Note]>>,
}

impl Attached {
    /// Attaches a policy where its kind belongs; `level` counts an organisation's levels from the root.
    ///
    /// # Errors
    /// There is one already, and can be no other.
    pub fn add(&mut self, compiled: Compiled, level: usize) -> Result<(), Fault> {
        let Compiled { policy, mentioned, notes } = compiled;
        self.mentioned = self.mentioned.and(mentioned);
        self.notes.extend(notes);
        let kind = policy.kind();
        self.give(kind, level);
        let all = &mut self.policies;
        let place = match kind {
            Kind::Identity => {
                all.identity.push(policy);
                return Ok(());
            }
            Kind::Session => {
                all.session.get_or_insert_default().push(policy);
                return Ok(());
            }
            Kind::ServiceControl => {
                all.service_control[level].push(policy);
                return Ok(());
            }
            Kind::ResourceControl => {
                all.resource_control[level].push(policy);
                return Ok(());
            }
            Kind::Resource | Kind::Trust => &mut all.resource,
            Kind::Boundary => &mut all.boundary,
            Kind::Endpoint => &mut all.endpoint,
        };
        match place.replace(policy) {
            None => Ok(()),
            Some(_) if matches!(kind, Kind::Resource | Kind::Trust) => {
                Err(Fault::new("a resource has only one policy: a resource-based policy, or a role's trust policy"))
            }
            Some(_) => Err(Fault::new(format!("there can only be one {}", kind.words()))),
        }
    }

    /// Whether a resource's policy is given, and nothing of a caller's own.
    pub(crate) fn is_of_resource_alone(&self) -> bool {
        let Policies { resource, session, service_control, .. } = &self.policies;
        let has_own = self.has_identity || self.has_boundary || session.is_some() || !service_control.is_empty();
        resource.is_some() && !has_own
    }

    /// Says that the policies of a kind, or of one level, are given, be there any or not.
    pub(crate) fn give(&mut self, kind: Kind, level: usize) {
        self.has_identity |= kind == Kind::Identity;
        self.has_boundary |= kind == Kind::Boundary;
        let levels = match kind {
            Kind::ServiceControl => &mut self.policies.service_control,
            Kind::ResourceControl => &mut self.policies.resource_control,
            _ => return,
        };
        levels.resize_with(levels.len().max(level + 1), Vec::new);
    }
}

impl Question<'_> {
    /// The request without its context, and everything that is wrong with it.
    pub(crate) fn request(&self, places: &[usize]) -> Result<Request, Vec<Fault>> {
        let mut faults = self.same_keys(places);
        let principal = principal::read(&self.principal).map_err(|fault| faults.push(fault)).ok();
        if !is_action(&self.action) {
            let fault = Fault::new(format!("`{}` is not a full action name", policy::plain(&self.action)));
            let named = actions_named(&self.action);
            faults.push(match named.is_empty() {
                true => fault.help("write it as `s3:GetObject`, without wildcards"),
                false => {
                    let most = named.iter().take(MOST_ACTIONS).map(|name| format!("`{name}`")).collect::<Vec<_>>();
                    fault.help(format!("write the service before it: {}", most.join(" or ")))
                }
            });
        }
        if self.resource != "*" && Arn::parse(&self.resource).is_none() {
            let fault = Fault::new(format!("the resource `{}` is not an ARN", policy::plain(&self.resource)));
            faults.push(fault.help("write it as `arn:aws:s3:::bucket/key`, or `*` for an action without a resource"));
        }
        if let Some(account) = self.resource_account.as_deref().filter(|account| !is_account(account)) {
            faults.push(Fault::new(format!("the resource's account `{}` is not 12 digits", policy::plain(account))));
        }
        for (name, text, most) in [
            ("principal", &self.principal, LONGEST_ARN),
            ("action", &self.action, LONGEST_ACTION),
            ("resource", &self.resource, LONGEST_ARN),
        ] {
            // No text has more characters than bytes.
            if text.len() > most && text.chars().nth(most).is_some() {
                faults.push(Fault::new(format!("the {name} has more than {most} characters")));
            }
        }
        if self.context.len() > MOST_KEYS {
            faults.push(Fault::new(format!("the context has more than {MOST_KEYS} keys")));
        }
        let Some(principal) = principal.filter(|_| faults.is_empty()) else { return Err(faults) };
        let request = Request {
            principal,
            action: self.action.as_ref().into(),
            resource: self.resource.as_ref().into(),
            resource_account: self.resource_account.as_deref().map(Into::into),
            context: policy::Context::new(),
        };
        match principal::across_partitions(&request) {
            None => Ok(request),
            Some(fault) => Err(vec![fault]),
        }
    }

    /// Keys that differ only in letter case are one key.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
    fn same_keys(&self, places: &[usize]) -> Vec<Fault> {
        let mut faults = Vec::new();
        // Most questions have few keys, none of them with other letters: then this is nearly nothing.
        let is_plain = self.context.iter().all(|(key, _)| key.is_ascii());
        for (index, (key, _)) in self.context.iter().enumerate().take(MOST_KEYS) {
            let mut before = self.context[..index].iter().map(|(before, _)| before);
            let same = |before: &&Cow<'_, str>| before.eq_ignore_ascii_case(key) || !is_plain && is_same(before, key);
            if let Some(before) = before.find(same) {
                let (key, before) = (policy::plain(key), policy::plain(before));
                let message = format!("`{key}` and `{before}` are the same condition key: letter case does not count");
                let at = places.get(index).copied();
                faults.push(Fault { at, ..Fault::new(message).help("give it once") });
            }
        }
        faults
    }
}

pub(crate) fn is_same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other) || one.to_lowercase() == other.to_lowercase()
}

/// `service:Action`
fn is_action(text: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty() && part.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.'))
    };
    text.split_once(':').is_some_and(|(service, action)| plain(service) && plain(action))
}
