use super::*;

#[track_caller]
fn check(method: &str, uri: &str, headers: &[(&str, &str)], scope: Option<&str>, expected: (&str, Protocol)) {
    let mut builder = http::Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    let route = of(&builder.body(()).unwrap().into_parts().0, scope);
    assert_eq!((route.service.as_ref(), route.protocol), expected, "{method} {uri} {headers:?} {scope:?}");
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded; charset=utf-8");
const RUN_TASK: (&str, &str) = ("x-amz-target", "AmazonEC2ContainerServiceV20141113.RunTask");

#[test]
fn services() {
    use Protocol::{Json, Query, S3};
    check("POST", "/", &[FORM], Some("iam"), ("iam", Query));
    check("POST", "/", &[FORM], Some("sts"), ("sts", Query));
    check("POST", "/", &[RUN_TASK], Some("ecs"), ("ecs", Json));
    check("POST", "/", &[], Some("logs"), ("logs", Json));
    check("GET", "/b/k", &[], Some("s3"), ("s3", S3));
    // Not here: in the protocol it looks like.
    check("POST", "/", &[("x-amz-target", "DynamoDB_20120810.GetItem")], Some("dynamodb"), ("dynamodb", Json));
    check("POST", "/", &[FORM], Some("sqs"), ("sqs", Query));
    check("GET", "/2015-03-31/functions", &[], Some("lambda"), ("lambda", Json));
    // Not signed.
    check("GET", "/b/k", &[], None, ("s3", S3));
    check("POST", "/", &[RUN_TASK], None, ("ecs", Json));
    check("POST", "/", &[("x-amz-target", "Nobody.Knows")], None, ("", Json));
    check("POST", "/", &[FORM], None, ("sts", Query));
    check("GET", "/?Action=GetCallerIdentity&Version=2011-06-15", &[], None, ("sts", Query));
    check("POST", "/bucket", &[FORM], None, ("s3", S3));
}

#[test]
fn s3_control() {
    use Protocol::S3;
    let tags = "/v20180820/tags/arn%3Aaws%3As3%3A%3A%3Ab";
    check("GET", tags, &[("x-amz-account-id", "123456789012")], Some("s3"), ("s3control", S3));
    check("GET", tags, &[("host", "123456789012.localhost:4566")], Some("s3"), ("s3control", S3));
    check("GET", tags, &[("host", "123456789012.s3-control.eu-west-1.amazonaws.com")], Some("s3"), ("s3control", S3));
    // A bucket of that name.
    check("GET", tags, &[("host", "127.0.0.1:4566")], Some("s3"), ("s3", S3));
    check("GET", "/v20180820", &[("x-amz-account-id", "123456789012")], Some("s3"), ("s3", S3));
}

#[test]
fn queries_that_nobody_signed() {
    assert_eq!(by_version("2010-05-08"), "iam");
    assert_eq!(by_version("2011-06-15"), "sts");
    assert_eq!(by_version(""), "sts");
}
