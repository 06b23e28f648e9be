//! Policies with nothing to say about, each near to one with something.

use policy::Kind::{Identity, Resource, ResourceControl, ServiceControl, Session, Trust};

use super::{Case, check};

#[test]
fn nothing_is_said() {
    check(CASES);
}

#[rustfmt::skip]
const CASES: &[Case] = &[
    // Letter case of actions and key names does not count, and neither does a list of one.
    Case(Identity, r#""Effect": "Allow", "Action": ["S3:getobject"], "Resource": ["arn:aws:s3:::b/*"], "Condition": {"stringequals": {"AWS:principaltag/a": ["b"]}}"#, &[]),
    // A pattern that stands for buckets and objects, and the two together.
    Case(Identity, r#""Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": "arn:aws:s3:::b*""#, &[]),
    Case(Identity, r#""Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]"#, &[]),
    Case(Identity, r#""Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::${aws:PrincipalTag/bucket}""#, &[]),
    Case(Identity, r#""Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "arn:aws:s3:::*""#, &[]),
    Case(Identity, r#""Effect": "Allow", "Action": "logs:DescribeLogStreams", "Resource": "arn:aws:logs:*:*:log-group:/ecs/*:log-stream:*""#, &[]),
    Case(Identity, r#""Effect": "Allow", "Action": "ecs:RunTask", "Resource": "arn:aws:ecs:*:*:task-definition/web:*""#, &[]),
    // Some action of the pattern carries the key.
    Case(Identity, r#""Effect": "Allow", "Action": "s3:Get*", "Resource": "*", "Condition": {"StringEquals": {"s3:ExistingObjectTag/a": "b"}}"#, &[]),
    // "If it is there": said on purpose of actions that do not carry it.
    Case(Identity, r#""Effect": "Allow", "Action": ["iam:PassRole", "iam:GetRole"], "Resource": "*", "Condition": {"StringEqualsIfExists": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}"#, &[]),
    // No page says that the requests for the further actions lack it.
    Case(Trust, r#""Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"], "Condition": {"StringEquals": {"sts:ExternalId": "a"}}"#, &[]),
    Case(Trust, r#""Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": ["sts:AssumeRole", "sts:TagSession"], "Condition": {"StringEquals": {"sts:ExternalId": "a", "aws:RequestTag/team": "b"}}"#, &[]),
    // Providers' own keys, and variables of them.
    Case(Trust, r#""Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}, "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}, "StringLike": {"token.actions.githubusercontent.com:sub": "repo:me/mine:*"}}"#, &[]),
    // What Access Analyzer's checks leave alone.
    Case(Identity, r#""Effect": "Allow", "Action": "iam:CreateServiceLinkedRole", "Resource": "*", "Condition": {"StringEquals": {"iam:AWSServiceName": "ecs.amazonaws.com"}}"#, &[]),
    Case(Identity, r#""Effect": "Allow", "Action": "ssm:GetParameter", "Resource": "arn:aws:ssm:*::parameter/aws/service/*""#, &[]),
    Case(Identity, r#""Effect": "Allow", "Action": "ec2:RunInstances", "Resource": ["arn:aws:ec2:us-gov-west-1::image/ami-1", "arn:aws-cn:ec2:cn-northwest-1:*:instance/*"]"#, &[]),
    Case(Identity, r#""Effect": "Allow", "Action": "iam:GetPolicy", "Resource": "arn:aws:iam::aws:policy/ReadOnlyAccess""#, &[]),
    Case(Identity, r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "172.32.0.0/16"], "aws:VpcSourceIp": "10.0.0.0/8"},
        "StringEquals": {"aws:SourceVpc": "vpc-0a1b2c3d", "aws:ResourceAccount": "${aws:PrincipalAccount}"}}"#, &[]),
    Case(Identity, r#""Effect": "Allow", "Action": ["iam:Get*", "iam:*CredentialReport"], "Resource": "*""#, &[]),
    Case(Resource, r#""Effect": "Deny", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/*""#, &[]),
    Case(Trust, r#""Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/corp"}, "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"], "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}"#, &[]),
    Case(Trust, r#""Effect": "Allow", "Principal": {"Service": "rolesanywhere.amazonaws.com"}, "Action": ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]"#, &[]),
    Case(ResourceControl, r#""Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}"#,
        &[r#"IFEXISTS_WITH_NEGATED_OPERATOR | "StringNotEqualsIfExists""#]),
    Case(ResourceControl, r#""Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}, "Null": {"aws:SourceAccount": "false"}, "Bool": {"aws:PrincipalIsAWSService": "true"}}"#, &[]),
    Case(Identity, r#""Effect": "Deny", "Action": "ecs:RunTask", "Resource": "*", "Condition": {"Null": {"aws:RequestTag/a": "true", "aws:PrincipalTag/a": "true"}}"#, &[]),
    // Every request has the key, the tag has to be there, or it is the only resource's.
    Case(ServiceControl, r#""Effect": "Deny", "NotAction": "iam:*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:PrincipalTag/team": "a"}}"#, &[]),
    Case(ServiceControl, r#""Effect": "Deny", "NotAction": "iam:*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}"#, &[]),
    Case(Resource, r#""Effect": "Deny", "Principal": "*", "NotAction": "sqs:SendMessage", "Resource": "*", "Condition": {"StringNotEquals": {"aws:ResourceTag/team": "a"}}"#, &[]),
    // Guarded against missing keys.
    Case(Identity, r#""Effect": "Allow", "Action": "glue:CreateRegistry", "Resource": "*", "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": "Status"}, "Null": {"aws:TagKeys": "false"}}"#, &[]),
    Case(Identity, r#""Effect": "Allow", "Action": "glue:CreateRegistry", "Resource": "*", "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": "Status"}, "StringEquals": {"aws:RequestTag/Status": "OK"}}"#, &[]),
    Case(Identity, r#""Effect": "Allow", "Action": "ecs:TagResource", "Resource": "*", "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": "Status"}}"#, &[]),
    Case(Identity, r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:PrincipalTag/team}/*", "Condition": {"StringNotEquals": {"aws:PrincipalTag/team": ""}}"#, &[]),
    Case(Identity, r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}}"#, &[]),
    Case(Identity, r#""Effect": "Allow", "Action": "glue:CreateRegistry", "Resource": "*", "Condition": {"Null": {"aws:RequestTag/Status": "false"}, "StringNotEquals": {"aws:RequestTag/Status": "BAD"}}"#, &[]),
    Case(Identity, r#"{"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Action": "ecs:RunTask", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestTag/Status": "BAD"}}},
        {"Effect": "Deny", "Action": "ecs:RunTask", "Resource": "*", "Condition": {"Null": {"aws:RequestTag/Status": "true"}}}]}"#, &[]),
    // A request without the key is one that the Deny is meant for, as in AWS's examples.
    Case(Identity, r#""Effect": "Deny", "Action": ["s3:GetObject", "s3:PutObject", "s3:PutObjectAcl"], "Resource": "*", "Condition": {"StringNotEquals": {"aws:ResourceAccount": ["111122223333"]}, "ForAllValues:StringNotEquals": {"aws:CalledVia": ["dataexchange.amazonaws.com"]}}"#, &[]),
    Case(Resource, r#""Effect": "Deny", "Action": "lambda:InvokeFunction", "Principal": "*", "Resource": "arn:aws:lambda:us-east-2:111122223333:function:my-function", "Condition": {"ForAllValues:StringNotLike": {"aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*"]}}"#, &[]),
    Case(Identity, r#""Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"ForAllValues:StringNotLike": {"aws:ResourceOrgPaths": ["o-acorg/r-acroot/ou-acroot-mediaou/", "o-acorg/r-acroot/ou-acroot-sportsou/*"]}}"#, &[]),
    // Multi-factor authentication: what AWS recommends, and what says who is meant.
    Case(Identity, r#""Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}"#, &[]),
    Case(Identity, r#""Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}, "Null": {"aws:MultiFactorAuthPresent": "false"}}"#, &[]),
    Case(Identity, r#""Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}"#, &[]),
    Case(Identity, r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}"#, &[]),
    Case(Identity, r#"{"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}},
        {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"Null": {"aws:MultiFactorAuthPresent": "true"}}}]}"#, &[]),
    // Denying to touch a tag has no business with requests that touch none.
    Case(ServiceControl, r#""Effect": "Deny", "Action": ["ecs:TagResource", "ecs:UntagResource"], "Resource": "*", "Condition": {"ForAnyValue:StringEquals": {"aws:TagKeys": "Status"}}"#, &[]),
    Case(ServiceControl, r#""Effect": "Deny", "NotAction": "iam:*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}}"#, &[]),
    Case(Resource, r#""Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}}"#, &[]),
    // Who passes what to whom.
    Case(Identity, r#""Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}"#, &[]),
    Case(Identity, r#""Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::*:role/ecs-*""#, &[]),
    Case(Identity, r#""Effect": "Deny", "Action": "iam:PassRole", "Resource": "*""#, &[]),
    Case(ServiceControl, r#""Effect": "Allow", "Action": "*", "Resource": "*""#, &[]),
    Case(Session, r#""Effect": "Allow", "Action": "*", "Resource": "*""#, &[]),
    // About what the policy is attached to, in the forms that services take.
    Case(Resource, r#""Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": ["ecr:BatchGetImage", "ECR:PutImage"]"#, &[]),
    Case(Resource, r#""Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "elasticfilesystem:ClientMount""#, &[]),
    Case(Resource, r#""Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": ["execute-api:/test/*", "execute-api:/prod/GET/pets"]"#, &[]),
    Case(Resource, r#""Effect": "Deny", "Principal": {"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*""#, &[]),
    Case(ResourceControl, r#""Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*""#, &[]),
    // Where the source keys belong.
    Case(Trust, r#""Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole",
        "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:ecs:us-east-1:111122223333:*"}, "StringEquals": {"aws:SourceAccount": "111122223333"}}"#, &[]),
    Case(Resource, r#""Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/*",
        "Condition": {"StringEquals": {"aws:SourceArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/t"}}"#, &[]),
    Case(Trust, r#""Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"}, "Action": ["sts:AssumeRole", "sts:TagSession"]"#, &[]),
    Case(Trust, r#""Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": ["sts:AssumeRole", "sts:TagSession"], "Condition": {"StringEquals": {"aws:RequestTag/Status": "OK"}}"#, &[]),
    // The launch policy that works: the tag asked for at launch, tagging at launch only.
    Case(Identity, r#"{"Version": "2012-10-17", "Statement": [
        {"Sid": "Launch", "Effect": "Allow", "Action": "ecs:RunTask", "Resource": "arn:aws:ecs:*:111122223333:task-definition/ok:*", "Condition": {"StringEquals": {"aws:RequestTag/Status": "OK"}}},
        {"Sid": "Tag", "Effect": "Allow", "Action": "ecs:TagResource", "Resource": "*", "Condition": {"StringEquals": {"ecs:CreateAction": "RunTask"}}},
        {"Sid": "Pass", "Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/task-ok", "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}},
        {"Sid": "Force", "Effect": "Deny", "Action": ["ecs:RunTask", "ecs:StartTask"], "Resource": "*", "Condition": {"StringNotEquals": {"aws:RequestTag/Status": "OK"}}}]}"#, &[]),
    // Values and types that go together.
    Case(Identity, r#""Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*", "Condition": {
        "StringLike": {"s3:prefix": "home/${aws:username}/*"}, "NumericLessThanEquals": {"s3:max-keys": "10"}, "Bool": {"aws:SecureTransport": true},
        "IpAddress": {"aws:SourceIp": ["192.0.2.0/24", "2001:db8::/32"]}, "DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}, "NumericGreaterThan": {"aws:EpochTime": "1"},
        "StringEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/r"}}"#, &[]),
    Case(Identity, r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:PrincipalTag/team, 'none'}/*""#, &[]),
];
