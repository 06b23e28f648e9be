use super::*;

/// Whether a bucket under the condition `C` is made.
fn holds(condition: &str, expected: bool) {
    let text = with(condition);
    let stack = stack(&text);
    assert_eq!(stack.resources.iter().any(|resource| resource.logical_id == "B"), expected, "{condition}");
}

fn with(condition: &str) -> String {
    format!(
        "Parameters:\n  Stage: {{Type: String, Default: prod}}\n  Number: {{Type: Number, Default: 1}}\n\
         Mappings: {{M: {{a: {{b: prod}}}}}}\n\
         Conditions:\n  T: !Equals [a, a]\n  F: !Equals [a, b]\n  C: {condition}\n\
         Resources:\n  B: {{Type: 'AWS::S3::Bucket', Condition: C}}\n  Always: {{Type: 'AWS::S3::Bucket'}}\n"
    )
}

#[test]
fn conditions_hold_or_not() {
    holds("!Equals [!Ref Stage, prod]", true);
    holds("!Equals [!Ref Stage, Prod]", false);
    holds("!Equals [!Ref Number, 1]", true);
    holds("!Equals [true, 'true']", true);
    holds("!Equals [!FindInMap [M, a, b], !Ref Stage]", true);
    holds("!Not [!Equals [a, b]]", true);
    holds("!And [!Condition T, !Condition F]", false);
    holds("!And [!Condition T, {Condition: T}]", true);
    holds("!Or [!Condition F, !Condition T]", true);
    holds("!Or [!Condition F, !Not [!Condition T]]", false);
    holds("!Condition T", true);
    holds("!Equals [!If [F, a, !Ref AWS::Region], ap-northeast-1]", true);
}

#[test]
fn a_condition_that_is_none_is_said() {
    says(
        &with("!Equals [a]"),
        &["the argument of `Fn::Equals` must be a list of two values, and this is a list at [a]"],
    );
    says(
        &with("!And [!Condition T]"),
        &["the argument of `Fn::And` must be a list of 2 to 10 conditions, and this is a list at [!Condition T]"],
    );
    says(
        &with("!Not [!Condition T, !Condition T]"),
        &[
            "the argument of `Fn::Not` must be a list of one condition, and this is a list at [!Condition T, !Condition T]",
        ],
    );
    says(
        &with("a"),
        &["a condition must be one of Fn::And, Fn::Or, Fn::Not, Fn::Equals and Condition, and this is text at a"],
    );
    says(
        &with("{'Fn::Equal': [a, b]}"),
        &["`Fn::Equal` is not a function that gives a condition [did you mean `Fn::Equals`?] at 'Fn::Equal'"],
    );
    says(&with("!Condition TT"), &["no condition is called `TT` [did you mean `T`?] at TT"]);
    says(
        &with("!Equals [!Ref Stag, a]"),
        &["no parameter or resource is called `Stag` [did you mean `Stage`?] at Stag"],
    );
    says(&with("!Equals [!Ref B, a]"), &["a condition cannot refer to the resource `B` [refer to a parameter] at B"]);
    says(
        &with("!Equals [!GetAtt B.Arn, a]"),
        &["a condition cannot refer to the resource `B` [refer to a parameter] at B"],
    );
    says(
        &with("!Equals [!Ref AWS::NoValue, a]"),
        &["what `Fn::Equals` compares must be text, and this is `AWS::NoValue` at !Ref AWS::NoValue"],
    );
}

#[test]
fn conditions_in_a_circle_are_said_once_with_the_way_round() {
    let text = "Conditions:\n  A: !Not [!Condition B]\n  B: !Not [!Condition C]\n  C: !Not [!Condition A]\n  D: !Not [!Condition D]\n\
                Resources:\n  X: {Type: 'AWS::S3::Bucket', Condition: A}\n";
    says(
        text,
        &[
            "conditions go round in a circle: `A` → `B` → `C` → `A` [take one of these references away] at A",
            "conditions go round in a circle: `D` → `D` [take one of these references away] at D",
        ],
    );
}

#[test]
fn what_refers_to_a_resource_that_is_not_made_is_said() {
    let sections = "  B: {Type: 'AWS::S3::Bucket', Condition: F}\nConditions: {F: !Equals [a, b]}\n";
    says(
        &around("!Ref B", sections),
        &[
            "`B` is not made: its condition `F` is false [refer to it under the same condition: `Fn::If: [F, …]`] at !Ref B",
        ],
    );
    // Under the same condition it is fine.
    stack(&around("!If [F, !Ref B, none]", sections));
    // A dependency on it is no dependency.
    let made = stack(
        &format!(
            "{}  D: {{Type: 'AWS::S3::Bucket', DependsOn: B}}\n",
            around("x", "  B: {Type: 'AWS::S3::Bucket', Condition: F}\n")
        )
        .replace("Resources:", "Conditions: {F: !Equals [a, b]}\nResources:"),
    );
    assert!(made.resources.iter().any(|resource| resource.logical_id == "D"));
}

#[test]
fn outputs_have_conditions_too() {
    let text = "Conditions: {F: !Equals [a, b]}\nResources: {B: {Type: 'AWS::S3::Bucket', Properties: {BucketName: b}}}\n\
                Outputs:\n  A: {Value: !GetAtt B.Arn, Export: {Name: !Sub '${AWS::StackName}-b'}}\n  N: {Value: x, Condition: F}\n";
    let outputs = stack(text).outputs;
    let short: Vec<_> =
        outputs.iter().map(|output| (&*output.name, &*output.value, output.export.as_deref())).collect();
    assert_eq!(short, [("A", "arn:aws:s3:::b", Some("web-b"))]);
}

/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/conditions-section-structure.html says of their names no more than
/// that there is one.
#[test]
fn the_name_of_a_condition_may_have_other_letters() {
    for name in ["Use-CMK", "In_AZ_A", "C%"] {
        let text = with("!Equals [a, a]").replace("  C: ", &format!("  {name}: "));
        let stack = stack(&text.replace("Condition: C}", &format!("Condition: {name}}}")));
        assert!(stack.resources.iter().any(|resource| resource.logical_id == "B"), "{name}");
    }
    says(
        "Resources: {B-1: {Type: 'AWS::S3::Bucket'}}",
        &["`B-1` is no name: only letters and digits may be in it at B-1"],
    );
}
