//! `AWS::Serverless::SimpleTable` and `AWS::Serverless::Application`
//!
//! docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-simpletable.html and
//! docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-application.html

use source::Node;

use super::Transform;
use super::resource::{Resource, kept};

impl<'a> Transform<'a> {
    pub(super) fn table(&mut self, resource: Resource<'a>) {
        let at = resource.at;
        let mut table = resource.becomes("AWS::DynamoDB::Table");
        table.properties = kept(resource.properties(), &["PrimaryKey", "Tags"]);
        let key = |name: &str| resource.get("PrimaryKey").and_then(|key| key.get(name));
        let name = key("Name").cloned().unwrap_or_else(|| at.text("id"));
        let of_type = match key("Type").and_then(Node::text) {
            Some("Number") => "N",
            Some("Binary") => "B",
            _ => "S",
        };
        let definition = at.map([("AttributeName", name.clone()), ("AttributeType", at.text(of_type))]);
        table.set("AttributeDefinitions", at.list([definition]));
        table.set("KeySchema", at.list([at.map([("AttributeName", name), ("KeyType", at.text("HASH"))])]));
        if resource.get("ProvisionedThroughput").is_none() {
            table.set("BillingMode", at.text("PAY_PER_REQUEST"));
        }
        if let Some(tags) = resource.get("Tags").filter(|tags| !tags.entries().is_empty()) {
            table.set("Tags", at.list(at.tags(tags)));
        }
        self.make(table);
    }

    /// An application becomes a nested stack. That of a template in the AWS Serverless Application Repository is known
    /// only to AWS: its ARN stands where the URL would.
    pub(super) fn application(&mut self, resource: Resource<'a>) {
        let at = resource.at;
        let location = resource.get("Location");
        let of = |name: &str| location.and_then(|location| location.get(name));
        let mut tags = vec![at.tag("lambda:createdBy", at.text("SAM"))];
        let of_repository =
            [("serverlessrepo:applicationId", "ApplicationId"), ("serverlessrepo:semanticVersion", "SemanticVersion")];
        tags.extend(of_repository.iter().filter_map(|(tag, name)| Some(at.tag(tag, of(name)?.clone()))));
        tags.extend(resource.get("Tags").map(|own| at.tags(own)).unwrap_or_default());
        let mut stack = resource.becomes("AWS::CloudFormation::Stack");
        stack.properties = kept(resource.properties(), &["Location", "Tags", "TemplateUrl"]);
        if let Some(url) = of("ApplicationId").or(location) {
            stack.set("TemplateURL", url.clone());
        }
        self.make(stack.with("Tags", at.list(tags)));
    }
}
