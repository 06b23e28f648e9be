use ::policy::wildcard::matches;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn environment(account: &str, region: &str) -> Environment {
    Environment { account: account.to_owned(), region: region.to_owned(), partition: "aws".to_owned() }
}

fn renaming() -> Renaming {
    let (from, to) = (environment("123456789012", "us-east-1"), environment("111122223333", "eu-west-1"));
    Renaming { prefix: "tagproof-a1b2c3d4-7-".to_owned(), from, to }
}

fn renamed(operation: &'static str, input: Value) -> Value {
    renaming().call(&ApiCall::new("any", operation, input)).input
}

#[test]
fn names_accounts_and_regions_of_arns_are_the_real_ones() {
    let check = |arn: &str, expected: &str| {
        assert_eq!(renaming().text(arn), expected.replace('_', "tagproof-a1b2c3d4-7-"), "{arn}");
    };
    check("arn:aws:s3:::box", "arn:aws:s3:::_box");
    check("arn:aws:s3:::box/a/b:c", "arn:aws:s3:::_box/a/b:c");
    check("arn:aws:s3:::box*", "arn:aws:s3:::_box*");
    check("arn:aws:s3:::*", "arn:aws:s3:::*");
    check("arn:aws:s3:::*/a", "arn:aws:s3:::*/a");
    check("arn:aws:s3:::*-logs/a", "arn:aws:s3:::_*-logs/a");
    check("arn:aws:s3:::${aws:PrincipalTag/box}/a", "arn:aws:s3:::_${aws:PrincipalTag/box}/a");
    check("arn:aws:iam::123456789012:role/r", "arn:aws:iam::111122223333:role/_r");
    check("arn:aws:iam::123456789012:role/a/b/r*", "arn:aws:iam::111122223333:role/a/b/_r*");
    check("arn:aws:iam::123456789012:instance-profile/p", "arn:aws:iam::111122223333:instance-profile/_p");
    check("arn:aws:iam::*:role/r", "arn:aws:iam::*:role/_r");
    check("arn:aws:iam::123456789012:root", "arn:aws:iam::111122223333:root");
    let linked = "role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS";
    check(&format!("arn:aws:iam::123456789012:{linked}"), &format!("arn:aws:iam::111122223333:{linked}"));
    check("arn:aws:sts::123456789012:assumed-role/r/s", "arn:aws:sts::111122223333:assumed-role/_r/s");
    check(
        "arn:aws:ecs:us-east-1:123456789012:task-definition/f:*",
        "arn:aws:ecs:eu-west-1:111122223333:task-definition/_f:*",
    );
    check("arn:aws:ecs:*:*:task-definition/f*:*", "arn:aws:ecs:*:*:task-definition/_f*:*");
    check("arn:aws:ecs:*:*:task-definition/*:*", "arn:aws:ecs:*:*:task-definition/*:*");
    check("arn:aws:ecs:us-east-1:123456789012:cluster/c", "arn:aws:ecs:eu-west-1:111122223333:cluster/_c");
    check("arn:aws:ecs:us-east-1:123456789012:task/c/*", "arn:aws:ecs:eu-west-1:111122223333:task/_c/*");
    check("arn:aws:ecs:us-east-1:123456789012:cluster/default", "arn:aws:ecs:eu-west-1:111122223333:cluster/default");
    check("arn:aws:ecs:us-east-1:123456789012:task/default/*", "arn:aws:ecs:eu-west-1:111122223333:task/default/*");
    check(
        "arn:aws:logs:us-east-1:123456789012:log-group:/a/b:*",
        "arn:aws:logs:eu-west-1:111122223333:log-group:_/a/b:*",
    );
    check("arn:aws:logs:us-east-1:123456789012:log-group:*", "arn:aws:logs:eu-west-1:111122223333:log-group:*");
    check("123456789012", "111122223333");
    check("us-east-1", "eu-west-1");
    // What is no name of the account's stays.
    for other in [
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "arn:aws:iam::999988887777:role/r",
        "arn:aws:sqs:ap-northeast-1:999988887777:q",
        "ecs-tasks.amazonaws.com",
        "box",
        "*",
        "",
    ] {
        check(other, other);
    }
}

#[test]
fn members_that_hold_names_hold_the_real_ones() {
    let input =
        json!({"Bucket": "box", "Key": "box", "CopySource": "/box/a", "Tags": [{"Key": "box", "Value": "box"}]});
    let expected = json!({"Bucket": "tagproof-a1b2c3d4-7-box", "Key": "box", "CopySource": "/tagproof-a1b2c3d4-7-box/a",
                          "Tags": [{"Key": "box", "Value": "box"}]});
    assert_eq!(renamed("CopyObject", input), expected);
    let put = renamed("PutRolePolicy", json!({"RoleName": "r", "PolicyName": "p"}));
    assert_eq!(
        put,
        json!({"RoleName": "tagproof-a1b2c3d4-7-r", "PolicyName": "p"}),
        "inline policies are within theirs"
    );
    assert_eq!(renamed("CreatePolicy", json!({"PolicyName": "p"})), json!({"PolicyName": "tagproof-a1b2c3d4-7-p"}));
}

#[test]
fn a_bucket_is_made_in_the_real_region() {
    let made = renamed("CreateBucket", json!({"Bucket": "b"}));
    assert_eq!(made["CreateBucketConfiguration"]["LocationConstraint"], "eu-west-1");
    let there = Renaming { to: environment("111122223333", "us-east-1"), ..renaming() };
    let elsewhere = json!({"Bucket": "b", "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}});
    let made = there.call(&ApiCall::new("s3", "CreateBucket", elsewhere)).input;
    assert_eq!(made.get("CreateBucketConfiguration"), None);
}

#[test]
fn policies_name_the_real_ones_wherever_they_do() {
    let document = json!({"Statement": {
        "Sid": "us-east-1x",
        "Effect": "Allow",
        "Principal": {"AWS": ["123456789012", "arn:aws:iam::123456789012:user/u"], "Service": "ecs-tasks.amazonaws.com"},
        "Action": "s3:*",
        "NotResource": ["arn:aws:s3:::box", "*"],
        "Condition": {
            "StringEquals": {"aws:PrincipalTag/Owner": "u", "aws:username": ["u", "*"], "aws:PrincipalAccount": "123456789012"},
            "StringLike": {"s3:prefix": "box/*", "s3:x-amz-copy-source": "box/*"},
            "ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/r"},
            "Null": {"aws:TagKeys": "true"},
        },
    }});
    let put = renamed("PutBucketPolicy", json!({"Policy": document.to_string()}));
    let policy: Value = serde_json::from_str(put["Policy"].as_str().unwrap()).unwrap();
    let p = "tagproof-a1b2c3d4-7-";
    assert_eq!(
        policy["Statement"],
        json!({
            "Sid": "us-east-1x",
            "Effect": "Allow",
            "Principal": {
                "AWS": ["111122223333", format!("arn:aws:iam::111122223333:user/{p}u")],
                "Service": "ecs-tasks.amazonaws.com"
            },
            "Action": "s3:*",
            "NotResource": [format!("arn:aws:s3:::{p}box"), "*"],
            "Condition": {
                "StringEquals": {
                    "aws:PrincipalTag/Owner": "u",
                    "aws:username": [format!("{p}u"), "*"],
                    "aws:PrincipalAccount": "111122223333"
                },
                "StringLike": {"s3:prefix": "box/*", "s3:x-amz-copy-source": format!("{p}box/*")},
                "ArnEquals": {"aws:PrincipalArn": format!("arn:aws:iam::111122223333:role/{p}r")},
                "Null": {"aws:TagKeys": "true"},
            },
        })
    );
}

#[test]
fn a_refusal_is_told_in_the_plans_names() {
    let message =
        "User: arn:aws:iam::111122223333:user/tagproof-a1b2c3d4-7-u may not: no bucket in eu-west-1".to_owned();
    let refusal = matrix::call::Refusal { status: 403, code: "AccessDenied".to_owned(), message };
    let told = "User: arn:aws:iam::123456789012:user/u may not: no bucket in us-east-1";
    assert_eq!(renaming().planned(refusal.into()).refusal().unwrap().message, told);
}

/// What is said about a policy with this resource, in an account with a bucket `box`, and a role `r` of path `/a/`.
fn cannot(resource: &str) -> Option<String> {
    let bucket = ApiCall::new("s3", "CreateBucket", json!({"Bucket": "box"}));
    let role = ApiCall::new("iam", "CreateRole", json!({"RoleName": "r", "Path": "/a/"}));
    let document = json!({"Statement": {"Action": "us-*", "Resource": resource}}).to_string();
    let put = ApiCall::new("iam", "PutRolePolicy", json!({"RoleName": "r", "PolicyDocument": document}));
    renaming().cannot(&[&bucket, &role, &put])
}

#[test]
fn what_would_say_something_else_is_refused() {
    for fine in ["*", "arn:aws:s3:::*", "arn:aws:s3:::b*/k", "arn:aws:s3:::?ox", "arn:aws:iam::123456789012:role/a/r*"]
    {
        assert_eq!(cannot(fine), None, "{fine}");
    }
    for (pattern, why) in [
        ("arn:aws:s3:::box/${aws:username}/*", "has a user's name in it"),
        ("arn:aws:iam::123456789012:role/${aws:PrincipalTag/role}", "only when the request is made"),
        ("arn:aws:iam::123456789012:role/a*", "cannot be renamed so that it says the same about `arn:aws:iam::"),
        ("arn:aws:iam::1234*:role/a/r", "cannot be renamed so that it says the same about"),
        ("us-*", "cannot be renamed so that it says the same about `us-east-1`"),
    ] {
        let told = cannot(pattern).unwrap_or_else(|| panic!("{pattern} was renamed"));
        assert!(told.contains(why), "{told}");
    }
}

#[test]
fn a_cluster_and_a_log_group_get_the_prefix_and_the_default_cluster_keeps_its_name() {
    assert_eq!(renamed("CreateCluster", json!({"clusterName": "c"})), json!({"clusterName": "tagproof-a1b2c3d4-7-c"}));
    assert_eq!(renamed("CreateCluster", json!({"clusterName": "default"})), json!({"clusterName": "default"}));
    assert_eq!(renamed("RunTask", json!({"cluster": "default"})), json!({"cluster": "default"}));
    let group = json!({"logGroupName": "/a"});
    assert_eq!(renamed("CreateLogGroup", group), json!({"logGroupName": "tagproof-a1b2c3d4-7-/a"}));
    let options =
        |group: &str| json!({"containerDefinitions": [{"logConfiguration": {"options": {"awslogs-group": group}}}]});
    assert_eq!(renamed("RegisterTaskDefinition", options("/a")), options("tagproof-a1b2c3d4-7-/a"));
}

/// The limits are those of AWS's pages: docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html,
/// docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html,
/// docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
#[test]
fn what_a_call_makes_follows_from_the_row_of_its_operation() {
    let check = |service: &'static str, operation: &'static str, member: &str, expected: Option<(&str, usize)>| {
        let call = ApiCall::new(service, operation, json!({member: "n"}));
        let found = made(&call).map(|(kind, name, longest)| (kind, longest, name));
        assert_eq!(found, expected.map(|(kind, longest)| (kind, longest, "n")), "{operation}");
    };
    check("iam", "CreateUser", "UserName", Some(("user", 64)));
    check("iam", "CreateRole", "RoleName", Some(("role", 64)));
    check("iam", "CreateGroup", "GroupName", Some(("group", 128)));
    check("iam", "CreatePolicy", "PolicyName", Some(("policy", 128)));
    check("iam", "CreateInstanceProfile", "InstanceProfileName", Some(("instance-profile", 128)));
    check("iam", "CreateAccessKey", "UserName", None);
    check("iam", "PutUserPolicy", "UserName", None);
    check("s3", "CreateBucket", "Bucket", Some(("bucket", 63)));
    check("s3", "PutBucketPolicy", "Bucket", None);
    check("ecs", "RegisterTaskDefinition", "family", Some(("task-definition", 255)));
    check("ecs", "CreateCluster", "clusterName", Some(("cluster", 255)));
    check("logs", "CreateLogGroup", "logGroupName", Some(("log-group", 512)));
}

#[test]
fn a_name_that_gets_too_long_is_told_with_what_fits() {
    let bucket = |length: usize| ApiCall::new("s3", "CreateBucket", json!({"Bucket": "b".repeat(length)}));
    let (fits, over) = (bucket(43), bucket(44));
    assert_eq!(renaming().too_long([&fits].into_iter()), Vec::<String>::new());
    let told = renaming().too_long([&over].into_iter());
    assert!(
        told.len() == 1 && told[0].ends_with("has 44 characters, and with the run's prefix no more than 43 fit"),
        "{told:?}"
    );
}

proptest! {
    /// A pattern that is renamed matches the renamed ARN if and only if it matched before.
    #[test]
    fn patterns_match_the_same_buckets(pattern in "[ab*?]{1,5}(/[ab*?]{0,3})?", name in "[ab]{1,4}", key in "(/[ab]{0,3})?") {
        let (pattern, arn) = (format!("arn:aws:s3:::{pattern}"), format!("arn:aws:s3:::{name}{key}"));
        let renaming = renaming();
        prop_assert_eq!(matches(&pattern, &arn), matches(&renaming.text(&pattern), &renaming.text(&arn)), "{} {}", pattern, arn);
    }

    /// A text that is no name, no ARN, no account and no region is not touched, wherever it stands.
    #[test]
    fn what_is_no_name_stays(text in "[a-z /:*?_=.-]{0,12}") {
        prop_assume!(!text.starts_with("arn:"));
        let input = json!({"Key": text, "Tags": [{"Key": text, "Value": text}], "Prefix": text, "RoleSessionName": text});
        prop_assert_eq!(renamed("AssumeRole", input.clone()), input);
    }

    /// No input makes it panic, and what was renamed has the real account.
    #[test]
    fn any_text_is_renamed(text in "(arn:(aws|\\*):(s3|iam|ecs|sts):[a-z*]{0,3}:(123456789012|\\*)?:)?\\PC{0,16}") {
        let renamed = renaming().text(&text);
        prop_assert!(!renamed.starts_with("arn:aws:iam::123456789012:"), "{}", renamed);
    }
}
