"""boto3 against the served account."""

import json
import unittest
import urllib.error
import urllib.request

from account import ACCOUNT, REGION, Account
from botocore.exceptions import ClientError

BUCKET = "boto3-bucket"
OBJECTS = f"arn:aws:s3:::{BUCKET}/*"


class Boto3(unittest.TestCase):
    serve = Account

    @classmethod
    def setUpClass(cls):
        cls.account = cls.enterClassContext(cls.serve())
        cls.s3 = cls.account.client("s3")
        cls.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})

    def assert_denied(self, code, action, call, *arguments, **members):
        with self.assertRaises(ClientError) as caught:
            call(*arguments, **members)
        error = caught.exception.response["Error"]
        self.assertEqual(error["Code"], code)
        self.assertIn(f"is not authorized to perform: {action}", error["Message"])

    def test_a_session_tag_opens_what_the_principal_tag_asks_for(self):
        arn, key, secret = self.account.user(
            "tagger", {"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"], "Resource": "*"}
        )
        trust = {
            "Statement": {
                "Effect": "Allow", "Principal": {"AWS": arn}, "Action": ["sts:AssumeRole", "sts:TagSession"],
            }
        }
        condition = {"StringEquals": {"aws:PrincipalTag/Status": "OK"}}
        read = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": OBJECTS, "Condition": condition}
        role = self.account.role("reader", read, trust=trust)
        self.s3.put_object(Bucket=BUCKET, Key="tagged/read", Body=b"content")
        sts = self.account.client("sts", key, secret)

        def reader(status):
            session = sts.assume_role(
                RoleArn=role, RoleSessionName="boto3", Tags=[{"Key": "Status", "Value": status}]
            )["Credentials"]
            return self.account.client(
                "s3", session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"]
            )

        self.assertEqual(reader("OK").get_object(Bucket=BUCKET, Key="tagged/read")["Body"].read(), b"content")
        self.assert_denied("AccessDenied", "s3:GetObject", reader("NG").get_object, Bucket=BUCKET, Key="tagged/read")

    def test_objects_come_back_as_they_were_put(self):
        for key, body in [("plain", b"x" * 10), ("a key/with spaces+and ünïcode", b""), ("big", bytes(3_000_000))]:
            with self.subTest(key=key):
                put = self.s3.put_object(
                    Bucket=BUCKET, Key=key, Body=body, Metadata={"who": "me"}, Tagging="Status=OK&empty="
                )
                got = self.s3.get_object(Bucket=BUCKET, Key=key)
                self.assertEqual(got["Body"].read(), body)
                self.assertEqual((got["ETag"], got["Metadata"]), (put["ETag"], {"who": "me"}))
                tags = self.s3.get_object_tagging(Bucket=BUCKET, Key=key)["TagSet"]
                self.assertEqual({tag["Key"]: tag["Value"] for tag in tags}, {"Status": "OK", "empty": ""})
        listed = [entry["Key"] for entry in self.s3.list_objects_v2(Bucket=BUCKET, Prefix="a key/")["Contents"]]
        self.assertEqual(listed, ["a key/with spaces+and ünïcode"])

    def test_a_multipart_upload_becomes_one_object(self):
        part = b"p" * (5 * 1024 * 1024)
        upload = self.s3.create_multipart_upload(Bucket=BUCKET, Key="parts")["UploadId"]
        parts = []
        for number, body in enumerate([part, b"end"], start=1):
            done = self.s3.upload_part(Bucket=BUCKET, Key="parts", UploadId=upload, PartNumber=number, Body=body)
            parts.append({"PartNumber": number, "ETag": done["ETag"]})
        self.s3.complete_multipart_upload(
            Bucket=BUCKET, Key="parts", UploadId=upload, MultipartUpload={"Parts": parts}
        )
        self.assertEqual(self.s3.get_object(Bucket=BUCKET, Key="parts", Range="bytes=-4")["Body"].read(), b"pend")

    def test_a_task_is_started_with_its_tags(self):
        role = self.account.role("boto3-task-role")
        arn, environment = self.account.task("boto3", role, Status="OK")
        ecs = self.account.client("ecs")
        self.assertNotIn("tags", {key for key, value in ecs.describe_tasks(tasks=[arn])["tasks"][0].items() if value})
        shown = ecs.describe_tasks(tasks=[arn], include=["TAGS"])["tasks"][0]
        self.assertEqual(shown["tags"], [{"key": "Status", "value": "OK"}])
        identity = self.account.aws("sts", "get-caller-identity", environment=environment)
        task = arn.rsplit("/", 1)[1]
        expected = f"arn:aws:sts::{ACCOUNT}:assumed-role/boto3-task-role/{task}"
        self.assertEqual(json.loads(identity.stdout)["Arn"], expected)

    def test_a_task_needs_its_token(self):
        role = self.account.role("token-task-role")
        _, mine = self.account.task("token-a", role)
        _, other = self.account.task("token-b", role)
        uri = mine["AWS_CONTAINER_CREDENTIALS_FULL_URI"]
        for headers in [{}, {"Authorization": ""}, {"Authorization": other["AWS_CONTAINER_AUTHORIZATION_TOKEN"]}]:
            with self.subTest(headers=headers), self.assertRaises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(urllib.request.Request(uri, headers=headers), timeout=10)
            self.assertIn(caught.exception.code, range(400, 500))
            self.assertNotIn(b"SecretAccessKey", caught.exception.read())

    def test_run_task_without_the_right_to_pass_the_role_is_denied(self):
        role = self.account.role("passed-role")
        self.account.task("passed", role)
        _, key, secret = self.account.user("launcher", {"Effect": "Allow", "Action": "ecs:RunTask", "Resource": "*"})
        self.assert_denied(
            "AccessDeniedException",
            f"iam:PassRole on resource: {role} because no identity-based policy allows the iam:PassRole action",
            self.account.client("ecs", key, secret).run_task,
            taskDefinition="passed",
            launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-1"]}},
        )

    def test_a_presigned_url_is_a_bearer_of_its_signers_rights(self):
        self.s3.put_object(Bucket=BUCKET, Key="signed", Body=b"by url")
        s3 = self.account.client("s3", signature_version="s3v4")
        url = s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "signed"}, ExpiresIn=60)
        with urllib.request.urlopen(url, timeout=10) as answer:
            self.assertEqual(answer.read(), b"by url")
        for tampered in [url.replace("/signed?", "/other?"), url.replace("Expires=60", "Expires=61")]:
            with self.subTest(url=tampered), self.assertRaises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(tampered, timeout=10)
            self.assertEqual(caught.exception.code, 403)
            self.assertIn(b"<Code>SignatureDoesNotMatch</Code>", caught.exception.read())
        put = s3.generate_presigned_url("put_object", Params={"Bucket": BUCKET, "Key": "put"}, ExpiresIn=60)
        # urllib's own content type, that of a form, makes moto lose the body.
        request = urllib.request.Request(put, data=b"there", method="PUT", headers={"Content-Type": "text/plain"})
        urllib.request.urlopen(request, timeout=10)
        self.assertEqual(self.s3.get_object(Bucket=BUCKET, Key="put")["Body"].read(), b"there")

    def test_boto3_presigns_as_it_likes_best(self):
        self.s3.put_object(Bucket=BUCKET, Key="signed by default", Body=b"by url")
        url = self.s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "signed by default"})
        with urllib.request.urlopen(url, timeout=10) as answer:
            self.assertEqual(answer.read(), b"by url")
        with self.assertRaises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(url.replace("/signed", "/resigned"), timeout=10)
        self.assertEqual(caught.exception.code, 403)

    def test_a_wrong_secret_is_refused(self):
        with self.assertRaises(ClientError) as caught:
            self.account.client("s3", secret="wrong").get_object(Bucket=BUCKET, Key="any")
        self.assertEqual(caught.exception.response["Error"]["Code"], "SignatureDoesNotMatch")
        with self.assertRaises(ClientError) as caught:
            self.account.client("iam", "AKIAUNKNOWNUNKNOWN00", "wrong").list_users()
        self.assertEqual(caught.exception.response["Error"]["Code"], "InvalidClientTokenId")

    def test_the_simulator_gives_the_engines_answer(self):
        policy = {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow", "Action": "s3:GetObject", "Resource": OBJECTS,
                "Condition": {"StringEquals": {"aws:RequestTag/Status": "OK"}},
            },
        }
        iam = self.account.client("iam")
        answer = iam.simulate_custom_policy(
            PolicyInputList=[json.dumps(policy)],
            ActionNames=["s3:GetObject"],
            ResourceArns=[f"arn:aws:s3:::{BUCKET}/k"],
        )["EvaluationResults"][0]
        self.assertEqual(answer["EvalDecision"], "implicitDeny")
        self.assertEqual(answer["MissingContextValues"], ["aws:RequestTag/Status"])
        arn, _, _ = self.account.user("simulated", {"Effect": "Allow", "Action": "s3:Get*", "Resource": OBJECTS})
        answer = iam.simulate_principal_policy(
            PolicySourceArn=arn, ActionNames=["s3:GetObject", "s3:PutObject"], ResourceArns=[f"arn:aws:s3:::{BUCKET}/k"]
        )["EvaluationResults"]
        decisions = {result["EvalActionName"]: result["EvalDecision"] for result in answer}
        self.assertEqual(decisions, {"s3:GetObject": "allowed", "s3:PutObject": "implicitDeny"})

    def test_an_unknown_operation_gets_an_aws_error(self):
        for call in [
            lambda: self.account.client("iam").list_saml_providers(),
            lambda: self.account.client("ecs").list_services(),
            lambda: self.s3.get_bucket_lifecycle_configuration(Bucket=BUCKET),
        ]:
            with self.assertRaises(ClientError):
                call()


if __name__ == "__main__":
    unittest.main()
