//! The operations that a request can name, with their parameters in AWS's spelling.
//!
//! Names and which parameters are required come from AWS's service models. The runner's clients send each of these; a test
//! holds the two together.

/// One operation of an AWS API.
#[derive(Debug, PartialEq, Eq)]
pub struct Operation {
    /// `s3:GetObject`
    pub name: &'static str,
    /// Whether it changes what later requests see.
    pub effect: Effect,
    /// Its parameters.
    pub members: &'static [Member],
}

/// What an operation leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    Reads,
    /// It makes something new that no other request here comes across.
    Adds,
    /// Something that later requests can come across.
    Changes,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberKind {
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Flag,
    /// A list of texts.
    Texts,
    /// A list or a structure, with the names of the members in it, however deep: no client here sends others.
    Structure(&'static [&'static str]),
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
}

const fn needs(name: &'static str, kind: MemberKind) -> Member {
    Member { name, presence: Presence::Required, kind }
}

const fn takes(name: &'static str, kind: MemberKind) -> Member {
    Member { name, presence: Presence::Optional, kind }
}

const fn reads(name: &'static str, members: &'static [Member]) -> Operation {
    Operation { name, effect: Effect::Reads, members }
}

const fn adds(name: &'static str, members: &'static [Member]) -> Operation {
    Operation { name, effect: Effect::Adds, members }
}

const fn changes(name: &'static str, members: &'static [Member]) -> Operation {
    Operation { name, effect: Effect::Changes, members }
}

const BUCKET: Member = needs("Bucket", MemberKind::Name(NamedResource::Bucket));
const KEY: Member = needs("Key", MemberKind::Text);
const VERSION: Member = takes("VersionId", MemberKind::Text);
const CLUSTER: Member = takes("cluster", MemberKind::Name(NamedResource::Cluster));
const ROLE: Member = needs("RoleName", MemberKind::Name(NamedResource::Role));

const TAGS: &[&str] = &["key", "value"];
/// As IAM and STS spell them.
const UPPER_TAGS: &[&str] = &["Key", "Value"];
const NETWORK: &[&str] = &["awsvpcConfiguration", "subnets", "securityGroups"];
#[rustfmt::skip]
const OVERRIDES: &[&str] = &[
    "taskRoleArn", "executionRoleArn", "cpu", "memory",
    "containerOverrides", "name", "command", "environment", "value",
];
#[rustfmt::skip]
const CONTAINERS: &[&str] = &[
    "name", "image", "command", "entryPoint", "essential", "cpu", "memory", "memoryReservation",
    "environment", "value", "workingDirectory", "user", "portMappings", "containerPort", "hostPort", "protocol",
    "logConfiguration", "logDriver", OPTIONS, "dependsOn", "containerName", "condition",
    "secrets", "valueFrom", "environmentFiles", "type", "startTimeout", "stopTimeout",
];
/// A member of structures whose own keys are free.
pub const OPTIONS: &str = "options";

/// Every operation that a request can name.
pub static OPERATIONS: &[Operation] = &[
    reads("s3:HeadObject", &[BUCKET, KEY, VERSION, takes("Range", MemberKind::Text)]),
    reads("s3:GetObject", &[BUCKET, KEY, VERSION, takes("Range", MemberKind::Text)]),
    reads("s3:GetObjectTagging", &[BUCKET, KEY, VERSION]),
    reads("s3:HeadBucket", &[BUCKET]),
    reads(
        "s3:ListObjectsV2",
        &[
            BUCKET,
            takes("Prefix", MemberKind::Text),
            takes("Delimiter", MemberKind::Text),
            takes("MaxKeys", MemberKind::Number),
        ],
    ),
    reads("s3:ListBuckets", &[]),
    reads("s3:GetBucketTagging", &[BUCKET]),
    changes("s3:PutObject", &[BUCKET, KEY, takes("Body", MemberKind::Text), takes("Tagging", MemberKind::Text)]),
    changes("s3:CopyObject", &[BUCKET, KEY, needs("CopySource", MemberKind::Name(NamedResource::Source))]),
    changes("s3:DeleteObject", &[BUCKET, KEY, VERSION]),
    changes(
        "s3:PutObjectTagging",
        &[BUCKET, KEY, VERSION, needs("Tagging", MemberKind::Structure(&["TagSet", "Key", "Value"]))],
    ),
    changes("s3:DeleteObjectTagging", &[BUCKET, KEY, VERSION]),
    adds(
        "ecs:RunTask",
        &[
            needs("taskDefinition", MemberKind::Name(NamedResource::TaskDefinition)),
            CLUSTER,
            takes("count", MemberKind::Number),
            takes("tags", MemberKind::Structure(TAGS)),
            takes("propagateTags", MemberKind::Text),
            takes("enableECSManagedTags", MemberKind::Flag),
            takes("overrides", MemberKind::Structure(OVERRIDES)),
            takes("launchType", MemberKind::Text),
            takes("networkConfiguration", MemberKind::Structure(NETWORK)),
        ],
    ),
    adds(
        "ecs:StartTask",
        &[
            needs("taskDefinition", MemberKind::Name(NamedResource::TaskDefinition)),
            needs("containerInstances", MemberKind::Texts),
            CLUSTER,
            takes("tags", MemberKind::Structure(TAGS)),
            takes("overrides", MemberKind::Structure(OVERRIDES)),
            takes("networkConfiguration", MemberKind::Structure(NETWORK)),
        ],
    ),
    changes(
        "ecs:RegisterTaskDefinition",
        &[
            needs("family", MemberKind::Text),
            needs("containerDefinitions", MemberKind::Structure(CONTAINERS)),
            takes("taskRoleArn", MemberKind::Name(NamedResource::RoleArn)),
            takes("executionRoleArn", MemberKind::Name(NamedResource::RoleArn)),
            takes("networkMode", MemberKind::Text),
            takes("requiresCompatibilities", MemberKind::Texts),
            takes("cpu", MemberKind::Text),
            takes("memory", MemberKind::Text),
            takes("tags", MemberKind::Structure(TAGS)),
        ],
    ),
    changes("ecs:StopTask", &[needs("task", MemberKind::Task), CLUSTER, takes("reason", MemberKind::Text)]),
    reads("ecs:DescribeTasks", &[needs("tasks", MemberKind::Tasks), CLUSTER, takes("include", MemberKind::Texts)]),
    reads("ecs:ListTagsForResource", &[needs("resourceArn", MemberKind::Task)]),
    changes("ecs:TagResource", &[needs("resourceArn", MemberKind::Task), needs("tags", MemberKind::Structure(TAGS))]),
    changes("ecs:UntagResource", &[needs("resourceArn", MemberKind::Task), needs("tagKeys", MemberKind::Texts)]),
    reads("sts:GetCallerIdentity", &[]),
    adds(
        "sts:AssumeRole",
        &[
            needs("RoleArn", MemberKind::Name(NamedResource::RoleArn)),
            needs("RoleSessionName", MemberKind::Text),
            takes("Policy", MemberKind::Text),
            takes("Tags", MemberKind::Structure(UPPER_TAGS)),
            takes("TransitiveTagKeys", MemberKind::Texts),
            takes("ExternalId", MemberKind::Text),
            takes("SourceIdentity", MemberKind::Text),
            takes("DurationSeconds", MemberKind::Number),
        ],
    ),
    reads("iam:GetRole", &[ROLE]),
    reads("iam:GetUser", &[takes("UserName", MemberKind::Name(NamedResource::User))]),
    reads("iam:ListRoles", &[]),
    changes("iam:TagRole", &[ROLE, needs("Tags", MemberKind::Structure(UPPER_TAGS))]),
    changes("iam:UntagRole", &[ROLE, needs("TagKeys", MemberKind::Texts)]),
];

/// Actions that people write where an operation belongs.
static ACTIONS: &[(&str, &str)] = &[
    ("s3:ListBucket", "s3:ListObjectsV2"),
    ("s3:ListAllMyBuckets", "s3:ListBuckets"),
    ("s3:GetObjectVersion", "s3:GetObject"),
    ("s3:GetObjectVersionTagging", "s3:GetObjectTagging"),
    ("s3:PutObjectVersionTagging", "s3:PutObjectTagging"),
];

/// The operation of that name, letter case ignored.
pub fn operation(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.name.eq_ignore_ascii_case(name))
}

/// What was meant by a name that is no operation, as a sentence for a finding.
pub fn hint(name: &str) -> Option<String> {
    if let Some((action, operation)) = ACTIONS.iter().find(|(action, _)| action.eq_ignore_ascii_case(name)) {
        return Some(format!("`{action}` is an action of policies; the operation is `{operation}`"));
    }
    let near = source::suggest(name, OPERATIONS.iter().map(|operation| operation.name))?;
    Some(format!("did you mean `{near}`?"))
}

impl Operation {
    /// `s3`
    #[must_use]
    pub fn service(&self) -> &'static str {
        self.name.split_once(':').map_or(self.name, |(service, _)| service)
    }

    /// `GetObject`
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.name.split_once(':').map_or("", |(_, operation)| operation)
    }

    /// The parameter of that name, letter case ignored.
    pub fn member(&self, name: &str) -> Option<&'static Member> {
        self.members.iter().find(|member| member.name.eq_ignore_ascii_case(name))
    }
}

#[cfg(test)]
mod tests {
    use account::operation;

    use super::*;

    #[test]
    fn what_a_scenario_can_ask_is_what_the_rows_of_the_services_say() {
        let asked = services::operations().filter_map(|row| Some((row.name, row.effect, row.scenario?.to_vec())));
        let mut rows: Vec<_> = asked.collect();
        let own = OPERATIONS.iter().map(|one| {
            let effect = match one.effect {
                Effect::Reads => operation::Effect::Reads,
                Effect::Adds => operation::Effect::Adds,
                Effect::Changes => operation::Effect::Changes,
            };
            (one.name, effect, one.members.iter().map(|member| member.name).collect())
        });
        let mut own: Vec<(_, _, Vec<_>)> = own.collect();
        rows.sort_by_key(|(name, ..)| *name);
        own.sort_by_key(|(name, ..)| *name);
        assert_eq!(own, rows);
    }
}
