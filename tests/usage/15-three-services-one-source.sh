# autoscaling is three services: the request, the version of the API or the service beside it says which; else any of them.
. tests/usage/records
for members in '"requestParameters":{"serviceNamespace":"ecs"}' '"requestParameters":{},"apiVersion":"2011-01-01"' \
    '"requestParameters":{},"apiVersion":"2016-02-06"' '"requestParameters":{}' \
    '"requestParameters":{},"additionalEventData":{"service":"application-autoscaling"}'; do
    event autoscaling PutScalingPolicy 02 "$members" | actions --dependents ignore
done
