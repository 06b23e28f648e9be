//! Where the statements of a decision are written.

use policy::Kind;
use policy::trace::{PolicyTrace, StatementTrace};
use source::{Node, Span, Value};
use template::resource::Properties;
use template::resource::iam::InlinePolicy;
use template::{Resource, Stack};

use crate::plan::Environment;
use crate::prepared::Prepared;

/// A policy document of the template, and what decisions call it: `role/NAME/POLICY`, or its ARN.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) document: Node,
}

impl Prepared {
    /// Where a statement stands that a cell of an option was decided by; `None` if it is not the template's.
    #[must_use]
    pub fn written(&self, option: usize, policy: &PolicyTrace, statement: &StatementTrace) -> Option<Span> {
        let written = self.trials.get(option)?.written.iter().find(|written| written.name == policy.name)?;
        let statements = written.document.get("Statement")?;
        match &statements.value {
            Value::List(items) => items.get(statement.index.checked_sub(1)?).map(|item| item.span),
            _ => Some(statements.span),
        }
    }
}

/// The policy documents of a stack.
pub(crate) fn written(environment: &Environment, stack: &Stack) -> Vec<Written> {
    stack.resources.iter().flat_map(|resource| of(environment, resource)).collect()
}

fn of(environment: &Environment, resource: &Resource) -> Vec<Written> {
    let new = |name, kind, document: &Node| Written { name, kind, document: document.clone() };
    let inline = |who: &str, name: &str, policy: &InlinePolicy| {
        new(format!("{who}/{name}/{}", policy.policy_name.value), Kind::Identity, &policy.policy_document)
    };
    let all = |who, name, policies: &[InlinePolicy]| policies.iter().map(|one| inline(who, name, one)).collect();
    match &resource.properties {
        Properties::Role(role) => {
            let name = &role.role_name.value;
            let trust = format!("role/{name}/AssumeRolePolicyDocument");
            let trust = new(trust, Kind::Trust, &role.assume_role_policy_document);
            let policies: Vec<_> = all("role", name, &role.policies);
            std::iter::once(trust).chain(policies).collect()
        }
        Properties::User(user) => all("user", &user.user_name.value, &user.policies),
        Properties::Group(group) => all("group", &group.group_name.value, &group.policies),
        Properties::RolePolicy(one) => vec![inline("role", &one.principal.value, &one.policy)],
        Properties::UserPolicy(one) => vec![inline("user", &one.principal.value, &one.policy)],
        Properties::GroupPolicy(one) => vec![inline("group", &one.principal.value, &one.policy)],
        Properties::Policy(one) => [("role", &one.roles), ("user", &one.users), ("group", &one.groups)]
            .into_iter()
            .flat_map(|(who, names)| names.iter().map(move |name| inline(who, &name.value, &one.policy)))
            .collect(),
        Properties::ManagedPolicy(one) => {
            let path = one.path.as_ref().map_or("/", |path| path.value.as_str());
            let (partition, account) = (&environment.partition, &environment.account);
            let arn = format!("arn:{partition}:iam::{account}:policy{path}{}", one.managed_policy_name.value);
            vec![new(arn, Kind::Identity, &one.policy_document)]
        }
        Properties::BucketPolicy(one) => {
            let arn = format!("arn:{}:s3:::{}", environment.partition, one.bucket.value);
            vec![new(arn, Kind::Resource, &one.policy_document)]
        }
        _ => Vec::new(),
    }
}
