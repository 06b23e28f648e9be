"""The guard in front of moto: everything that holds of the embedded account, and what only an emulator can get wrong."""

import contextlib
import json
import os
import pathlib
import socket
import ssl
import subprocess
import tempfile
import time
import unittest
import urllib.request

import boto3
import test_aws_cli
import test_boto3
from account import BINARY, REGION, Account
from botocore.exceptions import ClientError


class Moto:
    """`moto_server` on a free port, stopped at the end; behind TLS if it is given a certificate."""

    def __init__(self, certificate=None, key=None):
        self.certificate, self.key = certificate, key

    def __enter__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        command = [os.environ["MOTO_SERVER"], "-H", "127.0.0.1", "-p", port]
        if self.certificate:
            command += ["-c", self.certificate, "-k", self.key]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.url = f"{'https' if self.certificate else 'http'}://127.0.0.1:{port}"
        trust = ssl.create_default_context(cafile=self.certificate) if self.certificate else None
        until = time.monotonic() + 30
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/moto-api/", timeout=5, context=trust).close()
                return self
            except OSError:
                assert self.process.poll() is None and time.monotonic() < until, "moto does not start"
                time.sleep(0.05)

    def __exit__(self, *_):
        # It has nothing to put away, and asked to end it takes its time.
        self.process.kill()
        self.process.wait(timeout=10)

    def client(self, service):
        """A client that moto itself answers."""
        return boto3.client(
            service, endpoint_url=self.url, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test"
        )


@contextlib.contextmanager
def guarded():
    with Moto() as moto, Account("--backend", moto.url) as account:
        account.moto = moto
        yield account


class Boto3BeforeMoto(test_boto3.Boto3):
    serve = staticmethod(guarded)


class TheContainersCommandBeforeMoto(test_aws_cli.TheContainersCommand):
    serve = staticmethod(guarded)


class Guard(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.account = cls.enterClassContext(guarded())
        cls.s3 = cls.account.client("s3")
        cls.behind = cls.account.moto.client("s3")
        cls.s3.create_bucket(Bucket="box", CreateBucketConfiguration={"LocationConstraint": REGION})
        cls.s3.put_object(Bucket="box", Key="key", Body=b"content")

    def code(self, call, **members):
        """The error that a call ends with; `None` if it succeeds."""
        try:
            call(**members)
            return None
        except ClientError as error:
            return error.response["Error"]["Code"]

    def user(self, name, *statements):
        _, key, secret = self.account.user(name, *statements)
        return self.account.client("s3", key, secret)

    def test_an_objects_tags_are_read_from_moto_when_they_count(self):
        condition = {"StringEquals": {"s3:ExistingObjectTag/Status": "OK"}}
        statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": condition}
        reader = self.user("by-tag", statement)
        for status, expected in [("NG", "AccessDenied"), ("OK", None), ("NG", "AccessDenied")]:
            tags = {"TagSet": [{"Key": "Status", "Value": status}]}
            self.behind.put_object_tagging(Bucket="box", Key="key", Tagging=tags)
            self.assertEqual(self.code(reader.get_object, Bucket="box", Key="key"), expected, status)

    def test_a_missing_key_is_a_404_for_those_who_may_list(self):
        read = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
        reader = self.user("reader", read)
        self.assertEqual(self.code(reader.get_object, Bucket="box", Key="none"), "AccessDenied")
        self.assertEqual(self.code(reader.head_object, Bucket="box", Key="none"), "403")
        self.assertEqual(self.code(self.s3.get_object, Bucket="box", Key="none"), "NoSuchKey")
        self.assertEqual(self.code(self.s3.head_object, Bucket="box", Key="none"), "404")

    def test_a_condition_that_moto_takes_as_met_is_not(self):
        condition = {"StringEquals": {"aws:RequestTag/Status": "OK"}}
        statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": condition}
        self.assertEqual(self.code(self.user("request-tag", statement).get_object, Bucket="box", Key="key"), "AccessDenied")

    def test_a_bucket_made_in_moto_is_guarded(self):
        self.behind.create_bucket(Bucket="old", CreateBucketConfiguration={"LocationConstraint": REGION})
        self.behind.put_object(Bucket="old", Key="key", Body=b"old")
        policy = {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::123456789012:user/guest"},
                "Action": "s3:GetObject",
                "Resource": "arn:aws:s3:::old/*",
            },
        }
        self.behind.put_bucket_policy(Bucket="old", Policy=json.dumps(policy))
        elsewhere = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::box/*"}
        guest, other = self.user("guest", elsewhere), self.user("other", elsewhere)
        self.assertIsNone(self.code(guest.get_object, Bucket="old", Key="key"))
        self.assertEqual(self.code(other.get_object, Bucket="old", Key="key"), "AccessDenied")

    def test_a_tasks_tags_are_motos(self):
        role = self.account.role("guarded-task-role")
        arn, _ = self.account.task("guarded", role, Status="OK")
        behind = self.account.moto.client("ecs")
        tags = behind.describe_tasks(tasks=[arn], include=["TAGS"])["tasks"][0]["tags"]
        self.assertEqual(tags, [{"key": "Status", "value": "OK"}])
        condition = {"StringEquals": {"aws:ResourceTag/Status": "NG"}}
        stop = {"Effect": "Allow", "Action": "ecs:StopTask", "Resource": "*", "Condition": condition}
        _, key, secret = self.account.user("stopper", stop)
        ecs = self.account.client("ecs", key, secret)
        self.assertEqual(self.code(ecs.stop_task, task=arn), "AccessDeniedException")
        behind.tag_resource(resourceArn=arn, tags=[{"key": "Status", "value": "NG"}])
        self.assertIsNone(self.code(ecs.stop_task, task=arn))


class ByName(unittest.TestCase):
    def test_moto_is_started_and_stopped_with_the_account(self):
        with Account("--backend", "moto", "--account", "111122223333") as account:
            s3 = account.client("s3")
            s3.create_bucket(Bucket="box", CreateBucketConfiguration={"LocationConstraint": REGION})
            s3.put_object(Bucket="box", Key="key", Body=b"content")
            self.assertEqual(s3.get_object(Bucket="box", Key="key")["Body"].read(), b"content")
            task, _ = account.task("family", account.role("task"))
            self.assertIn(":111122223333:task/", task)


class BehindTls(unittest.TestCase):
    def test_a_certificate_that_is_trusted_and_one_that_is_not(self):
        with tempfile.TemporaryDirectory() as folder:
            key, certificate = (str(pathlib.Path(folder, name)) for name in ("key.pem", "certificate.pem"))
            command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=moto -addext subjectAltName=IP:127.0.0.1"
            command = [*command.split(), "-addext", "basicConstraints=critical,CA:FALSE", "-keyout", key, "-out", certificate]
            subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
            with Moto(certificate, key) as moto:
                with Account("--backend", moto.url, SSL_CERT_FILE=certificate) as account:
                    s3 = account.client("s3")
                    s3.create_bucket(Bucket="box", CreateBucketConfiguration={"LocationConstraint": REGION})
                    s3.put_object(Bucket="box", Key="key", Body=b"content")
                    self.assertEqual(s3.get_object(Bucket="box", Key="key")["Body"].read(), b"content")
                command = [BINARY, "serve", "--port", "0", "--backend", moto.url]
                refused = subprocess.run(command, capture_output=True, text=True, timeout=60)
                self.assertEqual(refused.returncode, 2)
                self.assertIn("UnknownIssuer", refused.stderr)


if __name__ == "__main__":
    unittest.main()
