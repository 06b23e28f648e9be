//! The policies that an option has, as somebody would paste them.

use policy::Kind;
use serde_json::Value;
use source::Span;
use template::{Stack, attached};

use crate::plan::Environment;
use crate::prepared::Prepared;
use crate::scenario::{Control, Given, Holdings, Principal, RequestKind, Variant};
use crate::written::Written;

/// A policy of one option.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionPolicy {
    /// What it is of: `role/operator/Operate`, an ARN, `SCP RequireTags`.
    pub name: String,
    /// What it is attached to.
    pub kind: Kind,
    /// The document, with the template's functions worked out.
    pub document: Value,
    /// The statement under test: its index in the document.
    pub under_test: Option<usize>,
}

impl OptionPolicy {
    /// Its statements; a document may have one that stands in no list.
    #[must_use]
    pub fn statements(&self) -> &[Value] {
        match &self.document["Statement"] {
            Value::Array(all) => all,
            Value::Null => &[],
            one => std::slice::from_ref(one),
        }
    }
}

impl Prepared {
    /// The policies of an option: of its template, of what it is given, and of its broker's sessions. AWS's own are left out.
    #[must_use]
    pub fn option_policies(&self, option: usize) -> &[OptionPolicy] {
        self.trials.get(option).map(|trial| &trial.policies[..]).unwrap_or_default()
    }

    /// The statements that the scenario is about: those that not all of its options have, and those under test.
    #[must_use]
    pub fn subjects(&self) -> Vec<&Value> {
        let all: Vec<_> = self.trials.iter().map(|trial| &trial.policies[..]).collect();
        let has = |own: &&[OptionPolicy], policy: &OptionPolicy, one: &Value| {
            own.iter().any(|other| other.name == policy.name && other.statements().contains(one))
        };
        let mut subjects = Vec::new();
        for policy in all.iter().copied().flatten() {
            for (at, one) in policy.statements().iter().enumerate() {
                let is_subject = policy.under_test == Some(at) || !all.iter().all(|own| has(own, policy, one));
                if is_subject && !subjects.contains(&one) {
                    subjects.push(one);
                }
            }
        }
        subjects
    }

    /// The services whose actions its requests ask, as IAM names them; a container's command is ECS's.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.scenario.requests.iter().map(|request| match &request.kind {
            RequestKind::Action(asked) => asked.action.service().prefix(),
            RequestKind::Call { operation, .. } => operation.row.service(),
            RequestKind::Container { .. } => "ecs",
        })
    }
}

/// `under_test` is where the statement under test stands.
pub(crate) fn policies(
    environment: &Environment,
    stack: &Stack,
    written: &[Written],
    variant: &Variant,
    under_test: Option<Span>,
) -> Vec<OptionPolicy> {
    let mut all: Vec<_> = written.iter().map(|one| of_template(one, under_test)).collect();
    for resource in attached::resources(stack).0 {
        if let Some(policy) = resource.policy.filter(|_| !all.iter().any(|one| one.name == resource.arn)) {
            let written =
                Written { name: resource.arn.to_owned(), kind: Kind::Resource, document: policy.into_owned() };
            // A role's trust policy has a name of its own.
            if !resource.arn.contains(":role/") {
                all.push(of_template(&written, under_test));
            }
        }
    }
    given(environment, &variant.given, &mut all);
    let session = variant.broker.as_ref().and_then(|broker| broker.session_policy.as_ref());
    all.extend(session.map(|document| new("session policy of the broker", Kind::Session, document)));
    all
}

fn of_template(written: &Written, under_test: Option<Span>) -> OptionPolicy {
    let statement = written.document.get("Statement");
    let spans: Vec<Span> = match statement.map(|node| (&node.value, node.span)) {
        Some((source::Value::List(items), _)) => items.iter().map(|item| item.span).collect(),
        Some((_, span)) => vec![span],
        None => Vec::new(),
    };
    let at = under_test.and_then(|wanted| spans.iter().position(|span| *span == wanted));
    let document = template::json(&written.document);
    OptionPolicy { name: written.name.clone(), kind: written.kind, document, under_test: at }
}

fn given(environment: &Environment, given: &Given, all: &mut Vec<OptionPolicy>) {
    holdings(environment, &given.home, "", all);
    for (account, held) in &given.accounts {
        holdings(environment, held, &format!(" of account {account}"), all);
    }
    let resources =
        given.resources.iter().filter_map(|(arn, one)| Some(new(arn, Kind::Resource, one.policy.as_ref()?)));
    all.extend(resources);
    for (account, levels) in given.organization.iter().flat_map(|organization| &organization.members) {
        let of = if *account == environment.account { String::new() } else { format!(" of account {account}") };
        controls(&levels.service_control, Kind::ServiceControl, &of, all);
        controls(&levels.resource_control, Kind::ResourceControl, &of, all);
    }
    all.extend(given.endpoints.values().map(|one| new(&format!("endpoint {}", one.id), Kind::Endpoint, &one.policy)));
}

fn holdings(environment: &Environment, held: &Holdings, of: &str, all: &mut Vec<OptionPolicy>) {
    let mut principals = |who: &str, name: &str, principal: &Principal| {
        let policies = principal.policies.iter();
        all.extend(policies.map(|(policy, one)| new(&format!("{who}/{name}/{policy}{of}"), Kind::Identity, one)));
        let trust = principal.trust.as_ref();
        all.extend(trust.map(|one| new(&format!("{who}/{name}/AssumeRolePolicyDocument{of}"), Kind::Trust, one)));
    };
    held.roles.iter().for_each(|(name, role)| principals("role", name, role));
    held.users.iter().for_each(|(name, user)| principals("user", name, user));
    held.groups.iter().for_each(|(name, group)| principals("group", name, group));
    let arn = |name: &str| format!("arn:{}:s3:::{name}", environment.partition);
    let buckets = held.buckets.iter();
    all.extend(buckets.filter_map(|(name, one)| Some(new(&arn(name), Kind::Resource, one.policy.as_ref()?))));
}

fn controls(levels: &[Vec<Control>], kind: Kind, of: &str, all: &mut Vec<OptionPolicy>) {
    let word = if kind == Kind::ServiceControl { "SCP" } else { "RCP" };
    let own = levels.iter().flatten().filter(|control| !control.name.ends_with("FullAWSAccess"));
    all.extend(own.map(|control| new(&format!("{word} {}{of}", control.name), kind, &control.document)));
}

fn new(name: &str, kind: Kind, document: &Value) -> OptionPolicy {
    OptionPolicy { name: name.to_owned(), kind, document: document.clone(), under_test: None }
}
