//! Macros, what is included, and what else stands in real templates and does nothing here.

use super::*;
use crate::Files;
use std::sync::Arc;

/// What is not applied, as `path: why`.
fn left(text: &str, inputs: &Inputs) -> Vec<String> {
    let (stack, findings) = deployed(text, inputs);
    assert_eq!(said(text, &findings), Vec::<String>::new(), "{text}");
    stack.not_applied.iter().map(ToString::to_string).collect()
}

fn files(named: &[(&str, &str)]) -> Inputs {
    let mut files = Files::default();
    for (at, (path, text)) in named.iter().enumerate() {
        let (tree, findings) = source::yaml::read(FileId(at as u32 + 1), text);
        assert_eq!(findings, [], "{text}");
        files.add(FileId(0), path, tree.unwrap());
    }
    Inputs { files: Arc::new(files), ..inputs() }
}

#[test]
fn what_aws_takes_beside_a_type_is_taken() {
    assert_eq!(
        left(
            "Resources:\n  Custom:\n    Type: Custom::Thing\n    Version: '1.0'\n    Description: pings\n    Properties: {ServiceToken: x}\n",
            &inputs()
        ),
        ["not applied: Custom::Thing"]
    );
    says(
        "Resources: {B: {Type: 'AWS::S3::Bucket', Version: 1, Description: of b}}\n",
        &["resource `B` has an unknown part `Version` at Version"],
    );
}

#[test]
fn availability_zones_without_an_argument_are_those_of_the_region() {
    let stack = stack(&around("!Select [0, !GetAZs ]", ""));
    assert_eq!(stack.made_up[0].value, "ap-northeast-1a");
}

#[test]
fn a_macro_in_what_is_not_applied_is_named() {
    for text in [
        "Resources: {A: {Type: 'AWS::ApiGateway::RestApi', Properties: {Body: {'Fn::Transform': {Name: AWS::Include, Parameters: {Location: api.yaml}}}}}}\n",
        "Resources: {A: {Type: 'AWS::ApiGateway::RestApi', Properties: {'Fn::Transform': {Name: Mine}}}}\n",
        "Resources: {A: {Type: 'AWS::ApiGateway::RestApi', Properties: {Name: x, 'Fn::Transform': {Name: Mine}}}}\n",
        "Resources: {A: {Type: 'AWS::StepFunctions::StateMachine', Properties: {DefinitionString: {'Fn::Transform': {Name: Mine}}, RoleArn: x}}}\n",
        "Resources: {A: {Type: 'AWS::S3::Bucket', Properties: {WebsiteConfiguration: {'Fn::Transform': {Name: Mine}}}}}\n",
    ] {
        assert!(!left(text, &inputs()).is_empty(), "{text}");
    }
}

#[test]
fn a_macro_in_what_is_made_is_an_error() {
    for (properties, place) in [
        ("{BucketName: {'Fn::Transform': {Name: Mine}}}", "{'Fn::Transform': {Name: Mine}}"),
        ("{'Fn::Transform': {Name: Mine}}", "{'Fn::Transform': {Name: Mine}}"),
        ("{AbacStatus: Enabled, 'Fn::Transform': {Name: Mine}}", "'Fn::Transform'"),
    ] {
        let text = format!("Resources: {{B: {{Type: 'AWS::S3::Bucket', Properties: {properties}}}}}\n");
        let (_, findings) = deployed(&text, &inputs());
        assert_eq!(
            said(&text, &findings),
            [format!("the transform `Mine` is not applied [write what it stands for] at {place}")]
        );
    }
}

#[test]
fn macros_rules_and_hooks_are_named_and_left_out() {
    let text = "Transform: [Mine, {Name: AWS::CodeDeployBlueGreen}]
Rules: {R: {}}
Hooks: {H: {}}
Mappings: {M: {'Fn::Transform': {Name: AWS::Include, Parameters: {Location: 's3://b/m.yaml'}}}}
Resources:
  B: {Type: AWS::S3::Bucket}
  'Fn::Transform': {Name: More}
";
    assert_eq!(
        left(text, &inputs()),
        [
            "not applied: Rules",
            "not applied: Hooks",
            "not applied: Transform Mine",
            "not applied: Transform AWS::CodeDeployBlueGreen",
            "not applied: Fn::Transform AWS::Include in Mappings",
            "not applied: Fn::Transform More in Resources",
        ]
    );
}

#[test]
fn what_is_included_stands_in_its_place() {
    let inputs = files(&[
        ("resources.yaml", "Role:\n  Type: AWS::IAM::Role\n  Properties: {AssumeRolePolicyDocument: {}}\n"),
        ("body.yaml", "BucketName: included\n"),
        ("top.yaml", "Mappings: {M: {a: {b: mapped}}}\n"),
    ]);
    let text = "Transform: [{Name: AWS::Include, Parameters: {Location: top.yaml}}]
Resources:
  B:
    Type: AWS::S3::Bucket
    Properties: {'Fn::Transform': {Name: AWS::Include, Parameters: {Location: body.yaml}}}
  C: {Type: AWS::S3::Bucket, Properties: {BucketName: !FindInMap [M, a, b]}}
  'Fn::Transform': {Name: AWS::Include, Parameters: {Location: resources.yaml}}
";
    let (stack, findings) = deployed(text, &inputs);
    assert_eq!(findings, []);
    let made: Vec<_> = stack.resources.iter().map(|one| (&*one.logical_id, &*one.physical_id)).collect();
    assert_eq!(made[..2], [("B", "included"), ("C", "mapped")]);
    assert_eq!(made[2].0, "Role");
    assert_eq!(stack.not_applied, []);
    // What stands in another file has its place there.
    assert_eq!(resource(&stack, "Role").span.file, FileId(1));
}

#[test]
fn a_file_that_is_not_here_is_asked_for() {
    let text = "Resources: {B: {Type: 'AWS::S3::Bucket', Properties: {Tags: {'Fn::Transform': {Name: AWS::Include, Parameters: {Location: tags.yaml}}}}}}\n";
    let (_, findings) = deployed(text, &inputs());
    assert_eq!(
        findings[0].help.as_deref(),
        Some("put the file `tags.yaml` beside the template, or write what it stands for")
    );
}

#[test]
fn tokens_that_the_cdk_left_are_refused() {
    for token in ["${Token[TOKEN.12]}", "x<unresolved>"] {
        let text = format!("Resources: {{B: {{Type: 'AWS::S3::Bucket', Properties: {{BucketName: '{token}'}}}}}}\n");
        let (_, findings) = deployed(&text, &inputs());
        assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["UNRESOLVED_TOKEN"], "{token}");
    }
}

#[test]
fn each_partition_has_its_names() {
    for (region, arn, url) in [
        ("cn-north-1", "arn:aws-cn:", "amazonaws.com.cn"),
        ("us-gov-west-1", "arn:aws-us-gov:", "amazonaws.com"),
        ("us-iso-east-1", "arn:aws-iso:", "c2s.ic.gov"),
        ("us-isob-east-1", "arn:aws-iso-b:", "sc2s.sgov.gov"),
        ("eu-isoe-west-1", "arn:aws-iso-e:", "cloud.adc-e.uk"),
        ("us-isof-south-1", "arn:aws-iso-f:", "csp.hci.ic.gov"),
        ("eusc-de-east-1", "arn:aws-eusc:", "amazonaws.eu"),
        ("mx-central-1", "arn:aws:", "amazonaws.com"),
    ] {
        let inputs = Inputs::new("123456789012", region, "web");
        assert!(inputs.stack_id.starts_with(arn), "{region}");
        assert_eq!(inputs.url_suffix, url, "{region}");
    }
}

#[test]
fn a_mapping_without_the_region_says_where_it_would_be() {
    let text = around("!FindInMap [R, !Ref AWS::Region, x]", "Mappings: {R: {eu-west-1: {x: a}, us-east-1: {x: b}}}\n");
    says(
        &text,
        &[
            "there is no top-level key `ap-northeast-1` [the mapping has `eu-west-1`, `us-east-1`: give another value, such as `parameters: {AWS::Region: eu-west-1}`] at !Ref AWS::Region",
        ],
    );
}
