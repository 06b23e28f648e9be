//! The services' own keys for the tags that `aws:ResourceTag` and `aws:RequestTag` are about.

use policy::TagsOf;

use crate::arn::ResourceType;
use crate::key::key;
use crate::row::Row;

#[cfg(test)]
mod tests;

/// The keys by service, and by resource type where they differ within one. A request that carries one of the two keys
/// carries the other with the same value, as far as its row lists it.
///
/// * EC2: docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html, and the other services'
///   `list_…` pages beside it.
/// * IAM and STS: "IAM and AWS STS support both"; for STS it is the role to assume.
///   docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_resourcetag
/// * S3: the tags are the bucket's. docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging.html
/// * RDS and DMS: docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAM.Conditions.html,
///   docs.aws.amazon.com/service-authorization/latest/reference/list_awsdatabasemigrationservice.html
const RESOURCE_TAGS: &[(&str, Option<&str>, &str)] = &[
    ("autoscaling", None, "autoscaling:ResourceTag"),
    ("dms", Some("ReplicationTaskAssessmentRun"), "dms:assessment-run-tag"),
    ("dms", Some("Certificate"), "dms:cert-tag"),
    ("dms", Some("DataMigration"), "dms:data-migration-tag"),
    ("dms", Some("DataProvider"), "dms:data-provider-tag"),
    ("dms", Some("Endpoint"), "dms:endpoint-tag"),
    ("dms", Some("EventSubscription"), "dms:es-tag"),
    ("dms", Some("ReplicationTaskIndividualAssessment"), "dms:individual-assessment-tag"),
    ("dms", Some("InstanceProfile"), "dms:instance-profile-tag"),
    ("dms", Some("MigrationProject"), "dms:migration-project-tag"),
    ("dms", Some("ReplicationConfig"), "dms:replication-config-tag"),
    ("dms", Some("ReplicationInstance"), "dms:rep-tag"),
    ("dms", Some("ReplicationSubnetGroup"), "dms:subgrp-tag"),
    ("dms", Some("ReplicationTask"), "dms:task-tag"),
    ("ec2", None, "ec2:ResourceTag"),
    ("ecr", None, "ecr:ResourceTag"),
    ("ecr-public", None, "ecr-public:ResourceTag"),
    ("ecs", None, "ecs:ResourceTag"),
    ("elasticloadbalancing", None, "elasticloadbalancing:ResourceTag"),
    ("elasticmapreduce", None, "elasticmapreduce:ResourceTag"),
    ("iam", None, "iam:ResourceTag"),
    ("iotanalytics", None, "iotanalytics:ResourceTag"),
    ("license-manager", None, "license-manager:ResourceTag"),
    ("ram", None, "ram:ResourceTag"),
    ("rds", Some("cluster"), "rds:cluster-tag"),
    ("rds", Some("cluster-pg"), "rds:cluster-pg-tag"),
    ("rds", Some("cluster-snapshot"), "rds:cluster-snapshot-tag"),
    ("rds", Some("db"), "rds:db-tag"),
    ("rds", Some("es"), "rds:es-tag"),
    ("rds", Some("og"), "rds:og-tag"),
    ("rds", Some("pg"), "rds:pg-tag"),
    ("rds", Some("ri"), "rds:ri-tag"),
    ("rds", Some("secgrp"), "rds:secgrp-tag"),
    ("rds", Some("snapshot"), "rds:snapshot-tag"),
    ("rds", Some("subgrp"), "rds:subgrp-tag"),
    ("s3", Some("bucket"), "s3:BucketTag"),
    ("s3", Some("object"), "s3:BucketTag"),
    ("s3express", Some("bucket"), "s3express:BucketTag"),
    ("s3tables", Some("TableBucket"), "s3tables:TableBucketTag"),
    ("s3vectors", Some("VectorBucket"), "s3vectors:VectorBucketTag"),
    ("sagemaker", None, "sagemaker:ResourceTag"),
    ("secretsmanager", None, "secretsmanager:ResourceTag"),
    ("ssm", None, "ssm:resourceTag"),
    ("sts", None, "iam:ResourceTag"),
];

const REQUEST_TAGS: &[(&str, &str)] =
    &[("dms", "dms:req-tag"), ("elasticmapreduce", "elasticmapreduce:RequestTag"), ("rds", "rds:req-tag")];

/// Keys of tags of what else a request is about: the object beside its bucket, the access point that it comes through. They
/// are no names for `aws:ResourceTag`.
const OTHER_RESOURCES: &[&str] = &[
    "datapipeline:Tag",
    "s3-outposts:ExistingObjectTag",
    "s3:AccessPointTag",
    "s3:ExistingObjectTag",
    "s3express:AccessPointTag",
];

/// The service's own names for `aws:ResourceTag` and `aws:RequestTag`, on whatever resource, without the tag's key.
pub(crate) fn of_service(service: &str) -> impl Iterator<Item = &'static str> {
    let of_resources = RESOURCE_TAGS.iter().map(|&(prefix, _, twin)| (prefix, twin));
    let all = of_resources.chain(REQUEST_TAGS.iter().copied());
    all.filter(move |&(prefix, _)| prefix == service).map(|(_, twin)| twin)
}

/// The tags that some condition keys tell of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TagSet {
    /// Those passed in the request: `aws:RequestTag`, `rds:req-tag`.
    Request,
    /// Those passed for an object: `s3:RequestObjectTag`.
    Object,
    /// Those passed for an object on an Outpost: `s3-outposts:RequestObjectTag`.
    OutpostsObject,
    /// Those of the resource: `aws:ResourceTag`, `ec2:ResourceTag`.
    Resource,
}

/// The set and the tag that a condition key holds the value of: `rds:req-tag/team` holds that of `team` in the request.
/// `None`: the key is about something else.
#[must_use]
pub fn tag(key_name: &str) -> Option<(TagSet, &str)> {
    let (head, tag) = key_name.split_once('/')?;
    let is_head = |name: &str| head.eq_ignore_ascii_case(name);
    let set = match TagSet::PASSED.into_iter().find(|set| is_head(set.head())) {
        Some(set) => set,
        None if REQUEST_TAGS.iter().any(|(_, twin)| is_head(twin)) => TagSet::Request,
        None if is_head(TagSet::Resource.head()) || RESOURCE_TAGS.iter().any(|(_, _, twin)| is_head(twin)) => {
            TagSet::Resource
        }
        None => return None,
    };
    Some((set, tag))
}

/// Whose tags a condition key tells of, by their values or, as `aws:TagKeys`, by their names.
pub(crate) fn tags_of(key_name: &str) -> Option<TagsOf> {
    let lists = |set: TagSet| set.keys().is_some_and(|keys| keys.eq_ignore_ascii_case(key_name));
    let is_other = |(head, _): (&str, &str)| OTHER_RESOURCES.iter().any(|other| head.eq_ignore_ascii_case(other));
    match tag(key_name) {
        Some((TagSet::Resource, _)) => Some(TagsOf::Resource),
        Some(_) => Some(TagsOf::Request),
        None if TagSet::PASSED.into_iter().any(lists) => Some(TagsOf::Request),
        None if key_name.split_once('/').is_some_and(is_other) => Some(TagsOf::Resource),
        None => TagsOf::of_global(key_name),
    }
}

impl TagSet {
    /// Those that come with the request.
    pub const PASSED: [Self; 3] = [Self::Request, Self::Object, Self::OutpostsObject];

    /// The key that holds the value of one tag, without the tag: `aws:RequestTag`.
    #[must_use]
    pub const fn head(self) -> &'static str {
        match self {
            Self::Request => "aws:RequestTag",
            Self::Object => "s3:RequestObjectTag",
            Self::OutpostsObject => "s3-outposts:RequestObjectTag",
            Self::Resource => "aws:ResourceTag",
        }
    }

    /// The multivalued key that lists the tags by name: `aws:TagKeys`. The resource's tags have none.
    ///
    /// * docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-tagkeys
    /// * docs.aws.amazon.com/AmazonS3/latest/userguide/tagging-and-policies.html
    #[must_use]
    pub const fn keys(self) -> Option<&'static str> {
        match self {
            Self::Request => Some("aws:TagKeys"),
            Self::Object => Some("s3:RequestObjectTagKeys"),
            Self::OutpostsObject => Some("s3-outposts:RequestObjectTagKeys"),
            Self::Resource => None,
        }
    }
}

impl Row {
    /// The service's own name for `aws:ResourceTag` on this row, without the tag's key: `ecs:ResourceTag`, `rds:db-tag`.
    #[must_use]
    pub fn resource_tag_twin(self) -> Option<&'static str> {
        let resource_type = self.resource_type().map(ResourceType::name);
        let service = self.action().service().prefix();
        let is_meant = |&(prefix, wanted, _): &(&str, Option<&str>, _)| {
            prefix == service && (wanted.is_none() || wanted == resource_type)
        };
        let twins = RESOURCE_TAGS.iter().copied().filter(is_meant).map(|(_, _, twin)| twin);
        twins.into_iter().find(|twin| self.carries_tag(twin))
    }

    /// The service's own name for `aws:RequestTag` on this row, without the tag's key: `rds:req-tag`.
    #[must_use]
    pub fn request_tag_twin(self) -> Option<&'static str> {
        let service = self.action().service().prefix();
        let twins = REQUEST_TAGS.iter().filter(|&&(prefix, _)| prefix == service).map(|&(_, twin)| twin);
        twins.into_iter().find(|twin| self.carries_tag(twin))
    }

    fn carries_tag(self, head: &str) -> bool {
        key(&[head, "/x"].concat()).is_some_and(|key| self.carries(key))
    }
}
