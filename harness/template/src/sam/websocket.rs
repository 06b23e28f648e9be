//! `AWS::Serverless::WebSocketApi`: the API, its routes with the permissions they need, and its stage.
//!
//! docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-websocketapi.html

use source::{Entry, Node, Value};

use super::Transform;
use super::api::authorizer;
use super::build::{At, set};
use super::resource::{Made, Resource, kept};

const OWN: [&str; 10] = [
    "AccessLogSettings",
    "Auth",
    "DefaultRouteSettings",
    "Domain",
    "PropagateTags",
    "RouteSettings",
    "Routes",
    "StageName",
    "StageVariables",
    "Tags",
];

impl<'a> Transform<'a> {
    pub(super) fn websocket_api(&mut self, resource: Resource<'a>) {
        let at = resource.at;
        let mut api = resource.becomes("AWS::ApiGatewayV2::Api");
        api.properties = kept(resource.properties(), &OWN);
        api.set("ProtocolType", at.text("WEBSOCKET"));
        let own = || at.map([("websocketapi:createdBy", at.text("SAM"))]);
        let mut tags = resource.get("Tags").map(Node::entries).unwrap_or_default().to_vec();
        set(&mut tags, at.entry("websocketapi:createdBy", at.text("SAM")));
        let tags = Node::new(Value::Map(tags), at.0);
        let has_tags = resource.get("Tags").is_some_and(|tags| !tags.entries().is_empty());
        let of_parts = if has_tags && resource.is_true("PropagateTags") { tags.clone() } else { own() };
        api.set("Tags", tags);
        let mut made = vec![api];
        for route in resource.get("Routes").map(Node::entries).unwrap_or_default() {
            made.extend(self.route(resource, route));
        }
        if let Some(domain) = self.v2_domain(resource) {
            made.push(domain.with("Tags", of_parts.clone()));
        }
        let stage = stage(resource).with("Tags", of_parts);
        self.name(resource, "Stage", &stage.id);
        made.push(stage);
        made.extend(connect(resource));
        self.make_all(made, None);
    }

    /// A route, what it calls, and the permission for that.
    fn route(&self, resource: Resource<'a>, route: &Entry) -> Vec<Made> {
        let at = At(route.key_span);
        let base = format!("{}{}", resource.id, capitalised(&route.key));
        let make = |suffix: &str, of_type| Made { at, ..resource.makes(format!("{base}{suffix}"), of_type) };
        let api = at.reference(resource.id);
        let integration = make("Integration", "AWS::ApiGatewayV2::Integration")
            .with("ApiId", api.clone())
            .with("IntegrationType", at.text("AWS_PROXY"));
        let target = at
            .map([("Fn::Join", at.list([at.text("/"), at.list([at.text("integrations"), integration.reference()])]))]);
        let made = make("Route", "AWS::ApiGatewayV2::Route")
            .with("ApiId", api)
            .with("RouteKey", at.text(&*route.key))
            .with("Target", target);
        let text = |stage: &str| {
            format!(
                "arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{}.ApiId}}/{stage}/{}",
                resource.id, route.key
            )
        };
        let arn = match resource.get("StageName") {
            None => at.sub(text("default")),
            Some(Node { value: Value::String(name), .. }) => at.sub(text(name)),
            Some(name) => at.sub_with(text("${__StageName__}"), [("__StageName__", name.clone())]),
        };
        let permission = make("Permission", "AWS::Lambda::Permission")
            .with("Action", at.text("lambda:InvokeFunction"))
            .with_some("FunctionName", route.value.get("FunctionArn"))
            .with("Principal", at.text("apigateway.amazonaws.com"))
            .with("SourceArn", arn);
        vec![made, integration, permission]
    }
}

/// Who may connect, where a function decides that.
fn connect(resource: Resource<'_>) -> Vec<Made> {
    let Some(auth) = resource.get("Auth") else { return Vec::new() };
    let is_custom = auth.get("AuthType").and_then(Node::text) == Some("CUSTOM");
    let Some(function) = auth.get("AuthArn").filter(|_| is_custom) else { return Vec::new() };
    let at = resource.at;
    let made = resource
        .makes(format!("{}ConnectAuthorizer", resource.id), "AWS::ApiGatewayV2::Authorizer")
        .with("ApiId", at.reference(resource.id))
        .with("AuthorizerType", at.text("REQUEST"))
        .with_some("AuthorizerCredentialsArn", auth.get("InvokeRole"));
    let id = format!("{}AuthorizerPermission", resource.id);
    let permission = authorizer(resource, at, id, function, "${AWS::Partition}");
    [made].into_iter().chain(auth.get("InvokeRole").is_none().then_some(permission)).collect()
}

fn stage(resource: Resource<'_>) -> Made {
    let at = resource.at;
    let given = resource.get("StageName");
    let id = match given.map(|name| &name.value) {
        Some(Value::String(name)) => format!("{}{name}Stage", resource.id),
        Some(_) => format!("{}Stage", resource.id),
        None => format!("{}DefaultStage", resource.id),
    };
    resource
        .makes(id, "AWS::ApiGatewayV2::Stage")
        .with("ApiId", at.reference(resource.id))
        .with("StageName", given.cloned().unwrap_or_else(|| at.text("default")))
}

/// `$connect` is `Connect` in a logical id, and `sendMessage` is `Sendmessage`.
fn capitalised(key: &str) -> String {
    let mut letters = key.trim_start_matches('$').chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    first + &letters.as_str().to_lowercase()
}
