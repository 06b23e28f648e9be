//! The types of resources that are known: their names, their ARNs, and what `Ref` and `Fn::GetAtt` give.
//!
//! Each row is the section "Return values" of the type's page under
//! docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/. The ARNs are those of the "Resource types" of the
//! service's page under docs.aws.amazon.com/service-authorization/latest/reference/.

/// A type that is known.
pub(crate) struct KnownType {
    pub(crate) name: &'static str,
    /// The property that names the resource, and how long a name that CloudFormation makes up may get.
    pub(crate) named_by: Option<(&'static str, usize)>,
    /// Whether a name that is made up has no capitals.
    pub(crate) is_lower_case: bool,
    /// Whether the stack's name is not in a name that is made up.
    pub(crate) is_without_stack: bool,
    /// The property by which a name that is made up ends in `.fifo`.
    pub(crate) fifo: Option<&'static str>,
    /// The ARN under which requests name the resource; `None` for what no request names.
    pub(crate) arn: Option<&'static str>,
    /// What `Ref` gives.
    pub(crate) reference: &'static str,
    pub(crate) attributes: &'static [(&'static str, Attribute)],
}

/// What an attribute's value is, as a pattern of [`crate::pattern`].
#[derive(Clone, Copy)]
pub(crate) enum Attribute {
    Known(&'static str),
    /// As far as it can be foreseen: AWS gives it when it makes the resource.
    MadeUp(&'static str),
    /// A unique id, of which only the first letters are known before the resource exists.
    Id(&'static str),
}

use Attribute::{Id, Known, MadeUp};

pub(crate) const KNOWN_TYPES: &[KnownType] = &[
    KnownType {
        attributes: &[("Arn", Known("{arn}")), ("RoleId", Id("AROA"))],
        ..named("AWS::IAM::Role", "RoleName", 64, "arn:{partition}:iam::{account}:role{path}{name}")
    },
    KnownType {
        reference: "{arn}",
        attributes: &[
            ("PolicyArn", Known("{arn}")),
            ("PolicyId", Id("ANPA")),
            ("DefaultVersionId", Known("v1")),
            ("IsAttachable", Known("true")),
            ("AttachmentCount", MadeUp("0")),
            ("PermissionsBoundaryUsageCount", MadeUp("0")),
            ("CreateDate", MadeUp("2026-01-01T00:00:00Z")),
            ("UpdateDate", MadeUp("2026-01-01T00:00:00Z")),
        ],
        ..named(
            "AWS::IAM::ManagedPolicy",
            "ManagedPolicyName",
            128,
            "arn:{partition}:iam::{account}:policy{path}{name}",
        )
    },
    KnownType { attributes: &[("Id", Known("{name}"))], ..part("AWS::IAM::Policy", "{name}") },
    part("AWS::IAM::RolePolicy", "{PolicyName}|{RoleName}"),
    part("AWS::IAM::UserPolicy", "{PolicyName}|{UserName}"),
    part("AWS::IAM::GroupPolicy", "{PolicyName}|{GroupName}"),
    named("AWS::IAM::User", "UserName", 64, "arn:{partition}:iam::{account}:user{path}{name}"),
    named("AWS::IAM::Group", "GroupName", 128, "arn:{partition}:iam::{account}:group{path}{name}"),
    named(
        "AWS::IAM::InstanceProfile",
        "InstanceProfileName",
        128,
        "arn:{partition}:iam::{account}:instance-profile{path}{name}",
    ),
    KnownType {
        is_lower_case: true,
        attributes: &[
            ("Arn", Known("{arn}")),
            ("DomainName", Known("{name}.s3.{suffix}")),
            ("DualStackDomainName", Known("{name}.s3.dualstack.{region}.{suffix}")),
            ("RegionalDomainName", Known("{name}.s3.{region}.{suffix}")),
            ("WebsiteURL", Known("http://{name}.s3-website{dash}{region}.{suffix}")),
        ],
        ..named("AWS::S3::Bucket", "BucketName", 63, "arn:{partition}:s3:::{name}")
    },
    part("AWS::S3::BucketPolicy", "{Bucket}"),
    named("AWS::ECS::Cluster", "ClusterName", 255, "arn:{partition}:ecs:{region}:{account}:cluster/{name}"),
    KnownType {
        reference: "{arn}",
        attributes: &[("TaskDefinitionArn", Known("{arn}"))],
        // A stack's first revision: every stack is made in an account where the family is new.
        ..named(
            "AWS::ECS::TaskDefinition",
            "Family",
            255,
            "arn:{partition}:ecs:{region}:{account}:task-definition/{name}:1",
        )
    },
    KnownType {
        // With `:*` at its end: the sample value on the page has it.
        attributes: &[("Arn", Known("{arn}:*"))],
        ..named("AWS::Logs::LogGroup", "LogGroupName", 512, "arn:{partition}:logs:{region}:{account}:log-group:{name}")
    },
    KnownType {
        fifo: Some("FifoQueue"),
        reference: "https://sqs.{region}.{suffix}/{account}/{name}",
        attributes: &[("Arn", Known("{arn}")), ("QueueName", Known("{name}")), ("QueueUrl", Known("{ref}"))],
        ..named("AWS::SQS::Queue", "QueueName", 80, "arn:{partition}:sqs:{region}:{account}:{name}")
    },
    KnownType {
        fifo: Some("FifoTopic"),
        reference: "{arn}",
        attributes: &[("TopicArn", Known("{arn}")), ("TopicName", Known("{name}"))],
        ..named("AWS::SNS::Topic", "TopicName", 256, "arn:{partition}:sns:{region}:{account}:{name}")
    },
    KnownType {
        attributes: &[("Arn", Known("{arn}")), ("StreamArn", MadeUp("{arn}/stream/2026-01-01T00:00:00.000"))],
        ..named("AWS::DynamoDB::Table", "TableName", 255, "arn:{partition}:dynamodb:{region}:{account}:table/{name}")
    },
    KnownType {
        // "This example creates a secret named CloudFormationCreatedSecret-a1b2c3d4e5f6", after its logical id alone.
        // docs.aws.amazon.com/secretsmanager/latest/userguide/cfn-example_secret.html
        is_without_stack: true,
        reference: "{arn}",
        attributes: &[("Id", Known("{arn}"))],
        // "Secrets Manager automatically adds a hyphen and six random characters after the secret name".
        ..named(
            "AWS::SecretsManager::Secret",
            "Name",
            512,
            "arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-{six}",
        )
    },
    KnownType {
        reference: "{uuid}",
        arn: Some("arn:{partition}:kms:{region}:{account}:key/{uuid}"),
        attributes: &[("Arn", Known("{arn}")), ("KeyId", Known("{uuid}"))],
        ..part("AWS::KMS::Key", "{uuid}")
    },
    KnownType {
        attributes: &[("Arn", Known("{arn}")), ("Type", Known("{Type}")), ("Value", Known("{Value}"))],
        ..named("AWS::SSM::Parameter", "Name", 1011, "arn:{partition}:ssm:{region}:{account}:parameter{rooted}")
    },
    KnownType {
        attributes: &[
            ("Arn", Known("{arn}")),
            ("SnapStartResponse", MadeUp("None")),
            ("SnapStartResponse.ApplyOn", MadeUp("None")),
            ("SnapStartResponse.OptimizationStatus", MadeUp("Off")),
        ],
        ..named(
            "AWS::Lambda::Function",
            "FunctionName",
            64,
            "arn:{partition}:lambda:{region}:{account}:function:{name}",
        )
    },
    KnownType {
        reference: "{arn}",
        arn: Some("arn:{partition}:lambda:{region}:{account}:function:{function}:{Name}"),
        attributes: &[("AliasArn", Known("{arn}"))],
        ..part("AWS::Lambda::Alias", "{arn}")
    },
    KnownType {
        reference: "{arn}",
        // A function's first version: every stack is made in an account where the function is new.
        arn: Some("arn:{partition}:lambda:{region}:{account}:function:{function}:1"),
        attributes: &[("FunctionArn", Known("{arn}")), ("Version", MadeUp("1"))],
        ..part("AWS::Lambda::Version", "{arn}")
    },
    KnownType {
        is_lower_case: true,
        attributes: &[("Arn", Known("{arn}")), ("RepositoryUri", Known("{account}.dkr.ecr.{region}.{suffix}/{name}"))],
        ..named(
            "AWS::ECR::Repository",
            "RepositoryName",
            256,
            "arn:{partition}:ecr:{region}:{account}:repository/{name}",
        )
    },
    KnownType {
        reference: "{arn}",
        attributes: &[("Arn", Known("{arn}")), ("Name", Known("{name}")), ("StateMachineRevisionId", MadeUp("{uuid}"))],
        ..named(
            "AWS::StepFunctions::StateMachine",
            "StateMachineName",
            80,
            "arn:{partition}:states:{region}:{account}:stateMachine:{name}",
        )
    },
    KnownType {
        attributes: &[("Arn", Known("{arn}")), ("Name", Known("{name}"))],
        ..named("AWS::Events::EventBus", "Name", 256, "arn:{partition}:events:{region}:{account}:event-bus/{name}")
    },
    named("AWS::Kinesis::Stream", "Name", 128, "arn:{partition}:kinesis:{region}:{account}:stream/{name}"),
];

/// A type whose resources have a name, which `Ref` gives, and an ARN.
const fn named(name: &'static str, property: &'static str, longest: usize, arn: &'static str) -> KnownType {
    KnownType {
        named_by: Some((property, longest)),
        arn: Some(arn),
        attributes: &[("Arn", Known("{arn}"))],
        ..part(name, "{name}")
    }
}

/// A type whose resources are parts of others.
const fn part(name: &'static str, reference: &'static str) -> KnownType {
    KnownType {
        name,
        named_by: None,
        is_lower_case: false,
        is_without_stack: false,
        fifo: None,
        arn: None,
        reference,
        attributes: &[],
    }
}

impl KnownType {
    /// Whether two of its resources cannot have one name.
    pub(crate) const fn is_named(&self) -> bool {
        self.named_by.is_some()
    }
}

/// The row of a type; `None` if it is not known.
pub(crate) fn known_type(resource_type: &str) -> Option<&'static KnownType> {
    KNOWN_TYPES.iter().find(|kind| kind.name == resource_type)
}
