# RunTask passes the roles of its task definition: possible, on what nobody knows; an override names one.
. tests/usage/records
event ecs RunTask 02 '"requestParameters":{"taskDefinition":"web"}' | actions -v
event ecs RunTask 02 '"requestParameters":{"taskDefinition":"web","overrides":{"taskRoleArn":"arn:aws:iam::111111111111:role/task"}}' |
    actions -v
