//! AWS::Serverless: what the transform makes of identities, policies, permissions, tags and names.
//!
//! Expectations are those of docs.aws.amazon.com/serverless-application-model/latest/developerguide/, by the pages named; AWS's
//! translator is asked in `tests/sam/`.

use super::*;
use crate::attached::{principals, resources};
use crate::sam::transform;

const HEAD: &str = "Transform: AWS::Serverless-2016-10-31\n";

/// What the transform makes of resources, and what it says.
fn transformed(text: &str) -> (source::Node, Vec<Finding>) {
    let (node, findings) = source::yaml::read(FileId(0), text);
    assert_eq!(findings, [], "{text}");
    transform(&node.expect("a tree"), &inputs())
}

/// The stack of a template about which there is nothing to say.
fn serverless(text: &str) -> Stack {
    let text = format!("{HEAD}{text}");
    let (tree, mut findings) = transformed(&text);
    let (template, more) = crate::read(&tree);
    findings.extend(more);
    let (stack, more) = resolve(&template.expect("a template"), &inputs());
    findings.extend(more);
    assert_eq!(said(&text, &findings), Vec::<String>::new(), "{text}");
    stack
}

fn serverless_says(text: &str, expected: &[&str]) {
    let text = format!("{HEAD}{text}");
    let (_, findings) = transformed(&text);
    assert_eq!(said(&text, &findings), expected, "{text}");
}

/// Each principal as `logical id: managed policies; inline policies [tags]`.
fn told(stack: &Stack) -> Vec<String> {
    let one = |found: &crate::attached::Principal<'_>| {
        let managed: Vec<_> = found.managed_policy_arns.iter().filter_map(|arn| arn.value.rsplit('/').next()).collect();
        let inline: Vec<_> = found
            .policies
            .iter()
            .map(|policy| {
                let actions = crate::json(policy.document)["Statement"][0]["Action"].to_string();
                format!("{} {actions}", policy.name)
            })
            .collect();
        let tags: Vec<_> = found.tags.iter().map(|tag| format!("{}={}", tag.key.value, tag.value.value)).collect();
        format!("{}: {}; {} [{}]", found.resource.logical_id, managed.join(","), inline.join(","), tags.join(","))
    };
    principals(stack).iter().map(one).collect()
}

/// The statements of the policy of the resource with an ARN that ends so.
fn statements(stack: &Stack, end: &str) -> Vec<String> {
    let (all, findings) = resources(stack);
    assert_eq!(findings, []);
    let found = all.iter().find(|one| one.arn.ends_with(end)).unwrap_or_else(|| panic!("{end}"));
    let policy = found.policy.as_deref().map(crate::json).unwrap_or_default();
    let none = Vec::new();
    let each = policy["Statement"].as_array().unwrap_or(&none).iter();
    each.map(|one| format!("{} {} {}", one["Principal"], one["Action"], one["Condition"])).collect()
}

/// sam-resource-function.html: "If a role isn't specified, one is created for you with a logical ID of FunctionRole."
/// The policy templates are those of serverless-policy-template-list.html.
#[test]
fn a_function_has_the_role_that_its_policies_say() {
    let stack = serverless(
        "Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: x
      Handler: index.handler
      Runtime: nodejs24.x
      Tracing: Active
      VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}
      Tags: {team: red}
      Policies:
        - AmazonS3ReadOnlyAccess
        - arn:aws:iam::123456789012:policy/own
        - SQSPollerPolicy: {QueueName: q}
        - {Version: '2012-10-17', Statement: [{Effect: Allow, Action: s3:GetObject, Resource: '*'}]}
",
    );
    let queue = r#"["sqs:ChangeMessageVisibility","sqs:ChangeMessageVisibilityBatch","sqs:DeleteMessage","sqs:DeleteMessageBatch","sqs:GetQueueAttributes","sqs:ReceiveMessage"]"#;
    assert_eq!(
        told(&stack),
        [format!(
            "FRole: AWSLambdaBasicExecutionRole,AWSXrayWriteOnlyAccess,AWSLambdaVPCAccessExecutionRole,\
             AmazonS3ReadOnlyAccess,own; FRolePolicy2 {queue},FRolePolicy3 \"s3:GetObject\" \
             [lambda:createdBy=SAM,team=red]"
        )]
    );
    let (_, policy) = (&stack, &principals(&stack)[0].policies[0]);
    assert_eq!(crate::json(policy.document)["Statement"][0]["Resource"], "arn:aws:sqs:ap-northeast-1:123456789012:q");
}

/// What SAM does not know beside the type of its resources, it drops; CloudFormation refuses it beside others'.
#[test]
fn what_sam_drops_is_no_error() {
    let stack = serverless(
        "Resources:
  F: {Type: AWS::Serverless::Function, Description: x, OpenApiVersion: 3.0.1, Properties: {InlineCode: x}}
",
    );
    assert_eq!(told(&stack), ["FRole: AWSLambdaBasicExecutionRole;  [lambda:createdBy=SAM]"]);
}

/// sam-specification-template-anatomy-globals.html: "Maps are merged", "Lists are additive", and what is the resource's own
/// stands for what is not.
#[test]
fn globals_are_taken_by_their_types() {
    let stack = serverless(
        "Globals:
  Function:
    Runtime: nodejs24.x
    Tags: {team: red, stage: test}
    PermissionsBoundary: arn:aws:iam::123456789012:policy/edge
Resources:
  F: {Type: AWS::Serverless::Function, Properties: {InlineCode: x, Handler: h, Tags: {team: blue}}}
  R: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}
",
    );
    assert_eq!(
        told(&stack),
        [
            "FRole: AWSLambdaBasicExecutionRole;  [lambda:createdBy=SAM,team=blue,stage=test]".to_owned(),
            "R: ;  []".to_owned()
        ]
    );
    let [role, _] = &principals(&stack)[..] else { panic!("two roles") };
    assert!(matches!(&role.boundary, Some(crate::attached::Boundary::Elsewhere(arn)) if arn.value.ends_with("/edge")));
}

#[test]
fn what_globals_cannot_have_is_said() {
    serverless_says(
        "Globals: {Function: {Policies: [x], Runtim: y}, Funktion: {}}\nResources: {}\n",
        &[
            "`Globals.Function` cannot have `Policies` [write it into each resource] at Policies",
            "`Globals.Function` cannot have `Runtim` [did you mean `Runtime`?] at Runtim",
            "`Globals` has no section `Funktion` [did you mean `Function`?] at Funktion",
        ],
    );
}

/// The role is the template's own, and what is meant for another does nothing.
#[test]
fn a_role_that_is_given_stands_for_all_that_one_would_be_made_with() {
    serverless_says(
        "Resources:
  F: {Type: AWS::Serverless::Function, Properties: {InlineCode: x, Handler: h, Role: 'arn:aws:iam::123456789012:role/r', Policies: AmazonS3ReadOnlyAccess}}
",
        &["warning: `Policies` has no effect: `Role` is given, and SAM makes no role [put it on that role, or remove \
           `Role`] at Policies"],
    );
}

#[test]
fn policies_that_sam_does_not_take_are_said() {
    serverless_says(
        "Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - DynamoDBCrudPolicie: {TableName: t}
        - DynamoDBCrudPolicy: {}
        - [x]
        - {Fn::If: [C, AmazonS3ReadOnlyAccess, {Statement: []}]}
",
        &[
            "SAM has no policy template `DynamoDBCrudPolicie` [did you mean `DynamoDBCrudPolicy`?] at \
             DynamoDBCrudPolicie",
            "the policy template `DynamoDBCrudPolicy` needs `TableName` at DynamoDBCrudPolicy",
            "an entry of `Policies` cannot be a list [write the name or ARN of a managed policy, a policy document, or \
             a policy template] at [x]",
            "both branches of `Fn::If` in `Policies` must be of one kind [write one `Fn::If` for each kind, with \
             `!Ref AWS::NoValue` in the other branch] at {Fn::If: [C, AmazonS3ReadOnlyAccess, {Statement: []}]}",
        ],
    );
}

/// sam-specification-generated-resources-function.html: `MyFunctionAliaslive`, `MyFunction.Alias`; events are then those of
/// the alias.
#[test]
fn an_alias_is_what_events_start() {
    let stack = serverless(
        "Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: f
      InlineCode: x
      Handler: h
      Runtime: r
      AutoPublishAlias: live
      Events:
        Cron: {Type: Schedule, Properties: {Schedule: rate(1 hour)}}
Outputs:
  Alias: {Value: !Ref F.Alias}
  Version: {Value: !Sub '${F.Version.Version}'}
",
    );
    let outputs: Vec<_> = stack.outputs.iter().map(|output| &*output.value).collect();
    assert_eq!(outputs, ["arn:aws:lambda:ap-northeast-1:123456789012:function:f:live", "1"]);
    let allowed = statements(&stack, "function:f:live");
    assert_eq!(allowed.len(), 1);
    assert!(allowed[0].starts_with(r#"{"Service":"events.amazonaws.com"} "lambda:InvokeFunction""#), "{allowed:?}");
}

/// urls-auth.html: without authorisation everybody may call a function's URL.
#[test]
fn a_url_without_authorisation_is_for_everybody() {
    let stack = serverless(
        "Resources:
  F: {Type: AWS::Serverless::Function, Properties: {FunctionName: f, InlineCode: x, FunctionUrlConfig: {AuthType: NONE}}}
",
    );
    assert_eq!(
        statements(&stack, "function:f"),
        [
            r#""*" "lambda:InvokeFunctionUrl" {"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}}"#,
            r#""*" "lambda:InvokeFunction" {"Bool":{"lambda:InvokedViaFunctionUrl":"true"}}"#,
        ]
    );
}

/// sam-specification-generated-resources-api.html: `ServerlessRestApi`, `ServerlessRestApiProdStage`; an API and a function
/// that name each other are no circle.
#[test]
fn apis_that_events_need_are_there_and_go_round_in_no_circle() {
    let stack = serverless(
        "Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      DefinitionBody: {paths: {/: {get: {x-amazon-apigateway-integration: {uri: !Sub 'x/${F.Arn}/invocations'}}}}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: f
      InlineCode: x
      Events:
        Own: {Type: Api, Properties: {Path: '/{id}', Method: get, RestApiId: !Ref Api}}
        Shared: {Type: Api, Properties: {Path: /x, Method: any}}
Outputs:
  Url: {Value: !Sub '${ServerlessRestApi}/${ServerlessRestApi.Stage}/${ServerlessRestApiProdStage}'}
  Role: {Value: !GetAtt FRole.Arn}
",
    );
    let allowed = statements(&stack, "function:f");
    let ends = |end: &str| allowed.iter().any(|one| one.contains("execute-api") && one.contains(end));
    assert!(ends("/*/GET/*\"") && ends("/*/*/x\""), "{allowed:#?}");
}

/// sam-property-api-resourcepolicystatement.html
#[test]
fn the_resource_policy_of_an_api_stands_in_its_definition() {
    let (tree, findings) = transformed(&format!(
        "{HEAD}Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties: {{StageName: prod, Auth: {{ResourcePolicy: {{IpRangeWhitelist: [10.0.0.0/8]}}}}}}
  F:
    Type: AWS::Serverless::Function
    Properties: {{InlineCode: x, Events: {{E: {{Type: Api, Properties: {{Path: /a, Method: get, RestApiId: !Ref Api}}}}}}}}
"
    ));
    assert_eq!(findings, []);
    let api = crate::json(tree.get("Resources").and_then(|all| all.get("Api")).expect("an API"));
    let statements = &api["Properties"]["Body"]["x-amazon-apigateway-policy"]["Statement"];
    let told: Vec<_> = statements
        .as_array()
        .expect("statements")
        .iter()
        .map(|one| format!("{} {} {}", one["Effect"], one["Resource"][0]["Fn::Sub"][0], one["Condition"]))
        .collect();
    assert_eq!(
        told,
        [
            r#""Allow" "execute-api:/${__Stage__}/GET/a" null"#,
            r#""Deny" "execute-api:/${__Stage__}/GET/a" {"NotIpAddress":{"aws:SourceIp":["10.0.0.0/8"]}}"#,
        ]
    );
}

/// reference-sam-connector.html; connector-usage-define.html: in its source a connector has the source's name before its own.
#[test]
fn connectors_of_both_forms_are_policies() {
    let stack = serverless(
        "Resources:
  F:
    Type: AWS::Serverless::Function
    Connectors: {Writes: {Properties: {Destination: {Id: T}, Permissions: [Write]}}}
    Properties: {InlineCode: x}
  T: {Type: AWS::Serverless::SimpleTable, Properties: {TableName: t}}
  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}
  B: {Type: AWS::S3::Bucket, DependsOn: Sends}
  Sends: {Type: AWS::Serverless::Connector, Properties: {Source: {Id: N}, Destination: {Id: Q}, Permissions: [Write]}}
  N: {Type: AWS::SNS::Topic, Properties: {TopicName: n}}
",
    );
    let policies = principals(&stack)[0].policies.iter().map(|policy| crate::json(policy.document)).collect::<Vec<_>>();
    assert_eq!(policies[0]["Statement"][0]["Action"][0], "dynamodb:PutItem");
    let table = "arn:aws:dynamodb:ap-northeast-1:123456789012:table/t";
    assert_eq!(policies[0]["Statement"][0]["Resource"], serde_json::json!([table, format!("{table}/index/*")]));
    assert_eq!(resource(&stack, "FWritesPolicy").resource_type, "AWS::IAM::ManagedPolicy");
    assert_eq!(resource(&stack, "B").depends_on, ["SendsQueuePolicy"]);
    let topic = "arn:aws:sns:ap-northeast-1:123456789012:n";
    assert_eq!(
        statements(&stack, ":q"),
        [format!(
            r#"{{"Service":"sns.amazonaws.com"}} "sqs:SendMessage" {{"ArnEquals":{{"aws:SourceArn":"{topic}"}}}}"#
        )]
    );
}

#[test]
fn connectors_that_sam_does_not_make_are_said() {
    serverless_says(
        "Resources:
  T: {Type: AWS::Serverless::SimpleTable}
  Q: {Type: AWS::SQS::Queue}
  F: {Type: AWS::Serverless::Function, Properties: {InlineCode: x}}
  A: {Type: AWS::Serverless::Connector, Properties: {Source: {Id: T}, Destination: {Id: Q}, Permissions: [Write]}}
  B: {Type: AWS::Serverless::Connector, Properties: {Source: {Id: Grape}, Destination: {Id: Q}, Permissions: [Write]}}
  C: {Type: AWS::Serverless::Connector, Properties: {Source: {Id: F}, Destination: {Id: Q}, Permissions: [Red]}}
",
        &[
            "SAM connects no `AWS::DynamoDB::Table` to a `AWS::SQS::Queue` [write the policy yourself] at A",
            "no resource is called `Grape` at Grape",
            "`Permissions` of this connector can have `Read`, `Write` at Red",
        ],
    );
}

/// sam-resource-statemachine.html: "If you don't provide a role, AWS SAM creates one"; what starts it has one as well.
#[test]
fn a_state_machine_and_what_starts_it_have_roles() {
    let stack = serverless(
        "Resources:
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: s3://b/k
      Tags: {team: red}
      Policies: [LambdaInvokePolicy: {FunctionName: f}]
      Events: {Cron: {Type: Schedule, Properties: {Schedule: rate(1 day)}}}
",
    );
    assert_eq!(
        told(&stack),
        [
            r#"MRole: ; MRolePolicy0 ["lambda:InvokeFunction"] [stateMachine:createdBy=SAM,team=red]"#,
            r#"MCronRole: ; MCronRoleStartExecutionPolicy "states:StartExecution" []"#,
        ]
    );
}

/// What is made points to what it is made from.
#[test]
fn findings_of_what_is_made_stand_in_the_template() {
    let text = format!(
        "{HEAD}Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: x
      RolePath: !Ref Nowhere
      Policies: [{{Version: '2012-10-17', Statement: [{{Effect: Allow, Action: s3:GetObject, Resource: !Sub '${{Box.Arn}}'}}]}}]
      Events: {{E: {{Type: Fax}}}}
"
    );
    let (tree, mut findings) = transformed(&text);
    let (template, more) = crate::read(&tree);
    findings.extend(more);
    findings.extend(resolve(&template.expect("a template"), &inputs()).1);
    assert_eq!(
        said(&text, &findings),
        [
            "`Fax` is no type of event that starts this at Fax",
            "no parameter or resource is called `Nowhere` at Nowhere",
            "no resource is called `Box` at '${Box.Arn}'",
        ]
    );
}

#[test]
fn an_alias_needs_a_name() {
    serverless_says(
        "Resources: {F: {Type: AWS::Serverless::Function, Properties: {AutoPublishAlias: 'a b'}}}\n",
        &[
            "`AutoPublishAlias` must be the name of an alias, or refer to a parameter that is one [a name has up to 128 \
           letters, digits, `-` and `_`, and not digits alone] at 'a b'",
        ],
    );
}

#[test]
fn a_template_that_does_not_ask_for_it_stays_as_it_is_and_is_told_what_it_needs() {
    let text = "Resources: {F: {Type: AWS::Serverless::Function}}\n";
    let (node, _) = source::yaml::read(FileId(0), text);
    let node = node.expect("a tree");
    let (left, findings) = transform(&node, &inputs());
    assert_eq!(left, node);
    let [finding] = &findings[..] else { panic!("{findings:#?}") };
    assert_eq!(
        (finding.code, finding.message.as_str()),
        ("TRANSFORM_MISSING", "`AWS::Serverless::Function` needs the transform `AWS::Serverless-2016-10-31`")
    );
    let plain = source::yaml::read(FileId(0), "Resources: {F: {Type: AWS::S3::Bucket}}\n").0.expect("a tree");
    assert_eq!(transform(&plain, &inputs()).1, []);
}

/// What stands once is made for each function, and not more than a template may have.
#[test]
fn globals_and_tags_grow_no_template_beyond_its_bounds() {
    let many = |count: usize, one: &dyn Fn(usize) -> String| (0..count).map(one).collect::<String>();
    let tags = many(2000, &|at| format!("t{at}: x, "));
    let functions = many(400, &|at| format!("  F{at}: {{Type: AWS::Serverless::Function}}\n"));
    let of_globals = format!("{HEAD}Globals: {{Function: {{Tags: {{{tags}}}}}}}\nResources:\n{functions}");
    let events = many(400, &|at| format!("E{at}: {{Type: ScheduleV2, Properties: {{ScheduleExpression: x}}}}, "));
    let of_events = format!(
        "{HEAD}Resources:\n  F: {{Type: AWS::Serverless::Function, Properties: {{PropagateTags: true, Tags: {{{tags}}}, \
         Events: {{{events}}}}}}}\n"
    );
    let names = many(1000, &|_| "x, ".to_owned());
    let of_stage = format!(
        "{HEAD}Resources:\n  A: {{Type: AWS::Serverless::Api, Properties: {{StageName: {{Fn::Join: ['', [{names}]]}}}}}}\n"
    );
    for text in [of_globals, of_events, of_stage] {
        let (_, findings) = transformed(&text);
        assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["TOO_LARGE"]);
    }
}
