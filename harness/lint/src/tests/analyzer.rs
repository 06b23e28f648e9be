//! A case for every check of IAM Access Analyzer's that is not about grammar, beside those in `cases`.
//! docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html

use policy::Kind::{Identity, Resource, ResourceControl, Trust};

use super::{Case, check};

#[test]
fn each_is_found() {
    check(CASES);
}

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    // ARNs.
    Case(Identity, r#""Effect": "Allow", "Action": "ecs:StopTask", "Resource": ["arn:amazon:ecs:*:*:task/c/a", "arn:aws:ecs:us-esat-1:*:task/*", "arn:aws:ecs:*:1234:task/*",
        "arn:aws:ecs::111122223333:task/*", "arn:aws:ecs:us-east-1::task/*"]"#, &[
        r#"INVALID_PARTITION | "arn:amazon:ecs:*:*:task/c/a""#,
        r#"INVALID_ARN_REGION | "arn:aws:ecs:us-esat-1:*:task/*""#,
        r#"INVALID_ARN_ACCOUNT | "arn:aws:ecs:*:1234:task/*""#,
        r#"MISSING_ARN_REGION | "arn:aws:ecs::111122223333:task/*""#,
        r#"MISSING_ARN_ACCOUNT | "arn:aws:ecs:us-east-1::task/*""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "iam:GetRole", "Resource": "arn:aws:iam:us-east-1:111122223333:role/r""#, &[
        r#"ACTION_AND_RESOURCE_NEVER_MEET | "iam:GetRole""#,
        r#"ARN_REGION_NOT_ALLOWED | "arn:aws:iam:us-east-1:111122223333:role/r""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3::111122223333:bucket""#, &[
        r#"ACTION_AND_RESOURCE_NEVER_MEET | "s3:ListBucket""#,
        r#"ARN_ACCOUNT_NOT_ALLOWED | "arn:aws:s3::111122223333:bucket""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "states:StartExecution", "Resource": "arn:aws:states:*:*:statemachine:x""#, &[
        r#"ACTION_AND_RESOURCE_NEVER_MEET | "states:StartExecution""#,
        r#"INVALID_ARN_RESOURCE | "arn:aws:states:*:*:statemachine:x""#,
    ]),

    // What stands twice. The first two are the examples of the page.
    Case(Identity, r#""Effect": "Allow", "Action": ["iam:Get*", "iam:List*", "iam:GetCredentialReport", "IAM:list*"], "Resource": "*""#, &[
        r#"REDUNDANT_ACTION | "iam:GetCredentialReport""#,
        r#"REDUNDANT_ACTION | "IAM:list*""#,
    ]),
    Case(Identity, r#""Effect": "Deny", "Action": "iam:GetRole", "Resource": ["arn:aws:iam::111122223333:role/jane-admin", "arn:aws:iam::111122223333:role/jane*"]"#, &[
        r#"REDUNDANT_RESOURCE | "arn:aws:iam::111122223333:role/jane-admin""#,
    ]),
    Case(Identity, r#"{"Version": "2012-10-17", "Statement": [
        {"Sid": "a", "Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"},
        {"Effect": "Deny", "Resource": ["*"], "Action": "s3:GetObject"}]}"#, &[
        r#"REDUNDANT_STATEMENT | "Effect""#,
    ]),
    Case(Identity, r#""Effect": "Deny", "Action": "s3:GetObject", "Resource": "*", "Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": ["2700", "3600"]}}"#, &[
        r#"REDUNDANT_CONDITION_VALUE_NUM | "2700""#,
    ]),

    // Service-linked roles.
    Case(Identity, r#""Effect": "Allow", "Action": "iam:CreateServiceLinkedRole", "Resource": "arn:aws:iam::*:role/aws-service-role/*""#, &[
        r#"CREATE_SLR_WITH_STAR_IN_RESOURCE | "arn:aws:iam::*:role/aws-service-role/*""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "iam:CreateServiceLinkedRole", "NotResource": "arn:aws:iam::*:role/aws-service-role/ecs.amazonaws.com/*""#, &[
        r#"CREATE_SLR_WITH_NOT_RESOURCE | "arn:aws:iam::*:role/aws-service-role/ecs.amazonaws.com/*""#,
    ]),

    // Tags under NotAction.
    Case(Identity, r#""Effect": "Deny", "NotAction": "s3:GetObject", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/a": "b"}}"#, &[
        r#"DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE | "aws:ResourceTag/a""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "NotAction": "iam:*", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/a": "b"}}"#, &[
        r#"ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE | "aws:ResourceTag/a""#,
    ]),

    // Principals.
    Case(Resource, r#""Effect": "Allow", "Principal": {"Federated": "accounts.google.com"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*""#, &[
        r#"FEDERATED_PRINCIPAL_NOT_SUPPORTED | "accounts.google.com""#,
    ]),
    Case(Resource, r#""Effect": "Allow", "Principal": {"Service": "CloudTrail.amazonaws.com"}, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/*""#, &[
        r#"INVALID_SERVICE_PRINCIPAL_FORMAT | "CloudTrail.amazonaws.com""#,
        r#"RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL | "CloudTrail.amazonaws.com""#,
    ]),
    Case(Resource, r#""Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*",
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5", "aws:Referer": "me"}}"#, &[
        r#"UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL | "aws:PrincipalOrgID""#,
        r#"UNTRUSTWORTHY_CONDITION_KEY | "aws:Referer""#,
        r#"RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL | "aws:Referer""#,
    ]),
    Case(Trust, r#""Effect": "Allow", "Principal": {"AWS": ["*", "arn:aws:iam::111122223333:role/r", "arn:aws:sts::111122223333:assumed-role/r/s"], "Federated": "me"}, "Action": "sts:AssumeRoleWithSAML""#, &[
        r#"ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL | "*""#,
        r#"REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY | "arn:aws:sts::111122223333:assumed-role/r/s""#,
        r#"INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY | "me""#,
    ]),
    Case(Trust, r#""Effect": "Allow", "Principal": {"AWS": ["AROAEXAMPLEEXAMPLE123", "AIDAEXAMPLEEXAMPLE123"]}, "Action": ["sts:AssumeRoleWithSAML"]"#, &[
        r#"INVALID_ROLE_REFERENCE | "AROAEXAMPLEEXAMPLE123""#,
        r#"INVALID_USER_REFERENCE | "AIDAEXAMPLEEXAMPLE123""#,
        r#"MISMATCHED_ACTION_FOR_PRINCIPAL | "sts:AssumeRoleWithSAML""#,
    ]),
    Case(Trust, r#""Effect": "Allow", "Principal": {"Service": "rolesanywhere.amazonaws.com"}, "Action": "sts:AssumeRole""#, &[
        r#"MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY | "rolesanywhere.amazonaws.com""#,
    ]),
    Case(Trust, r#""Effect": "Allow", "Principal": {"Federated": "accounts.google.com"}, "Action": "sts:AssumeRoleWithWebIdentity""#, &[
        r#"MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL | "accounts.google.com""#,
    ]),
    Case(Trust, r#""Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}, "Action": "sts:AssumeRoleWithWebIdentity""#, &[
        r#"MISSING_GITHUB_REPO_CONDITION_KEY | "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com""#,
    ]),
    Case(Trust, r#""Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}, "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:me/*:*"}}"#, &[
        r#"SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED | "repo:me/*:*""#,
    ]),
    Case(Trust, r#""Effect": "Allow", "Principal": {"Federated": "accounts.google.com"}, "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"ForAnyValue:StringEquals": {"accounts.google.com:aud": "a"}, "ForAllValues:StringLike": {"idp.example.com:aud": "a"}, "Null": {"idp.example.com:aud": "false"}}"#, &[
        r#"FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE | "ForAnyValue:StringEquals""#,
        r#"CONFIRM_AUDIENCE_CLAIM_TYPE | "ForAllValues:StringLike""#,
    ]),
    Case(Trust, r#""Effect": "Deny", "Principal": {}, "Action": "sts:AssumeRole""#, &["INVALID_PRINCIPAL_FORMAT | {}", "EMPTY_OBJECT_PRINCIPAL | {}"]),

    // Values.
    Case(Identity, r#""Effect": "Deny", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1", "aws:SourceVpce": ["vpce-1", "vpce-0a1b2c3d"], "aws:RequestedRegion": "eu_west_1"},
        "DateLessThan": {"aws:CurrentTime": "1735689600"}, "NumericEquals": {"s3:max-keys": ["1", 2]}}"#, &[
        r#"INVALID_VPC_FORMAT | "vpc-1""#,
        r#"INVALID_VPCE_FORMAT | "vpce-1""#,
        r#"INVALID_REGION | "eu_west_1""#,
        r#"INVALID_DATE_VALUE | "1735689600""#,
        r#"UNSUPPORTED_ACTION_FOR_CONDITION_KEY | "s3:max-keys""#,
        r#"INVALID_CONDITION_DATA_TYPE | ["1", 2]"#,
    ]),
    Case(Identity, r#""Effect": "Deny", "Action": "s3:GetObject", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}, "NotIpAddress": {"aws:SourceIp": ["192.168.1.0/24"]},
        "IpAddressIfExists": {"aws:SourceIp": ["172.16.0.0/12", "203.0.113.7/24"]}, "NotIpAddressIfExists": {"aws:SourceIp": ["fd00::/8", "203.0.113.0/24"]}}"#, &[
        r#"PRIVATE_IP_ADDRESS | "10.0.0.0/8""#,
        r#"PRIVATE_NOT_IP_ADDRESS | "192.168.1.0/24""#,
        r#"PRIVATE_IP_ADDRESS_SUBSET | "172.16.0.0/12""#,
        r#"IMPROVE_IP_RANGE | "203.0.113.7/24""#,
        r#"IFEXISTS_WITH_NEGATED_OPERATOR | "NotIpAddressIfExists""#,
        r#"PRIVATE_NOT_IP_ADDRESS_SUBSET | "fd00::/8""#,
    ]),
    Case(Identity, r#""Effect": "Deny", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringLike": {"aws:PrincipalTag/a": "*"}, "StringNotLike": {"aws:PrincipalTag/b": "*"},
        "StringLikeIfExists": {"aws:PrincipalTag/c": "*"}, "ForAnyValue:StringNotLike": {"aws:PrincipalOrgPaths": "*"}}"#, &[
        r#"EQUIVALENT_TO_NULL_FALSE | "*""#,
        r#"EQUIVALENT_TO_NULL_TRUE | "*""#,
        r#"REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION | "*""#,
        r#"DENY_FORANYVALUE_NEGATED | "ForAnyValue:StringNotLike""#,
        r#"REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION | "*""#,
    ]),

    // Keys with rules of their own.
    Case(Identity, r#""Effect": "Deny", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringLike": {"aws:PrincipalOrgID": "o-*", "aws:SourceAccount": "${aws:PrincipalTag/a}", "aws:userid": ["AROA*", "AROAEXAMPLE:*"]},
        "IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}, "StringEquals": {"aws:ARN": "a"}}"#, &[
        r#"WILDCARD_USAGE_TOO_PERMISSIVE | "o-*""#,
        r#"SOURCE_KEY_IN_IDENTITY_POLICY | "aws:SourceAccount""#,
        r#"VARIABLE_USAGE_TOO_PERMISSIVE | "${aws:PrincipalTag/a}""#,
        r#"WILDCARD_USAGE_TOO_PERMISSIVE | "AROA*""#,
        r#"MISSING_PAIRED_CONDITION_KEYS | "aws:VpcSourceIp""#,
        r#"UNSUPPORTED_GLOBAL_CONDITION_KEY | "aws:ARN""#,
    ]),
    Case(Identity, r#""Effect": "Deny", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/a*"}}"#, &[
        r#"STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS | "StringLike""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*", "Condition": {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["a"]}, "Null": {"dynamodb:Attributes": "false"}}"#, &[
        r#"DYNAMODB_ATTRIBUTES_WITHOUT_SELECT | "dynamodb:Attributes""#,
        r#"DYNAMODB_ATTRIBUTES_WITHOUT_SELECT | "dynamodb:Attributes""#,
    ]),
    Case(Resource, r#""Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringEquals": {"s3:ResourceAccount": "111122223333"}}"#, &[
        r#"IRRELEVANT_CONDITION_KEY_IN_POLICY | "s3:ResourceAccount""#,
    ]),

    // Resource control policies.
    Case(ResourceControl, r#""Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*""#, &[r#"RCP_SYNTAX_ERROR_ALLOW | "Allow""#]),
    Case(ResourceControl, r#""Effect": "Deny", "Principal": "*", "Action": ["*", "iam:*"], "Resource": "*", "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}"#, &[
        r#"RCP_SYNTAX_ERROR_ACTION | "*""#,
        r#"RCP_SYNTAX_ERROR_ACTION | "iam:*""#,
        r#"REDUNDANT_ACTION | "iam:*""#,
        r#"RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY | "aws:PrincipalOrgID""#,
    ]),
    Case(ResourceControl, r#""Effect": "Deny", "Principal": "*", "Action": "s4:GetObject", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}"#, &[
        r#"INVALID_SERVICE_IN_ACTION | "s4:GetObject""#,
    ]),
    Case(ResourceControl, r#""Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringNotEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}}"#, &[
        r#"RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY | "aws:SourceOrgID""#,
        r#"RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK | "aws:SourceOrgID""#,
    ]),

    // Templates' text.
    Case(Identity, r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b-${AWS::AccountId}/*""#, &[
        r#"PSEUDO_PARAMETER_WITHOUT_SUB | "arn:aws:s3:::b-${AWS::AccountId}/*""#,
    ]),
    Case(Identity, r#""Effect": "Deny", "Action": "ecs:RunTask", "Resource": "*", "Condition": {"Null": {"aws:RequestTag/a": "true", "aws:RequestTag/b": "true"}}"#, &[
        r#"DENY_NEEDS_EACH_TAG_WRONG | "aws:RequestTag/b""#,
    ]),
];
