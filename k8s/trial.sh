#!/usr/bin/env bash
# Installs the chart into the cluster of KUBECONFIG and puts it through what an operator does: install with its migration, helm test, an upgrade
# under load, a migration that fails, a rollback, an uninstall. Ends with 0 only when all of it went well. Nothing else is changed.
#
#   IMAGE=registry.example.org/evidverse:tag   an image that the cluster can pull or has
#   DATABASE_URL RABBITMQ_URL REDIS_URL S3_ENDPOINT_URL S3_ACCESS_KEY S3_SECRET_KEY   servers that its pods can reach
#   NAMESPACE (evidverse-trial), RELEASE (evidverse), HELM (helm), VALUES (more arguments for helm), NODE_ADDRESS (of a node, for its NodePort)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
: "${KUBECONFIG:?name the cluster}" "${IMAGE:?name the image}" "${DATABASE_URL:?}" "${RABBITMQ_URL:?}" "${REDIS_URL:?}" "${S3_ENDPOINT_URL:?}" "${S3_ACCESS_KEY:?}" "${S3_SECRET_KEY:?}"
NAMESPACE=${NAMESPACE:-evidverse-trial} RELEASE=${RELEASE:-evidverse} HELM=${HELM:-helm}
k() { kubectl -n "$NAMESPACE" "$@"; }
step() { printf '\n== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; k get pods,jobs >&2 || true; exit 1; }

chart=helm/evidverse
values=(--set "image.repository=${IMAGE%:*},image.tag=${IMAGE##*:},image.pullPolicy=IfNotPresent"
  --set "settings.S3_ENDPOINT_URL=$S3_ENDPOINT_URL,settings.LOG_LEVEL=warn" --set services.gateway.autoscaling.enabled=false)
minor=$(kubectl version -o json | tr -d ' "' | sed -n '/serverVersion/,$s/^minor:\([0-9]*\).*/\1/p' | head -1)
if [ "$minor" -lt 27 ]; then
  echo "Kubernetes 1.$minor is older than the chart wants: budgets and the hourly job are left out of this trial."
  work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
  cp -r $chart "$work/" && sed -i "s/^kubeVersion:.*/kubeVersion: '>=1.19.0-0'/" "$work/evidverse/Chart.yaml" && chart=$work/evidverse
  values+=(--set defaults.pdb.enabled=false,snapshots.enabled=false)
fi
read -ra more <<< "${VALUES:-}"
values+=("${more[@]}")

step "the namespace and its Secret"
kubectl create namespace "$NAMESPACE" --dry-run=client -o yaml | kubectl apply -f - > /dev/null
random() { head -c 36 /dev/urandom | base64 -w0; }
k create secret generic evidverse --dry-run=client -o yaml --from-literal=SECRET_KEY="$(random)" --from-literal=SEALING_KEYS="k1:$(head -c 32 /dev/urandom | base64 -w0)" \
  --from-literal=DATABASE_URL="$DATABASE_URL" --from-literal=RABBITMQ_URL="$RABBITMQ_URL" --from-literal=REDIS_URL="$REDIS_URL" \
  --from-literal=S3_ACCESS_KEY="$S3_ACCESS_KEY" --from-literal=S3_SECRET_KEY="$S3_SECRET_KEY" | k apply -f - > /dev/null

step "helm install, which migrates first"
"$HELM" install "$RELEASE" "$chart" -n "$NAMESPACE" "${values[@]}" --wait --timeout 6m > /dev/null || fail "the install"
k get deployments
address=$(k get service "$RELEASE-gateway" -o jsonpath='{.spec.clusterIP}')

step "helm test: the core journey inside the cluster"
# By number, for clusters without DNS.
"$HELM" upgrade "$RELEASE" "$chart" -n "$NAMESPACE" "${values[@]}" --set "tests.url=http://$address" --wait --timeout 5m > /dev/null || fail "the first upgrade"
"$HELM" test "$RELEASE" -n "$NAMESPACE" --timeout 3m > /dev/null || { k logs "$RELEASE-journey"; fail "the journey"; }
k logs "$RELEASE-journey" | tail -3

step "an upgrade under load: every pod is replaced, no request is lost"
load=$(mktemp)
(while [ -e "$load" ]; do
  code=$(curl -s -o /dev/null -m 20 -w '%{http_code}' "http://${NODE_ADDRESS:-$address}/api/v1/projects/feed" || true)
  echo "$code" >> "$load.codes"
done) &
loader=$!
"$HELM" upgrade "$RELEASE" "$chart" -n "$NAMESPACE" "${values[@]}" --set "tests.url=http://$address,defaults.podAnnotations.rolled=again" --wait --timeout 8m > /dev/null || fail "the upgrade"
rm "$load"; wait $loader || true
total=$(wc -l < "$load.codes"); bad=$(grep -vc '^200$' "$load.codes" || true)
echo "$total requests, $bad of them not answered with 200"
[ "$total" -gt 50 ] && [ "$bad" = 0 ] || { sort "$load.codes" | uniq -c; fail "requests were lost"; }

step "a migration that fails leaves the running pods alone"
generations() { k get deployments -o jsonpath='{range .items[*]}{.metadata.name} {.metadata.generation} {.status.readyReplicas}{"\n"}{end}'; }
before=$(generations)
k create secret generic broken --dry-run=client -o yaml --from-literal=DATABASE_URL=postgres://nobody:nothing@127.0.0.1:1/none | k apply -f - > /dev/null
if "$HELM" upgrade "$RELEASE" "$chart" -n "$NAMESPACE" "${values[@]}" --set migrate.secretName=broken,migrate.backoffLimit=0,defaults.podAnnotations.rolled=never --wait --timeout 3m > /dev/null 2>&1; then
  fail "an upgrade with a broken migration was taken"
fi
[ "$before" = "$(generations)" ] || fail "pods were touched by an upgrade that failed"
curl -fsS -o /dev/null -m 20 "http://${NODE_ADDRESS:-$address}/api/v1/projects/feed" || fail "the old pods do not answer"
echo "the upgrade was refused, the pods before it answer"

step "helm rollback"
good=$("$HELM" history "$RELEASE" -n "$NAMESPACE" -o json | tr '{' '\n' | sed -n 's/.*"revision":\([0-9]*\).*"status":"\(deployed\|superseded\)".*/\1/p' | tail -1)
"$HELM" rollback "$RELEASE" "$good" -n "$NAMESPACE" --wait --timeout 5m > /dev/null || fail "the rollback to $good"
state=$("$HELM" status "$RELEASE" -n "$NAMESPACE")
[[ "$state" == *'STATUS: deployed'* ]] || fail "the release after the rollback: $state"
echo "back at revision $good"

step "helm uninstall"
"$HELM" uninstall "$RELEASE" -n "$NAMESPACE" --wait --timeout 3m > /dev/null || fail "the uninstall"
k delete job,pod -l app.kubernetes.io/part-of=evidverse --ignore-not-found > /dev/null
left=$(k get deployments,services,networkpolicies,serviceaccounts -l app.kubernetes.io/part-of=evidverse -o name | grep -v migrate || true)
[ -z "$left" ] || fail "left behind: $left"
kubectl delete namespace "$NAMESPACE" --wait=false > /dev/null
printf '\nAll of it went well.\n'
