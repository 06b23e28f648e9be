//! `AWS::Serverless::HttpApi`: the API and its stage.
//!
//! docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-httpapi.html

use source::{Node, Value};

use super::Transform;
use super::build::set;
use super::code;
use super::implicit;
use super::resource::{Made, Resource, kept};

const OF_STAGE: [&str; 4] = ["AccessLogSettings", "DefaultRouteSettings", "RouteSettings", "StageVariables"];

/// Properties that are SAM's own, or stand in the definition.
const OWN: [&str; 14] = [
    "Auth",
    "CorsConfiguration",
    "DefinitionBody",
    "DefinitionUri",
    "Description",
    "DisableExecuteApiEndpoint",
    "Domain",
    "FailOnWarnings",
    "Name",
    "PropagateTags",
    "StageName",
    "Tags",
    "__MANAGE_SWAGGER",
    "BasePath",
];

impl<'a> Transform<'a> {
    pub(super) fn http_api(&mut self, resource: Resource<'a>) {
        let at = resource.at;
        let mut api = resource.becomes("AWS::ApiGatewayV2::Api");
        let but: Vec<_> = OWN.iter().chain(&OF_STAGE).copied().collect();
        api.properties = kept(resource.properties(), &but);
        api = api.with_some("Body", implicit::definition(resource).as_ref());
        api = api.with_some("BodyS3Location", resource.get("DefinitionUri"));
        // Tags stand in a definition that SAM can read.
        let is_in_body = match resource.get("DefinitionBody") {
            Some(body) => body.get("openapi").is_some() && body.get("paths").is_some(),
            None => resource.get("DefinitionUri").is_none(),
        };
        let mut tags = resource.get("Tags").map(Node::entries).unwrap_or_default().to_vec();
        set(&mut tags, at.entry("httpapi:createdBy", at.text("SAM")));
        let tags = Node::new(Value::Map(tags), at.0);
        let mut stage = v2_stage(resource, "ApiGatewayDefaultStage");
        if is_in_body {
            stage.set("Tags", tags.clone());
        }
        self.name(resource, "Stage", &stage.id);
        let mut made = vec![api];
        made.extend(self.authorizers(resource, "apigatewayv2"));
        if let Some(mut domain) = self.v2_domain(resource) {
            let own = at.map([("httpapi:createdBy", at.text("SAM"))]);
            let is_propagated = resource.get("DefinitionBody").is_some() || is_in_body;
            domain.set("Tags", if is_propagated && resource.get("Tags").is_some() { tags } else { own });
            made.push(domain);
        }
        made.push(stage);
        self.make_all(made, None);
    }

    /// The domain under which an API is reached.
    pub(super) fn v2_domain(&mut self, resource: Resource<'a>) -> Option<Made> {
        let domain = self.parameters.resolved(resource.get("Domain")?);
        let name = domain.get("DomainName")?;
        let id = code::with_hash("ApiGatewayDomainNameV2", &code::text(name));
        let made = resource.makes(id, "AWS::ApiGatewayV2::DomainName").with("DomainName", name.clone());
        self.name(resource, "DomainName", &made.id);
        Some(made)
    }
}

/// The stage of an API, which is `$default` unless it has a name.
pub(super) fn v2_stage(resource: Resource<'_>, default: &str) -> Made {
    let at = resource.at;
    let given = resource.get("StageName").filter(|name| name.text() != Some(""));
    let id = match given.map(|name| &name.value) {
        None => format!("{}{default}", resource.id),
        Some(Value::String(name)) if name == "$default" => format!("{}{default}", resource.id),
        Some(Value::String(name)) if name.chars().all(char::is_alphanumeric) => {
            format!("{}{name}Stage", resource.id)
        }
        Some(Value::String(name)) => code::with_hash(&format!("{}Stage", resource.id), name),
        Some(_) => format!("{}Stage", resource.id),
    };
    let mut stage = resource.makes(id, "AWS::ApiGatewayV2::Stage");
    for name in OF_STAGE {
        stage = stage.with_some(name, resource.get(name));
    }
    stage
        .with("ApiId", at.reference(resource.id))
        .with("StageName", given.cloned().unwrap_or_else(|| at.text("$default")))
        .with("AutoDeploy", at.yes())
}
