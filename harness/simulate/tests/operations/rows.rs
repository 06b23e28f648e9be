//! What a call rests on where no page says what AWS asks, or in which order.

use serde_json::{Value, json};

use super::{answer, call, notes, told};

const GROUP: &str = "arn:aws:autoscaling:us-east-1:111122223333:autoScalingGroup:g:autoScalingGroupName/web";
const ROLE: &str = "arn:aws:iam::111122223333:role/web";

/// docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2autoscaling.html lists iam:PassRole for
/// UpdateAutoScalingGroup, and not for PutLifecycleHook, which has the parameter RoleARN.
#[test]
fn a_call_names_the_rows_that_it_rests_on() {
    let anything = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    let other = json!({"Effect": "Allow", "Action": "s3:*", "Resource": "*"});
    let by_service = json!([
        {"Effect": "Allow", "Action": "autoscaling:*", "Resource": "*"},
        {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*",
            "Condition": {"StringEquals": {"iam:PassedToService": "autoscaling.amazonaws.com"}}}]);
    let (nothing, given) = (json!({}), json!({"iam:PassedToService": "autoscaling.amazonaws.com"}));
    let refused = "ImplicitlyDenied: iam:PassRole on role/web";
    let (update, hook) = ("autoscaling:UpdateAutoScalingGroup", "autoscaling:PutLifecycleHook");
    let resources = [json!({"resource": GROUP}), json!({"resource": ROLE})];
    for (operation, statements, context, decision, rows) in [
        (update, &anything, &nothing, "Allowed", &[][..]),
        (update, &by_service, &nothing, refused, &["service-that-a-role-is-passed-to"]),
        (update, &by_service, &given, "Allowed", &[]),
        (hook, &anything, &nothing, "Allowed", &["pass-role-that-no-page-lists"]),
        (hook, &by_service, &nothing, refused, &["pass-role-that-no-page-lists", "service-that-a-role-is-passed-to"]),
        (
            update,
            &other,
            &nothing,
            "ImplicitlyDenied: autoscaling:UpdateAutoScalingGroup on autoScalingGroupName/web",
            &["first-refusal-of-a-call"],
        ),
    ] {
        let line: Value = call(operation, statements, &resources, context);
        let found = answer(&line, false);
        let named: Vec<_> = notes(&found).into_iter().filter(|note| !note.contains(' ')).collect();
        assert_eq!((told(&found).as_str(), named.as_slice()), (decision, rows), "{line}");
    }
}
