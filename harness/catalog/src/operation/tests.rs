//! Expectations by hand, from AWS's pages as they are named.

use std::collections::BTreeMap;

use super::{On, Operation, TABLE, operation};
use crate::{Access, key, service};

fn get(name: &str) -> Operation {
    operation(name).unwrap_or_else(|| panic!("no operation {name}"))
}

fn actions(name: &str) -> Vec<&'static str> {
    get(name).actions().iter().map(|action| action.name()).collect()
}

/// `ACTION when KEYS on WHAT`, for each dependent action.
fn needs(name: &str) -> Vec<String> {
    let needs = get(name);
    let told = needs.needs().iter().map(|dependent| {
        let on = match &dependent.on {
            On::Own => "its own".to_owned(),
            On::Same => "the same".to_owned(),
            On::Types(types) => types.join(" "),
        };
        let create = dependent.create_action.map(|key| format!(" with {key}")).unwrap_or_default();
        let to = if dependent.passed_to.is_empty() {
            String::new()
        } else {
            format!(" to {}", dependent.passed_to.join(" "))
        };
        format!("{}{to}{create} on {on}", dependent.action.name())
    });
    told.collect()
}

#[test]
fn run_instances_passes_a_role_and_tags_what_it_makes() {
    // docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html, ExamplePolicies_EC2.html
    assert_eq!(actions("ec2:runinstances"), ["ec2:RunInstances"]);
    assert_eq!(
        needs("ec2:RunInstances"),
        [
            "iam:PassRole to ec2.amazonaws.com on its own",
            "ssm:GetParameters on its own",
            "ec2:CreateTags with ec2:CreateAction on instance network-interface secondary-interface \
             spot-instances-request volume",
        ]
    );
    let run = get("ec2:RunInstances");
    for (kind, made) in [("instance", true), ("volume", true), ("image", false), ("subnet", false)] {
        assert_eq!(run.makes(kind), made, "{kind}");
    }
    assert_eq!(run.tag_members(), ["TagSpecifications"]);
    assert_eq!(run.needs()[2].when, ["aws:RequestTag", "aws:TagKeys"]);
}

#[test]
fn spot_checks() {
    for (name, expected_actions, expected_needs) in [
        // docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
        (
            "ecs:RunTask",
            &["ecs:RunTask"][..],
            &["iam:PassRole to ecs-tasks.amazonaws.com on its own", "ecs:TagResource with ecs:CreateAction on task"][..],
        ),
        // The Operations table of list_amazonsqs.
        ("sqs:CreateQueue", &["sqs:CreateQueue"], &["sqs:TagQueue on queue"]),
        ("sqs:SendMessageBatch", &["sqs:SendMessage"], &[]),
        // docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
        (
            "s3:PutObject",
            &["s3:PutObject"],
            &[
                "kms:GenerateDataKey on its own",
                "s3:GetObject on the same",
                "s3:PutObjectAcl on the same",
                "s3:PutObjectLegalHold on the same",
                "s3:PutObjectRetention on the same",
                "s3:PutObjectTagging on the same",
            ],
        ),
        (
            "s3:CopyObject",
            &["s3:PutObject", "s3:GetObject"],
            &[
                "kms:Decrypt on its own",
                "kms:GenerateDataKey on its own",
                "s3:GetObject on the same",
                "s3:PutObjectAcl on the same",
                "s3:PutObjectLegalHold on the same",
                "s3:PutObjectRetention on the same",
                "s3:PutObjectTagging on the same",
            ],
        ),
        // The Operations table of list_awslambda.
        (
            "lambda:CreateFunction",
            &["lambda:CreateFunction"],
            &[
                "iam:PassRole to lambda.amazonaws.com on its own",
                "lambda:GetLayerVersion on its own",
                "lambda:PassCapacityProvider on its own",
                "lambda:TagResource on function",
            ],
        ),
        // docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
        (
            "lambda:PutResourcePolicy",
            &["lambda:PutResourcePolicy"],
            &["lambda:AddPermission on the same", "lambda:RemovePermission on the same"],
        ),
        ("lambda:GetResourcePolicy", &["lambda:GetResourcePolicy"], &["lambda:GetPolicy on the same"]),
        ("lambda:DeleteResourcePolicy", &["lambda:DeleteResourcePolicy"], &["lambda:RemovePermission on the same"]),
        // docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
        ("sts:AssumeRole", &["sts:AssumeRole"], &["sts:SetSourceIdentity on the same", "sts:TagSession on the same"]),
        (
            "dynamodb:TransactWriteItems",
            &["dynamodb:ConditionCheckItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"],
            &[],
        ),
        // "The kinesis:TagResource permission won't work to tag streams on creation."
        ("kinesis:CreateStream", &["kinesis:CreateStream"], &["kinesis:AddTagsToStream on stream"]),
        ("s3:HeadObject", &["s3:GetObject"], &[]),
        // docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
        (
            "s3:GetObjectAttributes",
            &["s3:GetObjectAttributes"],
            &["kms:Decrypt on its own", "s3:GetObject on the same"],
        ),
        ("apigateway:CreateRestApi", &[], &[]),
        // Of a service whose operations are not known.
        ("sagemaker:CreateModel", &["sagemaker:CreateModel"], &[]),
    ] {
        assert_eq!(actions(name), expected_actions, "{name}");
        assert_eq!(needs(name), expected_needs, "{name}");
    }
    assert!(get("dynamodb:TransactWriteItems").is_one_of() && !get("s3:CopyObject").is_one_of());
    assert!(get("ec2:RunInstances").is_known() && !get("sagemaker:CreateModel").is_known());
    assert_eq!(get("elasticloadbalancing:DeleteRule").instead_of("listener-rule/app").len(), 2);
    assert_eq!(get("logs:CreateLogGroup").needs()[0].or.map(crate::Action::name), Some("logs:TagLogGroup"));
    assert!(!get("glue:CreateJob").needs()[0].is_listed && get("ecs:RunTask").needs()[0].is_listed);
    assert_eq!(get("elbv2:CreateRule").name(), "elasticloadbalancing:CreateRule");
    assert_eq!(actions("s3:PutPublicAccessBlock"), ["s3:PutBucketPublicAccessBlock"]);
    assert_eq!(actions("s3control:PutPublicAccessBlock"), ["s3:PutAccountPublicAccessBlock"]);
    for name in ["", "RunInstances", "ec2:RunInstance", "s3:", "nix:Go"] {
        assert!(operation(name).is_none(), "{name}");
    }
}

/// "Either" on docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html; API_HeadObject.html and
/// API_GetObjectAttributes.html of the API reference.
#[test]
fn calls_about_a_version_are_checked_as_other_actions() {
    for (name, expected) in [
        ("s3:GetObject", Some(&["s3:GetObjectVersion"][..])),
        ("s3:CopyObject", Some(&["s3:PutObject", "s3:GetObjectVersion"])),
        ("s3:UploadPartCopy", Some(&["s3:PutObject", "s3:GetObjectVersion"])),
        ("s3:DeleteObjects", Some(&["s3:DeleteObjectVersion"])),
        ("s3:DeleteObjectTagging", Some(&["s3:DeleteObjectVersionTagging"])),
        ("s3:GetObjectAcl", Some(&["s3:GetObjectVersionAcl"])),
        ("s3:GetObjectAttributes", Some(&["s3:GetObjectVersionAttributes"])),
        ("s3:PutObjectTagging", Some(&["s3:PutObjectVersionTagging"])),
        ("s3:HeadObject", Some(&["s3:GetObjectVersion"])),
        ("s3:GetObjectRetention", None),
        ("s3:PutObject", None),
        ("ec2:RunInstances", None),
    ] {
        let other = get(name).of_version();
        let told = other.map(|one| one.actions().iter().map(|action| action.name()).collect::<Vec<_>>());
        assert_eq!(told.as_deref(), expected, "{name}");
    }
    let attributes = get("s3:GetObjectAttributes").of_version();
    let needs = attributes.map(|one| one.needs().iter().map(|dependent| dependent.action.name()).collect::<Vec<_>>());
    assert_eq!(needs, Some(vec!["kms:Decrypt", "s3:GetObjectVersion"]));
}

/// Reads each line a second time, the plain way: every action, key and type is the catalogue's, and nothing is dropped.
#[test]
fn every_line_names_what_the_catalogue_has() {
    for line in &TABLE.lines {
        let clauses: Vec<_> = line.split("; ").collect();
        let found = get(clauses[0]);
        assert_eq!(found.name(), clauses[0], "the only line of its name");
        let count = |word: &str| clauses.iter().filter(|clause| clause.split(' ').next() == Some(word)).count();
        assert_eq!(found.needs().len(), count("ask"), "{line}");
        assert_eq!(found.actions().is_empty(), count("none") == 1, "{line}");
        let own = found.actions().first().map(|action| action.service());
        let has_type = |name: &str| own.is_some_and(|own| own.resource_types().any(|kind| kind.name() == name));
        for clause in &clauses[1..] {
            let (word, rest) = clause.split_once(' ').unwrap_or((clause, ""));
            match word {
                "is" | "one" => assert_eq!(found.actions().len(), rest.split(' ').count(), "{line}"),
                "version" => assert_eq!(found.versions.len(), rest.split(',').count(), "{line}"),
                "makes" => assert!(rest.split(',').all(|kind| has_type(kind) && found.makes(kind)), "{line}"),
                "either" => assert!(rest.split(',').all(|kind| found.instead_of(kind).len() > 1), "{line}"),
                "tags" => assert_eq!(found.tag_members(), rest.split(',').collect::<Vec<_>>(), "{line}"),
                "roles" => assert_eq!(found.role_members(), rest.split(',').collect::<Vec<_>>(), "{line}"),
                "ask" | "none" => {}
                _ => panic!("{line}"),
            }
        }
        for dependent in found.needs() {
            let names = dependent.when.iter().chain(&dependent.create_action);
            assert!(names.into_iter().all(|name| key(name).or(key(&format!("{name}/x"))).is_some()), "{line}");
            assert!(dependent.create_action.is_none() || dependent.action.access() == Access::Tagging, "{line}");
            if let On::Types(types) = &dependent.on {
                assert!(types.iter().all(|kind| has_type(kind)), "{line}");
            }
            assert!(dependent.passed_to.is_empty() || dependent.action.name() == "iam:PassRole", "{line}");
        }
    }
}

/// How many operations there are, how many have another action than that of their name, how many none, and how many pass
/// tags: as they were counted when the table was derived.
#[test]
fn all_services_are_here() {
    let mut counted: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for line in &TABLE.lines {
        let prefix = line.split(':').next().unwrap();
        if prefix == "bedrock" {
            continue; // Two by hand; the service is not in the table.
        }
        // S3 Control's operations have S3's prefix, except where both have one of the name.
        let prefix = if prefix == "s3control" { "s3" } else { prefix };
        let counts = counted.entry(prefix).or_default();
        for (count, words) in counts.iter_mut().zip([&["is ", "one "][..], &["none"], &["tags "]]) {
            *count += usize::from(line.split("; ").any(|clause| words.iter().any(|word| clause.starts_with(word))));
        }
    }
    let expected = [
        ("apigateway", [0, 124, 11]),
        ("cognito-idp", [0, 28, 4]),
        ("dynamodb", [5, 4, 2]),
        ("ec2", [0, 28, 122]),
        ("glue", [0, 53, 33]),
        ("kms", [1, 2, 3]),
        ("lambda", [3, 3, 5]),
        ("s3", [59, 20, 16]),
        ("sns", [1, 0, 2]),
        ("sqs", [3, 0, 2]),
        ("states", [0, 0, 3]),
        ("sts", [0, 1, 3]),
    ];
    for (prefix, counts) in expected {
        assert_eq!(counted.get(prefix), Some(&counts), "{prefix}");
    }
    let total = counted.values().fold([0; 3], |sum, one| [sum[0] + one[0], sum[1] + one[1], sum[2] + one[2]]);
    assert_eq!(total, [72, 212 + 124, 411]);
    assert_eq!(TABLE.services().count(), 37);
    assert_eq!(TABLE.services().map(|(_, _, operations)| operations).sum::<usize>(), 3_810);
    assert!(TABLE.services().all(|(_, prefix, _)| service(prefix).is_some()));
}
