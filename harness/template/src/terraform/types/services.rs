//! Services whose resources are modelled: their tags and policies decide.

use super::Form::{Block, Containers, Link, Name, OwnPolicy, OwnPolicyApart, Plain, Policy, Tested};
use super::Tags::{Listed, Mapped, None as Untagged};
use super::Value::{Arn, Attribute, Reference};
use super::{Form, Type, row};

const ARN: (&str, super::Value) = ("arn", Attribute("Arn"));
const NAMES: (&str, super::Value) = ("id", Reference);
const KEY: &[(&str, &str, Form)] = &[("description", "Description", Plain), ("policy", "KeyPolicy", OwnPolicy)];
const KEY_VALUES: &[(&str, super::Value)] = &[ARN, NAMES, ("key_id", Reference)];
const KEY_APART: Option<(&str, &str)> = Some(("aws_kms_key_policy", "key_id"));

pub(super) const TYPES: &[Type] = &[
    Type {
        values: &[ARN, NAMES, ("bucket", Reference)],
        apart: Some(("aws_s3_bucket_policy", "bucket")),
        ..row(
            "aws_s3_bucket",
            "AWS::S3::Bucket",
            Listed,
            &[
                ("bucket", "BucketName", Name),
                ("policy", "", OwnPolicyApart("AWS::S3::BucketPolicy", "Bucket", "PolicyDocument")),
            ],
        )
    },
    row(
        "aws_s3_bucket_policy",
        "AWS::S3::BucketPolicy",
        Untagged,
        &[("bucket", "Bucket", Link), ("policy", "PolicyDocument", Policy)],
    ),
    Type {
        values: &[ARN, NAMES, ("name", Reference)],
        ..row("aws_ecs_cluster", "AWS::ECS::Cluster", Listed, &[("name", "ClusterName", Name)])
    },
    Type {
        values: &[("arn", Reference), ("id", Reference)],
        ..row(
            "aws_ecs_task_definition",
            "AWS::ECS::TaskDefinition",
            Listed,
            &[
                ("family", "Family", Name),
                ("task_role_arn", "TaskRoleArn", Link),
                ("execution_role_arn", "ExecutionRoleArn", Link),
                ("network_mode", "NetworkMode", Plain),
                ("cpu", "Cpu", Plain),
                ("memory", "Memory", Plain),
                ("requires_compatibilities", "RequiresCompatibilities", Plain),
                ("container_definitions", "ContainerDefinitions", Containers),
            ],
        )
    },
    row(
        "aws_ecs_service",
        "AWS::ECS::Service",
        Untagged,
        &[("name", "ServiceName", Plain), ("propagate_tags", "PropagateTags", Plain)],
    ),
    Type { values: KEY_VALUES, apart: KEY_APART, ..row("aws_kms_key", "AWS::KMS::Key", Listed, KEY) },
    Type { values: KEY_VALUES, apart: KEY_APART, ..row("aws_kms_replica_key", "AWS::KMS::Key", Listed, KEY) },
    Type { values: KEY_VALUES, apart: KEY_APART, ..row("aws_kms_external_key", "AWS::KMS::Key", Listed, KEY) },
    row(
        "aws_kms_key_policy",
        "aws_kms_key_policy",
        Untagged,
        &[("key_id", "KeyId", Link), ("policy", "Policy", Policy)],
    ),
    row("aws_kms_alias", "AWS::KMS::Alias", Untagged, &[("name", "AliasName", Plain)]),
    Type {
        values: &[ARN, NAMES, ("url", Reference), ("name", Attribute("QueueName"))],
        apart: Some(("aws_sqs_queue_policy", "queue_url")),
        ..row(
            "aws_sqs_queue",
            "AWS::SQS::Queue",
            Listed,
            &[
                ("name", "QueueName", Name),
                ("fifo_queue", "FifoQueue", Plain),
                ("policy", "", OwnPolicyApart("AWS::SQS::QueueInlinePolicy", "Queue", "PolicyDocument")),
            ],
        )
    },
    row(
        "aws_sqs_queue_policy",
        "AWS::SQS::QueueInlinePolicy",
        Untagged,
        &[("queue_url", "Queue", Link), ("policy", "PolicyDocument", Policy)],
    ),
    Type {
        values: &[("arn", Reference), ("id", Reference), ("name", Attribute("TopicName"))],
        apart: Some(("aws_sns_topic_policy", "arn")),
        ..row(
            "aws_sns_topic",
            "AWS::SNS::Topic",
            Listed,
            &[
                ("name", "TopicName", Name),
                ("fifo_topic", "FifoTopic", Plain),
                ("policy", "", OwnPolicyApart("AWS::SNS::TopicInlinePolicy", "TopicArn", "PolicyDocument")),
            ],
        )
    },
    row(
        "aws_sns_topic_policy",
        "AWS::SNS::TopicInlinePolicy",
        Untagged,
        &[("arn", "TopicArn", Link), ("policy", "PolicyDocument", Policy)],
    ),
    Type {
        values: &[ARN, NAMES, ("name", Reference), ("stream_arn", Attribute("StreamArn"))],
        ..row("aws_dynamodb_table", "AWS::DynamoDB::Table", Listed, &[("name", "TableName", Name)])
    },
    row(
        "aws_dynamodb_resource_policy",
        "aws_dynamodb_resource_policy",
        Untagged,
        &[("resource_arn", "ResourceArn", Link), ("policy", "Policy", Policy)],
    ),
    Type {
        values: &[ARN, NAMES, ("function_name", Reference)],
        ..row("aws_lambda_function", "AWS::Lambda::Function", Listed, &[("function_name", "FunctionName", Name)])
    },
    row(
        "aws_lambda_permission",
        "AWS::Lambda::Permission",
        Untagged,
        &[
            ("function_name", "FunctionName", Link),
            ("action", "Action", Link),
            ("principal", "Principal", Link),
            ("source_arn", "SourceArn", Tested),
            ("source_account", "SourceAccount", Tested),
            ("principal_org_id", "PrincipalOrgID", Tested),
            ("function_url_auth_type", "FunctionUrlAuthType", Tested),
            ("invoked_via_function_url", "InvokedViaFunctionUrl", Tested),
            ("event_source_token", "EventSourceToken", Tested),
        ],
    ),
    row(
        "aws_lambda_layer_version_permission",
        "AWS::Lambda::LayerVersionPermission",
        Untagged,
        &[("action", "Action", Plain), ("principal", "Principal", Plain), ("organization_id", "OrganizationId", Plain)],
    ),
    row("aws_lambda_function_url", "AWS::Lambda::Url", Untagged, &[("authorization_type", "AuthType", Plain)]),
    Type {
        values: &[("arn", Reference), ("id", Reference)],
        apart: Some(("aws_secretsmanager_secret_policy", "secret_arn")),
        ..row(
            "aws_secretsmanager_secret",
            "AWS::SecretsManager::Secret",
            Listed,
            &[
                ("name", "Name", Name),
                ("policy", "", OwnPolicyApart("AWS::SecretsManager::ResourcePolicy", "SecretId", "ResourcePolicy")),
            ],
        )
    },
    row(
        "aws_secretsmanager_secret_policy",
        "AWS::SecretsManager::ResourcePolicy",
        Untagged,
        &[("secret_arn", "SecretId", Link), ("policy", "ResourcePolicy", Policy)],
    ),
    Type {
        values: &[ARN, NAMES, ("name", Reference)],
        ..row("aws_ecr_repository", "AWS::ECR::Repository", Listed, &[("name", "RepositoryName", Name)])
    },
    row(
        "aws_ecr_repository_policy",
        "aws_ecr_repository_policy",
        Untagged,
        &[("repository", "RepositoryName", Link), ("policy", "Policy", Policy)],
    ),
    Type {
        values: &[ARN, NAMES, ("name", Reference)],
        ..row("aws_cloudwatch_event_bus", "AWS::Events::EventBus", Listed, &[("name", "Name", Name)])
    },
    row(
        "aws_cloudwatch_event_bus_policy",
        "aws_cloudwatch_event_bus_policy",
        Untagged,
        &[("event_bus_name", "EventBusName", Link), ("policy", "Policy", Policy)],
    ),
    row(
        "aws_cloudwatch_event_permission",
        "AWS::Events::EventBusPolicy",
        Untagged,
        &[
            ("event_bus_name", "EventBusName", Link),
            ("action", "Action", Link),
            ("principal", "Principal", Link),
            (
                "condition",
                "Condition",
                Block(&[("type", "Type", Tested), ("key", "Key", Tested), ("value", "Value", Tested)]),
            ),
        ],
    ),
    Type {
        values: &[("arn", Arn("arn:{partition}:events:{region}:{account}:rule/{name}"))],
        ..row("aws_cloudwatch_event_rule", "AWS::Events::Rule", Untagged, &[("name", "Name", Plain)])
    },
    Type {
        // Without `:*` at its end, which Fn::GetAtt has.
        values: &[("arn", Arn("arn:{partition}:logs:{region}:{account}:log-group:{ref}")), NAMES, ("name", Reference)],
        ..row("aws_cloudwatch_log_group", "AWS::Logs::LogGroup", Listed, &[("name", "LogGroupName", Name)])
    },
    Type {
        values: &[ARN, NAMES, ("name", Reference)],
        ..row("aws_ssm_parameter", "AWS::SSM::Parameter", Mapped, &[("name", "Name", Name), ("type", "Type", Plain)])
    },
    Type {
        values: &[("arn", Reference), ("id", Reference), ("name", Attribute("Name"))],
        ..row(
            "aws_sfn_state_machine",
            "AWS::StepFunctions::StateMachine",
            Listed,
            &[("name", "StateMachineName", Name)],
        )
    },
    Type {
        values: &[ARN, ("id", Attribute("Arn")), ("name", Reference)],
        ..row("aws_kinesis_stream", "AWS::Kinesis::Stream", Listed, &[("name", "Name", Name)])
    },
    row(
        "aws_kinesis_resource_policy",
        "AWS::Kinesis::ResourcePolicy",
        Untagged,
        &[("resource_arn", "ResourceArn", Link), ("policy", "ResourcePolicy", Policy)],
    ),
    row(
        "aws_organizations_policy_attachment",
        "aws_organizations_policy_attachment",
        Untagged,
        &[("policy_id", "PolicyId", Plain), ("target_id", "TargetId", Plain)],
    ),
    Type {
        values: &[("id", Reference), ("arn", Attribute("Arn"))],
        ..row(
            "aws_organizations_policy",
            "AWS::Organizations::Policy",
            Listed,
            &[("name", "Name", Plain), ("type", "Type", Plain), ("content", "Content", Policy)],
        )
    },
    row("aws_organizations_organization", "AWS::Organizations::Organization", Untagged, &[]),
    row("aws_organizations_organizational_unit", "AWS::Organizations::OrganizationalUnit", Untagged, &[]),
    row("aws_organizations_account", "AWS::Organizations::Account", Untagged, &[]),
    Type {
        values: &[("id", Reference), ("arn", Attribute("Arn"))],
        apart: Some(("aws_vpc_endpoint_policy", "vpc_endpoint_id")),
        ..row(
            "aws_vpc_endpoint",
            "AWS::EC2::VPCEndpoint",
            Listed,
            &[("service_name", "ServiceName", Plain), ("policy", "PolicyDocument", OwnPolicy)],
        )
    },
    row(
        "aws_vpc_endpoint_policy",
        "AWS::EC2::VPCEndpoint",
        Untagged,
        &[("vpc_endpoint_id", "VpcEndpointId", Plain), ("policy", "PolicyDocument", OwnPolicy)],
    ),
];
