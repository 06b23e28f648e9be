//! Expectations by hand, from the pages of docs.aws.amazon.com/service-authorization/latest/reference/ (list_amazons3,
//! list_amazonelasticcontainerservice, list_awssecuritytokenservice, list_awsidentityandaccessmanagementiam).

use super::{Access, Action, action, expand};
use crate::key;

fn get(name: &str) -> Action {
    action(name).unwrap_or_else(|| panic!("no action {name}"))
}

/// Keys of the action and its types, those of every request for it left out.
fn listed(name: &str) -> Vec<&'static str> {
    let action = get(name);
    let keys = action.keys_on("*").into_iter().filter(|key| !key.is_of_every_request_for(action));
    keys.map(crate::Key::pattern).collect()
}

fn never_carries(action: Action, name: &str) -> bool {
    crate::key(name).is_none_or(|key| action.never_carries(key))
}

fn check(name: &str, carries: &[&str], never: &[&str]) {
    for key in carries {
        assert!(!never_carries(get(name), key), "{name} carries {key}");
    }
    for key in never {
        assert!(never_carries(get(name), key), "{name} never carries {key}");
    }
}

#[test]
fn names_ignore_letter_case_and_come_back_in_awss_spelling() {
    for name in ["s3:GetObject", "s3:getobject", "S3:GETOBJECT"] {
        assert_eq!(get(name).name(), "s3:GetObject");
    }
}

#[test]
fn unknown_names() {
    // The API operation HeadObject is authorised as s3:GetObject.
    for name in ["", ":", "s3", "s3:", "s3:HeadObject", "s4:GetObject", "s3:Get*", "s3:GetObject:x", "GetObject", "é:é"]
    {
        assert_eq!(action(name), None, "{name}");
    }
}

#[test]
fn get_object_sees_the_object_and_the_bucket_never_the_tags_of_a_request() {
    check(
        "s3:GetObject",
        &[
            "s3:ExistingObjectTag/Status",
            // By way of the object type; there only when the bucket has attribute-based access control on.
            "aws:ResourceTag/Status",
            "s3:BucketTag/Status",
            "s3:DataAccessPointArn",
            "s3:authType",
            "aws:PrincipalTag/Status",
            "aws:SourceIp",
        ],
        &["aws:RequestTag/Status", "aws:TagKeys", "s3:RequestObjectTag/Status", "s3:prefix", "ecs:cluster"],
    );
}

#[test]
fn get_objects_complete_list() {
    assert_eq!(
        listed("s3:GetObject"),
        [
            "aws:ResourceTag/${TagKey}",
            "s3:AccessGrantsInstanceArn",
            "s3:AccessPointNetworkOrigin",
            "s3:AccessPointTag/${TagKey}",
            "s3:authType",
            "s3:BucketTag/${TagKey}",
            "s3:DataAccessPointAccount",
            "s3:DataAccessPointArn",
            "s3:ExistingObjectTag/${TagKey}",
            "s3:ResourceAccount",
            "s3:signatureAge",
            "s3:signatureversion",
            "s3:TlsVersion",
            "s3:x-amz-content-sha256",
        ]
    );
}

#[test]
fn run_tasks_complete_list_has_no_key_about_the_task_role() {
    assert_eq!(
        listed("ecs:RunTask"),
        [
            "aws:RequestTag/${TagKey}",
            "aws:ResourceTag/${TagKey}",
            "aws:TagKeys",
            "ecs:capacity-provider",
            "ecs:cluster",
            "ecs:enable-ebs-volumes",
            "ecs:enable-execute-command",
            // A key of the task-definition type.
            "ecs:ResourceTag/${TagKey}",
            "ecs:task-cpu",
            "ecs:task-memory",
        ]
    );
}

#[test]
fn only_a_tag_resource_call_carries_ecs_create_action() {
    let carrying = crate::actions_of("ecs").filter(|action| !never_carries(*action, "ecs:CreateAction"));
    assert_eq!(carrying.map(Action::name).collect::<Vec<_>>(), ["ecs:TagResource"]);
    check("ecs:TagResource", &["aws:RequestTag/Status", "aws:TagKeys", "aws:ResourceTag/Status"], &["ecs:task"]);
}

#[test]
fn object_tags_in_requests_and_on_objects() {
    let tags = ["s3:RequestObjectTag/Status", "s3:RequestObjectTagKeys"];
    check("s3:PutObject", &tags, &["s3:ExistingObjectTag/Status", "aws:RequestTag/Status", "aws:TagKeys"]);
    check("s3:PutObjectTagging", &[tags[0], tags[1], "s3:ExistingObjectTag/Status"], &["aws:RequestTag/Status"]);
    check("s3:DeleteObject", &["aws:ResourceTag/Status"], &[tags[0], "s3:ExistingObjectTag/Status"]);
    check("s3:ListBucket", &["s3:prefix", "aws:ResourceTag/Status"], &["s3:ExistingObjectTag/Status"]);
    check("s3:CreateBucket", &["aws:RequestTag/Status", "aws:TagKeys"], &[tags[0]]);
    check("s3:TagResource", &["aws:RequestTag/Status", "aws:TagKeys"], &[]);
    check("s3:PutBucketTagging", &[], &["aws:RequestTag/Status", "aws:TagKeys"]);
}

#[test]
fn session_tags_are_the_tags_of_sts_requests() {
    let tags = ["aws:RequestTag/Status", "aws:TagKeys", "sts:TransitiveTagKeys"];
    check("sts:AssumeRole", &tags, &["saml:aud", "token.actions.githubusercontent.com:actor"]);
    check("sts:AssumeRole", &["sts:RoleSessionName", "sts:SourceIdentity", "sts:ExternalId"], &[]);
    check("sts:AssumeRole", &["aws:ResourceTag/Status", "iam:ResourceTag/Status"], &[]);
    check("sts:TagSession", &tags, &["sts:ExternalId"]);
    check("sts:GetCallerIdentity", &[], &tags);
    // "Available in session: No".
    // docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
    let of_token = ["idp.example.com:email", "idp.example.com:oaud"];
    check("sts:AssumeRoleWithWebIdentity", &of_token, &[]);
    check("sts:AssumeRole", &[], &of_token);
    check("s3:GetObject", &[], &of_token);
}

#[test]
fn passing_a_role_carries_no_tags_of_a_request() {
    check(
        "iam:PassRole",
        &["iam:PassedToService", "iam:AssociatedResourceArn"],
        &["aws:RequestTag/Status", "aws:TagKeys", "iam:PermissionsBoundary"],
    );
    assert_eq!(listed("iam:PassRole").len(), 4, "the two, and the role type's two ResourceTag keys");
}

#[test]
fn global_keys_are_of_every_request_and_listed_ones_are_not() {
    for name in ["s3:GetObject", "ecs:RunTask", "iam:ListRoles", "sts:GetCallerIdentity"] {
        let every = [
            "aws:PrincipalArn",
            "aws:principaltag/team",
            "aws:MultiFactorAuthPresent",
            "aws:SourceVpce",
            "aws:ResourceAccount",
            "aws:ResourceOrgID",
            "aws:CurrentTime",
            // Properties of a role session; the page has the first two on s3:GetObject.
            // docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-role-session-properties
            "codebuild:BuildArn",
            "codebuild:ProjectArn",
            "aws:SignInSessionArn",
            "aws:ViaCustomerDomain",
            "ec2:RoleDelivery",
            "ec2:SourceInstanceArn",
            "glue:RoleAssumedBy",
            "glue:CredentialIssuingService",
            "lambda:SourceFunctionArn",
            "ssm:SourceInstanceArn",
            "identitystore:UserId",
            // What a web identity leaves in its session: reference_policies_examples_s3_cognito-bucket uses it on S3.
            "cognito-identity.amazonaws.com:sub",
            "idp.example.com:sub",
            "idp.example.com:aud",
            "idp.example.com:amr",
        ];
        check(name, &every, &[]);
        assert!(get(name).keys_on("*").iter().any(|key| key.pattern() == "aws:PrincipalTag/${TagKey}"));
    }
    check("iam:ListRoles", &[], &["aws:RequestTag/x", "aws:ResourceTag/x", "aws:TagKeys"]);
}

/// "The following services support this key": four lists, each under its key.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcevpcarn and after it
#[test]
fn keys_of_the_endpoint_are_of_requests_to_the_services_that_the_page_lists() {
    const ARN: &str = "aws:SourceVpcArn";
    const ACCOUNT: &str = "aws:VpceAccount";
    const ORGANIZATION: &str = "aws:VpceOrgID";
    const PATHS: &str = "aws:VpceOrgPaths";
    let all = [ARN, ACCOUNT, ORGANIZATION, PATHS];
    for (name, carried) in [
        ("s3:GetObject", &all[..]),
        ("s3:ListAllMyBuckets", &all),
        ("ecs:RunTask", &all),
        ("ecr:GetAuthorizationToken", &all),
        ("kms:Decrypt", &all),
        ("iam:GetRole", &all),
        // "(except for the iam:PassRole action)"
        ("iam:PassRole", &[]),
        ("dynamodb:GetItem", &[ACCOUNT, ORGANIZATION, PATHS]),
        ("gamelift:CreateFleet", &[ACCOUNT, ORGANIZATION, PATHS]),
        ("shield:CreateProtection", &[ACCOUNT, ORGANIZATION, PATHS]),
        ("sts:AssumeRole", &[PATHS]),
        ("secretsmanager:GetSecretValue", &[PATHS]),
        // The page calls it `cloudhsmv2`, and leads to the page of `cloudhsm`.
        ("cloudhsm:CreateCluster", &[ORGANIZATION]),
        ("kinesis:PutRecord", &[ORGANIZATION]),
        ("sqs:SendMessage", &[ORGANIZATION]),
        ("ses:SendEmail", &[ORGANIZATION]),
        ("workmail:CreateUser", &[ORGANIZATION]),
        ("logs:PutLogEvents", &[]),
        ("ec2:RunInstances", &[]),
        ("sns:Publish", &[]),
        ("s3express:CreateSession", &[]),
        ("s3-object-lambda:GetObject", &[]),
    ] {
        let lacking: Vec<_> = all.iter().copied().filter(|key| !carried.contains(key)).collect();
        check(name, carried, &lacking);
    }
    for name in all {
        assert!(!key(name).unwrap().is_of_every_request(), "{name}");
    }
}

/// A service that is written otherwise than in the catalogue would lack its keys.
#[test]
fn the_endpoint_keys_name_services_and_actions_of_the_catalogue() {
    let mut counts = Vec::new();
    for line in include_str!("../../data/endpoint-keys.txt").lines() {
        let (name, words) = line.split_once(' ').unwrap();
        assert!(key(name).is_some(), "{name}");
        let (excepted, services): (Vec<_>, Vec<_>) = words.split(' ').partition(|word| word.starts_with('-'));
        let unknown: Vec<_> = services.iter().filter(|prefix| crate::service(prefix).is_none()).collect();
        assert!(unknown.is_empty(), "{name}: {unknown:?}");
        assert!(excepted.iter().all(|action| crate::action(&action[1..]).is_some()), "{name}: {excepted:?}");
        counts.push((name, services.len()));
    }
    let counted_on_the_page =
        [("aws:SourceVpcArn", 36), ("aws:VpceAccount", 39), ("aws:VpceOrgID", 55), ("aws:VpceOrgPaths", 41)];
    assert_eq!(counts, counted_on_the_page);
}

#[test]
fn keys_and_carries_agree() {
    for name in [
        "ec2:RunInstances",
        "iam:PassRole",
        "secretsmanager:GetSecretValue",
        "s3:PutObject",
        "sts:AssumeRoleWithWebIdentity",
        "kms:Decrypt",
    ] {
        let action = get(name);
        let from_list = action.keys_on("*");
        for key in crate::keys() {
            assert_eq!(action.carries_on("*", key), from_list.contains(&key), "{name} {}", key.pattern());
        }
    }
}

#[test]
fn on_one_resource_an_action_carries_the_keys_of_its_type_only() {
    let account = "arn:aws:s3:eu-west-1:111122223333";
    for (name, resource, key, expected) in [
        ("s3:GetObject", "arn:aws:s3:::b/k", "s3:BucketTag/a", true),
        // Through an access point: docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html, examples 5 to 7.
        ("s3:GetObject", "arn:aws:s3:::b/k", "s3:DataAccessPointArn", true),
        ("s3:DeleteObjectVersionTagging", "arn:aws:s3:::b/k", "s3:AccessPointNetworkOrigin", true),
        ("s3:ListBucket", "arn:aws:s3:::b", "s3:DataAccessPointAccount", true),
        // docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-tagging.html
        ("s3:GetObject", "arn:aws:s3:::b/k", "s3:AccessPointTag/a", false),
        // No access point takes these requests.
        ("s3:PutBucketPolicy", "arn:aws:s3:::b", "s3:DataAccessPointAccount", false),
        ("s3:ReplicateObject", "arn:aws:s3:::b/k", "s3:DataAccessPointArn", false),
        ("s3:TagResource", "arn:aws:s3:::b", "s3:DataAccessPointArn", false),
        ("s3:TagResource", &format!("{account}:accesspoint/ap"), "s3:DataAccessPointArn", true),
        ("s3:GetObject", &format!("{account}:accesspoint/ap/object/k"), "s3:DataAccessPointArn", true),
        ("s3:GetObject", "*", "s3:DataAccessPointArn", true),
        ("s3:GetObject", "arn:aws:s3:::b/k", "aws:RequestTag/a", false),
        ("s3:TagResource", "arn:aws:s3:::b", "s3:BucketTag/a", true),
        ("s3:TagResource", &format!("{account}:storage-lens-group/g"), "s3:BucketTag/a", false),
        ("ec2:RunInstances", "arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-1", "ec2:Vpc", true),
        ("ec2:RunInstances", "arn:aws:ec2:eu-west-1:111122223333:key-pair/k", "ec2:Vpc", false),
        ("ec2:RunInstances", "arn:aws:ec2:eu-west-1:111122223333:instance/*", "aws:RequestTag/a", true),
        ("ec2:RunInstances", "arn:aws:ec2:eu-west-1::image/ami-1", "aws:RequestTag/a", false),
        ("ec2:RunInstances", "arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-1", "aws:TagKeys", false),
        ("ec2:CreateSnapshot", "arn:aws:ec2:eu-west-1:111122223333:volume/vol-1", "aws:ResourceTag/a", true),
        // The snapshot is being made.
        ("ec2:CreateSnapshot", "arn:aws:ec2:eu-west-1::snapshot/*", "aws:ResourceTag/a", false),
        ("ec2:StopInstances", "arn:aws:ec2:eu-west-1:111122223333:instance/i-0", "aws:RequestTag/a", false),
        // The type lists the keys of tags that are passed, and only some of its actions pass any.
        (
            "secretsmanager:GetSecretValue",
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:s",
            "aws:TagKeys",
            false,
        ),
        (
            "secretsmanager:TagResource",
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:s",
            "aws:RequestTag/a",
            true,
        ),
        ("secretsmanager:UntagResource", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:s", "aws:TagKeys", true),
        (
            "secretsmanager:UntagResource",
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:s",
            "aws:RequestTag/a",
            false,
        ),
        ("s3:GetObject", "arn:aws:s3:::b/k", "no:such", false),
    ] {
        let carries = crate::key(key).is_some_and(|key| get(name).carries_on(resource, key));
        assert_eq!(carries, expected, "{name} on {resource}: {key}");
    }
}

#[test]
fn resource_types_of_actions() {
    let types = |name: &str| -> Vec<_> {
        let rows = get(name).rows();
        rows.filter_map(|row| Some((row.resource_type()?.name(), row.is_required()))).collect()
    };
    assert_eq!(types("ecs:RunTask"), [("task-definition", true)]);
    assert_eq!(types("s3:GetObject"), [("accesspointobject", false), ("object", false)]);
    assert_eq!(types("iam:PassRole"), [("role", true)]);
    assert_eq!(types("sts:GetCallerIdentity"), []);
    assert_eq!(types("s3:ListAllMyBuckets"), []);
}

#[test]
fn an_arn_is_of_a_type_the_action_knows_or_of_none() {
    let types = |name: &str, arn: &str| -> Vec<_> {
        let rows = get(name).rows_on(arn);
        rows.into_iter().map(|row| row.resource_type().map_or("*", crate::ResourceType::name)).collect()
    };
    assert_eq!(types("s3:ListBucket", "arn:aws:s3:::b"), ["bucket"]);
    assert_eq!(types("s3:ListBucket", "arn:aws:s3:::b/*"), Vec::<&str>::new());
    assert_eq!(types("s3:GetObject", "arn:aws:s3:::b"), Vec::<&str>::new());
    assert_eq!(types("s3:GetObject", "arn:aws:s3:::b/a/b/c"), ["object"]);
    assert_eq!(types("sts:AssumeRole", "arn:aws:iam::111122223333:role/path/app"), ["role"]);
}

#[test]
fn access_levels() {
    for (name, expected) in [
        ("s3:GetObject", Access::Read),
        ("s3:ListBucket", Access::List),
        ("s3:PutObject", Access::Write),
        ("ecs:TagResource", Access::Tagging),
        ("s3:PutBucketPolicy", Access::PermissionsManagement),
    ] {
        assert_eq!(get(name).access(), expected, "{name}");
    }
}

#[test]
fn patterns_expand() {
    let names = |pattern: &str| expand(pattern).map(Action::name).collect::<Vec<_>>();
    let tag_session = ["sts:TagGetWebIdentityToken", "sts:TagSession"];
    assert_eq!(names("sts:tag*"), tag_session);
    assert_eq!(names("STS:Tag*n"), tag_session);
    assert_eq!(names("sts:TagSessio?"), ["sts:TagSession"]);
    assert_eq!(names("ecs:RunTask"), ["ecs:RunTask"]);
    for pattern in ["", "s3", "s3?", "s3:", ":*", "s3:HeadObject", "nothing:*", "Get*Object"] {
        assert_eq!(names(pattern), Vec::<&str>::new(), "{pattern}");
    }
    assert_eq!(names("s3:*").len(), crate::actions_of("s3").count());
    assert_eq!(names("*").len(), names("*:*").len());
    // A wildcard can stand for the colon.
    assert_eq!(names("s?s?TagSession"), ["sts:TagSession"]);
    assert_eq!(names("*TagSession"), ["sts:TagSession"]);
    assert_eq!(names("*Sts*tagsession"), ["sts:TagSession"]);
    assert!(names("*Execution").contains(&"states:StartExecution"));
    assert!(names("s3*").contains(&"s3:GetObject") && names("s3*").contains(&"s3express:CreateSession"));
}
