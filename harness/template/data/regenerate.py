#!/usr/bin/env python3
"""Makes types.txt: what Ref and Fn::GetAtt give for each type of resource that CloudFormation has.

    pip install cfn-lint==1.58.0
    python3 harness/template/data/regenerate.py > harness/template/data/types.txt

From AWS's resource schemas, as cfn-lint (MIT-0) has them: `primaryIdentifier`, `readOnlyProperties`, types and formats.
ARNs are those of harness/catalog/data/services.txt. README.md has the form of the lines.
"""

import re
from pathlib import Path

from cfnlint.schema import PROVIDER_SCHEMA_MANAGER
from cfnlint.schema._getatts import _exceptions

REGION = "us-east-1"
SERVICES = Path(__file__).resolve().parents[2] / "catalog/data/services.txt"

# What `Ref` gives where that is not the primary identifier, or one of several: the section "Return values" of each type's
# page under docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/. A plain word is a property of the schema.
REFERENCES = {
    "AWS::ACMPCA::Certificate": "Arn",
    "AWS::ApiGateway::Authorizer": "AuthorizerId",
    "AWS::ApiGateway::Deployment": "DeploymentId",
    "AWS::ApiGateway::Method": "{name}",
    "AWS::ApiGateway::Model": "Name",
    "AWS::ApiGateway::RequestValidator": "RequestValidatorId",
    "AWS::ApiGateway::Resource": "ResourceId",
    "AWS::ApiGateway::Stage": "StageName",
    "AWS::ApiGatewayV2::Authorizer": "AuthorizerId",
    "AWS::ApiGatewayV2::Deployment": "DeploymentId",
    "AWS::ApiGatewayV2::Integration": "IntegrationId",
    "AWS::ApiGatewayV2::Model": "ModelId",
    "AWS::ApiGatewayV2::Route": "RouteId",
    "AWS::ApiGatewayV2::Stage": "StageName",
    "AWS::AppConfig::ConfigurationProfile": "ConfigurationProfileId",
    "AWS::AppConfig::Environment": "EnvironmentId",
    "AWS::ApplicationAutoScaling::ScalingPolicy": "Arn",
    "AWS::AppSync::ApiKey": "Arn",
    "AWS::AutoScaling::LifecycleHook": "LifecycleHookName",
    "AWS::AutoScaling::ScheduledAction": "ScheduledActionName",
    "AWS::Batch::JobDefinition": "JobDefinitionArn",
    "AWS::CloudFormation::CustomResource": "{name}",
    "AWS::CloudFormation::Stack": "arn:{partition}:cloudformation:{region}:{account}:stack/{name}/{uuid}",
    "AWS::CloudFormation::WaitCondition": "arn:{partition}:cloudformation:{region}:{account}:stack/{name}",
    "AWS::CloudFormation::WaitConditionHandle": "https://cloudformation-waitcondition-{region}.s3.{suffix}/{name}",
    "AWS::CodeBuild::Project": "{name}",
    "AWS::CodeDeploy::DeploymentGroup": "DeploymentGroupName",
    "AWS::Cognito::UserPoolClient": "ClientId",
    "AWS::Cognito::UserPoolDomain": "Domain",
    "AWS::Cognito::UserPoolGroup": "GroupName",
    "AWS::Cognito::UserPoolIdentityProvider": "ProviderName",
    "AWS::Cognito::UserPoolResourceServer": "Identifier",
    "AWS::Cognito::UserPoolUser": "Username",
    "AWS::DMS::Certificate": "{arn}",
    "AWS::DMS::Endpoint": "{arn}",
    "AWS::DMS::ReplicationInstance": "{arn}",
    "AWS::DMS::ReplicationTask": "{arn}",
    "AWS::EC2::EIP": "PublicIp",
    "AWS::EC2::TransitGatewayAttachment": "tgw-attach-{hex:17}",
    "AWS::ECS::Service": "ServiceArn",
    "AWS::EKS::Nodegroup": "{ClusterName}/{name}",
    "AWS::Events::Rule": "{name}",
    "AWS::Glue::Connection": "{name}",
    "AWS::Glue::Table": "{name}",
    "AWS::GuardDuty::Filter": "Name",
    "AWS::GuardDuty::IPSet": "Id",
    "AWS::GuardDuty::ThreatIntelSet": "Id",
    "AWS::IoT::Policy": "{name}",
    "AWS::Lambda::Permission": "Id",
    "AWS::Lex::BotAlias": "{BotAliasId}|{BotId}",
    "AWS::Logs::LogStream": "LogStreamName",
    "AWS::Logs::MetricFilter": "FilterName",
    "AWS::Logs::SubscriptionFilter": "FilterName",
    "AWS::Route53::RecordSet": "{Name}",
    "AWS::S3Tables::Namespace": "{TableBucketARN}|{Namespace}",
    "AWS::SageMaker::UserProfile": "UserProfileName",
    "AWS::SecretsManager::ResourcePolicy": "{SecretId}",
    "AWS::SecretsManager::RotationSchedule": "{SecretId}",
    "AWS::SecretsManager::SecretTargetAttachment": "{SecretId}",
    "AWS::ServiceDiscovery::Instance": "InstanceId",
    "AWS::SSM::MaintenanceWindowTarget": "WindowTargetId",
    "AWS::SSM::MaintenanceWindowTask": "WindowTaskId",
}

# Ids that AWS gives, by type and property, or by property alone; the examples on the types' pages.
IDS = {
    "AWS::ApiGateway::RestApi": {"RestApiId": "{lower:10}", "RootResourceId": "{lower:10}"},
    "AWS::ApiGateway::Resource": {"ResourceId": "{lower:6}"},
    "AWS::ApiGateway::Deployment": {"DeploymentId": "{lower:6}"},
    "AWS::ApiGateway::Authorizer": {"AuthorizerId": "{lower:6}"},
    "AWS::ApiGatewayV2::Api": {"ApiId": "{lower:10}", "ApiEndpoint": "https://{ref}.execute-api.{region}.{suffix}"},
    "AWS::AppSync::GraphQLApi": {"ApiId": "{lower:26}"},
    "AWS::CloudFront::Distribution": {"Id": "E{upper:13}", "DomainName": "d{lower:13}.cloudfront.net"},
    "AWS::CloudFront::CloudFrontOriginAccessIdentity": {"Id": "E{upper:13}", "S3CanonicalUserId": "{hex:64}"},
    "AWS::CloudFront::OriginAccessControl": {"Id": "E{upper:13}"},
    "AWS::Cognito::IdentityPool": {"Id": "{region}:{uuid}"},
    "AWS::Cognito::UserPool": {
        "UserPoolId": "{region}_{letters:9}",
        "ProviderName": "cognito-idp.{region}.{suffix}/{ref}",
        "ProviderURL": "https://cognito-idp.{region}.{suffix}/{ref}",
    },
    "AWS::Cognito::UserPoolClient": {"ClientId": "{lower:26}"},
    "AWS::CertificateManager::Certificate": {"CertificateArn": "arn:{partition}:acm:{region}:{account}:certificate/{uuid}"},
    "AWS::EC2::EIP": {"PublicIp": "203.0.113.{octet}", "AllocationId": "eipalloc-{hex:17}"},
    "AWS::EC2::Instance": {"InstanceId": "i-{hex:17}", "PublicIp": "203.0.113.{octet}", "PrivateIp": "10.203.0.{octet}"},
    "AWS::EFS::FileSystem": {"FileSystemId": "fs-{hex:17}"},
    "AWS::EFS::AccessPoint": {"AccessPointId": "fsap-{hex:17}"},
    "AWS::EFS::MountTarget": {"Id": "fsmt-{hex:17}", "IpAddress": "10.203.0.{octet}"},
    "AWS::EMR::Cluster": {"Id": "j-{upper:13}"},
    "AWS::ElasticLoadBalancing::LoadBalancer": {"DNSName": "{name}-{digits:10}.{region}.elb.{suffix}"},
    "AWS::ElasticLoadBalancingV2::LoadBalancer": {
        "DNSName": "{name}-{digits:10}.{region}.elb.{suffix}",
        "LoadBalancerFullName": "app/{name}/{hex:16}",
    },
    "AWS::ElasticLoadBalancingV2::TargetGroup": {"TargetGroupFullName": "targetgroup/{name}/{hex:16}"},
    "AWS::FSx::FileSystem": {"Id": "fs-{hex:17}"},
    "AWS::IAM::AccessKey": {"Id": "AKIA{upper:16}", "SecretAccessKey": "{letters:40}"},
    "AWS::AmazonMQ::Broker": {"Id": "b-{uuid}"},
    "AWS::KMS::ReplicaKey": {"KeyId": "mrk-{hex:32}"},
    "AWS::Lambda::EventSourceMapping": {"Id": "{uuid}"},
    "AWS::Lambda::Url": {"FunctionUrl": "https://{lower:32}.lambda-url.{region}.on.aws/"},
    "AWS::Organizations::Account": {"AccountId": "{digits:12}"},
    "AWS::Organizations::Organization": {"Id": "o-{lower:10}", "RootId": "r-{lower:4}", "ManagementAccountId": "{account}"},
    "AWS::Organizations::OrganizationalUnit": {"Id": "ou-{lower:4}-{lower:8}"},
    "AWS::Organizations::Policy": {"Id": "p-{lower:8}"},
    "AWS::Route53::HostedZone": {"Id": "Z{upper:19}"},
    "AWS::Route53::HealthCheck": {"HealthCheckId": "{uuid}"},
    "AWS::ServiceCatalog::CloudFormationProduct": {"Id": "prod-{lower:13}"},
    "AWS::ServiceCatalog::Portfolio": {"Id": "port-{lower:13}"},
    "AWS::ServiceDiscovery::HttpNamespace": {"Id": "ns-{lower:16}"},
    "AWS::ServiceDiscovery::PrivateDnsNamespace": {"Id": "ns-{lower:16}"},
    "AWS::ServiceDiscovery::PublicDnsNamespace": {"Id": "ns-{lower:16}"},
    "AWS::ServiceDiscovery::Service": {"Id": "srv-{lower:16}"},
    "AWS::SSM::Association": {"AssociationId": "{uuid}"},
    "AWS::SSM::MaintenanceWindow": {"WindowId": "mw-{hex:17}"},
    "AWS::SSM::PatchBaseline": {"Id": "pb-{hex:17}"},
    "AWS::Transfer::Server": {"ServerId": "s-{hex:17}"},
    "AWS::VerifiedPermissions::PolicyStore": {"PolicyStoreId": "{letters:22}"},
    "AWS::Backup::BackupPlan": {"BackupPlanId": "{uuid}"},
}

# Ids of EC2: the prefix of each type.
# docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html and the examples on the types' pages.
EC2 = {
    "CapacityReservation": "cr", "CarrierGateway": "cagw", "ClientVpnEndpoint": "cvpn-endpoint", "CustomerGateway": "cgw",
    "DHCPOptions": "dopt", "EC2Fleet": "fleet", "EgressOnlyInternetGateway": "eigw", "FlowLog": "fl", "Host": "h",
    "IPAM": "ipam", "IPAMPool": "ipam-pool", "IPAMScope": "ipam-scope", "Instance": "i",
    "InstanceConnectEndpoint": "eice", "InternetGateway": "igw", "LaunchTemplate": "lt", "NatGateway": "nat",
    "NetworkAcl": "acl", "NetworkInterface": "eni", "PrefixList": "pl", "RouteTable": "rtb", "SecurityGroup": "sg",
    "SecurityGroupEgress": "sgr", "SecurityGroupIngress": "sgr", "SpotFleet": "sfr", "Subnet": "subnet",
    "SubnetCidrBlock": "subnet-cidr-assoc", "SubnetNetworkAclAssociation": "aclassoc",
    "SubnetRouteTableAssociation": "rtbassoc", "TransitGateway": "tgw", "TransitGatewayAttachment": "tgw-attach",
    "TransitGatewayConnect": "tgw-attach", "TransitGatewayPeeringAttachment": "tgw-attach",
    "TransitGatewayRouteTable": "tgw-rtb", "TransitGatewayVpcAttachment": "tgw-attach", "VPC": "vpc",
    "VPCEndpoint": "vpce", "VPCEndpointService": "vpce-svc", "VPCPeeringConnection": "pcx", "VPNConnection": "vpn",
    "VPNGateway": "vgw", "Volume": "vol", "VPCCidrBlock": "vpc-cidr-assoc",
}  # fmt: skip

# Prefixes of IAM where that of a type, in small letters, is another.
PREFIXES = {
    "APS": "aps", "ACMPCA": "acm-pca", "AccessAnalyzer": "access-analyzer", "AmazonMQ": "mq", "ApiGatewayV2": "apigateway",
    "AppIntegrations": "app-integrations", "ApplicationAutoScaling": "application-autoscaling", "CertificateManager": "acm",
    "CloudWatch": "cloudwatch", "CodeStarConnections": "codestar-connections", "CodeConnections": "codeconnections",
    "DirectoryService": "ds", "DocDB": "rds", "EFS": "elasticfilesystem", "EMR": "elasticmapreduce",
    "EMRContainers": "emr-containers", "EMRServerless": "emr-serverless", "ElasticLoadBalancing": "elasticloadbalancing",
    "ElasticLoadBalancingV2": "elasticloadbalancing", "Elasticsearch": "es", "EventSchemas": "schemas",
    "ImageBuilder": "imagebuilder", "InspectorV2": "inspector2", "IoTSiteWise": "iotsitewise", "KinesisAnalytics":
    "kinesisanalytics", "KinesisAnalyticsV2": "kinesisanalytics", "KinesisFirehose": "firehose", "KinesisVideo":
    "kinesisvideo", "Location": "geo", "LookoutMetrics": "lookoutmetrics", "MSK": "kafka", "MWAA": "airflow", "Neptune":
    "rds", "NetworkFirewall": "network-firewall", "OpenSearchService": "es", "OpenSearchServerless": "aoss",
    "RedshiftServerless": "redshift-serverless", "ResourceExplorer2": "resource-explorer-2", "ResourceGroups":
    "resource-groups", "S3ObjectLambda": "s3-object-lambda", "S3Outposts": "s3-outposts", "SSMContacts": "ssm-contacts",
    "SSMIncidents": "ssm-incidents", "SSO": "sso", "ServiceCatalogAppRegistry": "servicecatalog", "StepFunctions": "states",
    "WAFRegional": "waf-regional",
}  # fmt: skip

# The resource type of IAM where its name is not that of the type.
RESOURCE_TYPES = {
    "AWS::Cognito::UserPool": ("cognito-idp", "userpool"),
    "AWS::Cognito::IdentityPool": ("cognito-identity", "identitypool"),
    "AWS::DMS::Endpoint": ("dms", "Endpoint"),
    "AWS::DocDB::DBCluster": ("rds", "cluster"),
    "AWS::EC2::EIP": ("ec2", "elastic-ip"),
    "AWS::Events::Rule": ("events", "rule-on-default-event-bus"),
    "AWS::Neptune::DBCluster": ("rds", "cluster"),
    "AWS::RDS::DBCluster": ("rds", "cluster"),
    "AWS::RDS::DBInstance": ("rds", "db"),
    "AWS::ApiGateway::RestApi": ("apigateway", "RestApi"),
    "AWS::ApiGatewayV2::Api": ("apigateway", "Api"),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": ("elasticloadbalancing", "loadbalancer/app/"),
    "AWS::ElasticLoadBalancingV2::Listener": ("elasticloadbalancing", "listener/app"),
    "AWS::AutoScaling::AutoScalingGroup": ("autoscaling", "autoScalingGroup"),
}

# What formats of the schemas stand for.
FORMATS = {
    "ipv4-network": "10.203.0.0/16",
    "ipv6-network": "2001:db8::/56",
    "ipv4": "10.203.0.{octet}",
    "ipv6": "2001:db8::{octet}",
    "date-time": "2026-01-01T00:00:00Z",
}


def own_word(resource_type):
    return resource_type.split("::")[2]


def plain(name):
    return re.sub(r"[^a-z0-9]", "", name.lower())


def resource_types():
    """The ARN patterns of IAM's resource types: {prefix: {name: pattern}}."""
    head, _, body = SERVICES.read_text().partition("\n\n")
    found, at = {}, 0
    body = body.encode()
    for line in head.splitlines()[1:]:
        prefix, length, *_ = line.split(" ", 3)
        section = body[at : at + int(length)].decode()
        at += int(length)
        for row in section.splitlines():
            if row.startswith("t "):
                _, _, arns, name = row.split(" ", 3)
                found.setdefault(prefix, {})[name] = arns.split(",")[0]
    return found


IAM = resource_types()

# ARNs that IAM's patterns do not give. A name of a KMS alias begins with `alias/`.
# docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-alias.html
ARNS = {"AWS::KMS::Alias": "arn:{partition}:kms:{region}:{account}:{name}"}


def arn_pattern(resource_type):
    """IAM's pattern for the resources of a type; None if it has none under the same name."""
    _, service, word = resource_type.split("::")
    if resource_type in RESOURCE_TYPES:
        prefix, name = RESOURCE_TYPES[resource_type]
        return IAM.get(prefix, {}).get(name)
    known = IAM.get(PREFIXES.get(service, service.lower()), {})
    return next((arn for name, arn in known.items() if plain(name) == plain(word)), None)


class Type:
    def __init__(self, name):
        self.name = name
        self.schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, name)
        self.properties = self.schema.schema.get("properties", {})
        tops = lambda key: [pointer.split("/")[2] for pointer in self.schema.schema.get(key, [])]
        self.identifier = tops("primaryIdentifier")
        self.given = {pointer.split("/", 2)[2] for pointer in self.schema.schema.get("readOnlyProperties", [])}

    def named_by(self):
        """The property that names its resources."""
        word = own_word(self.name)
        identifier = [one for one in self.identifier[-1:] if one.endswith(("Name", "Identifier", "Domain", "Username"))]
        for candidate in [f"{word}Name", *identifier, "Name", f"{word}Identifier"]:
            found = self.properties.get(candidate)
            if found and candidate not in self.given and found.get("type") == "string":
                return candidate
        return None

    def own_id(self):
        """The property that is its id, if AWS gives one."""
        ids = [one for one in self.identifier if one in self.given and not one.endswith(("Arn", "ARN"))]
        word = own_word(self.name)
        ids += [one for one in (f"{word}Id", "Id") if one in self.given]
        return ids[0] if ids else None

    def shape(self, attribute):
        """The pattern of a property that AWS gives; None: its name says what it is."""
        leaf = attribute.split(".")[-1]
        if attribute in IDS.get(self.name, {}):
            return IDS[self.name][attribute]
        is_own = attribute in self.identifier or leaf[:-3] in ("", own_word(self.name))
        if leaf.endswith(("Arn", "ARN")) and attribute == leaf and is_own:
            return "{arn}"
        if attribute in ("Name", f"{own_word(self.name)}Name"):
            return "{name}"
        service, word = self.name.split("::")[1:]
        if service == "EC2" and word in EC2 and attribute in (self.own_id(), "Id"):
            return EC2[word] + "-{hex:17}"
        try:
            found = self.schema.resolver.resolve_cfn_pointer("/properties/" + attribute.replace(".", "/"))
        except Exception:
            return None
        kind = found.get("type")
        if kind == "array":
            found = found.get("items", {})
        form = found.get("format", "")
        if form in FORMATS:
            return FORMATS[form]
        if match := re.fullmatch(r"AWS::EC2::(\w+)\.(Id|Ids|GroupId)", form):
            if match[1] in EC2:
                return EC2[match[1]] + "-{hex:17}"
        if form.startswith("AWS::IAM::Role.Arn"):
            return "arn:{partition}:iam::{account}:role/{name}"
        if kind == "boolean":
            return "true"
        if kind in ("integer", "number") and not leaf.endswith("Port"):
            return "1"
        if "enum" in found and not leaf.endswith(("Arn", "Id")):
            return str(found["enum"][0])
        return None

    def is_list(self, attribute):
        try:
            found = self.schema.resolver.resolve_cfn_pointer("/properties/" + attribute.replace(".", "/"))
        except Exception:
            return False
        return found.get("type") == "array"

    def property(self, name):
        """The pattern that stands for a property: as it is given, or as AWS makes it."""
        if name in self.given:
            return self.shape(name) or ("{uuid}" if name.endswith(("Id", "Identifier")) else "{name}")
        return "{name}" if name == self.named_by() else "{" + name + "}"

    def reference(self):
        written = REFERENCES.get(self.name)
        if written and written in self.properties:
            return self.property(written)
        if written:
            return written
        return "|".join(self.property(one) for one in self.identifier) or "{name}"

    def arn(self):
        """The ARN of its resources, in this table's words."""
        if self.name in ARNS:
            return ARNS[self.name]
        pattern = arn_pattern(self.name)
        if not pattern:
            return None
        pattern = pattern.replace("${Partition}", "{partition}").replace("${Region}", "{region}")
        pattern = pattern.replace("${Account}", "{account}")
        holes = re.findall(r"\$\{(\w+)\}", pattern)
        reference = self.reference()
        own = reference if "arn" not in reference and "|" not in reference else None
        own_id = self.own_id()
        for at, hole in enumerate(holes):
            is_last = at == len(holes) - 1
            if hole in self.given:
                value = self.property(hole)
            elif hole != self.named_by() and (others := [one for one in (hole, hole[:-4]) if one in self.properties]):
                value = "{" + others[0] + "}"
            elif hole.lower().endswith(("revision", "version")):
                value = "1"
            elif hole.lower().endswith("name") and self.named_by():
                value = "{name}"
            elif is_last and own_id:
                value = "{ref}" if own else self.property(own_id)
            elif is_last and own:
                value = "{ref}"
            elif hole.lower().endswith("id"):
                value = "{hex:16}" if "elasticloadbalancing" in pattern else "{uuid}"
            else:
                value = "{name}"
            pattern = pattern.replace("${" + hole + "}", value, 1)
        return pattern.replace("*", "{upper:26}")

    def attributes(self):
        names = {pointer.replace("/", ".") for pointer in self.given if "*" not in pointer and pointer.count("/") < 2}
        names |= set(_exceptions.get(self.name, []))
        for name in sorted(names):
            if any(other.startswith(name + ".") for other in names):
                continue
            shape = self.property(name) if name not in self.given and "." not in name else self.shape(name)
            if self.identifier == [name] and self.name not in REFERENCES:
                shape = "{ref}"
            yield name + ("[]" if self.is_list(name) else "") + (f"={shape}" if shape else "")

    def tags(self):
        """The property that has its tags."""
        pointer = self.schema.schema.get("tagging", {}).get("tagProperty", "").split("/")[-1]
        return next((one for one in (pointer, "Tags") if one in self.properties), "-")

    def line(self):
        own = [self.name, self.named_by() or "-", self.tags(), self.reference(), self.arn() or "-"]
        return "\t".join([*own, *self.attributes()])


def main():
    names = sorted(set(PROVIDER_SCHEMA_MANAGER.get_resource_types(REGION)))
    for name in names:
        if name.startswith("AWS::") and name.count("::") == 2:
            print(Type(name).line())


main()
