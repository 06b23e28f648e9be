//! Operations of AWS's API: which actions one call is checked as, on what, and which others it needs.
//!
//! "Some operations require several different actions."
//! docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
//!
//! The data is operations.txt: 37 services, derived from the operations' API models and reviewed, and two operations of
//! Amazon Bedrock. Any other operation is checked as the action of its name, and what else it needs is not known.

use std::sync::LazyLock;

use crate::action::{Action, action};
use crate::fold::{Fold, Index};

#[cfg(test)]
mod tests;

/// The operation with a name such as `ec2:RunInstances`: the prefix of the service's actions, or the service's name in
/// the AWS CLI (`elbv2`), then the operation; letter case is ignored. None: neither an operation nor an action of that
/// name is known.
#[must_use]
pub fn operation(name: &str) -> Option<Operation> {
    let found = |name: &str| TABLE.line(name).map(Operation::read).or_else(|| action(name).map(Operation::plain));
    found(name).or_else(|| found(&with_prefix(name)?))
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    name: &'static str,
    actions: Vec<Action>,
    is_one_of: bool,
    versions: Vec<(Action, Action)>,
    makes: Vec<&'static str>,
    either: Vec<Vec<&'static str>>,
    tag_members: Vec<&'static str>,
    role_members: Vec<&'static str>,
    needs: Vec<DependentAction>,
}

impl Operation {
    /// Its name in AWS's spelling: `ec2:RunInstances`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The actions that it is checked as. Empty: the reference has none for it yet, or, as for API Gateway, its actions
    /// are HTTP methods.
    #[must_use]
    pub fn actions(&self) -> &[Action] {
        &self.actions
    }

    /// Whether each item of a call is checked as one of the actions, as in dynamodb:TransactWriteItems. The others are
    /// checked as all of them.
    #[must_use]
    pub fn is_one_of(&self) -> bool {
        self.is_one_of
    }

    /// The same for a call about one version of an object, which S3 checks as other actions: s3:GetObjectVersion in the
    /// place of s3:GetObject. None: it makes no difference.
    /// docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
    #[must_use]
    pub fn of_version(&self) -> Option<Self> {
        let mut other = self.clone();
        // What a key makes it ask is about the object as it is, such as the one that a copy writes over.
        let needs =
            other.needs.iter_mut().filter(|dependent| dependent.when.is_empty()).map(|dependent| &mut dependent.action);
        for action in other.actions.iter_mut().chain(needs) {
            let version = self.versions.iter().find(|(own, _)| own == action);
            *action = version.map_or(*action, |(_, version)| *version);
        }
        (!self.versions.is_empty()).then_some(other)
    }

    /// Whether a name is an action's, or that of the action in whose place it is asked about versions.
    #[must_use]
    pub fn is_named(&self, action: Action, name: &str) -> bool {
        let is_it = |one: Action| one.name().eq_ignore_ascii_case(name);
        is_it(action) || self.versions.iter().any(|(own, version)| *version == action && is_it(*own))
    }

    /// Whether the call itself makes its resource of a type, so that nobody knows its id before: the check is on an ARN
    /// that ends in `*`. Always checked, be the type required in the reference or not.
    #[must_use]
    pub fn makes(&self, resource_type: &str) -> bool {
        self.makes.contains(&resource_type)
    }

    /// The required types of which a call has one only, if the type is among some: elbv2:ModifyListener is on a listener
    /// of one kind of load balancer, and the reference requires all kinds.
    #[must_use]
    pub fn instead_of(&self, resource_type: &str) -> &[&'static str] {
        self.either.iter().find(|types| types.contains(&resource_type)).map_or(&[], |types| types)
    }

    /// The members of its input that pass tags.
    #[must_use]
    pub fn tag_members(&self) -> &[&'static str] {
        &self.tag_members
    }

    /// The members of its input that name a role for the service to use.
    #[must_use]
    pub fn role_members(&self) -> &[&'static str] {
        &self.role_members
    }

    /// What else is asked, or may be.
    #[must_use]
    pub fn needs(&self) -> &[DependentAction] {
        &self.needs
    }

    /// Whether it is of a service whose operations are known. Of the others' nobody knows here what else they need.
    #[must_use]
    pub fn is_known(&self) -> bool {
        let prefix = self.name.split(':').next().unwrap_or_default();
        TABLE.services().any(|(model, own, _)| prefix == own || prefix == model)
    }

    /// One of which there is nothing to say but its action.
    fn plain(action: Action) -> Self {
        Self::new(action.name(), vec![action])
    }

    fn new(name: &'static str, actions: Vec<Action>) -> Self {
        Self {
            name,
            actions,
            is_one_of: false,
            versions: Vec::new(),
            makes: Vec::new(),
            either: Vec::new(),
            tag_members: Vec::new(),
            role_members: Vec::new(),
            needs: Vec::new(),
        }
    }

    /// A line of operations.txt: the name, then clauses, each with `; ` before it.
    fn read(line: &'static str) -> Self {
        let (name, clauses) = line.split_once("; ").unwrap_or((line, ""));
        let own = action(name).or_else(|| action(&with_prefix(name)?));
        let mut operation = Self::new(name, own.into_iter().collect());
        for clause in clauses.split("; ") {
            let (word, rest) = clause.split_once(' ').unwrap_or((clause, ""));
            let list = || rest.split(',').collect();
            match word {
                "none" => operation.actions.clear(),
                "is" | "one" => operation.actions = rest.split(' ').filter_map(action).collect(),
                "version" => operation.versions = rest.split(',').filter_map(of_version).collect(),
                "makes" => operation.makes = list(),
                "either" => operation.either.push(list()),
                "tags" => operation.tag_members = list(),
                "roles" => operation.role_members = list(),
                _ => operation.needs.extend(DependentAction::read(rest)),
            }
            operation.is_one_of |= word == "one";
        }
        // A role is passed before anything is done, and tags come with what is made.
        operation
            .needs
            .sort_by_key(|dependent| (dependent.action.name() != "iam:PassRole", !dependent.when.is_empty()));
        operation
    }
}

/// Another action that an operation asks, or may ask: a dependent action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DependentAction {
    /// The action.
    pub action: Action,
    /// One that is as good.
    pub or: Option<Action>,
    /// Condition keys without what follows the slash: it is asked if the call has a value for one of them. Empty: always,
    /// or nobody says when.
    pub when: Vec<&'static str>,
    /// A value of these keys for which it is not asked.
    pub unless: Option<&'static str>,
    /// What it is asked on.
    pub on: On,
    /// The key that holds the operation's name in this check: `ec2:CreateAction`.
    pub create_action: Option<&'static str>,
    /// Values of `iam:PassedToService`, as far as AWS states them.
    pub passed_to: Vec<&'static str>,
    /// Whether the call makes what it is asked on, which then has the tags that the call passes.
    pub is_on_new: bool,
    /// False for an iam:PassRole that no page lists for the operation, but whose input names a role.
    pub is_listed: bool,
}

/// What a dependent action is asked on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum On {
    /// A resource of its own, such as the role that is passed. It is asked if the call has one, and if not, it may be.
    Own,
    /// The resources of the operation's first action.
    Same,
    /// The resources of these types.
    Types(Vec<&'static str>),
}

impl DependentAction {
    /// `ACTION [to SERVICE,…] [when KEY,… [unless VALUE]] [as KEY] [or ACTION] [new] [unlisted] [same | on TYPE,…]`
    fn read(clause: &'static str) -> Option<Self> {
        // Names of types may have spaces.
        let (words, types) = clause.split_once(" on ").unwrap_or((clause, ""));
        let mut words = words.split(' ');
        let mut dependent = Self {
            action: action(words.next()?)?,
            or: None,
            when: Vec::new(),
            unless: None,
            on: if types.is_empty() { On::Own } else { On::Types(types.split(',').collect()) },
            create_action: None,
            passed_to: Vec::new(),
            is_on_new: false,
            is_listed: true,
        };
        while let Some(word) = words.next() {
            match word {
                "to" => dependent.passed_to = words.next()?.split(',').collect(),
                "when" => dependent.when = words.next()?.split(',').collect(),
                "unless" => dependent.unless = Some(words.next()?),
                "as" => dependent.create_action = words.next(),
                "or" => dependent.or = action(words.next()?),
                "new" => dependent.is_on_new = true,
                "unlisted" => dependent.is_listed = false,
                "same" => dependent.on = On::Same,
                _ => return None,
            }
        }
        Some(dependent)
    }
}

const TEXT: &str = include_str!("../data/operations.txt");

/// operations.txt: a line for each service, `MODEL PREFIX OPERATIONS`, an empty line, and a line for each operation of
/// which there is something to say.
struct Table {
    head: &'static str,
    lines: Vec<&'static str>,
    index: Index,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let (head, body) = TEXT.split_once("\n\n").unwrap_or_default();
    let lines: Vec<_> = body.lines().collect();
    let index = Index::new((0..).zip(&lines).map(|(position, line)| (Fold::of(name_of(line)), position)));
    Table { head, lines, index }
});

impl Table {
    fn line(&self, name: &str) -> Option<&'static str> {
        let mut found = self.index.at(Fold::of(name)).filter_map(|position| self.lines.get(position).copied());
        found.find(|line| name_of(line).eq_ignore_ascii_case(name))
    }

    /// Model, prefix of the actions and count of operations of each service.
    fn services(&self) -> impl Iterator<Item = (&'static str, &'static str, usize)> {
        self.head.lines().filter_map(|line| {
            let mut fields = line.split(' ');
            Some((fields.next()?, fields.next()?, fields.next()?.parse().ok()?))
        })
    }
}

/// The name with the prefix of the service's actions where it begins with the service's name in the AWS CLI.
fn with_prefix(name: &str) -> Option<String> {
    let (service, operation) = name.split_once(':')?;
    let mut services = TABLE.services().filter(|(model, prefix, _)| model != prefix);
    let (_, prefix, _) = services.find(|(model, _, _)| model.eq_ignore_ascii_case(service))?;
    Some([prefix, ":", operation].concat())
}

/// `ACTION=OTHER`
fn of_version(text: &str) -> Option<(Action, Action)> {
    let (own, version) = text.split_once('=')?;
    Some((action(own)?, action(version)?))
}

fn name_of(line: &str) -> &str {
    line.split_once(';').map_or(line, |(name, _)| name)
}
