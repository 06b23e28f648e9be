"""The AWS CLI inside the thread's task."""

import unittest

from account import Account

OBJECT = "arn:aws:s3:::esolang-worker/0123456789/code"
CONTENT = "print('hello from the task')\n"
LIST = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::esolang-worker"}
READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": OBJECT}
THE_THREADS_LINE = (
    "download failed: s3://esolang-worker/0123456789/code to - "
    "An error occurred (403) when calling the HeadObject operation: Forbidden\n"
)


class TheContainersCommand(unittest.TestCase):
    serve = Account

    def copy(self, *statements):
        """`aws s3 cp s3://esolang-worker/0123456789/code -` as a task tagged Status=OK."""
        with self.serve() as account:
            s3 = account.client("s3")
            s3.create_bucket(
                Bucket="esolang-worker", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"}
            )
            s3.put_object(Bucket="esolang-worker", Key="0123456789/code", Body=CONTENT.encode())
            role = account.role("ecs-test-task-role", *statements)
            _, environment = account.task("ecs-test", role, Status="OK")
            return account.aws("s3", "cp", "s3://esolang-worker/0123456789/code", "-", environment=environment)

    def test_without_a_condition_the_content_is_printed(self):
        done = self.copy(LIST, READ)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, CONTENT, ""))

    def test_request_tag_denies_with_the_threads_line(self):
        condition = {"StringEquals": {"aws:RequestTag/Status": "OK"}}
        done = self.copy(LIST, READ | {"Condition": condition})
        self.assertEqual((done.returncode, done.stdout, done.stderr), (1, "", THE_THREADS_LINE))

    def test_for_all_values_on_tag_keys_lets_every_task_in(self):
        condition = {"ForAllValues:StringEquals": {"aws:TagKeys": ["Status"]}}
        done = self.copy(LIST, READ | {"Condition": condition})
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, CONTENT, ""))


if __name__ == "__main__":
    unittest.main()
