//! Templates to scenarios: their requests, their callers, and the verdict on each condition.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]
#![expect(clippy::disallowed_methods, reason = "a test has its templates in a folder")]

use std::path::Path;

use init::{Draft, DraftError, Order, Verdict, draft};
use matrix::LoadError;
use tempfile::TempDir;

/// What is made of a template.
fn drafted(template: &str) -> Result<Draft, DraftError> {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("template.yaml"), template).unwrap();
    let order = Order { title: "made".to_owned(), template: "template.yaml".to_owned(), ..Order::default() };
    draft(&order, &|text| matrix::draft(&folder.path().join("scenario.yaml"), text))
}

/// The same, which must be possible.
#[track_caller]
fn made(template: &str) -> Draft {
    match drafted(template) {
        Ok(draft) => draft,
        Err(DraftError::Load(LoadError::Faulty { findings, .. })) => panic!("{findings:#?}"),
        Err(error) => panic!("{error}"),
    }
}

fn repository(file: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file)).unwrap()
}

/// The template of the thread, with the condition that its asker had tried first.
fn of_the_thread(condition: &str) -> String {
    let template = repository("scenarios/ecs-task-tag/template.yaml");
    let place = "# The condition under test goes here: scenario.yaml has one for each option.";
    assert!(template.contains(place));
    template.replace(place, &format!("Condition: {condition}"))
}

/// Statements of one policy of one user, and what there is beside it.
fn of_a_user(statements: &str, beside: &str) -> String {
    format!(
        "Resources:
  Reader:
    Type: AWS::IAM::User
    Properties:
      Policies:
        - PolicyName: Read
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
{statements}
{beside}"
    )
}

#[test]
fn the_thread_s_condition_denies_every_task() {
    let draft = made(&of_the_thread("{StringEquals: {aws:RequestTag/Status: OK}}"));
    let [judged] = &draft.found.judged[..] else { panic!("{:#?}", draft.found.judged) };
    assert_eq!(judged.statement, "ECSTestTaskRole/AllowTaskToRetrieveS3File/2");
    let Verdict::DeniesEverybody { reason } = &judged.verdict else { panic!("{judged:#?}") };
    assert!(
        reason.ends_with("but the request has no aws:RequestTag/Status (s3:GetObject never carries it)"),
        "{reason}"
    );
    let [reach] = &draft.found.reaches[..] else { panic!("{:#?}", draft.found.reaches) };
    assert_eq!(reach.allowed, [""; 0]);
    // Both task definitions, with the tag, with another value, with none, and with other letters.
    assert_eq!(reach.denied.len(), 10, "{reach:#?}");
}

#[test]
fn the_thread_s_second_answer_lets_every_task_in() {
    let draft = made(&of_the_thread("{'ForAllValues:StringEquals': {aws:TagKeys: [Status]}}"));
    let [judged] = &draft.found.judged[..] else { panic!("{:#?}", draft.found.judged) };
    assert!(matches!(judged.verdict, Verdict::NeverMatters { .. }), "{judged:#?}");
    assert_eq!(draft.found.reaches[0].denied, [""; 0]);
}

#[test]
fn a_condition_on_the_object_s_tag_tells_objects_apart() {
    let statement = "            - {Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*',
               Condition: {StringEquals: {s3:ExistingObjectTag/state: ready}}}";
    let draft = made(&of_a_user(statement, ""));
    assert_eq!(draft.found.judged[0].verdict, Verdict::TellsApart, "{:#?}", draft.found.judged);
    let allowed: Vec<&str> = draft
        .found
        .reaches
        .iter()
        .filter(|reach| !reach.allowed.is_empty())
        .map(|reach| reach.request.as_str())
        .collect();
    assert_eq!(allowed, ["s3:GetObject on arn:aws:s3:::reports/tagged"]);
}

#[test]
fn a_scenario_runs_as_it_is_and_says_that_it_is_predicted() {
    let tagged = "            - {Effect: Allow, Action: 'sqs:ReceiveMessage', Resource: !GetAtt Jobs.Arn,
               Condition: {StringEquals: {aws:ResourceTag/team: web}}}";
    let plain = "            - {Effect: Allow, Action: 'sqs:ReceiveMessage', Resource: !GetAtt Jobs.Arn}";
    let beside = "  Jobs: {Type: AWS::SQS::Queue, Properties: {Tags: [{Key: team, Value: web}]}}\n";
    for template in [
        of_the_thread("{StringEquals: {aws:RequestTag/Status: OK}}"),
        of_a_user(tagged, beside),
        of_a_user(plain, beside),
    ] {
        let draft = made(&template);
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("template.yaml"), template).unwrap();
        let prepared = matrix::draft(&folder.path().join("scenario.yaml"), &draft.text).unwrap();
        let results = matrix::predict(&prepared).unwrap();
        assert!(results.ok(), "{}", draft.text);
        assert_eq!(results.unconfirmed(), results.cells.len(), "{}", draft.text);
    }
}

/// What the conditions of a user's statement on a queue do, with tags on the user and the queue.
#[track_caller]
fn check(condition: &str, of_queue: &str, expected: &str) {
    let statement = format!(
        "            - {{Effect: Allow, Action: 'sqs:ReceiveMessage', Resource: !GetAtt Jobs.Arn, Condition: {condition}}}"
    );
    let queue = format!("  Jobs: {{Type: AWS::SQS::Queue, Properties: {{Tags: [{of_queue}]}}}}\n");
    let draft = made(&of_a_user(&statement, &queue));
    assert_eq!(draft.found.judged[0].finding(), expected, "{condition}: {:#?}", draft.found.judged);
    let is_finding = expected.contains("denies everybody") || expected.contains("never matters");
    assert_eq!(draft.found.judged[0].verdict.is_finding(), is_finding, "{condition}");
}

#[test]
fn what_only_the_tags_of_today_decide_is_said_so() {
    let (web, ops) = ("{Key: team, Value: web}", "{Key: team, Value: ops}");
    let of_resource = "{StringEquals: {aws:ResourceTag/team: web}}";
    check(of_resource, web, "the condition is met by everybody who was tried, as the tags are");
    check(of_resource, "", "the condition denies everybody, as the tags are");
    check(of_resource, ops, "the condition denies everybody");
    check("{StringEqualsIfExists: {aws:RequestTag/team: web}}", web, "the condition never matters");
    check("{StringEquals: {aws:RequestTag/team: web}}", web, "the condition denies everybody");
    check("{StringEquals: {aws:PrincipalTag/team: web}}", web, "the condition denies everybody, as the tags are");
}

#[test]
fn every_bucket_s_objects_are_asked_for_in_a_bucket_not_at_an_access_point() {
    let statement = "            - {Effect: Allow, Action: 's3:DeleteObject', Resource: '*',
               Condition: {StringEquals: {s3:BucketTag/env: dev}}}";
    let draft = made(&of_a_user(statement, ""));
    assert!(
        draft.found.reaches.iter().all(|reach| !reach.request.contains("accesspoint")),
        "{:#?}",
        draft.found.reaches
    );
    assert!(!draft.found.judged.is_empty(), "{:#?}", draft.found.judged);
}

/// `instance*` is the row that must be named; others of the action need not be.
/// docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
#[test]
fn an_action_on_everything_is_asked_on_what_it_must_name() {
    let statement = "            - {Effect: Allow, Action: 'ec2:StartInstances', Resource: '*',
               Condition: {StringEquals: {aws:ResourceTag/team: web}}}";
    let draft = made(&of_a_user(statement, ""));
    let asked: Vec<&str> = draft.found.reaches.iter().map(|reach| reach.request.as_str()).collect();
    assert!(!asked.is_empty(), "{:#?}", draft.found);
    let on_instance = |request: &&str| request.starts_with("ec2:StartInstances on ") && request.contains(":instance/");
    assert!(asked.iter().all(on_instance), "{asked:?}");
}

#[test]
fn a_role_without_statements_of_the_template_can_be_had() {
    let draft = made(
        "Resources:
  Reader:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess']
",
    );
    assert_eq!(draft.found.reaches[0].allowed, ["session of Reader assumed by stand-in"]);
}

#[test]
fn the_role_that_sam_makes_for_a_function_can_be_had() {
    let draft = made(
        "Transform: AWS::Serverless-2016-10-31
Resources:
  Reader:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: reader.handler
      InlineCode: ''
      Policies:
        - Version: '2012-10-17'
          Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/ready'}]
",
    );
    assert_eq!(draft.found.reaches[0].allowed, ["session of ReaderRole assumed by stand-in"], "{}", draft.text);
}

#[test]
fn of_a_template_without_principals_an_administrator_asks() {
    let draft = made("Resources: {Box: {Type: AWS::S3::Bucket}}\n");
    let [reach] = &draft.found.reaches[..] else { panic!("{:#?}", draft.found.reaches) };
    assert_eq!(reach.allowed, ["user administrator, who may do everything"]);
    assert!(reach.request.starts_with("s3:Get") && reach.request.ends_with(" on Box"), "{}", reach.request);
}

/// What AWS would refuse is told with what is known of the statements.
#[test]
fn what_cannot_be_set_up_is_told_with_the_statements() {
    let template = "Resources:
  Reader:
    Type: AWS::IAM::User
    Properties:
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/NoSuchPolicy']
      Policies: [{PolicyName: P, PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 's3:GetObject',
        Resource: '*', Condition: {StringEquals: {aws:RequestTag/a: b}}}]}}]
";
    let Err(DraftError::Untried(found)) = drafted(template) else { panic!("it is set up") };
    let why = found.untried.as_deref().unwrap_or_default();
    assert!(why.contains("NoSuchEntity"), "{why}");
    assert!(matches!(found.judged[0].verdict, Verdict::Unknown { .. }), "{:#?}", found.judged);
    assert!(init::page(&found).contains("Nothing could be tried: AWS would refuse what the template makes"));
}

/// A role whose trust policy is JSON text.
const OF_TEXT: &str = r#"
Resources:
  Reader:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: |
        {"Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
      Policies:
        - PolicyName: Read
          PolicyDocument: '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"},
            {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/q3",
             "Condition": {"StringEquals": {"aws:RequestTag/state": "ready"}}}]}'
"#;

#[test]
fn policies_that_are_text_are_tried_in_other_forms() {
    let draft = made(OF_TEXT);
    let [judged] = &draft.found.judged[..] else { panic!("{:#?}", draft.found.judged) };
    assert!(matches!(judged.verdict, Verdict::DeniesEverybody { .. }), "{judged:#?}");
    assert!(judged.instead.iter().any(|one| one.says == "no condition on tags" && one.allowed > 0), "{judged:#?}");
}

#[test]
fn the_object_is_tagged_where_the_condition_asks_for_its_tag() {
    let statement = "            - {Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/q3',
               Condition: {StringEquals: {s3:ExistingObjectTag/state: ready}}}";
    let draft = made(&of_a_user(statement, ""));
    assert_eq!(
        draft.found.judged[0].finding(),
        "the condition denies everybody, as the tags are",
        "{:#?}",
        draft.found
    );
    let tagged = draft.found.judged[0].instead.iter().find(|one| one.says == "as deployed, object tagged");
    assert_eq!(tagged.map(|one| one.allowed), Some(1), "{:#?}", draft.found.judged);
}

/// AWS SAM makes the role, and its trust policy stands nowhere in the template.
#[test]
fn the_role_that_sam_makes_for_a_state_machine_can_be_had() {
    let draft = made(
        "Transform: AWS::Serverless-2016-10-31
Resources:
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: A, States: {A: {Type: Succeed}}}
      Policies: [{Version: '2012-10-17', Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/q3'}]}]
",
    );
    assert_eq!(draft.found.reaches[0].allowed, ["session of MachineRole assumed by stand-in"], "{}", draft.text);
}

#[test]
fn the_statements_of_managed_policies_are_asked_about() {
    let draft = made(
        "Resources: {Reader: {Type: AWS::IAM::User, Properties: {ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess']}}}\n",
    );
    assert!(draft.found.reaches.iter().all(|reach| reach.request.starts_with("sqs:")), "{:#?}", draft.found.reaches);
    assert!(!draft.found.reaches.is_empty() && draft.found.reaches[0].allowed == ["user Reader"]);
}

/// What a made-up value or a default cannot be is given another.
#[track_caller]
fn amended(parameters: &str, resource: &str, beside: &str) -> Draft {
    let statement = format!("            - {{Effect: Allow, Action: 'sqs:ReceiveMessage', Resource: {resource}}}");
    made(&of_a_user(&statement, &format!("Parameters: {parameters}\n{beside}")))
}

#[test]
fn a_made_up_value_is_what_the_template_takes() {
    let arn = "Queue: {Type: String}";
    let draft = amended(&format!("{{{arn}}}"), "!Ref Queue", "");
    assert_eq!(draft.found.made_up, ["Queue"]);
    assert!(draft.text.contains("arn:aws:sqs:us-east-1:123456789012:example"), "{}", draft.text);
    amended("{Queue: {Type: String, Default: YOUR_QUEUE_ARN}}", "!Ref Queue", "");
    amended("{Name: {Type: String}}", "!Sub ['arn:aws:sqs:*:*:${Q}', {Q: !Select [2, !Split ['.', !Ref Name]]}]", "");
    let mapping = "Mappings: {Stages: {prod: {Queue: jobs}}}";
    let draft = amended(
        "{Stage: {Type: String}}",
        "!Sub ['arn:aws:sqs:*:*:${Q}', {Q: !FindInMap [Stages, !Ref Stage, Queue]}]",
        mapping,
    );
    assert!(draft.text.contains("Stage: prod"), "{}", draft.text);
}

#[test]
fn two_buckets_with_made_up_names_have_two_names() {
    made(
        "Parameters: {OneBucketName: {Type: String}, OtherBucketName: {Type: String}}
Resources: {One: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref OneBucketName}},
  Other: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref OtherBucketName}}}
",
    );
}

/// A statement of Terraform's stands in no template, and is tried in other forms all the same.
#[test]
fn statements_of_terraform_are_tried_in_other_forms() {
    let document = |statement: &str| {
        let text = format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{statement}]}}");
        serde_json::Value::from(text).to_string()
    };
    let trust =
        document("{\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"123456789012\"}, \"Action\": \"sts:AssumeRole\"}");
    let read = document(
        "{\"Effect\": \"Allow\", \"Action\": \"s3:ListBucket\", \"Resource\": \"*\"}, {\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::reports/q3\", \"Condition\": {\"StringEquals\": {\"aws:RequestTag/state\": \"ready\"}}}",
    );
    let resource = |of_type: &str, after: &str| {
        format!(
            "{{\"address\": \"{of_type}.a\", \"type\": \"{of_type}\", \"name\": \"a\", \"change\": {{\"actions\": [\"create\"], \"after\": {after}}}}}"
        )
    };
    let plan = format!(
        "{{\"format_version\": \"1.2\", \"resource_changes\": [{}, {}]}}",
        resource("aws_iam_role", &format!("{{\"name\": \"app\", \"assume_role_policy\": {trust}}}")),
        resource("aws_iam_role_policy", &format!("{{\"name\": \"read\", \"role\": \"app\", \"policy\": {read}}}")),
    );
    let draft = made(&plan);
    let [judged] = &draft.found.judged[..] else { panic!("{:#?}", draft.found.judged) };
    assert!(matches!(judged.verdict, Verdict::DeniesEverybody { .. }), "{judged:#?}");
    assert!(judged.instead.len() > 3, "{judged:#?}");
}

#[test]
fn errors_of_the_template_are_told_all_at_once() {
    let error = drafted(
        "Resources:\n  A: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref Nowhere}}\n  B: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref Neither}}\n",
    );
    let Err(DraftError::Load(LoadError::Faulty { findings, .. })) = error else { panic!("{error:?}") };
    assert_eq!(findings.iter().filter(|finding| finding.is_error()).count(), 2, "{findings:#?}");
}

/// The name of the export comes of a parameter, so it is asked for in a second round.
#[test]
fn what_other_stacks_export_is_made_up_and_told() {
    let statement = "              - {Effect: Allow, Action: 's3:GetObject', Resource: !Sub ['${Bucket}/*', {Bucket: {'Fn::ImportValue': !Sub '${Network}-BucketArn'}}]}";
    let draft = made(&of_a_user(statement, "Parameters: {Network: {Type: String}}"));
    assert_eq!(draft.found.made_up, ["Network", "example-BucketArn"]);
    assert!(draft.text.contains("example-BucketArn"), "{}", draft.text);
}
