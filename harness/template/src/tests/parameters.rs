use super::*;
use crate::resource::Properties;

fn with(declaration: &str) -> String {
    around("!Ref P", &format!("Parameters:\n  P: {declaration}\n"))
}

/// The value of the parameter `P`, given nothing or a text.
fn gives(declaration: &str, given: Option<&str>, expected: &str) {
    let inputs = given.map_or_else(inputs, |given| inputs().parameter("P", given));
    let (stack, findings) = stack_with(&with(declaration), &inputs);
    assert_eq!(findings, [], "{declaration}");
    let Properties::Role(role) = &resource(&stack, "R").properties else { panic!() };
    assert_eq!(role.description.as_ref().map(|text| &*text.value), Some(expected), "{declaration} {given:?}");
}

/// What is said with the parameter `P` given; the finding stands outside the template then.
fn refuses(declaration: &str, given: &str, expected: &str) {
    let (_, findings) = stack_with(&with(declaration), &inputs().parameter("P", given));
    let found: Vec<_> = findings.iter().map(|finding| (&*finding.message, finding.help.as_deref())).collect();
    assert_eq!(found.iter().map(|(message, _)| *message).collect::<Vec<_>>(), [expected], "{declaration} {given}");
}

#[test]
fn a_given_value_comes_before_the_default() {
    gives("{Type: String, Default: d}", None, "d");
    gives("{Type: String, Default: d}", Some("g"), "g");
    gives("{Type: String, Default: ''}", None, "");
    gives("{Type: String, Default: 2010-09-09}", None, "2010-09-09");
    gives("{Type: String, Default: 012345678901}", None, "012345678901");
    gives("{Type: String, Default: yes}", None, "yes");
    gives("{Type: Number, Default: 1.50}", None, "1.50");
    gives("{Type: 'AWS::EC2::VPC::Id'}", Some("vpc-1"), "vpc-1");
    gives("{Type: 'AWS::SSM::Parameter::Value<String>', Default: /a/b}", Some("the value"), "the value");
}

/// "You can see IPList becomes [\"\"]": github.com/aws-cloudformation/cfn-language-discussion/issues/102
#[test]
fn an_empty_text_is_a_list_of_one_empty_text() {
    let parameters = "Parameters:\n  P: {Type: CommaDelimitedList, Default: ''}\n";
    let (stack, findings) =
        stack_with(&around("!Sub ['<${First}>', {First: !Select [0, !Ref P]}]", parameters), &inputs());
    assert_eq!(findings, []);
    let Properties::Role(role) = &resource(&stack, "R").properties else { panic!() };
    assert_eq!(role.description.as_ref().unwrap().value, "<>");
}

#[test]
fn lists_are_cut_at_commas() {
    for (kind, given, expected) in [
        ("CommaDelimitedList", "a, b ,c", "a|b|c"),
        ("List<Number>", "1,2.5, -3", "1|2.5|-3"),
        ("List<AWS::EC2::Subnet::Id>", "s-1,s-2", "s-1|s-2"),
        ("CommaDelimitedList", "", ""),
    ] {
        let text = around("!Join ['|', !Ref P]", &format!("Parameters:\n  P: {{Type: '{kind}'}}\n"));
        let (stack, findings) = stack_with(&text, &inputs().parameter("P", given));
        assert_eq!(findings, []);
        let Properties::Role(role) = &resource(&stack, "R").properties else { panic!() };
        assert_eq!(role.description.as_ref().unwrap().value, expected, "{kind}");
    }
}

#[test]
fn a_value_outside_what_is_allowed_is_refused() {
    refuses("{Type: Number}", "x", "the value of parameter `P` is `x`, which is not a number");
    refuses("{Type: Number}", "inf", "the value of parameter `P` is `inf`, which is not a number");
    refuses(
        "{Type: Number, MinValue: 1, MaxValue: 5}",
        "6",
        "the value of parameter `P` is `6`, which is not from 1 to 5",
    );
    refuses("{Type: String, MinLength: 2}", "ä", "the value of parameter `P` is `ä`, whose length is not 2 or more");
    refuses("{Type: String, MaxLength: 1}", "ab", "the value of parameter `P` is `ab`, whose length is not 1 or less");
    refuses(
        "{Type: String, AllowedValues: [dev, prod]}",
        "prd",
        "the value of parameter `P` is `prd`, which is none of the allowed values `dev`, `prod`",
    );
    refuses(
        "{Type: String, AllowedPattern: '[a-z]+'}",
        "ab1",
        "the value of parameter `P` is `ab1`, which does not match the allowed pattern `[a-z]+`",
    );
    refuses(
        "{Type: CommaDelimitedList, AllowedPattern: 'a|b'}",
        "a,c",
        "the value of parameter `P` is `c`, which does not match the allowed pattern `a|b`",
    );
    refuses("{Type: List<Number>}", "1,b", "the value of parameter `P` is `b`, which is not a number");
}

#[test]
fn the_mend_is_the_nearest_value_or_what_the_template_says() {
    let help = |declaration: &str, given: &str| {
        let (_, findings) = stack_with(&with(declaration), &inputs().parameter("P", given));
        findings.into_iter().next().and_then(|finding| finding.help)
    };
    assert_eq!(help("{Type: String, AllowedValues: [dev, prod]}", "prd").as_deref(), Some("did you mean `prod`?"));
    let described = "{Type: String, AllowedPattern: a, ConstraintDescription: only a}";
    assert_eq!(help(described, "b").as_deref(), Some("only a"));
}

#[test]
fn a_bad_declaration_is_said_in_its_place() {
    for (declaration, expected) in [
        ("{Type: Strng}", "unknown parameter type `Strng` [did you mean `String`?] at Strng"),
        ("{Type: 'List<String'}", "unknown parameter type `List<String` at 'List<String'"),
        ("{Default: a}", "parameter `P` has no `Type` [add `Type: String`] at P"),
        ("a", "parameter `P` must be a mapping with a `Type`, and this is text at a"),
        (
            "{Type: String, Default: a, Defalt: b}",
            "parameter `P` has an unknown part `Defalt` [did you mean `Default`?] at Defalt",
        ),
        ("{Type: Number, Default: x}", "the default of parameter `P` is `x`, which is not a number at x"),
        ("{Type: String, Default: [a]}", "the default of parameter `P` must be text, and this is a list at [a]"),
        ("{Type: String, Default: a, AllowedValues: a}", "`AllowedValues` must be a list, and this is text at a"),
        ("{Type: String, Default: a, MinLength: x}", "`MinLength` must be a number, and this is text at x"),
        (
            "{Type: String}",
            "parameter `P` has no default, and no value was given [give it a value: `parameters: {P: …}`] at P",
        ),
    ] {
        says(&with(declaration), &[expected]);
    }
    let (_, findings) = stack_with(&with("{Type: String, Default: a, AllowedPattern: '('}"), &inputs());
    assert!(
        findings[0].message.starts_with("this `AllowedPattern` is not checked: ") && !findings[0].is_error(),
        "{findings:?}"
    );
}

#[test]
fn a_value_kept_in_systems_manager_is_made_up_and_decides_no_condition() {
    let kept = "{Type: 'AWS::SSM::Parameter::Value<String>', Default: /a/b}";
    let (stack, findings) = stack_with(&with(kept), &inputs());
    assert_eq!(findings, []);
    let told: Vec<_> = stack.made_up.iter().map(|one| (&*one.what, &*one.value)).collect();
    assert_eq!(told, [("P", "value-of-a-b")]);
    let image = "{Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: /a/b}";
    gives(image, None, "ami-0abcdef1234567890");
    // One that nothing asks for, as the CDK's BootstrapVersion, is nothing to tell.
    let (stack, findings) = stack_with(&around("x", &format!("Parameters: {{P: {kept}}}\n")), &inputs());
    assert_eq!((findings, stack.made_up), (Vec::new(), Vec::new()));
    says(
        &around("x", &format!("Parameters: {{P: {kept}}}\nConditions: {{C: !Equals [!Ref P, a]}}\n")),
        &["the value kept in Systems Manager under `/a/b` is not known here [give `P` the value itself] at /a/b"],
    );
}

#[test]
fn a_parameter_the_template_does_not_have_is_said() {
    let (_, findings) =
        stack_with(&around("x", "Parameters: {Stage: {Type: String, Default: a}}\n"), &inputs().parameter("Stge", "b"));
    let found: Vec<_> = findings.iter().map(|finding| (&*finding.message, finding.help.as_deref())).collect();
    assert_eq!(found, [("the template has no parameter `Stge`", Some("did you mean `Stage`?"))]);
}
