//! AWS::LanguageExtensions, with what AWS's own pages show for each function.
//!
//! docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html and its examples

use super::*;

/// The logical ids of a template's resources, whatever they are.
fn ids(text: &str) -> Vec<String> {
    let (stack, findings) = deployed(text, &inputs());
    assert_eq!(said(text, &findings), Vec::<String>::new(), "{text}");
    stack.resources.iter().map(|one| one.logical_id.clone()).collect()
}

/// What is said of a template with the transform.
fn refuses(text: &str, expected: &[&str]) {
    let (_, findings) = deployed(text, &inputs());
    assert_eq!(said(text, &findings), expected, "{text}");
}

#[test]
fn a_loop_repeats_resources() {
    // "Replicate an Amazon SNS resource"
    let text = "Transform: AWS::LanguageExtensions
Resources:
  'Fn::ForEach::Topics':
    - TopicName
    - [Success, Failure]
    - 'SnsTopic${TopicName}':
        Type: AWS::SNS::Topic
        Properties:
          TopicName: !Sub '${TopicName}.fifo'
          FifoTopic: true
  Plain: {Type: AWS::S3::Bucket}
";
    let (stack, findings) = deployed(text, &inputs());
    assert_eq!(findings, []);
    let arns: Vec<_> = stack.resources.iter().filter_map(|one| one.arn.as_deref()).take(2).collect();
    assert_eq!(
        arns,
        [
            "arn:aws:sns:ap-northeast-1:123456789012:Success.fifo",
            "arn:aws:sns:ap-northeast-1:123456789012:Failure.fifo"
        ]
    );
    assert_eq!(ids(text), ["SnsTopicSuccess", "SnsTopicFailure", "Plain"]);
}

#[test]
fn letters_and_digits_of_a_value_make_a_logical_id() {
    // "Passing non-alphanumeric characters within the Collection for Fn::ForEach"
    let text = "Transform: AWS::LanguageExtensions
Parameters:
  Names: {Type: CommaDelimitedList, Default: 'a.b/24,c.d/24'}
Resources:
  'Fn::ForEach::Buckets':
    - Name
    - !Ref Names
    - 'Bucket&{Name}':
        Type: AWS::S3::Bucket
        Properties: {Tags: [{Key: range, Value: !Ref Name}]}
";
    assert_eq!(ids(text), ["Bucketab24", "Bucketcd24"]);
}

#[test]
fn loops_lie_in_loops_and_in_properties() {
    let text = "Transform: [AWS::LanguageExtensions]
Mappings:
  A: {Properties: {Path: /a/, Description: of a}}
  B: {Properties: {Path: /b/}}
Resources:
  'Fn::ForEach::Outer':
    - Id
    - [A, B]
    - 'Fn::ForEach::Inner':
        - Kind
        - [Read, Write]
        - 'Role${Id}${Kind}':
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument: {}
              'Fn::ForEach::Properties':
                - Name
                - [Path, Description]
                - '${Name}': !FindInMap [!Ref Id, Properties, !Ref Name, {DefaultValue: !Ref AWS::NoValue}]
";
    let (stack, findings) = deployed(text, &inputs());
    assert_eq!(findings, []);
    assert_eq!(ids(text), ["RoleARead", "RoleAWrite", "RoleBRead", "RoleBWrite"]);
    let crate::resource::Properties::Role(role) = &resource(&stack, "RoleBWrite").properties else { panic!() };
    assert_eq!((role.path.as_ref().map(|path| &*path.value), &role.description), (Some("/b/"), &None));
}

#[test]
fn conditions_and_outputs_are_repeated() {
    let text = "Transform: AWS::LanguageExtensions
Conditions:
  'Fn::ForEach::Conditions':
    - Name
    - [a, b]
    - 'Is${Name}': !Equals [!Ref Name, a]
Resources:
  'Fn::ForEach::Buckets':
    - Name
    - [a, b]
    - 'Bucket${Name}':
        Type: AWS::S3::Bucket
        Condition: !Sub 'Is${Name}'
        DeletionPolicy: !If [Isa, Retain, Delete]
Outputs:
  'Fn::ForEach::Outputs':
    - Name
    - [a]
    - 'Arn${Name}': {Value: !GetAtt [!Sub 'Bucket${Name}', Arn]}
      'Name${Name}': {Value: !Ref {'Fn::Sub': 'Bucket${Name}'}}
";
    let (stack, findings) = deployed(text, &inputs());
    assert_eq!(findings, []);
    assert_eq!(ids(text), ["Bucketa"]);
    assert_eq!(resource(&stack, "Bucketa").deletion_policy.as_ref().map(|policy| &*policy.value), Some("Retain"));
    let outputs: Vec<_> = stack.outputs.iter().map(|output| &*output.name).collect();
    assert_eq!(outputs, ["Arna", "Namea"]);
    assert_eq!(stack.outputs[0].value, format!("arn:aws:s3:::{}", stack.outputs[1].value));
}

#[test]
fn attributes_may_be_functions() {
    // "If Fn::FindInMap is unable to find the corresponding identifier, the Condition property will not be set"
    let text = "Transform: AWS::LanguageExtensions
Conditions: {Never: !Equals [a, b]}
Mappings: {M: {Condition: {B: Never}}}
Resources:
  'Fn::ForEach::Buckets':
    - Id
    - [A, B]
    - 'Bucket${Id}':
        Type: AWS::S3::Bucket
        UpdateReplacePolicy: {'Fn::FindInMap': [M, Policy, x, {DefaultValue: Delete}]}
        Condition: !FindInMap [M, Condition, !Ref Id, {DefaultValue: !Ref AWS::NoValue}]
";
    assert_eq!(ids(text), ["BucketA"]);
}

#[test]
fn wrong_loops_are_told() {
    refuses(
        "Resources:\n  Fn::ForEach::L: [N, [a], {'B${N}': {Type: 'AWS::S3::Bucket'}}]\n",
        &[
            "`Fn::ForEach::L` needs the transform `AWS::LanguageExtensions` [add `Transform: AWS::LanguageExtensions` to the template] at Fn::ForEach::L",
        ],
    );
    let of = |call: &str| format!("Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::L: {call}\n");
    for (call, expected) in [
        ("[N, [a]]", "`Fn::ForEach::L` must be `[Identifier, [values], {key: value}]`, and this is a list at [N, [a]]"),
        ("[N, a, {x: {}}]", "the collection of `Fn::ForEach::L` must be a list, and this is text at a"),
        ("[[], [a], {x: {}}]", "the identifier of `Fn::ForEach::L` must be text, and this is a list at []"),
        ("[N, [a], x]", "what `Fn::ForEach::L` repeats must be a mapping, and this is text at x"),
        (
            "[N, [a, b], {B: {Type: 'AWS::S3::Bucket'}}]",
            "a loop makes `B` more than once [put the loop's identifier into the key: `Name${Identifier}`] at B",
        ),
        (
            "[N, !GetAtt X.Y, {'B${N}': {Type: 'AWS::S3::Bucket'}}]",
            "the collection of `Fn::ForEach::L` cannot be worked out before the stack is made [it may depend on parameters with values, mappings and pseudo parameters] at !GetAtt X.Y",
        ),
    ] {
        let text = of(call);
        let (_, findings) = deployed(&text, &inputs());
        assert!(said(&text, &findings).contains(&expected.to_owned()), "{call}: {:#?}", said(&text, &findings));
    }
}

#[test]
fn loops_in_loops_have_a_bound() {
    let values = (0..200).map(|at| format!("a{at}")).collect::<Vec<_>>().join(", ");
    let loops: String = (0..4).map(|at| format!("{{'Fn::ForEach::L{at}': [N{at}, [{values}], ")).collect();
    let text = format!(
        "Transform: AWS::LanguageExtensions\nResources: {loops}{{'B${{N0}}x${{N1}}x${{N2}}x${{N3}}': {{Type: 'AWS::S3::Bucket'}}}}{}\n",
        "]}".repeat(4)
    );
    let (_, findings) = deployed(&text, &inputs());
    assert!(findings.iter().any(|finding| finding.code == "TOO_LARGE"), "{findings:#?}");
}
