use super::*;

fn order(text: &str) -> Vec<String> {
    stack(text).resources.into_iter().map(|resource| resource.logical_id).collect()
}

#[test]
fn dependencies_come_first_and_ties_stay_as_written() {
    let text = "Resources:
  A: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Sub '${C}-a'}}
  B: {Type: 'AWS::S3::Bucket'}
  C: {Type: 'AWS::S3::Bucket', Properties: {BucketName: c}, DependsOn: [E]}
  D: {Type: 'AWS::S3::Bucket'}
  E: {Type: 'AWS::S3::Bucket'}
";
    assert_eq!(order(text), ["B", "D", "E", "C", "A"]);
}

#[test]
fn a_dependency_through_a_type_that_is_not_modelled_counts() {
    let text = "Resources:
  A: {Type: 'AWS::S3::Bucket', DependsOn: M}
  M: {Type: 'Custom::Thing', DependsOn: B}
  B: {Type: 'AWS::S3::Bucket'}
";
    assert_eq!(order(text), ["B", "A"]);
}

#[test]
fn a_circle_is_said_with_the_way_round() {
    let role = |name: &str, other: &str| {
        format!(
            "  {name}:\n    Type: AWS::IAM::Role\n    Properties: {{RoleName: r{name}, AssumeRolePolicyDocument: {{A: !GetAtt {other}.Arn}}}}\n"
        )
    };
    let text = format!("Resources:\n{}{}{}{}", role("X", "A"), role("A", "B"), role("B", "C"), role("C", "A"));
    let help = "take one of these references away, or write the name or ARN out";
    says(&text, &[&format!("resources depend on each other in a circle: `A` → `B` → `C` → `A` [{help}] at A")]);
    let text = format!("Resources:\n{}{}{}", role("S", "S"), role("P", "Q"), role("Q", "P"));
    says(
        &text,
        &[
            &format!("resources depend on each other in a circle: `S` → `S` [{help}] at S"),
            &format!("resources depend on each other in a circle: `P` → `Q` → `P` [{help}] at P"),
        ],
    );
}

#[test]
fn names_that_need_each_other_are_a_circle_too() {
    let text = "Resources:
  A: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Sub '${B}-a'}}
  B: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Sub '${A}-b'}}
";
    says(
        text,
        &[
            "resources depend on each other in a circle: `A` → `B` → `A` [take one of these references away, or write the name or ARN out] at A",
        ],
    );
}
