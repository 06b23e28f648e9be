//! What `Ref` and `Fn::GetAtt` give; each value is the sample of the type's page with our names put in.

use super::*;

const RESOURCES: &str = "Resources:
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: r, Path: /a/b/, AssumeRolePolicyDocument: {}}}
  Managed: {Type: AWS::IAM::ManagedPolicy, Properties: {ManagedPolicyName: m, PolicyDocument: {}}}
  Inline: {Type: AWS::IAM::RolePolicy, Properties: {RoleName: !Ref Role, PolicyName: p, PolicyDocument: {}}}
  User: {Type: AWS::IAM::User, Properties: {UserName: u}}
  Group: {Type: AWS::IAM::Group, Properties: {GroupName: g}}
  Profile: {Type: AWS::IAM::InstanceProfile, Properties: {InstanceProfileName: i, Roles: [!Ref Role]}}
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: b}}
  BucketPolicy: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref Bucket, PolicyDocument: {}}}
  Cluster: {Type: AWS::ECS::Cluster, Properties: {ClusterName: c}}
  Task: {Type: AWS::ECS::TaskDefinition, Properties: {Family: f, ContainerDefinitions: []}}
  Logs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /l}}
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: t}}
  Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: t}}
  Parameter: {Type: AWS::SSM::Parameter, Properties: {Name: /a/p, Type: String, Value: v}}
  Function: {Type: AWS::Lambda::Function, Properties: {FunctionName: f}}
  Images: {Type: AWS::ECR::Repository, Properties: {RepositoryName: i}}
  Machine: {Type: AWS::StepFunctions::StateMachine, Properties: {StateMachineName: m}}
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: e}}
  Stream: {Type: AWS::Kinesis::Stream, Properties: {Name: s}}
";

/// The value of `written` in a stack of `region`.
fn value(written: &str, region: &str) -> String {
    let text = format!("{RESOURCES}Outputs: {{O: {{Value: !Sub '${{{written}}}'}}}}\n");
    let (stack, findings) = stack_with(&text, &Inputs::new("123456789012", region, "web"));
    assert_eq!(findings, [], "{written}");
    stack.outputs[0].value.clone()
}

#[test]
fn names_and_arns_are_what_cloudformation_gives() {
    for (written, expected) in [
        ("Role", "r"),
        ("Role.Arn", "arn:aws:iam::123456789012:role/a/b/r"),
        ("Managed", "arn:aws:iam::123456789012:policy/m"),
        ("Managed.PolicyArn", "arn:aws:iam::123456789012:policy/m"),
        ("Managed.DefaultVersionId", "v1"),
        ("Inline", "p|r"),
        ("User", "u"),
        ("User.Arn", "arn:aws:iam::123456789012:user/u"),
        ("Group", "g"),
        ("Group.Arn", "arn:aws:iam::123456789012:group/g"),
        ("Profile", "i"),
        ("Profile.Arn", "arn:aws:iam::123456789012:instance-profile/i"),
        ("Bucket", "b"),
        ("Bucket.Arn", "arn:aws:s3:::b"),
        ("Bucket.DomainName", "b.s3.amazonaws.com"),
        ("Bucket.DualStackDomainName", "b.s3.dualstack.us-east-2.amazonaws.com"),
        ("Bucket.RegionalDomainName", "b.s3.us-east-2.amazonaws.com"),
        ("Bucket.WebsiteURL", "http://b.s3-website.us-east-2.amazonaws.com"),
        ("BucketPolicy", "b"),
        ("Cluster", "c"),
        ("Cluster.Arn", "arn:aws:ecs:us-east-2:123456789012:cluster/c"),
        ("Task", "arn:aws:ecs:us-east-2:123456789012:task-definition/f:1"),
        ("Task.TaskDefinitionArn", "arn:aws:ecs:us-east-2:123456789012:task-definition/f:1"),
        ("Queue", "https://sqs.us-east-2.amazonaws.com/123456789012/q"),
        ("Queue.Arn", "arn:aws:sqs:us-east-2:123456789012:q"),
        ("Queue.QueueName", "q"),
        ("Queue.QueueUrl", "https://sqs.us-east-2.amazonaws.com/123456789012/q"),
        ("Topic", "arn:aws:sns:us-east-2:123456789012:t"),
        ("Topic.TopicArn", "arn:aws:sns:us-east-2:123456789012:t"),
        ("Topic.TopicName", "t"),
        ("Table", "t"),
        ("Table.Arn", "arn:aws:dynamodb:us-east-2:123456789012:table/t"),
        ("Parameter", "/a/p"),
        ("Parameter.Arn", "arn:aws:ssm:us-east-2:123456789012:parameter/a/p"),
        ("Parameter.Value", "v"),
        ("Function", "f"),
        ("Function.Arn", "arn:aws:lambda:us-east-2:123456789012:function:f"),
        ("Images", "i"),
        ("Images.RepositoryUri", "123456789012.dkr.ecr.us-east-2.amazonaws.com/i"),
        ("Machine", "arn:aws:states:us-east-2:123456789012:stateMachine:m"),
        ("Machine.Name", "m"),
        ("Bus", "e"),
        ("Bus.Arn", "arn:aws:events:us-east-2:123456789012:event-bus/e"),
        ("Stream", "s"),
        ("Stream.Arn", "arn:aws:kinesis:us-east-2:123456789012:stream/s"),
        ("Logs", "/l"),
        ("Logs.Arn", "arn:aws:logs:us-east-2:123456789012:log-group:/l:*"),
    ] {
        assert_eq!(value(written, "us-east-2"), expected, "{written}");
    }
}

#[test]
fn the_region_decides_on_partition_and_endpoints() {
    assert_eq!(value("Bucket.WebsiteURL", "us-east-1"), "http://b.s3-website-us-east-1.amazonaws.com");
    assert_eq!(value("Role.Arn", "cn-north-1"), "arn:aws-cn:iam::123456789012:role/a/b/r");
    assert_eq!(value("Bucket.DomainName", "cn-north-1"), "b.s3.amazonaws.com.cn");
    assert_eq!(value("Bucket.Arn", "us-gov-west-1"), "arn:aws-us-gov:s3:::b");
}

#[test]
fn a_name_that_was_not_given_is_made_up_the_same_each_time() {
    let text = "Resources:
  MyBucket: {Type: AWS::S3::Bucket}
  MyRole: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}
  Task: {Type: AWS::ECS::TaskDefinition, Properties: {TaskRoleArn: !GetAtt MyRole.Arn, ContainerDefinitions: []}}
Outputs: {O: {Value: !GetAtt MyRole.Arn}}
";
    let one = stack(text);
    let bucket = &resource(&one, "MyBucket").physical_id;
    assert!(bucket.starts_with("web-mybucket-") && bucket.len() == "web-mybucket-".len() + 12, "{bucket}");
    let role = &resource(&one, "MyRole").physical_id;
    assert!(role.starts_with("web-MyRole-") && role.len() == "web-MyRole-".len() + 12, "{role}");
    assert_eq!(one.outputs[0].value, format!("arn:aws:iam::123456789012:role/{role}"));
    let crate::resource::Properties::Role(made) = &resource(&one, "MyRole").properties else { panic!() };
    assert_eq!(&made.role_name.value, role, "the role is made under the name that others refer to");
    assert_eq!(&resource(&stack(text), "MyRole").physical_id, role);
}

#[test]
fn what_only_aws_knows_is_said_to_be_made_up_or_refused() {
    let text = format!(
        "{RESOURCES}Outputs:\n  A: {{Value: !GetAtt Role.RoleId}}\n  B: {{Value: !GetAtt Managed.CreateDate}}\n"
    );
    says(&text, &["the value of `Managed.CreateDate` is known only to a real account at !GetAtt Managed.CreateDate"]);
    let (stack, _) = stack_with(&text, &inputs());
    assert_eq!(stack.made_up.iter().map(|value| value.what.as_str()).collect::<Vec<_>>(), ["Role.RoleId"]);
    let id = value("Role.RoleId", "us-east-2");
    assert!(id.starts_with("AROA") && id.len() == 21, "{id}");
}

#[test]
fn a_type_that_is_not_modelled_can_be_referred_to() {
    let text = "Resources:
  Function: {Type: AWS::AppSync::FunctionConfiguration}
Outputs:
  A: {Value: !GetAtt Function.FunctionArn}
";
    let (stack, findings) = stack_with(text, &inputs());
    assert!(
        stack.outputs[0].value.starts_with("arn:aws:appsync:ap-northeast-1:123456789012:web-Function-"),
        "{:?}",
        stack.outputs
    );
    assert_eq!(findings, []);
    let [made_up] = &stack.made_up[..] else { panic!("{:?}", stack.made_up) };
    assert_eq!((made_up.what.as_str(), &made_up.value), ("Function.FunctionArn", &stack.outputs[0].value));
}
