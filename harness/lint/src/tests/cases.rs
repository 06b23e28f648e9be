//! A case for every code.

use std::collections::BTreeSet;

use policy::Kind::{Boundary, Identity, Resource, ResourceControl, ServiceControl, Session, Trust};

use super::{Case, check};
use crate::CODES;

#[test]
fn each_case_says_what_it_should() {
    check(CASES);
}

#[test]
fn each_code_has_a_case() {
    let sizes = ["IDENTITY_POLICY", "ROLE_TRUST_POLICY", "RESOURCE_POLICY", "SCP", "RCP", "SESSION_POLICY"];
    let sizes = sizes.iter().map(|kind| format!("POLICY_SIZE_EXCEEDS_{kind}_QUOTA"));
    let cases = CASES
        .iter()
        .chain(super::analyzer::CASES)
        .flat_map(|case| case.2)
        .map(|line| line.split(" | ").next().unwrap().to_owned());
    // Cases for sizes are in `robust`, those for comments in `suppression`.
    let comments = ["INVALID_SUPPRESSION", "UNUSED_SUPPRESSION"].map(str::to_owned);
    // What only a proof says is told to `deep`: its cases are beside it and in `tagproof-cli/tests/lint.rs`.
    let proved = ["STATEMENT", "CONDITION", "VALUE"].map(|part| format!("{part}_NEVER_DECIDES"));
    let covered: BTreeSet<String> = cases.chain(sizes).chain(comments).chain(proved).collect();
    assert_eq!(covered, CODES.iter().map(|code| code.name.to_owned()).collect());
}

#[rustfmt::skip]
const CASES: &[Case] = &[
    // What reading says.
    Case(Identity, r#"{"Version": "2012-10-17", "Statement": [}"#, &["JSON_SYNTAX_ERROR | }"]),
    Case(Identity, r#""Effect": "Allow", "Effect": "Deny", "Action": "*", "Resource": "x:y", "Sid": "a""#, &[
        r#"DUPLICATE_KEY | "Effect""#,
        r#"INVALID_ARN_PREFIX | "x:y""#,
    ]),
    Case(Identity, r#"[]"#, &["DATA_TYPE_MISMATCH | []"]),
    Case(Identity, r#"{"Version": "2012-10-18", "Statment": [], "Statement": []}"#, &[
        r#"INVALID_VERSION | "2012-10-18""#,
        r#"INVALID_POLICY_ELEMENT | "Statment""#,
        "MISSING_STATEMENT | []",
    ]),
    Case(Identity, r#"{"Version": "2012-10-17", "Statement": {}}"#, &[
        "MISSING_EFFECT | {}",
        "MISSING_ACTION | {}",
        "MISSING_RESOURCE | {}",
    ]),
    Case(Resource, r#""Effect": "Deny", "Action": "s3:*", "Resource": "*""#, &[
        r#"MISSING_PRINCIPAL | {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}"#,
    ]),
    Case(Identity, r#""Effect": "allow", "Principal": "*", "Action": "s3:*", "NotAction": "s3:*", "Resource": "*", "Sid": "a b""#, &[
        r#"INVALID_EFFECT | "allow""#,
        r#"UNSUPPORTED_PRINCIPAL | "Principal""#,
        r#"UNSUPPORTED_ELEMENT_COMBINATION | "s3:*""#,
        r#"UNSUPPORTED_SID | "a b""#,
    ]),
    Case(ServiceControl, r#""Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*""#, &[
        r#"SCP_SYNTAX_ERROR_PRINCIPAL | "Principal""#,
    ]),
    Case(ResourceControl, r#""Effect": "Deny", "Principal": "*", "NotAction": "s3:*", "Resource": "*""#, &[
        r#"RCP_SYNTAX_ERROR_NOTACTION | "NotAction""#,
    ]),
    Case(ResourceControl, r#"{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"},
        {"Effect": "Deny", "Principal": {"AWS": "111122223333"}, "Action": "s3:GetObject", "Resource": "*"},
        {"Effect": "Deny", "NotPrincipal": "*", "Action": "s3:GetObject", "Resource": "*"}]}"#, &[
        r#"RCP_SYNTAX_ERROR_ALLOW | "Allow""#,
        r#"RCP_SYNTAX_ERROR_PRINCIPAL | {"AWS": "111122223333"}"#,
        r#"RCP_SYNTAX_ERROR_PRINCIPAL | "NotPrincipal""#,
    ]),
    // A function and an event bus have nothing for the public; a bucket may.
    Case(Resource, r#"{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction", "Resource": "*"},
        {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "lambda:InvokeFunction", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}},
        {"Effect": "Deny", "Principal": "*", "Action": "events:PutEvents", "Resource": "*"},
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}"#, &[
        r#"EVERYBODY_WITHOUT_CONDITION | "*""#,
    ]),
    // What a statement without Resource is about depends on the service.
    Case(Resource, r#"{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": ["ecr:BatchGetImage", "s3:GetObject"]},
        {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "KMS:Decrypt"},
        {"Effect": "Deny", "Principal": {"AWS": "111122223333"}, "NotAction": "ecr:BatchGetImage"},
        {"Effect": "Deny", "Principal": {"AWS": "111122223333"}, "Action": "*"}]}"#, &[
        r#"MISSING_RESOURCE | {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": ["ecr:BatchGetImage", "s3:GetObject"]}"#,
        r#"MISSING_RESOURCE | {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "KMS:Decrypt"}"#,
        r#"MISSING_RESOURCE | {"Effect": "Deny", "Principal": {"AWS": "111122223333"}, "NotAction": "ecr:BatchGetImage"}"#,
        r#"MISSING_RESOURCE | {"Effect": "Deny", "Principal": {"AWS": "111122223333"}, "Action": "*"}"#,
    ]),
    // Words of messages in names change no code.
    Case(Resource, r#""Effect": "Deny", "Principal": {"AWS": "wildcard-user", "Action Resource": []}, "Action": "s3:*", "Resource": "*", "Principal Action": 1"#, &[
        r#"INVALID_PRINCIPAL_FORMAT | "wildcard-user""#,
        r#"INVALID_PRINCIPAL_KEY | "Action Resource""#,
        "EMPTY_ARRAY_PRINCIPAL | []",
        r#"INVALID_POLICY_ELEMENT | "Principal Action""#,
    ]),
    Case(Trust, r#""Effect": "Allow", "NotPrincipal": {"AWS": "111122223333"}, "Action": ["s3:GetObject", "sts:AssumeRole"], "Resource": "*""#, &[
        r#"ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL | "NotPrincipal""#,
        r#"ALLOW_WITH_NOT_PRINCIPAL | {"AWS": "111122223333"}"#,
        r#"UNSUPPORTED_ACTION_IN_POLICY | "s3:GetObject""#,
        r#"ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE | "Resource""#,
    ]),
    Case(Resource, r#""Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::111122223333:role/*", "me"], "Service": [], "Sevice": "x"}, "Action": [], "Resource": []"#, &[
        r#"UNSUPPORTED_WILDCARD_IN_PRINCIPAL | "arn:aws:iam::111122223333:role/*""#,
        r#"INVALID_PRINCIPAL_FORMAT | "me""#,
        "EMPTY_ARRAY_PRINCIPAL | []",
        r#"INVALID_PRINCIPAL_KEY | "Sevice""#,
        "EMPTY_ARRAY_ACTION | []",
        "EMPTY_ARRAY_RESOURCE | []",
    ]),
    Case(Identity, r#"{"Version": "2012-10-17", "Statement": [
        {"Sid": "a", "Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"},
        {"Sid": "a", "Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*"},
        {"Sid": "", "Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*"}]}"#, &[
        r#"UNIQUE_SIDS_REQUIRED | "a""#,
        r#"REDUNDANT_STATEMENT | "Sid""#,
        r#"EMPTY_SID_VALUE | """#,
    ]),
    Case(Resource, r#"{"Version": "2012-10-17", "Statement": [
        {"Sid": "a", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"},
        {"Sid": "a", "Effect": "Deny", "NotPrincipal": {"AWS": "111122223333"}, "Action": "s3:GetObject", "Resource": "*"}]}"#, &[
        r#"UNIQUE_SIDS_RECOMMENDED | "a""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {
        "StringEqauls": {"s3:prefix": "x"}, "NullIfExists": {"aws:PrincipalTag/a": "true"}, "ForAnyValue:Null": {"aws:TagKeys": "true"},
        "StringEquals": {"team": "x"}}"#, &[
        r#"INVALID_CONDITION_OPERATOR | "StringEqauls""#,
        r#"NULL_WITH_IF_EXISTS | "NullIfExists""#,
        r#"NULL_WITH_QUALIFIER | "ForAnyValue:Null""#,
        r#"INVALID_CONDITION_KEY_FORMAT | "team""#,
    ]),
    Case(Identity, r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}"#, &[
        r#"MISSING_VERSION | "Statement""#,
    ]),

    // Actions and resources.
    Case(Identity, r#""Effect": "Allow", "Resource": "*",
        "Action": ["s3:HeadObject", "s3:GetObjekt", "s3:Gett*", "S4:GetObject", "*s3:GetObject", "GetObject", "*TagSession", "Gett?Object"]"#, &[
        r#"INVALID_ACTION | "s3:HeadObject""#,
        r#"INVALID_ACTION | "s3:GetObjekt""#,
        r#"INVALID_ACTION | "s3:Gett*""#,
        r#"INVALID_SERVICE_IN_ACTION | "S4:GetObject""#,
        r#"WILDCARD_IN_SERVICE_NAME | "*s3:GetObject""#,
        r#"INVALID_ACTION | "GetObject""#,
        r#"WILDCARD_IN_SERVICE_NAME | "*TagSession""#,
        r#"INVALID_ACTION | "Gett?Object""#,
        r#"WILDCARD_IN_SERVICE_NAME | "Gett?Object""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject", "s3:Get*"], "Resource": "arn:aws:s3:::bucket/*""#, &[
        r#"ACTION_AND_RESOURCE_NEVER_MEET | "s3:ListBucket""#,
        r#"REDUNDANT_ACTION | "s3:GetObject""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": "arn:aws:s3:::bucket""#, &[
        r#"ACTION_AND_RESOURCE_NEVER_MEET | "s3:GetObject""#,
    ]),
    Case(Identity, r#""Effect": "Deny", "Action": "ecs:RunTask", "Resource": "arn:aws:ecs:*:*:task/*""#, &[
        r#"ACTION_AND_RESOURCE_NEVER_MEET | "ecs:RunTask""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "ecs:ListClusters", "Resource": "arn:aws:ecs:*:*:cluster/*""#, &[
        r#"ACTION_WITHOUT_RESOURCES | "ecs:ListClusters""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": ["arn:aws:s3", "arn:aws:S3:::bucket/*", "arn:aws:s3:::b/*"]"#, &[
        r#"MISSING_ARN_FIELD | "arn:aws:s3""#,
        r#"INVALID_ARN_SERVICE_CASE | "arn:aws:S3:::bucket/*""#,
    ]),
    // What IAM makes of it is met.
    Case(Identity, r#""Effect": "Deny", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs""#, &[
        r#"MISSING_ARN_FIELD | "arn:aws:sqs""#,
    ]),
    Case(Identity, r#""Effect": "Deny", "Action": "sqs:SendMessage", "Resource": "arn:aws:sns:us-east-1""#, &[
        r#"ACTION_AND_RESOURCE_NEVER_MEET | "sqs:SendMessage""#,
        r#"MISSING_ARN_FIELD | "arn:aws:sns:us-east-1""#,
    ]),
    Case(ServiceControl, r#""Effect": "Deny", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs""#, &[
        r#"MISSING_ARN_FIELD | "arn:aws:sqs""#,
    ]),
    Case(Session, r#""Effect": "Deny", "Action": "sqs:SendMessage", "Resource": ["arn:aws:sqs", "arn:aws:sqs:*"]"#, &[
        r#"MISSING_ARN_FIELD | "arn:aws:sqs""#,
        r#"MISSING_ARN_FIELD | "arn:aws:sqs:*""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam""#, &[
        r#"MISSING_ARN_FIELD | "arn:aws:iam""#,
        r#"PASS_ROLE_WITH_STAR_IN_RESOURCE | "arn:aws:iam""#,
    ]),

    // Keys.
    Case(Identity, r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringEquals": {
        "s3:ResourceTag/Status": "OK", "aws:PrincipleTag/Status": "OK", "ecs:taskTag/Status": "OK", "aws:PrincipalTag": "OK"}}"#, &[
        r#"INVALID_SERVICE_CONDITION_KEY | "s3:ResourceTag/Status""#,
        r#"INVALID_GLOBAL_CONDITION_KEY | "aws:PrincipleTag/Status""#,
        r#"INVALID_SERVICE_CONDITION_KEY | "ecs:taskTag/Status""#,
        r#"MISSING_TAG_KEY_IN_CONDITION | "aws:PrincipalTag""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringEquals": {
        "aws:PrincipalTag/Status": "OK", "aws:PrincipalTag/status": "ok"}}"#, &[
        r#"DUPLICATE_KEYS_WITH_DIFFERENT_CASE | "aws:PrincipalTag/status""#,
        r#"KEYS_DIFFER_ONLY_IN_CASE | "aws:PrincipalTag/status""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "ecs:RunTask", "Resource": "*", "Condition": {
        "StringEquals": {"aws:RequestTag/Status": "OK"}, "ForAllValues:StringEquals": {"aws:TagKeys": ["status"]}}"#, &[
        r#"TAG_ON_CREATE_NOT_ALLOWED | "ecs:RunTask""#, r#"KEYS_DIFFER_ONLY_IN_CASE | "status""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": ["ecs:RunTask", "ecs:ListTasks"], "Resource": "*", "Condition": {
        "StringEquals": {"aws:RequestTag/Status": "OK"}}"#, &[
        r#"TAG_ON_CREATE_NOT_ALLOWED | "ecs:RunTask""#, r#"UNSUPPORTED_ACTION_FOR_CONDITION_KEY | "aws:RequestTag/Status""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "s3:GetObject*", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestTag/a": "b"}}"#, &[
        r#"UNSUPPORTED_ACTION_FOR_CONDITION_KEY | "aws:RequestTag/a""#,
    ]),
    Case(Identity, r#""Effect": "Deny", "Action": "ecs:ListClusters", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/a": "b"}}"#, &[
        r#"DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE | "aws:ResourceTag/a""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": ["ecs:ListClusters", "ecs:StopTask"], "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/a": "b"}}"#, &[
        r#"ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE | "aws:ResourceTag/a""#,
    ]),

    // Operators.
    Case(Identity, r#""Effect": "Allow", "Action": "ecs:TagResource", "Resource": "*", "Condition": {"StringEquals": {"aws:TagKeys": "Status"}}"#, &[
        r#"MISSING_QUALIFIER | "StringEquals""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {
        "ForAnyValue:StringEquals": {"aws:PrincipalTag/a": "b"}, "ForAllValues:StringEquals": {"aws:PrincipalTag/a": "b"}}"#, &[
        r#"FORANYVALUE_WITH_SINGLE_VALUED_KEY | "ForAnyValue:StringEquals""#,
        r#"FORALLVALUES_WITH_SINGLE_VALUED_KEY | "ForAllValues:StringEquals""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*", "Condition": {
        "StringEquals": {"aws:SecureTransport": "true", "aws:SourceIp": "192.0.2.1", "s3:max-keys": "10"},
        "NumericEquals": {"s3:prefix": "1", "aws:EpochTime": "1"}, "ArnLike": {"aws:userid": "*"}, "Bool": {"aws:PrincipalArn": "true"}}"#, &[
        r#"TYPE_MISMATCH | "StringEquals""#,
        r#"TYPE_MISMATCH | "StringEquals""#,
        r#"TYPE_MISMATCH | "StringEquals""#,
        r#"TYPE_MISMATCH | "NumericEquals""#,
        r#"TYPE_MISMATCH | "ArnLike""#,
        r#"TYPE_MISMATCH | "Bool""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*", "Condition": {
        "Bool": {"aws:SecureTransport": ["yes", "true"]}, "NumericLessThan": {"s3:max-keys": "ten"},
        "DateLessThan": {"aws:CurrentTime": "tomorrow"}, "IpAddress": {"aws:SourceIp": "192.0.2.0/33"},
        "BinaryEquals": {"oidc.example.com:key": "???"}, "Null": {"aws:PrincipalTag/a": "no"}}"#, &[
        r#"INVALID_CONDITION_MULTIPLE_BOOLEAN | ["yes", "true"]"#,
        r#"TYPE_MISMATCH_BOOLEAN | "yes""#,
        r#"TYPE_MISMATCH_NUMBER | "ten""#,
        r#"TYPE_MISMATCH_DATE | "tomorrow""#,
        r#"TYPE_MISMATCH_IP_RANGE | "192.0.2.0/33""#,
        r#"TYPE_MISMATCH_STRING | "???""#,
        r#"TYPE_MISMATCH_BOOLEAN | "no""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*", "Condition": {"StringEquals": {"s3:prefix": ["home/*", "a${*}", "b"]}}"#, &[
        r#"WILDCARD_WITHOUT_LIKE_OPERATOR | "home/*""#,
    ]),
    Case(Identity, r#""Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"StringNotEqualsIfExists": {"aws:PrincipalTag/team": "a"}}"#, &[
        r#"IFEXISTS_WITH_NEGATED_OPERATOR | "StringNotEqualsIfExists""#,
    ]),
    Case(Identity, r#""Effect": "Deny", "Action": "ecs:RunTask", "Resource": "*", "Condition": {
        "StringNotEquals": {"aws:RequestTag/a": []}, "ForAnyValue:StringEquals": {"aws:TagKeys": []}, "StringLikeIfExists": {"ecs:cluster": []}}"#, &[
        "EMPTY_ARRAY_CONDITION | []",
        "EMPTY_ARRAY_CONDITION_FORANYVALUE | []",
        "EMPTY_ARRAY_CONDITION_IFEXISTS | []",
    ]),
    Case(Identity, r#""Effect": "Deny", "Action": "ecs:RunTask", "Resource": "*", "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": []}}"#, &[
        r#"FORALLVALUES_DENY_WITHOUT_NULL_CHECK | "ForAllValues:StringEquals""#,
        "EMPTY_ARRAY_CONDITION_FORALLVALUES | []",
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {}"#, &["EMPTY_OBJECT_CONDITION | {}"]),

    // Missing keys.
    Case(Identity, r#""Effect": "Allow", "Action": "ecs:RunTask", "Resource": "*", "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["Status"]}}"#, &[
        r#"FORALLVALUES_ALLOW_WITHOUT_NULL_CHECK | "ForAllValues:StringEquals""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {
        "StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}, "BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}"#, &[
        r#"ALLOW_WITHOUT_KEY | "StringNotEquals""#,
        r#"ALLOW_WITHOUT_KEY | "BoolIfExists""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "ecs:RunTask", "Resource": "*", "Condition": {"Null": {"aws:RequestTag/Status": "false"}}"#, &[
        r#"TAG_ON_CREATE_NOT_ALLOWED | "ecs:RunTask""#, r#"ALLOW_ANY_VALUE | "aws:RequestTag/Status": "false""#,
    ]),
    Case(Identity, r#""Effect": "Deny", "Action": "ecs:RunTask", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestTag/Status": "BAD"}}"#, &[
        r#"DENY_MISSES_UNTAGGED | "StringEquals""#,
    ]),
    Case(Identity, r#""Effect": "Deny", "NotAction": "iam:*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false", "aws:ViaAWSService": "false"}}"#, &[
        r#"DENY_MISSES_LONG_TERM_CREDENTIALS | "Bool""#,
    ]),
    // Only a Deny of all others is meant for a request without the key.
    Case(Identity, r#""Effect": "Deny", "Action": "s3:GetObject", "Resource": "*", "Condition": {"ForAllValues:StringEquals": {"aws:CalledVia": "athena.amazonaws.com"}}"#, &[
        r#"FORALLVALUES_DENY_WITHOUT_NULL_CHECK | "ForAllValues:StringEquals""#,
    ]),
    Case(ServiceControl, r#""Effect": "Deny", "Action": "ecs:*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:RequestTag/Status": "OK"}}"#, &[
        r#"DENY_WITHOUT_KEY | "ecs:*""#,
    ]),
    // Every action but a few: most of the others never carry the tag.
    Case(ServiceControl, r#""Effect": "Deny", "NotAction": "iam:*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:ResourceTag/team": "a"}}"#, &[
        r#"DENY_WITHOUT_KEY | "aws:ResourceTag/team""#,
    ]),
    Case(Identity, r#""Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "Resource": "*", "Condition": {"Null": {"aws:RequestTag/team": "true"}}"#, &[
        r#"DENY_WITHOUT_KEY | "aws:RequestTag/team""#,
    ]),
    Case(Boundary, r#""Effect": "Deny", "NotAction": "s3:GetObject", "Resource": "*", "Condition": {"StringEqualsIfExists": {"aws:ResourceTag/Status": "NG"}, "Bool": {"aws:ViaAWSService": "false"}}"#, &[
        r#"DENY_WITHOUT_KEY | "aws:ResourceTag/Status""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "ec2:CreateSnapshot", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/team": "a"}}"#, &[
        r#"ALLOW_UNMET_ON_REQUIRED_RESOURCE | "aws:ResourceTag/team""#,
    ]),
    Case(ServiceControl, r#""Effect": "Deny", "Action": "ec2:RunInstances", "Resource": "*", "Condition": {"Null": {"aws:RequestTag/team": "true"}}"#, &[
        r#"DENY_MET_ON_REQUIRED_RESOURCE | "aws:RequestTag/team""#,
    ]),

    // Variables.
    Case(Identity, r#"{"Version": "2008-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:username}/*"}}"#, &[
        r#"VARIABLE_UNSUPPORTED_IN_VERSION | "arn:aws:s3:::b/${aws:username}/*""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "${aws:PrincipalTag/a}:*", "Resource": ["arn:aws:s3:::b/${aws:username", "arn:aws:s3:::${}/a",
        "arn:aws:s3:::b/${aws:username, none}/*", "arn:aws:s3:::b/${ aws:username}/*", "arn:aws:s3:::b/${aws:usrname}/*", "arn:aws:s3:::b/${aws:TagKeys}/*"]"#, &[
        r#"VARIABLE_UNSUPPORTED_IN_ELEMENT | "${aws:PrincipalTag/a}:*""#,
        r#"MISSING_BRACE_IN_VARIABLE | "arn:aws:s3:::b/${aws:username""#,
        r#"EMPTY_VARIABLE | "arn:aws:s3:::${}/a""#,
        r#"MISSING_QUOTE_IN_VARIABLE | "arn:aws:s3:::b/${aws:username, none}/*""#,
        r#"UNSUPPORTED_SPACE_IN_VARIABLE | "arn:aws:s3:::b/${ aws:username}/*""#,
        r#"INVALID_VARIABLE_KEY | "arn:aws:s3:::b/${aws:usrname}/*""#,
        r#"MULTIVALUED_VARIABLE | "arn:aws:s3:::b/${aws:TagKeys}/*""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*", "Condition": {"NumericEquals": {"s3:max-keys": "${aws:PrincipalTag/n}"}}"#, &[
        r#"INVALID_VARIABLE_FOR_OPERATOR | "${aws:PrincipalTag/n}""#,
    ]),

    // iam:PassRole.
    Case(Identity, r#""Effect": "Allow", "Action": "iam:PassRole", "Resource": "*""#, &[r#"PASS_ROLE_WITH_STAR_IN_RESOURCE | "*""#]),
    Case(Identity, r#""Effect": "Allow", "Action": "iam:PassRole", "NotResource": "arn:aws:iam::*:role/admin""#, &[
        r#"PASS_ROLE_WITH_NOT_RESOURCE | "arn:aws:iam::*:role/admin""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "iam:*", "Resource": "arn:aws:iam::*:role/*""#, &[
        r#"PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE | "arn:aws:iam::*:role/*""#,
        r#"CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE | "arn:aws:iam::*:role/*""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::b""#, &[
        r#"PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE | "arn:aws:s3:::b""#,
        r#"CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE | "arn:aws:s3:::b""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "NotAction": "s3:*", "Resource": "*""#, &[
        r#"PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION | "*""#,
        r#"CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION | "*""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "NotAction": "s3:*", "NotResource": "arn:aws:s3:::b""#, &[
        r#"PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE | "arn:aws:s3:::b""#,
        r#"CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE | "arn:aws:s3:::b""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/a", "Condition": {"StringEquals": {"iam:ResourceTag/a": "b"}}"#, &[
        r#"PASS_ROLE_BY_TAG | "iam:ResourceTag/a""#,
    ]),

    // Keys taken for something else.
    Case(Boundary, r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {
        "ArnLike": {"aws:SourceArn": "arn:aws:ecs:*:111122223333:*"}, "StringEquals": {"aws:SourceAccount": "111122223333"}}"#, &[
        r#"SOURCE_KEY_IN_IDENTITY_POLICY | "aws:SourceArn""#,
        r#"SOURCE_KEY_IN_IDENTITY_POLICY | "aws:SourceAccount""#,
    ]),
    Case(Resource, r#""Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*", "Condition": {
        "ArnEquals": {"aws:PrincipalArn": ["arn:aws:sts::111122223333:assumed-role/r/s", "arn:aws:iam::111122223333:role/r"]}}"#, &[
        r#"PRINCIPAL_ARN_OF_SESSION | "arn:aws:sts::111122223333:assumed-role/r/s""#,
    ]),
    Case(Trust, r#""Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole", "Condition": {
        "ArnLike": {"aws:SourceArn": ["arn:aws:ecs:us-east-1:111122223333:cluster/prod", "arn:aws:ecs:us-east-1:111122223333:task/prod/*", "arn:aws:ecs:us-east-1:111122223333:*"]}}"#, &[
        r#"ECS_SOURCE_ARN_OF_CLUSTER | "arn:aws:ecs:us-east-1:111122223333:cluster/prod""#,
        r#"ECS_SOURCE_ARN_OF_CLUSTER | "arn:aws:ecs:us-east-1:111122223333:task/prod/*""#,
    ]),
    Case(Resource, r#""Effect": "Deny", "Principal": "*", "Action": ["s3:DeleteObject", "s3:GetObject"], "Resource": "arn:aws:s3:::b/*", "Condition": {"StringEquals": {"s3:ExistingObjectTag/keep": "yes"}}"#, &[
        r#"EXISTING_OBJECT_TAG_ON_WRITE | "s3:ExistingObjectTag/keep""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/Status": "OK"}}"#, &[
        r#"S3_RESOURCE_TAG_NEEDS_ABAC | "aws:ResourceTag/Status""#,
    ]),
    Case(Identity, r#""Effect": "Allow", "Action": "ecs:RunTask", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/Status": "OK"}}"#, &[
        r#"RUN_TASK_BY_RESOURCE_TAG | "aws:ResourceTag/Status""#,
    ]),
    Case(Identity, r#"{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "ecs:RunTask", "Resource": "*"},
        {"Effect": "Allow", "Action": "ecs:TagResource", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestTag/Status": "OK", "ecs:CreateAction": "RunTask"}}}]}"#, &[
        r#"TAG_ON_CREATE_NOT_FORCED | "aws:RequestTag/Status""#,
    ]),
    Case(Identity, r#"{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "ecs:RunTask", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestTag/Status": "OK"}}},
        {"Effect": "Allow", "Action": "ecs:TagResource", "Resource": "*"}]}"#, &[r#"RETAGGING_ALLOWED | "ecs:TagResource""#]),
    Case(Trust, r#""Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": ["sts:AssumeRole", "sts:TagSession"]"#, &[
        r#"SESSION_TAGS_UNRESTRICTED | "sts:TagSession""#,
    ]),
];
