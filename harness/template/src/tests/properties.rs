use serde_json::json;

use super::*;
use crate::resource::Properties;

fn one(resource_type: &str, properties: &str) -> String {
    format!("Resources:\n  X:\n    Type: {resource_type}\n    Properties: {properties}\n")
}

/// What is said about a resource with these properties.
fn refuses(resource_type: &str, properties: &str, expected: &[&str]) {
    says(&one(resource_type, properties), expected);
}

#[test]
fn a_role_has_all_its_properties() {
    let stack = stack(&one(
        "AWS::IAM::Role",
        "{RoleName: r, Path: /p/, Description: d, MaxSessionDuration: '7200', AssumeRolePolicyDocument: {Statement: []}, \
         PermissionsBoundary: arn:b, ManagedPolicyArns: [arn:m], Tags: [{Key: Status, Value: OK}], \
         Policies: [{PolicyName: i, PolicyDocument: {Statement: []}}]}",
    ));
    let Properties::Role(role) = &resource(&stack, "X").properties else { panic!() };
    assert_eq!(role.role_name.value, "r");
    assert_eq!(role.path.as_ref().unwrap().value, "/p/");
    assert_eq!(role.description.as_ref().unwrap().value, "d");
    assert_eq!(role.max_session_duration, Some(7200));
    assert_eq!(role.permissions_boundary.as_ref().unwrap().value, "arn:b");
    assert_eq!(role.managed_policy_arns[0].value, "arn:m");
    assert_eq!((&*role.tags[0].key.value, &*role.tags[0].value.value), ("Status", "OK"));
    assert_eq!(role.policies[0].policy_name.value, "i");
}

#[test]
fn a_document_may_be_json_in_text() {
    let text = one(
        "AWS::IAM::Role",
        "{AssumeRolePolicyDocument: !Sub '{\"Version\": \"2012-10-17\", \"A\": \"${AWS::Region}\"}'}",
    );
    let stack = stack(&text);
    let Properties::Role(role) = &resource(&stack, "X").properties else { panic!() };
    let document = &role.assume_role_policy_document;
    assert_eq!(crate::json(document), json!({"Version": "2012-10-17", "A": "ap-northeast-1"}));
    assert!(underlined(&text, document.get("A").unwrap().span).starts_with("!Sub '{"));
    let text = one("AWS::IAM::Role", "{AssumeRolePolicyDocument: 'x'}");
    let (_, findings) = stack_with(&text, &inputs());
    assert!(findings[0].message.starts_with("`AssumeRolePolicyDocument` is text, and not JSON: "), "{findings:?}");
}

#[test]
fn what_a_role_may_not_have_is_said() {
    let trust = "AssumeRolePolicyDocument: {}";
    refuses("AWS::IAM::Role", "{}", &["`X` (AWS::IAM::Role) needs the property `AssumeRolePolicyDocument` at X"]);
    refuses(
        "AWS::IAM::Role",
        &format!("{{{trust}, RolName: a}}"),
        &["AWS::IAM::Role has no property `RolName` [did you mean `RoleName`?] at RolName"],
    );
    refuses(
        "AWS::IAM::Role",
        &format!("{{{trust}, MaxSessionDuration: 60}}"),
        &["`MaxSessionDuration` cannot be `60`: it is a whole number from 3600 to 43200 at 60"],
    );
    refuses(
        "AWS::IAM::Role",
        &format!("{{{trust}, Policies: [{{PolicyNam: a, PolicyDocument: {{}}}}]}}"),
        &[
            "`X` (AWS::IAM::Role) needs the property `Policies[0].PolicyName` at {PolicyNam: a, PolicyDocument: {}}",
            "`Policies[0]` of AWS::IAM::Role has no property `PolicyNam` [did you mean `PolicyName`?] at PolicyNam",
        ],
    );
    refuses(
        "AWS::IAM::Role",
        &format!("{{{trust}, ManagedPolicyArns: a}}"),
        &["`ManagedPolicyArns` must be a list, and this is text at a"],
    );
    refuses(
        "AWS::IAM::Role",
        &format!("{{{trust}, Tags: {{Status: OK}}}}"),
        &["`Tags` must be a list, and this is a mapping at {Status: OK}"],
    );
    refuses(
        "AWS::IAM::Role",
        "{AssumeRolePolicyDocument: [a]}",
        &["`AssumeRolePolicyDocument` must be a policy document, and this is a list at [a]"],
    );
    // A value that is broken is there: only the reason is said.
    refuses(
        "AWS::IAM::Role",
        "{AssumeRolePolicyDocument: !Ref Y}",
        &["no parameter or resource is called `Y` [did you mean `X`?] at Y"],
    );
}

#[test]
fn other_identities() {
    let made = stack(&one("AWS::IAM::Policy", "{PolicyName: p, PolicyDocument: {}, Roles: [r], Users: [u]}"));
    let Properties::Policy(policy) = &resource(&made, "X").properties else { panic!() };
    assert_eq!((&*policy.policy.policy_name.value, &*policy.roles[0].value, &*policy.users[0].value), ("p", "r", "u"));
    refuses(
        "AWS::IAM::Policy",
        "{PolicyName: p, PolicyDocument: {}}",
        &["`X` is put into nothing [give it `Roles`, `Users` or `Groups`] at X"],
    );
    let made = stack(&one("AWS::IAM::UserPolicy", "{PolicyName: p, PolicyDocument: {}, UserName: u}"));
    let Properties::UserPolicy(policy) = &resource(&made, "X").properties else { panic!() };
    assert_eq!((&*policy.principal.value, &*policy.policy.policy_name.value), ("u", "p"));
    let made = stack(&one("AWS::IAM::ManagedPolicy", "{ManagedPolicyName: m, PolicyDocument: {}, Groups: [g]}"));
    let Properties::ManagedPolicy(policy) = &resource(&made, "X").properties else { panic!() };
    assert_eq!((&*policy.managed_policy_name.value, &*policy.groups[0].value), ("m", "g"));
    let made = stack(&one(
        "AWS::IAM::User",
        "{UserName: u, Groups: [g], ManagedPolicyArns: [a], PermissionsBoundary: b, Tags: [{Key: k, Value: v}]}",
    ));
    let Properties::User(user) = &resource(&made, "X").properties else { panic!() };
    assert_eq!((&*user.user_name.value, &*user.groups[0].value, &*user.tags[0].key.value), ("u", "g", "k"));
    refuses(
        "AWS::IAM::InstanceProfile",
        "{Roles: [a, b]}",
        &["an instance profile holds one role, and `b` is another at b"],
    );
}

#[test]
fn a_bucket_has_all_its_properties() {
    let made = stack(&one(
        "AWS::S3::Bucket",
        "{BucketName: b, AbacStatus: Enabled, Tags: [{Key: Status, Value: OK}], VersioningConfiguration: {Status: Enabled}, \
         OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}, \
         PublicAccessBlockConfiguration: {BlockPublicAcls: true, IgnorePublicAcls: 'true', BlockPublicPolicy: false}}",
    ));
    let Properties::Bucket(bucket) = &resource(&made, "X").properties else { panic!() };
    assert_eq!(bucket.bucket_name.value, "b");
    assert_eq!(bucket.abac_status.as_ref().unwrap().value, "Enabled");
    assert_eq!(bucket.versioning.as_ref().unwrap().value, "Enabled");
    assert_eq!(bucket.object_ownership.as_ref().unwrap().value, "ObjectWriter");
    let block = bucket.public_access_block.unwrap();
    assert_eq!(
        (block.block_public_acls, block.ignore_public_acls, block.block_public_policy, block.restrict_public_buckets),
        (true, true, false, false)
    );
    refuses(
        "AWS::S3::Bucket",
        "{PublicAccessBlockConfiguration: {BlockPublicAcls: maybe}}",
        &["`PublicAccessBlockConfiguration.BlockPublicAcls` must be `true` or `false`, and this is text at maybe"],
    );
    refuses(
        "AWS::S3::BucketPolicy",
        "{Bucket: b}",
        &["`X` (AWS::S3::BucketPolicy) needs the property `PolicyDocument` at X"],
    );
}

#[test]
fn a_task_definition_goes_to_ecs_in_its_own_shape() {
    let made = stack(&one(
        "AWS::ECS::TaskDefinition",
        "{Tags: [{Key: Status, Value: OK}], EphemeralStorage: {SizeInGiB: 30}, \
         Volumes: [{Name: v, EFSVolumeConfiguration: {FilesystemId: fs-1, AuthorizationConfig: {IAM: ENABLED}}}], \
         ProxyConfiguration: {ContainerName: envoy, ProxyConfigurationProperties: [{Name: a, Value: 1}]}, \
         ContainerDefinitions: [{Name: c, Image: i, Cpu: '10', Memory: 128, DockerLabels: {Com.Example: 1}, \
           EntryPoint: [sh, -c], Environment: [{Name: PORT, Value: 8080}], PortMappings: [{ContainerPort: 80}], \
           ReadonlyRootFilesystem: true, DependsOn: [{ContainerName: d, Condition: START}]}]}",
    ));
    let Properties::TaskDefinition(definition) = &resource(&made, "X").properties else { panic!() };
    let family = definition.family.value.clone();
    assert!(family.starts_with("web-X-"), "{family}");
    assert_eq!(
        definition.request,
        json!({
            "family": family,
            "tags": [{"key": "Status", "value": "OK"}],
            "ephemeralStorage": {"sizeInGiB": 30},
            "volumes": [{"name": "v", "efsVolumeConfiguration": {"fileSystemId": "fs-1", "authorizationConfig": {"iam": "ENABLED"}}}],
            "proxyConfiguration": {"containerName": "envoy", "properties": [{"name": "a", "value": "1"}]},
            "containerDefinitions": [{
                "name": "c", "image": "i", "cpu": 10, "memory": 128, "dockerLabels": {"Com.Example": "1"},
                "entryPoint": ["sh", "-c"], "environment": [{"name": "PORT", "value": "8080"}],
                "portMappings": [{"containerPort": 80}], "readonlyRootFilesystem": true,
                "dependsOn": [{"containerName": "d", "condition": "START"}],
            }],
        })
    );
    assert_eq!(definition.tags[0].value.value, "OK");
}

#[test]
fn what_a_task_definition_may_not_have_is_said() {
    let container = |more: &str| format!("{{ContainerDefinitions: [{{Name: c, Image: i, {more}}}]}}");
    let task = "AWS::ECS::TaskDefinition";
    refuses(
        task,
        "{ContainerDefinitions: [{Name: c}]}",
        &["`X` (AWS::ECS::TaskDefinition) needs the property `ContainerDefinitions[0].Image` at {Name: c}"],
    );
    refuses(
        task,
        &container("Cpu: much"),
        &["`ContainerDefinitions[0].Cpu` must be a whole number, and this is `much` at much"],
    );
    refuses(
        task,
        &container("Command: run"),
        &["`ContainerDefinitions[0].Command` must be a list, and this is text at run"],
    );
    refuses(
        task,
        &container("Essential: 1"),
        &["`ContainerDefinitions[0].Essential` must be `true` or `false`, and this is a number at 1"],
    );
    refuses(
        task,
        &container("LogConfiguration: {LogDriver: a, Option: {}}"),
        &[
            "`ContainerDefinitions[0].LogConfiguration` of AWS::ECS::TaskDefinition has no property `Option` [did you mean `Options`?] at Option",
        ],
    );
    refuses(
        task,
        &container("DockerLabels: [a]"),
        &["`ContainerDefinitions[0].DockerLabels` must be a mapping, and this is a list at [a]"],
    );
}

#[test]
fn a_cluster_and_a_log_group() {
    let made = stack(&one(
        "AWS::ECS::Cluster",
        "{ClusterName: c, ClusterSettings: [{Name: containerInsights, Value: enabled}]}",
    ));
    let Properties::Cluster(cluster) = &resource(&made, "X").properties else { panic!() };
    assert_eq!(
        cluster.request,
        json!({"clusterName": "c", "settings": [{"name": "containerInsights", "value": "enabled"}]})
    );
    let made = stack(&one("AWS::Logs::LogGroup", "{LogGroupName: /l, RetentionInDays: 7}"));
    let Properties::LogGroup(group) = &resource(&made, "X").properties else { panic!() };
    assert_eq!((&*group.log_group_name.value, group.retention_in_days), ("/l", Some(7)));
}

/// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
#[test]
fn a_stack_policy_is_no_policy_of_iam() {
    let text = |action: &str| {
        format!(
            "Resources:\n  Nested:\n    Type: Custom::Stack\n    Properties:\n      \
             StackPolicyBody: {{Statement: [{{Effect: Deny, Principal: '*', Action: '{action}', Resource: '*'}}]}}\n"
        )
    };
    for (action, counts) in [("Update:*", false), ("Update:Replace", false), ("s3:GetObject", true)] {
        let (stack, _) = stack_with(&text(action), &inputs());
        assert_eq!(stack.not_applied[0].lacks_policy, counts, "{action}");
    }
}
