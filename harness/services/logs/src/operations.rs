//! What each operation of CloudWatch Logs is.
//! docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html

use account::Run;
use account::operation::{Operation, Row, always, changes, given, reads, row, same};

use super::{events, group, stream};

/// Every operation.
#[rustfmt::skip]
pub(super) static OPERATIONS: &[Row<Run>] = &[
    row(
        on_group(changes("logs:CreateLogGroup"))
            .checked_as(&[always("logs:CreateLogGroup"), given("tags", "logs:TagResource")]).passes("tags")
            .undone_by("DeleteLogGroup", &[same("logGroupName")]),
        group::create_log_group,
    ),
    row(changes("logs:CreateLogStream").on(&["log-stream"], "logStreamName"), stream::create_log_stream),
    row(on_group(changes("logs:DeleteLogGroup")), group::delete_log_group),
    row(reads("logs:DescribeLogGroups"), group::describe_log_groups),
    row(on_group(reads("logs:DescribeLogStreams")), stream::describe_log_streams),
    row(on_group(reads("logs:FilterLogEvents")), events::filter_log_events),
    row(reads("logs:GetLogEvents").on(&["log-stream"], "logStreamName"), events::get_log_events),
    row(changes("logs:PutLogEvents").on(&["log-stream"], "logStreamName"), events::put_log_events),
];

const fn on_group(operation: Operation) -> Operation {
    operation.on(&["log-group"], "logGroupName")
}
