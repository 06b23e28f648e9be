//! Each function, with values worked out by hand from its page in the template reference.

use super::*;
use crate::resource::Properties;

const SECTIONS: &str = "  Bucket:
    Type: AWS::S3::Bucket
    Properties: {BucketName: esolang}
Parameters:
  Name: {Type: String, Default: ann}
  Zero: {Type: String, Default: '012345678901'}
  Size: {Type: Number, Default: 3}
  Names: {Type: CommaDelimitedList, Default: 'a, b,c'}
Mappings:
  Regions:
    ap-northeast-1: {Image: ami-1, Zones: [a, c, d]}
    us-east-1: {Image: ami-2}
Conditions:
  Yes: !Equals [!Ref Name, ann]
  No: !Not [!Condition Yes]
";

/// The description of the role, with `value` for it.
fn gives(value: &str, expected: &str) {
    let text = around(value, SECTIONS);
    let stack = stack(&text);
    let Properties::Role(role) = &resource(&stack, "R").properties else { panic!() };
    assert_eq!(role.description.as_ref().map(|text| &*text.value), Some(expected), "{value}");
}

/// What is said of it, with the last text underlined.
fn fails(value: &str, expected: &[&str]) {
    says(&around(value, SECTIONS), expected);
}

#[test]
fn reference() {
    gives("!Ref Name", "ann");
    gives("!Ref Zero", "012345678901");
    gives("!Ref Size", "3");
    gives("!Ref Bucket", "esolang");
    gives("!Ref AWS::AccountId", "123456789012");
    gives("!Ref AWS::Region", "ap-northeast-1");
    gives("!Ref AWS::Partition", "aws");
    gives("!Ref AWS::URLSuffix", "amazonaws.com");
    gives("!Ref AWS::StackName", "web");
    gives("{Ref: Name}", "ann");
    fails("!Ref Nam", &["no parameter or resource is called `Nam` [did you mean `Name`?] at Nam"]);
    fails("!Ref [a]", &["`Ref` must be given the name of a parameter or a resource, and this has 1 items at [a]"]);
    fails("!Ref Names", &["`Description` must be text, and this is a list at !Ref Names"]);
}

#[test]
fn the_stack_has_an_id() {
    let stack_id = inputs().stack_id;
    assert!(stack_id.starts_with("arn:aws:cloudformation:ap-northeast-1:123456789012:stack/web/"), "{stack_id}");
    gives("!Ref AWS::StackId", &stack_id);
}

#[test]
fn get_att() {
    gives("!GetAtt Bucket.Arn", "arn:aws:s3:::esolang");
    gives("!GetAtt [Bucket, Arn]", "arn:aws:s3:::esolang");
    gives("{'Fn::GetAtt': Bucket.Arn}", "arn:aws:s3:::esolang");
    fails("!GetAtt Bukcet.Arn", &["no resource is called `Bukcet` [did you mean `Bucket`?] at Bukcet"]);
    fails("!GetAtt Bucket.Ar", &["AWS::S3::Bucket has no attribute `Ar` [did you mean `Arn`?] at Ar"]);
    gives("!GetAtt [Bucket, !Sub 'A${Letters}']".replace("${Letters}", "rn").as_str(), "arn:aws:s3:::esolang");
    fails("!GetAtt [Bucket, !Ref Zero]", &["AWS::S3::Bucket has no attribute `012345678901` at !Ref Zero"]);
    fails("!GetAtt [Bukcet, !Ref Name]", &["no resource is called `Bukcet` [did you mean `Bucket`?] at Bukcet"]);
    fails("!GetAtt Name.Arn", &["no resource is called `Name` at Name"]);
    fails(
        "!GetAtt Bucket",
        &["`Fn::GetAtt` must be given `[resource, attribute]` or `resource.attribute`, and this is text at Bucket"],
    );
}

#[test]
fn sub() {
    gives("!Sub 'x-${Name}-${AWS::Region}'", "x-ann-ap-northeast-1");
    gives("!Sub '${Bucket.Arn}/${!Name}/*'", "arn:aws:s3:::esolang/${Name}/*");
    gives("!Sub '${!aws:PrincipalTag/Status}'", "${aws:PrincipalTag/Status}");
    gives("!Sub ['${Domain}.${Name}', {Domain: !Join [., [a, b]]}]", "a.b.ann");
    gives("!Sub ['${Name}', {Name: bob}]", "bob");
    gives("!Sub '$5 and {x} and ${'", "$5 and {x} and ${");
    gives("!Sub '${Size}'", "3");
    fails("!Sub '${Nam}'", &["no parameter or resource is called `Nam` [did you mean `Name`?] at '${Nam}'"]);
    fails(
        "!Sub '${aws:username}'",
        &[
            "`${aws:username}` is nothing that `Fn::Sub` can replace [write `${!aws:username}` to keep `${aws:username}` for IAM] at '${aws:username}'",
        ],
    );
    fails(
        "!Sub '${aws:PrincipalTag/Status}'",
        &[
            "`${aws:PrincipalTag/Status}` is nothing that `Fn::Sub` can replace [write `${!aws:PrincipalTag/Status}` to keep `${aws:PrincipalTag/Status}` for IAM] at '${aws:PrincipalTag/Status}'",
        ],
    );
    fails(
        "!Sub '${Names}'",
        &[
            "`${Names}` must be text, and it is a list [make it text with `Fn::Join` in the variables of `Fn::Sub`] at '${Names}'",
        ],
    );
    fails("!Sub '${ Name }'", &["blanks stand in `${ Name }` [write `${Name}`] at '${ Name }'"]);
    fails("!Sub [a]", &["`Fn::Sub` must be given text, or `[text, {Name: value}]`, and this has 1 items at [a]"]);
    fails("!Sub [a, b]", &["the variables of `Fn::Sub` must be a mapping, and this is text at b"]);
}

#[test]
fn text_with_a_name_and_no_sub_is_suspicious() {
    fails(
        "'arn:aws:iam::${AWS::AccountId}:root'",
        &[
            "warning: `${AWS::AccountId}` is not replaced: the text is not in `Fn::Sub` [write `!Sub` before the text] at 'arn:aws:iam::${AWS::AccountId}:root'",
        ],
    );
    gives("'${aws:username}'", "${aws:username}");
}

#[test]
fn join_split_select() {
    gives("!Join [':', [a, b, c]]", "a:b:c");
    gives("!Join ['', [arn, !Ref Name, 12, true]]", "arnann12true");
    gives("!Join ['-', !Ref Names]", "a-b-c");
    gives("!Join [',', [a, !Ref AWS::NoValue, b]]", "a,b");
    gives("!Join [',', []]", "");
    gives("!Select [1, [apples, grapes, oranges]]", "grapes");
    gives("!Select ['0', !Ref Names]", "a");
    gives("!Select [2, !Split ['|', 'a|b|c']]", "c");
    gives("!Join ['+', !Split ['|', 'a||c|']]", "a++c+");
    gives("!Select [!Ref Size, [a, b, c, d]]", "d");
    fails("!Select [4, [a]]", &["`Fn::Select` asks for item 4, and the list has 1, counted from 0 at 4"]);
    fails("!Select [x, [a]]", &["the index of `Fn::Select` must be a whole number, and this is `x` at x"]);
    fails("!Select [0, a]", &["the second argument of `Fn::Select` must be a list, and this is text at a"]);
    fails("!Join [a]", &["`Fn::Join` must be given `[delimiter, [values]]`, and this has 1 items at [a]"]);
    fails("!Join a", &["`Fn::Join` must be given `[delimiter, [values]]`, and this is text at a"]);
    fails("!Join [',', [{a: b}]]", &["what `Fn::Join` joins must be text, and this is a mapping at {a: b}"]);
    fails("!Select [0, !Split ['', abc]]", &["the delimiter of `Fn::Split` is empty at ''"]);
}

#[test]
fn choose() {
    gives("!If [Yes, a, b]", "a");
    gives("!If [No, a, b]", "b");
    gives("!If [Yes, !If [No, a, !Ref Name], b]", "ann");
    fails("!If [Ye, a, b]", &["no condition is called `Ye` [did you mean `Yes`?] at Ye"]);
    fails("!If [Yes, a]", &["`Fn::If` must be given `[condition, then, else]`, and this has 2 items at [Yes, a]"]);
    fails("!If [Yes, a, !Ref Nam]", &["no parameter or resource is called `Nam` [did you mean `Name`?] at Nam"]);
}

#[test]
fn no_value_takes_away_what_it_stands_in() {
    let text = around(
        "!If [No, a, !Ref AWS::NoValue]",
        &format!("      ManagedPolicyArns: [a, !If [No, b, !Ref AWS::NoValue], c]\n{SECTIONS}"),
    );
    let stack = stack(&text);
    let Properties::Role(role) = &resource(&stack, "R").properties else { panic!() };
    assert_eq!(role.description, None);
    assert_eq!(role.managed_policy_arns.iter().map(|arn| &*arn.value).collect::<Vec<_>>(), ["a", "c"]);
}

#[test]
fn find_in_map() {
    gives("!FindInMap [Regions, !Ref AWS::Region, Image]", "ami-1");
    gives("!Join ['', !FindInMap [Regions, ap-northeast-1, Zones]]", "acd");
    fails(
        "!FindInMap [Region, us-east-1, Image]",
        &["there is no mapping `Region` [did you mean `Regions`?] at Region"],
    );
    fails(
        "!FindInMap [Regions, us-east-2, Image]",
        &["there is no top-level key `us-east-2` [did you mean `us-east-1`?] at us-east-2"],
    );
    fails(
        "!FindInMap [Regions, us-east-1, Imgae]",
        &["there is no second-level key `Imgae` [did you mean `Image`?] at Imgae"],
    );
    // "The DefaultValue parameter for Fn::FindInMap no longer requires the AWS::LanguageExtensions transform."
    // docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap-enhancements.html
    gives("!FindInMap [Regions, x, Image, {DefaultValue: d}]", "d");
    gives("!FindInMap [Regions, us-east-1, Image, {DefaultValue: d}]", "ami-2");
}

#[test]
fn language_extensions() {
    let extended = |value: &str, expected: &str| {
        let text = around(value, &format!("{SECTIONS}Transform: AWS::LanguageExtensions\n"));
        let stack = stack(&text);
        let Properties::Role(role) = &resource(&stack, "R").properties else { panic!() };
        assert_eq!(role.description.as_ref().map(|text| &*text.value), Some(expected), "{value}");
        assert_eq!(stack.not_applied, []);
    };
    extended("!FindInMap [Regions, x, Image, {DefaultValue: !Ref Name}]", "ann");
    extended("!FindInMap [Regions, us-east-1, Image, {DefaultValue: d}]", "ami-2");
    extended("!Length [a, b, c]", "3");
    extended("!Length {Ref: Names}", "3");
    extended("!ToJsonString {b: [1, true, '02'], a: !Ref Name}", r#"{"b":[1,true,"02"],"a":"ann"}"#);
    fails(
        "!Length [a]",
        &[
            "`Fn::Length` needs the transform `AWS::LanguageExtensions` [add `Transform: AWS::LanguageExtensions` to the template] at !Length [a]",
        ],
    );
}

#[test]
fn base64() {
    gives("!Base64 AWS CloudFormation", "QVdTIENsb3VkRm9ybWF0aW9u");
    gives("{'Fn::Base64': !Sub 'Hello, ${Name}'}", "SGVsbG8sIGFubg==");
    fails("!Base64 [a]", &["what `Fn::Base64` encodes must be text, and this is a list at [a]"]);
}

#[test]
fn cidr() {
    gives("!Select [5, !Cidr [192.168.0.0/24, 6, 5]]", "192.168.0.160/27");
    gives("!Select [1, !Cidr ['2001:db8::/56', '2', '64']]", "2001:db8:0:1::/64");
    fails("!Select [0, !Cidr [10.0.0.0, 1, 8]]", &["`10.0.0.0` is not a block such as `10.0.0.0/16` at 10.0.0.0"]);
}

#[test]
fn availability_zones_are_made_up_and_said_to_be() {
    gives("!Select [0, !GetAZs '']", "ap-northeast-1a");
    let stack = stack(&around("!Select [2, !GetAZs us-east-1]", ""));
    assert!(stack.made_up.iter().all(|zone| zone.what == "the zones of us-east-1"), "{:?}", stack.made_up);
    let Properties::Role(role) = &resource(&stack, "R").properties else { panic!() };
    assert_eq!(role.description.as_ref().unwrap().value, "us-east-1c");
}

#[test]
fn import_value() {
    let text = around("!ImportValue {'Fn::Sub': '${AWS::StackName}-role'}", "");
    let (stack, findings) = stack_with(&text, &inputs().import("web-role", "imported"));
    assert_eq!(findings, []);
    let Properties::Role(role) = &resource(&stack, "R").properties else { panic!() };
    assert_eq!(role.description.as_ref().unwrap().value, "imported");
    says_with(
        &around("!ImportValue web-rol", ""),
        &inputs().import("web-role", "imported"),
        &["no stack exports `web-rol` here [did you mean `web-role`?] at !ImportValue web-rol"],
    );
    fails("!ImportValue x", &["no stack exports `x` here [give its value: `imports: {x: …}`] at !ImportValue x"]);
}

#[test]
fn what_is_no_function_is_said() {
    fails("{'Fn::Jion': [a]}", &["unknown function `Fn::Jion` [did you mean `Fn::Join`?] at 'Fn::Jion'"]);
    fails(
        "{'Fn::Join': ['', [a]], b: c}",
        &["`Fn::Join` stands among other keys, and a function must stand alone at 'Fn::Join'"],
    );
    fails(
        "{'Fn::Transform': {Name: Mine}}",
        &["the transform `Mine` is not applied [write what it stands for] at {'Fn::Transform': {Name: Mine}}"],
    );
    fails("", &["nothing stands where a value must [write a value, or take the key away] at "]);
}

#[test]
fn functions_lie_in_each_other() {
    gives("!Sub ['${A}', {A: !Select [0, !Split ['-', !If [Yes, !Sub '${Name}-x', b]]]}]", "ann");
}

#[test]
fn the_result_stands_where_the_function_was_written() {
    let text = around("!Sub '${Name}!'", SECTIONS);
    let stack = stack(&text);
    let Properties::Role(role) = &resource(&stack, "R").properties else { panic!() };
    assert_eq!(underlined(&text, role.description.as_ref().unwrap().span), "!Sub '${Name}!'");
}

/// "CloudFormation retrieves the value of the specified reference when necessary": here nobody knows it, and it is no text of its own.
/// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
#[test]
fn what_is_looked_up_elsewhere_is_made_up_and_told() {
    let text = "\
Parameters: {Stage: {Type: String, Default: prod}}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: jobs
      Tags:
        - {Key: Team, Value: '{{resolve:ssm:/app/team}}'}
        - {Key: Same, Value: !Sub '{{resolve:ssm:/app/team}}'}
        - {Key: Stage, Value: !Sub 'a-{{resolve:ssm:/${Stage}/team:1}}-z'}
        - {Key: Open, Value: '{{resolve:ssm:/app'}
";
    let stack = stack(text);
    let Properties::Guarded(queue) = &stack.resources[0].properties else { panic!("{stack:?}") };
    let [team, same, stage, open] = &queue.tags[..] else { panic!("{:?}", queue.tags) };
    assert!(!team.value.value.contains("resolve") && team.value.value == same.value.value, "{team:?} {same:?}");
    assert!(stage.value.value.starts_with("a-made-up-") && stage.value.value.ends_with("-z"), "{stage:?}");
    assert!(!stage.value.value.contains(&team.value.value), "{stage:?}");
    assert_eq!(open.value.value, "{{resolve:ssm:/app");
    let told: Vec<_> = stack.made_up.iter().map(|one| one.what.as_str()).collect();
    assert_eq!(told, ["{{resolve:ssm:/app/team}}", "{{resolve:ssm:/prod/team:1}}"]);
}
