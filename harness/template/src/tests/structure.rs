use super::*;

const BUCKET: &str = "Resources: {B: {Type: 'AWS::S3::Bucket'}}\n";

#[test]
fn the_structure_is_checked() {
    for (text, expected) in [
        ("a\n", &["a template must be a mapping with `Resources`, and this is text at a"][..]),
        ("", &["a template must be a mapping with `Resources`, and this is nothing at "]),
        ("{}\n", &["the template has no `Resources` [add `Resources:` with at least one resource] at {}"]),
        ("Resources: []\n", &["`Resources` must be a mapping, and this is a list at []"]),
        (
            "Resources: {}\nResorces: {}\n",
            &["a template has no section `Resorces` [did you mean `Resources`?] at Resorces"],
        ),
        (
            "AWSTemplateFormatVersion: 2010-09-08\nResources: {}\n",
            &["the only version of the template format is `2010-09-09` [write `2010-09-09`] at 2010-09-08"],
        ),
        ("Resources: {B: a}\n", &["resource `B` must be a mapping with a `Type`, and this is text at a"]),
        ("Resources: {B: {}}\n", &["resource `B` has no `Type` at B"]),
        ("Resources: {B: {Type: [a]}}\n", &["`Type` must be text, and this is a list at [a]"]),
        (
            "Resources: {B-1: {Type: 'AWS::S3::Bucket'}}\n",
            &["`B-1` is no name: only letters and digits may be in it at B-1"],
        ),
        (
            "Resources: {B: {Type: 'AWS::S3::Bucket', Propertes: {}}}\n",
            &["resource `B` has an unknown part `Propertes` [did you mean `Properties`?] at Propertes"],
        ),
        (
            "Resources: {B: {Type: 'AWS::S3::Bucket', Properties: a}}\n",
            &["`Properties` must be a mapping, and this is text at a"],
        ),
        (
            "Resources: {B: {Type: 'AWS::S3::Bucket', DependsOn: {}}}\n",
            &["`DependsOn` must be a logical id or a list of them, and this is a mapping at {}"],
        ),
        (
            "Resources: {B: {Type: 'AWS::S3::Bucket', DependsOn: C}}\n",
            &["no resource is called `C` [did you mean `B`?] at C"],
        ),
        (
            "Resources: {B: {Type: 'AWS::S3::Bucket', DeletionPolicy: Retian}}\n",
            &["`DeletionPolicy` cannot be `Retian` [did you mean `Retain`?] at Retian"],
        ),
        ("Resources: {B: {Type: 'AWS::S3::Bucket', Condition: C}}\n", &["no condition is called `C` at C"]),
        ("Mappings: {M: a}\nResources: {}\n", &["mapping `M` must be a mapping of mappings, and this is text at a"]),
        ("Mappings: {M: {a: b}}\nResources: {}\n", &["`a` must be a mapping of values, and this is text at b"]),
        (
            "Mappings: {M: {a: {b: {c: d}}}}\nResources: {}\n",
            &["`b` must be text or a list of texts, and this is a mapping at {c: d}"],
        ),
        (
            "Resources: {}\nOutputs: {O: {Valu: a}}\n",
            &[
                "output `O` has no `Value` at O",
                "output `O` has an unknown part `Valu` [did you mean `Value`?] at Valu",
            ],
        ),
        ("Resources: {}\nOutputs: {O: a}\n", &["output `O` must be a mapping with a `Value`, and this is text at a"]),
        (
            "Resources: {}\nOutputs: {O: {Value: a, Export: b}}\n",
            &["`Export` must be a mapping with a `Name`, and this is text at b"],
        ),
        (
            "Resources: {}\nOutputs: {O: {Value: [a]}}\n",
            &["the value of output `O` must be text, and this is a list at [a]"],
        ),
    ] {
        says(text, expected);
    }
}

#[test]
fn everything_wrong_is_said_at_once() {
    let text = "Parameters: {P: {Type: Strin}}
Conditions: {C: !Equals [a]}
Resources:
  A: {Type: AWS::S3::Bucket, Properties: {BucketNam: !Ref Q}}
  B: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub '${P}', AbacStatus: Enabeld}, DependsOn: D}
Outputs: {O: {Value: !GetAtt A.Ar}}
";
    says(
        text,
        &[
            "unknown parameter type `Strin` [did you mean `String`?] at Strin",
            "the argument of `Fn::Equals` must be a list of two values, and this is a list at [a]",
            "AWS::S3::Bucket has no property `BucketNam` [did you mean `BucketName`?] at BucketNam",
            "no parameter or resource is called `Q` [did you mean `A`?] at Q",
            "`AbacStatus` cannot be `Enabeld`: it is one of `Enabled`, `Disabled` [did you mean `Enabled`?] at Enabeld",
            "no resource is called `D` [did you mean `A`?] at D",
            "AWS::S3::Bucket has no attribute `Ar` [did you mean `Arn`?] at Ar",
        ],
    );
}

#[test]
fn what_is_not_applied_is_named() {
    let text = "Transform: [AWS::Serverless-2016-10-31]
Rules: {}
Resources:
  Q: {Type: AWS::SQS::Queue}
  S: {Type: AWS::S3::Buckets}
  K: {Type: AWS::EKS::Cluster, Properties: {RoleArn: x}}
  B: {Type: AWS::S3::Bucket, Properties: {WebsiteConfiguration: {IndexDocument: i}, QuiteNewProperty: x, VersioningConfiguration: {Status: Enabled, Whatever: 1}}}
  U: {Type: AWS::IAM::User, Properties: {LoginProfile: {Password: x}}}
";
    let (stack, findings) = stack_with(text, &inputs());
    let named: Vec<_> = stack
        .not_applied
        .iter()
        .map(|entry| format!("{entry} ({}) at {}", entry.why, underlined(text, entry.span)))
        .collect();
    assert_eq!(
        named,
        [
            "not applied: Rules (rules are not checked) at Rules",
            "not applied: Transform AWS::Serverless-2016-10-31 (macros run in a real account: give the template as they leave it (`aws cloudformation get-template --template-stage Processed`)) at AWS::Serverless-2016-10-31",
            "not applied: AWS::SQS::Queue (not created; its tags and its policy are read) at AWS::SQS::Queue",
            "not applied: AWS::S3::Buckets (`AWS::S3::Buckets` is not modelled; did you mean `AWS::S3::Bucket`?) at AWS::S3::Buckets",
            "not applied: AWS::EKS::Cluster (`AWS::EKS::Cluster` is not modelled) at AWS::EKS::Cluster",
            "not applied: B.Properties.VersioningConfiguration.Whatever (`VersioningConfiguration` of AWS::S3::Bucket has no such property that is known here) at Whatever",
            "not applied: B.Properties.WebsiteConfiguration (this property is not modelled) at WebsiteConfiguration",
            "not applied: B.Properties.QuiteNewProperty (AWS::S3::Bucket has no such property that is known here) at QuiteNewProperty",
            "not applied: U.Properties.LoginProfile (this property is not modelled) at LoginProfile",
        ]
    );
    let kept: Vec<_> = resource(&stack, "B").other.iter().map(|entry| &*entry.key).collect();
    assert_eq!(kept, ["WebsiteConfiguration", "QuiteNewProperty"]);
    assert_eq!(findings, []);
    assert_eq!(stack.not_applied[2].finding().message, "not applied: AWS::SQS::Queue");
}

#[test]
fn two_of_a_name_are_said() {
    says(
        "Resources:\n  A: {Type: AWS::S3::Bucket, Properties: {BucketName: b}}\n  B: {Type: AWS::S3::Bucket, Properties: {BucketName: b}}\n",
        &["`B` has the name `b`, which `A` has too [give each a name of its own] at B"],
    );
    let task = "{Type: AWS::ECS::TaskDefinition, Properties: {Family: f}}";
    says(
        &format!("Resources:\n  A: {task}\n  B: {task}\n"),
        &[
            "warning: `B` has the name `f`, which `A` has too [`Ref` gives revision 1 for both here; give each a family of its own] at B",
        ],
    );
    // Only one of them is made.
    stack(
        "Conditions: {F: !Equals [a, b]}\nResources:\n  A: {Type: AWS::S3::Bucket, Condition: F, Properties: {BucketName: b}}\n  B: {Type: AWS::S3::Bucket, Properties: {BucketName: b}}\n",
    );
}

#[test]
fn a_template_keeps_to_its_numbers() {
    let resources: String = (0..501).map(|at| format!("  B{at}: {{Type: 'AWS::S3::Bucket'}}\n")).collect();
    says(
        &format!("Resources:\n{resources}"),
        &["`Resources` has 501 entries, and a template may have 500 at Resources"],
    );
}

#[test]
fn attributes_of_a_resource_are_kept() {
    let text = BUCKET.replace(
        "'AWS::S3::Bucket'",
        "'AWS::S3::Bucket', DeletionPolicy: Retain, UpdateReplacePolicy: Delete, Metadata: {a: b}",
    );
    let stack = stack(&text);
    let bucket = resource(&stack, "B");
    assert_eq!(bucket.deletion_policy.as_ref().unwrap().value, "Retain");
    assert_eq!(bucket.update_replace_policy.as_ref().unwrap().value, "Delete");
}

/// What decides who may do what, and does not count here, is told apart from what nobody asks.
#[test]
fn policies_of_types_that_are_not_modelled_are_named() {
    let statement = "{Effect: Allow, Principal: '*', Action: '*', Resource: '*'}";
    let json = r#"'{"Statement": {"Effect": "Allow"}}'"#;
    for (resource, policy) in [
        (
            format!("AWS::Logs::ResourcePolicy, Properties: {{PolicyName: p, PolicyDocument: {json}}}"),
            "the policy in its `PolicyDocument`",
        ),
        (
            format!("AWS::ECR::RegistryPolicy, Properties: {{PolicyText: {{Statement: [{statement}]}}}}"),
            "the policy in its `PolicyText`",
        ),
        (
            format!("AWS::EFS::FileSystem, Properties: {{FileSystemPolicy: {{Statement: {statement}}}}}"),
            "the policy in its `FileSystemPolicy`",
        ),
        (
            format!(
                "AWS::DynamoDB::GlobalTable, Properties: {{Replicas: [{{ResourcePolicy: {{PolicyDocument: {{Statement: [{statement}]}}}}}}]}}"
            ),
            "the policy in its `Replicas`",
        ),
        ("AWS::Lambda::LayerVersionPermission, Properties: {Principal: '*'}".to_owned(), "what it grants"),
    ] {
        let (stack, findings) = stack_with(&format!("Resources:\n  R: {{Type: {resource}}}\n"), &inputs());
        assert_eq!(findings, [], "{resource}");
        let name = resource.split(',').next().unwrap();
        let said: Vec<_> = stack.lacking_policies().map(|finding| (finding.message, finding.help.unwrap())).collect();
        let why = format!("`{name}` is not modelled, and {policy} counts nowhere here");
        assert_eq!(said, [(format!("not applied: {name}"), why)]);
    }
    // A property of a type that is modelled.
    let text = format!(
        "Resources:\n  G: {{Type: AWS::Logs::LogGroup, Properties: {{ResourcePolicyDocument: {{Statement: [{statement}]}}}}}}\n"
    );
    let (stack, _) = stack_with(&text, &inputs());
    let said: Vec<_> = stack.lacking_policies().map(|finding| finding.message).collect();
    assert_eq!(said, ["not applied: G.Properties.ResourcePolicyDocument"]);
    // No policy: what has none, what is read, and the rules of a topic for personal data.
    let (stack, _) = stack_with(
        "Resources:
  V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Q: {Type: AWS::SQS::Queue}
  D: {Type: AWS::XRay::Group, Properties: {FilterExpression: 'Statement'}}
",
        &inputs(),
    );
    assert_eq!(stack.lacking_policies().count(), 0);
}
