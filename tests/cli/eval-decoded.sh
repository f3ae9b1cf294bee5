# The output of `aws sts decode-authorization-message`, and condition keys out of a file.
cat >"$T/decoded.json" <<'END'
{"DecodedMessage": "{\"allowed\":false,\"explicitDeny\":false,\"matchedStatements\":{\"items\":[]},\"context\":{\"principal\":{\"id\":\"AIDAEXAMPLE\",\"name\":\"alice\",\"arn\":\"arn:aws:iam::111122223333:user/alice\"},\"action\":\"ec2:RunInstances\",\"resource\":\"arn:aws:ec2:us-east-1:111122223333:instance/*\",\"conditions\":{\"items\":[{\"key\":\"ec2:InstanceType\",\"values\":{\"items\":[{\"value\":\"m5.large\"}]}}]}}}"}
END
cat >"$T/small.json" <<'END'
{"Version": "2012-10-17", "Statement": [{"Sid": "Small", "Effect": "Allow", "Action": "ec2:*", "Resource": "*",
  "Condition": {"StringEquals": {"ec2:InstanceType": ["t3.micro"]}}}]}
END
verdict eval --identity "$T/small.json" --decoded "$T/decoded.json"
echo '{"ec2:InstanceType": "t3.micro"}' >"$T/context.json"
verdict eval --identity "$T/small.json" --decoded "$T/decoded.json" --context-file "$T/context.json"
verdict eval --identity "$T/small.json" --decoded "$T/decoded.json" --context-file "$T/context.json" \
    --context ec2:InstanceType=m5.xlarge
echo '{"ec2:InstanceType": {"absnt": true}}' >"$T/context.json"
verdict eval --identity "$T/small.json" --decoded "$T/decoded.json" --context-file "$T/context.json"
