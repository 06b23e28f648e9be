//! The template of the thread that the first scenario comes from.

use serde_json::json;

use super::*;
use crate::resource::Properties;

const YAML: &str = r#"AWSTemplateFormatVersion: 2010-09-09
Resources:
  ECSTestTaskDefinition:
    Type: AWS::ECS::TaskDefinition
    Properties:
      TaskRoleArn: !GetAtt ECSTestTaskRole.Arn
      ExecutionRoleArn: !GetAtt ECSTestExecutionRole.Arn
      Family: ecs-test
      Cpu: 256
      Memory: 512
      NetworkMode: awsvpc
      RequiresCompatibilities:
        - FARGATE
      RuntimePlatform:
        OperatingSystemFamily: LINUX
      ContainerDefinitions:
        - Name: Test
          Essential: true
          Image: public.ecr.aws/aws-cli/aws-cli
          Command:
            - s3
            - cp
            - s3://esolang-worker/0123456789/code
            - '-'
          LogConfiguration:
            LogDriver: awslogs
            Options:
              awslogs-group: /ecs/test
              awslogs-region: !Ref AWS::Region
              awslogs-stream-prefix: ecs
              awslogs-create-group: 'true'
  ECSTestTaskRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: ecs-test-task-role
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal:
              Service: ecs-tasks.amazonaws.com
            Action: sts:AssumeRole
      Policies:
        - PolicyName: AllowTaskToRetrieveS3File
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: s3:ListBucket
                Resource: arn:aws:s3:::esolang-worker
              - Effect: Allow
                Action: s3:GetObject
                Resource: arn:aws:s3:::esolang-worker/0123456789/code
                Condition:
                  StringEquals:
                    aws:RequestTag/Status: OK
  ECSTestExecutionRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: ecs-test-execution-role
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal:
              Service: ecs-tasks.amazonaws.com
            Action: sts:AssumeRole
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy
      Policies:
        - PolicyName: AllowTaskToCreateLogStreamAndPutLog
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action:
                  - logs:CreateLogStream
                  - logs:CreateLogGroup
                  - logs:DescribeLogStreams
                  - logs:PutLogEvents
                Resource: '*'
"#;

/// The same in JSON, with long forms.
const JSON: &str = r#"{
  "AWSTemplateFormatVersion": "2010-09-09",
  "Resources": {
    "ECSTestTaskDefinition": {
      "Type": "AWS::ECS::TaskDefinition",
      "Properties": {
        "TaskRoleArn": {"Fn::GetAtt": ["ECSTestTaskRole", "Arn"]},
        "ExecutionRoleArn": {"Fn::GetAtt": ["ECSTestExecutionRole", "Arn"]},
        "Family": "ecs-test", "Cpu": "256", "Memory": "512", "NetworkMode": "awsvpc",
        "RequiresCompatibilities": ["FARGATE"],
        "RuntimePlatform": {"OperatingSystemFamily": "LINUX"},
        "ContainerDefinitions": [{
          "Name": "Test", "Essential": "true", "Image": "public.ecr.aws/aws-cli/aws-cli",
          "Command": ["s3", "cp", "s3://esolang-worker/0123456789/code", "-"],
          "LogConfiguration": {"LogDriver": "awslogs", "Options": {
            "awslogs-group": "/ecs/test", "awslogs-region": {"Ref": "AWS::Region"},
            "awslogs-stream-prefix": "ecs", "awslogs-create-group": "true"}}
        }]
      }
    },
    "ECSTestTaskRole": {
      "Type": "AWS::IAM::Role",
      "Properties": {
        "RoleName": "ecs-test-task-role",
        "AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}]},
        "Policies": [{"PolicyName": "AllowTaskToRetrieveS3File", "PolicyDocument": {"Statement": [
          {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::esolang-worker"},
          {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::esolang-worker/0123456789/code",
           "Condition": {"StringEquals": {"aws:RequestTag/Status": "OK"}}}]}}]
      }
    },
    "ECSTestExecutionRole": {
      "Type": "AWS::IAM::Role",
      "Properties": {
        "RoleName": "ecs-test-execution-role",
        "AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}]},
        "ManagedPolicyArns": ["arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"],
        "Policies": [{"PolicyName": "AllowTaskToCreateLogStreamAndPutLog", "PolicyDocument": {"Statement": [
          {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:CreateLogGroup", "logs:DescribeLogStreams", "logs:PutLogEvents"], "Resource": "*"}]}}]
      }
    }
  }
}"#;

#[test]
fn the_roles_come_before_the_task_definition_that_needs_them() {
    for text in [YAML, JSON] {
        let stack = stack(text);
        let order: Vec<_> = stack.resources.iter().map(|resource| &*resource.logical_id).collect();
        assert_eq!(order, ["ECSTestTaskRole", "ECSTestExecutionRole", "ECSTestTaskDefinition"]);
        assert_eq!(stack.not_applied, []);
        let needed = &resource(&stack, "ECSTestTaskDefinition").depends_on;
        assert_eq!(needed, &["ECSTestTaskRole", "ECSTestExecutionRole"]);
    }
}

#[test]
fn the_task_definition_is_what_the_ecs_api_takes() {
    for text in [YAML, JSON] {
        let stack = stack(text);
        let made = resource(&stack, "ECSTestTaskDefinition");
        assert_eq!(made.physical_id, "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/ecs-test:1");
        let Properties::TaskDefinition(definition) = &made.properties else { panic!("{made:?}") };
        assert_eq!(definition.family.value, "ecs-test");
        assert_eq!(
            definition.request,
            json!({
                "taskRoleArn": "arn:aws:iam::123456789012:role/ecs-test-task-role",
                "executionRoleArn": "arn:aws:iam::123456789012:role/ecs-test-execution-role",
                "family": "ecs-test",
                "cpu": "256",
                "memory": "512",
                "networkMode": "awsvpc",
                "requiresCompatibilities": ["FARGATE"],
                "runtimePlatform": {"operatingSystemFamily": "LINUX"},
                "containerDefinitions": [{
                    "name": "Test",
                    "essential": true,
                    "image": "public.ecr.aws/aws-cli/aws-cli",
                    "command": ["s3", "cp", "s3://esolang-worker/0123456789/code", "-"],
                    "logConfiguration": {"logDriver": "awslogs", "options": {
                        "awslogs-group": "/ecs/test",
                        "awslogs-region": "ap-northeast-1",
                        "awslogs-stream-prefix": "ecs",
                        "awslogs-create-group": "true",
                    }},
                }],
            })
        );
    }
}

#[test]
fn the_policy_under_test_keeps_its_place_in_the_text() {
    for (text, condition, statement) in [
        (YAML, "OK", "Effect: Allow\n                Action: s3:GetObject"),
        (JSON, r#""OK""#, r#"{"Effect": "Allow", "Action": "s3:GetObject""#),
    ] {
        let stack = stack(text);
        let made = resource(&stack, "ECSTestTaskRole");
        let Properties::Role(role) = &made.properties else { panic!("{made:?}") };
        assert_eq!(made.physical_id, "ecs-test-task-role");
        assert_eq!(role.policies[0].policy_name.value, "AllowTaskToRetrieveS3File");
        let document = &role.policies[0].policy_document;
        let second = &document.get("Statement").unwrap().items()[1];
        assert!(underlined(text, second.span).starts_with(statement), "{}", underlined(text, second.span));
        let value = second.get("Condition").unwrap().get("StringEquals").unwrap().get("aws:RequestTag/Status").unwrap();
        assert_eq!(underlined(text, value.span), condition);
        assert_eq!(
            crate::json(second),
            json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::esolang-worker/0123456789/code",
                   "Condition": {"StringEquals": {"aws:RequestTag/Status": "OK"}}})
        );
        assert_eq!(crate::json(&role.assume_role_policy_document).get("Version"), None, "no Version is made up");
    }
}

#[test]
fn the_execution_role_has_its_managed_policy() {
    let stack = stack(YAML);
    let Properties::Role(role) = &resource(&stack, "ECSTestExecutionRole").properties else { panic!() };
    let arns: Vec<_> = role.managed_policy_arns.iter().map(|arn| &*arn.value).collect();
    assert_eq!(arns, ["arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"]);
    assert_eq!(underlined(YAML, role.managed_policy_arns[0].span), arns[0]);
}

#[test]
fn a_tag_patched_into_the_role_is_read_from_the_patch() {
    let (mut node, _) = source::yaml::read(FileId(0), YAML);
    let patch = "[{op: add, path: /Resources/ECSTestTaskRole/Properties/Tags, value: [{Key: Status, Value: OK}]}]";
    let (operations, findings) = source::yaml::read(FileId(1), patch);
    assert_eq!(findings, []);
    let root = node.as_mut().unwrap();
    assert_eq!(crate::patch::apply(root, &operations.unwrap()), []);
    let (template, findings) = crate::read(root);
    assert_eq!(findings, []);
    let (stack, findings) = resolve(&template.unwrap(), &inputs());
    assert_eq!(findings, []);
    let Properties::Role(role) = &resource(&stack, "ECSTestTaskRole").properties else { panic!() };
    let tag = &role.tags[0];
    assert_eq!((&*tag.key.value, &*tag.value.value), ("Status", "OK"));
    assert_eq!((tag.value.span.file, underlined(patch, tag.value.span)), (FileId(1), "OK"));
}
