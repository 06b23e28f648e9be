//! Who may do what: principals with their policies, resources with ARN, policy and tags.

use super::*;
use crate::attached::{Boundary, principals, resources};

/// Each resource as `logical id arn policy tags`.
fn told(text: &str) -> (Vec<String>, Vec<String>) {
    let (stack, findings) = stack_with(text, &inputs());
    let (resources, more) = resources(&stack);
    let one = |found: &crate::attached::Guarded<'_>| {
        let policy = found.policy.as_deref().map_or("no policy".to_owned(), |policy| crate::json(policy).to_string());
        let tags = found.tags.as_deref().map(|tags| {
            let pairs: Vec<_> = tags.iter().map(|tag| format!("{}={}", tag.key.value, tag.value.value)).collect();
            pairs.join(",")
        });
        format!("{} {} {policy} [{}]", found.logical_id.unwrap_or("-"), found.arn, tags.unwrap_or("?".to_owned()))
    };
    let findings: Vec<_> = findings.into_iter().chain(more).collect();
    (resources.iter().map(one).collect(), said(text, &findings))
}

fn resources_are(resources: &str, expected: &[&str]) {
    let text = format!("Resources:\n{resources}");
    assert_eq!(told(&text), (expected.iter().map(|&text| text.to_owned()).collect(), Vec::new()), "{resources}");
}

#[test]
fn each_type_has_its_arn_and_its_tags() {
    for (resource, expected) in [
        (
            "Type: AWS::SQS::Queue, Properties: {QueueName: q, Tags: [{Key: a, Value: b}]}",
            "sqs:ap-northeast-1:123456789012:q no policy [a=b]",
        ),
        ("Type: AWS::SNS::Topic, Properties: {TopicName: t}", "sns:ap-northeast-1:123456789012:t no policy []"),
        (
            "Type: AWS::DynamoDB::Table, Properties: {TableName: t, ResourcePolicy: {PolicyDocument: {}}}",
            "dynamodb:ap-northeast-1:123456789012:table/t {} []",
        ),
        (
            "Type: AWS::SSM::Parameter, Properties: {Name: /a/b, Tags: {team: x}}",
            "ssm:ap-northeast-1:123456789012:parameter/a/b no policy [team=x]",
        ),
        (
            "Type: AWS::SSM::Parameter, Properties: {Name: b}",
            "ssm:ap-northeast-1:123456789012:parameter/b no policy []",
        ),
        (
            "Type: AWS::Lambda::Function, Properties: {FunctionName: f}",
            "lambda:ap-northeast-1:123456789012:function:f no policy []",
        ),
        (
            "Type: AWS::ECR::Repository, Properties: {RepositoryName: r, RepositoryPolicyText: {}}",
            "ecr:ap-northeast-1:123456789012:repository/r {} []",
        ),
        (
            "Type: AWS::StepFunctions::StateMachine, Properties: {StateMachineName: s}",
            "states:ap-northeast-1:123456789012:stateMachine:s no policy []",
        ),
        (
            "Type: AWS::Events::EventBus, Properties: {Name: e}",
            "events:ap-northeast-1:123456789012:event-bus/e no policy []",
        ),
        (
            "Type: AWS::Kinesis::Stream, Properties: {Name: k}",
            "kinesis:ap-northeast-1:123456789012:stream/k no policy []",
        ),
        (
            "Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /l}",
            "logs:ap-northeast-1:123456789012:log-group:/l no policy []",
        ),
        ("Type: AWS::S3::Bucket, Properties: {BucketName: b, Tags: [{Key: a, Value: b}]}", "s3:::b no policy []"),
        (
            "Type: AWS::S3::Bucket, Properties: {BucketName: b, AbacStatus: Enabled, Tags: [{Key: a, Value: b}]}",
            "s3:::b no policy [a=b]",
        ),
        (
            "Type: AWS::IAM::User, Properties: {UserName: u, Path: /p/, Tags: [{Key: a, Value: b}]}",
            "iam::123456789012:user/p/u no policy [a=b]",
        ),
        (
            "Type: AWS::IAM::Role, Properties: {RoleName: r, AssumeRolePolicyDocument: {}}",
            "iam::123456789012:role/r {} []",
        ),
    ] {
        resources_are(&format!("  R: {{{resource}}}\n"), &[&format!("R arn:aws:{expected}")]);
    }
}

#[test]
fn what_aws_makes_up_is_the_same_wherever_it_is_named() {
    let text = "Resources:
  Secret: {Type: AWS::SecretsManager::Secret, Properties: {Name: s}}
  Key: {Type: AWS::KMS::Key}
  Fifo: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}
  Images: {Type: AWS::ECR::Repository}
Outputs:
  Secret: {Value: !Ref Secret}
  Key: {Value: !GetAtt Key.Arn}
  KeyId: {Value: !Ref Key}
  Fifo: {Value: !GetAtt Fifo.Arn}
  Images: {Value: !GetAtt Images.Arn}
";
    let stack = stack(text);
    let arn = |logical_id: &str| resource(&stack, logical_id).arn.clone().expect("an ARN");
    let output = |name: &str| stack.outputs.iter().find(|output| output.name == name).expect(name).value.clone();
    for name in ["Secret", "Key", "Fifo", "Images"] {
        assert_eq!(arn(name), output(name));
    }
    assert!(
        arn("Secret").starts_with("arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:s-"),
        "{}",
        arn("Secret")
    );
    assert_eq!(arn("Key"), format!("arn:aws:kms:ap-northeast-1:123456789012:key/{}", output("KeyId")));
    assert!(arn("Fifo").ends_with(".fifo") && arn("Images") == arn("Images").to_lowercase());
}

#[test]
fn a_policy_counts_for_what_it_names_by_ref_arn_or_name() {
    let policy = "PolicyDocument: {Version: x}";
    for (resource, policies, expected) in [
        (
            "AWS::SQS::Queue, Properties: {QueueName: q}",
            format!("AWS::SQS::QueuePolicy, Properties: {{Queues: [!Ref R], {policy}}}"),
            "sqs:ap-northeast-1:123456789012:q",
        ),
        (
            "AWS::SQS::Queue, Properties: {QueueName: q}",
            format!("AWS::SQS::QueueInlinePolicy, Properties: {{Queue: !GetAtt R.QueueUrl, {policy}}}"),
            "sqs:ap-northeast-1:123456789012:q",
        ),
        (
            "AWS::SNS::Topic, Properties: {TopicName: t}",
            format!("AWS::SNS::TopicPolicy, Properties: {{Topics: [!Ref R], {policy}}}"),
            "sns:ap-northeast-1:123456789012:t",
        ),
        (
            "AWS::SNS::Topic, Properties: {TopicName: t}",
            format!("AWS::SNS::TopicInlinePolicy, Properties: {{TopicArn: !GetAtt R.TopicArn, {policy}}}"),
            "sns:ap-northeast-1:123456789012:t",
        ),
        (
            "AWS::Kinesis::Stream, Properties: {Name: k}",
            "AWS::Kinesis::ResourcePolicy, Properties: {ResourceArn: !GetAtt R.Arn, ResourcePolicy: {Version: x}}"
                .to_owned(),
            "kinesis:ap-northeast-1:123456789012:stream/k",
        ),
        (
            "AWS::Lambda::Function, Properties: {FunctionName: f}",
            format!("AWS::Lambda::ResourcePolicy, Properties: {{ResourceArn: !GetAtt R.Arn, {policy}}}"),
            "lambda:ap-northeast-1:123456789012:function:f",
        ),
        (
            "AWS::S3::Bucket, Properties: {BucketName: b}",
            format!("AWS::S3::BucketPolicy, Properties: {{Bucket: !Ref R, {policy}}}"),
            "s3:::b",
        ),
    ] {
        resources_are(
            &format!("  R: {{Type: {resource}}}\n  P: {{Type: {policies}}}\n"),
            &[&format!("R arn:aws:{expected} {{\"Version\":\"x\"}} []")],
        );
    }
}

#[test]
fn a_permission_of_lambda_and_a_policy_of_an_event_bus_are_statements() {
    resources_are(
        "  F: {Type: AWS::Lambda::Function, Properties: {FunctionName: f}}
  P: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref F, Action: 'lambda:InvokeFunction', Principal: s3.amazonaws.com, SourceArn: 'arn:aws:s3:::b', SourceAccount: '123456789012', PrincipalOrgID: o-1}}
  Q: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !GetAtt F.Arn, Action: 'lambda:InvokeFunction', Principal: '111122223333'}}
",
        &[concat!(
            "F arn:aws:lambda:ap-northeast-1:123456789012:function:f ",
            r#"{"Version":"2012-10-17","Statement":[{"Sid":"P","Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"*","#,
            r#""Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1","AWS:SourceAccount":"123456789012"},"ArnLike":{"AWS:SourceArn":"arn:aws:s3:::b"}}},"#,
            r#"{"Sid":"Q","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"lambda:InvokeFunction","Resource":"*"}]} []"#
        )],
    );
    resources_are(
        "  B: {Type: AWS::Events::EventBus, Properties: {Name: b}}
  P: {Type: AWS::Events::EventBusPolicy, Properties: {EventBusName: b, StatementId: s, Statement: {Sid: s}}}
  Q: {Type: AWS::Events::EventBusPolicy, Properties: {EventBusName: !Ref B, StatementId: t, Action: 'events:PutEvents', Principal: '*', Condition: {Type: StringEquals, Key: 'aws:PrincipalOrgID', Value: o-1}}}
",
        &[concat!(
            "B arn:aws:events:ap-northeast-1:123456789012:event-bus/b ",
            r#"{"Version":"2012-10-17","Statement":[{"Sid":"s"},{"Effect":"Allow","Principal":"*","Action":"events:PutEvents","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}}]} []"#
        )],
    );
}

#[test]
fn a_key_without_a_policy_has_the_default_one() {
    let (told, findings) =
        told("Resources: {K: {Type: AWS::KMS::Key}, L: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {}}}}");
    assert!(
        told[0].contains(r#""Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"kms:*","Resource":"*""#),
        "{told:?}"
    );
    assert!(told[1].ends_with("{} []"), "{told:?}");
    assert_eq!(findings, Vec::<String>::new());
}

#[test]
fn what_a_policy_cannot_be_attached_to_is_said() {
    for (resources, expected) in [
        (
            "P: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [other], PolicyDocument: {}}}",
            "warning: no resource of the template is `other`: its policy counts nowhere [refer to the resource by `!Ref` or `!GetAtt`, or write its ARN] at other",
        ),
        (
            "Q: {Type: AWS::SQS::Queue}, O: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!GetAtt Q.Arn], PolicyDocument: {}}}, P: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!GetAtt Q.Arn], PolicyDocument: {}}}",
            "has another policy in this template already [AWS keeps the one that is made last: put all statements into one policy]",
        ),
        ("Q: {Type: AWS::SQS::Queue, Properties: {Tags: 5}}", "`Tags` must be a list, and this is a number at 5"),
        (
            "Q: {Type: AWS::SQS::QueuePolicy, Properties: {PolicyDocument: {}, Queues: 5}}",
            "`Queues` must be a list, and this is a number at 5",
        ),
        (
            "Q: {Type: AWS::SNS::TopicPolicy, Properties: {Topics: []}}",
            "`Q` (AWS::SNS::TopicPolicy) needs the property `PolicyDocument` at Q",
        ),
        (
            "K: {Type: AWS::KMS::Key, Properties: {KeyPolicy: 5}}",
            "`KeyPolicy` must be a policy document, and this is a number at 5",
        ),
        (
            "S: {Type: AWS::SSM::Parameter, Properties: {Tags: [a]}}",
            "`Tags` must be a mapping, and this is a list at [a]",
        ),
    ] {
        let (_, findings) = told(&format!("Resources: {{{resources}}}"));
        assert!(findings.len() == 1 && findings[0].contains(expected), "{resources}: {findings:?}");
    }
}

#[test]
fn a_policy_for_what_the_stack_does_not_make_is_there_by_its_arn() {
    resources_are(
        "  P: {Type: AWS::SNS::TopicPolicy, Properties: {Topics: ['arn:aws:sns:eu-west-1:111122223333:t'], PolicyDocument: {}}}\n",
        &["- arn:aws:sns:eu-west-1:111122223333:t {} [?]"],
    );
}

#[test]
fn a_principal_has_all_that_is_attached_to_it() {
    let text = "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: r
      AssumeRolePolicyDocument: {}
      Policies: [{PolicyName: own, PolicyDocument: {}}]
      ManagedPolicyArns: [!Ref Named, 'arn:aws:iam::aws:policy/ReadOnlyAccess']
      PermissionsBoundary: !Ref Bound
      Tags: [{Key: team, Value: blue}]
  Named: {Type: AWS::IAM::ManagedPolicy, Properties: {ManagedPolicyName: named, PolicyDocument: {}}}
  Naming: {Type: AWS::IAM::ManagedPolicy, Properties: {ManagedPolicyName: naming, PolicyDocument: {}, Roles: [!Ref Role], Groups: [!Ref Group]}}
  Bound: {Type: AWS::IAM::ManagedPolicy, Properties: {ManagedPolicyName: bound, PolicyDocument: {}}}
  Shared: {Type: AWS::IAM::Policy, Properties: {PolicyName: shared, PolicyDocument: {}, Roles: [r], Users: [!Ref User]}}
  Put: {Type: AWS::IAM::RolePolicy, Properties: {PolicyName: put, RoleName: !Ref Role, PolicyDocument: {}}}
  Group: {Type: AWS::IAM::Group, Properties: {GroupName: g, Policies: [{PolicyName: of-group, PolicyDocument: {}}]}}
  User: {Type: AWS::IAM::User, Properties: {UserName: u, Groups: [!Ref Group], PermissionsBoundary: 'arn:aws:iam::aws:policy/X'}}
  Other: {Type: AWS::IAM::User, Properties: {UserName: o}}
";
    let stack = stack(text);
    let told: Vec<_> = principals(&stack)
        .iter()
        .map(|one| {
            let policies: Vec<_> = one.policies.iter().map(|policy| policy.name).collect();
            let managed: Vec<_> = one.managed_policy_arns.iter().map(|arn| &*arn.value).collect();
            let boundary = one.boundary.as_ref().map(|boundary| match boundary {
                Boundary::Made(policy) => format!("made {}", policy.name),
                Boundary::Elsewhere(arn) => format!("elsewhere {}", arn.value),
            });
            (one.name, policies, managed, boundary, one.trust.is_some(), one.tags.len())
        })
        .collect();
    let arn = |name: &str| format!("arn:aws:iam::123456789012:policy/{name}");
    let (named, naming) = (arn("named"), arn("naming"));
    assert_eq!(
        told,
        [
            (
                "r",
                vec!["own", &named, "put", &naming, "shared"],
                vec!["arn:aws:iam::aws:policy/ReadOnlyAccess"],
                Some(format!("made {}", arn("bound"))),
                true,
                1
            ),
            (
                "u",
                vec!["shared", "of-group", &naming],
                vec![],
                Some("elsewhere arn:aws:iam::aws:policy/X".to_owned()),
                false,
                0
            ),
            ("o", vec![], vec![], None, false, 0),
        ]
    );
}

/// A queue, a bucket, a role … may have one name.
#[test]
fn a_policy_is_about_a_resource_of_its_own_type() {
    let policy = "{Version: x}";
    let own = |type_and_name: &str, about: &str, arn: &str| {
        resources_are(
            &format!(
                "  Role: {{Type: AWS::IAM::Role, Properties: {{RoleName: data, AssumeRolePolicyDocument: {{}}}}}}
  Logs: {{Type: AWS::Logs::LogGroup, Properties: {{LogGroupName: /aws/lambda/data}}}}
  Topic: {{Type: AWS::SNS::Topic, Properties: {{TopicName: data}}}}
  R: {{Type: {type_and_name}}}
  P: {{Type: {about}}}\n"
            ),
            &[
                "Role arn:aws:iam::123456789012:role/data {} []",
                "Logs arn:aws:logs:ap-northeast-1:123456789012:log-group:/aws/lambda/data no policy []",
                "Topic arn:aws:sns:ap-northeast-1:123456789012:data no policy []",
                &format!("R arn:aws:{arn} {{\"Version\":\"x\"}} []"),
            ],
        );
    };
    own(
        "AWS::S3::Bucket, Properties: {BucketName: data}",
        &format!("AWS::S3::BucketPolicy, Properties: {{Bucket: data, PolicyDocument: {policy}}}"),
        "s3:::data",
    );
    own(
        "AWS::SQS::Queue, Properties: {QueueName: data}",
        &format!(
            "AWS::SQS::QueuePolicy, Properties: {{Queues: ['https://sqs.ap-northeast-1.amazonaws.com/123456789012/data'], PolicyDocument: {policy}}}"
        ),
        "sqs:ap-northeast-1:123456789012:data",
    );
    for (type_and_name, about, arn) in [
        (
            "AWS::Lambda::Function, Properties: {FunctionName: data}",
            "AWS::Lambda::Permission, Properties: {FunctionName: data, Action: 'lambda:InvokeFunction', Principal: '*'}",
            "lambda:ap-northeast-1:123456789012:function:data",
        ),
        (
            "AWS::Lambda::Function, Properties: {FunctionName: data}",
            "AWS::Lambda::Permission, Properties: {FunctionName: '123456789012:function:data', Action: 'lambda:InvokeFunction', Principal: '*'}",
            "lambda:ap-northeast-1:123456789012:function:data",
        ),
        (
            "AWS::Events::EventBus, Properties: {Name: data}",
            "AWS::Events::EventBusPolicy, Properties: {EventBusName: data, StatementId: s, Statement: {Sid: s}}",
            "events:ap-northeast-1:123456789012:event-bus/data",
        ),
    ] {
        let all = "Resources:
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: data, AssumeRolePolicyDocument: {}}}
  Logs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /aws/lambda/data}}
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: data}}
";
        let (resources, findings) = told(&format!("{all}  R: {{Type: {type_and_name}}}\n  P: {{Type: {about}}}\n"));
        assert_eq!(findings, Vec::<String>::new());
        assert!(resources[1..3].iter().all(|one| one.ends_with("no policy []")), "{about}: {resources:?}");
        assert!(resources[3].starts_with(&format!("R arn:aws:{arn} {{")), "{about}: {resources:?}");
    }
}

#[test]
fn a_policy_for_what_the_stack_does_not_make_counts_for_what_it_names() {
    for (policy, arn) in [
        ("AWS::S3::BucketPolicy, Properties: {Bucket: b, PolicyDocument: {}}", "s3:::b"),
        (
            "AWS::SQS::QueuePolicy, Properties: {Queues: ['https://sqs.eu-west-1.amazonaws.com/111122223333/q'], PolicyDocument: {}}",
            "sqs:eu-west-1:111122223333:q",
        ),
        (
            "AWS::SecretsManager::ResourcePolicy, Properties: {SecretId: prod/db, ResourcePolicy: {}}",
            "secretsmanager:ap-northeast-1:123456789012:secret:prod/db-??????",
        ),
    ] {
        resources_are(&format!("  P: {{Type: {policy}}}\n"), &[&format!("- arn:aws:{arn} {{}} [?]")]);
    }
    let (resources, findings) = told(
        "Resources:
  P: {Type: AWS::Events::EventBusPolicy, Properties: {StatementId: s, Statement: {Sid: s}}}
  Q: {Type: AWS::Lambda::Permission, Properties: {FunctionName: 'f:live', Action: 'lambda:InvokeFunction', Principal: '*'}}
",
    );
    assert_eq!(findings, Vec::<String>::new());
    assert!(
        resources[0].starts_with("- arn:aws:events:ap-northeast-1:123456789012:event-bus/default {"),
        "{resources:?}"
    );
    assert!(
        resources[1].starts_with("- arn:aws:lambda:ap-northeast-1:123456789012:function:f:live {"),
        "{resources:?}"
    );
}

#[test]
fn a_secret_is_named_with_or_without_its_six_characters() {
    for named in ["s", "prod/db"] {
        let text = format!(
            "Resources:
  S: {{Type: AWS::SecretsManager::Secret, Properties: {{Name: {named}}}}}
  P: {{Type: AWS::SecretsManager::ResourcePolicy, Properties: {{SecretId: {named}, ResourcePolicy: {{}}}}}}
"
        );
        let (resources, findings) = told(&text);
        assert!(findings.is_empty() && resources.len() == 1 && resources[0].ends_with(" {} []"), "{resources:?}");
    }
    let secret = |arn| crate::attached::Guarded {
        logical_id: None,
        construct_path: None,
        name: None,
        arn,
        policy: None,
        tags: None,
    };
    let pattern = secret("arn:aws:secretsmanager:r:1:secret:db-??????");
    assert!(pattern.is("arn:aws:secretsmanager:r:1:secret:db-a1B2c3"));
    assert!(!pattern.is("arn:aws:secretsmanager:r:1:secret:db-more-a1B2c3"));
}

/// docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-attach-resource-policy-streams.html
#[test]
fn the_stream_of_a_table_has_a_policy_of_its_own() {
    let table = "arn:aws:dynamodb:ap-northeast-1:123456789012:table/t";
    resources_are(
        "  T: {Type: AWS::DynamoDB::Table, Properties: {TableName: t, StreamSpecification: {ResourcePolicy: {PolicyDocument: {Version: x}}}}}\n",
        &[&format!("T {table} no policy []"), &format!("- {table}/stream/* {{\"Version\":\"x\"}} [?]")],
    );
}

/// docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html: a bucket has one policy.
#[test]
fn two_policies_of_one_bucket_are_an_error() {
    let policy = "{Type: AWS::S3::BucketPolicy, Properties: {Bucket: b, PolicyDocument: {}}}";
    let (_, findings) = told(&format!("Resources:\n  P: {policy}\n  Q: {policy}\n"));
    assert!(findings.len() == 1 && findings[0].starts_with("`b` has another policy in this template"), "{findings:?}");
}

#[test]
fn users_are_put_into_groups_and_groups_elsewhere_are_told() {
    let stack = stack(
        "Resources:
  Group: {Type: AWS::IAM::Group, Properties: {GroupName: g, Policies: [{PolicyName: of-group, PolicyDocument: {}}]}}
  User: {Type: AWS::IAM::User, Properties: {UserName: u, Groups: [elsewhere]}}
  In: {Type: AWS::IAM::UserToGroupAddition, Properties: {GroupName: !Ref Group, Users: [!Ref User]}}
",
    );
    let all = principals(&stack);
    assert_eq!(all[0].policies.iter().map(|policy| policy.name).collect::<Vec<_>>(), ["of-group"]);
    assert_eq!(all[0].groups_elsewhere.iter().map(|group| &*group.value).collect::<Vec<_>>(), ["elsewhere"]);
}

/// docs.aws.amazon.com/general/latest/gr/sqs-service.html
#[test]
fn a_queue_is_known_by_each_of_its_urls() {
    for (host, region) in [
        ("https://sqs.eu-west-1.amazonaws.com", Some("aws:sqs:eu-west-1")),
        ("http://sqs.eu-west-1.amazonaws.com", Some("aws:sqs:eu-west-1")),
        ("https://sqs-fips.us-east-2.amazonaws.com", Some("aws:sqs:us-east-2")),
        ("https://sqs.us-east-2.api.aws", Some("aws:sqs:us-east-2")),
        ("https://sqs.cn-north-1.amazonaws.com.cn", Some("aws-cn:sqs:cn-north-1")),
        ("https://queue.amazonaws.com", Some("aws:sqs:us-east-1")),
        ("https://eu-west-1.queue.amazonaws.com", Some("aws:sqs:eu-west-1")),
        ("https://cn-north-1.queue.amazonaws.com", Some("aws-cn:sqs:cn-north-1")),
        ("https://sqs.eu-west-1.example.com", None),
        ("https://myqueue.amazonaws.com", None),
        ("ftp://queue.amazonaws.com", None),
    ] {
        let text = format!(
            "Resources:\n  P: {{Type: AWS::SQS::QueuePolicy, Properties: {{Queues: ['{host}/111122223333/q'], PolicyDocument: {{}}}}}}\n"
        );
        let expected = region.map(|region| format!("- arn:{region}:111122223333:q {{}} [?]"));
        assert_eq!(told(&text).0, expected.into_iter().collect::<Vec<_>>(), "{host}");
    }
}
