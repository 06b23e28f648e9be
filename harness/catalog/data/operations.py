"""What each operation of 37 services is checked as: the lines of operations.txt. README.md says what they mean and where
the input comes from. Each judgement below was made by hand, with its page where AWS has one."""
import json
import re
from collections import defaultdict
from pathlib import Path

S3_PAGE = "docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html"

# Operations whose items are each checked as one of several actions. The others with several are checked as all of them.
ONE_OF = {
    "dynamodb:BatchExecuteStatement",
    "dynamodb:ExecuteStatement",
    "dynamodb:ExecuteTransaction",
    "dynamodb:TransactWriteItems",
}

# Rows that no input names. Nearly all are of what the call itself makes; these are not.
NOT_MADE = {
    "ec2:AcceptReservedInstancesExchangeQuote reserved-instances",
    "ec2:AcceptVpcEndpointConnections vpc-endpoint-service",
    "ec2:AcceptVpcPeeringConnection vpc",
    "ec2:AssociateSecurityGroupVpc security-group",
    "ec2:CreateKeyPair key-pair",
    "ec2:CreatePlacementGroup placement-group",
    "ec2:CreateSnapshots volume",
    "ec2:CreateTransitGatewayPolicyTableEntry transit-gateway-route-table",
    "ec2:CreateTransitGatewayRouteTableAnnouncement transit-gateway-attachment",
    "ec2:EnableFastSnapshotRestores snapshot",
    "ec2:EnableVgwRoutePropagation vpn-gateway",
    "ec2:ImportKeyPair key-pair",
    "ec2:ProvisionPublicIpv4PoolCidr ipv4pool-ec2",
    "ec2:PurchaseHostReservation dedicated-host",
    "ec2:StartVpcEndpointServicePrivateDnsVerification vpc-endpoint-service",
}

# What calls make in the other services, and in EC2 where the input has a member of a like name.
MADE = {
    "backup:CreateLegalHold": ["legalHold"],
    "ec2:CopyImage": ["image", "snapshot"],
    "ec2:CreateImage": ["image", "snapshot"],
    # The network interface is made unless the caller names one, and a volume for each image that is backed by EBS.
    # docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-runinstances
    "ec2:RunInstances": ["instance", "network-interface", "volume"],
    "ecs:RegisterDaemonTaskDefinition": ["daemon-task-definition"],
    "ecs:RegisterTaskDefinition": ["task-definition"],
    "elasticloadbalancing:CreateTargetGroup": ["targetgroup"],
    "iam:CreateDelegationRequest": ["delegation-request"],
    "logs:CreateDelivery": ["delivery"],
    "organizations:CreatePolicy": ["policy"],
    "organizations:PutResourcePolicy": ["resourcepolicy"],
    "s3:CreateAccessGrant": ["accessgrant"],
    "s3:CreateAccessGrantsLocation": ["accessgrantslocation"],
    "s3:CreateMultiRegionAccessPoint": ["multiregionaccesspoint"],
    "servicecatalog:CreatePortfolio": ["Portfolio"],
    "ssm:CreateCloudConnector": ["cloud-connector"],
    "ssm:StartAutomationExecution": ["automation-execution"],
    "ssm:StartChangeRequestExecution": ["automation-execution"],
}

# The tagging action and what it is asked on, where the rule below does not find it. No types: what is tagged is not known.
TAGGED = {
    "backup:StartBackupJob": ("TagResource", ["recoveryPoint"]),
    "batch:RegisterJobDefinition": ("TagResource", ["job-definition-revision"]),
    "ec2:CreateCapacityReservationBySplitting": ("CreateTags", ["capacity-reservation"]),
    "ec2:CreateDelegateMacVolumeOwnershipTask": ("CreateTags", ["mac-modification-task"]),
    "ec2:CreateMacSystemIntegrityProtectionModificationTask": ("CreateTags", ["mac-modification-task"]),
    "ec2:CreateSubnetCidrReservation": ("CreateTags", ["subnet-cidr-reservation"]),
    "ec2:PurchaseHostReservation": ("CreateTags", ["host-reservation"]),
    "ec2:StartDeclarativePoliciesReport": ("CreateTags", ["declarative-policies-report"]),
    "ecr:CreateRepositoryCreationTemplate": ("TagResource", []),
    "ecr:UpdateRepositoryCreationTemplate": ("TagResource", []),
    "elasticloadbalancing:CreateListener": ("AddTags", ["listener/app", "listener/gwy", "listener/net"]),
    "elasticloadbalancing:CreateLoadBalancer": (
        "AddTags",
        ["loadbalancer", "loadbalancer/app/", "loadbalancer/gwy/", "loadbalancer/net/"],
    ),
    "elasticloadbalancing:CreateRule": ("AddTags", ["listener-rule/app", "listener-rule/net"]),
    "elasticloadbalancing:CreateTargetGroup": ("AddTags", ["targetgroup"]),
    "elasticloadbalancing:CreateTrustStore": ("AddTags", ["truststore"]),
    # "The kinesis:TagResource permission won't work to tag streams on creation."
    # docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html
    "kinesis:CreateStream": ("AddTagsToStream", ["stream"]),
    "kinesis:RegisterStreamConsumer": ("TagResource", ["consumer"]),
    "logs:CreateLogGroup": ("TagResource", ["log-group"]),
    "organizations:InviteOrganizationToTransferResponsibility": ("TagResource", ["responsibilitytransfer"]),
    "rds:CopyDBClusterParameterGroup": ("AddTagsToResource", ["cluster-pg"]),
    "rds:CopyDBParameterGroup": ("AddTagsToResource", ["pg"]),
    "rds:CreateCustomDBEngineVersion": ("AddTagsToResource", ["cev"]),
    "rds:CreateDBClusterParameterGroup": ("AddTagsToResource", ["cluster-pg"]),
    "rds:CreateDBParameterGroup": ("AddTagsToResource", ["pg"]),
    "rds:CreateDBSecurityGroup": ("AddTagsToResource", ["secgrp"]),
    "rds:CreateDBShardGroup": ("AddTagsToResource", ["shardgrp"]),
    "rds:CreateDBSubnetGroup": ("AddTagsToResource", ["subgrp"]),
    "rds:CreateEventSubscription": ("AddTagsToResource", ["es"]),
    "rds:PromoteReadReplica": ("AddTagsToResource", ["db"]),
    "rds:PurchaseReservedDBInstancesOffering": ("AddTagsToResource", ["ri"]),
    "rds:RestoreDBClusterFromSnapshot": ("AddTagsToResource", ["cluster"]),
    "rds:RestoreDBInstanceFromDBSnapshot": ("AddTagsToResource", ["db"]),
    "rds:RestoreDBInstanceFromS3": ("AddTagsToResource", ["db"]),
    "rds:RestoreDBInstanceToPointInTime": ("AddTagsToResource", ["db"]),
    "rds:StartDBInstanceAutomatedBackupsReplication": ("AddTagsToResource", ["auto-backup"]),
    "s3:CreateJob": ("PutJobTagging", ["job"]),
    "s3:PutStorageLensConfiguration": ("PutStorageLensConfigurationTagging", ["storagelensconfiguration"]),
    "ssm:CreateActivation": ("AddTagsToResource", []),
    "ssm:StartAccessRequest": ("AddTagsToResource", []),
    "ssm:StartChangeRequestExecution": ("AddTagsToResource", ["automation-execution"]),
}

# Operations that pass tags and need no tagging action: those that set tags themselves, those whose tags go into a file or
# to what is made later, and Service Catalog, whose TagResource is for AppRegistry.
NOT_TAGGED = re.compile(
    r"servicecatalog:|s3(control)?:Put\w+Tagging|ec2:(Create|Delete)Tags|ec2:CreateStoreImageTask|ec2:ModifyIpamPool"
    r"|ec2:(Disa|A)ssociateApplicationStatusCheck|ec2:ProvisionByoipCidr|glue:CreateColumnStatisticsTaskSettings"
)

# Only these change what is there already. The rest make what they tag, which has the tags from the start.
CHANGES = ("Modify", "Put", "Update", "Promote")

# "You must have either the logs:TagResource or logs:TagLogGroup permission."
# docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
OR = {"logs:CreateLogGroup logs:TagResource": "logs:TagLogGroup"}

ACL = "s3:x-amz-acl,s3:x-amz-grant-full-control,s3:x-amz-grant-read,s3:x-amz-grant-read-acp,s3:x-amz-grant-write,"
ACL += "s3:x-amz-grant-write-acp"
# "Conditionally required" on S3_PAGE. The tags of an object are not the bucket's: they are in s3:RequestObjectTag.
OBJECT = [
    "s3:PutObjectTagging when s3:RequestObjectTag,s3:RequestObjectTagKeys same",
    f"s3:PutObjectAcl when {ACL} same",
    "s3:PutObjectRetention when s3:object-lock-mode,s3:object-lock-retain-until-date same",
    "s3:PutObjectLegalHold when s3:object-lock-legal-hold same",
]
# "To perform conditional writes with an HTTP `If-Match` header you must have the s3:PutObject and s3:GetObject permissions",
# and of deletes with an entity tag, not with `*`.
# docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html and conditional-deletes.html
IF_MATCH = "s3:GetObject when s3:if-match same"
DELETE_IF_MATCH = "s3:GetObject when s3:if-match unless * same"
# docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html, id_credentials_temp_control-access_monitor.html
SESSION = ["sts:TagSession when aws:RequestTag,aws:TagKeys same", "sts:SetSourceIdentity when sts:SourceIdentity same"]
# A session's source identity stays in the session of the role that it assumes: "permissions for sts:SetSourceIdentity are
# required in both the permissions policy of the principal who is assuming the role and in the role trust policy".
CHAINED = [SESSION[0], "sts:SetSourceIdentity when sts:SourceIdentity,aws:SourceIdentity same"]
QUEUE = ["sqs:ReceiveMessage same", "sqs:DeleteMessage same", "sqs:GetQueueAttributes same"]
RESTORED = ["BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem"]
TABLE = [f"dynamodb:{name} same" for name in RESTORED]
# What else is asked, whole; it takes the place of what the sources say of the same action.
ASKS = {
    "dynamodb:RestoreTableFromBackup": TABLE,
    "dynamodb:RestoreTableToPointInTime": TABLE,
    # docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html#access-control-resource-based-permissions
    "lambda:DeleteResourcePolicy": ["lambda:RemovePermission same"],
    "lambda:GetResourcePolicy": ["lambda:GetPolicy same"],
    "lambda:PutResourcePolicy": ["lambda:AddPermission same", "lambda:RemovePermission same"],
    "s3:CompleteMultipartUpload": [IF_MATCH],
    "s3:CopyObject": [*OBJECT, IF_MATCH, "kms:GenerateDataKey", "kms:Decrypt"],
    "s3:CreateBucket": [
        f"s3:PutBucketAcl when {ACL} same",
        "s3:PutBucketOwnershipControls when s3:x-amz-object-ownership same",
        "s3:PutBucketObjectLockConfiguration",
        "s3:PutBucketVersioning",
        # docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketConfiguration.html
        "s3:TagResource when aws:RequestTag,aws:TagKeys new on bucket",
    ],
    "s3:CreateMultipartUpload": [*OBJECT, "kms:GenerateDataKey"],
    "s3:DeleteObject": [DELETE_IF_MATCH],
    "s3:DeleteObjects": [DELETE_IF_MATCH],
    "s3:GetObject": ["kms:Decrypt"],
    # docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
    "s3:GetObjectAttributes": ["s3:GetObject same", "kms:Decrypt"],
    "s3:PutObject": [*OBJECT, IF_MATCH, "kms:GenerateDataKey"],
    "sqs:CancelMessageMoveTask": QUEUE,
    "sqs:ListMessageMoveTasks": ["sqs:GetQueueAttributes same"],
    # On the queue that messages are taken from; sqs:SendMessage on the one that they go to.
    # docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
    "sqs:StartMessageMoveTask": [*QUEUE, "sqs:SendMessage"],
    "sts:AssumeRole": CHAINED,
    "sts:AssumeRoleWithSAML": SESSION,
    "sts:AssumeRoleWithWebIdentity": SESSION,
    "sts:GetFederationToken": ["sts:TagSession when aws:RequestTag,aws:TagKeys"],
}
# The actions that a call with a versionId is checked as, in the place of the others: "Either" on S3_PAGE;
# docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html, API_GetObjectAttributes.html
VERSIONS = {
    "s3:CopyObject": ["s3:GetObject"],
    "s3:DeleteObject": ["s3:DeleteObject"],
    "s3:DeleteObjectTagging": ["s3:DeleteObjectTagging"],
    "s3:DeleteObjects": ["s3:DeleteObject"],
    "s3:GetObject": ["s3:GetObject"],
    "s3:GetObjectAcl": ["s3:GetObjectAcl"],
    "s3:GetObjectAttributes": ["s3:GetObjectAttributes", "s3:GetObject"],
    "s3:GetObjectTagging": ["s3:GetObjectTagging"],
    "s3:HeadObject": ["s3:GetObject"],
    "s3:PutObjectAcl": ["s3:PutObjectAcl"],
    "s3:PutObjectTagging": ["s3:PutObjectTagging"],
    "s3:UploadPartCopy": ["s3:GetObject"],
}
for name in ["BatchGetTableOptimizer", "CreateTableOptimizer", "DeleteTableOptimizer", "GetTableOptimizer",
             "ListTableOptimizerRuns", "StartColumnStatisticsTaskRun", "UpdateTableOptimizer"]:
    ASKS[f"glue:{name}"] = ["glue:GetTable same"]

# Members that name a role which is not handed to the service: to assume, to look at, in another account, or a name only.
NOT_PASSED = re.compile(
    r"sts:|ec2:(Disa|A)ssociateEnclaveCertificateIamRole|glue:StartJobRun|ssm:\w*(Association|Automation|Change|Preview)"
)

# Where AWS's table is not at hand.
# docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html, docs.aws.amazon.com/AWSEC2/latest/UserGuide/
# ExamplePolicies_EC2.html#iam-example-iam-roles, docs.aws.amazon.com/eventbridge/latest/userguide/
# eb-use-identity-based.html, docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
PASSED_TO = {
    "ec2:AssociateIamInstanceProfile": ["ec2.amazonaws.com"],
    "ec2:ReplaceIamInstanceProfileAssociation": ["ec2.amazonaws.com"],
    "ecs:RegisterTaskDefinition": ["ecs-tasks.amazonaws.com"],
    "ecs:RunTask": ["ecs-tasks.amazonaws.com"],
    "ecs:StartTask": ["ecs-tasks.amazonaws.com"],
    "events:PutTargets": ["events.amazonaws.com"],
    "iam:AddRoleToInstanceProfile": ["ec2.amazonaws.com"],
    "lambda:UpdateFunctionConfiguration": ["lambda.amazonaws.com"],
}

# Required rows of which a call has one: they are found from one member that may hold an ARN of either.
EITHER = {
    "elasticloadbalancing:DeleteRule": ["listener-rule/app", "listener-rule/net"],
    "elasticloadbalancing:ModifyRule": ["listener-rule/app", "listener-rule/net"],
    "elasticloadbalancing:SetRulePriorities": ["listener-rule/app", "listener-rule/net"],
    "organizations:MoveAccount": ["organizationalunit", "root"],
    **{f"ssm:{name}": ["instance", "managed-instance"] for name in [
        "DescribeEffectiveInstanceAssociations", "DescribeInstanceAssociationsStatus",
        "DescribeInstancePatchStates", "DescribeInstancePatches"]},
}

# Operations of other services.
# "This operation requires permission for the bedrock:InvokeModel action"
# docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html and API_runtime_ConverseStream.html
OTHERS = {
    "bedrock:Converse": ["bedrock:InvokeModel"],
    "bedrock:ConverseStream": ["bedrock:InvokeModelWithResponseStream"],
}

CREATE_ACTION = re.compile(r":(CreateAction|TaggingAction)$")


class Catalogue:
    def __init__(self, services):
        self.services = services

    def action(self, name):
        prefix, short = name.split(":")
        return self.services[prefix]["actions"][short]

    def rows(self, name):
        return self.action(name).get("resources", [])

    def types(self, name, key=None):
        """The types of an action's rows; with a key only those that carry it, by the rule of rows."""
        own = self.action(name).get("keys", []) if key else []
        return [row["type"] for row in self.rows(name) if not key or key in own or key in row.get("keys", [])]

    def create_action(self, tagging):
        """The key that says which operation a tagging action is part of."""
        action = self.action(tagging)
        keys = [*action.get("keys", []), *(key for row in self.rows(tagging) for key in row.get("keys", []))]
        return next((key for key in keys if CREATE_ACTION.search(key)), None)


def plain(text):
    return re.sub(r"[^a-z0-9]", "", text.lower())


def named_in(operation, types):
    """The types whose name stands in the operation's, the longest only: `CreateTaskSet` is of task sets, not of tasks."""
    found = [kind for kind in types if plain(kind) and plain(kind) in plain(operation)]
    longest = max((len(plain(kind)) for kind in found), default=0)
    return [kind for kind in found if len(plain(kind)) == longest]


class Operation:
    """One operation as its line says it."""

    def __init__(self, catalogue, prefix, key, entry, listed):
        self.catalogue, self.prefix, self.key, self.entry = catalogue, prefix, key, entry
        self.name = key.split(":")[1]
        # What AWS's own table lists for it, with fixed values of condition keys.
        self.listed = {}
        for one in listed or []:
            self.listed.update({one: {}} if isinstance(one, str) else one)
        names = entry.get("actions", [self.name])
        self.actions = [f"{prefix}:{one}" for one in names or []]

    def line(self):
        if not self.actions:
            return [self.key, "none", *([f"tags {','.join(self.tags())}"] if self.tags() else [])]
        clauses = [self.key]
        if self.actions != [f"{self.prefix}:{self.name}"]:
            clauses.append(" ".join(["one" if self.key in ONE_OF else "is", *self.actions]))
        versions = [f"{one}={one.replace('Object', 'ObjectVersion')}" for one in VERSIONS.get(self.key, [])]
        clauses += [f"version {','.join(versions)}"] if versions else []
        clauses += [f"makes {','.join(self.made())}"] if self.made() else []
        clauses += [f"either {','.join(types)}" for types in self.either()]
        tags, roles = self.tags(), self.entry.get("roles", [])
        clauses += [f"tags {','.join(tags)}"] if tags else []
        clauses += [f"roles {','.join(roles)}"] if roles and not NOT_PASSED.match(self.key) else []
        return clauses + [f"ask {ask}" for ask in self.asks()]

    def tags(self):
        """The members that pass tags. Others hold keys only, as UntagResource's."""
        return [member for member, kind in self.entry.get("tags", []) if kind != "keys"]

    def made(self):
        if self.key in MADE:
            return MADE[self.key]
        if self.prefix != "ec2":
            return []
        required = [row["type"] for row in self.catalogue.rows(self.actions[0]) if row.get("required")]
        found = self.entry.get("resources", {})
        return [one for one in required
                if found.get(one, {}).get("by") == "made" and f"{self.key} {one}" not in NOT_MADE]

    def either(self):
        if self.key in EITHER:
            return [EITHER[self.key]]
        by_member = defaultdict(list)
        for row in self.catalogue.rows(self.actions[0]):
            found = self.entry.get("resources", {}).get(row["type"], {})
            member = found.get("from")
            if isinstance(member, dict):
                named = {one for one in member.values() if one}
                member = named.pop() if len(named) == 1 and found["by"] == "partial" else None
            if row.get("required") and member and member.lower().endswith("arn"):
                by_member[member].append(row["type"])
        return [types for types in by_member.values() if len(types) > 1]

    def asks(self):
        asks = {ask.split(" ")[0]: ask for ask in ASKS.get(self.key, [])}
        tagging = self.tagging()
        if tagging:
            asks.setdefault(tagging.split(" ")[0], tagging)
        passing = self.passing()
        if passing:
            asks["iam:PassRole"] = passing
        tagging_actions = {f"{self.prefix}:{one}" for one in self.entry.get("tagging", [])}
        for other in [*self.entry.get("dependents", []), *self.listed]:
            is_tagging = self.tags() and other in tagging_actions
            if other not in self.actions and other != "iam:PassRole" and not is_tagging:
                asks.setdefault(other, other)
        return sorted(asks.values())

    def tagging(self):
        if NOT_TAGGED.match(self.key) or not self.tags() or self.key in ASKS:
            return None
        if self.key in TAGGED:
            action, types = TAGGED[self.key]
        else:
            action, types = self.tagging_by_rule()
        if not action:
            return None
        action = f"{self.prefix}:{action}"
        words = [action, "when aws:RequestTag,aws:TagKeys"]
        key = self.catalogue.create_action(action)
        words += [f"as {key}"] if key else []
        other = OR.get(f"{self.key} {action}")
        words += [f"or {other}"] if other else []
        words += ["new"] if not self.name.startswith(CHANGES) else []
        words += [f"on {','.join(types)}"] if types else []
        return " ".join(words)

    def tagging_by_rule(self):
        candidates = self.entry.get("tagging", [])
        stated = [*self.listed, *self.entry.get("dependents", [])]
        candidates = [one for one in candidates if f"{self.prefix}:{one}" in stated] or candidates
        for action in candidates:
            taggable = self.catalogue.types(f"{self.prefix}:{action}")
            carrying = self.catalogue.types(self.actions[0], "aws:RequestTag/${TagKey}")
            by_row = [one for one in carrying if one in taggable]
            # EC2 lists the key on the rows of what takes tags. Elsewhere the operation is named after it.
            types = by_row if self.prefix == "ec2" else named_in(self.name, taggable) or by_row
            if types:
                return action, types
        return None, []

    def passing(self):
        """iam:PassRole, if AWS's table or the reference lists it, or a member names a role."""
        stated = "iam:PassRole" in self.listed or "iam:PassRole" in self.entry.get("dependents", [])
        named = bool(self.entry.get("roles")) and not NOT_PASSED.match(self.key)
        if not stated and not named:
            return None
        services = self.listed.get("iam:PassRole", {}).get("iam:PassedToService") or PASSED_TO.get(self.key, [])
        words = ["iam:PassRole"]
        words += [f"to {','.join(services)}"] if services else []
        words += [] if stated or self.key in PASSED_TO else ["unlisted"]
        return " ".join(words)


def lines(folder, services):
    """The text of operations.txt."""
    read = lambda name: json.loads((Path(folder) / name).read_text())
    derived, listed = read("operations.json"), read("aws-operations-read.json")["operations"]
    catalogue = Catalogue(services)
    heads, taken = [], set()
    body = [f"{key}; is {' '.join(actions)}" for key, actions in OTHERS.items()]
    for service, about in derived.items():
        prefix, operations = about["prefix"], about["operations"]
        heads.append(f"{service} {prefix} {len(operations)}")
        for name, entry in sorted(operations.items()):
            # S3 Control has operations by the names of S3's, for Outposts and for whole accounts.
            key = f"{service if f'{prefix}:{name}' in taken else prefix}:{name}"
            taken.add(key)
            operation = Operation(catalogue, prefix, key, entry, listed.get(prefix, {}).get(name))
            clauses = operation.line()
            if len(clauses) > 1:
                body.append("; ".join(clauses))
    return "\n".join(heads) + "\n\n" + "\n".join(sorted(body)) + "\n"
