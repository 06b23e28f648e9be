//! `AWS::Serverless::LayerVersion`
//!
//! docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-layerversion.html

use source::{Entry, Node, Value};

use super::Transform;
use super::build::set;
use super::code;
use super::resource::{Resource, kept};

/// What decides about the lifetime of a layer changes no name.
const UNHASHED: [&str; 3] = ["DeletionPolicy", "UpdateReplacePolicy", "Metadata"];

/// Properties in which SAM puts values for parameters.
const RESOLVED: [&str; 4] = ["LayerName", "LicenseInfo", "Description", "RetentionPolicy"];

impl<'a> Transform<'a> {
    /// A layer's id changes with what is in it, so that an old one can stay.
    pub(super) fn layer(&mut self, resource: Resource<'a>) {
        let at = resource.at;
        let hashed = self.hashed(resource);
        let id = code::with_hash(resource.id, &code::text(&hashed));
        self.renamed.insert(resource.id.to_owned(), id.clone());
        let mut layer = resource.makes(id, "AWS::Lambda::LayerVersion");
        let policy = resource
            .text("RetentionPolicy")
            .map(|policy| if policy.eq_ignore_ascii_case("delete") { "Delete" } else { "Retain" });
        if policy.is_some() || !layer.attributes.iter().any(|entry| entry.key == "DeletionPolicy") {
            layer.set_attribute("DeletionPolicy", at.text(policy.unwrap_or("Retain")));
        }
        if let Some(depends) = resource.node.get("DependsOn") {
            layer.set_attribute("DependsOn", depends.clone());
        }
        layer.properties = kept(resource.properties(), &["ContentUri", "PublishLambdaVersion", "RetentionPolicy"]);
        for name in RESOLVED {
            if let Some(value) = layer.get(name).map(|value| self.parameters.resolved(value)) {
                layer.set(name, value);
            }
        }
        if let Some(uri) = resource.get("ContentUri") {
            layer.set("Content", code::location(uri));
        }
        if resource.get("LayerName").is_none() {
            layer.set("LayerName", at.text(resource.id));
        }
        self.make(layer);
    }

    /// The layer as it is written, with the values of parameters in what SAM looks at.
    fn hashed(&self, resource: Resource<'a>) -> Node {
        let at = resource.at;
        let mut properties = kept(resource.properties(), &[]);
        for name in RESOLVED {
            if let Some(value) = resource.get(name) {
                set(&mut properties, at.entry(name, self.parameters.resolved(value)));
            }
        }
        let is_kept = |part: &&Entry| !UNHASHED.contains(&&*part.key) && part.key != "Properties";
        let mut parts: Vec<_> = resource.node.entries().iter().filter(is_kept).cloned().collect();
        set(&mut parts, at.entry("Properties", Node::new(Value::Map(properties), at.0)));
        at.map([(resource.id, Node::new(Value::Map(parts), at.0))])
    }
}
