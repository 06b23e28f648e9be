//! What a template has that a scenario can be about.

use std::collections::HashSet;

use matrix::Prepared;
use matrix::plan::Environment;
use policy::Kind;
use source::{FileId, Node, Span, Value};
use template::attached::{self, Guarded, Principal};
use template::resource::Properties;
use template::{Stack, Text};

use crate::place::Trees;
use crate::subject::Subject;

/// A template, looked through.
pub(crate) struct Survey<'p> {
    pub(crate) trees: Trees<'p>,
    pub(crate) stack: &'p Stack,
    pub(crate) environment: &'p Environment,
    pub(crate) principals: Vec<Principal<'p>>,
    pub(crate) resources: Vec<Guarded<'p>>,
    /// Whether any statement depends on tags.
    pub(crate) has_tags: bool,
    /// The statements that depend on tags, in the order of the template; if there are none, those that allow something.
    pub(crate) subjects: Vec<Subject>,
    /// How many more there are than can be tried.
    pub(crate) more: usize,
}

/// A policy document of the template.
struct Attached {
    document: Node,
    kind: Kind,
    /// The principal or resource that has it.
    holder: Option<String>,
    /// The ARN of what it is the policy of.
    resource: Option<String>,
}

impl Attached {
    fn identity(document: &Node, holder: &Option<String>) -> Self {
        Self { document: document.clone(), kind: Kind::Identity, holder: holder.clone(), resource: None }
    }
}

/// No file that is shown: it comes after all that are.
const NOWHERE: FileId = FileId(u32::MAX);
/// So many statements are tried at most: a matrix of more is read by nobody.
const MOST_SUBJECTS: usize = 6;

impl<'p> Survey<'p> {
    /// Looks through the template of a scenario whose first option changes nothing.
    pub(crate) fn of(prepared: &'p Prepared) -> Option<Self> {
        let trial = prepared.trials.first()?;
        let stack = &trial.stack;
        let mut survey = Self {
            trees: Trees { written: &prepared.template, made: &trial.template },
            stack,
            environment: &trial.environment,
            principals: attached::principals(stack),
            resources: attached::resources(stack).0,
            has_tags: false,
            subjects: Vec::new(),
            more: 0,
        };
        let mut subjects: Vec<Subject> = Vec::new();
        for Attached { document, kind, holder, resource } in survey.documents() {
            for (at, statement) in statements(&document).iter().enumerate() {
                if let Some(known) = known(&mut subjects, (at, statement.span), kind) {
                    known.holders.extend(holder.clone().filter(|holder| !known.holders.contains(holder)));
                    continue;
                }
                subjects.push(Subject::read(
                    survey.trees,
                    &document,
                    (at, statement),
                    kind,
                    holder.clone(),
                    resource.as_deref(),
                ));
            }
        }
        subjects.sort_by_key(|one| (one.span.file, one.span.start));
        survey.has_tags = subjects.iter().any(|one| one.depends_on_tags);
        if !survey.has_tags {
            subjects.extend(survey.of_managed());
        }
        match survey.has_tags {
            true => subjects.retain(|one| one.depends_on_tags),
            false => {
                let kinds = [Kind::Identity, Kind::Resource];
                let kind = kinds.into_iter().find(|kind| subjects.iter().any(|one| one.kind == *kind && !one.denies));
                subjects.retain(|one| Some(one.kind) == kind && !one.denies);
            }
        }
        survey.more = subjects.len().saturating_sub(MOST_SUBJECTS);
        subjects.truncate(MOST_SUBJECTS);
        let mut taken = HashSet::new();
        for subject in &mut subjects {
            subject.slug = crate::names::free(&subject.slug, |name| taken.contains(name));
            taken.insert(subject.slug.clone());
        }
        survey.subjects = subjects;
        Some(survey)
    }

    /// The statements of AWS's managed policies, which stand nowhere in the template.
    fn of_managed(&self) -> Vec<Subject> {
        let mut all: Vec<Subject> = Vec::new();
        for principal in &self.principals {
            let id = &principal.resource.logical_id;
            for arn in &principal.managed_policy_arns {
                let Some(policy) = catalog::managed::get(&arn.value) else { continue };
                let Some(document) = source::json::read(NOWHERE, policy.document).0 else { continue };
                for (at, statement) in statements(&document).iter().enumerate() {
                    let name = arn.value.rsplit('/').next().unwrap_or_default();
                    let says = format!("{name}/{}", at + 1);
                    match all.iter_mut().find(|known| known.says == says) {
                        Some(known) => known.holders.push(id.clone()),
                        None => {
                            let holder = Some(id.clone());
                            let read =
                                Subject::read(self.trees, &document, (at, statement), Kind::Identity, holder, None);
                            all.push(Subject { says, ..read });
                        }
                    }
                }
            }
        }
        all
    }

    /// Every policy document.
    fn documents(&self) -> Vec<Attached> {
        let mut all = Vec::new();
        for principal in &self.principals {
            let holder = Some(principal.resource.logical_id.clone());
            all.extend(principal.policies.iter().map(|one| Attached::identity(one.document, &holder)));
            all.extend(principal.trust.map(|trust| Attached {
                document: trust.clone(),
                kind: Kind::Trust,
                holder,
                resource: principal.resource.arn.clone(),
            }));
        }
        // Policies that no role and no user of the stack has.
        let held: HashSet<Span> = all.iter().map(|one| one.document.span).collect();
        for resource in &self.stack.resources {
            let documents: Vec<&Node> = match &resource.properties {
                Properties::ManagedPolicy(one) => vec![&one.policy_document],
                Properties::Group(one) => one.policies.iter().map(|policy| &policy.policy_document).collect(),
                Properties::Policy(one) => vec![&one.policy.policy_document],
                Properties::RolePolicy(one) | Properties::UserPolicy(one) | Properties::GroupPolicy(one) => {
                    vec![&one.policy.policy_document]
                }
                _ => Vec::new(),
            };
            let holder = Some(resource.logical_id.clone());
            let loose = documents.into_iter().filter(|node| !held.contains(&node.span));
            all.extend(loose.map(|node| Attached::identity(node, &holder)));
        }
        let of_iam = |one: &&Guarded<'_>| one.arn.split(':').nth(2) == Some("iam");
        for resource in self.resources.iter().filter(|one| !of_iam(one)) {
            if let Some(policy) = &resource.policy {
                all.push(Attached {
                    document: policy.clone().into_owned(),
                    kind: Kind::Resource,
                    holder: resource.logical_id.map(str::to_owned),
                    resource: Some(resource.arn.to_owned()),
                });
            }
        }
        all
    }

    /// Names of roles, users and groups that policies are attached to and that the stack does not make.
    pub(crate) fn missing(&self) -> Vec<(&'static str, &'p str)> {
        let mut wanted: Vec<(&'static str, &'p Text)> = Vec::new();
        for resource in &self.stack.resources {
            let mut add = |kind, names: &'p [Text]| wanted.extend(names.iter().map(|name| (kind, name)));
            match &resource.properties {
                Properties::Policy(one) => {
                    add("roles", &one.roles);
                    add("users", &one.users);
                    add("groups", &one.groups);
                }
                Properties::ManagedPolicy(one) => {
                    add("roles", &one.roles);
                    add("users", &one.users);
                    add("groups", &one.groups);
                }
                Properties::RolePolicy(one) => add("roles", std::slice::from_ref(&one.principal)),
                Properties::UserPolicy(one) => add("users", std::slice::from_ref(&one.principal)),
                Properties::GroupPolicy(one) => add("groups", std::slice::from_ref(&one.principal)),
                Properties::InstanceProfile(one) => add("roles", &one.roles),
                Properties::User(one) => add("groups", &one.groups),
                Properties::UserToGroupAddition(one) => {
                    add("groups", std::slice::from_ref(&one.group_name));
                    add("users", &one.users);
                }
                _ => {}
            }
        }
        let is_made = |kind: &str, name: &str| {
            self.stack.resources.iter().any(|resource| match &resource.properties {
                Properties::Role(role) => kind == "roles" && role.role_name.value == name,
                Properties::User(user) => kind == "users" && user.user_name.value == name,
                Properties::Group(group) => kind == "groups" && group.group_name.value == name,
                _ => false,
            }) || self.stack.resources.iter().any(|resource| resource.logical_id == name)
        };
        let mut missing: Vec<(&'static str, &'p str)> = Vec::new();
        for (kind, name) in wanted {
            if !is_made(kind, &name.value) && !missing.contains(&(kind, &name.value)) {
                missing.push((kind, &name.value));
            }
        }
        missing
    }

    /// The steps to a property of a resource in the template, if the resource stands there under its own id.
    pub(crate) fn property(&self, logical_id: &str, property: &str) -> Option<Vec<String>> {
        let steps: Vec<String> = ["Resources", logical_id, "Properties"].map(str::to_owned).to_vec();
        let properties = self.trees.at(&steps)?;
        matches!(properties.value, Value::Map(_)).then(|| [steps, vec![property.to_owned()]].concat())
    }
}

/// The same statement, where somebody else has it too.
fn known(subjects: &mut [Subject], (at, span): (usize, Span), kind: Kind) -> Option<&mut Subject> {
    subjects.iter_mut().find(|one| (one.at, one.span) == (at, span) && one.kind == kind)
}

/// The statements of a document; one may stand in no list.
pub(crate) fn statements(document: &Node) -> &[Node] {
    match document.get("Statement") {
        Some(Node { value: Value::List(items), .. }) => items,
        Some(one) => std::slice::from_ref(one),
        None => &[],
    }
}
