# Summaries of before there was a minor number, and of after today: read, and what is not known in them is kept.
summary() { # HEAD: with the hash that belongs to it
    {
        echo "#verdict-usage/$1"
        cat <<'X'
{"p":"111111111111|user|AIDAEXAMPLE0000000001|ann","r":"eu-west-1","s":"s3","e":"GetObject","g":0,"o":"ok","n":2,"f":1772442000,"l":1772442000,"d":"1","m":"n","R":["arn:aws:s3:::b/k"],"Q":["of tomorrow"],"zone":{"a":[1,2]}}
{"k":"of-tomorrow","u":"x","i":"y","t":1772442000,"x":{"z":1}}
#unit {"h":"0123456789abcdef0123456789abcdef","id":"u","x":{"events":2,"max":1772442000,"min":1772442000,"size":9}}
#counters {"filesTotal":1,"filesRead":1,"eventsTotal":2,"evUsed":2,"evOfTomorrow":3}
X
    } >"$T/s"
    printf '#end sha256:%s\n' "$(sha256sum <"$T/s" | cut -d' ' -f1)" >>"$T/s"
}
for head in '1 {"guards":5}' '1 {"minor":9,"guards":5,"new":true}' '1.9 {"guards":5}' '2 {"guards":5}' '10 {"guards":5}' '1'; do
    summary "$head"
    echo "--- $head"
    verdict usage merge -q --mixed "$T/s" | grep -v '^#[cu]\|^#end'
done
