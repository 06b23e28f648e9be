//! Policies in the forms and in the places that templates have them.

use source::FileId;

use super::template::check;

/// A template whose only resource has these properties.
fn resource(resource_type: &str, properties: &str) -> String {
    format!("Resources:\n  R:\n    Type: {resource_type}\n    Properties:\n{properties}\n")
}

/// What lacks an Effect, or all statements, is a policy as well, and so is one whose statements a condition chooses.
#[test]
fn a_faulty_policy_is_one_too() {
    for (properties, expected) in [
        (
            r#"      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Principal: {Service: a.amazonaws.com}, Action: sts:AssumeRole}]}"#,
            &["MISSING_EFFECT | {Principal: {Service: a.amazonaws.com}, Action: sts:AssumeRole}"][..],
        ),
        (r#"      PolicyDocument: {Version: "2012-10-17", Statement: []}"#, &["MISSING_STATEMENT | []"]),
        (r#"      PolicyDocument: {Version: "2012-10-17"}"#, &[r#"MISSING_STATEMENT | {Version: "2012-10-17"}"#]),
        (
            r#"      PolicyDocument: {Statement: !If [C, [{Effect: Allow, Action: "s3:GetObjekt", Resource: "*"}], !Ref AWS::NoValue]}"#,
            &[
                r#"MISSING_STATEMENT | {Statement: !If [C, [{Effect: Allow, Action: "s3:GetObjekt", Resource: "*"}], !Ref AWS::NoValue]}"#,
                "MISSING_VERSION | Statement",
                r#"INVALID_ACTION | "s3:GetObjekt""#,
            ],
        ),
        (
            r#"      PolicyDocument: {Version: "2012-10-17", Statement: [!If [C, {Effect: Allow, Action: "s3:GetObjekt", Resource: "*"}, {Effect: Allow, Action: "s3:PutObjekt", Resource: "*"}]]}"#,
            &[r#"INVALID_ACTION | "s3:GetObjekt""#, r#"INVALID_ACTION | "s3:PutObjekt""#],
        ),
        // What a macro makes of it is not known.
        (
            r#"      PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, "Fn::Transform": {Name: AWS::Include, Parameters: {Location: x}}}]}"#,
            &[],
        ),
    ] {
        check(&resource("AWS::IAM::ManagedPolicy", properties), expected);
    }
}

/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
#[test]
fn what_is_repeated_is_looked_into() {
    check(
        r#"
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Roles:
    - Name
    - [reader, writer]
    - "Policy${Name}":
        Type: AWS::IAM::ManagedPolicy
        Properties:
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: "s3:GetObjekt", Resource: "arn:aws:s3:::box/${Name}/*"}
              - {Effect: Allow, Action: "s3:Get&{Name}", Resource: !Sub "arn:aws:s3:::${Name}/*"}
  Fn::ForEach::Outer:
    - Account
    - ["111122223333"]
    - Fn::ForEach::Inner:
        - Queue
        - [a, b]
        - "Policy${Queue}":
            Type: AWS::SQS::QueuePolicy
            Properties:
              PolicyDocument: '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::${Account}:root"}, "Action": "sqs:SendMesage", "Resource": "arn:aws:sqs:us-east-1:${Account}:${Queue}"}]}'
"#,
        &[r#"INVALID_ACTION | "s3:GetObjekt""#, r#"INVALID_ACTION | "sqs:SendMesage""#],
    );
}

/// docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-resourcepolicystatement.html
#[test]
fn policies_of_sam_are_of_their_place() {
    check(
        r#"
Transform: AWS::Serverless-2016-10-31
Globals:
  Api:
    Auth:
      ResourcePolicy:
        CustomStatements: {Effect: Allow, Principal: "*", Action: "execute-api:Invok", Resource: "execute-api:/*"}
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Auth:
        ResourcePolicy:
          CustomStatements:
            - {Effect: Allow, Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/Prod/GET/pets"}
            - {Effect: Allow, Principal: "*", Action: "execute-api:Invokes", Resource: "execute-api:/*"}
            - {Action: "execute-api:Invoke", Resource: "execute-api:/*"}
          IpRangeBlacklist: [10.20.30.40]
      Policy:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*"}]
      Domain:
        Policy:
          Version: "2012-10-17"
          Statement: [{Effect: Allow, Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*/*/*"}]
  Function:
    Type: AWS::Serverless::Function
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "s3:GetObject"}]
      Policies:
        - AWSLambdaBasicExecutionRole
        - S3ReadPolicy: {BucketName: box}
        - Version: "2012-10-17"
          Statement: [{Effect: Allow, Action: "s3:GetObjekt", Resource: "*"}]
        - Statement: {Effect: Allow, Action: "s3:GetObject", Resource: "*", Principal: "*"}
      Events:
        Get:
          Type: Api
          Properties:
            Path: /
            Method: get
            Auth:
              ResourcePolicy:
                CustomStatements: !If [C, {Effect: Allow, Principal: "*", Action: "execute-api:Inv", Resource: "execute-api:/*"}, !Ref AWS::NoValue]
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      Policies: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "lambda:InvokeFunktion", Resource: "*"}]}
"#,
        &[
            r#"INVALID_ACTION | "execute-api:Invok""#,
            r#"INVALID_ACTION | "execute-api:Invokes""#,
            r#"MISSING_EFFECT | {Action: "execute-api:Invoke", Resource: "execute-api:/*"}"#,
            r#"MISSING_PRINCIPAL | {Action: "execute-api:Invoke", Resource: "execute-api:/*"}"#,
            r#"UNSUPPORTED_ACTION_IN_POLICY | "s3:GetObject""#,
            r#"INVALID_ACTION | "s3:GetObjekt""#,
            "MISSING_VERSION | Statement",
            "UNSUPPORTED_PRINCIPAL | Principal",
            r#"INVALID_ACTION | "execute-api:Inv""#,
            r#"INVALID_ACTION | "lambda:InvokeFunktion""#,
        ],
    );
}

/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-transfer-user.html,
/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-eks-podidentityassociation.html,
/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rolesanywhere-profile.html
#[test]
fn session_policies_have_no_principal() {
    let policy = |name: &str, resource: &str| {
        format!(
            r#"      {name}: '{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "s3:GetObjekt", "Resource": "arn:aws:s3:::{resource}"}}]}}'"#
        )
    };
    for (resource_type, name, arn) in [
        ("AWS::Transfer::User", "Policy", "${transfer:HomeDirectory}/*"),
        ("AWS::Transfer::User", "Policy", "${Transfer:HomeBucket}"),
        ("AWS::EKS::PodIdentityAssociation", "Policy", "box/*"),
        ("AWS::RolesAnywhere::Profile", "SessionPolicy", "box/*"),
    ] {
        check(&resource(resource_type, &policy(name, arn)), &[r#"INVALID_ACTION | "s3:GetObjekt""#]);
    }
    let identity = policy("PolicyDocument", "${transfer:HomeBucket}");
    check(
        &resource("AWS::IAM::ManagedPolicy", &identity),
        &[r#"INVALID_ACTION | "s3:GetObjekt""#, r#"INVALID_VARIABLE_KEY | "arn:aws:s3:::${transfer:HomeBucket}""#],
    );
}

/// Of a type that is not AWS's, a policy is what it looks like.
#[test]
fn a_custom_resource_may_have_any_policy() {
    let policy = |more: &str| {
        format!(
            r#"      Policy: {{Version: "2012-10-17", Statement: [{{Effect: Allow, Action: "sqs:SendMesage", Resource: "*"{more}}}]}}"#
        )
    };
    for resource_type in ["Custom::Policy", "AWS::CloudFormation::CustomResource", "Org::Service::Type"] {
        check(&resource(resource_type, &policy("")), &[r#"INVALID_ACTION | "sqs:SendMesage""#]);
        check(&resource(resource_type, &policy(r#", Principal: "*""#)), &[r#"INVALID_ACTION | "sqs:SendMesage""#]);
    }
    check(
        &resource("AWS::SQS::QueueInlinePolicy", &policy("")),
        &[
            r#"MISSING_PRINCIPAL | {Effect: Allow, Action: "sqs:SendMesage", Resource: "*"}"#,
            r#"INVALID_ACTION | "sqs:SendMesage""#,
        ],
    );
}

/// What stands for "none", what Systems Manager or Secrets Manager has, and lists.
#[test]
fn a_default_need_not_be_the_value() {
    let statement = |principal: &str| {
        format!(
            r#"
Parameters:
  Reader: {{Type: String, Default: none}}
  Other: {{Type: String, Default: nobody}}
  Name: {{Type: "AWS::SSM::Parameter::Value<String>", Default: /app/reader}}
  Several: {{Type: CommaDelimitedList, Default: "111122223333, 444455556666"}}
Conditions: {{HasReader: !Not [!Equals [!Ref Reader, none]], IsMine: !Equals [mine, !Ref Other]}}
Resources:
  Policy:
    Type: AWS::S3::BucketPolicy
    Condition: HasReader
    Properties:
      Bucket: box
      PolicyDocument:
        Version: "2012-10-17"
        Statement: [{{Effect: Allow, Principal: {{AWS: {principal}}}, Action: "s3:GetObject", Resource: "arn:aws:s3:::box/*"}}]
"#
        )
    };
    for fine in ["!Ref Reader", "!Ref Name", "!Ref Several", r#""{{resolve:ssm:/app/reader}}""#, r#"!Sub "${Name}""#] {
        check(&statement(fine), &[]);
    }
    check(&statement("!Ref Other"), &["INVALID_PRINCIPAL_FORMAT | !Ref Other"]);
    check(&statement(r#"["nobody", "{{resolve:ssm:/app/reader}}"]"#), &[r#"INVALID_PRINCIPAL_FORMAT | "nobody""#]);
}

/// A function cannot begin in the midst of a text.
#[test]
fn no_rewrite_ends_a_policy_that_is_text() {
    let policy = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b-${AWS::AccountId}/*"}]}"#;
    let written =
        [format!("'{policy}'"), format!("\"{}\"", policy.replace('"', "\\\"")), format!("|\n        {policy}")];
    for written in &written {
        let text = resource("AWS::IAM::ManagedPolicy", &format!("      PolicyDocument: {written}"));
        let findings = crate::text(FileId(0), &text, None);
        assert_eq!(findings.iter().map(|one| one.code).collect::<Vec<_>>(), ["PSEUDO_PARAMETER_WITHOUT_SUB"], "{text}");
        assert_eq!(findings[0].edit, None, "{text}");
    }
    // Nor is what comes into it written with the quotes that end it.
    for written in written.map(|text| {
        text.replace("${AWS::AccountId}", "c")
            .replace(r#""Version": "2012-10-17", "#, "")
            .replace(r#"\"Version\": \"2012-10-17\", "#, "")
    }) {
        let text = resource("AWS::IAM::ManagedPolicy", &format!("      PolicyDocument: {written}"));
        let findings = crate::text(FileId(0), &text, None);
        assert_eq!(findings.iter().map(|one| one.code).collect::<Vec<_>>(), ["MISSING_VERSION"], "{text}");
        let (mended, made) = source::rewrite(&text, findings.iter().filter_map(|one| one.edit.as_deref()));
        assert_eq!((made, crate::text(FileId(0), &mended, None)), (1, vec![]), "{mended}");
    }
}

/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
#[test]
fn a_name_of_the_template_needs_sub() {
    let text = resource(
        "AWS::S3::BucketPolicy",
        r#"      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {AWS: "arn:aws:iam::${Reader}:root"}, Action: "s3:GetObject", Resource: "arn:aws:s3:::${Box}/*"}
          - {Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "*", Condition: {StringEquals: {"${Provider}:sub": a}}}
          - {Effect: Allow, Principal: "*", Action: "s3:TagResource", Resource: "*", Condition: {StringEquals: {"aws:RequestTag/${TagKey}": a}}}"#,
    );
    let findings = crate::text(FileId(0), &text, None);
    let helps: Vec<_> = findings.iter().map(|one| (one.code, one.help.as_deref().unwrap_or_default())).collect();
    let sub = "for CloudFormation to replace it, write `!Sub` before the text in YAML, and `{\"Fn::Sub\": …}` in JSON";
    assert!(helps.contains(&("VARIABLE_UNSUPPORTED_IN_ELEMENT", sub)), "{helps:#?}");
    assert!(helps.contains(&("INVALID_VARIABLE_KEY", sub)), "{helps:#?}");
    let key = "nothing replaces a `${…}` in a key; in a template, write the whole policy as JSON text for `Fn::Sub`";
    assert!(helps.contains(&("INVALID_SERVICE_CONDITION_KEY", key)), "{helps:#?}");
    let tag = "nothing replaces a `${…}` in a key; write the tag's own key, as in `aws:RequestTag/team`";
    assert!(helps.contains(&("MISSING_TAG_KEY_IN_CONDITION", tag)), "{helps:#?}");
}

/// The domain of a provider that only the deployment knows.
#[test]
fn a_key_that_is_not_known_is_not_missed() {
    check(
        &resource(
            "AWS::IAM::Role",
            r#"      AssumeRolePolicyDocument: !Sub |
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
          "Principal": {"Federated": "arn:aws:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com"},
          "Condition": {"StringEquals": {"${Provider}:sub": "repo:a/b:ref:refs/heads/main"}}}]}"#,
        ),
        &[],
    );
}
