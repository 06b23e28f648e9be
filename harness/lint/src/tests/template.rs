//! Templates.

use source::FileId;

use super::told;

pub(super) fn check(text: &str, expected: &[&str]) {
    assert_eq!(told(text, &crate::text(FileId(0), text, None)), expected);
}

#[test]
fn the_place_says_what_a_policy_is() {
    check(
        r#"
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Action: s3:GetObject, Principal: {Service: ecs-tasks.amazonaws.com}}
      Policies:
        - PolicyName: read
          PolicyDocument:
            Version: "2012-10-17"
            Statement: {Effect: Allow, Action: s3:GetObject, Resource: "arn:aws:s3:::b/*", Principal: "*"}
  Queue:
    Type: AWS::SQS::QueuePolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Action: sqs:SendMessage, Resource: "*"}
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Action: "s3:*", Resource: "*", NotPrincipal: {AWS: "123456789012"}}]
  Guard:
    Type: AWS::Organizations::Policy
    Properties:
      Type: SERVICE_CONTROL_POLICY
      Content:
        Version: "2012-10-17"
        Statement: [{Effect: Deny, Action: "s3:*", Resource: "*", Principal: "*"}]
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties:
      Rules: [{Statement: {GeoMatchStatement: {CountryCodes: [NL]}}}]
"#,
        &[
            "UNSUPPORTED_ACTION_IN_POLICY | s3:GetObject",
            "UNSUPPORTED_PRINCIPAL | Principal",
            r#"MISSING_PRINCIPAL | {Effect: Allow, Action: sqs:SendMessage, Resource: "*"}"#,
            r#"ALLOW_WITH_NOT_PRINCIPAL | {AWS: "123456789012"}"#,
            "SCP_SYNTAX_ERROR_PRINCIPAL | Principal",
        ],
    );
}

/// What the policies of some resources are, as their pages show them.
#[test]
fn policies_of_resources_have_their_own_forms() {
    check(
        r#"
Resources:
  Repository:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryPolicyText:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:root"}, Action: [ecr:BatchGetImage]}]
  Files:
    Type: AWS::EFS::FileSystem
    Properties:
      FileSystemPolicy:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {AWS: "111122223333"}, Action: ["elasticfilesystem:ClientMount"]}]
  Private:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Policy:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*"}]
  Api:
    Type: AWS::Serverless::Api
    Properties:
      DefinitionBody:
        x-amazon-apigateway-policy:
          Version: "2012-10-17"
          Statement: [{Effect: Allow, Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/prod/*"}]
  Device:
    Type: AWS::IoT::Policy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Action: "iot:Connect", Resource: "arn:aws:iot:us-east-1:111122223333:client/${iot:ClientId}"}
          - Effect: Allow
            Action: iot:Publish
            Resource: "arn:aws:iot:us-east-1:111122223333:topic/${iot:Connection.Thing.ThingName}"
            Condition: {Bool: {"iot:Connection.Thing.IsAttached": "true"}}
  Bus:
    Type: AWS::Events::EventBusPolicy
    Properties:
      StatementId: AllowOrg
      Statement: {Effect: Allow, Principal: "*", Action: events:PutEvents, Resource: !GetAtt Other.Arn}
  Wrong:
    Type: AWS::Events::EventBusPolicy
    Properties:
      StatementId: Wrong
      Statement: {Effect: Allow, Principal: "*", Action: events:PutEvent, Resource: "*"}
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy: {Version: "2012-10-17", Statement: {Effect: Allow, Principal: "*", Action: "kms:Decrypt"}}
"#,
        &[
            r#"EVERYBODY_WITHOUT_CONDITION | "*""#,
            r#"EVERYBODY_WITHOUT_CONDITION | "*""#,
            "INVALID_ACTION | events:PutEvent",
            r#"MISSING_RESOURCE | {Effect: Allow, Principal: "*", Action: "kms:Decrypt"}"#,
        ],
    );
}

#[test]
fn what_is_not_known_is_not_spoken_of() {
    check(
        r#"
Parameters:
  Bucket: {Type: String}
  Action: {Type: String, Default: "s3:GetObjekt"}
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Action: !Ref Action, Resource: !Sub "arn:${AWS::Partition}:s3:::${Bucket}/*"}
          - {Effect: Allow, Action: s3:ListBucket, Resource: !Sub "arn:aws:s3:::${Bucket}/*"}
          - {Effect: Allow, Action: s3:ListBucket, Resource: !ImportValue Elsewhere}
          - {Effect: Allow, Action: s3:ListBucket, Resource: !Join ["", ["arn:aws:s3:::", !Ref Bucket]]}
          - {Effect: Allow, Action: !Ref Bucket, Resource: !GetAtt [Other, Arn]}
          - Effect: Allow
            Action: s3:GetObject
            Resource: !Sub "arn:aws:s3:::${Bucket}/${!aws:PrincipalTag/team}/*"
            Condition: {StringEquals: {"s3:ExistingObjectTag/team": !Sub "${!aws:PrincipalTag/}"}}
"#,
        &[
            r#"INVALID_ACTION | !Ref Action"#,
            "ACTION_AND_RESOURCE_NEVER_MEET | s3:ListBucket",
            r#"INVALID_VARIABLE_KEY | !Sub "${!aws:PrincipalTag/}""#,
        ],
    );
}

#[test]
fn both_branches_count() {
    check(
        r#"
Conditions: {IsProd: !Equals [a, b]}
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Sid: One
            Effect: Allow
            Action: !If [IsProd, "s3:GetObjekt", "s3:PutObjekt"]
            Resource: "*"
          - !If [IsProd, !Ref AWS::NoValue, {Sid: Two, Effect: Allow, Action: "s3:ListObjects", Resource: "*"}]
"#,
        &[
            r#"INVALID_ACTION | "s3:GetObjekt""#,
            r#"INVALID_ACTION | "s3:PutObjekt""#,
            r#"INVALID_ACTION | "s3:ListObjects""#,
        ],
    );
}

#[test]
fn a_template_in_json_is_one_too() {
    check(
        r#"{"Resources": {"Q": {"Type": "AWS::SQS::QueuePolicy", "Properties": {"PolicyDocument": {"Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMesage", "Resource": {"Fn::GetAtt": ["A", "Arn"]}}}}}}}"#,
        &[r#"INVALID_ACTION | "sqs:SendMesage""#],
    );
}

#[test]
fn what_is_no_yaml_is_said() {
    let findings = crate::text(FileId(0), "Resources: [\n", None);
    assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["SYNTAX"]);
}

#[test]
fn a_policy_as_json_text_is_read_at_its_own_places() {
    let text = r#"
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: |
        {"Statement": [{"Effect": "Allow", "Principal": {"Service": ["ecs.amazonaws.com"]}, "Action": ["sts:AssumeRole"]}]}
      Policies:
        - PolicyName: p
          PolicyDocument: !Sub |
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObjekt", "Resource": "arn:${AWS::Partition}:s3:::box/*",
              "Condition": {"StringEquals": {"aws:RequestTag/Status": "OK"}}}]}
        - PolicyName: q
          PolicyDocument: '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:PutObjekt", "Resource": "*"}]}'
        - PolicyName: r
          PolicyDocument: "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:ListObjekt\", \"Resource\": \"*\"}]}"
        - PolicyName: s
          PolicyDocument: !Join ["", ['{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObjekts", "Resource": "', !GetAtt Box.Arn, '"}]}']]
        - PolicyName: t
          PolicyDocument: '{"Version": "2012-10-17", "Statement": [{"Effect" "Allow"}]}'
"#;
    check(
        text,
        &[
            r#"MISSING_VERSION | "Statement""#,
            r#"INVALID_ACTION | "s3:GetObjekt""#,
            r#"INVALID_ACTION | "s3:PutObjekt""#,
            r#"INVALID_ACTION | \"s3:ListObjekt\""#,
            r#"INVALID_ACTION | "s3:GetObjekts""#,
            r#"JSON_SYNTAX_ERROR | ""#,
        ],
    );
    let findings = crate::text(FileId(0), text, None);
    let edits: Vec<_> = findings.iter().filter_map(|one| one.edit.as_deref()).collect();
    let (out, made) = source::rewrite(text, edits);
    assert_eq!(made, 1);
    assert!(
        out.contains(r#"        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal""#),
        "{out}"
    );
}

#[test]
fn what_a_condition_leaves_out_is_no_finding() {
    check(
        r#"
Parameters: {ReaderArn: {Type: String, Default: ""}}
Conditions: {HasReader: !Not [!Equals [!Ref ReaderArn, ""]]}
Resources:
  Policy:
    Type: AWS::S3::BucketPolicy
    Condition: HasReader
    Properties:
      Bucket: box
      PolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {AWS: !Ref ReaderArn}, Action: "s3:GetObject", Resource: "arn:aws:s3:::box/*"}]
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      DefinitionBody: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: api.yaml}}}
"#,
        &[],
    );
}

#[test]
fn a_pseudo_parameter_needs_sub() {
    check(
        r#"
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::box-${AWS::AccountId}/*"}]
"#,
        &[r#"PSEUDO_PARAMETER_WITHOUT_SUB | "arn:aws:s3:::box-${AWS::AccountId}/*""#],
    );
}

/// docs.aws.amazon.com/cli/latest/reference/iam/get-account-authorization-details.html and its neighbours
#[test]
fn what_the_cli_prints_is_looked_into() {
    let policy = |action: &str| {
        format!(r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"{action}","Resource":"*"}}]}}"#)
    };
    let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"s3:GetObject"}]}"#;
    let encoded = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3AListObjekt%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D";
    let scp = policy("s3:*").replace(r#""Resource""#, r#""Principal":"*","Resource""#).replace('"', "\\\"");
    for (text, expected) in [
        (
            format!(r#"{{"PolicyVersion": {{"Document": {}, "VersionId": "v1"}}}}"#, policy("s3:GetObjekt")),
            &[r#"INVALID_ACTION | "s3:GetObjekt""#][..],
        ),
        (
            format!(r#"{{"RoleName": "r", "PolicyName": "p", "PolicyDocument": "{encoded}"}}"#),
            &["INVALID_ACTION | %22s3%3AListObjekt%22"],
        ),
        (
            format!(
                r#"{{"UserDetailList": [{{"UserPolicyList": [{{"PolicyName": "p", "PolicyDocument": {}}}]}}], "RoleDetailList": [{{"AssumeRolePolicyDocument": {trust}}}],
                "Policies": [{{"PolicyVersionList": [{{"Document": {}}}]}}]}}"#,
                policy("s3:GetObjekt"),
                policy("s3:PutObjekt")
            ),
            &[
                r#"INVALID_ACTION | "s3:GetObjekt""#,
                r#"UNSUPPORTED_ACTION_IN_POLICY | "s3:GetObject""#,
                r#"INVALID_ACTION | "s3:PutObjekt""#,
            ],
        ),
        (
            format!(r#"{{"Policy": {{"PolicySummary": {{"Type": "SERVICE_CONTROL_POLICY"}}, "Content": "{scp}"}}}}"#),
            &[r#"SCP_SYNTAX_ERROR_PRINCIPAL | \"Principal\""#],
        ),
        // A template inside: its functions are no text, and the place says what a policy is.
        (
            format!(
                r#"{{"StagesAvailable": ["Original"], "TemplateBody": {{"Resources": {{"Q": {{"Type": "AWS::SQS::QueuePolicy", "Properties": {{"PolicyDocument":
                {}}}}}}}}}}}"#,
                policy("sqs:SendMesage").replace(r#""Resource":"*""#, r#""Principal":"*","Resource":{"Ref":"Q"}"#)
            ),
            &[r#"INVALID_ACTION | "sqs:SendMesage""#],
        ),
    ] {
        let looked = crate::look(FileId(0), &text, None);
        assert!(looked.has_policies, "{text}");
        assert_eq!(told(&text, &looked.findings), expected, "{text}");
    }
    assert!(!crate::look(FileId(0), r#"{"name": "app", "version": "1.0.0"}"#, None).has_policies);
}

/// "If you grant permission to a service principal without specifying the source, other accounts could potentially configure
/// resources in their account to invoke your Lambda function." "Specify \"*\" to permit any account to put events to your
/// default event bus."
/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html,
/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-eventbuspolicy.html
#[test]
fn a_resource_that_is_one_statement_is_looked_at_as_such() {
    let permission = |rest: &str| {
        format!("Type: AWS::Lambda::Permission, Properties: {{FunctionName: f, Action: lambda:InvokeFunction, {rest}}}")
    };
    let bus = |rest: &str| {
        format!("Type: AWS::Events::EventBusPolicy, Properties: {{StatementId: s, Action: events:PutEvents, {rest}}}")
    };
    let org = "Condition: {Type: StringEquals, Key: aws:PrincipalOrgID, Value: o-a1b2c3d4e5}";
    for (resource, expected) in [
        (permission("Principal: s3.amazonaws.com"), "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL | s3.amazonaws.com"),
        (permission("Principal: s3.amazonaws.com, SourceArn: !GetAtt B.Arn"), ""),
        (permission("Principal: s3.amazonaws.com, SourceAccount: !Ref AWS::AccountId"), ""),
        (
            permission("Principal: !Sub 'sns.${AWS::URLSuffix}'"),
            "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL | !Sub 'sns.${AWS::URLSuffix}'",
        ),
        (permission("Principal: alexa-connectedhome.amazon.com, EventSourceToken: skill"), ""),
        (permission("Principal: '*'"), "EVERYBODY_WITHOUT_CONDITION | '*'"),
        (permission("Principal: '*', PrincipalOrgID: o-a1b2c3d4e5"), ""),
        (permission("Principal: '*', FunctionUrlAuthType: NONE").replace("InvokeFunction", "InvokeFunctionUrl"), ""),
        (permission("Principal: '111122223333'"), ""),
        (permission("Principal: !Ref Who"), ""),
        (
            permission("Principal: s3.amazonaws.com, SourceArn: !If [C, !GetAtt B.Arn, !Ref AWS::NoValue]"),
            "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL | s3.amazonaws.com",
        ),
        (bus("Principal: '*'"), "EVERYBODY_WITHOUT_CONDITION | '*'"),
        (bus(&format!("Principal: '*', {org}")), ""),
        (bus("Principal: '111122223333'"), ""),
    ] {
        let expected: &[&str] = if expected.is_empty() { &[] } else { &[expected] };
        check(&format!("Resources:\n  R: {{{resource}}}\n"), expected);
    }
}
