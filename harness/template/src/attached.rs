//! What says who may do what in a stack: its principals with all that is attached to them, its resources with their
//! ARNs, policies and tags.

use std::borrow::Cow;

use source::{Entry, Finding, Node, Span, Value};

use crate::known_types::known_type;
use crate::meant::{SIX, STREAM, is_same, is_six};
use crate::resolve::{Resource, Stack, is_construct};
use crate::resource::iam::{Group, InlinePolicy, ManagedPolicy, User};
use crate::resource::{Properties, Tag};
use crate::shape::{Text, shown, text_node};
use crate::terraform::address::Key;

/// A role or a user of a stack.
#[derive(Clone, Debug)]
pub struct Principal<'s> {
    /// The role or user itself.
    pub resource: &'s Resource,
    /// Its name.
    pub name: &'s str,
    /// Its inline policies, the stack's managed policies that are attached to it, and those of a user's groups.
    pub policies: Vec<Policy<'s>>,
    /// ARNs of attached managed policies that the stack does not make.
    pub managed_policy_arns: Vec<&'s Text>,
    /// Its permissions boundary.
    pub boundary: Option<Boundary<'s>>,
    /// A user's groups that the stack does not make, by name.
    pub groups_elsewhere: Vec<&'s Text>,
    /// A role's trust policy.
    pub trust: Option<&'s Node>,
    /// Its tags.
    pub tags: &'s [Tag],
}

/// A policy of a principal.
#[derive(Clone, Debug)]
pub struct Policy<'s> {
    /// `PolicyName`, or the ARN of a managed policy.
    pub name: &'s str,
    /// The document.
    pub document: &'s Node,
}

/// A permissions boundary.
#[derive(Clone, Debug)]
pub enum Boundary<'s> {
    /// A managed policy of the stack.
    Made(Policy<'s>),
    /// The ARN of one that the stack does not make.
    Elsewhere(&'s Text),
}

/// A resource of a stack, or one outside of it that a policy of the stack is for.
#[derive(Clone, Debug)]
pub struct Guarded<'s> {
    /// The name in the template; `None` for what the stack does not make.
    pub logical_id: Option<&'s str>,
    /// Its path in the CDK's tree of constructs.
    pub construct_path: Option<&'s str>,
    /// Its own name; `None` for what the stack does not make.
    pub name: Option<&'s str>,
    /// The ARN under which requests name it; of a stream, or of a secret that the stack does not make, it has wildcards
    /// for what only AWS knows: see [`Guarded::is`].
    pub arn: &'s str,
    /// Its policy: a role's is its trust policy.
    pub policy: Option<Cow<'s, Node>>,
    /// Its tags; `None` where the stack does not tell them.
    pub tags: Option<Cow<'s, [Tag]>>,
}

/// The roles and users of a stack.
#[must_use]
pub fn principals(stack: &Stack) -> Vec<Principal<'_>> {
    stack.resources.iter().filter_map(|resource| principal(stack, resource)).collect()
}

/// The resources of a stack that requests can name, and what is wrong with their policies.
#[must_use]
pub fn resources(stack: &Stack) -> (Vec<Guarded<'_>>, Vec<Finding>) {
    let mut all: Vec<_> = stack.resources.iter().filter_map(guarded).collect();
    let mut findings = Vec::new();
    for about in abouts(stack) {
        match about.arn {
            Some(arn) => findings.extend(attach(&mut all, &about, arn)),
            None => findings.push(of_nothing(&about)),
        }
    }
    all.extend(stack.resources.iter().filter_map(|resource| stream(stack, resource)));
    all.iter_mut().for_each(add_default_key_policy);
    (all, findings)
}

/// The policies of a stack that count nowhere, since what they name is not known: the services they may be about, and what
/// to say of each.
#[must_use]
pub fn unattached(stack: &Stack) -> Vec<(&'static str, Finding)> {
    let lost = abouts(stack).into_iter().filter(|about| about.arn.is_none());
    let service = |of_type| known_type(of_type).and_then(|kind| kind.arn?.split(':').nth(2)).unwrap_or_default();
    lost.map(|about| (service(about.of_type), of_nothing(&about))).collect()
}

impl Guarded<'_> {
    /// Whether it is the resource with an ARN.
    #[must_use]
    pub fn is(&self, arn: &str) -> bool {
        match (self.arn.strip_suffix(SIX), self.arn.strip_suffix('*').filter(|_| self.arn.ends_with(STREAM))) {
            (Some(name), _) => arn.strip_prefix(name).is_some_and(is_six),
            (_, Some(stream)) => arn.strip_prefix(stream).is_some_and(|label| !label.is_empty()),
            _ => self.arn == arn,
        }
    }

    /// Whether an ARN is that of the resource, or of what belongs to it and is under its policy: an object, an index.
    ///
    /// "You can control index permissions using the base table's policy"; a stream has its own.
    /// docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutResourcePolicy.html
    #[must_use]
    pub fn holds(&self, arn: &str) -> bool {
        if self.is(arn) {
            return true;
        }
        let Some(rest) = arn.strip_prefix(self.arn) else { return false };
        match self.arn.split(':').nth(2).unwrap_or_default() {
            "s3" => rest.starts_with('/'),
            "dynamodb" => rest.starts_with("/index/"),
            "logs" => rest.starts_with(':'),
            _ => false,
        }
    }
}

/// Whether a pattern may cover the resource with an ARN, or what belongs to it. It may say so of one that it does not cover.
#[must_use]
pub fn may_cover(pattern: &str, arn: &str) -> bool {
    let head = pattern.split(['*', '?']).next().unwrap_or_default();
    let belongs = head.strip_prefix(arn).is_some_and(|rest| rest.starts_with(['/', ':']));
    arn.starts_with(head) || belongs
}

/// A policy that is a resource of its own, and one thing that it is about.
struct About<'s> {
    of_type: &'static str,
    of: &'s Text,
    /// `None`: it names nothing that is known.
    arn: Option<&'s str>,
    policy: &'s Node,
    is_statement: bool,
}

fn abouts(stack: &Stack) -> Vec<About<'_>> {
    let mut all = Vec::new();
    let mut add = |of_type, of, policy, is_statement| {
        let Text { value, .. }: &Text = of;
        let arn = stack.meant.get(&(of_type, value.clone())).map(String::as_str);
        all.push(About { of_type, of, arn, policy, is_statement });
    };
    for resource in &stack.resources {
        match &resource.properties {
            Properties::ResourcePolicy(one) => {
                one.of.iter().for_each(|of| add(one.of_type, of, &one.policy, one.is_statement));
            }
            Properties::BucketPolicy(one) => add("AWS::S3::Bucket", &one.bucket, &one.policy_document, false),
            _ => {}
        }
    }
    all
}

/// The streams of a table, which have a policy of their own.
/// docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-attach-resource-policy-streams.html
fn stream<'s>(stack: &'s Stack, resource: &'s Resource) -> Option<Guarded<'s>> {
    let Properties::Guarded(table) = &resource.properties else { return None };
    let arn = stack.meant.get(&(STREAM, resource.arn.clone()?))?;
    let policy = Some(Cow::Borrowed(table.stream_policy.as_ref()?));
    Some(Guarded { logical_id: None, construct_path: None, name: None, arn, policy, tags: None })
}

/// The resources that a logical id, a construct's path or a name means, and what stands behind it, as in `Bucket/key`: those
/// of the logical id first. `!Ref Bucket` is the logical id alone.
#[must_use]
pub fn named<'r, 's, 'w>(resources: &'r [Guarded<'s>], written: &'w str) -> Vec<(&'r Guarded<'s>, &'w str)> {
    let (id, rest) = split(written.strip_prefix("!Ref ").unwrap_or(written));
    let mut all: Vec<_> = resources.iter().filter(|one| one.logical_id == Some(id)).map(|one| (one, rest)).collect();
    // The longest path is meant: what lies in a construct has a longer one.
    let mut ends: Vec<usize> = written.match_indices(['/', ':']).map(|(at, _)| at).chain([written.len()]).collect();
    ends.reverse();
    let by_path = || {
        ends.into_iter().find_map(|end| {
            let found = resources.iter().find(|one| is_construct(one.construct_path, &written[..end]))?;
            Some((found, &written[end..]))
        })
    };
    if all.is_empty() {
        all.extend(by_path());
    }
    let by_name = resources.iter().filter_map(|one| {
        let rest = written.strip_prefix(one.name?)?;
        let is_known = all.iter().any(|(known, _)| known.logical_id == one.logical_id);
        (!is_known && (rest.is_empty() || rest.starts_with(['/', ':']))).then_some((one, rest))
    });
    let by_name: Vec<_> = by_name.collect();
    all.extend(by_name);
    all
}

/// A logical id, and what stands behind it with the `/` or `:` before it. In the keys of an address of Terraform's,
/// `aws_iam_role.r["a/b"]`, both are a part of it.
#[must_use]
pub fn split(written: &str) -> (&str, &str) {
    let mut key = Key::default();
    let end = written.bytes().position(|byte| {
        key.next(byte);
        !key.is_open && matches!(byte, b'/' | b':')
    });
    written.split_at(end.unwrap_or(written.len()))
}

fn principal<'s>(stack: &'s Stack, resource: &'s Resource) -> Option<Principal<'s>> {
    let mut groups_elsewhere = Vec::new();
    let (name, boundary_arn, trust, tags, (policies, managed_policy_arns)) = match &resource.properties {
        Properties::Role(role) => {
            let (name, trust) = (&*role.role_name.value, Some(&role.assume_role_policy_document));
            let own = Own { inline: &role.policies, managed: &role.managed_policy_arns };
            (name, &role.permissions_boundary, trust, &*role.tags, attached(stack, Who::Role(name), &own))
        }
        Properties::User(user) => {
            let name = &*user.user_name.value;
            let own = Own { inline: &user.policies, managed: &user.managed_policy_arns };
            let mut all = attached(stack, Who::User(name), &own);
            for named in groups_of(stack, user) {
                let Some(group) = find_group(stack, &named.value) else {
                    groups_elsewhere.push(named);
                    continue;
                };
                let own = Own { inline: &group.policies, managed: &group.managed_policy_arns };
                let (policies, arns) = attached(stack, Who::Group(&group.group_name.value), &own);
                all.0.extend(policies);
                all.1.extend(arns);
            }
            (name, &user.permissions_boundary, None, &*user.tags, all)
        }
        _ => return None,
    };
    let boundary = boundary_arn.as_ref().map(|arn| boundary(stack, arn));
    Some(Principal { resource, name, policies, managed_policy_arns, boundary, groups_elsewhere, trust, tags })
}

/// By its own properties, and by those that put users into groups.
fn groups_of<'s>(stack: &'s Stack, user: &'s User) -> Vec<&'s Text> {
    let mut all: Vec<&Text> = user.groups.iter().collect();
    for resource in &stack.resources {
        if let Properties::UserToGroupAddition(one) = &resource.properties
            && one.users.iter().any(|named| named.value == user.user_name.value)
            && !all.iter().any(|group| group.value == one.group_name.value)
        {
            all.push(&one.group_name);
        }
    }
    all
}

#[derive(Clone, Copy)]
enum Who<'a> {
    Role(&'a str),
    User(&'a str),
    Group(&'a str),
}

/// What stands in the properties of a principal.
struct Own<'s> {
    inline: &'s [InlinePolicy],
    managed: &'s [Text],
}

impl Who<'_> {
    fn is_among(self, roles: &[Text], users: &[Text], groups: &[Text]) -> bool {
        let (name, names) = match self {
            Self::Role(name) => (name, roles),
            Self::User(name) => (name, users),
            Self::Group(name) => (name, groups),
        };
        names.iter().any(|one| one.value == name)
    }
}

/// The policies of the stack that are attached to a principal, and the ARNs of the others.
fn attached<'s>(stack: &'s Stack, who: Who<'_>, own: &Own<'s>) -> (Vec<Policy<'s>>, Vec<&'s Text>) {
    let mut policies: Vec<_> = own.inline.iter().map(inline).collect();
    let mut elsewhere: Vec<_> = own.managed.iter().filter(|arn| managed(stack, &arn.value).is_none()).collect();
    for resource in &stack.resources {
        match (&resource.properties, who) {
            (Properties::Policy(one), _) if who.is_among(&one.roles, &one.users, &one.groups) => {
                policies.push(inline(&one.policy));
            }
            (Properties::RolePolicy(one), Who::Role(name))
            | (Properties::UserPolicy(one), Who::User(name))
            | (Properties::GroupPolicy(one), Who::Group(name))
                if one.principal.value == name =>
            {
                policies.push(inline(&one.policy));
            }
            (Properties::ManagedPolicy(one), _) => {
                let arn = &*resource.physical_id;
                let names_it = own.managed.iter().any(|named| named.value == arn);
                if names_it || who.is_among(&one.roles, &one.users, &one.groups) {
                    policies.push(Policy { name: arn, document: &one.policy_document });
                }
            }
            (Properties::PolicyAttachment(one), _) if who.is_among(&one.roles, &one.users, &one.groups) => {
                match managed(stack, &one.policy_arn.value) {
                    Some((name, policy)) => policies.push(Policy { name, document: &policy.policy_document }),
                    None => elsewhere.push(&one.policy_arn),
                }
            }
            _ => {}
        }
    }
    (policies, elsewhere)
}

fn inline(policy: &InlinePolicy) -> Policy<'_> {
    Policy { name: &policy.policy_name.value, document: &policy.policy_document }
}

fn managed<'s>(stack: &'s Stack, arn: &str) -> Option<(&'s str, &'s ManagedPolicy)> {
    stack.resources.iter().find_map(|resource| match &resource.properties {
        Properties::ManagedPolicy(policy) if resource.physical_id == arn => Some((&*resource.physical_id, policy)),
        _ => None,
    })
}

fn boundary<'s>(stack: &'s Stack, arn: &'s Text) -> Boundary<'s> {
    match managed(stack, &arn.value) {
        Some((name, policy)) => Boundary::Made(Policy { name, document: &policy.policy_document }),
        None => Boundary::Elsewhere(arn),
    }
}

fn find_group<'s>(stack: &'s Stack, name: &str) -> Option<&'s Group> {
    stack.resources.iter().find_map(|resource| match &resource.properties {
        Properties::Group(group) if group.group_name.value == name => Some(group),
        _ => None,
    })
}

/// A resource that has an ARN, with what its own properties say.
fn guarded(resource: &Resource) -> Option<Guarded<'_>> {
    let (policy, tags) = match &resource.properties {
        Properties::Guarded(one) => (one.policy.as_ref(), Some(&*one.tags)),
        Properties::Role(role) => (Some(&role.assume_role_policy_document), Some(&*role.tags)),
        Properties::User(user) => (None, Some(&*user.tags)),
        // Only a bucket that has attribute-based access control on shows its tags.
        // docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
        Properties::Bucket(bucket) => {
            let is_on = bucket.abac_status.as_ref().is_some_and(|status| status.value == "Enabled");
            (None, Some(if is_on { &*bucket.tags } else { &[] }))
        }
        Properties::Cluster(cluster) => (None, Some(&*cluster.tags)),
        Properties::TaskDefinition(definition) => (None, Some(&*definition.tags)),
        Properties::LogGroup(group) => (None, Some(&*group.tags)),
        Properties::Listed(one) => (None, one.tags.as_deref()),
        _ => (None, None),
    };
    Some(Guarded {
        logical_id: Some(&resource.logical_id),
        construct_path: resource.construct_path.as_deref(),
        name: Some(&resource.name),
        arn: resource.arn.as_deref()?,
        policy: policy.map(Cow::Borrowed),
        tags: tags.map(Cow::Borrowed),
    })
}

fn of_nothing(About { of, .. }: &About<'_>) -> Finding {
    let message = format!("no resource of the template is `{}`: its policy counts nowhere", shown(&of.value));
    let finding = Finding::new(source::Severity::Warning, "POLICY_OF_NOTHING", of.span, message);
    finding.help("refer to the resource by `!Ref` or `!GetAtt`, or write its ARN")
}

/// Attaches a policy to what it is about, be that of the template or not.
fn attach<'s>(all: &mut Vec<Guarded<'s>>, about: &About<'s>, arn: &'s str) -> Option<Finding> {
    let About { of, policy, is_statement, .. } = *about;
    let Some(meant) = all.iter_mut().find(|one| is_same(one.arn, arn)) else {
        let policy = Some(Cow::Borrowed(policy));
        all.push(Guarded { logical_id: None, construct_path: None, name: None, arn, policy, tags: None });
        return None;
    };
    match &mut meant.policy {
        None => meant.policy = Some(Cow::Borrowed(policy)),
        Some(known) if is_statement => add_statements(known.to_mut(), policy),
        Some(_) => {
            let message = format!("`{}` has another policy in this template already", shown(&of.value));
            let finding = Finding::error("TWO_POLICIES", of.span, message);
            return Some(finding.help("AWS keeps the one that is made last: put all statements into one policy"));
        }
    }
    None
}

fn add_statements(policy: &mut Node, more: &Node) {
    let Value::Map(entries) = &mut policy.value else { return };
    let more = more.get("Statement").map(Node::items).unwrap_or_default();
    if let Some(statement) = entries.iter_mut().find(|entry| entry.key == "Statement") {
        if !matches!(statement.value.value, Value::List(_)) {
            let one = statement.value.clone();
            statement.value = Node::new(Value::List(vec![one]), statement.value.span);
        }
        if let Value::List(items) = &mut statement.value.value {
            items.extend(more.iter().cloned());
        }
    }
}

/// "This default key policy has one policy statement that gives the AWS account that owns the KMS key permission to use
/// IAM policies to allow access to all AWS KMS operations on the KMS key."
/// docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
fn add_default_key_policy(one: &mut Guarded<'_>) {
    let parts: Vec<_> = one.arn.splitn(6, ':').collect();
    let ["arn", partition, "kms", _, account, key] = parts[..] else { return };
    if one.policy.is_some() || one.logical_id.is_none() || !key.starts_with("key/") {
        return;
    }
    let span = Span::default();
    let text = |text: &str| text_node(text, span);
    let map = |entries: Vec<(&str, Node)>| {
        let entry = |(key, value): (&str, Node)| Entry { key: key.to_owned(), key_span: span, value };
        Node::new(Value::Map(entries.into_iter().map(entry).collect()), span)
    };
    let root = map(vec![("AWS", text(&format!("arn:{partition}:iam::{account}:root")))]);
    let statement = map(vec![
        ("Sid", text("Enable IAM User Permissions")),
        ("Effect", text("Allow")),
        ("Principal", root),
        ("Action", text("kms:*")),
        ("Resource", text("*")),
    ]);
    let statements = Node::new(Value::List(vec![statement]), span);
    one.policy = Some(Cow::Owned(map(vec![("Version", text("2012-10-17")), ("Statement", statements)])));
}
