//! What else Lambda runs in and is built from: each has a role, which SAM makes if none is given.
//!
//! docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-capacityprovider.html

use source::{Entry, Node, Value};

use super::Transform;
use super::build::{At, Merged};
use super::resource::{Made, Resource, kept};

impl<'a> Transform<'a> {
    pub(super) fn capacity_provider(&mut self, resource: Resource<'a>) {
        let policy = "AWSLambdaManagedEC2ResourceOperator";
        let role = self.operator(resource, policy);
        let at = resource.at;
        let mut provider = resource.becomes("AWS::Lambda::CapacityProvider");
        provider.properties = kept(
            resource.properties(),
            &["LoggingConfig", "ManagedResourceTags", "OperatorRole", "PropagateTags", "ScalingConfig", "Tags"],
        );
        let arn = resource.get("OperatorRole").cloned().unwrap_or_else(|| role.arn());
        provider.set("PermissionsConfig", at.map([("CapacityProviderOperatorRoleArn", arn)]));
        self.with_role(resource, provider, "OperatorRole", role);
    }

    pub(super) fn network_connector(&mut self, resource: Resource<'a>) {
        let role = self.operator(resource, "AWSLambdaNetworkConnectorOperatorPolicy");
        let mut connector = resource.becomes("AWS::Lambda::NetworkConnector");
        connector.properties =
            kept(resource.properties(), &["ComputeTypes", "OperatorRole", "PropagateTags", "Tags", "VpcConfig"]);
        connector.set("OperatorRole", resource.get("OperatorRole").cloned().unwrap_or_else(|| role.arn()));
        self.with_role(resource, connector, "OperatorRole", role);
    }

    pub(super) fn microvm_image(&mut self, resource: Resource<'a>) {
        let at = resource.at;
        let code = resource.get("CodeUri").cloned().unwrap_or_else(|| at.text(""));
        let objects = self.objects(resource, &code);
        let logs = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];
        let document = at.document([
            at.allow(at.list([at.text("s3:GetObject")]), objects),
            at.allow(at.list(logs.map(|action| at.text(action))), at.text("*")),
        ]);
        let role = resource
            .makes(format!("{}BuildRole", resource.id), "AWS::IAM::Role")
            .with("AssumeRolePolicyDocument", at.trust("lambda.amazonaws.com"))
            .with("Policies", at.list([at.inline("MicrovmImageBuildPolicy", document)]))
            .with("Tags", at.list([at.tag("lambda:createdBy", at.text("SAM"))]));
        let mut image = resource.becomes("AWS::Lambda::MicrovmImage");
        image.properties = kept(resource.properties(), &["BuildRoleArn", "CodeUri", "PropagateTags", "Tags"]);
        image.set("CodeArtifact", at.map([("Uri", code)]));
        image.set("BuildRoleArn", resource.get("BuildRoleArn").cloned().unwrap_or_else(|| role.arn()));
        self.with_role(resource, image, "BuildRoleArn", role);
    }

    /// All objects of the bucket that has the code.
    fn objects(&self, resource: Resource<'a>, code: &Node) -> Node {
        let at = resource.at;
        let resolved = self.parameters.text(code);
        let bucket = resolved.as_deref().and_then(|uri| uri.strip_prefix("s3://")?.split('/').next());
        match bucket {
            Some(bucket) => at.sub(format!("arn:${{AWS::Partition}}:s3:::{bucket}/*")),
            None => {
                let parts = at.map([("Fn::Split", at.list([at.text("/"), code.clone()]))]);
                let third = Node::new(Value::Number("2".to_owned()), at.0);
                let bucket = at.map([("Fn::Select", at.list([third, parts]))]);
                at.sub_with("arn:${AWS::Partition}:s3:::${Bucket}/*", [("Bucket", bucket)])
            }
        }
    }

    fn operator(&self, resource: Resource<'a>, policy: &str) -> Made {
        let at = resource.at;
        resource
            .makes(format!("{}OperatorRole", resource.id), "AWS::IAM::Role")
            .with("AssumeRolePolicyDocument", at.trust("lambda.amazonaws.com"))
            .with("ManagedPolicyArns", at.list([self.managed(at, policy)]))
            .with("Tags", at.list([at.tag("lambda:createdBy", at.text("SAM"))]))
    }

    /// The resource with its tags, and its role unless the template gives one. Here `PropagateTags` adds to the tags.
    fn with_role(&mut self, resource: Resource<'a>, mut made: Made, given: &str, role: Made) {
        let at = resource.at;
        let own = resource.get("Tags").map(Node::entries).unwrap_or_default().iter().cloned();
        made.set("Tags", at.list(at.tags(&merged(at, own.chain([created_by(at)])))));
        if resource.get(given).is_none() {
            let mut role = role;
            if let Some(more) = self.propagated(resource) {
                let tags = [created_by(at)].into_iter().chain(more.entries().iter().cloned());
                role.set("Tags", at.list(at.tags(&merged(at, tags))));
            }
            self.make(role);
        }
        self.make(made);
    }
}

fn merged(at: At, tags: impl Iterator<Item = Entry>) -> Node {
    let mut all = Merged::default();
    all.extend(tags);
    all.into_node(at)
}

fn created_by(at: At) -> Entry {
    at.entry("lambda:createdBy", at.text("SAM"))
}
