//! The operations that a request can name, with their parameters in AWS's spelling.
//!
//! Names and which parameters are required come from AWS's service models. `client` sends each of these; a test holds
//! the two together.

/// One operation of an AWS API.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Operation {
    /// `s3:GetObject`
    pub(crate) name: &'static str,
    /// Whether it changes what later requests see.
    pub(crate) effect: Effect,
    pub(crate) members: &'static [Member],
}

/// What an operation leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Reads,
    /// It makes something new that no other request here comes across.
    Adds,
    Changes,
}

/// One parameter.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) need: Need,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    Required,
    Optional,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Number,
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
    Name(Named),
}

/// What a parameter names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Named {
    Bucket,
    /// `bucket/key`
    Source,
    Cluster,
    /// A family, a family with its revision, or an ARN.
    TaskDefinition,
    Role,
    /// A role, by its ARN.
    RoleArn,
    User,
}

const fn needs(name: &'static str, kind: Kind) -> Member {
    Member { name, need: Need::Required, kind }
}

const fn takes(name: &'static str, kind: Kind) -> Member {
    Member { name, need: Need::Optional, kind }
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

const BUCKET: Member = needs("Bucket", Kind::Name(Named::Bucket));
const KEY: Member = needs("Key", Kind::Text);
const VERSION: Member = takes("VersionId", Kind::Text);
const CLUSTER: Member = takes("cluster", Kind::Name(Named::Cluster));
const ROLE: Member = needs("RoleName", Kind::Name(Named::Role));

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
pub(crate) const OPTIONS: &str = "options";

/// Every operation that a request can name.
pub(crate) static OPERATIONS: &[Operation] = &[
    reads("s3:HeadObject", &[BUCKET, KEY, VERSION, takes("Range", Kind::Text)]),
    reads("s3:GetObject", &[BUCKET, KEY, VERSION, takes("Range", Kind::Text)]),
    reads("s3:GetObjectTagging", &[BUCKET, KEY, VERSION]),
    reads("s3:HeadBucket", &[BUCKET]),
    reads(
        "s3:ListObjectsV2",
        &[BUCKET, takes("Prefix", Kind::Text), takes("Delimiter", Kind::Text), takes("MaxKeys", Kind::Number)],
    ),
    reads("s3:ListBuckets", &[]),
    reads("s3:GetBucketTagging", &[BUCKET]),
    changes("s3:PutObject", &[BUCKET, KEY, takes("Body", Kind::Text), takes("Tagging", Kind::Text)]),
    changes("s3:CopyObject", &[BUCKET, KEY, needs("CopySource", Kind::Name(Named::Source))]),
    changes("s3:DeleteObject", &[BUCKET, KEY, VERSION]),
    changes(
        "s3:PutObjectTagging",
        &[BUCKET, KEY, VERSION, needs("Tagging", Kind::Structure(&["TagSet", "Key", "Value"]))],
    ),
    changes("s3:DeleteObjectTagging", &[BUCKET, KEY, VERSION]),
    adds(
        "ecs:RunTask",
        &[
            needs("taskDefinition", Kind::Name(Named::TaskDefinition)),
            CLUSTER,
            takes("count", Kind::Number),
            takes("tags", Kind::Structure(TAGS)),
            takes("propagateTags", Kind::Text),
            takes("enableECSManagedTags", Kind::Flag),
            takes("overrides", Kind::Structure(OVERRIDES)),
            takes("launchType", Kind::Text),
            takes("networkConfiguration", Kind::Structure(NETWORK)),
        ],
    ),
    adds(
        "ecs:StartTask",
        &[
            needs("taskDefinition", Kind::Name(Named::TaskDefinition)),
            needs("containerInstances", Kind::Texts),
            CLUSTER,
            takes("tags", Kind::Structure(TAGS)),
            takes("overrides", Kind::Structure(OVERRIDES)),
            takes("networkConfiguration", Kind::Structure(NETWORK)),
        ],
    ),
    changes(
        "ecs:RegisterTaskDefinition",
        &[
            needs("family", Kind::Text),
            needs("containerDefinitions", Kind::Structure(CONTAINERS)),
            takes("taskRoleArn", Kind::Name(Named::RoleArn)),
            takes("executionRoleArn", Kind::Name(Named::RoleArn)),
            takes("networkMode", Kind::Text),
            takes("requiresCompatibilities", Kind::Texts),
            takes("cpu", Kind::Text),
            takes("memory", Kind::Text),
            takes("tags", Kind::Structure(TAGS)),
        ],
    ),
    changes("ecs:StopTask", &[needs("task", Kind::Task), CLUSTER, takes("reason", Kind::Text)]),
    reads("ecs:DescribeTasks", &[needs("tasks", Kind::Tasks), CLUSTER, takes("include", Kind::Texts)]),
    reads("ecs:ListTagsForResource", &[needs("resourceArn", Kind::Task)]),
    changes("ecs:TagResource", &[needs("resourceArn", Kind::Task), needs("tags", Kind::Structure(TAGS))]),
    changes("ecs:UntagResource", &[needs("resourceArn", Kind::Task), needs("tagKeys", Kind::Texts)]),
    reads("sts:GetCallerIdentity", &[]),
    adds(
        "sts:AssumeRole",
        &[
            needs("RoleArn", Kind::Name(Named::RoleArn)),
            needs("RoleSessionName", Kind::Text),
            takes("Policy", Kind::Text),
            takes("Tags", Kind::Structure(UPPER_TAGS)),
            takes("TransitiveTagKeys", Kind::Texts),
            takes("ExternalId", Kind::Text),
            takes("SourceIdentity", Kind::Text),
            takes("DurationSeconds", Kind::Number),
        ],
    ),
    reads("iam:GetRole", &[ROLE]),
    reads("iam:GetUser", &[takes("UserName", Kind::Name(Named::User))]),
    reads("iam:ListRoles", &[]),
    changes("iam:TagRole", &[ROLE, needs("Tags", Kind::Structure(UPPER_TAGS))]),
    changes("iam:UntagRole", &[ROLE, needs("TagKeys", Kind::Texts)]),
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
pub(crate) fn operation(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.name.eq_ignore_ascii_case(name))
}

/// What was meant by a name that is no operation, as a sentence for a finding.
pub(crate) fn hint(name: &str) -> Option<String> {
    if let Some((action, operation)) = ACTIONS.iter().find(|(action, _)| action.eq_ignore_ascii_case(name)) {
        return Some(format!("`{action}` is an action of policies; the operation is `{operation}`"));
    }
    let near = source::suggest(name, OPERATIONS.iter().map(|operation| operation.name))?;
    Some(format!("did you mean `{near}`?"))
}

impl Operation {
    /// `s3`
    #[must_use]
    pub(crate) fn service(&self) -> &'static str {
        self.name.split_once(':').map_or(self.name, |(service, _)| service)
    }

    /// `GetObject`
    #[must_use]
    pub(crate) fn operation(&self) -> &'static str {
        self.name.split_once(':').map_or("", |(_, operation)| operation)
    }

    /// The parameter of that name, letter case ignored.
    pub(crate) fn member(&self, name: &str) -> Option<&'static Member> {
        self.members.iter().find(|member| member.name.eq_ignore_ascii_case(name))
    }
}
