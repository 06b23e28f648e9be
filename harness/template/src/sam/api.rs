//! `AWS::Serverless::Api`: the API, its deployment and its stage, with its resource policy. Integrations and the bodies of
//! authorisers decide nothing that is modelled, and are left out.
//!
//! docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-api.html

use std::collections::BTreeSet;

use source::{Node, Value};

use super::Transform;
use super::build::{At, set};
use super::code;
use super::implicit;
use super::intrinsic::is_call;
use super::resource::{Made, Resource, kept};
use super::resource_policy::DOCUMENT;

/// Properties of the stage.
const OF_STAGE: [&str; 7] = [
    "AccessLogSetting",
    "CacheClusterEnabled",
    "CacheClusterSize",
    "CanarySetting",
    "MethodSettings",
    "TracingEnabled",
    "Variables",
];

/// Properties that are SAM's own, beside those of the stage.
const OWN: [&str; 16] = [
    "AlwaysDeploy",
    "Auth",
    "Cors",
    "DefinitionBody",
    "DefinitionUri",
    "DisableExecuteApiEndpoint",
    "Domain",
    "EndpointConfiguration",
    "GatewayResponses",
    "MergeDefinitions",
    "Models",
    "OpenApiVersion",
    "PropagateTags",
    "StageName",
    "Tags",
    "__MANAGE_SWAGGER",
];

/// What the plan that APIs share begins with, and its condition.
const SHARED: &str = "Serverless";
const CONDITION: &str = "SharedUsagePlanCondition";

impl<'a> Transform<'a> {
    pub(super) fn api(&mut self, resource: Resource<'a>) {
        let mut api = resource.becomes("AWS::ApiGateway::RestApi");
        let but: Vec<_> = OWN.iter().chain(&OF_STAGE).copied().collect();
        api.properties = kept(resource.properties(), &but);
        self.api_policy(resource);
        if let Some(body) = self.body(resource) {
            api.set("Body", body);
        }
        if let Some(configuration) = resource.get("EndpointConfiguration") {
            api.set("EndpointConfiguration", endpoint(configuration));
        }
        let deployment = deployment(resource);
        let stage = stage(resource, &deployment);
        self.name(resource, "Deployment", &deployment.id);
        self.name(resource, "Stage", &stage.id);
        let mut made = vec![api, deployment];
        made.extend(self.authorizers(resource, "apigateway"));
        made.extend(self.domain(resource));
        made.extend(self.plan(resource, &stage));
        made.push(stage);
        self.make_all(made, self.propagated(resource));
    }

    /// The definition with the resource policy in it; where SAM writes the definition, there is the policy alone.
    fn body(&mut self, resource: Resource<'a>) -> Option<Node> {
        let at = resource.at;
        let written = implicit::definition(resource);
        let written = written.as_ref();
        let statements = self.statements.remove(resource.id).unwrap_or_default();
        if statements.is_empty() || written.is_some_and(is_call) {
            return written.cloned();
        }
        let mut parts = written.map(Node::entries).unwrap_or_default().to_vec();
        set(&mut parts, at.entry(DOCUMENT, at.document(statements)));
        Some(Node::new(Value::Map(parts), written.map_or(at.0, |written| written.span)))
    }

    /// The permissions of authorisers that are functions.
    pub(super) fn authorizers(&self, resource: Resource<'a>, kind: &str) -> Vec<Made> {
        let is_rest = kind == "apigateway";
        let authorizers = resource.get("Auth").and_then(|auth| auth.get("Authorizers"));
        let authorizers = authorizers.map(|all| self.parameters.resolved(all));
        let mut made = Vec::new();
        for entry in authorizers.as_ref().map(Node::entries).unwrap_or_default() {
            let is_set = |name: &str| entry.value.get(name).and_then(Node::text) == Some("true");
            let is_allowed = match is_rest {
                true => !is_set("DisableFunctionDefaultPermissions"),
                false => is_set("EnableFunctionDefaultPermissions"),
            };
            let Some(function) = entry.value.get("FunctionArn").filter(|_| is_allowed) else { continue };
            let partition = if is_rest { &*self.inputs.partition } else { "${AWS::Partition}" };
            let id = format!("{}{}AuthorizerPermission", resource.id, entry.key);
            made.push(authorizer(resource, At(entry.key_span), id, function, partition));
        }
        made
    }

    /// The domain under which an API is reached. What routes to it decides nothing about access, and is left out.
    fn domain(&mut self, resource: Resource<'a>) -> Option<Made> {
        let domain = self.parameters.resolved(resource.get("Domain")?);
        let name = domain.get("DomainName")?;
        let is_private = domain.get("EndpointConfiguration").and_then(Node::text) == Some("PRIVATE");
        let (prefix, of_type, property) = match is_private {
            true => ("ApiGatewayDomainNameV2", "AWS::ApiGateway::DomainNameV2", "DomainNameV2"),
            false => ("ApiGatewayDomainName", "AWS::ApiGateway::DomainName", "DomainName"),
        };
        let made = resource
            .makes(code::with_hash(prefix, &code::text(name)), of_type)
            .with("DomainName", name.clone())
            .with_some("Policy", domain.get("Policy"));
        self.name(resource, property, &made.id);
        Some(made)
    }

    /// The plan under which keys of the API are counted.
    fn plan(&mut self, resource: Resource<'a>, stage: &Made) -> Vec<Made> {
        let plan = resource.get("Auth").and_then(|auth| auth.get("UsagePlan"));
        let Some(plan) = plan.map(|plan| self.parameters.resolved(plan)) else { return Vec::new() };
        let kind = plan.get("CreateUsagePlan").and_then(Node::text);
        let prefix = match kind {
            Some("PER_API") => resource.id,
            Some("SHARED") => SHARED,
            _ => return Vec::new(),
        };
        let id = |name: &str| format!("{prefix}{name}");
        let at = resource.at;
        let of_stage = at.map([("ApiId", at.reference(resource.id)), ("Stage", stage.reference())]);
        let made = resource
            .makes(id("UsagePlan"), "AWS::ApiGateway::UsagePlan")
            .with("ApiStages", at.list([of_stage]))
            .with_some("UsagePlanName", plan.get("UsagePlanName"))
            .with_some("Tags", plan.get("Tags"));
        let key = resource.makes(id("ApiKey"), "AWS::ApiGateway::ApiKey").with("Enabled", at.yes());
        let plan_key = resource
            .makes(id("UsagePlanKey"), "AWS::ApiGateway::UsagePlanKey")
            .with("KeyId", key.reference())
            .with("KeyType", at.text("API_KEY"))
            .with("UsagePlanId", made.reference());
        let all = [("UsagePlan", made), ("ApiKey", key), ("UsagePlanKey", plan_key)];
        all.iter().for_each(|(property, one)| self.name(resource, property, &one.id));
        let all: Vec<_> = all.into_iter().map(|(_, one)| one).collect();
        if kind == Some("PER_API") {
            return all;
        }
        self.sharing.push((resource, self.current));
        self.shared = all;
        Vec::new()
    }

    /// A plan that APIs share is made once, of the last of them and under the conditions of all.
    pub(super) fn share_plan(&mut self) {
        let Some(&(last, index)) = self.sharing.last() else { return };
        self.current = index;
        let conditions: Option<BTreeSet<_>> = self.sharing.iter().map(|(api, _)| api.condition()).collect();
        let at = last.at;
        let test = |name: &str| at.map([("Condition", at.text(name))]);
        let tests: Vec<_> = conditions.iter().flatten().map(|name| test(name)).collect();
        let condition = match &tests[..] {
            [] => None,
            [one] => Some(one.clone()),
            _ => Some(at.map([("Fn::Or", at.list(tests))])),
        };
        let mut made = std::mem::take(&mut self.shared);
        for one in &mut made {
            one.attributes.retain(|entry| entry.key != "Condition");
            if condition.is_some() {
                one.set_attribute("Condition", at.text(CONDITION));
            }
        }
        if let Some(condition) = condition {
            set(&mut self.conditions, at.entry(CONDITION, condition));
        }
        self.make_all(made, self.propagated(last));
    }
}

/// The permission of an API to call an authoriser.
pub(super) fn authorizer(resource: Resource<'_>, at: At, id: String, function: &Node, partition: &str) -> Made {
    let text = format!("arn:{partition}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{__ApiId__}}/authorizers/*");
    let arn = at.sub_with(text, [("__ApiId__", at.reference(resource.id))]);
    Made { at, ..resource.makes(id, "AWS::Lambda::Permission") }
        .with("Action", at.text("lambda:InvokeFunction"))
        .with("FunctionName", function.clone())
        .with("Principal", at.text("apigateway.amazonaws.com"))
        .with("SourceArn", arn)
}

/// The id of a deployment ends in a hash of the whole definition, which is not made here: the hash is another one.
fn deployment(resource: Resource<'_>) -> Made {
    let at = resource.at;
    let definition = resource.get("DefinitionBody").or_else(|| resource.get("DefinitionUri"));
    let hashed = definition.map_or_else(|| resource.id.to_owned(), code::text);
    resource
        .makes(code::with_hash(&format!("{}Deployment", resource.id), &hashed), "AWS::ApiGateway::Deployment")
        .with("RestApiId", at.reference(resource.id))
}

fn stage(resource: Resource<'_>, deployment: &Made) -> Made {
    let at = resource.at;
    let name = match resource.get("StageName").map(|name| &name.value) {
        Some(Value::String(name)) => name,
        _ => "",
    };
    let id = match name.chars().all(char::is_alphanumeric) {
        true => format!("{}{name}Stage", resource.id),
        false => code::with_hash(&format!("{}Stage", resource.id), name),
    };
    let mut stage = resource.makes(id, "AWS::ApiGateway::Stage");
    for name in OF_STAGE {
        stage = stage.with_some(name, resource.get(name));
    }
    if let Some(tags) = resource.get("Tags") {
        stage.set("Tags", at.list(at.tags(tags)));
    }
    stage
        .with("RestApiId", at.reference(resource.id))
        .with("DeploymentId", deployment.reference())
        .with_some("StageName", resource.get("StageName"))
}

/// `{Type: PRIVATE, VPCEndpointIds: […]}` as CloudFormation has it.
fn endpoint(configuration: &Node) -> Node {
    let at = At(configuration.span);
    let Some(of_type) = configuration.get("Type") else { return at.map([("Types", at.list([configuration.clone()]))]) };
    let mut parts = vec![("Types", at.list([of_type.clone()]))];
    let endpoints = configuration.get("VPCEndpointIds").or_else(|| configuration.get("VpcEndpointIds"));
    parts.extend(endpoints.map(|ids| ("VpcEndpointIds", ids.clone())));
    at.map(parts)
}
