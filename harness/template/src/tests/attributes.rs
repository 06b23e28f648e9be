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
fn what_only_aws_knows_is_said_to_be_made_up() {
    let text = format!(
        "{RESOURCES}Outputs:\n  A: {{Value: !GetAtt Role.RoleId}}\n  B: {{Value: !GetAtt Managed.CreateDate}}\n"
    );
    let stack = stack(&text);
    let told: Vec<_> = stack.made_up.iter().map(|value| value.what.as_str()).collect();
    assert_eq!(told, ["Role.RoleId", "Managed.CreateDate"]);
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

/// What AWS gives is right by its kind, whether the type is modelled or not: each value is as the type's page has it.
#[test]
fn made_up_values_have_the_shape_of_aws() {
    const TEXT: &str = "Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Pool: {Type: AWS::EC2::VPC, Properties: {Ipv4IpamPoolId: p, Ipv4NetmaskLength: 16}}
  Subnet: {Type: AWS::EC2::Subnet}
  Group: {Type: AWS::EC2::SecurityGroup}
  Address: {Type: AWS::EC2::EIP}
  Job: {Type: AWS::Batch::JobDefinition, Properties: {JobDefinitionName: j}}
  Model: {Type: AWS::SageMaker::Model, Properties: {ModelName: m}}
  Service: {Type: AWS::ECS::Service, Properties: {ServiceName: s, Cluster: c}}
  Rule: {Type: AWS::Events::Rule, Properties: {Name: r}}
  Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Name: b, Subnets: [x, y]}}
  Database: {Type: AWS::RDS::DBInstance, Properties: {DBInstanceIdentifier: d}}
  Secret: {Type: AWS::SecretsManager::Secret}
  Nested: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: u}}
  Custom: {Type: Custom::Thing, Properties: {ServiceToken: t}}
";
    for (written, expected) in [
        ("${Vpc}", r"vpc-[0-9a-f]{17}"),
        ("${Vpc.VpcId}", r"vpc-[0-9a-f]{17}"),
        ("${Vpc.CidrBlock}", r"10\.0\.0\.0/16"),
        ("${Pool.CidrBlock}", r"10\.\d+\.0\.0/16"),
        ("${Vpc.DefaultSecurityGroup}", r"sg-[0-9a-f]{17}"),
        ("${Subnet}", r"subnet-[0-9a-f]{17}"),
        ("${Group.GroupId}", r"sg-[0-9a-f]{17}"),
        ("${Address}", r"203\.0\.113\.\d{1,3}"),
        ("${Address.AllocationId}", r"eipalloc-[0-9a-f]{17}"),
        ("${Job}", r"arn:aws:batch:ap-northeast-1:123456789012:job-definition/j"),
        ("${Model}", r"arn:aws:sagemaker:ap-northeast-1:123456789012:model/m"),
        ("${Service}", r"arn:aws:ecs:ap-northeast-1:123456789012:service/c/s"),
        ("${Service.Name}", r"s"),
        ("${Rule}", r"r"),
        ("${Rule.Arn}", r"arn:aws:events:ap-northeast-1:123456789012:rule/r"),
        ("${Balancer}", r"arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/b/[0-9a-f]{16}"),
        ("${Balancer.LoadBalancerFullName}", r"app/b/[0-9a-f]{16}"),
        ("${Database}", r"d"),
        ("${Database.Endpoint.Port}", r"\d+"),
        ("${Secret}", r"arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:Secret-[A-Z2-7]{12}-[A-Z2-7]{6}"),
        ("${Nested}", r"arn:aws:cloudformation:ap-northeast-1:123456789012:stack/.+/.+"),
        ("${Nested.Outputs.RoleArn}", r"arn:aws:iam::123456789012:role/.+"),
        ("${Nested.Outputs.VpcId}", r"vpc-[0-9a-f]{17}"),
        ("${Custom.BucketArn}", r"arn:aws:s3:::[a-z0-9.-]{3,63}"),
    ] {
        let text = format!("{TEXT}Outputs: {{O: {{Value: !Sub '{written}'}}}}\n");
        let value = &stack(&text).outputs[0].value;
        let is_right = regex_lite::Regex::new(&format!("^(?:{expected})$")).unwrap().is_match(value);
        assert!(is_right, "{written}: {value}");
    }
}

#[test]
fn an_attribute_that_is_a_list_gives_a_list() {
    let text = "Resources:
  Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Subnets: [x, y]}}
  Group: {Type: AWS::ElasticLoadBalancingV2::TargetGroup}
Outputs:
  A: {Value: !Select [1, !GetAtt Balancer.Subnets]}
  B: {Value: !Select [0, !GetAtt Group.LoadBalancerArns]}
";
    assert_eq!(stack(text).outputs[0].value, "y");
}

/// Each of these fails on AWS's own value only if that value is not what the template takes it for.
#[test]
fn a_made_up_value_is_never_an_error() {
    for value in [
        "!Select [0, !Cidr [!GetAtt Custom.Block, 2, 8]]",
        "!Select [3, !Split [':', !GetAtt Custom.Name]]",
        "!Select [2, !GetAtt Custom.Names]",
        "!Join [',', !GetAtt Custom.Names]",
        "!Sub '${Group.LoadBalancerArns}'",
        "!Select [1, !GetAtt Group.LoadBalancerArns]",
    ] {
        stack(&around(
            value,
            "  Custom: {Type: Custom::Thing}\n  Group: {Type: AWS::ElasticLoadBalancingV2::TargetGroup}\n",
        ));
    }
    // What the template itself says is still wrong.
    let text = around("!Select [3, [!GetAtt Custom.Name]]", "  Custom: {Type: Custom::Thing}\n");
    says(&text, &["`Fn::Select` asks for item 3, and the list has 1, counted from 0 at 3"]);
}

#[test]
fn an_attribute_that_is_nearly_a_listed_one_is_told() {
    let text = "Resources: {Vpc: {Type: AWS::EC2::VPC}}\nOutputs: {A: {Value: !GetAtt [Vpc, DefaultSecurityGruop]}}\n";
    let told = "warning: AWS::EC2::VPC has no attribute `DefaultSecurityGruop` [did you mean `DefaultSecurityGroup`?]";
    says(text, &[&format!("{told} at DefaultSecurityGruop")]);
}
