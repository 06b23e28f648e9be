//! The names of a scenario, looked up in one option: users, roles, buckets and what else the account holds.

use indexmap::IndexMap;
use source::{Finding, Span};

use super::OptionDraft;
use crate::directory::{Directory, User};
use crate::names::Lookup;
use crate::operations::NamedResource;
use crate::scenario::{By, CallerKind, Given, Holdings, Name, Principal, Scenario};

/// Codes of names that an option does not have.
pub(super) const ABSENT: [&str; 10] = [
    "AMBIGUOUS_NAME",
    "UNKNOWN_RESOURCE",
    "UNKNOWN_USER",
    "UNKNOWN_ROLE",
    "UNKNOWN_TASK_DEFINITION",
    "UNKNOWN_BUCKET",
    "UNKNOWN_CLUSTER",
    "UNKNOWN_GROUP",
    "UNKNOWN_MANAGED_POLICY",
    "UNKNOWN_CALLER",
];

/// A task is named by its caller, by its ARN or by its id.
pub(super) fn tasks_that_are_not_there(scenario: &Scenario) -> Vec<Finding> {
    let tasks = scenario.callers.iter().filter(|caller| matches!(caller.kind, CallerKind::Task(_)));
    let tasks: Vec<&str> = tasks.map(|caller| caller.name.as_str()).collect();
    let is_there = |text: &str| tasks.contains(&text) || text.starts_with("arn:") || is_task_id(text);
    let named = scenario.calls().flat_map(|(.., names)| names).filter(|(of, _)| of.is_none());
    let refuse = |(_, name): &(_, Name)| {
        let is_caller = scenario.callers.iter().any(|caller| caller.name == name.text);
        let message = match is_caller {
            true => format!("caller `{name}` is not a task"),
            false => format!("there is no task caller `{name}`"),
        };
        Finding::error("UNKNOWN_TASK", name.span, message).suggest_among(&name.text, tasks.iter().copied())
    };
    named.filter(|(_, name)| !is_there(&name.text)).map(refuse).collect()
}

/// docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html#ecs-resource-arn-timeline
fn is_task_id(text: &str) -> bool {
    text.len() >= 32 && text.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
}

impl OptionDraft<'_> {
    /// What is sent for each name in a call.
    pub(super) fn names(&mut self, directory: &Directory<'_>) -> Lookup {
        let mut lookup = Lookup::default();
        let families = self.scenario.calls().filter_map(|(_, input, _)| input["family"].as_str());
        let families: Vec<&str> = families.collect();
        for (of, name) in self.scenario.calls().flat_map(|(.., names)| names) {
            let Some(of) = *of else { continue };
            // A family that a call registers is there for the calls after it.
            let own = name.text.split(':').next().unwrap_or_default();
            if of == NamedResource::TaskDefinition && families.contains(&own) {
                continue;
            }
            let is_task = self.scenario.task(&name.text).is_some() || is_task_id(&name.text);
            if of == NamedResource::Taggable && is_task {
                continue;
            }
            self.check_clash(directory, of.into(), name);
            match directory.sent(of, &name.text) {
                Some(sent) => lookup.insert(of, &name.text, sent),
                None => self.absent(of.into(), name, &directory.known(of)),
            }
        }
        lookup
    }

    /// The users who act without being callers.
    pub(super) fn hands(&mut self, directory: &Directory<'_>) -> IndexMap<String, User> {
        let assumed = self.scenario.callers.iter().filter_map(|caller| match &caller.kind {
            CallerKind::Assume(assume) => Some(&assume.by),
            _ => None,
        });
        let all = assumed.chain(self.scenario.steps().filter_map(|step| step.by.as_ref()));
        let names: Vec<&Name> = all.filter_map(|by| if let By::User(name) = by { Some(name) } else { None }).collect();
        let mut hands = IndexMap::new();
        for name in names {
            self.check_clash(directory, BY, name);
            if let Some(user) = directory.user(&name.text) {
                hands.insert(name.text.clone(), user);
            } else if directory.role(&name.text).is_some() {
                let message = format!("`{name}` is a role, and a role has no long-term key");
                let help = "name a user, or a caller that has a session of the role";
                self.findings.push(Finding::error("UNKNOWN_CALLER", name.span, message).help(help));
            } else {
                let callers = self.scenario.callers.iter().map(|caller| caller.name.as_str());
                self.absent(BY, name, &callers.chain(directory.known(NamedResource::User)).collect::<Vec<_>>());
            }
        }
        hands
    }

    /// What is given, by the names that things have in the account.
    pub(super) fn given(&mut self, directory: &Directory<'_>) -> Given {
        let mut given = self.variant.given.clone();
        for (name, bucket) in std::mem::take(&mut given.home.buckets) {
            self.check_clash(directory, NamedResource::Bucket.into(), &Name { text: name.clone(), span: bucket.span });
            let own = directory.made_bucket(&name).unwrap_or(name);
            let at = bucket.span;
            if given.home.buckets.insert(own.clone(), bucket).is_some() {
                let message = format!("the bucket `{own}` is given by its name and by its logical id");
                self.findings
                    .push(Finding::error("GIVEN_TWICE", at, message).help("give it once, with all that is in it"));
            }
        }
        let Holdings { users, roles, groups, .. } = &mut given.home;
        self.given_principals(directory, NamedResource::User.into(), users);
        self.given_principals(directory, NamedResource::Role.into(), roles);
        self.given_principals(directory, GROUP, groups);
        let all = given.accounts.values_mut().chain([&mut given.home]);
        for holdings in all {
            for (name, role) in holdings.roles.iter().filter(|(_, role)| role.trust.is_none() && !role.is_made) {
                let message = format!("role `{name}` needs a trust policy under `trust`");
                self.findings.push(Finding::error("MISSING_KEY", role.span, message));
            }
            for (name, bucket) in &holdings.buckets {
                self.check_bucket(directory, name, bucket.span);
            }
            let groups = holdings.groups.clone();
            for user in holdings.users.values_mut() {
                for group in &mut user.groups {
                    match directory.group(&groups, &group.text) {
                        Some(name) => group.text = name,
                        None => {
                            self.absent(GROUP, group, &directory.groups());
                        }
                    }
                }
            }
            let principals = holdings.users.values_mut().chain(holdings.roles.values_mut());
            for principal in principals.chain(holdings.groups.values_mut()) {
                for policy in principal.managed_policies.iter_mut().chain(&mut principal.boundary) {
                    match directory.managed_policy(&policy.text) {
                        Some(arn) => policy.text = arn,
                        None => self.absent(MANAGED_POLICY, policy, &directory.managed_policies()),
                    }
                }
            }
        }
        given
    }

    /// What is given of users, roles or groups that the template makes has their own names; only policies and groups can be
    /// added to them.
    fn given_principals(
        &mut self,
        directory: &Directory<'_>,
        what: Absent,
        principals: &mut IndexMap<String, Principal>,
    ) {
        for (name, mut principal) in std::mem::take(principals) {
            self.check_clash(directory, what, &Name { text: name.clone(), span: principal.span });
            let Some(own) = directory.made_principal(what.resource_type, &name) else {
                principals.insert(name, principal);
                continue;
            };
            principal.is_made = true;
            if principal.trust.is_some() || principal.boundary.is_some() || !principal.tags.is_empty() {
                let message = format!("the template makes the {} `{name}` itself", what.what);
                let finding = Finding::error("MADE_RESOURCE", principal.span, message);
                let help = "its tags, its trust policy and its boundary stand in the template: change them there, or by a `patch`";
                self.findings.push(finding.help(help));
            }
            let span = principal.span;
            if principals.insert(own.clone(), principal).is_some() {
                let message = format!("the {} `{own}` is given by its name and by its logical id", what.what);
                let finding = Finding::error("GIVEN_TWICE", span, message);
                self.findings.push(finding.help("give it once, with all that it has"));
            }
        }
    }

    /// A name that means two resources.
    pub(super) fn check_clash(&mut self, directory: &Directory<'_>, what: Absent, name: &Name) {
        let Some([by_id, by_name]) = directory.clash(what.resource_type, &name.text) else { return };
        let message = format!(
            "`{name}` is the logical id of one {what} and the name of another, `{}`",
            by_name.logical_id,
            what = what.what
        );
        let help = format!("write `!Ref {}` or `!Ref {}`", by_id.logical_id, by_name.logical_id);
        self.findings.push(Finding::error("AMBIGUOUS_NAME", name.span, message).help(help));
    }

    /// docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    fn check_bucket(&mut self, directory: &Directory<'_>, name: &str, at: Span) {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let may_be = (3..=63).contains(&name.len())
            && name.starts_with(plain)
            && name.ends_with(plain)
            && name.chars().all(|c| plain(c) || matches!(c, '-' | '.'));
        if may_be || self.lost.iter().any(|lost| lost == "AWS::S3::Bucket") {
            return;
        }
        let message = format!("`{name}` is neither a bucket of the template nor a name that a bucket can have");
        let finding = Finding::error("BAD_BUCKET_NAME", at, message);
        self.findings.push(match source::suggest(name, directory.made_buckets()) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help("use 3 to 63 of the letters a to z, digits, `-` and `.`"),
        });
    }

    /// The user whom the scenario names there.
    pub(super) fn user(&mut self, directory: &Directory<'_>, name: &Name) -> Option<User> {
        self.check_clash(directory, NamedResource::User.into(), name);
        let found = directory.user(&name.text);
        if found.is_none() {
            self.absent(NamedResource::User.into(), name, &directory.known(NamedResource::User));
        }
        found
    }

    pub(super) fn role(&mut self, directory: &Directory<'_>, name: &Name) -> Option<String> {
        self.sent(directory, NamedResource::RoleArn, name)
    }

    /// What stands for a name in the account.
    pub(super) fn sent(&mut self, directory: &Directory<'_>, of: NamedResource, name: &Name) -> Option<String> {
        self.check_clash(directory, of.into(), name);
        let found = directory.sent(of, &name.text);
        if found.is_none() {
            self.absent(of.into(), name, &directory.known(of));
        }
        found
    }

    /// Something is named that is not there. Where it may be there but for another error, that one is enough.
    pub(super) fn absent(&mut self, Absent { code, what, resource_type }: Absent, name: &Name, known: &[&str]) {
        if self.variant.given.is_faulty || self.lost.iter().any(|lost| lost == resource_type) {
            return;
        }
        // An option that changes neither has what all have.
        let of = match self.variant.changes.is_empty() {
            true => String::new(),
            false => format!(" of option `{}`", self.variant.name),
        };
        let message = format!("there is no {what} `{name}`, in the template or under `given`{of}");
        let finding = Finding::error(code, name.span, message);
        self.findings.push(finding.suggest_among(name.text.trim_start_matches("!Ref "), known.iter().copied()));
    }
}

/// What a name that is not there is the name of.
#[derive(Clone, Copy)]
pub(super) struct Absent {
    code: &'static str,
    what: &'static str,
    resource_type: &'static str,
}

/// Whoever asks in a claim.
pub(super) const ASKER: Absent = Absent { what: "caller, role or user", ..BY };
const BY: Absent = Absent { code: "UNKNOWN_CALLER", what: "caller or user", resource_type: "AWS::IAM::User" };
const GROUP: Absent = Absent { code: "UNKNOWN_GROUP", what: "group", resource_type: "AWS::IAM::Group" };
const MANAGED_POLICY: Absent =
    Absent { code: "UNKNOWN_MANAGED_POLICY", what: "managed policy", resource_type: "AWS::IAM::ManagedPolicy" };

impl From<NamedResource> for Absent {
    fn from(of: NamedResource) -> Self {
        let (code, what, resource_type) = match of {
            NamedResource::Bucket | NamedResource::Source => ("UNKNOWN_BUCKET", "bucket", "AWS::S3::Bucket"),
            NamedResource::Cluster => ("UNKNOWN_CLUSTER", "cluster", "AWS::ECS::Cluster"),
            NamedResource::TaskDefinition => ("UNKNOWN_TASK_DEFINITION", "task definition", "AWS::ECS::TaskDefinition"),
            NamedResource::Role | NamedResource::RoleArn => ("UNKNOWN_ROLE", "role", "AWS::IAM::Role"),
            NamedResource::User => ("UNKNOWN_USER", "user", "AWS::IAM::User"),
            NamedResource::Taggable => ("UNKNOWN_RESOURCE", "task, cluster or task definition", "AWS::ECS::Cluster"),
        };
        Self { code, what, resource_type }
    }
}
