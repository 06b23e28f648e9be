//! The operations that a request can name, with their parameters in AWS's spelling.
//!
//! The operation's row in its service's crate says which these are and which parameters a scenario can give. AWS's API model
//! says what a parameter is, and whether it must be given.

use std::sync::LazyLock;

pub use account::operation::Effect;
use account::operation::OperationRow;
use model::{Model, ShapeId, ShapeKind};

/// One operation of an AWS API.
#[derive(Debug)]
pub struct ScenarioOperation {
    /// Its row: `s3:GetObject`.
    pub row: &'static OperationRow,
    /// Its parameters.
    pub members: Vec<Member>,
}

/// One parameter.
#[derive(Debug, PartialEq, Eq)]
pub struct Member {
    /// `Bucket`
    pub name: &'static str,
    /// Whether it can be left out.
    pub presence: Presence,
    /// What its value is.
    pub kind: MemberKind,
}

/// Whether a parameter can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It cannot.
    Required,
    /// It can.
    Optional,
}

/// What the value of a parameter is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberKind {
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Flag,
    /// A list of texts.
    Texts,
    /// A list or a structure, with the names of the members in it, however deep.
    Structure(Vec<&'static str>),
    /// Names tasks: a caller's name stands for the ARN of its task.
    Task,
    /// A list of those.
    Tasks,
    /// Names something of the account.
    Name(NamedResource),
}

/// What a parameter names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NamedResource {
    /// A bucket.
    Bucket,
    /// `bucket/key`
    Source,
    /// A cluster.
    Cluster,
    /// A family, a family with its revision, or an ARN.
    TaskDefinition,
    /// A role, by its name.
    Role,
    /// A role, by its ARN.
    RoleArn,
    /// A user, by its name.
    User,
    /// A cluster or a task definition, by its ARN, or a task: a caller's name stands for the ARN of its task.
    Taggable,
}

/// Every operation that a request can name.
pub static OPERATIONS: LazyLock<Vec<ScenarioOperation>> = LazyLock::new(|| {
    let rows = services::operations().filter_map(|row| Some((row, row.scenario?)));
    rows.filter_map(|(row, given)| read(row, given)).collect()
});

/// Parameters that name something of the account or a task, by service.
const NAMED: &[(&str, &str, MemberKind)] = &[
    ("s3", "Bucket", MemberKind::Name(NamedResource::Bucket)),
    ("s3", "CopySource", MemberKind::Name(NamedResource::Source)),
    ("ecs", "cluster", MemberKind::Name(NamedResource::Cluster)),
    ("ecs", "taskDefinition", MemberKind::Name(NamedResource::TaskDefinition)),
    ("ecs", "taskRoleArn", MemberKind::Name(NamedResource::RoleArn)),
    ("ecs", "executionRoleArn", MemberKind::Name(NamedResource::RoleArn)),
    ("ecs", "task", MemberKind::Task),
    ("ecs", "tasks", MemberKind::Tasks),
    ("ecs", "resourceArn", MemberKind::Name(NamedResource::Taggable)),
    ("sts", "RoleArn", MemberKind::Name(NamedResource::RoleArn)),
    ("iam", "RoleName", MemberKind::Name(NamedResource::Role)),
    ("iam", "UserName", MemberKind::Name(NamedResource::User)),
];

/// Of large structures the parts that the runner's clients have builders for: others would be left out without a word.
#[rustfmt::skip]
const SENT: &[(&str, &[&str])] = &[
    ("networkConfiguration", &["awsvpcConfiguration", "subnets", "securityGroups"]),
    ("overrides", &[
        "taskRoleArn", "executionRoleArn", "cpu", "memory",
        "containerOverrides", "name", "command", "environment", "value",
    ]),
    ("containerDefinitions", &[
        "name", "image", "command", "entryPoint", "essential", "cpu", "memory", "memoryReservation",
        "environment", "value", "workingDirectory", "user", "portMappings", "containerPort", "hostPort", "protocol",
        "logConfiguration", "logDriver", OPTIONS, "dependsOn", "containerName", "condition",
        "secrets", "valueFrom", "environmentFiles", "type", "startTimeout", "stopTimeout",
    ]),
];

/// A member of structures whose own keys are free.
pub(crate) const OPTIONS: &str = "options";

/// An operation with the parameters that a scenario can give. A test holds that the model has all of them.
fn read(row: &'static OperationRow, given: &'static [&'static str]) -> Option<ScenarioOperation> {
    let model = model::of(row.service())?;
    let input = model.input(model.operation(row.operation())?);
    let members = given.iter().filter_map(|name| {
        let member = input?.member(name)?;
        let presence = if member.is_required { Presence::Required } else { Presence::Optional };
        Some(Member { name, presence, kind: kind(row.service(), name, model, member.shape) })
    });
    Some(ScenarioOperation { row, members: members.collect() })
}

fn kind(service: &str, name: &str, model: &'static Model, shape: ShapeId) -> MemberKind {
    if let Some((.., kind)) = NAMED.iter().find(|known| (known.0, known.1) == (service, name)) {
        return kind.clone();
    }
    match &model.shape(shape).kind {
        ShapeKind::String | ShapeKind::Blob | ShapeKind::Timestamp(_) => MemberKind::Text,
        ShapeKind::Integer | ShapeKind::Float => MemberKind::Number,
        ShapeKind::Boolean => MemberKind::Flag,
        ShapeKind::List(list) if matches!(model.shape(list.item.shape).kind, ShapeKind::String) => MemberKind::Texts,
        _ => MemberKind::Structure(match SENT.iter().find(|(of, _)| *of == name) {
            Some((_, sent)) => sent.to_vec(),
            None => {
                let mut names = Vec::new();
                members_in(model, shape, &mut names);
                names
            }
        }),
    }
}

/// The names of the members in a structure, however deep.
fn members_in(model: &'static Model, shape: ShapeId, names: &mut Vec<&'static str>) {
    match &model.shape(shape).kind {
        ShapeKind::Structure(structure) => {
            for (name, member) in &structure.members {
                // A name that is there already has been looked into.
                if !names.contains(&name.as_str()) {
                    names.push(name);
                    members_in(model, member.shape, names);
                }
            }
        }
        ShapeKind::List(list) => members_in(model, list.item.shape, names),
        ShapeKind::Map(map) => members_in(model, map.value.shape, names),
        _ => {}
    }
}

/// Actions that people write where an operation belongs.
static ACTIONS: &[(&str, &str)] = &[
    ("s3:ListBucket", "s3:ListObjectsV2"),
    ("s3:ListAllMyBuckets", "s3:ListBuckets"),
    ("s3:GetObjectVersion", "s3:GetObject"),
    ("s3:GetObjectVersionTagging", "s3:GetObjectTagging"),
    ("s3:PutObjectVersionTagging", "s3:PutObjectTagging"),
];

/// The operation of that name, letter case ignored.
pub fn operation(name: &str) -> Option<&'static ScenarioOperation> {
    OPERATIONS.iter().find(|operation| operation.row.name.eq_ignore_ascii_case(name))
}

/// What was meant by a name that is no operation, as a sentence for a finding.
pub fn hint(name: &str) -> Option<String> {
    if let Some((action, operation)) = ACTIONS.iter().find(|(action, _)| action.eq_ignore_ascii_case(name)) {
        return Some(format!("`{action}` is an action of policies; the operation is `{operation}`"));
    }
    let near = source::suggest(name, OPERATIONS.iter().map(|operation| operation.row.name))?;
    Some(format!("did you mean `{near}`?"))
}

impl ScenarioOperation {
    /// The parameter of that name, letter case ignored.
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name.eq_ignore_ascii_case(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_of_a_row_is_one_of_the_model() {
        for row in services::operations() {
            let Some(given) = row.scenario else { continue };
            let known = operation(row.name).unwrap_or_else(|| panic!("{} is not in AWS's model", row.name));
            let known: Vec<&str> = known.members.iter().map(|member| member.name).collect();
            assert_eq!(known, given, "{}", row.name);
        }
    }

    #[test]
    fn a_parameter_is_what_the_model_says() {
        for (operation, member, presence, kind) in [
            ("s3:GetObject", "Bucket", Presence::Required, MemberKind::Name(NamedResource::Bucket)),
            ("s3:PutObject", "Body", Presence::Optional, MemberKind::Text),
            (
                "s3:PutObjectTagging",
                "Tagging",
                Presence::Required,
                MemberKind::Structure(vec!["TagSet", "Key", "Value"]),
            ),
            ("s3:ListObjectsV2", "MaxKeys", Presence::Optional, MemberKind::Number),
            ("ecs:RunTask", "enableECSManagedTags", Presence::Optional, MemberKind::Flag),
            ("ecs:RunTask", "tags", Presence::Optional, MemberKind::Structure(vec!["key", "value"])),
            ("ecs:UntagResource", "tagKeys", Presence::Required, MemberKind::Texts),
        ] {
            let found = super::operation(operation).and_then(|operation| operation.member(member)).expect(member);
            assert_eq!((found.presence, &found.kind), (presence, &kind), "{operation} {member}");
        }
    }
}
