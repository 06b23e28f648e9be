//! Typed properties of the resources that are modelled.
//!
//! A property that a type has and that is not modelled is kept as it is and named in
//! [`Stack::not_applied`](crate::Stack::not_applied).

pub(crate) mod cfn_json;
mod fields;
mod fit;

pub mod ecs;
pub mod guarded;
pub mod iam;
pub mod logs;
pub mod s3;
mod unread;

pub(crate) use unread::holds_policy;

use source::{Entry, Finding, Node};

use crate::Inputs;
use crate::known_types::KNOWN_TYPES;
use crate::listed_types::listed_type;
use crate::resolve::{MadeUp, NotApplied};
use crate::shape::{Text, shown};
use crate::template::Declared;
use fields::{Context, Fields};
use guarded::What;

/// What a resource is to be.
#[derive(Clone, Debug)]
pub enum Properties {
    /// `AWS::IAM::Role`
    Role(iam::Role),
    /// `AWS::IAM::ManagedPolicy`
    ManagedPolicy(iam::ManagedPolicy),
    /// `AWS::IAM::Policy`
    Policy(iam::Policy),
    /// `AWS::IAM::RolePolicy`
    RolePolicy(iam::PrincipalPolicy),
    /// `AWS::IAM::UserPolicy`
    UserPolicy(iam::PrincipalPolicy),
    /// `AWS::IAM::GroupPolicy`
    GroupPolicy(iam::PrincipalPolicy),
    /// `AWS::IAM::User`
    User(iam::User),
    /// `AWS::IAM::Group`
    Group(iam::Group),
    /// `AWS::IAM::InstanceProfile`
    InstanceProfile(iam::InstanceProfile),
    /// `AWS::S3::Bucket`
    Bucket(s3::Bucket),
    /// `AWS::S3::BucketPolicy`
    BucketPolicy(s3::BucketPolicy),
    /// `AWS::ECS::Cluster`
    Cluster(ecs::Cluster),
    /// `AWS::ECS::TaskDefinition`
    TaskDefinition(ecs::TaskDefinition),
    /// `AWS::Logs::LogGroup`
    LogGroup(logs::LogGroup),
    /// A type with tags and a policy, of which nothing is made: `AWS::SQS::Queue`.
    Guarded(guarded::Guarded),
    /// A policy of such a resource: `AWS::SQS::QueuePolicy`.
    ResourcePolicy(guarded::ResourcePolicy),
    /// `AWS::IAM::UserToGroupAddition`
    UserToGroupAddition(iam::UserToGroupAddition),
    /// `aws_iam_policy_attachment` and its kind, which CloudFormation has only as properties of others.
    PolicyAttachment(iam::PolicyAttachment),
    /// A type that is not modelled, and whose resources requests can name: `AWS::EC2::Instance`.
    Listed(Listed),
}

/// What is read of a resource whose type is not modelled.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its tags; `None` where its properties do not tell them.
    pub tags: Option<Vec<Tag>>,
}

/// A tag, as `Tags` has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// `Key`
    pub key: Text,
    /// `Value`
    pub value: Text,
}

/// Types that exist and are near enough to a modelled one to be taken for a slip.
const NEIGHBOURS: &[&str] = &[
    "AWS::DAX::Cluster",
    "AWS::DynamoDB::GlobalTable",
    "AWS::EKS::Cluster",
    "AWS::MSK::Cluster",
    "AWS::RDS::DBCluster",
    "AWS::Logs::LogStream",
];

/// What reading a resource is given beside its properties.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    pub(crate) inputs: &'a Inputs,
    /// Values that only AWS knows.
    pub(crate) made_up: &'a [MadeUp],
}

impl Given<'_> {
    /// The value that only AWS knows and that a text rests on.
    fn origin(&self, text: &str) -> Option<&MadeUp> {
        self.made_up.iter().find(|value| value.is_in(text))
    }

    fn fill(&self, pattern: &str) -> String {
        let Inputs { partition, region, account, .. } = self.inputs;
        let fields = [("{partition}", partition), ("{region}", region), ("{account}", account)];
        fields.iter().fold(pattern.to_owned(), |text, (field, value)| text.replace(field, value))
    }
}

/// What comes of reading a resource.
#[derive(Default)]
pub(crate) struct Read {
    /// What to make; `None` if it cannot be.
    pub(crate) properties: Option<Properties>,
    /// What is kept and not applied.
    pub(crate) other: Vec<Entry>,
    /// What is wrong.
    pub(crate) findings: Vec<Finding>,
    /// Principals in its policies that only AWS knows.
    pub(crate) made_up: Vec<MadeUp>,
}

/// Reads the worked-out properties of a resource.
pub(crate) fn read(
    declared: &Declared,
    name: &str,
    node: &Node,
    given: Given<'_>,
    not_applied: &mut Vec<NotApplied>,
) -> Read {
    let name = Text::new(name, declared.logical_id.span);
    let mut context =
        Context { declared, name, given, findings: Vec::new(), not_applied, other: Vec::new(), made_up: Vec::new() };
    let mut fields = Fields::new(node, String::new());
    let properties = match &*declared.resource_type.value {
        "AWS::IAM::Role" => iam::role(&mut context, &mut fields).map(Properties::Role),
        "AWS::IAM::ManagedPolicy" => iam::managed_policy(&mut context, &mut fields).map(Properties::ManagedPolicy),
        "AWS::IAM::Policy" => iam::policy(&mut context, &mut fields).map(Properties::Policy),
        "AWS::IAM::RolePolicy" => {
            iam::principal_policy(&mut context, &mut fields, "RoleName").map(Properties::RolePolicy)
        }
        "AWS::IAM::UserPolicy" => {
            iam::principal_policy(&mut context, &mut fields, "UserName").map(Properties::UserPolicy)
        }
        "AWS::IAM::GroupPolicy" => {
            iam::principal_policy(&mut context, &mut fields, "GroupName").map(Properties::GroupPolicy)
        }
        "AWS::IAM::User" => Some(Properties::User(iam::user(&mut context, &mut fields))),
        "AWS::IAM::Group" => Some(Properties::Group(iam::group(&mut context, &mut fields))),
        "AWS::IAM::InstanceProfile" => {
            Some(Properties::InstanceProfile(iam::instance_profile(&mut context, &mut fields)))
        }
        "AWS::IAM::UserToGroupAddition" => {
            iam::user_to_group_addition(&mut context, &mut fields).map(Properties::UserToGroupAddition)
        }
        "aws_iam_policy_attachment"
        | "aws_iam_role_policy_attachment"
        | "aws_iam_user_policy_attachment"
        | "aws_iam_group_policy_attachment" => {
            iam::policy_attachment(&mut context, &mut fields).map(Properties::PolicyAttachment)
        }
        "AWS::S3::Bucket" => Some(Properties::Bucket(s3::bucket(&mut context, &mut fields))),
        "AWS::S3::BucketPolicy" => s3::bucket_policy(&mut context, &mut fields).map(Properties::BucketPolicy),
        "AWS::ECS::Cluster" => Some(Properties::Cluster(ecs::cluster(&mut context, node))),
        "AWS::ECS::TaskDefinition" => Some(Properties::TaskDefinition(ecs::task_definition(&mut context, node))),
        "AWS::Logs::LogGroup" => Some(Properties::LogGroup(logs::log_group(&mut context, &mut fields))),
        other => match guarded::read(&mut context, &mut fields) {
            Some(What::Guarded(guarded)) => {
                context.not_applied.push(not_made(declared, "its tags and its policy are read"));
                Some(Properties::Guarded(guarded))
            }
            Some(What::Policy(policy)) => {
                context.not_applied.push(not_made(declared, "its policy is read for what it protects"));
                policy.map(Properties::ResourcePolicy)
            }
            None => {
                context.not_applied.push(unmodelled(declared, other, node));
                listed(&mut context, &mut fields).map(Properties::Listed)
            }
        },
    };
    let Context { other, findings, made_up, .. } = context;
    Read { properties, other, findings, made_up }
}

/// A resource that has an ARN, by its type or since Terraform tells it. A type's tags are read if its schema says which property has
/// them.
fn listed(context: &mut Context<'_>, fields: &mut Fields<'_>) -> Option<Listed> {
    let told = context.declared.deployed.arn.as_deref();
    let tags = match listed_type(&context.declared.resource_type.value) {
        Some(kind) => kind.arn.or(told).map(|_| kind.tags)?,
        None => told.map(|_| fields.get("Tags").map(|_| "Tags"))?,
    };
    Some(Listed { tags: tags.and_then(|property| fields.any_tags(property)) })
}

fn not_made(declared: &Declared, but: &str) -> NotApplied {
    NotApplied {
        logical_id: declared.logical_id.value.clone(),
        resource_type: declared.resource_type.value.clone(),
        property: None,
        why: format!("not created; {but}"),
        lacks_policy: false,
        span: declared.resource_type.span,
    }
}

fn unmodelled(declared: &Declared, resource_type: &str, properties: &Node) -> NotApplied {
    let near = source::suggest(resource_type, KNOWN_TYPES.iter().map(|kind| kind.name));
    let near = near.filter(|_| !NEIGHBOURS.contains(&resource_type));
    let policy = unread::policy(resource_type, properties);
    let mut why = format!("`{}` is not modelled", shown(resource_type));
    if let Some(policy) = &policy {
        why.push_str(&format!(", and {policy} counts nowhere here"));
    }
    if let Some(near) = near {
        why.push_str(&format!("; did you mean `{near}`?"));
    }
    NotApplied {
        logical_id: declared.logical_id.value.clone(),
        resource_type: resource_type.to_owned(),
        property: None,
        why,
        lacks_policy: policy.is_some(),
        span: declared.resource_type.span,
    }
}
