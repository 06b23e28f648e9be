//! Templates as they are deployed: what stands in their files, beside them, and in folders that the CDK has synthesised.

use crate::kit::{disagreements, said};

/// A user who reads a bucket, with whatever template.
fn scenario(template: &str, given: &str) -> String {
    format!(
        "title: Deployed
template: {template}
given: {{users: {{ann: {{}}}}, buckets: {{box: {{objects: {{k: {{body: x}}}}}}}}{given}}}
options: {{as-deployed: {{}}}}
callers: {{ann: {{user: ann}}}}
requests: {{get: {{call: s3:GetObject, bucket: box, key: k}}}}
expect: {{as-deployed: {{deny: [ann]}}}}
"
    )
}

fn written(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// Files of a folder with a scenario; everything that is said of it, or else which cells are not as expected.
fn outcome(files: &[(&str, &str)]) -> Vec<String> {
    let folder = written(files);
    match matrix::load(folder.path()) {
        Ok(prepared) => disagreements(&matrix::predict(&prepared).unwrap()),
        Err(error) => said(&error),
    }
}

#[track_caller]
fn runs(files: &[(&str, &str)]) {
    assert_eq!(outcome(files), Vec::<String>::new());
}

const READER: &str = "
Resources:
  Reader:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: 'sts:AssumeRole'}
      Policies:
        - PolicyName: p
          PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: RESOURCE}]}
";

#[test]
fn what_real_templates_have_is_taken() {
    for template in [
        "Resources: {Custom: {Type: 'Custom::Thing', Version: '1.0', Properties: {ServiceToken: 'arn:aws:lambda:us-east-1:123456789012:function:f'}}}\n",
        "Resources: {B: {Type: 'AWS::S3::Bucket', Description: of reports}}\n",
        "Resources: {S: {Type: 'AWS::EC2::Subnet', Properties: {AvailabilityZone: !Select [0, !GetAZs ]}}}\n",
        "Resources: {Api: {Type: 'AWS::ApiGateway::RestApi', Properties: {Body: {'Fn::Transform': {Name: AWS::Include, Parameters: {Location: api.yaml}}}}}}\n",
        "Parameters: {BootstrapVersion: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /cdk-bootstrap/hnb659fds/version}}\nResources: {B: {Type: 'AWS::S3::Bucket'}}\n",
        "Resources: {Nested: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: 'https://example.com/nested.yaml'}}}\n",
    ] {
        runs(&[("scenario.yaml", &scenario("{file: template.yaml}", "")), ("template.yaml", template)]);
    }
}

#[test]
fn imports_are_given_as_the_message_says() {
    let template = READER.replace("RESOURCE", "!ImportValue 'Data:Arn'");
    let told = outcome(&[("scenario.yaml", &scenario("{file: template.yaml}", "")), ("template.yaml", &template)]);
    let [told] = &told[..] else { panic!("{told:?}") };
    let shown = "template: {file: template.yaml, imports: {\"Data:Arn\": …}}";
    assert!(
        told.ends_with(&format!(
            "UNKNOWN_EXPORT no stack exports `Data:Arn` here (give it in the scenario: `{shown}`)"
        )),
        "{told}"
    );
    let given = shown.trim_start_matches("template: ").replace('…', "arn:aws:s3:::box/*");
    runs(&[("scenario.yaml", &scenario(&given, "")), ("template.yaml", &template)]);
}

#[test]
fn an_account_and_a_region_choose_from_mappings() {
    let template = format!(
        "Mappings: {{M: {{us-gov-west-1: {{'111122223333': box}}}}}}{}",
        READER.replace(
            "RESOURCE",
            "!Sub ['arn:${AWS::Partition}:s3:::${Box}/*', {Box: !FindInMap [M, !Ref AWS::Region, !Ref AWS::AccountId]}]"
        )
    );
    let told = outcome(&[("scenario.yaml", &scenario("{file: template.yaml}", "")), ("template.yaml", &template)]);
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].contains("the mapping has `us-gov-west-1`"), "{told:?}");
    let given = "{file: template.yaml, parameters: {AWS::Region: us-gov-west-1, AWS::AccountId: '111122223333'}}";
    runs(&[("scenario.yaml", &scenario(given, "")), ("template.yaml", &template)]);
}

const NESTED: &str = "Resources:
  Nested: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: PLACE, Parameters: {Box: box}}}
";
const INNER: &str = "Parameters: {Box: {Type: String}}
Resources:
  Ann:
    Type: AWS::IAM::UserPolicy
    Properties:
      UserName: ann
      PolicyName: p
      PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: !Sub 'arn:aws:s3:::${Box}/*'}]}
";

#[test]
fn policies_of_nested_stacks_count() {
    let denied = scenario("{file: template.yaml}", "");
    let allowed = denied.replace("deny: [ann]", "allow: [ann]");
    // A path, as `aws cloudformation package` takes one.
    let template = NESTED.replace("PLACE", "inner/n.yaml");
    runs(&[("scenario.yaml", &allowed), ("template.yaml", &template), ("inner/n.yaml", INNER)]);
    // What is not at hand makes nothing.
    runs(&[("scenario.yaml", &denied), ("template.yaml", &template)]);
    // What is given, by logical id and by URL.
    let url = "https://s3.amazonaws.com/b/0123.template";
    for name in ["Nested", url] {
        let given = scenario("{file: template.yaml}", &format!(", templates: {{\"{name}\": deep/n.yaml}}"));
        runs(&[
            ("scenario.yaml", &given.replace("deny: [ann]", "allow: [ann]")),
            ("template.yaml", &NESTED.replace("PLACE", url)),
            ("deep/n.yaml", INNER),
        ]);
    }
    let given = scenario("{file: template.yaml}", ", templates: {Nested: n.yml}");
    assert_eq!(
        outcome(&[("scenario.yaml", &given), ("template.yaml", &template), ("n.yaml", INNER)]),
        [
            "scenario.yaml:3:90 NO_TEMPLATE there is no file `n.yml`; did you mean `n.yaml`? (the path starts at the scenario's folder)"
        ]
    );
}

#[test]
fn an_option_gives_its_own_nested_template() {
    let text = scenario("{file: template.yaml}", "").replace(
        "options: {as-deployed: {}}",
        "options:\n  as-deployed: {}\n  allows: {given: {templates: {Nested: n.yaml}}}",
    );
    let text = text.replace(
        "expect: {as-deployed: {deny: [ann]}}",
        "expect: {as-deployed: {deny: [ann]}, allows: {allow: [ann]}}",
    );
    runs(&[
        ("scenario.yaml", &text),
        ("template.yaml", &NESTED.replace("PLACE", "https://example.com/x")),
        ("n.yaml", INNER),
    ]);
}

#[test]
fn a_statement_that_a_loop_makes_is_put_under_test() {
    let template = "Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Policies:
    - Name
    - [ann, bob]
    - 'Policy${Name}':
        Type: AWS::IAM::UserPolicy
        Properties:
          UserName: !Ref Name
          PolicyName: p
          PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: '*'}]}
";
    let text = "title: Loops
template: {file: template.yaml}
given: {users: {ann: {tags: {k: v}}, bob: {}}, buckets: {box: {objects: {k: {body: x}}}}}
under-test: Policyann/PolicyDocument/1
options:
  plain: {}
  tagged: {condition: {StringEquals: {aws:PrincipalTag/k: w}}}
callers: {ann: {user: ann}, bob: {user: bob}}
requests: {get: {call: s3:GetObject, bucket: box, key: k}}
expect:
  plain: {allow: all}
  tagged: {deny: [ann], allow: [bob]}
";
    runs(&[("scenario.yaml", text), ("template.yaml", template)]);
}

#[test]
fn a_statement_of_a_nested_stack_is_put_under_test() {
    let text = "title: Nested
template: {file: template.yaml}
given: {users: {ann: {tags: {k: v}}}, buckets: {box: {objects: {k: {body: x}}}}}
under-test: Nested.Ann/p/1
options:
  plain: {}
  right: {condition: {StringEquals: {aws:PrincipalTag/k: v}}}
  wrong: {condition: {StringEquals: {aws:PrincipalTag/k: w}}}
callers: {ann: {user: ann}}
requests: {get: {call: s3:GetObject, bucket: box, key: k}}
expect: {plain: {allow: all}, right: {allow: all}, wrong: {deny: all}}
";
    let template = NESTED.replace("PLACE", "n.yaml");
    runs(&[("scenario.yaml", text), ("template.yaml", &template), ("n.yaml", INNER)]);
    let told = outcome(&[("scenario.yaml", text), ("template.yaml", &template)]);
    assert_eq!(
        told[0],
        "scenario.yaml:4:13 NO_STATEMENT the template of the nested stack `Nested` is not at hand (give it: `given: {templates: {Nested: PATH}}`)"
    );
    let told = outcome(&[
        ("scenario.yaml", &text.replace("Nested.Ann", "Nested.Bob")),
        ("template.yaml", &template),
        ("n.yaml", INNER),
    ]);
    assert!(told[0].contains("the template has no resource `Bob`"), "{told:?}");
}

#[test]
fn tags_of_stacks_are_told() {
    let manifest = r#"{"artifacts": {"Web": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Web.template.json", "tags": {"team": "blue", "env": "dev"}}}}}"#;
    let template = r#"{"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"Tags": [{"Key": "env", "Value": "dev"}]}},
      "N": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "n.yaml", "Tags": [{"Key": "env", "Value": "dev"}], "Parameters": {"Box": "b"}}}}}"#;
    let folder = written(&[
        ("scenario.yaml", &scenario("{file: cdk.out}", "")),
        ("cdk.out/manifest.json", manifest),
        ("cdk.out/Web.template.json", template),
        ("cdk.out/n.yaml", INNER),
    ]);
    let prepared = matrix::load(folder.path()).unwrap();
    let told: Vec<_> = prepared.warnings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(
        told,
        ["the stack's tag `team` is not applied to the resources in it", "not applied: N.Properties.Tags"]
    );
}

const MANIFEST: &str = r#"{"version": "48.0.0", "artifacts": {
  "Data": {"type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-west-1",
    "properties": {"templateFile": "Data.template.json"}, "displayName": "Data"},
  "Web.assets": {"type": "cdk:asset-manifest", "properties": {"file": "Web.assets.json"}},
  "Web": {"type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-west-1",
    "properties": {"templateFile": "Web.template.json"}, "dependencies": ["Data", "Web.assets"], "displayName": "Web"},
  "assembly-Prod": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}},
  "Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}}}}"#;
const DATA: &str = r#"{"Resources": {"Box1A2B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "box"}}},
  "Outputs": {"ExportsOutputFnGetAttBox1A2BArn": {"Value": {"Fn::GetAtt": ["Box1A2B", "Arn"]}, "Export": {"Name": "Data:ExportsOutputFnGetAttBox1A2BArn"}}},
  "Parameters": {"BootstrapVersion": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cdk-bootstrap/hnb659fds/version"}},
  "Rules": {"CheckBootstrapVersion": {"Assertions": []}}}"#;
const WEB: &str = r#"{"Resources": {
  "NestedNestedStack": {"Type": "AWS::CloudFormation::Stack", "Properties": {
    "TemplateURL": {"Fn::Join": ["", ["https://s3.eu-west-1.", {"Ref": "AWS::URLSuffix"}, "/cdk-hnb659fds-assets-111122223333-eu-west-1/0123abcd.json"]]},
    "Parameters": {"referencetoDataBox": {"Fn::ImportValue": "Data:ExportsOutputFnGetAttBox1A2BArn"}}},
    "Metadata": {"aws:cdk:path": "Web/Nested.NestedStack/Nested.NestedStackResource"METADATA}},
  "CDKMetadata": {"Type": "AWS::CDK::Metadata", "Properties": {"Analytics": "v2:deflate64:x"}}}}"#;
const WEB_NESTED: &str = r#"{"Parameters": {"referencetoDataBox": {"Type": "String"}}, "Resources": {
  "Policy9F": {"Type": "AWS::IAM::UserPolicy", "Metadata": {"aws:cdk:path": "Web/Nested/Policy/Resource"}, "Properties": {"UserName": "ann", "PolicyName": "p",
    "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject",
      "Resource": {"Fn::Join": ["", [{"Ref": "referencetoDataBox"}, "/*"]]}}]}}}}}"#;
const ASSETS: &str = r#"{"version": "48.0.0", "files": {"0123abcd": {"source": {"path": "WebNested.nested.template.json", "packaging": "file"}}}}"#;
const STAGE: &str = r#"{"version": "48.0.0", "artifacts": {"ProdOps": {"type": "aws:cloudformation:stack",
  "properties": {"templateFile": "ProdOps.template.json", "stackName": "Prod-Ops"}, "displayName": "Prod/Ops"}}}"#;
const OPS: &str =
    r#"{"Resources": {"Ops": {"Type": "AWS::IAM::Group", "Metadata": {"aws:cdk:path": "Prod/Ops/Ops/Resource"}}}}"#;

fn synthesised<'a>(scenario: &'a str, web: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("scenario.yaml", scenario),
        ("cdk.out/manifest.json", MANIFEST),
        ("cdk.out/Data.template.json", DATA),
        ("cdk.out/Web.template.json", web),
        ("cdk.out/WebNested.nested.template.json", WEB_NESTED),
        ("cdk.out/Web.assets.json", ASSETS),
        ("cdk.out/assembly-Prod/manifest.json", STAGE),
        ("cdk.out/assembly-Prod/ProdOps.template.json", OPS),
    ]
}

#[test]
fn a_folder_of_the_cdk_is_deployed() {
    let allowed = |stack: &str| {
        scenario(&format!("{{file: cdk.out, stack: {stack}}}"), "").replace("deny: [ann]", "allow: [ann]")
    };
    // The nested template is found by the file that the CDK notes, and by the name of the asset.
    for metadata in [r#", "aws:asset:path": "WebNested.nested.template.json", "aws:asset:property": "TemplateURL""#, ""]
    {
        runs(&synthesised(&allowed("Web"), &WEB.replace("METADATA", metadata)));
    }
    for stack in ["Prod/Ops", "Prod-Ops", "ProdOps"] {
        let text = scenario(&format!("{{file: cdk.out, stack: {stack}}}"), "");
        runs(&synthesised(&text, &WEB.replace("METADATA", "")));
    }
}

#[test]
fn a_stack_of_the_cdk_is_for_its_account_and_region() {
    let text = scenario("{file: cdk.out, stack: Data}", "");
    let folder = written(&synthesised(&text, &WEB.replace("METADATA", "")));
    let prepared = matrix::load(folder.path()).unwrap();
    let environment = &prepared.trials[0].environment;
    assert_eq!((&*environment.account, &*environment.region), ("111122223333", "eu-west-1"));
}

/// As `Fn::GetStackOutput`, and by the resources that the CDK has for it.
#[test]
fn outputs_of_stacks_before_are_taken_across_regions() {
    let manifest = r#"{"artifacts": {
      "Data": {"type": "aws:cloudformation:stack", "environment": "aws://111122223333/us-west-2", "properties": {"templateFile": "Data.template.json"}},
      "Web": {"type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-west-1", "properties": {"templateFile": "Web.template.json"}, "dependencies": ["Data"]}}}"#;
    let data = r#"{"Resources": {"Box": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "box"}},
      "ExportsWriter": {"Type": "Custom::CrossRegionExportWriter", "Properties": {"ServiceToken": "x", "WriterProps": {"region": "eu-west-1",
        "exports": {"/cdk/exports/Web/DatauswestFnGetAttBoxArn": {"Fn::GetAtt": ["Box", "Arn"]}}}}}},
      "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Box", "Arn"]}}}}"#;
    let web = r#"{"Resources": {
      "ExportsReader": {"Type": "Custom::CrossRegionExportReader", "Properties": {"ServiceToken": "x", "ReaderProps": {"region": "eu-west-1", "prefix": "Web",
        "imports": {"/cdk/exports/Web/DatauswestFnGetAttBoxArn": "{{resolve:ssm:/cdk/exports/Web/DatauswestFnGetAttBoxArn}}"}}}},
      "P": {"Type": "AWS::IAM::UserPolicy", "Properties": {"UserName": "ann", "PolicyName": "p", "PolicyDocument": {
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": {"Fn::Join": ["", [VALUE, "/*"]]}}]}}}}}"#;
    let text = scenario("{file: cdk.out, stack: Web}", "").replace("deny: [ann]", "allow: [ann]");
    for value in [
        r#"{"Fn::GetStackOutput": {"StackName": "Data", "OutputName": "Arn", "Region": "us-west-2"}}"#,
        r#"{"Fn::GetAtt": ["ExportsReader", "/cdk/exports/Web/DatauswestFnGetAttBoxArn"]}"#,
    ] {
        runs(&[
            ("scenario.yaml", &text),
            ("cdk.out/manifest.json", manifest),
            ("cdk.out/Data.template.json", data),
            ("cdk.out/Web.template.json", &web.replace("VALUE", value)),
        ]);
    }
}

#[test]
fn constructs_paths_are_names() {
    let manifest = r#"{"artifacts": {"Web": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Web.template.json"},
      "metadata": {"/Web/Ann/Resource": [{"type": "aws:cdk:logicalId", "data": "Ann0C"}]}}}}"#;
    let template = r#"{"Resources": {
      "Box1A": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "reports"}, "Metadata": {"aws:cdk:path": "Web/Box/Resource"}},
      "Ann0C": {"Type": "AWS::IAM::User", "Properties": {"Policies": [{"PolicyName": "p", "PolicyDocument": {
        "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": {"Fn::Join": ["", [{"Fn::GetAtt": ["Box1A", "Arn"]}, "/*"]]}}]}}]}}}}"#;
    let text = "title: Constructs
template: {file: cdk.out}
options: {as-deployed: {}}
callers: {ann: {user: Web/Ann}}
requests:
  put: {call: s3:PutObject, bucket: Web/Box, key: k, body: x}
  get: {action: s3:GetObjectVersion, resource: Web/Box/Resource/k}
  other: {action: s3:ListBucket, resource: Web/Box}
expect: {as-deployed: {allow: {ann: [put, get]}, deny: {ann: [other]}}}
";
    runs(&[("scenario.yaml", text), ("cdk.out/manifest.json", manifest), ("cdk.out/Web.template.json", template)]);
}

#[test]
fn what_is_wrong_in_a_construct_names_it() {
    let template = r#"{"Resources": {"A1": {"Type": "AWS::S3::Bucket", "Metadata": {"aws:cdk:path": "Web/Box/Resource"},
      "Properties": {"BucketNam": "x"}}}}"#;
    assert_eq!(
        outcome(&[("scenario.yaml", &scenario("{file: Web.template.json}", "")), ("Web.template.json", template)]),
        [
            "Web.template.json:2:22 UNKNOWN_PROPERTY AWS::S3::Bucket has no property `BucketNam` (in the construct `Web/Box`) (did you mean `BucketName`?)"
        ]
    );
}

#[test]
fn what_is_not_applied_names_its_construct() {
    let template = r#"{"Resources": {"Dist9F": {"Type": "AWS::CloudFront::Distribution", "Metadata": {"aws:cdk:path": "Web/Dist/Resource"}}}}"#;
    let folder =
        written(&[("scenario.yaml", &scenario("{file: Web.template.json}", "")), ("Web.template.json", template)]);
    let results = matrix::predict(&matrix::load(folder.path()).unwrap()).unwrap();
    let [left] = &results.not_applied[..] else { panic!("{:?}", results.not_applied) };
    assert_eq!(left.what, "resource Dist9F (AWS::CloudFront::Distribution)");
    assert!(left.why.ends_with("is not modelled (construct `Web/Dist`)"), "{}", left.why);
}

#[test]
fn a_folder_of_several_stacks_asks_for_one() {
    let web = WEB.replace("METADATA", "");
    let told = |template: &str| outcome(&synthesised(&scenario(template, ""), &web));
    assert_eq!(
        told("{file: cdk.out}"),
        [
            "scenario.yaml:2:18 NO_TEMPLATE there are several stacks: `Data`, `Web`, `Prod/Ops` (name one: `template: {file: cdk.out, stack: Data}`)"
        ]
    );
    assert_eq!(
        told("{file: cdk.out, stack: Wbe}"),
        [
            "scenario.yaml:2:34 NO_TEMPLATE there is no stack `Wbe`; there is `Data`, `Web`, `Prod/Ops` (did you mean `Web`?)"
        ]
    );
    assert_eq!(
        told("{file: cdk.out/Data.template.json, stack: Data}"),
        [
            "scenario.yaml:2:53 NO_TEMPLATE `stack` names a stack of a folder that the CDK has synthesised, and this is a file (the path starts at the scenario's folder)"
        ]
    );
    assert_eq!(
        told("{file: cdk.out/../..}")[0].split_once(" NO_TEMPLATE ").unwrap().1,
        "the folder has no `manifest.json`: it is not one that the CDK has synthesised (name a template, or the folder that `cdk synth` writes)"
    );
}

#[test]
fn one_synthesised_template_is_deployed() {
    let text = scenario("{file: cdk.out/Data.template.json}", "");
    runs(&synthesised(&text, ""));
    // Its nested stacks are found by the assets that are named beside it.
    let given =
        "{file: cdk.out/Web.template.json, imports: {'Data:ExportsOutputFnGetAttBox1A2BArn': 'arn:aws:s3:::box'}}";
    let text = scenario(given, "").replace("deny: [ann]", "allow: [ann]");
    runs(&synthesised(&text, &WEB.replace("METADATA", "")));
}

#[test]
fn errors_in_files_beside_the_template_have_their_places_there() {
    let inner = "Resources: {U: {Type: 'AWS::IAM::User', Properties: {UserNam: x}}}\n";
    let template = "Resources: {N: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: inner.yaml}}}\n";
    assert_eq!(
        outcome(&[
            ("scenario.yaml", &scenario("{file: template.yaml}", "")),
            ("template.yaml", template),
            ("inner.yaml", inner)
        ]),
        ["inner.yaml:1:54 UNKNOWN_PROPERTY AWS::IAM::User has no property `UserNam` (did you mean `UserName`?)"]
    );
}

/// Whatever is wrong with a scenario, what is wrong with its template is told in the same round.
#[test]
fn a_scenarios_own_errors_do_not_hide_the_templates() {
    let template = "Resources: {B: {Type: 'AWS::S3::Bucket', Properties: {BucketNam: x}}}\n";
    let sound = scenario("{file: template.yaml}", "");
    for (old, new, code) in [
        ("title: Deployed", "titel: Deployed", "UNKNOWN_KEY"),
        ("template: {file: template.yaml}", "template: template.yaml", "WRONG_TYPE"),
        ("template: {file: template.yaml}", "template: {file: template.yaml, parameter: {}}", "UNKNOWN_KEY"),
        ("options: {as-deployed: {}}", "options: {}", "EMPTY_AXIS"),
        ("options: {as-deployed: {}}", "options: [as-deployed]", "WRONG_TYPE"),
        ("callers: {ann: {user: ann}}", "callers: {ann: {usr: ann}}", "UNKNOWN_KEY"),
        ("expect: {as-deployed: {deny: [ann]}}", "", "MISSING_KEY"),
        ("expect: {as-deployed: {deny: [ann]}}", "expect: {as-deployed: {deny: [bob]}}", "UNKNOWN_CALLER"),
        ("users: {ann: {}}", "users: {ann: {tgs: {}}}", "UNKNOWN_KEY"),
    ] {
        assert_eq!(sound.matches(old).count(), 1, "{old}");
        let told = outcome(&[("scenario.yaml", &sound.replace(old, new)), ("template.yaml", template)]);
        for wanted in [code, "UNKNOWN_PROPERTY"] {
            assert!(told.iter().any(|line| line.contains(wanted)), "{new}: {wanted} is not in {told:#?}");
        }
    }
}
