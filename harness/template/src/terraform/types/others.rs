//! Types that are named and not modelled; their policies are read, and count nowhere.

use super::Form::{OwnPolicy, Plain, Policy};
use super::Tags::None as Untagged;
use super::{Type, row};

pub(super) const TYPES: &[Type] = &[
    Type {
        apart: Some(("aws_s3control_access_point_policy", "access_point_arn")),
        ..row("aws_s3_access_point", "AWS::S3::AccessPoint", Untagged, &[("policy", "Policy", OwnPolicy)])
    },
    row(
        "aws_s3control_access_point_policy",
        "AWS::S3::AccessPoint",
        Untagged,
        &[("access_point_arn", "Arn", Plain), ("policy", "Policy", Policy)],
    ),
    Type {
        apart: Some(("aws_api_gateway_rest_api_policy", "rest_api_id")),
        ..row("aws_api_gateway_rest_api", "AWS::ApiGateway::RestApi", Untagged, &[("policy", "Policy", OwnPolicy)])
    },
    row(
        "aws_api_gateway_rest_api_policy",
        "AWS::ApiGateway::RestApi",
        Untagged,
        &[("rest_api_id", "RestApiId", Plain), ("policy", "Policy", Policy)],
    ),
    Type {
        apart: Some(("aws_opensearch_domain_policy", "domain_name")),
        ..row(
            "aws_opensearch_domain",
            "AWS::OpenSearchService::Domain",
            Untagged,
            &[("access_policies", "AccessPolicies", OwnPolicy)],
        )
    },
    row(
        "aws_opensearch_domain_policy",
        "AWS::OpenSearchService::Domain",
        Untagged,
        &[("domain_name", "DomainName", Plain), ("access_policies", "AccessPolicies", Policy)],
    ),
    Type {
        apart: Some(("aws_elasticsearch_domain_policy", "domain_name")),
        ..row(
            "aws_elasticsearch_domain",
            "AWS::Elasticsearch::Domain",
            Untagged,
            &[("access_policies", "AccessPolicies", OwnPolicy)],
        )
    },
    row(
        "aws_elasticsearch_domain_policy",
        "AWS::Elasticsearch::Domain",
        Untagged,
        &[("domain_name", "DomainName", Plain), ("access_policies", "AccessPolicies", Policy)],
    ),
    row("aws_efs_file_system_policy", "AWS::EFS::FileSystem", Untagged, &[("policy", "FileSystemPolicy", Policy)]),
    row("aws_backup_vault_policy", "AWS::Backup::BackupVault", Untagged, &[("policy", "AccessPolicy", Policy)]),
    row("aws_glue_resource_policy", "aws_glue_resource_policy", Untagged, &[("policy", "Policy", Policy)]),
    row("aws_ecr_registry_policy", "AWS::ECR::RegistryPolicy", Untagged, &[("policy", "PolicyText", Policy)]),
    row(
        "aws_cloudwatch_log_resource_policy",
        "AWS::Logs::ResourcePolicy",
        Untagged,
        &[("policy_name", "PolicyName", Plain), ("policy_document", "PolicyDocument", Policy)],
    ),
    row(
        "aws_codeartifact_domain_permissions_policy",
        "AWS::CodeArtifact::Domain",
        Untagged,
        &[("policy_document", "PermissionsPolicyDocument", Policy)],
    ),
    row(
        "aws_codeartifact_repository_permissions_policy",
        "AWS::CodeArtifact::Repository",
        Untagged,
        &[("policy_document", "PermissionsPolicyDocument", Policy)],
    ),
    row(
        "aws_s3tables_table_bucket_policy",
        "AWS::S3Tables::TableBucketPolicy",
        Untagged,
        &[("resource_policy", "ResourcePolicy", Policy)],
    ),
    row(
        "aws_s3tables_table_policy",
        "AWS::S3Tables::TablePolicy",
        Untagged,
        &[("resource_policy", "ResourcePolicy", Policy)],
    ),
    row("aws_iot_policy", "AWS::IoT::Policy", Untagged, &[("policy", "PolicyDocument", Policy)]),
    row("aws_ssoadmin_permission_set", "AWS::SSO::PermissionSet", Untagged, &[("name", "Name", Plain)]),
    row(
        "aws_ssoadmin_permission_set_inline_policy",
        "AWS::SSO::PermissionSet",
        Untagged,
        &[("inline_policy", "InlinePolicy", Policy)],
    ),
    row("aws_media_store_container_policy", "AWS::MediaStore::Container", Untagged, &[("policy", "Policy", Policy)]),
    row("aws_ram_resource_share", "AWS::RAM::ResourceShare", Untagged, &[("name", "Name", Plain)]),
    row("aws_acmpca_permission", "AWS::ACMPCA::Permission", Untagged, &[("principal", "Principal", Plain)]),
    row("aws_signer_signing_profile_permission", "AWS::Signer::ProfilePermission", Untagged, &[]),
    row("aws_kms_grant", "aws_kms_grant", Untagged, &[("operations", "Operations", Plain)]),
];
