"""Credentials of a task that end while a client runs: boto3 and the AWS CLI ask for new ones."""

import json
import pathlib
import sys
import time
import unittest
import urllib.error
import urllib.request

from account import Account

SECONDS = 4

# As a program in the task's container: it goes on until it has signed with keys that were not there at its start, and
# prints who it was each time.
PROGRAM = """
import boto3, time
session = boto3.Session()
sts, keys, end = session.client("sts"), [], time.monotonic() + 40
while len(keys) < 3 and time.monotonic() < end:
    who = sts.get_caller_identity()["Arn"]
    key = session.get_credentials().get_frozen_credentials().access_key
    if key not in keys:
        keys.append(key)
    print(key, who)
    time.sleep(0.2)
"""

READ = {"Effect": "Allow", "Action": "ecs:DescribeTasks", "Resource": "*"}


class CredentialsThatEnd(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.account = cls.enterClassContext(Account("--task-session", str(SECONDS)))

    def test_boto3_goes_on_as_the_same_session(self):
        task, environment = self.account.task("boto3", self.account.role("boto3-task-role"))
        done = self.account.run([sys.executable, "-c", PROGRAM], environment)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        keys, names = zip(*(line.split() for line in done.stdout.splitlines()))
        self.assertEqual(len(set(keys)), 3, "two were renewed")
        self.assertEqual({name.rsplit("/", 1)[1] for name in names}, {task.rsplit("/", 1)[1]})

    def test_the_aws_cli_goes_on(self):
        task, environment = self.account.task("cli", self.account.role("cli-task-role", READ))
        watched, _ = self.account.task("watched", self.account.role("watched-role"))
        # It asks every six seconds, so that its first keys have ended when it asks again.
        aws = pathlib.Path(sys.executable).with_name("aws")
        with self.account.start([aws, "ecs", "wait", "tasks-stopped", "--tasks", watched], environment) as waiting:
            deadline = time.monotonic() + 3 * SECONDS
            while time.monotonic() < deadline and waiting.poll() is None:
                time.sleep(0.1)
            self.account.client("ecs").stop_task(task=watched)
            stdout, stderr = waiting.communicate(timeout=60)
        self.assertEqual((waiting.returncode, stdout, stderr), (0, "", ""))

    def test_an_old_token_stays_good_and_another_tasks_does_not(self):
        _, mine = self.account.task("mine", self.account.role("mine-role"))
        _, other = self.account.task("other", self.account.role("other-role"))

        def fetch(token):
            request = urllib.request.Request(
                mine["AWS_CONTAINER_CREDENTIALS_FULL_URI"], headers={"Authorization": token}
            )
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)

        token = mine["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
        first, deadline = fetch(token), time.monotonic() + 40
        second = fetch(token)
        while second["AccessKeyId"] == first["AccessKeyId"] and time.monotonic() < deadline:
            time.sleep(0.1)
            second = fetch(token)
        self.assertNotEqual(second["AccessKeyId"], first["AccessKeyId"])
        self.assertGreater(second["Expiration"], first["Expiration"])
        with self.assertRaises(urllib.error.HTTPError) as caught:
            fetch(other["AWS_CONTAINER_AUTHORIZATION_TOKEN"])
        self.assertIn(caught.exception.code, range(400, 500))
        caught.exception.close()


if __name__ == "__main__":
    unittest.main()
