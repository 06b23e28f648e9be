//! Bodies of the protocol AWS query.

use crate::call::{self, Call};
use crate::client::ask;
use crate::stage::Stage;

thread_local! {
    static STAGE: Stage = Stage::new();
}

pub fn check(input: &[u8]) {
    STAGE.with(|stage| call::check(stage, &calls(), input));
}

/// A new one goes to the end: inputs in `fuzz/corpus/` have their numbers.
pub fn calls() -> Vec<Call<'static>> {
    [
        ("iam", &b"Action=CreateUser&UserName=ann&Tags.member.1.Key=team&Tags.member.1.Value=a%20b&Version=2010-05-08"[..]),
        ("iam", b"Version=2010-05-08&Action=ListUsers&MaxItems=1&PathPrefix=%2F"),
        (
            "iam",
            b"Action=PutUserPolicy&UserName=ann&PolicyName=p&PolicyDocument=%7B%22Version%22%3A%222012-10-17%22%2C%22Statement\
              %22%3A%5B%5D%7D&Version=2010-05-08",
        ),
        ("iam", b"Action=TagRole&RoleName=r&Tags.member.1.Key=a&Tags.member.1.Value=&Tags.member.2.Key=b&Version=2010-05-08"),
        (
            "iam",
            b"Action=SimulateCustomPolicy&ActionNames.member.1=s3:GetObject&PolicyInputList.member.1=%7B%7D&Version=2010-05-08",
        ),
        ("sts", b"Action=GetCallerIdentity&Version=2011-06-15"),
        (
            "sts",
            b"Action=AssumeRole&RoleArn=arn:aws:iam::123456789012:role/r&RoleSessionName=s&DurationSeconds=900&Tags.member.1.Key=a\
              &Tags.member.1.Value=b&TransitiveTagKeys.member.1=a&Version=2011-06-15",
        ),
        ("sts", b"Action=GetFederationToken&Name=n&Policy=%7B%7D&Version=2011-06-15"),
    ]
    .map(|(service, body)| {
        let request = ask("POST", "/").header("content-type", "application/x-www-form-urlencoded").body(body);
        Call { service, operation: "", request }
    })
    .into()
}
