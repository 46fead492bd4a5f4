{{- /*
What does not go together is refused here, by the name of the value. The schema has looked at each value for itself before.
*/ -}}
{{- define "jove.validate" -}}
{{- $v := .Values -}}
{{- $isShared := eq $v.persistence.mode "redis" -}}

{{- if not (or $v.auth.token $v.auth.existingSecret) -}}
{{- fail "auth: no token (expected: auth.existingSecret, or auth.token; without one anybody could change routes)" -}}
{{- end -}}
{{- if and $v.auth.token $v.auth.existingSecret -}}
{{- fail "auth.token: given beside auth.existingSecret (expected: one of the two)" -}}
{{- end -}}

{{- if and (gt (int $v.replicaCount) 1) (not $isShared) -}}
{{- fail (printf "replicaCount: %d with persistence.mode %s (expected: 1, or persistence.mode redis; otherwise each replica has other routes)" (int $v.replicaCount) $v.persistence.mode) -}}
{{- end -}}
{{- if $v.autoscaling.enabled -}}
{{- if not $isShared -}}
{{- fail (printf "autoscaling.enabled: true with persistence.mode %s (expected: persistence.mode redis)" $v.persistence.mode) -}}
{{- end -}}
{{- if lt (int $v.autoscaling.maxReplicas) (int $v.autoscaling.minReplicas) -}}
{{- fail (printf "autoscaling.maxReplicas: %d (expected: at least autoscaling.minReplicas, %d)" (int $v.autoscaling.maxReplicas) (int $v.autoscaling.minReplicas)) -}}
{{- end -}}
{{- if not (dig "requests" "cpu" "" $v.resources) -}}
{{- fail "autoscaling.enabled: true without resources.requests.cpu (expected: a request, of which the target is a share)" -}}
{{- end -}}
{{- end -}}

{{- if and (eq $v.kind "Deployment") (eq (dig "type" "" $v.updateStrategy) "RollingUpdate") (not $isShared) -}}
{{- fail (printf "updateStrategy.type: RollingUpdate with persistence.mode %s (expected: Recreate; two pods with tables of their own, or with one volume, must not live at the same time)" $v.persistence.mode) -}}
{{- end -}}
{{- if and (eq $v.kind "StatefulSet") (eq (dig "type" "" $v.updateStrategy) "Recreate") -}}
{{- fail "updateStrategy.type: Recreate with kind StatefulSet (expected: RollingUpdate or OnDelete)" -}}
{{- end -}}

{{- if $isShared -}}
{{- if not $v.persistence.redis.url -}}
{{- fail "persistence.redis.url: empty with persistence.mode redis (expected: redis://host:6379)" -}}
{{- end -}}
{{- if contains "@" $v.persistence.redis.url -}}
{{- fail "persistence.redis.url: has a user or password in it, which everybody may read who sees the pod (expected: persistence.redis.existingSecret)" -}}
{{- end -}}
{{- end -}}
{{- if and $v.persistence.redis.url (not $isShared) -}}
{{- fail (printf "persistence.redis.url: given with persistence.mode %s (expected: persistence.mode redis)" $v.persistence.mode) -}}
{{- end -}}
{{- $egress := $v.networkPolicy.egressAllowRules -}}
{{- if and $isShared $v.networkPolicy.enabled (not $egress.privateIPs) (not $egress.nonPrivateIPs) (not $v.networkPolicy.egress) -}}
{{- fail "networkPolicy.egress: empty with persistence.mode redis, and egressAllowRules lead to no address (expected: a rule that leads to Redis)" -}}
{{- end -}}
{{- if and $v.persistence.file.claim.existingClaim (not $v.persistence.file.claim.enabled) -}}
{{- fail "persistence.file.claim.existingClaim: given without persistence.file.claim.enabled (expected: both)" -}}
{{- end -}}
{{- if and $v.persistence.file.claim.enabled (ne $v.persistence.mode "file") -}}
{{- fail (printf "persistence.file.claim.enabled: true with persistence.mode %s (expected: persistence.mode file)" $v.persistence.mode) -}}
{{- end -}}

{{- if $v.tls.existingSecret -}}
{{- if $v.ingress.enabled -}}
{{- fail "ingress.enabled: true with tls.existingSecret (expected: TLS ends at the Ingress or at the proxy, not at both)" -}}
{{- end -}}
{{- if $v.httpRoute.enabled -}}
{{- fail "httpRoute.enabled: true with tls.existingSecret (expected: TLS ends at the Gateway or at the proxy, not at both)" -}}
{{- end -}}
{{- else if $v.tls.passphrase.existingSecret -}}
{{- fail "tls.passphrase.existingSecret: given without tls.existingSecret (expected: the secret with the key that it opens)" -}}
{{- end -}}
{{- if and $v.httpRoute.enabled (not $v.httpRoute.parentRefs) -}}
{{- fail "httpRoute.parentRefs: empty (expected: the Gateway that the route belongs to)" -}}
{{- end -}}
{{- $public := $v.service.public -}}
{{- if and (ne $public.type "LoadBalancer") (or $public.loadBalancerClass $public.loadBalancerIP $public.loadBalancerSourceRanges) -}}
{{- fail (printf "service.public.type: %s with settings of a load balancer (expected: LoadBalancer)" $public.type) -}}
{{- end -}}
{{- if and (eq $public.type "ClusterIP") (or $public.externalTrafficPolicy $public.httpNodePort $public.httpsNodePort) -}}
{{- fail "service.public.type: ClusterIP with externalTrafficPolicy or a node port (expected: LoadBalancer or NodePort)" -}}
{{- end -}}
{{- if and $public.httpsNodePort (not $v.tls.existingSecret) -}}
{{- fail "service.public.httpsNodePort: given without tls.existingSecret (expected: both, or httpNodePort)" -}}
{{- end -}}
{{- if and $public.httpNodePort (not (include "jove.hasHttp" .)) -}}
{{- fail "service.public.httpNodePort: given without tls.redirect (expected: httpsNodePort alone)" -}}
{{- end -}}
{{- if and $v.tls.existingSecret $v.tls.redirect (eq (int $public.httpPort) (int $public.httpsPort)) -}}
{{- fail (printf "service.public.httpsPort: %d, as httpPort (expected: two different ports)" (int $public.httpsPort)) -}}
{{- end -}}

{{- if and $v.pdb.enabled (gt (int $v.replicaCount) 1) (not $v.autoscaling.enabled) (not (kindIs "string" $v.pdb.maxUnavailable)) (ge (int $v.pdb.maxUnavailable) (int $v.replicaCount)) -}}
{{- fail (printf "pdb.maxUnavailable: %d (expected: less than replicaCount, %d, or all may be missing)" (int $v.pdb.maxUnavailable) (int $v.replicaCount)) -}}
{{- end -}}

{{- if and (include "jove.hasErrorPages" .) $v.hub.errorTarget -}}
{{- fail "hub.errorTarget: given beside errorPages (expected: one of the two)" -}}
{{- end -}}
{{- if and $v.errorPages.existingConfigMap $v.errorPages.files -}}
{{- fail "errorPages.files: given beside errorPages.existingConfigMap (expected: one of the two)" -}}
{{- end -}}
{{- $protocol := include "jove.proxyProtocol" . -}}
{{- if and (ne $protocol "off") (not $v.clients.trustedProxies) -}}
{{- fail (printf "clients.proxyProtocol: %s without clients.trustedProxies (expected: both; whoever may use it can say that it comes from anywhere)" $protocol) -}}
{{- end -}}
{{- if eq $protocol "on" -}}
{{- $plain := list -}}
{{- $public := list "http" "https" (int $v.listen.http | toString) (int $v.listen.https | toString) -}}
{{- range $name := list "startupProbe" "livenessProbe" "readinessProbe" -}}
{{- $probe := get $v $name -}}
{{- if and $probe.enabled (not (or $probe.exec $probe.tcpSocket $probe.grpc)) (has (dig "httpGet" "port" "http" $probe | toString) $public) -}}
{{- $plain = append $plain $name -}}
{{- end -}}
{{- end -}}
{{- if $isShared -}}
{{- $plain = append $plain "persistence.mode redis" -}}
{{- end -}}
{{- if $v.tests.enabled -}}
{{- $plain = append $plain "tests.enabled" -}}
{{- end -}}
{{- with $plain -}}
{{- fail (printf "clients.proxyProtocol: on with %s (expected: optional; the kubelet, other replicas and helm test come without it)" (join ", " .)) -}}
{{- end -}}
{{- end -}}
{{- if and (ne $v.clients.forwarding "append") (has "--no-x-forward" $v.extraArgs) -}}
{{- fail (printf "extraArgs: --no-x-forward with clients.forwarding %s (expected: one of the two)" $v.clients.forwarding) -}}
{{- end -}}

{{- if and (ne $v.logging.accessLogFormat "text") (not $v.logging.accessLog) -}}
{{- fail (printf "logging.accessLogFormat: %s without logging.accessLog (expected: both)" $v.logging.accessLogFormat) -}}
{{- end -}}
{{- if hasPrefix "/" $v.logging.accessLog -}}
{{- $isWritable := false -}}
{{- range $v.extraVolumeMounts -}}
{{- if and (not .readOnly) (hasPrefix (printf "%s/" (trimSuffix "/" (toString .mountPath))) $v.logging.accessLog) -}}
{{- $isWritable = true -}}
{{- end -}}
{{- end -}}
{{- if not $isWritable -}}
{{- fail (printf "logging.accessLog: %s is in none of extraVolumeMounts that may be written to (expected: stdout, or a file in one)" $v.logging.accessLog) -}}
{{- end -}}
{{- end -}}

{{- if and $v.hub.recheck.enabled (not $v.hub.recheck.existingSecret) -}}
{{- fail "hub.recheck.enabled: true without hub.recheck.existingSecret (expected: a secret with a token of the hub's)" -}}
{{- end -}}

{{- if not $v.metrics.enabled -}}
{{- range $name := list "serviceMonitor" "podMonitor" "prometheusRule" "dashboard" -}}
{{- if (get $v.metrics $name).enabled -}}
{{- fail (printf "metrics.%s.enabled: true without metrics.enabled (expected: both)" $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and $v.metrics.serviceMonitor.enabled $v.metrics.podMonitor.enabled -}}
{{- fail "metrics.podMonitor.enabled: true beside metrics.serviceMonitor.enabled (expected: one of the two, or everything counts twice)" -}}
{{- end -}}

{{- if lt (int (include "jove.gracePeriod" .)) (int (add (include "jove.stopTime" .) 5)) -}}
{{- fail (printf "terminationGracePeriodSeconds: %s (expected: at least %d, for drain.delaySeconds, drain.timeoutSeconds and 5 to close)" (include "jove.gracePeriod" .) (int (add (include "jove.stopTime" .) 5))) -}}
{{- end -}}

{{- $ports := list -}}
{{- range $name, $port := $v.listen -}}
{{- if has (int $port) $ports -}}
{{- fail (printf "listen.%s: %d (expected: four different ports)" $name (int $port)) -}}
{{- end -}}
{{- $ports = append $ports (int $port) -}}
{{- end -}}

{{- $ours := dict "--ip" "listen" "--port" "listen.http" "--api-ip" "listen" "--api-port" "listen.api" "--metrics-ip" "listen" "--metrics-port" "listen.metrics" "--socket" "listen" "--api-socket" "listen" "--metrics-socket" "listen" "--ssl-key" "tls.existingSecret" "--ssl-cert" "tls.existingSecret" "--redirect-port" "tls.redirect" "--redirect-to" "service.public.httpsPort" "--state-dir" "persistence.mode" "--storage-backend" "persistence.mode" "--store-prefix" "persistence.redis.prefix" "--drain-delay" "drain.delaySeconds" "--drain-timeout" "drain.timeoutSeconds" "--default-target" "hub.url" "--error-target" "hub.errorTarget" "--host-routing" "hostRouting" "--log-level" "logging.level" "--restored-route-ttl" "persistence.restoredRouteTtl" "--event-loops" "jvm.eventLoops" "--error-path" "errorPages" "--error-format" "errorPages.format" "--trusted-proxies" "clients.trustedProxies" "--proxy-protocol" "clients.proxyProtocol" "--forwarding" "clients.forwarding" "--forwarded" "clients.forwarded" "--request-id" "clients.requestId" "--access-log" "logging.accessLog" "--access-log-format" "logging.accessLogFormat" "--pid-file" "no file" -}}
{{- range $v.extraArgs -}}
{{- $flag := first (splitList "=" (toString .)) -}}
{{- if hasKey $ours $flag -}}
{{- fail (printf "extraArgs: %s (expected: %s, which the rest of the chart follows)" . (get $ours $flag)) -}}
{{- end -}}
{{- end -}}

{{- $variables := dict "CONFIGPROXY_AUTH_TOKEN" "auth.existingSecret" "CONFIGPROXY_AUTH_TOKEN_FILE" "auth.existingSecret" "CONFIGPROXY_SSL_KEY_PASSPHRASE" "tls.passphrase.existingSecret" "JOVE_HUB_API_URL" "hub.recheck" "JOVE_HUB_API_TOKEN" "hub.recheck" "JOVE_HUB_API_TOKEN_FILE" "hub.recheck" "JOVE_STATE_DIR" "persistence.mode" "JOVE_STORE_USERNAME" "persistence.redis.existingSecret" "JOVE_STORE_PASSWORD" "persistence.redis.existingSecret" "JOVE_STORE_PASSWORD_FILE" "persistence.redis.existingSecret" "JOVE_STORE_SENTINEL_PASSWORD" "persistence.redis.existingSecret" "JOVE_STORE_SENTINEL_PASSWORD_FILE" "persistence.redis.existingSecret" "JOVE_JAVA_OPTS" "jvm.options" -}}
{{- $names := list -}}
{{- if kindIs "map" $v.extraEnv -}}
{{- $names = keys $v.extraEnv | sortAlpha -}}
{{- else -}}
{{- range $v.extraEnv }}{{ $names = append $names .name }}{{ end -}}
{{- end -}}
{{- range $names -}}
{{- if hasKey $variables . -}}
{{- fail (printf "extraEnv: %s (expected: %s, which the rest of the chart follows)" . (get $variables .)) -}}
{{- end -}}
{{- end -}}

{{- if and (eq (get $v.podLabels "component") "proxy") (eq (get $v.podLabels "app") "jupyterhub") -}}
{{- fail "podLabels: component: proxy and app: jupyterhub (expected: not both; Services of Zero to JupyterHub would lead here)" -}}
{{- end -}}
{{- range $label := list "app.kubernetes.io/name" "app.kubernetes.io/instance" "app.kubernetes.io/component" -}}
{{- if hasKey $v.podLabels $label -}}
{{- fail (printf "podLabels: %s (expected: none of the labels that the Services select by)" $label) -}}
{{- end -}}
{{- end -}}
{{- end -}}
