//! Templates as they are deployed: names, and values that only AWS knows.

use matrix::{Outcome, Prepared, Results};

use crate::kit::{disagreements, said};
use crate::written::written;

const ANN_MAY_NOT_READ: &str = "
title: a template that is valid
template: {file: template.yaml}
options: {as-deployed: {}}
given: {users: {ann: {}}, buckets: {box: {objects: {k: {body: x}}}}}
callers: {ann: {user: ann}}
requests: {get: {call: s3:GetObject, bucket: box, key: k}}
expect: {as-deployed: {deny: [ann]}}
";

#[track_caller]
fn ready(scenario: &str, template: &str) -> Prepared {
    written(scenario, template).unwrap_or_else(|error| panic!("{}", said(&error).join("\n")))
}

/// The results of a scenario, which are as expected.
#[track_caller]
fn as_expected(scenario: &str, template: &str) -> Results {
    let results = matrix::predict(&ready(scenario, template)).unwrap();
    assert_eq!(disagreements(&results), Vec::<String>::new());
    results
}

/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html
#[test]
fn blocks_of_a_vpc_can_be_worked_out() {
    let template = "
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Vpc
      CidrBlock: !Select [0, !Cidr [!GetAtt Vpc.CidrBlock, 2, 8]]
";
    as_expected(ANN_MAY_NOT_READ, template);
}

/// CloudFormation takes the last of two keys.
#[test]
fn a_key_that_stands_twice_counts_as_cloudformation_has_it() {
    let template = "
Resources:
  Box: {Type: AWS::S3::Bucket, Properties: {BucketName: first-name, BucketName: second-name}}
";
    let prepared = ready(ANN_MAY_NOT_READ, template);
    assert_eq!(prepared.trials[0].stack.resources[0].name, "second-name");
    let [warning] = &prepared.warnings[..] else { panic!("{:?}", prepared.warnings) };
    assert_eq!((warning.code, warning.is_error()), ("DUPLICATE_KEY", false));
}

/// A role that AWS SAM makes, and one of a nested stack, stand in no template that is patched as it is written.
#[test]
fn patches_reach_what_transforms_and_nested_stacks_make() {
    let template = "
Transform: AWS::Serverless-2016-10-31
Resources:
  Reader: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.12, Handler: a.b, InlineCode: ''}}
";
    let patch =
        "patch: [{op: replace, path: /Resources/ReaderRole/Properties/AssumeRolePolicyDocument/Statement/0/Principal,
      value: {AWS: '123456789012'}}]
callers: {reader: {assume: ReaderRole, by: ann}}
";
    let may = "{policies: {P: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'sts:*', Resource: '*'}]}}}";
    let scenario = ANN_MAY_NOT_READ
        .replace("callers: {ann: {user: ann}}\n", patch)
        .replace("ann: {}", &format!("ann: {may}"))
        .replace("[ann]", "[reader]");
    as_expected(&scenario, template);
    let folder = tempfile::TempDir::new().unwrap();
    let nested = template.replace("Transform: AWS::Serverless-2016-10-31\n", "").replace(
        "Reader: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.12, Handler: a.b, InlineCode: ''}}",
        "ReaderRole: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow,
    Principal: {Service: ec2.amazonaws.com}, Action: 'sts:AssumeRole'}]}}}",
    );
    std::fs::write(folder.path().join("nested.yaml"), nested).unwrap();
    let outer = "Resources: {Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: nested.yaml}}}\n";
    std::fs::write(folder.path().join("template.yaml"), outer).unwrap();
    let scenario = scenario.replace("ReaderRole", "Inner.ReaderRole");
    let prepared = matrix::draft(&folder.path().join("scenario.yaml"), &scenario);
    let prepared = prepared.unwrap_or_else(|error| panic!("{}", said(&error).join("\n")));
    assert_eq!(disagreements(&matrix::predict(&prepared).unwrap()), Vec::<String>::new());
}

/// All that is wrong is told in one round.
#[test]
fn what_is_no_yaml_hides_nothing_of_the_template() {
    let scenario = ANN_MAY_NOT_READ.replace("options: {as-deployed: {}}", "options: [as-deployed");
    let error = written(&scenario, "Resources: {A: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref No}}}\n");
    let said = said(&error.expect_err("it is no YAML"));
    assert!(said.iter().any(|one| one.contains("not YAML") || one.contains("never closed")), "{said:?}");
    assert!(said.iter().any(|one| one.contains("`No`")), "{said:?}");
}

const TRUSTS_THE_OUTPUT: &str = "
Resources:
  Nested: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: 'https://example.com/nested.yaml'}}
  Reader:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - {Effect: Allow, Principal: {AWS: !GetAtt Nested.Outputs.HandlerRoleArn}, Action: sts:AssumeRole}
";

#[test]
fn outputs_of_a_nested_stack_are_principals() {
    let results = as_expected(ANN_MAY_NOT_READ, TRUSTS_THE_OUTPUT);
    assert_eq!(results.notes, Vec::<String>::new(), "no decision used it");
    // Whatever the output is called, a principal is one.
    as_expected(ANN_MAY_NOT_READ, &TRUSTS_THE_OUTPUT.replace("HandlerRoleArn", "Handler"));
    as_expected(ANN_MAY_NOT_READ, &TRUSTS_THE_OUTPUT.replace("HandlerRoleArn", "HandlerArn"));
}

#[test]
fn a_made_up_value_is_told_once_if_a_decision_used_it() {
    let scenario =
        ANN_MAY_NOT_READ.replace("callers: {ann: {user: ann}}", "callers: {reader: {assume: Reader, by: ann}}");
    let results = as_expected(&scenario.replace("deny: [ann]", "cannot-start: [reader]"), TRUSTS_THE_OUTPUT);
    let [note] = &results.notes[..] else { panic!("{:?}", results.notes) };
    assert!(note.contains("`Nested.Outputs.HandlerRoleArn`"), "{note}");
}

/// docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.CfnJson.html
#[test]
fn conditions_that_the_cdk_writes_as_json_text_are_read() {
    let template = r#"{"Resources": {
        "Team": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "red-team"}},
        "Cond": {"Type": "Custom::AWSCDKCfnJson", "Properties": {
            "ServiceToken": "arn:aws:lambda:us-east-1:123456789012:function:f",
            "Value": {"Fn::Join": ["", ["{\"aws:PrincipalTag/team\":\"", {"Ref": "Team"}, "\"}"]]}}},
        "Reader": {"Type": "AWS::IAM::Role", "Properties": {
            "RoleName": "reader",
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                "Condition": {"StringEquals": {"Fn::GetAtt": ["Cond", "Value"]}}}]}}},
        "Text": {"Type": "Custom::AWSCDKCfnJsonStringify", "Properties": {"Value": {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}}},
        "Read": {"Type": "AWS::IAM::RolePolicy", "Properties": {
            "RoleName": {"Ref": "Reader"}, "PolicyName": "read", "PolicyDocument": {"Fn::GetAtt": ["Text", "Value"]}}}
    }}"#;
    let may_assume = "{all: {Version: '2012-10-17', Statement: {Effect: Allow, Action: 'sts:*', Resource: '*'}}}";
    let scenario = format!(
        "
title: a condition as JSON text
template: {{file: template.yaml}}
options: {{as-deployed: {{}}}}
given:
  users:
    red: {{tags: {{team: red-team}}, policies: {may_assume}}}
    blue: {{tags: {{team: blue}}, policies: {may_assume}}}
  buckets: {{box: {{objects: {{k: {{body: x}}}}}}}}
callers: {{of-red: {{assume: Reader, by: red}}, of-blue: {{assume: Reader, by: blue}}}}
requests: {{get: {{call: s3:GetObject, bucket: box, key: k}}}}
expect: {{as-deployed: {{allow: [of-red], cannot-start: [of-blue]}}}}
"
    );
    as_expected(&scenario, template);
}

#[test]
fn text_of_the_cdk_that_is_not_json_is_told() {
    let template = "
Resources:
  Cond: {Type: Custom::AWSCDKCfnJson, Properties: {Value: '{\"a\": '}}
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: !GetAtt Cond.Value}}
";
    let told = said(&written(ANN_MAY_NOT_READ, template).unwrap_err());
    assert!(told[0].contains("VALUE_NOT_JSON `{\"a\": ` is not JSON: "), "{told:#?}");
    assert!(told[0].starts_with("template.yaml:3:"), "{told:#?}");
}

/// "If you don't specify a task role, … the containers in your task have no credentials", nor has anything else than a role
/// credentials for them in Fargate.
/// docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
#[test]
fn a_task_without_a_role_starts_and_has_no_credentials() {
    let template = "
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: t
      ContainerDefinitions: [{Name: c, Image: nginx, Memory: 128}]
";
    let scenario = "
title: a task without a role
template: {file: template.yaml}
options: {as-deployed: {}}
given: {buckets: {box: {objects: {k: {body: x}}}}, users: {ann: {}}}
callers: {task: {task: Task}, ann: {user: ann}}
requests: {get: {call: s3:GetObject, bucket: box, key: k}}
expect: {as-deployed: {cannot-start: [task], deny: [ann]}}
";
    let results = as_expected(scenario, template);
    assert!(matches!(results.cells[0].outcome, Outcome::NoCredentials { .. }), "{:?}", results.cells[0].outcome);
    assert!(results.cells[0].reason.contains("no credentials"), "{}", results.cells[0].reason);
}

/// The name has AWS's shape, is the same each time, and is told where results show it.
/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
#[test]
fn a_generated_name_is_told() {
    let template = "
Resources:
  Data: {Type: AWS::S3::Bucket}
  Other: {Type: AWS::S3::Bucket}
  Named: {Type: AWS::S3::Bucket, Properties: {BucketName: named}}
  Ann:
    Type: AWS::IAM::User
    Properties:
      UserName: ann
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: '2012-10-17'
            Statement: [{Effect: Allow, Action: 's3:*', Resource: [!GetAtt Data.Arn, !Sub '${Data.Arn}/*']}]
";
    let scenario = "
title: a bucket without BucketName
template: {file: template.yaml}
options: {as-deployed: {}}
given: {buckets: {Data: {objects: {k: {body: x}}, tags: {a: b}, abac: true}}}
callers: {ann: {user: Ann}}
requests:
  put: {call: s3:PutObject, bucket: Data, key: a, body: x}
  get: {call: s3:GetObject, bucket: !Ref Data, key: k}
  named: {call: s3:ListObjectsV2, bucket: Named}
  asked: {action: s3:GetObject, resource: Data/k}
expect: {as-deployed: {allow: {ann: [put, get, asked]}, deny: {ann: [named]}}}
";
    let results = as_expected(scenario, template);
    let names: Vec<_> = results.generated_names.iter().map(|one| (&*one.logical_id, one.name.len())).collect();
    assert_eq!(names, [("Data", "scenario-data-".len() + 12)]);
    let name = &results.generated_names[0].name;
    assert!(name.starts_with("scenario-data-") && *name == name.to_lowercase(), "{name}");
    assert_eq!(results.requests[0].what, format!("s3:PutObject Bucket=Data ({name}) Key=a Body=x"));
    assert_eq!(as_expected(scenario, template).generated_names, results.generated_names);
}

/// Logical ids and names, wherever something of the template is named.
#[test]
fn requests_and_given_name_resources_by_logical_id_or_name() {
    let template = "
Resources:
  Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs, Tags: [{Key: team, Value: blue}]}}
  Orders: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders}}
  OrdersTopic: {Type: AWS::SNS::Topic, Properties: {TopicName: orders}}
  Key: {Type: AWS::SecretsManager::Secret}
  Server: {Type: AWS::EC2::Instance, Properties: {Tags: [{Key: team, Value: blue}]}}
  Fleet: {Type: AWS::ECS::Cluster, Properties: {Tags: [{Key: team, Value: blue}]}}
  Read:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: ['sqs:SendMessage', 'ec2:StopInstances', 'ecs:ListTagsForResource']
            Resource: '*'
            Condition: {StringEquals: {'aws:ResourceTag/team': blue}}
          - {Effect: Allow, Action: 'secretsmanager:GetSecretValue', Resource: !Ref Key}
          - {Effect: Allow, Action: 'dynamodb:GetItem', Resource: !GetAtt Orders.Arn}
  Readers: {Type: AWS::IAM::Group}
  Ann: {Type: AWS::IAM::User, Properties: {Groups: [!Ref Readers]}}
";
    let scenario = "
title: names
template: {file: template.yaml}
options: {as-deployed: {}}
given: {groups: {Readers: {managed-policies: [Read]}}, users: {bob: {groups: [!Ref Readers]}, eve: {}}}
callers: {ann: {user: Ann}, bob: {user: bob}, eve: {user: eve}}
requests:
  send: {action: sqs:SendMessage, resource: Jobs}
  by-name: {action: sqs:SendMessage, resource: jobs}
  by-ref: {action: sqs:SendMessage, resource: !Ref Jobs}
  item: {action: dynamodb:GetItem, resource: orders}
  publish: {action: sns:Publish, resource: orders}
  secret: {action: secretsmanager:GetSecretValue, resource: Key}
  stop: {action: ec2:StopInstances, resource: Server}
  tags: {call: ecs:ListTagsForResource, resourceArn: Fleet}
expect:
  as-deployed:
    allow: {ann: [send, by-name, by-ref, item, secret, stop, tags], bob: [send, by-name, by-ref, item, secret, stop, tags]}
    deny: {all: [publish], eve: [send, by-name, by-ref, item, secret, stop, tags]}
";
    as_expected(scenario, template);
}

#[test]
fn a_name_that_means_two_resources_is_an_error() {
    let template = "
Resources:
  data: {Type: AWS::S3::Bucket}
  Other: {Type: AWS::S3::Bucket, Properties: {BucketName: data}}
  jobs: {Type: AWS::SQS::Queue}
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs}}
  Ann: {Type: AWS::IAM::User, Properties: {UserName: ann}}
  ann: {Type: AWS::IAM::User}
";
    let told = said(
        &written(
            "
title: two
template: {file: template.yaml}
given: {users: {Ann: {tags: {a: b}}}}
options: {as-deployed: {}}
callers: {ann: {user: ann}, ref: {user: !Ref Ann}}
requests:
  put: {call: s3:PutObject, bucket: data, key: a, body: x}
  put-ref: {call: s3:PutObject, bucket: !Ref data, key: a, body: x}
  send: {action: sqs:SendMessage, resource: jobs}
  send-ref: {action: sqs:SendMessage, resource: !Ref jobs}
expect: {as-deployed: {deny: all}}
",
            template,
        )
        .unwrap_err(),
    );
    let expected = [
        "scenario.yaml:4:22 MADE_RESOURCE the template makes the user `Ann` itself (its tags, its trust policy and its boundary stand in the template: change them there, or by a `patch`)",
        "scenario.yaml:6:23 AMBIGUOUS_NAME `ann` is the logical id of one user and the name of another, `Ann` (write `!Ref ann` or `!Ref Ann`)",
        "scenario.yaml:8:37 AMBIGUOUS_NAME `data` is the logical id of one bucket and the name of another, `Other` (write `!Ref data` or `!Ref Other`)",
        "scenario.yaml:10:45 AMBIGUOUS_NAME `jobs` means `jobs` and `Queue` (write `!Ref jobs` or `!Ref Queue`)",
    ];
    assert_eq!(told, expected);
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html#arns-syntax and
/// docs.aws.amazon.com/govcloud-us/latest/UserGuide/using-govcloud-arns.html
#[test]
fn managed_policies_of_aws_exist_in_each_partition() {
    let template = "
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Ann:
    Type: AWS::IAM::User
    Properties:
      ManagedPolicyArns: [!Sub 'arn:${AWS::Partition}:iam::aws:policy/AmazonS3ReadOnlyAccess']
  Reader:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - {Effect: Allow, Principal: {AWS: !GetAtt Ann.Arn}, Action: sts:AssumeRole}
          - {Effect: Allow, Principal: {Service: !Sub 'ec2.${AWS::URLSuffix}'}, Action: sts:AssumeRole}
          - {Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: '2012-10-17'
            Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: !Sub '${Bucket.Arn}/*'}]
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties: {TaskRoleArn: !GetAtt Reader.Arn, ContainerDefinitions: [{Name: c, Image: i, Memory: 128}]}
  Fence:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Version: '2012-10-17'
        Statement: [{Effect: Deny, Principal: '*', Action: 's3:DeleteObject', Resource: !Sub '${Bucket.Arn}/*'}]
";
    for (region, partition) in [
        ("us-east-1", "aws"),
        ("us-gov-west-1", "aws-us-gov"),
        ("cn-north-1", "aws-cn"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eu-isoe-west-1", "aws-iso-e"),
        ("us-isof-south-1", "aws-iso-f"),
        ("eusc-de-east-1", "aws-eusc"),
    ] {
        let scenario = format!(
            "
title: partitions
template: {{file: template.yaml, parameters: {{AWS::Region: {region}}}}}
options: {{as-deployed: {{}}}}
given: {{buckets: {{Bucket: {{objects: {{k: {{body: x}}}}}}}}}}
callers: {{ann: {{user: Ann}}, reader: {{assume: Reader, by: Ann}}, task: {{task: Task}}}}
requests:
  get: {{call: s3:GetObject, bucket: Bucket, key: k}}
  put: {{call: s3:PutObject, bucket: Bucket, key: k, body: y}}
expect: {{as-deployed: {{allow: {{all: [get]}}, deny: {{all: [put]}}}}}}
"
        );
        let results = as_expected(&scenario, template);
        let recorded = results.cells[0].recorded.as_ref().unwrap();
        assert!(
            recorded.request.resource.starts_with(&format!("arn:{partition}:s3:::")),
            "{}",
            recorded.request.resource
        );
    }
}
