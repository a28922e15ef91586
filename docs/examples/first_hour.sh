#!/bin/sh
# The first hour with Kezhi, with curl alone: a lead from a messy web form becomes a customer with a quote, an
# administrator adds a field, a manager reads the pipeline, and another sales person sees nothing of it.
#
#   KEZHI_URL       where the API answers         (http://127.0.0.1:8000)
#   KEZHI_TENANT    the tenant                    (demo)
#   KEZHI_PASSWORD  the demo password that `./kezhi up` prints
#
# Every step prints the server's answer and checks it; the first answer that is not as expected ends the script.
set -eu

URL=${KEZHI_URL:-http://127.0.0.1:8000}
TENANT=${KEZHI_TENANT:-demo}
: "${KEZHI_PASSWORD:?set KEZHI_PASSWORD to the password that ./kezhi up shows}"
# The demo may have been used before: names differ from one run to the next.
STAMP=$(date +%s)$$

# ask TOKEN QUERY VARIABLES: one operation; its answer is printed and kept in $answer.
ask() {
    answer=$(curl -sS "$URL/graphql" -H "X-Tenant: $TENANT" -H 'Content-Type: application/json' \
        ${1:+-H "Authorization: Bearer $1"} -H 'Accept-Language: en' \
        --data-binary "{\"query\": \"$(printf '%s' "$2" | tr '\n' ' ' | sed 's/"/\\"/g')\", \"variables\": ${3:-null}}")
    printf '   %s\n' "$answer"
}

step() { printf '\n== %s\n' "$1"; }

# expect TEXT: the answer holds it, to the letter.
expect() {
    case $answer in
        *"$1"*) ;;
        *) printf 'NOT AS EXPECTED: the answer lacks %s\n' "$1" >&2; exit 1 ;;
    esac
}

# pick NAME: the last value of a member of the answer.
pick() { printf '%s' "$answer" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

# first_id OBJECT: the id that opens the named member.
first_id() { printf '%s' "$answer" | sed -n "s/.*\"$1\":{\"id\":\"\([^\"]*\)\".*/\1/p"; }

sign_in() {
    ask '' 'mutation($email: String!, $password: String!) {
        signIn(input: {email: $email, password: $password}) { accessToken } }' \
        "{\"email\": \"$1@demo.example\", \"password\": \"$KEZHI_PASSWORD\"}" > /dev/null
    pick accessToken
}

step 'Sign in as sales, another sales person, the manager and the administrator'
SALES=$(sign_in sales1)
OTHER=$(sign_in sales2)
MANAGER=$(sign_in manager.east)
ADMIN=$(sign_in admin)
for token in "$SALES" "$OTHER" "$MANAGER" "$ADMIN"; do
    case $token in ey*) ;; *) echo 'NOT AS EXPECTED: sign-in failed' >&2; exit 1 ;; esac
done
ask "$SALES" '{ me { email name } }'
expect '"email":"sales1@demo.example"'

step 'A lead from a messy web form: full-width digits, stray spaces, mixed-case mail'
ask "$SALES" 'mutation($record: LeadCreate!) { createLead(input: {record: $record}) {
    lead { id name company phone email source status } errors { path code message } } }' \
    "{\"record\": {\"name\": \"  张 三丰 \", \"company\": \" 苏州启元${STAMP}精密机械有限责任公司 \",
    \"phone\": \"１３８－０５１２－３４５６\", \"email\": \" Zhang.SanFeng@Example.COM \", \"source\": \"website\"}}"
expect '"name":"张 三丰"'
expect "\"company\":\"苏州启元${STAMP}精密机械有限责任公司\""
expect '"phone":"+8613805123456"'
expect '"email":"zhang.sanfeng@example.com"'
expect '"status":"new"'
expect '"errors":[]'
LEAD=$(first_id lead)

step 'Convert it to customer, contact and opportunity'
ask "$SALES" 'mutation($id: ID!, $opportunity: OpportunityCreate) {
    convertLead(input: {id: $id, opportunity: $opportunity}) {
        customer { id name phone } contact { id name phone email customer { name } }
        opportunity { id name stage amount { amount currency } } lead { status convertedAt } errors { path code } } }' \
    "{\"id\": \"$LEAD\", \"opportunity\": {\"name\": \"启元产线改造\", \"closeOn\": \"2027-03-31\",
    \"amount\": {\"amount\": \"560000.00\", \"currency\": \"CNY\"}}}"
expect '"status":"converted"'
expect '"stage":"qualify"'
expect '"amount":{"amount":"560000","currency":"CNY"}'
expect '"email":"zhang.sanfeng@example.com"'
CUSTOMER=$(first_id customer)
CONTACT=$(first_id contact)
OPPORTUNITY=$(first_id opportunity)

step 'The same company under 有限公司 is the same customer, and the answer names it'
ask "$SALES" 'mutation($record: CustomerCreate!) { createCustomer(input: {record: $record}) {
    customer { id } errors { path code } duplicates { customer { id } } } }' \
    "{\"record\": {\"name\": \"苏州启元${STAMP}精密机械有限公司\"}}"
expect '"customer":null'
expect '"code":"UNIQUE_TAKEN"'
expect "\"id\":\"$CUSTOMER\""

step 'Log three follow-ups in one set'
ask "$SALES" 'mutation($records: [ActivityCreate!]!) { createActivities(input: {records: $records}) {
    count errors { path code } } }' \
    "{\"records\": [
    {\"customerId\": \"$CUSTOMER\", \"contactId\": \"$CONTACT\", \"kind\": \"call\", \"subject\": \"电话了解需求\", \"occurredAt\": \"2026-11-02T09:00:00+08:00\"},
    {\"customerId\": \"$CUSTOMER\", \"contactId\": \"$CONTACT\", \"kind\": \"visit\", \"subject\": \"拜访并勘测现场\", \"occurredAt\": \"2026-11-06T14:30:00+08:00\"},
    {\"customerId\": \"$CUSTOMER\", \"opportunityId\": \"$OPPORTUNITY\", \"kind\": \"meeting\", \"subject\": \"方案评审\", \"occurredAt\": \"2026-11-12T10:00:00+08:00\"}]}"
expect '"count":3,"errors":[]'

step 'Move the opportunity through its stages'
for stage in needs proposal negotiation; do
    ask "$SALES" 'mutation($id: ID!, $stage: String) { updateOpportunity(input: {id: $id, set: {stage: $stage}}) {
        opportunity { stage stageLabel(locale: "zh") version } errors { path code } } }' \
        "{\"id\": \"$OPPORTUNITY\", \"stage\": \"$stage\"}"
    expect "\"stage\":\"$stage\""
done
expect '"stageLabel":"商务谈判","version":4'

step 'Add a quote with two lines'
ask "$SALES" '{ products(first: 2, orderBy: [{price: DESC}]) { nodes { id } } }'
PRODUCT=$(pick id)
ask "$SALES" 'mutation($record: QuoteCreate!) { createQuote(input: {record: $record}) {
    quote { id number status } errors { path code } } }' \
    "{\"record\": {\"customerId\": \"$CUSTOMER\", \"opportunityId\": \"$OPPORTUNITY\", \"name\": \"启元产线改造报价\",
    \"total\": {\"amount\": \"560000\", \"currency\": \"CNY\"}, \"validUntil\": \"2026-12-31\"}}"
expect '"status":"draft"'
QUOTE=$(first_id quote)
ask "$SALES" 'mutation($records: [QuoteLineCreate!]!) { createQuoteLines(input: {records: $records}) {
    count errors { path code } } }' \
    "{\"records\": [
    {\"quoteId\": \"$QUOTE\", \"productId\": \"$PRODUCT\", \"quantity\": \"1\", \"unitPrice\": {\"amount\": \"480000\"}, \"amount\": {\"amount\": \"480000\"}},
    {\"quoteId\": \"$QUOTE\", \"description\": \"安装与培训\", \"quantity\": \"4\", \"unitPrice\": {\"amount\": \"20000\"}, \"amount\": {\"amount\": \"80000\"}}]}"
expect '"count":2,"errors":[]'

step 'Customer 360 in one operation'
ask "$SALES" 'query($id: ID!) { customer(id: $id) {
    name level lastActivityAt owner { name department { name } }
    contacts(first: 5) { totalCount nodes { name phone email } }
    opportunities(first: 5, filter: {stage: {notIn: ["won", "lost"]}}) { nodes { name stage amount { amount currency } } }
    activities(first: 3, orderBy: [{occurredAt: DESC}]) { totalCount nodes { kind subject occurredAt } }
    quotes(first: 3) { nodes { number status lines { nodes { quantity amount { amount } product { name } } } } }
    contracts(first: 3) { nodes { number name status } }
    paymentPlans(filter: {status: {ne: "paid"}}) { nodes { name dueOn amount { amount } } }
    tickets(first: 3) { nodes { number subject status } }
    quoteTotals: quotesAggregate { count sum { total { amount currency } } }
    pipeline: opportunitiesAggregate(groupBy: [{stage: true}]) { group { stage } count sum { amount { amount currency } } }
    } }' "{\"id\": \"$CUSTOMER\"}"
expect '"lastActivityAt":"2026-11-12T02:00:00.000000Z"'
expect '"activities":{"totalCount":3,"nodes":[{"kind":"meeting","subject":"方案评审"'
expect '"pipeline":[{"group":{"stage":"negotiation"},"count":1,"sum":{"amount":[{"amount":"560000","currency":"CNY"}]}}]'
expect '"quoteTotals":[{"count":1,'

step 'As administrator add the field 设备型号 (equipment model) to customer'
ask "$ADMIN" 'mutation($label: LabelInput!) { addField(input: {object: "customer", field: {label: $label, type: "text"}}) {
    object field errors { path code message } } }' \
    '{"label": {"zh": "设备型号", "en": "Equipment model"}}'
expect '"errors":[]'
FIELD=$(pick field)
case $FIELD in sheBeiXingHao*_c) ;; *) echo "NOT AS EXPECTED: field $FIELD" >&2; exit 1 ;; esac

step 'Fill it and filter by it on the very next requests'
ask "$SALES" "mutation(\$id: ID!) { updateCustomer(input: {id: \$id, set: {$FIELD: \"KZ-100\"}}) {
    customer { name $FIELD } errors { path code } } }" "{\"id\": \"$CUSTOMER\"}"
expect "\"$FIELD\":\"KZ-100\""
ask "$SALES" "{ customers(filter: {$FIELD: {eq: \"KZ-100\"}}) { totalCount nodes { id $FIELD } } }"
expect "\"totalCount\":1,\"nodes\":[{\"id\":\"$CUSTOMER\",\"$FIELD\":\"KZ-100\"}]"

step 'As manager read the pipeline grouped by stage and month'
ask "$MANAGER" '{ opportunitiesAggregate(groupBy: [{stage: true}, {closeOn: MONTH}],
    filter: {stage: {notIn: ["won", "lost"]}}, first: 50) {
    group { stage closeOn } count sum { amount { amount currency } } } }'
expect '"group":{"stage":"negotiation","closeOn":"2027-03-01"},"count":'

step 'Another sales person does not see the customer, and cannot tell that there is one'
ask "$OTHER" 'query($id: ID!) { customer(id: $id) { name } customers(filter: {id: {eq: $id}}) { totalCount } }' \
    "{\"id\": \"$CUSTOMER\"}"
expect '{"data":{"customer":null,"customers":{"totalCount":0}}}'
ask "$OTHER" 'mutation($id: ID!) { updateCustomer(input: {id: $id, set: {level: "a"}}) { customer { id } } }' \
    "{\"id\": \"$CUSTOMER\"}"
expect '"code":"NOT_FOUND"'

printf '\nAll steps answered as expected.\n'
