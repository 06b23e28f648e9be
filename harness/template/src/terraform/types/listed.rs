//! Resources that are not modelled, and that requests name: their tags decide.

use super::Form::Name;
use super::Tags::{Blocks, Listed};
use super::Value::{Arn, Attribute, Reference};
use super::{Form, Type, Value, row};

const NAMES: (&str, Value) = ("id", Reference);

/// One that AWS calls by an id.
const fn by_id(name: &'static str, cloudformation: &'static str, values: &'static [(&'static str, Value)]) -> Type {
    by_name(name, cloudformation, &[], values)
}

/// One that is called by a name.
const fn by_name(
    name: &'static str,
    cloudformation: &'static str,
    attributes: &'static [(&'static str, &'static str, Form)],
    values: &'static [(&'static str, Value)],
) -> Type {
    Type { values, ..row(name, cloudformation, Listed, attributes) }
}

macro_rules! ec2 {
    ($path:literal) => {
        &[NAMES, ("arn", Arn(concat!("arn:{partition}:ec2:{region}:{account}:", $path, "/{ref}")))]
    };
}

pub(super) const TYPES: &[Type] = &[
    by_id("aws_instance", "AWS::EC2::Instance", ec2!("instance")),
    by_id("aws_ebs_volume", "AWS::EC2::Volume", ec2!("volume")),
    by_id("aws_internet_gateway", "AWS::EC2::InternetGateway", ec2!("internet-gateway")),
    by_id("aws_nat_gateway", "AWS::EC2::NatGateway", ec2!("natgateway")),
    by_id("aws_network_interface", "AWS::EC2::NetworkInterface", ec2!("network-interface")),
    by_id("aws_route_table", "AWS::EC2::RouteTable", ec2!("route-table")),
    by_id("aws_security_group", "AWS::EC2::SecurityGroup", ec2!("security-group")),
    by_id("aws_subnet", "AWS::EC2::Subnet", ec2!("subnet")),
    by_id("aws_vpc", "AWS::EC2::VPC", ec2!("vpc")),
    by_id(
        "aws_efs_file_system",
        "AWS::EFS::FileSystem",
        &[NAMES, ("arn", Arn("arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{ref}"))],
    ),
    by_id(
        "aws_transfer_server",
        "AWS::Transfer::Server",
        &[NAMES, ("arn", Arn("arn:{partition}:transfer:{region}:{account}:server/{ref}"))],
    ),
    Type {
        tags: Blocks,
        ..by_name(
            "aws_autoscaling_group",
            "AWS::AutoScaling::AutoScalingGroup",
            &[("name", "AutoScalingGroupName", Name)],
            &[NAMES, ("name", Reference), ("arn", Attribute("AutoScalingGroupARN"))],
        )
    },
    by_name(
        "aws_db_instance",
        "AWS::RDS::DBInstance",
        &[("identifier", "DBInstanceIdentifier", Name)],
        &[("arn", Arn("arn:{partition}:rds:{region}:{account}:db:{ref}"))],
    ),
    by_name(
        "aws_rds_cluster",
        "AWS::RDS::DBCluster",
        &[("cluster_identifier", "DBClusterIdentifier", Name)],
        &[("arn", Arn("arn:{partition}:rds:{region}:{account}:cluster:{ref}"))],
    ),
    by_name(
        "aws_redshift_cluster",
        "AWS::Redshift::Cluster",
        &[("cluster_identifier", "ClusterIdentifier", Name)],
        &[("arn", Arn("arn:{partition}:redshift:{region}:{account}:cluster:{ref}"))],
    ),
    by_name(
        "aws_eks_cluster",
        "AWS::EKS::Cluster",
        &[("name", "Name", Name)],
        &[NAMES, ("name", Reference), ("arn", Arn("arn:{partition}:eks:{region}:{account}:cluster/{ref}"))],
    ),
    by_name(
        "aws_codebuild_project",
        "AWS::CodeBuild::Project",
        &[("name", "Name", Name)],
        &[("name", Reference), ("arn", Arn("arn:{partition}:codebuild:{region}:{account}:project/{ref}"))],
    ),
    by_name(
        "aws_codepipeline",
        "AWS::CodePipeline::Pipeline",
        &[("name", "Name", Name)],
        &[NAMES, ("name", Reference), ("arn", Arn("arn:{partition}:codepipeline:{region}:{account}:{ref}"))],
    ),
    by_name(
        "aws_kinesis_firehose_delivery_stream",
        "AWS::KinesisFirehose::DeliveryStream",
        &[("name", "DeliveryStreamName", Name)],
        &[("name", Reference), ("arn", Arn("arn:{partition}:firehose:{region}:{account}:deliverystream/{ref}"))],
    ),
    by_name(
        "aws_glue_job",
        "AWS::Glue::Job",
        &[("name", "Name", Name)],
        &[NAMES, ("name", Reference), ("arn", Arn("arn:{partition}:glue:{region}:{account}:job/{ref}"))],
    ),
    by_name(
        "aws_cloudwatch_metric_alarm",
        "AWS::CloudWatch::Alarm",
        &[("alarm_name", "AlarmName", Name)],
        &[NAMES, ("arn", Arn("arn:{partition}:cloudwatch:{region}:{account}:alarm:{ref}"))],
    ),
];
