//! Nested stacks, StackSets, and exports of other stacks.
//!
//! docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html

use super::*;
use crate::Files;
use crate::resource::Properties;
use std::sync::Arc;

const INNER: &str = "Parameters: {Name: {Type: String}, More: {Type: CommaDelimitedList, Default: ''}}
Resources:
  Reader:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {}, Description: !Ref Name, Tags: [{Key: bucket, Value: !Ref Data}]}
  Data: {Type: AWS::S3::Bucket}
Outputs:
  Arn: {Value: !GetAtt Reader.Arn}
  Stack: {Value: !Ref AWS::StackName}
";

const OUTER: &str = "Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: inner.yaml
      Parameters: {Name: !Ref Bucket}
  User:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {}, Description: !GetAtt Inner.Outputs.Arn}
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: esolang}}
Outputs:
  Id: {Value: !Ref Inner}
  Name: {Value: !GetAtt [Inner, Outputs.Stack]}
";

fn beside(named: &[(FileId, &str, FileId, &str)], given: &[(&str, &str)]) -> Inputs {
    let mut files = Files::default();
    let tree = |file, text: &str| {
        let (tree, findings) = source::yaml::read(file, text);
        assert_eq!(findings, [], "{text}");
        tree.unwrap()
    };
    named.iter().for_each(|(by, path, file, text)| files.add(*by, path, tree(*file, text)));
    given.iter().for_each(|(name, text)| files.give(name, tree(FileId(9), text)));
    Inputs { files: Arc::new(files), ..inputs() }
}

fn ids(stack: &Stack) -> Vec<&str> {
    stack.resources.iter().map(|one| &*one.logical_id).collect()
}

fn description<'s>(stack: &'s Stack, id: &str) -> Option<&'s str> {
    let Properties::Role(role) = &resource(stack, id).properties else { panic!("a role") };
    role.description.as_ref().map(|text| &*text.value)
}

#[test]
fn a_nested_stack_is_made_where_it_stands() {
    let inputs = beside(&[(FileId(0), "inner.yaml", FileId(1), INNER)], &[]);
    let (stack, findings) = deployed(OUTER, &inputs);
    assert_eq!(findings, []);
    // What it needs comes before it, and what needs it after.
    assert_eq!(ids(&stack), ["Bucket", "Inner.Data", "Inner.Reader", "User"]);
    assert_eq!(stack.not_applied, []);
    assert_eq!(description(&stack, "Inner.Reader"), Some("esolang"));
    assert_eq!(description(&stack, "User"), resource(&stack, "Inner.Reader").arn.as_deref());
    // "STACK-LOGICALID-RANDOM", and names in it begin with its own.
    let name = &*stack.outputs[1].value;
    assert!(name.starts_with("web-Inner-"), "{name}");
    assert!(stack.outputs[0].value.contains(&format!(":stack/{name}/")), "{}", stack.outputs[0].value);
    let reader = &resource(&stack, "Inner.Reader").physical_id;
    assert!(reader.starts_with(&format!("{name}-")), "{reader}");
    assert_eq!(resource(&stack, "Inner.Reader").depends_on, ["Inner.Data"]);
}

#[test]
fn a_nested_template_is_found_by_what_is_given_for_it() {
    let url = "https://s3.amazonaws.com/bucket/0123456789abcdef.template";
    for name in ["Inner", url, "0123456789abcdef"] {
        let text = OUTER.replace("inner.yaml", url);
        let (stack, findings) = deployed(&text, &beside(&[], &[(name, INNER)]));
        assert_eq!(findings, [], "{name}");
        assert_eq!(ids(&stack).len(), 4, "{name}");
    }
}

#[test]
fn the_cdk_notes_where_a_nested_template_is() {
    let text = OUTER.replace("inner.yaml", "!Sub 'https://s3.${AWS::URLSuffix}/b/0123.json'").replace(
        "    Properties:\n      TemplateURL",
        "    Metadata: {'aws:asset:path': inner.nested.template.json}\n    Properties:\n      TemplateURL",
    );
    let (stack, findings) =
        deployed(&text, &beside(&[(FileId(0), "inner.nested.template.json", FileId(1), INNER)], &[]));
    assert_eq!(findings, []);
    assert_eq!(ids(&stack).len(), 4);
}

#[test]
fn stacks_lie_in_nested_stacks() {
    let middle = "Resources:
  Leaf: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: leaf.yaml}}
Outputs: {Out: {Value: !GetAtt Leaf.Outputs.Out}}
";
    let leaf = "Resources: {R: {Type: 'AWS::IAM::User'}}\nOutputs: {Out: {Value: !Ref AWS::StackName}}\n";
    let top = "Resources: {M: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: m.yaml}}}
Outputs: {Out: {Value: !GetAtt M.Outputs.Out}}
";
    let inputs = beside(&[(FileId(0), "m.yaml", FileId(1), middle), (FileId(1), "leaf.yaml", FileId(2), leaf)], &[]);
    let (stack, findings) = deployed(top, &inputs);
    assert_eq!(findings, []);
    assert_eq!(ids(&stack), ["M.Leaf.R"]);
    assert!(stack.outputs[0].value.starts_with("web-M-"), "{}", stack.outputs[0].value);
}

#[test]
fn a_stack_in_itself_is_refused() {
    let own = "Resources: {S: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: own.yaml}}}\n";
    let inputs = beside(&[(FileId(0), "own.yaml", FileId(1), own), (FileId(1), "own.yaml", FileId(1), own)], &[]);
    let (_, findings) = deployed(own, &inputs);
    assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["NESTED_TOO_DEEP"]);
}

#[test]
fn without_its_template_a_stack_is_named_and_its_outputs_are_made_up() {
    let (stack, findings) = deployed(OUTER, &inputs());
    assert_eq!(findings, []);
    assert_eq!(ids(&stack), ["Bucket", "User"]);
    let left = &stack.not_applied[0];
    assert_eq!(left.to_string(), "not applied: AWS::CloudFormation::Stack");
    assert_eq!(
        left.why,
        "its template is not at hand, so that nothing of it is made and its outputs are made up; give it under `given: {templates: {Inner: PATH}}`"
    );
    assert!(stack.made_up.iter().any(|one| one.what == "Inner.Outputs.Arn"), "{:?}", stack.made_up);
}

#[test]
fn what_a_nested_stack_lacks_is_told_where_it_is_given() {
    let lacks = OUTER.replace("      Parameters: {Name: !Ref Bucket}\n", "");
    let inputs = beside(&[(FileId(0), "inner.yaml", FileId(1), INNER)], &[]);
    let (_, findings) = deployed(&lacks, &inputs);
    let said: Vec<_> = findings.iter().map(|one| (one.code, one.help.as_deref().unwrap_or_default())).collect();
    assert_eq!(
        said,
        [("NESTED_PARAMETER_WITHOUT_VALUE", "give it in the template around it: `Parameters: {Name: …}` of `Inner`")]
    );
    let (_, findings) = deployed(&OUTER.replace("Outputs.Arn", "Outputs.Anr"), &inputs);
    assert_eq!(findings[0].message, "the template of `Inner` has no output `Anr`");
    assert_eq!(findings[0].help.as_deref(), Some("did you mean `Arn`?"));
    let (_, findings) = deployed(&OUTER.replace("{Name: !Ref Bucket}", "{Name: x, Nmae: y}"), &inputs);
    assert_eq!(findings[0].message, "the template has no parameter `Nmae`");
    let (_, findings) = deployed(&OUTER.replace("{Name: !Ref Bucket}", "{Name: x, More: [a, b]}"), &inputs);
    assert_eq!(findings[0].message, "the parameter `More` of a nested stack must be text, and this is a list");
}

const SET: &str = "Resources:
  Set:
    Type: AWS::CloudFormation::StackSet
    Properties:
      StackSetName: guard
      PermissionModel: SELF_MANAGED
      Parameters: [{ParameterKey: Name, ParameterValue: ann}]
      StackInstancesGroup:
        - DeploymentTargets: {Accounts: ['123456789012']}
          Regions: [ap-northeast-1]
      TemplateBody: |
        Parameters: {Name: {Type: String}}
        Resources: {U: {Type: AWS::IAM::User, Properties: {UserName: !Ref Name}}}
";

#[test]
fn a_stack_set_makes_stacks_where_it_says() {
    let (stack, findings) = deployed(SET, &inputs());
    assert_eq!(findings, []);
    assert_eq!((ids(&stack), stack.elsewhere.len()), (vec!["Set.U"], 0));
    assert_eq!(resource(&stack, "Set.U").physical_id, "ann");
    for other in [SET.replace("123456789012", "210987654321"), SET.replace("[ap-northeast-1]", "[us-east-1]")] {
        let (stack, findings) = deployed(&other, &inputs());
        assert_eq!(findings, []);
        assert_eq!((ids(&stack).len(), stack.elsewhere.len()), (0, 1));
        assert_eq!(
            stack.not_applied[0].why,
            "its stacks are made in other accounts or regions; only its policies are checked"
        );
    }
}

#[test]
fn outputs_of_other_stacks_are_taken_without_an_export() {
    let call = |more: &str| around(&format!("{{'Fn::GetStackOutput': {{StackName: net, OutputName: Vpc{more}}}}}"), "");
    let inputs = inputs().import("net.Vpc", "vpc-1").import("us-west-2/net.Vpc", "vpc-2");
    for (more, expected) in [("", "vpc-1"), (", Region: ap-northeast-1", "vpc-1"), (", Region: us-west-2", "vpc-2")] {
        let (stack, findings) = stack_with(&call(more), &inputs);
        assert_eq!((findings, description(&stack, "R")), (Vec::new(), Some(expected)));
    }
    let (_, findings) = stack_with(&call(", Region: eu-west-1"), &self::inputs());
    assert_eq!(findings[0].message, "the output `eu-west-1/net.Vpc` of another stack is not known here");
    assert_eq!(findings[0].help.as_deref(), Some("give its value: `imports: {eu-west-1/net.Vpc: …}`"));
    let (_, findings) = stack_with(&around("{'Fn::GetStackOutput': {StackName: net}}", ""), &inputs);
    assert_eq!(
        findings[0].message,
        "`Fn::GetStackOutput` must be given `{StackName: …, OutputName: …}`, and this is a mapping"
    );
}
